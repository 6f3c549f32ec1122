//! Events of the rewards contract; account 9 refunds.

use assent_client::EmittedEvent;

use crate::{account, event};

/// The contract that may accrue is named.
#[must_use]
pub fn consent_set(consent: [u8; 32]) -> EmittedEvent {
    event("rewards", "ConsentSet", (consent,))
}

/// An access for this purpose earns so much.
#[must_use]
pub fn tariff_set(purpose: u8, amount: u128) -> EmittedEvent {
    event("rewards", "TariffSet", (purpose, amount))
}

/// Somebody pays in.
#[must_use]
pub fn funded(funder: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Funded", (account(funder), amount))
}

/// Some of it is credited back.
#[must_use]
pub fn refunded(funder: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Refunded", (account(funder), amount, account(9)))
}

/// An access for a purpose earns its owner so much.
#[must_use]
pub fn accrued(owner: u8, access: u64, purpose: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Accrued", (account(owner), access, purpose, amount))
}

/// An access would have earned that, but the fund did not hold it.
#[must_use]
pub fn unfunded(owner: u8, access: u64, purpose: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Unfunded", (account(owner), access, purpose, amount))
}

/// What is owed to an account is paid, to itself or another.
#[must_use]
pub fn withdrawn(owner: u8, to: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Withdrawn", (account(owner), account(to), amount))
}
