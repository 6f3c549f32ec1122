//! What was done to the indexer in a run: for the line that is printed of it, and for whoever has to find
//! out why a run failed.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The indexer is killed (SIGKILL), and started again.
    Kill,
    /// Postgres is stopped as an operator does it, and started again.
    StopPostgres,
    /// Postgres is stopped at once: it loses what it has not written, and recovers at the start.
    CrashPostgres,
    /// The connections to the node break, whichever way they go.
    CutNode,
    /// The first of two ways to the node breaks, and the other one serves.
    FailOver,
    /// The connections to Postgres break.
    CutDatabase,
    /// The node is stopped as an operator does it, and started again.
    RestartNode,
    /// The last statement of a transaction of the writer is cancelled.
    CancelStatement,
    /// The server ends the writer's session in the last statement of a transaction.
    EndSession,
    /// A statement of a transaction fails once.
    FailStatement,
    /// A second indexer is started beside the first, waits, and takes over when the first is killed.
    TakeOver,
    /// A second indexer is started beside the first, waits, and is told to end.
    SecondWaits,
    /// A contract gets another code, by its government.
    Upgrade,
    /// The node answers nothing for a while, and closes no connection.
    Freeze,
    /// The node answers, but finalizes nothing for a while.
    Stall,
}

impl Kind {
    /// Those that take seconds.
    pub const ALL: &'static [Self] = &[
        Self::Kill,
        Self::StopPostgres,
        Self::CrashPostgres,
        Self::CutNode,
        Self::FailOver,
        Self::CutDatabase,
        Self::RestartNode,
        Self::CancelStatement,
        Self::EndSession,
        Self::FailStatement,
        Self::TakeOver,
        Self::SecondWaits,
        Self::Upgrade,
    ];
    /// Those that last longer than the indexer waits: half a minute.
    pub const SLOW: &'static [Self] = &[Self::Freeze, Self::Stall];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kill => "indexer killed",
            Self::StopPostgres => "Postgres stopped",
            Self::CrashPostgres => "Postgres stopped at once",
            Self::CutNode => "node's socket cut",
            Self::FailOver => "failed over",
            Self::CutDatabase => "Postgres's socket cut",
            Self::RestartNode => "node restarted",
            Self::CancelStatement => "statement cancelled",
            Self::EndSession => "writer's session ended",
            Self::FailStatement => "statement failed",
            Self::TakeOver => "second indexer took over",
            Self::SecondWaits => "second indexer waited",
            Self::Upgrade => "contract upgraded",
            Self::Freeze => "node frozen",
            Self::Stall => "finality stalled",
        })
    }
}

/// What happened, in its order.
pub struct Journal {
    began: Instant,
    entries: Vec<(Duration, u64, String)>,
    counts: BTreeMap<Kind, u32>,
}

impl Journal {
    /// Nothing happened yet.
    pub fn new() -> Self {
        Self { began: Instant::now(), entries: Vec::new(), counts: BTreeMap::new() }
    }

    /// Notes a fault that was met, with the last block that was known then and what it was.
    pub fn met(&mut self, kind: Kind, height: u64, what: &str) {
        *self.counts.entry(kind).or_default() += 1;
        self.note(height, &format!("{kind}: {what}"));
    }

    /// Notes something else.
    pub fn note(&mut self, height: u64, what: &str) {
        self.entries.push((self.began.elapsed(), height, what.to_owned()));
    }

    /// How many faults were met, of each kind.
    pub fn counts(&self) -> &BTreeMap<Kind, u32> {
        &self.counts
    }

    /// Since when.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new()
    }
}

/// A line for each thing that happened.
impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, height, what) in &self.entries {
            writeln!(f, "    {:7.3} s, block {height:4}  {what}", at.as_secs_f64())?;
        }
        Ok(())
    }
}

/// How often what happened, in words.
pub fn in_words(counts: &BTreeMap<Kind, u32>) -> String {
    let counts = counts.iter().map(|(kind, count)| format!("{kind} {count}"));
    counts.collect::<Vec<_>>().join(", ")
}
