//! Who holds units: transfers, what operators may move, and what left the market for good.

use assent_client::{Account, Hash};
use serde::Deserialize;
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::{State, Units};
use crate::handlers::{CommitError, Position, bigint};
use crate::types::Int;

/// Fields of `Transferred`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transferred {
    batch: Int<u64>,
    from: Account,
    to: Account,
    amount: Int<u128>,
    by: Account,
}

/// Fields of `OperatorApproved`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OperatorApproved {
    batch: Int<u64>,
    owner: Account,
    operator: Account,
    amount: Int<u128>,
}

/// Fields of `Retired`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Retired {
    batch: Int<u64>,
    owner: Account,
    beneficiary: Account,
    amount: Int<u128>,
    reason: Hash,
}

/// Fields of `Cancelled`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Cancelled {
    batch: Int<u64>,
    owner: Account,
    amount: Int<u128>,
    reason: Hash,
}

impl Transferred {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.from, self.to, self.by], &mut *db).await?;
        if self.by != self.from {
            check_approved(self.from, self.by, units.batch, &mut *db).await?;
        }
        units.take(self.from, State::Tradable, at, &mut *db).await?;
        units.give(self.to, State::Tradable, at, db).await
    }
}

impl OperatorApproved {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into carbon_approvals \
             (owner, operator, batch, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6) \
             on conflict (owner, operator, batch) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.as_bytes())
        .bind(self.operator.as_bytes())
        .bind(bigint(self.batch.0, "batch")?)
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Retired {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.owner], &mut *db).await?;
        units.turn(self.owner, State::Tradable, State::Retired, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_retirements \
             (block_number, event_index, batch, owner, beneficiary, amount, reason) \
             values ($1, $2, $3, $4, $5, $6::text::amount, $7)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(units.batch)
        .bind(self.owner.as_bytes())
        .bind(self.beneficiary.as_bytes())
        .bind(self.amount.to_string())
        .bind(self.reason.as_bytes())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Cancelled {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.owner], &mut *db).await?;
        units.turn(self.owner, State::Tradable, State::Cancelled, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_cancellations \
             (block_number, event_index, batch, owner, amount, reason) \
             values ($1, $2, $3, $4, $5::text::amount, $6)",
        )
        .bind(at.block_number)
        .bind(at.event_index)
        .bind(units.batch)
        .bind(self.owner.as_bytes())
        .bind(self.amount.to_string())
        .bind(self.reason.as_bytes())
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Only an operator that its owner approved for the batch moves units. How many he may move, the
/// contract judges: what is left comes in an event of its own, before the units move.
pub(super) async fn check_approved(
    owner: Account,
    operator: Account,
    batch: i64,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let approved: bool = sqlx::query_scalar(
        "select exists(select from carbon_approvals \
         where owner = $1 and operator = $2 and batch = $3)",
    )
    .bind(owner.as_bytes())
    .bind(operator.as_bytes())
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
