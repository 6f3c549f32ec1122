//! What a guardian does for the patient, who is his ward: a key that is no participant.

use assent_interface::{consent, power};
use parity_scale_codec::Encode;

use super::super::{Call, Case, call, own};
use super::case;
use crate::Account;
use crate::ledger::{
    AUDITOR, CATEGORIES, HOSPITAL, INSTITUTE, Ledger, PATIENT, PURPOSES, RELATIVE, Review,
    STRANGER, Terms, UNTIL, amendment, terms,
};

/// The version of a grant that was never amended.
const FIRST: u32 = 1;
/// The hospital, and what the terms of the examples grant it.
const DENIAL: (Account, u32, u32) = (HOSPITAL, PURPOSES, CATEGORIES);
/// Nobody is excepted.
const NOBODY: [Account; 0] = [];

pub(super) fn cases() -> Vec<Case> {
    [
        grant(),
        amend(),
        revoke(),
        revoke_all(),
        revoke_all_for(),
        erase_link(),
        denials(),
        restrictions(),
        allow_emergencies(),
        remove_delegate(),
        windows(),
    ]
    .concat()
}

/// The guardian does it for the patient.
fn guarded(ledger: &mut Ledger, arguments: impl Encode) -> Call {
    ledger.appoint_guardian(PATIENT, STRANGER);
    call(STRANGER, (PATIENT, arguments))
}

/// The guardian gives a grant; its number.
fn given(ledger: &mut Ledger) -> u64 {
    ledger.appoint_guardian(PATIENT, STRANGER);
    ledger.done(STRANGER, "consent", consent::GRANT, &terms()).value()
}

/// He gave one, and ended with all the guardians of that time: the other one was dismissed.
fn ended(ledger: &mut Ledger) -> u64 {
    let number = given(ledger);
    ledger.appoint_guardian(PATIENT, RELATIVE);
    ledger.dismiss_guardian(PATIENT, RELATIVE);
    number
}

/// He was a guardian, and was dismissed.
fn dismissed(ledger: &mut Ledger) {
    ledger.appoint_guardian(PATIENT, STRANGER);
    ledger.dismiss_guardian(PATIENT, STRANGER);
}

/// Nobody answers who asks whose guardian he is.
fn unanswered(ledger: &mut Ledger, arguments: impl Encode) -> Call {
    let call = guarded(ledger, arguments);
    ledger.silence_participants();
    call
}

fn grant() -> Vec<Case> {
    let case = |error, prepare| case(consent::GRANT, error, prepare);
    let batch = |error, prepare| super::case(consent::GRANT_BATCH, error, prepare);
    vec![
        // Exactly as long as his mandate.
        case(None, |ledger, _| {
            ledger.appoint_guardian_until(PATIENT, STRANGER, UNTIL);
            call(STRANGER, terms())
        }),
        // What a delegation would not let him do.
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.appoint_guardian(PATIENT, RELATIVE);
            call(RELATIVE, Terms { purposes: !0, categories: !0, ..terms() })
        }),
        // More than delegates have room for, and the eighth when those of another time are over.
        case(None, |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            for _ in 0..7 {
                ledger.done(STRANGER, contract, consent::GRANT, &terms());
            }
            call(STRANGER, terms())
        }),
        case(None, |ledger, contract| {
            for _ in 0..7 {
                ledger.appoint_guardian(PATIENT, STRANGER);
                ledger.done(STRANGER, contract, consent::GRANT, &terms());
            }
            ended(ledger);
            call(STRANGER, terms())
        }),
        case(Some("TooManyGrants"), |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            for _ in 0..8 {
                ledger.done(STRANGER, contract, consent::GRANT, &terms());
            }
            call(STRANGER, terms())
        }),
        case(Some("NotDataOwner"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.leave(PATIENT);
            call(STRANGER, terms())
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            dismissed(ledger);
            call(STRANGER, terms())
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let until = ledger.sandbox.now() + 1;
            ledger.appoint_guardian_until(PATIENT, STRANGER, until);
            ledger.sandbox.advance(1);
            call(STRANGER, terms())
        }),
        // Of another ward.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, Terms { owner: RELATIVE, ..terms() })
        }),
        case(Some("OutOfScope"), |ledger, _| {
            ledger.appoint_guardian_until(PATIENT, STRANGER, UNTIL - 1);
            call(STRANGER, terms())
        }),
        // He would decide on his own access.
        case(Some("OutOfScope"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            call(HOSPITAL, terms())
        }),
        // Or on that of his hospital.
        case(Some("OutOfScope"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
            call(STRANGER, terms())
        }),
        batch(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, vec![terms(), Terms { grantee: INSTITUTE, ..terms() }])
        }),
        batch(Some("OutOfScope"), |ledger, _| {
            ledger.appoint_guardian_until(PATIENT, STRANGER, UNTIL);
            call(STRANGER, vec![terms(), Terms { until: UNTIL + 1, ..terms() }])
        }),
    ]
}

