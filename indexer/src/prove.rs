//! Proves single events: that they stand in a block whose hash the reader trusts.
//!
//! The chain's header holds the root of the state after its block, and the events of a block are part of
//! that state. So the header, and the nodes of the state's trie that lead from its root to `System.Events`,
//! prove the records of the block to whoever trusts its hash. Where one record ends and the next begins
//! only the runtime's metadata tells, which the state does not hold: a reader who trusts no metadata but
//! that of a node of their own gives its hash. The version of the runtime is proven along.

mod error;
mod proof;
mod runtime;
mod trie;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use assent_client::chain::{Chain, ChainError};
use assent_client::manifest::Manifest;
use assent_client::{EmittedEvent, Hash};
use assent_mirror::Position;
use sqlx::{Connection as _, PgConnection};
use subxt::config::substrate::H256;

use crate::config::{CheckProofConfig, ProveConfig};
use crate::source::{Nodes, Source, SourceError};
use crate::store::{self, stored_event, stored_hash};
use proof::{Header, State};
use runtime::Runtime;
use trie::{EVENTS, LAST_UPGRADE};

pub use error::{CheckError, ProveError};
pub use proof::{Proof, Proven, Trusted};

/// Proves an event of the mirror by what a node says of its block, and gives the proof.
///
/// # Errors
///
/// [`ProveError`] when it cannot be proven, or when the block has another event there.
pub async fn prove(mut config: ProveConfig) -> Result<Proof, ProveError> {
    config.mirror.trim_node_urls()?;
    let manifest = Manifest::load(&config.mirror.manifest)?;
    let at = config.event;
    let (mirrors, event) = {
        let mut db = store::connect_to_read(&config.mirror.database.options()?).await?;
        store::demand_tables(&mut db).await?;
        store::check_chain(&mut db, &manifest).await?;
        let found = of_mirror(at, &mut db).await?;
        db.close().await?;
        found
    };
    let trusted = config.block_hash.unwrap_or(mirrors);
    if trusted != mirrors {
        return Err(ProveError::OtherBlock { number: at.block_number, mirror: mirrors, trusted });
    }
    let nodes = Nodes::new(&config.mirror, manifest.genesis_hash, Arc::default());
    let source = Source::connect(&nodes).await?;
    let mut prover = Prover::new(source.chain());
    let proof = prover.proof(at, trusted, &event).await?;
    // What is written is what is checked.
    let checked = proof.text().and_then(|text| Proof::parse(&text)).and_then(|proof| {
        proof.check(&Trusted { block_hash: trusted, metadata_hash: None }).map(|_| ())
    });
    checked.map_err(|reason| prover.failed(at, reason))?;
    Ok(proof)
}

/// Checks a proof that was written into a file.
///
/// # Errors
///
/// [`ProveError::File`] and [`ProveError::Check`].
pub fn check_file(config: &CheckProofConfig) -> Result<Proven, ProveError> {
    let CheckProofConfig { file, block_hash, metadata_hash } = config;
    let trusted = Trusted { block_hash: *block_hash, metadata_hash: *metadata_hash };
    let text = std::fs::read_to_string(file)
        .map_err(|reason| ProveError::File { file: file.clone(), reason })?;
    let proven = Proof::parse(&text).and_then(|proof| proof.check(&trusted));
    proven.map_err(|reason| ProveError::Check { file: file.clone(), reason })
}

/// Writes a proof into a file.
///
/// # Errors
///
/// [`ProveError::File`].
pub fn write_file(file: &Path, text: &str) -> Result<(), ProveError> {
    std::fs::write(file, text).map_err(|reason| ProveError::File { file: file.to_owned(), reason })
}

/// An event as the mirror has it, and the hash of its block.
pub(crate) async fn of_mirror(
    at: Position,
    db: &mut PgConnection,
) -> Result<(Hash, EmittedEvent), ProveError> {
    type Row = (Vec<u8>, Option<i32>, Vec<u8>, Vec<Vec<u8>>, Vec<u8>);
    let row: Option<Row> = sqlx::query_as(
        "select b.hash, e.extrinsic_index, e.contract, e.topics, e.data from events e \
         join blocks b on b.number = e.block_number \
         where e.block_number = $1 and b.number = $1 and e.event_index = $2",
    )
    .bind(at.block_number)
    .bind(at.event_index)
    .fetch_optional(db)
    .await?;
    let (hash, extrinsic, contract, topics, data) = row.ok_or(ProveError::NoEvent { at })?;
    let event = stored_event(at.event_index, extrinsic, contract, topics, data)?;
    Ok((stored_hash(hash)?, event))
}

