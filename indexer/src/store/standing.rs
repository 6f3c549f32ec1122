//! A projection and the rows of it that are known: folds events, loads what they build on, writes what
//! they change.

use std::collections::HashMap;
use std::sync::Arc;

use assent_mirror::fold::{Contradiction, Happened, Projection};
use assent_mirror::{Position, Rows};
use sqlx::PgConnection;

use super::StoreError;
use super::folding::{Folded, Folding};
use super::sql::{ColumnTypes, TableSql};
use crate::thread::OnThread;

/// What one block means to one projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Height.
    pub(super) block: i64,
    /// Its events, in order.
    pub(super) events: Vec<Happened>,
    /// The first event of its contracts that this program does not know: nobody can tell what the
    /// block means.
    pub(super) unknown: Option<Contradiction>,
}

/// What a run of blocks means to a projection, on its way into the rows.
pub(super) enum Begun {
    /// Nothing.
    Nothing,
    /// It is folded beside.
    Beside(OnThread<(Folding, Folded)>),
    /// It is folded and written block by block, since the database refused a row of it.
    WithCare(Arc<[Part]>),
}

/// A projection, and how far it is.
pub(super) struct Standing {
    pub(super) projection: Projection,
    /// How often its rows were replaced by others.
    pub(super) generation: i64,
    /// The last block that is folded into its rows.
    pub(super) block: i64,
    /// The event at which it stands still.
    pub(super) stopped: Option<Contradiction>,
    rows: Rows,
    tables: Arc<[TableSql]>,
}

impl Standing {
    /// A projection of which no row is known yet. Errors: [`StoreError::Schema`].
    pub(super) fn new(
        projection: Projection,
        generation: i64,
        block: i64,
        types: &ColumnTypes,
    ) -> Result<Self, StoreError> {
        let tables = projection.tables().iter().map(|table| TableSql::new(*table, types));
        let tables = tables.collect::<Result<_, _>>()?;
        Ok(Self { projection, generation, block, stopped: None, rows: projection.rows(), tables })
    }

    /// Begins to fold blocks, beside whatever the connection does until [`Self::finish`]; the rows that they
    /// name are loaded first. `with_care` is for when the database refused a row of them.
    ///
    /// Errors: [`StoreError`], when the database fails.
    pub(super) async fn begin(
        &mut self,
        parts: Option<&Arc<[Part]>>,
        with_care: bool,
        db: &mut PgConnection,
    ) -> Result<Begun, StoreError> {
        match parts {
            None => Ok(Begun::Nothing),
            Some(parts) if with_care => Ok(Begun::WithCare(parts.clone())),
            Some(parts) => Ok(Begun::Beside(self.fold(parts.clone(), db).await?)),
        }
    }

    async fn fold(
        &mut self,
        parts: Arc<[Part]>,
        db: &mut PgConnection,
    ) -> Result<OnThread<(Folding, Folded)>, StoreError> {
        for happened in parts.iter().flat_map(|part| &part.events) {
            Projection::want(happened, &mut self.rows);
        }
        load(&mut self.rows, &self.tables, db).await?;
        // Until all is written, nothing is known of any row here.
        let rows = std::mem::replace(&mut self.rows, self.projection.rows());
        Ok(Folding::new(rows, self.tables.clone(), parts).go_on())
    }

    /// Ends what [was begun](Self::begin), up to the block `last`, and writes what it changed, in the
    /// transaction of `db`. A contradiction stops the projection before its block; with care, so does what
    /// the database refuses. [`Self::keep`] must follow the commit; after a failure nothing of this is so.
    ///
    /// Errors: [`StoreError`], when the database fails.
    pub(super) async fn finish(
        &mut self,
        begun: Begun,
        last: i64,
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        match begun {
            Begun::Nothing => {}
            Begun::Beside(beside) => self.write(beside, db).await?,
            Begun::WithCare(parts) => self.write_with_care(&parts, db).await?,
        }
        self.block = self.stopped.as_ref().map_or(last, before);
        Ok(())
    }

