//! From the raw bytes of a contract's event to its name and JSON fields, by the contract's metadata.
//!
//! The layout of the events stands in the metadata alone; the handlers read the JSON made here.

use std::collections::{BTreeMap, HashMap};

use assent_client::bundle::Metadata;
use assent_client::manifest::Manifest;
use assent_client::{Account, EmittedEvent};
use serde_json::Value;

/// What the metadata makes of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Name of the contract in the manifest.
    pub contract_name: String,
    /// Name and fields of the event, or why it could not be decoded.
    pub content: Result<(String, Value), String>,
}

/// Knows the contracts of a manifest by their addresses.
#[derive(Debug)]
pub struct Decoder {
    contracts: HashMap<Account, (String, Metadata)>,
}

impl Decoder {
    /// A decoder for the contracts of `manifest`; `metadata` is by the same names.
    ///
    /// A contract without metadata is not followed; [`Manifest::bundles`] gives one for each.
    #[must_use]
    pub fn new(manifest: &Manifest, mut metadata: BTreeMap<String, Metadata>) -> Self {
        let contracts = manifest
            .contracts
            .iter()
            .filter_map(|(name, entry)| {
                Some((entry.address, (name.clone(), metadata.remove(name)?)))
            })
            .collect();
        Self { contracts }
    }

    /// Is this one of the manifest's contracts?
    #[must_use]
    pub fn follows(&self, address: &Account) -> bool {
        self.contracts.contains_key(address)
    }

    /// Decodes an event; `None` when its contract is not followed.
    #[must_use]
    pub fn decode(&self, event: &EmittedEvent) -> Option<Decoded> {
        let (contract_name, metadata) = self.contracts.get(&event.contract)?;
        let content = metadata
            .decode_event(&event.topics, &event.data)
            .map_err(|error| error.to_string())
            .and_then(|decoded| match decoded.to_json(metadata) {
                Ok(fields) => Ok((decoded.name, fields)),
                Err(error) => Err(error.to_string()),
            });
        Some(Decoded { contract_name: contract_name.clone(), content })
    }
}
