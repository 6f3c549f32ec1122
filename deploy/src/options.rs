//! What several commands take: where the node is, who signs, and what is deployed.

use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context as _, bail};
use assent_client::chain::{Chain, ChainType};
use assent_client::secret::Secret;
use assent_client::setting::Setting;
use assent_client::timing::Timing;
use clap::Args;
use subxt_signer::sr25519::Keypair;

/// Where the node is.
const URL: Setting = Setting::new("--url", "ASSENT_NODE_URL");
/// Who signs.
const SURI: Setting = Setting::new("--suri", "ASSENT_DEPLOYER_SURI");

/// Which node to ask.
#[derive(Debug, Args)]
pub struct Node {
    /// WebSocket URL of a node.
    #[arg(long, env = "ASSENT_NODE_URL", default_value = "ws://127.0.0.1:9944")]
    url: String,
    /// Accept an unencrypted connection (ws://) to another machine.
    #[arg(long)]
    allow_insecure_node: bool,
}

/// Who signs.
#[derive(Debug, Args)]
pub struct Signer {
    /// Secret of the account that signs and pays: a phrase, 0x seed or derivation path such as
    /// //Alice; `assent-node key generate` makes one. White space around it goes. Prefer the
    /// environment variable: arguments are visible to other users of the machine. Without it, a chain
    /// of type Development uses //Alice; every other chain refuses the keys that everybody has.
    #[arg(long, env = "ASSENT_DEPLOYER_SURI", hide_env_values = true)]
    suri: Option<Suri>,
}

/// What is deployed.
#[derive(Debug, Args)]
pub struct Deployment {
    /// Folder of the built contracts.
    #[arg(long, env = "ASSENT_ARTIFACTS", default_value = "contracts/artifacts")]
    pub artifacts: PathBuf,
    /// Name of the network; part of what the contracts' addresses are computed from.
    #[arg(long, default_value = "dev")]
    pub network: String,
    #[command(flatten)]
    waits: Waits,
}

/// How long things wait in the contracts; fixed when they are instantiated and part of what their
/// addresses are computed from. The defaults suit a production network.
#[derive(Debug, Args)]
struct Waits {
    /// How long a handover of the administrator, a replacement of the code and whatever moves money
    /// wait, in milliseconds; at least 1,000, at most 90 days [default: 2 days].
    #[arg(long, env = "ASSENT_DELAY_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.delay_ms, hide_default_value = true)]
    delay_ms: u64,
    /// For how long an owner earns nothing more from the same requester for the same purpose, in
    /// milliseconds; at least 1, at most 366 days [default: 30 days].
    #[arg(long, env = "ASSENT_REWARD_PERIOD_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.reward_period_ms, hide_default_value = true)]
    reward_period_ms: u64,
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
    /// How long a key waits to break the glass again after the patient closed a window of it, in
    /// milliseconds; at most 24 hours, 0 for not at all [default: 1 hour].
    #[arg(long, env = "ASSENT_COOLDOWN_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.cooldown_ms, hide_default_value = true)]
    cooldown_ms: u64,
    /// How long a requester has to answer a request for erasure before the answer is overdue, in
    /// milliseconds; at least 1, at most 92 days [default: 30 days].
    #[arg(long, env = "ASSENT_ANSWER_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.answer_ms, hide_default_value = true)]
    answer_ms: u64,
    /// How long after its end a compliance period may be reported and surrendered for in time, in
    /// milliseconds; settlement begins then. At least 1, at most 366 days [default: 120 days].
    #[arg(long, env = "ASSENT_COMPLIANCE_MS", value_name = "MS",
        default_value_t = Timing::PRODUCTION.compliance_ms, hide_default_value = true)]
    compliance_ms: u64,
}

/// Where the manifest is.
#[derive(Debug, Args)]
pub struct Place {
    /// The manifest file.
    #[arg(long, env = "ASSENT_MANIFEST")]
    pub manifest: PathBuf,
}

/// A secret that never shows in logs or errors. Any text is taken here and judged in
/// [`Signer::given`]: clap would quote what it refuses.
#[derive(Clone)]
struct Suri(String);

impl FromStr for Suri {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Suri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Suri(hidden)")
    }
}

impl Node {
    /// Connects; an error names the flag or the variable that the URL came from.
    pub async fn connect(&self) -> anyhow::Result<Chain> {
        let url = URL.trimmed(&self.url)?;
        let connected = Chain::connect_with(&url, self.allow_insecure_node).await;
        connected.with_context(|| URL.source(&url))
    }
}

impl Signer {
    /// The secret that was given, if any.
    pub fn given(&self) -> anyhow::Result<Option<Secret>> {
        Ok(self.suri.as_ref().map(|suri| Secret::read(SURI, &suri.0)).transpose()?)
    }
}

/// What signs on this chain: the secret that was given; on a development chain //Alice without one.
///
/// The node is asked what the chain is for, since the keys of development chains are known to
/// everybody: on any other chain, whoever reads this could undo what they sign.
pub async fn keypair(given: Option<Secret>, chain: &Chain) -> anyhow::Result<Keypair> {
    let secret = match given {
        Some(secret) if !secret.is_public => return Ok(secret.keypair),
        given => given,
    };
    match (chain.chain_type().await?, secret) {
        (ChainType::Development, Some(secret)) => Ok(secret.keypair),
        (ChainType::Development, None) => Ok(subxt_signer::sr25519::dev::alice()),
        (other, Some(_)) => bail!(
            "{SURI} is a key that everybody has, and the chain at {} is of type {other}: such keys \
             sign only on a chain of type Development. Give a secret of your own; \
             `assent-node key generate` makes one",
            chain.url()
        ),
        (other, None) => bail!(
            "the chain at {} is of type {other}, and only one of type Development has a signer by \
             default: give {SURI}",
            chain.url()
        ),
    }
}

impl Deployment {
    /// How long things wait in the contracts.
    pub fn timing(&self) -> Timing {
        let Waits {
            delay_ms,
            reward_period_ms,
            emergency_window_ms,
            review_ms,
            cooldown_ms,
            answer_ms,
            compliance_ms,
        } = self.waits;
        Timing {
            delay_ms,
            reward_period_ms,
            emergency_window_ms,
            review_ms,
            cooldown_ms,
            answer_ms,
            compliance_ms,
        }
    }
}
