//! How the mirror stands, looked at on a connection that no request can take: whether the service is ready
//! does not depend on how busy it is.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use assent_client::setting::one_line;
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::{Mutex, watch},
    time::timeout,
};

use crate::{
    error::{ApiError, Unready},
    state::{self, Watermark},
    types::Hash,
};

/// How often the server looks.
pub(crate) const INTERVAL: Duration = Duration::from_millis(500);
/// How long one look may take, and how long somebody waits for one.
const PATIENCE: Duration = Duration::from_millis(900);
/// A look counts for this long.
const COUNTS: Duration = Duration::from_secs(2);

/// What was seen.
#[derive(Debug, Clone)]
struct Seen {
    at: Instant,
    found: Result<Watermark, Unready>,
}

/// The connection, and what was last seen on it.
#[derive(Debug)]
pub(crate) struct Watch {
    options: Arc<PgConnectOptions>,
    connection: Mutex<Option<PgConnection>>,
    seen: watch::Sender<Option<Seen>>,
    stopping: AtomicBool,
}

impl Watch {
    /// Will connect so when it first looks.
    pub fn new(options: Arc<PgConnectOptions>) -> Self {
        Self {
            options,
            connection: Mutex::new(None),
            seen: watch::Sender::new(None),
            stopping: AtomicBool::new(false),
        }
    }

    /// Looks at the mirror, which should be of this chain.
    pub async fn look(&self, genesis_hash: Hash) {
        let found = timeout(PATIENCE, self.find(genesis_hash))
            .await
            .unwrap_or_else(|_| Err(Unready::Database(Arc::new(sqlx::Error::PoolTimedOut))));
        self.seen.send_replace(Some(Seen { at: Instant::now(), found }));
    }

    async fn find(&self, genesis_hash: Hash) -> Result<Watermark, Unready> {
        let mut kept = self.connection.lock().await;
        // Taken out: one on which a look failed, or was cut off, is not used again.
        if let Some(db) = kept.take() {
            let found;
            (*kept, found) = find_on(db, genesis_hash).await;
            if kept.is_some() {
                return found;
            }
            // The server may have restarted since the last look.
        }
        let db = PgConnection::connect_with(&self.options)
            .await
            .map_err(|error| Unready::Database(Arc::new(error)))?;
        let found;
        (*kept, found) = find_on(db, genesis_hash).await;
        found
    }

    /// What was last seen, with ages of now.
    ///
    /// # Errors
    /// [`Unready`].
    pub async fn seen(&self) -> Result<Watermark, Unready> {
        if self.stopping.load(Ordering::Relaxed) {
            return Err(Unready::Stopping);
        }
        let counts =
            |seen: &Option<Seen>| seen.as_ref().is_some_and(|seen| seen.at.elapsed() < COUNTS);
        let mut receiver = self.seen.subscribe();
        let seen = timeout(PATIENCE, receiver.wait_for(counts)).await;
        let Some(seen) = seen.ok().and_then(Result::ok).and_then(|seen| seen.clone()) else {
            return Err(Unready::Unknown);
        };
        let mut watermark = seen.found?;
        let since = i64::try_from(seen.at.elapsed().as_secs()).unwrap_or(i64::MAX);
        watermark.as_of.age_seconds = watermark.as_of.age_seconds.saturating_add(since);
        watermark.silent_seconds = watermark.silent_seconds.saturating_add(since);
        Ok(watermark)
    }

    /// Why there was no connection for a request.
    pub fn why_none(&self) -> Unready {
        match &*self.seen.borrow() {
            Some(Seen { found: Err(away @ Unready::Database(_)), .. }) => away.clone(),
            _ => Unready::Busy,
        }
    }

    /// From now on the service is about to end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// What is found on a connection, with that if it can be used again.
async fn find_on(
    mut db: PgConnection,
    genesis_hash: Hash,
) -> (Option<PgConnection>, Result<Watermark, Unready>) {
    match state::watermark(&mut db, genesis_hash).await {
        Ok(watermark) => (Some(db), watermark.ok_or(Unready::NothingIndexed)),
        Err(ApiError::Unready(unready @ Unready::Database(_))) => (None, Err(unready)),
        Err(ApiError::Unready(unready)) => (Some(db), Err(unready)),
        Err(error) => {
            tracing::error!(error = %one_line(&error), "A look at the mirror failed");
            (None, Err(Unready::Unknown))
        }
    }
}
