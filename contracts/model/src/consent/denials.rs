//! Denials and delegates.

use super::masks;
use crate::{
    ensure, governance::running, Account, Answer, Consent, Deed, Delegation, Denial, Reply, World,
    MASK_BITS,
};
use std::collections::{BTreeMap, BTreeSet};

/// Something that an owner, or his guardian, denied a requester, or no longer denies him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DenialChange {
    /// Who did it, for whom.
    pub deed: Deed,
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
    /// What `owner` denies `requester`, and what his guardians do.
    pub fn denials(&self, owner: &Account, requester: &Account) -> Vec<Denial> {
        let pair = (*owner, *requester);
        let denied = |denials: &Denials, purpose| {
            denials.get(&pair).and_then(|denied| denied.get(&purpose)).copied().unwrap_or(0)
        };
        let denials = (0..MASK_BITS).map(|purpose| Denial {
            purpose,
            categories: denied(&self.denials, purpose),
            by_guardians: denied(&self.guardians_denials, purpose),
        });
        denials.filter(|denial| denial.categories | denial.by_guardians != 0).collect()
    }

    /// What `owner` denies `requester`, who asks for it and the key by which he does, one list after the
    /// other.
    pub fn denials_that_count(
        &self,
        owner: &Account,
        requester: &Account,
        askers: [Account; 2],
    ) -> Vec<Denial> {
        let all: BTreeSet<_> = askers.into_iter().chain([*requester]).collect();
        all.iter().flat_map(|account| self.denials(owner, account)).collect()
    }

    /// Up to which number the grants of `delegate` for `owner` are revoked.
    pub fn revoked_up_to(&self, owner: &Account, delegate: &Account) -> u64 {
        self.marks.get(&(*owner, *delegate)).copied().unwrap_or(0)
    }
}

/// By purpose, of an owner and a requester.
type Denials = BTreeMap<(Account, Account), BTreeMap<u8, u32>>;

/// Takes categories of these purposes out of what is denied; whether anything was denied of it.
fn lift(denials: &mut Denials, pair: (Account, Account), purposes: u32, categories: u32) -> bool {
    let Some(denied) = denials.get_mut(&pair) else { return false };
    let of_these = |purpose: u8| bits(purposes).any(|bit| bit == purpose);
    let any = denied.iter().any(|(purpose, c)| of_these(*purpose) && c & categories != 0);
    denied
        .iter_mut()
        .filter(|(purpose, _)| of_these(**purpose))
        .for_each(|(_, c)| *c &= !categories);
    denied.retain(|_, categories| *categories != 0);
    if denied.is_empty() {
        denials.remove(&pair);
    }
    any
}

fn bits(mask: u32) -> impl Iterator<Item = u8> {
    (0..MASK_BITS).filter(move |bit| mask >> bit & 1 == 1)
}

impl World {
    /// `deny`
    pub fn deny(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        requester: Account,
        purposes: u32,
        categories: u32,
    ) -> Reply {
        let deed = self.acting_for(caller, now, owner)?;
        ensure(requester != owner, "SelfDenial")?;
        masks(purposes, categories)?;
        let c = &mut self.consent;
        let kind = if deed.by == owner { &mut c.denials } else { &mut c.guardians_denials };
        let denials = kind.entry((owner, requester)).or_default();
        for purpose in bits(purposes) {
            *denials.entry(purpose).or_default() |= categories;
        }
        c.denied.push(DenialChange { deed, requester, purposes, categories, lifted: false });
        Ok(Answer::Nothing)
    }

    /// `lift_denial`
    pub fn lift_denial(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        requester: Account,
        purposes: u32,
        categories: u32,
    ) -> Reply {
        running(&self.consent.governance)?;
        let deed = self.acting_for(caller, now, owner)?;
        // What a guardian is denied himself is for others to lift.
        ensure(deed.by == owner || deed.by != requester, "NotAuthorized")?;
        masks(purposes, categories)?;
        let pair = (owner, requester);
        self.atomically(|world| {
            let c = &mut world.consent;
            let mut any = lift(&mut c.guardians_denials, pair, purposes, categories);
            // The owner has the say about both.
            if deed.by == owner {
                any |= lift(&mut c.denials, pair, purposes, categories);
            }
            ensure(any, "NoDenial")?;
            c.denied.push(DenialChange { deed, requester, purposes, categories, lifted: true });
            Ok(Answer::Denials(c.denials(&owner, &requester)))
        })
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
        let caller = self.by(caller)?;
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
        now: u64,
        owner: Account,
        delegate: Account,
        revoke_grants: bool,
    ) -> Reply {
        let deed = self.acting_for(caller, now, owner)?;
        let pair = (owner, delegate);
        self.consent.delegations.remove(&pair).ok_or("NoDelegation")?;
        if revoke_grants {
            self.consent.marks.insert(pair, self.consent.grants.len() as u64);
        }
        self.consent.done(deed);
        Ok(Answer::Nothing)
    }
}
