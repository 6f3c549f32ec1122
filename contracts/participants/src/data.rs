//! What the participants contract keeps, and who is in it. The rules stand by feature: who is
//! admitted in [`crate::admission`], who is suspended in [`crate::suspension`], who acts for whom in
//! [`crate::mandates`] and [`crate::guardians`], which key acts as whom in [`crate::succession`]. The shell
//! has checked that a pause does not block the message, and says as whom the caller acts.

pub use assent_interface::Status;

use crate::errors::ParticipantsError;
use crate::mandates::Mandate;
use crate::succession::Succession;
use assent_events::{
    participants::{Approved, ProfileUpdated, Registered},
    role, Hash,
};
use assent_traits::participants::{Admission, Agency, Standing};
use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;

/// The most participants that [`Data::list`] gives at once: they fit well into an answer.
pub const MAX_LIST: u32 = 64;

/// A participant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Participant {
    /// Bit mask of [`assent_events::role`]: what it holds.
    pub roles: u16,
    /// Bit mask of the roles that do not count, whether it holds them or not.
    pub suspended: u16,
    /// Salted commitment to its profile.
    pub profile: Hash,
    /// The commitment to the profile that a regulator last checked; `None`: it was never approved.
    /// While it is not the one on record, that is unconfirmed.
    pub confirmed: Option<Hash>,
    /// Number of its guardianship, from 0: what guardians give for it counts only in the one in which
    /// they did. It stands here so that an admission answer reads nothing more.
    pub guardianship: u32,
    /// The key that acts for it; `None`: its own account does.
    pub key: Option<AccountId>,
}

impl Participant {
    /// Bit mask of the roles that count: held and not suspended.
    #[must_use]
    pub const fn counting(&self) -> u16 {
        self.roles & !self.suspended
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.roles == 0 {
            Status::Pending
        } else if self.counting() == 0 {
            Status::Suspended
        } else {
            Status::Active
        }
    }

    /// What other contracts are told of it.
    const fn standing(&self) -> Standing {
        Standing { roles: self.counting(), admitted: self.confirmed.is_some() }
    }
}

/// A participant in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Entry {
    /// Its place, in the order of registration from 0; never changes.
    pub index: u64,
    /// Its account.
    pub account: AccountId,
    /// What is known about it.
    pub participant: Participant,
}

/// All participants. Nobody is ever removed, so that the list has no gaps.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    pub(crate) participants: Mapping<AccountId, Participant, ManualKey<0x7061_0001>>,
    index: Mapping<u64, AccountId, ManualKey<0x7061_0002>>,
    count: Lazy<u64, ManualKey<0x7061_0003>>,
    /// From the one for whom is acted to the one who acts.
    pub(crate) mandates: Mapping<(AccountId, AccountId), Mandate, ManualKey<0x7061_0101>>,
    /// From every key that ever was a successor to the participant whose it is or was.
    pub(crate) subjects: Mapping<AccountId, AccountId, ManualKey<0x7061_0201>>,
    /// What is to replace the key of a participant.
    pub(crate) successions: Mapping<AccountId, Succession, ManualKey<0x7061_0202>>,
}

impl Data {
    /// Starts with `administrator` as the only participant and first regulator.
    pub fn new(administrator: AccountId) -> (Self, Registered, Approved) {
        let mut data = Self {
            participants: Mapping::new(),
            index: Mapping::new(),
            count: Lazy::new(),
            mandates: Mapping::new(),
            subjects: Mapping::new(),
            successions: Mapping::new(),
        };
        let profile = [0; 32];
        let roles = role::REGULATOR;
        let confirmed = Some(profile);
        let (suspended, guardianship, key) = (0, 0, None);
        let first = Participant { roles, suspended, profile, confirmed, guardianship, key };
        data.participants.insert(administrator, &first);
        data.index.insert(0, &administrator);
        data.count.set(&1);
        let registered = Registered { account: administrator, profile };
        let approved = Approved { account: administrator, roles, profile, by: administrator };
        (data, registered, approved)
    }

    /// Registers `caller`, who holds no roles.
    pub fn register(
        &mut self,
        caller: AccountId,
        profile: Hash,
    ) -> Result<Registered, ParticipantsError> {
        if self.participants.contains(caller) {
            return Err(ParticipantsError::AlreadyRegistered);
        }
        let index = self.count();
        let count = index.checked_add(1).ok_or(ParticipantsError::TooMany)?;

        let (roles, suspended, confirmed, guardianship, key) = (0, 0, None, 0, None);
        let participant = Participant { roles, suspended, profile, confirmed, guardianship, key };
        self.participants.insert(caller, &participant);
        self.index.insert(index, &caller);
        self.count.set(&count);
        Ok(Registered { account: caller, profile })
    }

