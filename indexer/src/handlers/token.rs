//! Balances, freezes and allowances of the settlement token, and what the treasury minted and burned.

use assent_events::token::{
    AccountFrozen, AccountUnfrozen, Approval, Burned, Event, Minted, Transfer, TreasurySet,
};
use assent_events::{AccountId, Hash};
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, one_row};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
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

impl Commit for Transfer {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { from, to, value } = *self;
        if let Some(from) = from {
            open(from, at, &mut *db).await?;
            // The domain refuses a balance below zero.
            sqlx::query(
                "update token_balances set balance = balance - $2::text::amount where account = $1",
            )
            .bind(from.0)
            .bind(value.to_string())
            .execute(&mut *db)
            .await?;
        }
        if let Some(to) = to {
            open(to, at, &mut *db).await?;
            sqlx::query(
                "update token_balances set balance = balance + $2::text::amount where account = $1",
            )
            .bind(to.0)
            .bind(value.to_string())
            .execute(db)
            .await?;
        }
        Ok(())
    }
}

impl Commit for Approval {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, spender, amount } = *self;
        sqlx::query(
            "insert into token_allowances (owner, spender, amount, block_number, event_index) \
             values ($1, $2, $3::text::amount, $4, $5) \
             on conflict (owner, spender) do update set amount = excluded.amount, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(owner.0)
        .bind(spender.0)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Minted {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { to, amount, receipt } = *self;
        let row = Receipt { receipt, kind: "minted", account: to, amount };
        row.insert(at, &mut *db).await?;
        touch_totals(at, &mut *db).await?;
        sqlx::query(
            "update token_totals set minted = minted + $1::text::amount, \
             supply = supply + $1::text::amount",
        )
        .bind(amount.to_string())
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Burned {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { from, amount, receipt } = *self;
        let row = Receipt { receipt, kind: "burned", account: from, amount };
        row.insert(at, &mut *db).await?;
        touch_totals(at, &mut *db).await?;
        // The domain refuses a supply below zero.
        let done = sqlx::query(
            "update token_totals set burned = burned + $1::text::amount, \
             supply = supply - $1::text::amount where treasury = $2",
        )
        .bind(amount.to_string())
        .bind(from.0)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} burned, but is not the treasury", hex::encode(from.0)))
    }
}

impl Commit for TreasurySet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { treasury, by: _ } = *self;
        touch_totals(at, &mut *db).await?;
        sqlx::query("update token_totals set treasury = $1").bind(treasury.0).execute(db).await?;
        Ok(())
    }
}

impl Commit for AccountFrozen {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { account, reason, by: _ } = *self;
        // Also an account that never held anything can be frozen.
        let done = sqlx::query(
            "insert into token_balances \
             (account, balance, frozen, freeze_reason, block_number, event_index) \
             values ($1, 0, true, $2, $3, $4) on conflict (account) do update set \
             frozen = true, freeze_reason = excluded.freeze_reason, \
             block_number = excluded.block_number, event_index = excluded.event_index \
             where not token_balances.frozen",
        )
        .bind(account.0)
        .bind(reason)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} is frozen already", hex::encode(account.0)))
    }
}

impl Commit for AccountUnfrozen {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { account, by: _ } = *self;
        let done = sqlx::query(
            "update token_balances set frozen = false, freeze_reason = null, \
             block_number = $2, event_index = $3 where account = $1 and frozen",
        )
        .bind(account.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} is not frozen", hex::encode(account.0)))
    }
}

/// What was minted or burned against one receipt.
struct Receipt {
    receipt: Hash,
    /// As the table spells it.
    kind: &'static str,
    /// Who got the units, or had them.
    account: AccountId,
    amount: u128,
}

impl Receipt {
    /// Its row: the key is what lets a receipt be used once.
    async fn insert(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        sqlx::query(
            "insert into token_receipts \
             (receipt, kind, account, amount, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5, $6)",
        )
        .bind(self.receipt)
        .bind(self.kind)
        .bind(self.account.0)
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
async fn open(account: AccountId, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
    let done = sqlx::query(
        "insert into token_balances (account, balance, block_number, event_index) \
         values ($1, 0, $2, $3) on conflict (account) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index \
         where not token_balances.frozen",
    )
    .bind(account.0)
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
