//! Batches of serial numbers, and what is issued under them.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{UNITS, ZERO, allocated, case, recount};
use crate::ledger::{
    APPLICANT, EMITTER, FACTORY, ISSUER, Ledger, REGULATOR, SERIALS, STRANGER, TRADER, VINTAGE,
};

pub(super) fn cases() -> Vec<Case> {
    [create_batch(), issue(), seal_batch()].concat()
}

/// Arguments of a batch of these serial numbers.
fn serials(project: u64, start: u128, end: u128) -> (u64, u128, u128, u64, u64) {
    (project, start, end, VINTAGE.0, VINTAGE.1)
}

/// A project in a class of its own.
fn project(ledger: &mut Ledger) -> u64 {
    let class = ledger.class();
    ledger.project(class)
}

/// Two projects of one class, in which the serial numbers 1 to [`SERIALS`] are in use.
fn projects(ledger: &mut Ledger) -> (u64, u64) {
    let class = ledger.class();
    let (first, second) = (ledger.project(class), ledger.project(class));
    ledger.done(ISSUER, "carbon", carbon::CREATE_BATCH, &serials(first, 1, SERIALS));
    (first, second)
}

/// A batch of which no more is issued.
fn sealed(ledger: &mut Ledger) -> u64 {
    let batch = ledger.batch();
    ledger.done(ISSUER, "carbon", carbon::SEAL_BATCH, &batch);
    batch
}

/// The batch of the allowances of a period.
fn allowances(ledger: &mut Ledger) -> u64 {
    let period = allocated(ledger);
    ledger.allowances(period)
}

/// The trader issues in the class of a new batch from now on, and no longer [`ISSUER`].
fn handed_over(ledger: &mut Ledger) -> (u64, u64) {
    let class = ledger.class();
    let project = ledger.project(class);
    let batch = ledger.done(ISSUER, "carbon", carbon::CREATE_BATCH, &serials(project, 1, SERIALS));
    ledger.done(REGULATOR, "carbon", carbon::SET_ISSUER, &(class, TRADER));
    (project, batch.value())
}

