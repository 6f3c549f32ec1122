//! The whole indexer, from nothing until the last block of a chain is in the database.

use super::{database::Database, indexer::Indexer, kept::Kept, usage};
use crate::{node::Node, postgres::Postgres};
use anyhow::{Result, ensure};
use std::{path::Path, time::Duration};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// What a run took.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// From the start of the program until the last block was there.
    pub took: Duration,
    /// The part of it since it had connected and made the schema: what the bare loop and COPY are measured
    /// by, too.
    pub working: Duration,
    /// The most memory up to a quarter of the blocks, and up to all, KiB.
    pub memory: (u64, u64),
    /// Processor time of the indexer, the node and Postgres in that part.
    pub processor: [Duration; 3],
}

/// Indexes a chain into a new database, which is handed on.
pub async fn index(
    postgres: &Postgres,
    node: &Node,
    chain: &Kept,
    folder: &Path,
    name: &str,
) -> Result<(Run, Database)> {
    let mut database = Database::new(postgres, name).await?;
    let log = folder.join(format!("{name}.log"));
    let mut indexer = Indexer::start(&node.url, &database, &chain.manifest(), &log)?;
    let all = [indexer.process.id(), node.process.id(), postgres.id()?];
    let mut before = all.map(usage::processor);
    let quarter = chain.holds.first + chain.holds.blocks() / 4;
    let mut at_quarter = None;
    loop {
        let number = database.watermark().await?.unwrap_or(0);
        if number >= quarter && at_quarter.is_none() {
            at_quarter = Some(usage::peak_memory(indexer.process.id())?);
        }
        if number >= chain.holds.last {
            break;
        }
        let connecting = indexer.connected.is_none();
        indexer.look_again(PATIENCE).await?;
        if connecting {
            before = all.map(usage::processor);
        }
    }
    let (took, working) = (indexer.began.elapsed(), indexer.worked());
    let peak = usage::peak_memory(indexer.process.id())?;
    let processor = [0, 1, 2].map(|n| usage::processor(all[n]).saturating_sub(before[n]));
    indexer.stop().await?;
    let (found, expected) = (database.events().await?, chain.holds.all_events());
    ensure!(found == expected, "{found} events are stored, {expected} are on chain");
    let stopped: i64 =
        sqlx::query_scalar("select count(*) from projections where stopped_block is not null")
            .fetch_one(&mut database.db)
            .await?;
    ensure!(stopped == 0, "{stopped} projections stand still");
    let memory = (at_quarter.unwrap_or(peak), peak);
    Ok((Run { took, working, memory, processor }, database))
}
