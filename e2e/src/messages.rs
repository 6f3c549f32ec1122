//! Arguments of the contracts' messages that are structs, field by field as their metadata spells
//! them; and the codes that they use.

use assent_client::Account;
use parity_scale_codec::Encode;

/// A hash or a commitment.
pub type Hash = [u8; 32];

/// Roles, as in `assent_events::role`.
pub mod role {
    /// May grant access, anchor reports and earn rewards.
    pub const DATA_OWNER: u16 = 1;
    /// Provides care.
    pub const PROVIDER: u16 = 1 << 1;
    /// Emits greenhouse gases.
    pub const EMITTER: u16 = 1 << 4;
    /// Verifies what others emitted.
    pub const VERIFIER: u16 = 1 << 5;
    /// Trades carbon units.
    pub const TRADER: u16 = 1 << 6;
    /// Reads and audits.
    pub const AUDITOR: u16 = 1 << 7;
    /// Admits and suspends participants.
    pub const REGULATOR: u16 = 1 << 8;
}

/// Purposes, as in `assent_events::purpose`.
pub mod purpose {
    /// Care of the patient.
    pub const TREATMENT: u8 = 0;
    /// Research.
    pub const RESEARCH: u8 = 1;
}

/// Categories of data, as in `assent_events::category`.
pub mod category {
    /// Heart and circulation.
    pub const CARDIOLOGY: u8 = 1;
    /// Imaging.
    pub const RADIOLOGY: u8 = 2;
    /// Laboratory results.
    pub const LABORATORY: u8 = 3;
}

/// A mask with one purpose or category in it.
pub const fn only(index: u8) -> u32 {
    1 << index
}

/// What the consent contract's `grant` takes.
#[derive(Debug, Clone, Encode)]
pub struct Terms {
    /// The data owner.
    pub owner: Account,
    /// Who may ask for access.
    pub grantee: Account,
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Salted commitment to the record that it is about.
    pub record: Hash,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
}

/// What the consent contract's `amend` takes.
#[derive(Debug, Clone, Encode)]
pub struct Amendment {
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for in all its versions; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
}

/// What the reports contract's `anchor` and `supersede` take.
#[derive(Debug, Clone, Encode)]
pub struct NewVersion {
    /// The series.
    pub series: Hash,
    /// Number of the version, from 1.
    pub sequence: u32,
    /// Head of the series before this version; zero for the first.
    pub previous: Hash,
    /// Root of the Merkle tree over the chunks of the encrypted file.
    pub root: Hash,
    /// How many chunks the file has.
    pub chunks: u64,
    /// Length of the encrypted file in bytes.
    pub byte_length: u64,
    /// Salted commitment to the metadata.
    pub metadata: Hash,
    /// Whom the report is about.
    pub patient: Account,
    /// Who answers for it.
    pub doctor: Account,
}

/// One of the entries that the carbon contract's `transfer_batch` takes.
#[derive(Debug, Clone, Copy, Encode)]
pub struct Item {
    /// The batch.
    pub batch: u64,
    /// Units.
    pub amount: u128,
}

/// What the market contract's `set_limits` takes.
#[derive(Debug, Clone, Copy, Encode)]
pub struct Limits {
    /// Units of an order at a rating of 0.
    pub floor: u128,
    /// Units of an order at a rating of 1,000.
    pub ceiling: u128,
}
