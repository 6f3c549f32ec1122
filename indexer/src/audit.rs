//! Proves a mirror: that no block was left out, that its rows hold together and are what the stored
//! events make, and that the node and the contracts' own views say the same.
//!
//! All is read at one moment: the live tables in one read-only transaction, the events up to the
//! watermark of that transaction, and the contracts as of its block. Nothing is changed but a schema
//! that is made for the comparison and dropped again.

mod background;
mod blocks;
mod events;
mod proofs;
mod question;
mod questions;
mod rows;

use std::sync::Arc;

use std::collections::BTreeSet;
use std::fmt;

use assent_client::contract::CallError;
use assent_client::manifest::Manifest;
use assent_mirror::INVARIANTS;
use assent_mirror::fold::Projection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use crate::config::AuditConfig;
use crate::decode::Decoder;
use crate::need::{NeedError, needs};
use crate::prove::ProveError;
use crate::source::{Nodes, Source};
use crate::store::{self, StoreError};

pub use background::{Background, Known};

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Each check, in the order in which they were made.
    pub checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What of, for example `blocks` or `fold of token`.
    pub name: String,
    /// What was compared, with counts.
    pub looked_at: String,
    /// What is wrong: of each kind the first row, in words.
    pub findings: Vec<String>,
}

/// Why an audit came to no end: it says nothing of the mirror.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Something is not usable that every command needs.
    #[error(transparent)]
    Need(NeedError),
    /// The node is behind the mirror.
    #[error(
        "the node at {url} has finalized block {finalized}, but the mirror holds block {watermark}; wait \
         for the node, or ask another one (--node-url)"
    )]
    Behind {
        /// Where the node is.
        url: String,
        /// Its finalized height.
        finalized: u64,
        /// The last block of the mirror.
        watermark: u64,
    },
    /// A contract does not answer.
    #[error("a view cannot be asked: {0}")]
    View(#[from] CallError),
    /// No proof can be asked for.
    #[error(transparent)]
    Proof(ProveError),
}

needs!(AuditError);

impl Report {
    /// Is nothing wrong?
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.count() == 0
    }

    /// How many things are wrong.
    #[must_use]
    pub fn count(&self) -> usize {
        self.checks.iter().map(|check| check.findings.len()).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Check { name, looked_at, findings } in &self.checks {
            let verdict = if findings.is_empty() { "right" } else { "WRONG" };
            writeln!(f, "{verdict}  {name}: {looked_at}")?;
            for finding in findings {
                writeln!(f, "       {finding}")?;
            }
        }
        match self.count() {
            0 => writeln!(f, "the mirror is right"),
            1 => writeln!(f, "the mirror is wrong: 1 finding"),
            count => writeln!(f, "the mirror is wrong: {count} findings"),
        }
    }
}

/// The live tables at one moment.
struct Snapshot {
    db: PgConnection,
    /// The first and the last block that are stored.
    first: i64,
    last: i64,
}

/// Looks at a mirror.
///
/// # Errors
///
/// [`AuditError`] when it cannot be looked at. What is wrong with it is in the report.
pub async fn audit(mut config: AuditConfig) -> Result<Report, AuditError> {
    config.mirror.trim_node_urls()?;
    let manifest = Manifest::load(&config.mirror.manifest)?;
    let bundles = manifest.bundles()?;
    let decoder = Arc::new(Decoder::new(&manifest, bundles.clone()));
    let options = config.mirror.database.options()?;
    // What the indexer left out, it counted: here all is taken.
    let nodes = Nodes::new(&config.mirror, manifest.genesis_hash, Arc::default());

    // First of all the locks: a rebuild would replace the tables that are read.
    let mut work = patient(&options).await?;
    store::check_chain(&mut work, &manifest).await?;
    store::extent(&mut work).await?;
    store::check_deployment(&mut work, &manifest).await?;
    for projection in Projection::ALL {
        store::lock_rebuild(&mut work, *projection).await?;
    }
    let mut snapshot = Snapshot::take(&options).await?;

    let mut checks = vec![blocks::complete(&mut snapshot).await?];
    let source = if config.offline { None } else { Some(Source::connect(&nodes).await?) };
    let mut same_chain = true;
    if let Some(source) = &source {
        tracing::info!("The blocks are compared with the node's");
        snapshot.reached_by(source).await?;
        let hashes = blocks::hashes(&mut snapshot, source, config.all).await?;
        same_chain = hashes.findings.is_empty();
        checks.push(hashes);
    }
    tracing::info!("The invariants are asked for");
    checks.push(invariants(&mut snapshot).await?);
    tracing::info!("The stored events are folded again");
    let (folds, stopped) = rows::all(&mut snapshot, &options, &mut work).await?;
    checks.extend(folds);
    checks.push(events::decoded(&mut snapshot, &decoder).await?);
    // The contracts of another chain have nothing to say here.
    if let Some(source) = source.filter(|_| same_chain) {
        tracing::info!("The node's events, proofs of them, and the contracts' views are asked for");
        checks.push(events::of_node(&mut snapshot, &source, &decoder, config.most()).await?);
        checks.push(proofs::hold(&mut snapshot, source.chain(), config.most()).await?);
        let skipped = BTreeSet::from_iter(stopped);
        let asked = question::Asked { manifest: &manifest, bundles: &bundles, most: config.most() };
        checks.extend(asked.all(&mut snapshot, source.chain(), &skipped).await?);
    }
    snapshot.db.close().await?;
    work.close().await?;
    Ok(Report { checks })
}

impl Snapshot {
    async fn take(options: &PgConnectOptions) -> Result<Self, AuditError> {
        let mut db = patient(options).await?;
        sqlx::raw_sql("begin isolation level repeatable read read only").execute(&mut db).await?;
        let (first, last) = store::extent(&mut db).await?;
        Ok(Self { db, first, last })
    }

    /// Refuses a node that has not come as far.
    async fn reached_by(&self, source: &Source<'_>) -> Result<(), AuditError> {
        let (finalized, watermark) = (source.finalized().await?, self.last.unsigned_abs());
        if finalized >= watermark {
            return Ok(());
        }
        Err(AuditError::Behind { url: source.url().to_owned(), finalized, watermark })
    }
}

/// A session whose statements may read whole tables, and which may wait within a transaction.
async fn patient(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let mut db = store::connect(options).await?;
    sqlx::raw_sql("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
        .execute(&mut db)
        .await?;
    Ok(db)
}

/// Whether the rows hold together.
async fn invariants(snapshot: &mut Snapshot) -> Result<Check, AuditError> {
    let mut findings = Vec::new();
    for invariant in INVARIANTS {
        let violations = invariant.violations(&mut snapshot.db).await?;
        if let Some(first) = violations.first() {
            let more = match violations.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            findings.push(format!("{}: {}{more}", invariant.name, first.row));
        }
    }
    let looked_at = format!("{} that hold between rows", INVARIANTS.len());
    Ok(Check { name: "invariants".to_owned(), looked_at, findings })
}
