//! Disturbs the indexer at random, and shows that nothing of it is left in the mirror.

use anyhow::Result;
use assent_e2e::{
    faults::{self, Settings},
    interrupt::{self, Interrupts},
};
use clap::Parser;
use std::process::ExitCode;

/// Disturbs an indexer that follows random traffic on a real node: kills it, cuts its connections, stops
/// its servers, lets statements fail, starts a second one beside it, upgrades contracts. Afterwards every
/// table has to be that of an indexer that nothing disturbed, and the audit has to be right.
///
/// Prints a line a run. At the first run that fails it prints its seed, what was done and when, and the
/// first row that differs, and ends with 1. The plan of a run follows from its seed alone; when exactly a
/// fault meets the indexer does not.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Where the random numbers of the first run start; each further run has the next number.
    #[arg(long, env = "FAULTS_SEED", default_value_t = 1)]
    seed: u64,
    /// How many runs.
    #[arg(long, env = "FAULTS_RUNS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// How many faults a run has: each kind once, and then any. With fewer than there are kinds, some are
    /// missing.
    #[arg(long, env = "FAULTS_FAULTS", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    faults: u16,
    /// Also freeze the node, and stall its finality, once a run: longer than the indexer waits, which
    /// takes most of a minute more.
    #[arg(long)]
    slow: bool,
    /// Print of each run what was done, and when; of one that fails it is always printed.
    #[arg(long)]
    tell: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    interrupt::end(run(Args::parse()).await)
}

/// Whenever it is asked to end, it ends by itself: so its processes and folders go with it.
async fn run(args: Args) -> Result<ExitCode> {
    let Args { seed, runs, faults, slow, tell } = args;
    let settings = Settings { seed, runs, faults: faults.into(), slow, tell };
    let mut interrupts = Interrupts::listen()?;
    tokio::select! {
        done = faults::run(settings) => done.map(|()| ExitCode::SUCCESS),
        signal = interrupts.next() => Ok(signal.taken_down()),
    }
}
