//! Chains that are built once and kept in a folder each, with their manifest and a file that tells what
//! they hold.

use super::{
    bare::{Reader, Values},
    dense::Dense,
    sealer::{Call, Sealer},
};
use crate::{
    node::Node,
    scene::{account, patient, regulator},
    stack::{artifacts, deploy},
};
use anyhow::{Context, Result, bail, ensure};
use assent_client::{EmittedEvent, chain::Chain, manifest::Manifest};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Rises with every change of what the blocks hold: then the chains are built again.
const RECIPE: u32 = 3;
/// One block in so many of the quiet chain has an event.
const EVERY: u64 = 20;
/// Transactions that the full chain has together.
const TOGETHER: u64 = 10;
/// A node seals what it is sent, and nothing else.
pub const NEVER: Duration = Duration::from_secs(1_000_000_000);

/// Which chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum Kind {
    /// One event of a contract in every 20th block, and a transaction without any in the others.
    Sparse,
    /// About five events in each block, of mixed kinds.
    Dense,
    /// Ten times as many events: the transactions of ten such blocks together, in one block or a few.
    Full,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sparse => "sparse",
            Self::Dense => "dense",
            Self::Full => "full",
        }
    }
}

/// What a chain holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Holds {
    /// What it was made by and from: the recipe, the runtime and the contracts.
    made_from: String,
    /// The first block with a contract, where an indexer begins.
    pub first: u64,
    /// The last block.
    pub last: u64,
    /// Events by contract.
    pub events: BTreeMap<String, u64>,
}

impl Holds {
    /// The heights from `first` to `last`.
    pub fn range(&self) -> RangeInclusive<u64> {
        self.first..=self.last
    }

    /// How many blocks these are.
    pub fn blocks(&self) -> u64 {
        self.last - self.first + 1
    }

    /// How many events they hold.
    pub fn all_events(&self) -> u64 {
        self.events.values().sum()
    }
}

/// A chain in its folder.
pub struct Kept {
    folder: PathBuf,
    /// What it holds.
    pub holds: Holds,
}

impl Kept {
    /// The chain of this kind below `root` with so many blocks after its set-up, built if it is not
    /// there or was made from something else.
    pub async fn open(root: &Path, kind: Kind, blocks: u64) -> Result<Self> {
        let folder = root.join(kind.name()).join(blocks.to_string());
        let made_from = made_from()?;
        if let Some(holds) = read(&folder).filter(|holds| holds.made_from == made_from) {
            return Ok(Self { folder, holds });
        }
        let part = folder.with_extension("part");
        for old in [&folder, &part].into_iter().filter(|old| old.exists()) {
            fs::remove_dir_all(old)?;
        }
        fs::create_dir_all(&part)?;
        let holds = build(&part, kind, blocks, made_from).await?;
        fs::write(part.join("holds.json"), serde_json::to_vec_pretty(&holds)?)?;
        fs::rename(&part, &folder)?;
        Ok(Self { folder, holds })
    }

    /// Starts a node on it. It adds an empty block at once, which is above `last`.
    pub async fn node(&self) -> Result<Node> {
        start(&self.folder).await
    }

    /// Where the manifest lies.
    pub fn manifest(&self) -> PathBuf {
        self.folder.join("manifest.json")
    }
}

async fn start(folder: &Path) -> Result<Node> {
    // The line that says that it is ready must be its own.
    let log = folder.join("node.log");
    if log.exists() {
        fs::remove_file(log)?;
    }
    Node::start_with(folder, NEVER, &[]).await
}

/// What a folder holds, if its contracts are still those of the checkout.
fn read(folder: &Path) -> Option<Holds> {
    Manifest::load(folder.join("manifest.json")).ok()?.bundles().ok()?;
    serde_json::from_slice(&fs::read(folder.join("holds.json")).ok()?).ok()
}

fn made_from() -> Result<String> {
    let artifacts = artifacts();
    let root = artifacts.ancestors().nth(2).context("the checkout")?;
    let mut digest = Sha256::new_with_prefix(RECIPE.to_le_bytes());
    for file in [root.join("chain/specs/dev.json"), artifacts.join("code-hashes.json")] {
        digest.update(fs::read(&file).with_context(|| format!("{} is gone", file.display()))?);
    }
    Ok(hex::encode(digest.finalize()))
}

