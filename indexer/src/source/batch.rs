//! A run of blocks in one request a block, all in one batch.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use assent_client::{CodeRecord, EmittedEvent, Hash, Records};
use jsonrpsee::rpc_params;
use serde::Deserialize;
use subxt::Metadata;
use subxt::ext::codec::{Compact, Decode, DecodeAll as _};

use super::connection::{Connection, Keys, Runtime};
use super::{SourceError, codes, extrinsics};
use crate::decode::{Decoded, Decoder};
use crate::store::Block;
use crate::thread::OnThread;

/// Blocks in a batch at most.
pub(super) const MOST: u64 = 256;

/// How many blocks go into a batch. It is halved when the node does not answer one, and grows again with
/// each that it does.
pub(super) struct BatchSize(AtomicU64);

impl Default for BatchSize {
    fn default() -> Self {
        Self(AtomicU64::new(MOST))
    }
}

impl BatchSize {
    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn grow(&self) {
        self.0.store((self.get() + 1).min(MOST), Ordering::Relaxed);
    }

    pub(super) fn shrink(&self) {
        self.0.store((self.get() / 2).max(1), Ordering::Relaxed);
    }
}

/// What `state_queryStorageAt` answers: a list of one of these.
#[derive(Debug, Deserialize)]
struct ChangeSet {
    changes: Vec<(String, Option<String>)>,
}

/// A block, and what its events are.
pub(super) type Decoding = (Block, Vec<Decoded>);

/// The blocks of a range, with what contracts emitted; all must be finalized. Of contracts outside the
/// manifest there are `foreign` events of a block at most.
///
/// Errors: [`SourceError`].
pub(super) async fn fetch(
    connection: &Connection,
    decoder: &Arc<Decoder>,
    foreign: u32,
    range: RangeInclusive<u64>,
) -> Result<Vec<Decoding>, SourceError> {
    let first = *range.start();
    let hashes = connection.hashes(range.clone()).await?;
    let keys = connection.keys();
    let asked = [&keys.events, &keys.now, &keys.parent_hash, &keys.last_upgrade];
    let each = hashes.iter().map(|hash| rpc_params![asked, hash]);
    let answers: Vec<Vec<ChangeSet>> =
        connection.batch("state_queryStorageAt", each, first).await?;
    let mut raw = Vec::with_capacity(hashes.len());
    for ((number, hash), answer) in range.zip(hashes).zip(answers) {
        let state =
            State::of(answer, keys).map_err(|reason| SourceError::Answer { number, reason })?;
        let (Some(time_ms), Some(parent_hash)) = (state.time_ms, state.parent_hash) else {
            return Err(SourceError::NoState { number });
        };
        // Absent events and no events look the same here; the time says that the state is there.
        let events = match state.events {
            Some(bytes) => {
                Some((connection.runtime(state.spec_version, parent_hash).await?, bytes))
            }
            None => None,
        };
        raw.push((Block::without_events(number, hash, parent_hash, time_ms), events));
    }
    // Most of the work of a block, beside which others are fetched and written.
    let decoder = decoder.clone();
    let decoding = OnThread::begin(move || {
        let decoded =
            raw.into_iter().map(|(block, events)| decode(block, events, &decoder, foreign));
        decoded.collect::<Result<Vec<_>, _>>()
    });
    let decoded = decoding.end().await?;
    let (mut blocks, records): (Vec<Decoding>, Vec<_>) = decoded.into_iter().unzip();
    extrinsics::add(connection, blocks.iter_mut().map(|(block, _)| block)).await?;
    for ((block, _), records) in blocks.iter_mut().zip(records) {
        block.codes = codes::changes(connection, block.hash, records).await?;
    }
    Ok(blocks)
}

fn decode(
    mut block: Block,
    events: Option<(Arc<Runtime>, Vec<u8>)>,
    decoder: &Decoder,
    foreign: u32,
) -> Result<(Decoding, Vec<(u32, CodeRecord)>), SourceError> {
    let mut codes = Vec::new();
    if let Some((runtime, bytes)) = events {
        let records = Found::among(runtime.metadata_ref(), &bytes, decoder, foreign);
        let number = block.number;
        let records = records.map_err(|reason| SourceError::Events { number, reason })?;
        (block.events, block.left_out, codes) = (records.emitted, records.left_out, records.codes);
    }
    let decoded = decoder.decode_all(&block);
    Ok(((block, decoded), codes))
}

