//! Fetches finalized blocks from the node, by number, one after the other.
//!
//! Streams of the node lose or repeat blocks after a reconnect, so none is used: the finalized
//! height is polled, and every block up to it is fetched by its number.

use assent_client::EmittedEvent;
use std::time::Duration;

use assent_client::chain::{Chain, ChainError, Config as ChainConfig};
use subxt::client::OnlineClientAtBlock;
use subxt::dynamic;
use subxt::error::StorageError;
use subxt::events::Events;
use subxt::ext::codec::{DecodeAll, Error as CodecError};
use tokio::sync::mpsc;

use crate::decode::Decoder;
use crate::store::{Block, Watermark};
use assent_client::Hash;

/// How long to wait for the next look at the finalized height when all is fetched.
const POLL: Duration = Duration::from_millis(250);
/// How many polls without a new finalized block until the log says so: 30 s.
const POLLS_UNTIL_STALLED: u32 = 120;

/// A block and how high the chain was final when it was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The block.
    pub block: Block,
    /// The finalized height.
    pub finalized: u64,
}

/// Why no further block can be had.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The node is away, or failed to answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The node has the block but not the state after it.
    #[error(
        "the node holds no state of block {number} (Timestamp.Now is missing), so its events \
         cannot be told from none; use a node with --state-pruning archive"
    )]
    NoState {
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
    /// The block's events cannot be taken apart with the runtime's metadata.
    #[error("the events of block {number} cannot be read: {reason}")]
    Events {
        /// Height.
        number: u64,
        /// What the decoder says.
        reason: String,
    },
}

impl IngestError {
    /// Does it help to connect again?
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, IngestError::Chain(error) if is_transient(error))
    }
}

/// Does it help to ask again?
pub(crate) fn is_transient(error: &ChainError) -> bool {
    matches!(
        error,
        ChainError::Unreachable { .. } | ChainError::Timeout { .. } | ChainError::Request { .. }
    )
}

/// Refuses a node that has another block at a height that was indexed; the height must be final.
///
/// Errors: [`IngestError::OtherBlock`] names both.
pub async fn check_block(chain: &Chain, indexed: Watermark) -> Result<(), IngestError> {
    let Watermark { number, hash: stored } = indexed;
    let node = Hash(chain.at_number(number).await?.block_hash().0);
    if node == stored { Ok(()) } else { Err(IngestError::OtherBlock { number, node, stored }) }
}

/// Sends every finalized block from height `next` on, in order, for as long as somebody receives.
///
/// Errors: [`IngestError`]; ends with `Ok` when the receiver is gone.
pub async fn follow(
    chain: &Chain,
    decoder: &Decoder,
    mut next: u64,
    out: mpsc::Sender<Fetched>,
) -> Result<(), IngestError> {
    let mut quiet_polls = 0;
    loop {
        let (finalized, _) = chain.finalized().await?;
        if finalized < next {
            quiet_polls += 1;
            if quiet_polls == POLLS_UNTIL_STALLED {
                tracing::warn!(
                    finalized,
                    next,
                    node = chain.url(),
                    "The node has not finalized a new block for 30 seconds"
                );
            }
            tokio::time::sleep(POLL).await;
            continue;
        }
        quiet_polls = 0;
        while next <= finalized {
            let block = fetch(chain, decoder, next).await?;
            if out.send(Fetched { block, finalized }).await.is_err() {
                return Ok(());
            }
            next += 1;
        }
    }
}

/// One block with the events of the followed contracts; `number` must be finalized.
///
/// Errors: [`IngestError`].
pub async fn fetch(chain: &Chain, decoder: &Decoder, number: u64) -> Result<Block, IngestError> {
    let at = chain.at_number(number).await?;
    let header = chain.timed("a block header", at.block_header()).await?;
    let time_ms = block_time(chain, &at).await?.ok_or(IngestError::NoState { number })?;
    // Absent events and no events look the same here; the time above says that the state is there.
    let events = chain.timed("System.Events", at.events().fetch()).await?;
    Ok(Block {
        number,
        hash: Hash(at.block_hash().0),
        parent_hash: Hash(header.parent_hash.0),
        time_ms,
        events: contract_events(&events, decoder)
            .map_err(|reason| IngestError::Events { number, reason })?,
    })
}

/// `Timestamp.Now` in ms since 1970; `None` when the node does not hold it. Never the default that
/// the metadata names, which would hide that the state is gone.
async fn block_time(
    chain: &Chain,
    at: &OnlineClientAtBlock<ChainConfig>,
) -> Result<Option<u64>, ChainError> {
    let read = async {
        let storage = at.storage();
        let entry = storage.entry(dynamic::storage::<(), u64>("Timestamp", "Now"))?;
        match storage.fetch_raw(entry.fetch_key(())?).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StorageError::NoValueFound) => Ok(None),
            Err(error) => Err(error),
        }
    };
    let bytes: Option<Vec<u8>> = chain.timed("Timestamp.Now", read).await?;
    let decode = async { bytes.map(|bytes| u64::decode_all(&mut &bytes[..])).transpose() };
    chain.timed::<_, CodecError>("Timestamp.Now", decode).await
}

/// The `Contracts.ContractEmitted` records of the followed contracts.
fn contract_events(
    events: &Events<ChainConfig>,
    decoder: &Decoder,
) -> Result<Vec<EmittedEvent>, String> {
    let mut found = Vec::new();
    let mut seen = 0_u32;
    for event in events.iter() {
        let event = event.map_err(|error| error.to_string())?;
        seen += 1;
        found.extend(EmittedEvent::of(&event)?.filter(|event| decoder.follows(&event.contract)));
    }
    if seen != events.len() {
        return Err(format!("{} events were announced, but {seen} are there", events.len()));
    }
    Ok(found)
}
