//! Grants: given, amended, revoked, and cut off from the record that they are about.

mod types;

pub use assent_interface::MAX_BATCH;
pub use types::{Amendment, Grant, Parties, Terms};

use crate::data::{next, Data};
use crate::delegation::{Authority, Scope};
use crate::errors::ConsentError;
use assent_events::{
    consent::{Amended, Granted, LinkErased, Revoked},
    Hash,
};
use ink::{prelude::vec::Vec, primitives::AccountId};

/// Most grants of a page; they fit into the 16 KiB that a message may return.
pub const MAX_GRANTS: u32 = 32;

/// The record of a grant whose link was erased.
const NO_RECORD: Hash = [0; 32];

impl Data {
    /// Records a grant.
    pub fn grant(
        &mut self,
        caller: AccountId,
        now: u64,
        parties: Parties,
        terms: Terms,
    ) -> Result<Granted, ConsentError> {
        let authority = self.authority_to_grant(caller, now, parties, terms.owner)?;
        if terms.grantee == terms.owner {
            return Err(ConsentError::SelfGrant);
        }
        check_period(now, terms.purposes, terms.categories, terms.from, terms.until)?;
        if terms.max_uses == Some(0) {
            return Err(ConsentError::ZeroUses);
        }
        let scope =
            Scope { purposes: terms.purposes, categories: terms.categories, until: terms.until };
        if !may_grant(&authority, caller, terms.grantee, scope) {
            return Err(ConsentError::OutOfScope);
        }
        if !parties.grantee {
            return Err(ConsentError::GranteeNotAdmitted);
        }
        let number = next(self.last_grant.get_or_default())?;
        let position = self.grant_count(terms.owner);
        let count = next(position)?;
        let epoch = self.epoch(terms.owner);

        self.last_grant.set(&number);
        self.latest.insert((terms.owner, terms.grantee), &number);
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
            record: terms.record,
            policy: terms.policy,
            version: 1,
            epoch,
            uses: 0,
            revoked: false,
        };
        self.grants.insert(number, &grant);
        Ok(Granted {
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
        })
    }

    /// Replaces the terms of a grant.
    pub fn amend(
        &mut self,
        caller: AccountId,
        now: u64,
        parties: Parties,
        number: u64,
        amendment: Amendment,
    ) -> Result<Amended, ConsentError> {
        let Amendment { purposes, categories, from, until, max_uses, policy } = amendment;
        let mut grant = self.known_grant(number)?;
        let authority = self.authority_to_grant(caller, now, parties, grant.owner)?;
        if self.is_over(&grant) {
            return Err(ConsentError::AlreadyRevoked);
        }
        check_period(now, purposes, categories, from, until)?;
        // Of zero uses none is left, also when none was made yet.
        if max_uses.is_some_and(|max| max <= grant.uses) {
            return Err(ConsentError::ZeroUses);
        }
        let scope = Scope { purposes, categories, until };
        if !authority.covers(grant.purposes, grant.categories)
            || !may_grant(&authority, caller, grant.grantee, scope)
        {
            return Err(ConsentError::OutOfScope);
        }
        if !parties.grantee {
            return Err(ConsentError::GranteeNotAdmitted);
        }
        let version = grant.version.checked_add(1).ok_or(ConsentError::TooMany)?;

        grant = Grant { purposes, categories, from, until, max_uses, policy, version, ..grant };
        self.grants.insert(number, &grant);
        Ok(Amended {
            grant: number,
            owner: grant.owner,
            version,
            purposes,
            categories,
            from,
            until,
            max_uses,
            policy,
            by: caller,
            at: now,
        })
    }

    /// Revokes a grant, whoever is suspended: withdrawing never waits.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        number: u64,
    ) -> Result<Revoked, ConsentError> {
        let mut grant = self.known_grant(number)?;
        let authority =
            self.authority(caller, now, grant.owner).ok_or(ConsentError::NotAuthorized)?;
        if !authority.covers(grant.purposes, grant.categories) {
            return Err(ConsentError::OutOfScope);
        }
        if self.is_over(&grant) {
            return Err(ConsentError::AlreadyRevoked);
        }
        grant.revoked = true;
        self.grants.insert(number, &grant);
        Ok(Revoked { grant: number, owner: grant.owner, by: caller, at: now })
    }

    /// Forgets which record a grant of `caller` is about.
    pub fn erase_link(
        &mut self,
        caller: AccountId,
        number: u64,
    ) -> Result<LinkErased, ConsentError> {
        let mut grant = self.known_grant(number)?;
        if grant.owner != caller {
            return Err(ConsentError::NotAuthorized);
        }
        if grant.record == NO_RECORD {
            return Err(ConsentError::AlreadyErased);
        }
        grant.record = NO_RECORD;
        self.grants.insert(number, &grant);
        Ok(LinkErased { grant: number, owner: caller })
    }

    /// A grant by number.
    pub fn grant_of(&self, number: u64) -> Option<Grant> {
        self.grants.get(number)
    }

    /// A grant by number, which there has to be.
    pub fn known_grant(&self, number: u64) -> Result<Grant, ConsentError> {
        self.grant_of(number).ok_or(ConsentError::UnknownGrant)
    }

    /// Number of the latest grant from `owner` to `grantee`.
    pub fn latest_grant(&self, owner: AccountId, grantee: AccountId) -> Option<u64> {
        self.latest.get((owner, grantee))
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

    /// Whether a grant was revoked, alone or with all others of its epoch.
    pub(crate) fn is_over(&self, grant: &Grant) -> bool {
        grant.revoked || grant.epoch != self.epoch(grant.owner)
    }

    /// By what right `caller` grants access to the data of `owner`.
    fn authority_to_grant(
        &self,
        caller: AccountId,
        now: u64,
        parties: Parties,
        owner: AccountId,
    ) -> Result<Authority, ConsentError> {
        if !parties.owner {
            return Err(ConsentError::NotDataOwner);
        }
        match self.authority(caller, now, owner) {
            Some(Authority::Delegate(_)) if !parties.delegate => Err(ConsentError::NotAuthorized),
            Some(authority) => Ok(authority),
            None => Err(ConsentError::NotAuthorized),
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
    if purposes == 0 || categories == 0 {
        return Err(ConsentError::EmptyMask);
    }
    if until <= from || until <= now {
        return Err(ConsentError::InvalidPeriod);
    }
    Ok(())
}

/// Whether the authority of `caller` reaches as far as a grant to `grantee`. A delegate grants
/// nothing to himself: he would decide on his own access.
fn may_grant(authority: &Authority, caller: AccountId, grantee: AccountId, asked: Scope) -> bool {
    match authority {
        Authority::Owner => true,
        Authority::Delegate(delegation) => {
            authority.covers(asked.purposes, asked.categories)
                && asked.until <= delegation.until
                && grantee != caller
        }
    }
}
