//! Messages of agreements.

use crate::{Account, Hash, Terms};
use parity_scale_codec::Encode;

/// Messages of agreements.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum AgreementsMessage {
    /// `propose(terms, expires)`
    Propose(Terms, u64),
    /// `withdraw(proposal)`
    Withdraw(u64),
    /// `accept(proposal, grant)`
    Accept(u64, Option<u64>),
    /// `decline(proposal, reason)`
    Decline(u64, Option<Hash>),
    /// `request_erasure(owner, requester)`
    RequestErasure(Account, Account),
    /// `answer_erasure(erasure, retained_until, evidence)`
    AnswerErasure(u64, Option<u64>, Hash),
}

impl AgreementsMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::agreements as labels;
        match self {
            Self::Propose(..) => labels::PROPOSE,
            Self::Withdraw(..) => labels::WITHDRAW,
            Self::Accept(..) => labels::ACCEPT,
            Self::Decline(..) => labels::DECLINE,
            Self::RequestErasure(..) => labels::REQUEST_ERASURE,
            Self::AnswerErasure(..) => labels::ANSWER_ERASURE,
        }
    }
}
