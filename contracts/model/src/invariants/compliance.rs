//! What holds of periods, duties, settlements and penalties.

use super::{is_price, product, settings};
use crate::{
    role::VERIFIER, Account, Change, Duty, Paid, Period, Report, Settlement, Standing, World,
    ALLOWANCES,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    pub(super) fn duties_hold(&self) -> Result<(), String> {
        let c = &self.carbon;
        let mut ended = 0;
        let periods: Vec<Period> = c.periods.values().copied().collect();
        hold!(c.opened.iter().map(|(_, period)| period).eq(&periods), "a period changed");
        self.tariffs_hold()?;
        for (number, period) in (1..).zip(&periods) {
            let Period { batch, start, end, cap, .. } = *period;
            hold!(c.periods.get(&number) == Some(period), "a gap before period {number}");
            hold!(ended <= start && start < end, "two periods at once: {period:?}");
            ended = end;
            let due = period.settle_from.checked_sub(end) == Some(c.times.compliance);
            hold!(due && period.tariff > 0, "no consequence: {period:?}");
            let of = c.batches.get(&batch).ok_or("a period without allowances")?;
            let fits = of.class == ALLOWANCES && of.period == Some(number);
            hold!(fits && of.serial_end - of.serial_start == cap - 1, "{period:?}: {of:?}");
            let allocated = c.duties.iter().filter(|((p, _), _)| *p == number);
            let allocated = super::sum(allocated.map(|(_, duty)| duty.allocated));
            hold!(allocated == Some(c.total(batch).issued), "allocated to nobody: {period:?}");
        }
        let mut found: BTreeMap<(u64, Account), Duty> = BTreeMap::new();
        self.reported(&mut found)?;
        self.surrendered(&mut found)?;
        for (key, duty) in &c.duties {
            let found = found.remove(key).unwrap_or_default();
            hold!(Duty { settlement: None, ..*duty } == found, "{duty:?}, but told: {found:?}");
        }
        hold!(found.is_empty(), "duties are forgotten: {found:?}");
        Ok(())
    }

    /// A penalty waits; a period has the tariff of the moment at which it was set, and the collector is
    /// paid who is one at the moment.
    fn tariffs_hold(&self) -> Result<(), String> {
        let c = &self.carbon;
        settings::hold(None, &c.penalties, &c.penalty, c.governance.delay)?;
        let then = |at| settings::in_effect(None, &c.penalties, at);
        for (at, period) in &c.opened {
            let tariff = then(*at).map(|penalty| penalty.tariff);
            hold!(tariff == Some(period.tariff), "not the tariff of {at}: {period:?}");
        }
        for paid in &c.paid {
            let collector = then(paid.at).map(|penalty| penalty.collector);
            hold!(collector == Some(paid.collector), "paid to another: {paid:?}");
        }
        Ok(())
    }

    /// Adds what verifiers said.
    fn reported(&self, found: &mut BTreeMap<(u64, Account), Duty>) -> Result<(), String> {
        let c = &self.carbon;
        let mut reports: BTreeMap<(u64, Account, u32), Report> = BTreeMap::new();
        for verified in &c.verified {
            let Report { emissions, verifier, at, .. } = verified.report;
            let key = (verified.period, verified.account);
            let duty = found.entry(key).or_default();
            duty.reports += 1;
            duty.reported_at = duty.reported_at.or(Some(at));
            duty.verified = emissions;
            reports.insert((key.0, key.1, duty.reports), verified.report);
            let by_another = verifier != verified.account;
            let verifier = super::active(verified.verifier_is, VERIFIER);
            hold!(by_another && verifier, "not by a verifier: {verified:?}");
            let over = c.periods.get(&verified.period).is_some_and(|p| p.end <= at);
            hold!(over && emissions >> 64 == 0, "too early, or too much: {verified:?}");
        }
        hold!(reports == c.reports, "a report changed");
        Ok(())
    }

    /// Adds what the journal says of allowances.
    fn surrendered(&self, found: &mut BTreeMap<(u64, Account), Duty>) -> Result<(), String> {
        let c = &self.carbon;
        for entry in &c.journal {
            let movement = entry.movement;
            let of = c.batches.get(&movement.batch).and_then(|b| b.period);
            match (movement.change, of) {
                (Change::Issued, Some(period)) => {
                    let account = movement.to.unwrap_or_default();
                    found.entry((period, account)).or_default().allocated += movement.amount;
                    let terms = c.periods.get(&period);
                    let open = terms.is_some_and(|p| movement.at < p.settle_from);
                    hold!(open, "allocated after the period: {movement:?}");
                }
                (Change::Surrendered(period), of) => {
                    let account = movement.from.unwrap_or_default();
                    let duty = found.entry((period, account)).or_default();
                    duty.surrendered += movement.amount;
                    duty.surrendered_at = Some(movement.at);
                    hold!(of.is_some_and(|of| of <= period), "not for this period: {movement:?}");
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn settlements_hold(&self) -> Result<(), String> {
        let c = &self.carbon;
        let settled: BTreeSet<_> = c.settled.iter().map(|s| (s.period, s.account)).collect();
        hold!(settled.len() == c.settled.len(), "settled twice");
        let with = c.duties.iter().filter(|(_, duty)| duty.settlement.is_some());
        hold!(with.map(|(key, _)| *key).eq(settled.iter().copied()), "settled without a trace");
        for s in &c.settled {
            let duty = c.duty(s.period, &s.account);
            let still = (s.verified, s.surrendered) == (duty.verified, duty.surrendered);
            hold!(still, "told after it was settled: {s:?}, {duty:?}");
            let due = c.periods.get(&s.period).is_some_and(|p| p.settle_from <= s.at);
            hold!(due && duty.reports > 0, "settled too early: {s:?}");
        }
        let paid: BTreeSet<_> = c.paid.iter().map(|p| (p.period, p.account)).collect();
        hold!(paid.len() == c.paid.len(), "paid twice");
        for payment in &c.paid {
            self.payment_holds(payment).map_err(|why| format!("{why}: {payment:?}"))?;
        }
        let accounts: BTreeSet<_> = c.duties.keys().map(|(_, account)| account).collect();
        hold!(c.standings.keys().eq(accounts), "standings of others");
        for (account, standing) in &c.standings {
            self.standing_holds(account, standing, &paid)
                .map_err(|why| format!("{why}: {standing:?}"))?;
        }
        Ok(())
    }

    /// A payment moves the penalty and nothing else; above all, it leaves the deficit.
    fn payment_holds(&self, payment: &Paid) -> Result<(), String> {
        let Paid { payer, collector, before, after, stood, stands, .. } = *payment;
        let duty = self.carbon.duty(payment.period, &payment.account);
        let amount = duty.settlement.map_or(0, |s| s.penalty);
        hold!(amount > 0, "no penalty");
        hold!(stands == Standing { paid: stands.paid, ..stood }, "it changed more than it may");
        hold!(stands.paid.checked_sub(stood.paid) == Some(1), "counted how often?");
        let moved = if payer == collector { 0 } else { amount };
        let lost = before[0].checked_sub(after[0]) == Some(moved);
        let got = after[1].checked_sub(before[1]) == Some(moved);
        hold!(lost && got, "{moved} did not move");
        Ok(())
    }

    /// Where an account stands is what its settlements add up to.
    fn standing_holds(
        &self,
        account: &Account,
        standing: &Standing,
        paid: &BTreeSet<(u64, Account)>,
    ) -> Result<(), String> {
        let c = &self.carbon;
        let mut found = Standing::default();
        // All that was surrendered and all that was verified so far.
        let (mut surrendered, mut verified) = (0_u128, 0_u128);
        let own = c.duties.iter().filter(|((_, a), _)| a == account);
        for ((period, _), duty) in own {
            let Some(settlement) = duty.settlement else {
                // Nothing is passed over.
                found.next = found.next.or(Some(*period));
                hold!(found.settled == 0 || found.next <= Some(*period), "period {period}?");
                continue;
            };
            let follows = found.settled == 0 && found.next.is_none() || found.next == Some(*period);
            hold!(follows, "period {period} is out of turn");
            let brought = (settlement.brought_deficit, settlement.brought_surplus);
            hold!(brought == apart(verified, surrendered), "period {period} begins anew");
            surrendered = surrendered.checked_add(duty.surrendered).ok_or("too many units")?;
            verified = verified.checked_add(duty.verified).ok_or("too many units")?;
            (found.deficit, found.surplus) = apart(verified, surrendered);
            let carried = (settlement.deficit, settlement.surplus);
            hold!(carried == (found.deficit, found.surplus), "period {period}: {settlement:?}");
            self.settlement_holds(*period, duty, &settlement)?;
            hold!(settlement.paid == paid.contains(&(*period, *account)), "paid by whom?");

            found.next = period.checked_add(1);
            found.settled += 1;
            found.compliant += u32::from(settlement.deficit == 0);
            found.timely += u32::from(settlement.timely);
            found.penalties += u32::from(settlement.penalty > 0);
            found.paid += u32::from(settlement.paid);
        }
        hold!(*standing == found, "the settlements come to {found:?}");
        let rating = rated(&found);
        hold!(c.rating(account) == rating, "rated {}, deserves {rating}", c.rating(account));
        Ok(())
    }

    fn settlement_holds(&self, number: u64, duty: &Duty, s: &Settlement) -> Result<(), String> {
        let period = self.carbon.periods.get(&number).ok_or("settled what?")?;
        let in_time = |at: Option<u64>| at.is_none_or(|at| at < period.settle_from);
        let timely = in_time(duty.reported_at) && in_time(duty.surrendered_at) && s.deficit == 0;
        hold!(s.timely == timely, "in time? {s:?}");
        let due = match product(s.deficit, period.tariff) {
            (0, due) => (0, due),
            _ => (0, u128::MAX),
        };
        hold!(is_price(s.penalty, due), "not the tariff of {period:?}: {s:?}");
        hold!((s.deficit > 0) == (s.penalty > 0), "a penalty for nothing, or none: {s:?}");
        Ok(())
    }
}

/// How much the first is above the second, and the second above the first.
fn apart(one: u128, other: u128) -> (u128, u128) {
    (one - one.min(other), other - other.min(one))
}

/// The rating that counters come to: each part is the greatest number of points that its share of
/// all is not below.
fn rated(standing: &Standing) -> u16 {
    let earned = |points: u16, part: u32, whole: u32| {
        let reached =
            |n: &u16| u64::from(*n) * u64::from(whole) <= u64::from(points) * u64::from(part);
        (0..=points).rev().find(reached).unwrap_or(0)
    };
    match standing.settled {
        0 => 500,
        all => {
            // Of no penalty all is paid.
            let paid = earned(150, standing.paid, standing.penalties);
            earned(600, standing.compliant, all) + earned(250, standing.timely, all) + paid
        }
    }
}