async fn build(folder: &Path, kind: Kind, blocks: u64, made_from: String) -> Result<Holds> {
    println!("==> building the {} chain: {blocks} blocks, kept afterwards", kind.name());
    let mut node = start(folder).await?;
    let chain = Chain::connect(&node.url).await?;
    let manifest = deploy(&chain, &folder.join("manifest.json")).await?;
    let (recipe, mut sealer) = Recipe::set_up(kind, &chain, &manifest).await?;
    let began = Instant::now();
    let mut told = began;
    let mut next = recipe.transactions(0, &mut sealer).await?;
    for block in 0..blocks {
        for signed in &next {
            sealer.submit(signed).await?;
        }
        // The next ones are signed while the block is made.
        next = match block + 1 {
            after if after < blocks => recipe.transactions(after, &mut sealer).await?,
            _ => Vec::new(),
        };
        sealer.all_sealed().await?;
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            let rate = (block + 1) as f64 / began.elapsed().as_secs_f64();
            println!("    {} of {blocks} blocks, {rate:.0} a second", block + 1);
        }
    }
    sealer.check_nonces(&chain).await?;
    let range = manifest.first_block()..=sealer.height;
    let events = check(&node.url, &chain, &manifest, range.clone()).await?;
    node.stop().await?;
    Ok(Holds { made_from, first: *range.start(), last: *range.end(), events })
}

/// What is in the blocks.
enum Recipe {
    Sparse,
    /// So many of its calls together.
    Dense(Dense, u64),
}

impl Recipe {
    async fn set_up(kind: Kind, chain: &Chain, manifest: &Manifest) -> Result<(Self, Sealer)> {
        match kind {
            Kind::Dense | Kind::Full => {
                let (dense, sealer) = Dense::set_up(chain, manifest).await?;
                let together = if kind == Kind::Full { TOGETHER } else { 1 };
                Ok((Self::Dense(dense, together), sealer))
            }
            Kind::Sparse => {
                let mut sealer = Sealer::connect(chain, manifest).await?;
                let boss = regulator();
                let mint = (account(&boss), 1_000_000_000u128, [1u8; 32]);
                sealer.seal(&Call::new(&boss, "token", "mint", mint)).await?;
                Ok((Self::Sparse, sealer))
            }
        }
    }

    /// The transactions of a block, from 0 on.
    async fn transactions(&self, block: u64, sealer: &mut Sealer) -> Result<Vec<String>> {
        match self {
            Self::Dense(dense, together) => {
                let mut signed = Vec::new();
                for n in 0..*together {
                    signed.push(sealer.call(&dense.call(block * together + n)).await?);
                }
                Ok(signed)
            }
            Self::Sparse if block.is_multiple_of(EVERY) => {
                let args = (account(&patient()), 1u128, Vec::<u8>::new());
                let call = Call::new(&regulator(), "token", "PSP22::transfer", args);
                Ok(vec![sealer.call(&call).await?])
            }
            Self::Sparse => Ok(vec![sealer.remark(&regulator()).await?]),
        }
    }
}

/// Counts the events by contract, and sees that no transaction failed.
async fn check(
    url: &str,
    chain: &Chain,
    manifest: &Manifest,
    range: RangeInclusive<u64>,
) -> Result<BTreeMap<String, u64>> {
    let reader = Reader::connect(url, chain).await?;
    let at = chain.at_finalized().await?;
    let mut counts = BTreeMap::new();
    let (mut number, last) = (*range.start(), *range.end());
    while number <= last {
        let to = last.min(number + 255);
        for values in reader.blocks::<Values>(number..=to).await? {
            let Some(bytes) = reader.events_of(values)? else { bail!("no events of {number}") };
            for event in at.events().from_bytes(bytes).iter() {
                let event = event?;
                let name = (event.pallet_name(), event.event_name());
                ensure!(name != ("System", "ExtrinsicFailed"), "block {number} has a failed call");
                let emitted = EmittedEvent::of(&event).map_err(anyhow::Error::msg)?;
                if let Some((name, _)) = emitted.and_then(|e| manifest.contract_at(&e.contract)) {
                    *counts.entry(name.to_owned()).or_default() += 1;
                }
            }
            number += 1;
        }
    }
    Ok(counts)
}
