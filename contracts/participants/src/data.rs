//! The rules of admission. The shell has checked that a pause does not block the message.

pub use assent_interface::Status;

use crate::errors::ParticipantsError;
use assent_events::{
    participants::{Approved, Left, ProfileUpdated, Registered, Reinstated, RolesSet, Suspended},
    role, Hash,
};
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
    /// Bit mask of [`assent_events::role`]; counts only while the status is active.
    pub roles: u16,
    /// Where it stands.
    pub status: Status,
    /// Salted commitment to its profile.
    pub profile: Hash,
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
    participants: Mapping<AccountId, Participant, ManualKey<0x7061_0001>>,
    index: Mapping<u64, AccountId, ManualKey<0x7061_0002>>,
    count: Lazy<u64, ManualKey<0x7061_0003>>,
}

impl Data {
    /// Starts with `administrator` as the only participant and first regulator.
    pub fn new(administrator: AccountId) -> (Self, Registered, Approved) {
        let mut data =
            Self { participants: Mapping::new(), index: Mapping::new(), count: Lazy::new() };
        let first =
            Participant { roles: role::REGULATOR, status: Status::Active, profile: [0; 32] };
        data.participants.insert(administrator, &first);
        data.index.insert(0, &administrator);
        data.count.set(&1);
        let registered = Registered { account: administrator, profile: first.profile };
        let approved = Approved { account: administrator, roles: first.roles, by: administrator };
        (data, registered, approved)
    }

    /// Registers `caller` as pending.
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

        let participant = Participant { roles: 0, status: Status::Pending, profile };
        self.participants.insert(caller, &participant);
        self.index.insert(index, &caller);
        self.count.set(&count);
        Ok(Registered { account: caller, profile })
    }

    /// Replaces the profile of `caller`.
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

    /// Gives `account`, which holds no roles, its first ones; `is_administrator` says whether
    /// `caller` is.
    pub fn approve(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        roles: u16,
    ) -> Result<Approved, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        check_known(roles)?;
        let mut participant = self.registered(account)?;
        if participant.roles != 0 {
            return Err(ParticipantsError::AlreadyApproved);
        }
        check_office(is_administrator, roles)?;

        participant.roles = roles;
        // An approval does not lift a suspension.
        if participant.status == Status::Pending {
            participant.status = Status::Active;
        }
        self.participants.insert(account, &participant);
        Ok(Approved { account, roles, by: caller })
    }

    /// Replaces the roles of `account`, which holds some; `is_administrator` says whether `caller`
    /// is.
    pub fn set_roles(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        roles: u16,
    ) -> Result<RolesSet, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        check_known(roles)?;
        let mut participant = self.registered(account)?;
        if participant.roles == 0 {
            return Err(ParticipantsError::NotApproved);
        }
        check_office(is_administrator, participant.roles | roles)?;

        participant.roles = roles;
        self.participants.insert(account, &participant);
        Ok(RolesSet { account, roles, by: caller })
    }

    /// Suspends `account`; `is_administrator` says whether `caller` is.
    pub fn suspend(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        reason: Hash,
    ) -> Result<Suspended, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        let mut participant = self.registered(account)?;
        if participant.status == Status::Suspended {
            return Err(ParticipantsError::AlreadySuspended);
        }
        check_office(is_administrator, participant.roles)?;

        participant.status = Status::Suspended;
        self.participants.insert(account, &participant);
        Ok(Suspended { account, reason, by: caller })
    }

    /// Lifts the suspension of `account`; `is_administrator` says whether `caller` is.
    pub fn reinstate(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
    ) -> Result<Reinstated, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        let mut participant = self.registered(account)?;
        if participant.status != Status::Suspended {
            return Err(ParticipantsError::NotSuspended);
        }
        check_office(is_administrator, participant.roles)?;

        participant.status = standing(participant.roles);
        self.participants.insert(account, &participant);
        Ok(Reinstated { account, by: caller })
    }

    /// Takes all roles from `caller`, who asks for it; `is_administrator` says whether he is.
    pub fn leave(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
    ) -> Result<Left, ParticipantsError> {
        let mut participant = self.registered(caller)?;
        if is_administrator {
            return Err(ParticipantsError::OfficeHolder);
        }
        // Nobody leaves the black list: without the role of a regulator, one whom only the
        // administrator can reinstate would be anyone's to reinstate.
        if participant.status == Status::Suspended {
            return Err(ParticipantsError::AlreadySuspended);
        }
        if participant.roles == 0 {
            return Err(ParticipantsError::NothingToLeave);
        }

        participant.roles = 0;
        participant.status = Status::Pending;
        self.participants.insert(caller, &participant);
        Ok(Left { account: caller })
    }

    /// Moves the role of a regulator from the administrator to another participant, his successor,
    /// who [is admitted](Self::is_admitted) and has accepted.
    pub fn succeed(&mut self, from: AccountId, to: AccountId) -> (RolesSet, RolesSet) {
        let mut old =
            self.participants.get(from).expect("the administrator is an active regulator");
        let mut new = self.participants.get(to).expect("the shell has checked that he is admitted");
        old.roles &= !role::REGULATOR;
        old.status = standing(old.roles);
        new.roles |= role::REGULATOR;

        self.participants.insert(from, &old);
        self.participants.insert(to, &new);
        (
            RolesSet { account: from, roles: old.roles, by: to },
            RolesSet { account: to, roles: new.roles, by: to },
        )
    }

    /// What is known about `account`.
    pub fn participant(&self, account: AccountId) -> Option<Participant> {
        self.participants.get(account)
    }

    /// Whether `account` is active and holds at least one of `roles`.
    pub fn has_role(&self, account: AccountId, roles: u16) -> bool {
        self.participants
            .get(account)
            .is_some_and(|p| p.status == Status::Active && p.roles & roles != 0)
    }

    /// Whether `account` is active.
    pub fn is_admitted(&self, account: AccountId) -> bool {
        self.has_role(account, role::ALL)
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

    /// Whether `caller` may change the roles or the status of `account`.
    fn check_regulator_of(
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

    fn registered(&self, account: AccountId) -> Result<Participant, ParticipantsError> {
        self.participants.get(account).ok_or(ParticipantsError::NotRegistered)
    }
}

/// Where one with these roles stands who is not suspended.
fn standing(roles: u16) -> Status {
    if roles == 0 {
        Status::Pending
    } else {
        Status::Active
    }
}

/// Whether these are roles, and at least one.
fn check_known(roles: u16) -> Result<(), ParticipantsError> {
    if roles == 0 || roles & !role::ALL != 0 {
        return Err(ParticipantsError::UnknownRoles);
    }
    Ok(())
}

/// Whether one who is the administrator, or is not, may change something about a participant that
/// holds these roles or shall hold them. Otherwise a regulator could rid himself of the others.
fn check_office(is_administrator: bool, roles: u16) -> Result<(), ParticipantsError> {
    if roles & role::REGULATOR != 0 && !is_administrator {
        return Err(ParticipantsError::NotAdministrator);
    }
    Ok(())
}
