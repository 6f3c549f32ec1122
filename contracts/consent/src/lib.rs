//! Consent: grants, delegates, denials, emergencies, and the log of every access decision.
//!
//! Invariants: a permit implies either a grant from the owner to the requester that is not revoked,
//! of the owner's current epoch, in its period, within its masks and not used up, or an open window
//! of a provider who treats; in both cases both parties are admitted and no denial applies. A
//! delegate never reaches further than his delegation. Every decision, also a refusal, has exactly
//! one entry in its owner's log, and the log's head covers all of them; a grant is used as often as
//! it permitted. Every broken glass ends, and is reviewed or overdue.
//!
//! A pause stops what gives access and what asks for it. Whatever withdraws access goes on, and so
//! do emergencies: neither waits for an administrator.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod data;
pub mod decision;
pub mod delegation;
pub mod denial;
pub mod emergency;
pub mod errors;
pub mod grants;
pub mod log;
#[cfg(test)]
mod tests;

#[ink::contract]
mod consent {
    use crate::data::{Data, Times, SCHEMA_VERSION};
    use crate::decision::{Admission, Request};
    use crate::delegation::{Delegation, Scope};
    use crate::denial::Denial;
    use crate::emergency::Window;
    use crate::errors::ConsentError;
    use crate::grants::{Amendment, Grant, Parties, Terms, MAX_BATCH};
    use crate::log::{LogEntry, LogHead};
    use assent_events::{role, Decision, Hash as Hash32, Outcome};
    use assent_governance::{Governance, GovernanceError, Governed, State};
    use ink::prelude::vec::Vec;

    /// Roles that may be granted access and ask for it.
    const REQUESTERS: u16 = role::PROVIDER | role::RESEARCHER;
    /// Roles that may review an emergency.
    const REVIEWERS: u16 = role::AUDITOR | role::REGULATOR;

    /// The contract's storage; the rules are in [`crate::data`] and in the modules that it names.
    #[ink(storage)]
    pub struct Consent {
        participants: AccountId,
        rewards: AccountId,
        governance: Governance,
        data: Data,
    }

    impl Consent {
        /// Starts with no grant and the caller as administrator. `participants` is the contract that
        /// answers admission checks, `rewards` the one that accrues what a permitted access earns.
        ///
        /// Errors: `InvalidTimes`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            rewards: AccountId,
            times: Times,
        ) -> Result<Self, ConsentError> {
            let governance = Governance::new(Self::env().caller(), times.delay)
                .map_err(|_| ConsentError::InvalidTimes)?;
            Ok(Self { participants, rewards, governance, data: Data::new(times)? })
        }

        /// Grants `terms.grantee`, an active provider or researcher, access to the data of
        /// `terms.owner`, an active data owner, and gives the grant's number. The owner, or an active
        /// delegate of his, who stays within his scope and grants nothing to himself.
        ///
        /// Events: `Granted`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotDataOwner`,
        /// `NotAuthorized`, `SelfGrant`, `EmptyMask`, `InvalidPeriod`, `ZeroUses`, `OutOfScope`,
        /// `GranteeNotAdmitted`, `TooMany`.
        #[ink(message)]
        pub fn grant(&mut self, terms: Terms) -> Result<u64, ConsentError> {
            self.check_running()?;
            let parties = self.parties(terms.owner, terms.grantee)?;
            self.record_grant(parties, terms)
        }

        /// As `grant` for each of 1 to 16, all of them or none, and gives their numbers.
        ///
        /// Events: `Granted` for each. Errors, first wins: `Paused`, `BatchSize`, then those of
        /// `grant` for the first of the list that has one.
        #[ink(message)]
        pub fn grant_batch(&mut self, batch: Vec<Terms>) -> Result<Vec<u64>, ConsentError> {
            self.check_running()?;
            if batch.is_empty() || batch.len() > MAX_BATCH {
                return Err(ConsentError::BatchSize);
            }
            let mut numbers = Vec::with_capacity(batch.len());
            for terms in batch {
                let parties = self.parties(terms.owner, terms.grantee)?;
                numbers.push(self.record_grant(parties, terms)?);
            }
            Ok(numbers)
        }

