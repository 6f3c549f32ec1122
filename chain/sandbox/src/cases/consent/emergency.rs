//! Emergencies.

use assent_interface::{consent, power};

use super::super::{Case, call, own};
use super::{case, lose_participants};
use crate::ledger::{
    APPLICANT, AUDITOR, COOLDOWN, HOSPITAL, INSTITUTE, Ledger, PATIENT, REGULATOR, RELATIVE,
    REVIEW, Review, STRANGER, WINDOW, key, role,
};

/// `Lazy<u64>`: number of the latest window.
const LAST_WINDOW: u32 = 0x636f_0301;

const WHY: [u8; 32] = [0x52; 32];

pub(super) fn cases() -> Vec<Case> {
    [break_glass(), close(), review(), lift_bar(), sanction()].concat()
}

fn break_glass() -> Vec<Case> {
    let case = |error, prepare| case(consent::BREAK_GLASS, error, prepare);
    vec![
        case(None, |_, _| own(HOSPITAL, (PATIENT, WHY))),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(None, |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            own(HOSPITAL, (RELATIVE, WHY))
        }),
        // Again, when the last one is over.
        case(None, |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(WINDOW);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        // At once when he closed it himself, and after some time when the patient did.
        case(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.done(HOSPITAL, contract, consent::CLOSE_BREAK_GLASS, &window);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(None, |ledger, _| {
            closed_by_patient(ledger);
            ledger.sandbox.advance(COOLDOWN);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        // Another patient's does not wait.
        case(None, |ledger, _| {
            closed_by_patient(ledger);
            own(HOSPITAL, (RELATIVE, WHY))
        }),
        case(None, |ledger, contract| {
            barred(ledger);
            ledger.done(REGULATOR, contract, consent::LIFT_BAR, &HOSPITAL);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("EmergencyRefused"), |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            ledger.refuse_emergencies(PATIENT);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        // The last moment at which there is a time for the review.
        case(None, |ledger, _| {
            ledger.sandbox.advance(u64::MAX - REVIEW - ledger.sandbox.now());
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::BREAK_GLASS);
            call(STRANGER, (HOSPITAL, PATIENT, WHY))
        }),
        // Another key than the one that is barred.
        case(None, |ledger, _| {
            barred(ledger);
            ledger.admit_member(HOSPITAL, STRANGER, power::BREAK_GLASS);
            call(STRANGER, (HOSPITAL, PATIENT, WHY))
        }),
        case(Some("NotAuthorized"), |_, _| call(STRANGER, (HOSPITAL, PATIENT, WHY))),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(INSTITUTE, STRANGER, power::ALL & !power::BREAK_GLASS);
            call(STRANGER, (INSTITUTE, PATIENT, WHY))
        }),
        case(Some("OwnData"), |ledger, _| {
            ledger.admit_member(HOSPITAL, PATIENT, power::BREAK_GLASS);
            call(PATIENT, (HOSPITAL, PATIENT, WHY))
        }),
        case(Some("NotProvider"), |_, _| own(INSTITUTE, (PATIENT, WHY))),
        case(Some("NotProvider"), |_, _| own(STRANGER, (STRANGER, WHY))),
        case(Some("NotProvider"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("OwnData"), |_, _| own(HOSPITAL, (HOSPITAL, WHY))),
        case(Some("OwnData"), |ledger, _| {
            ledger.set_roles(HOSPITAL, role::PROVIDER | role::DATA_OWNER);
            own(HOSPITAL, (HOSPITAL, WHY))
        }),
        case(Some("PatientNotAdmitted"), |_, _| own(HOSPITAL, (APPLICANT, WHY))),
        case(Some("PatientNotAdmitted"), |_, _| own(HOSPITAL, (INSTITUTE, WHY))),
        case(Some("PatientNotAdmitted"), |ledger, _| {
            ledger.leave(PATIENT);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("WindowOpen"), |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(WINDOW - 1);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("Barred"), |ledger, _| {
            barred(ledger);
            own(HOSPITAL, (RELATIVE, WHY))
        }),
        case(Some("CoolingDown"), |ledger, _| {
            closed_by_patient(ledger);
            ledger.sandbox.advance(COOLDOWN - 1);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(LAST_WINDOW, ()), &u64::MAX);
            own(HOSPITAL, (PATIENT, WHY))
        }),
        case(Some("TooMany"), |ledger, _| {
            ledger.sandbox.advance(u64::MAX - REVIEW + 1 - ledger.sandbox.now());
            own(HOSPITAL, (PATIENT, WHY))
        }),
    ]
}

fn close() -> Vec<Case> {
    let case = |error, prepare| case(consent::CLOSE_BREAK_GLASS, error, prepare);
    vec![
        case(None, |ledger, _| call(HOSPITAL, ledger.break_glass(HOSPITAL, PATIENT))),
        case(None, |ledger, _| call(PATIENT, ledger.break_glass(HOSPITAL, PATIENT))),
        // In its last moment, by whoever is suspended, in a pause.
        case(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.leave(PATIENT);
            ledger.pause(contract);
            ledger.sandbox.advance(WINDOW - 1);
            call(PATIENT, window)
        }),
        // By one of the staff, whoever opened it.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::BREAK_GLASS);
            call(STRANGER, ledger.break_glass(HOSPITAL, PATIENT))
        }),
        // The two whose it is ask nobody.
        case(None, |ledger, _| {
            let window =
                ledger.silence_participants_after(|ledger| ledger.break_glass(HOSPITAL, PATIENT));
            call(PATIENT, window)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let window =
                ledger.silence_participants_after(|ledger| ledger.break_glass(HOSPITAL, PATIENT));
            call(STRANGER, window)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::BREAK_GLASS);
            call(STRANGER, ledger.break_glass(HOSPITAL, PATIENT))
        }),
        case(Some("UnknownWindow"), |ledger, _| {
            call(HOSPITAL, ledger.break_glass(HOSPITAL, PATIENT) + 1)
        }),
        case(Some("UnknownWindow"), |ledger, _| {
            ledger.break_glass(HOSPITAL, PATIENT);
            call(HOSPITAL, 0u64)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            call(AUDITOR, ledger.break_glass(HOSPITAL, PATIENT))
        }),
        case(Some("WindowClosed"), |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.done(HOSPITAL, contract, consent::CLOSE_BREAK_GLASS, &window);
            call(PATIENT, window)
        }),
        case(Some("WindowClosed"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(WINDOW);
            call(HOSPITAL, window)
        }),
    ]
}

