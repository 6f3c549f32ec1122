//! What is paid into budgets and pots, and what is paid out.

use crate::{
    ensure, governance::running, Account, Answer, Pot, Refusal, Reply, Rewards, Statement, World,
    ZERO,
};

/// Something that moved money, or an accrual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Somebody paid into a budget.
    Funded {
        /// Whose.
        requester: Account,
        /// Who.
        from: Account,
        /// How much.
        amount: u128,
    },
    /// A requester took something of his budget back.
    BudgetWithdrawn {
        /// Who.
        requester: Account,
        /// How much.
        amount: u128,
    },
    /// The pot of a purpose was given to another, or to nobody.
    SponsorSet {
        /// Which.
        purpose: u8,
        /// To whom.
        sponsor: Option<Account>,
        /// Whose it was.
        previous: Option<Account>,
        /// What he had left in it.
        returned: u128,
    },
    /// A sponsor paid into a pot, or set its cap.
    Sponsored {
        /// Of which purpose.
        purpose: u8,
        /// Who.
        sponsor: Account,
        /// How much.
        amount: u128,
        /// What it pays for one requester in a period.
        cap: u128,
    },
    /// A sponsor took something of his pot back.
    PotWithdrawn {
        /// Of which purpose.
        purpose: u8,
        /// Who.
        sponsor: Account,
        /// How much.
        amount: u128,
    },
    /// An access was accrued: the one at this place of [`Rewards::accruals`].
    Accrued(usize),
    /// What was owed was paid out.
    Withdrawn {
        /// To whom it was owed.
        account: Account,
        /// Who got it.
        to: Account,
        /// How much.
        amount: u128,
    },
}

impl Rewards {
    /// More is owed to `account`.
    pub(super) fn owe(&mut self, account: Account, amount: u128) -> Result<(), Refusal> {
        let statement = self.statement(&account);
        let owed = statement.owed.checked_add(amount).ok_or("Overflow")?;
        let all = self.totals.owed.checked_add(amount).ok_or("Overflow")?;
        self.statements.insert(account, Statement { owed, ..statement });
        self.totals.owed = all;
        Ok(())
    }

    /// Whether it can hold so much more.
    fn has_room(&self, amount: u128) -> Result<(), Refusal> {
        let all = [self.totals.budgets, self.totals.pots, self.totals.owed, amount];
        let fits = all.into_iter().try_fold(0_u128, u128::checked_add);
        ensure(fits.is_some(), "Overflow")
    }

    /// The pot that `caller` fills.
    fn own_pot(&self, caller: Account, purpose: u8) -> Result<Pot, Refusal> {
        let own = self.pots.get(&purpose).filter(|pot| pot.sponsor == caller);
        own.copied().ok_or("NotSponsor")
    }
}

impl World {
    /// Takes it from what `from` lets the contract spend.
    fn pay_in(&mut self, from: Account, amount: u128) -> Result<(), Refusal> {
        let address = self.setup.addresses.rewards;
        self.token.transfer_from(address, from, address, amount).map_err(|_| "TokenFailed")
    }

    fn pay_to(&mut self, to: Account, amount: u128) -> Result<(), Refusal> {
        let address = self.setup.addresses.rewards;
        self.token.transfer(address, to, amount).map_err(|_| "TokenFailed")
    }

    /// That `key` may take what is `owner`'s; of its own account the token finds out.
    fn may_take(&self, owner: Account, key: Account) -> Result<(), Refusal> {
        ensure(owner == key || !self.token.is_frozen(&owner), "Frozen")
    }

    fn pay_key(&mut self, owner: Account, key: Account, amount: u128) -> Result<(), Refusal> {
        self.may_take(owner, key)?;
        self.pay_to(key, amount)
    }

