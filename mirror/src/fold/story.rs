//! Folds a story in tests: block after block, with nothing stored before it.

use assent_events::{AccountId, Contract, Event};

use super::{BlockStop, Contradiction, Happened, Projection, fold_block};
use crate::position::Position;
use crate::rows::Rows;
use crate::table::Table;

/// An account whose bytes are all the same.
pub(super) const fn account(byte: u8) -> AccountId {
    AccountId([byte; 32])
}

/// The rows of one projection, block after block. Block n has the time n × 1,000 ms.
pub(super) struct Story {
    contract: Contract,
    rows: Rows,
    number: i64,
    /// Whether rows are wanted before their block is folded.
    foresees: bool,
    /// How often a row was missing nevertheless.
    pub(super) needed: usize,
}

impl Story {
    pub(super) fn new(projection: Projection, contract: Contract) -> Self {
        Self { contract, rows: projection.rows(), number: 0, foresees: true, needed: 0 }
    }

    /// One in which every row is missing when it is first asked for.
    pub(super) fn without_foresight(projection: Projection, contract: Contract) -> Self {
        Self { foresees: false, ..Self::new(projection, contract) }
    }

    /// Folds the next block, unless it contradicts.
    pub(super) fn block(&mut self, events: Vec<Event>) -> Result<(), Contradiction> {
        let number = self.number + 1;
        let happened: Vec<Happened> = (1..)
            .zip(events)
            .map(|(event_index, event)| Happened {
                contract: self.contract,
                address: account(0xcc),
                event,
                at: Position { block_number: number, event_index },
                time_ms: number.unsigned_abs() * 1_000,
            })
            .collect();
        if self.foresees {
            happened.iter().for_each(|event| Projection::want(event, &mut self.rows));
            // None of them is stored.
            self.rows.wanted();
        }
        let mut done = 0;
        loop {
            match fold_block(&happened, &mut done, &mut self.rows) {
                Ok(()) => {
                    self.number = number;
                    return Ok(());
                }
                Err(BlockStop::Need) => {
                    assert!(!self.rows.wanted().is_empty(), "stopped for a row that is known");
                    self.needed += 1;
                }
                Err(BlockStop::Contradiction(contradiction)) => return Err(contradiction),
            }
        }
    }

    /// A block that contradicts for this reason, and of which nothing is left.
    pub(super) fn refuses(&mut self, reason: &str, events: Vec<Event>) {
        let (before, last) = (self.all(), events.len());
        let contradiction = self.block(events).unwrap_err();
        assert!(contradiction.reason.contains(reason), "{contradiction}");
        assert_eq!(usize::try_from(contradiction.at.event_index), Ok(last), "{contradiction}");
        assert_eq!(self.all(), before);
    }

    /// The rows of a table, in the order of their texts. Columns that are null, zero or false are left
    /// out, and of bytes all but the first.
    pub(super) fn table(&self, name: &str) -> Vec<String> {
        self.shown(name, false)
    }

    /// Asserts that these are all rows, table by table.
    pub(super) fn holds(&self, expected: &[(&str, &str)]) {
        let tables = self.rows.changes().into_iter().map(|changes| changes.table.name);
        let rows: Vec<(&str, String)> = tables
            .flat_map(|name| self.table(name).into_iter().map(move |row| (name, row)))
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(name, row)| (*name, &**row)).collect();
        assert_eq!(rows, expected);
    }

    /// What rows of a table said before, and until which block.
    pub(super) fn history(&self, name: &str) -> Vec<String> {
        self.shown(name, true)
    }

    /// All rows and all history.
    pub(super) fn all(&self) -> Vec<(&'static str, Vec<String>)> {
        let names = self.rows.changes().into_iter().map(|changes| changes.table.name);
        names.map(|name| (name, [self.table(name), self.history(name)].concat())).collect()
    }

    fn shown(&self, name: &str, closed: bool) -> Vec<String> {
        let changes = self.rows.changes().into_iter().find(|changes| changes.table.name == name);
        let changes = changes.unwrap();
        assert_eq!(changes.deleted, Vec::<Vec<Option<String>>>::new());
        let rows = if closed { &changes.closed } else { &changes.put };
        let mut rows: Vec<String> = rows.iter().map(|row| show(&changes.table, row)).collect();
        rows.sort();
        rows
    }
}

fn show(table: &Table, row: &[Option<String>]) -> String {
    let names = table.columns.iter().chain(&["until"]);
    let mut shown: Vec<String> = Vec::new();
    for (name, text) in names.zip(row) {
        let Some(text) = text.as_deref().filter(|text| !["0", "false"].contains(text)) else {
            continue;
        };
        let text = text.strip_prefix("\\x").map_or(text, |bytes| &bytes[..2]);
        match *name {
            "block_number" => shown.push(format!("at={text}")),
            "event_index" => shown.last_mut().unwrap().push_str(&format!("-{text}")),
            name => shown.push(format!("{name}={text}")),
        }
    }
    shown.join(" ")
}
