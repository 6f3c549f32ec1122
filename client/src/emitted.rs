//! What contracts emit: the pallet's `ContractEmitted` records, read in one place.

use crate::Account;

/// An event that a contract emitted, as the chain stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedEvent {
    /// Index of the record in the block's `System.Events`.
    pub index: u32,
    /// Who emitted it.
    pub contract: Account,
    /// Its topics; the first is the signature topic.
    pub topics: Vec<[u8; 32]>,
    /// All fields, SCALE-encoded.
    pub data: Vec<u8>,
}

#[cfg(feature = "online")]
mod online {
    use parity_scale_codec::DecodeAll;
    use subxt::events::Event;

    use super::EmittedEvent;
    use crate::Account;
    use crate::chain::Config;

    impl EmittedEvent {
        /// The record as what a contract emitted; `None` when it is of another kind.
        ///
        /// # Errors
        /// Why a record of that kind does not decode.
        pub fn of(record: &Event<'_, Config>) -> Result<Option<Self>, String> {
            if record.pallet_name() != "Contracts" || record.event_name() != "ContractEmitted" {
                return Ok(None);
            }
            // ContractEmitted { contract: AccountId32, data: Vec<u8> }
            let (contract, data) = <(Account, Vec<u8>)>::decode_all(&mut record.field_bytes())
                .map_err(|error| format!("ContractEmitted at index {}: {error}", record.index()))?;
            Ok(Some(Self {
                index: record.index(),
                contract,
                topics: record.topics().iter().map(|topic| topic.0).collect(),
                data,
            }))
        }
    }
}
