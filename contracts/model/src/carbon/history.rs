//! What happened in carbon and what was known when it did. The contract keeps none of it: the
//! invariants judge the state by it.

use crate::{Account, Participant, Report, Standing, World};

/// What became of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They came into being.
    Issued,
    /// None moved: their owner said how many the operator may move from now on.
    Approved,
    /// They changed hands.
    Transferred,
    /// They went in escrow.
    Escrowed,
    /// They came back from escrow.
    Released,
    /// They went from escrow to another owner.
    Delivered,
    /// Retired for good.
    Retired,
    /// Cancelled for good.
    Cancelled,
    /// Surrendered for good, for this period.
    Surrendered(u64),
}

/// Something that happened to units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    /// What.
    pub change: Change,
    /// Of which batch.
    pub batch: u64,
    /// How many.
    pub amount: u128,
    /// Who asked for it: issuer, regulator, owner or operator.
    pub by: Account,
    /// Whose they were; nobody's before they are issued.
    pub from: Option<Account>,
    /// Whose they are, or the operator who is approved; nobody's after they ended.
    pub to: Option<Account>,
    /// When.
    pub at: u64,
}

/// A movement, and what was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub movement: Movement,
    /// The admission of `from`.
    pub from_is: Option<Participant>,
    /// The admission of `to`.
    pub to_is: Option<Participant>,
    /// Whether `by`, `from` and `to` were frozen.
    pub frozen: [bool; 3],
}

/// A report of emissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// For which period.
    pub period: u64,
    /// Whose emissions.
    pub account: Account,
    /// What it said.
    pub report: Report,
    /// The verifier's admission then.
    pub verifier_is: Option<Participant>,
}

/// A settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The period.
    pub period: u64,
    /// The emitter.
    pub account: Account,
    /// When.
    pub at: u64,
    /// Units emitted, as was known then.
    pub verified: u128,
    /// Units surrendered for it until then.
    pub surrendered: u128,
}

/// A payment of a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The period.
    pub period: u64,
    /// Whose penalty.
    pub account: Account,
    /// Who paid.
    pub payer: Account,
    /// Who was to be paid then.
    pub collector: Account,
    /// When.
    pub at: u64,
    /// Token base units of payer and collector before.
    pub before: [u128; 2],
    /// And after.
    pub after: [u128; 2],
    /// Where the account stood before.
    pub stood: Standing,
    /// And after.
    pub stands: Standing,
}

impl World {
    /// Notes a movement, before any of it is done.
    pub(super) fn note(&mut self, movement: Movement) {
        let Movement { by, from, to, .. } = movement;
        let who = |account: Option<Account>| self.participants.participants.get(&account?).copied();
        let frozen = |account: Option<Account>| account.is_some_and(|a| self.carbon.is_frozen(&a));
        let entry = Entry {
            movement,
            from_is: who(from),
            to_is: who(to),
            frozen: [Some(by), from, to].map(frozen),
        };
        self.carbon.journal.push(entry);
    }
}
