//! Compliance periods: their allowances, verified emissions, and what is surrendered for them.

use assent_events::AccountId;
use assent_events::carbon::{Allocated, EmissionsReported, PenaltySet, PeriodSet, Surrendered};
use sqlx::PgConnection;

use super::{State, Units};
use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for PenaltySet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { tariff, collector } = *self;
        sqlx::query(
            "insert into carbon_penalty (tariff, collector, block_number, event_index) \
             values ($1::text::amount, $2, $3, $4) on conflict (singleton) do update set \
             tariff = excluded.tariff, collector = excluded.collector, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(tariff.to_string())
        .bind(collector.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for PeriodSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, batch, start, end, settle_from, cap, tariff } = *self;
        let (period, batch) = (bigint(period, "period")?, bigint(batch, "batch")?);
        // Settlement goes from one period to the next by number, so these have no gaps.
        let done = sqlx::query(
            "insert into carbon_periods (period, batch, start_ms, end_ms, settle_from_ms, cap, \
             tariff, block_number, event_index) \
             select $1, $2, $3::text::u64, $4::text::u64, $5::text::u64, $6::text::amount, \
             tariff, $8, $9 from carbon_penalty where tariff = $7::text::amount \
             and $1 = (select coalesce(max(period), 0) + 1 from carbon_periods) \
             and $3::text::u64 >= (select coalesce(max(end_ms), 0) from carbon_periods)",
        )
        .bind(period)
        .bind(batch)
        .bind(start.to_string())
        .bind(end.to_string())
        .bind(settle_from.to_string())
        .bind(cap.to_string())
        .bind(tariff.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "carbon period {period} does not follow the one before it, or has another tariff \
                 than the one that is set"
            )
        })?;
        let done = sqlx::query(
            "update carbon_batches set period = $2, block_number = $6, event_index = $7 \
             where batch = $1 and class = 1 and period is null \
             and vintage_start_ms = $3::text::u64 and vintage_end_ms = $4::text::u64 \
             and serial_end - serial_start + 1 = $5::text::amount",
        )
        .bind(batch)
        .bind(period)
        .bind(start.to_string())
        .bind(end.to_string())
        .bind(cap.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("carbon batch {batch} is not that of the allowances of period {period}")
        })
    }
}

impl Commit for Allocated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, account, amount, by: _ } = *self;
        let period = bigint(period, "period")?;
        take_part(period, account, at, &mut *db).await?;
        let done = sqlx::query(
            "update carbon_duties d set allocated = allocated + $3::text::amount, \
             block_number = $4, event_index = $5 from carbon_periods p, blocks b \
             where d.period = $1 and d.account = $2 and p.period = d.period \
             and b.number = $4 and b.time_ms < p.settle_from_ms",
        )
        .bind(period)
        .bind(account.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("the settlement of carbon period {period} has begun"))
    }
}

impl Commit for EmissionsReported {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, account, verifier, version, emissions, report } = *self;
        let period = bigint(period, "period")?;
        take_part(period, account, at, &mut *db).await?;
        let done = sqlx::query(
            "update carbon_duties d set reports = $3, verified = $4::text::amount, \
             reported_at_ms = coalesce(d.reported_at_ms, b.time_ms), \
             block_number = $5, event_index = $6 from carbon_periods p, blocks b \
             where d.period = $1 and d.account = $2 and d.reports = $3 - 1 \
             and p.period = d.period and b.number = $5 and b.time_ms >= p.end_ms",
        )
        .bind(period)
        .bind(account.0)
        .bind(i64::from(version))
        .bind(emissions.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "version {} is not the next one of the emissions of 0x{} in carbon period \
                 {period}, or the period is not over",
                version,
                hex::encode(account.0)
            )
        })?;
        sqlx::query(
            "insert into carbon_emission_reports (period, account, version, emissions, report, \
             verifier, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6, $7, $8)",
        )
        .bind(period)
        .bind(account.0)
        .bind(i64::from(version))
        .bind(emissions.to_string())
        .bind(report)
        .bind(verifier.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Surrendered {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, batch, account, amount } = *self;
        let period = bigint(period, "period")?;
        let units = Units::of(batch, amount)?;
        take_part(period, account, at, &mut *db).await?;
        // Allowances of an earlier period count for a later one, never the other way round.
        let done = sqlx::query(
            "update carbon_duties d set surrendered = d.surrendered + $4::text::amount, \
             surrendered_at_ms = b.time_ms, block_number = $5, event_index = $6 \
             from carbon_batches c, blocks b where d.period = $1 and d.account = $2 \
             and c.batch = $3 and c.period <= d.period and b.number = $5",
        )
        .bind(period)
        .bind(account.0)
        .bind(units.batch)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "carbon batch {} holds no allowances that count for period {period}",
                units.batch
            )
        })?;
        units.turn(account, State::Tradable, State::Surrendered, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_surrenders \
             (block_number, event_index, period, batch, account, amount) \
             values ($1, $2, $3, $4, $5, $6::text::amount)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(period)
        .bind(units.batch)
        .bind(account.0)
        .bind(amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Makes sure that the account takes part in the period: that it has a standing, whose next period
/// this is if none was settled and it is the earliest, and a duty.
///
/// Errors: [`CommitError::Inconsistent`] when a later period is settled next.
async fn take_part(
    period: i64,
    account: AccountId,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let over: bool = sqlx::query_scalar(
        "select exists(select from carbon_standings \
         where account = $1 and settled > 0 and next > $2)",
    )
    .bind(account.0)
    .bind(period)
    .fetch_one(&mut *db)
    .await?;
    if over {
        return Err(CommitError::Inconsistent(format!(
            "carbon period {period} is over for 0x{}: a later one is settled next",
            hex::encode(account.0)
        )));
    }
    sqlx::query(
        "insert into carbon_standings (account, next, block_number, event_index) \
         values ($1, $2, $3, $4) on conflict (account) do update set next = excluded.next, \
         block_number = excluded.block_number, event_index = excluded.event_index \
         where carbon_standings.settled = 0 and excluded.next < carbon_standings.next",
    )
    .bind(account.0)
    .bind(period)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "insert into carbon_duties (period, account, block_number, event_index) \
         values ($1, $2, $3, $4) on conflict (period, account) do nothing",
    )
    .bind(period)
    .bind(account.0)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}
