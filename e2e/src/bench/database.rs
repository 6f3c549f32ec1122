//! Databases of the bench: a new one for each try, with the schema as the indexer makes it or without.

use crate::{indexer, postgres::Postgres};
use anyhow::{Context, Result};
use assent_mirror::{MIGRATOR, fold::Projection, table::Kind};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqlSafeStr, postgres::PgConnectOptions};
use std::str::FromStr;

/// A database, and a connection to it.
pub struct Database {
    /// For the indexer to connect.
    pub url: String,
    /// Our own connection, by the server's socket.
    pub db: PgConnection,
}

impl Database {
    /// A new and empty one.
    pub async fn new(postgres: &Postgres, name: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(&postgres.socket_url())?;
        let mut db = options.connect().await?;
        execute(&mut db, format!("create database {name}")).await?;
        let url = postgres.url();
        let (server, _) = url.rsplit_once('/').context("the server's URL")?;
        let db = options.database(name).connect().await?;
        Ok(Self { url: format!("{server}/{name}"), db })
    }

    /// A new one with all tables, and their partitions for a block.
    pub async fn with_schema(postgres: &Postgres, name: &str, block: u64) -> Result<Self> {
        let mut database = Self::new(postgres, name).await?;
        MIGRATOR.run_direct(None, &mut database.db, false).await?;
        execute(&mut database.db, format!("select add_partitions({block})")).await?;
        Ok(database)
    }

    /// How far the indexer is; `None` before it wrote anything.
    pub async fn watermark(&mut self) -> Result<Option<u64>> {
        indexer::watermark(&mut self.db).await
    }

    /// How many events are stored.
    pub async fn events(&mut self) -> Result<u64> {
        let count: i64 =
            sqlx::query_scalar("select count(*) from events").fetch_one(&mut self.db).await?;
        Ok(count.unsigned_abs())
    }

    /// Whether there is a row in a table.
    pub async fn has_rows(&mut self, table: &str) -> Result<bool> {
        let sql = AssertSqlSafe(format!("select exists (select from {table})"));
        Ok(sqlx::query_scalar(sql).fetch_one(&mut self.db).await?)
    }

    /// Runs statements that are not from outside.
    pub async fn execute(&mut self, sql: String) -> Result<()> {
        execute(&mut self.db, sql).await
    }

    /// All rows of a table, as COPY writes them, in the order in which they lie there.
    pub async fn dump(&mut self, table: &str, format: &str) -> Result<Vec<u8>> {
        // A partitioned table can be copied only through a query.
        let sql = format!("copy (select * from {table}) to stdout (format {format})");
        let mut bytes = Vec::new();
        let mut stream = self.db.copy_out_raw(&sql).await?;
        while let Some(part) = stream.try_next().await? {
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }
}

async fn execute(db: &mut PgConnection, sql: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql).into_sql_str()).execute(db).await?;
    Ok(())
}

/// The tables of all projections, with their histories.
pub fn projected() -> Vec<String> {
    let tables = Projection::ALL.iter().flat_map(|projection| projection.tables());
    tables
        .flat_map(|table| {
            let history = (table.kind == Kind::Current).then(|| format!("{}_history", table.name));
            std::iter::once(table.name.to_owned()).chain(history)
        })
        .collect()
}

/// The tables that show the chain as it is.
pub fn raw() -> Vec<String> {
    ["network", "contracts", "blocks", "events", "watermark"].map(str::to_owned).into()
}
