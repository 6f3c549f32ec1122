//! Starts all of Assent on this machine, plays the story, and stays up until Ctrl-C.

use anyhow::Result;
use assent_e2e::{
    interrupt::{self, Interrupts},
    stack::Stack,
    story,
    story::Story,
};
use clap::Parser;
use std::{path::PathBuf, process::ExitCode};

/// Starts a private Postgres, a node, the contracts, the indexer and the API, plays the story of
/// consent, access, reward and erasure and of emitters, allowances and credits, and stays up until Ctrl-C.
/// Everything is gone afterwards.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The file that the patient encrypts and anchors [default: the report of the repository].
    #[arg(long, env = "DEMO_REPORT")]
    report: Option<PathBuf>,
    /// Where the API listens; port 0 takes a free one.
    #[arg(long, env = "DEMO_LISTEN", default_value = "127.0.0.1:0")]
    listen: String,
    /// File that gets API keys of the patient, hospital 1, the steelworks and the regulator, as a shell reads
    /// variables; they count as long as the demo runs [default: demo-keys.env in a folder that goes with the demo].
    #[arg(long, env = "DEMO_KEYS")]
    keys: Option<PathBuf>,
    /// End after the story instead of staying up: 1 or 0.
    #[arg(long, env = "DEMO_EXIT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=1))]
    exit: u8,
}

#[tokio::main]
async fn main() -> ExitCode {
    interrupt::end(run(Args::parse()).await)
}

/// Whenever it is asked to end, it ends by itself: so its processes and folders go with it.
async fn run(args: Args) -> Result<ExitCode> {
    let mut interrupts = Interrupts::listen()?;
    let stack = tokio::select! {
        stack = play(&args) => stack?,
        signal = interrupts.next() => return Ok(signal.taken_down()),
    };
    if args.exit == 0 {
        println!("Running until Ctrl-C.");
        interrupts.next().await;
    }
    drop(stack);
    Ok(ExitCode::SUCCESS)
}

async fn play(args: &Args) -> Result<Stack> {
    let report = args.report.clone().unwrap_or_else(story::bundled_report);
    story::check_report(&report)?;

    let stack = Stack::start(&args.listen, |step| println!("==> {step}")).await?;
    // Before the story: a file that cannot be written is no surprise after it.
    let keys = args.keys.clone().unwrap_or_else(|| stack.folder().join("demo-keys.env"));
    story::write_keys(&stack, &keys).await?;
    println!();
    let mut story = Story::new(&stack, Box::new(|text| println!("{text}")))?;
    story.play(&stack, &report).await?;

    println!();
    println!("API:      {0}   (documentation: {0}/docs)", stack.api_url);
    println!(
        "Keys:     {}   (API keys of the patient, hospital 1, the steelworks and the regulator)",
        keys.display()
    );
    println!("Node:     {}", stack.node_url);
    println!("Postgres: {}", stack.postgres.url());
    println!("Manifest: {}", stack.manifest_path().display());
    Ok(stack)
}
