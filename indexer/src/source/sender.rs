//! The way from the node to the database: bounded by what waits on it.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::decode::Decoded;
use crate::store::Block;

/// A block and how high the chain was final when it was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// The block.
    pub block: Block,
    /// What its events are.
    pub decoded: Vec<Decoded>,
    /// The finalized height.
    pub finalized: u64,
    /// The room that its events take as long as they wait.
    _room: OwnedSemaphorePermit,
}

/// Where fetched blocks go.
pub struct Sender {
    out: mpsc::Sender<Fetched>,
    room: Arc<Semaphore>,
    events: u32,
}

impl Sender {
    /// Blocks wait as many as the channel takes, and with so many events at most, unless one block alone
    /// has more.
    #[must_use]
    pub fn new(out: mpsc::Sender<Fetched>, events: usize) -> Self {
        let events = u32::try_from(events.min(Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        Self { out, room: Arc::new(Semaphore::new(events as usize)), events }
    }

    /// Sends a block once there is room for it; `false` when nobody receives.
    pub(crate) async fn send(&self, block: Block, decoded: Vec<Decoded>, finalized: u64) -> bool {
        let events = u32::try_from(block.events.len()).unwrap_or(u32::MAX).min(self.events);
        // It is never closed.
        let Ok(room) = self.room.clone().acquire_many_owned(events).await else { return false };
        self.out.send(Fetched { block, decoded, finalized, _room: room }).await.is_ok()
    }

    /// Is nobody there to receive?
    pub(super) fn is_closed(&self) -> bool {
        self.out.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use assent_client::{Account, EmittedEvent, Hash};
    use tokio::time::timeout;

    use super::*;

    fn block(number: u64, events: u32) -> Block {
        let hash = Hash([0; 32]);
        let events = (0..events).map(|index| EmittedEvent {
            index,
            extrinsic: None,
            contract: Account([0; 32]),
            topics: Vec::new(),
            data: Vec::new(),
        });
        Block { events: events.collect(), ..Block::without_events(number, hash, hash, 0) }
    }

    #[tokio::test]
    async fn a_block_waits_until_there_is_room_for_its_events() {
        let (out, mut received) = mpsc::channel(16);
        let sender = Sender::new(out, 10);
        let send = |number, events| sender.send(block(number, events), Vec::new(), number);
        assert!(send(1, 6).await && send(2, 0).await);
        let waits = timeout(Duration::from_millis(50), send(3, 5)).await;
        assert!(waits.is_err(), "11 events would wait");
        drop(received.recv().await);
        // One with more than there is ever room for goes alone.
        let (sent, second) = tokio::join!(send(3, 100), async {
            let second = received.recv().await;
            second.map(|fetched| fetched.block.number)
        });
        assert!(sent);
        assert_eq!(second, Some(2));
        assert!(timeout(Duration::from_millis(50), send(4, 1)).await.is_err());
        drop(received.recv().await);
        assert!(send(4, 1).await);
        drop(received);
        assert!(sender.is_closed() && !send(5, 1).await);
    }
}
