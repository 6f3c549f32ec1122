//! Units that move, wait in escrow, or end.

use crate::{
    carbon::{Change, Movement},
    ensure,
    governance::running,
    Account, Answer, Carbon, Item, Refusal, Reply, World, MAX_BATCH,
};

impl Carbon {
    /// That `owner` can part with so many.
    pub(super) fn holds(&self, batch: u64, owner: &Account, amount: u128) -> Result<(), Refusal> {
        ensure(self.batches.contains_key(&batch), "UnknownBatch")?;
        ensure(self.holding(batch, owner).tradable >= amount, "InsufficientBalance")
    }

    /// That he can, and lets `operator`.
    fn lends(
        &self,
        owner: &Account,
        operator: &Account,
        batch: u64,
        amount: u128,
    ) -> Result<(), Refusal> {
        ensure(self.batches.contains_key(&batch), "UnknownBatch")?;
        ensure(self.approval(owner, operator, batch) >= amount, "NotApproved")?;
        self.holds(batch, owner, amount)
    }

    fn spend(&mut self, owner: Account, operator: Account, batch: u64, amount: u128) {
        let left = self.approval(&owner, &operator, batch) - amount;
        self.approvals.insert((owner, operator, batch), left);
    }

    /// The units of `owner` in `operator`'s escrow change by `more` less `fewer`.
    fn hold_in_escrow(&mut self, key: (Account, Account, u64), more: u128, fewer: u128) {
        let (operator, owner, batch) = key;
        let held = self.escrow_of(&operator, &owner, batch) + more - fewer;
        self.escrows.insert(key, held);
        let holding = self.holdings.entry((batch, owner)).or_default();
        holding.escrowed = holding.escrowed + more - fewer;
        let total = self.totals.entry(batch).or_default();
        total.escrowed = total.escrowed + more - fewer;
    }
}

impl World {
    /// Does what nothing stands against; `from` is whose units they are, `to` who else gets them.
    pub(super) fn carry_out(&mut self, movement: Movement) {
        self.note(movement);
        let Movement { change, batch, amount, by, from, to, .. } = movement;
        let owner = from.expect("only issued units come from nobody");
        let c = &mut self.carbon;
        let held = (by, owner, batch);
        match change {
            Change::Released | Change::Delivered => c.hold_in_escrow(held, 0, amount),
            _ => c.holdings.entry((batch, owner)).or_default().tradable -= amount,
        }
        let total = c.totals.entry(batch).or_default();
        let holding = c.holdings.entry((batch, owner)).or_default();
        match change {
            Change::Released => holding.tradable += amount,
            Change::Escrowed => c.hold_in_escrow(held, amount, 0),
            Change::Retired => {
                holding.retired += amount;
                total.retired += amount;
            }
            Change::Cancelled => {
                holding.cancelled += amount;
                total.cancelled += amount;
            }
            Change::Surrendered(_) => {
                holding.surrendered += amount;
                total.surrendered += amount;
            }
            Change::Transferred | Change::Delivered => {
                let to = to.expect("they go to somebody");
                c.holdings.entry((batch, to)).or_default().tradable += amount;
            }
            Change::Issued | Change::Approved => unreachable!("nothing is taken"),
        }
    }

    /// `transfer` of carbon
    pub fn transfer_units(
        &mut self,
        caller: Account,
        now: u64,
        batch: u64,
        to: Account,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.all_admitted(&[caller, to])?;
        self.hand_over(caller, now, to, Item { batch, amount })
    }

    /// `transfer_batch`
    pub fn transfer_batch(
        &mut self,
        caller: Account,
        now: u64,
        to: Account,
        items: &[Item],
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        ensure((1..=MAX_BATCH).contains(&items.len()), "BatchSize")?;
        self.all_admitted(&[caller, to])?;
        self.atomically(|world| {
            for item in items {
                world.hand_over(caller, now, to, *item)?;
            }
            Ok(Answer::Nothing)
        })
    }

    fn hand_over(&mut self, from: Account, at: u64, to: Account, item: Item) -> Reply {
        let Item { batch, amount } = item;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(from != to, "SelfTransfer")?;
        self.carbon.none_frozen(&[from, to])?;
        self.carbon.holds(batch, &from, amount)?;
        let change = Change::Transferred;
        let (by, from, to) = (from, Some(from), Some(to));
        self.carry_out(Movement { change, batch, amount, by, from, to, at });
        Ok(Answer::Nothing)
    }

