//! Compliance periods: their allowances, verified emissions, and what is surrendered for them.

use assent_events::AccountId;
use assent_events::carbon::{Allocated, EmissionsReported, PenaltySet, PeriodSet, Surrendered};

use super::units::{State, Units};
use super::{
    ALLOWANCES, Balance, Batch, Duty, EmissionReport, Fold, Penalty, Period, Standing, Surrender,
};
use crate::column::Singleton;
use crate::fold::scheduled::Scheduled;
use crate::fold::{Moment, Stop, bigint, contradiction, hex, key, plus};
use crate::rows::Rows;

/// The rating of an account before its first event that gives one.
const FIRST_RATING: i16 = 500;

impl Fold for PenaltySet {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Penalty>((Singleton,));
    }

    fn apply(&self, Moment { at, time_ms, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { tariff, collector, from } = *self;
        // Before the first one holds, nothing does.
        let before: Option<Penalty> = rows.get((Singleton,))?;
        let before = before.map_or(Scheduled::of(None), |before| before.scheduled());
        let set = before.set(Some((tariff, collector)), from, time_ms);
        let next = set.next.and_then(|(next, from)| next.zip(Some(from)));
        rows.put(Penalty {
            singleton: Singleton,
            tariff: set.value.map(|(tariff, _)| tariff),
            collector: set.value.map(|(_, collector)| collector),
            next_tariff: next.map(|((tariff, _), _)| tariff),
            next_collector: next.map(|((_, collector), _)| collector),
            next_from_ms: next.map(|(_, from)| from),
            at,
        })
    }
}

impl Penalty {
    /// Tariff and collector.
    pub(super) fn scheduled(&self) -> Scheduled<Option<(u128, AccountId)>> {
        let next = self.next_tariff.zip(self.next_collector);
        Scheduled {
            value: self.tariff.zip(self.collector),
            next: next.map(Some).zip(self.next_from_ms),
        }
    }
}

impl Fold for PeriodSet {
    fn want(&self, rows: &mut Rows) {
        let period = key(self.period);
        rows.want::<Period>((period,));
        if period > 1 {
            rows.want::<Period>((period - 1,));
        }
        rows.want::<Penalty>((Singleton,));
        rows.want::<Batch>((key(self.batch),));
    }

    fn apply(&self, Moment { at, time_ms, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, batch, start, end, settle_from, cap, tariff } = *self;
        let (period, batch) = (bigint(period, "period")?, bigint(batch, "batch")?);
        // Settlement goes from one period to the next by number, so these have no gaps.
        let follows = rows.get::<Period>((period,))?.is_none()
            && (period <= 1
                || rows.get::<Period>((period - 1,))?.is_some_and(|last| last.end_ms <= start));
        let set: Option<Penalty> = rows.get((Singleton,))?;
        let holds = set.and_then(|set| set.scheduled().at(time_ms));
        if !follows || holds.is_none_or(|(held, _)| held != tariff) {
            return contradiction(format!(
                "carbon period {period} does not follow the one before it, or has another tariff \
                 than the one that holds"
            ));
        }
        let other =
            || format!("carbon batch {batch} is not that of the allowances of period {period}");
        let before: Batch = rows.find((batch,), other)?;
        let serials = before.serial_end.checked_sub(before.serial_start);
        if before.class != ALLOWANCES
            || before.period.is_some()
            || (before.vintage_start_ms, before.vintage_end_ms) != (start, end)
            || serials.and_then(|last| last.checked_add(1)) != Some(cap)
        {
            return contradiction(other());
        }
        rows.put(Batch { period: Some(period), ..before })?;
        rows.append(Period {
            period,
            batch,
            start_ms: start,
            end_ms: end,
            settle_from_ms: settle_from,
            cap,
            tariff,
            at,
        });
        Ok(())
    }
}

impl Fold for Allocated {
    fn want(&self, rows: &mut Rows) {
        want_part(self.period, self.account, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, account, amount, by: _ } = *self;
        let (of, before) = take_part(bigint(period, "period")?, account, moment, rows)?;
        if moment.time_ms >= of.settle_from_ms {
            return contradiction(format!("the settlement of carbon period {period} has begun"));
        }
        let sum = || format!("what is allocated to {} for carbon period {period}", hex(account));
        rows.put(Duty { allocated: plus(before.allocated, amount, sum)?, ..before })
    }
}