fn amend() -> Vec<Case> {
    let case = |error, prepare| case(consent::AMEND, error, prepare);
    vec![
        // What he gave, and what another guardian did.
        case(None, |ledger, _| call(STRANGER, (given(ledger), FIRST, amendment()))),
        case(None, |ledger, _| {
            let number = given(ledger);
            ledger.appoint_guardian(PATIENT, RELATIVE);
            call(RELATIVE, (number, FIRST, amendment()))
        }),
        // The owner has the last word.
        case(None, |ledger, _| call(PATIENT, (given(ledger), FIRST, amendment()))),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            dismissed(ledger);
            call(STRANGER, (number, FIRST, amendment()))
        }),
        // It ended with its guardianship.
        case(Some("GrantOver"), |ledger, _| call(STRANGER, (ended(ledger), FIRST, amendment()))),
        case(Some("GrantOver"), |ledger, _| call(PATIENT, (ended(ledger), FIRST, amendment()))),
        // The owner's own he revokes, and changes no terms of it.
        case(Some("OutOfScope"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(STRANGER, (number, FIRST, amendment()))
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let number = given(ledger);
            ledger.appoint_guardian_until(PATIENT, RELATIVE, UNTIL - 1);
            call(RELATIVE, (number, FIRST, amendment()))
        }),
    ]
}

fn revoke() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE, error, prepare);
    vec![
        // Whoever gave it; for one who has left, in a pause.
        case(None, |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(STRANGER, number)
        }),
        // Also what ended with its guardianship.
        case(None, |ledger, _| call(PATIENT, ended(ledger))),
        case(None, |ledger, _| call(STRANGER, ended(ledger))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let number = given(ledger);
            ledger.silence_participants();
            call(STRANGER, number)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = given(ledger);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, number)
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = given(ledger);
            ledger.done(STRANGER, contract, consent::REVOKE, &number);
            call(PATIENT, number)
        }),
    ]
}

fn revoke_all() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE_ALL, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.grant(terms());
            guarded(ledger, ())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| unanswered(ledger, ())),
        case(Some("NotAuthorized"), |_, _| call(STRANGER, PATIENT)),
        case(Some("NotAuthorized"), |ledger, _| {
            dismissed(ledger);
            call(STRANGER, PATIENT)
        }),
        // No delegate revokes what others gave all at once.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, PATIENT)
        }),
    ]
}

fn revoke_all_for() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE_ALL_FOR, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.grant(terms());
            given(ledger);
            call(STRANGER, (PATIENT, HOSPITAL))
        }),
        // Also what ended with its guardianship: that is not asked about.
        case(None, |ledger, _| {
            ended(ledger);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.grant(terms());
            unanswered(ledger, HOSPITAL)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (PATIENT, HOSPITAL))
        }),
        case(Some("NoLiveGrant"), |ledger, _| guarded(ledger, HOSPITAL)),
    ]
}

fn erase_link() -> Vec<Case> {
    let case = |error, prepare| case(consent::ERASE_LINK, error, prepare);
    vec![
        case(None, |ledger, contract| {
            let number = linked(ledger);
            ledger.done(PATIENT, contract, consent::REVOKE, &number);
            call(STRANGER, number)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let number = linked(ledger);
            ledger.silence_participants();
            call(STRANGER, number)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = linked(ledger);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, number)
        }),
        // What ended with its guardianship is revoked first.
        case(Some("GrantLive"), |ledger, _| {
            let number = linked(ledger);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(PATIENT, number)
        }),
    ]
}

/// The guardian gave a grant for one record.
fn linked(ledger: &mut Ledger) -> u64 {
    ledger.appoint_guardian(PATIENT, STRANGER);
    let one = Terms { record: Some([0x54; 32]), ..terms() };
    ledger.done(STRANGER, "consent", consent::GRANT, &one).value()
}

fn denials() -> Vec<Case> {
    let deny = |error, prepare| case(consent::DENY, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_DENIAL, error, prepare);
    vec![
        deny(None, |ledger, _| guarded(ledger, DENIAL)),
        // What the owner denies already, in a pause.
        deny(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(PATIENT, DENIAL));
            ledger.pause(contract);
            guarded(ledger, DENIAL)
        }),
        deny(Some("ParticipantsFailed"), |ledger, _| unanswered(ledger, DENIAL)),
        deny(Some("NotAuthorized"), |ledger, _| {
            dismissed(ledger);
            call(STRANGER, (PATIENT, DENIAL))
        }),
        deny(Some("SelfDenial"), |ledger, _| guarded(ledger, (PATIENT, PURPOSES, CATEGORIES))),
        deny(Some("EmptyMask"), |ledger, _| guarded(ledger, (HOSPITAL, PURPOSES, 0u32))),
        // What guardians denied, whichever; the owner lifts it, too.
        lift(None, |ledger, contract| {
            ledger.appoint_guardian(PATIENT, RELATIVE);
            ledger.done(RELATIVE, contract, consent::DENY, &(PATIENT, DENIAL));
            guarded(ledger, DENIAL)
        }),
        lift(None, |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.done(STRANGER, contract, consent::DENY, &(PATIENT, DENIAL));
            ledger.dismiss_guardian(PATIENT, STRANGER);
            own(PATIENT, DENIAL)
        }),
        lift(Some("ParticipantsFailed"), |ledger, _| unanswered(ledger, DENIAL)),
        lift(Some("NotAuthorized"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(PATIENT, DENIAL));
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (PATIENT, DENIAL))
        }),
        // The owner's own.
        lift(Some("NoDenial"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(PATIENT, DENIAL));
            guarded(ledger, DENIAL)
        }),
        // What another guardian denies him.
        lift(Some("NotAuthorized"), |ledger, contract| {
            ledger.appoint_guardian(PATIENT, RELATIVE);
            let denied = (PATIENT, STRANGER, PURPOSES, CATEGORIES);
            ledger.done(RELATIVE, contract, consent::DENY, &denied);
            guarded(ledger, (STRANGER, PURPOSES, CATEGORIES))
        }),
    ]
}

