//! Values of agreements.

use super::{Account, Hash, Terms};
use parity_scale_codec::{Decode, Encode};

/// Its delays; the contract takes them in this order.
pub type AgreementsTimes = assent_interface::agreements::Times;

/// The terms of a grant that somebody proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Proposal {
    /// What a grant would say.
    pub terms: Terms,
    /// The key that proposed: the requester's own, or that of one of his staff.
    pub by: Account,
    /// Commitment to who of the staff holds it.
    pub person: Option<Hash>,
    /// When.
    pub at: u64,
    /// First moment at which it is over.
    pub expires: u64,
    /// What it came to.
    pub ending: Option<Ending>,
}

impl Proposal {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: u64) -> bool {
        self.ending.is_none() && now < self.expires
    }
}

/// What a proposal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Ending {
    /// The requester took it back.
    Withdrawn,
    /// The owner gave this grant.
    Accepted(u64),
    /// The owner wants no such grant.
    Declined,
}

/// A request to erase what somebody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ErasureRequest {
    /// Who asks.
    pub owner: Account,
    /// Who is asked.
    pub requester: Account,
    /// When.
    pub at: u64,
    /// First moment at which the answer is overdue.
    pub due: u64,
    /// The answer.
    pub answer: Option<ErasureAnswer>,
}

/// What became of such a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ErasureAnswer {
    /// First moment at which the law no longer has it kept; `None`: it is erased.
    pub retained_until: Option<u64>,
    /// Commitment to the evidence.
    pub evidence: Hash,
    /// The key that answered.
    pub by: Account,
    /// When.
    pub at: u64,
}
