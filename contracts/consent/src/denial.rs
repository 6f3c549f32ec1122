//! Denials: what an owner, or a guardian for him, refuses a requester, whatever was granted. They add
//! up; only lifting one takes something back. A guardian's are kept apart: they bind no emergency, and he
//! lifts no others.

use crate::data::{check_masks, Data};
use crate::decision::has;
use crate::errors::ConsentError;
use crate::guardians::{Acting, Said};
use assent_events::{
    consent::{DenialLifted, Denied, GuardianDenialLifted, GuardianDenied},
    MASK_BITS,
};
use ink::{prelude::vec::Vec, primitives::AccountId};

/// What an owner, or a guardian for him, denies a requester: the accesses for one purpose to these
/// categories. One of the two masks is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Denial {
    /// Index in [`assent_events::purpose`].
    pub purpose: u8,
    /// Bit mask of [`assent_events::category`]: what the owner denies.
    pub categories: u32,
    /// Bit mask of [`assent_events::category`]: what guardians deny for him, which binds no window.
    pub by_guardians: u32,
}

impl Data {
    /// Denies `requester` access to the data of the owner, whoever he is, in addition to what is denied
    /// already.
    pub fn deny(
        &mut self,
        acting: Acting,
        now: u64,
        requester: AccountId,
        purposes: u32,
        categories: u32,
    ) -> Result<Said<Denied, GuardianDenied>, ConsentError> {
        let Acting { owner, by } = acting;
        if requester == owner {
            return Err(ConsentError::SelfDenial);
        }
        check_masks(purposes, categories)?;
        let before = self.denials(owner, requester);
        let denials = changed(&before, purposes, |denial| {
            if acting.is_guardian() {
                denial.by_guardians |= categories;
            } else {
                denial.categories |= categories;
            }
        });
        self.denials.insert((owner, requester), &denials);
        Ok(if acting.is_guardian() {
            Said::Guardian(GuardianDenied { owner, requester, purposes, categories, by, at: now })
        } else {
            Said::Owner(Denied { owner, requester, purposes, categories, at: now })
        })
    }

    /// Lifts what is denied `requester` and is in both masks; gives what is left, too. A guardian lifts
    /// only what guardians denied, and nothing that is denied to himself; the owner all.
    pub fn lift_denial(
        &mut self,
        acting: Acting,
        now: u64,
        requester: AccountId,
        purposes: u32,
        categories: u32,
    ) -> Result<(Said<DenialLifted, GuardianDenialLifted>, Vec<Denial>), ConsentError> {
        let Acting { owner, by } = acting;
        if acting.is_guardian() && by == requester {
            // He would decide on his own access.
            return Err(ConsentError::NotAuthorized);
        }
        check_masks(purposes, categories)?;
        let before = self.denials(owner, requester);
        let left = changed(&before, purposes, |denial| {
            denial.by_guardians &= !categories;
            if !acting.is_guardian() {
                denial.categories &= !categories;
            }
        });
        if left == before {
            return Err(ConsentError::NoDenial);
        }
        if left.is_empty() {
            self.denials.remove((owner, requester));
        } else {
            self.denials.insert((owner, requester), &left);
        }
        let event = if acting.is_guardian() {
            let at = now;
            Said::Guardian(GuardianDenialLifted { owner, requester, purposes, categories, by, at })
        } else {
            Said::Owner(DenialLifted { owner, requester, purposes, categories, at: now })
        };
        Ok((event, left))
    }

    /// What is denied `requester` of the data of `owner`, by purpose.
    pub fn denials(&self, owner: AccountId, requester: AccountId) -> Vec<Denial> {
        self.denials.get((owner, requester)).unwrap_or_default()
    }
}

/// What is denied for a purpose.
pub(crate) fn denied(denials: &[Denial], purpose: u8) -> Denial {
    let none = Denial { purpose, categories: 0, by_guardians: 0 };
    denials.iter().find(|denial| denial.purpose == purpose).copied().unwrap_or(none)
}

/// The denials after `change` of those for these purposes.
fn changed(denials: &[Denial], purposes: u32, change: impl Fn(&mut Denial)) -> Vec<Denial> {
    (0..MASK_BITS)
        .map(|purpose| {
            let mut denial = denied(denials, purpose);
            if has(purposes, purpose) {
                change(&mut denial);
            }
            denial
        })
        .filter(|denial| denial.categories != 0 || denial.by_guardians != 0)
        .collect()
}
