//! Values that messages take and that the contracts keep, with their fields in the order of the
//! interface, so that they encode to the bytes that the contracts answer.

mod carbon;
mod consent;
mod market;
mod participants;

pub use carbon::*;
pub use consent::*;
pub use market::*;
pub use participants::*;

pub use assent_interface::{
    carbon::{ALLOWANCES, UNITS_PER_CREDIT},
    consent::{Amendment, Denial, LogHead, Record, Times},
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
