//! What the database tests share: a manifest, the contracts' metadata, and blocks with events.
//!
//! The metadata is made from the event definitions in `contracts/events/src`, so a field that is
//! added, renamed or retyped there reaches these tests without a second list of layouts.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use assent_deploy::AccountId32;
use assent_deploy::bundle::Metadata;
use assent_deploy::manifest::{ContractEntry, Manifest};
use assent_indexer::decode::{Decoder, RawEvent};
use assent_indexer::store::{Block, Store, StoreError, Written};
use assent_indexer::types::Hash;
use serde_json::{Value, json};
use sqlx::PgPool;
use subxt::ext::codec::Encode;

pub const CONTRACTS: [&str; 6] =
    ["carbon", "consent", "participants", "reports", "rewards", "token"];
pub const GENESIS: [u8; 32] = [0x6e; 32];
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

pub fn manifest() -> Manifest {
    let contracts = CONTRACTS.map(|name| {
        let entry = ContractEntry {
            address: AccountId32(address(name)),
            code_hash: [0xcc; 32],
            deployment_block: FIRST,
            deployer: AccountId32(account(1)),
            metadata: format!("{name}.contract"),
        };
        (name.to_owned(), entry)
    });
    Manifest::new("test".to_owned(), GENESIS, contracts.into(), PathBuf::from("."))
}

pub fn decoder() -> Arc<Decoder> {
    let metadata = CONTRACTS.map(|name| (name.to_owned(), metadata(name)));
    Arc::new(Decoder::new(&manifest(), BTreeMap::from(metadata)))
}

/// An event as `contracts/events/src/<contract>.rs` defines it.
pub struct Definition {
    pub name: String,
    pub topic: String,
    pub fields: Vec<(String, String)>,
}

pub fn definitions(contract: &str) -> Vec<Definition> {
    let mut found: Vec<Definition> = Vec::new();
    let mut topic: Option<String> = None;
    let mut open = false;
    for line in event_source(contract).lines().map(str::trim) {
        if let Some((_, rest)) = line.split_once("signature_topic = \"") {
            topic = rest.split_once('"').map(|(hex, _)| hex.to_owned());
        } else if let Some(name) = line.strip_prefix("pub struct ") {
            if let Some(topic) = topic.take() {
                let name = name.trim_end_matches(" {").to_owned();
                found.push(Definition { name, topic, fields: Vec::new() });
                open = true;
            }
        } else if line == "}" {
            open = false;
        } else if let (true, Some(field)) = (open, line.strip_prefix("pub ")) {
            let (name, ty) = field.trim_end_matches(',').split_once(": ").expect("name: type");
            let field = (name.to_owned(), ty.to_owned());
            found.last_mut().expect("an open struct").fields.push(field);
        }
    }
    assert!(!found.is_empty(), "no events found for {contract}");
    found
}

