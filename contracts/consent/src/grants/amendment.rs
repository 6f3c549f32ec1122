//! Amendments: other terms for a grant that lives.

use super::{check_period, may_grant, Amendment, Grant};
use crate::data::Data;
use crate::delegation::{Authority, Scope};
use crate::errors::ConsentError;
use assent_events::{consent::Amended, DenyReason};
use assent_traits::participants::Admission;
use ink::primitives::AccountId;

impl Data {
    /// Replaces the terms of a grant, of which `caller` read this `version`.
    pub fn amend(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
        version: u32,
        amendment: Amendment,
    ) -> Result<Amended, ConsentError> {
        let mut grant = self.known_grant(number)?;
        let authority = self.authority_to_grant(caller, now, admission, grant.owner)?;
        match self.end_of(now, number, &grant, Some(admission.guardianship)) {
            None => {}
            Some(DenyReason::Revoked) => return Err(ConsentError::AlreadyRevoked),
            Some(_) => return Err(ConsentError::GrantOver),
        }
        if version != grant.version {
            return Err(ConsentError::VersionChanged);
        }
        let Amendment { purposes, categories, from, until, max_uses, .. } = amendment;
        check_period(now, purposes, categories, from, until)?;
        // Of zero uses none is left, also when none was made yet.
        if max_uses.is_some_and(|max| max <= grant.uses) {
            return Err(ConsentError::ZeroUses);
        }
        let scope = Scope { purposes, categories, until };
        let may_amend = match authority {
            Authority::Owner => true,
            // What guardians gave, whichever of them; the owner's own he revokes, and no more.
            Authority::Guardian(_) => grant.guardianship.is_some(),
            // What somebody else gave is not a delegate's to loosen.
            Authority::Delegate(_) => {
                grant.delegate() == Some(caller) || amendment.tightens(&grant)
            }
        };
        if !authority.covers(grant.purposes, grant.categories)
            || !may_grant(&authority, admission.for_other.is_some(), scope)
            || !may_amend
        {
            return Err(ConsentError::OutOfScope);
        }
        if !admission.other.has(super::GRANTEES) {
            return Err(ConsentError::GranteeNotAdmitted);
        }
        let version = version.checked_add(1).ok_or(ConsentError::TooMany)?;

        let policy = amendment.policy;
        grant = Grant { purposes, categories, from, until, max_uses, policy, version, ..grant };
        self.replace(number, &grant);
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
}

impl Amendment {
    /// Whether it leaves a grant at most what it had, under the same policy.
    fn tightens(&self, grant: &Grant) -> bool {
        let fewer_uses = match (grant.max_uses, self.max_uses) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(before), Some(after)) => after <= before,
        };
        self.purposes & !grant.purposes == 0
            && self.categories & !grant.categories == 0
            && self.from >= grant.from
            && self.until <= grant.until
            && fewer_uses
            && self.policy == grant.policy
    }
}
