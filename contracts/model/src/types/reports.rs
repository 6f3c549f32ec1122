//! Values of reports.

use super::{sha256, Account, Hash};
use parity_scale_codec::{Decode, Encode};

/// A version of a report, as its owner hands it in.
pub type NewVersion = assent_interface::reports::NewVersion<Account>;

/// The rules of a series: each version names the head of the one before.
pub trait Chained {
    /// The head of the series of `owner` when this is its latest version.
    fn head(&self, domain: Hash, owner: Account) -> Hash;

    /// The version that follows this one, with the same contents.
    fn next(&self, domain: Hash, owner: Account) -> Self;
}

impl Chained for NewVersion {
    fn head(&self, domain: Hash, owner: Account) -> Hash {
        // The fields stand in the order of the hashed tuple.
        sha256(&(domain, owner, self).encode())
    }

    fn next(&self, domain: Hash, owner: Account) -> Self {
        Self { sequence: self.sequence + 1, previous: self.head(domain, owner), ..*self }
    }
}

/// A version on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// Number, from 1.
    pub sequence: u32,
    /// Whose series.
    pub owner: Account,
    /// Head of the version before.
    pub previous: Hash,
    /// Its own head.
    pub head: Hash,
    /// Root of the Merkle tree.
    pub root: Hash,
    /// How many chunks.
    pub chunks: u64,
    /// How many bytes.
    pub byte_length: u64,
    /// Commitment.
    pub metadata: Hash,
    /// About whom, as its owner says; `None`: nobody.
    pub patient: Option<Account>,
    /// Who answers for it.
    pub doctor: Account,
    /// When the patient signed.
    pub patient_signed: Option<u64>,
    /// When the doctor signed.
    pub doctor_signed: Option<u64>,
    /// The version that corrects it.
    pub superseded_by: Option<u32>,
    /// When it was revoked.
    pub revoked: Option<u64>,
    /// When it was anchored.
    pub at: u64,
}

impl Version {
    /// What was handed in for it.
    pub fn handed_in(&self, series: Hash) -> NewVersion {
        NewVersion {
            series,
            sequence: self.sequence,
            previous: self.previous,
            root: self.root,
            chunks: self.chunks,
            byte_length: self.byte_length,
            metadata: self.metadata,
            patient: self.patient,
            doctor: self.doctor,
        }
    }
}

/// Whether the file of a version is still kept, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Audit {
    /// Whose series.
    pub owner: Account,
    /// Which.
    pub series: Hash,
    /// Which version.
    pub sequence: u32,
    /// Who audits.
    pub auditor: Account,
    /// SHA-256 of his nonce.
    pub commitment: Hash,
    /// The block whose hash the challenge is drawn from.
    pub block: u32,
    /// When it was opened.
    pub opened: u64,
    /// What it came to.
    pub result: Option<AuditResult>,
}

/// What an audit came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct AuditResult {
    /// What he had committed to.
    pub nonce: Hash,
    /// Hash of the block, as he says.
    pub block_hash: Hash,
    /// Whether all was there.
    pub passed: bool,
    /// Commitment to the evidence.
    pub evidence: Hash,
    /// When it was recorded.
    pub at: u64,
}
