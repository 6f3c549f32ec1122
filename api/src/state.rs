//! What handlers share, and the snapshot of the mirror that each request reads.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use assent_auth::Auth;
use assent_client::bundle::blake2_256;
use assent_client::manifest::{ContractEntry, Manifest};
use assent_interface::Contract;
use assent_mirror::{READER_VERSION, fold::Projection};
use axum::{Json, extract::FromRef};
use sqlx::{
    FromRow, PgConnection, PgPool, Postgres, Row, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
};

use crate::{
    error::{ApiError, Unready},
    metrics::Metrics,
    provenance::{AsOf, Item},
    types::{Account, Hash},
    watch::Watch,
};

/// Connections to the database at most, without that of the watch.
const MAX_CONNECTIONS: u32 = 10;
/// How long a request waits for a connection.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(3);

/// How old answers may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The service is not ready when the mirror is behind by more, in seconds.
    pub max_lag_seconds: u32,
    /// Who may do what, and what was done, is not told any more from a mirror that is older, in seconds.
    pub max_staleness_seconds: u32,
}

/// The part of the manifest that answers depend on.
#[derive(Debug, Clone)]
pub struct Deployment {
    network: String,
    genesis_hash: Hash,
    contracts: BTreeMap<String, Deployed>,
}

/// A contract of the manifest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deployed {
    /// Its address.
    pub address: Account,
    /// Who instantiated it: its first administrator.
    pub deployer: Account,
}

impl From<&Manifest> for Deployment {
    fn from(manifest: &Manifest) -> Self {
        let contract = |entry: &ContractEntry| Deployed {
            address: Account(entry.address.0),
            deployer: Account(entry.deployer.0),
        };
        Self {
            network: manifest.network.clone(),
            genesis_hash: manifest.genesis_hash,
            contracts: manifest
                .contracts
                .iter()
                .map(|(name, entry)| (name.clone(), contract(entry)))
                .collect(),
        }
    }
}

/// What all handlers share; cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    pool: PgPool,
    auth: Auth,
    deployment: Arc<Deployment>,
    limits: Limits,
    watch: Arc<Watch>,
    metrics: Arc<Metrics>,
}

impl AppState {
    /// Answers from the database behind `pool`, if it mirrors the chain of `deployment`, whom `auth` knows.
    #[must_use]
    pub fn new(pool: PgPool, auth: Auth, deployment: Deployment, limits: Limits) -> Self {
        let watch = Watch::new(pool.connect_options());
        Self {
            pool,
            auth,
            deployment: Arc::new(deployment),
            limits,
            watch: Arc::new(watch),
            metrics: Arc::default(),
        }
    }

    /// Looks at the mirror, so that `/readyz` knows how it stands. [`Server`](crate::Server) does so twice
    /// a second.
    pub async fn look(&self) {
        self.watch.look(self.genesis_hash()).await;
    }

    /// What was last seen of the mirror.
    ///
    /// # Errors
    /// [`Unready`], also when the mirror is behind or the service is about to end.
    pub(crate) async fn readiness(&self) -> Result<Watermark, Unready> {
        let watermark = self.watch.seen().await?;
        let max_lag_seconds = self.limits.max_lag_seconds;
        let Watermark { silent_seconds, as_of: AsOf { age_seconds, .. }, .. } = watermark;
        if silent_seconds > i64::from(max_lag_seconds) {
            return Err(Unready::Silent { silent_seconds, max_lag_seconds });
        }
        if age_seconds > i64::from(max_lag_seconds) {
            return Err(Unready::CatchingUp { age_seconds, max_lag_seconds });
        }
        Ok(watermark)
    }

    /// Connections of the pool: all that are open, and those of them that nobody uses.
    pub(crate) fn connections(&self) -> (u32, u32) {
        (self.pool.size(), self.pool.num_idle().try_into().unwrap_or(u32::MAX))
    }

    /// Age of the last block in seconds, if the mirror was seen of late.
    pub(crate) async fn block_age(&self) -> Option<i64> {
        Some(self.watch.seen().await.ok()?.as_of.age_seconds)
    }

