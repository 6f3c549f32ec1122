//! Grants: given and listed; what is done with them afterwards stands in the modules.

mod amendment;
mod live;
mod types;
mod withdrawal;

pub use assent_interface::MAX_BATCH;
pub use live::{Live, Pair, MAX_DELEGATED, MAX_LIVE};
pub use types::{Amendment, Grant, Record, Terms};

use crate::data::{check_masks, next, Data};
use crate::delegation::{Authority, Scope};
use crate::errors::ConsentError;
use assent_events::{
    consent::{Granted, GuardianGranted},
    role,
};
use assent_traits::participants::Admission;
use ink::{prelude::vec::Vec, primitives::AccountId};

/// Most grants of a page; they fit into the 16 KiB that a message may return.
pub const MAX_GRANTS: u32 = 32;

/// Roles that may be granted access and ask for it.
pub const GRANTEES: u16 = role::PROVIDER | role::RESEARCHER;

impl Data {
    /// Records a grant. The admission's subject is the owner, the other is the grantee.
    pub fn grant(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        terms: Terms,
    ) -> Result<(Granted, Option<GuardianGranted>), ConsentError> {
        let authority = self.authority_to_grant(caller, now, admission, terms.owner)?;
        if terms.grantee == terms.owner {
            return Err(ConsentError::SelfGrant);
        }
        check_period(now, terms.purposes, terms.categories, terms.from, terms.until)?;
        if terms.max_uses == Some(0) {
            return Err(ConsentError::ZeroUses);
        }
        let scope =
            Scope { purposes: terms.purposes, categories: terms.categories, until: terms.until };
        if !may_grant(&authority, admission.for_other.is_some(), scope) {
            return Err(ConsentError::OutOfScope);
        }
        if !admission.other.has(GRANTEES) {
            return Err(ConsentError::GranteeNotAdmitted);
        }
        let pair = (terms.owner, terms.grantee);
        let known = Some(admission.guardianship);
        let (mut live, over) = self.sort_out(now, terms.owner, self.pair(pair.0, pair.1), known);
        let delegated = live.iter().filter(|live| live.delegate.is_some()).count();
        let is_delegate = matches!(authority, Authority::Delegate(_));
        if live.len() >= MAX_LIVE || (is_delegate && delegated >= MAX_DELEGATED) {
            return Err(ConsentError::TooManyGrants);
        }
        let is_guardian = matches!(authority, Authority::Guardian(_));
        let guardianship = is_guardian.then_some(admission.guardianship);
        let number = next(self.last_grant.get_or_default())?;
        let position = self.grant_count(terms.owner);
        let count = next(position)?;
        let epoch = self.epoch(terms.owner);

        self.last_grant.set(&number);
        self.index.insert((terms.owner, position), &number);
        self.counts.insert(terms.owner, &count);
        let grant = Grant {
            owner: terms.owner,
            grantee: terms.grantee,
            purposes: terms.purposes,
            categories: terms.categories,
            from: terms.from,
            until: terms.until,
            max_uses: terms.max_uses,
            record: terms.record.into(),
            policy: terms.policy,
            version: 1,
            epoch,
            uses: 0,
            revoked: false,
            by: caller,
            guardianship,
        };
        self.grants.insert(number, &grant);
        for live in &over {
            self.write_back(live, false);
        }
        live.push(Live::of(number, &grant));
        self.pairs.insert(pair, &Pair { epoch, latest: number, live });
        let granted = Granted {
            grant: number,
            owner: terms.owner,
            grantee: terms.grantee,
            purposes: terms.purposes,
            categories: terms.categories,
            from: terms.from,
            until: terms.until,
            max_uses: terms.max_uses,
            record: terms.record,
            policy: terms.policy,
            epoch,
            by: caller,
        };
        let (grant, owner) = (number, terms.owner);
        let by_guardian =
            guardianship.map(|guardianship| GuardianGranted { grant, owner, guardianship });
        Ok((granted, by_guardian))
    }

    /// A grant by number, with the uses that are counted in its pair's entry.
    pub fn grant_of(&self, number: u64) -> Option<Grant> {
        let mut grant = self.grants.get(number)?;
        let pair = self.pair(grant.owner, grant.grantee);
        if let Some(live) = pair.as_ref().and_then(|pair| pair.find(number)) {
            grant.uses = live.uses;
        }
        Some(grant)
    }

    /// A grant by number, which there has to be.
    pub fn known_grant(&self, number: u64) -> Result<Grant, ConsentError> {
        self.grant_of(number).ok_or(ConsentError::UnknownGrant)
    }

    /// How many grants `owner` gave, those that no longer count included.
    pub fn grant_count(&self, owner: AccountId) -> u64 {
        self.counts.get(owner).unwrap_or_default()
    }

    /// At most `limit` grants of `owner` with their numbers, and never more than [`MAX_GRANTS`],
    /// oldest first, from a position on (they count from 0).
    pub fn grants_of(&self, owner: AccountId, from: u64, limit: u32) -> Vec<(u64, Grant)> {
        let after = from.saturating_add(u64::from(limit.min(MAX_GRANTS)));
        let grant_at = |position| {
            let number = self.index.get((owner, position))?;
            Some((number, self.grant_of(number)?))
        };
        (from..after).map_while(grant_at).collect()
    }

    /// By what right `caller` grants access to the data of `owner`.
    fn authority_to_grant(
        &self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        owner: AccountId,
    ) -> Result<Authority, ConsentError> {
        if !admission.subject.has(role::DATA_OWNER) {
            return Err(ConsentError::NotDataOwner);
        }
        match self.authority(caller, now, owner, admission.for_subject)? {
            Authority::Delegate(_) if !admission.caller.has(role::ALL) => {
                Err(ConsentError::NotAuthorized)
            }
            authority => Ok(authority),
        }
    }
}

/// Whether masks allow anything, in a period that is one and not over.
fn check_period(
    now: u64,
    purposes: u32,
    categories: u32,
    from: u64,
    until: u64,
) -> Result<(), ConsentError> {
    check_masks(purposes, categories)?;
    if until <= from || until <= now {
        return Err(ConsentError::InvalidPeriod);
    }
    Ok(())
}

/// Whether the authority of the caller reaches as far as a grant; `his` tells whether he is the grantee or
/// acts for it. A delegate or a guardian grants nothing to himself or to whom he works for: he would decide
/// on his own access. Nor does what he grants outlast him.
fn may_grant(authority: &Authority, his: bool, asked: Scope) -> bool {
    match authority {
        Authority::Owner => true,
        Authority::Guardian(until) => asked.until <= *until && !his,
        Authority::Delegate(delegation) => {
            authority.covers(asked.purposes, asked.categories)
                && asked.until <= delegation.until
                && !his
        }
    }
}
