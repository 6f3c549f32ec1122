//! The runtime that made a block, by its metadata: where in the block's records one ends and the next begins.

use assent_client::bundle::blake2_256;
use assent_client::chain::Config as ChainConfig;
use assent_client::{EmittedEvent, Hash};
use subxt::client::{OfflineClient, OfflineClientAtBlock};
use subxt::config::SubstrateConfig;
use subxt::config::substrate::SpecVersionForRange;
use subxt::ext::codec::Decode as _;
use subxt::metadata::Metadata;

use super::CheckError;

/// What metadata of version 14 begins with; `state_getMetadata` gives no other.
const V14: &[u8] = b"meta\x0e";

/// A runtime.
#[derive(Debug)]
pub(super) struct Runtime {
    pub(super) spec_version: u32,
    /// Its metadata, as the node gave it.
    pub(super) metadata: Vec<u8>,
    /// BLAKE2b-256 of that.
    pub(super) metadata_hash: Hash,
    client: OfflineClientAtBlock<ChainConfig>,
}

impl Runtime {
    /// The runtime of this version; the metadata must say the same of itself.
    ///
    /// Errors: [`CheckError`].
    pub(super) fn new(spec_version: u32, metadata: Vec<u8>) -> Result<Self, CheckError> {
        let unusable = |reason: String| CheckError::Metadata { reason };
        if !metadata.starts_with(V14) {
            return Err(unusable("it is not of version 14".to_owned()));
        }
        let decoded =
            Metadata::decode_from(&metadata).map_err(|error| unusable(error.to_string()))?;
        let own = own_version(&decoded)
            .ok_or_else(|| unusable("it names no version of the runtime".to_owned()))?;
        if own != spec_version {
            return Err(CheckError::OtherRuntime { proven: spec_version, found: own });
        }
        let always =
            SpecVersionForRange { block_range: 0..u64::MAX, spec_version, transaction_version: 0 };
        let config = SubstrateConfig::builder()
            .set_spec_version_for_block_ranges([always])
            .set_metadata_for_spec_versions([(spec_version, decoded.arc())])
            .build();
        let client = OfflineClient::new_with_config(config)
            .at_block(0_u64)
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self { spec_version, metadata_hash: Hash(blake2_256(&metadata)), metadata, client })
    }

    /// The record at an index of `System.Events`, which must be what a contract emitted. All records are
    /// read, so that they are as many as the value says, and nothing follows them.
    ///
    /// Errors: [`CheckError`].
    pub(super) fn event(&self, records: &[u8], index: u32) -> Result<EmittedEvent, CheckError> {
        let unreadable = |reason: String| CheckError::Records { reason };
        let events = self.client.events().from_bytes(records.to_vec());
        let (mut found, mut seen, mut length) = (None, 0, 0);
        for event in events.iter() {
            let event = event.map_err(|error| unreadable(error.to_string()))?;
            if event.index() == index {
                found = EmittedEvent::of(&event).map_err(unreadable)?;
            }
            seen += 1;
            length += event.bytes().len();
        }
        // The number of records comes first, in one, two or four bytes.
        if seen != events.len() || !(1..=4).any(|count| count + length == records.len()) {
            let reason = format!("of {} that are announced, {seen} are there", events.len());
            return Err(unreadable(reason));
        }
        if index >= seen {
            return Err(CheckError::NoRecord { index, count: seen });
        }
        found.ok_or(CheckError::NotAContracts { index })
    }
}

/// The version in the constant System.Version.
fn own_version(metadata: &Metadata) -> Option<u32> {
    let version = metadata.pallet_by_name("System")?.constant_by_name("Version")?.value();
    // The names of specification and implementation, and the version of authoring, come before it.
    let (_, _, _, spec_version) = <(String, String, u32, u32)>::decode(&mut &version[..]).ok()?;
    Some(spec_version)
}