    /// Where answers are counted.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Has `/readyz` say that the service is about to end.
    pub fn stop(&self) {
        self.watch.stop();
    }

    /// Name of the network in the manifest.
    pub(crate) fn network(&self) -> &str {
        &self.deployment.network
    }

    /// Hash of block 0 of the chain in the manifest.
    pub(crate) fn genesis_hash(&self) -> Hash {
        self.deployment.genesis_hash
    }

    /// What hashes begin with that stand for a contract on its chain: BLAKE2b-256 of the genesis hash and
    /// its address. `None` if the manifest has no such contract.
    pub(crate) fn domain(&self, contract: Contract) -> Option<[u8; 32]> {
        let address = self.contracts().get(contract.name())?.address;
        Some(blake2_256(&[self.genesis_hash().0, address.0].concat()))
    }

    /// The contracts of the manifest by name.
    pub(crate) fn contracts(&self) -> &BTreeMap<String, Deployed> {
        &self.deployment.contracts
    }

    /// Begins to read; every query on the snapshot sees the same block.
    ///
    /// # Errors
    /// [`Unready`] when the database is away or empty, mirrors another chain, or holds no block.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, ApiError> {
        let (transaction, watermark) = self.begin().await?;
        Ok(Snapshot { transaction, watermark: watermark.ok_or(Unready::NothingIndexed)? })
    }

    /// Like [`Self::snapshot`], and also an error when this projection stands still: its rows are of an
    /// earlier block. What tells who may do what, and what was done, is an error too when it is too old, or
    /// when it is not known as whom keys act since then.
    pub(crate) async fn snapshot_of(&self, projection: Projection) -> Result<Snapshot, ApiError> {
        let mut snapshot = self.snapshot().await?;
        snapshot.goes_on(projection).await?;
        if is_of_people(projection) {
            let age_seconds = snapshot.watermark.as_of.age_seconds;
            let max_staleness_seconds = self.limits.max_staleness_seconds;
            if age_seconds > i64::from(max_staleness_seconds) {
                return Err(Unready::Stale { age_seconds, max_staleness_seconds }.into());
            }
        }
        Ok(snapshot)
    }

    /// Like [`Self::snapshot`], but a mirror without any block is no error.
    pub(crate) async fn begin(
        &self,
    ) -> Result<(Transaction<'static, Postgres>, Option<Watermark>), ApiError> {
        let begin = "begin transaction isolation level repeatable read, read only";
        let mut transaction = match self.pool.begin_with(begin).await {
            // The pool waits as long for a server that is away as for a connection that is taken.
            Err(sqlx::Error::PoolTimedOut) => return Err(self.watch.why_none().into()),
            begun => begun?,
        };
        let watermark = watermark(&mut transaction, self.genesis_hash()).await?;
        Ok((transaction, watermark))
    }
}

impl FromRef<AppState> for Auth {
    fn from_ref(state: &AppState) -> Self {
        state.auth.clone()
    }
}

/// Whether somebody acts on what these rows say: on consent that has since been taken back, or on a role that
/// was suspended.
pub(crate) const fn is_of_people(projection: Projection) -> bool {
    match projection {
        Projection::Participants
        | Projection::Consent
        | Projection::Agreements
        | Projection::Reports => true,
        Projection::Rewards
        | Projection::Token
        | Projection::Carbon
        | Projection::Market
        | Projection::Governance => false,
    }
}

/// How far the mirror is; `None` before its first block.
///
/// # Errors
/// [`Unready`] when the database is away or empty, mirrors another chain, or is of a version that cannot be
/// read here.
pub(crate) async fn watermark(
    db: &mut PgConnection,
    expected: Hash,
) -> Result<Option<Watermark>, ApiError> {
    let network: Option<Network> = sqlx::query_as(
        "select
            n.genesis_hash,
            n.reader_version,
            w.block_number,
            w.block_hash,
            w.block_time_ms,
            (extract(epoch from w.updated_at) * 1000)::bigint as updated_at_ms,
            greatest(0, floor(extract(epoch from now()) - w.block_time_ms / 1000.0))::bigint
                as age_seconds,
            greatest(0, floor(extract(epoch from now() - w.updated_at)))::bigint
                as silent_seconds
        from network n left join watermark w on true",
    )
    .fetch_optional(db)
    .await?;
    let Some(Network { genesis_hash, reader_version, watermark }) = network else {
        return Ok(None);
    };
    if genesis_hash != expected {
        let (expected, found) = (expected.to_string(), genesis_hash.to_string());
        return Err(Unready::OtherChain { expected, found }.into());
    }
    if reader_version != READER_VERSION {
        return Err(Unready::OtherVersion { found: reader_version }.into());
    }
    Ok(watermark)
}

