//! The messages of the consent contract.

mod access;
mod changes;
mod choices;
mod delegation;
mod denial;
mod emergency;
mod grants;
mod guardians;

use super::{Case, Prepare};
use crate::ledger::{Ledger, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    [
        grants::cases(),
        changes::cases(),
        delegation::cases(),
        denial::cases(),
        choices::cases(),
        access::cases(),
        emergency::cases(),
        guardians::cases(),
    ]
    .concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "consent", message, error, prepare }
}

/// Replaces the contract by one that asks an account where there is no contract.
fn lose_participants(ledger: &mut Ledger) {
    let rewards = ledger.rewards.address;
    ledger.replace_consent(STRANGER, rewards);
}
