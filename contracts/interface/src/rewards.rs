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

/// `set_consent(consent)`
pub const SET_CONSENT: &str = "set_consent";
/// `set_tariff(purpose, amount)`
pub const SET_TARIFF: &str = "set_tariff";
/// `fund(amount)`
pub const FUND: &str = "fund";
/// `accrue(owner, purpose, access)`, for the consent contract alone.
pub const ACCRUE: &str = "accrue";
/// `withdraw()`
pub const WITHDRAW: &str = "withdraw";
/// `withdraw_to(to)`
pub const WITHDRAW_TO: &str = "withdraw_to";
/// `refund_unused(funder, amount)`
pub const REFUND_UNUSED: &str = "refund_unused";
/// `consent() -> Option<AccountId>`, a view.
pub const CONSENT: &str = "consent";