        /// Replaces the terms of a grant, which keeps its record and its uses. The owner or a
        /// delegate, as for `grant`; the old masks have to be within the delegate's scope too.
        ///
        /// Events: `Amended`. Errors, first wins: `Paused`, `UnknownGrant`, `ParticipantsFailed`,
        /// `NotDataOwner`, `NotAuthorized`, `AlreadyRevoked` (also with its epoch), `EmptyMask`,
        /// `InvalidPeriod`, `ZeroUses` (no use would be left), `OutOfScope`, `GranteeNotAdmitted`,
        /// `TooMany`.
        #[ink(message)]
        pub fn amend(&mut self, grant: u64, amendment: Amendment) -> Result<(), ConsentError> {
            self.check_running()?;
            let known = self.data.known_grant(grant)?;
            let parties = self.parties(known.owner, known.grantee)?;
            let (caller, now) = self.caller_and_time();
            let event = self.data.amend(caller, now, parties, grant, amendment)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Revokes a grant for good. Its owner or a delegate whose scope holds its masks, whoever is
        /// suspended. Open in a pause.
        ///
        /// Events: `Revoked`. Errors, first wins: `UnknownGrant`, `NotAuthorized`, `OutOfScope`,
        /// `AlreadyRevoked` (also with its epoch).
        #[ink(message)]
        pub fn revoke(&mut self, grant: u64) -> Result<(), ConsentError> {
            let (caller, now) = self.caller_and_time();
            let event = self.data.revoke(caller, now, grant)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Voids every grant and every delegation that the caller gave, by a new epoch. Anyone, for
        /// himself. Open in a pause.
        ///
        /// Events: `AllRevoked`. Errors: `TooMany`.
        #[ink(message)]
        pub fn revoke_all(&mut self) -> Result<(), ConsentError> {
            let (caller, now) = self.caller_and_time();
            let event = self.data.revoke_all(caller, now)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Has the commitment to a grant's record forgotten. Its owner only. Open in a pause.
        ///
        /// Events: `LinkErased`. Errors, first wins: `UnknownGrant`, `NotAuthorized`,
        /// `AlreadyErased`.
        #[ink(message)]
        pub fn erase_link(&mut self, grant: u64) -> Result<(), ConsentError> {
            let event = self.data.erase_link(self.env().caller(), grant)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Denies `requester` the accesses whose purpose and category are both in the masks,
        /// whatever was granted and also in an emergency; replaces an earlier denial. Anyone, for
        /// his own data. Open in a pause.
        ///
        /// Events: `Denied`. Errors, first wins: `SelfDenial`, `EmptyMask`.
        #[ink(message)]
        pub fn deny(
            &mut self,
            requester: AccountId,
            purposes: u32,
            categories: u32,
        ) -> Result<(), ConsentError> {
            let (caller, now) = self.caller_and_time();
            let event = self.data.deny(caller, now, requester, purposes, categories)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Lifts the caller's denial of `requester`. Who denied.
        ///
        /// Events: `DenialLifted`. Errors, first wins: `Paused`, `NoDenial`.
        #[ink(message)]
        pub fn lift_denial(&mut self, requester: AccountId) -> Result<(), ConsentError> {
            self.check_running()?;
            let (caller, now) = self.caller_and_time();
            let event = self.data.lift_denial(caller, now, requester)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Lets `delegate`, an active participant, grant, amend and revoke for the caller within the
        /// masks and until a moment that no such grant outlasts; replaces an earlier delegation.
        /// Active data owners only.
        ///
        /// Events: `DelegateSet`. Errors, first wins: `Paused`, `ParticipantsFailed`,
        /// `NotDataOwner`, `SelfDelegation`, `EmptyMask`, `InvalidPeriod`, `DelegateNotAdmitted`.
        #[ink(message)]
        pub fn set_delegate(
            &mut self,
            delegate: AccountId,
            purposes: u32,
            categories: u32,
            until: u64,
        ) -> Result<(), ConsentError> {
            self.check_running()?;
            let (caller, now) = self.caller_and_time();
            let parties = Parties {
                owner: self.has_role(caller, role::DATA_OWNER)?,
                grantee: false,
                delegate: self.is_admitted(delegate)?,
            };
            let scope = Scope { purposes, categories, until };
            let event = self.data.set_delegate(caller, now, parties, delegate, scope)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Takes a delegation of the caller back. Who gave it. Open in a pause.
        ///
        /// Events: `DelegateRemoved`. Errors: `NoDelegation`.
        #[ink(message)]
        pub fn remove_delegate(&mut self, delegate: AccountId) -> Result<(), ConsentError> {
            let event = self.data.remove_delegate(self.env().caller(), delegate)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Asks for access to data of `owner` for one purpose and one category (indices, not
        /// masks), under a grant or, if none is named, the latest from the owner to the caller; if
        /// that does not permit a treatment, an open window of the caller does. The decision is
        /// logged either way; a permit uses the grant once and accrues the owner's reward in the
        /// same call. Anyone may ask: who is not admitted gets a refusal on record.
        ///
        /// Events: `AccessDecided`, and on a permit those of the rewards contract. Errors, first
        /// wins: `Paused`, `UnknownPurpose`, `UnknownCategory`, `ParticipantsFailed`, `TooMany`,
        /// `RewardsFailed`; all of them leave no trace. The reason of a refusal is the first that
        /// holds, in the order of `DenyReason`.
        #[ink(message)]
        pub fn request_access(
            &mut self,
            owner: AccountId,
            grant: Option<u64>,
            purpose: u8,
            category: u8,
        ) -> Result<Decision, ConsentError> {
            self.check_running()?;
            let (requester, now) = self.caller_and_time();
            let request = Request { requester, owner, grant, purpose, category };
            request.check()?;
            let admission = self.admission(&request)?;
            let event = self.data.request_access(now, admission, request)?;
            let (decision, access) = (event.decision, event.access);
            self.env().emit_event(event);
            if decision == Decision::Permit {
                match assent_traits::rewards::accrue(self.rewards, owner, purpose, access) {
                    Ok(Ok(_amount)) => {}
                    Ok(Err(_)) | Err(_) => return Err(ConsentError::RewardsFailed),
                }
            }
            Ok(decision)
        }

        /// What `request_access` of `requester` would decide now, without logging it and without
        /// regard to a pause. When the participants contract gives no answer the requester counts as
        /// not admitted; a purpose or category that no mask has room for is one that was not
        /// granted. A view, open to all.
        #[ink(message)]
        pub fn is_permitted(
            &self,
            requester: AccountId,
            owner: AccountId,
            grant: Option<u64>,
            purpose: u8,
            category: u8,
        ) -> Decision {
            let request = Request { requester, owner, grant, purpose, category };
            let admission = self.admission(&request).unwrap_or_default();
            let now = self.env().block_timestamp();
            self.data.decide(now, admission, &request).decision
        }

        /// Opens the data of `patient`, an active data owner, for treatment by the caller without a
        /// grant, for a limited time, and gives the window's number; `justification` is a salted
        /// commitment. It is reviewed, or the caller's suspension can be proposed. Active providers
        /// only. Open in a pause.
        ///
        /// Events: `GlassBroken`. Errors, first wins: `ParticipantsFailed`, `NotProvider`,
        /// `OwnData`, `PatientNotAdmitted`, `WindowOpen`, `TooMany`.
        #[ink(message)]
        pub fn break_glass(
            &mut self,
            patient: AccountId,
            justification: Hash32,
        ) -> Result<u64, ConsentError> {
            let (caller, now) = self.caller_and_time();
            let provider = self.has_role(caller, role::PROVIDER)?;
            let owner = self.has_role(patient, role::DATA_OWNER)?;
            let admission = Admission { owner, requester: provider, provider };
            let event = self.data.break_glass(caller, now, admission, patient, justification)?;
            let number = event.window;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Closes a window before its time. Its provider or its patient. Open in a pause.
        ///
        /// Events: `GlassClosed`. Errors, first wins: `UnknownWindow`, `NotAuthorized`,
        /// `WindowClosed`.
        #[ink(message)]
        pub fn close_break_glass(&mut self, window: u64) -> Result<(), ConsentError> {
            let (caller, now) = self.caller_and_time();
            let event = self.data.close_break_glass(caller, now, window)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Judges a window, open or not, also after its deadline. Active auditors and regulators
        /// who are neither its provider nor its patient. Open in a pause.
        ///
        /// Events: `GlassReviewed`, and `SuspensionProposed` if it is unjustified and the suspension
        /// was not proposed yet. Errors, first wins: `UnknownWindow`, `ParticipantsFailed`,
        /// `NotReviewer`, `OwnReview`, `AlreadyReviewed`.
        #[ink(message)]
        pub fn review_break_glass(
            &mut self,
            window: u64,
            outcome: Outcome,
        ) -> Result<(), ConsentError> {
            self.data.known_window(window)?;
            let (caller, now) = self.caller_and_time();
            let reviewer = self.has_role(caller, REVIEWERS)?;
            let (reviewed, sanction) =
                self.data.review_break_glass(caller, now, reviewer, window, outcome)?;
            self.env().emit_event(reviewed);
            if let Some(sanction) = sanction {
                self.env().emit_event(sanction);
            }
            Ok(())
        }

        /// Proposes to the regulator that the provider be suspended, since nobody reviewed the
        /// window in time. Anyone may call. Open in a pause.
        ///
        /// Events: `SuspensionProposed`. Errors, first wins: `UnknownWindow`, `AlreadyReviewed`,
        /// `NotOverdue`, `AlreadySanctioned`.
        #[ink(message)]
        pub fn sanction_overdue(&mut self, window: u64) -> Result<(), ConsentError> {
            let event = self.data.sanction_overdue(self.env().block_timestamp(), window)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// A grant by number. A view, open to all.
        #[ink(message)]
        pub fn grant_of(&self, grant: u64) -> Option<Grant> {
            self.data.grant_of(grant)
        }

        /// Number of the latest grant from `owner` to `grantee`. A view, open to all.
        #[ink(message)]
        pub fn latest_grant(&self, owner: AccountId, grantee: AccountId) -> Option<u64> {
            self.data.latest_grant(owner, grantee)
        }

        /// Grants of `owner` with their numbers, oldest first, from a position (they count from 0):
        /// at most `limit`, and never more than 32. A view, open to all.
        #[ink(message)]
        pub fn grants(&self, owner: AccountId, from: u64, limit: u32) -> Vec<(u64, Grant)> {
            self.data.grants_of(owner, from, limit)
        }

        /// How many grants `owner` gave, those that no longer count included. A view, open to all.
        #[ink(message)]
        pub fn grant_count(&self, owner: AccountId) -> u64 {
            self.data.grant_count(owner)
        }

        /// The epoch of `owner`, from 0: only what was given in it counts. A view, open to all.
        #[ink(message)]
        pub fn epoch(&self, owner: AccountId) -> u32 {
            self.data.epoch(owner)
        }

        /// What `owner` denies `requester`. A view, open to all.
        #[ink(message)]
        pub fn denial(&self, owner: AccountId, requester: AccountId) -> Option<Denial> {
            self.data.denial(owner, requester)
        }

        /// What `owner` lets `delegate` do, also if it no longer counts. A view, open to all.
        #[ink(message)]
        pub fn delegation(&self, owner: AccountId, delegate: AccountId) -> Option<Delegation> {
            self.data.delegation(owner, delegate)
        }

        /// A window by number. A view, open to all.
        #[ink(message)]
        pub fn window(&self, window: u64) -> Option<Window> {
            self.data.window(window)
        }

        /// Number of the open window of `provider` on `patient`. A view, open to all.
        #[ink(message)]
        pub fn open_window(&self, provider: AccountId, patient: AccountId) -> Option<u64> {
            self.data.open_window(self.env().block_timestamp(), provider, patient)
        }

        /// How many entries the log of `owner` has, and its head. A view, open to all.
        #[ink(message)]
        pub fn log_head(&self, owner: AccountId) -> LogHead {
            self.data.log().head(owner)
        }

        /// Entries of the log of `owner`, in order, from a sequence number (they count from 1): at
        /// most `limit`, and never more than 32. A view, open to all.
        #[ink(message)]
        pub fn log(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<LogEntry> {
            self.data.log().page(owner, from_sequence, limit)
        }

        /// The digests of the contents of entries of the log of `owner`, from a sequence number: at
        /// most `limit`, and never more than 256. Who knows the head after entry m folds the digests
        /// from m + 1 to n into it, each time BLAKE2b-256(head, digest), and has to arrive at the
        /// head after entry n: then the log of m entries is how that of n begins. A view, open to
        /// all.
        #[ink(message)]
        pub fn log_digests(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<Hash32> {
            self.data.log().digests(owner, from_sequence, limit)
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The contract that accrues rewards. A view, open to all.
        #[ink(message)]
        pub fn rewards(&self) -> AccountId {
            self.rewards
        }

        /// How long things take. A view, open to all.
        #[ink(message)]
        pub fn times(&self) -> Times {
            self.data.times()
        }

        fn caller_and_time(&self) -> (AccountId, Timestamp) {
            (self.env().caller(), self.env().block_timestamp())
        }

        fn check_running(&self) -> Result<(), ConsentError> {
            if self.governance.is_paused() {
                return Err(ConsentError::Paused);
            }
            Ok(())
        }

        fn record_grant(&mut self, parties: Parties, terms: Terms) -> Result<u64, ConsentError> {
            let (caller, now) = self.caller_and_time();
            let event = self.data.grant(caller, now, parties, terms)?;
            let number = event.grant;
            self.env().emit_event(event);
            Ok(number)
        }

        fn parties(&self, owner: AccountId, grantee: AccountId) -> Result<Parties, ConsentError> {
            let caller = self.env().caller();
            Ok(Parties {
                owner: self.has_role(owner, role::DATA_OWNER)?,
                grantee: self.has_role(grantee, REQUESTERS)?,
                delegate: caller != owner && self.is_admitted(caller)?,
            })
        }

        fn admission(&self, request: &Request) -> Result<Admission, ConsentError> {
            let now = self.env().block_timestamp();
            let emergency = self.data.emergency(now, request).is_some();
            Ok(Admission {
                owner: self.has_role(request.owner, role::DATA_OWNER)?,
                requester: self.has_role(request.requester, REQUESTERS)?,
                provider: emergency && self.has_role(request.requester, role::PROVIDER)?,
            })
        }

        fn has_role(&self, account: AccountId, roles: u16) -> Result<bool, ConsentError> {
            assent_traits::participants::has_role(self.participants, account, roles)
                .map_err(|_| ConsentError::ParticipantsFailed)
        }

        fn is_admitted(&self, account: AccountId) -> Result<bool, ConsentError> {
            assent_traits::participants::is_admitted(self.participants, account)
                .map_err(|_| ConsentError::ParticipantsFailed)
        }
    }

    impl Governed for Consent {
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
            let (caller, now) = self.caller_and_time();
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
            let (caller, now) = self.caller_and_time();
            let event = self.governance.accept_handover(caller, now, true)?;
            self.env().emit_event(event);
            Ok(())
        }

        #[ink(message)]
        fn announce_upgrade(&mut self, code_hash: Hash32) -> Result<(), GovernanceError> {
            let (caller, now) = self.caller_and_time();
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
            let (caller, now) = self.caller_and_time();
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
