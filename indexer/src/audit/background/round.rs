//! One audit in the background: the blocks that are new, then a step after the other.

use std::collections::BTreeMap;
use std::time::Duration;

use assent_client::Hash;
use assent_mirror::{INVARIANTS, Invariant};
use sqlx::PgConnection;
use tokio::time::Instant;

use super::{Background, SAMPLE, bounded, range};
use crate::audit::AuditError;
use crate::audit::question::{Asked, Asking, Question};
use crate::audit::questions::QUESTIONS;
use crate::metrics::now_ms;
use crate::need::NeedError;
use crate::source::{Source, SourceError};
use crate::store::{Audited, Finding, stored_hash};

/// Blocks that are compared at once.
const CHUNK: u64 = 32;
/// The check of the blocks and their events.
const BLOCKS: &str = "blocks";
/// Not asked for: it is about the sessions of a moment, and a rebuild that runs writes too.
const OF_SESSIONS: &str = "one_writer";

/// One audit.
pub(super) struct Round<'b> {
    background: &'b Background,
    db: PgConnection,
    audited: Audited,
    /// The last block of the mirror when it began.
    last: u64,
}

impl<'b> Round<'b> {
    /// An audit that goes on after what was known before, of a mirror with these blocks.
    pub(super) fn new(
        background: &'b Background,
        db: PgConnection,
        before: Option<Audited>,
        (first, last): (i64, i64),
    ) -> Self {
        let (below, last) = (first.unsigned_abs().saturating_sub(1), last.unsigned_abs());
        let mut audited = before.unwrap_or_else(|| Audited {
            block: below,
            sample: SAMPLE,
            began_ms: now_ms(),
            passed_ms: None,
            findings: BTreeMap::new(),
            left_out: BTreeMap::new(),
        });
        audited.sample = SAMPLE;
        audited.block = audited.block.clamp(below, last.max(below));
        audited.left_out = BTreeMap::new();
        background.say(&audited);
        Self { background, db, audited, last }
    }

    /// Looks at everything, as far as there is a node to be asked.
    pub(super) async fn go(&mut self, source: Option<&Source<'_>>) -> Result<(), AuditError> {
        let steps = INVARIANTS.len() + QUESTIONS.len();
        // The other half is for the blocks.
        let spread = self.background.every / 2 / u32::try_from(steps).unwrap_or(u32::MAX);
        let mut whole = false;
        if let Some(source) = source {
            let (finalized, _) = source.chain().finalized().await.map_err(SourceError::from)?;
            if finalized < self.last {
                let (url, watermark) = (source.url().to_owned(), self.last);
                return Err(AuditError::Behind { url, finalized, watermark });
            }
            whole = self.blocks(source).await?;
        }
        for invariant in INVARIANTS.iter().filter(|invariant| invariant.name != OF_SESSIONS) {
            let started = Instant::now();
            let done = bounded(self.invariant(invariant)).await?;
            self.done(format!("invariant {}", invariant.name), done)?;
            self.background.rest(started.elapsed(), spread).await;
        }
        if let Some(source) = source {
            for question in QUESTIONS {
                let started = Instant::now();
                let check = format!("view of {}", question.of);
                let done = bounded(self.view(question, &check, source)).await?;
                self.done(check, done)?;
                self.background.rest(started.elapsed(), spread).await;
            }
        }
        if whole && self.audited.findings.is_empty() {
            self.audited.passed_ms = Some(now_ms());
        }
        self.background.say(&self.audited);
        Ok(())
    }

    /// What is known now, and the connection.
    pub(super) fn end(self) -> (Audited, PgConnection) {
        (self.audited, self.db)
    }

    /// Compares the blocks that were not compared yet with the node's; whether that are all of them. It takes
    /// half the time that an audit has: the next one goes on.
    async fn blocks(&mut self, source: &Source<'_>) -> Result<bool, AuditError> {
        let began = Instant::now();
        while self.audited.block < self.last {
            let started = Instant::now();
            let from = self.audited.block.saturating_add(1);
            let range = from..=self.last.min(from.saturating_add(CHUNK - 1));
            let decoder = &self.background.decoder;
            let compared = bounded(range::compare(range, &mut self.db, source, decoder));
            let (right, finding) = compared.await??;
            self.audited.block = right;
            let wrong = finding.is_some();
            self.found(BLOCKS, finding.map(|says| Finding { says, row: None }));
            if wrong {
                return Ok(false);
            }
            self.background.say(&self.audited);
            self.background.rest(started.elapsed(), Duration::ZERO).await;
            if began.elapsed() >= self.background.every / 2 {
                break;
            }
        }
        Ok(self.audited.block >= self.last)
    }

