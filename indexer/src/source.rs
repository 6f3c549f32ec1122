//! Finalized blocks from a node, by number, in order.
//!
//! What a block is to us are four values of its state, asked for in one request a block and many
//! requests at once, in JSON-RPC batches. Streams of the node lose or repeat blocks after a reconnect,
//! so its news of finalized heads only wakes this up: every block up to the finalized height is fetched
//! by its number.

mod batch;
mod codes;
mod connection;
mod deployment;
mod error;
mod extrinsics;
mod limit;
mod sender;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assent_client::Hash;
use assent_client::chain::Chain;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};

use crate::decode::Decoder;
use crate::store::Watermark;
use connection::Connection;

pub use connection::Nodes;
pub use error::SourceError;
pub use sender::{Fetched, Sender};

/// How many batches are on their way at once.
const IN_FLIGHT: usize = 8;
/// How long to wait for news before the node is asked all the same.
const POLL: Duration = Duration::from_millis(500);
/// A node that finalizes nothing for so long is connected to anew, or another one is.
const STALLED: Duration = Duration::from_secs(30);

/// One of the nodes that serve the chain.
pub struct Source<'n> {
    nodes: &'n Nodes,
    connection: Connection,
}

impl<'n> Source<'n> {
    /// Connects to the first of the nodes that answers and is of the chain.
    ///
    /// Errors: [`SourceError`], of the node that was tried last.
    pub async fn connect(nodes: &'n Nodes) -> Result<Self, SourceError> {
        let connection = nodes.connect().await?;
        Ok(Self { nodes, connection })
    }

    /// Where the node is.
    #[must_use]
    pub fn url(&self) -> &str {
        self.connection.chain.url()
    }

    /// The finalized height.
    ///
    /// Errors: [`SourceError`].
    pub async fn finalized(&self) -> Result<u64, SourceError> {
        let (height, _) = self.connection.chain.finalized().await?;
        self.nodes.metrics.finalized(height);
        Ok(height)
    }

    /// The node, for questions about its state.
    pub(crate) fn chain(&self) -> &Chain {
        &self.connection.chain
    }

    /// The hashes of the blocks at these heights, all of which must be final.
    ///
    /// Errors: [`SourceError`].
    pub(crate) async fn hashes(
        &self,
        heights: RangeInclusive<u64>,
    ) -> Result<Vec<Hash>, SourceError> {
        self.connection.hashes(heights).await
    }

    /// The blocks of a range, with what contracts emitted; all must be final.
    ///
    /// Errors: [`SourceError`].
    pub(crate) async fn blocks(
        &self,
        decoder: &Arc<Decoder>,
        heights: RangeInclusive<u64>,
    ) -> Result<Vec<batch::Decoding>, SourceError> {
        fetch(&self.connection, decoder, self.nodes, heights).await
    }

    /// Refuses a node that has another block at a height that was indexed; the height must be final.
    ///
    /// Errors: [`SourceError::OtherBlock`] names both.
    pub async fn check_block(&self, indexed: Watermark) -> Result<(), SourceError> {
        let Watermark { number, hash: stored } = indexed;
        match &self.connection.hashes(number..=number).await?[..] {
            [node] if *node == stored => Ok(()),
            [node] => Err(SourceError::OtherBlock { number, node: *node, stored }),
            _ => Err(SourceError::NoBlock { number }),
        }
    }

