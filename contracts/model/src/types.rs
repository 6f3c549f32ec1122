//! Values that messages take and that the contracts keep, with their fields in the order of the
//! interface, so that they encode to the bytes that the contracts answer.

mod carbon;
mod market;

pub use carbon::*;
pub use market::*;

pub use assent_interface::{
    carbon::{ALLOWANCES, UNITS_PER_CREDIT},
    consent::{Amendment, LogHead, Times},
    governance::Upgrade,
    purpose::TREATMENT,
    role, Decision, DenyReason, Hash, Outcome, Status, MASK_BITS, MAX_BATCH,
};

use blake2::digest::{consts::U32, Digest};
use parity_scale_codec::{Decode, Encode};

/// An account, or the address of a contract.
pub type Account = [u8; 32];
/// Why a message was refused: the name of the error's variant.
pub type Refusal = &'static str;

/// What the token is made with; the delay follows.
pub type TokenTerms = assent_interface::token::Terms<String>;
/// What a grant says, as its maker hands it in.
pub type Terms = assent_interface::consent::Terms<Account>;
/// A version of a report, as its owner hands it in.
pub type NewVersion = assent_interface::reports::NewVersion<Account>;
/// A proposed successor.
pub type Handover = assent_interface::governance::Handover<Account>;
/// How a contract is governed.
pub type Governance = assent_interface::governance::State<Account>;

/// The account that nobody has a key for; also the hash before the first one.
pub const ZERO: [u8; 32] = [0; 32];

/// BLAKE2b-256.
pub fn blake2b(bytes: &[u8]) -> Hash {
    blake2::Blake2b::<U32>::digest(bytes).into()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Hash {
    sha2::Sha256::digest(bytes).into()
}

/// What is kept of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Participant {
    /// Bits of [`role`].
    pub roles: u16,
    /// Where he stands.
    pub status: Status,
    /// Commitment to his profile.
    pub profile: Hash,
}

/// A grant on record.
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
    /// How many permits, `None`: no limit.
    pub max_uses: Option<u32>,
    /// Commitment to the record; zero when it was erased.
    pub record: Hash,
    /// Hash of the policy.
    pub policy: Hash,
    /// From 1.
    pub version: u32,
    /// The owner's epoch in which it was granted.
    pub epoch: u32,
    /// Permits so far.
    pub uses: u32,
    /// Whether it was revoked by itself.
    pub revoked: bool,
}

/// As it is granted in the owner's first epoch.
impl From<Terms> for Grant {
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

/// What an owner denies a requester.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Denial {
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
}

/// What a delegate may do for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Delegation {
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// First moment at which it is over.
    pub until: u64,
    /// The owner's epoch in which it was given.
    pub epoch: u32,
}

/// A broken glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Window {
    /// Who broke it.
    pub provider: Account,
    /// Whose data.
    pub patient: Account,
    /// Commitment to why.
    pub justification: Hash,
    /// When.
    pub opened: u64,
    /// First moment at which it is over.
    pub until: u64,
    /// First moment at which a missing review is overdue.
    pub review_by: u64,
    /// When it was closed before its time.
    pub closed: Option<u64>,
    /// The review.
    pub outcome: Option<Outcome>,
    /// Whether the provider's suspension was proposed.
    pub sanctioned: bool,
}

impl Window {
    /// Whether it is open.
    pub fn is_open(&self, now: u64) -> bool {
        self.closed.is_none() && self.opened <= now && now < self.until
    }
}

/// An entry in an owner's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogEntry {
    /// Who asked.
    pub requester: Account,
    /// Number over all owners, from 1.
    pub access: u64,
    /// Number in this log, from 1.
    pub sequence: u64,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
    /// The grant that was looked at.
    pub grant: Option<u64>,
    /// The broken glass that permitted it.
    pub window: Option<u64>,
    /// Yes or no.
    pub decision: Decision,
    /// When.
    pub at: u64,
}

impl LogEntry {
    /// What the chain of hashes runs over.
    pub fn content(&self, owner: Account) -> Hash {
        // The entry's fields are what follows the owner in the hashed tuple.
        blake2b(&(owner, self).encode())
    }
}

/// What an account is owed and was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Statement {
    /// To be withdrawn.
    pub owed: u128,
    /// Withdrawn in all.
    pub paid: u128,
}

/// The sums of the rewards contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Totals {
    /// Paid in and not yet earned.
    pub unspent: u128,
    /// Earned and not yet withdrawn.
    pub owed: u128,
    /// Withdrawn.
    pub paid: u128,
}

/// The rules of a series: each version names the head of the one before.
pub trait Chained {
    /// The head of the series when this is its latest version.
    fn head(&self) -> Hash;

    /// The version that follows this one, with the same contents.
    fn next(&self) -> Self;
}

impl Chained for NewVersion {
    fn head(&self) -> Hash {
        // The fields stand in the order of the hashed tuple.
        sha256(&self.encode())
    }

    fn next(&self) -> Self {
        Self { sequence: self.sequence + 1, previous: self.head(), ..*self }
    }
}

/// A version on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Version {
    /// Number, from 1.
    pub sequence: u32,
    /// Who anchored it.
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
