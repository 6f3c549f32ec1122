//! All projections made again from the events that are stored.

use super::{
    database::{Database, projected},
    indexer::Indexer,
    kept::Kept,
    sealer::Sealer,
};
use crate::{node::Node, scene::regulator};
use anyhow::Result;
use assent_client::{chain::Chain, manifest::Manifest};
use std::{path::Path, time::Duration};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// Empties the projections of a database that is indexed and lets the indexer bring them up to the
/// watermark, which it does when it starts: how long that took from when it had connected.
pub async fn run(
    node: &Node,
    chain: &Kept,
    database: &mut Database,
    folder: &Path,
    name: &str,
) -> Result<Duration> {
    let manifest = Manifest::load(chain.manifest())?;
    let watermark = database.watermark().await?.unwrap_or(0);
    let first = manifest.first_block().max(1);
    database.execute(format!("truncate {}", projected().join(", "))).await?;
    database.execute(format!("update projections set block_number = {}", first - 1)).await?;
    database.execute("vacuum analyze".into()).await?;

    let client = Chain::connect(&node.url).await?;
    let mut sealer = Sealer::connect(&client, &manifest).await?;
    let news = sealer.remark(&regulator()).await?;
    sealer.submit(&news).await?;
    sealer.sealed().await?;

    let log = folder.join(format!("{name}.log"));
    let mut indexer = Indexer::start(&node.url, database, &chain.manifest(), &log)?;
    loop {
        let behind: i64 =
            sqlx::query_scalar("select count(*) from projections where block_number < $1")
                .bind(i64::try_from(watermark)?)
                .fetch_one(&mut database.db)
                .await?;
        if behind == 0 {
            break;
        }
        indexer.look_again(PATIENCE).await?;
    }
    let took = indexer.worked();
    indexer.stop().await?;
    Ok(took)
}
