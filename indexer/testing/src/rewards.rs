//! Events of the rewards contract.

use assent_client::EmittedEvent;

use crate::{account, event};

/// The contract that may accrue is named.
#[must_use]
pub fn consent_set(consent: [u8; 32]) -> EmittedEvent {
    event("rewards", "ConsentSet", (consent,))
}

/// An access for this purpose earns so much, at once, and is permitted also when nobody can pay it.
#[must_use]
pub fn tariff_set(purpose: u8, amount: u128) -> EmittedEvent {
    tariff_set_from(purpose, amount, false, 1)
}

/// The same, from a moment on; `required`: it is refused when nobody can pay it.
#[must_use]
pub fn tariff_set_from(purpose: u8, amount: u128, required: bool, from: u64) -> EmittedEvent {
    event("rewards", "TariffSet", (purpose, amount, required, from))
}

/// Somebody pays into the budget of a requester.
#[must_use]
pub fn funded(requester: u8, from: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Funded", (account(requester), account(from), amount))
}

/// A requester takes something of his budget back.
#[must_use]
pub fn budget_withdrawn(requester: u8, amount: u128) -> EmittedEvent {
    event("rewards", "BudgetWithdrawn", (account(requester), amount))
}

/// Another may fill the pot of a purpose; so much is owed to the one before.
#[must_use]
pub fn sponsor_set(
    purpose: u8,
    sponsor: Option<u8>,
    previous: Option<u8>,
    returned: u128,
) -> EmittedEvent {
    let parties = (sponsor.map(account), previous.map(account));
    event("rewards", "SponsorSet", (purpose, parties, returned))
}

/// A sponsor pays into his pot, and sets its cap.
#[must_use]
pub fn sponsored(purpose: u8, sponsor: u8, amount: u128, cap: u128) -> EmittedEvent {
    event("rewards", "Sponsored", (purpose, account(sponsor), amount, cap))
}

/// A sponsor takes something of his pot back.
#[must_use]
pub fn pot_withdrawn(purpose: u8, sponsor: u8, amount: u128) -> EmittedEvent {
    event("rewards", "PotWithdrawn", (purpose, account(sponsor), amount))
}

/// An access of account 2 for a purpose earns its owner so much, from his budget, at 6,000 ms.
#[must_use]
pub fn accrued(owner: u8, access: u64, purpose: u8, amount: u128) -> EmittedEvent {
    accrued_by(2, None, owner, access, purpose, amount)
}

/// The same of any requester, from a sponsor's pot if one is named.
#[must_use]
pub fn accrued_by(
    requester: u8,
    sponsor: Option<u8>,
    owner: u8,
    access: u64,
    purpose: u8,
    amount: u128,
) -> EmittedEvent {
    let what = (account(owner), account(requester), access, purpose, amount);
    event("rewards", "Accrued", (what, sponsor.map(account), 6_000_u64))
}

/// An access of account 2 would have earned that, but nobody could pay it.
#[must_use]
pub fn unfunded(owner: u8, access: u64, purpose: u8, amount: u128) -> EmittedEvent {
    unfunded_by(2, owner, access, (purpose, amount), false)
}

/// The same of any requester; `tariff` is the purpose and what it would have earned, and `required`
/// whether the access was refused for it.
#[must_use]
pub fn unfunded_by(
    requester: u8,
    owner: u8,
    access: u64,
    tariff: (u8, u128),
    required: bool,
) -> EmittedEvent {
    let parties = (account(owner), account(requester), access);
    event("rewards", "Unfunded", (parties, tariff, required))
}

/// What is owed to an account is paid, to itself or another.
#[must_use]
pub fn withdrawn(owner: u8, to: u8, amount: u128) -> EmittedEvent {
    event("rewards", "Withdrawn", (account(owner), account(to), amount))
}
