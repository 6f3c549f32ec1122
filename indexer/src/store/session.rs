//! The connection to the database: one session of ours alone, with limits on both sides, so that neither a
//! hung statement nor a server or client that vanished holds anything for long.

use std::future::Future;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _};
use tokio::time::timeout;

use super::StoreError;

/// What a session that writes, or may write, calls itself.
pub(super) const NAME: &str = "assent-indexer";
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the answers of a few small statements may take: a little more than the server gives one.
pub(super) const ANSWER: Duration = Duration::from_secs(40);
/// A transaction that takes longer has lost its server.
pub(super) const TRANSACTION: Duration = Duration::from_secs(120);
/// Migrations build indexes on all that is stored: they may take hours.
pub(super) const MIGRATION: Duration = Duration::from_secs(24 * 60 * 60);

/// What the server holds the session to. Set once the session is known to be ours, and not among the
/// parameters of the connection, which pools refuse. What a crash of the server loses, since it does not
/// wait for its disk, is fetched again: the watermark is lost with it, in order.
const LIMITS: &str = "set statement_timeout = '30s'; \
    set idle_in_transaction_session_timeout = '60s'; \
    set synchronous_commit = off; \
    set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

/// Connects, and refuses a connection that is not one session of the server.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let options = options.clone().application_name(NAME);
    let mut db = open(&options).await?;
    within(ANSWER, async {
        check_session(&mut db, &options).await?;
        limit(&mut db).await
    })
    .await?;
    Ok(db)
}

/// Sets the limits of the server.
pub(super) async fn limit(db: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::raw_sql(LIMITS).execute(db).await?;
    Ok(())
}

/// Waits for the database no longer than this.
pub(crate) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(limit, work).await.map_err(|_| StoreError::Timeout(limit.as_secs()))?
}

/// Connects. No more is known of the connection, which is enough to read.
pub(crate) async fn open(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    // Pools refuse the parameter; no value here is a float.
    let options = options.clone().extra_float_digits(None);
    match timeout(CONNECT, options.connect()).await {
        Ok(connection) => connection.map_err(StoreError::connect),
        Err(_) => Err(StoreError::Timeout(CONNECT.as_secs())),
    }
}

/// Behind a pool in transaction mode the writer lock protects nothing: the server's session that holds
/// it serves others between two transactions. Such a pool lends an idle session to whoever asks, so a
/// second connection gets the first one's, or, while it holds its own, the first one is moved.
async fn check_session(
    db: &mut PgConnection,
    options: &PgConnectOptions,
) -> Result<(), StoreError> {
    let before = backend(&mut *db).await?;
    let mut other = open(options).await?;
    sqlx::raw_sql("begin").execute(&mut other).await?;
    if backend(&mut other).await? == before {
        let reason = "another connection is served by the same process of the server";
        return Err(StoreError::NoSession { reason: reason.to_owned() });
    }
    let after = backend(db).await?;
    if after != before {
        let reason = "it is served by one process of the server and then by another";
        return Err(StoreError::NoSession { reason: reason.to_owned() });
    }
    // It has nothing to lose.
    other.close().await.unwrap_or_default();
    Ok(())
}

/// The server's process that serves a connection. Asked for without a prepared statement, which pools
/// may not know.
async fn backend(db: &mut PgConnection) -> Result<i32, StoreError> {
    let row = sqlx::raw_sql("select pg_backend_pid()").fetch_one(db).await?;
    Ok(row.try_get(0)?)
}
