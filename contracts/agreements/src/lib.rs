//! Agreements between data owners and those who use their data, which no decision reads: proposals of
//! grants, and requests for erasure.
//!
//! Invariants: a proposal ends once, accepted, declined or withdrawn, and only while it is open; who
//! proposes is the grantee or one of its staff, and who answers is the owner or a guardian of his; an
//! accepted one names a grant that lived then, that the owner or a guardian had given, and that carried
//! its terms. A request for erasure is made when no grant between the two lives, by the owner or a
//! guardian; at most one of a pair waits for an answer, and each is answered at most once, by the
//! requester or one of its staff. No guardian acts on both sides. Nothing here permits anything: the
//! consent contract asks this one nothing.
//!
//! A pause stops proposing and accepting. It does not stop `withdraw`, `decline`, and what is about
//! erasure.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod erasures;
pub mod errors;
pub mod proposals;
#[cfg(test)]
mod tests;

#[ink::contract]
mod agreements {
    use crate::data::{Data, Times, SCHEMA_VERSION};
    use crate::erasures::Erasure;
    use crate::errors::AgreementsError;
    use crate::proposals::{Proposal, Terms};
    use assent_events::{agreements::GuardianActed, Hash as Hash32};
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
    use assent_traits::{
        consent::Grant,
        participants::{self, Admission},
    };
    use ink::prelude::vec::Vec;

    /// The contract's storage; the rules are in [`crate::proposals`] and [`crate::erasures`].
    #[ink(storage)]
    pub struct Agreements {
        participants: AccountId,
        consent: AccountId,
        governance: Governance,
        data: Data,
    }

    impl Agreements {
        /// Starts with no agreement, governed by the caller. `participants` is the contract that answers
        /// admission checks, `consent` the one that holds the grants. `times`: how long a handover and
        /// a replacement of the code wait, and how long a requester has to answer a request for
        /// erasure, 1 ms to 92 days.
        ///
        /// Errors: `InvalidTimes`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            consent: AccountId,
            times: Times,
        ) -> Result<Self, AgreementsError> {
            let governance = Governance::new(Self::env().caller(), times.delay)
                .map_err(|_| AgreementsError::InvalidTimes)?;
            Ok(Self { participants, consent, governance, data: Data::new(times)? })
        }

        /// Proposes the terms of a grant to their owner, an active data owner, who can accept them
        /// before `expires` (at most 92 days away, and no later than they end); gives the proposal's
        /// number. The grantee's own key, an active provider or researcher, or one of its staff that
        /// may sign, but neither the owner's nor a guardian's of his. The record is forgotten when the
        /// proposal is answered or withdrawn; the event keeps it.
        ///
        /// Events: `Proposed`. Errors, first wins: `Paused`, `ParticipantsFailed`, `SelfProposal`,
        /// `EmptyMask`, `InvalidPeriod`, `ZeroUses`, `InvalidExpiry`, `NotAuthorized` (first of them if the
        /// key was replaced), `RequesterNotAdmitted`, `OwnerNotAdmitted`, `TooMany`.
        #[ink(message)]
        pub fn propose(&mut self, terms: Terms, expires: u64) -> Result<u64, AgreementsError> {
            self.check_running()?;
            let (caller, admission) = self.admission(terms.owner, terms.grantee)?;
            let now = self.now();
            let event = self.data.propose(caller, now, admission, terms, expires)?;
            let proposal = event.proposal;
            self.env().emit_event(event);
            Ok(proposal)
        }

