//! Moves blocks from the node into the database, and starts over from the watermark whenever one of
//! the two goes away.

mod write;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assent_client::manifest::Manifest;
use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::audit::{Background, Known};
use crate::config::{Config, METRICS_LISTEN};
use crate::decode::Decoder;
use crate::metrics::{self, Cause, Metrics, Phase};
use crate::need::{NeedError, needs};
use crate::source::{Nodes, Sender, Source};
use crate::store::{Store, Watermark, Writer};
use write::{MOST_EVENTS, Run, write_all};

/// Blocks that may wait between the node and the database, and how many events these may have, unless one
/// block alone has more. Each holds some kilobytes.
const CHANNEL: usize = 2_048;
const CHANNEL_EVENTS: usize = 2 * MOST_EVENTS;
/// How long to wait for the next look at a node that is behind.
const BEHIND_POLL: Duration = Duration::from_secs(1);
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(5);
/// A session that lasted this long was a success: the next failure starts with a short wait again.
const HEALTHY_SESSION: Duration = Duration::from_secs(30);

/// Why the indexer stopped. Nothing is lost: it goes on at the watermark once the cause is gone.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Something is not usable that every command needs.
    #[error(transparent)]
    Need(NeedError),
    /// The manifest names no contract.
    #[error("the manifest names no contract; deploy with `assent-deploy apply`")]
    NoContracts,
    /// The address for metrics cannot be listened on.
    #[error("{setting}: cannot listen on {address} ({reason}); choose another address or port")]
    MetricsListen {
        /// The flag or the variable that it came from.
        setting: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        reason: io::Error,
    },
}

needs!(RunError);

impl RunError {
    /// Does it help to try again?
    fn is_transient(&self) -> bool {
        matches!(self, RunError::Need(error) if error.is_transient())
    }

    fn cause(&self) -> Cause {
        if matches!(self, RunError::Need(NeedError::Source(_))) {
            Cause::Node
        } else {
            Cause::Database
        }
    }
}

/// Follows the chain until `shutdown` is cancelled; then the block in hand is finished first.
///
/// A node or a database that is away is waited for. Errors: [`RunError`], for all that does not
/// heal by itself.
pub async fn run(mut config: Config, shutdown: CancellationToken) -> Result<(), RunError> {
    config.mirror.trim_node_urls()?;
    let manifest = Manifest::load(&config.mirror.manifest)?;
    if manifest.contracts.is_empty() {
        return Err(RunError::NoContracts);
    }
    let bundles = manifest.bundles()?;
    let decoder = Arc::new(Decoder::new(&manifest, bundles.clone()));
    let database = config.mirror.database.options()?;
    let metrics = Arc::new(Metrics::default());
    let server = match config.metrics_listen {
        Some(address) => {
            let server = metrics::Server::bind(address).await;
            Some(server.map_err(|reason| not_listening(address, reason))?)
        }
        None => None,
    };
    let nodes = Nodes::new(&config.mirror, manifest.genesis_hash, metrics.clone())
        .with_foreign(config.foreign_events);
    // A task of its own, so that what it computes holds nothing up; it ends with this function.
    let mut beside = JoinSet::new();
    let audited = match config.audit_every() {
        Some(every) => {
            let what = (manifest.clone(), bundles, decoder.clone());
            let database = database.clone();
            let audit = Background::new(every, &config.mirror, what, database, metrics.clone());
            let known = audit.known();
            beside.spawn(audit.run());
            known
        }
        None => watch::channel(None).1,
    };
    let setup = Setup { config, manifest, decoder, nodes, database, metrics, audited };
    let served = async {
        match server {
            Some(server) => {
                let address = server.address();
                let ended = server.run(setup.metrics.clone()).await;
                ended.map_err(|reason| not_listening(address, reason))
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        followed = setup.follow(&shutdown) => followed,
        served = served => served,
    }
}

fn not_listening(address: SocketAddr, reason: io::Error) -> RunError {
    let setting = METRICS_LISTEN.source(&address.to_string());
    RunError::MetricsListen { setting, address, reason }
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
    metrics: Arc<Metrics>,
    /// What the audit in the background knows.
    audited: Known,
}

impl Setup {
    /// One session after the other, until something does not heal by itself.
    async fn follow(&self, shutdown: &CancellationToken) -> Result<(), RunError> {
        let mut backoff = backoff();
        // How many blocks a transaction may take.
        let mut run = Run::default();
        loop {
            let started = Instant::now();
            let error = match self.session(&mut run, shutdown).await {
                Ok(()) => return Ok(()),
                Err(error) if error.is_transient() => error,
                Err(error) => return Err(error),
            };
            if started.elapsed() >= HEALTHY_SESSION {
                backoff = self::backoff();
            }
            if error.cause() == Cause::Node {
                self.nodes.skip();
            }
            self.metrics.retries(error.cause());
            self.metrics.enter(Phase::Connecting);
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

    /// One connection to the node and one to the database, until either fails.
    async fn session(&self, run: &mut Run, shutdown: &CancellationToken) -> Result<(), RunError> {
        let opened = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            opened = self.open() => opened,
        };
        let (mut source, mut store) = opened?;
        let stands = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            stands = store.prepare() => stands?,
        };
        self.metrics.stands(&stands);
        let watermark = store.watermark().await?;
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            level = reach(&source, &mut store, watermark) => level?,
        }
        let next = store.next_block(watermark);
        if watermark.is_none() {
            source.check_deployment(&self.manifest).await?;
            // Contracts of others may be older than the first block that is indexed.
            let before = source.contracts_at(next.saturating_sub(1)).await?;
            store.write_codes_before(&before).await?;
        }
        self.metrics.enter(Phase::Following);
        tracing::info!(
            network = self.manifest.network,
            node = source.url(),
            next_block = next,
            "The indexer follows the chain"
        );
        let (sender, receiver) = mpsc::channel(CHANNEL);
        let sender = Sender::new(sender, CHANNEL_EVENTS);
        let mut audited = self.audited.clone();
        // What the session before could not keep is kept now.
        audited.mark_changed();
        // Dropping the fetching side at any point loses nothing: it only reads.
        let outcome = tokio::select! {
            fetched = source.follow(&self.decoder, next, sender) => fetched.map_err(RunError::from),
            written = write_all(&mut store, receiver, audited, run, &self.metrics, shutdown) => {
                written
            }
        };
        if outcome.is_ok() {
            store.close().await?;
        }
        outcome
    }

    async fn open(&self) -> Result<(Source<'_>, Store), RunError> {
        // A node of another chain is no reason to make tables.
        let mut source = Source::connect(&self.nodes).await?;
        let decoder = self.decoder.clone();
        // After a network failure it may be this indexer's own old session, which the server holds until
        // nobody answers its probes.
        let waits = |writer: &Writer| {
            self.metrics.enter(Phase::Waiting);
            tracing::warn!(
                "Another indexer writes to this database ({writer}); this one waits for it to end, and \
                 takes over then"
            );
        };
        let opened = Store::open(&self.database, &self.manifest, decoder, &waits).await;
        let store = opened
            .map_err(|error| RunError::Need(NeedError::of(error, &self.config.mirror.database)))?;
        if self.metrics.phase() == Phase::Waiting {
            tracing::info!("The other indexer has ended; this one takes over");
            self.metrics.enter(Phase::Connecting);
            // Nobody knows what became of the connection meanwhile.
            source = Source::connect(&self.nodes).await?;
        }
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
