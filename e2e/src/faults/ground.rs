//! What is disturbed: an indexer whose connections go through proxies, the node and the Postgres that it
//! follows and fills, and a second database that nothing disturbs.

use crate::{
    indexer::{Places, written},
    node::Node,
    postgres::Postgres,
    process::Process,
    proxy::Proxy,
};
use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqlSafeStr, postgres::PgConnectOptions};
use std::{
    fs,
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

/// The database of the indexer that is disturbed.
pub const DISTURBED: &str = "disturbed";
/// The database of the one that is not.
pub const UNDISTURBED: &str = "undisturbed";
/// The node answers under its own port alone, unless it is told to answer everybody; a proxy has another.
const BEHIND_PROXIES: [&str; 1] = ["--rpc-cors=all"];
/// How long something may take that has to come. The indexer may pause 10 s between two tries.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(10);
/// What an indexer says once it writes.
pub const FOLLOWS: &str = "The indexer follows the chain";
/// What it says while another one writes.
const WAITS: &str = "Another indexer writes to this database";

/// Everything that runs. It is gone on drop.
pub struct Ground {
    /// The indexer that writes.
    pub indexer: Process,
    /// The server of both databases.
    pub postgres: Postgres,
    /// The node.
    pub node: Node,
    /// Between the indexer and the node: two ways, which are two nodes to the indexer. (Two nodes of a
    /// development chain would make two chains.)
    pub to_node: [Proxy; 2],
    /// Between the indexer and Postgres.
    pub to_postgres: Proxy,
    started: usize,
    // Last: the folder goes after the processes that write into it.
    folder: tempfile::TempDir,
}

impl Ground {
    /// Postgres, and a node whose chain is kept, with the proxies before them; `deploy` puts the
    /// contracts on the chain and writes the manifest, and the indexer starts.
    pub async fn start(deploy: impl AsyncFnOnce(&str, &Path) -> Result<()>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("assent-faults-").tempdir()?;
        let postgres = Postgres::start().await?;
        let node = Node::start(folder.path(), &BEHIND_PROXIES).await?;
        deploy(&node.url, &manifest(folder.path())).await?;
        let to_node = [Proxy::before(node.port()?).await?, Proxy::before(node.port()?).await?];
        let to_postgres = Proxy::before(postgres.port()).await?;
        let mut db = control(&postgres, "postgres").await?;
        for name in [DISTURBED, UNDISTURBED] {
            let sql = AssertSqlSafe(format!("create database {name}")).into_sql_str();
            sqlx::raw_sql(sql).execute(&mut db).await?;
        }
        let places = proxied(&to_node, &to_postgres, folder.path());
        let indexer = places.spawn(&["run"], &folder.path().join("indexer-0.log"))?;
        Ok(Self { indexer, postgres, node, to_node, to_postgres, started: 1, folder })
    }

    /// Where the manifest lies.
    pub fn manifest(&self) -> PathBuf {
        manifest(self.folder.path())
    }

    /// A connection to one of the databases that no proxy is in.
    pub async fn control(&self, database: &str) -> Result<PgConnection> {
        control(&self.postgres, database).await
    }

    /// One more indexer on the database that is disturbed, through the same proxies.
    pub fn spawn_beside(&mut self) -> Result<Process> {
        let log = self.folder.path().join(format!("indexer-{}.log", self.started));
        self.started += 1;
        let places = proxied(&self.to_node, &self.to_postgres, self.folder.path());
        places.spawn(&["run"], &log)
    }

    /// Fails when the indexer has ended by itself: of what is done to it, nothing may end it.
    pub fn check(&mut self) -> Result<()> {
        ensure!(self.indexer.is_running(), "the indexer ended:\n{}", last_lines(&self.indexer));
        Ok(())
    }

    /// Waits until something holds; the indexer must run on meanwhile.
    pub async fn until(
        &mut self,
        what: &str,
        mut holds: impl AsyncFnMut(&Self) -> Result<bool>,
    ) -> Result<()> {
        let began = Instant::now();
        loop {
            if holds(self).await? {
                return Ok(());
            }
            self.check()?;
            let late = began.elapsed() > PATIENCE;
            ensure!(!late, "{what}: not within {PATIENCE:?}:\n{}", last_lines(&self.indexer));
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the indexer says something that it has not said just before.
    pub async fn until_said(&mut self, what: &str) -> Result<()> {
        let before = self.indexer.output().matches(what).count();
        self.until(what, async |g| Ok(g.indexer.output().matches(what).count() > before)).await
    }

    /// Waits until a second indexer says that it waits for the first.
    pub async fn until_waits(&mut self, second: &mut Process) -> Result<()> {
        let began = Instant::now();
        while !second.output().contains(WAITS) {
            self.check()?;
            ensure!(
                second.is_running() && began.elapsed() < PATIENCE,
                "the second indexer does not say that there is another one:\n{}",
                last_lines(second)
            );
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits for a connection through these proxies, and breaks all. Says how many there were.
    pub async fn cut(&mut self, which: impl Fn(&Self) -> &[Proxy]) -> Result<usize> {
        loop {
            let connected = async |g: &Self| Ok(which(g).iter().any(Proxy::is_in_use));
            self.until("a connection to cut", connected).await?;
            match which(self).iter().map(Proxy::cut).sum() {
                // It was lost by itself since then.
                0 => which(self).iter().for_each(Proxy::mend),
                broken => return Ok(broken),
            }
        }
    }

    /// Kills the indexer.
    pub fn kill(&mut self) -> Result<()> {
        self.check()?;
        self.indexer.kill()
    }

    /// Stops the node and starts it again on its chain, with an empty block after so much idle time.
    pub async fn restart_node(&mut self, idle: Duration) -> Result<()> {
        self.node.stop().await?;
        // The line that says that it is ready must be its own.
        let log = self.folder.path().join("node.log");
        fs::rename(&log, log.with_extension("before.log"))?;
        self.node = Node::start_with(self.folder.path(), idle, &BEHIND_PROXIES).await?;
        for way in &self.to_node {
            way.lead_to(self.node.port()?);
        }
        Ok(())
    }

    /// Fills the other database from nothing, up to the last block, without any fault.
    pub async fn fill_undisturbed(&mut self, height: u64) -> Result<()> {
        let folder = self.folder.path();
        let places = direct(&self.postgres, &self.node, UNDISTURBED, folder);
        let mut indexer = places.spawn(&["run"], &folder.join("undisturbed.log"))?;
        let mut db = self.control(UNDISTURBED).await?;
        written(&mut indexer, &mut db, height, PATIENCE).await.context("undisturbed")?;
        end(indexer).await
    }

    /// Ends the indexer as an operator would.
    pub async fn end(self) -> Result<Ended> {
        let Self { indexer, postgres, node, folder, .. } = self;
        end(indexer).await?;
        Ok(Ended { postgres, node, folder })
    }
}

/// What is left once the indexer has ended.
pub struct Ended {
    postgres: Postgres,
    node: Node,
    folder: tempfile::TempDir,
}

impl Ended {
    /// A connection to one of the databases.
    pub async fn control(&self, database: &str) -> Result<PgConnection> {
        control(&self.postgres, database).await
    }

    /// Has the audit ask for everything: what it says, of a mirror that is right.
    pub async fn audit(&self) -> Result<String> {
        let folder = self.folder.path();
        let places = direct(&self.postgres, &self.node, DISTURBED, folder);
        let (status, said) = places.run(&["audit", "--all"], &folder.join("audit.log")).await?;
        ensure!(status.success() && said.contains("the mirror is right"), "the audit: {said}");
        Ok(said)
    }
}

/// Waits until an indexer writes.
pub async fn follows(indexer: &mut Process) -> Result<()> {
    indexer.wait_for_line(FOLLOWS, PATIENCE).await?;
    Ok(())
}

async fn control(postgres: &Postgres, database: &str) -> Result<PgConnection> {
    let options = PgConnectOptions::from_str(&postgres.socket_url())?.database(database);
    options.connect().await.with_context(|| format!("the database {database}"))
}

async fn end(mut indexer: Process) -> Result<()> {
    let status = indexer.stop(Signal::SIGTERM, PATIENCE).await?;
    ensure!(status.success(), "an indexer ended with {status}:\n{}", last_lines(&indexer));
    Ok(())
}

fn proxied(to_node: &[Proxy], to_postgres: &Proxy, folder: &Path) -> Places {
    let ways: Vec<String> =
        to_node.iter().map(|way| format!("ws://127.0.0.1:{}", way.port())).collect();
    Places {
        node: ways.join(","),
        database: format!("postgres://postgres@127.0.0.1:{}/{DISTURBED}", to_postgres.port()),
        manifest: manifest(folder),
    }
}

fn direct(postgres: &Postgres, node: &Node, database: &str, folder: &Path) -> Places {
    let database = format!("postgres://postgres@127.0.0.1:{}/{database}", postgres.port());
    Places { node: node.url.clone(), database, manifest: manifest(folder) }
}

fn manifest(folder: &Path) -> PathBuf {
    folder.join("manifest.json")
}

/// The end of what a program has said.
pub fn last_lines(program: &Process) -> String {
    let output = program.output();
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
