//! Accounts that a regulator froze.

use assent_events::AccountId;
use assent_events::carbon::{AccountFrozen, AccountUnfrozen};
use sqlx::PgConnection;

use crate::handlers::{Commit, CommitError, Position, one_row};

impl Commit for AccountFrozen {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { account, reason, by } = *self;
        let done = sqlx::query(
            "insert into carbon_accounts \
             (account, frozen, freeze_reason, frozen_by, block_number, event_index) \
             values ($1, true, $2, $3, $4, $5) on conflict (account) do update set \
             frozen = true, freeze_reason = excluded.freeze_reason, \
             frozen_by = excluded.frozen_by, \
             block_number = excluded.block_number, event_index = excluded.event_index \
             where not carbon_accounts.frozen",
        )
        .bind(account.0)
        .bind(reason)
        .bind(by.0)
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
            "update carbon_accounts set frozen = false, freeze_reason = null, frozen_by = null, \
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

/// Units of a frozen account neither come nor go, and it moves none for others. What is excepted,
/// surrenders and releases, does not ask.
pub(super) async fn check_not_frozen(
    accounts: &[AccountId],
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let accounts: Vec<&[u8]> = accounts.iter().map(|account| account.0.as_slice()).collect();
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
