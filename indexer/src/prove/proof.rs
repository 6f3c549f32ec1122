//! A proof as a file, and its check, which needs nothing but the file and what the reader trusts.

use std::fmt;

use assent_client::bundle::blake2_256;
use assent_client::{Account, EmittedEvent, Hash};
use serde::{Deserialize, Serialize};
use subxt::config::substrate::{H256, SubstrateHeader};
use subxt::ext::codec::{Compact, Decode as _, Encode as _};
use subxt::rpcs::methods::legacy::Bytes;

use super::CheckError;
use super::runtime::Runtime;
use super::trie::{EVENTS, Key, LAST_UPGRADE, values};

/// What a file says of its form.
const FORM: &str = "assent event proof 1";

/// A header as `chain_getHeader` gives it.
pub(super) type Header = SubstrateHeader<H256>;

/// That an event stands in a block. All that is read of the state is proven against the root in the header,
/// and the header against the hash of the block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    form: String,
    block_hash: Hash,
    /// As `chain_getHeader` gives it. BLAKE2b-256 over its SCALE encoding is the hash of the block.
    header: Header,
    keys: Keys,
    /// Nodes of the state's trie, as `state_getReadProof` gives them for both keys.
    nodes: Vec<Bytes>,
    event: ProvenEvent,
    runtime: ProvenRuntime,
}

/// The keys of the state whose values are proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    #[serde(rename = "System.Events")]
    events: Bytes,
    #[serde(rename = "System.LastRuntimeUpgrade")]
    last_upgrade: Bytes,
}

/// The event: the record `Contracts.ContractEmitted` at an index of `System.Events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvenEvent {
    index: u32,
    /// Index in the block of the extrinsic that it belongs to; null: to none.
    extrinsic: Option<u32>,
    contract: Account,
    topics: Vec<Hash>,
    data: Bytes,
}

/// The runtime that made the block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvenRuntime {
    /// Its version, as `System.LastRuntimeUpgrade` says.
    spec_version: u32,
    /// BLAKE2b-256 of the metadata.
    metadata_hash: Hash,
    /// As `state_getMetadata` gives it for the block below: not proven by the state.
    metadata: Bytes,
}

/// What the reader of a proof trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trusted {
    /// The hash of the block.
    pub block_hash: Hash,
    /// The hash of the runtime's metadata; `None`: whatever the proof brings.
    pub metadata_hash: Option<Hash>,
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// Height of the block.
    pub block_number: u64,
    /// Its hash.
    pub block_hash: Hash,
    /// The event.
    pub event: EmittedEvent,
    /// The version of the runtime that made the block.
    pub spec_version: u32,
    /// The hash of the metadata that the records were read with.
    pub metadata_hash: Hash,
    /// Is that the one that is trusted?
    pub metadata_is_trusted: bool,
}

/// What a header and nodes prove of a block.
#[derive(Debug)]
pub(super) struct State {
    /// The value of System.Events.
    pub(super) records: Vec<u8>,
    /// The version of the runtime that made the block.
    pub(super) spec_version: u32,
}

impl State {
    /// What is proven of the block with this hash.
    ///
    /// Errors: [`CheckError`].
    pub(super) fn of(
        block_hash: Hash,
        header: &Header,
        nodes: &[Vec<u8>],
    ) -> Result<Self, CheckError> {
        let found = Hash(blake2_256(&header.encode()));
        if found != block_hash {
            return Err(CheckError::OtherHeader { found, trusted: block_hash });
        }
        let root = Hash(header.state_root.0);
        let [records, upgrade] = values(root, nodes, [EVENTS, LAST_UPGRADE])?;
        // The runtime's name follows.
        let spec_version = <Compact<u32>>::decode(&mut &upgrade[..])
            .map_err(|error| CheckError::Version { reason: error.to_string() })?
            .0;
        Ok(Self { records, spec_version })
    }
}

impl Proof {
    /// A proof of what was found; [`Self::check`] tells whether it holds.
    pub(super) fn new(
        block_hash: Hash,
        header: Header,
        nodes: Vec<Vec<u8>>,
        event: EmittedEvent,
        runtime: &Runtime,
    ) -> Self {
        let EmittedEvent { index, extrinsic, contract, topics, data } = event;
        let topics = topics.into_iter().map(Hash).collect();
        Self {
            form: FORM.to_owned(),
            block_hash,
            header,
            keys: Keys {
                events: Bytes(EVENTS.bytes.to_vec()),
                last_upgrade: Bytes(LAST_UPGRADE.bytes.to_vec()),
            },
            nodes: nodes.into_iter().map(Bytes).collect(),
            event: ProvenEvent { index, extrinsic, contract, topics, data: Bytes(data) },
            runtime: ProvenRuntime {
                spec_version: runtime.spec_version,
                metadata_hash: runtime.metadata_hash,
                metadata: Bytes(runtime.metadata.clone()),
            },
        }
    }

