//! Successor keys: which key acts for a participant. A key names its next one, or a regulator replaces one
//! that is lost or stolen.
//!
//! The identity of a participant stays the account that was admitted, and so does all that is kept of it
//! anywhere; a key only says who acts. What waits for the delay can be seen and stopped before it counts: a
//! regulator's replacement by any other regulator, or by the key itself, which a thief may hold: then a second
//! regulator has to confirm it.

use crate::data::{check_office, Data};
use crate::errors::ParticipantsError;
use assent_events::{
    participants::{
        KeyReplaced, ReplacementConfirmed, ReplacementObjected, ReplacementProposed,
        ReplacementRejected, SuccessionCancelled, SuccessorNamed,
    },
    power, role, Hash,
};
use assent_governance::GRACE;
use ink::primitives::AccountId;

/// A key that is to act for a participant, and has not accepted yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Succession {
    /// The key.
    pub to: AccountId,
    /// First moment at which it may accept, ms since 1970.
    pub not_before: u64,
    /// First moment at which it no longer may, ms since 1970.
    pub until: u64,
    /// The regulator who replaces the key; `None`: the key named its successor itself.
    pub by: Option<AccountId>,
    /// Whether the key objected to its replacement.
    pub objected: bool,
    /// The second regulator, who confirmed it after that.
    pub confirmed_by: Option<AccountId>,
}

/// What was decided on a replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It may be accepted.
    Confirmed(ReplacementConfirmed),
    /// It ended.
    Rejected(ReplacementRejected),
}

/// What the key of a participant did about what is to replace it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cancelled {
    /// It took back what it had said itself.
    Own(SuccessionCancelled),
    /// It objects to what a regulator said.
    Objected(ReplacementObjected),
}

/// When something is put on record, and how long it waits.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// Now, ms since 1970.
    pub now: u64,
    /// How long, ms.
    pub delay: u64,
}

impl Waiting {
    /// From when on, and until when, it may be accepted; what would wait past the end of time never.
    fn times(self) -> (u64, u64) {
        let not_before = self.now.saturating_add(self.delay);
        (not_before, not_before.saturating_add(GRACE))
    }
}

impl Data {
    /// Has the key `to` act for `caller` when it accepts, in place of one that he named before;
    /// `is_administrator` says whether he is.
    pub fn name_successor(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        waiting: Waiting,
        to: AccountId,
    ) -> Result<SuccessorNamed, ParticipantsError> {
        self.registered(caller)?;
        if is_administrator {
            return Err(ParticipantsError::OfficeHolder);
        }
        // Who holds a stolen key keeps no regulator from replacing it.
        if self.pending(waiting.now, caller).is_some_and(|pending| pending.by.is_some()) {
            return Err(ParticipantsError::ReplacementPending);
        }
        self.check_named(caller, to)?;

        let (not_before, until) = waiting.times();
        let succession =
            Succession { to, not_before, until, by: None, objected: false, confirmed_by: None };
        self.successions.insert(caller, &succession);
        Ok(SuccessorNamed { subject: caller, to, not_before, until })
    }

    /// Has the key `to` act for `subject` when it accepts, in place of one that he named himself. `caller`
    /// has to be a regulator, and another; `is_administrator` says whether he is, `is_office` whether the
    /// subject is.
    pub fn replace_key(
        &mut self,
        caller: AccountId,
        (is_administrator, is_office): (bool, bool),
        waiting: Waiting,
        subject: AccountId,
        to: AccountId,
        evidence: Hash,
    ) -> Result<ReplacementProposed, ParticipantsError> {
        self.check_replaces(caller, waiting.now, subject)?;
        let participant = self.registered(subject)?;
        if is_office {
            return Err(ParticipantsError::OfficeHolder);
        }
        check_office(is_administrator, participant.roles)?;
        if self.pending(waiting.now, subject).is_some_and(|pending| pending.by.is_some()) {
            return Err(ParticipantsError::ReplacementPending);
        }
        self.check_named(subject, to)?;

        let (not_before, until) = waiting.times();
        let by = Some(caller);
        let succession =
            Succession { to, not_before, until, by, objected: false, confirmed_by: None };
        self.successions.insert(subject, &succession);
        Ok(ReplacementProposed { subject, to, evidence, not_before, until, by: caller })
    }

    /// Takes back the successor that `caller` named, or has him object to the one that a regulator did.
    pub fn cancel_succession(
        &mut self,
        caller: AccountId,
        now: u64,
    ) -> Result<Cancelled, ParticipantsError> {
        let pending = self.pending(now, caller).ok_or(ParticipantsError::NoSuccession)?;
        let (subject, to) = (caller, pending.to);
        if pending.by.is_none() {
            self.successions.remove(subject);
            return Ok(Cancelled::Own(SuccessionCancelled { subject, to }));
        }
        if pending.objected {
            return Err(ParticipantsError::AlreadyObjected);
        }
        self.successions.insert(subject, &Succession { objected: true, ..pending });
        Ok(Cancelled::Objected(ReplacementObjected { subject, to }))
    }

