//! The program `assent-indexer`: where it finds what it needs, each of its commands, and how far it is; and
//! `assent-api`, which needs the same.

use crate::process::{Process, output, program};
use anyhow::{Result, ensure};
use sqlx::PgConnection;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::ExitStatus,
    time::{Duration, Instant},
};

/// How long a command may take that does its work and ends. Generous: an audit asks a view for each row.
const COMMAND: Duration = Duration::from_secs(300);
/// How often it is looked how far the indexer is.
const LOOK: Duration = Duration::from_millis(10);

/// Where an indexer finds what it needs.
#[derive(Debug, Clone)]
pub struct Places {
    /// JSON-RPC of the node, or of several with commas between them.
    pub node: String,
    /// The database.
    pub database: String,
    /// The manifest.
    pub manifest: PathBuf,
}

impl Places {
    /// The variables that say so.
    pub fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("ASSENT_NODE_URL", self.node.clone()),
            ("DATABASE_URL", self.database.clone()),
            ("ASSENT_MANIFEST", self.manifest.display().to_string()),
        ]
    }

    /// The same with another database.
    pub fn with_database(&self, url: &str) -> Self {
        Self { database: url.to_owned(), ..self.clone() }
    }

    /// Starts a command; what it says is appended to `log`.
    pub fn spawn(&self, arguments: &[&str], log: &Path) -> Result<Process> {
        spawn(INDEXER, arguments, &self.variables(), log)
    }

    /// Starts an API, which says where it is listening.
    pub fn spawn_api(&self, arguments: &[&str], log: &Path) -> Result<Process> {
        spawn(API, arguments, &self.variables(), log)
    }

    /// Runs a command of the API to its end, which must be a good one: what it wrote to standard output.
    pub async fn run_api(&self, arguments: &[&str]) -> Result<String> {
        let (name, file) = API;
        output(name, &program(file)?, arguments, &self.variables(), COMMAND).await
    }

    /// Runs a command to its end: how it ended, and what it said, which is in `log`, too.
    pub async fn run(&self, arguments: &[&str], log: &Path) -> Result<(ExitStatus, String)> {
        run(arguments, &self.variables(), log).await
    }
}

/// Runs a command that needs neither node nor database: how it ended, and what it said.
pub async fn run_alone(arguments: &[&str], log: &Path) -> Result<(ExitStatus, String)> {
    run(arguments, &[], log).await
}

/// What it is called, and its program.
const INDEXER: (&str, &str) = ("the indexer", "assent-indexer");
/// The same of the API.
const API: (&str, &str) = ("the API", "assent-api");

fn spawn(
    (name, file): (&str, &str),
    arguments: &[&str],
    variables: &[(&str, String)],
    log: &Path,
) -> Result<Process> {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    Process::spawn(name, &program(file)?, &arguments, variables, log)
}

async fn run(
    arguments: &[&str],
    variables: &[(&str, String)],
    log: &Path,
) -> Result<(ExitStatus, String)> {
    // What it says is of this run alone.
    fs::remove_file(log).or_else(|error| match error.kind() {
        ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let mut command = spawn(INDEXER, arguments, variables, log)?;
    let status = command.wait(COMMAND).await?;
    Ok((status, command.output()))
}

/// How far a mirror is; `None` before it holds anything.
pub async fn watermark(db: &mut PgConnection) -> Result<Option<u64>> {
    let there = sqlx::query_scalar("select to_regclass('watermark') is not null");
    if !there.fetch_one(&mut *db).await? {
        return Ok(None);
    }
    let number: Option<i64> =
        sqlx::query_scalar("select block_number from watermark").fetch_optional(db).await?;
    Ok(number.map(i64::unsigned_abs))
}

/// Waits until a mirror holds the block at `height`; the indexer must run on meanwhile.
pub async fn written(
    indexer: &mut Process,
    db: &mut PgConnection,
    height: u64,
    within: Duration,
) -> Result<()> {
    let began = Instant::now();
    while watermark(&mut *db).await? < Some(height) {
        let lives = indexer.is_running() && began.elapsed() < within;
        ensure!(lives, "block {height} is not there:\n{}", indexer.output());
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
