//! What becomes of a version: countersigned, revoked.

use super::super::{Call, Case, call};
use super::{case, lose_participants};
use crate::Account;
use crate::health::{HOSPITAL, Hash, Health, PATIENT, RELATIVE, STRANGER, report};

const REASON: [u8; 32] = [0x43; 32];

pub(super) fn cases() -> Vec<Case> {
    [revoke(), countersign()].concat()
}

fn revoke() -> Vec<Case> {
    let case = |error, prepare| case("revoke", error, prepare);
    vec![
        case(None, |health, _| revoked(health, HOSPITAL, report().series, 1)),
        // An earlier version, by whoever is suspended, in a pause.
        case(None, |health, contract| {
            health.anchor(&report());
            health.done(HOSPITAL, contract, "supersede", &report().next());
            health.suspend(HOSPITAL);
            health.pause(contract);
            call(HOSPITAL, (report().series, 1u32, REASON))
        }),
        case(Some("UnknownVersion"), |health, _| revoked(health, HOSPITAL, report().series, 0)),
        case(Some("UnknownVersion"), |health, _| revoked(health, HOSPITAL, report().series, 2)),
        case(Some("UnknownVersion"), |health, _| revoked(health, HOSPITAL, [7; 32], 1)),
        case(Some("NotSeriesOwner"), |health, _| revoked(health, PATIENT, report().series, 1)),
        case(Some("AlreadyRevoked"), |health, contract| {
            health.anchor(&report());
            health.done(HOSPITAL, contract, "revoke", &(report().series, 1u32, REASON));
            call(HOSPITAL, (report().series, 1u32, REASON))
        }),
    ]
}

fn countersign() -> Vec<Case> {
    let case = |error, prepare| case("countersign", error, prepare);
    vec![
        case(None, |health, _| signed(health, PATIENT)),
        case(None, |health, contract| {
            let signature = (report().series, 1u32, report().head());
            let call = signed(health, HOSPITAL);
            health.done(PATIENT, contract, "countersign", &signature);
            call
        }),
        // A version that was corrected still stands.
        case(None, |health, contract| {
            let call = signed(health, PATIENT);
            health.done(HOSPITAL, contract, "supersede", &report().next());
            call
        }),
        case(Some("Paused"), |health, contract| {
            let call = signed(health, PATIENT);
            health.pause(contract);
            call
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            lose_participants(health);
            call(PATIENT, (report().series, 1u32, report().head()))
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            let call = signed(health, PATIENT);
            health.silence_participants();
            call
        }),
        case(Some("NotAdmitted"), |health, _| {
            health.suspend(PATIENT);
            signed(health, PATIENT)
        }),
        case(Some("NotAdmitted"), |health, _| signed(health, STRANGER)),
        case(Some("UnknownVersion"), |health, _| {
            health.anchor(&report());
            call(PATIENT, (report().series, 2u32, report().next().head()))
        }),
        case(Some("UnknownVersion"), |_, _| {
            call(PATIENT, (report().series, 1u32, report().head()))
        }),
        // Another head than the one that he saw.
        case(Some("UnknownVersion"), |health, _| {
            health.anchor(&report());
            call(PATIENT, (report().series, 1u32, report().next().head()))
        }),
        case(Some("NotParty"), |health, _| signed(health, RELATIVE)),
        case(Some("AlreadyRevoked"), |health, contract| {
            let call = signed(health, PATIENT);
            health.done(HOSPITAL, contract, "revoke", &(report().series, 1u32, REASON));
            call
        }),
        case(Some("AlreadySigned"), |health, contract| {
            let signature = (report().series, 1u32, report().head());
            let call = signed(health, PATIENT);
            health.done(PATIENT, contract, "countersign", &signature);
            call
        }),
    ]
}

/// `caller` revokes a version, in a deployment where the hospital anchored the first one of
/// [`report`].
fn revoked(health: &mut Health, caller: Account, series: Hash, sequence: u32) -> Call {
    health.anchor(&report());
    call(caller, (series, sequence, REASON))
}

/// `caller` signs for the first version of [`report`].
fn signed(health: &mut Health, caller: Account) -> Call {
    health.anchor(&report());
    call(caller, (report().series, 1u32, report().head()))
}
