//! Grants: given, amended, revoked alone or all at once, their link to the record forgotten.

use assent_events::consent::{AllRevoked, Amended, Granted, LinkErased, Revoked};
use sqlx::PgConnection;

use super::{check_actor, check_epoch, present_epoch};
use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for Granted {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self {
            grant,
            owner,
            grantee,
            purposes,
            categories,
            from,
            until,
            max_uses,
            record,
            policy,
            epoch,
            by,
        } = *self;
        check_epoch(owner, epoch, &mut *db).await?;
        check_actor(owner, by, &mut *db).await?;
        // To the contract the zero hash is a link that was erased.
        let record = (record != [0; 32]).then_some(record);
        sqlx::query(
            "insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, \
             valid_until_ms, max_uses, uses, record, policy, version, epoch, granted_by, \
             block_number, event_index) values ($1, $2, $3, $4, $5, $6::text::u64, \
             $7::text::u64, $8, 0, $9, $10, 1, $11, $12, $13, $14)",
        )
        .bind(bigint(grant, "grant")?)
        .bind(owner.0)
        .bind(grantee.0)
        .bind(i64::from(purposes))
        .bind(i64::from(categories))
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(max_uses.map(i64::from))
        .bind(record)
        .bind(policy)
        .bind(i64::from(epoch))
        .bind(by.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Amended {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self {
            grant,
            owner,
            version,
            purposes,
            categories,
            from,
            until,
            max_uses,
            policy,
            by,
            at: at_ms,
        } = *self;
        check_actor(owner, by, &mut *db).await?;
        let done = sqlx::query(
            "update grants set version = $3, purposes = $4, categories = $5, \
             valid_from_ms = $6::text::u64, valid_until_ms = $7::text::u64, max_uses = $8, \
             policy = $9, amended_by = $10, amended_at_ms = $11, \
             block_number = $12, event_index = $13 \
             where id = $1 and owner = $2 and version = $3 - 1 and revoked_at_ms is null",
        )
        .bind(bigint(grant, "grant")?)
        .bind(owner.0)
        .bind(i64::from(version))
        .bind(i64::from(purposes))
        .bind(i64::from(categories))
        .bind(from.to_string())
        .bind(until.to_string())
        .bind(max_uses.map(i64::from))
        .bind(policy)
        .bind(by.0)
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "grant {} is not there, revoked, or not at the version before {}",
                grant, version
            )
        })
    }
}

impl Commit for Revoked {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { grant, owner, by, at: at_ms } = *self;
        check_actor(owner, by, &mut *db).await?;
        let done = sqlx::query(
            "update grants set revoked_at_ms = $3, revoked_by = $4, \
             block_number = $5, event_index = $6 \
             where id = $1 and owner = $2 and revoked_at_ms is null",
        )
        .bind(bigint(grant, "grant")?)
        .bind(owner.0)
        .bind(bigint(at_ms, "at")?)
        .bind(by.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("grant {} is not there, or already revoked", grant))
    }
}

impl Commit for AllRevoked {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { owner, epoch, at: at_ms } = *self;
        begin_epoch(self, at, &mut *db).await?;
        sqlx::query(
            "update grants set revoked_at_ms = $3, revoked_by = $1, revoked_with_all = true, \
             block_number = $4, event_index = $5 \
             where owner = $1 and epoch < $2 and revoked_at_ms is null",
        )
        .bind(owner.0)
        .bind(i64::from(epoch))
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        sqlx::query(
            "update delegations set ended = 'voided', block_number = $3, event_index = $4 \
             where owner = $1 and epoch < $2 and ended is null",
        )
        .bind(owner.0)
        .bind(i64::from(epoch))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Epochs follow one another.
async fn begin_epoch(
    event: &AllRevoked,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    let present = present_epoch(event.owner, &mut *db).await?;
    if i64::from(event.epoch) != present.saturating_add(1) {
        return Err(CommitError::Inconsistent(format!(
            "epoch {} of owner 0x{} does not follow epoch {present}",
            event.epoch,
            hex::encode(event.owner.0)
        )));
    }
    sqlx::query(
        "insert into owner_epochs (owner, epoch, began_at_ms, block_number, event_index) \
         values ($1, $2, $3, $4, $5) on conflict (owner) do update set \
         epoch = excluded.epoch, began_at_ms = excluded.began_at_ms, \
         block_number = excluded.block_number, event_index = excluded.event_index",
    )
    .bind(event.owner.0)
    .bind(i64::from(event.epoch))
    .bind(bigint(event.at, "at")?)
    .bind(at.block_number)
    .bind(at.event_index)
    .execute(db)
    .await?;
    Ok(())
}

impl Commit for LinkErased {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { grant, owner } = *self;
        let done = sqlx::query(
            "update grants set record = null, block_number = $3, event_index = $4 \
             where id = $1 and owner = $2 and record is not null",
        )
        .bind(bigint(grant, "grant")?)
        .bind(owner.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("grant {} is not there, or has no link to a record", grant))
    }
}