        /// Takes back a proposal that is still open. The requester's own key, or one of its staff that
        /// may sign. Open in a pause.
        ///
        /// Events: `ProposalWithdrawn`. Errors, first wins: `UnknownProposal`, `ParticipantsFailed`
        /// (never to the requester's own account), `NotAuthorized`, `ProposalClosed`.
        #[ink(message)]
        pub fn withdraw(&mut self, proposal: u64) -> Result<(), AgreementsError> {
            let requester = self.data.known_proposal(proposal)?.terms.grantee;
            let (caller, admission) = self.admission_or_own(requester, requester)?;
            let (now, for_requester) = (self.now(), admission.for_subject);
            let event = self.data.withdraw(caller, now, for_requester, proposal)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Puts on record that its owner accepts a proposal that is still open, and with it the policy: a
        /// grant that he gave himself, or a guardian of his, that lives, and that carries the proposed
        /// terms says so. `grant` names it; `None`: the newest that lives between the two. The owner, or a
        /// guardian of his who neither made it nor may sign for the requester. Whoever wants both at once
        /// sends `grant` to the consent contract and this in one batch.
        ///
        /// Events: `ProposalAccepted`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `Paused`, `UnknownProposal`, `ParticipantsFailed`, `NotAuthorized` (the key was replaced),
        /// `NotOwner`, `ProposalClosed`, `ConsentFailed`, `NotGranted`.
        #[ink(message)]
        pub fn accept(&mut self, proposal: u64, grant: Option<u64>) -> Result<(), AgreementsError> {
            self.check_running()?;
            let consent = self.consent;
            let live = |terms: &Terms| live_grants(consent, terms.owner, terms.grantee);
            let terms = self.data.known_proposal(proposal)?.terms;
            let (caller, admission) = self.admission(terms.owner, terms.grantee)?;
            let now = self.now();
            let (event, acted) = self.data.accept(caller, now, admission, live, proposal, grant)?;
            self.env().emit_event(event);
            self.emit_acted(acted);
            Ok(())
        }

        /// Declines a proposal that is still open. Its owner, or a guardian of his who neither made it nor
        /// may sign for the requester. `reason` is a salted commitment to why, if he says so. Open in a
        /// pause.
        ///
        /// Events: `ProposalDeclined`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `UnknownProposal`, `ParticipantsFailed` (never to the owner's own account), `NotAuthorized`
        /// (the key was replaced), `NotOwner`, `ProposalClosed`.
        #[ink(message)]
        pub fn decline(
            &mut self,
            proposal: u64,
            reason: Option<Hash32>,
        ) -> Result<(), AgreementsError> {
            let terms = self.data.known_proposal(proposal)?.terms;
            let (caller, admission) = self.admission_or_own(terms.owner, terms.grantee)?;
            let now = self.now();
            let (event, acted) = self.data.decline(caller, now, admission, proposal, reason)?;
            self.env().emit_event(event);
            self.emit_acted(acted);
            Ok(())
        }

        /// Asks `requester` to erase what it holds of `owner`, when no grant between the two lives; gives
        /// the request's number. Whoever was admitted once, also if he left or is suspended, for himself;
        /// a guardian of his, but no requester for his ward. At most one request of the two waits for an
        /// answer, also when the owner grants anew meanwhile. It shows no dealings of the two: an
        /// emergency needs no grant, so that whoever was admitted once may be asked. Open in a pause.
        ///
        /// Events: `ErasureRequested`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `ParticipantsFailed`, `SelfErasure`, `NotAuthorized` (before it if the key was replaced),
        /// `OwnerNotAdmitted`, `RequesterNotAdmitted` (both: never), `AlreadyRequested`,
        /// `ConsentFailed`, `GrantLive` (whoever gave it), `TooMany`.
        #[ink(message)]
        pub fn request_erasure(
            &mut self,
            owner: AccountId,
            requester: AccountId,
        ) -> Result<u64, AgreementsError> {
            let (caller, admission) = self.admission(owner, requester)?;
            let now = self.now();
            let consent = self.consent;
            let granted = || live_grants(consent, owner, requester).map(|live| !live.is_empty());
            let (event, acted) =
                self.data.request_erasure(caller, now, admission, granted, owner, requester)?;
            let erasure = event.erasure;
            self.env().emit_event(event);
            self.emit_acted(acted);
            Ok(erasure)
        }

        /// Answers a request for erasure, also an overdue one: the data are erased, or retained by law
        /// until a date (at most 30 years away); `evidence` is a salted commitment to what shows it. The
        /// requester's own key, or one of its staff that may sign, but who is neither the owner nor a
        /// guardian of his. An answer stands; what changes it is said in answer to the next request.
        /// Open in a pause.
        ///
        /// Events: `ErasureAnswered`. Errors, first wins: `UnknownErasure`, `ParticipantsFailed`,
        /// `NotAuthorized`, `AlreadyAnswered`, `InvalidRetention`.
        #[ink(message)]
        pub fn answer_erasure(
            &mut self,
            erasure: u64,
            retained_until: Option<u64>,
            evidence: Hash32,
        ) -> Result<(), AgreementsError> {
            let Erasure { owner, requester, .. } = self.data.known_erasure(erasure)?;
            let (caller, admission) = self.admission(owner, requester)?;
            let now = self.now();
            let event = self.data.answer_erasure(
                caller,
                now,
                admission,
                erasure,
                retained_until,
                evidence,
            )?;
            self.env().emit_event(event);
            Ok(())
        }

        /// A proposal by its number. A view, open to all.
        #[ink(message)]
        pub fn proposal(&self, proposal: u64) -> Option<Proposal> {
            self.data.proposal(proposal)
        }

        /// A request for erasure by its number. A view, open to all.
        #[ink(message)]
        pub fn erasure(&self, erasure: u64) -> Option<Erasure> {
            self.data.erasure(erasure)
        }

        /// Number of the latest request of `owner` to `requester`. A view, open to all.
        #[ink(message)]
        pub fn latest_erasure(&self, owner: AccountId, requester: AccountId) -> Option<u64> {
            self.data.latest_erasure(owner, requester)
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The contract that holds the grants. A view, open to all.
        #[ink(message)]
        pub fn consent(&self) -> AccountId {
            self.consent
        }

        /// How long things take. A view, open to all.
        #[ink(message)]
        pub fn times(&self) -> Times {
            self.data.times()
        }

        fn check_running(&self) -> Result<(), AgreementsError> {
            if self.governance.is_paused() {
                return Err(AgreementsError::Paused);
            }
            Ok(())
        }

        fn emit_acted(&self, acted: Option<GuardianActed>) {
            if let Some(event) = acted {
                self.env().emit_event(event);
            }
        }

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        /// As whom the caller acts, how he and these two stand, and what he may do for them.
        fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<(AccountId, Admission), AgreementsError> {
            let caller = self.env().caller();
            let admission = participants::admission(self.participants, subject, other, caller)
                .map_err(|_| AgreementsError::ParticipantsFailed)?;
            Ok((admission.acting.ok_or(AgreementsError::NotAuthorized)?, admission))
        }

        /// The same for what takes back: when nobody answers, the own key of `subject` acts for it.
        fn admission_or_own(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<(AccountId, Admission), AgreementsError> {
            let caller = self.env().caller();
            match self.admission(subject, other) {
                Err(AgreementsError::ParticipantsFailed) if caller == subject => {
                    Ok((caller, Admission::unanswered(true)))
                }
                answer => answer,
            }
        }
    }

    fn live_grants(
        consent: AccountId,
        owner: AccountId,
        grantee: AccountId,
    ) -> Result<Vec<(u64, Grant)>, AgreementsError> {
        assent_traits::consent::live_grants(consent, owner, grantee)
            .map_err(|_| AgreementsError::ConsentFailed)
    }

    impl Governed for Agreements {
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
