//! Why an event is not proven.

use std::io;
use std::path::PathBuf;

use assent_client::Hash;
use assent_mirror::Position;

use crate::need::{NeedError, needs};

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// It is no file of this form.
    #[error("it is no proof of an event: {reason}")]
    Form {
        /// What is wrong.
        reason: String,
    },
    /// It is of another block than the trusted one.
    #[error("it is of the block {found}, not of the trusted block {trusted}")]
    OtherBlock {
        /// What it says.
        found: Hash,
        /// What is trusted.
        trusted: Hash,
    },
    /// The header is not that of the block.
    #[error("the header has the hash {found}, so it is not that of the trusted block {trusted}")]
    OtherHeader {
        /// Its hash.
        found: Hash,
        /// What is trusted.
        trusted: Hash,
    },
    /// A key is not the one that it is called.
    #[error("the key of {key} is another one")]
    OtherKey {
        /// What it is called.
        key: &'static str,
    },
    /// The nodes do not lead to the value.
    #[error("the nodes do not lead from the state root {state_root} to {key}: {reason}")]
    Trie {
        /// What they should lead to.
        key: &'static str,
        /// Where they should begin.
        state_root: Hash,
        /// What is wrong.
        reason: String,
    },
    /// The nodes show that there is no such value.
    #[error("the nodes prove that the block has no {key}")]
    Absent {
        /// Of what.
        key: &'static str,
    },
    /// A node is there twice.
    #[error("a node is there twice")]
    RepeatedNode,
    /// A node is on no path.
    #[error("a node is there that leads to neither value")]
    UnusedNode,
    /// The metadata is not the one that is named.
    #[error("the metadata of the runtime has the hash {found}, not {expected}")]
    OtherMetadata {
        /// Its hash.
        found: Hash,
        /// What the file names, or what is trusted.
        expected: Hash,
    },
    /// The metadata cannot be used.
    #[error("the metadata of the runtime cannot be used: {reason}")]
    Metadata {
        /// What is wrong.
        reason: String,
    },
    /// The runtime is not the one that made the block.
    #[error("the block was made by version {proven} of the runtime, not by {found}")]
    OtherRuntime {
        /// What the state says.
        proven: u32,
        /// What the file or its metadata says.
        found: u32,
    },
    /// The version of the runtime cannot be read.
    #[error("System.LastRuntimeUpgrade cannot be read: {reason}")]
    Version {
        /// What is wrong.
        reason: String,
    },
    /// The records cannot be told from each other with the metadata.
    #[error("System.Events cannot be read with the metadata of the runtime: {reason}")]
    Records {
        /// What is wrong.
        reason: String,
    },
    /// The block has fewer records.
    #[error("the block has {count} events, none of them at index {index}")]
    NoRecord {
        /// Where it should be.
        index: u32,
        /// How many there are.
        count: u32,
    },
    /// The record is of the chain itself.
    #[error("the event at index {index} is not a contract's")]
    NotAContracts {
        /// Where it is.
        index: u32,
    },
    /// The record is another one.
    #[error("the event at index {index} has another {what} in the block")]
    OtherEvent {
        /// Where it is.
        index: u32,
        /// What differs.
        what: &'static str,
    },
}

/// Why no proof was made, or none was checked.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// Something is not usable that every command needs.
    #[error(transparent)]
    Need(NeedError),
    /// The mirror has no such event.
    #[error("the mirror has no event {at}; `/v1/events` lists those that it has")]
    NoEvent {
        /// Where it was looked for.
        at: Position,
    },
    /// The mirror has another block than the trusted one.
    #[error(
        "block {number} of the mirror is {mirror}, not the trusted {trusted}: one of the two is of \
         another chain"
    )]
    OtherBlock {
        /// Height.
        number: i64,
        /// What the mirror has.
        mirror: Hash,
        /// What is trusted.
        trusted: Hash,
    },
    /// The node has no such block.
    #[error("the node at {url} has no block {hash}; ask another one (--node-url)")]
    NoBlock {
        /// Where the node is.
        url: String,
        /// What was asked for.
        hash: Hash,
    },
    /// What the node gave is no proof.
    #[error("what the node at {url} gives as a proof of event {at} does not hold: {reason}")]
    Node {
        /// Where the node is.
        url: String,
        /// What was to be proven.
        at: Position,
        /// What is wrong.
        reason: CheckError,
    },
    /// The mirror has another event.
    #[error("event {at} of the mirror has another {what} than the one in the block")]
    OtherEvent {
        /// Where it stands.
        at: Position,
        /// What differs.
        what: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{}: {reason}", .file.display())]
    File {
        /// Which one.
        file: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A file is no proof that holds.
    #[error("{}: the proof does not hold: {reason}", .file.display())]
    Check {
        /// Which one.
        file: PathBuf,
        /// What is wrong.
        reason: CheckError,
    },
}

needs!(ProveError);
