//! Anchored hashes of reports, in series.
//!
//! Invariants: only the account that anchored the first version continues a series; versions count
//! from 1 without gaps, and each names the head of the one before it; what was anchored never
//! changes, also when it is superseded or revoked; a version has at most one signature of its patient
//! and one of its doctor, each by that account itself and for the head that it named.
//!
//! A pause stops anchoring and signing. It does not stop `revoke`.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;
pub mod version;

#[ink::contract]
mod reports {
    use crate::data::{check_batch_size, Data, NewVersion, Version, SCHEMA_VERSION};
    use crate::errors::ReportsError;
    use assent_events::{role, Hash as Hash32};
    use assent_governance::{Governance, GovernanceError, Governed, State};
    use ink::prelude::vec::Vec;

    /// Roles that may anchor.
    const AUTHORS: u16 = role::DATA_OWNER | role::RESOURCE_HOLDER | role::PROVIDER;

    /// The contract's storage; the rules are in [`crate::data`].
    #[ink(storage)]
    pub struct Reports {
        participants: AccountId,
        governance: Governance,
        data: Data,
    }

    impl Reports {
        /// Starts with no report, governed by the caller. `participants` is the contract that answers
        /// admission checks; a handover and a replacement of the code wait for `delay` ms.
        ///
        /// Errors: `DelayTooLong`.
        #[ink(constructor)]
        pub fn new(participants: AccountId, delay: u64) -> Result<Self, GovernanceError> {
            let governance = Governance::new(Self::env().caller(), delay)?;
            Ok(Self { participants, governance, data: Data::new() })
        }

        /// Anchors the next version of a series: its number, the head of the version before it (zero
        /// for the first), the Merkle root over the chunks of the encrypted file, and who may sign
        /// for it. The caller is an active data owner, resource holder or provider; whoever anchors
        /// the first version owns the series.
        ///
        /// Events: `Anchored`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAdmitted`,
        /// `NotSeriesOwner`, `EmptyReport`, `InvalidChunks`, `SameParty`, `WrongSequence`,
        /// `WrongPrevious`.
        #[ink(message)]
        pub fn anchor(&mut self, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let may_anchor = self.may_anchor(caller)?;
            let event = self.data.anchor(caller, now, may_anchor, &new)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Anchors 1 to 16 versions as `anchor` does, in order and all or none. A version may
        /// continue one before it in the batch.
        ///
        /// Events: `Anchored` for each. Errors, first wins: `Paused`, `BatchSize`,
        /// `ParticipantsFailed`, then those of `anchor` for the first version that has one.
        #[ink(message)]
        pub fn anchor_batch(&mut self, versions: Vec<NewVersion>) -> Result<(), ReportsError> {
            self.check_running()?;
            check_batch_size(&versions)?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let may_anchor = self.may_anchor(caller)?;
            let events = self.data.anchor_batch(caller, now, may_anchor, &versions)?;
            for event in events {
                self.env().emit_event(event);
            }
            Ok(())
        }

        /// Anchors the next version as `anchor` does, as the correction of the latest one, which is
        /// marked and stays on record; that one may have been revoked.
        ///
        /// Events: `Anchored`, `Superseded`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotAdmitted`, `NotSeriesOwner`, `NothingToSupersede`, `EmptyReport`, `InvalidChunks`,
        /// `SameParty`, `WrongSequence`, `WrongPrevious`.
        #[ink(message)]
        pub fn supersede(&mut self, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let may_anchor = self.may_anchor(caller)?;
            let (anchored, superseded) = self.data.supersede(caller, now, may_anchor, &new)?;
            self.env().emit_event(anchored);
            self.env().emit_event(superseded);
            Ok(())
        }

        /// Revokes a version, with a salted commitment to the reason; it stays on record. The owner of
        /// its series only, also when suspended, and also in a pause.
        ///
        /// Events: `Revoked`. Errors, first wins: `UnknownVersion`, `NotSeriesOwner`,
        /// `AlreadyRevoked`.
        #[ink(message)]
        pub fn revoke(
            &mut self,
            series: Hash32,
            sequence: u32,
            reason: Hash32,
        ) -> Result<(), ReportsError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.data.revoke(caller, now, series, sequence, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Signs for a version as its patient or its doctor. The caller is an active participant, and
        /// names the `head` of the version, so that he signs what he saw.
        ///
        /// Events: `Countersigned`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotAdmitted`, `UnknownVersion`, `NotParty`, `AlreadyRevoked`, `AlreadySigned`.
        #[ink(message)]
        pub fn countersign(
            &mut self,
            series: Hash32,
            sequence: u32,
            head: Hash32,
        ) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let admitted = assent_traits::participants::is_admitted(self.participants, caller)
                .map_err(|_| ReportsError::ParticipantsFailed)?;
            let event = self.data.countersign(caller, now, admitted, series, sequence, head)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Whether the file of a version has, with `index` from 0, the chunk whose leaf hash is
        /// SHA-256(0x00 || chunk), by an inclusion proof of RFC 9162. It says nothing about whether
        /// the version still holds. A view, open to all.
        #[ink(message)]
        pub fn verify_chunk(
            &self,
            series: Hash32,
            sequence: u32,
            index: u64,
            leaf: Hash32,
            proof: Vec<Hash32>,
        ) -> bool {
            self.data.verify_chunk(series, sequence, index, leaf, &proof)
        }

        /// Whether a version has this `head`, computed anew from its fields, and continues the
        /// version before it, whose head is `previous` (zero for the first). A view, open to all.
        #[ink(message)]
        pub fn verify_link(
            &self,
            series: Hash32,
            sequence: u32,
            previous: Hash32,
            head: Hash32,
        ) -> bool {
            self.data.verify_link(series, sequence, previous, head)
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

        /// The versions of a series from number `from` on, at most `limit` and at most 32. A view,
        /// open to all.
        #[ink(message)]
        pub fn history(&self, series: Hash32, from: u32, limit: u32) -> Vec<Version> {
            self.data.history(series, from, limit)
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        fn check_running(&self) -> Result<(), ReportsError> {
            if self.governance.is_paused() {
                return Err(ReportsError::Paused);
            }
            Ok(())
        }

        fn may_anchor(&self, caller: AccountId) -> Result<bool, ReportsError> {
            assent_traits::participants::has_role(self.participants, caller, AUTHORS)
                .map_err(|_| ReportsError::ParticipantsFailed)
        }
    }

    impl Governed for Reports {
        #[ink(message)]
        fn pause(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.pause(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn unpause(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.unpause(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn propose_handover(&mut self, to: AccountId) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.propose_handover(caller, now, to, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_handover(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.cancel_handover(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn accept_handover(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.accept_handover(caller, now, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.announce_upgrade(caller, now, code_hash)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_upgrade(&mut self) -> Result<(), GovernanceError> {
            let event = self.governance.cancel_upgrade(self.env().caller())?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn apply_upgrade(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = self.governance.apply_upgrade(caller, now)?;
            self.env()
                .set_code_hash(&event.code_hash.into())
                .map_err(|_| GovernanceError::UnknownCode)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn governance(&self) -> State {
            self.governance.state()
        }

        #[ink(message)]
        fn schema_version(&self) -> u32 {
            SCHEMA_VERSION
        }
    }
}
