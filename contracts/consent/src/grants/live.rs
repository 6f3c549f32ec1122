//! The entry of a pair, an owner and a grantee: what deciding on a request needs of the grants
//! between them that may still count. A decision reads and writes this one entry, so that it costs
//! the same however many grants there were.

use crate::data::{Between, Data};
use crate::decision::{has, Request};
use crate::grants::{Grant, Record};
use assent_events::DenyReason;
use ink::{prelude::vec::Vec, primitives::AccountId};

/// Most live grants of a pair.
pub const MAX_LIVE: usize = 8;
/// Most live grants of a pair that delegates gave, all of them together.
pub const MAX_DELEGATED: usize = 4;

/// The grants of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Pair {
    /// The owner's epoch in which the latest was given; none counts in another one.
    pub epoch: u32,
    /// Number of the latest grant. It stands among the live ones unless it was revoked alone.
    pub latest: u64,
    /// Those that may be live, by number, at most [`MAX_LIVE`]. What is over leaves when it is
    /// revoked, or when the next grant is given.
    pub live: Vec<Live>,
}

/// A grant as its pair's entry holds it. Its uses are counted here while it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Live {
    /// Its number.
    pub number: u64,
    /// Bit mask of [`assent_events::purpose`].
    pub purposes: u32,
    /// Bit mask of [`assent_events::category`].
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// How many permits it gave; stops at the greatest number there is.
    pub uses: u32,
    /// The record that it is for.
    pub record: Record,
    /// The delegate who gave it; `None`: the owner or a guardian did.
    pub delegate: Option<AccountId>,
    /// The owner's guardianship in which a guardian gave it; `None`: no guardian did.
    pub guardianship: Option<u32>,
}

impl Pair {
    /// The grant of this number, if it stands here.
    pub fn find(&self, number: u64) -> Option<&Live> {
        self.live.iter().find(|live| live.number == number)
    }
}

impl Live {
    /// What deciding needs of a grant.
    pub fn of(number: u64, grant: &Grant) -> Self {
        Self {
            number,
            purposes: grant.purposes,
            categories: grant.categories,
            from: grant.from,
            until: grant.until,
            max_uses: grant.max_uses,
            uses: grant.uses,
            record: grant.record,
            delegate: grant.delegate(),
            guardianship: grant.guardianship,
        }
    }

    /// Whether it has no use left.
    pub fn is_used_up(&self) -> bool {
        self.max_uses.is_some_and(|max| self.uses >= max)
    }

    /// Counts a permit. Without a limit the count is only for information; with one it stays below.
    pub fn use_once(&mut self) {
        self.uses = self.uses.saturating_add(1);
    }

    /// Why it does not cover a request, if it does not; whether it was revoked is another question.
    pub fn refusal(&self, now: u64, request: &Request) -> Option<DenyReason> {
        if now < self.from {
            Some(DenyReason::NotYetValid)
        } else if now >= self.until {
            Some(DenyReason::Expired)
        } else if !self.record.covers(request.record) {
            Some(DenyReason::RecordNotGranted)
        } else if !has(self.purposes, request.purpose) {
            Some(DenyReason::PurposeNotGranted)
        } else if !has(self.categories, request.category) {
            Some(DenyReason::CategoryNotGranted)
        } else if self.is_used_up() {
            Some(DenyReason::UsesExhausted)
        } else {
            None
        }
    }
}

impl Data {
    /// The grants between these two.
    pub(crate) fn pair(&self, owner: AccountId, grantee: AccountId) -> Option<Pair> {
        self.pairs.get((owner, grantee))
    }

    /// Number of the latest grant from `owner` to `grantee`.
    pub fn latest_grant(&self, owner: AccountId, grantee: AccountId) -> Option<u64> {
        self.pair(owner, grantee).map(|pair| pair.latest)
    }

    /// Why a grant of the owner's current epoch is over, if it is: the first that holds. In which
    /// guardianship he is `guardianship` tells; `None`: nobody was asked, and what a guardian gave is
    /// taken to go on.
    pub(crate) fn end(
        &self,
        now: u64,
        owner: AccountId,
        live: &Live,
        guardianship: Option<u32>,
    ) -> Option<DenyReason> {
        let given_in = live.guardianship.filter(|_| guardianship.is_some());
        if self.is_recalled(owner, live.number, live.delegate) {
            Some(DenyReason::Revoked)
        } else if now >= live.until || (given_in.is_some() && given_in != guardianship) {
            Some(DenyReason::Expired)
        } else if live.is_used_up() {
            Some(DenyReason::UsesExhausted)
        } else {
            None
        }
    }

