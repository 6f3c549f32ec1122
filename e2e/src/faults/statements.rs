//! Failures of the server inside a transaction of the writer. The writer is caught where it has written
//! most of the transaction, so that something would be left behind if anything could be.

use super::ground::{DISTURBED, Ground};
use anyhow::{Context, Result, ensure};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr};

/// What a statement fails with, once: what the server says of two transactions that are in each other's
/// way, of a full disk, of a lock that is not had, and of a statement that is cancelled.
const FAILURES: [&str; 5] = ["40001", "40P01", "53100", "55P03", "57014"];
/// Tables of which each transaction writes a row: the first that is written, and the last.
const WRITTEN: [&str; 2] = ["blocks", "watermark"];

/// How the server interrupts a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// It cancels it.
    Cancel,
    /// It ends the session.
    End,
}

/// Interrupts the last statement of a transaction, which is held there meanwhile.
pub async fn interrupt(ground: &mut Ground, how: Interruption) -> Result<String> {
    let mut db = ground.control(DISTURBED).await?;
    let mut tx = db.begin().await?;
    sqlx::query("lock table watermark in share mode").execute(&mut *tx).await?;
    let mut other = ground.control(DISTURBED).await?;
    let mut caught = None;
    ground
        .until("a transaction of the writer", async |_| {
            caught = waiting_writer(&mut other).await?;
            Ok(caught.is_some())
        })
        .await?;
    let process = caught.context("the writer was caught")?;
    let sql = match how {
        Interruption::Cancel => "select pg_cancel_backend($1)",
        Interruption::End => "select pg_terminate_backend($1)",
    };
    let done: bool = sqlx::query_scalar(sql).bind(process).fetch_one(&mut other).await?;
    ensure!(done, "the server has no process {process} any more");
    // Not before the statement has failed: it would pass otherwise.
    ground
        .until("the end of the statement", async |_| {
            Ok(waiting_writer(&mut other).await? != Some(process))
        })
        .await?;
    tx.rollback().await?;
    Ok(format!("process {process} of the server, at the watermark"))
}

/// The process that serves the writer, if it waits in a transaction that has written.
async fn waiting_writer(db: &mut PgConnection) -> Result<Option<i32>> {
    let process = sqlx::query_scalar(
        "select pid from pg_stat_activity
         where datname = current_database() and application_name = 'assent-indexer'
         and wait_event_type = 'Lock' and backend_xid is not null",
    );
    Ok(process.fetch_optional(db).await?)
}

/// Has a statement of a transaction fail once, by a trigger that is gone afterwards.
pub async fn fail_once(ground: &mut Ground, pick: usize) -> Result<String> {
    let failure = FAILURES[pick % FAILURES.len()];
    let table = WRITTEN[pick / FAILURES.len() % WRITTEN.len()];
    // A sequence goes on although the transaction is undone.
    let made = format!(
        "create schema faults;
         create sequence faults.calls;
         create function faults.fail_once() returns trigger language plpgsql as $$ begin
             if nextval('faults.calls') = 1 then
                 raise exception 'this statement is made to fail' using errcode = '{failure}';
             end if;
             return null;
         end $$;
         create trigger fail_once after insert or update on {table}
             for each row execute function faults.fail_once();"
    );
    let mut db = ground.control(DISTURBED).await?;
    let made = AssertSqlSafe(made).into_sql_str();
    let mut tx = db.begin().await?;
    sqlx::raw_sql(made).execute(&mut *tx).await?;
    tx.commit().await?;
    ground
        .until("a statement that fails", async |_| {
            let called = sqlx::query_scalar("select is_called from faults.calls");
            Ok(called.fetch_one(&mut db).await?)
        })
        .await?;
    sqlx::raw_sql("drop schema faults cascade").execute(&mut db).await?;
    Ok(format!("SQLSTATE {failure} at a row of {table}"))
}