fn create_batch() -> Vec<Case> {
    let case = |error, prepare| case(carbon::CREATE_BATCH, error, prepare);
    vec![
        case(None, |ledger, _| call(ISSUER, serials(project(ledger), 1, SERIALS))),
        case(None, |ledger, _| call(ISSUER, serials(project(ledger), 1, u128::MAX))),
        case(None, |ledger, _| call(ISSUER, serials(project(ledger), u128::MAX, u128::MAX))),
        case(None, |ledger, _| call(ISSUER, serials(projects(ledger).0, SERIALS + 1, 2 * SERIALS))),
        case(None, |ledger, _| call(ISSUER, serials(projects(ledger).1, SERIALS + 1, 2 * SERIALS))),
        // The same numbers in another class.
        case(None, |ledger, _| {
            projects(ledger);
            call(ISSUER, serials(project(ledger), 1, SERIALS))
        }),
        case(None, |ledger, _| call(ISSUER, (project(ledger), 1u128, 1u128, 0u64, u64::MAX))),
        case(None, |ledger, _| {
            call(TRADER, serials(handed_over(ledger).0, SERIALS + 1, u128::MAX))
        }),
        case(Some("Paused"), |ledger, contract| {
            let project = project(ledger);
            ledger.pause(contract);
            call(ISSUER, serials(project, 1, SERIALS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, serials(0, 0, 0))
        }),
        case(Some("UnknownProject"), |ledger, _| {
            call(ISSUER, serials(project(ledger) + 1, 1, SERIALS))
        }),
        case(Some("UnknownProject"), |_, _| call(STRANGER, serials(0, 0, 0))),
        case(Some("NotIssuer"), |ledger, _| call(TRADER, serials(project(ledger), 1, SERIALS))),
        case(Some("NotIssuer"), |ledger, _| call(REGULATOR, serials(project(ledger), 0, 0))),
        case(Some("NotIssuer"), |ledger, _| {
            call(ISSUER, serials(handed_over(ledger).0, SERIALS + 1, u128::MAX))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let project = project(ledger);
            ledger.silence_participants();
            call(ISSUER, serials(project, 1, SERIALS))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            let project = project(ledger);
            ledger.suspend(ISSUER);
            call(ISSUER, serials(project, 0, 0))
        }),
        case(Some("InvalidRange"), |ledger, _| call(ISSUER, serials(project(ledger), 0, SERIALS))),
        case(Some("InvalidRange"), |ledger, _| call(ISSUER, serials(project(ledger), 2, 1))),
        case(Some("InvalidRange"), |ledger, _| {
            call(ISSUER, (project(ledger), 0u128, 0u128, 0u64, 0u64))
        }),
        case(Some("InvalidVintage"), |ledger, _| {
            call(ISSUER, (project(ledger), 1u128, SERIALS, VINTAGE.0, VINTAGE.0))
        }),
        case(Some("InvalidVintage"), |ledger, _| {
            call(ISSUER, (projects(ledger).0, 1u128, SERIALS, VINTAGE.1, VINTAGE.0))
        }),
        case(Some("SerialsTaken"), |ledger, _| {
            call(ISSUER, serials(projects(ledger).0, SERIALS, 2 * SERIALS))
        }),
        // By another project of the class.
        case(Some("SerialsTaken"), |ledger, _| {
            call(ISSUER, serials(projects(ledger).1, SERIALS, SERIALS))
        }),
        // Numbers that were left out are gone.
        case(Some("SerialsTaken"), |ledger, contract| {
            let project = project(ledger);
            let last = serials(project, SERIALS, SERIALS);
            ledger.done(ISSUER, contract, carbon::CREATE_BATCH, &last);
            call(ISSUER, serials(project, 1, SERIALS - 1))
        }),
        case(Some("TooMany"), |ledger, _| {
            let project = project(ledger);
            recount(ledger, |counts| counts.batches = u64::MAX);
            call(ISSUER, serials(project, 1, SERIALS))
        }),
    ]
}

fn issue() -> Vec<Case> {
    let case = |error, prepare| case(carbon::ISSUE, error, prepare);
    vec![
        case(None, |ledger, _| call(ISSUER, (ledger.batch(), TRADER, UNITS))),
        case(None, |ledger, _| call(ISSUER, (ledger.batch(), ISSUER, SERIALS))),
        case(None, |ledger, _| {
            let batch = ledger.credits(TRADER, SERIALS - 1);
            call(ISSUER, (batch, FACTORY, 1u128))
        }),
        // As many as there can be.
        case(None, |ledger, contract| {
            let all = serials(project(ledger), 1, u128::MAX);
            let batch: u64 = ledger.done(ISSUER, contract, carbon::CREATE_BATCH, &all).value();
            call(ISSUER, (batch, TRADER, u128::MAX))
        }),
        case(None, |ledger, _| call(TRADER, (handed_over(ledger).1, TRADER, UNITS))),
        case(Some("Paused"), |ledger, contract| {
            let batch = ledger.batch();
            ledger.pause(contract);
            call(ISSUER, (batch, TRADER, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, ZERO, 0u128))
        }),
        case(Some("UnknownBatch"), |ledger, _| call(ISSUER, (ledger.batch() + 1, TRADER, UNITS))),
        case(Some("UnknownBatch"), |_, _| call(STRANGER, (0u64, ZERO, 0u128))),
        case(Some("NotIssuer"), |ledger, _| call(TRADER, (ledger.batch(), TRADER, UNITS))),
        case(Some("NotIssuer"), |ledger, _| call(ISSUER, (handed_over(ledger).1, TRADER, UNITS))),
        // Allowances are allocated.
        case(Some("NotIssuer"), |ledger, _| call(REGULATOR, (allowances(ledger), EMITTER, UNITS))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = ledger.batch();
            ledger.silence_participants();
            call(TRADER, (batch, ZERO, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = ledger.batch();
            ledger.silence_participants();
            call(ISSUER, (batch, TRADER, UNITS))
        }),
        case(Some("NotAdmitted"), |ledger, _| call(ISSUER, (ledger.batch(), APPLICANT, UNITS))),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = ledger.batch();
            ledger.suspend(ISSUER);
            call(ISSUER, (batch, TRADER, 0u128))
        }),
        case(Some("ZeroAmount"), |ledger, _| call(ISSUER, (ledger.batch(), TRADER, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| call(ISSUER, (sealed(ledger), TRADER, 0u128))),
        case(Some("BatchSealed"), |ledger, _| call(ISSUER, (sealed(ledger), TRADER, UNITS))),
        case(Some("BatchSealed"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(ISSUER, (sealed(ledger), TRADER, u128::MAX))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(ISSUER, (ledger.batch(), TRADER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(ISSUER, (ledger.batch(), TRADER, u128::MAX))
        }),
        case(Some("RangeExceeded"), |ledger, _| {
            call(ISSUER, (ledger.batch(), TRADER, SERIALS + 1))
        }),
        case(Some("RangeExceeded"), |ledger, _| {
            let batch = ledger.credits(TRADER, SERIALS);
            call(ISSUER, (batch, FACTORY, 1u128))
        }),
        // What was retired is not issued again.
        case(Some("RangeExceeded"), |ledger, contract| {
            let batch = ledger.credits(TRADER, SERIALS);
            ledger.done(TRADER, contract, carbon::RETIRE, &(batch, SERIALS, [1u8; 32], TRADER));
            call(ISSUER, (batch, TRADER, u128::MAX))
        }),
    ]
}

fn seal_batch() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SEAL_BATCH, error, prepare);
    vec![
        case(None, |ledger, _| call(ISSUER, ledger.batch())),
        case(None, |ledger, contract| {
            let batch = ledger.credits(TRADER, SERIALS);
            ledger.pause(contract);
            call(ISSUER, batch)
        }),
        case(None, |ledger, _| call(TRADER, handed_over(ledger).1)),
        case(Some("UnknownBatch"), |ledger, _| call(ISSUER, ledger.batch() + 1)),
        case(Some("UnknownBatch"), |_, _| call(STRANGER, 0u64)),
        case(Some("NotIssuer"), |ledger, _| call(TRADER, ledger.batch())),
        case(Some("NotIssuer"), |ledger, _| call(REGULATOR, allowances(ledger))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = sealed(ledger);
            ledger.silence_participants();
            call(STRANGER, batch)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = ledger.batch();
            ledger.silence_participants();
            call(ISSUER, batch)
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = sealed(ledger);
            ledger.suspend(ISSUER);
            call(ISSUER, batch)
        }),
        case(Some("BatchSealed"), |ledger, _| call(ISSUER, sealed(ledger))),
    ]
}
