//! The messages of the rewards contract.

mod fund;
mod payout;

use super::{Case, Prepare};
use crate::health::{DELAY, HOSPITAL, Health, PATIENT, terms};

/// `Lazy<Totals>`.
const TOTALS: u32 = 0x7277_0002;
/// Statements of accounts.
const STATEMENTS: u32 = 0x7277_0005;

/// What the fund starts with in these cases.
const FUND: u128 = 100;
/// What a treatment earns in these cases.
const TARIFF: u128 = 10;

pub(super) fn cases() -> Vec<Case> {
    [fund::cases(), payout::cases()].concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "rewards", message, error, prepare }
}

/// Replaces the contract by one that knows no consent contract yet.
fn renew(health: &mut Health) {
    let arguments = (health.token.address, DELAY);
    health.rewards = health.another("rewards", &arguments);
}

/// The patient is owed [`TARIFF`] of [`FUND`].
fn earn(health: &mut Health) {
    health.fund(FUND, TARIFF);
    health.grant(terms());
    health.request(HOSPITAL, PATIENT);
}
