//! Requests for erasure, and what is answered.

use assent_interface::agreements::{self, MAX_RETENTION};
use assent_interface::{consent, power};

use super::super::{Case, call, own};
use super::{LAST_ERASURE, case, lose_consent, lose_participants, mistake_consent};
use crate::ledger::{
    ANSWER, APPLICANT, AUDITOR, EVIDENCE, HOSPITAL, INSTITUTE, Ledger, PATIENT, RELATIVE, STRANGER,
    Terms, UNTIL, key, terms,
};

/// The data are erased.
const ERASED: Option<u64> = None;

pub(super) fn cases() -> Vec<Case> {
    [request(), request_again(), answer()].concat()
}

fn request() -> Vec<Case> {
    let case = |error, prepare| case(agreements::REQUEST_ERASURE, error, prepare);
    vec![
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, "consent", consent::REVOKE, &number);
            own(PATIENT, HOSPITAL)
        }),
        // Of whom nothing was ever granted, and whoever it was admitted as.
        case(None, |_, _| own(PATIENT, AUDITOR)),
        // By whoever left, of one who is suspended, in a pause of both contracts.
        case(None, |ledger, contract| {
            ledger.grant(terms());
            ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
            ledger.leave(PATIENT);
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            ledger.pause("consent");
            own(PATIENT, HOSPITAL)
        }),
        // When the grant is expired, and when it was used up.
        case(None, |ledger, _| {
            let end = ledger.sandbox.now() + 1;
            ledger.grant(Terms { until: end, ..terms() });
            ledger.sandbox.advance(1);
            own(PATIENT, HOSPITAL)
        }),
        case(None, |ledger, _| {
            ledger.grant(Terms { max_uses: Some(1), ..terms() });
            ledger.request(HOSPITAL, PATIENT);
            own(PATIENT, HOSPITAL)
        }),
        // A delegation and an open proposal are no grants, nor are those of others.
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.propose(terms());
            ledger.grant(Terms { owner: RELATIVE, ..terms() });
            ledger.grant(Terms { grantee: INSTITUTE, ..terms() });
            own(PATIENT, HOSPITAL)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(PATIENT, PATIENT)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            own(PATIENT, HOSPITAL)
        }),
        case(Some("OwnerNotAdmitted"), |_, _| own(STRANGER, APPLICANT)),
        case(Some("OwnerNotAdmitted"), |_, _| own(APPLICANT, HOSPITAL)),
        case(Some("RequesterNotAdmitted"), |_, _| own(PATIENT, STRANGER)),
        case(Some("RequesterNotAdmitted"), |_, _| own(PATIENT, APPLICANT)),
        case(Some("ConsentFailed"), |ledger, _| {
            lose_consent(ledger);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("ConsentFailed"), |ledger, _| {
            mistake_consent(ledger);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("GrantLive"), |ledger, _| {
            ledger.grant(terms());
            own(PATIENT, HOSPITAL)
        }),
        // One of several, not valid yet, by a delegate.
        case(Some("GrantLive"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            let later = Terms { from: UNTIL - 1, ..terms() };
            ledger.done(RELATIVE, "consent", consent::GRANT, &later);
            ledger.done(PATIENT, "consent", consent::REVOKE, &number);
            own(PATIENT, HOSPITAL)
        }),
        // A denial revokes nothing.
        case(Some("GrantLive"), |ledger, _| {
            ledger.grant(terms());
            ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, !0u32, !0u32));
            own(PATIENT, HOSPITAL)
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(LAST_ERASURE, ()), &u64::MAX);
            own(PATIENT, HOSPITAL)
        }),
    ]
}

