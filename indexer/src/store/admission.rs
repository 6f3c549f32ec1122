//! May this indexer write to this database? One writer, one chain, one deployment.

use assent_client::manifest::Manifest;
use assent_mirror::fold::Projection;
use sqlx::{Connection, PgConnection};

use super::session::{self, MIGRATION, within};
use super::writer::WRITER_LOCK;
use super::{StoreError, read_watermark, stored_hash};

/// Takes the lock of a projection's rebuild, which the writer does not need, nor who reads. An audit takes
/// it too: it reads the tables that a rebuild replaces.
pub(crate) async fn lock_rebuild(
    db: &mut PgConnection,
    projection: Projection,
) -> Result<(), StoreError> {
    let taken: bool =
        sqlx::query_scalar("select pg_try_advisory_lock(hashtextextended('rebuild ' || $1, $2))")
            .bind(projection.name())
            .bind(WRITER_LOCK)
            .fetch_one(db)
            .await?;
    if taken { Ok(()) } else { Err(StoreError::Rebuilding(projection)) }
}

/// Refuses a database of another chain or deployment, before anything is changed in it, and before another
/// indexer is waited for.
pub(super) async fn check(db: &mut PgConnection, manifest: &Manifest) -> Result<(), StoreError> {
    check_chain(&mut *db, manifest).await?;
    let migrated: bool = sqlx::query_scalar("select to_regclass('contracts') is not null")
        .fetch_one(&mut *db)
        .await?;
    if migrated {
        check_deployment(db, manifest).await?;
    }
    Ok(())
}

/// Refuses a database of another chain.
pub(crate) async fn check_chain(
    db: &mut PgConnection,
    manifest: &Manifest,
) -> Result<(), StoreError> {
    let migrated: bool =
        sqlx::query_scalar("select to_regclass('network') is not null").fetch_one(&mut *db).await?;
    if !migrated {
        return Ok(());
    }
    let stored: Option<Vec<u8>> =
        sqlx::query_scalar("select genesis_hash from network").fetch_optional(&mut *db).await?;
    let Some(stored) = stored else {
        return Ok(());
    };
    let stored = stored_hash(stored)?;
    let manifest = manifest.genesis_hash;
    if stored == manifest { Ok(()) } else { Err(StoreError::OtherChain { stored, manifest }) }
}

/// Brings the schema up to date. The server sets no limit of time meanwhile: were a migration that takes
/// long stopped by one, it would be started again and again.
pub(super) async fn migrate(db: &mut PgConnection) -> Result<(), StoreError> {
    within(MIGRATION, async {
        sqlx::raw_sql("set statement_timeout = 0").execute(&mut *db).await?;
        // Not `run`: with its `Acquire` bound the compiler cannot tell that the future is `Send`.
        assent_mirror::MIGRATOR.run_direct(None, &mut *db, false).await?;
        session::limit(db).await
    })
    .await
}

/// Makes a row for each projection that has none; it begins at the first block.
pub(super) async fn add_projections(
    db: &mut PgConnection,
    first_block: i64,
) -> Result<(), StoreError> {
    for projection in Projection::ALL {
        sqlx::query(
            "insert into projections (name, version, block_number) values ($1, $2, $3) \
             on conflict (name) do update set block_number = excluded.block_number \
             where not exists (select from watermark)",
        )
        .bind(projection.name())
        .bind(projection.version())
        .bind(first_block.saturating_sub(1))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Refuses a database that follows a contract of another deployment; gives the names of those that it
/// follows.
pub(crate) async fn check_deployment(
    db: &mut PgConnection,
    manifest: &Manifest,
) -> Result<Vec<String>, StoreError> {
    let stored: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select name, address from contracts order by name").fetch_all(db).await?;
    for (name, address) in &stored {
        let difference = match manifest.contracts.get(name) {
            None => format!("it follows a contract `{name}` that the manifest lacks"),
            Some(entry) if entry.address.0.as_slice() != address => {
                format!("`{name}` stands at another address than in the manifest")
            }
            Some(_) => continue,
        };
        return Err(StoreError::OtherDeployment { difference });
    }
    Ok(stored.into_iter().map(|(name, _)| name).collect())
}

/// Records chain and contracts, or refuses a manifest of another deployment.
pub(super) async fn admit(db: &mut PgConnection, manifest: &Manifest) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "insert into network (genesis_hash, name) values ($1, $2) on conflict (singleton) do nothing",
    )
    .bind(manifest.genesis_hash.as_bytes())
    .bind(&manifest.network)
    .execute(&mut *tx)
    .await?;
    let stored = check_deployment(&mut tx, manifest).await?;
    let watermark = read_watermark(&mut tx).await?;
    for (name, entry) in &manifest.contracts {
        let known = stored.contains(name);
        if let Some(passed) = watermark
            && !known
            && entry.deployment_block <= passed.number
        {
            let difference = format!(
                "`{name}` was deployed in block {}, but block {} was indexed without it",
                entry.deployment_block, passed.number
            );
            return Err(StoreError::OtherDeployment { difference });
        }
        sqlx::query(
            "insert into contracts (address, name, code_hash, deployment_block) \
             values ($1, $2, $3, $4) \
             on conflict (address) do update set code_hash = excluded.code_hash, \
             deployment_block = case when $5 then contracts.deployment_block \
             else excluded.deployment_block end",
        )
        .bind(entry.address.0.as_slice())
        .bind(name)
        .bind(entry.code_hash.as_bytes())
        .bind(super::height(entry.deployment_block)?)
        // Before the first block a manifest that was wrong may be corrected.
        .bind(watermark.is_some())
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(())
}
