//! Emergencies.

use super::super::{Case, call};
use super::{case, lose_participants};
use crate::health::{
    APPLICANT, AUDITOR, HOSPITAL, INSTITUTE, PATIENT, REGULATOR, RELATIVE, REVIEW, Review,
    STRANGER, WINDOW, key, role,
};

/// `Lazy<u64>`: number of the latest window.
const LAST_WINDOW: u32 = 0x636f_0301;

const WHY: [u8; 32] = [0x52; 32];

pub(super) fn cases() -> Vec<Case> {
    [break_glass(), close(), review(), sanction()].concat()
}

fn break_glass() -> Vec<Case> {
    let case = |error, prepare| case("break_glass", error, prepare);
    vec![
        case(None, |_, _| call(HOSPITAL, (PATIENT, WHY))),
        case(None, |health, contract| {
            health.pause(contract);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(None, |health, _| {
            health.break_glass(HOSPITAL, PATIENT);
            call(HOSPITAL, (RELATIVE, WHY))
        }),
        // Again, when the last one is over.
        case(None, |health, _| {
            health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(WINDOW);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(None, |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.done(PATIENT, contract, "close_break_glass", &window);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        // The last moment at which there is a time for the review.
        case(None, |health, _| {
            health.sandbox.advance(u64::MAX - REVIEW - health.sandbox.now());
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            lose_participants(health);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("NotProvider"), |_, _| call(INSTITUTE, (PATIENT, WHY))),
        case(Some("NotProvider"), |_, _| call(STRANGER, (STRANGER, WHY))),
        case(Some("NotProvider"), |health, _| {
            health.suspend(HOSPITAL);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("OwnData"), |_, _| call(HOSPITAL, (HOSPITAL, WHY))),
        case(Some("OwnData"), |health, _| {
            health.set_roles(HOSPITAL, role::PROVIDER | role::DATA_OWNER);
            call(HOSPITAL, (HOSPITAL, WHY))
        }),
        case(Some("PatientNotAdmitted"), |_, _| call(HOSPITAL, (APPLICANT, WHY))),
        case(Some("PatientNotAdmitted"), |_, _| call(HOSPITAL, (INSTITUTE, WHY))),
        case(Some("PatientNotAdmitted"), |health, _| {
            health.suspend(PATIENT);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("WindowOpen"), |health, _| {
            health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(WINDOW - 1);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("TooMany"), |health, contract| {
            health.overwrite(contract, &key(LAST_WINDOW, ()), &u64::MAX);
            call(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("TooMany"), |health, _| {
            health.sandbox.advance(u64::MAX - REVIEW + 1 - health.sandbox.now());
            call(HOSPITAL, (PATIENT, WHY))
        }),
    ]
}

fn close() -> Vec<Case> {
    let case = |error, prepare| case("close_break_glass", error, prepare);
    vec![
        case(None, |health, _| call(HOSPITAL, health.break_glass(HOSPITAL, PATIENT))),
        case(None, |health, _| call(PATIENT, health.break_glass(HOSPITAL, PATIENT))),
        // In its last moment, by whoever is suspended, in a pause.
        case(None, |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.suspend(PATIENT);
            health.pause(contract);
            health.sandbox.advance(WINDOW - 1);
            call(PATIENT, window)
        }),
        case(Some("UnknownWindow"), |health, _| {
            call(HOSPITAL, health.break_glass(HOSPITAL, PATIENT) + 1)
        }),
        case(Some("UnknownWindow"), |health, _| {
            health.break_glass(HOSPITAL, PATIENT);
            call(HOSPITAL, 0u64)
        }),
        case(Some("NotAuthorized"), |health, _| {
            call(AUDITOR, health.break_glass(HOSPITAL, PATIENT))
        }),
        case(Some("WindowClosed"), |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.done(HOSPITAL, contract, "close_break_glass", &window);
            call(PATIENT, window)
        }),
        case(Some("WindowClosed"), |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(WINDOW);
            call(HOSPITAL, window)
        }),
    ]
}

fn review() -> Vec<Case> {
    let case = |error, prepare| case("review_break_glass", error, prepare);
    vec![
        case(None, |health, _| {
            call(AUDITOR, (health.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(None, |health, _| {
            call(AUDITOR, (health.break_glass(HOSPITAL, PATIENT), Review::Unjustified))
        }),
        case(None, |health, _| {
            call(REGULATOR, (health.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        // Late, after the sanction, in a pause.
        case(None, |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(REVIEW);
            health.done(STRANGER, contract, "sanction_overdue", &window);
            health.pause(contract);
            call(AUDITOR, (window, Review::Unjustified))
        }),
        case(Some("UnknownWindow"), |health, _| {
            call(AUDITOR, (health.break_glass(HOSPITAL, PATIENT) + 1, Review::Justified))
        }),
        case(Some("UnknownWindow"), |health, _| {
            lose_participants(health);
            call(AUDITOR, (1u64, Review::Justified))
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.silence_participants();
            call(AUDITOR, (window, Review::Justified))
        }),
        case(Some("NotReviewer"), |health, _| {
            call(RELATIVE, (health.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("NotReviewer"), |health, _| {
            call(HOSPITAL, (health.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("NotReviewer"), |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.suspend(AUDITOR);
            call(AUDITOR, (window, Review::Justified))
        }),
        case(Some("OwnReview"), |health, _| {
            health.set_roles(HOSPITAL, role::PROVIDER | role::AUDITOR);
            call(HOSPITAL, (health.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("OwnReview"), |health, _| {
            health.set_roles(PATIENT, role::DATA_OWNER | role::AUDITOR);
            call(PATIENT, (health.break_glass(HOSPITAL, PATIENT), Review::Unjustified))
        }),
        case(Some("AlreadyReviewed"), |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.done(REGULATOR, contract, "review_break_glass", &(window, Review::Unjustified));
            call(AUDITOR, (window, Review::Justified))
        }),
    ]
}

fn sanction() -> Vec<Case> {
    let case = |error, prepare| case("sanction_overdue", error, prepare);
    vec![
        case(None, |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(REVIEW);
            call(STRANGER, window)
        }),
        // Closed before its time, but not reviewed; in a pause.
        case(None, |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.done(HOSPITAL, contract, "close_break_glass", &window);
            health.sandbox.advance(REVIEW);
            health.pause(contract);
            call(STRANGER, window)
        }),
        case(Some("UnknownWindow"), |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(REVIEW);
            call(STRANGER, window + 1)
        }),
        case(Some("AlreadyReviewed"), |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.done(AUDITOR, contract, "review_break_glass", &(window, Review::Justified));
            health.sandbox.advance(REVIEW);
            call(STRANGER, window)
        }),
        case(Some("NotOverdue"), |health, _| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(REVIEW - 1);
            call(STRANGER, window)
        }),
        case(Some("AlreadySanctioned"), |health, contract| {
            let window = health.break_glass(HOSPITAL, PATIENT);
            health.sandbox.advance(REVIEW);
            health.done(STRANGER, contract, "sanction_overdue", &window);
            call(STRANGER, window)
        }),
    ]
}
