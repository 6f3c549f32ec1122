//! What holds of rewards: its books are kept once more, from what happened.

use super::{settings, sum};
use crate::{
    Account, Accrual, Accrued, Decision, DenyReason, Flow, Known, Pot, Rewards, Setting, Statement,
    Tariff, World, TREATMENT,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    pub(super) fn rewards_hold(&self) -> Result<(), String> {
        let r = &self.rewards;
        hold!(r.period == self.setup.rewards_times.period, "the period changed");
        let mut books = Books::default();
        for flow in &r.flows {
            books.enter(r, flow).map_err(|why| format!("{why}: {flow:?}"))?;
        }
        hold!(books.last == r.last_access, "the last access is not {}", r.last_access);
        hold!(some(&books.budgets) == some(&r.budgets), "budgets: {:?}", books.budgets);
        hold!(books.pots == r.pots, "pots: {:?}, {:?}", books.pots, r.pots);
        hold!(books.earned == r.earned, "earned when? {:?}, {:?}", books.earned, r.earned);
        let open = |all: &BTreeMap<Account, Statement>| {
            let mut all = all.clone();
            all.retain(|_, statement| *statement != Statement::default());
            all
        };
        let (found, kept) = (open(&books.statements), open(&r.statements));
        hold!(found == kept, "statements: {found:?}, {kept:?}");

        let t = &r.totals;
        let budgets = sum(r.budgets.values().copied());
        let pots = sum(r.pots.values().map(|pot| pot.balance));
        let owed = sum(r.statements.values().map(|s| s.owed));
        let paid = sum(r.statements.values().map(|s| s.paid));
        let sums = [budgets, pots, owed, paid];
        hold!(sums == [t.budgets, t.pots, t.owed, t.paid].map(Some), "{sums:?}: {t:?}");
        let balance = self.token.balance(&self.setup.addresses.rewards);
        let held = sum([t.budgets, t.pots, t.owed].into_iter());
        hold!(held.is_some_and(|held| held <= balance), "{balance} do not cover {t:?}");

        let purposes: BTreeSet<u8> = r.set.iter().map(|(purpose, _)| *purpose).collect();
        hold!(r.tariffs.keys().eq(&purposes), "a tariff is gone, or came from nowhere");
        for (purpose, stored) in &r.tariffs {
            let delay = r.governance.delay;
            settings::hold(Tariff::default(), &tariffs(r, *purpose), stored, delay)?;
        }
        self.earned_by_permits()
    }

    /// An access is accrued that a grant permits, or would if it were paid; and every such access.
    fn earned_by_permits(&self) -> Result<(), String> {
        if self.rewards.consent != Some(self.setup.addresses.consent) {
            return Ok(());
        }
        let mut due: BTreeMap<u64, (Account, Account, u8, bool)> = BTreeMap::new();
        for (owner, log) in &self.consent.logs {
            for entry in log.iter().filter(|entry| entry.grant.is_some()) {
                let declined = entry.decision == Decision::Deny(DenyReason::Unfunded);
                if declined || entry.decision == Decision::Permit {
                    due.insert(entry.access, (*owner, entry.requester, entry.purpose, declined));
                }
            }
        }
        let accrued = self.rewards.accruals.iter().map(|a| {
            let declined = a.accrual == Accrual::Declined;
            (a.access, (a.owner, a.requester, a.purpose, declined))
        });
        hold!(accrued.eq(due), "an accrual without a permit, or the reverse");
        Ok(())
    }
}

/// What was set for a purpose.
fn tariffs(r: &Rewards, purpose: u8) -> Vec<Setting<Tariff>> {
    let own = r.set.iter().filter(|(of, _)| *of == purpose);
    own.map(|(_, setting)| *setting).collect()
}

/// Those who have something.
fn some(budgets: &BTreeMap<Account, u128>) -> BTreeMap<Account, u128> {
    budgets.iter().filter(|(_, held)| **held > 0).map(|(who, held)| (*who, *held)).collect()
}

/// Who has what, told by what happened.
#[derive(Default)]
struct Books {
    last: u64,
    budgets: BTreeMap<Account, u128>,
    pots: BTreeMap<u8, Pot>,
    /// What the present sponsors paid for whom, and when.
    spent: BTreeMap<(u8, Account), Vec<(u64, u128)>>,
    statements: BTreeMap<Account, Statement>,
    earned: BTreeMap<(Account, Account, u8), u64>,
}

/// Adds to what is held.
fn add(held: &mut u128, amount: u128) -> Result<(), String> {
    *held = held.checked_add(amount).ok_or("more than there can be")?;
    Ok(())
}

/// Takes from what is held.
fn take(held: &mut u128, amount: u128) -> Result<(), String> {
    *held = held.checked_sub(amount).ok_or("more than there was")?;
    Ok(())
}

