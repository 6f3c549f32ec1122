//! How far the mirror is, in words.

use std::fmt;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, FromRow};

use crate::metrics::now_ms;
use crate::store::{Audited, StoreError, Writer, connect_to_read, demand_tables, within};

/// How long the database may take; it counts the events.
const PATIENCE: Duration = Duration::from_secs(120);

/// How far the mirror is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The last block.
    pub watermark: Option<Place>,
    /// Raw events.
    pub events: i64,
    /// Those of the manifest's contracts that could not be decoded: none, unless something is wrong.
    pub undecoded: i64,
    /// Those of others that could not be decoded: nobody registered the metadata of their codes.
    pub foreign_undecoded: i64,
    /// The session that writes; `None` when no indexer runs.
    pub writer: Option<Writer>,
    /// How many indexers wait for that to end.
    pub waiting: i64,
    /// Each projection, by name.
    pub projections: Vec<ProjectionStatus>,
    /// What the audit in the background knows; `None` before the first one.
    pub audit: Option<AuditStatus>,
}

/// What the audit in the background knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditStatus {
    /// What it knows.
    pub audited: Audited,
    /// Seconds since one last found nothing wrong.
    pub passed_seconds: Option<u64>,
    /// Seconds since the first one began.
    pub began_seconds: u64,
}

/// The last block of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Place {
    /// Height.
    pub block_number: i64,
    /// Its hash, 0x and hex digits.
    pub block_hash: String,
    /// Its age by the database's clock, seconds.
    pub lag_seconds: i64,
    /// Seconds since the indexer last wrote.
    pub silent_seconds: i64,
}

/// How far a projection is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ProjectionStatus {
    /// Its name.
    pub name: String,
    /// The version of its rows.
    pub version: i32,
    /// The last block that is folded into them.
    pub block_number: i64,
    /// The event at which it stands still, as block and index, and why.
    pub stopped: Option<String>,
}

/// Reads how far the mirror is.
///
/// # Errors
///
/// [`StoreError`] when the database is away, or holds no mirror.
pub async fn read(options: &PgConnectOptions) -> Result<Status, StoreError> {
    within(PATIENCE, read_all(options)).await
}

async fn read_all(options: &PgConnectOptions) -> Result<Status, StoreError> {
    let mut db = connect_to_read(options).await?;
    demand_tables(&mut db).await?;
    let watermark = sqlx::query_as(
        "select block_number, '0x' || encode(block_hash, 'hex') as block_hash, \
         greatest(0, floor(extract(epoch from now()) - block_time_ms / 1000.0))::bigint \
         as lag_seconds, greatest(0, floor(extract(epoch from now() - updated_at)))::bigint \
         as silent_seconds from watermark",
    )
    .fetch_optional(&mut db)
    .await?;
    let (events, undecoded, foreign_undecoded) = sqlx::query_as(
        "select count(*), \
         count(*) filter (where decode_error is not null and contract_name is not null), \
         count(*) filter (where decode_error is not null and contract_name is null) from events",
    )
    .fetch_one(&mut db)
    .await?;
    let projections = sqlx::query_as(
        "select name, version, block_number, \
         stopped_block || '-' || stopped_index || ': ' || stopped_reason as stopped \
         from projections order by name",
    )
    .fetch_all(&mut db)
    .await?;
    let audit = Audited::read(&mut db).await?.map(|audited| {
        let since = |ms: u64| now_ms().saturating_sub(ms) / 1_000;
        let passed_seconds = audited.passed_ms.map(since);
        AuditStatus { passed_seconds, began_seconds: since(audited.began_ms), audited }
    });
    let (writer, waiting) = (Writer::of(&mut db).await?, Writer::waiting(&mut db).await?);
    db.close().await?;
    Ok(Status {
        watermark,
        events,
        undecoded,
        foreign_undecoded,
        writer,
        waiting,
        projections,
        audit,
    })
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.watermark {
            None => writeln!(f, "nothing is indexed yet")?,
            Some(Place { block_number, block_hash, lag_seconds, silent_seconds }) => writeln!(
                f,
                "block {block_number} ({block_hash}), {lag_seconds} s old; the indexer last wrote \
                 {silent_seconds} s ago"
            )?,
        }
        match &self.writer {
            None => writeln!(f, "no indexer writes to it")?,
            Some(writer) => writeln!(f, "an indexer writes to it: {writer}")?,
        }
        match self.waiting {
            0 => {}
            1 => writeln!(f, "1 more indexer waits for that to end")?,
            more => writeln!(f, "{more} more indexers wait for that to end")?,
        }
        writeln!(
            f,
            "{} events; of our contracts {} are undecoded, of others {}",
            self.events, self.undecoded, self.foreign_undecoded
        )?;
        for ProjectionStatus { name, version, block_number, stopped } in &self.projections {
            match stopped {
                None => writeln!(f, "{name} (version {version}): block {block_number}")?,
                Some(stopped) => writeln!(
                    f,
                    "{name} (version {version}): stands still at block {block_number}, because of \
                     event {stopped}"
                )?,
            }
        }
        match &self.audit {
            None => writeln!(f, "never audited in the background"),
            Some(audit) => audit.fmt(f),
        }
    }
}

impl fmt::Display for AuditStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Audited { block, sample, findings, left_out, .. } = &self.audited;
        write!(
            f,
            "audited in the background: blocks up to {block}, {sample} rows of each table; "
        )?;
        match self.passed_seconds {
            Some(seconds) => writeln!(f, "last found nothing wrong {seconds} s ago")?,
            None => {
                writeln!(f, "none came through yet, the first began {} s ago", self.began_seconds)?;
            }
        }
        for (check, finding) in findings {
            writeln!(f, "WRONG  {check}: {}", finding.says)?;
        }
        for (check, reason) in left_out {
            writeln!(f, "left out  {check}: {reason}")?;
        }
        Ok(())
    }
}
