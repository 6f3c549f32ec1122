//! What tests share that need a mirror of the contracts: a manifest of the built contracts, their
//! events, blocks of them, and a mirror that is filled through the indexer's writer. What such a test
//! reads is what the indexer writes.
//!
//! A crate of its own, not a feature of the indexer: the indexer's program is built once and without
//! it, whoever else is built with it.
//!
//! The layout of the events is that of `contracts/artifacts`, which the indexer decodes with too. It
//! stands here alone: the tests say what happened by the functions of a contract's module.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use assent_client::bundle::Metadata;
use assent_client::manifest::{ContractEntry, Manifest};
use assent_client::timing::Timing;
use assent_client::{Account, EmittedEvent, Hash};
use assent_indexer::decode::Decoder;
use assent_indexer::store::{Block, CodeChange};
use subxt::ext::codec::Encode;

pub mod agreements;
pub mod carbon;
pub mod choices;
pub mod compliance;
pub mod consent;
pub mod emergency;
pub mod governance;
pub mod guardians;
pub mod market;
mod mirror;
pub mod participants;
pub mod reports;
pub mod rewards;
pub mod story;
pub mod succession;
pub mod token;

pub use mirror::{Mirror, open, open_for};

/// The contracts, by name.
pub const CONTRACTS: [&str; 8] =
    ["carbon", "consent", "market", "participants", "reports", "rewards", "token", "agreements"];
/// The genesis hash of the chain.
pub const GENESIS: Hash = Hash([0x6e; 32]);
/// The block in which the contracts are deployed.
pub const FIRST: u64 = 5;
/// Index of the extrinsic that all events of a block belong to.
pub const EXTRINSIC: u32 = 2;

/// An account whose bytes are all `n`; the tests print its first byte.
#[must_use]
pub fn account(n: u8) -> [u8; 32] {
    [n; 32]
}

/// Address of a contract: 32 times one byte, from 0xc0 on in the order of [`CONTRACTS`].
#[must_use]
pub fn address(contract: &str) -> [u8; 32] {
    let index = CONTRACTS.iter().position(|name| *name == contract).expect("a known contract");
    [0xc0 + u8::try_from(index).expect("few contracts"); 32]
}

/// The bundle of a contract.
fn bundle(contract: &str) -> PathBuf {
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contracts/artifacts");
    PathBuf::from(artifacts).join(format!("{contract}.contract"))
}

/// Metadata of a contract.
#[must_use]
pub fn metadata(contract: &str) -> &'static Metadata {
    // A bundle is large, and an event needs it each time.
    static METADATA: OnceLock<BTreeMap<&str, Metadata>> = OnceLock::new();
    let load = |name| {
        let metadata =
            Metadata::load(bundle(name)).expect("the bundle is built by `make contracts`");
        (name, metadata)
    };
    &METADATA.get_or_init(|| CONTRACTS.map(load).into())[contract]
}

/// A manifest that names the built bundles; all contracts are deployed in block [`FIRST`] by account 1,
/// who administers them.
#[must_use]
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

/// The decoder of that manifest.
#[must_use]
pub fn decoder() -> Arc<Decoder> {
    let manifest = manifest();
    let metadata = manifest.bundles().expect("the bundles are those of the manifest");
    Arc::new(Decoder::new(&manifest, metadata))
}

/// An event of a contract; `fields` is a tuple of its fields in order.
#[must_use]
pub fn event(contract: &str, name: &str, fields: impl Encode) -> EmittedEvent {
    let definition = metadata(contract)
        .events()
        .iter()
        .find(|event| event.name == name)
        .unwrap_or_else(|| panic!("{contract} has no event {name}"));
    let topic = definition.signature_topic.expect("every event has a signature topic");
    EmittedEvent {
        index: 0,
        extrinsic: Some(EXTRINSIC),
        contract: Account(address(contract)),
        topics: vec![topic],
        data: fields.encode(),
    }
}

/// Hash of a block.
#[must_use]
pub fn block_hash(number: u64) -> Hash {
    let mut hash = [0xb0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Hash(hash)
}

/// Time of a block, ms since 1970.
#[must_use]
pub fn time_ms(number: u64) -> u64 {
    number * 1_000
}

/// A block; its events stand at the indices 1, 2, 3, …
#[must_use]
pub fn block(number: u64, events: Vec<EmittedEvent>) -> Block {
    block_at(number, (1..).zip(events).collect())
}

/// A block whose events stand at these indices. The contracts are made in block [`FIRST`], and run another
/// code from the event that says so.
///
/// # Panics
///
/// When an event of an upgrade has other fields.
#[must_use]
pub fn block_at(number: u64, events: Vec<(u32, EmittedEvent)>) -> Block {
    let mut block =
        Block::without_events(number, block_hash(number), block_hash(number - 1), time_ms(number));
    block.extrinsics = BTreeMap::from([(EXTRINSIC, block_hash(!number))]);
    if number == FIRST {
        block.codes.extend(CONTRACTS.map(|name| CodeChange {
            index: 0,
            contract: Account(address(name)),
            code_hash: metadata(name).code_hash(),
        }));
    }
    let upgraded = governance_topic("Upgraded");
    for (index, event) in events {
        if event.topics.first() == Some(&upgraded) {
            let code_hash = event.data[..32].try_into().expect("its first field is the code");
            let contract = event.contract;
            block.codes.push(CodeChange { index, contract, code_hash: Hash(code_hash) });
        }
        block.events.push(EmittedEvent { index, ..event });
    }
    block
}

/// Signature topic of an event of any contract's government.
fn governance_topic(name: &str) -> [u8; 32] {
    let events = metadata(CONTRACTS[0]).events();
    let event = events.iter().find(|event| event.name == name);
    event.and_then(|event| event.signature_topic).expect("every contract has a government")
}
