//! Consent: grants, delegates, denials, choices for everybody at once, emergencies, and the log of
//! every access decision.
//!
//! Invariants: a permit implies either a live grant from the owner to the requester that covers the
//! request (record, purpose and category), or an open window of a provider who treats; in both cases
//! the requester is an active provider or researcher, the owner an active data owner, and no denial or
//! restriction of the owner's own applies; to a grant none of a guardian's, either. What a grant
//! permits for another purpose than treatment is refused when its required tariff is not paid; care
//! never waits for money. A grant lives until it is revoked (alone, with its epoch, or with all that
//! the delegate gave who gave it), expired (by its date, or with the guardianship in which a guardian
//! gave it) or used up, and what is over never lives again; it is used as often as it permitted. Of one
//! owner and one grantee at most 8 grants live, at most 4 of them from delegates. A delegate never
//! reaches further than his delegation, grants nothing to himself or to whom he works for, and loosens
//! nothing that somebody else gave. Denials add up; only lifting them takes something back.
//!
//! While an owner refuses emergencies no window on him is opened, and none permits. While he restricts
//! accesses none of them is permitted to anyone whom he does not except, and to those whom he does
//! only what would be without it; what a guardian restricts no grant permits. Only he himself refuses
//! emergencies, and no restriction takes the place of another.
//!
//! Nobody else acts for an owner than his delegates, as far as that goes, and his guardians, each while
//! his mandate is in force. A guardian grants nothing to himself or to whom he works for, and nothing
//! that outlasts his mandate; what he granted ends when a mandate of a guardian of that owner is ended
//! early. He changes no grant that the owner gave, and lifts no denial and no restriction of the
//! owner's own; what he denies or restricts keeps nobody out of an emergency. The owner's own account
//! waits for nobody to revoke, deny and close.
//!
//! Every decision on a request of one who was admitted once, also a refusal, has exactly one entry
//! in its owner's log; every refusal of one who never was is counted in one log of the contract. The
//! head of a log covers all of it, the contract and the chain.
//!
//! Every broken glass ends, and is reviewed or overdue. One that was found unjustified is closed, and
//! the key that opened it breaks no other until a regulator lifts the bar.
//!
//! An owner, a requester, a delegate, a guardian, one of a staff and a reviewer is who was admitted,
//! whichever key acts for him now; a key that was replaced is nobody's (`NotAuthorized`). The log names
//! the key. When the participants contract gives no answer an account's own key still takes back, and
//! gives nothing.
//!
//! Nobody asks or breaks the glass for another than himself without a mandate of it that is in force;
//! the log names the key that acted, and the person of the staff who holds it by a commitment.
//!
//! A pause stops what gives access, and in a pause no grant counts. Whatever withdraws access goes
//! on, and so do emergencies: neither waits for an administrator.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod choices;
pub mod data;
pub mod decision;
pub mod delegation;
pub mod denial;
pub mod emergency;
pub mod errors;
pub mod grants;
pub mod guardians;
pub mod log;
#[cfg(test)]
mod tests;

#[ink::contract]
mod consent {
    use crate::choices::Choices;
    use crate::data::{Data, Times, SCHEMA_VERSION};
    use crate::decision::{Answer, Circumstances, Request};
    use crate::delegation::{Delegation, Scope};
    use crate::denial::Denial;
    use crate::emergency::Window;
    use crate::errors::ConsentError;
    use crate::grants::{Amendment, Grant, Terms, MAX_BATCH};
    use crate::guardians::{Acting, Said};
    use crate::log::{LogEntry, LogHead};
    use assent_events::{role, Decision, DenyReason, Hash as Hash32, Outcome};
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
    use assent_traits::{
        participants::{subject_of, Admission},
        rewards::accrue,
        CallFailed,
    };
    use ink::{env::Event, prelude::vec::Vec};

    /// The contract's storage; the rules are in [`crate::data`] and in the modules that it names.
    #[ink(storage)]
    pub struct Consent {
        participants: AccountId,
        rewards: AccountId,
        domain: Hash32,
        governance: Governance,
        data: Data,
    }

