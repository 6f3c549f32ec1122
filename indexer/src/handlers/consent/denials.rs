//! What data owners denied explicitly.

use assent_client::Account;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::handlers::{CommitError, Position, bigint, one_row};
use crate::types::Int;

/// Fields of `Denied`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Denied {
    owner: Account,
    requester: Account,
    purposes: Int<u32>,
    categories: Int<u32>,
    at: Int<u64>,
}

/// Fields of `DenialLifted`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DenialLifted {
    owner: Account,
    requester: Account,
    at: Int<u64>,
}

impl Denied {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into denials (owner, requester, purposes, categories, denied_at_ms, \
             block_number, event_index) values ($1, $2, $3, $4, $5, $6, $7) \
             on conflict (owner, requester) do update set purposes = excluded.purposes, \
             categories = excluded.categories, denied_at_ms = excluded.denied_at_ms, \
             lifted_at_ms = null, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(i64::from(self.purposes.0))
        .bind(i64::from(self.categories.0))
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl DenialLifted {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update denials set lifted_at_ms = $3, block_number = $4, event_index = $5 \
             where owner = $1 and requester = $2 and lifted_at_ms is null",
        )
        .bind(self.owner.as_bytes())
        .bind(self.requester.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "owner 0x{} does not deny anything to 0x{}",
                hex::encode(self.owner.0),
                hex::encode(self.requester.0)
            )
        })
    }
}
