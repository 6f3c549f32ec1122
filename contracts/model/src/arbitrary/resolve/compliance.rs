//! Lookups of periods and duties.

use super::{
    carbon::{numbered, Held},
    choose, named, Lookup, ANY, NOBODY,
};
use crate::{
    arbitrary::{CarbonIntent, Units, HOUR},
    role::EMITTER,
    Account, Carbon, CarbonMessage, Duty, Penalty, Standing, ZERO,
};

/// Units that `account` has still to surrender for a period, if it is to settle that one next.
pub(in crate::arbitrary) fn missing(carbon: &Carbon, period: u64, account: &Account) -> u128 {
    let Standing { deficit, surplus, .. } = carbon.standing(account);
    let Duty { verified, surrendered, .. } = carbon.duty(period, account);
    verified.saturating_add(deficit).saturating_sub(surrendered.saturating_add(surplus))
}

impl Lookup<'_> {
    /// A period and an account, those first of which `good` holds, of these the first.
    fn duty(&self, good: impl Fn(u64, &Account) -> bool, number: u8) -> (u64, Account) {
        let accounts = &self.world.setup.accounts;
        let periods = self.world.carbon.periods.keys().rev();
        let all: Vec<_> = periods.flat_map(|p| accounts.iter().map(|a| (*p, *a))).collect();
        choose(&all, |(period, account)| good(*period, account), number).unwrap_or((1, accounts[1]))
    }

    fn may_report(&self, period: u64, account: &Account, again: bool) -> bool {
        let (p, c) = (&self.world.participants, &self.world.carbon);
        let over = c.periods.get(&period).is_some_and(|period| period.end <= self.now);
        let duty = c.standing(account).next.is_some() || p.has_role(account, EMITTER);
        let open = !c.is_closed(period, account);
        over && duty && open && (again || c.duty(period, account).reports == 0)
    }

    fn emissions(&self, period: u64, account: &Account, number: u8) -> u128 {
        let Standing { deficit, surplus, .. } = self.world.carbon.standing(account);
        let has = self.world.carbon.duty(period, account).surrendered.saturating_add(surplus);
        let covered = has.saturating_sub(deficit);
        match number {
            0 => covered,
            1 => covered / 2,
            2 => covered.saturating_add(1),
            3 => 5_000,
            4 => 20_000,
            5 => 0,
            6 => u64::MAX.into(),
            _ => u128::from(u64::MAX) + 1,
        }
    }

    fn report(&self, (period, account): (u64, Account), emissions: u8) -> CarbonMessage {
        let report = named("emissions", emissions);
        let emissions = self.emissions(period, &account, emissions);
        CarbonMessage::ReportEmissions(period, account, emissions, report)
    }

    /// Allowances that `account` can surrender for a period.
    fn allowances(&self, period: u64, account: &Account) -> Option<Held> {
        let batches = &self.world.carbon.batches;
        let of = |batch| batches.get(&batch).and_then(|b| b.period);
        let good = |h: &Held| h.owner == *account && of(h.batch).is_some_and(|of| of <= period);
        self.held(good, 0).filter(|h| h.tradable > 0 && good(h))
    }

    /// What somebody misses who was reported, as far as he can.
    fn cover(&self, number: u8) -> Option<CarbonMessage> {
        let c = &self.world.carbon;
        let short = |period, account: &Account| {
            let open = c.duty(period, account).reports > 0 && !c.is_closed(period, account);
            open && missing(c, period, account) > 0 && self.allowances(period, account).is_some()
        };
        let (period, account) = self.duty(short, number);
        let held = self.allowances(period, &account).filter(|_| short(period, &account))?;
        let amount = missing(c, period, &account).min(held.tradable);
        Some(CarbonMessage::Surrender(period, held.batch, amount))
    }

    fn surrender(&self, holding: u8, period: u8, exact: bool, units: Units) -> CarbonMessage {
        let c = &self.world.carbon;
        let of = |batch: u64| c.batches.get(&batch).and_then(|b| b.period);
        // Before all, a surrender that comes just too late to be timely, because this moment is
        // easily got wrong and seldom met.
        let late = c.periods.iter().find(|(_, p)| p.settle_from == self.now).map(|(n, _)| *n);
        let reported =
            |p, account: &Account| c.duty(p, account).reports > 0 && !c.is_closed(p, account);
        let suits = |h: &Held| of(h.batch).is_some() && late.is_none_or(|p| reported(p, &h.owner));
        let held = self.held(suits, holding);
        let Some(held) = held else { return CarbonMessage::Surrender(1, 1, units.resolve(0)) };
        let periods: Vec<_> = c.periods.keys().rev().copied().collect();
        let open = |p: &u64| of(held.batch) <= Some(*p) && !c.is_closed(*p, &held.owner);
        let late = late.filter(|p| reported(*p, &held.owner) && open(p));
        let period = late.or_else(|| choose(&periods, open, period)).unwrap_or(1);
        let exactly = missing(c, period, &held.owner).min(held.tradable);
        let amount = if exact && exactly > 0 { exactly } else { units.resolve(held.tradable) };
        CarbonMessage::Surrender(period, held.batch, amount)
    }

    pub(super) fn compliance(&self, intent: &CarbonIntent) -> CarbonMessage {
        use CarbonMessage as M;
        let c = &self.world.carbon;
        match *intent {
            CarbonIntent::SetPenalty { tariff, collector } => {
                let tariff = [40, 1, 1_000, 0, u128::MAX][usize::from(tariff.min(4))];
                M::SetPenalty(tariff, self.collector(collector))
            }
            CarbonIntent::SetPeriod { start, length, cap } => {
                let ended = c.periods.values().last().map_or(self.now, |p| p.end);
                let recent = self.now.saturating_sub(10 * HOUR);
                let start = match start {
                    // Or it were over at once.
                    0 => ended.max(recent),
                    1 => ended.max(recent).saturating_add(10 * HOUR),
                    _ => ended.saturating_sub(1),
                };
                let end = match length {
                    0 => start.saturating_add(30 * HOUR),
                    1 => start.saturating_add(5 * HOUR),
                    2 => start,
                    _ => u64::MAX,
                };
                let cap = [100_000, 500, 0, u128::MAX][usize::from(cap.min(3))];
                M::SetPeriod(start, end, cap)
            }
            CarbonIntent::Allocate { period, account, units } => {
                let period = numbered(&c.periods, |_, p| self.now < p.settle_from, period);
                let batch = c.periods.get(&period).map_or(0, |p| p.batch);
                M::Allocate(period, self.with_role(EMITTER, account), units.resolve(c.room(batch)))
            }
            CarbonIntent::ReportEmissions { duty, emissions } => {
                let again = duty % 4 == 3;
                let good = |period, account: &Account| self.may_report(period, account, again);
                self.report(self.duty(good, duty), emissions)
            }
            CarbonIntent::Surrender { holding, period, missing, units } => {
                self.surrender(holding, period, missing, units)
            }
            CarbonIntent::SettlePeriod { duty } => {
                let next = |period: u64, account: &Account| {
                    c.standing(account).next == Some(period) && c.periods.contains_key(&period)
                };
                let good = |period: u64, account: &Account| {
                    let due = c.periods.get(&period).is_some_and(|p| p.settle_from <= self.now);
                    due && c.duty(period, account).reports > 0 && next(period, account)
                };
                let (period, account) = self.duty(good, duty);
                if duty >= ANY || good(period, &account) {
                    return M::SettlePeriod(period, account);
                }
                let unreported =
                    |period, account: &Account| self.may_report(period, account, false);
                let (period, account) = self.duty(unreported, duty);
                if unreported(period, &account) {
                    return self.report((period, account), duty % 4);
                }
                let (period, account) = self.duty(next, duty);
                M::SettlePeriod(period, account)
            }
            CarbonIntent::PayPenalty { duty } => {
                let owes = |period, account: &Account| {
                    c.duty(period, account).settlement.is_some_and(|s| s.penalty > 0 && !s.paid)
                };
                let (period, account) = self.duty(owes, duty);
                let instead = || self.cover(duty).filter(|_| duty < ANY);
                let pays = || M::PayPenalty(period, account);
                if owes(period, &account) {
                    pays()
                } else {
                    instead().unwrap_or_else(pays)
                }
            }
            _ => unreachable!("the other lookup has the other intents"),
        }
    }

    /// Who is to be paid.
    pub(super) fn collector(&self, number: u8) -> Account {
        let now = self.world.carbon.penalty.map(|Penalty { collector, .. }| collector);
        match (number, now) {
            (0, Some(collector)) => collector,
            (NOBODY, _) => ZERO,
            _ => self.account(|_| true, number),
        }
    }
}
