//! The bare loop: fetches what the indexer fetches of each block, as fast as it goes, and throws it
//! away.

use anyhow::{Context, Result};
use assent_client::chain::Chain;
use futures::{StreamExt, TryStreamExt, stream};
use jsonrpsee::{
    core::{client::ClientT, params::BatchRequestBuilder},
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    fmt::Debug,
    ops::RangeInclusive,
    time::{Duration, Instant},
};
use subxt::dynamic;

/// Blocks in a batch, and batches on their way: what was found to be fast, from which the best is taken.
const SHAPES: [(u64, usize); 5] = [(128, 4), (256, 4), (256, 8), (512, 4), (1_024, 2)];
/// The longest answer that is read, bytes.
const LONGEST_ANSWER: u32 = 256 * 1024 * 1024;

/// What `state_queryStorageAt` answers for a block.
pub type Values = Vec<ChangeSet>;

/// Values of the state by their keys.
#[derive(Debug, Deserialize)]
pub struct ChangeSet {
    changes: Vec<(String, Option<String>)>,
}

/// Reads blocks in batches.
pub struct Reader {
    rpc: WsClient,
    keys: Vec<String>,
}

impl Reader {
    /// Connects to the node of `chain`.
    pub async fn connect(url: &str, chain: &Chain) -> Result<Self> {
        let rpc = WsClientBuilder::new().max_response_size(LONGEST_ANSWER).build(url).await?;
        let at = chain.at_finalized().await?;
        let keys = [
            ("System", "Events"),
            ("Timestamp", "Now"),
            ("System", "ParentHash"),
            ("System", "LastRuntimeUpgrade"),
        ];
        let keys = keys.into_iter().map(|(pallet, entry)| {
            let storage = at.storage();
            let entry = storage.entry(dynamic::storage::<(), dynamic::Value>(pallet, entry))?;
            Ok(format!("0x{}", hex::encode(entry.fetch_key(())?)))
        });
        Ok(Self { rpc, keys: keys.collect::<Result<_>>()? })
    }

    /// The four values of each block of a range.
    pub async fn blocks<T>(&self, range: RangeInclusive<u64>) -> Result<Vec<T>>
    where
        T: DeserializeOwned + Debug + 'static,
    {
        let numbers: Vec<u64> = range.collect();
        let hashes: Vec<String> =
            self.rpc.request("chain_getBlockHash", rpc_params![numbers]).await?;
        let mut requests = BatchRequestBuilder::new();
        for hash in &hashes {
            requests.insert("state_queryStorageAt", rpc_params![&self.keys, hash])?;
        }
        let answers = self.rpc.batch_request::<T>(requests).await?;
        answers
            .into_iter()
            .map(|answer| answer.map_err(|error| anyhow::anyhow!("{}", error.message())))
            .collect()
    }

    /// System.Events among the values of a block.
    pub fn events_of(&self, values: Values) -> Result<Option<Vec<u8>>> {
        let mut changes = values.into_iter().flat_map(|set| set.changes);
        let value = changes.find(|(key, _)| self.keys.first() == Some(key)).and_then(|(_, v)| v);
        let bytes = value.map(|value| hex::decode(value.trim_start_matches("0x")));
        bytes.transpose().context("System.Events")
    }

    async fn throw_away(
        &self,
        range: RangeInclusive<u64>,
        shape: (u64, usize),
    ) -> Result<Duration> {
        let began = Instant::now();
        let (size, in_flight) = shape;
        let last = *range.end();
        stream::iter(range.step_by(size as usize))
            .map(|from| self.blocks::<serde::de::IgnoredAny>(from..=last.min(from + size - 1)))
            .buffered(in_flight)
            .try_for_each(|_| async { Ok(()) })
            .await?;
        Ok(began.elapsed())
    }
}

/// How long a range of blocks took.
pub struct Best {
    /// The shortest time.
    pub took: Duration,
    /// In which shape that was: blocks in a batch, and batches on their way.
    pub shape: (u64, usize),
    /// How long the first try took, for which the node had nothing of them in memory.
    pub first: Duration,
}

/// Fetches the blocks of a range `tries` times in each shape.
pub async fn best(url: &str, range: RangeInclusive<u64>, tries: u32) -> Result<Best> {
    let chain = Chain::connect(url).await?;
    let mut best: Option<Best> = None;
    // By turns, so that a slow moment of the machine is not that of one shape.
    for shape in SHAPES.into_iter().cycle().take(SHAPES.len() * tries as usize) {
        // A connection of its own, as a program has it that starts.
        let reader = Reader::connect(url, &chain).await?;
        let took = reader.throw_away(range.clone(), shape).await?;
        let first = best.as_ref().map_or(took, |best| best.first);
        if best.as_ref().is_none_or(|best| took < best.took) {
            best = Some(Best { took, shape, first });
        }
    }
    best.context("no try")
}
