//! What becomes of a version: countersigned, revoked.

use assent_interface::reports;

use super::super::{Call, Case, call};
use super::{case, lose_participants};
use crate::Account;
use crate::ledger::{Chained as _, HOSPITAL, Hash, Ledger, PATIENT, RELATIVE, STRANGER, report};

const REASON: [u8; 32] = [0x43; 32];

pub(super) fn cases() -> Vec<Case> {
    [revoke(), countersign()].concat()
}

fn revoke() -> Vec<Case> {
    let case = |error, prepare| case(reports::REVOKE, error, prepare);
    vec![
        case(None, |ledger, _| revoked(ledger, HOSPITAL, report().series, 1)),
        // An earlier version, by whoever is suspended, in a pause.
        case(None, |ledger, contract| {
            ledger.anchor(&report());
            ledger.done(HOSPITAL, contract, reports::SUPERSEDE, &report().next());
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            call(HOSPITAL, (report().series, 1u32, REASON))
        }),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, report().series, 0)),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, report().series, 2)),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, [7; 32], 1)),
        case(Some("NotSeriesOwner"), |ledger, _| revoked(ledger, PATIENT, report().series, 1)),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.done(HOSPITAL, contract, reports::REVOKE, &(report().series, 1u32, REASON));
            call(HOSPITAL, (report().series, 1u32, REASON))
        }),
    ]
}

fn countersign() -> Vec<Case> {
    let case = |error, prepare| case(reports::COUNTERSIGN, error, prepare);
    vec![
        case(None, |ledger, _| signed(ledger, PATIENT)),
        case(None, |ledger, contract| {
            let signature = (report().series, 1u32, report().head());
            let call = signed(ledger, HOSPITAL);
            ledger.done(PATIENT, contract, reports::COUNTERSIGN, &signature);
            call
        }),
        // A version that was corrected still stands.
        case(None, |ledger, contract| {
            let call = signed(ledger, PATIENT);
            ledger.done(HOSPITAL, contract, reports::SUPERSEDE, &report().next());
            call
        }),
        case(Some("Paused"), |ledger, contract| {
            let call = signed(ledger, PATIENT);
            ledger.pause(contract);
            call
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(PATIENT, (report().series, 1u32, report().head()))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let call = signed(ledger, PATIENT);
            ledger.silence_participants();
            call
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.leave(PATIENT);
            signed(ledger, PATIENT)
        }),
        case(Some("NotAdmitted"), |ledger, _| signed(ledger, STRANGER)),
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            call(PATIENT, (report().series, 2u32, report().next().head()))
        }),
        case(Some("UnknownVersion"), |_, _| {
            call(PATIENT, (report().series, 1u32, report().head()))
        }),
        // Another head than the one that he saw.
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            call(PATIENT, (report().series, 1u32, report().next().head()))
        }),
        case(Some("NotParty"), |ledger, _| signed(ledger, RELATIVE)),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let call = signed(ledger, PATIENT);
            ledger.done(HOSPITAL, contract, reports::REVOKE, &(report().series, 1u32, REASON));
            call
        }),
        case(Some("AlreadySigned"), |ledger, contract| {
            let signature = (report().series, 1u32, report().head());
            let call = signed(ledger, PATIENT);
            ledger.done(PATIENT, contract, reports::COUNTERSIGN, &signature);
            call
        }),
    ]
}

/// `caller` revokes a version, in a deployment where the hospital anchored the first one of
/// [`report`].
fn revoked(ledger: &mut Ledger, caller: Account, series: Hash, sequence: u32) -> Call {
    ledger.anchor(&report());
    call(caller, (series, sequence, REASON))
}

/// `caller` signs for the first version of [`report`].
fn signed(ledger: &mut Ledger, caller: Account) -> Call {
    ledger.anchor(&report());
    call(caller, (report().series, 1u32, report().head()))
}
