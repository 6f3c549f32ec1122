//! Carbon credits: batches with serial ranges, holdings, retirement. One unit is one thousandth of a
//! credit.
//!
//! Invariants, per batch: units issued = all tradable units + all retired units; serial ranges never
//! overlap; retired units never come back.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;

#[ink::contract]
mod carbon {
    use crate::data::{Batch, Data, Holding, NewBatch};
    use crate::errors::CarbonError;
    use assent_events::Hash as Hash32;

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Carbon {
        participants: AccountId,
        registry: AccountId,
        data: Data,
    }

    impl Carbon {
        /// Starts with no batch; the caller is the registry. `participants` is the contract that
        /// answers admission checks.
        #[ink(constructor)]
        pub fn new(participants: AccountId) -> Self {
            Self { participants, registry: Self::env().caller(), data: Data::new() }
        }

        /// Issues `amount` units to `to`, an admitted participant; gives the number of the batch.
        /// The vintage is in ms since 1970; `project` commits to the project's documents. Registry
        /// only.
        ///
        /// Events: `BatchIssued`. Errors, first wins: `NotRegistry`, `InvalidVintage`,
        /// `ZeroAmount`, `ParticipantsFailed`, `NotAdmitted`, `SerialsExhausted`.
        #[ink(message)]
        pub fn issue_batch(
            &mut self,
            to: AccountId,
            project: Hash32,
            vintage_start: u64,
            vintage_end: u64,
            amount: u128,
        ) -> Result<u64, CarbonError> {
            if self.env().caller() != self.registry {
                return Err(CarbonError::NotRegistry);
            }
            let batch = NewBatch { to, project, vintage_start, vintage_end, amount };
            batch.check()?;
            let admitted = self.is_admitted(to)?;
            let event = self.data.issue(admitted, batch)?;
            let number = event.batch;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Moves tradable units of the caller to `to`; both are admitted participants.
        ///
        /// Events: `Transferred`. Errors, first wins: `ParticipantsFailed`, `NotAdmitted` (either
        /// side), `ZeroAmount`, `SelfTransfer`, `UnknownBatch`, `InsufficientBalance`.
        #[ink(message)]
        pub fn transfer(
            &mut self,
            batch: u64,
            to: AccountId,
            amount: u128,
        ) -> Result<(), CarbonError> {
            let caller = self.env().caller();
            let admitted = self.is_admitted(caller)? && self.is_admitted(to)?;
            let event = self.data.transfer(caller, admitted, batch, to, amount)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Retires tradable units of the caller for good; also a suspended holder may. `reason`
        /// commits to what they offset.
        ///
        /// Events: `Retired`. Errors, first wins: `ZeroAmount`, `UnknownBatch`,
        /// `InsufficientBalance`.
        #[ink(message)]
        pub fn retire(
            &mut self,
            batch: u64,
            amount: u128,
            reason: Hash32,
        ) -> Result<(), CarbonError> {
            let event = self.data.retire(self.env().caller(), batch, amount, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// A batch by number. A view, open to all.
        #[ink(message)]
        pub fn batch(&self, id: u64) -> Option<Batch> {
            self.data.batch(id)
        }

        /// What `owner` holds of a batch. A view, open to all.
        #[ink(message)]
        pub fn balance_of(&self, batch: u64, owner: AccountId) -> Holding {
            self.data.balance_of(batch, owner)
        }

        /// The account that issues batches. A view, open to all.
        #[ink(message)]
        pub fn registry(&self) -> AccountId {
            self.registry
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        fn is_admitted(&self, account: AccountId) -> Result<bool, CarbonError> {
            assent_traits::participants::is_admitted(self.participants, account)
                .map_err(|_| CarbonError::ParticipantsFailed)
        }
    }
}
