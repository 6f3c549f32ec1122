//! Accounts that a regulator froze.

use assent_client::{Account, Hash};
use serde::Deserialize;
use sqlx::PgConnection;

use crate::handlers::{CommitError, Position, one_row};

/// Fields of `AccountFrozen`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountFrozen {
    account: Account,
    reason: Hash,
    by: Account,
}

/// Fields of `AccountUnfrozen`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountUnfrozen {
    account: Account,
}

impl AccountFrozen {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "insert into carbon_accounts \
             (account, frozen, freeze_reason, frozen_by, block_number, event_index) \
             values ($1, true, $2, $3, $4, $5) on conflict (account) do update set \
             frozen = true, freeze_reason = excluded.freeze_reason, \
             frozen_by = excluded.frozen_by, \
             block_number = excluded.block_number, event_index = excluded.event_index \
             where not carbon_accounts.frozen",
        )
        .bind(self.account.as_bytes())
        .bind(self.reason.as_bytes())
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("0x{} is frozen already", hex::encode(self.account.0)))
    }
}

impl AccountUnfrozen {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_accounts set frozen = false, freeze_reason = null, frozen_by = null, \
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

/// Units of a frozen account neither come nor go, and it moves none for others. What is excepted,
/// surrenders and releases, does not ask.
pub(super) async fn check_not_frozen(
    accounts: &[Account],
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let accounts: Vec<&[u8]> = accounts.iter().map(Account::as_bytes).collect();
    let frozen: Option<Vec<u8>> = sqlx::query_scalar(
        "select account from carbon_accounts where account = any($1::bytea[]) and frozen limit 1",
    )
    .bind(accounts)
    .fetch_optional(db)
    .await?;
    match frozen {
        None => Ok(()),
        Some(account) => Err(CommitError::Inconsistent(format!(
            "carbon units moved while 0x{} was frozen",
            hex::encode(account)
        ))),
    }
}
