//! Carbon batches, who holds their units, and what was retired.

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::{Account, Hash, Int};

/// The events of the carbon contract; one unit is one thousandth of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The registry issued a batch.
    BatchIssued(BatchIssued),
    /// Units changed hands.
    Transferred(Transferred),
    /// Units were retired for good.
    Retired(Retired),
}

/// Fields of `BatchIssued`; times in ms since 1970, serials inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BatchIssued {
    batch: Int<u64>,
    to: Account,
    project: Hash,
    serial_start: Int<u128>,
    serial_end: Int<u128>,
    vintage_start: Int<u64>,
    vintage_end: Int<u64>,
    amount: Int<u128>,
}

/// Fields of `Transferred`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transferred {
    batch: Int<u64>,
    from: Account,
    to: Account,
    amount: Int<u128>,
}

/// Fields of `Retired`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Retired {
    batch: Int<u64>,
    owner: Account,
    amount: Int<u128>,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "BatchIssued" => Event::BatchIssued(typed(name, fields)?),
        "Transferred" => Event::Transferred(typed(name, fields)?),
        "Retired" => Event::Retired(typed(name, fields)?),
        _ => return Ok(None),
    }))
}

impl Event {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        match self {
            Event::BatchIssued(event) => event.commit(at, db).await,
            Event::Transferred(event) => event.commit(at, db).await,
            Event::Retired(event) => event.commit(at, db).await,
        }
    }
}

impl BatchIssued {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let batch = bigint(self.batch.0, "batch")?;
        sqlx::query(
            "insert into carbon_batches (batch, project, serial_start, serial_end, \
             vintage_start_ms, vintage_end_ms, issued, retired, issued_to, \
             block_number, event_index) \
             values ($1, $2, $3::text::amount, $4::text::amount, $5::text::u64, $6::text::u64, \
             $7::text::amount, 0, $8, $9, $10)",
        )
        .bind(batch)
        .bind(self.project.as_bytes())
        .bind(self.serial_start.to_string())
        .bind(self.serial_end.to_string())
        .bind(self.vintage_start.to_string())
        .bind(self.vintage_end.to_string())
        .bind(self.amount.to_string())
        .bind(self.to.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        credit(batch, self.to, self.amount, at, db).await
    }
}

impl Transferred {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let batch = bigint(self.batch.0, "batch")?;
        // The domain refuses a balance below zero.
        let done = sqlx::query(
            "update carbon_balances set tradable = tradable - $3::text::amount, \
             block_number = $4, event_index = $5 where batch = $1 and owner = $2",
        )
        .bind(batch)
        .bind(self.from.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || no_units(batch, self.from))?;
        credit(batch, self.to, self.amount, at, db).await
    }
}

impl Retired {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let batch = bigint(self.batch.0, "batch")?;
        let done = sqlx::query(
            "update carbon_balances set tradable = tradable - $3::text::amount, \
             retired = retired + $3::text::amount, block_number = $4, event_index = $5 \
             where batch = $1 and owner = $2",
        )
        .bind(batch)
        .bind(self.owner.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || no_units(batch, self.owner))?;
        let done = sqlx::query(
            "update carbon_batches set retired = retired + $2::text::amount, \
             block_number = $3, event_index = $4 where batch = $1",
        )
        .bind(batch)
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("carbon batch {batch} is not there"))
    }
}

async fn credit(
    batch: i64,
    owner: Account,
    amount: Int<u128>,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    sqlx::query(
        "insert into carbon_balances (batch, owner, tradable, retired, block_number, event_index) \
         values ($1, $2, $3::text::amount, 0, $4, $5) \
         on conflict (batch, owner) do update set \
         tradable = carbon_balances.tradable + excluded.tradable, \
         block_number = excluded.block_number, event_index = excluded.event_index",
    )
    .bind(batch)
    .bind(owner.as_bytes())
    .bind(amount.to_string())
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}

fn no_units(batch: i64, owner: Account) -> String {
    format!("0x{} holds no units of carbon batch {batch}", hex::encode(owner.0))
}
