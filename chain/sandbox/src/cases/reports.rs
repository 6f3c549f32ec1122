//! The messages of the reports contract.

mod anchor;
mod audit;
mod signed;

use super::{Case, Prepare};
use crate::ledger::{Ledger, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    [anchor::cases(), signed::cases(), audit::cases()].concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "reports", message, error, prepare }
}

/// Replaces the contract by one that asks an account where there is no contract.
fn lose_participants(ledger: &mut Ledger) {
    ledger.replace_reports(STRANGER);
}
