//! What data owners denied explicitly.

use assent_events::consent::{DenialLifted, Denied};
use sqlx::PgConnection;

use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for Denied {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, requester, purposes, categories, at: at_ms } = *self;
        sqlx::query(
            "insert into denials (owner, requester, purposes, categories, denied_at_ms, \
             block_number, event_index) values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (owner, requester) do update set purposes = excluded.purposes, \
             categories = excluded.categories, denied_at_ms = excluded.denied_at_ms, \
             lifted_at_ms = null, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(owner.0)
        .bind(requester.0)
        .bind(i64::from(purposes))
        .bind(i64::from(categories))
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for DenialLifted {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, requester, at: at_ms } = *self;
        let done = sqlx::query(
            "update denials set lifted_at_ms = $3, block_number = $4, event_index = $5 \
             where owner = $1 and requester = $2 and lifted_at_ms is null",
        )
        .bind(owner.0)
        .bind(requester.0)
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "owner 0x{} does not deny anything to 0x{}",
                hex::encode(owner.0),
                hex::encode(requester.0)
            )
        })
    }
}
