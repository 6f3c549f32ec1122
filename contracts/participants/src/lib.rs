//! Who is admitted to the ledger, and with which roles.
//!
//! Invariants: the administrator is always an active regulator; a role passes a check only if it is
//! held and not suspended; being a data owner is never suspended; only a reinstatement ends the
//! suspension of a role, also for one who leaves; nobody holds a role without a regulator having
//! checked the profile that was on record then, and one that took its place is unconfirmed until a
//! regulator has checked it; nobody grants a role to himself or changes his own status, except that
//! he may leave; only the administrator makes, changes or suspends a regulator.
//!
//! Nobody acts for an organisation without a mandate of its own that is in force, nor beyond it, nor
//! for longer than five years without being admitted again; and no mandate admits others, hands over
//! an office or withdraws money.
//!
//! A guardian acts for a data owner by a mandate that a regulator gave who is neither of them, for at
//! most eighteen years; the ward neither gives nor ends one. One account has at most one mandate of
//! another, a member's or a guardian's. The number of a ward's guardianship never falls, and rises
//! whenever a guardian's time ends before it would have.
//!
//! Who a participant is never changes: it is the account that was admitted. Which key acts for it may:
//! the one that it named, or one that a regulator put in place of a lost or stolen key, each when it
//! accepts, after the delay and within the grace period; while the key objects to its replacement, only
//! when a second regulator has confirmed it. A key that was replaced acts for nobody, and no key is
//! ever that of two participants, or of one for the second time. The administrator hands his office
//! over instead.
//!
//! A pause blocks every message that changes something, except `suspend`, `leave`, `end_mandate`,
//! `cancel_succession`, `decide_replacement` and those of the government; it blocks no view.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod admission;
pub mod data;
pub mod errors;
pub mod guardians;
pub mod mandates;
pub mod succession;
pub mod suspension;
#[cfg(test)]
mod tests;

#[ink::contract]
mod participants {
    use crate::data::{Data, Entry, Participant, Status, SCHEMA_VERSION};
    use crate::errors::ParticipantsError;
    use crate::mandates::Mandate;
    use crate::succession::{Cancelled, Ruling, Succession, Waiting};
    use assent_events::Hash as Hash32;
    use assent_governance::{upgrade, Governance, GovernanceError, Governed, State};
    use assent_traits::participants::Admission;
    use ink::prelude::vec::Vec;

    /// The contract's storage; the rules are in [`crate::data`] and in the modules that it names.
    #[ink(storage)]
    pub struct Participants {
        data: Data,
        governance: Governance,
    }

    impl Participants {
        /// Makes the caller the administrator and the first regulator, with an empty profile. A
        /// handover of his office and a replacement of the code wait for `delay` ms.
        ///
        /// Events: `Registered`, `Approved`. Errors: `InvalidDelay`.
        #[ink(constructor)]
        pub fn new(delay: u64) -> Result<Self, GovernanceError> {
            let caller = Self::env().caller();
            let governance = Governance::new(caller, delay)?;
            let (data, registered, approved) = Data::new(caller);
            Self::env().emit_event(registered);
            Self::env().emit_event(approved);
            Ok(Self { data, governance })
        }

