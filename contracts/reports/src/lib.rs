//! Anchored hashes of reports, in series.
//!
//! Invariants: a series is its owner's, who alone continues it, himself, by his staff or by a guardian;
//! versions count from 1 without gaps, and each names the head of the one before it; a head covers all
//! that was anchored, its owner, the contract and the chain; what was anchored never changes, also when
//! it is superseded or revoked; a version has at most one signature of its patient and one of its doctor,
//! each by that account itself or its staff, the patient's also by a guardian of his, and for the head
//! that it named; nobody acts for another without a mandate for it that is in force; an audit is not by
//! anyone whom the version names or who owns it or acts for its owner or its doctor, and has at most
//! one result, by the auditor who opened it.
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
    use assent_events::Hash as Hash32;
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
    use assent_traits::participants::{self, Admission};
    use ink::prelude::vec::Vec;

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

        /// Anchors the next version of a series of `owner`: its number, the head of the version before
        /// it (zero for the first), the Merkle root over the chunks of the encrypted file, and who may
        /// sign for it; a series may be about no patient. The own key of an active data owner, resource
        /// holder or provider, one of its staff that may anchor, or a guardian of his, who anchors only
        /// what has his ward as its patient. What others call their series does not matter.
        ///
        /// Events: `Anchored`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAuthorized`,
        /// `NotAdmitted`, `EmptyReport`, `InvalidChunks`, `SameParty`, `WrongSequence`,
        /// `WrongPrevious`.
        #[ink(message)]
        pub fn anchor(&mut self, owner: AccountId, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, admission) = self.admission(owner, owner)?;
            let now = self.now();
            let event = self.data.anchor(caller, now, admission, owner, &new)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Anchors 1 to 16 versions as `anchor` does, in order and all or none. A version may
        /// continue one before it in the batch.
        ///
        /// Events: `Anchored` for each. Errors, first wins: `Paused`, `BatchSize`,
        /// `ParticipantsFailed`, then those of `anchor` for the first version that has one.
        #[ink(message)]
        pub fn anchor_batch(
            &mut self,
            owner: AccountId,
            versions: Vec<NewVersion>,
        ) -> Result<(), ReportsError> {
            self.check_running()?;
            check_batch_size(&versions)?;
            let (caller, admission) = self.admission(owner, owner)?;
            let now = self.now();
            let events = self.data.anchor_batch(caller, now, admission, owner, &versions)?;
            for event in events {
                self.env().emit_event(event);
            }
            Ok(())
        }

        /// Anchors the next version as `anchor` does, as the correction of the latest one, which is
        /// marked and stays on record; that one may have been revoked.
        ///
        /// Events: `Anchored`, `Superseded`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotAuthorized`, `NotAdmitted`, `NothingToSupersede`, `EmptyReport`, `InvalidChunks`,
        /// `SameParty`, `WrongSequence`, `WrongPrevious`.
        #[ink(message)]
        pub fn supersede(&mut self, owner: AccountId, new: NewVersion) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, admission) = self.admission(owner, owner)?;
            let now = self.now();
            let (anchored, superseded) =
                self.data.supersede(caller, now, admission, owner, &new)?;
            self.env().emit_event(anchored);
            self.env().emit_event(superseded);
            Ok(())
        }

        /// Revokes a version of a series of `owner`, with a salted commitment to the reason; it stays on
        /// record. The owner's own key, one of its staff that may anchor, or a guardian of his if the
        /// ward is its patient; also when he is suspended, and also in a pause.
        ///
        /// Events: `Revoked`. Errors, first wins: `ParticipantsFailed` (never to the owner's own
        /// account), `NotAuthorized`, `UnknownVersion`, `NotAuthorized` (a guardian, about another
        /// patient), `AlreadyRevoked`.
        #[ink(message)]
        pub fn revoke(
            &mut self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            reason: Hash32,
        ) -> Result<(), ReportsError> {
            // What takes back waits for no other contract.
            let own = self.env().caller();
            let (caller, admission) = match self.admission(owner, owner) {
                Err(ReportsError::ParticipantsFailed) if own == owner => {
                    (own, Admission::unanswered(true))
                }
                answer => answer?,
            };
            let (now, for_owner) = (self.now(), admission.for_subject);
            let key = (owner, series, sequence);
            let event = self.data.revoke(caller, now, for_owner, key, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Signs for a version in the name of `signer`, its patient or its doctor, an active participant.
        /// His own key, one of his staff that may sign, or for a patient a guardian of his; it names the
        /// `head` of the version, so that it signs what it saw, as the owner anchored it. Until its
        /// patient signs, whom a version is about is what its owner claims.
        ///
        /// Events: `Countersigned`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotAuthorized`, `NotAdmitted`, `UnknownVersion`, `NotParty`, `AlreadyRevoked`,
        /// `AlreadySigned`.
        #[ink(message)]
        pub fn countersign(
            &mut self,
            signer: AccountId,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            head: Hash32,
        ) -> Result<(), ReportsError> {
            self.check_running()?;
            let (caller, admission) = self.admission(signer, signer)?;
            let now = self.now();
            let key = (owner, series, sequence);
            let event = self.data.countersign(caller, now, admission, signer, key, head)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Opens an audit of whether the encrypted file of a version is still kept, whole, and gives
        /// its number. `commitment` is SHA-256 of a nonce of 32 random bytes; the challenge is drawn
        /// from that and from the hash of the next block. The caller is an active auditor who neither
        /// owns the series nor is the version's patient or doctor, and acts for neither owner nor doctor;
        /// the version may be superseded or revoked.
        ///
        /// Events: `AuditOpened`. Errors, first wins: `Paused`, `UnknownVersion`,
        /// `ParticipantsFailed`, `NotAuthorized` (the key was replaced), `NotAuditor`, `OwnAudit`, `TooMany`.
        #[ink(message)]
        pub fn open_audit(
            &mut self,
            owner: AccountId,
            series: Hash32,
            sequence: u32,
            commitment: Hash32,
        ) -> Result<u64, ReportsError> {
            self.check_running()?;
            let (now, block) = (self.now(), self.env().block_number());
            let key = (owner, series, sequence);
            let doctor = self.data.known_version(key)?.doctor;
            let (caller, admission) = self.admission(owner, doctor)?;
            let event = self.data.open_audit(caller, now, block, admission, key, commitment)?;
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
        /// Events: `AuditRecorded`. Errors, first wins: `ParticipantsFailed`, `NotAuthorized` (the key was
        /// replaced), `UnknownAudit`, `NotAuditor` (of this audit),
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
            let caller = participants::subject_of(self.participants, self.env().caller())
                .map_err(|_| ReportsError::ParticipantsFailed)?
                .ok_or(ReportsError::NotAuthorized)?;
            let (now, block) = (self.now(), self.env().block_number());
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

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        /// As whom the caller acts, how he and these two stand, and what he may do for them.
        fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<(AccountId, Admission), ReportsError> {
            let caller = self.env().caller();
            let admission = participants::admission(self.participants, subject, other, caller)
                .map_err(|_| ReportsError::ParticipantsFailed)?;
            Ok((admission.acting.ok_or(ReportsError::NotAuthorized)?, admission))
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
            let (caller, now) = (self.env().caller(), self.now());
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
            let (caller, now) = (self.env().caller(), self.now());
            let event = self.governance.accept_handover(caller, now, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = (self.env().caller(), self.now());
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
            let (caller, now) = (self.env().caller(), self.now());
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
