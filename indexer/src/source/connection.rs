//! The connection to one of several nodes.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assent_client::Hash;
use assent_client::chain::{Chain, ChainError, Config as ChainConfig};
use jsonrpsee::core::ClientError;
use jsonrpsee::core::client::{ClientT as _, Subscription, SubscriptionClientT as _};
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::core::traits::ToRpcParams;
use jsonrpsee::rpc_params;
use jsonrpsee::ws_client::WsClient;
use serde::de::DeserializeOwned;
use subxt::client::OnlineClientAtBlock;
use subxt::dynamic;
use tokio::sync::Mutex;

use super::batch::{BatchSize, MOST};
use super::extrinsics::Bodies;
use super::{SourceError, limit};
use crate::config::{Mirror, NODE_URL};
use crate::metrics::Metrics;

/// The nodes that serve one chain, tried one after the other.
pub struct Nodes {
    urls: Vec<String>,
    /// The flag or the variable that they came from.
    setting: &'static str,
    allow_insecure: bool,
    genesis: Hash,
    pub(super) metrics: Arc<Metrics>,
    /// The one to try next.
    current: AtomicUsize,
    /// How many blocks they are asked for at once. A node may close the connection because of too many, so
    /// this outlives it.
    pub(super) size: BatchSize,
    /// How many events of contracts outside the manifest are taken of a block.
    pub(super) foreign: u32,
}

impl Nodes {
    /// The configured nodes; they must be of the chain with this genesis hash. How high it is final goes
    /// into the metrics. All events are taken.
    #[must_use]
    pub fn new(mirror: &Mirror, genesis: Hash, metrics: Arc<Metrics>) -> Self {
        let urls = mirror.node_url.clone();
        let setting = NODE_URL.source(&urls.join(","));
        let allow_insecure = mirror.allow_insecure_node;
        Self {
            urls,
            setting,
            allow_insecure,
            genesis,
            metrics,
            current: AtomicUsize::new(0),
            size: BatchSize::default(),
            foreign: u32::MAX,
        }
    }

    /// Takes only so many events of a block that are of contracts outside the manifest; the rest is counted.
    #[must_use]
    pub fn with_foreign(self, most: u32) -> Self {
        Self { foreign: most, ..self }
    }

    /// Connects to the node that served last, or to the next one that answers.
    pub(super) async fn connect(&self) -> Result<Connection, SourceError> {
        let mut failed = None;
        for _ in &self.urls {
            let index = self.current.load(Ordering::Relaxed) % self.urls.len();
            match Connection::open(self, &self.urls[index]).await {
                Ok(connection) => return Ok(connection),
                Err(error) if self.urls.len() == 1 => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, "This node does not serve; the indexer tries the next");
                    self.current.store(index + 1, Ordering::Relaxed);
                    failed = Some(error);
                }
            }
        }
        // There is a URL at least: the configuration demands one.
        Err(failed.unwrap_or(SourceError::NoBlock { number: 0 }))
    }

    /// Connects to the node after the one that served last.
    pub(super) async fn connect_to_next(&self) -> Result<Connection, SourceError> {
        self.current.fetch_add(1, Ordering::Relaxed);
        self.connect().await
    }

    /// The node that failed is not the first one to be tried again.
    pub fn skip(&self) {
        self.current.fetch_add(1, Ordering::Relaxed);
    }
}

/// A connection to one node: subxt's for what needs metadata, and a plain one for batches, which subxt's
/// does not send.
pub(super) struct Connection {
    pub(super) chain: Chain,
    rpc: WsClient,
    /// How many requests the node takes in a batch.
    pub(super) most: u64,
    /// How it tells the extrinsics of a block.
    pub(super) bodies: Bodies,
    heads: Mutex<Option<Subscription<serde_json::Value>>>,
    keys: Keys,
    /// What decodes the events of each version of the runtime.
    runtimes: Mutex<HashMap<u32, Arc<Runtime>>>,
}

/// A runtime of the chain, with its metadata.
pub(super) type Runtime = OnlineClientAtBlock<ChainConfig>;

/// The storage keys that are read of each block, in hex.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) events: String,
    pub(super) now: String,
    pub(super) parent_hash: String,
    pub(super) last_upgrade: String,
}

