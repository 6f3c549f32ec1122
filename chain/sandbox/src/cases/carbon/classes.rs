//! Classes with their issuers, and projects.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{ZERO, appoint, case, lose_participants, recount};
use crate::ledger::{
    APPLICANT, AUDITOR, FACTORY, Hash, ISSUER, Ledger, REGULATOR, STRANGER, TRADER,
};

/// The class of allowances.
const ALLOWANCES: u64 = 1;

const METADATA: Hash = [0x72; 32];

pub(super) fn cases() -> Vec<Case> {
    [create_class(), set_issuer(), create_project()].concat()
}

/// The trader issues in a class from now on, and no longer [`ISSUER`]; gives its number.
fn hand_over(ledger: &mut Ledger) -> u64 {
    let class = ledger.class();
    ledger.done(REGULATOR, "carbon", carbon::SET_ISSUER, &(class, TRADER));
    class
}

fn create_class() -> Vec<Case> {
    let case = |error, prepare| case(carbon::CREATE_CLASS, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (ISSUER, METADATA))),
        case(None, |ledger, _| {
            ledger.class();
            call(REGULATOR, (ISSUER, [0u8; 32]))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (AUDITOR, METADATA))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (ISSUER, METADATA))
        }),
        case(Some("Paused"), |ledger, contract| {
            lose_participants(ledger);
            ledger.pause(contract);
            call(STRANGER, (ZERO, METADATA))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(REGULATOR, (ISSUER, METADATA))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (ZERO, METADATA))
        }),
        case(Some("NotRegulator"), |_, _| call(ISSUER, (ISSUER, METADATA))),
        case(Some("NotRegulator"), |_, _| call(STRANGER, (APPLICANT, METADATA))),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (ISSUER, METADATA))
        }),
        case(Some("NotAdmitted"), |_, _| call(REGULATOR, (APPLICANT, METADATA))),
        case(Some("NotAdmitted"), |_, _| call(REGULATOR, (ZERO, METADATA))),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.suspend(ISSUER);
            call(REGULATOR, (ISSUER, METADATA))
        }),
        case(Some("TooMany"), |ledger, _| {
            recount(ledger, |counts| counts.classes = u64::MAX);
            call(REGULATOR, (ISSUER, METADATA))
        }),
    ]
}

fn set_issuer() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SET_ISSUER, error, prepare);
    vec![
        case(None, |ledger, _| call(REGULATOR, (ledger.class(), TRADER))),
        // Back again, and of one who is suspended.
        case(None, |ledger, _| {
            let class = hand_over(ledger);
            ledger.suspend(TRADER);
            call(REGULATOR, (class, ISSUER))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (ledger.class(), AUDITOR))
        }),
        case(Some("Paused"), |ledger, contract| {
            let class = ledger.class();
            ledger.pause(contract);
            call(REGULATOR, (class, TRADER))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let class = ledger.class();
            ledger.silence_participants();
            call(REGULATOR, (class, TRADER))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(STRANGER, (ALLOWANCES, TRADER))
        }),
        case(Some("NotRegulator"), |ledger, _| call(ISSUER, (ledger.class(), TRADER))),
        case(Some("NotRegulator"), |_, _| call(STRANGER, (0u64, TRADER))),
        case(Some("UnknownClass"), |_, _| call(REGULATOR, (0u64, TRADER))),
        case(Some("UnknownClass"), |ledger, _| call(REGULATOR, (ledger.class() + 1, APPLICANT))),
        case(Some("AllowanceClass"), |_, _| call(REGULATOR, (ALLOWANCES, ISSUER))),
        case(Some("AllowanceClass"), |_, _| call(REGULATOR, (ALLOWANCES, APPLICANT))),
        case(Some("AlreadyIssuer"), |ledger, _| call(REGULATOR, (ledger.class(), ISSUER))),
        case(Some("AlreadyIssuer"), |ledger, _| {
            let class = ledger.class();
            ledger.suspend(ISSUER);
            call(REGULATOR, (class, ISSUER))
        }),
        case(Some("NotAdmitted"), |ledger, _| call(REGULATOR, (ledger.class(), APPLICANT))),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.suspend(TRADER);
            call(REGULATOR, (ledger.class(), TRADER))
        }),
    ]
}

fn create_project() -> Vec<Case> {
    let case = |error, prepare| case(carbon::CREATE_PROJECT, error, prepare);
    vec![
        case(None, |ledger, _| call(ISSUER, (ledger.class(), FACTORY, METADATA))),
        case(None, |ledger, _| {
            let class = ledger.class();
            ledger.project(class);
            call(ISSUER, (class, ISSUER, METADATA))
        }),
        case(None, |ledger, _| call(TRADER, (hand_over(ledger), FACTORY, METADATA))),
        case(Some("Paused"), |ledger, contract| {
            let class = ledger.class();
            ledger.pause(contract);
            call(ISSUER, (class, FACTORY, METADATA))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, ZERO, METADATA))
        }),
        case(Some("UnknownClass"), |ledger, _| {
            call(ISSUER, (ledger.class() + 1, FACTORY, METADATA))
        }),
        case(Some("UnknownClass"), |_, _| call(STRANGER, (0u64, ZERO, METADATA))),
        case(Some("NotIssuer"), |ledger, _| call(TRADER, (ledger.class(), FACTORY, METADATA))),
        case(Some("NotIssuer"), |ledger, _| call(ISSUER, (hand_over(ledger), FACTORY, METADATA))),
        // There is nobody who issues allowances like this.
        case(Some("NotIssuer"), |_, _| call(REGULATOR, (ALLOWANCES, FACTORY, METADATA))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let class = ledger.class();
            ledger.silence_participants();
            call(TRADER, (class, APPLICANT, METADATA))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let class = ledger.class();
            ledger.silence_participants();
            call(ISSUER, (class, FACTORY, METADATA))
        }),
        case(Some("NotAdmitted"), |ledger, _| call(ISSUER, (ledger.class(), APPLICANT, METADATA))),
        case(Some("NotAdmitted"), |ledger, _| {
            let class = ledger.class();
            ledger.suspend(ISSUER);
            call(ISSUER, (class, FACTORY, METADATA))
        }),
        case(Some("TooMany"), |ledger, _| {
            let class = ledger.class();
            recount(ledger, |counts| counts.projects = u64::MAX);
            call(ISSUER, (class, FACTORY, METADATA))
        }),
    ]
}
