//! The rules of rewards: the fund, tariffs, accruals, withdrawals, refunds. Amounts are token base
//! units. The shell has checked that a pause does not block the message.

use crate::errors::RewardsError;
use assent_events::{
    rewards::{Accrued, ConsentSet, Funded, Refunded, TariffSet, Unfunded, Withdrawn},
    MASK_BITS,
};
use assent_traits::rewards::AccrueError;
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;

/// The account that a token refuses to pay.
const ZERO: AccountId = AccountId([0; 32]);

/// The account of a data owner, or of a funder who was refunded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Statement {
    /// Earned or refunded, and not withdrawn.
    pub owed: u128,
    /// Paid out so far; stops at the greatest amount there is.
    pub paid: u128,
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
    /// Paid out so far; stops at the greatest amount there is.
    pub paid: u128,
}

impl Totals {
    /// What this contract has to hold, if that is an amount.
    fn booked(&self) -> Option<u128> {
        self.unspent.checked_add(self.owed)
    }
}

/// What an accrual came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accrual {
    /// The owner is owed the tariff.
    Accrued(Accrued),
    /// The fund does not hold the tariff, or the contract is paused.
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
    /// What each funder paid in and was not refunded. An entry stays when it is used up: who
    /// removed it would collect the storage deposit that the funder left.
    contributions: Mapping<AccountId, u128, ManualKey<0x7277_0006>>,
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
            contributions: Mapping::new(),
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
        let overflow = RewardsError::Overflow;
        let contribution = self.contribution(from).checked_add(amount).ok_or(overflow)?;
        let mut totals = self.totals();
        totals.unspent = totals.unspent.checked_add(amount).ok_or(overflow)?;
        // Together they are part of the token's supply, so that nothing can overflow later.
        totals.booked().ok_or(overflow)?;

        self.totals.set(&totals);
        self.contributions.insert(from, &contribution);
        Ok(Funded { from, amount })
    }

    /// Books what an access earns `owner`: nothing while the contract is `paused`.
    pub fn accrue(
        &mut self,
        caller: AccountId,
        paused: bool,
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
        if amount == 0 {
            self.last_access.set(&access);
            return Ok(Accrual::NoTariff);
        }
        let mut totals = self.totals();
        let unspent = totals.unspent.checked_sub(amount).filter(|_| !paused);
        let Some(unspent) = unspent else {
            // The access is used up all the same: money that comes later does not pay it.
            self.last_access.set(&access);
            return Ok(Accrual::Unfunded(Unfunded { owner, access, purpose, amount }));
        };
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
        self.pay(owner, owner)
    }

    /// Books that `to` takes all that is owed to `owner`, who asks for it; as [`Self::withdraw`].
    /// `contract` is this contract.
    pub fn withdraw_to(
        &mut self,
        owner: AccountId,
        contract: AccountId,
        to: AccountId,
    ) -> Result<Withdrawn, RewardsError> {
        // Paid to this contract it would be nobody's.
        if to == ZERO || to == contract {
            return Err(RewardsError::InvalidRecipient);
        }
        self.pay(owner, to)
    }

    /// Moves what is unspent to what is owed to `funder`. Accesses are not paid from the money of
    /// one funder or another: who gets back the rest is for the administrator to say, but nobody
    /// gets more than he paid in. The shell has checked that the administrator, `by`, asks.
    pub fn refund_unused(
        &mut self,
        by: AccountId,
        funder: AccountId,
        amount: u128,
    ) -> Result<Refunded, RewardsError> {
        if amount == 0 {
            return Err(RewardsError::ZeroAmount);
        }
        let contribution = self
            .contribution(funder)
            .checked_sub(amount)
            .ok_or(RewardsError::ExceedsContribution)?;
        let mut totals = self.totals();
        totals.unspent = totals.unspent.checked_sub(amount).ok_or(RewardsError::ExceedsUnspent)?;
        let overflow = RewardsError::Overflow;
        let mut statement = self.statement(funder);
        statement.owed = statement.owed.checked_add(amount).ok_or(overflow)?;
        totals.owed = totals.owed.checked_add(amount).ok_or(overflow)?;

        self.totals.set(&totals);
        self.statements.insert(funder, &statement);
        self.contributions.insert(funder, &contribution);
        Ok(Refunded { funder, amount, by })
    }

    /// The account of `owner`.
    pub fn statement(&self, owner: AccountId) -> Statement {
        self.statements.get(owner).unwrap_or_default()
    }

    /// What `funder` paid in and was not refunded.
    pub fn contribution(&self, funder: AccountId) -> u128 {
        self.contributions.get(funder).unwrap_or_default()
    }

    /// What a permitted access for `purpose` earns.
    pub fn tariff(&self, purpose: u8) -> u128 {
        self.tariffs.get(purpose).unwrap_or_default()
    }

    /// Sums over all accounts.
    pub fn totals(&self) -> Totals {
        self.totals.get_or_default()
    }

    /// What of `balance`, which the token says this contract holds, is neither unspent nor owed:
    /// sent past [`Self::fund`].
    pub fn remainder(&self, balance: u128) -> Result<u128, RewardsError> {
        self.totals()
            .booked()
            .and_then(|booked| balance.checked_sub(booked))
            .ok_or(RewardsError::TokenFailed)
    }

    /// The consent contract, if it was named.
    pub fn consent(&self) -> Option<AccountId> {
        self.consent.get()
    }

    fn pay(&mut self, owner: AccountId, to: AccountId) -> Result<Withdrawn, RewardsError> {
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
        totals.paid = totals.paid.saturating_add(amount);
        statement.paid = statement.paid.saturating_add(amount);
        statement.owed = 0;

        self.totals.set(&totals);
        self.statements.insert(owner, &statement);
        Ok(Withdrawn { owner, to, amount })
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}
