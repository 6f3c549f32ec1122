//! Who earns, and who pays it.

use crate::{
    ensure, Account, Accrual, Answer, Flow, InTime as _, Pot, Refusal, Reply, Rewards, Spending,
    Tariff, World,
};

/// What an access came to, and what was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accrued {
    /// Which access.
    pub access: u64,
    /// Who told: the consent contract.
    pub by: Account,
    /// Whose data.
    pub owner: Account,
    /// Who asked for it.
    pub requester: Account,
    /// For what.
    pub purpose: u8,
    /// When.
    pub at: u64,
    /// What it came to.
    pub accrual: Accrual,
    /// Who paid it from the pot; `None`: the requester, or nobody.
    pub sponsor: Option<Account>,
    /// What was known.
    pub known: Known,
}

/// What was known when an access was accrued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether the contract was paused.
    pub paused: bool,
    /// The tariff at that moment.
    pub tariff: Tariff,
    /// When the same three had earned before.
    pub earned: Option<u64>,
    /// The purpose's pot.
    pub pot: Option<Pot>,
    /// What it had paid for the requester.
    pub spending: Option<Spending>,
    /// The requester's budget.
    pub budget: u128,
}

impl Rewards {
    /// What an access would come to, without booking it.
    pub(crate) fn accrual(
        &self,
        by: Account,
        at: u64,
        [owner, requester]: [Account; 2],
        purpose: u8,
        access: u64,
    ) -> Result<Accrued, Refusal> {
        ensure(self.consent == Some(by), "NotConsent")?;
        ensure(access > self.last_access, "AlreadyPaid")?;
        let known = Known {
            paused: self.governance.paused,
            tariff: self.tariff(purpose).at(at),
            earned: self.earned.get(&(owner, requester, purpose)).copied(),
            pot: self.pots.get(&purpose).copied(),
            spending: self.spent.get(&(purpose, requester)).copied(),
            budget: self.budget(&requester),
        };
        let Tariff { amount, required } = known.tariff;
        let again = |earned: u64| at < earned.saturating_add(self.period);
        let sponsor = self.sponsor_of(&known, at);
        let accrual = if amount == 0 || known.earned.is_some_and(again) {
            Accrual::Nothing
        } else if !known.paused && (sponsor.is_some() || known.budget >= amount) {
            Accrual::Earned(amount)
        } else if required {
            Accrual::Declined
        } else {
            Accrual::Unfunded
        };
        if let Accrual::Earned(amount) = accrual {
            self.statement(&owner).owed.checked_add(amount).ok_or("Overflow")?;
            self.totals.owed.checked_add(amount).ok_or("Overflow")?;
        }
        let sponsor = sponsor.filter(|_| matches!(accrual, Accrual::Earned(_)));
        Ok(Accrued { access, by, owner, requester, purpose, at, accrual, sponsor, known })
    }

    /// Who pays it from the pot, if it holds enough and may spend so much.
    fn sponsor_of(&self, known: &Known, at: u64) -> Option<Account> {
        let pot = known.pot?;
        let Spending { spent, .. } = self.running(known.spending, at);
        let amount = known.tariff.amount;
        let within = spent.checked_add(amount).is_some_and(|all| all <= pot.cap);
        (within && pot.balance >= amount).then_some(pot.sponsor)
    }

    /// What was spent in the period that runs at `at`.
    fn running(&self, spending: Option<Spending>, at: u64) -> Spending {
        let runs = |s: &Spending| at < s.since.saturating_add(self.period);
        spending.filter(runs).unwrap_or(Spending { since: at, spent: 0 })
    }

    pub(crate) fn book(&mut self, accrued: Accrued) {
        let Accrued { owner, requester, purpose, at, known, .. } = accrued;
        self.last_access = accrued.access;
        if let Accrual::Earned(amount) = accrued.accrual {
            if accrued.sponsor.is_some() {
                let Spending { since, spent } = self.running(known.spending, at);
                let spending = Spending { since, spent: spent + amount };
                self.spent.insert((purpose, requester), spending);
                self.pots.entry(purpose).and_modify(|pot| pot.balance -= amount);
                self.totals.pots -= amount;
            } else {
                self.budgets.insert(requester, known.budget - amount);
                self.totals.budgets -= amount;
            }
            self.statements.entry(owner).or_default().owed += amount;
            self.totals.owed += amount;
            self.earned.insert((owner, requester, purpose), at);
        }
        self.flows.push(Flow::Accrued(self.accruals.len()));
        self.accruals.push(accrued);
    }
}

impl World {
    /// `accrue`
    pub fn accrue(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        requester: Account,
        purpose: u8,
        access: u64,
    ) -> Reply {
        let accrued = self.rewards.accrual(caller, now, [owner, requester], purpose, access)?;
        self.rewards.book(accrued);
        Ok(Answer::Accrual(accrued.accrual))
    }
}
