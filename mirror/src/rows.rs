//! The rows of a projection while events are folded into them.

use std::any::Any;
use std::collections::HashMap;

use crate::column::{Column as _, NotAColumn, Value};
use crate::fold::Stop;
use crate::position::Position;
use crate::table::{Key as _, Kind, Row, Table};

/// How many rows of a table are kept for the next batch.
const KEPT: usize = 1_024;

/// The rows of one projection's tables, as far as they were asked for.
///
/// A fold reads and writes them as if all were here. Asking for a row that is not ends the fold of that
/// event with [`Stop::Need`]: what it did is undone, whoever drives the fold loads what is
/// [wanted](Self::wanted), and the event is folded again.
pub struct Rows {
    at: Position,
    tables: Vec<Box<dyn AnyRows>>,
}

/// Rows of one table, or keys of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// The table.
    pub table: Table,
    /// The rows; the values of each are in the order that is said where they are used.
    pub rows: Vec<Vec<Value>>,
}

/// What a batch of blocks changed in one table, values in the order of [`Table::columns`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The table.
    pub table: Table,
    /// Rows that were not there before.
    pub added: Vec<Vec<Value>>,
    /// Rows that say something new.
    pub changed: Vec<Vec<Value>>,
    /// What rows said before, and the block from which on they no longer did as one more value.
    pub closed: Vec<Vec<Value>>,
}

impl Rows {
    pub(crate) fn new(tables: Vec<Box<dyn AnyRows>>) -> Self {
        Self { at: Position { block_number: 0, event_index: 0 }, tables }
    }

    pub(crate) fn table<R: Row>() -> Box<dyn AnyRows> {
        Box::new(TableRows::<R>::default())
    }

    /// Says that the row of this key will be read.
    pub fn want<R: Row>(&mut self, key: R::Key) {
        self.of::<R>().want(key);
    }

    /// The row of a key, if there is one.
    ///
    /// # Errors
    ///
    /// [`Stop::Need`] when it is not known whether there is one.
    pub fn get<R: Row>(&mut self, key: R::Key) -> Result<Option<R>, Stop> {
        let table = self.of::<R>();
        match table.rows.get(&key) {
            Some(slot) => Ok(slot.now.clone()),
            None => {
                table.want(key);
                Err(Stop::Need)
            }
        }
    }

    /// The row of a key, which must be there.
    ///
    /// # Errors
    ///
    /// [`Stop::Need`] when it is not known whether there is one; a contradiction, in the words of
    /// `missing`, when there is none.
    pub fn find<R: Row>(
        &mut self,
        key: R::Key,
        missing: impl FnOnce() -> String,
    ) -> Result<R, Stop> {
        self.get(key)?.ok_or_else(|| Stop::Contradiction(missing()))
    }

    /// Writes a row of a current table; the event at hand becomes the one that changed it last.
    ///
    /// # Errors
    ///
    /// [`Stop::Need`] when it is not known what the row said before.
    pub fn put<R: Row>(&mut self, mut row: R) -> Result<(), Stop> {
        row.set_at(self.at);
        self.of::<R>().set(row)
    }

    /// Writes a row of a current table that must not be there yet.
    ///
    /// # Errors
    ///
    /// [`Stop::Need`] when it is not known whether it is; a contradiction, in the words of `present`,
    /// when it is.
    pub fn insert<R: Row>(&mut self, row: R, present: impl FnOnce() -> String) -> Result<(), Stop> {
        match self.get::<R>(row.key())? {
            Some(_) => Err(Stop::Contradiction(present())),
            None => self.put(row),
        }
    }

    /// Adds a row to a log. That its key is new is left to the table: nothing is read for it.
    pub fn append<R: Row>(&mut self, mut row: R) {
        row.set_at(self.at);
        self.of::<R>().append(row);
    }

    /// The keys that were asked for and are not known, table by table, values in the order of
    /// [`Table::key`]. Whoever takes them must [load](Self::load) them.
    pub fn wanted(&mut self) -> Vec<Values> {
        let wanted = self.tables.iter_mut().map(|table| table.wanted());
        wanted.filter(|values| !values.rows.is_empty()).collect()
    }

