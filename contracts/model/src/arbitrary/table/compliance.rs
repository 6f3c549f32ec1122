//! Messages of carbon on periods and duties.

use super::{
    message,
    units::{numbered, Held},
    Call, Entry, Lookup,
};
use crate::{
    arbitrary::{
        lookup::{choose, last_of},
        picks::ANY,
        HOUR,
    },
    blake2b,
    role::{EMITTER, REGULATOR, VERIFIER},
    Account, CarbonMessage as M, Contract, Duty, InTime as _,
    Message::Carbon,
    Period, Standing, ZERO,
};
use assent_interface::carbon as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::SET_PENALTY, 4, |l, p| {
        let tariff = p.sound(3, [40, 1, 1_000, 0, u128::MAX]);
        let message = M::SetPenalty(tariff, l.collector(p.mostly_0(3, 9)));
        (Carbon(message), l.administrator(Contract::Carbon))
    }),
    message(labels::SET_PERIOD, 12, |l, p| {
        let last = l.world.carbon.periods.values().last();
        let ended = last.map_or(l.now, |period| period.end);
        // Or it were over at once.
        let next = ended.max(l.now.saturating_sub(10 * HOUR));
        let start = p.sound(2, [next, next.saturating_add(10 * HOUR), ended.saturating_sub(1)]);
        let after = |hours| start.saturating_add(hours * HOUR);
        let end = p.sound(2, [after(30), after(5), start, u64::MAX]);
        let cap = p.sound(2, [100_000, 500, 0, u128::MAX]);
        (Carbon(M::SetPeriod(start, end, cap)), l.having(REGULATOR))
    }),
    message(labels::ALLOCATE, 8, |l, p| {
        let c = &l.world.carbon;
        let period = numbered(&c.periods, |_, period| l.now < period.settle_from, p.known());
        let batch = c.periods.get(&period).map_or(0, |period| period.batch);
        let account = l.with_role(EMITTER, p.pick());
        let message = M::Allocate(period, account, p.units(c.room(batch)));
        (Carbon(message), l.having(REGULATOR))
    }),
    message(labels::REPORT_EMISSIONS, 32, |l, p| {
        let number = p.pick();
        let again = number % 4 == 3;
        let (period, account) = l.duty(|period, a| l.may_report(period, a, again), number);
        let emissions = p.sound(6, l.emissions(period, &account));
        l.report(period, account, emissions)
    }),
    message(labels::SURRENDER, 24, |l, p| {
        let (held, period) = l.due(p.pick(), p.pick());
        let Some(held) = held else { return l.surrender(period, 1, p.units(0)) };
        // Rather exactly what is missing.
        let exactly = l.missing(period, &held.owner).min(held.tradable);
        let exact = p.yes(50) && exactly > 0;
        l.surrender(period, held.batch, if exact { exactly } else { p.units(held.tradable) })
    }),
    // Or a report, if nothing can be settled.
    message(labels::SETTLE_PERIOD, 32, |l, p| {
        let (c, number) = (&l.world.carbon, p.pick());
        let next = |period, a: &Account| {
            c.standing(a).next == Some(period) && c.periods.contains_key(&period)
        };
        let good = |period, a: &Account| {
            let due = c.periods.get(&period).is_some_and(|p| p.settle_from <= l.now);
            due && c.duty(period, a).reports > 0 && next(period, a)
        };
        let unreported = |period, a: &Account| l.may_report(period, a, false);
        let mut duty = l.duty(good, number);
        if number < ANY && !good(duty.0, &duty.1) {
            let (period, account) = l.duty(unreported, number);
            if unreported(period, &account) {
                let emissions = l.emissions(period, &account)[usize::from(number % 4)];
                return l.report(period, account, emissions);
            }
            duty = l.duty(next, number);
        }
        (Carbon(M::SettlePeriod(duty.0, duty.1)), l.all(|_| true))
    }),
    // Or a surrender of what is missing, if nothing has to be paid.
    message(labels::PAY_PENALTY, 16, |l, p| {
        let (c, t, number) = (&l.world.carbon, &l.world.token, p.pick());
        let owed = |period, a: &Account| {
            c.duty(period, a).settlement.filter(|s| !s.paid).map_or(0, |s| s.penalty)
        };
        let (period, account) = l.duty(|period, a| owed(period, a) > 0, number);
        let penalty = owed(period, &account);
        let instead = if penalty == 0 && number < ANY { l.cover(number) } else { None };
        instead.unwrap_or_else(|| {
            let carbon = l.world.setup.addresses.carbon;
            let pays = |a: &Account| t.balance(a).min(t.allowance(a, &carbon)) >= penalty;
            (Carbon(M::PayPenalty(period, account)), l.all(|a| pays(a) && !t.is_frozen(a)))
        })
    }),
];

