//! How long after a block is final its rows can be seen.

use super::{database::Database, dense::Dense, indexer::Indexer, kept::NEVER, report::Ratio};
use crate::{node::Node, postgres::Postgres, stack::deploy};
use anyhow::{Context, Result, ensure};
use assent_client::chain::Chain;
use jsonrpsee::{core::client::SubscriptionClientT, rpc_params, ws_client::WsClientBuilder};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Time between two blocks: enough that one is through before the next.
const PACE: Duration = Duration::from_millis(100);
/// Blocks before those that count.
const WARM_UP: u64 = 20;
/// How long the last block may take to be seen, and the first ones.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is wanted of 99 in 100 blocks.
const GOAL: Duration = Duration::from_millis(100);

/// When which block was there.
type Times = Arc<Mutex<BTreeMap<u64, Instant>>>;

/// Seals blocks with events on a new chain, which an indexer follows, and prints how long it took from
/// the node's news of a final block until another connection saw its rows.
pub async fn run(blocks: u64) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("assent-bench-").tempdir()?;
    println!("==> starting Postgres, a node with the contracts on it, and the indexer");
    let postgres = Postgres::start().await?;
    let node = Node::start_with(folder.path(), NEVER, &[]).await?;
    let chain = Chain::connect(&node.url).await?;
    let manifest_path = folder.path().join("manifest.json");
    let manifest = deploy(&chain, &manifest_path).await?;
    let (dense, mut sealer) = Dense::set_up(&chain, &manifest).await?;
    let mut database = Database::new(&postgres, "latency").await?;
    let log = folder.path().join("indexer.log");
    let mut indexer = Indexer::start(&node.url, &database, &manifest_path, &log)?;
    while database.watermark().await? < Some(sealer.height) {
        indexer.look_again(PATIENCE).await?;
    }

    println!("==> {blocks} blocks with events, one each {} ms", PACE.as_millis());
    let (finalized, visible) = (Times::default(), Times::default());
    let heads = tokio::spawn(note_finalized(node.url.clone(), finalized.clone()));
    let rows = tokio::spawn(note_visible(database, visible.clone()));
    let mut pace = tokio::time::interval(PACE);
    for block in 0..WARM_UP + blocks {
        let signed = sealer.call(&dense.call(block)).await?;
        pace.tick().await;
        sealer.submit(&signed).await?;
        sealer.sealed().await?;
    }
    let last = sealer.height;
    let deadline = Instant::now() + PATIENCE;
    while !seen(&finalized, last) || !seen(&visible, last) {
        ensure!(!heads.is_finished() && !rows.is_finished(), "a connection was lost");
        ensure!(
            Instant::now() < deadline,
            "block {last} is not there:\n{}",
            indexer.process.output()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    heads.abort();
    rows.abort();
    print(&finalized, &visible, last - blocks + 1, last)
}

/// Prints the latency of the blocks from `first` to `last`.
fn print(finalized: &Times, visible: &Times, first: u64, last: u64) -> Result<()> {
    let mut latencies = Vec::new();
    for number in first..=last {
        let final_at = time(finalized, number).with_context(|| format!("no news of {number}"))?;
        let seen_at = time(visible, number).with_context(|| format!("no row of {number}"))?;
        // It can be seen before the news has arrived here.
        latencies.push(seen_at.saturating_duration_since(final_at));
    }
    latencies.sort();
    let part = |percent: usize| {
        let index = (latencies.len() * percent).div_ceil(100).saturating_sub(1);
        latencies.get(index).copied().unwrap_or_default()
    };
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!();
    println!(
        "From final to visible, {} blocks: p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; programs of the dev profile.",
        latencies.len(),
        ms(part(50)),
        ms(part(99)),
        ms(part(100))
    );
    println!();
    Ratio::of("latency_p99", part(99), GOAL, 1.0).print();
    Ok(())
}

/// Notes when the node says that a block is final.
async fn note_finalized(url: String, times: Times) -> Result<()> {
    let rpc = WsClientBuilder::new().build(&url).await?;
    let (subscribe, unsubscribe) =
        ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads");
    let mut heads = rpc.subscribe::<Value, _>(subscribe, rpc_params![], unsubscribe).await?;
    while let Some(head) = heads.next().await {
        let now = Instant::now();
        let head = head?;
        let number = head["number"].as_str().context("number")?;
        note(&times, u64::from_str_radix(number.trim_start_matches("0x"), 16)?, now);
    }
    Ok(())
}

/// Notes when a block's rows can be seen.
async fn note_visible(mut database: Database, times: Times) -> Result<()> {
    let mut next = database.watermark().await?.unwrap_or(0) + 1;
    loop {
        let seen = database.watermark().await?.unwrap_or(0);
        let now = Instant::now();
        while next <= seen {
            note(&times, next, now);
            next += 1;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

fn note(times: &Times, number: u64, at: Instant) {
    if let Ok(mut times) = times.lock() {
        times.insert(number, at);
    }
}

fn time(times: &Times, number: u64) -> Option<Instant> {
    times.lock().ok()?.get(&number).copied()
}

fn seen(times: &Times, number: u64) -> bool {
    time(times, number).is_some()
}
