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
    /// Hash of the chain's first block.
    pub genesis: Hash,
}

/// A version of a report that is to be anchored. Its head is SHA-256 over the encodings of the
/// domain (BLAKE2b-256 of the genesis hash and the contract's account), of its owner and of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct NewVersion<A = AccountId> {
    /// Identifier of the series among those of its owner, chosen by him.
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
    /// Whom the report is about, as its owner says; may countersign. `None`: nobody.
    pub patient: Option<A>,
    /// Who answers for it; may countersign.
    pub doctor: A,
}

labels! {
    /// `anchor(owner, new)`
    ANCHOR = "anchor";
    /// `anchor_batch(owner, versions)`
    ANCHOR_BATCH = "anchor_batch";
    /// `supersede(owner, new)`
    SUPERSEDE = "supersede";
    /// `revoke(owner, series, sequence, reason)`
    REVOKE = "revoke";
    /// `countersign(signer, owner, series, sequence, head)`
    COUNTERSIGN = "countersign";
    /// `open_audit(owner, series, sequence, commitment) -> u64`
    OPEN_AUDIT = "open_audit";
    /// `record_audit(audit, nonce, block_hash, passed, evidence)`
    RECORD_AUDIT = "record_audit";
    /// `verify_chunk(owner, series, sequence, index, leaf, proof) -> bool`, a view.
    VERIFY_CHUNK = "verify_chunk";
    /// `verify_link(owner, series, sequence, previous, head) -> bool`, a view.
    VERIFY_LINK = "verify_link";
    /// `head(owner, series) -> Option<Version>`, a view.
    HEAD = "head";
    /// `version(owner, series, sequence) -> Option<Version>`, a view.
    VERSION = "version";
    /// `history(owner, series, from, limit) -> Vec<Version>`, a view.
    HISTORY = "history";
    /// `audit(audit) -> Option<Audit>`, a view.
    AUDIT = "audit";
    /// `domain() -> Hash`, a view.
    DOMAIN = "domain";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
}
