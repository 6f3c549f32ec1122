//! Command line and environment of the indexer.

use std::path::PathBuf;

use assent_client::setting::Setting;
use clap::Parser;

/// Where the node is.
pub(crate) const NODE_URL: Setting = Setting::new("--node-url", "ASSENT_NODE_URL");
/// Where the database is.
pub(crate) const DATABASE_URL: Setting = Setting::new("--database-url", "DATABASE_URL");

/// Mirrors the contracts' events from finalized blocks into Postgres, exactly once.
///
/// It may be killed at any time: it goes on where the database says that it was.
#[derive(Clone, Parser)]
#[command(name = "assent-indexer", version)]
pub struct Config {
    /// WebSocket address of the node; it must keep all state (`--state-pruning archive`). Several,
    /// with commas between them: when one fails, the next one serves.
    #[arg(
        long,
        env = "ASSENT_NODE_URL",
        value_delimiter = ',',
        default_value = "ws://127.0.0.1:9944"
    )]
    pub node_url: Vec<String>,

    /// Where to write, for example postgres://assent@127.0.0.1:5432/assent; never logged.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    /// The manifest that `assent-deploy apply` wrote: which contracts to follow on which chain.
    #[arg(long, env = "ASSENT_MANIFEST")]
    pub manifest: PathBuf,

    /// Accept an unencrypted ws:// address that is not on this machine.
    #[arg(long)]
    pub allow_insecure_node: bool,
}
