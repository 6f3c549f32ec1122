//! A projection and the rows of it that are known: folds events, loads what they build on, writes what
//! they change.

use assent_mirror::fold::{BlockStop, Contradiction, Happened, Projection, fold_block};
use assent_mirror::{Position, Rows};
use sqlx::PgConnection;

use super::StoreError;
use super::sql::{ColumnTypes, TableSql};

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
    tables: Vec<TableSql>,
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

    /// Folds blocks up to `last` and writes what they change, in the transaction of `db`. A
    /// contradiction stops the projection before its block. [`Self::keep`] must follow the commit; after a
    /// failure nothing of this is so.
    ///
    /// `with_care` is for when the database refused a row: it goes block by block, and what a constraint
    /// refuses is a contradiction, too.
    ///
    /// Errors: [`StoreError`], when the database fails.
    pub(super) async fn advance(
        &mut self,
        parts: &[Part],
        last: i64,
        with_care: bool,
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        if with_care {
            self.write_with_care(parts, db).await?;
        } else {
            self.stopped = self.fold(parts, &mut *db).await?;
            self.write(db).await?;
        }
        self.block = self.stopped.as_ref().map_or(last, before);
        Ok(())
    }

    /// Folds and writes a block after the other, up to one that the database refuses.
    async fn write_with_care(
        &mut self,
        parts: &[Part],
        db: &mut PgConnection,
    ) -> Result<(), StoreError> {
        for part in parts {
            sqlx::query("savepoint part").execute(&mut *db).await?;
            let refused = match self.fold(std::slice::from_ref(part), &mut *db).await? {
                Some(contradiction) => Some(contradiction),
                None => match self.write(&mut *db).await {
                    Err(StoreError::Database(error)) if super::error::is_refusal(&error) => {
                        Some(Contradiction { at: part.last(), reason: error.to_string() })
                    }
                    written => written.map(|()| None)?,
                },
            };
            if refused.is_some() {
                sqlx::query("rollback to savepoint part").execute(&mut *db).await?;
                self.stopped = refused;
                break;
            }
            self.rows.keep();
            sqlx::query("release savepoint part").execute(&mut *db).await?;
        }
        if self.stopped.is_some() {
            // Rows of the refused block are among those that are known.
            self.rows = self.projection.rows();
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

    async fn fold(
        &mut self,
        parts: &[Part],
        db: &mut PgConnection,
    ) -> Result<Option<Contradiction>, StoreError> {
        for happened in parts.iter().flat_map(|part| &part.events) {
            Projection::want(happened, &mut self.rows);
        }
        self.load(&mut *db).await?;
        for part in parts {
            if part.unknown.is_some() {
                return Ok(part.unknown.clone());
            }
            let mut done = 0;
            loop {
                match fold_block(&part.events, &mut done, &mut self.rows) {
                    Ok(()) => break,
                    Err(BlockStop::Need) => self.load(&mut *db).await?,
                    Err(BlockStop::Contradiction(contradiction)) => return Ok(Some(contradiction)),
                }
            }
        }
        Ok(None)
    }

    /// Loads the rows that are wanted.
    async fn load(&mut self, db: &mut PgConnection) -> Result<(), StoreError> {
        for wanted in self.rows.wanted() {
            let Some(table) = self.tables.iter().find(|sql| sql.table() == wanted.table) else {
                continue;
            };
            let found = table.load(&wanted.rows, &mut *db).await?;
            let table = wanted.table.name;
            self.rows.load(found).map_err(|source| StoreError::Row { table, source })?;
        }
        Ok(())
    }

    async fn write(&self, db: &mut PgConnection) -> Result<(), StoreError> {
        for (changes, table) in self.rows.changes().iter().zip(&self.tables) {
            table.write(changes, &mut *db).await?;
        }
        Ok(())
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