    async fn write(
        &mut self,
        mut beside: OnThread<(Folding, Folded)>,
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        loop {
            let (mut folding, folded) = beside.end().await;
            match folded {
                Folded::Need => {
                    load(&mut folding.rows, &self.tables, &mut *db).await?;
                    beside = folding.go_on();
                }
                Folded::Done(statements, stopped) => {
                    for statement in statements {
                        statement.execute(&mut *db).await?;
                    }
                    (self.rows, self.stopped) = (folding.rows, stopped);
                    return Ok(());
                }
            }
        }
    }

    /// Folds and writes a block after the other, up to one that the database refuses.
    async fn write_with_care(
        &mut self,
        parts: &[Part],
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        for part in parts {
            sqlx::query("savepoint part").execute(&mut *db).await?;
            let beside = self.fold(Arc::from([part.clone()]), &mut *db).await?;
            match self.write(beside, &mut *db).await {
                Err(StoreError::Database(error)) if super::error::is_refusal(&error) => {
                    self.stopped =
                        Some(Contradiction { at: part.last(), reason: error.to_string() });
                }
                written => written?,
            }
            if self.stopped.is_some() {
                sqlx::query("rollback to savepoint part").execute(&mut *db).await?;
                // Rows of the refused block are among those that are known.
                self.rows = self.projection.rows();
                return Ok(());
            }
            self.rows.keep();
            sqlx::query("release savepoint part").execute(&mut *db).await?;
        }
        Ok(())
    }

    /// Forgets what was folded after this block: it was not committed.
    pub(super) fn restart(&mut self, block: i64) {
        self.rows = self.projection.rows();
        self.stopped = None;
        self.block = block;
    }

    /// Takes what was written for committed.
    pub(super) fn keep(&mut self) {
        self.rows.keep();
    }

    /// Writes how far it is.
    pub(super) async fn note(&self, db: &mut PgConnection) -> Result<(), StoreError> {
        let stopped = self.stopped.as_ref();
        sqlx::query(
            "update projections set block_number = $2, stopped_block = $3, stopped_index = $4, \
             stopped_reason = $5 where name = $1",
        )
        .bind(self.projection.name())
        .bind(self.block)
        .bind(stopped.map(|stopped| stopped.at.block_number))
        .bind(stopped.map(|stopped| stopped.at.event_index))
        .bind(stopped.map(|stopped| &stopped.reason))
        .execute(db)
        .await?;
        Ok(())
    }
}

/// Keeps the rows of projections from being replaced until the transaction of `db` ends: a rebuild waits for
/// these rows of the list, and replaces tables only while nobody holds them.
///
/// Errors: [`StoreError::Replaced`] when those of one of these were since it was read.
pub(super) async fn check_generations(
    mut standings: impl Iterator<Item = &Standing>,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let generations: HashMap<String, i64> =
        sqlx::query_as("select name, generation from projections for update")
            .fetch_all(db)
            .await?
            .into_iter()
            .collect();
    let same = |one: &Standing| generations.get(one.projection.name()) == Some(&one.generation);
    if standings.all(same) { Ok(()) } else { Err(StoreError::Replaced) }
}

impl Part {
    /// The last of its events.
    fn last(&self) -> Position {
        let first = Position { block_number: self.block, event_index: 0 };
        self.events.last().map_or(first, |happened| happened.at)
    }
}

/// The block before the one that holds what contradicts.
fn before(contradiction: &Contradiction) -> i64 {
    contradiction.at.block_number.saturating_sub(1)
}

/// Loads the rows that are wanted.
async fn load(
    rows: &mut Rows,
    tables: &[TableSql],
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    for wanted in rows.wanted() {
        let Some(table) = tables.iter().find(|sql| sql.table() == wanted.table) else {
            continue;
        };
        let found = table.load(&wanted.rows, &mut *db).await?;
        let table = wanted.table.name;
        rows.load(found).map_err(|source| StoreError::Row { table, source })?;
    }
    Ok(())
}
