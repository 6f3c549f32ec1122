//! Accounts: what is owed, and its withdrawal. Nothing stops one: no pause, no suspension.

use crate::data::{Data, ZERO};
use crate::errors::RewardsError;
use assent_events::rewards::Withdrawn;
use ink::primitives::AccountId;

/// The account of a data owner, or of a sponsor who was replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Statement {
    /// Earned or returned, and not withdrawn.
    pub owed: u128,
    /// Paid out so far; stops at the greatest amount there is.
    pub paid: u128,
}

impl Statement {
    /// After `amount` more is owed, if that is an amount.
    pub(crate) fn owing(self, amount: u128) -> Option<Self> {
        let owed = self.owed.checked_add(amount)?;
        Some(Self { owed, ..self })
    }
}

impl Data {
    /// Books that `owner` takes all that is owed to him, by the key `to`, which acts for him.
    pub fn withdraw(&mut self, owner: AccountId, to: AccountId) -> Result<Withdrawn, RewardsError> {
        self.settle(owner, to)
    }

    /// Books that `to` takes all that is owed to `owner`, who asks for it. `contract` is this
    /// contract.
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
        self.settle(owner, to)
    }

    /// The account of `owner`.
    pub fn statement(&self, owner: AccountId) -> Statement {
        self.statements.get(owner).unwrap_or_default()
    }

    fn settle(&mut self, owner: AccountId, to: AccountId) -> Result<Withdrawn, RewardsError> {
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
