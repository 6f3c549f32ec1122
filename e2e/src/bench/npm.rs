//! The peer: an indexer of others, from npm, that reads and decodes the same blocks and stores nothing.

use super::kept::Kept;
use crate::{
    stack::artifacts,
    tools::{in_path, installed_modules},
};
use anyhow::{Context, Result, ensure};
use assent_client::manifest::Manifest;
use serde::Deserialize;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::process::Command;

/// What it prints when it is through.
#[derive(Debug, Deserialize)]
struct Done {
    blocks: u64,
    events: u64,
    seconds: f64,
}

/// The shortest time of `tries`, by its own clock, which starts when its code is loaded.
pub async fn best(url: &str, chain: &Kept, folder: &Path, tries: u32) -> Result<Duration> {
    let source = source()?;
    let modules = installed_modules(&source, "bench-peer", "scripts/bench-tools.sh")?;
    let program = folder.join("peer.mjs");
    std::fs::copy(source.join("peer.mjs"), &program)?;
    let link = folder.join("node_modules");
    if !link.exists() {
        std::os::unix::fs::symlink(modules, link)?;
    }
    let manifest = Manifest::load(chain.manifest())?;
    let contracts: Vec<_> = manifest
        .contracts
        .values()
        .map(|entry| {
            let address = format!("0x{}", hex::encode(entry.address.0));
            json!({ "address": address, "bundle": manifest.metadata_path(entry) })
        })
        .collect();
    let (from, to) = (chain.holds.first, chain.holds.last);
    let task = json!({ "url": url, "from": from, "to": to, "contracts": contracts }).to_string();
    let mut best: Option<Duration> = None;
    for _ in 0..tries {
        let output = Command::new(in_path("node")?)
            .arg(&program)
            .arg(&task)
            .env("SQD_DEBUG", "")
            .kill_on_drop(true)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stdout);
        let done = said.lines().rev().find_map(|line| serde_json::from_str::<Done>(line).ok());
        let done = done.with_context(|| {
            format!("the peer did not get through: {}", String::from_utf8_lossy(&output.stderr))
        })?;
        let all = done.blocks == chain.holds.blocks() && done.events == chain.holds.all_events();
        ensure!(all, "the peer read something else: {done:?}");
        let took = Duration::from_secs_f64(done.seconds);
        best = Some(best.map_or(took, |shortest| shortest.min(took)));
    }
    best.context("no try")
}

/// The folder of the peer's program and its lock file.
fn source() -> Result<PathBuf> {
    let artifacts = artifacts();
    let root = artifacts.ancestors().nth(2).context("the checkout")?;
    Ok(root.join("e2e/src/bench/peer"))
}
