//! Command line and environment of the indexer.

use std::path::PathBuf;
use std::str::FromStr as _;

use assent_client::setting::{Empty, Setting};
use assent_mirror::fold::Projection;
use clap::{Args, Parser, Subcommand};
use sqlx::postgres::PgConnectOptions;

/// Where the node is.
pub(crate) const NODE_URL: Setting = Setting::new("--node-url", "ASSENT_NODE_URL");
/// Where the database is.
pub(crate) const DATABASE_URL: Setting = Setting::new("--database-url", "DATABASE_URL");

/// Mirrors the contracts' events from finalized blocks into Postgres, exactly once.
#[derive(Clone, Parser)]
#[command(name = "assent-indexer", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Subcommand)]
pub enum Command {
    /// Follow the chain until stopped.
    ///
    /// It may be killed at any time: it goes on where the database says that it was.
    Run(Config),
    /// Make the rows of projections again from the stored events, beside the ones that are served.
    ///
    /// For a program that makes other rows of the same events than the one before, or makes sense of an
    /// event at which a projection stands still. The indexer may run meanwhile.
    Rebuild(RebuildConfig),
    /// Say how far the mirror is, and what stands still.
    Status(Database),
}

/// The database.
#[derive(Clone, Args)]
pub struct Database {
    /// Where the mirror is, for example postgres://assent@127.0.0.1:5432/assent; never logged.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
}

/// What to rebuild.
#[derive(Clone, Args)]
pub struct RebuildConfig {
    /// The database.
    #[command(flatten)]
    pub database: Database,

    /// Which projection, for example consent; all of them unless it is given.
    #[arg(long, value_parser = projection)]
    pub projection: Option<Projection>,
}

/// What to follow, and where to write.
#[derive(Clone, Args)]
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

    /// The database.
    #[command(flatten)]
    pub database: Database,

    /// The manifest that `assent-deploy apply` wrote: which contracts to follow on which chain.
    #[arg(long, env = "ASSENT_MANIFEST")]
    pub manifest: PathBuf,

    /// Accept an unencrypted ws:// address that is not on this machine.
    #[arg(long)]
    pub allow_insecure_node: bool,
}

impl Database {
    /// How to connect.
    ///
    /// # Errors
    ///
    /// [`DatabaseUrlError`], which never repeats the URL: it may hold a password.
    pub fn options(&self) -> Result<PgConnectOptions, DatabaseUrlError> {
        let url = DATABASE_URL.trimmed(&self.database_url)?;
        let unreadable = |reason| {
            let setting = self.setting();
            DatabaseUrlError::Unreadable { setting, reason }
        };
        // The parser takes any scheme.
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(unreadable("it does not start with postgres://".to_owned()));
        }
        PgConnectOptions::from_str(&url).map_err(|error| unreadable(error.to_string()))
    }

    /// The flag or the variable that the URL came from.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        DATABASE_URL.source(&self.database_url)
    }
}

/// Why a text is not the URL of a database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseUrlError {
    /// There is none.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// It is not one.
    #[error(
        "{setting} is not a database URL ({reason}); expected for example postgres://user@host:5432/name"
    )]
    Unreadable {
        /// The flag or the variable that it came from.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

fn projection(name: &str) -> Result<Projection, String> {
    let found = Projection::ALL.iter().find(|projection| projection.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Projection::ALL.iter().map(|known| known.name()).collect();
        format!("there is none of this name; give one of {}", names.join(", "))
    })
}
