//! Grants: given, amended, revoked alone or all at once, their link to the record forgotten.

use serde::Deserialize;
use sqlx::PgConnection;

use super::{check_actor, check_epoch, present_epoch};
use crate::handlers::{CommitError, Position, bigint, one_row};
use assent_client::{Account, Hash};

use crate::types::{Int, nullable};

/// Fields of `Granted`; times in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Granted {
    grant: Int<u64>,
    owner: Account,
    grantee: Account,
    purposes: Int<u32>,
    categories: Int<u32>,
    from: Int<u64>,
    until: Int<u64>,
    #[serde(deserialize_with = "nullable")]
    max_uses: Option<Int<u32>>,
    record: Hash,
    policy: Hash,
    epoch: Int<u32>,
    by: Account,
}

/// Fields of `Amended`; times in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Amended {
    grant: Int<u64>,
    owner: Account,
    version: Int<u32>,
    purposes: Int<u32>,
    categories: Int<u32>,
    from: Int<u64>,
    until: Int<u64>,
    #[serde(deserialize_with = "nullable")]
    max_uses: Option<Int<u32>>,
    policy: Hash,
    by: Account,
    at: Int<u64>,
}

/// Fields of `Revoked`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Revoked {
    grant: Int<u64>,
    owner: Account,
    by: Account,
    at: Int<u64>,
}

/// Fields of `AllRevoked`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AllRevoked {
    owner: Account,
    epoch: Int<u32>,
    at: Int<u64>,
}

/// Fields of `LinkErased`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LinkErased {
    grant: Int<u64>,
    owner: Account,
}

impl Granted {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        check_epoch(self.owner, self.epoch, &mut *db).await?;
        check_actor(self.owner, self.by, &mut *db).await?;
        // To the contract the zero hash is a link that was erased.
        let record = (!self.record.is_zero()).then_some(self.record.as_bytes());
        sqlx::query(
            "insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, \
             valid_until_ms, max_uses, uses, record, policy, version, epoch, granted_by, \
             block_number, event_index) values ($1, $2, $3, $4, $5, $6::text::u64, \
             $7::text::u64, $8, 0, $9, $10, 1, $11, $12, $13, $14)",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(self.grantee.as_bytes())
        .bind(i64::from(self.purposes.0))
        .bind(i64::from(self.categories.0))
        .bind(self.from.to_string())
        .bind(self.until.to_string())
        .bind(self.max_uses.map(|uses| i64::from(uses.0)))
        .bind(record)
        .bind(self.policy.as_bytes())
        .bind(i64::from(self.epoch.0))
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Amended {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        check_actor(self.owner, self.by, &mut *db).await?;
        let done = sqlx::query(
            "update grants set version = $3, purposes = $4, categories = $5, \
             valid_from_ms = $6::text::u64, valid_until_ms = $7::text::u64, max_uses = $8, \
             policy = $9, amended_by = $10, amended_at_ms = $11, \
             block_number = $12, event_index = $13 \
             where id = $1 and owner = $2 and version = $3 - 1 and revoked_at_ms is null",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(i64::from(self.version.0))
        .bind(i64::from(self.purposes.0))
        .bind(i64::from(self.categories.0))
        .bind(self.from.to_string())
        .bind(self.until.to_string())
        .bind(self.max_uses.map(|uses| i64::from(uses.0)))
        .bind(self.policy.as_bytes())
        .bind(self.by.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "grant {} is not there, revoked, or not at the version before {}",
                self.grant, self.version
            )
        })
    }
}

impl Revoked {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        check_actor(self.owner, self.by, &mut *db).await?;
        let done = sqlx::query(
            "update grants set revoked_at_ms = $3, revoked_by = $4, \
             block_number = $5, event_index = $6 \
             where id = $1 and owner = $2 and revoked_at_ms is null",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(self.by.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("grant {} is not there, or already revoked", self.grant))
    }
}

impl AllRevoked {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        self.begin_epoch(at, &mut *db).await?;
        sqlx::query(
            "update grants set revoked_at_ms = $3, revoked_by = $1, revoked_with_all = true, \
             block_number = $4, event_index = $5 \
             where owner = $1 and epoch < $2 and revoked_at_ms is null",
        )
        .bind(self.owner.as_bytes())
        .bind(i64::from(self.epoch.0))
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "update delegations set ended = 'voided', block_number = $3, event_index = $4 \
             where owner = $1 and epoch < $2 and ended is null",
        )
        .bind(self.owner.as_bytes())
        .bind(i64::from(self.epoch.0))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }

    /// Epochs follow one another.
    async fn begin_epoch(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let present = present_epoch(self.owner, &mut *db).await?;
        if i64::from(self.epoch.0) != present.saturating_add(1) {
            return Err(CommitError::Inconsistent(format!(
                "epoch {} of owner 0x{} does not follow epoch {present}",
                self.epoch,
                hex::encode(self.owner.0)
            )));
        }
        sqlx::query(
            "insert into owner_epochs (owner, epoch, began_at_ms, block_number, event_index) \
             values ($1, $2, $3, $4, $5) on conflict (owner) do update set \
             epoch = excluded.epoch, began_at_ms = excluded.began_at_ms, \
             block_number = excluded.block_number, event_index = excluded.event_index",
        )
        .bind(self.owner.as_bytes())
        .bind(i64::from(self.epoch.0))
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl LinkErased {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update grants set record = null, block_number = $3, event_index = $4 \
             where id = $1 and owner = $2 and record is not null",
        )
        .bind(bigint(self.grant.0, "grant")?)
        .bind(self.owner.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("grant {} is not there, or has no link to a record", self.grant))
    }
}