    /// Decides on a replacement of the key of `subject` by `to`: confirms it, to which the key has to object
    /// first, or ends it. `caller` has to be a regulator, another than the subject, and no guardian of his; who
    /// proposed it only takes it back.
    pub fn decide_replacement(
        &mut self,
        caller: AccountId,
        now: u64,
        subject: AccountId,
        to: AccountId,
        confirmed: bool,
    ) -> Result<Ruling, ParticipantsError> {
        self.check_replaces(caller, now, subject)?;
        let pending = self.pending(now, subject).filter(|pending| pending.to == to);
        let pending = pending.ok_or(ParticipantsError::NoSuccession)?;
        let proposed_by = pending.by.ok_or(ParticipantsError::NoSuccession)?;
        let by = caller;
        if !confirmed {
            self.successions.remove(subject);
            return Ok(Ruling::Rejected(ReplacementRejected { subject, to, by }));
        }
        if by == proposed_by {
            return Err(ParticipantsError::OwnReplacement);
        }
        if !pending.objected {
            return Err(ParticipantsError::NotObjected);
        }
        if pending.confirmed_by.is_some() {
            return Err(ParticipantsError::AlreadyConfirmed);
        }

        self.successions.insert(subject, &Succession { confirmed_by: Some(by), ..pending });
        Ok(Ruling::Confirmed(ReplacementConfirmed { subject, to, by }))
    }

    /// Has the key `caller` act for `subject` from now on, who was to; `is_office` says whether the subject
    /// is the administrator.
    pub fn accept_succession(
        &mut self,
        caller: AccountId,
        is_office: bool,
        now: u64,
        subject: AccountId,
    ) -> Result<KeyReplaced, ParticipantsError> {
        let pending = self.pending(now, subject).ok_or(ParticipantsError::NoSuccession)?;
        if pending.to != caller {
            return Err(ParticipantsError::NotSuccessor);
        }
        if now < pending.not_before {
            return Err(ParticipantsError::TooEarly);
        }
        if pending.objected && pending.confirmed_by.is_none() {
            return Err(ParticipantsError::Objected);
        }
        if is_office {
            return Err(ParticipantsError::OfficeHolder);
        }
        // It may have been registered, or have become another's, in the meantime.
        self.check_new(caller)?;
        let mut participant = self.registered(subject)?;

        let from = participant.key.replace(caller).unwrap_or(subject);
        self.participants.insert(subject, &participant);
        self.subjects.insert(caller, &subject);
        self.successions.remove(subject);
        Ok(KeyReplaced { subject, from, to: caller })
    }

    /// What is to replace the key of `subject`, also when it no longer can.
    pub fn succession(&self, subject: AccountId) -> Option<Succession> {
        self.successions.get(subject)
    }

    /// As whom the key `key` acts: as the participant whose it is, or else as itself; a key that was
    /// replaced as nobody.
    pub fn subject_of(&self, key: AccountId) -> Option<AccountId> {
        self.identify(key, |account| self.participants.get(account)).0
    }

    /// The same, for those who may only act as somebody.
    pub fn identity(&self, key: AccountId) -> Result<AccountId, ParticipantsError> {
        self.subject_of(key).ok_or(ParticipantsError::Replaced)
    }

    /// The key that acts for the participant whose account, or one of whose keys, `account` was, if it is
    /// that no longer.
    pub fn key_of(&self, account: AccountId) -> Option<AccountId> {
        let subject = self.subjects.get(account).unwrap_or(account);
        self.participants.get(subject)?.key.filter(|key| *key != account)
    }

    /// What may still be accepted for `subject`.
    fn pending(&self, now: u64, subject: AccountId) -> Option<Succession> {
        self.succession(subject).filter(|pending| now < pending.until)
    }

    /// Whether `to` is nobody yet: it was never registered, and is and was nobody's key.
    fn check_new(&self, to: AccountId) -> Result<(), ParticipantsError> {
        if self.participants.contains(to) || self.subjects.contains(to) {
            return Err(ParticipantsError::KeyTaken);
        }
        Ok(())
    }

    /// Whether it may be named for `subject`: nor does it act for him by a mandate, which would end by this
    /// unseen. One that it is given later is no obstacle, or a thief would give it.
    fn check_named(&self, subject: AccountId, to: AccountId) -> Result<(), ParticipantsError> {
        if self.mandates.contains((subject, to)) {
            return Err(ParticipantsError::KeyTaken);
        }
        self.check_new(to)
    }

    /// Whether `caller` may have a say in the key of `subject`: a regulator, but about himself, or about one
    /// whose guardian he is, whose account would be his.
    fn check_replaces(
        &self,
        caller: AccountId,
        now: u64,
        subject: AccountId,
    ) -> Result<(), ParticipantsError> {
        if !self.has_role(caller, role::REGULATOR) {
            return Err(ParticipantsError::NotRegulator);
        }
        if self.agency(now, subject, caller).may(power::GUARDIAN) {
            return Err(ParticipantsError::OwnKey);
        }
        Ok(())
    }
}