impl Lookup<'_> {
    /// Units that `account` has still to surrender for a period, if it is to settle that one next.
    fn missing(&self, period: u64, account: &Account) -> u128 {
        let Standing { deficit, surplus, .. } = self.world.carbon.standing(account);
        let Duty { verified, surrendered, .. } = self.world.carbon.duty(period, account);
        verified.saturating_add(deficit).saturating_sub(surrendered.saturating_add(surplus))
    }

    /// A period and an account, those first of which `good` holds, of these the first period.
    fn duty(&self, good: impl Fn(u64, &Account) -> bool, number: u8) -> (u64, Account) {
        let accounts = &self.world.setup.accounts;
        let periods = self.world.carbon.periods.keys();
        let all = periods.flat_map(|period| accounts.iter().rev().map(|a| (*period, *a)));
        choose(all, |(period, account)| good(*period, account), number).unwrap_or((1, accounts[1]))
    }

    fn must_report(&self, account: &Account) -> bool {
        let next = self.world.carbon.standing(account).next;
        next.is_some() || self.world.participants.has_role(account, EMITTER)
    }

    fn may_report(&self, period: u64, account: &Account, again: bool) -> bool {
        let c = &self.world.carbon;
        let over = c.periods.get(&period).is_some_and(|period| period.end <= self.now);
        let open = !c.is_closed(period, account);
        let first = c.duty(period, account).reports == 0;
        over && self.must_report(account) && open && (again || first)
    }

    /// Whether emissions were reported, and more may come.
    fn is_reported(&self, period: u64, account: &Account) -> bool {
        let c = &self.world.carbon;
        c.duty(period, account).reports > 0 && !c.is_closed(period, account)
    }

    /// What to report: exactly what is covered first; the last two are too many.
    fn emissions(&self, period: u64, account: &Account) -> [u128; 8] {
        let Standing { deficit, surplus, .. } = self.world.carbon.standing(account);
        let has = self.world.carbon.duty(period, account).surrendered.saturating_add(surplus);
        let covered = has.saturating_sub(deficit);
        let most = u128::from(u64::MAX);
        [covered, covered / 2, covered.saturating_add(1), 5_000, 20_000, 0, most, most + 1]
    }

    fn report(&self, period: u64, account: Account, emissions: u128) -> Call {
        let report = blake2b(&emissions.to_le_bytes());
        let report = M::ReportEmissions(period, account, emissions, report);
        let mut verifiers = self.having(VERIFIER);
        verifiers.sort_by_key(|verifier| *verifier == account);
        (Carbon(report), verifiers)
    }

    /// Allowances and the period to surrender them for.
    fn due(&self, holding: u8, period: u8) -> (Option<Held>, u64) {
        let c = &self.world.carbon;
        let of = |batch: u64| c.batches.get(&batch).and_then(|b| b.period);
        // Before all, a surrender that comes just too late to be timely, because this moment is
        // easily got wrong and seldom met.
        let late = c.periods.iter().find(|(_, p)| p.settle_from == self.now).map(|(n, _)| *n);
        let suits = |h: &Held| {
            of(h.batch).is_some() && late.is_none_or(|late| self.is_reported(late, &h.owner))
        };
        let held = self.held(suits, holding);
        let period = held.and_then(|h| {
            let open = |n: &u64, _: &Period| of(h.batch) <= Some(*n) && !c.is_closed(*n, &h.owner);
            let late = late.filter(|late| self.is_reported(*late, &h.owner));
            let late = late.filter(|late| of(h.batch) <= Some(*late));
            late.or_else(|| Some(last_of(&c.periods, open, period)?.0))
        });
        (held, period.unwrap_or(1))
    }

    fn surrender(&self, period: u64, batch: u64, amount: u128) -> Call {
        let c = &self.world.carbon;
        let mut holders = self.holders(batch, amount);
        holders.sort_by_key(|a| {
            let other = self.missing(period, a) != amount;
            let late = c.is_closed(period, a) || !self.must_report(a);
            (late, other, c.duty(period, a).reports == 0)
        });
        (Carbon(M::Surrender(period, batch, amount)), holders)
    }

    /// Allowances that `account` can surrender for a period.
    fn allowances(&self, period: u64, account: &Account) -> Option<Held> {
        let batches = &self.world.carbon.batches;
        let of = |batch| batches.get(&batch).and_then(|b| b.period);
        let good = |h: &Held| h.owner == *account && of(h.batch).is_some_and(|of| of <= period);
        self.held(good, 0).filter(|h| h.tradable > 0 && good(h))
    }

    /// A surrender of what somebody misses who was reported, as far as he can.
    fn cover(&self, number: u8) -> Option<Call> {
        let short = |period, account: &Account| {
            let misses = self.is_reported(period, account) && self.missing(period, account) > 0;
            misses && self.allowances(period, account).is_some()
        };
        let (period, account) = self.duty(short, number);
        let held = self.allowances(period, &account).filter(|_| short(period, &account))?;
        let amount = self.missing(period, &account).min(held.tradable);
        Some(self.surrender(period, held.batch, amount))
    }

    /// Who is to be paid.
    pub(super) fn collector(&self, number: u8) -> Account {
        match (number, self.world.carbon.penalty.at(self.now)) {
            (0, Some(penalty)) => penalty.collector,
            (9, _) => ZERO,
            _ => self.account(|_| true, number),
        }
    }
}
