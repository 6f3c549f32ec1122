//! What handlers share, and the snapshot of the mirror that each request reads.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use assent_client::bundle::blake2_256;
use assent_client::manifest::{ContractEntry, Manifest};
use assent_interface::Contract;
use assent_mirror::fold::Projection;
use sqlx::{
    FromRow, PgConnection, PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    error::{ApiError, Unready},
    provenance::AsOf,
    types::{Account, Hash},
};

/// Connections to the database at most.
const MAX_CONNECTIONS: u32 = 10;
/// How long a request waits for a connection.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(3);

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
    deployment: Arc<Deployment>,
    max_lag_seconds: u32,
}

impl AppState {
    /// Answers from the database behind `pool`, if it mirrors the chain of `deployment`; is not
    /// ready when the mirror is behind by more than `max_lag_seconds`.
    #[must_use]
    pub fn new(pool: PgPool, deployment: Deployment, max_lag_seconds: u32) -> Self {
        Self { pool, deployment: Arc::new(deployment), max_lag_seconds }
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
        self.snapshot_with(None).await
    }

    /// Like [`Self::snapshot`], and also an error when this projection stands still: its rows are of an
    /// earlier block.
    pub(crate) async fn snapshot_of(&self, projection: Projection) -> Result<Snapshot, ApiError> {
        self.snapshot_with(Some(projection)).await
    }

    async fn snapshot_with(&self, projection: Option<Projection>) -> Result<Snapshot, ApiError> {
        let (transaction, watermark) = self.begin(projection).await?;
        let watermark = watermark.ok_or(Unready::NothingIndexed)?;
        match projection.zip(watermark.stopped_at) {
            None => Ok(Snapshot { transaction, watermark }),
            Some((projection, block)) => {
                Err(Unready::Stopped { projection: projection.name(), block }.into())
            }
        }
    }

    /// Like [`Self::snapshot`], and also an error when the mirror is behind, whether the indexer
    /// is silent or catching up.
    pub(crate) async fn fresh_snapshot(&self) -> Result<Snapshot, ApiError> {
        let snapshot = self.snapshot().await?;
        let Watermark { lag_seconds, silent_seconds, .. } = snapshot.watermark;
        let max_lag_seconds = self.max_lag_seconds;
        if silent_seconds > i64::from(max_lag_seconds) {
            return Err(Unready::Silent { silent_seconds, max_lag_seconds }.into());
        }
        if lag_seconds > i64::from(max_lag_seconds) {
            return Err(Unready::CatchingUp { lag_seconds, max_lag_seconds }.into());
        }
        Ok(snapshot)
    }

    /// Like [`Self::snapshot`], but a mirror without any block is no error, nor a projection that stands
    /// still: the watermark says where it does.
    pub(crate) async fn begin(
        &self,
        projection: Option<Projection>,
    ) -> Result<(Transaction<'static, Postgres>, Option<Watermark>), ApiError> {
        let mut transaction = self
            .pool
            .begin_with("begin transaction isolation level repeatable read, read only")
            .await?;
        let genesis: Option<Hash> = sqlx::query_scalar("select genesis_hash from network")
            .fetch_optional(&mut *transaction)
            .await?;
        let expected = self.genesis_hash();
        match genesis {
            Some(found) if found != expected => {
                return Err(Unready::OtherChain {
                    expected: expected.to_string(),
                    found: found.to_string(),
                }
                .into());
            }
            Some(_) => {}
            None => return Ok((transaction, None)),
        }
        let watermark = sqlx::query_as(
            "select
                block_number,
                block_hash,
                block_time_ms,
                (extract(epoch from updated_at) * 1000)::bigint as updated_at_ms,
                greatest(0, floor(extract(epoch from now()) - block_time_ms / 1000.0))::bigint
                    as lag_seconds,
                greatest(0, floor(extract(epoch from now() - updated_at)))::bigint
                    as silent_seconds,
                (select p.block_number from projections p
                    where p.name = $1 and p.stopped_block is not null) as stopped_at
            from watermark",
        )
        .bind(projection.map(Projection::name))
        .fetch_optional(&mut *transaction)
        .await?;
        Ok((transaction, watermark))
    }
}

/// The last block of the mirror, and when the indexer was last heard of.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct Watermark {
    /// The block.
    #[sqlx(flatten)]
    pub as_of: AsOf,
    /// Time of the block, ms since 1970.
    pub block_time_ms: i64,
    /// When the indexer last wrote, ms since 1970.
    pub updated_at_ms: i64,
    /// Age of the block in seconds, by the database's clock.
    pub lag_seconds: i64,
    /// Seconds since the indexer last wrote, by the database's clock.
    pub silent_seconds: i64,
    /// The last block of the projection that is asked for, if it stands still.
    pub stopped_at: Option<i64>,
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

    /// For rows that are read beside those of another projection: an error when this one stands still.
    ///
    /// # Errors
    /// [`Unready::Stopped`].
    pub async fn also_of(&mut self, projection: Projection) -> Result<(), ApiError> {
        let stopped_at: Option<i64> = sqlx::query_scalar(
            "select block_number from projections where name = $1 and stopped_block is not null",
        )
        .bind(projection.name())
        .fetch_optional(self.connection())
        .await?;
        match stopped_at {
            None => Ok(()),
            Some(block) => Err(Unready::Stopped { projection: projection.name(), block }.into()),
        }
    }

    /// The block whose state this is.
    pub fn as_of(&self) -> AsOf {
        self.watermark.as_of
    }
}

/// A pool that connects when it is first used, so that the service starts before its database.
pub(crate) fn pool(options: PgConnectOptions) -> PgPool {
    let options = options.application_name("assent-api").options([
        // Below the time limit of a request, so that no query outlives its request for long.
        ("statement_timeout", "8s"),
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