impl Connection {
    async fn open(nodes: &Nodes, url: &str) -> Result<Self, SourceError> {
        let Nodes { setting, allow_insecure, genesis, .. } = *nodes;
        let connected = Chain::connect_with(url, allow_insecure).await;
        let chain = connected.map_err(|error| SourceError::Node { setting, error })?;
        let node = chain.genesis_hash();
        if node != genesis {
            return Err(SourceError::OtherNode { url: url.to_owned(), node, manifest: genesis });
        }
        let (rpc, most) = limit::connect(url, setting).await?;
        if most < MOST {
            tracing::info!(
                node = url,
                most,
                "The node takes no more requests in a batch (--rpc-max-batch-request-len)"
            );
        }
        let bodies = Bodies::of(&rpc).await;
        let bodies = bodies.map_err(|error| request(url, "its methods", &error))?;
        let heads = rpc
            .subscribe(
                "chain_subscribeFinalizedHeads",
                rpc_params![],
                "chain_unsubscribeFinalizedHeads",
            )
            .await
            .map_err(|error| request(url, "finalized heads", &error))?;
        let at = chain.at_finalized().await?;
        let key = |pallet: &'static str, entry: &'static str| {
            let storage = at.storage();
            let key = storage
                .entry(dynamic::storage::<(), dynamic::Value>(pallet, entry))
                .and_then(|entry| entry.fetch_key(()));
            key.map(|key| format!("0x{}", const_hex::encode(key)))
                .map_err(|error| request(url, "a storage key", &error))
        };
        let keys = Keys {
            events: key("System", "Events")?,
            now: key("Timestamp", "Now")?,
            parent_hash: key("System", "ParentHash")?,
            last_upgrade: key("System", "LastRuntimeUpgrade")?,
        };
        let heads = Mutex::new(Some(heads));
        Ok(Self { chain, rpc, most, bodies, heads, keys, runtimes: Mutex::default() })
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Waits until the node says that something was finalized; for ever, once it does not say so any
    /// more.
    pub(super) async fn news(&self) {
        let mut heads = self.heads.lock().await;
        let next = match &mut *heads {
            Some(subscription) => subscription.next().await,
            None => std::future::pending().await,
        };
        if next.is_none() {
            *heads = None;
        }
    }

    /// The hashes of the blocks at these heights.
    pub(super) async fn hashes(
        &self,
        range: RangeInclusive<u64>,
    ) -> Result<Vec<Hash>, SourceError> {
        let numbers: Vec<u64> = range.clone().collect();
        let hashes: Vec<Option<String>> = self
            .rpc
            .request("chain_getBlockHash", rpc_params![numbers])
            .await
            .map_err(|error| self.failed(&error, *range.start()))?;
        range
            .zip(hashes)
            .map(|(number, hash)| {
                let hash = hash.ok_or(SourceError::NoBlock { number })?;
                hash.parse().map_err(|_| SourceError::Answer { number, reason: hash })
            })
            .collect()
    }

    /// The answers of a method to each of these parameters, in order, all asked for in one batch. `first`
    /// is the block that the first ones are about.
    pub(super) async fn batch<T: DeserializeOwned + std::fmt::Debug + 'static>(
        &self,
        method: &'static str,
        each: impl IntoIterator<Item = impl ToRpcParams>,
        first: u64,
    ) -> Result<Vec<T>, SourceError> {
        let mut requests = BatchRequestBuilder::new();
        for parameters in each {
            requests.insert(method, parameters).map_err(|error| SourceError::Answer {
                number: first,
                reason: error.to_string(),
            })?;
        }
        let answers =
            self.rpc.batch_request(requests).await.map_err(|error| self.failed(&error, first))?;
        let one = answers.len() == 1;
        (first..)
            .zip(answers)
            .map(|(number, answer)| {
                answer.map_err(|error| {
                    let url = self.chain.url().to_owned();
                    let reason = error.message().to_owned();
                    if reason.to_lowercase().contains("state already discarded") {
                        ChainError::Pruned { url, what: "the events of a block" }.into()
                    } else if error.code() == jsonrpsee::types::error::OVERSIZED_RESPONSE_CODE
                        && one
                    {
                        SourceError::TooLarge { url, number }
                    } else {
                        SourceError::Batch { url, reason }
                    }
                })
            })
            .collect()
    }

    /// The runtime with this version, which was that of a block: its metadata is asked for at the block
    /// below. At a block that brings new code the node already answers with the new code's.
    pub(super) async fn runtime(
        &self,
        spec_version: u32,
        parent: Hash,
    ) -> Result<Arc<Runtime>, SourceError> {
        let mut runtimes = self.runtimes.lock().await;
        if let Some(runtime) = runtimes.get(&spec_version) {
            return Ok(runtime.clone());
        }
        let hash = subxt::config::substrate::H256(parent.0);
        let at = self.chain.client().at_block(hash);
        let runtime = Arc::new(self.chain.timed("the runtime's metadata", at).await?);
        runtimes.insert(spec_version, runtime.clone());
        Ok(runtime)
    }

    /// A request that failed as a whole: the connection is gone, or the node did not take it.
    fn failed(&self, error: &ClientError, number: u64) -> SourceError {
        let url = self.chain.url().to_owned();
        match error {
            ClientError::Call(error)
                if error.code() == jsonrpsee::types::error::OVERSIZED_RESPONSE_CODE =>
            {
                SourceError::TooLarge { url, number }
            }
            ClientError::Call(_) | ClientError::RequestTimeout | ClientError::ParseError(_) => {
                SourceError::Batch { url, reason: error.to_string() }
            }
            _ => request(&url, "blocks", error),
        }
    }
}

/// That the node does not answer.
pub(super) fn request(
    url: &str,
    what: &'static str,
    error: &impl std::fmt::Display,
) -> SourceError {
    ChainError::Request { url: url.to_owned(), what, reason: error.to_string() }.into()
}
