//! What leaves circulation for good: retired, for somebody and something, or cancelled.

use assent_interface::carbon;

use super::super::{Call, Case, call};
use super::{REASON, UNITS, allocated, case, escrowed, hold};
use crate::Account;
use crate::ledger::{COLLECTOR, EMITTER, Ledger, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [retire(), cancel()].concat()
}

/// `holder` retires.
fn retired(holder: Account, batch: u64, amount: u128) -> Call {
    call(holder, (batch, amount, REASON, COLLECTOR))
}

/// `holder` cancels.
fn cancelled(holder: Account, batch: u64, amount: u128) -> Call {
    call(holder, (batch, amount, REASON))
}

/// As [`hold`], and the holder's units are frozen.
fn frozen(ledger: &mut Ledger) -> u64 {
    let batch = hold(ledger);
    ledger.freeze_units(TRADER);
    batch
}

/// As [`hold`], and the holder is suspended.
fn suspended(ledger: &mut Ledger) -> u64 {
    let batch = hold(ledger);
    ledger.suspend(TRADER);
    batch
}

/// Allowances that the emitter holds.
fn allowances(ledger: &mut Ledger) -> u64 {
    let period = allocated(ledger);
    ledger.allowances(period)
}

fn retire() -> Vec<Case> {
    let case = |error, prepare| case(carbon::RETIRE, error, prepare);
    vec![
        case(None, |ledger, _| retired(TRADER, hold(ledger), UNITS - 1)),
        case(None, |ledger, _| retired(TRADER, hold(ledger), UNITS)),
        case(None, |ledger, _| retired(EMITTER, allowances(ledger), UNITS)),
        // It takes nothing from anybody, so that it waits for nobody.
        case(None, |ledger, _| retired(TRADER, suspended(ledger), UNITS)),
        case(None, |ledger, contract| {
            let batch = hold(ledger);
            ledger.pause(contract);
            retired(TRADER, batch, UNITS)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = hold(ledger);
            ledger.silence_participants();
            retired(TRADER, batch, UNITS)
        }),
        case(Some("ZeroAmount"), |ledger, _| retired(TRADER, hold(ledger), 0)),
        case(Some("ZeroAmount"), |ledger, _| retired(TRADER, frozen(ledger), 0)),
        case(Some("Frozen"), |ledger, _| retired(TRADER, frozen(ledger), UNITS)),
        case(Some("Frozen"), |ledger, _| retired(TRADER, frozen(ledger) + 1, UNITS)),
        case(Some("UnknownBatch"), |ledger, _| retired(TRADER, hold(ledger) + 1, UNITS)),
        case(Some("UnknownBatch"), |_, _| retired(TRADER, 0, UNITS)),
        case(Some("InsufficientBalance"), |ledger, _| retired(TRADER, hold(ledger), UNITS + 1)),
        case(Some("InsufficientBalance"), |ledger, _| retired(STRANGER, hold(ledger), 1)),
        case(Some("InsufficientBalance"), |ledger, _| retired(TRADER, escrowed(ledger), 1)),
        case(Some("InsufficientBalance"), |ledger, contract| {
            let batch = hold(ledger);
            ledger.done(TRADER, contract, carbon::RETIRE, &(batch, UNITS - 1, REASON, TRADER));
            retired(TRADER, batch, 2)
        }),
    ]
}

fn cancel() -> Vec<Case> {
    let case = |error, prepare| case(carbon::CANCEL, error, prepare);
    vec![
        case(None, |ledger, _| cancelled(TRADER, hold(ledger), UNITS - 1)),
        case(None, |ledger, _| cancelled(TRADER, hold(ledger), UNITS)),
        case(None, |ledger, _| cancelled(EMITTER, allowances(ledger), UNITS)),
        case(None, |ledger, contract| {
            let batch = suspended(ledger);
            ledger.pause(contract);
            cancelled(TRADER, batch, UNITS)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = hold(ledger);
            ledger.silence_participants();
            cancelled(TRADER, batch, UNITS)
        }),
        case(Some("ZeroAmount"), |ledger, _| cancelled(TRADER, hold(ledger), 0)),
        case(Some("ZeroAmount"), |ledger, _| cancelled(TRADER, frozen(ledger), 0)),
        case(Some("Frozen"), |ledger, _| cancelled(TRADER, frozen(ledger), UNITS)),
        case(Some("Frozen"), |ledger, _| cancelled(TRADER, frozen(ledger) + 1, UNITS)),
        case(Some("UnknownBatch"), |ledger, _| cancelled(TRADER, hold(ledger) + 1, UNITS)),
        case(Some("UnknownBatch"), |_, _| cancelled(TRADER, 0, UNITS)),
        case(Some("InsufficientBalance"), |ledger, _| cancelled(TRADER, hold(ledger), UNITS + 1)),
        case(Some("InsufficientBalance"), |ledger, _| cancelled(STRANGER, hold(ledger), 1)),
        case(Some("InsufficientBalance"), |ledger, contract| {
            let batch = hold(ledger);
            ledger.done(TRADER, contract, carbon::RETIRE, &(batch, UNITS, REASON, TRADER));
            cancelled(TRADER, batch, 1)
        }),
    ]
}
