//! The tables of projections in memory, for folds without a database.

use std::collections::BTreeMap;

use crate::column::{NotAColumn, Value};
use crate::rows::{Changes, Rows, Values};
use crate::table::{Key as _, Row, Table};

/// Values of a row, in the order of [`Table::columns`], or of a key.
type Tuple = Vec<Value>;

/// What a database would hold: rows as they are now, and in history what they said before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    rows: BTreeMap<&'static str, BTreeMap<Tuple, Tuple>>,
    /// By key and by the block from which on the row said something else.
    history: BTreeMap<&'static str, BTreeMap<Tuple, Tuple>>,
}

/// A row that is new is there already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} holds a row {key:?} already")]
pub struct Repeated {
    /// The table, or that whose history it is.
    pub table: &'static str,
    /// The key; of history, with the block.
    pub key: Tuple,
}

impl Memory {
    /// Loads what is wanted, and names the tables of that.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when a row that is here does not fit its table.
    pub fn load(&self, rows: &mut Rows) -> Result<Vec<&'static str>, NotAColumn> {
        let mut tables = Vec::new();
        for Values { table, rows: keys } in rows.wanted() {
            tables.push(table.name);
            let Some(stored) = self.rows.get(table.name) else {
                continue;
            };
            let found = keys.iter().filter_map(|key| stored.get(key).cloned()).collect();
            rows.load(Values { table, rows: found })?;
        }
        Ok(tables)
    }

    /// Stores what a batch changed.
    ///
    /// # Errors
    ///
    /// [`Repeated`] when a row that is added, or one of history, is here already.
    pub fn store(&mut self, changes: Vec<Changes>) -> Result<(), Repeated> {
        for Changes { table, added, changed, closed } in changes {
            let rows = self.rows.entry(table.name).or_default();
            for row in added {
                add(rows, table.name, key(&table, &row), row)?;
            }
            rows.extend(changed.into_iter().map(|row| (key(&table, &row), row)));
            let history = self.history.entry(table.name).or_default();
            for row in closed {
                let mut key = key(&table, &row);
                key.extend(row.last().cloned());
                add(history, table.name, key, row)?;
            }
        }
        Ok(())
    }

    /// The row of a key, if there is one.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when it does not fit its table.
    pub fn get<R: Row>(&self, key: &R::Key) -> Result<Option<R>, NotAColumn> {
        let row = self.rows.get(R::TABLE.name).and_then(|rows| rows.get(&key.values()));
        row.cloned().map(R::read).transpose()
    }

    /// All rows of a type.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when one does not fit its table.
    pub fn rows<R: Row>(&self) -> Result<Vec<R>, NotAColumn> {
        self.table(R::TABLE.name).map(|row| R::read(row.to_vec())).collect()
    }

    /// The rows of a table.
    pub fn table(&self, name: &str) -> impl Iterator<Item = &[Value]> {
        self.rows.get(name).into_iter().flat_map(BTreeMap::values).map(Vec::as_slice)
    }

    /// What rows of a table said before, with the block from which on they no longer did as one more
    /// value.
    pub fn history(&self, name: &str) -> impl Iterator<Item = &[Value]> {
        self.history.get(name).into_iter().flat_map(BTreeMap::values).map(Vec::as_slice)
    }
}

fn key(table: &Table, row: &[Value]) -> Tuple {
    let columns = || table.columns.iter().zip(row);
    let value = |part| columns().find(|(column, _)| *column == part).map(|(_, value)| value);
    table.key.iter().filter_map(value).cloned().collect()
}

fn add(
    rows: &mut BTreeMap<Tuple, Tuple>,
    table: &'static str,
    key: Tuple,
    row: Tuple,
) -> Result<(), Repeated> {
    match rows.insert(key.clone(), row) {
        None => Ok(()),
        Some(_) => Err(Repeated { table, key }),
    }
}

#[cfg(test)]
mod tests {
    use assent_events::{AccountId, token};

    use super::*;
    use crate::fold::{Happened, Projection, fold_block, token as folds};
    use crate::position::Position;

    fn minted(block_number: i64, receipt: u8) -> Vec<Happened> {
        let event = token::Minted { to: AccountId([1; 32]), amount: 5, receipt: [receipt; 32] };
        vec![Happened {
            contract: assent_events::Contract::Token,
            address: AccountId([0xcc; 32]),
            event: token::Event::from(event).into(),
            at: Position { block_number, event_index: 1 },
            time_ms: 0,
        }]
    }

    /// Folds events with rows that know nothing yet.
    fn play(memory: &mut Memory, events: &[Happened]) -> Result<(), Repeated> {
        let mut rows = Projection::Token.rows();
        events.iter().for_each(|event| Projection::want(event, &mut rows));
        assert_eq!(memory.load(&mut rows), Ok(vec!["token_totals"]));
        assert_eq!(fold_block(events, &mut 0, &mut rows), Ok(()));
        memory.store(rows.changes())
    }

    #[test]
    fn what_was_stored_is_there_for_the_next_batch_and_its_past_in_history() {
        let mut memory = Memory::default();
        assert_eq!(play(&mut memory, &minted(1, 1)), Ok(()));
        assert_eq!(play(&mut memory, &minted(4, 2)), Ok(()));
        let totals: folds::Totals = memory.get(&(crate::column::Singleton,)).unwrap().unwrap();
        assert_eq!((totals.supply, totals.at.block_number), (10, 4));
        assert_eq!(memory.rows(), Ok(vec![totals]));
        let past: Vec<_> = memory.history("token_totals").map(|row| row.last().cloned()).collect();
        assert_eq!(past, [Some(Value::Bigint(4))]);
        assert_eq!(memory.table("token_receipts").count(), 2);
        assert_eq!(memory.history("token_receipts").count(), 0);
    }

    #[test]
    fn a_row_that_never_changes_is_stored_once() {
        let mut memory = Memory::default();
        assert_eq!(play(&mut memory, &minted(1, 1)), Ok(()));
        let repeated = play(&mut memory, &minted(2, 1)).unwrap_err();
        assert_eq!(repeated.table, "token_receipts");
    }
}
