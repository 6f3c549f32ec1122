//! The rules of rewards: the fund, tariffs, accruals, withdrawals. Amounts are token base units.

use crate::errors::RewardsError;
use assent_events::{
    rewards::{Accrued, ConsentSet, Funded, TariffSet, Unfunded, Withdrawn},
    MASK_BITS,
};
use assent_traits::rewards::AccrueError;
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// The account of a data owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Statement {
    /// Earned and not withdrawn.
    pub owed: u128,
    /// Withdrawn so far; stops at the greatest amount there is.
    pub withdrawn: u128,
}

/// Sums over all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Totals {
    /// Paid in and not owed to anybody yet.
    pub unspent: u128,
    /// Owed and not withdrawn.
    pub owed: u128,
    /// Withdrawn so far; stops at the greatest amount there is.
    pub withdrawn: u128,
}

/// What an accrual came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accrual {
    /// The owner is owed the tariff.
    Accrued(Accrued),
    /// The fund does not hold the tariff.
    Unfunded(Unfunded),
    /// The purpose earns nothing.
    NoTariff,
}

/// The fund and the accounts.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    consent: Lazy<AccountId, ManualKey<0x7277_0001>>,
    totals: Lazy<Totals, ManualKey<0x7277_0002>>,
    /// The latest access that was accrued.
    last_access: Lazy<u64, ManualKey<0x7277_0003>>,
    tariffs: Mapping<u8, u128, ManualKey<0x7277_0004>>,
    statements: Mapping<AccountId, Statement, ManualKey<0x7277_0005>>,
}

impl Data {
    /// An empty fund, without consent contract and tariffs.
    pub fn new() -> Self {
        Self {
            consent: Lazy::new(),
            totals: Lazy::new(),
            last_access: Lazy::new(),
            tariffs: Mapping::new(),
            statements: Mapping::new(),
        }
    }

    /// Names the consent contract; the shell has checked that the administrator asks.
    pub fn set_consent(&mut self, consent: AccountId) -> Result<ConsentSet, RewardsError> {
        if self.consent().is_some() {
            return Err(RewardsError::AlreadySet);
        }
        self.consent.set(&consent);
        Ok(ConsentSet { consent })
    }

    /// Sets a tariff; the shell has checked that the administrator asks.
    pub fn set_tariff(&mut self, purpose: u8, amount: u128) -> Result<TariffSet, RewardsError> {
        if purpose >= MASK_BITS {
            return Err(RewardsError::UnknownPurpose);
        }
        self.tariffs.insert(purpose, &amount);
        Ok(TariffSet { purpose, amount })
    }

    /// Books what `from` pays in; the shell collects it and reverts all if it cannot.
    pub fn fund(&mut self, from: AccountId, amount: u128) -> Result<Funded, RewardsError> {
        if amount == 0 {
            return Err(RewardsError::ZeroAmount);
        }
        let mut totals = self.totals();
        totals.unspent = totals.unspent.checked_add(amount).ok_or(RewardsError::Overflow)?;
        // Together they are part of the token's supply, so that no accrual can overflow later.
        if totals.unspent.checked_add(totals.owed).is_none() {
            return Err(RewardsError::Overflow);
        }
        self.totals.set(&totals);
        Ok(Funded { from, amount })
    }

    /// Books what an access earns `owner`.
    pub fn accrue(
        &mut self,
        caller: AccountId,
        owner: AccountId,
        purpose: u8,
        access: u64,
    ) -> Result<Accrual, AccrueError> {
        if self.consent() != Some(caller) {
            return Err(AccrueError::NotConsent);
        }
        if access <= self.last_access.get_or_default() {
            return Err(AccrueError::AlreadyPaid);
        }
        let amount = self.tariff(purpose);
        let mut totals = self.totals();
        let Some(unspent) = totals.unspent.checked_sub(amount) else {
            self.last_access.set(&access);
            return Ok(Accrual::Unfunded(Unfunded { owner, access, purpose, amount }));
        };
        if amount == 0 {
            self.last_access.set(&access);
            return Ok(Accrual::NoTariff);
        }
        let overflow = AccrueError::Overflow;
        let mut statement = self.statement(owner);
        statement.owed = statement.owed.checked_add(amount).ok_or(overflow)?;
        totals.owed = totals.owed.checked_add(amount).ok_or(overflow)?;
        totals.unspent = unspent;

        self.last_access.set(&access);
        self.totals.set(&totals);
        self.statements.insert(owner, &statement);
        Ok(Accrual::Accrued(Accrued { owner, access, purpose, amount }))
    }

    /// Books that `owner` takes all that is owed to him; the shell pays it out and reverts all if it
    /// cannot.
    pub fn withdraw(&mut self, owner: AccountId) -> Result<Withdrawn, RewardsError> {
        let mut statement = self.statement(owner);
        let amount = statement.owed;
        if amount == 0 {
            return Err(RewardsError::NothingOwed);
        }
        let mut totals = self.totals();
        totals.owed = totals
            .owed
            .checked_sub(amount)
            .expect("what is owed to one account is part of what is owed to all");
        // Only for information, and money goes round: it must never stop a withdrawal.
        totals.withdrawn = totals.withdrawn.saturating_add(amount);
        statement.withdrawn = statement.withdrawn.saturating_add(amount);
        statement.owed = 0;

        self.totals.set(&totals);
        self.statements.insert(owner, &statement);
        Ok(Withdrawn { owner, amount })
    }

    /// The account of `owner`.
    pub fn statement(&self, owner: AccountId) -> Statement {
        self.statements.get(owner).unwrap_or_default()
    }

    /// What a permitted access for `purpose` earns.
    pub fn tariff(&self, purpose: u8) -> u128 {
        self.tariffs.get(purpose).unwrap_or_default()
    }

    /// Sums over all accounts.
    pub fn totals(&self) -> Totals {
        self.totals.get_or_default()
    }

    /// The consent contract, if it was named.
    pub fn consent(&self) -> Option<AccountId> {
        self.consent.get()
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}
