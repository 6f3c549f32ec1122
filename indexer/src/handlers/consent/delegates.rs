//! Who may act for a data owner.

use assent_events::consent::{DelegateRemoved, DelegateSet};
use sqlx::PgConnection;

use super::check_epoch;
use crate::handlers::{Commit, CommitError, Position, one_row};

impl Commit for DelegateSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, delegate, purposes, categories, until, epoch } = *self;
        check_epoch(owner, epoch, &mut *db).await?;
        sqlx::query(
            "insert into delegations (owner, delegate, purposes, categories, valid_until_ms, \
             epoch, block_number, event_index) \
             values ($1, $2, $3, $4, $5::text::u64, $6, $7, $8) \
             on conflict (owner, delegate) do update set purposes = excluded.purposes, \
             categories = excluded.categories, valid_until_ms = excluded.valid_until_ms, \
             epoch = excluded.epoch, ended = null, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(owner.0)
        .bind(delegate.0)
        .bind(i64::from(purposes))
        .bind(i64::from(categories))
        .bind(until.to_string())
        .bind(i64::from(epoch))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for DelegateRemoved {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, delegate } = *self;
        // Also one that ended with its epoch may be taken back: the contract still holds it.
        let done = sqlx::query(
            "update delegations set ended = 'removed', block_number = $3, event_index = $4 \
             where owner = $1 and delegate = $2 and ended is distinct from 'removed'",
        )
        .bind(owner.0)
        .bind(delegate.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "0x{} is no delegate of owner 0x{}",
                hex::encode(delegate.0),
                hex::encode(owner.0)
            )
        })
    }
}