    /// Sends every finalized block from height `next` on, in order, for as long as somebody receives.
    ///
    /// Errors: [`SourceError`]; ends with `Ok` when the receiver is gone.
    pub async fn follow(
        &mut self,
        decoder: &Arc<Decoder>,
        mut next: u64,
        out: Sender,
    ) -> Result<(), SourceError> {
        let mut last_progress = Instant::now();
        let mut told = false;
        loop {
            let finalized = self.finalized().await?;
            if finalized >= next {
                let Some(after) = self.fetch_up_to(decoder, next, finalized, &out).await? else {
                    return Ok(());
                };
                next = after;
                (last_progress, told) = (Instant::now(), false);
                continue;
            }
            if last_progress.elapsed() >= STALLED {
                if !told {
                    tracing::warn!(
                        finalized,
                        next,
                        node = self.url(),
                        "The node has not finalized a new block for 30 seconds; the indexer connects \
                         anew each time"
                    );
                }
                (last_progress, told) = (Instant::now(), true);
                self.connection = self.nodes.connect_to_next().await?;
            }
            if out.is_closed() {
                return Ok(());
            }
            // Whether there was news, and which, does not matter: the node is asked.
            let _ = tokio::time::timeout(POLL, self.connection.news()).await;
        }
    }

    /// Sends the blocks from `next` to `finalized`, and says which one comes then; `None` when nobody
    /// receives.
    async fn fetch_up_to(
        &mut self,
        decoder: &Arc<Decoder>,
        next: u64,
        finalized: u64,
        out: &Sender,
    ) -> Result<Option<u64>, SourceError> {
        let mut after = next;
        // The size of a batch changes while batches are fetched.
        let nodes = self.nodes;
        let connection = &self.connection;
        let mut from = next;
        let ranges = std::iter::from_fn(move || {
            let first = from;
            let size = nodes.size.get().min(connection.most);
            from = finalized.min(first.saturating_add(size - 1)).saturating_add(1);
            (first <= finalized).then(|| first..=from - 1)
        });
        let fetched = stream::iter(ranges)
            .map(|range| fetch(connection, decoder, nodes, range).boxed())
            .buffered(IN_FLIGHT);
        futures::pin_mut!(fetched);
        while let Some(blocks) = fetched.try_next().await? {
            for (block, decoded) in blocks {
                after = block.number.saturating_add(1);
                if !out.send(block, decoded, finalized).await {
                    return Ok(None);
                }
            }
        }
        Ok(Some(after))
    }
}

/// The blocks of a range, with what contracts emitted; all must be finalized.
///
/// A batch that the node refuses, or does not answer, is asked for again in halves.
async fn fetch(
    connection: &Connection,
    decoder: &Arc<Decoder>,
    Nodes { size, foreign, .. }: &Nodes,
    range: RangeInclusive<u64>,
) -> Result<Vec<batch::Decoding>, SourceError> {
    let mut blocks = Vec::new();
    // The last one is popped first.
    let mut waiting = pieces(range, connection.most);
    waiting.reverse();
    while let Some(range) = waiting.pop() {
        match batch::fetch(connection, decoder, *foreign, range.clone()).await {
            Ok(fetched) => {
                size.grow();
                blocks.extend(fetched);
            }
            Err(error) if error.is_of_the_batch() && range.start() < range.end() => {
                size.shrink();
                let middle = range.start() + (range.end() - range.start()) / 2;
                // The lower half is popped first.
                waiting.push(middle + 1..=*range.end());
                waiting.push(*range.start()..=middle);
            }
            Err(error) => {
                // The node may have closed the connection because of the batch.
                size.shrink();
                return Err(error);
            }
        }
    }
    Ok(blocks)
}

/// A range cut into pieces of so many blocks at most.
fn pieces(range: RangeInclusive<u64>, most: u64) -> Vec<RangeInclusive<u64>> {
    let (from, to, most) = (*range.start(), *range.end(), most.max(1));
    let starts = (0..).map(|n: u64| from.saturating_add(n.saturating_mul(most)));
    let starts = starts.take_while(|start| *start <= to);
    starts.map(|start| start..=to.min(start.saturating_add(most - 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_asked_for_in_pieces_that_a_node_takes() {
        assert_eq!(pieces(3..=9, 3), [3..=5, 6..=8, 9..=9]);
        assert_eq!(pieces(3..=9, 128), [3..=9]);
        assert_eq!(pieces(7..=7, 1), [7..=7]);
    }
}
