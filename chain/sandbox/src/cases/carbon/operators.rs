//! Operators, who move what owners approved them for.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{UNITS, ZERO, case, hold, lend};
use crate::ledger::{APPLICANT, FACTORY, ISSUER, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [approve(), transfer_from()].concat()
}

fn approve() -> Vec<Case> {
    let case = |error, prepare| case(carbon::APPROVE, error, prepare);
    vec![
        case(None, |ledger, _| call(TRADER, (STRANGER, hold(ledger), UNITS))),
        case(None, |ledger, _| call(TRADER, (STRANGER, lend(ledger), u128::MAX))),
        // By one who holds nothing, and who is nobody.
        case(None, |ledger, _| call(STRANGER, (TRADER, hold(ledger), 1u128))),
        case(None, |ledger, _| {
            let batch = hold(ledger);
            ledger.freeze_units(TRADER);
            ledger.suspend(TRADER);
            call(TRADER, (STRANGER, batch, UNITS))
        }),
        // What was approved is taken back: that does not wait for the end of a pause.
        case(None, |ledger, contract| {
            let batch = lend(ledger);
            ledger.pause(contract);
            call(TRADER, (STRANGER, batch, 0u128))
        }),
        case(Some("Paused"), |ledger, contract| {
            let batch = lend(ledger);
            ledger.pause(contract);
            call(TRADER, (STRANGER, batch, 1u128))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, (TRADER, 0u64, 1u128))
        }),
        case(Some("SelfApproval"), |ledger, _| call(TRADER, (TRADER, hold(ledger), UNITS))),
        case(Some("SelfApproval"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, (TRADER, 0u64, 0u128))
        }),
        case(Some("UnknownBatch"), |ledger, _| call(TRADER, (STRANGER, hold(ledger) + 1, UNITS))),
        case(Some("UnknownBatch"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, (STRANGER, 0u64, 0u128))
        }),
    ]
}

fn transfer_from() -> Vec<Case> {
    let case = |error, prepare| case(carbon::TRANSFER_FROM, error, prepare);
    vec![
        case(None, |ledger, _| call(STRANGER, (TRADER, lend(ledger), FACTORY, UNITS - 1))),
        case(None, |ledger, _| call(STRANGER, (TRADER, lend(ledger), FACTORY, UNITS))),
        // To himself, when he is admitted.
        case(None, |ledger, _| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, FACTORY, batch, 1);
            call(FACTORY, (TRADER, batch, FACTORY, 1u128))
        }),
        case(None, |ledger, _| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, FACTORY, batch, UNITS);
            ledger.suspend(FACTORY);
            call(FACTORY, (TRADER, batch, ISSUER, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            let batch = lend(ledger);
            ledger.pause(contract);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (ZERO, 0u64, ZERO, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = lend(ledger);
            ledger.silence_participants();
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (ZERO, 0u64, ZERO, 0u128))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = lend(ledger);
            ledger.suspend(TRADER);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), APPLICANT, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), STRANGER, UNITS))
        }),
        case(Some("NotAdmitted"), |_, _| call(STRANGER, (ZERO, 0u64, ZERO, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), FACTORY, 0u128))
        }),
        case(Some("ZeroAmount"), |_, _| call(STRANGER, (TRADER, 0u64, TRADER, 0u128))),
        case(Some("SelfTransfer"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), TRADER, UNITS))
        }),
        case(Some("SelfTransfer"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(STRANGER, (TRADER, 0u64, TRADER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            let batch = lend(ledger);
            ledger.freeze_units(TRADER);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            let batch = lend(ledger);
            ledger.freeze_units(FACTORY);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        // Who moves them, and gets nothing himself.
        case(Some("Frozen"), |ledger, _| {
            let batch = lend(ledger);
            ledger.freeze_units(STRANGER);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(STRANGER);
            call(STRANGER, (TRADER, 0u64, FACTORY, UNITS))
        }),
        case(Some("UnknownBatch"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger) + 1, FACTORY, UNITS))
        }),
        case(Some("UnknownBatch"), |_, _| call(STRANGER, (TRADER, 0u64, FACTORY, UNITS))),
        case(Some("NotApproved"), |ledger, _| {
            call(STRANGER, (TRADER, hold(ledger), FACTORY, 1u128))
        }),
        case(Some("NotApproved"), |ledger, _| {
            call(STRANGER, (TRADER, lend(ledger), FACTORY, UNITS + 1))
        }),
        // An approval is of one batch and for one operator, and it is used up.
        case(Some("NotApproved"), |ledger, _| {
            lend(ledger);
            call(STRANGER, (TRADER, hold(ledger), FACTORY, 1u128))
        }),
        case(Some("NotApproved"), |ledger, _| {
            call(FACTORY, (TRADER, lend(ledger), FACTORY, 1u128))
        }),
        case(Some("NotApproved"), |ledger, contract| {
            let batch = lend(ledger);
            let part = (TRADER, batch, FACTORY, UNITS - 1);
            ledger.done(STRANGER, contract, carbon::TRANSFER_FROM, &part);
            call(STRANGER, (TRADER, batch, FACTORY, 2u128))
        }),
        case(Some("NotApproved"), |ledger, _| {
            let batch = lend(ledger);
            ledger.entrust(TRADER, STRANGER, batch, 0);
            call(STRANGER, (TRADER, batch, FACTORY, 1u128))
        }),
        // Nobody is his own operator.
        case(Some("NotApproved"), |ledger, _| call(TRADER, (TRADER, hold(ledger), FACTORY, UNITS))),
        case(Some("InsufficientBalance"), |ledger, _| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, STRANGER, batch, u128::MAX);
            call(STRANGER, (TRADER, batch, FACTORY, UNITS + 1))
        }),
        case(Some("InsufficientBalance"), |ledger, contract| {
            let batch = lend(ledger);
            ledger.done(TRADER, contract, carbon::TRANSFER, &(batch, ISSUER, 1u128));
            call(STRANGER, (TRADER, batch, FACTORY, UNITS))
        }),
    ]
}
