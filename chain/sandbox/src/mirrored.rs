//! The mirror of the contracts, in memory: what they emit is folded as the indexer does, and the rows
//! are compared with the model.
//!
//! Two mirrors fold the same blocks. One stores its rows after each, and goes on with what it knows. The
//! other stores now and then, and begins anew from what is stored, as an indexer that was restarted. How
//! blocks are cut into batches must not matter: both hold the same in the end, history included.

mod agreements;
mod carbon;
mod choices;
mod compare;
mod consent;
mod decisions;
mod health;
mod money;
mod rewards;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use assent_events::{Contract, decode};
use assent_mirror::fold::{BlockStop, Happened, Projection, fold_block};
use assent_mirror::{Changes, Memory, Position, Rows};
use assent_model::World;

use crate::{Account, Emitted};

/// Two mirrors of the same contracts.
#[derive(Default)]
pub struct Mirrored {
    contracts: BTreeMap<Account, Contract>,
    /// The last block; what each message emits is one.
    block: i64,
    prompt: Mirror,
    late: Mirror,
    /// What the last block changed.
    changes: Vec<Changes>,
}

impl Mirrored {
    /// Takes what this address emits for that contract's events.
    pub fn follow(&mut self, contract: Contract, address: Account) {
        self.contracts.insert(address, contract);
    }

    /// Folds what was emitted at `time_ms`, as one block.
    ///
    /// # Errors
    /// When an event is none of its contract's, or contradicts the rows.
    pub fn fold(&mut self, time_ms: u64, emitted: &[Emitted]) -> Result<(), String> {
        self.changes.clear();
        let Some(last) = emitted.last() else {
            return Ok(());
        };
        self.block += 1;
        let mut blocks: BTreeMap<Projection, Vec<Happened>> = BTreeMap::new();
        for (index, emitted) in (1..).zip(emitted) {
            let happened = self.happened(time_ms, index, emitted)?;
            blocks.entry(Projection::of(&happened.event)).or_default().push(happened);
        }
        for (projection, events) in &blocks {
            self.prompt.fold(*projection, events)?;
            self.late.fold(*projection, events)?;
        }
        self.changes = self.prompt.store()?;
        if ends_batch(last) {
            self.late.store()?;
            self.late.restart();
        }
        Ok(())
    }

    fn happened(&self, time_ms: u64, index: i32, emitted: &Emitted) -> Result<Happened, String> {
        let Emitted { contract: address, topic, data } = emitted;
        let contract =
            *self.contracts.get(address).ok_or("a contract that is not followed emitted")?;
        let event = decode(contract, &[*topic], data).map_err(|error| error.to_string())?;
        let at = Position { block_number: self.block, event_index: index };
        Ok(Happened { contract, address: (*address).into(), event, at, time_ms })
    }

    /// Compares the rows that the last block changed with the model.
    ///
    /// # Errors
    /// The first row that says something else than the model: table, key, and both values.
    pub fn agree_on_changes(&self, world: &World) -> Result<(), String> {
        self.changes.iter().try_for_each(|changes| compare::changed(changes, world))
    }

    /// Compares all rows with the model, and the two mirrors with each other.
    ///
    /// # Errors
    /// The first row that says something else than the model, or that is missing: table, key, and both
    /// values. The first table of which the mirrors hold other rows, or another history.
    pub fn agree(&mut self, world: &World) -> Result<(), String> {
        compare::all(&self.prompt.stored, world)?;
        self.late.store()?;
        let tables = Projection::ALL.iter().flat_map(|projection| projection.tables());
        for table in tables {
            let name = table.name;
            let [prompt, late] = [&self.prompt, &self.late].map(|mirror| &mirror.stored);
            compare::same(name, prompt.table(name), late.table(name))?;
            compare::same(&format!("{name}_history"), prompt.history(name), late.history(name))?;
        }
        Ok(())
    }
}

/// Whether a batch of the late mirror ends with a block: by what its last event says, so that a walk
/// that is played again is cut in the same places. About every 25th does.
fn ends_batch(last: &Emitted) -> bool {
    last.data.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)).is_multiple_of(25)
}

/// Folds into rows and stores them in memory.
struct Mirror {
    rows: BTreeMap<Projection, Rows>,
    stored: Memory,
}

impl Default for Mirror {
    fn default() -> Self {
        Self { rows: no_rows(), stored: Memory::default() }
    }
}

fn no_rows() -> BTreeMap<Projection, Rows> {
    Projection::ALL.iter().map(|projection| (*projection, projection.rows())).collect()
}

impl Mirror {
    fn fold(&mut self, projection: Projection, events: &[Happened]) -> Result<(), String> {
        let rows = self.rows.get_mut(&projection).ok_or("every projection has rows")?;
        events.iter().for_each(|event| Projection::want(event, rows));
        let mut done = 0;
        loop {
            self.stored.load(rows).map_err(|error| error.to_string())?;
            match fold_block(events, &mut done, rows) {
                Ok(()) => return Ok(()),
                Err(BlockStop::Need) => {}
                Err(BlockStop::Contradiction(contradiction)) => {
                    return Err(format!("{}: {contradiction}", projection.name()));
                }
            }
        }
    }

    /// Ends a batch: what it changed.
    fn store(&mut self) -> Result<Vec<Changes>, String> {
        let changes: Vec<Changes> = self.rows.values().flat_map(Rows::changes).collect();
        self.stored.store(changes.clone()).map_err(|error| error.to_string())?;
        self.rows.values_mut().for_each(Rows::keep);
        Ok(changes)
    }

    /// Forgets everything but what is stored.
    fn restart(&mut self) {
        self.rows = no_rows();
    }
}
