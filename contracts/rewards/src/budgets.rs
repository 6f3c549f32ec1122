//! Budgets: what a requester's accesses are paid from, in advance. Who asks pays.

use crate::data::Data;
use crate::errors::RewardsError;
use assent_events::rewards::{BudgetWithdrawn, Funded};
use ink::primitives::AccountId;

impl Data {
    /// Books what `from` pays into the budget of `requester`.
    pub fn fund(
        &mut self,
        from: AccountId,
        requester: AccountId,
        amount: u128,
    ) -> Result<Funded, RewardsError> {
        if amount == 0 {
            return Err(RewardsError::ZeroAmount);
        }
        let overflow = RewardsError::Overflow;
        let budget = self.budget(requester).checked_add(amount).ok_or(overflow)?;
        let mut totals = self.totals();
        totals.budgets = totals.budgets.checked_add(amount).ok_or(overflow)?;
        // Together they are part of the token's supply, so that nothing can overflow later.
        totals.booked().ok_or(overflow)?;

        self.totals.set(&totals);
        self.budgets.insert(requester, &budget);
        Ok(Funded { requester, from, amount })
    }

    /// Books that `requester` takes `amount` of his budget back.
    pub fn withdraw_budget(
        &mut self,
        requester: AccountId,
        amount: u128,
    ) -> Result<BudgetWithdrawn, RewardsError> {
        if amount == 0 {
            return Err(RewardsError::ZeroAmount);
        }
        let budget =
            self.budget(requester).checked_sub(amount).ok_or(RewardsError::InsufficientBudget)?;
        let mut totals = self.totals();
        totals.budgets = totals
            .budgets
            .checked_sub(amount)
            .expect("what is in one budget is part of what is in all");

        self.totals.set(&totals);
        self.budgets.insert(requester, &budget);
        Ok(BudgetWithdrawn { requester, amount })
    }

    /// What is in the budget of `requester`.
    pub fn budget(&self, requester: AccountId) -> u128 {
        self.budgets.get(requester).unwrap_or_default()
    }
}
