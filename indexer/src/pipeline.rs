//! Moves blocks from the node into the database, and starts over from the watermark whenever one of
//! the two goes away.

use std::sync::Arc;
use std::time::Duration;

use assent_client::manifest::{Manifest, ManifestError};
use assent_client::setting::Empty;
use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, DatabaseUrlError};
use crate::decode::Decoder;
use crate::source::{Fetched, Nodes, Source, SourceError};
use crate::store::{self, Block, Store, StoreError, Watermark};

/// Blocks that may wait between the node and the database.
const CHANNEL: usize = 1_024;
/// Blocks in one transaction at most.
const BATCH: usize = 512;
/// Events in one transaction, unless a single block has more.
const BATCH_EVENTS: usize = 10_000;
/// How long a predecessor that was killed may take to free the writer lock.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// After a network failure the server may hold this indexer's own old session until its keep-alive
/// probes go unanswered.
const OWN_LOCK_PATIENCE: Duration = Duration::from_secs(60);
/// A transaction that takes longer has lost its server.
const WRITE_TIMEOUT: Duration = Duration::from_secs(120);
/// How long to wait for the next look at a node that is behind.
const BEHIND_POLL: Duration = Duration::from_secs(1);
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);
/// A session that lasted this long was a success: the next failure starts with a short wait again.
const HEALTHY_SESSION: Duration = Duration::from_secs(30);

/// Why the indexer stopped. Nothing is lost: it goes on at the watermark once the cause is gone.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The manifest or a bundle that it names is not usable.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest names no contract.
    #[error("the manifest names no contract; deploy with `assent-deploy apply`")]
    NoContracts,
    /// A URL is empty.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// The database URL is not one.
    #[error(transparent)]
    DatabaseUrl(#[from] DatabaseUrlError),
    /// The database that the URL names cannot be opened.
    #[error("the database of {setting} cannot be opened: {reason}")]
    Database {
        /// The flag or the variable that the URL came from.
        setting: &'static str,
        /// What the server or the system says.
        reason: sqlx::Error,
    },
    /// The node cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RunError {
    /// Does it help to try again?
    fn is_transient(&self) -> bool {
        match self {
            RunError::Source(error) => error.is_transient(),
            RunError::Database { reason, .. } => store::is_transient(reason),
            RunError::Store(error) => error.is_transient(),
            _ => false,
        }
    }
}

/// Follows the chain until `shutdown` is cancelled; then the block in hand is finished first.
///
/// A node or a database that is away is waited for. Errors: [`RunError`], for all that does not
/// heal by itself.
pub async fn run(mut config: Config, shutdown: CancellationToken) -> Result<(), RunError> {
    config.trim_node_urls()?;
    let manifest = Manifest::load(&config.manifest)?;
    if manifest.contracts.is_empty() {
        return Err(RunError::NoContracts);
    }
    let decoder = Arc::new(Decoder::new(&manifest, manifest.bundles()?));
    let database = config.database.options()?;
    let nodes = Nodes::new(&config, manifest.genesis_hash);
    let setup = Setup { config, manifest, decoder, nodes, database };

    let mut backoff = backoff();
    let mut patience = LOCK_PATIENCE;
    loop {
        let started = Instant::now();
        let error = match setup.session(&mut patience, &shutdown).await {
            Ok(()) => return Ok(()),
            Err(error) if error.is_transient() => error,
            Err(error) => return Err(error),
        };
        if started.elapsed() >= HEALTHY_SESSION {
            backoff = self::backoff();
        }
        if matches!(error, RunError::Source(_)) {
            setup.nodes.skip();
        }
        let pause = backoff.next().unwrap_or(LONGEST_BACKOFF);
        tracing::warn!(
            error = %error,
            retry_in_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
            "The node or the database is away; the indexer goes on where it was once it is back"
        );
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = sleep(pause) => {}
        }
    }
}

/// How long to wait after one failure and the next: longer each time, and never as long as others do.
fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_BACKOFF)
        .with_max_delay(LONGEST_BACKOFF)
        .without_max_times()
        .with_jitter()
        .build()
}

/// What stays the same over all reconnects.
struct Setup {
    config: Config,
    manifest: Manifest,
    decoder: Arc<Decoder>,
    nodes: Nodes,
    database: PgConnectOptions,
}