impl Fold for EmissionsReported {
    fn want(&self, rows: &mut Rows) {
        want_part(self.period, self.account, rows);
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, account, verifier, version, emissions, report } = *self;
        let (period, version) = (bigint(period, "period")?, i64::from(version));
        let (of, before) = take_part(period, account, moment, rows)?;
        if version != before.reports + 1 || moment.time_ms < of.end_ms {
            return contradiction(format!(
                "version {version} is not the next one of the emissions of {} in carbon period \
                 {period}, or the period is not over",
                hex(account)
            ));
        }
        let now = bigint(moment.time_ms, "time_ms")?;
        rows.put(Duty {
            reports: version,
            verified: emissions,
            reported_at_ms: before.reported_at_ms.or(Some(now)),
            ..before
        })?;
        let at = moment.at;
        rows.append(EmissionReport { period, account, version, emissions, report, verifier, at });
        Ok(())
    }
}

impl Fold for Surrendered {
    fn want(&self, rows: &mut Rows) {
        want_part(self.period, self.account, rows);
        rows.want::<Batch>((key(self.batch),));
        rows.want::<Balance>((key(self.batch), self.account));
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, batch, account, amount } = *self;
        let period = bigint(period, "period")?;
        let units = Units::of(batch, amount, moment)?;
        let (_, before) = take_part(period, account, moment, rows)?;
        // Allowances of an earlier period count for a later one, never the other way round.
        let other =
            || format!("carbon batch {batch} holds no allowances that count for period {period}");
        let of: Batch = rows.find((units.batch,), other)?;
        if of.period.is_none_or(|of| of > period) {
            return contradiction(other());
        }
        let sum = || format!("what {} surrendered for carbon period {period}", hex(account));
        rows.put(Duty {
            surrendered: plus(before.surrendered, amount, sum)?,
            surrendered_at_ms: Some(bigint(moment.time_ms, "time_ms")?),
            ..before
        })?;
        units.turn(account, State::Tradable, State::Surrendered, rows)?;
        rows.append(Surrender { period, batch: units.batch, account, amount, at: moment.at });
        Ok(())
    }
}

fn want_part(period: u64, account: AccountId, rows: &mut Rows) {
    rows.want::<Period>((key(period),));
    rows.want::<Duty>((key(period), account));
    rows.want::<Standing>((account,));
}

/// Makes sure that the account has a standing, whose next period this is if none was settled and it is
/// the earliest. Returns the period, and the duty as it is, or a new one that its caller writes.
fn take_part(
    period: i64,
    account: AccountId,
    Moment { at, .. }: Moment,
    rows: &mut Rows,
) -> Result<(Period, Duty), Stop> {
    let of = rows.find((period,), || format!("carbon period {period} is not there"))?;
    match rows.get::<Standing>((account,))? {
        None => rows.put(Standing {
            account,
            next: period,
            settled: 0,
            compliant: 0,
            timely: 0,
            penalties: 0,
            paid: 0,
            deficit: 0,
            surplus: 0,
            rating: FIRST_RATING,
            at,
        })?,
        Some(before) if period < before.next && before.settled > 0 => {
            return contradiction(format!(
                "carbon period {period} is over for {}: a later one is settled next",
                hex(account)
            ));
        }
        Some(before) if period < before.next => rows.put(Standing { next: period, ..before })?,
        Some(_) => {}
    }
    let duty = rows.get((period, account))?.unwrap_or(Duty {
        period,
        account,
        allocated: 0,
        reports: 0,
        reported_at_ms: None,
        verified: 0,
        surrendered: 0,
        surrendered_at_ms: None,
        settled_at_ms: None,
        brought_deficit: None,
        brought_surplus: None,
        deficit: None,
        surplus: None,
        timely: None,
        penalty: None,
        paid_at_ms: None,
        payer: None,
        collector: None,
        at,
    });
    Ok((of, duty))
}
