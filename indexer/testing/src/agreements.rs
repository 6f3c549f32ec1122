//! Events of the agreements contract.

use assent_client::EmittedEvent;

use crate::consent::Grant;
use crate::{account, event};

/// A proposal of the terms of a grant, at 12, that is open until they end.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Proposal {
    pub proposal: u64,
    /// What is proposed to its owner by its grantee; not its number, epoch and who gives it.
    pub terms: Grant,
    /// The key of the requester's staff that proposes it, and who holds it; `None`: the requester's own.
    pub staff: Option<(u8, u8)>,
    /// The byte of its hash.
    pub policy: u8,
    pub expires: u64,
    pub at: u64,
}

impl Proposal {
    /// By the requester itself, under the policy 0xbb.
    #[must_use]
    pub fn of(proposal: u64, terms: Grant) -> Self {
        Self { proposal, terms, staff: None, policy: 0xbb, expires: terms.until, at: 12 }
    }

    /// It is made.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let terms = &self.terms;
        let (by, person) = agent(terms.grantee, self.staff);
        let parties = (self.proposal, account(terms.owner), account(terms.grantee), by, person);
        let limits = (terms.purposes, terms.categories, terms.from, terms.until, terms.max_uses);
        let record = terms.record.map(|byte| [byte; 32]);
        let rest = (record, [self.policy; 32], self.expires, self.at);
        event("agreements", "Proposed", (parties, limits, rest))
    }

    /// It is accepted: the grant of this number carries its terms.
    #[must_use]
    pub fn accepted(&self, grant: u64, at: u64) -> EmittedEvent {
        let parties = (account(self.terms.owner), account(self.terms.grantee));
        let what = (self.proposal, parties, grant, [self.policy; 32], at);
        event("agreements", "ProposalAccepted", what)
    }
}

/// What the requester proposed to the owner is taken back, by itself or by this key of its staff.
#[must_use]
pub fn withdrawn(proposal: u64, (owner, requester): (u8, u8), by: u8, at: u64) -> EmittedEvent {
    let parties = (account(owner), account(requester));
    event("agreements", "ProposalWithdrawn", (proposal, parties, account(by), at))
}

/// The owner declines what the requester proposed, for a reason that he gives or not.
#[must_use]
pub fn declined(
    proposal: u64,
    (owner, requester): (u8, u8),
    reason: Option<u8>,
    at: u64,
) -> EmittedEvent {
    let parties = (account(owner), account(requester));
    let reason = reason.map(|byte| [byte; 32]);
    event("agreements", "ProposalDeclined", (proposal, parties, reason, at))
}

/// The owner asks the requester to erase what it holds of him, which is due at `due`.
#[must_use]
pub fn erasure_requested(
    erasure: u64,
    (owner, requester): (u8, u8),
    due: u64,
    at: u64,
) -> EmittedEvent {
    let parties = (account(owner), account(requester));
    event("agreements", "ErasureRequested", (erasure, parties, due, at))
}

/// The requester, or one of its staff, answers with the evidence 0xed: the data are erased, or retained.
#[must_use]
pub fn erasure_answered(
    erasure: u64,
    (owner, requester): (u8, u8),
    staff: Option<(u8, u8)>,
    retained_until: Option<u64>,
    at: u64,
) -> EmittedEvent {
    let parties = (account(owner), account(requester));
    let by = agent(requester, staff);
    let what = (erasure, parties, retained_until, [0xed_u8; 32], by, at);
    event("agreements", "ErasureAnswered", what)
}

/// A guardian did what the event before says.
#[must_use]
pub fn guardian_acted((owner, guardian): (u8, u8), at: u64) -> EmittedEvent {
    event("agreements", "GuardianActed", (account(owner), account(guardian), at))
}

/// The key that acts, and the commitment to its holder.
fn agent(own: u8, staff: Option<(u8, u8)>) -> ([u8; 32], Option<[u8; 32]>) {
    match staff {
        Some((key, person)) => (account(key), Some([person; 32])),
        None => (account(own), None),
    }
}