    /// The grants between these two that live, with their numbers, in their order. In which guardianship
    /// the owner is `guardianship` tells, which is asked only if a guardian gave one of them; when it
    /// does not answer, none of a guardian's lives.
    pub fn live_grants(
        &self,
        now: u64,
        owner: AccountId,
        grantee: AccountId,
        guardianship: impl FnOnce() -> Option<u32>,
    ) -> Vec<(u64, Grant)> {
        let (mut live, _) = self.sort_out(now, owner, self.pair(owner, grantee), None);
        if live.iter().any(|live| live.guardianship.is_some()) {
            let current = guardianship();
            live.retain(|live| live.guardianship.is_none() || live.guardianship == current);
        }
        let grants = live.iter().map(|live| Some((live.number, self.grant_of(live.number)?)));
        grants.flatten().collect()
    }

    /// The grants of a pair that live, and those that are over.
    pub(crate) fn sort_out(
        &self,
        now: u64,
        owner: AccountId,
        pair: Option<Pair>,
        guardianship: Option<u32>,
    ) -> (Vec<Live>, Vec<Live>) {
        let Some(pair) = pair else { return (Vec::new(), Vec::new()) };
        let counts = pair.epoch == self.epoch(owner);
        let lives = |live: &Live| counts && self.end(now, owner, live, guardianship).is_none();
        pair.live.into_iter().partition(lives)
    }

    /// Why a grant is over, if it is: the first that holds. It was revoked alone, with all others of
    /// its epoch, or with all that the delegate gave who gave it; it is expired, by its date or with the
    /// guardian who gave it; or used up.
    pub(crate) fn end_of(
        &self,
        now: u64,
        number: u64,
        grant: &Grant,
        guardianship: Option<u32>,
    ) -> Option<DenyReason> {
        self.end_in(self.epoch(grant.owner), now, number, grant, guardianship)
    }

    /// As [`end_of`](Self::end_of), with the owner's epoch at hand.
    pub(crate) fn end_in(
        &self,
        epoch: u32,
        now: u64,
        number: u64,
        grant: &Grant,
        guardianship: Option<u32>,
    ) -> Option<DenyReason> {
        if grant.revoked || grant.epoch != epoch {
            return Some(DenyReason::Revoked);
        }
        self.end(now, grant.owner, &Live::of(number, grant), guardianship)
    }

    /// Stores a grant that there is, and what its pair's entry holds of it.
    pub(crate) fn replace(&mut self, number: u64, grant: &Grant) {
        self.grants.insert(number, grant);
        let key = (grant.owner, grant.grantee);
        let pair = self.pair(key.0, key.1);
        self.change_live(key, pair, number, |live| *live = Live::of(number, grant));
    }

    /// Changes a grant in its pair's entry, which is at hand, unless it has left it.
    pub(crate) fn change_live(
        &mut self,
        key: Between,
        pair: Option<Pair>,
        number: u64,
        change: impl FnOnce(&mut Live),
    ) {
        let Some(mut pair) = pair else { return };
        if let Some(live) = pair.live.iter_mut().find(|live| live.number == number) {
            change(live);
            self.pairs.insert(key, &pair);
        }
    }

    /// Writes what was counted in the pair's entry back into a grant that leaves it.
    pub(crate) fn write_back(&mut self, live: &Live, revoked: bool) {
        if let Some(mut grant) = self.grants.get(live.number) {
            grant.uses = live.uses;
            grant.revoked |= revoked;
            self.grants.insert(live.number, &grant);
        }
    }

    /// Whether a grant of this number was revoked with all that the delegate gave who gave it.
    pub(crate) fn is_recalled(
        &self,
        owner: AccountId,
        number: u64,
        delegate: Option<AccountId>,
    ) -> bool {
        delegate.is_some_and(|delegate| number <= self.revoked_up_to(owner, delegate))
    }
}
