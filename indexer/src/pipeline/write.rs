//! The writing half: takes what was fetched, as much of it in one transaction as the database bears.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::RunError;
use crate::audit::Known;
use crate::metrics::Metrics;
use crate::progress::Progress;
use crate::source::Fetched;
use crate::store::{Block, Store, StoreError};

/// Blocks in one transaction at most: each has a price of its own, in statements that wait for each other.
const LONGEST: usize = 2_048;
/// Events in one transaction, unless a single block has more.
pub(super) const MOST_EVENTS: usize = 10_000;
/// How far behind the chain blocks are history, which nobody waits for: then a transaction is filled first.
const HISTORY: u64 = 256;
/// How long that may take.
const FILLING: Duration = Duration::from_secs(1);

/// How many blocks a transaction may take. One that took too long is tried again with half as many, on a
/// new connection: the time limit is for each statement, and large ones may never meet it. From there it
/// grows by an eighth with each that passes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Run(usize);

impl Default for Run {
    fn default() -> Self {
        Self(LONGEST)
    }
}

impl Run {
    fn after(&mut self, error: &StoreError) {
        if error.took_too_long() {
            self.0 = (self.0 / 2).max(1);
        }
    }

    fn grow(&mut self) {
        self.0 = self.0.saturating_add(self.0 / 8 + 1).min(LONGEST);
    }
}

/// Receives what is there, and of history until a transaction is full: how many blocks.
async fn receive(
    fetched: &mut mpsc::Receiver<Fetched>,
    waiting: &mut Vec<Fetched>,
    most: usize,
) -> usize {
    let mut received = fetched.recv_many(waiting, most).await;
    let until = Instant::now() + FILLING;
    while received > 0
        && waiting.len() < most
        && length(waiting) == waiting.len()
        && waiting.last().is_some_and(|last| last.finalized >= last.block.number + HISTORY)
    {
        let more = fetched.recv_many(waiting, most - waiting.len());
        match timeout_at(until, more).await {
            Ok(0) | Err(_) => break,
            Ok(more) => received += more,
        }
    }
    received
}

/// How many of these blocks go into one transaction.
fn length(blocks: &[Fetched]) -> usize {
    let mut events = 0;
    let fits = blocks.iter().take_while(|fetched| {
        events += fetched.block.events.len();
        events <= MOST_EVENTS
    });
    fits.count().max(1)
}

/// Writes what is fetched, as many blocks in one transaction as are waiting, and between two of them what
/// the audit in the background knows.
pub(super) async fn write_all(
    store: &mut Store,
    mut fetched: mpsc::Receiver<Fetched>,
    mut audited: Known,
    run: &mut Run,
    metrics: &Metrics,
    shutdown: &CancellationToken,
) -> Result<(), RunError> {
    let mut progress = Progress::new();
    let mut waiting = Vec::with_capacity(LONGEST);
    loop {
        tokio::select! {
            // A shutdown is heard between transactions only.
            biased;
            () = shutdown.cancelled() => return Ok(()),
            () = news(&mut audited) => {
                let known = audited.borrow_and_update().clone();
                if let Some(known) = known {
                    store.keep_audit(&known).await?;
                }
                continue;
            }
            received = receive(&mut fetched, &mut waiting, run.0), if waiting.is_empty() => {
                if received == 0 {
                    return Ok(());
                }
            }
            () = std::future::ready(()), if !waiting.is_empty() => {}
            () = progress.wait() => {
                progress.say();
                continue;
            }
        }
        let length = length(&waiting);
        let batch: Vec<Fetched> = waiting.drain(..length).collect();
        let finalized = batch.last().map_or(0, |last| last.finalized);
        let (blocks, decoded): (Vec<Block>, Vec<_>) =
            batch.into_iter().map(|fetched| (fetched.block, fetched.decoded)).unzip();
        let written =
            store.write_decoded(&blocks, decoded).await.inspect_err(|error| run.after(error))?;
        run.grow();
        for (projection, contradiction) in &written.stopped {
            tracing::error!(
                projection = projection.name(),
                block_number = contradiction.at.block_number,
                event_index = contradiction.at.event_index,
                reason = contradiction.reason,
                "A projection stands still before this block; the others go on"
            );
        }
        metrics.wrote(blocks.len(), &written);
        metrics.stands(&store.stands());
        progress.wrote(&blocks, finalized, &written);
    }
}

/// Waits until the audit in the background knows more; for ever if there is none.
async fn news(audited: &mut Known) {
    if audited.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use assent_client::Hash;

    use super::*;
    use crate::source::Sender;

    async fn send(sender: &Sender, number: u64, finalized: u64) {
        let hash = Hash([0; 32]);
        let block = Block::without_events(number, hash, hash, 0);
        assert!(sender.send(block, Vec::new(), finalized).await);
    }

    /// How many of two blocks are received at once, of which the second one comes a moment later.
    async fn received(finalized: u64) -> usize {
        let (out, mut fetched) = mpsc::channel(8);
        let sender = Sender::new(out, 8);
        let sent = async {
            send(&sender, 1, finalized).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            send(&sender, 2, finalized).await;
        };
        let mut waiting = Vec::new();
        let (received, ()) = tokio::join!(receive(&mut fetched, &mut waiting, 2), sent);
        assert_eq!(received, waiting.len());
        received
    }

    #[tokio::test]
    async fn a_new_block_is_written_at_once_and_history_once_it_is_much() {
        assert_eq!(received(1).await, 1);
        assert_eq!(received(HISTORY).await, 1);
        assert_eq!(received(1 + HISTORY).await, 2);
        // The end of the fetching side ends this, too.
        let (out, mut fetched) = mpsc::channel(8);
        send(&Sender::new(out, 8), 1, 1_000).await;
        assert_eq!(receive(&mut fetched, &mut Vec::new(), 2).await, 1);
        assert_eq!(receive(&mut fetched, &mut Vec::new(), 2).await, 0);
    }

    #[test]
    fn a_transaction_that_takes_too_long_is_tried_with_fewer_blocks_until_it_passes() {
        let mut run = Run::default();
        run.after(&StoreError::NothingIndexed);
        assert_eq!(run, Run(LONGEST), "this was not for its length");
        run.after(&StoreError::Timeout(1));
        assert_eq!(run, Run(LONGEST / 2));
        (0..20).for_each(|_| run.after(&StoreError::Timeout(1)));
        assert_eq!(run, Run(1));
        run.grow();
        assert_eq!(run, Run(2));
        (0..LONGEST).for_each(|_| run.grow());
        assert_eq!(run, Run(LONGEST));
    }
}
