//! Who holds units: transfers, what operators may move, and what left the market for good.

use assent_events::AccountId;
use assent_events::carbon::{Cancelled, OperatorApproved, Retired, Transferred};
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::{State, Units};
use crate::handlers::{Commit, CommitError, Position, bigint};

impl Commit for Transferred {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, from, to, amount, by } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[from, to, by], &mut *db).await?;
        if by != from {
            check_approved(from, by, units.batch, &mut *db).await?;
        }
        units.take(from, State::Tradable, at, &mut *db).await?;
        units.give(to, State::Tradable, at, db).await
    }
}

impl Commit for OperatorApproved {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, owner, operator, amount } = *self;
        sqlx::query(
            "insert into carbon_approvals \
             (owner, operator, batch, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6) \
             on conflict (owner, operator, batch) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(owner.0)
        .bind(operator.0)
        .bind(bigint(batch, "batch")?)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Retired {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, owner, beneficiary, amount, reason } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[owner], &mut *db).await?;
        units.turn(owner, State::Tradable, State::Retired, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_retirements \
             (block_number, event_index, batch, owner, beneficiary, amount, reason) \
             values ($1, $2, $3, $4, $5, $6::text::amount, $7)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(units.batch)
        .bind(owner.0)
        .bind(beneficiary.0)
        .bind(amount.to_string())
        .bind(reason)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Cancelled {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, owner, amount, reason } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[owner], &mut *db).await?;
        units.turn(owner, State::Tradable, State::Cancelled, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_cancellations \
             (block_number, event_index, batch, owner, amount, reason) \
             values ($1, $2, $3, $4, $5::text::amount, $6)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(units.batch)
        .bind(owner.0)
        .bind(amount.to_string())
        .bind(reason)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Only an operator that its owner approved for the batch moves units. How many he may move, the
/// contract judges: what is left comes in an event of its own, before the units move.
pub(super) async fn check_approved(
    owner: AccountId,
    operator: AccountId,
    batch: i64,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let approved: bool = sqlx::query_scalar(
        "select exists(select from carbon_approvals \
         where owner = $1 and operator = $2 and batch = $3)",
    )
    .bind(owner.0)
    .bind(operator.0)
    .bind(batch)
    .fetch_one(db)
    .await?;
    if approved {
        return Ok(());
    }
    Err(CommitError::Inconsistent(format!(
        "0x{} was never approved for units of batch {batch} of 0x{}",
        hex::encode(operator.0),
        hex::encode(owner.0)
    )))
}