/// The chain that is mirrored.
struct Network {
    genesis_hash: Hash,
    reader_version: i32,
    watermark: Option<Watermark>,
}

impl FromRow<'_, PgRow> for Network {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let block: Option<i64> = row.try_get("block_number")?;
        Ok(Self {
            genesis_hash: row.try_get("genesis_hash")?,
            reader_version: row.try_get("reader_version")?,
            watermark: block.map(|_| Watermark::from_row(row)).transpose()?,
        })
    }
}

/// The last block of the mirror, and when the indexer was last heard of.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct Watermark {
    /// The block.
    #[sqlx(flatten)]
    pub as_of: AsOf,
    /// When the indexer last wrote, ms since 1970.
    pub updated_at_ms: i64,
    /// Seconds since the indexer last wrote, by the database's clock.
    pub silent_seconds: i64,
}

/// A read-only transaction that sees one state of the mirror; it ends when this is dropped.
pub(crate) struct Snapshot {
    transaction: Transaction<'static, Postgres>,
    /// The block whose state this is.
    pub watermark: Watermark,
}

impl Snapshot {
    /// Where to run queries.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// An error when this projection stands still or is of a version that is not known here; also when that is
    /// so of participants, if they say as whom people act in it.
    ///
    /// # Errors
    /// [`Unready::Stopped`], [`Unready::OtherProjection`].
    pub async fn goes_on(&mut self, projection: Projection) -> Result<(), ApiError> {
        let both = [projection, Projection::Participants];
        let needed = if is_of_people(projection) { &both[..] } else { &both[..1] };
        let standing: Vec<(String, i32, Option<i64>)> = sqlx::query_as(
            "select name, version, case when stopped_block is not null then block_number end
            from projections where name = any($1)",
        )
        .bind(both.map(Projection::name))
        .fetch_all(self.connection())
        .await?;
        for projection in needed {
            let name = projection.name();
            let found = standing.iter().find(|(found, ..)| found == name);
            match found {
                Some(&(_, version, _)) if version != projection.version() => {
                    return Err(
                        Unready::OtherProjection { projection: name, found: version }.into()
                    );
                }
                Some(&(_, _, Some(block))) => {
                    return Err(Unready::Stopped { projection: name, block }.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The block whose state this is.
    pub fn as_of(&self) -> AsOf {
        self.watermark.as_of
    }

    /// The answer of a route that gives one item.
    pub fn item<T>(&self, item: T) -> Json<Item<T>> {
        Json(Item { item, as_of: self.as_of() })
    }
}

/// The connections of the service. The first is made when it is first used, so that the service starts before its
/// database.
pub fn pool(options: PgConnectOptions) -> PgPool {
    let options = options.application_name("assent-api").options([
        // Below the time limit of a request, so that no query outlives its request for long.
        ("statement_timeout", "8s"),
        // A table that is locked is a matter of a moment, or of whoever forgot to commit.
        ("lock_timeout", "1s"),
        ("idle_in_transaction_session_timeout", "15s"),
        ("default_transaction_read_only", "on"),
        // Optional filters are written as `$1 is null or column = $1`; only a plan for the actual
        // values can use the index.
        ("plan_cache_mode", "force_custom_plan"),
    ]);
    PgPoolOptions::new()
        .max_connections(MAX_CONNECTIONS)
        .acquire_timeout(CONNECTION_TIMEOUT)
        .connect_lazy_with(options)
}
