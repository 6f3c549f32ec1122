//! What becomes of a grant: amended, revoked, its link erased.

use super::super::{Call, Case, call};
use super::case;
use crate::health::{
    Amendment, Grant, HOSPITAL, Health, PATIENT, RELATIVE, STRANGER, Terms, UNTIL, amendment, key,
    terms,
};

/// Grants by number.
const GRANTS: u32 = 0x636f_0102;
/// Epochs of owners.
const EPOCHS: u32 = 0x636f_0002;

/// A bit that is in none of the masks of the examples.
const OTHER: u32 = 1 << 31;

pub(super) fn cases() -> Vec<Case> {
    [amend(), amend_as_delegate(), revoke(), revoke_all(), erase_link()].concat()
}

fn amend() -> Vec<Case> {
    let case = |error, prepare| case("amend", error, prepare);
    vec![
        case(None, |health, _| amended(health, amendment())),
        // One use more than there were.
        case(None, |health, _| {
            let number = health.grant(Terms { max_uses: Some(1), ..terms() });
            health.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, Amendment { max_uses: Some(2), ..amendment() }))
        }),
        // Also one that is over: it may be prolonged.
        case(None, |health, _| {
            let number = health.grant(Terms { until: terms().from + 1, ..terms() });
            health.sandbox.advance(1);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("Paused"), |health, contract| {
            let number = health.grant(terms());
            health.pause(contract);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("UnknownGrant"), |health, _| {
            let number = health.grant(terms());
            call(PATIENT, (number + 1, amendment()))
        }),
        case(Some("UnknownGrant"), |health, _| {
            health.grant(terms());
            call(PATIENT, (0u64, amendment()))
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            let number = health.grant(terms());
            health.silence_participants();
            call(PATIENT, (number, amendment()))
        }),
        case(Some("NotDataOwner"), |health, _| {
            let number = health.grant(terms());
            health.suspend(PATIENT);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("NotAuthorized"), |health, _| {
            let number = health.grant(terms());
            call(HOSPITAL, (number, amendment()))
        }),
        case(Some("AlreadyRevoked"), |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "revoke", &number);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("AlreadyRevoked"), |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "revoke_all", &());
            call(PATIENT, (number, amendment()))
        }),
        case(Some("EmptyMask"), |health, _| {
            amended(health, Amendment { purposes: 0, ..amendment() })
        }),
        case(Some("EmptyMask"), |health, _| {
            amended(health, Amendment { categories: 0, ..amendment() })
        }),
        case(Some("InvalidPeriod"), |health, _| {
            amended(health, Amendment { from: UNTIL, ..amendment() })
        }),
        case(Some("InvalidPeriod"), |health, _| {
            let now = health.sandbox.now();
            amended(health, Amendment { from: now - 1, until: now, ..amendment() })
        }),
        case(Some("ZeroUses"), |health, _| {
            amended(health, Amendment { max_uses: Some(0), ..amendment() })
        }),
        // As many as there were.
        case(Some("ZeroUses"), |health, _| {
            let number = health.grant(terms());
            health.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, Amendment { max_uses: Some(1), ..amendment() }))
        }),
        case(Some("GranteeNotAdmitted"), |health, _| {
            let number = health.grant(terms());
            health.suspend(HOSPITAL);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("TooMany"), |health, contract| {
            let number = health.grant(terms());
            let grant = Grant { version: u32::MAX, ..terms().into() };
            health.overwrite(contract, &key(GRANTS, number), &grant);
            call(PATIENT, (number, amendment()))
        }),
    ]
}

fn amend_as_delegate() -> Vec<Case> {
    let case = |error, prepare| case("amend", error, prepare);
    vec![
        // Exactly as far as the delegation reaches.
        case(None, |health, _| delegated(health, terms(), amendment())),
        case(Some("NotAuthorized"), |health, _| {
            let number = health.grant(terms());
            health.delegate(PATIENT, RELATIVE);
            health.suspend(RELATIVE);
            call(RELATIVE, (number, amendment()))
        }),
        case(Some("NotAuthorized"), |health, contract| {
            health.delegate(PATIENT, RELATIVE);
            health.done(PATIENT, contract, "revoke_all", &());
            let number = health.grant(terms());
            call(RELATIVE, (number, amendment()))
        }),
        // What he would take away is out of his scope.
        case(Some("OutOfScope"), |health, _| {
            let wider = Terms { purposes: terms().purposes | OTHER, ..terms() };
            delegated(health, wider, amendment())
        }),
        case(Some("OutOfScope"), |health, _| {
            let wider = Terms { categories: terms().categories | OTHER, ..terms() };
            delegated(health, wider, amendment())
        }),
        // What he would add is.
        case(Some("OutOfScope"), |health, _| {
            let wider = Amendment { purposes: amendment().purposes | OTHER, ..amendment() };
            delegated(health, terms(), wider)
        }),
        case(Some("OutOfScope"), |health, _| {
            let wider = Amendment { categories: amendment().categories | OTHER, ..amendment() };
            delegated(health, terms(), wider)
        }),
        case(Some("OutOfScope"), |health, _| {
            delegated(health, terms(), Amendment { until: UNTIL + 1, ..amendment() })
        }),
        // He would decide on his own access.
        case(Some("OutOfScope"), |health, _| {
            let number = health.grant(terms());
            health.delegate(PATIENT, HOSPITAL);
            call(HOSPITAL, (number, amendment()))
        }),
    ]
}