impl Books {
    fn enter(&mut self, r: &Rewards, flow: &Flow) -> Result<(), String> {
        match *flow {
            Flow::Funded { requester, amount, .. } => {
                hold!(amount > 0, "nothing");
                add(self.budgets.entry(requester).or_default(), amount)
            }
            Flow::BudgetWithdrawn { requester, amount } => {
                hold!(amount > 0, "nothing");
                take(self.budgets.entry(requester).or_default(), amount)
            }
            Flow::SponsorSet { purpose, sponsor, previous, returned } => {
                let old = self.pots.remove(&purpose);
                let left = old.map_or(0, |pot| pot.balance);
                hold!(old.map(|pot| pot.sponsor) == previous, "not his pot");
                hold!(left == returned && sponsor != previous, "returned {left}");
                if let Some(previous) = previous {
                    add(&mut self.statements.entry(previous).or_default().owed, returned)?;
                }
                let new = sponsor.map(|sponsor| (purpose, Pot { sponsor, balance: 0, cap: 0 }));
                self.pots.extend(new);
                self.spent.retain(|(of, _), _| *of != purpose);
                Ok(())
            }
            Flow::Sponsored { purpose, sponsor, amount, cap } => {
                let pot = self.pot(purpose, sponsor)?;
                pot.cap = cap;
                add(&mut pot.balance, amount)
            }
            Flow::PotWithdrawn { purpose, sponsor, amount } => {
                hold!(amount > 0, "nothing");
                take(&mut self.pot(purpose, sponsor)?.balance, amount)
            }
            Flow::Accrued(place) => {
                let accrued = r.accruals.get(place).ok_or("an accrual is gone")?;
                self.accrue(r, accrued).map_err(|why| format!("{why}: {accrued:?}"))
            }
            Flow::Withdrawn { account, amount, .. } => {
                let statement = self.statements.entry(account).or_default();
                hold!(statement.owed == amount && amount > 0, "not what was owed: {statement:?}");
                take(&mut statement.owed, amount)?;
                add(&mut statement.paid, amount)
            }
        }
    }

    fn pot(&mut self, purpose: u8, sponsor: Account) -> Result<&mut Pot, String> {
        let own = self.pots.get_mut(&purpose).filter(|pot| pot.sponsor == sponsor);
        own.ok_or_else(|| "not his pot".into())
    }

    fn accrue(&mut self, r: &Rewards, accrued: &Accrued) -> Result<(), String> {
        let Accrued { owner, requester, purpose, at, known, .. } = *accrued;
        hold!(accrued.access > self.last, "an access paid twice");
        self.last = accrued.access;
        let three = (owner, requester, purpose);
        let tariff = settings::in_effect(Tariff::default(), &tariffs(r, purpose), at);
        let pot = self.pots.get(&purpose).copied();
        let budget = self.budgets.get(&requester).copied().unwrap_or(0);
        let earned = self.earned.get(&three).copied();
        let told = (known.tariff, known.pot, known.budget, known.earned);
        hold!(told == (tariff, pot, budget, earned), "what was known is not so");

        let soon = earned.is_some_and(|earned| at.abs_diff(earned) < r.period);
        let payments = self.spent.get(&(purpose, requester)).map_or(&[][..], Vec::as_slice);
        let payer = Payer::of(&known, spent_by(payments, r.period, at));
        judged(accrued, soon, payer)?;

        if let Accrual::Earned(amount) = accrued.accrual {
            if let Some(sponsor) = accrued.sponsor {
                take(&mut self.pot(purpose, sponsor)?.balance, amount)?;
                self.spent.entry((purpose, requester)).or_default().push((at, amount));
            } else {
                take(self.budgets.entry(requester).or_default(), amount)?;
            }
            add(&mut self.statements.entry(owner).or_default().owed, amount)?;
            self.earned.insert(three, at);
        }
        Ok(())
    }
}

/// What was paid in the period that runs at `at`, when a period begins with the first payment after
/// the one before.
fn spent_by(payments: &[(u64, u128)], period: u64, at: u64) -> u128 {
    let (mut began, mut spent) = (None, 0_u128);
    for (then, amount) in payments {
        if began.is_none_or(|began| then.abs_diff(began) >= period) {
            (began, spent) = (Some(*then), 0);
        }
        spent = spent.saturating_add(*amount);
    }
    began.filter(|began| at.abs_diff(*began) < period).map_or(0, |_| spent)
}

/// Who has enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payer {
    Sponsor(Account),
    Requester,
    Nobody,
}

impl Payer {
    fn of(known: &Known, spent: u128) -> Self {
        let amount = known.tariff.amount;
        let holds = |pot: &Pot| pot.balance >= amount && pot.cap.saturating_sub(spent) >= amount;
        match known.pot.filter(holds) {
            Some(pot) => Self::Sponsor(pot.sponsor),
            None if known.budget >= amount => Self::Requester,
            None => Self::Nobody,
        }
    }
}

/// What an accrual implies.
fn judged(accrued: &Accrued, soon: bool, payer: Payer) -> Result<(), String> {
    let Known { paused, tariff, .. } = accrued.known;
    hold!(!tariff.required || accrued.purpose != TREATMENT, "care waits for money");
    let nothing = tariff.amount == 0 || soon;
    let pays = !paused && payer != Payer::Nobody;
    match accrued.accrual {
        Accrual::Nothing => hold!(nothing, "it earns something"),
        Accrual::Earned(amount) => {
            hold!(!nothing && pays, "it earns nothing, or not again so soon");
            hold!(amount == tariff.amount, "not the tariff");
            let by = accrued.sponsor.map_or(Payer::Requester, Payer::Sponsor);
            hold!(by == payer, "paid by another than {payer:?}");
        }
        Accrual::Unfunded | Accrual::Declined => {
            hold!(!nothing && !pays, "somebody pays");
            let declined = accrued.accrual == Accrual::Declined;
            hold!(declined == tariff.required, "required?");
        }
    }
    Ok(())
}
