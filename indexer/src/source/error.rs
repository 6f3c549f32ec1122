//! Why no further block can be had.

use assent_client::Hash;
use assent_client::chain::ChainError;

/// Why no further block can be had.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The node is away, or failed to answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Nobody answers at the node's URL, or it is not one.
    #[error("{setting}: {error}")]
    Node {
        /// The flag or the variable that the URL came from.
        setting: &'static str,
        /// What is wrong.
        error: ChainError,
    },
    /// The node is of another chain.
    #[error(
        "the node at {url} has the genesis {node}, but the manifest is of {manifest}; correct \
         --node-url, or deploy to this chain with `assent-deploy apply`"
    )]
    OtherNode {
        /// Where the node is.
        url: String,
        /// Its genesis hash.
        node: Hash,
        /// Genesis hash in the manifest.
        manifest: Hash,
    },
    /// The chain does not hold the contracts as the manifest says.
    #[error(
        "the contract `{contract}` {difference}, unlike the manifest says: its events would be missing; \
         write the manifest again with `assent-deploy apply`"
    )]
    OtherDeployment {
        /// Which contract.
        contract: String,
        /// What the chain says; follows the contract's name in a sentence.
        difference: String,
    },
    /// The node does not answer several requests at once.
    #[error("the node at {url} did not answer a batch of requests: {reason}")]
    Batch {
        /// Where the node is.
        url: String,
        /// What it said.
        reason: String,
    },
    /// The node takes no batch, be it of a single request.
    #[error(
        "the node at {url} takes no batches of requests; start it without --rpc-disable-batch-requests, or \
         ask another one (--node-url)"
    )]
    NoBatches {
        /// Where the node is.
        url: String,
    },
    /// What the node says of one block is more than it sends.
    #[error(
        "the node at {url} does not send the events of block {number}, because they exceed its \
         limit; raise it there (--rpc-max-response-size)"
    )]
    TooLarge {
        /// Where the node is.
        url: String,
        /// Height.
        number: u64,
    },
    /// The node lacks a block below its finalized height.
    #[error("the node has no block {number}, though a later one is finalized")]
    NoBlock {
        /// Height.
        number: u64,
    },
    /// The node has the block but not the state after it.
    #[error(
        "the node holds no state of block {number} (Timestamp.Now is missing), so its events \
         cannot be told from none; use a node with --state-pruning archive"
    )]
    NoState {
        /// Height.
        number: u64,
    },
    /// The node has the header of the block but not its body.
    #[error(
        "the node holds no body of block {number}, so nobody can tell which extrinsics its events belong \
         to; use a node with --blocks-pruning archive-canonical"
    )]
    NoBody {
        /// Height.
        number: u64,
    },
    /// The node has another block at a height that was indexed.
    #[error(
        "block {number} of the node is {node}, but the database holds {stored}: the node follows \
         another chain than the one that was indexed (was its data wiped?); check --node-url, or \
         give the new chain a new, empty database (--database-url)"
    )]
    OtherBlock {
        /// Height.
        number: u64,
        /// The block of the node.
        node: Hash,
        /// The block that was indexed.
        stored: Hash,
    },
    /// What the node sent is not what it was asked for.
    #[error("the node sent something else for block {number} than its state: {reason}")]
    Answer {
        /// Height.
        number: u64,
        /// What is wrong.
        reason: String,
    },
    /// The block's events cannot be taken apart with the runtime's metadata.
    #[error("the events of block {number} cannot be read: {reason}")]
    Events {
        /// Height.
        number: u64,
        /// What the decoder says.
        reason: String,
    },
}

impl SourceError {
    /// Does it help to connect again?
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            SourceError::Chain(error) | SourceError::Node { error, .. } => matches!(
                error,
                ChainError::Unreachable { .. }
                    | ChainError::Timeout { .. }
                    | ChainError::Request { .. }
            ),
            // Another one may serve, and this one be started again.
            SourceError::Batch { .. } | SourceError::NoBatches { .. } => true,
            _ => false,
        }
    }

    /// May fewer requests at once help?
    pub(super) fn is_of_the_batch(&self) -> bool {
        matches!(self, SourceError::Batch { .. } | SourceError::TooLarge { .. })
    }
}
