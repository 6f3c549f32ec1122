//! Values of the carbon contract.

pub use assent_interface::carbon::{Item, Times as CarbonTimes};

use super::{Account, Hash};
use parity_scale_codec::{Decode, Encode};

/// How many of each kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Counts {
    /// Classes, with that of allowances.
    pub classes: u64,
    /// Projects.
    pub projects: u64,
    /// Batches, with those of allowances.
    pub batches: u64,
    /// Compliance periods.
    pub periods: u64,
}

/// A class of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Class {
    /// Who issues; nobody in the class of allowances.
    pub issuer: Option<Account>,
    /// Commitment to the documents.
    pub metadata: Hash,
    /// The last serial number that a batch took.
    pub last_serial: u128,
}

/// A project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Project {
    /// The class of its units.
    pub class: u64,
    /// Who runs it.
    pub owner: Account,
    /// Commitment to the documents.
    pub metadata: Hash,
}

/// A batch of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Batch {
    /// Its class.
    pub class: u64,
    /// Its project, of credits.
    pub project: Option<u64>,
    /// Its compliance period, of allowances.
    pub period: Option<u64>,
    /// First serial number.
    pub serial_start: u128,
    /// Last serial number, inclusive.
    pub serial_end: u128,
    /// Start of the vintage.
    pub vintage_start: u64,
    /// First moment after the vintage.
    pub vintage_end: u64,
    /// Whether no more is issued.
    pub sealed: bool,
}

/// The units of a batch; what is in no other state is tradable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct BatchTotals {
    /// Ever issued.
    pub issued: u128,
    /// In escrow.
    pub escrowed: u128,
    /// Retired for good.
    pub retired: u128,
    /// Surrendered for good.
    pub surrendered: u128,
    /// Cancelled for good.
    pub cancelled: u128,
}

/// The units of a batch that an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Holding {
    /// Free to move.
    pub tradable: u128,
    /// In escrow.
    pub escrowed: u128,
    /// Retired for good.
    pub retired: u128,
    /// Surrendered for good.
    pub surrendered: u128,
    /// Cancelled for good.
    pub cancelled: u128,
}

/// What a missing credit costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Penalty {
    /// Token base units per credit, in periods to come.
    pub tariff: u128,
    /// Who is paid.
    pub collector: Account,
}

/// A compliance period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Period {
    /// The batch of its allowances.
    pub batch: u64,
    /// First moment.
    pub start: u64,
    /// First moment after it.
    pub end: u64,
    /// First moment at which it may be settled.
    pub settle_from: u64,
    /// Allowances that there may be.
    pub cap: u128,
    /// Token base units per missing credit.
    pub tariff: u128,
}

/// A version of what an account emitted in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// Units emitted.
    pub emissions: u128,
    /// Commitment to the verified report.
    pub report: Hash,
    /// Who verified it.
    pub verifier: Account,
    /// When.
    pub at: u64,
}

/// How a period was settled for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Settlement {
    /// Units missing from the period before.
    pub brought_deficit: u128,
    /// Units left over from the period before.
    pub brought_surplus: u128,
    /// Units missing.
    pub deficit: u128,
    /// Units left over.
    pub surplus: u128,
    /// Whether it was reported and covered before settlement began.
    pub timely: bool,
    /// Token base units; 0 without a deficit.
    pub penalty: u128,
    /// Whether the penalty was paid.
    pub paid: bool,
}

/// What an account has to do with a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Duty {
    /// Allowances that it got.
    pub allocated: u128,
    /// Versions of its report.
    pub reports: u32,
    /// When the first version came.
    pub reported_at: Option<u64>,
    /// Units emitted, as in the latest version.
    pub verified: u128,
    /// Units surrendered for it.
    pub surrendered: u128,
    /// When it last surrendered.
    pub surrendered_at: Option<u64>,
    /// How it was settled.
    pub settlement: Option<Settlement>,
}

/// Where an account stands over all periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Standing {
    /// The period to settle next; `None` if it never took part.
    pub next: Option<u64>,
    /// Periods settled.
    pub settled: u32,
    /// Those of them without a deficit.
    pub compliant: u32,
    /// Those of them that were timely.
    pub timely: u32,
    /// Penalties imposed.
    pub penalties: u32,
    /// Penalties paid.
    pub paid: u32,
    /// Units missing.
    pub deficit: u128,
    /// Units left over.
    pub surplus: u128,
}
