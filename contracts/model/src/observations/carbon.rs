//! What carbon has to answer.

use super::{Observer, PAGE};
use crate::{Counts, World, ZERO};

/// The numbers of the last page of so many, and the next, which is nothing's; and 0.
fn numbers(count: usize) -> impl Iterator<Item = u64> {
    let last = count as u64 + 1;
    [0].into_iter().chain(last.saturating_sub(PAGE as u64).max(1)..=last)
}

impl World {
    pub(super) fn see_carbon(&self, o: &mut Observer) {
        let c = &self.carbon;
        o.see("participants", (), self.setup.addresses.participants);
        o.see("token", (), self.setup.addresses.token);
        o.see("times", (), c.times);
        o.see("penalty", (), c.penalty);
        let [classes, projects] = [c.classes.len(), c.projects.len()].map(|n| n as u64);
        let [batches, periods] = [c.batches.len(), c.periods.len()].map(|n| n as u64);
        o.see("counts", (), Counts { classes, projects, batches, periods });
        for number in numbers(c.classes.len()) {
            o.see("class", number, c.classes.get(&number));
        }
        for number in numbers(c.projects.len()) {
            o.see("project", number, c.projects.get(&number));
        }
        for number in numbers(c.periods.len()) {
            o.see("period", number, c.periods.get(&number));
        }
        for account in self.setup.accounts.iter().chain([&ZERO]) {
            o.see("is_frozen", account, c.is_frozen(account));
            o.see("standing", account, c.standing(account));
            o.see("rating", account, c.rating(account));
        }
        for pair in self.pairs() {
            o.see("ratings", pair, (c.rating(&pair.0), c.rating(&pair.1)));
        }
        self.see_units(o);
        self.see_duties(o);
    }

    fn see_units(&self, o: &mut Observer) {
        let c = &self.carbon;
        for number in numbers(c.batches.len()) {
            o.see("batch", number, c.batches.get(&number));
            o.see("totals", number, c.total(number));
            for account in &self.setup.accounts {
                o.see("balance_of", (number, account), c.holding(number, account));
            }
        }
        for ((owner, operator, batch), left) in &c.approvals {
            o.see("approval", (owner, operator, batch), left);
            o.see("approval", (owner, operator, 0_u64), 0_u128);
            let reverse = c.approval(operator, owner, *batch);
            o.see("approval", (operator, owner, batch), reverse);
        }
        for ((operator, owner, batch), held) in &c.escrows {
            o.see("escrow_of", (operator, owner, batch), held);
            let reverse = c.escrow_of(owner, operator, *batch);
            o.see("escrow_of", (owner, operator, batch), reverse);
        }
        for (one, other) in self.pairs() {
            o.see("approval", (one, other, 1_u64), c.approval(&one, &other, 1));
            o.see("escrow_of", (one, other, 1_u64), c.escrow_of(&one, &other, 1));
        }
    }

    fn see_duties(&self, o: &mut Observer) {
        let c = &self.carbon;
        for period in numbers(c.periods.len()) {
            for account in &self.setup.accounts {
                let duty = c.duty(period, account);
                o.see("duty", (period, account), duty);
                for version in numbers(duty.reports as usize) {
                    let version = u32::try_from(version).unwrap_or(u32::MAX);
                    let report = c.reports.get(&(period, *account, version));
                    o.see("report", (period, account, version), report);
                }
            }
        }
    }
}
