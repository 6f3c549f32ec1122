//! Denials: what an owner refuses a requester, whatever was granted.

use crate::data::Data;
use crate::errors::ConsentError;
use assent_events::consent::{DenialLifted, Denied};
use ink::primitives::AccountId;

/// What an owner denies a requester: the accesses whose purpose and category are both in the masks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Denial {
    /// Bit mask of [`assent_events::purpose`].
    pub purposes: u32,
    /// Bit mask of [`assent_events::category`].
    pub categories: u32,
}

impl Data {
    /// Denies `requester` access to the data of `caller`, whoever he is.
    pub fn deny(
        &mut self,
        caller: AccountId,
        now: u64,
        requester: AccountId,
        purposes: u32,
        categories: u32,
    ) -> Result<Denied, ConsentError> {
        if requester == caller {
            return Err(ConsentError::SelfDenial);
        }
        if purposes == 0 || categories == 0 {
            return Err(ConsentError::EmptyMask);
        }
        self.denials.insert((caller, requester), &Denial { purposes, categories });
        Ok(Denied { owner: caller, requester, purposes, categories, at: now })
    }

    /// Lifts what `caller` denied `requester`.
    pub fn lift_denial(
        &mut self,
        caller: AccountId,
        now: u64,
        requester: AccountId,
    ) -> Result<DenialLifted, ConsentError> {
        if !self.denials.contains((caller, requester)) {
            return Err(ConsentError::NoDenial);
        }
        self.denials.remove((caller, requester));
        Ok(DenialLifted { owner: caller, requester, at: now })
    }

    /// What `owner` denies `requester`.
    pub fn denial(&self, owner: AccountId, requester: AccountId) -> Option<Denial> {
        self.denials.get((owner, requester))
    }
}