fn request_again() -> Vec<Case> {
    let case = |error, prepare| case(agreements::REQUEST_ERASURE, error, prepare);
    vec![
        // It was erased; what came later may be, too.
        case(None, |ledger, _| {
            answered(ledger, ERASED);
            own(PATIENT, HOSPITAL)
        }),
        // So may what came since, however long the law has the rest retained.
        case(None, |ledger, _| {
            let end = ledger.sandbox.now() + MAX_RETENTION;
            answered(ledger, Some(end));
            own(PATIENT, HOSPITAL)
        }),
        // Another one, and by another one.
        case(None, |ledger, _| {
            requested(ledger);
            own(PATIENT, INSTITUTE)
        }),
        case(None, |ledger, _| {
            requested(ledger);
            own(RELATIVE, HOSPITAL)
        }),
        case(Some("AlreadyRequested"), |ledger, _| {
            requested(ledger);
            own(PATIENT, HOSPITAL)
        }),
        // However late the answer is, and whatever was granted since.
        case(Some("AlreadyRequested"), |ledger, _| {
            requested(ledger);
            ledger.sandbox.advance(ANSWER);
            ledger.grant(terms());
            own(PATIENT, HOSPITAL)
        }),
        case(Some("AlreadyRequested"), |ledger, _| {
            answered(ledger, ERASED);
            ledger.request_erasure(PATIENT, HOSPITAL);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("GrantLive"), |ledger, _| {
            answered(ledger, ERASED);
            ledger.grant(terms());
            own(PATIENT, HOSPITAL)
        }),
    ]
}

fn answer() -> Vec<Case> {
    let case = |error, prepare| case(agreements::ANSWER_ERASURE, error, prepare);
    vec![
        case(None, |ledger, _| {
            requested(ledger);
            call(HOSPITAL, (1u64, ERASED, EVIDENCE))
        }),
        // Retained, for as long as can be.
        case(None, |ledger, _| {
            requested(ledger);
            let end = ledger.sandbox.now() + MAX_RETENTION;
            call(HOSPITAL, (1u64, Some(end), EVIDENCE))
        }),
        case(None, |ledger, _| {
            requested(ledger);
            let end = ledger.sandbox.now() + 1;
            call(HOSPITAL, (1u64, Some(end), EVIDENCE))
        }),
        // Too late, by whoever is suspended, in a pause.
        case(None, |ledger, contract| {
            requested(ledger);
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            ledger.sandbox.advance(ANSWER + 1);
            call(HOSPITAL, (1u64, ERASED, EVIDENCE))
        }),
        // By one of the staff that may sign.
        case(None, |ledger, _| {
            requested(ledger);
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            call(STRANGER, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("UnknownErasure"), |_, _| call(HOSPITAL, (1u64, ERASED, EVIDENCE))),
        case(Some("UnknownErasure"), |ledger, _| {
            requested(ledger);
            call(HOSPITAL, (0u64, ERASED, EVIDENCE))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            answered(ledger, ERASED);
            ledger.silence_participants();
            call(STRANGER, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            answered(ledger, ERASED);
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL & !power::SIGN);
            call(STRANGER, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            requested(ledger);
            call(PATIENT, (1u64, ERASED, EVIDENCE))
        }),
        // Nor does he answer himself as one of its staff.
        case(Some("NotAuthorized"), |ledger, _| {
            requested(ledger);
            ledger.admit_member(HOSPITAL, PATIENT, power::SIGN);
            call(PATIENT, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            requested(ledger);
            call(INSTITUTE, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("AlreadyAnswered"), |ledger, _| {
            answered(ledger, ERASED);
            call(HOSPITAL, (1u64, Some(0u64), EVIDENCE))
        }),
        // Also when the law no longer has it retain them.
        case(Some("AlreadyAnswered"), |ledger, _| {
            let end = ledger.sandbox.now() + 10;
            answered(ledger, Some(end));
            ledger.sandbox.advance(10);
            call(HOSPITAL, (1u64, ERASED, EVIDENCE))
        }),
        case(Some("InvalidRetention"), |ledger, _| {
            requested(ledger);
            call(HOSPITAL, (1u64, Some(ledger.sandbox.now()), EVIDENCE))
        }),
        case(Some("InvalidRetention"), |ledger, _| {
            requested(ledger);
            let end = ledger.sandbox.now() + MAX_RETENTION + 1;
            call(HOSPITAL, (1u64, Some(end), EVIDENCE))
        }),
    ]
}

/// The patient has asked the hospital.
fn requested(ledger: &mut Ledger) {
    assert_eq!(ledger.request_erasure(PATIENT, HOSPITAL), 1);
}

/// And it has answered.
fn answered(ledger: &mut Ledger, retained_until: Option<u64>) {
    requested(ledger);
    ledger.answer_erasure(HOSPITAL, 1, retained_until);
}
