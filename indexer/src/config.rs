//! Command line and environment of the indexer.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use assent_client::Hash;
use assent_client::setting::{Empty, Setting};
use assent_mirror::Position;
use assent_mirror::database::{self, DatabaseUrlError};
use assent_mirror::fold::Projection;
use clap::{Args, Parser, Subcommand};
use sqlx::postgres::PgConnectOptions;

/// Where the node is.
pub(crate) const NODE_URL: Setting = Setting::new("--node-url", "ASSENT_NODE_URL");
/// Where the database is.
pub(crate) const DATABASE_URL: Setting = Setting::new("--database-url", "DATABASE_URL");

/// Where figures are served.
pub(crate) const METRICS_LISTEN: Setting =
    Setting::new("--metrics-listen", "ASSENT_METRICS_LISTEN");

/// Mirrors the contracts' events from finalized blocks into Postgres, exactly once.
#[derive(Clone, Parser)]
#[command(
    name = "assent-indexer",
    version,
    after_help = "RUST_LOG says what is logged (info unless it is given). PGSSLMODE, PGSSLROOTCERT and \
                  PGPASSWORD complete the URL of the database."
)]
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
    /// It may be killed at any time: it goes on where the database says that it was. While another indexer
    /// writes to the database it says so, waits, and takes over when that ends.
    Run(Config),
    /// Take the metadata of codes that the manifest does not name, and decode the events of their contracts:
    /// those that are stored already, and those that come.
    ///
    /// The indexer may run meanwhile.
    Register(RegisterConfig),
    /// Make the rows of projections again from the stored events, beside the ones that are served.
    ///
    /// For a program that makes other rows of the same events than the one before, or makes sense of an
    /// event at which a projection stands still. The indexer may run meanwhile.
    Rebuild(RebuildConfig),
    /// Prove the mirror: that no block was left out, that the rows are what the stored events make and
    /// hold together, and that the contracts' own views agree. Says what differs, and fails if anything
    /// does.
    ///
    /// The indexer may run meanwhile. Needs a schema of its own in the database while it lasts.
    Audit(AuditConfig),
    /// Prove one event of the mirror: a storage proof of the block's events against the state root of its
    /// header, as a file that anybody can check without node and database.
    ///
    /// Fails when the node's proof does not hold, or proves another event than the mirror has.
    Prove(ProveConfig),
    /// Check a file that `prove` wrote, with neither node nor database. Fails when anything of it is wrong,
    /// and says what.
    ///
    /// What has to be trusted is the hash of the block, that the block is final, and the runtime's metadata,
    /// which says where in the block's events one ends and the next begins.
    CheckProof(CheckProofConfig),
    /// Say how far the mirror is, who writes to it, what stands still, and what the audit in the background
    /// found.
    Status(Database),
}

/// The database.
#[derive(Clone, Args)]
pub struct Database {
    /// Where the mirror is, for example postgres://assent@127.0.0.1:5432/assent; never logged. A server
    /// on another machine needs ?sslmode=verify-full, or the mode that is wanted. Not a pool in
    /// transaction mode: the writer's lock belongs to the session.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,
}

/// What to register.
#[derive(Clone, Args)]
pub struct RegisterConfig {
    /// The database.
    #[command(flatten)]
    pub database: Database,

    /// Files that `cargo contract build` wrote: NAME.contract, or the metadata alone as NAME.json.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
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

/// What to audit.
#[derive(Clone, Args)]
pub struct AuditConfig {
    /// What the mirror is of, and where it is.
    #[command(flatten)]
    pub mirror: Mirror,

    /// How many rows of each table the contracts are asked for, how many blocks with events the node is, and
    /// how many events are proven; chosen by chance.
    #[arg(long, value_name = "ROWS", default_value_t = 100, conflicts_with = "all")]
    pub sample: u32,

    /// Ask for all rows and all blocks, and prove all events.
    #[arg(long)]
    pub all: bool,

    /// Ask no node: only whether the database agrees with itself.
    #[arg(long)]
    pub offline: bool,
}

/// Which event to prove.
#[derive(Clone, Args)]
pub struct ProveConfig {
    /// The event: its block and its index among the events of the block, for example 12-3.
    #[arg(value_name = "BLOCK-INDEX", value_parser = position)]
    pub event: Position,

    /// What the mirror is of, and where it is.
    #[command(flatten)]
    pub mirror: Mirror,

