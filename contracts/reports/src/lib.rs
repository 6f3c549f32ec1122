//! Anchored hashes of reports, in series.
//!
//! Invariants: only the account that anchored the first version continues a series; versions count
//! from 1 without gaps, each names the digest of the one before it, and none ever changes.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod reports {
    use crate::data::{Data, NewVersion, Version};
    use crate::errors::ReportsError;
    use assent_events::{role, Hash as Hash32};

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Reports {
        participants: AccountId,
        data: Data,
    }

    impl Reports {
        /// Starts with no report. `participants` is the contract that answers admission checks.
        #[ink(constructor)]
        pub fn new(participants: AccountId) -> Self {
            Self { participants, data: Data::new() }
        }

        /// Anchors the next version of a series: its number, the digest of the version before it
        /// (zero for the first), the SHA-256 of the file and its length in bytes. The caller is an
        /// active data owner, resource holder or provider; the first one owns the series.
        ///
        /// Events: `Anchored`. Errors, first wins: `ParticipantsFailed`, `NotAdmitted`,
        /// `NotSeriesOwner`, `EmptyReport`, `WrongSequence`, `WrongPrevious`.
        #[ink(message)]
        pub fn anchor(
            &mut self,
            series: Hash32,
            sequence: u32,
            previous: Hash32,
            digest: Hash32,
            byte_length: u64,
        ) -> Result<(), ReportsError> {
            let caller = self.env().caller();
            let may_anchor = assent_traits::participants::has_role(
                self.participants,
                caller,
                role::DATA_OWNER | role::RESOURCE_HOLDER | role::PROVIDER,
            )
            .map_err(|_| ReportsError::ParticipantsFailed)?;
            let version = NewVersion { series, sequence, previous, digest, byte_length };
            let now = self.env().block_timestamp();
            let event = self.data.anchor(caller, now, may_anchor, version)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// The latest version of a series. A view, open to all.
        #[ink(message)]
        pub fn head(&self, series: Hash32) -> Option<Version> {
            self.data.head(series)
        }

        /// A version of a series by number. A view, open to all.
        #[ink(message)]
        pub fn version(&self, series: Hash32, sequence: u32) -> Option<Version> {
            self.data.version(series, sequence)
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }
    }
}