/// What is read of the state after a block.
struct State {
    events: Option<Vec<u8>>,
    time_ms: Option<u64>,
    parent_hash: Option<Hash>,
    /// Of the runtime that made the block.
    spec_version: u32,
}

impl State {
    fn of(answer: Vec<ChangeSet>, keys: &Keys) -> Result<Self, String> {
        let mut state = Self { events: None, time_ms: None, parent_hash: None, spec_version: 0 };
        for (key, value) in answer.into_iter().flat_map(|set| set.changes) {
            let Some(value) = value else { continue };
            let bytes = value
                .strip_prefix("0x")
                .and_then(|digits| const_hex::decode(digits).ok())
                .ok_or_else(|| format!("{key} is not in hexadecimal digits"))?;
            let wrong = |error| format!("{key} cannot be read: {error}");
            if key == keys.events {
                state.events = Some(bytes);
            } else if key == keys.now {
                state.time_ms = Some(u64::decode_all(&mut &bytes[..]).map_err(wrong)?);
            } else if key == keys.parent_hash {
                let hash = <[u8; 32]>::decode_all(&mut &bytes[..]).map_err(wrong)?;
                state.parent_hash = Some(Hash(hash));
            } else if key == keys.last_upgrade {
                // The runtime's name follows.
                state.spec_version = <Compact<u32>>::decode(&mut &bytes[..]).map_err(wrong)?.0;
            }
        }
        Ok(state)
    }
}

/// The records of the contracts' pallet in a block.
#[derive(Default)]
struct Found {
    emitted: Vec<EmittedEvent>,
    /// How many were emitted by others than the manifest's contracts above the limit.
    left_out: u32,
    /// With their indices.
    codes: Vec<(u32, CodeRecord)>,
}

impl Found {
    fn among(
        metadata: &Metadata,
        bytes: &[u8],
        decoder: &Decoder,
        foreign: u32,
    ) -> Result<Self, String> {
        let mut found = Self::default();
        let mut others = 0_u32;
        for record in Records::of(metadata, bytes)? {
            let record = record?;
            if let Some(emitted) = EmittedEvent::of_record(&record)? {
                let follows = decoder.follows(&emitted.contract);
                if follows || others < foreign {
                    others += u32::from(!follows);
                    found.emitted.push(emitted);
                } else {
                    found.left_out += 1;
                }
            } else if let Some(code) = CodeRecord::of_record(&record)? {
                found.codes.push((record.index, code));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_halved_and_grows_again() {
        let size = BatchSize::default();
        for expected in [128, 64, 32, 16, 8, 4, 2, 1, 1] {
            size.shrink();
            assert_eq!(size.get(), expected);
        }
        size.grow();
        assert_eq!(size.get(), 2);
        (0..MOST * 2).for_each(|_| size.grow());
        assert_eq!(size.get(), MOST);
    }

    fn keys() -> Keys {
        Keys {
            events: "0x01".to_owned(),
            now: "0x02".to_owned(),
            parent_hash: "0x03".to_owned(),
            last_upgrade: "0x04".to_owned(),
        }
    }

    fn state(changes: &[(&str, Option<&str>)]) -> Result<State, String> {
        let changes =
            changes.iter().map(|(key, value)| (key.to_string(), value.map(str::to_owned)));
        State::of(vec![ChangeSet { changes: changes.collect() }], &keys())
    }

    #[test]
    fn the_state_of_a_block_is_read_by_its_keys() {
        let parent = format!("0x{}", "ab".repeat(32));
        let found = state(&[
            ("0x04", Some("0x0c18617373656e74")),
            ("0x02", Some("0x0100000000000000")),
            ("0x01", Some("0x00")),
            ("0x03", Some(&parent)),
        ])
        .unwrap();
        assert_eq!((found.spec_version, found.time_ms), (3, Some(1)));
        assert_eq!(found.parent_hash, Some(Hash([0xab; 32])));
        assert_eq!(found.events, Some(vec![0]));
    }

    #[test]
    fn what_is_missing_is_told_from_what_is_wrong() {
        let none = state(&[("0x01", None), ("0x02", None)]).unwrap();
        assert_eq!((none.events, none.time_ms, none.parent_hash), (None, None, None));
        assert!(state(&[("0x02", Some("0x01"))]).is_err());
        assert!(state(&[("0x01", Some("ff"))]).is_err());
    }
}