    /// The first row that breaks an invariant.
    async fn invariant(&mut self, invariant: &Invariant) -> Result<Option<Finding>, AuditError> {
        let violations = invariant.violations(&mut self.db).await?;
        let says = violations.first().map(|first| match violations.len() - 1 {
            0 => first.row.clone(),
            more => format!("{} (and {more} more)", first.row),
        });
        Ok(says.map(|says| Finding { says, row: None }))
    }

    /// A few rows that a contract has in another way, and the one that it had before.
    async fn view(
        &mut self,
        question: &Question,
        check: &str,
        source: &Source<'_>,
    ) -> Result<Option<Finding>, AuditError> {
        let again = self.audited.findings.get(check).and_then(|finding| finding.row.clone());
        sqlx::raw_sql("begin isolation level repeatable read read only")
            .execute(&mut self.db)
            .await?;
        let chosen = choose(question, again, &mut self.db).await;
        // It ends also what failed.
        sqlx::raw_sql("rollback").execute(&mut self.db).await?;
        let Some((hash, rows)) = chosen? else {
            let reason = "its projection stands still, or is being rebuilt".to_owned();
            self.audited.left_out.insert(check.to_owned(), reason);
            let stands = self.audited.findings.get(check).cloned();
            return Ok(stands);
        };
        let Background { manifest, bundles, .. } = self.background;
        let asked = Asked { manifest, bundles, most: Some(SAMPLE) };
        let at = source.chain().at_hash(hash).await.map_err(SourceError::from)?;
        let found = asked.compare(question, &rows, source.chain(), &at).await?;
        Ok(found.map(|((contract, arguments, _), says)| {
            let row = Some((contract.clone(), arguments.clone()));
            Finding { says, row }
        }))
    }

    /// Notes how a check ended. One that takes too long is left out: what it found before stands.
    fn done(
        &mut self,
        check: String,
        done: Result<Option<Finding>, AuditError>,
    ) -> Result<(), AuditError> {
        match done {
            Ok(finding) => self.found(&check, finding),
            Err(AuditError::Need(NeedError::Store(error))) if error.took_too_long() => {
                let reason = "it takes longer than the 10 s that a query in the background has";
                self.audited.left_out.insert(check, reason.to_owned());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Notes what a check found.
    fn found(&mut self, check: &str, finding: Option<Finding>) {
        let findings = &mut self.audited.findings;
        let Some(mut finding) = finding else {
            if findings.remove(check).is_some() {
                tracing::info!(check, "What the audit found to be wrong is right now");
                self.background.say(&self.audited);
            }
            return;
        };
        // Neither text nor jsonb of Postgres holds it.
        finding.says = finding.says.replace('\0', "\u{2400}");
        if findings.get(check) != Some(&finding) {
            let finding = &finding.says;
            tracing::error!(check, finding, "The mirror is not what the chain says");
        }
        findings.insert(check.to_owned(), finding);
        self.background.say(&self.audited);
    }
}

/// The hash of the last block, and rows as of it; `None` when the projection is not there.
async fn choose(
    question: &Question,
    again: Option<(String, Vec<String>)>,
    db: &mut PgConnection,
) -> Result<Option<(Hash, Vec<Asking>)>, AuditError> {
    let hash = "select w.block_hash from watermark w join projections p \
        on p.block_number = w.block_number and p.stopped_block is null \
        where p.name = $1 and p.version = $2";
    let projection = question.projection;
    let hash: Option<Vec<u8>> = sqlx::query_scalar(hash)
        .bind(projection.name())
        .bind(projection.version())
        .fetch_optional(&mut *db)
        .await?;
    let Some(hash) = hash else { return Ok(None) };
    let mut rows = match &again {
        Some(row) => Vec::from_iter(question.find(row, &mut *db).await?),
        None => Vec::new(),
    };
    rows.extend(question.choose(Some(SAMPLE), db).await?);
    Ok(Some((stored_hash(hash)?, rows)))
}
