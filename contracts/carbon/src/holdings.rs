//! Units in the hands of their owners: moved, by them or by an operator that they approved, and used
//! for good.
//!
//! Who has units of a batch, or an approval for it, has them of a batch that there is. So a batch is
//! looked up only when they do not suffice, to say why.

pub use assent_interface::MAX_BATCH;

use crate::data::{more, Data};
use crate::errors::CarbonError;
use crate::types::{Holding, Item, Totals};
use assent_events::{
    carbon::{Cancelled, OperatorApproved, Retired, Transferred},
    Hash,
};
use ink::{prelude::vec::Vec, primitives::AccountId};

impl Data {
    /// Moves units of `from`, who asks for it; `admitted` is about both sides.
    pub fn transfer(
        &mut self,
        from: AccountId,
        admitted: bool,
        batch: u64,
        to: AccountId,
        amount: u128,
    ) -> Result<Transferred, CarbonError> {
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        self.check_parties(from, to)?;
        let after = self.moved(batch, self.holdings_of(batch, from, to), amount)?;

        self.store_move(batch, from, to, after);
        Ok(Transferred { batch, from, to, amount, by: from })
    }

    /// Moves units of several batches, all or none; as [`Self::transfer`] one after the other.
    pub fn transfer_batch(
        &mut self,
        from: AccountId,
        admitted: bool,
        to: AccountId,
        items: &[Item],
    ) -> Result<Vec<Transferred>, CarbonError> {
        if items.is_empty() || items.len() > MAX_BATCH {
            return Err(CarbonError::BatchSize);
        }
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        let parties = self.check_parties(from, to);
        // What both have once the items so far are moved, by batch.
        let mut moved: Vec<(u64, (Holding, Holding))> = Vec::with_capacity(items.len());
        for &Item { batch, amount } in items {
            if amount == 0 {
                return Err(CarbonError::ZeroAmount);
            }
            parties?;
            match moved.iter_mut().find(|(known, _)| *known == batch) {
                Some((_, holdings)) => *holdings = self.moved(batch, *holdings, amount)?,
                None => {
                    let before = self.holdings_of(batch, from, to);
                    moved.push((batch, self.moved(batch, before, amount)?));
                }
            }
        }

        for (batch, after) in moved {
            self.store_move(batch, from, to, after);
        }
        let event = |item: &Item| Transferred {
            batch: item.batch,
            from,
            to,
            amount: item.amount,
            by: from,
        };
        Ok(items.iter().map(event).collect())
    }

    /// Sets what `operator` may move of the units of `owner`.
    pub fn approve(
        &mut self,
        owner: AccountId,
        operator: AccountId,
        batch: u64,
        amount: u128,
    ) -> Result<OperatorApproved, CarbonError> {
        if operator == owner {
            return Err(CarbonError::SelfApproval);
        }
        if !self.batches.contains(batch) {
            return Err(CarbonError::UnknownBatch);
        }
        Ok(self.store_approval(batch, owner, operator, amount))
    }

    /// Moves units of `from` for `operator`; `admitted` is about both sides and not about him.
    pub fn transfer_from(
        &mut self,
        operator: AccountId,
        admitted: bool,
        from: AccountId,
        batch: u64,
        to: AccountId,
        amount: u128,
    ) -> Result<(OperatorApproved, Transferred), CarbonError> {
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        self.check_parties(from, to)?;
        if self.is_frozen(operator) {
            return Err(CarbonError::Frozen);
        }
        let left = self
            .approval(from, operator, batch)
            .checked_sub(amount)
            .ok_or_else(|| self.reason(batch, CarbonError::NotApproved))?;
        let after = self.moved(batch, self.holdings_of(batch, from, to), amount)?;

        let approved = self.store_approval(batch, from, operator, left);
        self.store_move(batch, from, to, after);
        Ok((approved, Transferred { batch, from, to, amount, by: operator }))
    }

