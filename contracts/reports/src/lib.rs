//! Anchored hashes of reports, in series.
//!
//! Invariants: a series is its owner's, who alone continues it; versions count from 1 without gaps, and
//! each names the head of the one before it; a head covers all that was anchored, its owner, the
//! contract and the chain; what was anchored never changes, also when it is superseded or revoked; a
//! version has at most one signature of its patient and one of its doctor, each by that account itself
//! and for the head that it named; an audit is not by anyone whom the version names or who owns it, and
//! has at most one result, by the auditor who opened it.
//!
//! A pause stops anchoring, signing and the opening of audits. It does not stop `revoke`, nor the
//! result of an audit.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod audit;
pub mod data;
pub mod errors;
#[cfg(test)]
mod tests;
pub mod version;

#[ink::contract]
mod reports {
    use crate::audit::{Audit, Finding};
    use crate::data::{check_batch_size, Data, NewVersion, Version, SCHEMA_VERSION};
    use crate::errors::ReportsError;
    use assent_events::{role, Hash as Hash32};
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
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
        /// admission checks; a handover and a replacement of the code wait for `delay` ms; `genesis`
        /// is the hash of the chain's first block: with the contract's own account it makes the domain
        /// that the heads of all series begin with.
        ///
        /// Errors: `InvalidDelay`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            delay: u64,
            genesis: Hash32,
        ) -> Result<Self, GovernanceError> {
            let governance = Governance::new(Self::env().caller(), delay)?;
            let domain = assent_traits::domain(genesis, Self::env().account_id());
            Ok(Self { participants, governance, data: Data::new(domain) })
        }

        /// Anchors the next version of a series of the caller: its number, the head of the version
        /// before it (zero for the first), the Merkle root over the chunks of the encrypted file, and
        /// who may sign for it; a series may be about no patient. The caller is an active data owner,
        /// resource holder or provider. What others call their series does not matter.
        ///
        /// Events: `Anchored`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAdmitted`,
        /// `EmptyReport`, `InvalidChunks`, `SameParty`, `WrongSequence`, `WrongPrevious`.
        #[ink(message)]
        pub fn anchor(&mut self, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let may_anchor = self.has_role(caller, AUTHORS)?;
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
            let may_anchor = self.has_role(caller, AUTHORS)?;
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
        /// `NotAdmitted`, `NothingToSupersede`, `EmptyReport`, `InvalidChunks`, `SameParty`,
        /// `WrongSequence`, `WrongPrevious`.
        #[ink(message)]
        pub fn supersede(&mut self, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let may_anchor = self.has_role(caller, AUTHORS)?;
            let (anchored, superseded) = self.data.supersede(caller, now, may_anchor, &new)?;
            self.env().emit_event(anchored);
            self.env().emit_event(superseded);
            Ok(())
        }

        /// Revokes a version of a series of the caller, with a salted commitment to the reason; it stays
        /// on record. Also when he is suspended, and also in a pause.
        ///
        /// Events: `Revoked`. Errors, first wins: `UnknownVersion`, `AlreadyRevoked`.
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
        /// names the `head` of the version, so that he signs what he saw, as the owner anchored it.
        /// Until its patient signs, whom a version is about is what its owner claims.
        ///
        /// Events: `Countersigned`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotAdmitted`, `UnknownVersion`, `NotParty`, `AlreadyRevoked`, `AlreadySigned`.
        #[ink(message)]
        pub fn countersign(
            &mut self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            head: Hash32,
        ) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let admitted = assent_traits::participants::is_admitted(self.participants, caller)
                .map_err(|_| ReportsError::ParticipantsFailed)?;
            let key = (owner, series, sequence);
            let event = self.data.countersign(caller, now, admitted, key, head)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Opens an audit of whether the encrypted file of a version is still kept, whole, and gives
        /// its number. `commitment` is SHA-256 of a nonce of 32 random bytes; the challenge is drawn
        /// from that and from the hash of the next block. The caller is an active auditor who neither
        /// owns the series nor is the version's patient or doctor; the version may be superseded or
        /// revoked.
        ///
        /// Events: `AuditOpened`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAuditor`,
        /// `UnknownVersion`, `OwnAudit`, `TooMany`.
        #[ink(message)]
        pub fn open_audit(
            &mut self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            commitment: Hash32,
        ) -> Result<u64, ReportsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let block = self.env().block_number();
            let is_auditor = self.has_role(caller, role::AUDITOR)?;
            let key = (owner, series, sequence);
            let event = self.data.open_audit(caller, now, block, is_auditor, key, commitment)?;
            let audit = event.audit;
            self.env().emit_event(event);
            Ok(audit)
        }

        /// Records what an audit came to: the nonce, the hash of the audit's block, whether every chunk
        /// that the challenge names was there, and a salted commitment to the evidence. Who opened it,
        /// also when he is no auditor any more, and also in a pause; once, and after that block. The
        /// contract checks the nonce; whoever knows the chain can check the hash, and whoever is shown
        /// the evidence all of it.
        ///
        /// Events: `AuditRecorded`. Errors, first wins: `UnknownAudit`, `NotAuditor` (of this audit),
        /// `AlreadyRecorded`, `TooEarly`, `WrongNonce`.
        #[ink(message)]
        pub fn record_audit(
            &mut self,
            audit: u64,
            nonce: Hash32,
            block_hash: Hash32,
            passed: bool,
            evidence: Hash32,
        ) -> Result<(), ReportsError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let block = self.env().block_number();
            let finding = Finding { nonce, block_hash, passed, evidence };
            let event = self.data.record_audit(caller, now, block, audit, finding)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Whether the file of a version has, with `index` from 0, the chunk whose leaf hash is
        /// SHA-256(0x00 || chunk), by an inclusion proof of RFC 9162. It says nothing about whether
        /// the version still holds. A view, open to all.
        #[ink(message)]
        pub fn verify_chunk(
            &self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            index: u64,
            leaf: Hash32,
            proof: Vec<Hash32>,
        ) -> bool {
            self.data.verify_chunk((owner, series, sequence), index, leaf, &proof)
        }

        /// Whether a version has this `head`, computed anew from its fields, and continues the
        /// version before it, whose head is `previous` (zero for the first). A view, open to all.
        #[ink(message)]
        pub fn verify_link(
            &self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            previous: Hash32,
            head: Hash32,
        ) -> bool {
            self.data.verify_link((owner, series, sequence), previous, head)
        }

        /// The latest version of a series. A view, open to all.
        #[ink(message)]
        pub fn head(&self, owner: AccountId, series: Hash32) -> Option<Version> {
            self.data.head((owner, series))
        }

        /// A version of a series by number. A view, open to all.
        #[ink(message)]
        pub fn version(&self, owner: AccountId, series: Hash32, sequence: u32) -> Option<Version> {
            self.data.version((owner, series, sequence))
        }

        /// The versions of a series from number `from` on, at most `limit` and at most 32. A view,
        /// open to all.
        #[ink(message)]
        pub fn history(
            &self,
            owner: AccountId,
            series: Hash32,
            from: u32,
            limit: u32,
        ) -> Vec<Version> {
            self.data.history((owner, series), from, limit)
        }

        /// An audit by its number. A view, open to all.
        #[ink(message)]
        pub fn audit(&self, audit: u64) -> Option<Audit> {
            self.data.audit(audit)
        }

        /// What the contents of all heads begin with: BLAKE2b-256 of the genesis hash and of this
        /// contract's account. A view, open to all.
        #[ink(message)]
        pub fn domain(&self) -> Hash32 {
            self.data.domain()
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

        fn has_role(&self, caller: AccountId, roles: u16) -> Result<bool, ReportsError> {
            assent_traits::participants::has_role(self.participants, caller, roles)
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
            let event = upgrade::announce(&mut self.governance, caller, now, code_hash)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn cancel_upgrade(&mut self) -> Result<(), GovernanceError> {
            let caller = self.env().caller();
            let event = upgrade::cancel(&mut self.governance, caller)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn apply_upgrade(&mut self) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let event = upgrade::apply(&mut self.governance, caller, now, SCHEMA_VERSION)?;
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
