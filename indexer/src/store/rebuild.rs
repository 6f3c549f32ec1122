//! Makes a projection's rows again from the stored events, beside the ones that are read meanwhile.
//!
//! The new tables come from the same migrations, in a schema of their own. The last events and the
//! exchange of the tables are one transaction, so that a reader sees the old rows or the new ones. An
//! indexer may write meanwhile: it notices by the projection's generation.

use std::time::Duration;

use assent_mirror::fold::{Contradiction, Projection};
use backon::{BackoffBuilder as _, ExponentialBuilder};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::beside::{self, Beside, run};
use super::session::{self, ANSWER, TRANSACTION, within};
use super::standing::Standing;
use super::{StoreError, admission, error, raw};
use crate::decode::Ours;

/// How often the tables are tried to be exchanged: a reader may hold them.
const EXCHANGES: usize = 20;

/// What became of a projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which one.
    pub projection: Projection,
    /// The last block that is folded into its rows.
    pub block: i64,
    /// The event at which it stands still.
    pub stopped: Option<Contradiction>,
}

/// Makes the rows of a projection again, whatever their version was.
///
/// Errors: [`StoreError`]; then the rows are as they were.
pub async fn rebuild(
    options: &PgConnectOptions,
    projection: Projection,
) -> Result<Rebuilt, StoreError> {
    let mut db = session::connect(options).await?;
    within(ANSWER, admission::lock_rebuild(&mut db, projection)).await?;
    let schema = format!("rebuild_{}", projection.name());
    let (first, last) = beside::extent(&mut db).await?;
    let Beside { mut standing, ours, schema, live } =
        Beside::fold(projection, schema, (first, last), options, &mut db).await?;
    let mut pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .with_max_times(EXCHANGES)
        .build();
    loop {
        let (before, stopped) = (standing.block, standing.stopped.clone());
        let exchanged = exchange(&mut standing, &ours, &schema, &live, &mut db);
        match within(TRANSACTION, exchanged).await {
            Ok(()) => break,
            Err(StoreError::Database(error)) if error::is_refusal(&error) => {}
            Err(StoreError::Database(error)) if error::is_contention(&error) => {
                let Some(pause) = pauses.next() else { return Err(error.into()) };
                tracing::info!(%error, "The tables are in use; the exchange is tried again");
                tokio::time::sleep(pause).await;
            }
            Err(error) => return Err(error),
        }
        // What was folded in that transaction is undone with it.
        standing.restart(before);
        standing.stopped = stopped;
        let (_, last) = within(ANSWER, beside::extent(&mut db)).await?;
        let standings = std::slice::from_mut(&mut standing);
        raw::catch_up(standings, &ours, last, false, options, &mut db).await?;
    }
    within(ANSWER, async { Ok(db.close().await?) }).await?;
    Ok(Rebuilt { projection, block: standing.block, stopped: standing.stopped })
}

/// Folds the last events and puts the new tables in the place of the old ones, in one transaction.
async fn exchange(
    standing: &mut Standing,
    ours: &Ours,
    schema: &str,
    live: &str,
    db: &mut PgConnection,
) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // Longer than the writer takes for a run of blocks, and shorter than a reader's patience.
    run(&mut tx, "set local lock_timeout = '2s'".to_owned()).await?;
    // The writer begins by locking rows of this table, so none is in the middle of its own transaction.
    run(&mut tx, "lock table projections in exclusive mode".to_owned()).await?;
    let (_, last) = beside::extent(&mut tx).await?;
    if standing.stopped.is_none() {
        raw::fold_up_to(last, standing, ours, &mut tx).await?;
    }
    let relations: Vec<(String, bool, bool)> = sqlx::query_as(
        "select relname::text, relispartition, relkind = 'v' from pg_class \
         where relnamespace = $1::regnamespace and relkind in ('r', 'p', 'v') order by relkind",
    )
    .bind(schema)
    .fetch_all(&mut *tx)
    .await?;
    for (name, is_partition, is_view) in &relations {
        if !is_partition && !is_view {
            run(&mut tx, format!("drop table if exists \"{live}\".\"{name}\" cascade")).await?;
        }
    }
    for (name, _, is_view) in &relations {
        let kind = if *is_view { "view" } else { "table" };
        run(&mut tx, format!("alter {kind} {schema}.\"{name}\" set schema \"{live}\"")).await?;
    }
    sqlx::query("update projections set version = $2, generation = generation + 1 where name = $1")
        .bind(standing.projection.name())
        .bind(standing.projection.version())
        .execute(&mut *tx)
        .await?;
    standing.note(&mut tx).await?;
    run(&mut tx, format!("drop schema {schema} cascade")).await?;
    tx.commit().await?;
    standing.keep();
    Ok(())
}
