//! The messages of the rewards contract.

mod accrual;
mod administration;
mod budgets;
mod payout;
mod pots;

use super::{Case, Prepare};
use crate::Account;
use crate::ledger::{DELAY, EARNING, HOSPITAL, Ledger, PATIENT, terms};

/// `Lazy<Totals>`.
const TOTALS: u32 = 0x7277_0002;
/// Statements of accounts.
const STATEMENTS: u32 = 0x7277_0005;

/// What the budget of the hospital starts with in these cases.
const FUND: u128 = 100;
/// What a treatment earns in these cases.
const TARIFF: u128 = 10;
/// The account that nobody has a key for.
const ZERO: Account = [0; 32];

pub(super) fn cases() -> Vec<Case> {
    [administration::cases(), budgets::cases(), pots::cases(), accrual::cases(), payout::cases()]
        .concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "rewards", message, error, prepare }
}

/// Replaces the contract by one that knows no consent contract yet.
fn renew(ledger: &mut Ledger) {
    let arguments = (ledger.participants.address, ledger.token.address, (DELAY, EARNING));
    ledger.rewards = ledger.another("rewards", &arguments);
}

/// The patient is owed [`TARIFF`] of [`FUND`].
fn earn(ledger: &mut Ledger) {
    ledger.fund(FUND, TARIFF);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
}
