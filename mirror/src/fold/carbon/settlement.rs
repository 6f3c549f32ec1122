//! What becomes of a period once it is settled for an account: deficit or surplus, penalty, rating.

use assent_events::carbon::{PenaltyImposed, PenaltyPaid, PeriodSettled};

use super::{Duty, Fold, Penalty, Period, Standing};
use crate::column::Singleton;
use crate::fold::{Moment, Stop, bigint, contradiction, hex, key, smallint};
use crate::rows::Rows;

/// Units in a credit, which tariffs are of.
const UNITS_PER_CREDIT: u128 = 1_000;

impl Fold for PeriodSettled {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Period>((key(self.period),));
        rows.want::<Duty>((key(self.period), self.account));
        rows.want::<Standing>((self.account,));
    }

    fn apply(&self, Moment { time_ms, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self {
            period,
            account,
            verified,
            surrendered,
            brought_deficit,
            brought_surplus,
            deficit,
            surplus,
            timely,
            rating: _,
        } = *self;
        let period = bigint(period, "period")?;
        let other = || {
            format!(
                "the settlement of carbon period {period} for {} is not of what was reported and \
                 surrendered, or comes too early",
                hex(account)
            )
        };
        let of: Period = rows.find((period,), other)?;
        let before: Duty = rows.find((period, account), other)?;
        let early = |ms: i64| i128::from(ms) < i128::from(of.settle_from_ms);
        let in_time = deficit == 0
            && before.reported_at_ms.is_some_and(early)
            && before.surrendered_at_ms.is_none_or(early);
        if before.settled_at_ms.is_some()
            || (before.verified, before.surrendered) != (verified, surrendered)
            || time_ms < of.settle_from_ms
            || timely != in_time
        {
            return contradiction(other());
        }
        rows.put(Duty {
            settled_at_ms: Some(bigint(time_ms, "time_ms")?),
            brought_deficit: Some(brought_deficit),
            brought_surplus: Some(brought_surplus),
            deficit: Some(deficit),
            surplus: Some(surplus),
            timely: Some(timely),
            ..before
        })?;
        stand(self, period, rows)
    }
}

/// What it says of the account. A deficit counts as a penalty at once: the event that imposes it
/// follows, and the rating of this one takes it into account.
fn stand(event: &PeriodSettled, period: i64, rows: &mut Rows) -> Result<(), Stop> {
    let other = || {
        format!(
            "carbon period {period} is not the next one of {}, or the one before it left something \
             else",
            hex(event.account)
        )
    };
    let before: Standing = rows.find((event.account,), other)?;
    if before.next != period
        || (before.deficit, before.surplus) != (event.brought_deficit, event.brought_surplus)
    {
        return contradiction(other());
    }
    let compliant = event.deficit == 0;
    rows.put(Standing {
        next: period + 1,
        settled: before.settled + 1,
        compliant: before.compliant + i64::from(compliant),
        timely: before.timely + i64::from(event.timely),
        penalties: before.penalties + i64::from(!compliant),
        deficit: event.deficit,
        surplus: event.surplus,
        rating: smallint(event.rating, "rating")?,
        ..before
    })
}

impl Fold for PenaltyImposed {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Period>((key(self.period),));
        rows.want::<Duty>((key(self.period), self.account));
    }

    fn apply(&self, _: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, account, deficit, amount } = *self;
        let period = bigint(period, "period")?;
        let other = || {
            format!(
                "the penalty of {} for carbon period {period} does not follow from its deficit",
                hex(account)
            )
        };
        let of: Period = rows.find((period,), other)?;
        let before: Duty = rows.find((period, account), other)?;
        // The contract computes with u128, of which the greatest stands for all that is greater.
        let due = deficit.saturating_mul(of.tariff).div_ceil(UNITS_PER_CREDIT);
        if before.deficit != Some(deficit) || before.penalty.is_some() || amount != due {
            return contradiction(other());
        }
        rows.put(Duty { penalty: Some(amount), ..before })
    }
}

impl Fold for PenaltyPaid {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Penalty>((Singleton,));
        rows.want::<Duty>((key(self.period), self.account));
        rows.want::<Standing>((self.account,));
    }

    fn apply(&self, Moment { time_ms, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { period, account, payer, collector, amount, rating } = *self;
        let period = bigint(period, "period")?;
        let other = || {
            format!(
                "{} owes no such penalty for carbon period {period}, or another collector is paid",
                hex(account)
            )
        };
        let set: Penalty = rows.find((Singleton,), other)?;
        let before: Duty = rows.find((period, account), other)?;
        if before.penalty != Some(amount)
            || before.paid_at_ms.is_some()
            || set.scheduled().at(time_ms).is_none_or(|(_, paid)| paid != collector)
        {
            return contradiction(other());
        }
        rows.put(Duty {
            paid_at_ms: Some(bigint(time_ms, "time_ms")?),
            payer: Some(payer),
            collector: Some(collector),
            ..before
        })?;
        let nobody = || format!("{} has no standing", hex(account));
        let before: Standing = rows.find((account,), nobody)?;
        let rating = smallint(rating, "rating")?;
        rows.put(Standing { paid: before.paid + 1, rating, ..before })
    }
}
