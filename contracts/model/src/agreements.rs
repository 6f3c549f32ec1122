//! What owners and requesters agree on: [`proposals`] of grants, and [`erasures`].

mod erasures;
mod proposals;

pub use erasures::{Answered, Asked};
pub use proposals::{Ended, Proposed};

use crate::{
    ensure, Account, AgreementsTimes, Erasure, ErasureRequest, Governance, Grant, Proposal,
    Refusal, World,
};
use assent_interface::agreements::MAX_OPEN;
use std::collections::BTreeMap;

/// The agreements contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreements {
    /// How it is governed.
    pub governance: Governance,
    /// Its delays.
    pub times: AgreementsTimes,
    /// Proposals by number, from 1.
    pub proposals: BTreeMap<u64, Proposal>,
    /// Requests for erasure by number, from 1.
    pub erasures: BTreeMap<u64, ErasureRequest>,
    /// What was proposed, and what was known then; nothing here is ever replaced.
    pub proposed: BTreeMap<u64, Proposed>,
    /// Every end of a proposal, one after the other.
    pub ended: Vec<Ended>,
    /// What was known when erasure was asked for; nothing here is ever replaced.
    pub asked: BTreeMap<u64, Asked>,
    /// Every answer to such a request, one after the other.
    pub answered: Vec<Answered>,
}

impl Agreements {
    pub(crate) fn new(governance: Governance, times: AgreementsTimes) -> Result<Self, Refusal> {
        ensure((1..=MAX_OPEN).contains(&times.answer), "InvalidTimes")?;
        Ok(Self {
            governance,
            times,
            proposals: BTreeMap::new(),
            erasures: BTreeMap::new(),
            proposed: BTreeMap::new(),
            ended: Vec::new(),
            asked: BTreeMap::new(),
            answered: Vec::new(),
        })
    }

    /// The last request of `owner` to `requester`, whatever became of it.
    pub fn latest_erasure(&self, owner: &Account, requester: &Account) -> Option<u64> {
        let of_pair = |e: &ErasureRequest| e.owner == *owner && e.requester == *requester;
        self.erasures.iter().rev().find(|(_, erasure)| of_pair(erasure)).map(|(n, _)| *n)
    }
}

impl World {
    /// A grant as it stands, with all that decides whether it is over.
    fn known(&self, number: u64, grant: Grant, at: u64) -> (u64, Erasure) {
        let c = &self.consent;
        let (epoch, revoked_up_to) = (c.epoch(&grant.owner), c.mark_of(&grant));
        let guardianship = Some(self.participants.guardianship(&grant.owner));
        (number, Erasure { grant, at, epoch, revoked_up_to, guardianship })
    }
}
