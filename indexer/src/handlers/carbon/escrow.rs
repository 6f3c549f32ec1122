//! Units that an operator holds for their owner until they are delivered or given back.

use assent_events::AccountId;
use assent_events::carbon::{Delivered, Escrowed, Released};
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::holdings::check_approved;
use super::{State, Units};
use crate::handlers::{Commit, CommitError, Position, one_row};

impl Commit for Escrowed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, owner, operator, amount } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[owner, operator], &mut *db).await?;
        check_approved(owner, operator, units.batch, &mut *db).await?;
        units.turn(owner, State::Tradable, State::Escrowed, at, &mut *db).await?;
        sqlx::query(
            "insert into carbon_escrows \
             (operator, owner, batch, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6) \
             on conflict (operator, owner, batch) do update set \
             amount = carbon_escrows.amount + excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(operator.0)
        .bind(owner.0)
        .bind(units.batch)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Released {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, owner, operator, amount } = *self;
        let units = Units::of(batch, amount)?;
        take_from_escrow(operator, owner, units, at, &mut *db).await?;
        units.turn(owner, State::Escrowed, State::Tradable, at, db).await
    }
}

impl Commit for Delivered {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, from, to, amount, operator } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[from, to, operator], &mut *db).await?;
        take_from_escrow(operator, from, units, at, &mut *db).await?;
        units.take(from, State::Escrowed, at, &mut *db).await?;
        units.give(to, State::Tradable, at, &mut *db).await?;
        units.count(State::Escrowed, State::Tradable, at, db).await
    }
}

/// The operator holds so many units less; the domain refuses less than nothing.
async fn take_from_escrow(
    operator: AccountId,
    owner: AccountId,
    units: Units,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let done = sqlx::query(
        "update carbon_escrows set amount = amount - $4::text::amount, \
         block_number = $5, event_index = $6 \
         where operator = $1 and owner = $2 and batch = $3",
    )
    .bind(operator.0)
    .bind(owner.0)
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
