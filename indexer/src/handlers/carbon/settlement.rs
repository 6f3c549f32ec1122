//! What becomes of a period once it is settled for an account: deficit or surplus, penalty, rating.

use assent_events::carbon::{PenaltyImposed, PenaltyPaid, PeriodSettled};
use sqlx::PgConnection;

use crate::handlers::{Commit, CommitError, Position, bigint, one_row, smallint};

impl Commit for PeriodSettled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
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
        let done = sqlx::query(
            "update carbon_duties d set settled_at_ms = b.time_ms, \
             brought_deficit = $5::text::amount, brought_surplus = $6::text::amount, \
             deficit = $7::text::amount, surplus = $8::text::amount, timely = $9, \
             block_number = $10, event_index = $11 from carbon_periods p, blocks b \
             where d.period = $1 and d.account = $2 and d.settled_at_ms is null \
             and d.verified = $3::text::amount and d.surrendered = $4::text::amount \
             and p.period = d.period and b.number = $10 and b.time_ms >= p.settle_from_ms \
             and $9 = ($7::text::amount = 0 and d.reported_at_ms < p.settle_from_ms \
             and coalesce(d.surrendered_at_ms < p.settle_from_ms, true))",
        )
        .bind(period)
        .bind(account.0)
        .bind(verified.to_string())
        .bind(surrendered.to_string())
        .bind(brought_deficit.to_string())
        .bind(brought_surplus.to_string())
        .bind(deficit.to_string())
        .bind(surplus.to_string())
        .bind(timely)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "the settlement of carbon period {period} for 0x{} is not of what was reported and \
                 surrendered, or comes too early",
                hex::encode(account.0)
            )
        })?;
        stand(self, period, at, db).await
    }
}

/// What it says of the account. A deficit counts as a penalty at once: the event that imposes it
/// follows, and the rating of this one takes it into account.
async fn stand(
    event: &PeriodSettled,
    period: i64,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let compliant = event.deficit == 0;
    let done = sqlx::query(
        "update carbon_standings set next = $2 + 1, settled = settled + 1, \
         compliant = compliant + $3, timely = timely + $4, penalties = penalties + $5, \
         deficit = $8::text::amount, surplus = $9::text::amount, rating = $10, \
         block_number = $11, event_index = $12 where account = $1 and next = $2 \
         and deficit = $6::text::amount and surplus = $7::text::amount",
    )
    .bind(event.account.0)
    .bind(period)
    .bind(i64::from(compliant))
    .bind(i64::from(event.timely))
    .bind(i64::from(!compliant))
    .bind(event.brought_deficit.to_string())
    .bind(event.brought_surplus.to_string())
    .bind(event.deficit.to_string())
    .bind(event.surplus.to_string())
    .bind(smallint(event.rating, "rating")?)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    one_row(done, || {
        format!(
            "carbon period {period} is not the next one of 0x{}, or the one before it left \
             something else",
            hex::encode(event.account.0)
        )
    })
}

impl Commit for PenaltyImposed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, account, deficit, amount } = *self;
        // The contract computes with u128, of which the greatest stands for all that is greater.
        let done = sqlx::query(
            "update carbon_duties d set penalty = $4::text::amount, \
             block_number = $5, event_index = $6 from carbon_periods p \
             where d.period = $1 and d.account = $2 and p.period = d.period \
             and d.deficit = $3::text::amount and d.penalty is null \
             and $4::text::amount = div(least($3::text::amount * p.tariff, \
             340282366920938463463374607431768211455) + 999, 1000)",
        )
        .bind(bigint(period, "period")?)
        .bind(account.0)
        .bind(deficit.to_string())
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "the penalty of 0x{} for carbon period {} does not follow from its deficit",
                hex::encode(account.0),
                period
            )
        })
    }
}

impl Commit for PenaltyPaid {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { period, account, payer, collector, amount, rating } = *self;
        let done = sqlx::query(
            "update carbon_duties d set paid_at_ms = b.time_ms, payer = $3, \
             collector = c.collector, block_number = $6, event_index = $7 \
             from carbon_penalty c, blocks b where d.period = $1 and d.account = $2 \
             and d.penalty = $5::text::amount and d.paid_at_ms is null \
             and c.collector = $4 and b.number = $6",
        )
        .bind(bigint(period, "period")?)
        .bind(account.0)
        .bind(payer.0)
        .bind(collector.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "0x{} owes no such penalty for carbon period {}, or another collector is paid",
                hex::encode(account.0),
                period
            )
        })?;
        let done = sqlx::query(
            "update carbon_standings set paid = paid + 1, rating = $2, \
             block_number = $3, event_index = $4 where account = $1",
        )
        .bind(account.0)
        .bind(smallint(rating, "rating")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} has no standing", hex::encode(account.0)))
    }
}