    /// The hash of the block, from a source that is trusted; the mirror's unless it is given.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub block_hash: Option<Hash>,

    /// Write the proof into this file, which is replaced; to the standard output unless it is given.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which proof to check.
#[derive(Clone, Args)]
pub struct CheckProofConfig {
    /// The file that `prove` wrote.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The hash of the block, from a source that is trusted: a node of one's own, or somebody who has one.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub block_hash: Hash,

    /// The BLAKE2b-256 hash of the runtime's metadata as state_getMetadata of a trusted node gives it. Unless
    /// it is given, the metadata of the file is taken, and its hash is printed to be compared.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub metadata_hash: Option<Hash>,
}

/// What is mirrored, and where.
#[derive(Clone, Args)]
pub struct Mirror {
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

/// What to follow, and where to write.
#[derive(Clone, Args)]
pub struct Config {
    /// What is mirrored, and where.
    #[command(flatten)]
    pub mirror: Mirror,

    /// How many events of contracts that the manifest does not name are kept of a block; how many more
    /// there were is counted. It bounds what anybody who may make contracts can fill the database with.
    #[arg(long, env = "ASSENT_FOREIGN_EVENTS", value_name = "EVENTS", default_value_t = 1_000)]
    pub foreign_events: u32,

    /// Serve metrics for Prometheus at /metrics of this address and port, for example 127.0.0.1:9616, and
    /// at /readyz whether blocks are written; port 0 takes a free one. None are served unless it is given.
    #[arg(long, env = "ASSENT_METRICS_LISTEN", value_parser = metrics_listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// Audit the mirror in the background, once in so many seconds, a step after the other; 0: never.
    ///
    /// Blocks that are new since the last audit are compared with the node's, the invariants are asked for,
    /// and the contracts for a few rows of each table. It goes slowly, and waits while the indexer is behind.
    #[arg(long, env = "ASSENT_AUDIT_INTERVAL", value_name = "SECONDS", default_value_t = 600)]
    pub audit_interval: u32,
}

impl AuditConfig {
    /// How many rows are asked for at most; `None`: all.
    #[must_use]
    pub fn most(&self) -> Option<u32> {
        (!self.all).then_some(self.sample)
    }
}

impl Config {
    /// How often the mirror is audited in the background; `None`: never.
    #[must_use]
    pub fn audit_every(&self) -> Option<Duration> {
        (self.audit_interval > 0).then(|| Duration::from_secs(self.audit_interval.into()))
    }
}

impl Mirror {
    /// Takes what surrounds the nodes' URLs off them, as a quoted variable may bring it.
    ///
    /// # Errors
    ///
    /// [`Empty`] when nothing is left of one.
    pub fn trim_node_urls(&mut self) -> Result<(), Empty> {
        for url in &mut self.node_url {
            *url = NODE_URL.trimmed(url)?;
        }
        Ok(())
    }
}

impl Database {
    /// How to connect.
    ///
    /// # Errors
    ///
    /// [`DatabaseError`], which never repeats the URL: it may hold a password.
    pub fn options(&self) -> Result<PgConnectOptions, DatabaseError> {
        let url = DATABASE_URL.trimmed(&self.database_url)?;
        Ok(database::options(&url, self.setting())?)
    }

    /// The flag or the variable that the URL came from.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        DATABASE_URL.source(&self.database_url)
    }
}

/// Why the database cannot be connected to.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// No URL is given.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// The URL cannot be used.
    #[error(transparent)]
    Url(#[from] DatabaseUrlError),
    /// The database that the URL names cannot be opened.
    #[error("the database of {setting} cannot be opened: {reason}")]
    Open {
        /// The flag or the variable that the URL came from.
        setting: &'static str,
        /// What the server or the system says.
        reason: sqlx::Error,
    },
}

fn metrics_listen(text: &str) -> Result<SocketAddr, String> {
    METRICS_LISTEN.address(text, SocketAddr::from(([127, 0, 0, 1], 9616)))
}

fn projection(name: &str) -> Result<Projection, String> {
    let found = Projection::ALL.iter().find(|projection| projection.name() == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Projection::ALL.iter().map(|known| known.name()).collect();
        format!("there is none of this name; give one of {}", names.join(", "))
    })
}

fn position(text: &str) -> Result<Position, String> {
    text.parse().map_err(|error| format!("it {error}"))
}

fn hash(text: &str) -> Result<Hash, String> {
    text.parse().map_err(|error| format!("it {error}"))
}
