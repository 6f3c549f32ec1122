//! What takes a grant back, and what has its record forgotten. Withdrawing never waits: not for a
//! pause, and not for whoever is suspended.

use super::{Grant, Record};
use crate::data::Data;
use crate::errors::ConsentError;
use assent_events::{
    consent::{LinkErased, Revoked},
    DenyReason,
};
use ink::{prelude::vec::Vec, primitives::AccountId};

impl Data {
    /// Revokes a grant, also one that is expired or used up.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        number: u64,
    ) -> Result<Revoked, ConsentError> {
        let grant = self.known_grant(number)?;
        let authority =
            self.authority(caller, now, grant.owner).ok_or(ConsentError::NotAuthorized)?;
        if !authority.covers(grant.purposes, grant.categories) {
            return Err(ConsentError::OutOfScope);
        }
        if self.end_of(now, number, &grant) == Some(DenyReason::Revoked) {
            return Err(ConsentError::AlreadyRevoked);
        }
        let (owner, grantee) = (grant.owner, grant.grantee);
        // With the uses that were counted in the entry.
        self.grants.insert(number, &Grant { revoked: true, ..grant });
        if let Some(mut pair) = self.pair(owner, grantee) {
            pair.live.retain(|live| live.number != number);
            self.pairs.insert((owner, grantee), &pair);
        }
        Ok(Revoked { grant: number, owner, by: caller, at: now })
    }

    /// Revokes all live grants of `caller` to `grantee`, in the order of their numbers.
    pub fn revoke_all_for(
        &mut self,
        caller: AccountId,
        now: u64,
        grantee: AccountId,
    ) -> Result<Vec<Revoked>, ConsentError> {
        let mut pair = self.pair(caller, grantee).ok_or(ConsentError::NoLiveGrant)?;
        let (live, over) = self.sort_out(now, caller, Some(pair.clone()));
        if live.is_empty() {
            return Err(ConsentError::NoLiveGrant);
        }
        pair.live = over;
        self.pairs.insert((caller, grantee), &pair);
        let revoked = live.iter().map(|live| {
            self.write_back(live, true);
            Revoked { grant: live.number, owner: caller, by: caller, at: now }
        });
        Ok(revoked.collect())
    }

    /// Forgets which record a grant of `caller` that is over was for.
    pub fn erase_link(
        &mut self,
        caller: AccountId,
        now: u64,
        number: u64,
    ) -> Result<LinkErased, ConsentError> {
        let grant = self.known_grant(number)?;
        if grant.owner != caller {
            return Err(ConsentError::NotAuthorized);
        }
        match grant.record {
            Record::All => return Err(ConsentError::NoLink),
            Record::Erased => return Err(ConsentError::AlreadyErased),
            Record::One(_) => {}
        }
        if self.end_of(now, number, &grant).is_none() {
            return Err(ConsentError::GrantLive);
        }
        // Also in the pair's entry, where it stands until the next grant is given.
        self.replace(number, &Grant { record: Record::Erased, ..grant });
        Ok(LinkErased { grant: number, owner: caller })
    }
}
