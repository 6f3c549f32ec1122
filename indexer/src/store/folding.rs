//! The events of a run of blocks, on their way into the rows of a projection.

use std::sync::Arc;

use assent_mirror::Rows;
use assent_mirror::fold::{BlockStop, Contradiction, fold_block};

use super::sql::{Statement, TableSql};
use super::standing::Part;
use crate::thread::OnThread;

/// A fold, and the rows that it knows.
pub(super) struct Folding {
    pub(super) rows: Rows,
    tables: Arc<[TableSql]>,
    parts: Arc<[Part]>,
    /// How many of the blocks are folded.
    blocks: usize,
    /// And how many events of the next one.
    events: usize,
}

/// How far a fold came.
pub(super) enum Folded {
    /// A row is not known that an event builds on.
    Need,
    /// To its end, or up to the block that contradicts the rows; and what is to be written.
    Done(Vec<Statement>, Option<Contradiction>),
}

impl Folding {
    /// Nothing of it is folded yet.
    pub(super) fn new(rows: Rows, tables: Arc<[TableSql]>, parts: Arc<[Part]>) -> Self {
        Self { rows, tables, parts, blocks: 0, events: 0 }
    }

    /// Goes on where it stopped for a row, on another thread.
    pub(super) fn go_on(mut self) -> OnThread<(Self, Folded)> {
        OnThread::begin(move || {
            let folded = self.fold();
            (self, folded)
        })
    }

    fn fold(&mut self) -> Folded {
        let mut stopped = None;
        while let Some(part) = self.parts.get(self.blocks) {
            if part.unknown.is_some() {
                stopped.clone_from(&part.unknown);
                break;
            }
            match fold_block(&part.events, &mut self.events, &mut self.rows) {
                Ok(()) => (self.blocks, self.events) = (self.blocks + 1, 0),
                Err(BlockStop::Need) => return Folded::Need,
                Err(BlockStop::Contradiction(contradiction)) => {
                    stopped = Some(contradiction);
                    break;
                }
            }
        }
        let changes = self.rows.changes();
        let of_tables = changes.iter().zip(&*self.tables);
        let statements = of_tables.flat_map(|(changes, table)| table.statements(changes));
        Folded::Done(statements.collect(), stopped)
    }
}
