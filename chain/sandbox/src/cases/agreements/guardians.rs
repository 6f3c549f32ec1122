//! What a guardian answers and asks for his ward, the patient: a key that is no participant.

use assent_interface::{agreements, consent, power};

use super::super::{Case, call, own};
use super::{REASON, case, declined, lose_participants, proposed};
use crate::ledger::{
    EVIDENCE, EXPIRES, HOSPITAL, Ledger, PATIENT, RELATIVE, STRANGER, Terms, terms,
};

/// The newest grant that lives.
const NEWEST: Option<u64> = None;
/// The data are erased.
const ERASED: Option<u64> = None;

pub(super) fn cases() -> Vec<Case> {
    [propose(), accept(), decline(), request(), answer()].concat()
}

/// The hospital proposed [`terms`], and the guardian granted them.
fn granted(ledger: &mut Ledger) {
    proposed(ledger);
    ledger.appoint_guardian(PATIENT, STRANGER);
    ledger.done(STRANGER, "consent", consent::GRANT, &terms());
}

fn propose() -> Vec<Case> {
    let case = |error, prepare| case(agreements::PROPOSE, error, prepare);
    vec![
        // Who answers for the owner does not propose: for himself, nor as one of the staff.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, (terms(), EXPIRES))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (terms(), EXPIRES))
        }),
        // To another than his ward he does.
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, (Terms { owner: RELATIVE, ..terms() }, EXPIRES))
        }),
    ]
}

fn accept() -> Vec<Case> {
    let case = |error, prepare| case(agreements::ACCEPT, error, prepare);
    vec![
        case(None, |ledger, _| {
            granted(ledger);
            call(STRANGER, (1u64, NEWEST))
        }),
        // What the owner granted himself; and he what a guardian did.
        case(None, |ledger, _| {
            proposed(ledger);
            ledger.grant(terms());
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (1u64, NEWEST))
        }),
        case(None, |ledger, _| {
            granted(ledger);
            call(PATIENT, (1u64, NEWEST))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            granted(ledger);
            ledger.silence_participants();
            call(STRANGER, (1u64, NEWEST))
        }),
        // Whoever made it before he became a guardian, in whichever name.
        case(Some("NotOwner"), |ledger, _| {
            granted(ledger);
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, (1u64, NEWEST))
        }),
        case(Some("NotOwner"), |ledger, contract| {
            ledger.admit_member(HOSPITAL, RELATIVE, power::SIGN);
            ledger.done(RELATIVE, contract, agreements::PROPOSE, &(terms(), EXPIRES));
            ledger.grant(terms());
            ledger.appoint_guardian(PATIENT, RELATIVE);
            call(RELATIVE, (1u64, NEWEST))
        }),
        // Nor one of the staff that could have.
        case(Some("NotOwner"), |ledger, _| {
            granted(ledger);
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            call(STRANGER, (1u64, NEWEST))
        }),
        case(Some("NotOwner"), |ledger, _| {
            granted(ledger);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, (1u64, NEWEST))
        }),
        // The grant ended with its guardianship; and nobody says whether it did.
        case(Some("NotGranted"), |ledger, _| {
            granted(ledger);
            ledger.appoint_guardian(PATIENT, RELATIVE);
            ledger.dismiss_guardian(PATIENT, RELATIVE);
            call(STRANGER, (1u64, NEWEST))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            granted(ledger);
            ledger.silence_participants();
            call(PATIENT, (1u64, NEWEST))
        }),
    ]
}

fn decline() -> Vec<Case> {
    let case = |error, prepare| case(agreements::DECLINE, error, prepare);
    vec![
        case(None, |ledger, contract| {
            granted(ledger);
            ledger.pause(contract);
            call(STRANGER, (1u64, REASON))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            granted(ledger);
            ledger.silence_participants();
            call(STRANGER, (1u64, REASON))
        }),
        case(Some("NotOwner"), |ledger, _| {
            granted(ledger);
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, (1u64, REASON))
        }),
        case(Some("ProposalClosed"), |ledger, contract| {
            declined(ledger, contract);
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (1u64, REASON))
        }),
    ]
}

fn request() -> Vec<Case> {
    let case = |error, prepare| case(agreements::REQUEST_ERASURE, error, prepare);
    vec![
        // For one who has left.
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.leave(PATIENT);
            call(STRANGER, (PATIENT, HOSPITAL))
        }),
        // What a guardian granted ended with its guardianship.
        case(None, |ledger, _| {
            granted(ledger);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            own(PATIENT, HOSPITAL)
        }),
        // Nobody asks himself, also for his ward.
        case(Some("SelfErasure"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, (PATIENT, HOSPITAL))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(STRANGER, (PATIENT, HOSPITAL))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (PATIENT, HOSPITAL))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, HOSPITAL))
        }),
        case(Some("GrantLive"), |ledger, _| {
            granted(ledger);
            call(STRANGER, (PATIENT, HOSPITAL))
        }),
    ]
}

fn answer() -> Vec<Case> {
    let case = |error, prepare| case(agreements::ANSWER_ERASURE, error, prepare);
    vec![
        // He asked for it, or his ward did: he does not answer as one of the staff.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.request_erasure(PATIENT, HOSPITAL);
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (1u64, ERASED, EVIDENCE))
        }),
    ]
}
