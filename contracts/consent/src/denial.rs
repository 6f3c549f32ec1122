//! Denials: what an owner refuses a requester, whatever was granted. They add up; only lifting one
//! takes something back.

use crate::data::{check_masks, Data};
use crate::decision::has;
use crate::errors::ConsentError;
use assent_events::{
    consent::{DenialLifted, Denied},
    MASK_BITS,
};
use ink::{prelude::vec::Vec, primitives::AccountId};

/// What an owner denies a requester: the accesses for one purpose to these categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Denial {
    /// Index in [`assent_events::purpose`].
    pub purpose: u8,
    /// Bit mask of [`assent_events::category`], never empty.
    pub categories: u32,
}

impl Data {
    /// Denies `requester` access to the data of `caller`, whoever he is, in addition to what is
    /// denied already.
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
        check_masks(purposes, categories)?;
        let before = self.denials(caller, requester);
        let denials = changed(&before, purposes, |denied| denied | categories);
        self.denials.insert((caller, requester), &denials);
        Ok(Denied { owner: caller, requester, purposes, categories, at: now })
    }

    /// Lifts what `caller` denied `requester` and is in both masks; gives what is left, too.
    pub fn lift_denial(
        &mut self,
        caller: AccountId,
        now: u64,
        requester: AccountId,
        purposes: u32,
        categories: u32,
    ) -> Result<(DenialLifted, Vec<Denial>), ConsentError> {
        check_masks(purposes, categories)?;
        let before = self.denials(caller, requester);
        let left = changed(&before, purposes, |denied| denied & !categories);
        if left == before {
            return Err(ConsentError::NoDenial);
        }
        if left.is_empty() {
            self.denials.remove((caller, requester));
        } else {
            self.denials.insert((caller, requester), &left);
        }
        Ok((DenialLifted { owner: caller, requester, purposes, categories, at: now }, left))
    }

    /// What `owner` denies `requester`, by purpose.
    pub fn denials(&self, owner: AccountId, requester: AccountId) -> Vec<Denial> {
        self.denials.get((owner, requester)).unwrap_or_default()
    }
}

/// The categories that are denied for a purpose.
pub(crate) fn denied(denials: &[Denial], purpose: u8) -> u32 {
    denials.iter().find(|denial| denial.purpose == purpose).map_or(0, |denial| denial.categories)
}

/// The denials after `change` of the denied categories of these purposes.
fn changed(denials: &[Denial], purposes: u32, change: impl Fn(u32) -> u32) -> Vec<Denial> {
    (0..MASK_BITS)
        .map(|purpose| {
            let before = denied(denials, purpose);
            let categories = if has(purposes, purpose) { change(before) } else { before };
            Denial { purpose, categories }
        })
        .filter(|denial| denial.categories != 0)
        .collect()
}
