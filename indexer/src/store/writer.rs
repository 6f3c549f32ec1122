//! Who writes to the database: the session that holds the writer lock, of which there is one at most, and
//! those that wait for it.

use std::fmt;
use std::time::Duration;

use sqlx::{AssertSqlSafe, FromRow, PgConnection};
use tokio::time::{Instant, sleep};

use super::StoreError;
use super::session::{ANSWER, NAME, within};

/// Key of the advisory lock: "assent" in ASCII.
pub(super) const WRITER_LOCK: i64 = 0x6173_7365_6e74;
/// What a session calls itself while it waits for the lock.
const WAITS: &str = "assent-indexer-waiting";
/// How often it looks whether the lock is free.
const LOOK: Duration = Duration::from_millis(200);
/// How long after it was said that another one writes it is said again: the first time, and at most.
const AGAIN: Duration = Duration::from_secs(30);
const AGAIN_AT_MOST: Duration = Duration::from_secs(600);

/// The session that holds the writer lock, as far as the role may see it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Writer {
    /// The server's process that serves it.
    pub process: i32,
    /// What it calls itself.
    pub application: Option<String>,
    /// Where it comes from; `None` when it came through a socket of the server's machine, and when it is
    /// another role's, which only a member of it or of `pg_read_all_stats` may see.
    pub address: Option<String>,
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} of the server", self.process)?;
        if let Some(application) = &self.application {
            write!(f, ", {application}")?;
        }
        if let Some(address) = &self.address {
            write!(f, " at {address}")?;
        }
        Ok(())
    }
}

impl Writer {
    /// Who writes; `None` when nobody does.
    pub(crate) async fn of(db: &mut PgConnection) -> Result<Option<Self>, StoreError> {
        let found = sqlx::query_as(
            "select l.pid as process, nullif(a.application_name, '') as application, \
             host(a.client_addr) as address \
             from pg_locks l join pg_database d on d.oid = l.database \
             left join pg_stat_activity a on a.pid = l.pid \
             where l.locktype = 'advisory' and l.granted and d.datname = current_database() \
             and (l.classid::bigint << 32 | l.objid::bigint) = $1 and l.objsubid = 1",
        );
        Ok(found.bind(WRITER_LOCK).fetch_optional(db).await?)
    }

    /// How many sessions wait to be it.
    pub(crate) async fn waiting(db: &mut PgConnection) -> Result<i64, StoreError> {
        let waiting = sqlx::query_scalar(
            "select count(*) from pg_stat_activity \
             where datname = current_database() and application_name = $1",
        );
        Ok(waiting.bind(WAITS).fetch_one(db).await?)
    }
}

/// Takes the writer lock, however long another session holds it: until that ends, or until the server
/// notices that it is gone. Meanwhile `waits` is called with who it is: at once, and again from time to time.
pub(super) async fn lock(
    db: &mut PgConnection,
    waits: &(dyn Fn(&Writer) + Sync),
) -> Result<(), StoreError> {
    let (mut waiting, mut due, mut pause) = (false, Instant::now(), AGAIN);
    while !within(ANSWER, try_lock(&mut *db)).await? {
        // Nobody is there when it has ended just now.
        if Instant::now() >= due
            && let Some(writer) = within(ANSWER, Writer::of(&mut *db)).await?
        {
            if !waiting {
                within(ANSWER, call(WAITS, &mut *db)).await?;
                waiting = true;
            }
            waits(&writer);
            due = Instant::now() + pause;
            pause = pause.saturating_mul(2).min(AGAIN_AT_MOST);
        }
        sleep(LOOK).await;
    }
    if waiting {
        within(ANSWER, call(NAME, db)).await?;
    }
    Ok(())
}

async fn try_lock(db: &mut PgConnection) -> Result<bool, StoreError> {
    let lock = sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(WRITER_LOCK);
    Ok(lock.fetch_one(db).await?)
}

/// Names the session.
async fn call(name: &'static str, db: &mut PgConnection) -> Result<(), StoreError> {
    let sql = AssertSqlSafe(format!("set application_name = '{name}'"));
    sqlx::raw_sql(sql).execute(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_described_as_far_as_it_can_be_seen() {
        let of = |application: Option<&str>, address: Option<&str>| Writer {
            process: 12,
            application: application.map(str::to_owned),
            address: address.map(str::to_owned),
        };
        let seen = of(Some("assent-indexer"), Some("10.0.0.7"));
        assert_eq!(seen.to_string(), "process 12 of the server, assent-indexer at 10.0.0.7");
        assert_eq!(of(None, None).to_string(), "process 12 of the server");
    }
}
