//! The values that the contract keeps, with their fields in the order in which they are encoded.
//! Amounts are units.

use assent_events::Hash;
use ink::primitives::AccountId;

/// A kind of units: allowances, or the credits of one standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Class {
    /// Who makes projects and batches in it and issues; nobody in the class of allowances.
    pub issuer: Option<AccountId>,
    /// Commitment to the documents of the standard behind it; zero for allowances.
    pub metadata: Hash,
    /// The highest serial number that a batch of it has; 0 when it has none.
    pub last_serial: u128,
}

/// What reduces emissions or removes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Project {
    /// The class of its units.
    pub class: u64,
    /// Who runs it.
    pub owner: AccountId,
    /// Commitment to its documents.
    pub metadata: Hash,
}

/// Serial numbers that units may be issued under; each unit has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Batch {
    /// Its class.
    pub class: u64,
    /// Its project; none for allowances.
    pub project: Option<u64>,
    /// The compliance period of its allowances; none for credits.
    pub period: Option<u64>,
    /// First serial number, at least 1.
    pub serial_start: u128,
    /// Last serial number, inclusive.
    pub serial_end: u128,
    /// Start of the vintage, ms since 1970.
    pub vintage_start: u64,
    /// End of the vintage, ms since 1970, exclusive.
    pub vintage_end: u64,
    /// Whether no more units are issued.
    pub sealed: bool,
}

/// What was issued of a batch and became of it; tradable is the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Totals {
    /// Units that ever were.
    pub issued: u128,
    /// Held by operators for their owners.
    pub escrowed: u128,
    /// Used for a claim, for good.
    pub retired: u128,
    /// Used to cover emissions, for good.
    pub surrendered: u128,
    /// Taken out without a claim, for good.
    pub cancelled: u128,
}

/// What an account has of a batch, and what it used of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Holding {
    /// At its disposal.
    pub tradable: u128,
    /// Held by operators, and its property until they deliver them.
    pub escrowed: u128,
    /// Used for a claim, for good.
    pub retired: u128,
    /// Used to cover emissions, for good.
    pub surrendered: u128,
    /// Taken out without a claim, for good.
    pub cancelled: u128,
}

/// One of several transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Item {
    /// The batch.
    pub batch: u64,
    /// Units.
    pub amount: u128,
}

/// What missing units cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Penalty {
    /// Token base units per credit, for periods that are set while it holds.
    pub tariff: u128,
    /// Who is paid while it holds, also for older periods.
    pub collector: AccountId,
}

/// A compliance period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Period {
    /// The batch of its allowances.
    pub batch: u64,
    /// First moment, ms since 1970.
    pub start: u64,
    /// First moment after it, ms since 1970.
    pub end: u64,
    /// First moment at which it may be settled, ms since 1970.
    pub settle_from: u64,
    /// Allowances that there may be.
    pub cap: u128,
    /// Penalty in token base units per missing credit.
    pub tariff: u128,
}

/// What a verifier says that an account emitted in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Report {
    /// Units emitted.
    pub emissions: u128,
    /// Commitment to the verified report.
    pub report: Hash,
    /// Who verified it.
    pub verifier: AccountId,
    /// When, ms since 1970.
    pub at: u64,
}

/// What a period came to for an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Settlement {
    /// Units missing from the period before.
    pub brought_deficit: u128,
    /// Units left over from the period before.
    pub brought_surplus: u128,
    /// Units missing, which the next period begins with.
    pub deficit: u128,
    /// Units left over, which the next period begins with.
    pub surplus: u128,
    /// Whether it was reported before settlement began, and covered by then.
    pub timely: bool,
    /// Penalty in token base units; 0 without a deficit.
    pub penalty: u128,
    /// Whether the penalty was paid.
    pub paid: bool,
}

/// What an account has to do for a period, and did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Duty {
    /// Allowances of the period that it was given.
    pub allocated: u128,
    /// How many versions its report has.
    pub reports: u32,
    /// When the first version came, ms since 1970.
    pub reported_at: Option<u64>,
    /// Units emitted, as in the latest version.
    pub verified: u128,
    /// Units surrendered for the period.
    pub surrendered: u128,
    /// When it last surrendered for the period, ms since 1970.
    pub surrendered_at: Option<u64>,
    /// What it came to, once it is settled.
    pub settlement: Option<Settlement>,
}

/// Where an emitter stands after the periods that were settled for him. The counters stop at the
/// greatest number there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Standing {
    /// The period to settle next; none if he never took part.
    pub next: Option<u64>,
    /// Periods settled.
    pub settled: u32,
    /// Of those, covered.
    pub compliant: u32,
    /// Of those, reported and covered before settlement began.
    pub timely: u32,
    /// Penalties imposed.
    pub penalties: u32,
    /// Penalties paid.
    pub paid: u32,
    /// Units missing, which the next period begins with.
    pub deficit: u128,
    /// Units left over, which the next period begins with.
    pub surplus: u128,
}

/// How many there are of each; that is also the number of the latest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Counts {
    /// Classes.
    pub classes: u64,
    /// Projects.
    pub projects: u64,
    /// Batches.
    pub batches: u64,
    /// Compliance periods.
    pub periods: u64,
}

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Times {
    /// How long a handover of the administrator, a replacement of the code and another penalty wait.
    pub delay: u64,
    /// From the end of a period until it may be settled, in which it is reported and surrendered for
    /// in time: from 1 to [`MAX_COMPLIANCE`](crate::data::MAX_COMPLIANCE).
    pub compliance: u64,
}
