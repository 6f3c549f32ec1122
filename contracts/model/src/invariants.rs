//! What holds in every world, stated without the rules that lead there: on the state, and on what
//! the history says was known when something was done.

/// Fails with the text unless the condition holds.
macro_rules! hold {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err(format!($($text)+));
        }
    };
}

mod carbon;
mod compliance;
mod consent;
mod decisions;
mod emergencies;
mod market;
mod participants;

use crate::{Chained as _, Contract, Participant, World, ZERO};
use std::collections::BTreeSet;

impl World {
    /// Every invariant, over the whole state and history.
    ///
    /// # Errors
    ///
    /// The first invariant that does not hold, in words.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.governance_holds()?;
        self.participants_hold()?;
        self.log_holds()?;
        self.outsiders_hold()?;
        self.permits_hold()?;
        self.last_decision_holds()?;
        self.grants_hold()?;
        self.denials_hold()?;
        self.emergencies_hold()?;
        self.token_holds()?;
        self.rewards_hold()?;
        self.reports_hold()?;
        self.registry_holds()?;
        self.units_hold()?;
        self.movements_hold()?;
        self.duties_hold()?;
        self.settlements_hold()?;
        self.orders_hold()?;
        self.fills_hold()
    }

    fn governance_holds(&self) -> Result<(), String> {
        for contract in Contract::ALL {
            let governance = self.governance(contract);
            hold!(governance.administrator != ZERO, "nobody is the administrator");
            hold!(governance.delay == self.setup.times.delay, "the delay changed");
        }
        Ok(())
    }

    fn token_holds(&self) -> Result<(), String> {
        let t = &self.token;
        let held = sum(t.balances.values().copied());
        hold!(held == Some(t.supply), "the supply is not the sum of the balances");
        let minted = sum(t.settlements.iter().map(|s| s.minted));
        let burned = sum(t.settlements.iter().map(|s| s.burned));
        let left = minted.zip(burned).and_then(|(minted, burned)| minted.checked_sub(burned));
        hold!(left == Some(t.supply), "minted {minted:?}, burned {burned:?}: {}", t.supply);
        hold!(t.cap == self.setup.token.cap, "the cap changed");
        hold!(t.cap.is_none_or(|cap| t.supply <= cap), "{} exceed the cap", t.supply);
        let receipts: BTreeSet<_> = t.settlements.iter().map(|s| s.receipt).collect();
        hold!(receipts.len() == t.settlements.len(), "a receipt was used twice");
        hold!(receipts == t.receipts, "a receipt was used for nothing, or forgotten");
        for (account, held) in &t.frozen {
            let holds = t.balance(account);
            hold!(holds == *held, "frozen with {held}, holds {holds}");
        }
        let nobody = t.treasury == ZERO || t.balance(&ZERO) > 0 || t.is_frozen(&ZERO);
        hold!(!nobody, "nobody has a part in it");
        Ok(())
    }

    fn rewards_hold(&self) -> Result<(), String> {
        let r = &self.rewards;
        let booked = r.totals.owed.checked_add(r.totals.unspent);
        let balance = self.token.balance(&self.setup.addresses.rewards);
        hold!(booked.is_some_and(|b| b <= balance), "{balance} do not cover {:?}", r.totals);
        let owed: u128 = r.statements.values().map(|s| s.owed).sum();
        hold!(owed == r.totals.owed, "owed to all: {owed}, {:?}", r.totals);
        let paid: u128 = r.statements.values().map(|s| s.paid).sum();
        hold!(paid == r.totals.paid, "paid to all: {paid}, {:?}", r.totals);

        let mut last = 0;
        for accrual in &r.accruals {
            hold!(accrual.access > last, "an access paid twice: {accrual:?}");
            last = accrual.access;
            let sound = accrual.amount == 0 || accrual.amount == accrual.tariff;
            hold!(sound, "not the tariff: {accrual:?}");
        }
        hold!(last == r.last_access, "the last access is not {}", r.last_access);
        let earned: u128 = r.accruals.iter().map(|a| a.amount).sum();
        let spent = earned + r.refunded;
        hold!(owed + paid == spent, "earned {earned}, refunded {}", r.refunded);
        hold!(r.funded == r.totals.unspent + spent, "funded {}, spent {spent}", r.funded);
        let contributions: u128 = r.contributions.values().sum();
        hold!(contributions + r.refunded == r.funded, "contributions: {contributions}");

        if r.consent == Some(self.setup.addresses.consent) {
            let accrued = r.accruals.iter().map(|a| (a.access, a.owner, a.purpose));
            // Of an emergency nothing is earned.
            let granted = self.consent.permits.iter().filter(|p| p.grant.is_some());
            let permits = granted.map(|p| (p.access, p.owner, p.purpose));
            hold!(accrued.eq(permits), "an accrual without a permit, or the reverse");
        }
        Ok(())
    }

    fn reports_hold(&self) -> Result<(), String> {
        let mut seen = 0;
        for (series, versions) in &self.reports.series {
            let mut previous = ZERO;
            for (position, version) in versions.iter().enumerate() {
                let number = version.sequence;
                seen += 1;
                hold!(number as usize == position + 1, "a gap in a series: {version:?}");
                hold!(version.owner == versions[0].owner, "another owner: {version:?}");
                hold!(version.previous == previous, "does not continue: {version:?}");
                let said = version.handed_in(*series);
                let anchored = self.reports.anchored.get(&(*series, number));
                hold!(anchored == Some(&said), "a root changed: {version:?}");
                hold!(version.head == said.head(), "not its head: {version:?}");
                previous = version.head;
                let revoked = self.reports.revoked.get(&(*series, number)).copied();
                hold!(version.revoked == revoked, "a revocation changed: {version:?}");
                let by = version.superseded_by;
                let next = by.is_none_or(|by| {
                    Some(by) == number.checked_add(1) && by as usize <= versions.len()
                });
                hold!(next, "superseded by none: {version:?}");
                let chunks = version.chunks > 0 && version.chunks <= version.byte_length;
                hold!(chunks && version.patient != version.doctor, "unsound: {version:?}");
            }
        }
        hold!(seen == self.reports.anchored.len(), "a version is gone");
        Ok(())
    }
}

/// All of them together, if that is an amount.
fn sum(mut amounts: impl Iterator<Item = u128>) -> Option<u128> {
    amounts.try_fold(0_u128, u128::checked_add)
}

/// Whether one of `roles` counts that a participant holds.
fn active(participant: Option<Participant>, roles: u16) -> bool {
    participant.is_some_and(|p| p.roles & roles & !p.suspended != 0)
}

/// The product of two amounts: its upper and its lower half.
fn product(one: u128, other: u128) -> (u128, u128) {
    let halves = |n: u128| (n >> 64, n & u128::from(u64::MAX));
    let ((a, b), (c, d)) = (halves(one), halves(other));
    let ((carried, lowest), (e, f), (g, h)) = (halves(b * d), halves(a * d), halves(b * c));
    let (more, middle) = halves(carried + f + h);
    (a * c + e + g + more, (middle << 64) | lowest)
}

/// Whether `amount` is a thousandth of the product of units and price, rounded up.
fn is_price(amount: u128, units_times_price: (u128, u128)) -> bool {
    let below = amount.checked_sub(1).is_none_or(|less| product(less, 1_000) < units_times_price);
    below && units_times_price <= product(amount, 1_000)
}
