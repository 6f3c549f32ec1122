//! Short stories for the tests of the folds: blocks of events, one after the other.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use assent_events::{AccountId, Contract, Event};

use super::{BlockStop, Contradiction, Happened, Projection, fold_block};
use crate::column::Value;
use crate::memory::Memory;
use crate::position::Position;
use crate::rows::Rows;
use crate::table::Table;

/// An account whose bytes are all the same.
pub(crate) const fn account(byte: u8) -> AccountId {
    AccountId([byte; 32])
}

/// The rows of a contract's projection, of which nothing was stored before the story begins. Block n has
/// the time n × 1,000 ms, and its events the indices from 1.
pub(crate) struct Story {
    contract: Contract,
    projection: Projection,
    rows: Rows,
    next: i64,
    stored: Memory,
    /// Whether rows are wanted before their block is folded.
    foresees: bool,
    /// The tables of which a row was missing while its event was folded: with foresight, those of which
    /// a row was read that only another row told of, not the event.
    pub(crate) needed: BTreeSet<&'static str>,
}

impl Story {
    pub(crate) fn of(contract: Contract) -> Self {
        let projection = Projection::of_contract(contract);
        Self {
            contract,
            projection,
            rows: projection.rows(),
            next: 1,
            stored: Memory::default(),
            foresees: true,
            needed: BTreeSet::new(),
        }
    }

    /// One in which every row is missing when it is first asked for.
    pub(crate) fn without_foresight(contract: Contract) -> Self {
        Self { foresees: false, ..Self::of(contract) }
    }

    /// Folds the next block.
    #[track_caller]
    pub(crate) fn block<E: Into<Event>>(&mut self, events: Vec<E>) {
        self.fold(events).expect("the events fit the rows");
        self.next += 1;
    }

    /// Lets a block pass without an event.
    pub(crate) fn empty_block(&mut self) {
        self.next += 1;
    }

    /// The last event of a block contradicts the rows for this reason; nothing of the block is in them
    /// afterwards.
    #[track_caller]
    pub(crate) fn refuses<E: Into<Event>>(&mut self, reason: &str, events: Vec<E>) {
        let before = self.rows.changes();
        let last = i32::try_from(events.len()).unwrap();
        let found = self.fold(events).expect_err(reason);
        assert!(found.reason.contains(reason), "{reason}: {found}");
        assert_eq!(found.at, Position { block_number: self.next, event_index: last }, "{reason}");
        assert_eq!(self.rows.changes(), before, "{reason}");
    }

    fn fold<E: Into<Event>>(&mut self, events: Vec<E>) -> Result<(), Contradiction> {
        let happened = |(event_index, event): (i32, E)| Happened {
            contract: self.contract,
            address: account(0xcc),
            event: event.into(),
            at: Position { block_number: self.next, event_index },
            time_ms: 1_000 * self.next.unsigned_abs(),
        };
        let events: Vec<Happened> = (1..).zip(events).map(happened).collect();
        if self.foresees {
            events.iter().for_each(|event| Projection::want(event, &mut self.rows));
            self.stored.load(&mut self.rows).unwrap();
        }
        let mut done = 0;
        loop {
            match fold_block(&events, &mut done, &mut self.rows) {
                Ok(()) => return Ok(()),
                Err(BlockStop::Contradiction(contradiction)) => return Err(contradiction),
                Err(BlockStop::Need) => {
                    let loaded = self.stored.load(&mut self.rows).unwrap();
                    assert!(!loaded.is_empty(), "a fold that needs a row says which");
                    self.needed.extend(loaded);
                }
            }
        }
    }

    /// Ends a batch.
    pub(crate) fn store(&mut self) {
        self.stored = self.now();
        self.rows.keep();
    }

    /// What is stored once this batch is.
    fn now(&self) -> Memory {
        let mut now = self.stored.clone();
        now.store(self.rows.changes()).unwrap();
        now
    }

    /// The rows of a table, one a line. A column that is null is left out, and of bytes all but the
    /// first.
    #[track_caller]
    pub(crate) fn table(&self, name: &str) -> String {
        lines(&self.table_of(name), self.now().table(name))
    }

    /// What the rows of a table said before, each with the block from which on they no longer did.
    #[track_caller]
    pub(crate) fn history(&self, name: &str) -> String {
        lines(&self.table_of(name), self.now().history(name))
    }

    /// The rows of all tables, each after the name of its own.
    pub(crate) fn tables(&self) -> String {
        let mut tables = String::new();
        for table in self.projection.tables() {
            for line in self.table(table.name).lines() {
                writeln!(tables, "{}: {line}", table.name).unwrap();
            }
        }
        tables
    }

    /// All rows and all history.
    pub(crate) fn all(&self) -> Memory {
        self.now()
    }

    #[track_caller]
    fn table_of(&self, name: &str) -> Table {
        let mut tables = self.projection.tables().iter();
        *tables.find(|table| table.name == name).expect("it is a table of this projection")
    }
}

fn lines<'a>(table: &Table, rows: impl Iterator<Item = &'a [Value]>) -> String {
    let mut lines: Vec<String> = rows.map(|row| line(table, row)).collect();
    lines.sort();
    lines.concat()
}

fn line(table: &Table, row: &[Value]) -> String {
    let (columns, position) = table.columns.split_at(table.columns.len() - 2);
    assert_eq!(position, ["block_number", "event_index"]);
    let (values, rest) = row.split_at(columns.len());
    let mut line = String::new();
    for (column, value) in columns.iter().zip(values) {
        match value {
            Value::Null => {}
            Value::Bytea([first, ..]) => write!(line, "{column}={first:02x} ").unwrap(),
            value => write!(line, "{column}={value} ").unwrap(),
        }
    }
    match rest {
        [block, index] => writeln!(line, "at={block}-{index}").unwrap(),
        [block, index, until] => writeln!(line, "at={block}-{index} until={until}").unwrap(),
        _ => panic!("{rest:?} is no position"),
    }
    line
}
