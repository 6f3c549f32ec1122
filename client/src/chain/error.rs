//! Why a node could not be asked.

/// Why a node could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// Not a WebSocket URL.
    #[error(
        "the node URL `{url}` is not usable ({reason}); expected for example ws://127.0.0.1:9944"
    )]
    Url {
        /// What was given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// Unencrypted, and not to this machine.
    #[error(
        "the node URL `{url}` is unencrypted and not on this machine; use wss://, or pass \
         --allow-insecure-node inside a private network"
    )]
    Insecure {
        /// What was given.
        url: String,
    },
    /// Nobody accepts the connection.
    #[error("no node answers at {url} ({reason}); start one, or correct the URL")]
    Unreachable {
        /// Where.
        url: String,
        /// What the transport says.
        reason: String,
    },
    /// No answer in time.
    #[error("the node at {url} did not answer within {seconds} s: {what}")]
    Timeout {
        /// Where.
        url: String,
        /// The request.
        what: &'static str,
        /// The limit.
        seconds: u64,
    },
    /// The node threw the block's state away.
    #[error(
        "the node at {url} has pruned the state that was asked for ({what}); use a node with \
         --state-pruning archive"
    )]
    Pruned {
        /// Where.
        url: String,
        /// The request.
        what: &'static str,
    },
    /// The node answered with an error, or something else than it should.
    #[error("the node at {url} failed to answer: {what}: {reason}")]
    Request {
        /// Where.
        url: String,
        /// The request.
        what: &'static str,
        /// What it said.
        reason: String,
    },
}