    /// Replaces the profile of `caller`; what a regulator checked is still the old one.
    pub fn update_profile(
        &mut self,
        caller: AccountId,
        profile: Hash,
    ) -> Result<ProfileUpdated, ParticipantsError> {
        let mut participant = self.registered(caller)?;
        participant.profile = profile;
        self.participants.insert(caller, &participant);
        Ok(ProfileUpdated { account: caller, profile })
    }

    /// What is known about `account`.
    pub fn participant(&self, account: AccountId) -> Option<Participant> {
        self.participants.get(account)
    }

    /// Whether at least one of `roles` counts for `account`.
    pub fn has_role(&self, account: AccountId, roles: u16) -> bool {
        self.standing(account).has(roles)
    }

    /// Whether `account` is active: any role of it counts.
    pub fn is_admitted(&self, account: AccountId) -> bool {
        self.has_role(account, role::ALL)
    }

    /// How the three stand whom a message of another contract concerns, as whom the key `caller` acts, what
    /// he may do for the two others, and the guardianship of the first. Whoever is named twice is looked up
    /// once; only a key that is not registered takes one look more.
    pub fn admission(
        &self,
        now: u64,
        subject: AccountId,
        other: AccountId,
        caller: AccountId,
    ) -> Admission {
        let of_subject = self.participants.get(subject);
        let of_other =
            if other == subject { of_subject.clone() } else { self.participants.get(other) };
        let known = |account| {
            if account == subject {
                of_subject.clone()
            } else if account == other {
                of_other.clone()
            } else {
                self.participants.get(account)
            }
        };
        let (acting, of_acting) = self.identify(caller, known);
        let agency =
            |party| acting.map_or_else(Agency::default, |acting| self.agency(now, party, acting));
        let for_subject = agency(subject);
        let for_other = if other == subject { for_subject } else { agency(other) };
        let stands = |participant: &Option<Participant>| {
            participant.as_ref().map_or_else(Standing::default, Participant::standing)
        };
        Admission {
            subject: stands(&of_subject),
            other: stands(&of_other),
            caller: stands(&of_acting),
            for_subject,
            for_other,
            guardianship: of_subject.as_ref().map_or(0, |p| p.guardianship),
            acting,
        }
    }

    /// As whom `key` acts, and what is known about him, which `known` tells of an account.
    pub(crate) fn identify(
        &self,
        key: AccountId,
        known: impl Fn(AccountId) -> Option<Participant>,
    ) -> (Option<AccountId>, Option<Participant>) {
        match known(key) {
            Some(participant) if participant.key.is_none() => (Some(key), Some(participant)),
            // Another key acts for it.
            Some(_) => (None, None),
            None => match self.subjects.get(key) {
                None => (Some(key), None),
                Some(subject) => match known(subject) {
                    Some(participant) if participant.key == Some(key) => {
                        (Some(subject), Some(participant))
                    }
                    _ => (None, None),
                },
            },
        }
    }

    /// How many accounts have registered.
    pub fn count(&self) -> u64 {
        self.count.get_or_default()
    }

    /// Participants from place `from` on, in the order of registration: `limit` of them, but at
    /// most [`MAX_LIST`].
    pub fn list(&self, from: u64, limit: u32) -> Vec<Entry> {
        let end = from.saturating_add(limit.min(MAX_LIST).into()).min(self.count());
        (from..end)
            .map(|index| {
                let account = self.index.get(index).expect("every place below the count is taken");
                let participant =
                    self.participants.get(account).expect("only registered ones have a place");
                Entry { index, account, participant }
            })
            .collect()
    }

    /// How `account` stands; one that has not registered was never admitted.
    fn standing(&self, account: AccountId) -> Standing {
        self.participants.get(account).map_or_else(Standing::default, |p| p.standing())
    }

    /// Whether `caller` may change the roles or the status of `account`.
    pub(crate) fn check_regulator_of(
        &self,
        caller: AccountId,
        account: AccountId,
    ) -> Result<(), ParticipantsError> {
        if !self.has_role(caller, role::REGULATOR) {
            return Err(ParticipantsError::NotRegulator);
        }
        if caller == account {
            return Err(ParticipantsError::OwnRoles);
        }
        Ok(())
    }

    pub(crate) fn registered(&self, account: AccountId) -> Result<Participant, ParticipantsError> {
        self.participants.get(account).ok_or(ParticipantsError::NotRegistered)
    }
}

/// Whether these are roles, and at least one.
pub(crate) fn check_known(roles: u16) -> Result<(), ParticipantsError> {
    if roles == 0 || roles & !role::ALL != 0 {
        return Err(ParticipantsError::UnknownRoles);
    }
    Ok(())
}

/// Whether one who is the administrator, or is not, may change something about a participant that
/// these roles concern, because it holds them or shall hold them, or because they are suspended.
/// Otherwise a regulator could rid himself of the others.
pub(crate) fn check_office(is_administrator: bool, roles: u16) -> Result<(), ParticipantsError> {
    if roles & role::REGULATOR != 0 && !is_administrator {
        return Err(ParticipantsError::NotAdministrator);
    }
    Ok(())
}
