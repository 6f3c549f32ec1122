//! Measures the indexer on real chains, beside what it could do at best.

use anyhow::Result;
use assent_e2e::{
    bench::{compare, kept::Kind, latency},
    interrupt::{self, Interrupts},
};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Measures the indexer: with a node, a private Postgres and the program that users run. Each result
/// that has a goal ends in a line `ratio NAME VALUE goal GOAL`, of which more is better.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// How fast it indexes chains that are there, and how fast it makes projections again.
    Indexer {
        /// Where the chains are kept that are built the first time.
        #[arg(long, env = "BENCH_FOLDER")]
        folder: PathBuf,
        /// Blocks of each chain; in the full one each is ten transactions, in a block or a few.
        #[arg(long, env = "BENCH_BLOCKS", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..))]
        blocks: u64,
        /// Which chains.
        #[arg(long, env = "BENCH_CHAINS", value_delimiter = ',', default_values = ["sparse", "dense"])]
        chains: Vec<Kind>,
        /// How often each is measured; the best counts.
        #[arg(long, env = "BENCH_TRIES", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
        tries: u32,
    },
    /// How long after a block is final its rows can be seen.
    Latency {
        /// Blocks that are measured.
        #[arg(long, env = "BENCH_LATENCY_BLOCKS", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..))]
        blocks: u64,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    interrupt::end(run(Args::parse()).await)
}

/// Whenever it is asked to end, it ends by itself: so its processes and folders go with it.
async fn run(args: Args) -> Result<ExitCode> {
    let mut interrupts = Interrupts::listen()?;
    tokio::select! {
        done = measure(args.what) => done.map(|()| ExitCode::SUCCESS),
        signal = interrupts.next() => Ok(signal.taken_down()),
    }
}

async fn measure(what: What) -> Result<()> {
    match what {
        What::Indexer { folder, blocks, chains, tries } => {
            compare::run(&compare::Settings { root: folder, kinds: chains, blocks, tries }).await
        }
        What::Latency { blocks } => latency::run(blocks).await,
    }
}