fn restrictions() -> Vec<Case> {
    let restrict = |error, prepare| case(consent::RESTRICT, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_RESTRICTION, error, prepare);
    vec![
        restrict(None, |ledger, _| guarded(ledger, (PURPOSES, CATEGORIES, vec![HOSPITAL]))),
        restrict(Some("ParticipantsFailed"), |ledger, _| {
            unanswered(ledger, (PURPOSES, CATEGORIES, NOBODY.to_vec()))
        }),
        restrict(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (PATIENT, PURPOSES, CATEGORIES, NOBODY.to_vec()))
        }),
        // Neither takes the place of the other's.
        restrict(Some("AlreadyRestricted"), |ledger, _| {
            restricted(ledger, PATIENT);
            guarded(ledger, (PURPOSES, CATEGORIES, NOBODY.to_vec()))
        }),
        restrict(Some("AlreadyRestricted"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            restricted(ledger, STRANGER);
            own(PATIENT, (PURPOSES, CATEGORIES, NOBODY.to_vec()))
        }),
        lift(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, RELATIVE);
            restricted(ledger, RELATIVE);
            guarded(ledger, ())
        }),
        lift(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            restricted(ledger, STRANGER);
            own(PATIENT, ())
        }),
        lift(Some("ParticipantsFailed"), |ledger, _| unanswered(ledger, ())),
        lift(Some("NotAuthorized"), |ledger, _| {
            restricted(ledger, PATIENT);
            call(HOSPITAL, PATIENT)
        }),
        // The owner's own.
        lift(Some("NotRestricted"), |ledger, _| {
            restricted(ledger, PATIENT);
            guarded(ledger, ())
        }),
    ]
}

/// `by` denies everybody what the terms of the examples grant of the patient.
fn restricted(ledger: &mut Ledger, by: Account) {
    let restriction = (PATIENT, PURPOSES, CATEGORIES, NOBODY.to_vec());
    ledger.done(by, "consent", consent::RESTRICT, &restriction);
}

fn allow_emergencies() -> Vec<Case> {
    let case = |error, prepare| case(consent::ALLOW_EMERGENCIES, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            guarded(ledger, ())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            unanswered(ledger, ())
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            call(HOSPITAL, PATIENT)
        }),
        case(Some("NotRefused"), |ledger, _| guarded(ledger, ())),
    ]
}

fn remove_delegate() -> Vec<Case> {
    let case = |error, prepare| case(consent::REMOVE_DELEGATE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            guarded(ledger, (RELATIVE, true))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            unanswered(ledger, (RELATIVE, true))
        }),
        // Nor does a delegate take it back himself.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, (PATIENT, RELATIVE, false))
        }),
        case(Some("NoDelegation"), |ledger, _| guarded(ledger, (RELATIVE, true))),
    ]
}

fn windows() -> Vec<Case> {
    let open = |error, prepare| case(consent::BREAK_GLASS, error, prepare);
    let close = |error, prepare| case(consent::CLOSE_BREAK_GLASS, error, prepare);
    let review = |error, prepare| case(consent::REVIEW_BREAK_GLASS, error, prepare);
    vec![
        // To the data of his ward he has grants to give.
        open(Some("OwnData"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, HOSPITAL);
            own(HOSPITAL, (PATIENT, [0x52u8; 32]))
        }),
        // After a guardian nobody has to wait.
        open(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.done(STRANGER, contract, consent::CLOSE_BREAK_GLASS, &window);
            own(HOSPITAL, (PATIENT, [0x52u8; 32]))
        }),
        close(None, |ledger, contract| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.pause(contract);
            call(STRANGER, window)
        }),
        close(Some("NotAuthorized"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            dismissed(ledger);
            call(STRANGER, window)
        }),
        review(Some("OwnReview"), |ledger, _| {
            let window = ledger.break_glass(HOSPITAL, PATIENT);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (window, Review::Unjustified))
        }),
    ]
}
