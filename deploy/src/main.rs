//! `assent-deploy`: plans, applies and verifies a deployment of the contracts.

use std::convert::Infallible;
use std::fmt;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context as _, bail};
use assent_client::Account;
use assent_client::chain::Chain;
use assent_client::manifest::Manifest;
use assent_client::timing::Timing;
use assent_deploy::plan::{self, Bundles, Options};
use clap::{Args, Parser, Subcommand};
use subxt_signer::SecretUri;
use subxt_signer::sr25519::Keypair;
use tracing_subscriber::EnvFilter;

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
        deployment: Deployment,
    },
    /// Upload, instantiate and wire what is missing, wait until it is final, write the manifest.
    Apply {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        deployment: Deployment,
        #[command(flatten)]
        file: File,
    },
    /// Compare the manifest with the chain; exit with 1 when they differ.
    Verify {
        #[command(flatten)]
        node: Node,
        #[command(flatten)]
        file: File,
    },
}

#[derive(Debug, Args)]
struct Node {
    /// WebSocket URL of a node.
    #[arg(long, env = "ASSENT_NODE_URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// Accept an unencrypted connection (ws://) to another machine.
    #[arg(long)]
    allow_insecure_node: bool,
}

#[derive(Debug, Args)]
struct Deployment {
    /// Secret of the deploying account: a phrase, 0x seed or derivation path such as //Alice. Prefer
    /// the environment variable: arguments are visible to other users of the machine. Without it,
    /// the network `dev` uses //Alice.
    #[arg(long, env = "ASSENT_DEPLOYER_SURI", hide_env_values = true)]
    suri: Option<Suri>,
    /// Folder of the built contracts.
    #[arg(long, env = "ASSENT_ARTIFACTS", default_value = "contracts/artifacts")]
    artifacts: PathBuf,
    /// Name of the network; part of what the contracts' addresses are computed from.
    #[arg(long, default_value = "dev")]
    network: String,
    #[command(flatten)]
    waits: Waits,
}

/// How long things wait in the contracts; fixed when they are instantiated and part of what their
/// addresses are computed from. The defaults suit a production network.
#[derive(Debug, Args)]
struct Waits {
    /// How long a handover of the administrator and a replacement of the code wait, in milliseconds;
    /// at most 90 days [default: 2 days].
    #[arg(long, env = "ASSENT_DELAY_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.delay_ms, hide_default_value = true)]
    delay_ms: u64,
    /// How long an emergency access stays open, in milliseconds; at least 1, at most 7 days
    /// [default: 4 hours].
    #[arg(long, env = "ASSENT_EMERGENCY_WINDOW_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.emergency_window_ms, hide_default_value = true)]
    emergency_window_ms: u64,
    /// How long after its opening an emergency access must be reviewed, in milliseconds; no shorter
    /// than it stays open, at most 90 days [default: 72 hours].
    #[arg(long, env = "ASSENT_REVIEW_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.review_ms, hide_default_value = true)]
    review_ms: u64,
    /// How long after its end a compliance period may be reported and surrendered for in time, in
    /// milliseconds; settlement begins then. At least 1, at most 366 days [default: 120 days].
    #[arg(long, env = "ASSENT_COMPLIANCE_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.compliance_ms, hide_default_value = true)]
    compliance_ms: u64,
}

#[derive(Debug, Args)]
struct File {
    /// The manifest file.
    #[arg(long, env = "ASSENT_MANIFEST")]
    manifest: PathBuf,
}

/// A secret that never shows in logs or errors. Any text is taken here and judged in `keypair`:
/// clap would quote what it refuses.
#[derive(Clone)]
struct Suri(String);

impl FromStr for Suri {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl Suri {
    fn keypair(&self) -> anyhow::Result<Keypair> {
        // The parsers' own errors may quote the secret, so they are dropped.
        SecretUri::from_str(&self.0).ok().and_then(|uri| Keypair::from_uri(&uri).ok()).context(
            "--suri / ASSENT_DEPLOYER_SURI is not a secret phrase, 0x seed or derivation path \
                 such as //Alice",
        )
    }
}

impl fmt::Debug for Suri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Suri(hidden)")
    }
}

impl Node {
    async fn connect(&self) -> anyhow::Result<Chain> {
        Ok(Chain::connect_with(&self.url, self.allow_insecure_node).await?)
    }
}

impl Waits {
    fn timing(&self) -> Timing {
        let Self { delay_ms, emergency_window_ms, review_ms, compliance_ms } = *self;
        Timing { delay_ms, emergency_window_ms, review_ms, compliance_ms }
    }
}

impl Deployment {
    fn signer(&self) -> anyhow::Result<Keypair> {
        match &self.suri {
            Some(suri) => suri.keypair(),
            None if self.network == "dev" => Ok(subxt_signer::sr25519::dev::alice()),
            None => bail!(
                "the network `{}` needs a deployer: give --suri or ASSENT_DEPLOYER_SURI",
                self.network
            ),
        }
    }
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
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Plan { node, deployment } => {
            let bundles = Bundles::load(&deployment.artifacts)?;
            let signer = deployment.signer()?;
            let chain = node.connect().await?;
            let deployer = Account::from(&signer);
            let timing = deployment.waits.timing();
            let plan =
                plan::plan(&chain, &deployer, &deployment.network, &bundles, &timing).await?;
            for step in &plan.steps {
                println!("{step}");
            }
            let left = plan.steps.iter().filter(|step| !step.done).count();
            println!("{left} of {} steps to do as {deployer}", plan.steps.len());
        }
        Command::Apply { node, deployment, file } => {
            let bundles = Bundles::load(&deployment.artifacts)?;
            let signer = deployment.signer()?;
            let chain = node.connect().await?;
            let options = Options {
                timing: deployment.waits.timing(),
                network: deployment.network,
                manifest: file.manifest,
                artifacts: deployment.artifacts,
            };
            let applied = plan::apply(&chain, &signer, &bundles, &options).await?;
            for (name, entry) in &applied.manifest.contracts {
                println!("{name:<13} {} block {}", entry.address, entry.deployment_block);
            }
            println!("{} steps done; manifest {}", applied.steps, options.manifest.display());
        }
        Command::Verify { node, file } => {
            let manifest = Manifest::load(&file.manifest)?;
            let chain = node.connect().await?;
            let differences = plan::verify(&chain, &manifest).await?;
            for difference in &differences {
                println!("{difference}");
            }
            if !differences.is_empty() {
                bail!("the manifest and the chain differ; see above");
            }
            println!("the manifest {} agrees with the chain", file.manifest.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
