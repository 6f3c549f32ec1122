//! What accesses earn: constructor and labels.

use crate::AccountId;
use parity_scale_codec::{Decode, Encode};

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The token that it pays in.
    pub token: A,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

labels! {
    /// `set_consent(consent)`
    SET_CONSENT = "set_consent";
    /// `set_tariff(purpose, amount)`
    SET_TARIFF = "set_tariff";
    /// `fund(amount)`
    FUND = "fund";
    /// `accrue(owner, purpose, access) -> u128`, for the consent contract alone.
    ACCRUE = "accrue";
    /// `withdraw() -> u128`
    WITHDRAW = "withdraw";
    /// `withdraw_to(to) -> u128`
    WITHDRAW_TO = "withdraw_to";
    /// `refund_unused(funder, amount)`
    REFUND_UNUSED = "refund_unused";
    /// `owed(account) -> u128`, a view.
    OWED = "owed";
    /// `statement(account) -> Statement`, a view.
    STATEMENT = "statement";
    /// `contribution(account) -> u128`, a view.
    CONTRIBUTION = "contribution";
    /// `tariff(purpose) -> u128`, a view.
    TARIFF = "tariff";
    /// `totals() -> Totals`, a view.
    TOTALS = "totals";
    /// `remainder() -> u128`, a view.
    REMAINDER = "remainder";
    /// `consent() -> Option<AccountId>`, a view.
    CONSENT = "consent";
    /// `token() -> AccountId`, a view.
    TOKEN = "token";
}