    impl Consent {
        /// Starts with no grant and the caller as administrator. `participants` is the contract that
        /// answers admission checks, `rewards` the one that accrues what a permitted access earns,
        /// `genesis` the hash of the chain's first block: with the contract's own account it makes
        /// the domain that the contents of the logs begin with.
        ///
        /// Errors: `InvalidTimes`.
        #[ink(constructor)]
        pub fn new(
            participants: AccountId,
            rewards: AccountId,
            times: Times,
            genesis: Hash32,
        ) -> Result<Self, ConsentError> {
            let governance = Governance::new(Self::env().caller(), times.delay)
                .map_err(|_| ConsentError::InvalidTimes)?;
            let domain = assent_traits::domain(genesis, Self::env().account_id());
            Ok(Self { participants, rewards, domain, governance, data: Data::new(times)? })
        }

        /// Grants `terms.grantee`, an active provider or researcher, access to the data of
        /// `terms.owner`, an active data owner, and gives the grant's number. The owner; a guardian of
        /// his, for no longer than his mandate; or an active delegate of his, within his scope. Neither
        /// of these two to himself or to whom he has a mandate of. What a guardian gave ends with the
        /// guardianship in which he did. At most 8 grants live from an owner to a grantee, at most 4 of
        /// them from delegates.
        ///
        /// Events: `Granted`, and `GuardianGranted` if a guardian gives it. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `NotDataOwner`, `NotAuthorized`, `SelfGrant`, `EmptyMask`,
        /// `InvalidPeriod`, `ZeroUses`, `OutOfScope`, `GranteeNotAdmitted`, `TooManyGrants`, `TooMany`.
        #[ink(message)]
        pub fn grant(&mut self, terms: Terms) -> Result<u64, ConsentError> {
            self.check_running()?;
            self.record_grant(terms)
        }

        /// As `grant` for each of 1 to 16, all of them or none, and gives their numbers.
        ///
        /// Events: those of `grant` for each. Errors, first wins: `Paused`, `BatchSize`, then those of
        /// `grant` for the first of the list that has one.
        #[ink(message)]
        pub fn grant_batch(&mut self, batch: Vec<Terms>) -> Result<Vec<u64>, ConsentError> {
            self.check_running()?;
            if batch.is_empty() || batch.len() > MAX_BATCH {
                return Err(ConsentError::BatchSize);
            }
            let mut numbers = Vec::with_capacity(batch.len());
            for terms in batch {
                numbers.push(self.record_grant(terms)?);
            }
            Ok(numbers)
        }