    /// Takes the rows that were found for what was wanted of a table, values in the order of
    /// [`Table::columns`]. Of the keys that were wanted and not found there is no row.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when a value is not of its column's type.
    pub fn load(&mut self, found: Values) -> Result<(), NotAColumn> {
        let table = self.tables.iter_mut().find(|table| table.table() == found.table);
        table.map_or(Ok(()), |table| table.load(found.rows))
    }

    /// What the blocks since the last [`Self::keep`] changed.
    #[must_use]
    pub fn changes(&self) -> Vec<Changes> {
        self.tables.iter().map(|table| table.changes()).collect()
    }

    /// Takes the changes for stored. Rows stay known for the next batch, unless they are very many.
    pub fn keep(&mut self) {
        self.tables.iter_mut().for_each(|table| table.keep());
    }

    /// Begins the fold of an event.
    pub(crate) fn begin(&mut self, at: Position) {
        self.at = at;
        self.tables.iter_mut().for_each(|table| table.end_event());
    }

    /// Undoes what the event at hand did.
    pub(crate) fn undo_event(&mut self) {
        self.tables.iter_mut().for_each(|table| table.undo_event());
    }

    /// Undoes what the block at hand did.
    pub(crate) fn undo_block(&mut self) {
        self.tables.iter_mut().for_each(|table| table.undo_block());
    }

    /// Ends a block: what its rows said before it is history.
    pub(crate) fn end_block(&mut self, number: i64) {
        self.tables.iter_mut().for_each(|table| table.end_block(number));
    }

    fn of<R: Row>(&mut self) -> &mut TableRows<R> {
        self.tables.iter_mut().find_map(|table| table.any().downcast_mut()).expect(
            "a fold touches the tables of its own projection only; its tests fold every event",
        )
    }
}

/// The rows of one table, whatever their type.
pub(crate) trait AnyRows: Send + Sync {
    fn any(&mut self) -> &mut dyn Any;
    fn table(&self) -> Table;
    fn wanted(&mut self) -> Values;
    fn load(&mut self, rows: Vec<Vec<Value>>) -> Result<(), NotAColumn>;
    fn changes(&self) -> Changes;
    fn keep(&mut self);
    fn end_event(&mut self);
    fn undo_event(&mut self);
    fn undo_block(&mut self);
    fn end_block(&mut self, number: i64);
}

struct TableRows<R: Row> {
    rows: HashMap<R::Key, Slot<R>>,
    wanted: Vec<R::Key>,
    /// What the event at hand overwrote, in order.
    event: Vec<(R::Key, Before<R>)>,
    /// What stood before the block at hand.
    block: HashMap<R::Key, Before<R>>,
    /// Rows that a finished block of the batch added or changed.
    put: Vec<R::Key>,
    /// What they said before, and until which block.
    closed: Vec<(R, i64)>,
    /// Rows of a log; the first ones are of finished blocks, then of finished events.
    log: Vec<R>,
    log_of_blocks: usize,
    log_of_events: usize,
}

/// What is known of a key: its row, or that there is none.
struct Slot<R> {
    now: Option<R>,
    /// What finished blocks of the batch did with it.
    put: Option<Put>,
}

#[derive(PartialEq)]
enum Put {
    Added,
    Changed,
}

impl<R> Slot<R> {
    fn known(now: Option<R>) -> Self {
        Self { now, put: None }
    }
}

/// What was known of a key before it was written.
enum Before<R> {
    Unknown,
    Known(Option<R>),
}

impl<R: Row> Default for TableRows<R> {
    fn default() -> Self {
        Self {
            rows: HashMap::new(),
            wanted: Vec::new(),
            event: Vec::new(),
            block: HashMap::new(),
            put: Vec::new(),
            closed: Vec::new(),
            log: Vec::new(),
            log_of_blocks: 0,
            log_of_events: 0,
        }
    }
}

impl<R: Row> TableRows<R> {
    fn want(&mut self, key: R::Key) {
        if !self.rows.contains_key(&key) {
            self.wanted.push(key);
        }
    }

