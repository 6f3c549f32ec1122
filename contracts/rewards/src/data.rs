//! What the rewards contract keeps, and what its rules share. The rules stand by feature:
//! [`crate::tariffs`], [`crate::pots`], [`crate::budgets`], [`crate::accrual`], [`crate::accounts`].
//! Amounts are token base units. The shell has checked that a pause does not block the message, and
//! moves what is booked; if it cannot, it reverts the booking.

use crate::accounts::Statement;
use crate::accrual::Spending;
use crate::errors::RewardsError;
use crate::pots::Sponsorship;
use crate::tariffs::Tariff;
use assent_events::rewards::ConsentSet;
use assent_governance::Scheduled;
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;
/// The longest period, milliseconds: 366 days.
pub const MAX_PERIOD: u64 = 366 * 24 * 60 * 60 * 1_000;

/// The account that nobody has.
pub(crate) const ZERO: AccountId = AccountId([0; 32]);

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Times {
    /// How long a handover, a replacement of the code and a tariff wait.
    pub delay: u64,
    /// For how long an owner earns nothing more from the same requester for the same purpose, and a
    /// pot's cap counts: from 1 to [`MAX_PERIOD`].
    pub period: u64,
}

/// Sums over all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Totals {
    /// In the budgets of requesters.
    pub budgets: u128,
    /// In the pots of sponsors.
    pub pots: u128,
    /// Owed and not withdrawn.
    pub owed: u128,
    /// Paid out of what was owed so far; stops at the greatest amount there is.
    pub paid: u128,
}

impl Totals {
    /// What this contract has to hold, if that is an amount.
    pub(crate) fn booked(&self) -> Option<u128> {
        self.budgets.checked_add(self.pots)?.checked_add(self.owed)
    }
}

/// An owner, a requester and a purpose.
type Earning = (AccountId, AccountId, u8);

/// All but the government of the contract.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// The only contract that may accrue. This and the next two are in the root of the contract's
    /// storage, which a call reads and writes anyway, since every accrual needs them.
    pub(crate) consent: Option<AccountId>,
    /// The latest access that was accrued.
    pub(crate) last_access: u64,
    pub(crate) period: u64,

    pub(crate) totals: Lazy<Totals, ManualKey<0x7277_0002>>,
    pub(crate) tariffs: Mapping<u8, Scheduled<Tariff>, ManualKey<0x7277_0004>>,
    pub(crate) statements: Mapping<AccountId, Statement, ManualKey<0x7277_0005>>,

    /// What requesters paid in advance. An entry stays when it is used up: who removed it would
    /// collect the storage deposit that somebody else left.
    pub(crate) budgets: Mapping<AccountId, u128, ManualKey<0x7277_0101>>,

    /// Number of the latest sponsorship; the first is 1.
    pub(crate) last_sponsorship: Lazy<u64, ManualKey<0x7277_0201>>,
    /// Of a purpose.
    pub(crate) sponsorships: Mapping<u8, Sponsorship, ManualKey<0x7277_0202>>,
    /// What a requester spent of a purpose's pot.
    pub(crate) spending: Mapping<(u8, AccountId), Spending, ManualKey<0x7277_0203>>,

    /// When an owner earned from a requester for a purpose, the latest time.
    pub(crate) earned: Mapping<Earning, u64, ManualKey<0x7277_0301>>,
}

impl Data {
    /// Without any money, consent contract or tariff. Who governs checks the delay.
    pub fn new(period: u64) -> Result<Self, RewardsError> {
        if period == 0 || period > MAX_PERIOD {
            return Err(RewardsError::InvalidPeriod);
        }
        Ok(Self {
            consent: None,
            last_access: 0,
            period,
            totals: Lazy::new(),
            tariffs: Mapping::new(),
            statements: Mapping::new(),
            budgets: Mapping::new(),
            last_sponsorship: Lazy::new(),
            sponsorships: Mapping::new(),
            spending: Mapping::new(),
            earned: Mapping::new(),
        })
    }

    /// Names the consent contract; the shell has checked that the administrator asks.
    pub fn set_consent(&mut self, consent: AccountId) -> Result<ConsentSet, RewardsError> {
        if self.consent.is_some() {
            return Err(RewardsError::AlreadySet);
        }
        self.consent = Some(consent);
        Ok(ConsentSet { consent })
    }

    /// The consent contract, if it was named.
    pub fn consent(&self) -> Option<AccountId> {
        self.consent
    }

    /// For how long an owner earns nothing more, and a cap counts.
    pub fn period(&self) -> u64 {
        self.period
    }

    /// Sums over all accounts.
    pub fn totals(&self) -> Totals {
        self.totals.get_or_default()
    }

    /// What of `balance`, which the token says this contract holds, is in no account: sent past
    /// those who pay in.
    pub fn remainder(&self, balance: u128) -> Result<u128, RewardsError> {
        self.totals()
            .booked()
            .and_then(|booked| balance.checked_sub(booked))
            .ok_or(RewardsError::TokenFailed)
    }
}
