//! The rules of admission.

use crate::errors::ParticipantsError;
use assent_events::{
    participants::{Approved, Registered, Reinstated, Suspended},
    role, Hash,
};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Mapping},
};

/// Where a participant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Status {
    /// Registered, not approved yet: has no roles.
    Pending,
    /// Admitted: its roles count.
    Active,
    /// Suspended: its roles do not count until it is reinstated.
    Suspended,
}

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

/// All participants.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    participants: Mapping<AccountId, Participant, ManualKey<0x7061_0001>>,
}

impl Data {
    /// Starts with `regulator` as the only participant.
    pub fn new(regulator: AccountId) -> (Self, Registered, Approved) {
        let mut data = Self { participants: Mapping::new() };
        let first =
            Participant { roles: role::REGULATOR, status: Status::Active, profile: [0; 32] };
        data.participants.insert(regulator, &first);
        let registered = Registered { account: regulator, profile: first.profile };
        let approved = Approved { account: regulator, roles: first.roles, by: regulator };
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
        let participant = Participant { roles: 0, status: Status::Pending, profile };
        self.participants.insert(caller, &participant);
        Ok(Registered { account: caller, profile })
    }

    /// Gives `account` exactly `roles`.
    pub fn approve(
        &mut self,
        caller: AccountId,
        account: AccountId,
        roles: u16,
    ) -> Result<Approved, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        if roles == 0 || roles & !role::ALL != 0 {
            return Err(ParticipantsError::UnknownRoles);
        }
        let mut participant = self.registered(account)?;
        participant.roles = roles;
        if participant.status == Status::Pending {
            participant.status = Status::Active;
        }
        self.participants.insert(account, &participant);
        Ok(Approved { account, roles, by: caller })
    }

    /// Suspends `account`.
    pub fn suspend(
        &mut self,
        caller: AccountId,
        account: AccountId,
        reason: Hash,
    ) -> Result<Suspended, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        let mut participant = self.registered(account)?;
        if participant.status == Status::Suspended {
            return Err(ParticipantsError::AlreadySuspended);
        }
        participant.status = Status::Suspended;
        self.participants.insert(account, &participant);
        Ok(Suspended { account, reason, by: caller })
    }

    /// Lifts the suspension of `account`.
    pub fn reinstate(
        &mut self,
        caller: AccountId,
        account: AccountId,
    ) -> Result<Reinstated, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        let mut participant = self.registered(account)?;
        if participant.status != Status::Suspended {
            return Err(ParticipantsError::NotSuspended);
        }
        // One that was suspended before anyone approved it has no roles to come back with.
        participant.status = if participant.roles == 0 { Status::Pending } else { Status::Active };
        self.participants.insert(account, &participant);
        Ok(Reinstated { account, by: caller })
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
