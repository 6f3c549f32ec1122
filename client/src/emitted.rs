//! What the contracts' pallet deposits in a block's events, read in one place: what contracts emit, and
//! which code they run.

use crate::{Account, Hash};

/// An event that a contract emitted, as the chain stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedEvent {
    /// Index of the record in the block's `System.Events`.
    pub index: u32,
    /// Index in the block of the extrinsic that it belongs to; `None` when it belongs to none.
    pub extrinsic: Option<u32>,
    /// Who emitted it.
    pub contract: Account,
    /// Its topics; the first is the signature topic.
    pub topics: Vec<[u8; 32]>,
    /// All fields, SCALE-encoded.
    pub data: Vec<u8>,
}

/// A record that a contract runs another code from here on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRecord {
    /// The contract was made; which code it runs is not said. What its constructor emitted comes before.
    Instantiated {
        /// Its address.
        contract: Account,
    },
    /// Its code was replaced.
    Updated {
        /// Its address.
        contract: Account,
        /// Hash of the code that it runs now. What it emits until the call in which this happened
        /// returns is still the old code's.
        new: Hash,
        /// Hash of the code that it ran.
        old: Hash,
    },
}

#[cfg(feature = "online")]
mod records;

#[cfg(feature = "online")]
pub use records::{Record, Records};

#[cfg(feature = "online")]
mod online {
    use parity_scale_codec::{Decode, DecodeAll as _};
    use subxt::events::Event;

    use super::{CodeRecord, EmittedEvent, Record};
    use crate::chain::Config;
    use crate::{Account, Hash};

    impl EmittedEvent {
        /// The record as what a contract emitted; `None` when it is of another kind.
        ///
        /// # Errors
        /// Why a record of that kind does not decode.
        pub fn of(record: &Event<'_, Config>) -> Result<Option<Self>, String> {
            Self::of_record(&record.into())
        }

        /// The same of a record of [`super::Records`].
        ///
        /// # Errors
        /// Why a record of that kind does not decode.
        pub fn of_record(record: &Record<'_>) -> Result<Option<Self>, String> {
            if record.pallet != "Contracts" || record.name != "ContractEmitted" {
                return Ok(None);
            }
            // ContractEmitted { contract: AccountId32, data: Vec<u8> }
            let (contract, data) = fields::<(Account, Vec<u8>)>(record)?;
            Ok(Some(Self {
                index: record.index,
                extrinsic: record.extrinsic,
                contract,
                topics: record.topics.clone(),
                data,
            }))
        }
    }

    impl CodeRecord {
        /// The record as what says which code a contract runs; `None` when it is of another kind.
        ///
        /// # Errors
        /// Why a record of that kind does not decode.
        pub fn of_record(record: &Record<'_>) -> Result<Option<Self>, String> {
            Ok(match (record.pallet, record.name) {
                // Instantiated { deployer: AccountId32, contract: AccountId32 }
                ("Contracts", "Instantiated") => {
                    let (_, contract) = fields::<(Account, Account)>(record)?;
                    Some(Self::Instantiated { contract })
                }
                // ContractCodeUpdated { contract: AccountId32, new_code_hash, old_code_hash: H256 }
                ("Contracts", "ContractCodeUpdated") => {
                    let (contract, new, old) = fields::<(Account, [u8; 32], [u8; 32])>(record)?;
                    Some(Self::Updated { contract, new: Hash(new), old: Hash(old) })
                }
                _ => None,
            })
        }
    }

    fn fields<T: Decode>(record: &Record<'_>) -> Result<T, String> {
        T::decode_all(&mut &*record.fields)
            .map_err(|error| format!("{} at index {}: {error}", record.name, record.index))
    }
}
