//! Balances and allowances of the settlement token, and what the treasury minted.

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, typed};
use crate::types::{Account, Hash, Int, nullable};

/// The events of the token contract; amounts in token base units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Units moved, appeared or disappeared.
    Transfer(Transfer),
    /// An owner set what a spender may take.
    Approval(Approval),
    /// The treasury minted against a receipt; the units themselves come with a `Transfer`.
    Minted(Minted),
}

/// Fields of `Transfer`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    #[serde(deserialize_with = "nullable")]
    from: Option<Account>,
    #[serde(deserialize_with = "nullable")]
    to: Option<Account>,
    value: Int<u128>,
}

/// Fields of `Approval`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Approval {
    owner: Account,
    spender: Account,
    amount: Int<u128>,
}

/// Fields of `Minted`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Minted {
    to: Account,
    amount: Int<u128>,
    receipt: Hash,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Transfer" => Event::Transfer(typed(name, fields)?),
        "Approval" => Event::Approval(typed(name, fields)?),
        "Minted" => Event::Minted(typed(name, fields)?),
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
            Event::Transfer(event) => event.commit(at, db).await,
            Event::Approval(event) => event.commit(at, db).await,
            Event::Minted(event) => event.commit(at, db).await,
        }
    }
}

impl Transfer {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        if let Some(from) = self.from {
            open(from, at, &mut *db).await?;
            // The domain refuses a balance below zero.
            sqlx::query(
                "update token_balances set balance = balance - $2::text::amount where account = $1",
            )
            .bind(from.as_bytes())
            .bind(self.value.to_string())
            .execute(&mut *db)
            .await?;
        }
        if let Some(to) = self.to {
            open(to, at, &mut *db).await?;
            sqlx::query(
                "update token_balances set balance = balance + $2::text::amount where account = $1",
            )
            .bind(to.as_bytes())
            .bind(self.value.to_string())
            .execute(db)
            .await?;
        }
        Ok(())
    }
}

impl Approval {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into token_allowances (owner, spender, amount, block_number, event_index) \
             values ($1, $2, $3::text::amount, $4, $5) \
             on conflict (owner, spender) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.as_bytes())
        .bind(self.spender.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Minted {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into token_mints (receipt, account, amount, block_number, event_index) \
             values ($1, $2, $3::text::amount, $4, $5)",
        )
        .bind(self.receipt.as_bytes())
        .bind(self.to.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Makes sure that the account has a row, and moves its position.
async fn open(account: Account, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
    sqlx::query(
        "insert into token_balances (account, balance, block_number, event_index) \
         values ($1, 0, $2, $3) on conflict (account) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index",
    )
    .bind(account.as_bytes())
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}
