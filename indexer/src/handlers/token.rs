//! Balances, freezes and allowances of the settlement token, and what the treasury minted and burned.

use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, one_row, typed};
use assent_client::{Account, Hash};

use crate::types::{Int, nullable};

/// The events of the token contract; amounts in token base units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Units moved, appeared or disappeared.
    Transfer(Transfer),
    /// An owner set what a spender may take.
    Approval(Approval),
    /// The treasury minted against a receipt; the units themselves come with a `Transfer`.
    Minted(Minted),
    /// The treasury burned against a receipt; the units themselves go with a `Transfer`.
    Burned(Burned),
    /// The administrator named another treasury.
    TreasurySet(TreasurySet),
    /// The administrator froze an account.
    AccountFrozen(AccountFrozen),
    /// The administrator ended the freeze of an account.
    AccountUnfrozen(AccountUnfrozen),
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

/// Fields of `Burned`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Burned {
    from: Account,
    amount: Int<u128>,
    receipt: Hash,
}

/// Fields of `TreasurySet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TreasurySet {
    treasury: Account,
}

/// Fields of `AccountFrozen`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountFrozen {
    account: Account,
    reason: Hash,
}

/// Fields of `AccountUnfrozen`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountUnfrozen {
    account: Account,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Transfer" => Event::Transfer(typed(name, fields)?),
        "Approval" => Event::Approval(typed(name, fields)?),
        "Minted" => Event::Minted(typed(name, fields)?),
        "Burned" => Event::Burned(typed(name, fields)?),
        "TreasurySet" => Event::TreasurySet(typed(name, fields)?),
        "AccountFrozen" => Event::AccountFrozen(typed(name, fields)?),
        "AccountUnfrozen" => Event::AccountUnfrozen(typed(name, fields)?),
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
            Event::Burned(event) => event.commit(at, db).await,
            Event::TreasurySet(event) => event.commit(at, db).await,
            Event::AccountFrozen(event) => event.commit(at, db).await,
            Event::AccountUnfrozen(event) => event.commit(at, db).await,
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
        let row = Receipt {
            receipt: self.receipt,
            kind: "minted",
            account: self.to,
            amount: self.amount,
        };
        row.insert(at, &mut *db).await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update token_totals set minted = minted + $1::text::amount, \
             supply = supply + $1::text::amount",
        )
        .bind(self.amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Burned {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let row = Receipt {
            receipt: self.receipt,
            kind: "burned",
            account: self.from,
            amount: self.amount,
        };
        row.insert(at, &mut *db).await?;
        touch_totals(at, &mut *db).await?;
        // The domain refuses a supply below zero.
        let done = sqlx::query(
            "update token_totals set burned = burned + $1::text::amount, \
             supply = supply - $1::text::amount where treasury = $2",
        )
        .bind(self.amount.to_string())
        .bind(self.from.as_bytes())
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} burned, but is not the treasury", hex::encode(self.from.0)))
    }
}

impl TreasurySet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        touch_totals(at, &mut *db).await?;
        sqlx::query("update token_totals set treasury = $1")
            .bind(self.treasury.as_bytes())
            .execute(db)
            .await?;
        Ok(())
    }
}

impl AccountFrozen {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        // Also an account that never held anything can be frozen.
        let done = sqlx::query(
            "insert into token_balances \
             (account, balance, frozen, freeze_reason, block_number, event_index) \
             values ($1, 0, true, $2, $3, $4) on conflict (account) do update set \
             frozen = true, freeze_reason = excluded.freeze_reason, \
             block_number = excluded.block_number, event_index = excluded.event_index \
             where not token_balances.frozen",
        )
        .bind(self.account.as_bytes())
        .bind(self.reason.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} is frozen already", hex::encode(self.account.0)))
    }
}

impl AccountUnfrozen {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update token_balances set frozen = false, freeze_reason = null, \
             block_number = $2, event_index = $3 where account = $1 and frozen",
        )
        .bind(self.account.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} is not frozen", hex::encode(self.account.0)))
    }
}

/// What was minted or burned against one receipt.
struct Receipt {
    receipt: Hash,
    /// As the table spells it.
    kind: &'static str,
    /// Who got the units, or had them.
    account: Account,
    amount: Int<u128>,
}

impl Receipt {
    /// Its row: the key is what lets a receipt be used once.
    async fn insert(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into token_receipts \
             (receipt, kind, account, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6)",
        )
        .bind(self.receipt.as_bytes())
        .bind(self.kind)
        .bind(self.account.as_bytes())
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Makes sure that the account has a row, and moves its position.
///
/// Errors: [`CommitError::Inconsistent`] when it is frozen, for then its balance does not change.
async fn open(account: Account, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
    let done = sqlx::query(
        "insert into token_balances (account, balance, block_number, event_index) \
         values ($1, 0, $2, $3) on conflict (account) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index \
         where not token_balances.frozen",
    )
    .bind(account.as_bytes())
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    one_row(done, || format!("units of 0x{} moved while it was frozen", hex::encode(account.0)))
}

/// Makes sure that the row of the totals is there, and moves its position.
async fn touch_totals(at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
    sqlx::query(
        "insert into token_totals (block_number, event_index) values ($1, $2) \
         on conflict (singleton) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index",
    )
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}