fn event_source(file: &str) -> String {
    let path = format!("{}/../contracts/events/src/{file}.rs", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Names of the variants of `DenyReason`, in order.
fn deny_reasons() -> Vec<String> {
    let source = event_source("types");
    let (_, body) = source.split_once("pub enum DenyReason {").expect("DenyReason is there");
    body.lines()
        .map(str::trim)
        .take_while(|line| *line != "}")
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect()
}

/// The types that events use, in the order of their ids.
const TYPES: [&str; 13] = [
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "Hash",
    "AccountId",
    "Option<u32>",
    "Option<u64>",
    "Option<AccountId>",
    "DenyReason",
    "Decision",
    "bool",
];

fn type_id(spelled: &str) -> usize {
    TYPES
        .iter()
        .position(|ty| *ty == spelled)
        .unwrap_or_else(|| panic!("add `{spelled}` to the types of the tests"))
}

fn type_definition(spelled: &str) -> Value {
    let variant = |index: usize, name: &str, field: Option<&str>| {
        let fields: Vec<Value> =
            field.iter().map(|field| json!({ "type": type_id(field) })).collect();
        json!({ "name": name, "index": index, "fields": fields })
    };
    let enumeration = |path: &str, variants: Vec<Value>| json!({ "path": [path], "def": { "variant": { "variants": variants } } });
    match spelled {
        "Hash" => json!({ "def": { "array": { "len": 32, "type": type_id("u8") } } }),
        "AccountId" => json!({
            "path": ["ink_primitives", "types", "AccountId"],
            "def": { "composite": { "fields": [{ "type": type_id("Hash"), "typeName": "[u8; 32]" }] } },
        }),
        "DenyReason" => {
            let reasons = deny_reasons();
            let variants = reasons.iter().enumerate().map(|(i, name)| variant(i, name, None));
            enumeration("DenyReason", variants.collect())
        }
        "Decision" => enumeration(
            "Decision",
            vec![variant(0, "Permit", None), variant(1, "Deny", Some("DenyReason"))],
        ),
        _ => match spelled.strip_prefix("Option<").and_then(|rest| rest.strip_suffix('>')) {
            Some(inner) => json!({
                "path": ["Option"],
                "params": [{ "name": "T", "type": type_id(inner) }],
                "def": { "variant": { "variants": [
                    variant(0, "None", None), variant(1, "Some", Some(inner)),
                ] } },
            }),
            None => json!({ "def": { "primitive": spelled } }),
        },
    }
}

/// Metadata of a contract with its events and their types.
pub fn metadata(contract: &str) -> Metadata {
    Metadata::parse(metadata_json(contract).as_bytes()).expect("the tests' metadata is valid")
}

/// The text of a contract's metadata file, as ink! writes it.
pub fn metadata_json(contract: &str) -> String {
    let events: Vec<Value> = definitions(contract)
        .into_iter()
        .map(|event| {
            let args: Vec<Value> = event
                .fields
                .iter()
                .map(|(name, ty)| {
                    json!({
                        "label": name, "indexed": false, "docs": [],
                        "type": { "type": type_id(ty), "displayName": [ty] },
                    })
                })
                .collect();
            json!({
                "label": event.name, "args": args, "docs": [], "module_path": "test",
                "signature_topic": format!("0x{}", event.topic),
            })
        })
        .collect();
    let types: Vec<Value> = TYPES
        .iter()
        .enumerate()
        .map(|(id, ty)| json!({ "id": id, "type": type_definition(ty) }))
        .collect();
    json!({
        "source": { "hash": format!("0x{}", "cc".repeat(32)) },
        "contract": { "name": contract },
        "spec": { "constructors": [], "messages": [], "events": events },
        "types": types,
        "version": 5,
    })
    .to_string()
}

/// An event of a contract; `fields` is a tuple of its fields in order.
pub fn event(contract: &str, name: &str, fields: impl Encode) -> RawEvent {
    let definition = definitions(contract)
        .into_iter()
        .find(|event| event.name == name)
        .unwrap_or_else(|| panic!("{contract} has no event {name}"));
    let mut topic = [0; 32];
    hex::decode_to_slice(&definition.topic, &mut topic).expect("a topic of 32 bytes");
    RawEvent {
        event_index: 0,
        contract: address(contract),
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
pub fn block(number: u64, events: Vec<RawEvent>) -> Block {
    let events = events
        .into_iter()
        .zip(1..)
        .map(|(event, event_index)| RawEvent { event_index, ..event })
        .collect();
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
    pub async fn try_write(&mut self, events: Vec<RawEvent>) -> Result<Written, StoreError> {
        let written = self.store.write(&[block(self.next, events)]).await?;
        self.next += 1;
        Ok(written)
    }

    /// Writes the next block; every event must decode and have a projection.
    pub async fn write(&mut self, events: Vec<RawEvent>) {
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
             + (select count(*) from grants) + (select count(*) from access_log) \
             + (select count(*) from reports) + (select count(*) from rewards) \
             + (select count(*) from reward_accruals) + (select count(*) from reward_totals) \
             + (select count(*) from tariffs) + (select count(*) from token_balances) \
             + (select count(*) from token_allowances) + (select count(*) from token_mints) \
             + (select count(*) from carbon_batches) + (select count(*) from carbon_balances)",
        )
        .fetch_one(&self.pool)
        .await
        .expect("the tables are there")
    }
}
