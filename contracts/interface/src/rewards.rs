//! What accesses earn: constructor and labels.

use crate::AccountId;
use parity_scale_codec::{Decode, Encode};

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Times {
    /// How long a handover, a replacement of the code and a tariff wait.
    pub delay: u64,
    /// For how long an owner earns nothing more from the same requester for the same purpose, and a
    /// pot's cap counts: at least 1, at most 366 days.
    pub period: u64,
}

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that knows whose key a caller's is.
    pub participants: A,
    /// The token that it pays in.
    pub token: A,
    /// How long things take.
    pub times: Times,
}

/// What a permitted access for a purpose earns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Tariff {
    /// Token base units; 0 for nothing.
    pub amount: u128,
    /// Whether an access that nobody can pay is refused.
    pub required: bool,
}

/// The account of a data owner, or of a sponsor who was replaced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Statement {
    /// Earned or returned, and not withdrawn, token base units.
    pub owed: u128,
    /// Paid out so far, token base units.
    pub paid: u128,
}

/// What a sponsor pays of the accesses for a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Pot<A = AccountId> {
    /// Who fills it.
    pub sponsor: A,
    /// What it holds, token base units.
    pub balance: u128,
    /// What it pays for one requester in one period at most, token base units.
    pub cap: u128,
}

/// Sums over all accounts, token base units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Totals {
    /// In the budgets of requesters.
    pub budgets: u128,
    /// In the pots of sponsors.
    pub pots: u128,
    /// Owed and not withdrawn.
    pub owed: u128,
    /// Paid out of what was owed so far.
    pub paid: u128,
}

labels! {
    /// `set_consent(consent)`
    SET_CONSENT = "set_consent";
    /// `set_tariff(purpose, tariff)`
    SET_TARIFF = "set_tariff";
    /// `set_sponsor(purpose, sponsor)`
    SET_SPONSOR = "set_sponsor";
    /// `sponsor(purpose, amount, cap)`
    SPONSOR = "sponsor";
    /// `withdraw_pot(purpose, amount)`
    WITHDRAW_POT = "withdraw_pot";
    /// `fund(requester, amount)`
    FUND = "fund";
    /// `withdraw_budget(amount)`
    WITHDRAW_BUDGET = "withdraw_budget";
    /// `accrue(owner, requester, purpose, access) -> Accrual`, for the consent contract alone.
    ACCRUE = "accrue";
    /// `withdraw() -> u128`
    WITHDRAW = "withdraw";
    /// `withdraw_to(to) -> u128`
    WITHDRAW_TO = "withdraw_to";
    /// `owed(account) -> u128`, a view.
    OWED = "owed";
    /// `statement(account) -> Statement`, a view.
    STATEMENT = "statement";
    /// `budget(requester) -> u128`, a view.
    BUDGET = "budget";
    /// `pot(purpose) -> Option<Pot>`, a view.
    POT = "pot";
    /// `earned(owner, requester, purpose) -> Option<u64>`, a view: when it was, ms since 1970.
    EARNED = "earned";
    /// `period() -> u64`, a view.
    PERIOD = "period";
    /// `tariff(purpose) -> Scheduled<Tariff>`, a view.
    TARIFF = "tariff";
    /// `totals() -> Totals`, a view.
    TOTALS = "totals";
    /// `remainder() -> u128`, a view.
    REMAINDER = "remainder";
    /// `consent() -> Option<AccountId>`, a view.
    CONSENT = "consent";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `token() -> AccountId`, a view.
    TOKEN = "token";
}