impl Setup {
    /// One connection to the node and one to the database, until either fails.
    ///
    /// `patience` is how long the writer lock is waited for; it grows once the lock was ours.
    async fn session(
        &self,
        patience: &mut Duration,
        shutdown: &CancellationToken,
    ) -> Result<(), RunError> {
        let opened = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            opened = self.open(*patience) => opened,
        };
        let (mut source, mut store) = opened?;
        *patience = OWN_LOCK_PATIENCE;
        let watermark = store.watermark().await?;
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            level = reach(&source, &mut store, watermark) => level?,
        }
        if watermark.is_none() {
            source.check_deployment(&self.manifest).await?;
        }
        let next = store.next_block(watermark);
        tracing::info!(
            network = self.manifest.network,
            node = source.url(),
            next_block = next,
            "The indexer follows the chain"
        );
        let (sender, receiver) = mpsc::channel(CHANNEL);
        // Dropping the fetching side at any point loses nothing: it only reads.
        let outcome = tokio::select! {
            fetched = source.follow(&self.decoder, next, sender) => fetched.map_err(RunError::from),
            written = write_all(&mut store, receiver, shutdown) => written,
        };
        if outcome.is_ok() {
            store.close().await?;
        }
        outcome
    }

    async fn open(&self, patience: Duration) -> Result<(Source<'_>, Store), RunError> {
        let source = Source::connect(&self.nodes).await?;
        let decoder = self.decoder.clone();
        let opened = Store::open(&self.database, &self.manifest, decoder, patience).await;
        let store = opened.map_err(|error| match error {
            StoreError::Connect(reason) => {
                let setting = self.config.database.setting();
                RunError::Database { setting, reason }
            }
            other => other.into(),
        })?;
        Ok((source, store))
    }
}

/// Waits until the node is as far as the database, and refuses it as soon as one of its blocks is
/// another than the one that was indexed: a node that syncs is waited for, one that was wiped is not.
async fn reach(
    source: &Source<'_>,
    store: &mut Store,
    watermark: Option<Watermark>,
) -> Result<(), RunError> {
    let Some(watermark) = watermark else { return Ok(()) };
    let mut told = false;
    loop {
        let finalized = source.finalized().await?;
        if let Some(known) = store.known_block(finalized).await? {
            source.check_block(known).await?;
        }
        if finalized >= watermark.number {
            return Ok(());
        }
        if !told {
            told = true;
            tracing::warn!(
                finalized,
                indexed = watermark.number,
                node = source.url(),
                "The node is behind what was indexed; the indexer waits for it"
            );
        }
        sleep(BEHIND_POLL).await;
    }
}

/// How many of these blocks go into one transaction.
fn batch_length(blocks: &[Fetched]) -> usize {
    let mut events = 0;
    let fits = blocks.iter().take_while(|fetched| {
        events += fetched.block.events.len();
        events <= BATCH_EVENTS
    });
    fits.count().max(1)
}

/// Writes what is fetched, as many blocks in one transaction as are waiting.
async fn write_all(
    store: &mut Store,
    mut fetched: mpsc::Receiver<Fetched>,
    shutdown: &CancellationToken,
) -> Result<(), RunError> {
    let mut caught_up = false;
    let mut waiting = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            // A shutdown is heard between transactions only.
            biased;
            () = shutdown.cancelled() => return Ok(()),
            received = fetched.recv_many(&mut waiting, BATCH), if waiting.is_empty() => {
                if received == 0 {
                    return Ok(());
                }
            }
            () = std::future::ready(()), if !waiting.is_empty() => {}
        }
        let length = batch_length(&waiting);
        let batch: Vec<Fetched> = waiting.drain(..length).collect();
        let finalized = batch.last().map_or(0, |last| last.finalized);
        let (blocks, decoded): (Vec<Block>, Vec<_>) =
            batch.into_iter().map(|fetched| (fetched.block, fetched.decoded)).unzip();
        let written = timeout(WRITE_TIMEOUT, store.write_decoded(&blocks, &decoded))
            .await
            .map_err(|_| StoreError::Timeout(WRITE_TIMEOUT.as_secs()))??;
        let Some(last) = blocks.last() else { continue };
        for (projection, contradiction) in &written.stopped {
            tracing::error!(
                projection = projection.name(),
                block_number = contradiction.at.block_number,
                event_index = contradiction.at.event_index,
                reason = contradiction.reason,
                "A projection stands still before this block; the others go on"
            );
        }
        if written.events > 0 {
            tracing::info!(
                block_number = last.number,
                blocks = blocks.len(),
                events = written.events,
                undecoded = written.undecoded,
                "Events were written"
            );
        }
        if !caught_up && last.number >= finalized {
            caught_up = true;
            tracing::info!(
                block_number = last.number,
                block_hash = %last.hash,
                "The indexer has caught up"
            );
        }
    }
}