    /// Retires units of `owner`, for a claim of `beneficiary`. It takes nothing from anybody else, so
    /// that nobody has to be admitted.
    pub fn retire(
        &mut self,
        owner: AccountId,
        batch: u64,
        amount: u128,
        reason: Hash,
        beneficiary: AccountId,
    ) -> Result<Retired, CarbonError> {
        let (mut holding, mut totals) = self.without(owner, batch, amount)?;
        holding.retired = more(holding.retired, amount);
        totals.retired = more(totals.retired, amount);

        self.holdings.insert((batch, owner), &holding);
        self.totals.insert(batch, &totals);
        Ok(Retired { batch, owner, beneficiary, amount, reason })
    }

    /// Takes units of `owner` out, as [`Self::retire`], but nobody claims anything by it.
    pub fn cancel(
        &mut self,
        owner: AccountId,
        batch: u64,
        amount: u128,
        reason: Hash,
    ) -> Result<Cancelled, CarbonError> {
        let (mut holding, mut totals) = self.without(owner, batch, amount)?;
        holding.cancelled = more(holding.cancelled, amount);
        totals.cancelled = more(totals.cancelled, amount);

        self.holdings.insert((batch, owner), &holding);
        self.totals.insert(batch, &totals);
        Ok(Cancelled { batch, owner, amount, reason })
    }

    /// What `owner` has of a batch.
    pub fn balance_of(&self, batch: u64, owner: AccountId) -> Holding {
        self.holdings.get((batch, owner)).unwrap_or_default()
    }

    /// What `operator` may still move of the units of `owner`.
    pub fn approval(&self, owner: AccountId, operator: AccountId, batch: u64) -> u128 {
        self.approvals.get((owner, operator, batch)).unwrap_or_default()
    }

    pub(crate) fn store_approval(
        &mut self,
        batch: u64,
        owner: AccountId,
        operator: AccountId,
        amount: u128,
    ) -> OperatorApproved {
        self.approvals.insert((owner, operator, batch), &amount);
        OperatorApproved { batch, owner, operator, amount }
    }

    /// Whether units may go from one to the other.
    fn check_parties(&self, from: AccountId, to: AccountId) -> Result<(), CarbonError> {
        if from == to {
            return Err(CarbonError::SelfTransfer);
        }
        if self.is_frozen(from) || self.is_frozen(to) {
            return Err(CarbonError::Frozen);
        }
        Ok(())
    }

    fn holdings_of(&self, batch: u64, from: AccountId, to: AccountId) -> (Holding, Holding) {
        (self.balance_of(batch, from), self.balance_of(batch, to))
    }

    /// What two different accounts have after a transfer from the first to the second.
    fn moved(
        &self,
        batch: u64,
        (mut from, mut to): (Holding, Holding),
        amount: u128,
    ) -> Result<(Holding, Holding), CarbonError> {
        from.tradable = self.taken(batch, &from, amount)?;
        to.tradable = more(to.tradable, amount);
        Ok((from, to))
    }

    fn store_move(
        &mut self,
        batch: u64,
        from: AccountId,
        to: AccountId,
        after: (Holding, Holding),
    ) {
        self.holdings.insert((batch, from), &after.0);
        self.holdings.insert((batch, to), &after.1);
    }

    /// What `owner` has, and what there is of the batch, when he is to use `amount` for good: it is
    /// not tradable any more.
    fn without(
        &self,
        owner: AccountId,
        batch: u64,
        amount: u128,
    ) -> Result<(Holding, Totals), CarbonError> {
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if self.is_frozen(owner) {
            return Err(CarbonError::Frozen);
        }
        let mut holding = self.balance_of(batch, owner);
        holding.tradable = self.taken(batch, &holding, amount)?;
        Ok((holding, self.totals(batch)))
    }

    /// What of a holding is still tradable when `amount` is taken away.
    fn taken(&self, batch: u64, holding: &Holding, amount: u128) -> Result<u128, CarbonError> {
        holding
            .tradable
            .checked_sub(amount)
            .ok_or_else(|| self.reason(batch, CarbonError::InsufficientBalance))
    }

    /// Why something of a batch does not suffice: there is no such batch, or else `otherwise`.
    fn reason(&self, batch: u64, otherwise: CarbonError) -> CarbonError {
        if self.batches.contains(batch) {
            otherwise
        } else {
            CarbonError::UnknownBatch
        }
    }
}
