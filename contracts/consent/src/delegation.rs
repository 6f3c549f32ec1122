//! Delegates: who may grant, amend and revoke for an owner, and how far.

use crate::data::{check_masks, Data};
use crate::errors::ConsentError;
use crate::guardians::Acting;
use assent_events::{
    consent::{DelegateRemoved, DelegateSet},
    power, role,
};
use assent_traits::participants::{Admission, Agency};
use ink::primitives::AccountId;

/// What a delegate may do for an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Delegation {
    /// Bit mask of the purposes in scope.
    pub purposes: u32,
    /// Bit mask of the categories in scope.
    pub categories: u32,
    /// First moment at which it no longer counts, ms since 1970; no grant outlasts it.
    pub until: u64,
    /// The owner's epoch in which it was given; it counts only in that epoch.
    pub epoch: u32,
}

/// How far a delegation or what is done under it goes; the fields are those of [`Delegation`].
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// The moment at which it ends, ms since 1970.
    pub until: u64,
}

/// By what right someone acts for an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// He is the owner.
    Owner,
    /// He is a guardian of the owner until then, ms since 1970.
    Guardian(u64),
    /// The owner let him.
    Delegate(Delegation),
}

impl Authority {
    /// Whether all that the masks hold is in its scope.
    pub fn covers(&self, purposes: u32, categories: u32) -> bool {
        match self {
            Self::Owner | Self::Guardian(_) => true,
            Self::Delegate(scope) => {
                purposes & !scope.purposes == 0 && categories & !scope.categories == 0
            }
        }
    }
}

impl Data {
    /// Lets `delegate`, who is the admission's other, act for `caller`.
    pub fn set_delegate(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        delegate: AccountId,
        scope: Scope,
    ) -> Result<DelegateSet, ConsentError> {
        let Scope { purposes, categories, until } = scope;
        if !admission.caller.has(role::DATA_OWNER) {
            return Err(ConsentError::NotDataOwner);
        }
        if delegate == caller {
            return Err(ConsentError::SelfDelegation);
        }
        check_masks(purposes, categories)?;
        if until <= now {
            return Err(ConsentError::InvalidPeriod);
        }
        if !admission.other.has(role::ALL) {
            return Err(ConsentError::DelegateNotAdmitted);
        }
        let epoch = self.epoch(caller);
        let delegation = Delegation { purposes, categories, until, epoch };
        self.delegations.insert((caller, delegate), &delegation);
        Ok(DelegateSet { owner: caller, delegate, purposes, categories, until, epoch })
    }

    /// Takes back what the owner let `delegate` do, also when it no longer counts, and if
    /// `revoke_grants` says so the grants that he gave so far: by one mark, however many they are.
    pub fn remove_delegate(
        &mut self,
        acting: Acting,
        delegate: AccountId,
        revoke_grants: bool,
    ) -> Result<DelegateRemoved, ConsentError> {
        let owner = acting.owner;
        if !self.delegations.contains((owner, delegate)) {
            return Err(ConsentError::NoDelegation);
        }
        let revoked_up_to = revoke_grants.then(|| self.last_grant.get_or_default());

        self.delegations.remove((owner, delegate));
        if let Some(mark) = revoked_up_to {
            self.marks.insert((owner, delegate), &mark);
        }
        Ok(DelegateRemoved { owner, delegate, revoked_up_to })
    }

    /// The grants that `delegate` gave for `owner` are revoked up to this number; 0: none was
    /// revoked with his delegation.
    pub fn revoked_up_to(&self, owner: AccountId, delegate: AccountId) -> u64 {
        self.marks.get((owner, delegate)).unwrap_or_default()
    }

    /// What `owner` let `delegate` do, also when it no longer counts.
    pub fn delegation(&self, owner: AccountId, delegate: AccountId) -> Option<Delegation> {
        self.delegations.get((owner, delegate))
    }

    /// By what right `caller` acts for `owner` now, for whom he may do so much, if by any. A guardian
    /// is one also if the owner made him a delegate: no delegation narrows what he may.
    pub(crate) fn authority(
        &self,
        caller: AccountId,
        now: u64,
        owner: AccountId,
        agency: Agency,
    ) -> Result<Authority, ConsentError> {
        if caller == owner {
            return Ok(Authority::Owner);
        }
        if agency.may(power::GUARDIAN) {
            return Ok(Authority::Guardian(agency.until));
        }
        let delegation = self
            .delegation(owner, caller)
            .filter(|delegation| now < delegation.until && delegation.epoch == self.epoch(owner));
        delegation.map(Authority::Delegate).ok_or(ConsentError::NotAuthorized)
    }
}
