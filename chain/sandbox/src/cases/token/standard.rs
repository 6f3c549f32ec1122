//! The messages of PSP22. What does nothing and succeeds is no case: it leaves nothing to see.

use assent_interface::token::{
    APPROVE, DECREASE_ALLOWANCE, INCREASE_ALLOWANCE, TRANSFER, TRANSFER_FROM,
};

use super::super::{Case, call};
use super::{UNITS, ZERO, case, endow, freeze};
use crate::Account;
use crate::ledger::{HOSPITAL, Ledger, PATIENT, RELATIVE, STRANGER};

const PAUSED: &str = "Custom(\"Paused\")";
const FROZEN: &str = "Custom(\"Frozen\")";

pub(super) fn cases() -> Vec<Case> {
    [transfer(), transfer_from(), approve(), increase(), decrease()].concat()
}

/// Arguments of a transfer that carries no data.
fn to(to: Account, value: u128) -> (Account, u128, Vec<u8>) {
    (to, value, vec![])
}

/// Arguments of a transfer on an allowance.
fn from_to(from: Account, to: Account, value: u128) -> (Account, Account, u128, Vec<u8>) {
    (from, to, value, vec![])
}

/// The patient lets the hospital take `value`.
fn allow(ledger: &mut Ledger, value: u128) {
    ledger.done(PATIENT, "token", APPROVE, &(HOSPITAL, value));
}

/// The patient has [`UNITS`], of which the hospital may take all.
fn lend(ledger: &mut Ledger) {
    endow(ledger, PATIENT);
    allow(ledger, UNITS);
}

fn transfer() -> Vec<Case> {
    let case = |error, prepare| case(TRANSFER, error, prepare);
    vec![
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, to(HOSPITAL, UNITS - 1))
        }),
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            endow(ledger, HOSPITAL);
            call(PATIENT, to(HOSPITAL, UNITS))
        }),
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, (HOSPITAL, 1u128, b"ignored".to_vec()))
        }),
        case(Some(PAUSED), |ledger, contract| {
            endow(ledger, PATIENT);
            ledger.pause(contract);
            call(PATIENT, to(HOSPITAL, UNITS))
        }),
        // Before anything else, and before it is seen that there is nothing to do.
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, to(ZERO, 0))
        }),
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, to(PATIENT, 0))
        }),
        case(Some("ZeroRecipientAddress"), |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, to(ZERO, UNITS))
        }),
        case(Some("ZeroRecipientAddress"), |_, _| call(PATIENT, to(ZERO, 0))),
        case(Some("ZeroRecipientAddress"), |ledger, _| {
            freeze(ledger, PATIENT);
            call(PATIENT, to(ZERO, UNITS))
        }),
        case(Some(FROZEN), |ledger, _| {
            endow(ledger, PATIENT);
            freeze(ledger, PATIENT);
            call(PATIENT, to(HOSPITAL, 1))
        }),
        case(Some(FROZEN), |ledger, _| {
            endow(ledger, PATIENT);
            freeze(ledger, HOSPITAL);
            call(PATIENT, to(HOSPITAL, 1))
        }),
        case(Some(FROZEN), |ledger, _| {
            freeze(ledger, HOSPITAL);
            call(PATIENT, to(HOSPITAL, 1))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, to(HOSPITAL, UNITS + 1))
        }),
        case(Some("InsufficientBalance"), |_, _| call(PATIENT, to(HOSPITAL, 1))),
    ]
}