    /// `sponsor`
    pub fn sponsor(&mut self, caller: Account, purpose: u8, amount: u128, cap: u128) -> Reply {
        let r = &self.rewards;
        running(&r.governance)?;
        let (key, caller) = (caller, self.participants.who(caller)?);
        let pot = r.own_pot(caller, purpose)?;
        r.has_room(amount)?;
        if amount > 0 {
            self.pay_in(key, amount)?;
        }
        let r = &mut self.rewards;
        r.pots.insert(purpose, Pot { balance: pot.balance + amount, cap, ..pot });
        r.totals.pots += amount;
        r.flows.push(Flow::Sponsored { purpose, sponsor: caller, amount, cap });
        Ok(Answer::Nothing)
    }

    /// `withdraw_pot`
    pub fn withdraw_pot(&mut self, caller: Account, purpose: u8, amount: u128) -> Reply {
        let (key, caller) = (caller, self.participants.who(caller)?);
        let pot = self.rewards.own_pot(caller, purpose)?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(amount <= pot.balance, "InsufficientPot")?;
        self.pay_key(caller, key, amount)?;
        let r = &mut self.rewards;
        r.pots.insert(purpose, Pot { balance: pot.balance - amount, ..pot });
        r.totals.pots -= amount;
        r.flows.push(Flow::PotWithdrawn { purpose, sponsor: caller, amount });
        Ok(Answer::Nothing)
    }

    /// `fund`
    pub fn fund(&mut self, caller: Account, requester: Account, amount: u128) -> Reply {
        running(&self.rewards.governance)?;
        ensure(self.participants.was_admitted(&requester), "NotAdmitted")?;
        ensure(amount > 0, "ZeroAmount")?;
        self.rewards.has_room(amount)?;
        self.pay_in(caller, amount)?;
        let r = &mut self.rewards;
        *r.budgets.entry(requester).or_default() += amount;
        r.totals.budgets += amount;
        r.flows.push(Flow::Funded { requester, from: caller, amount });
        Ok(Answer::Nothing)
    }

    /// `withdraw_budget`
    pub fn withdraw_budget(&mut self, caller: Account, amount: u128) -> Reply {
        let (key, caller) = (caller, self.participants.who(caller)?);
        ensure(amount > 0, "ZeroAmount")?;
        let budget = self.rewards.budget(&caller);
        ensure(amount <= budget, "InsufficientBudget")?;
        self.pay_key(caller, key, amount)?;
        let r = &mut self.rewards;
        r.budgets.insert(caller, budget - amount);
        r.totals.budgets -= amount;
        r.flows.push(Flow::BudgetWithdrawn { requester: caller, amount });
        Ok(Answer::Nothing)
    }

    /// `withdraw`
    pub fn withdraw(&mut self, caller: Account) -> Reply {
        let (key, caller) = (caller, self.participants.who(caller)?);
        ensure(self.rewards.statement(&caller).owed > 0, "NothingOwed")?;
        self.may_take(caller, key)?;
        self.pay_out(caller, key)
    }

    /// `withdraw_to`
    pub fn withdraw_to(&mut self, caller: Account, to: Account) -> Reply {
        let (key, caller) = (caller, self.participants.who(caller)?);
        ensure(to != ZERO && to != self.setup.addresses.rewards, "InvalidRecipient")?;
        ensure(self.rewards.statement(&caller).owed > 0, "NothingOwed")?;
        let frozen = [caller, key].iter().any(|account| self.token.is_frozen(account));
        ensure(!frozen, "Frozen")?;
        self.pay_out(caller, to)
    }

    fn pay_out(&mut self, account: Account, to: Account) -> Reply {
        let Statement { owed, paid } = self.rewards.statement(&account);
        ensure(owed > 0, "NothingOwed")?;
        self.pay_to(to, owed)?;
        let r = &mut self.rewards;
        r.statements.insert(account, Statement { owed: 0, paid: paid.saturating_add(owed) });
        r.totals.owed -= owed;
        r.totals.paid = r.totals.paid.saturating_add(owed);
        r.flows.push(Flow::Withdrawn { account, to, amount: owed });
        Ok(Answer::Amount(owed))
    }
}