        /// Asks for admission, with a salted commitment to the caller's profile. Anyone may call, but
        /// no key that acts for a participant.
        ///
        /// Events: `Registered`. Errors, first wins: `Paused`, `Replaced`, `AlreadyRegistered`,
        /// `TooMany`.
        #[ink(message)]
        pub fn register(&mut self, profile: Hash32) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let event = self.data.register(self.caller()?, profile)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Replaces the salted commitment to the caller's profile, which is unconfirmed then unless
        /// it is the one that a regulator last checked. Anyone who has registered may call, also
        /// when suspended.
        ///
        /// Events: `ProfileUpdated`. Errors, first wins: `Paused`, `Replaced`, `NotRegistered`.
        #[ink(message)]
        pub fn update_profile(&mut self, profile: Hash32) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let event = self.data.update_profile(self.caller()?, profile)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Admits `account`, which holds no roles, with `roles`, the caller having checked `profile`;
        /// roles of it that are suspended stay so. Regulators only; for the role of a regulator the
        /// administrator only.
        ///
        /// Events: `Approved`. Errors, first wins: `Paused`, `Replaced`, `NotRegulator`, `OwnRoles`,
        /// `UnknownRoles`, `NotRegistered`, `AlreadyApproved`, `ProfileChanged` (`profile` is not the
        /// one on record), `NotAdministrator`.
        #[ink(message)]
        pub fn approve(
            &mut self,
            account: AccountId,
            roles: u16,
            profile: Hash32,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let caller = self.caller()?;
            let office = self.governance.is_administrator(caller);
            let event = self.data.approve(caller, office, account, roles, profile)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Confirms the profile that `account`, which was approved once, has put in place of an
        /// earlier one, the caller having checked `profile`. Regulators only, and not about
        /// themselves.
        ///
        /// Events: `ProfileConfirmed`. Errors, first wins: `Paused`, `Replaced`, `NotRegulator`,
        /// `OwnRoles`, `NotRegistered`, `NotApproved` (never), `ProfileChanged` (`profile` is not the
        /// one on record), `AlreadyConfirmed`.
        #[ink(message)]
        pub fn confirm_profile(
            &mut self,
            account: AccountId,
            profile: Hash32,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let event = self.data.confirm_profile(self.caller()?, account, profile)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Replaces the roles of `account`, which holds some, by `roles`; what is suspended stays so.
        /// Regulators only; if one of the old or new roles is that of a regulator, the
        /// administrator only.
        ///
        /// Events: `RolesSet`. Errors, first wins: `Paused`, `Replaced`, `NotRegulator`, `OwnRoles`,
        /// `UnknownRoles`, `NotRegistered`, `NotApproved`, `NotAdministrator`.
        #[ink(message)]
        pub fn set_roles(
            &mut self,
            account: AccountId,
            roles: u16,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let caller = self.caller()?;
            let office = self.governance.is_administrator(caller);
            let event = self.data.set_roles(caller, office, account, roles)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Suspends `roles` of `account`, also roles that it does not hold, for a reason of which a
        /// salted commitment is given. Nobody is suspended as a data owner. Regulators only; if one
        /// of the roles, or of those that the account holds, is that of a regulator, the
        /// administrator only. Open in a pause.
        ///
        /// Events: `Suspended`. Errors, first wins: `Replaced`, `NotRegulator`, `OwnRoles`,
        /// `UnknownRoles`, `DataOwner`, `NotRegistered`, `AlreadySuspended` (one of the roles is),
        /// `NotAdministrator`.
        #[ink(message)]
        pub fn suspend(
            &mut self,
            account: AccountId,
            roles: u16,
            reason: Hash32,
        ) -> Result<(), ParticipantsError> {
            let caller = self.caller()?;
            let office = self.governance.is_administrator(caller);
            let event = self.data.suspend(caller, office, account, roles, reason)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Lifts the suspension of `roles` of `account`: they count again as far as it holds them.
        /// Regulators only; for whom the administrator only, as for `suspend`.
        ///
        /// Events: `Reinstated`. Errors, first wins: `Paused`, `Replaced`, `NotRegulator`, `OwnRoles`,
        /// `UnknownRoles`, `NotRegistered`, `NotSuspended` (one of the roles is not),
        /// `NotAdministrator`.
        #[ink(message)]
        pub fn reinstate(
            &mut self,
            account: AccountId,
            roles: u16,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let caller = self.caller()?;
            let office = self.governance.is_administrator(caller);
            let event = self.data.reinstate(caller, office, account, roles)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Gives up all roles of the caller, who is pending then and may be approved again; what is
        /// suspended stays so. Participants with roles, except the administrator. Open in a pause.
        ///
        /// Events: `Left`. Errors, first wins: `Replaced`, `NotRegistered`, `OfficeHolder`,
        /// `NothingToLeave`.
        #[ink(message)]
        pub fn leave(&mut self) -> Result<(), ParticipantsError> {
            let caller = self.caller()?;
            let event = self.data.leave(caller, self.governance.is_administrator(caller))?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Has the key `agent`, which need not be registered, act for the caller: with the powers of
        /// the mask ([`assent_events::power`]), until a moment at most five years ahead, `person` being
        /// a salted commitment to who holds the key. Replaces a mandate that it has from him already.
        /// Active participants with another role than data owner.
        ///
        /// Events: `MemberAdmitted`. Errors, first wins: `Paused`, `Replaced`, `NotOrganisation`,
        /// `OwnMandate`, `UnknownPowers` (also a guardian's), `InvalidTerm`, `OtherMandate` (it is his
        /// guardian's).
        #[ink(message)]
        pub fn admit_member(
            &mut self,
            agent: AccountId,
            powers: u16,
            until: u64,
            person: Hash32,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let (caller, now) = (self.caller()?, self.env().block_timestamp());
            let event = self.data.admit_member(caller, now, agent, powers, until, person)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Has the key `guardian`, which need not be registered, act for `ward`, an active data owner,
        /// until a moment at most eighteen years ahead: when a child comes of age. `person` is a salted
        /// commitment to who holds the key. He does what the ward may as a data owner, but pay out,
        /// hand over, name delegates and refuse emergencies. Replaces a guardian's mandate that he has
        /// for the ward already: a longer time ends nothing, a shorter one starts the ward's next
        /// guardianship, in which nothing counts that any guardian granted before. A ward may have
        /// several guardians. Regulators only, and not for or by themselves, nor a guardian of the
        /// ward.
        ///
        /// Events: `GuardianAppointed`, and `GuardiansChanged` if the time is shorter than before.
        /// Errors, first wins: `Paused`, `Replaced`, `NotRegulator`, `OwnGuardianship`, `OwnMandate`
        /// (he would be his own), `NotDataOwner`, `InvalidTerm`, `OtherMandate` (he is on the ward's
        /// staff), `TooMany`.
        #[ink(message)]
        pub fn appoint_guardian(
            &mut self,
            ward: AccountId,
            guardian: AccountId,
            until: u64,
            person: Hash32,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let (caller, now) = (self.caller()?, self.env().block_timestamp());
            let (appointed, changed) =
                self.data.appoint_guardian(caller, now, ward, guardian, until, person)?;
            self.env().emit_event(appointed);
            if let Some(changed) = changed {
                self.env().emit_event(changed);
            }
            Ok(())
        }

        /// Ends the mandate of `agent` for `subject`, also one that is over. Either of the two, whoever
        /// is suspended; of a guardian's he himself, or a regulator who is neither the ward nor another
        /// guardian of his. One whose time is not over yet starts the ward's next guardianship, in
        /// which nothing counts that any guardian granted before. Open in a pause.
        ///
        /// Events: `MandateEnded`, and `GuardiansChanged` if it is a guardian's and was in force.
        /// Errors, first wins: `Replaced`, `NotAuthorized`, `NoMandate`, `TooMany`.
        #[ink(message)]
        pub fn end_mandate(
            &mut self,
            subject: AccountId,
            agent: AccountId,
        ) -> Result<(), ParticipantsError> {
            let (caller, now) = (self.caller()?, self.env().block_timestamp());
            let (ended, changed) = self.data.end_mandate(caller, now, subject, agent)?;
            self.env().emit_event(ended);
            if let Some(changed) = changed {
                self.env().emit_event(changed);
            }
            Ok(())
        }

        /// Has the key `to` act for the caller in place of his own: when it accepts, once the delay is
        /// over and for 14 days. Replaces what he named before. `to` was never registered, was never
        /// anybody's successor, and has no mandate for him yet; mandates that it has do not count any
        /// more when it acts for him. Participants, also pending and suspended ones, except the
        /// administrator, who hands his office over.
        ///
        /// Events: `SuccessorNamed`. Errors, first wins: `Paused`, `Replaced`, `NotRegistered`,
        /// `OfficeHolder`, `ReplacementPending` (a regulator replaces his key: he may object),
        /// `KeyTaken`.
        #[ink(message)]
        pub fn name_successor(&mut self, to: AccountId) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let caller = self.caller()?;
            let office = self.governance.is_administrator(caller);
            let event = self.data.name_successor(caller, office, self.waiting(), to)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Has the key `to` act for `subject` in place of one that was lost or stolen: when it accepts,
        /// once the delay is over and for 14 days. `evidence` is a salted commitment to what shows it.
        /// Replaces what that key named; it may object, and then a second regulator has to confirm it.
        /// Regulators only, not about themselves or one whose guardians they are; about a regulator the
        /// administrator only.
        ///
        /// Events: `ReplacementProposed`. Errors, first wins: `Paused`, `Replaced`, `NotRegulator`,
        /// `OwnKey`, `NotRegistered`, `OfficeHolder` (the subject is the administrator),
        /// `NotAdministrator`, `ReplacementPending`, `KeyTaken`.
        #[ink(message)]
        pub fn replace_key(
            &mut self,
            subject: AccountId,
            to: AccountId,
            evidence: Hash32,
        ) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let caller = self.caller()?;
            let [by, of] = [caller, subject].map(|one| self.governance.is_administrator(one));
            let waiting = self.waiting();
            let event = self.data.replace_key(caller, (by, of), waiting, subject, to, evidence)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Takes back the successor that the caller named; or objects to the one that a regulator named
        /// for him, who can then accept only when a second regulator has confirmed it. Open in a pause.
        ///
        /// Events: `SuccessionCancelled`, or `ReplacementObjected`. Errors, first wins: `Replaced`,
        /// `NoSuccession` (or it can no longer be accepted), `AlreadyObjected`.
        #[ink(message)]
        pub fn cancel_succession(&mut self) -> Result<(), ParticipantsError> {
            let (caller, now) = (self.caller()?, self.env().block_timestamp());
            match self.data.cancel_succession(caller, now)? {
                Cancelled::Own(event) => self.env().emit_event(event),
                Cancelled::Objected(event) => self.env().emit_event(event),
            }
            Ok(())
        }

        /// Ends the replacement of the key of `subject` by `to`, or confirms it in spite of an
        /// objection. Regulators other than the subject, and no guardian of his; who proposed it does
        /// not confirm it. Open in a pause.
        ///
        /// Events: `ReplacementConfirmed`, or `ReplacementRejected`. Errors, first wins: `Replaced`,
        /// `NotRegulator`, `OwnKey`, `NoSuccession` (none by a regulator with this key that can still
        /// be accepted); and if it is confirmed `OwnReplacement`, `NotObjected`, `AlreadyConfirmed`.
        #[ink(message)]
        pub fn decide_replacement(
            &mut self,
            subject: AccountId,
            to: AccountId,
            confirmed: bool,
        ) -> Result<(), ParticipantsError> {
            let (caller, now) = (self.caller()?, self.env().block_timestamp());
            match self.data.decide_replacement(caller, now, subject, to, confirmed)? {
                Ruling::Confirmed(event) => self.env().emit_event(event),
                Ruling::Rejected(event) => self.env().emit_event(event),
            }
            Ok(())
        }

        /// Has the caller act for `subject` from now on, and the key before it for nobody. The key that
        /// was named, once the delay is over and for 14 days. Roles, suspensions and mandates stay as
        /// they are.
        ///
        /// Events: `KeyReplaced`. Errors, first wins: `Paused`, `NoSuccession` (or it can no longer be
        /// accepted), `NotSuccessor`, `TooEarly`, `Objected`, `OfficeHolder` (the subject is the
        /// administrator by now), `KeyTaken` (it registered in the meantime, or acts for somebody).
        #[ink(message)]
        pub fn accept_succession(&mut self, subject: AccountId) -> Result<(), ParticipantsError> {
            self.check_running()?;
            let (caller, now) = (self.env().caller(), self.env().block_timestamp());
            let office = self.governance.is_administrator(subject);
            let event = self.data.accept_succession(caller, office, now, subject)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// What is known about `account`. A view, open to all.
        #[ink(message)]
        pub fn participant(&self, account: AccountId) -> Option<Participant> {
            self.data.participant(account)
        }

        /// Where `account` stands, if it has registered. A view, open to all.
        #[ink(message)]
        pub fn status(&self, account: AccountId) -> Option<Status> {
            self.data.participant(account).map(|participant| participant.status())
        }

        /// Whether at least one role of the mask counts for `account`. A view, open to all.
        #[ink(message)]
        pub fn has_role(&self, account: AccountId, roles: u16) -> bool {
            self.data.has_role(account, roles)
        }

        /// Whether `account` is active: any role of it counts. A view, open to all.
        #[ink(message)]
        pub fn is_admitted(&self, account: AccountId) -> bool {
            self.data.is_admitted(account)
        }

        /// The mandate of `agent` for `subject`, also when it is over. A view, open to all.
        #[ink(message)]
        pub fn mandate(&self, subject: AccountId, agent: AccountId) -> Option<Mandate> {
            self.data.mandate(subject, agent)
        }

        /// How the three stand that a message of another contract concerns: whose affair it is, with
        /// whom, and as whom the key `caller` acts; what he may do for the two now; in which
        /// guardianship the first is; and who he is. A view, open to all.
        #[ink(message)]
        pub fn admission(
            &self,
            subject: AccountId,
            other: AccountId,
            caller: AccountId,
        ) -> Admission {
            let now = self.env().block_timestamp();
            self.data.admission(now, subject, other, caller)
        }

        /// What is to replace the key of `subject`, also when it can no longer be accepted. A view,
        /// open to all.
        #[ink(message)]
        pub fn succession(&self, subject: AccountId) -> Option<Succession> {
            self.data.succession(subject)
        }

        /// As whom `key` acts: the participant whose key it is, or else itself; none: it was replaced.
        /// A view, open to all.
        #[ink(message)]
        pub fn subject_of(&self, key: AccountId) -> Option<AccountId> {
            self.data.subject_of(key)
        }

        /// The key that acts now for the participant whose account or key `account` was; none: it was
        /// not replaced. A view, open to all.
        #[ink(message)]
        pub fn key_of(&self, account: AccountId) -> Option<AccountId> {
            self.data.key_of(account)
        }

        /// How many accounts have registered. A view, open to all.
        #[ink(message)]
        pub fn count(&self) -> u64 {
            self.data.count()
        }

        /// Participants in the order of registration, from place `from` (0 is the first) on:
        /// `limit` of them, but at most 64. A view, open to all.
        #[ink(message)]
        pub fn list(&self, from: u64, limit: u32) -> Vec<Entry> {
            self.data.list(from, limit)
        }

        /// As whom the caller acts.
        fn caller(&self) -> Result<AccountId, ParticipantsError> {
            self.data.identity(self.env().caller())
        }

        fn waiting(&self) -> Waiting {
            Waiting { now: self.env().block_timestamp(), delay: self.governance.delay() }
        }

        fn check_running(&self) -> Result<(), ParticipantsError> {
            if self.governance.is_paused() {
                return Err(ParticipantsError::Paused);
            }
            Ok(())
        }
    }

    // The trait documents events and errors. A successor has to be an active participant who is not
    // suspended as a regulator, and whose key was not replaced, when he is proposed and when he accepts.
    // With the office the role of a regulator goes over to him, so that `accept_handover` has two more
    // events: `RolesSet` of the old and of the new administrator.
    impl Governed for Participants {
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
            let event =
                self.governance.propose_handover(caller, now, to, self.data.is_eligible(to))?;
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
            let eligible = self.data.is_eligible(caller);
            let event = self.governance.accept_handover(caller, now, eligible)?;
            let (old, new) = self.data.succeed(event.from, event.to);
            self.env().emit_event(event);
            self.env().emit_event(old);
            self.env().emit_event(new);
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