fn transfer_from() -> Vec<Case> {
    let case = |error, prepare| case(TRANSFER_FROM, error, prepare);
    vec![
        case(None, |ledger, _| {
            lend(ledger);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, UNITS - 1))
        }),
        case(None, |ledger, _| {
            lend(ledger);
            call(HOSPITAL, from_to(PATIENT, HOSPITAL, UNITS))
        }),
        // An owner needs no allowance.
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, from_to(PATIENT, RELATIVE, UNITS))
        }),
        case(Some(PAUSED), |ledger, contract| {
            lend(ledger);
            ledger.pause(contract);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, UNITS))
        }),
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(HOSPITAL, from_to(ZERO, ZERO, 0))
        }),
        case(Some("ZeroSenderAddress"), |_, _| call(HOSPITAL, from_to(ZERO, RELATIVE, UNITS))),
        case(Some("ZeroSenderAddress"), |_, _| call(HOSPITAL, from_to(ZERO, ZERO, 0))),
        case(Some("ZeroRecipientAddress"), |ledger, _| {
            lend(ledger);
            call(HOSPITAL, from_to(PATIENT, ZERO, UNITS))
        }),
        case(Some("ZeroRecipientAddress"), |_, _| call(HOSPITAL, from_to(PATIENT, ZERO, 0))),
        case(Some(FROZEN), |ledger, _| {
            lend(ledger);
            freeze(ledger, PATIENT);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, 1))
        }),
        case(Some(FROZEN), |ledger, _| {
            lend(ledger);
            freeze(ledger, RELATIVE);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, 1))
        }),
        // Who spends, and gets nothing himself.
        case(Some(FROZEN), |ledger, _| {
            lend(ledger);
            freeze(ledger, HOSPITAL);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, 1))
        }),
        case(Some(FROZEN), |ledger, _| {
            freeze(ledger, HOSPITAL);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, 1))
        }),
        case(Some("InsufficientAllowance"), |ledger, _| {
            endow(ledger, PATIENT);
            allow(ledger, UNITS - 1);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, UNITS))
        }),
        case(Some("InsufficientAllowance"), |_, _| {
            call(HOSPITAL, from_to(PATIENT, RELATIVE, UNITS))
        }),
        // What the hospital may take nobody else may.
        case(Some("InsufficientAllowance"), |ledger, _| {
            lend(ledger);
            call(STRANGER, from_to(PATIENT, STRANGER, 1))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            endow(ledger, PATIENT);
            allow(ledger, UNITS + 1);
            call(HOSPITAL, from_to(PATIENT, RELATIVE, UNITS + 1))
        }),
        case(Some("InsufficientBalance"), |_, _| call(PATIENT, from_to(PATIENT, RELATIVE, UNITS))),
    ]
}

fn approve() -> Vec<Case> {
    let case = |error, prepare| case(APPROVE, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, (HOSPITAL, UNITS))),
        case(None, |ledger, _| {
            allow(ledger, UNITS);
            call(PATIENT, (HOSPITAL, u128::MAX))
        }),
        // Nobody can spend it as long as he is frozen.
        case(None, |ledger, _| {
            freeze(ledger, PATIENT);
            call(PATIENT, (HOSPITAL, UNITS))
        }),
        // What was allowed is taken back: that does not wait for the end of a pause.
        case(None, |ledger, contract| {
            allow(ledger, UNITS);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, 0u128))
        }),
        case(Some(PAUSED), |ledger, contract| {
            allow(ledger, UNITS);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, 1u128))
        }),
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (ZERO, 1u128))
        }),
        case(Some("ZeroRecipientAddress"), |_, _| call(PATIENT, (ZERO, UNITS))),
        case(Some("ZeroRecipientAddress"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (ZERO, 0u128))
        }),
    ]
}

fn increase() -> Vec<Case> {
    let case = |error, prepare| case(INCREASE_ALLOWANCE, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, (HOSPITAL, UNITS))),
        // No more than there is.
        case(None, |ledger, _| {
            allow(ledger, UNITS);
            call(PATIENT, (HOSPITAL, u128::MAX))
        }),
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, UNITS))
        }),
        case(Some(PAUSED), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (ZERO, 0u128))
        }),
        case(Some("ZeroRecipientAddress"), |_, _| call(PATIENT, (ZERO, UNITS))),
        case(Some("ZeroRecipientAddress"), |_, _| call(PATIENT, (ZERO, 0u128))),
    ]
}

fn decrease() -> Vec<Case> {
    let case = |error, prepare| case(DECREASE_ALLOWANCE, error, prepare);
    vec![
        case(None, |ledger, _| {
            allow(ledger, UNITS);
            call(PATIENT, (HOSPITAL, UNITS - 1))
        }),
        case(None, |ledger, contract| {
            allow(ledger, UNITS);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, UNITS))
        }),
        case(Some("ZeroRecipientAddress"), |_, _| call(PATIENT, (ZERO, UNITS))),
        case(Some("InsufficientAllowance"), |ledger, _| {
            allow(ledger, UNITS);
            call(PATIENT, (HOSPITAL, UNITS + 1))
        }),
        case(Some("InsufficientAllowance"), |_, _| call(PATIENT, (HOSPITAL, 1u128))),
    ]
}
