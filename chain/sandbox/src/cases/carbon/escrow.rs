//! What operators hold in escrow. The market does; here it is an account like any other.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{UNITS, ZERO, case, escrowed, hold, lend};
use crate::Account;
use crate::ledger::{APPLICANT, FACTORY, Ledger, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [escrow(), release(), deliver()].concat()
}

fn escrow() -> Vec<Case> {
    let case = |error, prepare| case(carbon::ESCROW, error, prepare);
    vec![
        case(None, |ledger, _| call(STRANGER, (TRADER, lend(ledger), UNITS))),
        case(None, |ledger, contract| {
            let batch = lend(ledger);
            ledger.done(STRANGER, contract, carbon::ESCROW, &(TRADER, batch, 1u128));
            call(STRANGER, (TRADER, batch, UNITS - 1))
        }),
        case(Some("Paused"), |ledger, contract| {
            let batch = lend(ledger);
            ledger.pause(contract);
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (ZERO, 0u64, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = lend(ledger);
            ledger.silence_participants();
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (ZERO, 0u64, 0u128))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = lend(ledger);
            ledger.suspend(TRADER);
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("NotAdmitted"), |_, _| call(STRANGER, (APPLICANT, 0u64, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| call(STRANGER, (TRADER, lend(ledger), 0u128))),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(STRANGER, (TRADER, 0u64, 0u128))
        }),
        case(Some("Frozen"), |ledger, _| {
            let batch = lend(ledger);
            ledger.freeze_units(TRADER);
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            let batch = lend(ledger);
            ledger.freeze_units(STRANGER);
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(STRANGER);
            call(STRANGER, (TRADER, 0u64, UNITS))
        }),
        case(Some("UnknownBatch"), |ledger, _| call(STRANGER, (TRADER, lend(ledger) + 1, UNITS))),
        case(Some("UnknownBatch"), |_, _| call(STRANGER, (TRADER, 0u64, UNITS))),
        case(Some("NotApproved"), |ledger, _| call(STRANGER, (TRADER, hold(ledger), 1u128))),
        case(Some("NotApproved"), |ledger, _| call(STRANGER, (TRADER, lend(ledger), UNITS + 1))),
        // What comes back from escrow renews no approval.
        case(Some("NotApproved"), |ledger, contract| {
            let batch = escrowed(ledger);
            ledger.done(STRANGER, contract, carbon::RELEASE, &(TRADER, batch, UNITS));
            call(STRANGER, (TRADER, batch, 1u128))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, STRANGER, batch, u128::MAX);
            call(STRANGER, (TRADER, batch, UNITS + 1))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let batch = escrowed(ledger);
            ledger.entrust(TRADER, FACTORY, batch, 1);
            call(FACTORY, (TRADER, batch, 1u128))
        }),
    ]
}

fn release() -> Vec<Case> {
    let case = |error, prepare| case(carbon::RELEASE, error, prepare);
    vec![
        case(None, |ledger, _| call(STRANGER, (TRADER, escrowed(ledger), UNITS))),
        case(None, |ledger, _| call(STRANGER, (TRADER, escrowed(ledger), 1u128))),
        // What is his comes back to him whoever is frozen or suspended, and in a pause.
        case(None, |ledger, contract| {
            let batch = escrowed(ledger);
            ledger.suspend(TRADER);
            ledger.freeze_units(TRADER);
            ledger.freeze_units(STRANGER);
            ledger.pause(contract);
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(None, |ledger, _| {
            let batch = escrowed(ledger);
            ledger.silence_participants();
            call(STRANGER, (TRADER, batch, UNITS))
        }),
        case(Some("ZeroAmount"), |ledger, _| call(STRANGER, (TRADER, escrowed(ledger), 0u128))),
        case(Some("ZeroAmount"), |_, _| call(STRANGER, (TRADER, 0u64, 0u128))),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), UNITS + 1))
        }),
        // An approval is no escrow.
        case(Some("InsufficientEscrow"), |ledger, _| call(STRANGER, (TRADER, lend(ledger), 1u128))),
        // Neither another operator's nor another owner's, nor by the owner himself.
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(FACTORY, (TRADER, escrowed(ledger), 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (FACTORY, escrowed(ledger), 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(TRADER, (TRADER, escrowed(ledger), 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger) + 1, 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, contract| {
            let batch = escrowed(ledger);
            ledger.done(STRANGER, contract, carbon::RELEASE, &(TRADER, batch, UNITS - 1));
            call(STRANGER, (TRADER, batch, 2u128))
        }),
    ]
}

/// As [`escrowed`], and one of the parties is frozen.
fn frozen(ledger: &mut Ledger, account: Account) -> u64 {
    let batch = escrowed(ledger);
    ledger.freeze_units(account);
    batch
}

fn deliver() -> Vec<Case> {
    let case = |error, prepare| case(carbon::DELIVER, error, prepare);
    vec![
        case(None, |ledger, _| call(STRANGER, (TRADER, escrowed(ledger), FACTORY, UNITS))),
        case(None, |ledger, _| call(STRANGER, (TRADER, escrowed(ledger), FACTORY, 1u128))),
        // To the operator himself.
        case(None, |ledger, contract| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, FACTORY, batch, UNITS);
            ledger.done(FACTORY, contract, carbon::ESCROW, &(TRADER, batch, UNITS));
            call(FACTORY, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            let batch = escrowed(ledger);
            ledger.pause(contract);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (ZERO, 0u64, ZERO, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = escrowed(ledger);
            ledger.silence_participants();
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = escrowed(ledger);
            ledger.suspend(TRADER);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), APPLICANT, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), STRANGER, 0u128))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), FACTORY, 0u128))
        }),
        case(Some("ZeroAmount"), |_, _| call(STRANGER, (TRADER, 0u64, TRADER, 0u128))),
        case(Some("SelfTransfer"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), TRADER, UNITS))
        }),
        case(Some("SelfTransfer"), |ledger, _| {
            call(STRANGER, (TRADER, frozen(ledger, TRADER), TRADER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            call(STRANGER, (TRADER, frozen(ledger, TRADER), FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            call(STRANGER, (TRADER, frozen(ledger, FACTORY), FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            call(STRANGER, (TRADER, frozen(ledger, STRANGER), FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            call(STRANGER, (TRADER, frozen(ledger, STRANGER) + 1, FACTORY, UNITS))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger), FACTORY, UNITS + 1))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), FACTORY, 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(FACTORY, (TRADER, escrowed(ledger), FACTORY, 1u128))
        }),
        case(Some("InsufficientEscrow"), |ledger, _| {
            call(STRANGER, (TRADER, escrowed(ledger) + 1, FACTORY, 1u128))
        }),
    ]
}
