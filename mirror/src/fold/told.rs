//! Short stories for the tests of the folds: blocks of events, one after the other, and a map for a
//! database.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use assent_events::{AccountId, Contract, Event};

use super::{BlockStop, Contradiction, Happened, Projection, fold_block};
use crate::position::Position;
use crate::rows::{Changes, Rows, Texts};
use crate::table::Table;

/// An account of 32 equal bytes; a story shows the first one.
pub(crate) fn account(byte: u8) -> AccountId {
    AccountId([byte; 32])
}

type Values = Vec<Option<String>>;

/// Rows by table and key.
type Stored = BTreeMap<(&'static str, Values), Values>;

/// The rows of one projection, of which nothing was stored before the story begins.
pub(crate) struct Story {
    contract: Contract,
    rows: Rows,
    next: i64,
    stored: Stored,
    /// The tables of which a row was read that only another row told of, not the event.
    pub(crate) told_by_rows: BTreeSet<&'static str>,
}

impl Story {
    pub(crate) fn of(contract: Contract, projection: Projection) -> Self {
        let (stored, told_by_rows) = (Stored::new(), BTreeSet::new());
        Self { contract, rows: projection.rows(), next: 1, stored, told_by_rows }
    }

    /// Folds the next block; its events have the indices from 1.
    pub(crate) fn block<E: Into<Event>>(&mut self, events: Vec<E>) {
        self.fold(events).expect("the events fit the rows");
        self.next += 1;
    }

    /// The last event of a block contradicts the rows; nothing of the block is in them afterwards.
    pub(crate) fn refuses<E: Into<Event>>(&mut self, reason: &str, events: Vec<E>) {
        let before = self.rows.changes();
        let last = i32::try_from(events.len()).unwrap();
        let found = self.fold(events).expect_err(reason);
        assert!(found.reason.contains(reason), "{reason}: {found}");
        assert_eq!(found.at, Position { block_number: self.next, event_index: last }, "{reason}");
        assert_eq!(self.rows.changes(), before, "{reason}");
    }

    fn fold<E: Into<Event>>(&mut self, events: Vec<E>) -> Result<(), Contradiction> {
        let happened = |(index, event): (i32, E)| Happened {
            contract: self.contract,
            address: account(0xcc),
            event: event.into(),
            at: Position { block_number: self.next, event_index: index },
            time_ms: 1_000 * self.next.unsigned_abs(),
        };
        let events: Vec<Happened> = (1..).zip(events).map(happened).collect();
        for happened in &events {
            Projection::want(happened, &mut self.rows);
        }
        self.load();
        let mut done = 0;
        loop {
            match fold_block(&events, &mut done, &mut self.rows) {
                Ok(()) => return Ok(()),
                Err(BlockStop::Contradiction(contradiction)) => return Err(contradiction),
                Err(BlockStop::Need) => {
                    let loaded = self.load();
                    assert!(!loaded.is_empty(), "a fold that needs a row says which");
                    self.told_by_rows.extend(loaded);
                }
            }
        }
    }

    /// Loads what is wanted; the tables of that.
    fn load(&mut self) -> Vec<&'static str> {
        let mut tables = Vec::new();
        for Texts { table, rows: keys } in self.rows.wanted() {
            let found = keys.into_iter().filter_map(|key| self.stored.get(&(table.name, key)));
            let rows = found.cloned().collect();
            self.rows.load(Texts { table, rows }).unwrap();
            tables.push(table.name);
        }
        tables
    }

    /// Ends a batch.
    pub(crate) fn store(&mut self) {
        self.stored = self.rows_now();
        self.rows.keep();
    }

    /// What is stored once this batch is.
    fn rows_now(&self) -> Stored {
        let mut stored = self.stored.clone();
        for Changes { table, put, deleted, .. } in self.rows.changes() {
            stored.extend(put.into_iter().map(|row| ((table.name, key(&table, &row)), row)));
            for key in deleted {
                stored.remove(&(table.name, key));
            }
        }
        stored
    }

    /// The rows of a table, one a line.
    pub(crate) fn table(&self, name: &str) -> String {
        let table = self.changes(name).table;
        let rows = self.rows_now().into_iter().filter(|((of, _), _)| *of == name);
        lines(&table, rows.map(|(_, row)| row))
    }

    /// What the rows of a table said before, each with the block from which on they no longer did; of
    /// this batch.
    pub(crate) fn history(&self, name: &str) -> String {
        let Changes { table, closed, .. } = self.changes(name);
        lines(&table, closed)
    }

    fn changes(&self, name: &str) -> Changes {
        let mut changes = self.rows.changes().into_iter();
        changes
            .find(|changes| changes.table.name == name)
            .expect("it is a table of this projection")
    }
}

fn key(table: &Table, row: &[Option<String>]) -> Values {
    let at = |part| table.columns.iter().position(|column| column == part).unwrap();
    table.key.iter().map(|part| row[at(part)].clone()).collect()
}

fn lines(table: &Table, rows: impl IntoIterator<Item = Values>) -> String {
    let mut lines: Vec<String> = rows.into_iter().map(|row| line(table, &row)).collect();
    lines.sort();
    lines.concat()
}

fn line(table: &Table, row: &[Option<String>]) -> String {
    let (columns, position) = table.columns.split_at(table.columns.len() - 2);
    assert_eq!(position, ["block_number", "event_index"]);
    let (values, rest) = row.split_at(columns.len());
    let mut line = String::new();
    for (column, value) in columns.iter().zip(values) {
        let value = match value.as_deref() {
            None => "-",
            Some(value) => value.strip_prefix("\\x").map_or(value, |hex| &hex[..2]),
        };
        write!(line, "{column}={value} ").unwrap();
    }
    let rest: Vec<&str> = rest.iter().map(|value| value.as_deref().unwrap()).collect();
    match rest[..] {
        [block, index] => writeln!(line, "at={block}-{index}").unwrap(),
        [block, index, until] => writeln!(line, "at={block}-{index} until={until}").unwrap(),
        _ => panic!("{rest:?} is no position"),
    }
    line
}
