//! What the database tests share: a manifest of the built contracts, and blocks with their events.
//!
//! The layout of the events is that of `contracts/artifacts`, which the indexer decodes with too.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use assent_client::bundle::Metadata;
use assent_client::manifest::{ContractEntry, Manifest};
use assent_client::timing::Timing;
use assent_client::{Account, EmittedEvent, Hash};
use assent_indexer::decode::Decoder;
use assent_indexer::store::{Block, Store, StoreError, Written};
use sqlx::PgPool;
use subxt::ext::codec::Encode;

pub const CONTRACTS: [&str; 7] =
    ["carbon", "consent", "market", "participants", "reports", "rewards", "token"];
pub const GENESIS: Hash = Hash([0x6e; 32]);
/// The block in which the contracts are deployed.
pub const FIRST: u64 = 5;

/// An account whose bytes are all `n`; the tests print its first byte.
pub fn account(n: u8) -> [u8; 32] {
    [n; 32]
}

/// Address of a contract.
pub fn address(contract: &str) -> [u8; 32] {
    let index = CONTRACTS.iter().position(|name| *name == contract).expect("a known contract");
    [0xc0 + u8::try_from(index).expect("few contracts"); 32]
}

/// The bundle of a contract.
fn bundle(contract: &str) -> PathBuf {
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/artifacts");
    PathBuf::from(artifacts).join(format!("{contract}.contract"))
}

/// Metadata of a contract.
pub fn metadata(contract: &str) -> Metadata {
    Metadata::load(bundle(contract)).expect("the bundle is built by `make contracts`")
}

/// A manifest that names the built bundles.
pub fn manifest() -> Manifest {
    let contracts = CONTRACTS.map(|name| {
        let entry = ContractEntry {
            address: Account(address(name)),
            code_hash: metadata(name).code_hash(),
            deployment_block: FIRST,
            deployer: Account(account(1)),
            administrator: Account(account(1)),
            metadata: bundle(name).to_str().expect("a UTF-8 path").to_owned(),
        };
        (name.to_owned(), entry)
    });
    Manifest::new(
        "test".to_owned(),
        GENESIS,
        Timing::default(),
        contracts.into(),
        PathBuf::from("."),
    )
}

pub fn decoder() -> Arc<Decoder> {
    let manifest = manifest();
    let metadata = manifest.bundles().expect("the bundles are those of the manifest");
    Arc::new(Decoder::new(&manifest, metadata))
}

/// An event of a contract; `fields` is a tuple of its fields in order.
pub fn event(contract: &str, name: &str, fields: impl Encode) -> EmittedEvent {
    let metadata = metadata(contract);
    let definition = metadata
        .events()
        .iter()
        .find(|event| event.name == name)
        .unwrap_or_else(|| panic!("{contract} has no event {name}"));
    let topic = definition.signature_topic.expect("every event has a signature topic");
    EmittedEvent {
        index: 0,
        contract: Account(address(contract)),
        topics: vec![topic],
        data: fields.encode(),
    }
}

pub fn block_hash(number: u64) -> Hash {
    let mut hash = [0xb0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Hash(hash)
}

/// A block; its events stand at the indices 1, 2, 3, …
pub fn block(number: u64, events: Vec<EmittedEvent>) -> Block {
    let events =
        events.into_iter().zip(1..).map(|(event, index)| EmittedEvent { index, ..event }).collect();
    Block {
        number,
        hash: block_hash(number),
        parent_hash: block_hash(number - 1),
        time_ms: number * 1_000,
        events,
    }
}

/// Opens the store on the database of a test.
pub async fn open(pool: &PgPool) -> Result<Store, StoreError> {
    Store::open(&pool.connect_options(), &manifest(), decoder(), Duration::from_millis(300)).await
}

/// A store and the block that comes next.
pub struct Mirror {
    pub pool: PgPool,
    pub store: Store,
    pub next: u64,
}

impl Mirror {
    pub async fn new(pool: PgPool) -> Self {
        let store = open(&pool).await.expect("an empty database is admitted");
        Self { pool, store, next: FIRST }
    }

    /// Writes the next block. It stays the next one when it is refused.
    pub async fn try_write(&mut self, events: Vec<EmittedEvent>) -> Result<Written, StoreError> {
        let written = self.store.write(&[block(self.next, events)]).await?;
        self.next += 1;
        Ok(written)
    }

    /// Writes the next block; every event must decode and have a projection.
    pub async fn write(&mut self, events: Vec<EmittedEvent>) {
        let count = events.len() as u64;
        let written = self.try_write(events).await.expect("the block is written");
        assert_eq!(written, Written { events: count, undecoded: 0, unprojected: 0 });
    }

    /// The rows of a query with one text column.
    pub async fn rows(&self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.expect(sql)
    }

    /// How many rows each table with a position has, watermark included: all zero means untouched.
    pub async fn count_all(&self) -> i64 {
        sqlx::query_scalar(
            "select (select count(*) from blocks) + (select count(*) from events) \
             + (select count(*) from watermark) + (select count(*) from participants) \
             + (select count(*) from contract_governance) + (select count(*) from owner_epochs) \
             + (select count(*) from grants) + (select count(*) from denials) \
             + (select count(*) from delegations) + (select count(*) from emergency_windows) \
             + (select count(*) from sanctions) + (select count(*) from access_log) \
             + (select count(*) from reports) + (select count(*) from rewards) \
             + (select count(*) from reward_accruals) + (select count(*) from reward_totals) \
             + (select count(*) from reward_contributions) + (select count(*) from reward_refunds) \
             + (select count(*) from reward_withdrawals) + (select count(*) from tariffs) \
             + (select count(*) from token_balances) + (select count(*) from token_allowances) \
             + (select count(*) from token_receipts) + (select count(*) from token_totals) \
             + (select count(*) from carbon_classes) + (select count(*) from carbon_projects) \
             + (select count(*) from carbon_batches) + (select count(*) from carbon_balances) \
             + (select count(*) from carbon_approvals) + (select count(*) from carbon_escrows) \
             + (select count(*) from carbon_retirements) \
             + (select count(*) from carbon_cancellations) \
             + (select count(*) from carbon_accounts) + (select count(*) from carbon_penalty) \
             + (select count(*) from carbon_periods) + (select count(*) from carbon_duties) \
             + (select count(*) from carbon_emission_reports) \
             + (select count(*) from carbon_surrenders) \
             + (select count(*) from carbon_standings) + (select count(*) from market_settings) \
             + (select count(*) from market_orders) + (select count(*) from market_fills)",
        )
        .fetch_one(&self.pool)
        .await
        .expect("the tables are there")
    }
}
