//! The connection to a node: every request has a time-out, every error names the node and the fix.

mod error;
mod kind;
mod state;

use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use subxt::backend::LegacyBackend;
use subxt::client::{OnlineClient, OnlineClientAtBlock};
use subxt::config::RpcConfigFor;
use subxt::config::substrate::H256;
use subxt::rpcs::RpcClient;
use subxt::rpcs::methods::legacy::LegacyRpcMethods;
use tokio::sync::Mutex;

pub use self::error::ChainError;
pub use self::kind::ChainType;
pub use self::state::ContractInfo;
use crate::{Account, Hash};

/// How the chain encodes accounts, hashes and extrinsics.
pub type Config = subxt::SubstrateConfig;

/// How long a node may take to accept a connection or to answer a request.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to one node. Cheap to clone; clones share the connection.
#[derive(Clone)]
pub struct Chain {
    inner: Arc<Inner>,
}

struct Inner {
    url: String,
    client: OnlineClient<Config>,
    rpc: LegacyRpcMethods<RpcConfigFor<Config>>,
    /// For what the methods above lack.
    raw: RpcClient,
    /// The next nonce of each account that this connection has sent a transaction for: the chain's
    /// own answer is of the finalized block and misses transactions that are in flight.
    nonces: Mutex<HashMap<Account, u64>>,
}

impl Chain {
    /// Connects to a node; unencrypted connections only to this machine.
    ///
    /// # Errors
    /// [`ChainError`] when the URL is unusable or nobody answers within [`REQUEST_TIMEOUT`].
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        Self::connect_with(url, false).await
    }

    /// Connects to a node; `allow_insecure` permits `ws://` to other machines.
    ///
    /// # Errors
    /// As [`Chain::connect`].
    pub async fn connect_with(url: &str, allow_insecure: bool) -> Result<Self, ChainError> {
        let unusable = |reason: String| ChainError::Url { url: url.to_owned(), reason };
        if !url.starts_with("ws://") && !url.starts_with("wss://") {
            return Err(unusable("it does not start with ws:// or wss://".into()));
        }
        let secure = subxt::rpcs::utils::url_is_secure(url).map_err(|e| unusable(e.to_string()))?;
        if !secure && !allow_insecure {
            return Err(ChainError::Insecure { url: url.to_owned() });
        }
        let unreachable = |reason: String| ChainError::Unreachable { url: url.to_owned(), reason };
        let rpc = tokio::time::timeout(REQUEST_TIMEOUT, RpcClient::from_insecure_url(url))
            .await
            .map_err(|_| unreachable(format!("no answer within {REQUEST_TIMEOUT:?}")))?
            .map_err(|e| unreachable(e.to_string()))?;
        // The legacy methods: the newer chainHead ones can wait for ever on a failed operation.
        let backend = LegacyBackend::<Config>::builder().build(rpc.clone());
        let client = tokio::time::timeout(
            REQUEST_TIMEOUT,
            OnlineClient::<Config>::from_backend(Arc::new(backend)),
        )
        .await
        .map_err(|_| unreachable(format!("no genesis hash within {REQUEST_TIMEOUT:?}")))?
        .map_err(|e| unreachable(e.to_string()))?;
        Ok(Self {
            inner: Arc::new(Inner {
                url: url.to_owned(),
                client,
                rpc: LegacyRpcMethods::new(rpc.clone()),
                raw: rpc,
                nonces: Mutex::default(),
            }),
        })
    }

    /// Where the node is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    /// Hash of block 0.
    #[must_use]
    pub fn genesis_hash(&self) -> Hash {
        Hash(self.inner.client.genesis_hash().0)
    }

    /// The underlying client. Wrap its calls in [`Chain::timed`].
    #[must_use]
    pub fn client(&self) -> &OnlineClient<Config> {
        &self.inner.client
    }

    /// The plain JSON-RPC methods. Wrap their calls in [`Chain::timed`].
    #[must_use]
    pub fn rpc(&self) -> &LegacyRpcMethods<RpcConfigFor<Config>> {
        &self.inner.rpc
    }

    /// Runs a request under [`REQUEST_TIMEOUT`]; `what` says in the error what was asked.
    ///
    /// # Errors
    /// [`ChainError::Timeout`], [`ChainError::Pruned`] or [`ChainError::Request`].
    pub async fn timed<T, E: Display>(
        &self,
        what: &'static str,
        request: impl Future<Output = Result<T, E>>,
    ) -> Result<T, ChainError> {
        match tokio::time::timeout(REQUEST_TIMEOUT, request).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(self.failed(what, &error)),
            Err(_) => Err(ChainError::Timeout {
                url: self.inner.url.clone(),
                what,
                seconds: REQUEST_TIMEOUT.as_secs(),
            }),
        }
    }

    pub(crate) fn failed(&self, what: &'static str, error: &impl Display) -> ChainError {
        let reason = error.to_string();
        let url = self.inner.url.clone();
        // The node has no error code of its own for this; the text is sc-client-db's.
        if reason.to_lowercase().contains("state already discarded") {
            ChainError::Pruned { url, what }
        } else {
            ChainError::Request { url, what, reason }
        }
    }

    /// Number and hash of the latest finalized block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn finalized(&self) -> Result<(u64, Hash), ChainError> {
        const WHAT: &str = "the finalized head";
        let hash = self.timed(WHAT, self.inner.rpc.chain_get_finalized_head()).await?;
        let header = self
            .timed(WHAT, self.inner.rpc.chain_get_header(Some(hash)))
            .await?
            .ok_or_else(|| self.failed(WHAT, &"its header is missing"))?;
        Ok((header.number, Hash(hash.0)))
    }

    /// A client at the latest finalized block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn at_finalized(&self) -> Result<OnlineClientAtBlock<Config>, ChainError> {
        self.timed("the finalized block", self.inner.client.at_current_block()).await
    }

    /// A client at a block, which must be at or below the finalized one to be sure of it.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn at_number(&self, number: u64) -> Result<OnlineClientAtBlock<Config>, ChainError> {
        self.timed("a block by its number", self.inner.client.at_block(number)).await
    }

    /// A client at the block with this hash, which must be a final one to be sure of it.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn at_hash(&self, hash: Hash) -> Result<OnlineClientAtBlock<Config>, ChainError> {
        let block = self.inner.client.at_block(H256(hash.0));
        self.timed("a block by its hash", block).await
    }

    /// Calls a runtime API with arguments that are encoded already.
    pub(crate) async fn runtime_api<T>(
        &self,
        at: &OnlineClientAtBlock<Config>,
        function: &'static str,
        arguments: &[u8],
        decode: impl FnOnce(&mut &[u8]) -> Result<T, parity_scale_codec::Error>,
    ) -> Result<T, ChainError> {
        let bytes =
            self.timed(function, at.runtime_apis().call_raw(function, Some(arguments))).await?;
        decode(&mut &bytes[..]).map_err(|e| self.failed(function, &e))
    }

    pub(crate) fn nonces(&self) -> &Mutex<HashMap<Account, u64>> {
        &self.inner.nonces
    }
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").field("url", &self.inner.url).finish_non_exhaustive()
    }
}
