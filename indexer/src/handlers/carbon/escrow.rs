//! Units that an operator holds for their owner until they are delivered or given back.

use assent_client::Account;
use serde::Deserialize;
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::holdings::check_approved;
use super::{State, Units};
use crate::handlers::{CommitError, Position, one_row};
use crate::types::Int;

/// Fields of `Escrowed`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Escrowed {
    batch: Int<u64>,
    owner: Account,
    operator: Account,
    amount: Int<u128>,
}

/// Fields of `Released`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Released {
    batch: Int<u64>,
    owner: Account,
    operator: Account,
    amount: Int<u128>,
}

/// Fields of `Delivered`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Delivered {
    batch: Int<u64>,
    from: Account,
    to: Account,
    amount: Int<u128>,
    operator: Account,
}

impl Escrowed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.owner, self.operator], &mut *db).await?;
        check_approved(self.owner, self.operator, units.batch, &mut *db).await?;
        units.turn(self.owner, State::Tradable, State::Escrowed, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_escrows \
             (operator, owner, batch, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6) \
             on conflict (operator, owner, batch) do update set \
             amount = carbon_escrows.amount + excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.operator.as_bytes())
        .bind(self.owner.as_bytes())
        .bind(units.batch)
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Released {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        take_from_escrow(self.operator, self.owner, units, at, &mut *db).await?;
        units.turn(self.owner, State::Escrowed, State::Tradable, at, db).await
    }
}

impl Delivered {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.from, self.to, self.operator], &mut *db).await?;
        take_from_escrow(self.operator, self.from, units, at, &mut *db).await?;
        units.take(self.from, State::Escrowed, at, &mut *db).await?;
        units.give(self.to, State::Tradable, at, &mut *db).await?;
        units.count(State::Escrowed, State::Tradable, at, db).await
    }
}

/// The operator holds so many units less; the domain refuses less than nothing.
async fn take_from_escrow(
    operator: Account,
    owner: Account,
    units: Units,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let done = sqlx::query(
        "update carbon_escrows set amount = amount - $4::text::amount, \
         block_number = $5, event_index = $6 \
         where operator = $1 and owner = $2 and batch = $3",
    )
    .bind(operator.as_bytes())
    .bind(owner.as_bytes())
    .bind(units.batch)
    .bind(units.amount.to_string())
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    one_row(done, || {
        format!(
            "0x{} never held units of batch {} of 0x{} in escrow",
            hex::encode(operator.0),
            units.batch,
            hex::encode(owner.0)
        )
    })
}
