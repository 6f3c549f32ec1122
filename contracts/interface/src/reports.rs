//! Anchored reports: constructor, arguments and labels.

use crate::{AccountId, Hash};
use parity_scale_codec::{Decode, Encode};

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that answers admission checks.
    pub participants: A,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// A version of a report that is to be anchored. Its head is SHA-256 over its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct NewVersion<A = AccountId> {
    /// Identifier of the series, chosen by its owner.
    pub series: Hash,
    /// Number in the series, from 1.
    pub sequence: u32,
    /// Head of the version before; zero for the first.
    pub previous: Hash,
    /// Root of the Merkle tree over the chunks of the encrypted file.
    pub root: Hash,
    /// How many chunks the file has.
    pub chunks: u64,
    /// Length of the encrypted file in bytes.
    pub byte_length: u64,
    /// Salted commitment to the metadata.
    pub metadata: Hash,
    /// Whom the report is about; may countersign.
    pub patient: A,
    /// Who answers for it; may countersign.
    pub doctor: A,
}

/// `anchor(new)`
pub const ANCHOR: &str = "anchor";
/// `anchor_batch(list)`
pub const ANCHOR_BATCH: &str = "anchor_batch";
/// `supersede(new)`
pub const SUPERSEDE: &str = "supersede";
/// `revoke(series, sequence, reason)`
pub const REVOKE: &str = "revoke";
/// `countersign(series, sequence, head)`
pub const COUNTERSIGN: &str = "countersign";
/// `verify_chunk(series, sequence, index, leaf, proof) -> bool`, a view.
pub const VERIFY_CHUNK: &str = "verify_chunk";
/// `verify_link(series, sequence) -> bool`, a view.
pub const VERIFY_LINK: &str = "verify_link";
