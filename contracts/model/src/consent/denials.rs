//! Denials and delegates.

use super::masks;
use crate::{
    ensure, governance::running, Account, Answer, Consent, Delegation, Denial, Reply, World,
    MASK_BITS,
};

/// Something that an owner denied a requester, or no longer denies him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DenialChange {
    /// Who.
    pub owner: Account,
    /// Whom.
    pub requester: Account,
    /// Mask.
    pub purposes: u32,
    /// Mask.
    pub categories: u32,
    /// Whether it is no longer denied.
    pub lifted: bool,
}

impl Consent {
    /// What `owner` denies `requester`.
    pub fn denials(&self, owner: &Account, requester: &Account) -> Vec<Denial> {
        let denials = self.denials.get(&(*owner, *requester)).into_iter().flatten();
        denials
            .map(|(purpose, categories)| Denial { purpose: *purpose, categories: *categories })
            .collect()
    }

    /// What `owner` denies `requester`, and the key `by` that asks for it, one list after the other.
    pub fn denials_that_count(
        &self,
        owner: &Account,
        requester: &Account,
        by: &Account,
    ) -> Vec<Denial> {
        let mut denials = self.denials(owner, requester);
        if by != requester {
            denials.extend(self.denials(owner, by));
        }
        denials
    }

    /// Up to which number the grants of `delegate` for `owner` are revoked.
    pub fn revoked_up_to(&self, owner: &Account, delegate: &Account) -> u64 {
        self.marks.get(&(*owner, *delegate)).copied().unwrap_or(0)
    }
}

fn bits(mask: u32) -> impl Iterator<Item = u8> {
    (0..MASK_BITS).filter(move |bit| mask >> bit & 1 == 1)
}

impl World {
    /// `deny`
    pub fn deny(
        &mut self,
        caller: Account,
        requester: Account,
        purposes: u32,
        categories: u32,
    ) -> Reply {
        ensure(requester != caller, "SelfDenial")?;
        masks(purposes, categories)?;
        let denials = self.consent.denials.entry((caller, requester)).or_default();
        for purpose in bits(purposes) {
            *denials.entry(purpose).or_default() |= categories;
        }
        let owner = caller;
        let change = DenialChange { owner, requester, purposes, categories, lifted: false };
        self.consent.denied.push(change);
        Ok(Answer::Nothing)
    }

    /// `lift_denial`
    pub fn lift_denial(
        &mut self,
        caller: Account,
        requester: Account,
        purposes: u32,
        categories: u32,
    ) -> Reply {
        running(&self.consent.governance)?;
        masks(purposes, categories)?;
        let pair = (caller, requester);
        let mut left = self.consent.denials.get(&pair).cloned().unwrap_or_default();
        let denied = |purpose| left.get(&purpose).is_some_and(|c| c & categories != 0);
        ensure(bits(purposes).any(denied), "NoDenial")?;
        for purpose in bits(purposes) {
            if let Some(denied) = left.get_mut(&purpose) {
                *denied &= !categories;
            }
        }
        left.retain(|_, denied| *denied != 0);
        if left.is_empty() {
            self.consent.denials.remove(&pair);
        } else {
            self.consent.denials.insert(pair, left);
        }
        let owner = caller;
        let change = DenialChange { owner, requester, purposes, categories, lifted: true };
        self.consent.denied.push(change);
        Ok(Answer::Denials(self.consent.denials(&caller, &requester)))
    }

    /// `set_delegate`
    pub fn set_delegate(
        &mut self,
        caller: Account,
        now: u64,
        delegate: Account,
        purposes: u32,
        categories: u32,
        until: u64,
    ) -> Reply {
        running(&self.consent.governance)?;
        self.is_data_owner(caller)?;
        ensure(delegate != caller, "SelfDelegation")?;
        masks(purposes, categories)?;
        ensure(until > now, "InvalidPeriod")?;
        ensure(self.participants.is_admitted(&delegate), "DelegateNotAdmitted")?;
        let epoch = self.consent.epoch(&caller);
        let delegation = Delegation { purposes, categories, until, epoch };
        self.consent.delegations.insert((caller, delegate), delegation);
        Ok(Answer::Nothing)
    }

    /// `remove_delegate`
    pub fn remove_delegate(
        &mut self,
        caller: Account,
        delegate: Account,
        revoke_grants: bool,
    ) -> Reply {
        let pair = (caller, delegate);
        self.consent.delegations.remove(&pair).ok_or("NoDelegation")?;
        if revoke_grants {
            self.consent.marks.insert(pair, self.consent.grants.len() as u64);
        }
        Ok(Answer::Nothing)
    }
}
