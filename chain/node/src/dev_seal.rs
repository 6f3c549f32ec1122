//! When a development chain seals a block.

use futures::{Stream, StreamExt, stream};
use polkadot_sdk::*;
use sc_consensus_manual_seal::EngineCommand;
use sc_transaction_pool_api::TransactionPool;
use std::{sync::Arc, time::Duration};

/// How soon transactions are sealed that did not fit into the block before.
const LEFTOVERS: Duration = Duration::from_millis(200);

/// A block at every transaction that arrives, again while any are left over from a full block, and
/// an empty one after `idle`, so that the chain's clock moves.
pub fn commands<P, H>(pool: Arc<P>, idle: Duration) -> impl Stream<Item = EngineCommand<H>>
where
    P: TransactionPool + 'static,
{
    let arrivals = pool.import_notification_stream().map(|_| false);
    let ticks = stream::unfold(tokio::time::interval(LEFTOVERS), |mut interval| async {
        interval.tick().await;
        Some(((), interval))
    });
    let idle_ticks = (idle.as_millis() / LEFTOVERS.as_millis()).max(1) as u64;
    let timed = ticks.enumerate().filter_map({
        let pool = pool.clone();
        move |(n, ())| {
            let idle_over = (n as u64).is_multiple_of(idle_ticks);
            let seal = idle_over || pool.status().ready > 0;
            futures::future::ready(seal.then_some(idle_over))
        }
    });
    // An arrival that an earlier block already took asks for a block that would be empty.
    stream::select(arrivals, timed).filter_map(move |create_empty| {
        let seal = create_empty || pool.status().ready > 0;
        futures::future::ready(seal.then_some(EngineCommand::SealNewBlock {
            create_empty,
            finalize: true,
            parent_hash: None,
            sender: None,
        }))
    })
}
