//! The messages of the token.

mod settlement;
mod standard;

use assent_interface::token;

use super::{Case, Prepare};
use crate::Account;
use crate::ledger::{DELAY, Ledger, REGULATOR};

/// What accounts start with in these cases.
const UNITS: u128 = 100;
/// A receipt of the bank that nothing was minted or burned against yet.
const RECEIPT: [u8; 32] = [0x51; 32];
/// Why an account is frozen.
const REASON: [u8; 32] = [0x52; 32];
/// The account that nobody has a key for.
const ZERO: Account = [0; 32];

pub(super) fn cases() -> Vec<Case> {
    [settlement::cases(), standard::cases()].concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "token", message, error, prepare }
}

/// Replaces the contract by one with a greatest supply.
fn limit(ledger: &mut Ledger, cap: u128) {
    let asked = ledger.participants.address;
    let arguments = (asked, None::<String>, None::<String>, 6u8, Some(cap), DELAY);
    ledger.token = ledger.another("token", &arguments);
}

/// Mints [`UNITS`] to an account, against [`first_receipt`].
fn endow(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::MINT, &(account, UNITS, first_receipt(account)));
}

/// The receipt of what an account starts with.
fn first_receipt(account: Account) -> [u8; 32] {
    account
}

fn freeze(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::FREEZE, &(account, REASON));
}
