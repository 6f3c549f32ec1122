//! Who is admitted, and with which roles: approved, confirmed, changed, given up, handed over.

use crate::data::{check_known, check_office, Data};
use crate::errors::ParticipantsError;
use assent_events::{
    participants::{Approved, Left, ProfileConfirmed, RolesSet},
    role, Hash,
};
use ink::primitives::AccountId;

impl Data {
    /// Gives `account`, which holds no roles, its first ones, `caller` having checked `profile`;
    /// `is_administrator` says whether he is. What is suspended stays so.
    pub fn approve(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        roles: u16,
        profile: Hash,
    ) -> Result<Approved, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        check_known(roles)?;
        let mut participant = self.registered(account)?;
        if participant.roles != 0 {
            return Err(ParticipantsError::AlreadyApproved);
        }
        if participant.profile != profile {
            return Err(ParticipantsError::ProfileChanged);
        }
        check_office(is_administrator, roles)?;

        participant.roles = roles;
        participant.confirmed = Some(profile);
        self.participants.insert(account, &participant);
        Ok(Approved { account, roles, profile, by: caller })
    }

    /// Records that `caller` checked the profile that `account` has put in place of an earlier one.
    pub fn confirm_profile(
        &mut self,
        caller: AccountId,
        account: AccountId,
        profile: Hash,
    ) -> Result<ProfileConfirmed, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        let mut participant = self.registered(account)?;
        if participant.confirmed.is_none() {
            return Err(ParticipantsError::NotApproved);
        }
        if participant.profile != profile {
            return Err(ParticipantsError::ProfileChanged);
        }
        if participant.confirmed == Some(profile) {
            return Err(ParticipantsError::AlreadyConfirmed);
        }

        participant.confirmed = Some(profile);
        self.participants.insert(account, &participant);
        Ok(ProfileConfirmed { account, profile, by: caller })
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

    /// Takes all roles from `caller`, who asks for it; `is_administrator` says whether he is. What
    /// is suspended stays so: nobody leaves the black list.
    pub fn leave(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
    ) -> Result<Left, ParticipantsError> {
        let mut participant = self.registered(caller)?;
        if is_administrator {
            return Err(ParticipantsError::OfficeHolder);
        }
        if participant.roles == 0 {
            return Err(ParticipantsError::NothingToLeave);
        }

        participant.roles = 0;
        self.participants.insert(caller, &participant);
        Ok(Left { account: caller })
    }

    /// Whether `account` may become the administrator: it is active, the role of a regulator would count,
    /// and its own key acts for it, as which alone the office is held.
    pub fn is_eligible(&self, account: AccountId) -> bool {
        self.participant(account).is_some_and(|p| {
            p.counting() != 0 && p.suspended & role::REGULATOR == 0 && p.key.is_none()
        })
    }

    /// Moves the role of a regulator from the administrator to another participant, his successor,
    /// who [is eligible](Self::is_eligible) and has accepted.
    pub fn succeed(&mut self, from: AccountId, to: AccountId) -> (RolesSet, RolesSet) {
        let mut old =
            self.participants.get(from).expect("the administrator is an active regulator");
        let mut new = self.participants.get(to).expect("the shell has checked that he is eligible");
        old.roles &= !role::REGULATOR;
        new.roles |= role::REGULATOR;

        self.participants.insert(from, &old);
        self.participants.insert(to, &new);
        (
            RolesSet { account: from, roles: old.roles, by: to },
            RolesSet { account: to, roles: new.roles, by: to },
        )
    }
}
