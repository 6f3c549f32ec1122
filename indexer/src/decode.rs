//! From the raw bytes of a contract's event to what it is: its name and JSON fields by the metadata of its
//! code, which are listed, and the typed event, which the projections follow.

use std::collections::{BTreeMap, HashMap};

use assent_client::bundle::Metadata;
use assent_client::manifest::Manifest;
use assent_client::{Account, EmittedEvent};
use assent_events::{Contract, DecodeError, Event};
use assent_mirror::fold::Projection;

use crate::store::Block;

/// What an event is.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Name of the contract in the manifest; `None` when it is not of the manifest.
    pub contract_name: Option<String>,
    /// What it is by the manifest's metadata. Where that does not know it, the code that its contract ran
    /// then may be another that is known.
    pub content: Option<Content>,
    /// As an event of one of our contracts; `None` when its contract is none of ours, and once it was taken
    /// to be folded.
    pub event: Option<Typed>,
}

/// An event by its contract's metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Its name.
    pub name: String,
    /// Its fields by name, as a JSON object.
    pub fields: String,
}

/// Which of our contracts emitted an event, and which event it is, or why this program does not know it.
pub type Typed = (Contract, Result<Event, DecodeError>);

/// Knows the contracts of a manifest by their addresses.
#[derive(Debug)]
pub struct Decoder {
    contracts: HashMap<Account, Followed>,
    ours: Ours,
}

/// Knows our contracts by their addresses.
#[derive(Debug, Clone)]
pub struct Ours(HashMap<Account, Contract>);

impl Ours {
    /// Those of our contracts that are among these, by address and name.
    pub fn among<'a>(contracts: impl IntoIterator<Item = (Account, &'a str)>) -> Self {
        let ours = contracts.into_iter();
        Self(ours.filter_map(|(at, name)| Some((at, Contract::from_name(name)?))).collect())
    }

    /// The addresses of the contracts that feed a projection.
    #[must_use]
    pub fn feeding(&self, projection: Projection) -> Vec<[u8; 32]> {
        let feeds = |contract| {
            projection == Projection::Governance || Projection::of_contract(contract) == projection
        };
        self.0.iter().filter(|(_, of)| feeds(**of)).map(|(at, _)| at.0).collect()
    }

    /// An event as one of our contracts; `None` when its contract is none of ours. Any contract can emit
    /// our topics: the address says which contract it is, then its topic which event.
    #[must_use]
    pub fn decode(&self, emitted: &EmittedEvent) -> Option<Typed> {
        let contract = *self.0.get(&emitted.contract)?;
        Some((contract, assent_events::decode(contract, &emitted.topics, &emitted.data)))
    }
}

#[derive(Debug)]
struct Followed {
    name: String,
    metadata: Metadata,
}

impl Decoder {
    /// A decoder for the contracts of `manifest`; `metadata` is by the same names.
    ///
    /// A contract without metadata is not followed; [`Manifest::bundles`] gives one for each.
    #[must_use]
    pub fn new(manifest: &Manifest, mut metadata: BTreeMap<String, Metadata>) -> Self {
        let entries = manifest.contracts.iter();
        let ours = Ours::among(entries.map(|(name, entry)| (entry.address, name.as_str())));
        let contracts = manifest
            .contracts
            .iter()
            .filter_map(|(name, entry)| {
                let metadata = metadata.remove(name)?;
                Some((entry.address, Followed { name: name.clone(), metadata }))
            })
            .collect();
        Self { contracts, ours }
    }

    /// Is this one of the manifest's contracts?
    #[must_use]
    pub fn follows(&self, address: &Account) -> bool {
        self.contracts.contains_key(address)
    }

    /// The metadata of the manifest's contracts.
    pub fn metadata(&self) -> impl Iterator<Item = &Metadata> {
        self.contracts.values().map(|followed| &followed.metadata)
    }

    /// Decodes an event.
    #[must_use]
    pub fn decode(&self, emitted: &EmittedEvent) -> Decoded {
        let followed = self.contracts.get(&emitted.contract);
        Decoded {
            contract_name: followed.map(|followed| followed.name.clone()),
            content: followed.and_then(|followed| content(&followed.metadata, emitted).ok()),
            event: self.ours.decode(emitted),
        }
    }

    /// Decodes all events of a block.
    #[must_use]
    pub fn decode_all(&self, block: &Block) -> Vec<Decoded> {
        block.events.iter().map(|event| self.decode(event)).collect()
    }

    /// Our contracts among them.
    #[must_use]
    pub fn ours(&self) -> &Ours {
        &self.ours
    }
}

/// What an event is by the metadata of its contract's code, or why it is nothing by that.
pub(crate) fn content(metadata: &Metadata, emitted: &EmittedEvent) -> Result<Content, String> {
    let written = metadata.event_json(&emitted.topics, &emitted.data);
    let (name, fields) = written.map_err(|error| error.to_string())?;
    Ok(Content { name, fields })
}
