//! What becomes of a period once it is settled for an account: deficit or surplus, penalty, rating.

use assent_client::Account;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::handlers::{CommitError, Position, bigint, one_row};
use crate::types::Int;

/// Fields of `PeriodSettled`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PeriodSettled {
    period: Int<u64>,
    account: Account,
    verified: Int<u128>,
    surrendered: Int<u128>,
    brought_deficit: Int<u128>,
    brought_surplus: Int<u128>,
    deficit: Int<u128>,
    surplus: Int<u128>,
    timely: bool,
    rating: Int<u16>,
}

/// Fields of `PenaltyImposed`; `amount` in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PenaltyImposed {
    period: Int<u64>,
    account: Account,
    deficit: Int<u128>,
    amount: Int<u128>,
}

/// Fields of `PenaltyPaid`; `amount` in token base units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PenaltyPaid {
    period: Int<u64>,
    account: Account,
    payer: Account,
    collector: Account,
    amount: Int<u128>,
    rating: Int<u16>,
}

impl PeriodSettled {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let period = bigint(self.period.0, "period")?;
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
        .bind(self.account.as_bytes())
        .bind(self.verified.to_string())
        .bind(self.surrendered.to_string())
        .bind(self.brought_deficit.to_string())
        .bind(self.brought_surplus.to_string())
        .bind(self.deficit.to_string())
        .bind(self.surplus.to_string())
        .bind(self.timely)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "the settlement of carbon period {period} for 0x{} is not of what was reported and \
                 surrendered, or comes too early",
                hex::encode(self.account.0)
            )
        })?;
        self.stand(period, at, db).await
    }

    /// What it says of the account. A deficit counts as a penalty at once: the event that imposes it
    /// follows, and the rating of this one takes it into account.
    async fn stand(
        &self,
        period: i64,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let compliant = self.deficit.0 == 0;
        let done = sqlx::query(
            "update carbon_standings set next = $2 + 1, settled = settled + 1, \
             compliant = compliant + $3, timely = timely + $4, penalties = penalties + $5, \
             deficit = $8::text::amount, surplus = $9::text::amount, rating = $10, \
             block_number = $11, event_index = $12 where account = $1 and next = $2 \
             and deficit = $6::text::amount and surplus = $7::text::amount",
        )
        .bind(self.account.as_bytes())
        .bind(period)
        .bind(i64::from(compliant))
        .bind(i64::from(self.timely))
        .bind(i64::from(!compliant))
        .bind(self.brought_deficit.to_string())
        .bind(self.brought_surplus.to_string())
        .bind(self.deficit.to_string())
        .bind(self.surplus.to_string())
        .bind(rating(self.rating)?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "carbon period {period} is not the next one of 0x{}, or the one before it left \
                 something else",
                hex::encode(self.account.0)
            )
        })
    }
}

impl PenaltyImposed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        // The contract computes with u128, of which the greatest stands for all that is greater.
        let done = sqlx::query(
            "update carbon_duties d set penalty = $4::text::amount, \
             block_number = $5, event_index = $6 from carbon_periods p \
             where d.period = $1 and d.account = $2 and p.period = d.period \
             and d.deficit = $3::text::amount and d.penalty is null \
             and $4::text::amount = div(least($3::text::amount * p.tariff, \
             340282366920938463463374607431768211455) + 999, 1000)",
        )
        .bind(bigint(self.period.0, "period")?)
        .bind(self.account.as_bytes())
        .bind(self.deficit.to_string())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "the penalty of 0x{} for carbon period {} does not follow from its deficit",
                hex::encode(self.account.0),
                self.period
            )
        })
    }
}

impl PenaltyPaid {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_duties d set paid_at_ms = b.time_ms, payer = $3, \
             collector = c.collector, block_number = $6, event_index = $7 \
             from carbon_penalty c, blocks b where d.period = $1 and d.account = $2 \
             and d.penalty = $5::text::amount and d.paid_at_ms is null \
             and c.collector = $4 and b.number = $6",
        )
        .bind(bigint(self.period.0, "period")?)
        .bind(self.account.as_bytes())
        .bind(self.payer.as_bytes())
        .bind(self.collector.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "0x{} owes no such penalty for carbon period {}, or another collector is paid",
                hex::encode(self.account.0),
                self.period
            )
        })?;
        let done = sqlx::query(
            "update carbon_standings set paid = paid + 1, rating = $2, \
             block_number = $3, event_index = $4 where account = $1",
        )
        .bind(self.account.as_bytes())
        .bind(rating(self.rating)?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} has no standing", hex::encode(self.account.0)))
    }
}

/// A rating as smallint; it is at most 1,000.
fn rating(rating: Int<u16>) -> Result<i16, CommitError> {
    i16::try_from(rating.0)
        .map_err(|_| CommitError::Inconsistent(format!("rating = {rating} exceeds 1,000")))
}
