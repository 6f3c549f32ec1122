//! What takes a grant back, and what has its record forgotten. Withdrawing never waits: not for a
//! pause, not for whoever is suspended, and the owner's own account not for another contract. So these rules
//! do not know whether a guardian's mandate has ended before its date, and what he granted is theirs to
//! revoke.

use super::{Grant, Record};
use crate::data::Data;
use crate::errors::ConsentError;
use crate::guardians::Acting;
use assent_events::{
    consent::{LinkErased, Revoked},
    DenyReason,
};
use assent_traits::participants::Agency;
use ink::{prelude::vec::Vec, primitives::AccountId};

impl Data {
    /// Revokes a grant, also one that is expired or used up. For its owner `caller` may do what
    /// `for_owner` says.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        for_owner: Agency,
        number: u64,
    ) -> Result<Revoked, ConsentError> {
        let grant = self.known_grant(number)?;
        let authority = self.authority(caller, now, grant.owner, for_owner)?;
        if !authority.covers(grant.purposes, grant.categories) {
            return Err(ConsentError::OutOfScope);
        }
        if self.end_of(now, number, &grant, None) == Some(DenyReason::Revoked) {
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

    /// Revokes all live grants of the owner to `grantee`, in the order of their numbers.
    pub fn revoke_all_for(
        &mut self,
        acting: Acting,
        now: u64,
        grantee: AccountId,
    ) -> Result<Vec<Revoked>, ConsentError> {
        let Acting { owner, by } = acting;
        let mut pair = self.pair(owner, grantee).ok_or(ConsentError::NoLiveGrant)?;
        let (live, over) = self.sort_out(now, owner, Some(pair.clone()), None);
        if live.is_empty() {
            return Err(ConsentError::NoLiveGrant);
        }
        pair.live = over;
        self.pairs.insert((owner, grantee), &pair);
        let revoked = live.iter().map(|live| {
            self.write_back(live, true);
            Revoked { grant: live.number, owner, by, at: now }
        });
        Ok(revoked.collect())
    }

    /// Forgets which record a grant was for that is over. For its owner `caller` may do what
    /// `for_owner` says.
    pub fn erase_link(
        &mut self,
        caller: AccountId,
        now: u64,
        for_owner: Agency,
        number: u64,
    ) -> Result<(LinkErased, Acting), ConsentError> {
        let grant = self.known_grant(number)?;
        let acting = Acting::check(grant.owner, caller, for_owner)?;
        match grant.record {
            Record::All => return Err(ConsentError::NoLink),
            Record::Erased => return Err(ConsentError::AlreadyErased),
            Record::One(_) => {}
        }
        if self.end_of(now, number, &grant, None).is_none() {
            return Err(ConsentError::GrantLive);
        }
        // Also in the pair's entry, where it stands until the next grant is given.
        self.replace(number, &Grant { record: Record::Erased, ..grant });
        Ok((LinkErased { grant: number, owner: acting.owner }, acting))
    }
}
