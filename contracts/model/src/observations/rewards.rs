//! What rewards has to answer.

use super::Observer;
use crate::{World, MASK_BITS};

impl World {
    pub(super) fn see_rewards(&self, o: &mut Observer) {
        let r = &self.rewards;
        o.see("token", (), self.setup.addresses.token);
        o.see("participants", (), self.setup.addresses.participants);
        o.see("consent", (), r.consent);
        o.see("period", (), r.period);
        o.see("totals", (), r.totals);
        let held = [r.totals.budgets, r.totals.pots, r.totals.owed];
        let balance = self.token.balance(&self.setup.addresses.rewards);
        let remainder = held.into_iter().fold(balance, u128::saturating_sub);
        o.see("remainder", (), Ok::<_, u8>(remainder));
        let purposes = [0, 1, 2, 3, MASK_BITS - 1, MASK_BITS];
        for purpose in purposes {
            o.see("tariff", purpose, r.tariff(purpose));
            o.see("pot", purpose, r.pots.get(&purpose));
        }
        for account in &self.setup.accounts {
            o.see("owed", account, r.statement(account).owed);
            o.see("statement", account, r.statement(account));
            o.see("budget", account, r.budget(account));
        }
        for (owner, requester) in self.pairs() {
            for purpose in [0, 1, MASK_BITS] {
                let three = (owner, requester, purpose);
                o.see("earned", three, r.earned.get(&three));
            }
        }
        for (three, at) in &r.earned {
            o.see("earned", three, Some(at));
        }
    }
}
