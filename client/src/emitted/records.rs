//! The records of a block's `System.Events`, one after the other. Which types their fields have says the
//! runtime's metadata; what is not read of them is skipped by it.

use parity_scale_codec::{Compact, Decode};
use subxt::Metadata;
use subxt::events::{Event, Phase};

use crate::chain::Config;
use crate::value::skip::skip;

/// A record, as far as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its index in the block.
    pub index: u32,
    /// Index in the block of the extrinsic that it belongs to; `None` when it belongs to none.
    pub extrinsic: Option<u32>,
    /// Which pallet deposited it.
    pub pallet: &'a str,
    /// Which of the pallet's events it is.
    pub name: &'a str,
    /// Its fields, SCALE-encoded.
    pub fields: &'a [u8],
    /// Its topics.
    pub topics: Vec<[u8; 32]>,
}

impl<'a> From<&'a Event<'_, Config>> for Record<'a> {
    fn from(event: &'a Event<'_, Config>) -> Self {
        Self {
            index: event.index(),
            extrinsic: extrinsic(event.phase()),
            pallet: event.pallet_name(),
            name: event.event_name(),
            fields: event.field_bytes(),
            topics: event.topics().iter().map(|topic| topic.0).collect(),
        }
    }
}

fn extrinsic(phase: Phase) -> Option<u32> {
    match phase {
        Phase::ApplyExtrinsic(index) => Some(index),
        Phase::Initialization | Phase::Finalization => None,
    }
}

/// The records of a block, in order. It ends with the first one that does not decode.
pub struct Records<'a> {
    metadata: &'a Metadata,
    rest: &'a [u8],
    next: u32,
    announced: u32,
}

impl<'a> Records<'a> {
    /// The records in the bytes of `System.Events`; `metadata` is of the runtime that wrote them.
    ///
    /// # Errors
    /// Why their number cannot be read.
    pub fn of(metadata: &'a Metadata, mut bytes: &'a [u8]) -> Result<Self, String> {
        let announced = <Compact<u32>>::decode(&mut bytes).map_err(|error| error.to_string())?.0;
        Ok(Self { metadata, rest: bytes, next: 0, announced })
    }

    fn record(&mut self) -> Result<Record<'a>, String> {
        let mut rest = self.rest;
        let phase = read::<Phase>(&mut rest)?;
        let (pallet_index, variant_index) = read::<(u8, u8)>(&mut rest)?;
        let pallet = self.metadata.pallet_by_event_index(pallet_index);
        let pallet = pallet.ok_or_else(|| format!("no pallet {pallet_index} has events"))?;
        let variant = pallet.event_variant_by_index(variant_index).ok_or_else(|| {
            format!("{} has no event with the index {variant_index}", pallet.name())
        })?;
        let from = rest;
        for field in &variant.fields {
            skip(&mut rest, field.ty.id, self.metadata.types())
                .map_err(|error| format!("{}.{}: {error}", pallet.name(), variant.name))?;
        }
        let fields = &from[..from.len() - rest.len()];
        let topics = read::<Vec<[u8; 32]>>(&mut rest)?;
        self.rest = rest;
        Ok(Record {
            index: self.next,
            extrinsic: extrinsic(phase),
            pallet: pallet.name(),
            name: &variant.name,
            fields,
            topics,
        })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.announced {
            return None;
        }
        let record = self.record().map_err(|error| {
            // Where the next one begins, nobody knows.
            let (index, announced) = (self.next, self.announced);
            self.next = announced;
            format!("record {index} of {announced}: {error}")
        });
        if record.is_ok() {
            self.next += 1;
        }
        Some(record)
    }
}

fn read<T: Decode>(bytes: &mut &[u8]) -> Result<T, String> {
    T::decode(bytes).map_err(|error| error.to_string())
}
