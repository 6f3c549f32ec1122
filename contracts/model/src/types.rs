//! Values that messages take and that the contracts keep, with their fields in the order of the
//! interface, so that they encode to the bytes that the contracts answer.

mod agreements;
mod carbon;
mod consent;
mod market;
mod participants;
mod reports;
mod rewards;
mod settings;

pub use agreements::*;
pub use carbon::*;
pub use consent::*;
pub use market::*;
pub use participants::*;
pub use reports::*;
pub use rewards::*;
pub use settings::*;

pub use assent_interface::{
    carbon::{ALLOWANCES, UNITS_PER_CREDIT},
    consent::{Amendment, Denial, LogHead, Record, Times},
    governance::Upgrade,
    power,
    purpose::TREATMENT,
    role, Contract, Decision, DenyReason, Hash, Outcome, Status, MASK_BITS, MAX_BATCH,
};

use blake2::digest::{consts::U32, Digest};

/// An account, or the address of a contract.
pub type Account = [u8; 32];
/// Why a message was refused: the name of the error's variant.
pub type Refusal = &'static str;

/// What the token is made with; the delay follows.
pub type TokenTerms = assent_interface::token::Terms<String>;
/// What a grant says, as its maker hands it in.
pub type Terms = assent_interface::consent::Terms<Account>;
/// Who mints and burns.
pub type Treasury = assent_interface::token::Treasury<Account>;
/// A proposed successor.
pub type Handover = assent_interface::governance::Handover<Account>;
/// How a contract is governed.
pub type Governance = assent_interface::governance::State<Account>;

/// Which layout of their storage and which messages the contracts have, until they are replaced.
pub const SCHEMA_VERSION: u32 = 1;

/// Code that is on the chain and that no contract runs at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The contract that it does the same as, if any.
    pub of: Option<Contract>,
    /// What it answers to `schema_version`, if anything.
    pub schema: Option<u32>,
}

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