    fn set(&mut self, row: R) -> Result<(), Stop> {
        let key = row.key();
        let Some(slot) = self.rows.get_mut(&key) else {
            self.wanted.push(key);
            return Err(Stop::Need);
        };
        let before = slot.now.replace(row);
        self.event.push((key, Before::Known(before)));
        Ok(())
    }

    fn append(&mut self, row: R) {
        let key = row.key();
        let slot = Slot::known(Some(row.clone()));
        let before = self.rows.insert(key.clone(), slot);
        self.event.push((key, before.map_or(Before::Unknown, |slot| Before::Known(slot.now))));
        self.log.push(row);
    }

    fn restore(&mut self, key: R::Key, before: Before<R>) {
        match before {
            Before::Unknown => drop(self.rows.remove(&key)),
            Before::Known(row) => {
                if let Some(slot) = self.rows.get_mut(&key) {
                    slot.now = row;
                }
            }
        }
    }
}

impl<R: Row> AnyRows for TableRows<R> {
    fn any(&mut self) -> &mut dyn Any {
        self
    }

    fn table(&self) -> Table {
        R::TABLE
    }

    fn wanted(&mut self) -> Values {
        let mut keys = std::mem::take(&mut self.wanted);
        keys.sort();
        keys.dedup();
        keys.retain(|key| !self.rows.contains_key(key));
        let rows = keys.iter().map(|key| key.values()).collect();
        let absent = keys.into_iter().map(|key| (key, Slot::known(None)));
        self.rows.extend(absent);
        Values { table: R::TABLE, rows }
    }

    fn load(&mut self, rows: Vec<Vec<Value>>) -> Result<(), NotAColumn> {
        for values in rows {
            let row = R::read(values)?;
            self.rows.insert(row.key(), Slot::known(Some(row)));
        }
        Ok(())
    }

    fn changes(&self) -> Changes {
        let rows = |how: Put| {
            let slots = self.put.iter().filter_map(|key| self.rows.get(key));
            slots
                .filter(move |slot| slot.put.as_ref() == Some(&how))
                .filter_map(|slot| slot.now.as_ref())
        };
        let added = rows(Put::Added).chain(&self.log).map(Row::values).collect();
        let changed = rows(Put::Changed).map(Row::values).collect();
        let closed = self.closed.iter().map(|(row, until)| {
            let mut values = row.values();
            values.push(until.value());
            values
        });
        Changes { table: R::TABLE, added, changed, closed: closed.collect() }
    }

    fn keep(&mut self) {
        for key in self.put.drain(..) {
            if let Some(slot) = self.rows.get_mut(&key) {
                slot.put = None;
            }
        }
        self.closed.clear();
        // The rows of a log are many and seldom read.
        self.log.clear();
        (self.log_of_blocks, self.log_of_events) = (0, 0);
        if R::TABLE.kind == Kind::Log || self.rows.len() > KEPT {
            self.rows.clear();
        }
    }

    fn end_event(&mut self) {
        for (key, before) in self.event.drain(..) {
            self.block.entry(key).or_insert(before);
        }
        self.log_of_events = self.log.len();
    }

    fn undo_event(&mut self) {
        while let Some((key, before)) = self.event.pop() {
            self.restore(key, before);
        }
        self.log.truncate(self.log_of_events);
    }

    fn undo_block(&mut self) {
        self.undo_event();
        for (key, before) in std::mem::take(&mut self.block) {
            self.restore(key, before);
        }
        self.log.truncate(self.log_of_blocks);
        self.log_of_events = self.log.len();
    }

    fn end_block(&mut self, number: i64) {
        self.end_event();
        self.log_of_blocks = self.log.len();
        if R::TABLE.kind == Kind::Log {
            self.block.clear();
            return;
        }
        for (key, before) in self.block.drain() {
            let (Some(slot), Before::Known(before)) = (self.rows.get_mut(&key), before) else {
                continue;
            };
            if slot.now == before {
                continue;
            }
            if slot.put.is_none() {
                slot.put = Some(if before.is_some() { Put::Changed } else { Put::Added });
                self.put.push(key);
            }
            self.closed.extend(before.map(|row| (row, number)));
        }
    }
}
