//! Who may act for a data owner.

use assent_client::Account;
use serde::Deserialize;
use sqlx::PgConnection;

use super::check_epoch;
use crate::handlers::{CommitError, Position, one_row};
use crate::types::Int;

/// Fields of `DelegateSet`; `until` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DelegateSet {
    owner: Account,
    delegate: Account,
    purposes: Int<u32>,
    categories: Int<u32>,
    until: Int<u64>,
    epoch: Int<u32>,
}

/// Fields of `DelegateRemoved`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DelegateRemoved {
    owner: Account,
    delegate: Account,
}

impl DelegateSet {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        check_epoch(self.owner, self.epoch, &mut *db).await?;
        sqlx::query(
            "insert into delegations (owner, delegate, purposes, categories, valid_until_ms, \
             epoch, block_number, event_index) \
             values ($1, $2, $3, $4, $5::text::u64, $6, $7, $8) \
             on conflict (owner, delegate) do update set purposes = excluded.purposes, \
             categories = excluded.categories, valid_until_ms = excluded.valid_until_ms, \
             epoch = excluded.epoch, ended = null, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.as_bytes())
        .bind(self.delegate.as_bytes())
        .bind(i64::from(self.purposes.0))
        .bind(i64::from(self.categories.0))
        .bind(self.until.to_string())
        .bind(i64::from(self.epoch.0))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl DelegateRemoved {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        // Also one that ended with its epoch may be taken back: the contract still holds it.
        let done = sqlx::query(
            "update delegations set ended = 'removed', block_number = $3, event_index = $4 \
             where owner = $1 and delegate = $2 and ended is distinct from 'removed'",
        )
        .bind(self.owner.as_bytes())
        .bind(self.delegate.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "0x{} is no delegate of owner 0x{}",
                hex::encode(self.delegate.0),
                hex::encode(self.owner.0)
            )
        })
    }
}
