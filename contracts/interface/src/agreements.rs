//! Proposals of grants and requests for erasure: constructor, arguments and labels.

use crate::AccountId;
use parity_scale_codec::{Decode, Encode};

/// Longest time that a proposal stays open, and that an erasure may be answered in: 92 days, ms.
pub const MAX_OPEN: u64 = 92 * 24 * 60 * 60 * 1_000;

/// Longest time for which data may be said to be retained by law: 30 years, each with a day to spare, ms.
pub const MAX_RETENTION: u64 = 30 * 366 * 24 * 60 * 60 * 1_000;

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Times {
    /// How long a handover of the administrator and a replacement of the code wait.
    pub delay: u64,
    /// From a request for erasure until its answer is overdue: 1 ms to [`MAX_OPEN`].
    pub answer: u64,
}

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that answers admission checks.
    pub participants: A,
    /// The contract that holds the grants.
    pub consent: A,
    /// How long things take.
    pub times: Times,
}

labels! {
    /// `propose(terms, expires) -> u64`
    PROPOSE = "propose";
    /// `withdraw(proposal)`
    WITHDRAW = "withdraw";
    /// `accept(proposal, grant)`
    ACCEPT = "accept";
    /// `decline(proposal, reason)`
    DECLINE = "decline";
    /// `request_erasure(owner, requester) -> u64`
    REQUEST_ERASURE = "request_erasure";
    /// `answer_erasure(erasure, retained_until, evidence)`
    ANSWER_ERASURE = "answer_erasure";
    /// `proposal(proposal) -> Option<Proposal>`, a view.
    PROPOSAL = "proposal";
    /// `erasure(erasure) -> Option<Erasure>`, a view.
    ERASURE = "erasure";
    /// `latest_erasure(owner, requester) -> Option<u64>`, a view.
    LATEST_ERASURE = "latest_erasure";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `consent() -> AccountId`, a view.
    CONSENT = "consent";
    /// `times() -> Times`, a view.
    TIMES = "times";
}