    /// A proof from the text of its file.
    ///
    /// # Errors
    ///
    /// [`CheckError::Form`].
    pub fn parse(text: &str) -> Result<Self, CheckError> {
        let form = |reason: String| CheckError::Form { reason };
        let proof: Self = serde_json::from_str(text).map_err(|error| form(error.to_string()))?;
        if proof.form != FORM {
            return Err(form(format!("its form is `{}`, but `{FORM}` is known", proof.form)));
        }
        Ok(proof)
    }

    /// The text of its file.
    ///
    /// # Errors
    ///
    /// [`CheckError::Form`], which a proof never gives.
    pub fn text(&self) -> Result<String, CheckError> {
        let text = serde_json::to_string_pretty(self);
        let text = text.map_err(|error| CheckError::Form { reason: error.to_string() })?;
        Ok(text + "\n")
    }

    /// What it shows to a reader who trusts the hash of the block.
    ///
    /// # Errors
    ///
    /// [`CheckError`]: what of it does not hold.
    pub fn check(&self, trusted: &Trusted) -> Result<Proven, CheckError> {
        let Self { block_hash, header, keys, nodes, event, runtime, .. } = self;
        if *block_hash != trusted.block_hash {
            let (found, trusted) = (*block_hash, trusted.block_hash);
            return Err(CheckError::OtherBlock { found, trusted });
        }
        keys.check()?;
        let nodes: Vec<Vec<u8>> = nodes.iter().map(|node| node.0.clone()).collect();
        let state = State::of(trusted.block_hash, header, &nodes)?;
        if runtime.spec_version != state.spec_version {
            let (proven, found) = (state.spec_version, runtime.spec_version);
            return Err(CheckError::OtherRuntime { proven, found });
        }
        let metadata_hash = runtime.check(trusted.metadata_hash)?;
        let runtime = Runtime::new(state.spec_version, runtime.metadata.0.clone())?;
        let found = runtime.event(&state.records, event.index)?;
        if let Some(what) = event.difference(&found) {
            return Err(CheckError::OtherEvent { index: event.index, what });
        }
        Ok(Proven {
            block_number: header.number,
            block_hash: *block_hash,
            event: found,
            spec_version: state.spec_version,
            metadata_hash,
            metadata_is_trusted: trusted.metadata_hash.is_some(),
        })
    }
}

impl Keys {
    fn check(&self) -> Result<(), CheckError> {
        let same = |key: Key, found: &Bytes| {
            if found.0 == key.bytes { Ok(()) } else { Err(CheckError::OtherKey { key: key.name }) }
        };
        same(EVENTS, &self.events)?;
        same(LAST_UPGRADE, &self.last_upgrade)
    }
}

impl ProvenEvent {
    /// What of it is another in the block.
    fn difference(&self, found: &EmittedEvent) -> Option<&'static str> {
        let mut topics = self.topics.iter().map(|topic| topic.0);
        let same_topics = self.topics.len() == found.topics.len()
            && found.topics.iter().all(|topic| topics.next() == Some(*topic));
        if self.contract != found.contract {
            Some("contract")
        } else if self.extrinsic != found.extrinsic {
            Some("extrinsic")
        } else if !same_topics {
            Some("list of topics")
        } else if self.data.0 != found.data {
            Some("list of bytes")
        } else {
            None
        }
    }
}

impl ProvenRuntime {
    /// Whether its metadata is what it says, and what is trusted; gives the hash.
    fn check(&self, trusted: Option<Hash>) -> Result<Hash, CheckError> {
        let found = Hash(blake2_256(&self.metadata.0));
        match [Some(self.metadata_hash), trusted].into_iter().flatten().find(|hash| *hash != found)
        {
            Some(expected) => Err(CheckError::OtherMetadata { found, expected }),
            None => Ok(found),
        }
    }
}

impl fmt::Display for Proven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block_number, block_hash, event, spec_version, metadata_hash, .. } = self;
        let EmittedEvent { index, contract, topics, data, .. } = event;
        writeln!(f, "proven: event {block_number}-{index} of contract {contract}")?;
        for topic in topics {
            writeln!(f, "  topic {}", Hash(*topic))?;
        }
        writeln!(f, "  data  0x{}", const_hex::encode(data))?;
        writeln!(f, "as block {block_hash} is trusted")?;
        let how = if self.metadata_is_trusted {
            "which is trusted"
        } else {
            "which the file brings: compare it with that of a trusted node, or give it as --metadata-hash"
        };
        writeln!(f, "and the metadata {metadata_hash} of runtime version {spec_version}, {how}")
    }
}
