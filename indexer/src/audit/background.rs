//! The audit beside the indexer, while it runs: slow, a step after the other, and never in its way.
//!
//! It reads by a connection of its own, which a query may keep for a short time only, and asks the node by
//! connections of its own, one request after the other. After each step it rests nine times as long as the
//! step took, and while the indexer is behind it waits. What it knows it hands to the one writer of the
//! mirror to keep, so that the next start goes on there.
//!
//! It compares each block once with the node's, in order; a block that is another one is not passed until
//! it is right. Then it asks for the invariants, and the contracts for a few rows of each table.

mod range;
mod round;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use assent_client::bundle::Metadata;
use assent_client::manifest::Manifest;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::AuditError;
use crate::config::Mirror;
use crate::decode::Decoder;
use crate::metrics::Metrics;
use crate::source::{Nodes, Source};
use crate::store::{self, Audited, StoreError};
use round::Round;

/// Rows of each table that the contracts are asked for.
const SAMPLE: u32 = 3;
/// The indexer keeps up while it is behind by no more blocks than these.
const NEAR: u64 = 64;
/// How long it has to keep up before an audit begins.
const QUIET: Duration = Duration::from_secs(10);
/// How often that is looked at.
const POLL: Duration = Duration::from_millis(250);
/// How long to wait after an audit that came to no end.
const RETRY: Duration = Duration::from_secs(30);
/// A step rests so many times as long as it took.
const REST: u32 = 9;
/// The longest rest, unless audits come faster.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// How long a step may take that is not heard of: whoever should answer is gone.
const SILENCE: Duration = Duration::from_secs(120);

/// What the server holds the session to: it reads, a query has 10 s and one processor, and a lock that
/// somebody else has is not waited for long.
const LIMITS: &str = "set default_transaction_read_only = on; \
    set statement_timeout = '10s'; set lock_timeout = '2s'; \
    set idle_in_transaction_session_timeout = '30s'; \
    set max_parallel_workers_per_gather = 0; \
    set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

/// What it knows, for whoever keeps it.
pub type Known = watch::Receiver<Option<Audited>>;

/// The audit beside the indexer.
pub struct Background {
    manifest: Manifest,
    bundles: BTreeMap<String, Metadata>,
    decoder: Arc<Decoder>,
    nodes: Nodes,
    database: PgConnectOptions,
    metrics: Arc<Metrics>,
    every: Duration,
    known: watch::Sender<Option<Audited>>,
}

impl Background {
    /// An audit that is made once in so long; `bundles` and `decoder` are those of the manifest. It shows what
    /// it knows in the metrics, by which it also sees whether the indexer keeps up.
    #[must_use]
    pub fn new(
        every: Duration,
        mirror: &Mirror,
        (manifest, bundles, decoder): (Manifest, BTreeMap<String, Metadata>, Arc<Decoder>),
        database: PgConnectOptions,
        metrics: Arc<Metrics>,
    ) -> Self {
        // Figures of its own: how high the chain is final is the indexer's to say.
        let nodes = Nodes::new(mirror, manifest.genesis_hash, Arc::default());
        let database = database.application_name("assent-indexer-audit");
        let (known, _) = watch::channel(None);
        Self { manifest, bundles, decoder, nodes, database, metrics, every, known }
    }

    /// What it knows, now and later.
    #[must_use]
    pub fn known(&self) -> Known {
        self.known.subscribe()
    }

    /// One audit after the other, for as long as it is polled.
    pub async fn run(self) {
        loop {
            self.keeps_up(QUIET.min(self.every)).await;
            let started = Instant::now();
            let pause = match self.once().await {
                Ok(_) => self.every.saturating_sub(started.elapsed()),
                Err(error) => {
                    // The indexer itself says that the node or the database is away.
                    tracing::info!(%error, "The audit in the background came to no end; it tries again");
                    self.nodes.skip();
                    RETRY.min(self.every)
                }
            };
            sleep(pause).await;
        }
    }

    /// One audit: what is known after it. Without a node it looks only at what the database says.
    ///
    /// # Errors
    ///
    /// [`AuditError`] when it comes to no end.
    pub async fn once(&self) -> Result<Audited, AuditError> {
        let (db, extent, stored) = bounded(self.begin()).await??;
        let source = match Source::connect(&self.nodes).await {
            Ok(source) => Some(source),
            Err(error) => {
                tracing::info!(%error, "The audit in the background goes on without a node");
                None
            }
        };
        let before = self.known.borrow().clone().or(stored);
        let mut round = Round::new(self, db, before, extent);
        round.go(source.as_ref()).await?;
        let (audited, db) = round.end();
        // It has nothing to lose.
        let _ = bounded(db.close()).await;
        Ok(audited)
    }

    /// A connection that only reads; the first and the last block, and what is known.
    async fn begin(&self) -> Result<(PgConnection, (i64, i64), Option<Audited>), AuditError> {
        let mut db = store::connect_to_read(&self.database).await?;
        sqlx::raw_sql(LIMITS).execute(&mut db).await?;
        store::check_chain(&mut db, &self.manifest).await?;
        let extent = store::extent(&mut db).await?;
        let stored = Audited::read(&mut db).await?;
        Ok((db, extent, stored))
    }

    /// Says what is known.
    fn say(&self, audited: &Audited) {
        self.metrics.audited(audited);
        self.known.send_replace(Some(audited.clone()));
    }

    /// Waits until the indexer has kept up for so long.
    async fn keeps_up(&self, long: Duration) {
        let mut since: Option<Instant> = None;
        while since.is_none_or(|since| since.elapsed() < long) {
            let near = self.metrics.behind().is_some_and(|blocks| blocks <= NEAR);
            since = near.then(|| since.unwrap_or_else(Instant::now));
            sleep(POLL.min(long)).await;
        }
    }

    /// Rests after a step, and for as long as the indexer is behind.
    async fn rest(&self, took: Duration, at_least: Duration) {
        let rest = took.saturating_mul(REST).max(at_least);
        sleep(rest.min(LONGEST_REST).min(self.every)).await;
        while self.metrics.behind().is_some_and(|blocks| blocks > NEAR) {
            sleep(POLL).await;
        }
    }
}

/// Waits for a step no longer than it may take; the connection is of no use after that.
async fn bounded<T>(step: impl Future<Output = T>) -> Result<T, AuditError> {
    let done = timeout(SILENCE, step).await;
    done.map_err(|_| StoreError::Timeout(SILENCE.as_secs()).into())
}