/// Proves events by what a node says. It keeps the block that it proved last, and the runtimes.
pub(crate) struct Prover<'c> {
    chain: &'c Chain,
    block: Option<Block>,
    runtimes: HashMap<u32, Arc<Runtime>>,
}

/// A block whose events are proven.
struct Block {
    hash: Hash,
    header: Header,
    nodes: Vec<Vec<u8>>,
    records: Vec<u8>,
    runtime: Arc<Runtime>,
}

impl<'c> Prover<'c> {
    /// Nothing is asked for yet.
    pub(crate) fn new(chain: &'c Chain) -> Self {
        Self { chain, block: None, runtimes: HashMap::new() }
    }

    /// A proof that an event stands at a place of the block with this hash.
    ///
    /// Errors: [`ProveError::OtherEvent`] when another one does, and the rest when none can be made.
    pub(crate) async fn proof(
        &mut self,
        at: Position,
        block_hash: Hash,
        event: &EmittedEvent,
    ) -> Result<Proof, ProveError> {
        self.compare(at, block_hash, event).await?;
        let Some(Block { hash, header, nodes, runtime, .. }) = &self.block else {
            return Err(self.no_block(block_hash));
        };
        Ok(Proof::new(*hash, header.clone(), nodes.clone(), event.clone(), runtime))
    }

    /// Proves what stands at a place of the block with this hash, and compares it with an event.
    ///
    /// Errors: as [`Self::proof`].
    pub(crate) async fn compare(
        &mut self,
        at: Position,
        block_hash: Hash,
        event: &EmittedEvent,
    ) -> Result<(), ProveError> {
        if self.block.as_ref().is_none_or(|block| block.hash != block_hash) {
            self.block = Some(self.ask(at, block_hash).await?);
        }
        let Some(Block { records, runtime, .. }) = &self.block else {
            return Err(self.no_block(block_hash));
        };
        let index = at.event_index.unsigned_abs();
        let found = runtime.event(records, index).map_err(|reason| self.failed(at, reason))?;
        let what = if found.contract != event.contract {
            "contract"
        } else if found.extrinsic != event.extrinsic {
            "extrinsic"
        } else if found.topics != event.topics {
            "list of topics"
        } else if found.data != event.data {
            "list of bytes"
        } else {
            return Ok(());
        };
        Err(ProveError::OtherEvent { at, what })
    }

    /// Asks the node for a block, and checks what it says.
    async fn ask(&mut self, at: Position, block_hash: Hash) -> Result<Block, ProveError> {
        let (chain, hash) = (self.chain, H256(block_hash.0));
        let header = asked(chain, "a header", chain.rpc().chain_get_header(Some(hash))).await?;
        let header = header.ok_or_else(|| self.no_block(block_hash))?;
        let keys = [&EVENTS.bytes[..], &LAST_UPGRADE.bytes];
        let proof = chain.rpc().state_get_read_proof(keys, Some(hash));
        let proof = asked(chain, "a storage proof", proof).await?;
        let nodes: Vec<Vec<u8>> = proof.proof.into_iter().map(|node| node.0).collect();
        let state = State::of(block_hash, &header, &nodes);
        let State { records, spec_version } = state.map_err(|reason| self.failed(at, reason))?;
        let runtime = match self.runtimes.get(&spec_version) {
            Some(runtime) => runtime.clone(),
            None => {
                // At a block that brings new code the node answers with the new code's.
                let metadata = chain.rpc().state_get_metadata(Some(header.parent_hash));
                let metadata = asked(chain, "the runtime's metadata", metadata).await?.into_raw();
                let runtime = Runtime::new(spec_version, metadata);
                let runtime = Arc::new(runtime.map_err(|reason| self.failed(at, reason))?);
                self.runtimes.insert(spec_version, runtime.clone());
                runtime
            }
        };
        Ok(Block { hash: block_hash, header, nodes, records, runtime })
    }

    fn no_block(&self, hash: Hash) -> ProveError {
        ProveError::NoBlock { url: self.chain.url().to_owned(), hash }
    }

    fn failed(&self, at: Position, reason: CheckError) -> ProveError {
        ProveError::Node { url: self.chain.url().to_owned(), at, reason }
    }
}

/// A request under the client's limit of time.
async fn asked<T, E: std::fmt::Display>(
    chain: &Chain,
    what: &'static str,
    request: impl Future<Output = Result<T, E>>,
) -> Result<T, ProveError> {
    let answered: Result<T, ChainError> = chain.timed(what, request).await;
    answered.map_err(|error| SourceError::from(error).into())
}
