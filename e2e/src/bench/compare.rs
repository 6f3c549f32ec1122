//! The indexer beside its limits, on each of the kept chains.

use super::{
    bare, copy,
    database::{Database, projected, raw},
    kept::{Kept, Kind},
    npm, rebuild,
    report::{Ratio, Table},
    whole::{self, Run},
};
use crate::{node::Node, postgres::Postgres};
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// What is measured.
pub struct Settings {
    /// Where the chains are kept.
    pub root: PathBuf,
    /// Which chains.
    pub kinds: Vec<Kind>,
    /// Blocks of each after its set-up.
    pub blocks: u64,
    /// How often each is measured.
    pub tries: u32,
}

/// What they share.
struct Bench<'a> {
    postgres: Postgres,
    node: Node,
    chain: &'a Kept,
    folder: &'a Path,
    tries: u32,
    table: Table,
}

/// Measures and prints everything.
pub async fn run(settings: &Settings) -> Result<()> {
    let mut ratios = Vec::new();
    for kind in &settings.kinds {
        let chain = Kept::open(&settings.root, *kind, settings.blocks).await?;
        let folder = tempfile::Builder::new().prefix("assent-bench-").tempdir()?;
        println!("==> measuring the {} chain", kind.name());
        let mut bench = Bench {
            // A new one for each chain: nothing is left of the one before.
            postgres: Postgres::start().await?,
            node: chain.node().await?,
            chain: &chain,
            folder: folder.path(),
            tries: settings.tries,
            table: Table::default(),
        };
        let found = bench.measure(*kind).await?;
        let holds = &chain.holds;
        bench.table.print(&format!(
            "The {} chain: {} blocks, {} events {:?}. The best of {} times each; programs of the dev profile.",
            kind.name(),
            holds.blocks(),
            holds.all_events(),
            holds.events,
            settings.tries
        ));
        ratios.extend(found);
    }
    println!();
    // The sparse and the dense chain have one of the memory: the worse one counts.
    ratios.sort_by(|a, b| a.name.cmp(b.name).then(a.value.total_cmp(&b.value)));
    ratios.dedup_by(|a, b| a.name == b.name);
    ratios.iter().for_each(Ratio::print);
    Ok(())
}

impl Bench<'_> {
    async fn measure(&mut self, kind: Kind) -> Result<Vec<Ratio>> {
        if kind == Kind::Full {
            let (_, mut database) = self.whole().await?;
            return Ok(vec![self.rebuilt("full_rebuild_vs_copy", &mut database).await?]);
        }
        let url = self.node.url.clone();
        let range = self.chain.holds.range();
        // What a node was asked for once it answers in less than half of the time, so whoever comes first
        // pays for all that come after. Here that is the bare loop, of which the best time counts.
        let bare = bare::best(&url, range, self.tries).await?;
        let ((size, in_flight), first) = (bare.shape, bare.first.as_secs_f64());
        self.row(
            "the bare loop",
            bare.took,
            format!("batches of {size}, {in_flight} in flight; {first:.2} s when first asked"),
        );
        let bare = bare.took;
        let (run, mut database) = self.whole().await?;
        let all = [raw(), projected()].concat();
        let copied = self.copy("COPY of all rows", &mut database, &all, "all").await?;

        let (quarter, whole) = run.memory;
        let value = quarter as f64 / whole as f64;
        let mut ratios = vec![Ratio { name: "memory_flat", value, goal: 0.9 }];
        if kind == Kind::Sparse {
            ratios.push(Ratio::of("sparse_vs_bare_loop", run.working, bare, 0.8));
            return Ok(ratios);
        }
        ratios.push(Ratio::of("dense_vs_limit", run.working, bare.max(copied), 0.5));
        match npm::best(&url, self.chain, self.folder, self.tries).await {
            Ok(took) => {
                self.row("npm substrate-processor", took, "reads and decodes, no store".into());
                ratios.push(Ratio::of("dense_vs_npm", run.took, took, 12.0));
            }
            Err(error) => println!("    without the npm peer: {error:#}"),
        }
        ratios.push(self.rebuilt("rebuild_vs_copy", &mut database).await?);
        Ok(ratios)
    }

    async fn whole(&mut self) -> Result<(Run, Database)> {
        let mut best: Option<(Run, Database)> = None;
        for n in 0..self.tries {
            let name = format!("whole_{n}");
            let found =
                whole::index(&self.postgres, &self.node, self.chain, self.folder, &name).await?;
            if best.as_ref().is_none_or(|(run, _)| found.0.working < run.working) {
                best = Some(found);
            }
        }
        let (run, database) = best.context("no try")?;
        let [indexer, node, postgres] = run.processor.map(|time| time.as_secs_f64());
        let (quarter, all) = run.memory;
        self.row(
            "the indexer, from nothing",
            run.took,
            format!("peak memory {quarter} KiB after a quarter, {all} KiB after all"),
        );
        let connecting = run.took.saturating_sub(run.working).as_secs_f64();
        let note = format!(
            "which took {connecting:.2} s; of CPU: indexer {indexer:.2} s, node {node:.2} s, Postgres \
             {postgres:.2} s; the ratios are of this, but for the peer's"
        );
        self.row("  without its start", run.working, note);
        Ok((run, database))
    }

    async fn copy(
        &mut self,
        what: &str,
        from: &mut Database,
        tables: &[String],
        name: &str,
    ) -> Result<Duration> {
        let block = self.chain.holds.last;
        let (took, format) =
            copy::best(&self.postgres, from, tables, block, self.tries, name).await?;
        self.row(what, took, format!("{format}, one transaction"));
        Ok(took)
    }

    async fn rebuilt(&mut self, ratio: &'static str, database: &mut Database) -> Result<Ratio> {
        let rows = projected();
        let copied = self.copy("COPY of projections", database, &rows, "projected").await?;
        let mut best = Duration::MAX;
        for n in 0..self.tries {
            let name = format!("rebuild_{n}");
            let took = rebuild::run(&self.node, self.chain, database, self.folder, &name).await?;
            best = best.min(took);
        }
        self.row(
            "all projections rebuilt",
            best,
            "from the stored events, without the start".into(),
        );
        Ok(Ratio::of(ratio, best, copied, 0.5))
    }

    fn row(&mut self, what: &str, took: Duration, note: String) {
        let holds = &self.chain.holds;
        println!("    {what}: {:.2} s", took.as_secs_f64());
        self.table.row(what, took, holds.blocks(), holds.all_events(), note);
    }
}
