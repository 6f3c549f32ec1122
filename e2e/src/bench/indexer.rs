//! The indexer itself, as a process.

use super::database::Database;
use crate::{indexer::Places, process::Process};
use anyhow::{Result, ensure};
use nix::sys::signal::Signal;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// How often the database is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// What the indexer says when it has connected to everything.
const CONNECTED: &str = "The indexer follows the chain";

/// What it says when it has connected and has projections to make again first.
const BEHIND: &str = "Projections are behind what is stored";

/// A running indexer, killed on drop.
pub struct Indexer {
    /// The program.
    pub process: Process,
    /// When it was started.
    pub began: Instant,
    /// How long it took to connect, check and migrate, once that is known.
    pub connected: Option<Duration>,
}

impl Indexer {
    /// Starts the program that users run.
    pub fn start(node: &str, database: &Database, manifest: &Path, log: &Path) -> Result<Self> {
        let places = Places {
            node: node.to_owned(),
            database: database.url.clone(),
            manifest: manifest.to_owned(),
        };
        let began = Instant::now();
        let process = places.spawn(&["run"], log)?;
        Ok(Self { process, began, connected: None })
    }

    /// Waits a moment; fails when the indexer has ended, or takes too long.
    pub async fn look_again(&mut self, within: Duration) -> Result<()> {
        if self.connected.is_none() {
            let said = self.process.output();
            let connected = [CONNECTED, BEHIND].iter().any(|line| said.contains(line));
            self.connected = connected.then(|| self.began.elapsed());
        }
        let late = self.began.elapsed() > within;
        ensure!(self.process.is_running() && !late, "the indexer:\n{}", self.process.output());
        tokio::time::sleep(LOOK).await;
        Ok(())
    }

    /// How long it has worked since it had connected.
    pub fn worked(&self) -> Duration {
        self.began.elapsed().saturating_sub(self.connected.unwrap_or_default())
    }

    /// Ends it as an operator would.
    pub async fn stop(mut self) -> Result<()> {
        self.process.stop(Signal::SIGTERM, Duration::from_secs(60)).await?;
        Ok(())
    }
}