fn review() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVIEW_BREAK_GLASS, error, prepare);
    vec![
        // Justified when it is over, or closed.
        case(None, |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(WINDOW);
            call(AUDITOR, (window, Review::Justified))
        }),
        case(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.done(HOSPITAL, contract, consent::CLOSE_BREAK_GLASS, &window);
            call(REGULATOR, (window, Review::Justified))
        }),
        // Unjustified at any time: it ends.
        case(None, |ledger, _| {
            call(AUDITOR, (ledger.break_glass(HOSPITAL, PATIENT), Review::Unjustified))
        }),
        // Late, after the sanction, in a pause.
        case(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW);
            ledger.done(STRANGER, contract, consent::SANCTION_OVERDUE, &window);
            ledger.pause(contract);
            call(AUDITOR, (window, Review::Unjustified))
        }),
        case(Some("UnknownWindow"), |ledger, _| {
            call(AUDITOR, (ledger.break_glass(HOSPITAL, PATIENT) + 1, Review::Justified))
        }),
        case(Some("UnknownWindow"), |ledger, _| {
            lose_participants(ledger);
            call(AUDITOR, (1u64, Review::Justified))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.silence_participants();
            call(AUDITOR, (window, Review::Justified))
        }),
        case(Some("NotReviewer"), |ledger, _| {
            call(RELATIVE, (ledger.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("NotReviewer"), |ledger, _| {
            call(HOSPITAL, (ledger.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("NotReviewer"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (window, Review::Justified))
        }),
        case(Some("OwnReview"), |ledger, _| {
            ledger.set_roles(HOSPITAL, role::PROVIDER | role::AUDITOR);
            call(HOSPITAL, (ledger.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("OwnReview"), |ledger, _| {
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::AUDITOR);
            call(PATIENT, (ledger.break_glass(HOSPITAL, PATIENT), Review::Unjustified))
        }),
        // One who acts for the provider in anything.
        case(Some("OwnReview"), |ledger, _| {
            ledger.admit_member(HOSPITAL, AUDITOR, power::SIGN);
            call(AUDITOR, (ledger.break_glass(HOSPITAL, PATIENT), Review::Justified))
        }),
        case(Some("AlreadyReviewed"), |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            let review = (window, Review::Unjustified);
            ledger.done(REGULATOR, contract, consent::REVIEW_BREAK_GLASS, &review);
            call(AUDITOR, (window, Review::Justified))
        }),
        // A review covers all its accesses.
        case(Some("WindowOpen"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(WINDOW - 1);
            call(AUDITOR, (window, Review::Justified))
        }),
    ]
}

fn lift_bar() -> Vec<Case> {
    let case = |error, prepare| case(consent::LIFT_BAR, error, prepare);
    vec![
        case(None, |ledger, _| {
            barred(ledger);
            call(REGULATOR, HOSPITAL)
        }),
        // In a pause, and whoever is suspended.
        case(None, |ledger, contract| {
            barred(ledger);
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            barred(ledger);
            ledger.silence_participants();
            call(REGULATOR, HOSPITAL)
        }),
        case(Some("NotRegulator"), |ledger, _| {
            barred(ledger);
            call(AUDITOR, HOSPITAL)
        }),
        case(Some("NotRegulator"), |ledger, _| {
            barred(ledger);
            call(HOSPITAL, HOSPITAL)
        }),
        case(Some("NotBarred"), |ledger, _| {
            barred(ledger);
            call(REGULATOR, INSTITUTE)
        }),
        case(Some("NotBarred"), |ledger, contract| {
            barred(ledger);
            ledger.done(REGULATOR, contract, consent::LIFT_BAR, &HOSPITAL);
            call(REGULATOR, HOSPITAL)
        }),
        case(Some("OwnBar"), |ledger, _| {
            barred(ledger);
            ledger.set_roles(HOSPITAL, role::PROVIDER | role::REGULATOR);
            call(HOSPITAL, HOSPITAL)
        }),
    ]
}

fn sanction() -> Vec<Case> {
    let case = |error, prepare| case(consent::SANCTION_OVERDUE, error, prepare);
    vec![
        case(None, |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW);
            call(STRANGER, window)
        }),
        // Closed before its time, but not reviewed; in a pause.
        case(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.done(HOSPITAL, contract, consent::CLOSE_BREAK_GLASS, &window);
            ledger.sandbox.advance(REVIEW);
            ledger.pause(contract);
            call(STRANGER, window)
        }),
        case(Some("UnknownWindow"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW);
            call(STRANGER, window + 1)
        }),
        case(Some("AlreadyReviewed"), |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW);
            let review = (window, Review::Justified);
            ledger.done(AUDITOR, contract, consent::REVIEW_BREAK_GLASS, &review);
            call(STRANGER, window)
        }),
        case(Some("NotOverdue"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW - 1);
            call(STRANGER, window)
        }),
        case(Some("AlreadySanctioned"), |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.sandbox.advance(REVIEW);
            ledger.done(STRANGER, contract, consent::SANCTION_OVERDUE, &window);
            call(STRANGER, window)
        }),
    ]
}

/// The patient closed a window of the hospital's.
fn closed_by_patient(ledger: &mut Ledger) {
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    ledger.done(PATIENT, "consent", consent::CLOSE_BREAK_GLASS, &window);
}

/// The hospital may not break the glass: it did so without need.
fn barred(ledger: &mut Ledger) {
    let window = ledger.break_glass(HOSPITAL, PATIENT);
    let review = (window, Review::Unjustified);
    ledger.done(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review);
}
