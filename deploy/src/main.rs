//! `assent-deploy`: plans, applies and verifies a deployment of the contracts, gives accounts funds,
//! and computes what is anchored of a file and what is minted against.

mod fund;
mod options;
mod receipts;
mod reports;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::bail;
use assent_client::Account;
use assent_client::manifest::Manifest;
use assent_client::setting::one_line;
use assent_deploy::plan::{self, Bundles, Options};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::fund::Gift;
use crate::options::{Deployment, Node, Place, Signer, keypair};
use crate::receipts::Entry;
use crate::reports::Report;

/// Deploys the Assent contracts and writes the manifest that the indexer and the API read.
///
/// What is on chain already is found and kept: running `apply` twice changes nothing.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what is done and what is to do; change nothing.
    Plan {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        signer: Signer,
        #[command(flatten)]
        deployment: Deployment,
    },
    /// Upload, instantiate and wire what is missing, wait until it is final, write the manifest.
    Apply {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        signer: Signer,
        #[command(flatten)]
        deployment: Deployment,
        #[command(flatten)]
        place: Place,
    },
    /// Compare the manifest with the chain; exit with 1 when they differ.
    Verify {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        place: Place,
    },
    /// Give accounts some of the chain's own currency, and wait until it is final.
    ///
    /// Whoever sends a transaction pays a fee and a deposit for what the contract stores; the deposit
    /// comes back when that is cleared. A new account has nothing, and its first call ends with
    /// StorageDepositLimitExhausted. A call takes some thousandths of a unit, so 10 units last for
    /// thousands of calls; uploading and instantiating the contracts takes some units. An account
    /// needs at least 0.001 units to exist.
    Fund {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        signer: Signer,
        #[command(flatten)]
        gift: Gift,
    },
    /// Compute what is anchored of a file, prove and check that it has a chunk, and draw the chunks that
    /// an audit asks for; needs no node.
    #[command(subcommand)]
    Report(Report),
    /// Print the commitment to a bank's receipt that `mint` and `burn` of the token take; needs no node.
    ///
    /// One receipt has one commitment, and the token takes it once.
    Receipt(Entry),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| EnvFilter::new("info,jsonrpsee=warn")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Plan { node, signer, deployment } => {
            let bundles = Bundles::load(&deployment.artifacts)?;
            let secret = signer.given()?;
            let chain = node.connect().await?;
            let deployer = Account::from(&keypair(secret, &chain).await?);
            let timing = deployment.timing();
            let plan =
                plan::plan(&chain, &deployer, &deployment.network, &bundles, &timing).await?;
            for step in &plan.steps {
                println!("{step}");
            }
            let left = plan.steps.iter().filter(|step| !step.done).count();
            println!("{left} of {} steps to do as {deployer}", plan.steps.len());
        }
        Command::Apply { node, signer, deployment, place } => {
            let bundles = Bundles::load(&deployment.artifacts)?;
            let secret = signer.given()?;
            let chain = node.connect().await?;
            let signer = keypair(secret, &chain).await?;
            let options = Options {
                timing: deployment.timing(),
                network: deployment.network,
                manifest: place.manifest,
                artifacts: deployment.artifacts,
            };
            let applied = plan::apply(&chain, &signer, &bundles, &options).await?;
            for (name, entry) in &applied.manifest.contracts {
                println!("{name:<13} {} block {}", entry.address, entry.deployment_block);
            }
            println!("{} steps done; manifest {}", applied.steps, options.manifest.display());
        }
        Command::Verify { node, place } => {
            let manifest = Manifest::load(&place.manifest)?;
            let chain = node.connect().await?;
            let differences = plan::verify(&chain, &manifest).await?;
            for difference in &differences {
                println!("{difference}");
            }
            if !differences.is_empty() {
                bail!("the manifest and the chain differ; see above");
            }
            println!("the manifest {} agrees with the chain", place.manifest.display());
        }
        Command::Fund { node, signer, gift } => {
            let secret = signer.given()?;
            let chain = node.connect().await?;
            let signer = keypair(secret, &chain).await?;
            fund::run(&chain, &signer, &gift).await?;
        }
        Command::Report(report) => reports::run(&report)?,
        Command::Receipt(entry) => receipts::run(&entry)?,
    }
    Ok(())
}