fn revoke() -> Vec<Case> {
    let case = |error, prepare| case("revoke", error, prepare);
    vec![
        case(None, |health, _| call(PATIENT, health.grant(terms()))),
        // Withdrawing waits for nobody.
        case(None, |health, _| {
            let number = health.grant(terms());
            health.suspend(PATIENT);
            call(PATIENT, number)
        }),
        case(None, |health, _| {
            let number = health.grant(terms());
            health.delegate(PATIENT, RELATIVE);
            health.suspend(PATIENT);
            health.suspend(RELATIVE);
            call(RELATIVE, number)
        }),
        case(None, |health, contract| {
            let number = health.grant(terms());
            health.pause(contract);
            call(PATIENT, number)
        }),
        case(None, |health, _| {
            let number = health.grant(terms());
            health.silence_participants();
            call(PATIENT, number)
        }),
        case(Some("UnknownGrant"), |health, _| call(PATIENT, health.grant(terms()) + 1)),
        case(Some("NotAuthorized"), |health, _| call(HOSPITAL, health.grant(terms()))),
        case(Some("NotAuthorized"), |health, _| {
            let number = health.grant(Terms { until: UNTIL + 1, ..terms() });
            health.delegate(PATIENT, RELATIVE);
            health.sandbox.advance(UNTIL - health.sandbox.now());
            call(RELATIVE, number)
        }),
        case(Some("OutOfScope"), |health, _| {
            let number = health.grant(Terms { purposes: terms().purposes | OTHER, ..terms() });
            health.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("OutOfScope"), |health, _| {
            let number = health.grant(Terms { categories: terms().categories | OTHER, ..terms() });
            health.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("AlreadyRevoked"), |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "revoke", &number);
            call(PATIENT, number)
        }),
        case(Some("AlreadyRevoked"), |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "revoke_all", &());
            call(PATIENT, number)
        }),
    ]
}

fn revoke_all() -> Vec<Case> {
    let case = |error, prepare| case("revoke_all", error, prepare);
    vec![
        case(None, |health, _| {
            health.grant(terms());
            call(PATIENT, ())
        }),
        case(None, |_, _| call(STRANGER, ())),
        case(None, |health, contract| {
            health.suspend(PATIENT);
            health.pause(contract);
            call(PATIENT, ())
        }),
        case(None, |health, contract| {
            health.overwrite(contract, &key(EPOCHS, PATIENT), &(u32::MAX - 1));
            call(PATIENT, ())
        }),
        case(Some("TooMany"), |health, contract| {
            health.overwrite(contract, &key(EPOCHS, PATIENT), &u32::MAX);
            call(PATIENT, ())
        }),
    ]
}

fn erase_link() -> Vec<Case> {
    let case = |error, prepare| case("erase_link", error, prepare);
    vec![
        case(None, |health, _| call(PATIENT, health.grant(terms()))),
        // Also of a grant that is over, by whoever is suspended, and in a pause.
        case(None, |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "revoke", &number);
            health.suspend(PATIENT);
            health.pause(contract);
            call(PATIENT, number)
        }),
        case(Some("UnknownGrant"), |health, _| call(PATIENT, health.grant(terms()) + 1)),
        case(Some("NotAuthorized"), |health, _| call(HOSPITAL, health.grant(terms()))),
        case(Some("NotAuthorized"), |health, _| {
            let number = health.grant(terms());
            health.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("AlreadyErased"), |health, contract| {
            let number = health.grant(terms());
            health.done(PATIENT, contract, "erase_link", &number);
            call(PATIENT, number)
        }),
        case(Some("AlreadyErased"), |health, _| {
            call(PATIENT, health.grant(Terms { record: [0; 32], ..terms() }))
        }),
    ]
}

/// The patient amends a grant of his.
fn amended(health: &mut Health, amendment: Amendment) -> Call {
    let number = health.grant(terms());
    call(PATIENT, (number, amendment))
}

/// The relative, a delegate of the patient's, amends a grant.
fn delegated(health: &mut Health, terms: Terms, amendment: Amendment) -> Call {
    let number = health.grant(terms);
    health.delegate(PATIENT, RELATIVE);
    call(RELATIVE, (number, amendment))
}
