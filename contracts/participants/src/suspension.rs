//! Which roles are suspended: they pass no check, whether the account holds them already or gets
//! them later. Being a data owner is never suspended.

use crate::data::{check_known, check_office, Data};
use crate::errors::ParticipantsError;
use assent_events::{
    participants::{Reinstated, Suspended},
    role, Hash,
};
use ink::primitives::AccountId;

impl Data {
    /// Suspends `roles` of `account`; `is_administrator` says whether `caller` is.
    pub fn suspend(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        roles: u16,
        reason: Hash,
    ) -> Result<Suspended, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        check_known(roles)?;
        if roles & role::DATA_OWNER != 0 {
            return Err(ParticipantsError::DataOwner);
        }
        let mut participant = self.registered(account)?;
        if participant.suspended & roles != 0 {
            return Err(ParticipantsError::AlreadySuspended);
        }
        check_office(is_administrator, participant.roles | roles)?;

        participant.suspended |= roles;
        self.participants.insert(account, &participant);
        Ok(Suspended { account, roles, reason, by: caller })
    }

    /// Lifts the suspension of `roles` of `account`; `is_administrator` says whether `caller` is.
    pub fn reinstate(
        &mut self,
        caller: AccountId,
        is_administrator: bool,
        account: AccountId,
        roles: u16,
    ) -> Result<Reinstated, ParticipantsError> {
        self.check_regulator_of(caller, account)?;
        check_known(roles)?;
        let mut participant = self.registered(account)?;
        if roles & !participant.suspended != 0 {
            return Err(ParticipantsError::NotSuspended);
        }
        check_office(is_administrator, participant.roles | roles)?;

        participant.suspended &= !roles;
        self.participants.insert(account, &participant);
        Ok(Reinstated { account, roles, by: caller })
    }
}