        /// Replaces the terms of a live grant, which keeps its record and its uses; `version` is the
        /// one that the caller read. The owner, a guardian or a delegate, as for `grant`. A guardian
        /// amends what guardians gave. A delegate's scope has to hold the old masks too, and what
        /// somebody else gave he only tightens: masks within the old ones, a period within the old one,
        /// no more uses, the same policy. Who gave it stays: what a guardian gave goes on to end with
        /// his guardianship, also for longer when the owner extends it.
        ///
        /// Events: `Amended`. Errors, first wins: `Paused`, `UnknownGrant`, `ParticipantsFailed`,
        /// `NotDataOwner`, `NotAuthorized`, `AlreadyRevoked` (in any way), `GrantOver` (expired, ended
        /// with its guardianship, or used up), `VersionChanged`, `EmptyMask`, `InvalidPeriod`,
        /// `ZeroUses` (no use would be left), `OutOfScope`, `GranteeNotAdmitted`, `TooMany`.
        #[ink(message)]
        pub fn amend(
            &mut self,
            grant: u64,
            version: u32,
            amendment: Amendment,
        ) -> Result<(), ConsentError> {
            self.check_running()?;
            let known = self.data.known_grant(grant)?;
            let (caller, admission) = self.admission(known.owner, known.grantee)?;
            let now = self.now();
            let event = self.data.amend(caller, now, admission, grant, version, amendment)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Revokes a grant for good, also one that is over in another way. Its owner, a guardian of
        /// his, whoever gave it, or a delegate whose scope holds its masks, whoever is suspended. Open
        /// in a pause.
        ///
        /// Events: `Revoked`. Errors, first wins: `UnknownGrant`, `ParticipantsFailed` (never to the
        /// owner's own account), `NotAuthorized`, `OutOfScope`, `AlreadyRevoked` (also with its epoch,
        /// or with all that a delegate gave).
        #[ink(message)]
        pub fn revoke(&mut self, grant: u64) -> Result<(), ConsentError> {
            let owner = self.data.known_grant(grant)?.owner;
            let (caller, admission) = self.admission_or_own(owner, owner)?;
            let now = self.now();
            let event = self.data.revoke(caller, now, admission.for_subject, grant)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Voids every grant and every delegation of `owner`, whoever gave them for him, by a new
        /// epoch. What he denies and chose stays. Anyone, for himself; a guardian of his. Open in a
        /// pause.
        ///
        /// Events: `AllRevoked`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `ParticipantsFailed` (never to the owner's own account), `NotAuthorized`, `TooMany`.
        #[ink(message)]
        pub fn revoke_all(&mut self, owner: AccountId) -> Result<(), ConsentError> {
            let (acting, now) = self.acting_or_own(owner)?;
            let event = self.data.revoke_all(acting, now)?;
            self.env().emit_event(event);
            self.emit_acted(acting, now);
            Ok(())
        }

        /// Revokes all live grants of `owner` to `grantee`, whoever gave them for him, and tells how
        /// many they were; also those that ended with a guardianship, and with nothing else. Anyone,
        /// for himself; a guardian of his. Open in a pause.
        ///
        /// Events: `Revoked` for each, in the order of their numbers. Errors, first wins:
        /// `ParticipantsFailed` (never to the owner's own account), `NotAuthorized`, `NoLiveGrant`.
        #[ink(message)]
        pub fn revoke_all_for(
            &mut self,
            owner: AccountId,
            grantee: AccountId,
        ) -> Result<u32, ConsentError> {
            let (acting, now) = self.acting_or_own(owner)?;
            let mut count = 0u32;
            for event in self.data.revoke_all_for(acting, now, grantee)? {
                self.env().emit_event(event);
                count = count.saturating_add(1);
            }
            Ok(count)
        }

        /// Has the commitment to the record forgotten that a grant was for. Its owner or a guardian of
        /// his, when the grant is over; one that only ended with a guardianship is revoked first. Open
        /// in a pause.
        ///
        /// Events: `LinkErased`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `UnknownGrant`, `ParticipantsFailed`, `NotAuthorized`, `NoLink` (it is for all records),
        /// `AlreadyErased`, `GrantLive`.
        #[ink(message)]
        pub fn erase_link(&mut self, grant: u64) -> Result<(), ConsentError> {
            let owner = self.data.known_grant(grant)?.owner;
            let (caller, admission) = self.admission(owner, owner)?;
            let now = self.now();
            let for_owner = admission.for_subject;
            let (event, acting) = self.data.erase_link(caller, now, for_owner, grant)?;
            self.env().emit_event(event);
            self.emit_acted(acting, now);
            Ok(())
        }

        /// Denies `requester` the accesses to data of `owner` whose purpose and category are both in
        /// the masks, whatever was granted, in addition to what is denied already: to an organisation
        /// and all of its staff, or to one key, for whichever organisation it asks. What the owner
        /// denies himself is denied also in an emergency, what a guardian denies is not. Anyone, for
        /// his own data; a guardian of his. Open in a pause.
        ///
        /// Events: `Denied`, or `GuardianDenied` if it is a guardian. Errors, first wins:
        /// `ParticipantsFailed` (never to the owner's own account), `NotAuthorized`, `SelfDenial` (to
        /// the owner), `EmptyMask`.
        #[ink(message)]
        pub fn deny(
            &mut self,
            owner: AccountId,
            requester: AccountId,
            purposes: u32,
            categories: u32,
        ) -> Result<(), ConsentError> {
            let (acting, now) = self.acting_or_own(owner)?;
            let denied = self.data.deny(acting, now, requester, purposes, categories)?;
            self.emit_said(denied);
            Ok(())
        }

        /// Lifts what is denied `requester` of data of `owner` and has its purpose and its category in
        /// the masks, and tells what is left, by purpose. The owner, whoever denied it; a guardian of
        /// his, what guardians denied, but not to himself.
        ///
        /// Events: `DenialLifted`, or `GuardianDenialLifted` if it is a guardian. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `NotAuthorized`, `EmptyMask`, `NoDenial` (nothing in these
        /// masks is denied, or not by guardians).
        #[ink(message)]
        pub fn lift_denial(
            &mut self,
            owner: AccountId,
            requester: AccountId,
            purposes: u32,
            categories: u32,
        ) -> Result<Vec<Denial>, ConsentError> {
            self.check_running()?;
            let (acting, now) = self.acting(owner)?;
            let (lifted, left) =
                self.data.lift_denial(acting, now, requester, purposes, categories)?;
            self.emit_said(lifted);
            Ok(left)
        }

        /// Denies everybody except those in `except`, at most 16, the accesses to data of `owner` whose
        /// purpose and category are both in the masks, whatever was granted; when he does it himself
        /// also in an emergency. To be excepted permits nothing: a grant or a window is needed as ever,
        /// and what `deny` denies stays denied. One restriction at a time. Anyone, for his own data; a
        /// guardian of his, and no delegate. Open in a pause.
        ///
        /// Events: `Restricted`, or `GuardianRestricted` if it is a guardian; `Excepted` for each.
        /// Errors, first wins: `ParticipantsFailed` (never to the owner's own account),
        /// `NotAuthorized`, `EmptyMask`, `TooManyExceptions`, `RepeatedException`, `AlreadyRestricted`
        /// (lift that one first).
        #[ink(message)]
        pub fn restrict(
            &mut self,
            owner: AccountId,
            purposes: u32,
            categories: u32,
            except: Vec<AccountId>,
        ) -> Result<(), ConsentError> {
            let (acting, now) = self.acting_or_own(owner)?;
            let (restricted, excepted) =
                self.data.restrict(acting, now, purposes, categories, except)?;
            self.emit_said(restricted);
            for event in excepted {
                self.env().emit_event(event);
            }
            Ok(())
        }

        /// Lifts the restriction of the data of `owner`; what `deny` denies stays denied. The owner,
        /// whoever made it; a guardian of his, one that a guardian made.
        ///
        /// Events: `RestrictionLifted`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `NotAuthorized`, `NotRestricted`.
        #[ink(message)]
        pub fn lift_restriction(&mut self, owner: AccountId) -> Result<(), ConsentError> {
            self.check_running()?;
            let (acting, now) = self.acting(owner)?;
            let event = self.data.lift_restriction(acting, now)?;
            self.env().emit_event(event);
            self.emit_acted(acting, now);
            Ok(())
        }

        /// Has nobody open the caller's data in an emergency: no window on him is opened from now on,
        /// and one that is open permits nothing, though it is not closed by this and can be closed,
        /// reviewed and sanctioned. Whoever treats him needs a grant, also when he can give none.
        /// Anyone, for himself, and neither a guardian nor a delegate for him. Open in a pause.
        ///
        /// Events: `EmergenciesRefused`. Errors, first wins: `NotAuthorized` (the key was replaced),
        /// `AlreadyRefused`.
        #[ink(message)]
        pub fn refuse_emergencies(&mut self) -> Result<(), ConsentError> {
            let (caller, now) = (self.env().caller(), self.now());
            // What takes away waits for no other contract.
            let owner = match subject_of(self.participants, caller) {
                Ok(acting) => acting.ok_or(ConsentError::NotAuthorized)?,
                Err(CallFailed) => caller,
            };
            let event = self.data.refuse_emergencies(owner, now)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Admits emergencies on `owner` again; a window that is still open permits again. He himself,
        /// who refused them, or a guardian of his.
        ///
        /// Events: `EmergenciesAllowed`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `Paused`, `ParticipantsFailed`, `NotAuthorized`, `NotRefused`.
        #[ink(message)]
        pub fn allow_emergencies(&mut self, owner: AccountId) -> Result<(), ConsentError> {
            self.check_running()?;
            let (acting, now) = self.acting(owner)?;
            let event = self.data.allow_emergencies(acting, now)?;
            self.env().emit_event(event);
            self.emit_acted(acting, now);
            Ok(())
        }

        /// Lets `delegate`, an active participant, grant, amend and revoke for the caller within the
        /// masks and until a moment that no such grant outlasts; replaces an earlier delegation.
        /// Active data owners only, and no guardian for them.
        ///
        /// Events: `DelegateSet`. Errors, first wins: `Paused`, `ParticipantsFailed`, `NotAuthorized`,
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
            let (caller, admission) = self.admission(delegate, delegate)?;
            let now = self.now();
            let scope = Scope { purposes, categories, until };
            let event = self.data.set_delegate(caller, now, admission, delegate, scope)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Takes a delegation of `owner` back, and if `revoke_grants` says so revokes all grants that
        /// the delegate gave for him so far, but not those that he gave as a guardian. The owner, who
        /// gave it, or a guardian of his. Open in a pause.
        ///
        /// Events: `DelegateRemoved`, and `GuardianActed` if it is a guardian. Errors, first wins:
        /// `ParticipantsFailed` (never to the owner's own account), `NotAuthorized`, `NoDelegation`.
        #[ink(message)]
        pub fn remove_delegate(
            &mut self,
            owner: AccountId,
            delegate: AccountId,
            revoke_grants: bool,
        ) -> Result<(), ConsentError> {
            let (acting, now) = self.acting_or_own(owner)?;
            let event = self.data.remove_delegate(acting, delegate, revoke_grants)?;
            self.env().emit_event(event);
            self.emit_acted(acting, now);
            Ok(())
        }

        /// Asks for `requester` for access to data of `owner`, to one record or to none in particular,
        /// for one purpose and one category (indices, not masks). The requester's own key, or one of
        /// its staff that may ask; what follows goes by the requester. The decision is logged either
        /// way; a permit by a grant uses it once and accrues the owner's reward in the same call.
        /// Anyone may ask for himself: who is not admitted gets a refusal on record, in the owner's log
        /// if he was admitted once.
        ///
        /// The reason of a refusal is the first that holds of `RequesterNotAdmitted`,
        /// `OwnerNotAdmitted` and `Denied` (to the requester, to who acts for it or to the key that
        /// asks, or by a restriction); then that of the grants:
        /// - in a pause no grant counts: `Paused`;
        /// - one that is named has to be between the two, or else `NoGrant`, and gives the first that
        ///   holds of `Revoked`, `NotYetValid`, `Expired` (also with the mandate of the guardian who
        ///   gave it, then before `NotYetValid`), `RecordNotGranted`, `PurposeNotGranted`,
        ///   `CategoryNotGranted` and `UsesExhausted`;
        /// - when none is named any live one that covers the request permits: the first without a
        ///   limit of uses, or else the first. When none does, the reason is that of the live one
        ///   which came furthest in `NotYetValid`, `RecordNotGranted`, `PurposeNotGranted` and
        ///   `CategoryNotGranted`; when none lives, that of the latest: `Revoked`, `Expired` or
        ///   `UsesExhausted`; and when there never was one, `NoGrant`.
        ///
        /// Whatever the grants come to, also when a guardian denies what they cover, an open window of
        /// the requester, who is an active provider, permits a treatment, unless the owner refuses
        /// emergencies. What a grant permits is refused as `Unfunded` when the rewards contract
        /// declines it, since nobody pays the required tariff: the grant is not used. A treatment never
        /// is, and is permitted whatever the rewards contract refuses.
        ///
        /// Events: when a grant permits those of `accrue`, then `AccessDecided`; or
        /// `OutsiderRefused`, if the requester was never admitted. Errors, first wins:
        /// `UnknownPurpose`, `UnknownCategory`, `ParticipantsFailed`, `NotAuthorized`, `TooMany`,
        /// `RewardsFailed` (no answer, or a refusal other than for a treatment); all of them leave no
        /// trace. Open in a pause.
        #[ink(message)]
        pub fn request_access(
            &mut self,
            requester: AccountId,
            owner: AccountId,
            grant: Option<u64>,
            record: Option<Hash32>,
            purpose: u8,
            category: u8,
        ) -> Result<Decision, ConsentError> {
            let (by, now) = (self.env().caller(), self.now());
            let request = Request { requester, owner, grant, record, purpose, category };
            request.check()?;
            let admission = ask(self.participants, owner, requester, by)?;
            let paused = self.governance.is_paused();
            let circumstances = Circumstances { domain: self.domain, now, paused, by };
            let rewards = self.rewards;
            let accrue = |access| accrue(rewards, owner, requester, purpose, access);
            let answer = self.data.request_access(circumstances, admission, request, accrue)?;
            match answer {
                Answer::Decided(event) => {
                    let decision = event.decision;
                    self.env().emit_event(event);
                    Ok(decision)
                }
                Answer::Refused(event) => {
                    self.env().emit_event(event);
                    Ok(Decision::Deny(DenyReason::RequesterNotAdmitted))
                }
            }
        }

        /// What `request_access` of `requester`, by its own key, would decide now, without logging it;
        /// the owner may deny it to one of its staff (`denials`). The rewards contract is not asked:
        /// what is permitted here may still be refused as `Unfunded`. When the participants contract
        /// gives no answer the requester counts as not admitted; a purpose or category that no mask has
        /// room for is one that was not granted. A view, open to all.
        #[ink(message)]
        pub fn is_permitted(
            &self,
            requester: AccountId,
            owner: AccountId,
            grant: Option<u64>,
            record: Option<Hash32>,
            purpose: u8,
            category: u8,
        ) -> Decision {
            let request = Request { requester, owner, grant, record, purpose, category };
            let admission = ask(self.participants, owner, requester, requester);
            let admission = admission.unwrap_or_default();
            let now = self.env().block_timestamp();
            self.data.decide(now, self.governance.is_paused(), admission, &request).decision
        }

        /// Opens the data of `patient`, an active data owner, for treatment by `provider` without a
        /// grant, for a limited time, and gives the window's number; `justification` is a salted
        /// commitment. It is reviewed, or the provider's suspension can be proposed. An active
        /// provider's own key, or one of its staff that may break the glass; one that is not barred,
        /// and has waited if the patient closed the latest window that it opened on him; not when the
        /// patient refuses emergencies. Open in a pause.
        ///
        /// Events: `GlassBroken`. Errors, first wins: `ParticipantsFailed`, `NotAuthorized`,
        /// `NotProvider`, `OwnData` (the provider's or the caller's, or his ward's),
        /// `PatientNotAdmitted`, `EmergencyRefused`, `WindowOpen` (of this provider), `Barred`,
        /// `CoolingDown`, `TooMany`.
        #[ink(message)]
        pub fn break_glass(
            &mut self,
            provider: AccountId,
            patient: AccountId,
            justification: Hash32,
        ) -> Result<u64, ConsentError> {
            let (caller, admission) = self.admission(patient, provider)?;
            let now = self.now();
            let event =
                self.data.break_glass(caller, now, admission, provider, patient, justification)?;
            let number = event.window;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Closes a window before its time. Its provider or its patient, a guardian of his, or one of
        /// the provider's staff that may break the glass. Only after the patient himself has the key
        /// that opened it to wait. Open in a pause.
        ///
        /// Events: `GlassClosed`. Errors, first wins: `UnknownWindow`, `ParticipantsFailed` (never to
        /// the own account of either), `NotAuthorized`, `WindowClosed`.
        #[ink(message)]
        pub fn close_break_glass(&mut self, window: u64) -> Result<(), ConsentError> {
            let Window { provider, patient, .. } = self.data.known_window(window)?;
            let (caller, admission) = self.admission_or_own(patient, provider)?;
            let now = self.now();
            let event = self.data.close_break_glass(caller, now, admission, window)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Judges a window, also after its deadline. Justified is said of one that is closed or over,
        /// so that it covers all its accesses. Unjustified may be said at any time: it ends the window
        /// at once, and bars the key that opened it from breaking the glass until a regulator lifts
        /// that. Active auditors and regulators who are neither its provider nor its patient, act for
        /// neither, and did not open it. Open in a pause.
        ///
        /// Events: `GlassReviewed`; if it is unjustified, `GlassClosed` before if it was open, and
        /// after `EmergencyBarred`, and `SuspensionProposed` if the suspension was not proposed yet.
        /// Errors, first wins: `UnknownWindow`, `ParticipantsFailed`, `NotAuthorized`, `NotReviewer`,
        /// `OwnReview`, `AlreadyReviewed`, `WindowOpen`.
        #[ink(message)]
        pub fn review_break_glass(
            &mut self,
            window: u64,
            outcome: Outcome,
        ) -> Result<(), ConsentError> {
            let Window { provider, patient, .. } = self.data.known_window(window)?;
            let (caller, admission) = self.admission(patient, provider)?;
            let now = self.now();
            let review = self.data.review_break_glass(caller, now, admission, window, outcome)?;
            if let Some(closed) = review.closed {
                self.env().emit_event(closed);
            }
            self.env().emit_event(review.reviewed);
            if let Some(barred) = review.barred {
                self.env().emit_event(barred);
            }
            if let Some(proposed) = review.proposed {
                self.env().emit_event(proposed);
            }
            Ok(())
        }

        /// Lets `key`, which is barred, break the glass again. Active regulators, and not about their
        /// own. Open in a pause.
        ///
        /// Events: `BarLifted`. Errors, first wins: `ParticipantsFailed`, `NotAuthorized`,
        /// `NotRegulator`, `NotBarred`, `OwnBar`.
        #[ink(message)]
        pub fn lift_bar(&mut self, key: AccountId) -> Result<(), ConsentError> {
            let (caller, admission) = self.admission(key, key)?;
            let now = self.now();
            let regulator = admission.caller.has(role::REGULATOR);
            let event = self.data.lift_bar(caller, now, regulator, key)?;
            self.env().emit_event(event);
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

        /// The grants from `owner` to `grantee` that live now, with their numbers, in their order: at
        /// most 8. The participants contract is asked only if a guardian gave one of them; when it
        /// gives no answer none of a guardian's is listed. A view, open to all.
        #[ink(message)]
        pub fn live_grants(&self, owner: AccountId, grantee: AccountId) -> Vec<(u64, Grant)> {
            let guardianship = || {
                let admission = ask(self.participants, owner, owner, owner).ok()?;
                Some(admission.guardianship)
            };
            self.data.live_grants(self.env().block_timestamp(), owner, grantee, guardianship)
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

        /// What `owner` denies `requester`, and what guardians do for him, by purpose. A view, open to
        /// all.
        #[ink(message)]
        pub fn denials(&self, owner: AccountId, requester: AccountId) -> Vec<Denial> {
            self.data.denials(owner, requester)
        }

        /// What `owner` chose for everybody at once: whether he refuses emergencies, and his
        /// restriction. A view, open to all.
        #[ink(message)]
        pub fn choices(&self, owner: AccountId) -> Choices {
            self.data.choices(owner)
        }

        /// What `owner` lets `delegate` do, also if it no longer counts. A view, open to all.
        #[ink(message)]
        pub fn delegation(&self, owner: AccountId, delegate: AccountId) -> Option<Delegation> {
            self.data.delegation(owner, delegate)
        }

        /// The grants that `delegate` gave for `owner` are revoked up to this number, besides those
        /// that were revoked alone or with their epoch; 0: none. A view, open to all.
        #[ink(message)]
        pub fn revoked_up_to(&self, owner: AccountId, delegate: AccountId) -> u64 {
            self.data.revoked_up_to(owner, delegate)
        }

        /// The window, the latest that was found unjustified, for which `key` may not break the glass.
        /// A view, open to all.
        #[ink(message)]
        pub fn bar(&self, key: AccountId) -> Option<u64> {
            self.data.bar(key)
        }

        /// A window by number. A view, open to all.
        #[ink(message)]
        pub fn window(&self, window: u64) -> Option<Window> {
            self.data.window(window)
        }

        /// Number of the open window of `provider` on `patient`; it permits nothing while the patient
        /// refuses emergencies. A view, open to all.
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
            self.data.log().digests(self.domain, owner, from_sequence, limit)
        }

        /// How many refusals there were of accounts that were never admitted, and the head of their
        /// log. A view, open to all.
        #[ink(message)]
        pub fn refusals(&self) -> LogHead {
            self.data.log().refusals()
        }

        /// What the contents of the logs begin with: BLAKE2b-256(genesis hash, this contract). A
        /// view, open to all.
        #[ink(message)]
        pub fn domain(&self) -> Hash32 {
            self.domain
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

        fn now(&self) -> Timestamp {
            self.env().block_timestamp()
        }

        fn check_running(&self) -> Result<(), ConsentError> {
            if self.governance.is_paused() {
                return Err(ConsentError::Paused);
            }
            Ok(())
        }

        fn record_grant(&mut self, terms: Terms) -> Result<u64, ConsentError> {
            let (caller, admission) = self.admission(terms.owner, terms.grantee)?;
            let now = self.now();
            let (granted, by_guardian) = self.data.grant(caller, now, admission, terms)?;
            let number = granted.grant;
            self.env().emit_event(granted);
            if let Some(event) = by_guardian {
                self.env().emit_event(event);
            }
            Ok(number)
        }

        /// Who acts for `owner`, the caller being he himself or a guardian of his, and when.
        fn acting(&self, owner: AccountId) -> Result<(Acting, Timestamp), ConsentError> {
            let (caller, admission) = self.admission(owner, owner)?;
            let acting = Acting::check(owner, caller, admission.for_subject)?;
            Ok((acting, self.now()))
        }

        /// The same for what takes away: it goes on when nobody answers, for the owner's own key.
        fn acting_or_own(&self, owner: AccountId) -> Result<(Acting, Timestamp), ConsentError> {
            let (caller, admission) = self.admission_or_own(owner, owner)?;
            let acting = Acting::check(owner, caller, admission.for_subject)?;
            Ok((acting, self.now()))
        }

        fn emit_acted(&self, acting: Acting, now: Timestamp) {
            if let Some(event) = acting.acted(now) {
                self.env().emit_event(event);
            }
        }

        fn emit_said<O: Event, G: Event>(&self, said: Said<O, G>) {
            match said {
                Said::Owner(event) => self.env().emit_event(event),
                Said::Guardian(event) => self.env().emit_event(event),
            }
        }

        /// As whom the caller acts, how he and these two stand, and what he may do for them.
        fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<(AccountId, Admission), ConsentError> {
            let admission = ask(self.participants, subject, other, self.env().caller())?;
            Ok((admission.acting.ok_or(ConsentError::NotAuthorized)?, admission))
        }

        /// The same for what takes away: when nobody answers, the own keys of the two act for them.
        fn admission_or_own(
            &self,
            subject: AccountId,
            other: AccountId,
        ) -> Result<(AccountId, Admission), ConsentError> {
            let caller = self.env().caller();
            match self.admission(subject, other) {
                Err(ConsentError::ParticipantsFailed) if caller == subject || caller == other => {
                    Ok((caller, Admission::unanswered(caller == subject)))
                }
                answer => answer,
            }
        }
    }

    /// How these three stand, and what the last may do for the two others.
    fn ask(
        participants: AccountId,
        subject: AccountId,
        other: AccountId,
        caller: AccountId,
    ) -> Result<Admission, ConsentError> {
        assent_traits::participants::admission(participants, subject, other, caller)
            .map_err(|_| ConsentError::ParticipantsFailed)
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
