//! Escrow: units that an operator, which is the market, holds for their owner until it gives them
//! back or delivers them. They stay in the owner's account.

use crate::data::{less, more, Data};
use assent_events::carbon::{Delivered, Escrowed, OperatorApproved, Released};
use assent_traits::carbon::EscrowError;
use ink::primitives::AccountId;

impl Data {
    /// Puts units of `owner` in escrow, for `operator`, who asks for it on his approval; `admitted`
    /// is about the owner.
    pub fn escrow(
        &mut self,
        operator: AccountId,
        admitted: bool,
        owner: AccountId,
        batch: u64,
        amount: u128,
    ) -> Result<(OperatorApproved, Escrowed), EscrowError> {
        if !admitted {
            return Err(EscrowError::NotAdmitted);
        }
        if amount == 0 {
            return Err(EscrowError::ZeroAmount);
        }
        if self.is_frozen(owner) || self.is_frozen(operator) {
            return Err(EscrowError::Frozen);
        }
        let Some(approval) = self.approval(owner, operator, batch).checked_sub(amount) else {
            // An approval is for a batch that there is.
            return Err(if self.batches.contains(batch) {
                EscrowError::NotApproved
            } else {
                EscrowError::UnknownBatch
            });
        };
        let mut holding = self.balance_of(batch, owner);
        holding.tradable =
            holding.tradable.checked_sub(amount).ok_or(EscrowError::InsufficientBalance)?;
        holding.escrowed = more(holding.escrowed, amount);
        let held = more(self.escrow_of(operator, owner, batch), amount);
        let mut totals = self.totals(batch);
        totals.escrowed = more(totals.escrowed, amount);

        let approved = self.store_approval(batch, owner, operator, approval);
        self.holdings.insert((batch, owner), &holding);
        self.escrows.insert((operator, owner, batch), &held);
        self.totals.insert(batch, &totals);
        Ok((approved, Escrowed { batch, owner, operator, amount }))
    }

    /// Gives units back that `operator` holds, whoever is frozen or suspended: nothing changes hands.
    pub fn release(
        &mut self,
        operator: AccountId,
        owner: AccountId,
        batch: u64,
        amount: u128,
    ) -> Result<Released, EscrowError> {
        if amount == 0 {
            return Err(EscrowError::ZeroAmount);
        }
        let held = self.held_after(operator, owner, batch, amount)?;
        let mut holding = self.balance_of(batch, owner);
        holding.escrowed = less(holding.escrowed, amount);
        holding.tradable = more(holding.tradable, amount);
        let mut totals = self.totals(batch);
        totals.escrowed = less(totals.escrowed, amount);

        self.holdings.insert((batch, owner), &holding);
        self.escrows.insert((operator, owner, batch), &held);
        self.totals.insert(batch, &totals);
        Ok(Released { batch, owner, operator, amount })
    }

    /// Makes units that `operator` holds for `owner` tradable units of `to`; `admitted` is about
    /// these two.
    pub fn deliver(
        &mut self,
        operator: AccountId,
        admitted: bool,
        owner: AccountId,
        batch: u64,
        to: AccountId,
        amount: u128,
    ) -> Result<Delivered, EscrowError> {
        if !admitted {
            return Err(EscrowError::NotAdmitted);
        }
        if amount == 0 {
            return Err(EscrowError::ZeroAmount);
        }
        if to == owner {
            return Err(EscrowError::SelfTransfer);
        }
        if self.is_frozen(owner) || self.is_frozen(to) || self.is_frozen(operator) {
            return Err(EscrowError::Frozen);
        }
        let held = self.held_after(operator, owner, batch, amount)?;
        let mut seller = self.balance_of(batch, owner);
        seller.escrowed = less(seller.escrowed, amount);
        let mut buyer = self.balance_of(batch, to);
        buyer.tradable = more(buyer.tradable, amount);
        let mut totals = self.totals(batch);
        totals.escrowed = less(totals.escrowed, amount);

        self.holdings.insert((batch, owner), &seller);
        self.holdings.insert((batch, to), &buyer);
        self.escrows.insert((operator, owner, batch), &held);
        self.totals.insert(batch, &totals);
        Ok(Delivered { batch, from: owner, to, amount, operator })
    }

    /// What `operator` holds for `owner`.
    pub fn escrow_of(&self, operator: AccountId, owner: AccountId, batch: u64) -> u128 {
        self.escrows.get((operator, owner, batch)).unwrap_or_default()
    }

    /// What `operator` still holds for `owner` when `amount` is taken away.
    fn held_after(
        &self,
        operator: AccountId,
        owner: AccountId,
        batch: u64,
        amount: u128,
    ) -> Result<u128, EscrowError> {
        let held = self.escrow_of(operator, owner, batch);
        held.checked_sub(amount).ok_or(EscrowError::InsufficientEscrow)
    }
}