    /// `approve` of carbon
    pub fn approve_operator(
        &mut self,
        caller: Account,
        now: u64,
        operator: Account,
        batch: u64,
        amount: u128,
    ) -> Reply {
        if amount > 0 {
            running(&self.carbon.governance)?;
        }
        let caller = self.participants.who(caller)?;
        ensure(operator != caller, "SelfApproval")?;
        ensure(self.carbon.batches.contains_key(&batch), "UnknownBatch")?;
        let (change, at) = (Change::Approved, now);
        let (by, from, to) = (caller, Some(caller), Some(operator));
        self.note(Movement { change, batch, amount, by, from, to, at });
        self.carbon.approvals.insert((caller, operator, batch), amount);
        Ok(Answer::Nothing)
    }

    /// `transfer_from` of carbon
    pub fn transfer_units_from(
        &mut self,
        caller: Account,
        now: u64,
        from: Account,
        batch: u64,
        to: Account,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.all_admitted(&[from, to])?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(from != to, "SelfTransfer")?;
        self.carbon.none_frozen(&[from, to, caller])?;
        self.carbon.lends(&from, &caller, batch, amount)?;
        self.carbon.spend(from, caller, batch, amount);
        let (change, at) = (Change::Transferred, now);
        let (by, from, to) = (caller, Some(from), Some(to));
        self.carry_out(Movement { change, batch, amount, by, from, to, at });
        Ok(Answer::Nothing)
    }

    /// `retire`
    pub fn retire(&mut self, caller: Account, now: u64, batch: u64, amount: u128) -> Reply {
        self.end(caller, now, batch, amount, Change::Retired)
    }

    /// `cancel` of carbon
    pub fn cancel_units(&mut self, caller: Account, now: u64, batch: u64, amount: u128) -> Reply {
        self.end(caller, now, batch, amount, Change::Cancelled)
    }

    fn end(&mut self, by: Account, at: u64, batch: u64, amount: u128, change: Change) -> Reply {
        let by = self.participants.who(by)?;
        ensure(amount > 0, "ZeroAmount")?;
        self.carbon.none_frozen(&[by])?;
        self.carbon.holds(batch, &by, amount)?;
        self.carry_out(Movement { change, batch, amount, by, from: Some(by), to: None, at });
        Ok(Answer::Nothing)
    }

    /// `escrow`
    pub fn escrow(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        batch: u64,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.identity(&caller).ok_or("NotApproved")?;
        self.all_admitted(&[owner])?;
        ensure(amount > 0, "ZeroAmount")?;
        self.carbon.none_frozen(&[owner, caller])?;
        self.carbon.lends(&owner, &caller, batch, amount)?;
        self.carbon.spend(owner, caller, batch, amount);
        let (change, at) = (Change::Escrowed, now);
        let (by, from) = (caller, Some(owner));
        self.carry_out(Movement { change, batch, amount, by, from, to: None, at });
        Ok(Answer::Nothing)
    }

    /// `release`
    pub fn release(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        batch: u64,
        amount: u128,
    ) -> Reply {
        ensure(amount > 0, "ZeroAmount")?;
        // What is his own account's he gives back by whatever key.
        let own = self.carbon.escrow_of(&caller, &owner, batch) >= amount;
        let acting = self.participants.identity(&caller).filter(|_| !own);
        let caller = acting.unwrap_or(caller);
        let held = self.carbon.escrow_of(&caller, &owner, batch);
        ensure(held >= amount, "InsufficientEscrow")?;
        let (change, at) = (Change::Released, now);
        let (by, from) = (caller, Some(owner));
        self.carry_out(Movement { change, batch, amount, by, from, to: None, at });
        Ok(Answer::Nothing)
    }

    /// `deliver`
    pub fn deliver(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        batch: u64,
        to: Account,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.identity(&caller).ok_or("InsufficientEscrow")?;
        self.all_admitted(&[owner, to])?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(owner != to, "SelfTransfer")?;
        self.carbon.none_frozen(&[owner, to, caller])?;
        let held = self.carbon.escrow_of(&caller, &owner, batch);
        ensure(held >= amount, "InsufficientEscrow")?;
        let (change, at) = (Change::Delivered, now);
        let (by, from, to) = (caller, Some(owner), Some(to));
        self.carry_out(Movement { change, batch, amount, by, from, to, at });
        Ok(Answer::Nothing)
    }
}
