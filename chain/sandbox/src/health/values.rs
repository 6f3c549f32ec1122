//! What the contracts take and what their views answer, with the fields in the order of the
//! interface, and of each argument a valid example to vary.

use parity_scale_codec::{Decode, Encode};
use polkadot_sdk::sp_io::hashing::sha2_256;

use super::{HOSPITAL, PATIENT};
use crate::{Account, GENESIS};

/// A 32-byte hash or commitment.
pub type Hash = [u8; 32];

/// Index of the purpose of an emergency.
pub const TREATMENT: u8 = 0;
/// Index of another purpose.
pub const RESEARCH: u8 = 1;
/// Index of the category of the examples.
pub const CARDIOLOGY: u8 = 1;

/// The mask of [`TREATMENT`].
pub const PURPOSES: u32 = 1 << TREATMENT;
/// The mask of [`CARDIOLOGY`].
pub const CATEGORIES: u32 = 1 << CARDIOLOGY;
/// First moment at which the examples are no longer valid: 30 days after [`GENESIS`].
pub const UNTIL: u64 = GENESIS + 30 * 24 * 60 * 60 * 1_000;

/// What is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    /// Whose data.
    pub owner: Account,
    /// Who may ask.
    pub grantee: Account,
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First valid moment.
    pub from: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// For how many permits; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Commitment to the record.
    pub record: Hash,
    /// Hash of the policy.
    pub policy: Hash,
}

/// The patient lets the hospital treat him.
#[must_use]
pub fn terms() -> Terms {
    Terms {
        owner: PATIENT,
        grantee: HOSPITAL,
        purposes: PURPOSES,
        categories: CATEGORIES,
        from: GENESIS,
        until: UNTIL,
        max_uses: None,
        record: [0x11; 32],
        policy: [0x12; 32],
    }
}

/// What replaces the terms of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Amendment {
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First valid moment.
    pub from: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// For how many permits in all versions; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Hash of the policy.
    pub policy: Hash,
}

/// The same masks and period as those of [`terms`], under another policy.
#[must_use]
pub fn amendment() -> Amendment {
    let Terms { purposes, categories, from, until, max_uses, .. } = terms();
    Amendment { purposes, categories, from, until, max_uses, policy: [0x13; 32] }
}

/// A version of a report, as it is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct NewVersion {
    /// The series.
    pub series: Hash,
    /// Number in the series.
    pub sequence: u32,
    /// Head of the version before; zero for the first.
    pub previous: Hash,
    /// Root of the Merkle tree over the chunks.
    pub root: Hash,
    /// How many chunks.
    pub chunks: u64,
    /// How many bytes.
    pub byte_length: u64,
    /// Commitment to the metadata.
    pub metadata: Hash,
    /// About whom.
    pub patient: Account,
    /// Who answers for it.
    pub doctor: Account,
}

/// The first version of a series, about the patient and by the hospital.
#[must_use]
pub fn report() -> NewVersion {
    NewVersion {
        series: [0x21; 32],
        sequence: 1,
        previous: [0; 32],
        root: [0x22; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [0x23; 32],
        patient: PATIENT,
        doctor: HOSPITAL,
    }
}

impl NewVersion {
    /// The head of the series with this version.
    #[must_use]
    pub fn head(&self) -> Hash {
        // The fields stand in the order of the hashed tuple.
        sha2_256(&self.encode())
    }

    /// The version that follows this one.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { sequence: self.sequence + 1, previous: self.head(), ..*self }
    }
}

/// Where a participant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Status {
    /// Registered, without roles.
    Pending,
    /// Admitted.
    Active,
    /// Suspended.
    Suspended,
}

/// What the participants contract knows about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Participant {
    /// Mask of roles.
    pub roles: u16,
    /// Where it stands.
    pub status: Status,
    /// Commitment to its profile.
    pub profile: Hash,
}

/// A grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// Whose data.
    pub owner: Account,
    /// Who may ask.
    pub grantee: Account,
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First valid moment.
    pub from: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// For how many permits in all versions; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Commitment to the record; zero when it was erased.
    pub record: Hash,
    /// Hash of the policy.
    pub policy: Hash,
    /// Number of the version of its terms, from 1.
    pub version: u32,
    /// The owner's epoch in which it was granted.
    pub epoch: u32,
    /// How many permits it gave.
    pub uses: u32,
    /// Whether it was revoked by itself.
    pub revoked: bool,
}

impl From<Terms> for Grant {
    /// What is kept of terms that were granted in the first epoch.
    fn from(terms: Terms) -> Self {
        let Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy } =
            terms;
        Self {
            owner,
            grantee,
            purposes,
            categories,
            from,
            until,
            max_uses,
            record,
            policy,
            version: 1,
            epoch: 0,
            uses: 0,
            revoked: false,
        }
    }
}

/// What was decided on an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Decision {
    /// Permitted.
    Permit,
    /// Refused.
    Deny(DenyReason),
}

/// Why an access was refused; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum DenyReason {
    /// The requester is no active provider or researcher.
    RequesterNotAdmitted,
    /// The owner is no active data owner.
    OwnerNotAdmitted,
    /// The owner denied it.
    Denied,
    /// There is no such grant.
    NoGrant,
    /// The grant was revoked, or its epoch is over.
    Revoked,
    /// The grant starts later.
    NotYetValid,
    /// The grant is over.
    Expired,
    /// Not for this purpose.
    PurposeNotGranted,
    /// Not for this category.
    CategoryNotGranted,
    /// Used as often as it may be.
    UsesExhausted,
}

/// What a reviewer makes of an emergency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Review {
    /// There was one.
    Justified,
    /// There was none.
    Unjustified,
}

/// An entry in an owner's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogEntry {
    /// Who asked.
    pub requester: Account,
    /// Number over all owners.
    pub access: u64,
    /// Number in this log.
    pub sequence: u64,
    /// Index of the purpose.
    pub purpose: u8,
    /// Index of the category.
    pub category: u8,
    /// The grant that was applied.
    pub grant: Option<u64>,
    /// The window that permitted it.
    pub window: Option<u64>,
    /// What was decided.
    pub decision: Decision,
    /// When, ms since 1970.
    pub at: u64,
}

/// The end of an owner's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogHead {
    /// How many entries it has.
    pub sequence: u64,
    /// The chain of all of them.
    pub hash: Hash,
}

/// What an account is owed and was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Statement {
    /// Not withdrawn yet.
    pub owed: u128,
    /// Withdrawn.
    pub paid: u128,
}

/// The sums of the rewards contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    /// Paid in and owed to nobody yet.
    pub unspent: u128,
    /// Owed.
    pub owed: u128,
    /// Withdrawn.
    pub paid: u128,
}

/// A version of a report, as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// Number in the series.
    pub sequence: u32,
    /// Who anchored it.
    pub owner: Account,
    /// Head of the version before.
    pub previous: Hash,
    /// Head of the series with it.
    pub head: Hash,
    /// Root of the Merkle tree over the chunks.
    pub root: Hash,
    /// How many chunks.
    pub chunks: u64,
    /// How many bytes.
    pub byte_length: u64,
    /// Commitment to the metadata.
    pub metadata: Hash,
    /// About whom.
    pub patient: Account,
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
