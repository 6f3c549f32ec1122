//! What the carbon contract keeps, and what its rules share. The values are in [`crate::types`]; the
//! rules stand by feature: [`crate::registry`], [`crate::holdings`], [`crate::escrow`],
//! [`crate::freezes`], [`crate::compliance`], [`crate::rating`].
//!
//! A rule takes what the shell was told of those whom a message concerns: who is admitted, and who has
//! a role. Who is the collector only the rules know, so that of him they ask. The shell has checked
//! that a pause does not block the message.

pub use assent_interface::carbon::ALLOWANCES;

use crate::errors::CarbonError;
use crate::types::{
    Batch, Class, Counts, Duty, Holding, Penalty, Period, Project, Report, Standing, Times, Totals,
};
use assent_events::carbon::ClassCreated;
use assent_governance::Scheduled;
use assent_traits::CallFailed;
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of the storage.
pub const SCHEMA_VERSION: u32 = 1;
/// The longest time from the end of a period until it may be settled, milliseconds: 366 days.
pub const MAX_COMPLIANCE: u64 = 366 * 24 * 60 * 60 * 1_000;

/// The account that nobody has a key for.
pub(crate) const ZERO: AccountId = AccountId([0; 32]);

/// What the participants contract says, if it answers: whether a key is somebody's.
pub type Answer = Result<bool, CallFailed>;

/// Two accounts, whose order the mapping says, and a batch.
type PairKey = (AccountId, AccountId, u64);
/// Period, account and version.
type ReportKey = (u64, AccountId, u32);

/// All but the government of the contract. No entry but that of a frozen account is ever removed:
/// who cleared what another one stored would collect the storage deposit that he left.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    pub(crate) counts: Lazy<Counts, ManualKey<0x6361_0001>>,
    pub(crate) classes: Mapping<u64, Class, ManualKey<0x6361_0002>>,
    pub(crate) projects: Mapping<u64, Project, ManualKey<0x6361_0003>>,
    pub(crate) batches: Mapping<u64, Batch, ManualKey<0x6361_0004>>,
    /// Of a batch.
    pub(crate) totals: Mapping<u64, Totals, ManualKey<0x6361_0005>>,
    /// By batch and owner.
    pub(crate) holdings: Mapping<(u64, AccountId), Holding, ManualKey<0x6361_0006>>,
    /// What an operator may still move, by owner, operator and batch.
    pub(crate) approvals: Mapping<PairKey, u128, ManualKey<0x6361_0007>>,
    /// What an operator holds for an owner, by operator, owner and batch.
    pub(crate) escrows: Mapping<PairKey, u128, ManualKey<0x6361_0008>>,
    pub(crate) frozen: Mapping<AccountId, (), ManualKey<0x6361_0009>>,
    /// Nothing is stored before the first one is set.
    pub(crate) penalty: Lazy<Scheduled<Option<Penalty>>, ManualKey<0x6361_000a>>,
    pub(crate) periods: Mapping<u64, Period, ManualKey<0x6361_000b>>,
    /// By period and account.
    pub(crate) duties: Mapping<(u64, AccountId), Duty, ManualKey<0x6361_000c>>,
    /// Versions count from 1.
    pub(crate) reports: Mapping<ReportKey, Report, ManualKey<0x6361_000d>>,
    pub(crate) standings: Mapping<AccountId, Standing, ManualKey<0x6361_000e>>,
    pub(crate) times: Lazy<Times, ManualKey<0x6361_000f>>,
}

impl Data {
    /// With the class of allowances and nothing else. Who governs checks the delay.
    pub fn new(times: Times) -> Result<(Self, ClassCreated), CarbonError> {
        let compliance = 1..=MAX_COMPLIANCE;
        if !compliance.contains(&times.compliance) {
            return Err(CarbonError::InvalidTimes);
        }
        let mut data = Self {
            counts: Lazy::new(),
            classes: Mapping::new(),
            projects: Mapping::new(),
            batches: Mapping::new(),
            totals: Mapping::new(),
            holdings: Mapping::new(),
            approvals: Mapping::new(),
            escrows: Mapping::new(),
            frozen: Mapping::new(),
            penalty: Lazy::new(),
            periods: Mapping::new(),
            duties: Mapping::new(),
            reports: Mapping::new(),
            standings: Mapping::new(),
            times: Lazy::new(),
        };
        data.times.set(&times);
        data.counts.set(&Counts { classes: ALLOWANCES, ..Counts::default() });
        let class = Class { issuer: None, metadata: [0; 32], last_serial: 0 };
        data.classes.insert(ALLOWANCES, &class);
        let created = ClassCreated { class: ALLOWANCES, issuer: None, metadata: class.metadata };
        Ok((data, created))
    }

    /// How many there are of each.
    pub fn counts(&self) -> Counts {
        self.counts.get().expect("`new` has set them, and nothing removes them")
    }

    /// How long things take.
    pub fn times(&self) -> Times {
        self.times.get().expect("`new` has set them, and nothing removes them")
    }
}

/// The number after `number`.
pub(crate) fn next(number: u64) -> Result<u64, CarbonError> {
    number.checked_add(1).ok_or(CarbonError::TooMany)
}

/// Adds units of a class to others of it, or emissions to others.
pub(crate) fn more(units: u128, amount: u128) -> u128 {
    // Each unit of a class has a serial number of its own, which is a u128; fewer than 2^64 periods
    // have emissions of less than 2^64.
    units.checked_add(amount).expect("units of a class, and emissions, add up to a u128")
}

/// Takes units away from others that they are part of.
pub(crate) fn less(units: u128, amount: u128) -> u128 {
    units.checked_sub(amount).expect("what one operator holds is part of what is in escrow")
}
