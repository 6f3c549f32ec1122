//! What becomes of a grant: amended, revoked, its link erased.

use assent_interface::consent;

use super::super::{Call, Case, call};
use super::case;
use crate::ledger::{
    Amendment, Grant, HOSPITAL, Ledger, PATIENT, RELATIVE, STRANGER, Terms, UNTIL, amendment, key,
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
    let case = |error, prepare| case(consent::AMEND, error, prepare);
    vec![
        case(None, |ledger, _| amended(ledger, amendment())),
        // One use more than there were.
        case(None, |ledger, _| {
            let number = ledger.grant(Terms { max_uses: Some(1), ..terms() });
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, Amendment { max_uses: Some(2), ..amendment() }))
        }),
        // Also one that is over: it may be prolonged.
        case(None, |ledger, _| {
            let number = ledger.grant(Terms { until: terms().from + 1, ..terms() });
            ledger.sandbox.advance(1);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("Paused"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.pause(contract);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("UnknownGrant"), |ledger, _| {
            let number = ledger.grant(terms());
            call(PATIENT, (number + 1, amendment()))
        }),
        case(Some("UnknownGrant"), |ledger, _| {
            ledger.grant(terms());
            call(PATIENT, (0u64, amendment()))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.silence_participants();
            call(PATIENT, (number, amendment()))
        }),
        case(Some("NotDataOwner"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.suspend(PATIENT);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            call(HOSPITAL, (number, amendment()))
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE, &number);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &());
            call(PATIENT, (number, amendment()))
        }),
        case(Some("EmptyMask"), |ledger, _| {
            amended(ledger, Amendment { purposes: 0, ..amendment() })
        }),
        case(Some("EmptyMask"), |ledger, _| {
            amended(ledger, Amendment { categories: 0, ..amendment() })
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            amended(ledger, Amendment { from: UNTIL, ..amendment() })
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            let now = ledger.sandbox.now();
            amended(ledger, Amendment { from: now - 1, until: now, ..amendment() })
        }),
        case(Some("ZeroUses"), |ledger, _| {
            amended(ledger, Amendment { max_uses: Some(0), ..amendment() })
        }),
        // As many as there were.
        case(Some("ZeroUses"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, Amendment { max_uses: Some(1), ..amendment() }))
        }),
        case(Some("GranteeNotAdmitted"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.suspend(HOSPITAL);
            call(PATIENT, (number, amendment()))
        }),
        case(Some("TooMany"), |ledger, contract| {
            let number = ledger.grant(terms());
            let grant = Grant { version: u32::MAX, ..terms().into() };
            ledger.overwrite(contract, &key(GRANTS, number), &grant);
            call(PATIENT, (number, amendment()))
        }),
    ]
}

fn amend_as_delegate() -> Vec<Case> {
    let case = |error, prepare| case(consent::AMEND, error, prepare);
    vec![
        // Exactly as far as the delegation reaches.
        case(None, |ledger, _| delegated(ledger, terms(), amendment())),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            ledger.suspend(RELATIVE);
            call(RELATIVE, (number, amendment()))
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &());
            let number = ledger.grant(terms());
            call(RELATIVE, (number, amendment()))
        }),
        // What he would take away is out of his scope.
        case(Some("OutOfScope"), |ledger, _| {
            let wider = Terms { purposes: terms().purposes | OTHER, ..terms() };
            delegated(ledger, wider, amendment())
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let wider = Terms { categories: terms().categories | OTHER, ..terms() };
            delegated(ledger, wider, amendment())
        }),
        // What he would add is.
        case(Some("OutOfScope"), |ledger, _| {
            let wider = Amendment { purposes: amendment().purposes | OTHER, ..amendment() };
            delegated(ledger, terms(), wider)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let wider = Amendment { categories: amendment().categories | OTHER, ..amendment() };
            delegated(ledger, terms(), wider)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, terms(), Amendment { until: UNTIL + 1, ..amendment() })
        }),
        // He would decide on his own access.
        case(Some("OutOfScope"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, HOSPITAL);
            call(HOSPITAL, (number, amendment()))
        }),
    ]
}

fn revoke() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE, error, prepare);
    vec![
        case(None, |ledger, _| call(PATIENT, ledger.grant(terms()))),
        // Withdrawing waits for nobody.
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.suspend(PATIENT);
            call(PATIENT, number)
        }),
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            ledger.suspend(PATIENT);
            ledger.suspend(RELATIVE);
            call(RELATIVE, number)
        }),
        case(None, |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.pause(contract);
            call(PATIENT, number)
        }),
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.silence_participants();
            call(PATIENT, number)
        }),
        case(Some("UnknownGrant"), |ledger, _| call(PATIENT, ledger.grant(terms()) + 1)),
        case(Some("NotAuthorized"), |ledger, _| call(HOSPITAL, ledger.grant(terms()))),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(Terms { until: UNTIL + 1, ..terms() });
            ledger.delegate(PATIENT, RELATIVE);
            ledger.sandbox.advance(UNTIL - ledger.sandbox.now());
            call(RELATIVE, number)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let number = ledger.grant(Terms { purposes: terms().purposes | OTHER, ..terms() });
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let number = ledger.grant(Terms { categories: terms().categories | OTHER, ..terms() });
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE, &number);
            call(PATIENT, number)
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &());
            call(PATIENT, number)
        }),
    ]
}

fn revoke_all() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE_ALL, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.grant(terms());
            call(PATIENT, ())
        }),
        case(None, |_, _| call(STRANGER, ())),
        case(None, |ledger, contract| {
            ledger.suspend(PATIENT);
            ledger.pause(contract);
            call(PATIENT, ())
        }),
        case(None, |ledger, contract| {
            ledger.overwrite(contract, &key(EPOCHS, PATIENT), &(u32::MAX - 1));
            call(PATIENT, ())
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(EPOCHS, PATIENT), &u32::MAX);
            call(PATIENT, ())
        }),
    ]
}

fn erase_link() -> Vec<Case> {
    let case = |error, prepare| case(consent::ERASE_LINK, error, prepare);
    vec![
        case(None, |ledger, _| call(PATIENT, ledger.grant(terms()))),
        // Also of a grant that is over, by whoever is suspended, and in a pause.
        case(None, |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE, &number);
            ledger.suspend(PATIENT);
            ledger.pause(contract);
            call(PATIENT, number)
        }),
        case(Some("UnknownGrant"), |ledger, _| call(PATIENT, ledger.grant(terms()) + 1)),
        case(Some("NotAuthorized"), |ledger, _| call(HOSPITAL, ledger.grant(terms()))),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        case(Some("AlreadyErased"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::ERASE_LINK, &number);
            call(PATIENT, number)
        }),
        case(Some("AlreadyErased"), |ledger, _| {
            call(PATIENT, ledger.grant(Terms { record: [0; 32], ..terms() }))
        }),
    ]
}

/// The patient amends a grant of his.
fn amended(ledger: &mut Ledger, amendment: Amendment) -> Call {
    let number = ledger.grant(terms());
    call(PATIENT, (number, amendment))
}

/// The relative, a delegate of the patient's, amends a grant.
fn delegated(ledger: &mut Ledger, terms: Terms, amendment: Amendment) -> Call {
    let number = ledger.grant(terms);
    ledger.delegate(PATIENT, RELATIVE);
    call(RELATIVE, (number, amendment))
}
