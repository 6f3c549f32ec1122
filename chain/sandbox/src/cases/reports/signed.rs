//! What becomes of a version: countersigned, revoked.

use assent_interface::{power, reports};

use super::super::{Call, Case, call, own};
use super::{case, lose_participants};
use crate::Account;
use crate::ledger::{
    HOSPITAL, Hash, Ledger, NewVersion, PATIENT, RELATIVE, STRANGER, report, role,
};

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
            let second = ledger.following(HOSPITAL, &report());
            ledger.done(HOSPITAL, contract, reports::SUPERSEDE, &(HOSPITAL, second));
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            own(HOSPITAL, (report().series, 1u32, REASON))
        }),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, report().series, 0)),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, report().series, 2)),
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, HOSPITAL, [7; 32], 1)),
        // By one of the staff; the owner asks nobody.
        case(None, |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, STRANGER, power::ANCHOR);
            call(STRANGER, (HOSPITAL, report().series, 1u32, REASON))
        }),
        case(None, |ledger, _| {
            let call = revoked(ledger, HOSPITAL, report().series, 1);
            ledger.silence_participants();
            call
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.anchor(&report());
            ledger.silence_participants();
            call(STRANGER, (HOSPITAL, report().series, 1u32, REASON))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::ANCHOR);
            call(STRANGER, (HOSPITAL, report().series, 1u32, REASON))
        }),
        // By a guardian of the owner, for one who has left.
        case(None, |ledger, contract| {
            ledger.done(PATIENT, contract, reports::ANCHOR, &(PATIENT, report()));
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.leave(PATIENT);
            call(STRANGER, (PATIENT, report().series, 1u32, REASON))
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            let other = NewVersion { patient: None, ..report() };
            ledger.done(PATIENT, contract, reports::ANCHOR, &(PATIENT, other));
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, report().series, 1u32, REASON))
        }),
        // It is another's.
        case(Some("UnknownVersion"), |ledger, _| revoked(ledger, PATIENT, report().series, 1)),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.done(
                HOSPITAL,
                contract,
                reports::REVOKE,
                &(HOSPITAL, report().series, 1u32, REASON),
            );
            own(HOSPITAL, (report().series, 1u32, REASON))
        }),
    ]
}

fn countersign() -> Vec<Case> {
    let case = |error, prepare| case(reports::COUNTERSIGN, error, prepare);
    vec![
        case(None, |ledger, _| signed(ledger, PATIENT)),
        case(None, |ledger, contract| {
            let signature = signature(ledger);
            let call = signed(ledger, HOSPITAL);
            ledger.done(PATIENT, contract, reports::COUNTERSIGN, &(PATIENT, signature));
            call
        }),
        // A version that was corrected still stands.
        case(None, |ledger, contract| {
            let call = signed(ledger, PATIENT);
            let second = ledger.following(HOSPITAL, &report());
            ledger.done(HOSPITAL, contract, reports::SUPERSEDE, &(HOSPITAL, second));
            call
        }),
        case(Some("Paused"), |ledger, contract| {
            let call = signed(ledger, PATIENT);
            ledger.pause(contract);
            call
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            let signature = signature(ledger);
            own(PATIENT, signature)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let call = signed(ledger, PATIENT);
            ledger.silence_participants();
            call
        }),
        case(None, |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            let signature = signature(ledger);
            call(STRANGER, (HOSPITAL, signature))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::SIGN);
            let signature = signature(ledger);
            call(STRANGER, (HOSPITAL, signature))
        }),
        // A guardian signs for a patient, and not for a doctor, who answers for it himself.
        case(None, |ledger, _| {
            ledger.anchor(&report());
            ledger.appoint_guardian(PATIENT, STRANGER);
            let signature = signature(ledger);
            call(STRANGER, (PATIENT, signature))
        }),
        case(Some("NotParty"), |ledger, _| {
            ledger.anchor(&report());
            ledger.set_roles(HOSPITAL, role::PROVIDER | role::DATA_OWNER);
            ledger.appoint_guardian(HOSPITAL, STRANGER);
            let signature = signature(ledger);
            call(STRANGER, (HOSPITAL, signature))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.anchor(&report());
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            let signature = signature(ledger);
            call(STRANGER, (PATIENT, signature))
        }),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.leave(PATIENT);
            signed(ledger, PATIENT)
        }),
        case(Some("NotAdmitted"), |ledger, _| signed(ledger, STRANGER)),
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            let second = ledger.following(HOSPITAL, &report());
            let head = ledger.head(HOSPITAL, &second);
            own(PATIENT, (HOSPITAL, report().series, 2u32, head))
        }),
        case(Some("UnknownVersion"), |ledger, _| {
            let signature = signature(ledger);
            own(PATIENT, signature)
        }),
        // The series of this name is another's.
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            let head = ledger.head(HOSPITAL, &report());
            own(PATIENT, (RELATIVE, report().series, 1u32, head))
        }),
        // Another head than the one that he saw.
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            let second = ledger.following(HOSPITAL, &report());
            let head = ledger.head(HOSPITAL, &second);
            own(PATIENT, (HOSPITAL, report().series, 1u32, head))
        }),
        case(Some("NotParty"), |ledger, _| signed(ledger, RELATIVE)),
        // It is about nobody.
        case(Some("NotParty"), |ledger, _| {
            let nobodys = NewVersion { patient: None, ..report() };
            ledger.anchor(&nobodys);
            let head = ledger.head(HOSPITAL, &nobodys);
            own(PATIENT, (HOSPITAL, report().series, 1u32, head))
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let call = signed(ledger, PATIENT);
            ledger.done(
                HOSPITAL,
                contract,
                reports::REVOKE,
                &(HOSPITAL, report().series, 1u32, REASON),
            );
            call
        }),
        case(Some("AlreadySigned"), |ledger, contract| {
            let signature = signature(ledger);
            let call = signed(ledger, PATIENT);
            ledger.done(PATIENT, contract, reports::COUNTERSIGN, &(PATIENT, signature));
            call
        }),
    ]
}

/// `caller` revokes a version, in a deployment where the hospital anchored the first one of
/// [`report`].
fn revoked(ledger: &mut Ledger, caller: Account, series: Hash, sequence: u32) -> Call {
    ledger.anchor(&report());
    own(caller, (series, sequence, REASON))
}

/// `caller` signs for the first version of [`report`].
fn signed(ledger: &mut Ledger, caller: Account) -> Call {
    ledger.anchor(&report());
    let signature = signature(ledger);
    own(caller, signature)
}

/// What is signed of the first version of [`report`]: whose it is, its series, number and head.
fn signature(ledger: &Ledger) -> (Account, Hash, u32, Hash) {
    (HOSPITAL, report().series, 1, ledger.head(HOSPITAL, &report()))
}
