//! Makes a projection's rows from the stored events in a schema of their own, beside the ones that are
//! read: to put them in their place, or to compare them.
//!
//! The tables come from the same migrations. While such a schema is worked on, its tables hide the live
//! ones of the same names from this session, and what they lack is found among the live ones.

use assent_client::Account;
use assent_mirror::MIGRATOR;
use assent_mirror::fold::{Contradiction, Projection};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgConnection};

use super::sql::ColumnTypes;
use super::standing::Standing;
use super::{PARTITION_BLOCKS, StoreError, raw, stored_hash};
use crate::decode::Ours;

/// A projection's rows in a schema of their own.
pub(crate) struct Beside {
    pub(super) standing: Standing,
    pub(super) ours: Ours,
    /// Where the rows are.
    pub(super) schema: String,
    /// Where the ones are that are read.
    pub(super) live: String,
}

impl Beside {
    /// Makes the tables of a projection in a schema, and folds the stored events of the blocks from
    /// `first` to `last` into them, a bounded number at once, each in a transaction of its own. It stops
    /// before an event that it cannot make sense of. One at a time in a session.
    ///
    /// Errors: [`StoreError`]; the schema may be left then, and is dropped by the next one.
    pub(crate) async fn fold(
        projection: Projection,
        schema: String,
        (first, last): (i64, i64),
        options: &PgConnectOptions,
        db: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        let live: String =
            sqlx::query_scalar("select current_schema()").fetch_one(&mut *db).await?;
        let ours = read_ours(&mut *db).await?;
        // One may be left of a program that was killed.
        run(&mut *db, format!("drop schema if exists {schema} cascade")).await?;
        run(&mut *db, format!("create schema {schema}")).await?;
        run(&mut *db, format!("set search_path = {schema}, \"{live}\"")).await?;
        for migration in MIGRATOR.iter() {
            // A migration of a projection begins with its name.
            if migration.description.split(' ').next() == Some(projection.name()) {
                sqlx::raw_sql(migration.sql.clone()).execute(&mut *db).await?;
            }
        }
        for block in (first..=last).step_by(PARTITION_BLOCKS) {
            sqlx::query("select add_partitions($1)").bind(block).execute(&mut *db).await?;
        }
        let types = ColumnTypes::read(&mut *db).await?;
        let mut standing = Standing::new(projection, 0, first.saturating_sub(1), &types)?;
        let standings = std::slice::from_mut(&mut standing);
        raw::catch_up(standings, &ours, last, false, options, &mut *db).await?;
        Ok(Self { standing, ours, schema, live })
    }

    /// The event that it could not make sense of.
    pub(crate) fn stopped(&self) -> Option<&Contradiction> {
        self.standing.stopped.as_ref()
    }

    /// Drops the schema; the session sees the live tables again.
    ///
    /// Errors: [`StoreError`].
    pub(crate) async fn drop(self, db: &mut PgConnection) -> Result<(), StoreError> {
        run(&mut *db, format!("drop schema {} cascade", self.schema)).await?;
        run(db, format!("set search_path = \"{}\"", self.live)).await
    }
}

/// The first and the last block that are stored.
pub(crate) async fn extent(db: &mut PgConnection) -> Result<(i64, i64), StoreError> {
    demand_tables(&mut *db).await?;
    let extent: Option<(i64, i64)> =
        sqlx::query_as("select (select min(number) from blocks), block_number from watermark")
            .fetch_optional(db)
            .await?;
    extent.ok_or(StoreError::NothingIndexed)
}

/// Refuses a database in which no indexer ever ran.
pub(crate) async fn demand_tables(db: &mut PgConnection) -> Result<(), StoreError> {
    let migrated: bool =
        sqlx::query_scalar("select to_regclass('projections') is not null").fetch_one(db).await?;
    if migrated { Ok(()) } else { Err(StoreError::NothingIndexed) }
}

/// Our contracts, as the indexer that filled the database knew them.
async fn read_ours(db: &mut PgConnection) -> Result<Ours, StoreError> {
    let rows: Vec<(Vec<u8>, String)> =
        sqlx::query_as("select address, name from contracts").fetch_all(db).await?;
    let contracts = rows
        .iter()
        .map(|(address, name)| Ok((Account(stored_hash(address.clone())?.0), name.as_str())))
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Ours::among(contracts))
}

/// Runs a statement, or several.
pub(super) async fn run(db: &mut PgConnection, sql: String) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(db).await?;
    Ok(())
}
