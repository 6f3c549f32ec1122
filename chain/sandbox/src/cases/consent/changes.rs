//! What becomes of a grant: amended, revoked, its link erased.

use assent_interface::consent;

use super::super::{Call, Case, call, own};
use super::case;
use crate::ledger::{
    Amendment, Choices, Grant, HOSPITAL, INSTITUTE, Ledger, PATIENT, RELATIVE, STRANGER, Terms,
    UNTIL, amendment, key, terms,
};

/// Grants by number.
const GRANTS: u32 = 0x636f_0102;
/// What deciding needs of owners: the epoch, and what they chose.
const OWNERS: u32 = 0x636f_0002;

/// The version that a new grant has.
const FIRST: u32 = 1;

/// A bit that is in none of the masks of the examples.
const OTHER: u32 = 1 << 31;

pub(super) fn cases() -> Vec<Case> {
    [
        amend(),
        amend_as_delegate(),
        revoke(),
        revoke_as_delegate(),
        revoke_all(),
        revoke_all_for(),
        erase_link(),
    ]
    .concat()
}

fn amend() -> Vec<Case> {
    let case = |error, prepare| case(consent::AMEND, error, prepare);
    vec![
        case(None, |ledger, _| amended(ledger, amendment())),
        // One use more than there were.
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, FIRST, Amendment { max_uses: Some(2), ..amendment() }))
        }),
        // The version that the first amendment made.
        case(None, |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::AMEND, &(number, FIRST, amendment()));
            call(PATIENT, (number, FIRST + 1, amendment()))
        }),
        case(Some("Paused"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.pause(contract);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("UnknownGrant"), |ledger, _| {
            let number = ledger.grant(terms());
            call(PATIENT, (number + 1, FIRST, amendment()))
        }),
        case(Some("UnknownGrant"), |ledger, _| {
            ledger.grant(terms());
            call(PATIENT, (0u64, FIRST, amendment()))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.silence_participants();
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("NotDataOwner"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.leave(PATIENT);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            call(HOSPITAL, (number, FIRST, amendment()))
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE, &number);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("AlreadyRevoked"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        // What is over is not prolonged.
        case(Some("GrantOver"), |ledger, _| {
            let number = ledger.grant(Terms { until: terms().from + 1, ..terms() });
            ledger.sandbox.advance(1);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("GrantOver"), |ledger, _| {
            let number = ledger.grant(Terms { max_uses: Some(1), ..terms() });
            ledger.request(HOSPITAL, PATIENT);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("VersionChanged"), |ledger, contract| {
            let number = ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::AMEND, &(number, FIRST, amendment()));
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("VersionChanged"), |ledger, _| {
            call(PATIENT, (ledger.grant(terms()), FIRST + 1, amendment()))
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
            call(PATIENT, (number, FIRST, Amendment { max_uses: Some(1), ..amendment() }))
        }),
        case(Some("GranteeNotAdmitted"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.suspend(HOSPITAL);
            call(PATIENT, (number, FIRST, amendment()))
        }),
        case(Some("TooMany"), |ledger, contract| {
            let number = ledger.grant(terms());
            let grant = Grant { version: u32::MAX, ..terms().into() };
            ledger.overwrite(contract, &key(GRANTS, number), &grant);
            call(PATIENT, (number, u32::MAX, amendment()))
        }),
    ]
}

fn amend_as_delegate() -> Vec<Case> {
    let case = |error, prepare| case(consent::AMEND, error, prepare);
    vec![
        // What he gave himself, exactly as far as the delegation reaches.
        case(None, |ledger, _| {
            let narrow = Terms { until: UNTIL - 1, max_uses: Some(1), ..terms() };
            given(ledger, narrow, amendment())
        }),
        // What the owner gave he narrows.
        case(None, |ledger, _| delegated(ledger, terms(), narrower())),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            ledger.leave(RELATIVE);
            call(RELATIVE, (number, FIRST, amendment()))
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            let number = ledger.grant(terms());
            call(RELATIVE, (number, FIRST, amendment()))
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
            given(ledger, terms(), wider)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let wider = Amendment { categories: amendment().categories | OTHER, ..amendment() };
            given(ledger, terms(), wider)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            given(ledger, terms(), Amendment { until: UNTIL + 1, ..amendment() })
        }),
        // Within his scope, but looser than what the owner gave.
        case(Some("OutOfScope"), |ledger, _| {
            let earlier = Amendment { from: narrower().from - 1, ..narrower() };
            delegated(ledger, Terms { from: narrower().from, ..terms() }, earlier)
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, Terms { until: UNTIL - 2, ..terms() }, narrower())
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, Terms { max_uses: Some(2), ..terms() }, narrower())
        }),
        case(Some("OutOfScope"), |ledger, _| {
            let unlimited = Amendment { max_uses: None, ..narrower() };
            delegated(ledger, Terms { max_uses: Some(2), ..terms() }, unlimited)
        }),
        // Nor does he agree to another policy.
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, terms(), Amendment { policy: amendment().policy, ..narrower() })
        }),
        // He would decide on his own access.
        case(Some("OutOfScope"), |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, HOSPITAL);
            call(HOSPITAL, (number, FIRST, amendment()))
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
            ledger.leave(PATIENT);
            call(PATIENT, number)
        }),
        case(None, |ledger, _| {
            let number = ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            ledger.leave(PATIENT);
            ledger.leave(RELATIVE);
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
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            call(PATIENT, number)
        }),
    ]
}

fn revoke_as_delegate() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE, error, prepare);
    vec![
        // One that was revoked with the delegate who gave it.
        case(Some("AlreadyRevoked"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            let number: u64 = ledger.done(RELATIVE, contract, consent::GRANT, &terms()).value();
            ledger.done(PATIENT, contract, consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, true));
            call(PATIENT, number)
        }),
        // One that stayed when he went.
        case(None, |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            let number: u64 = ledger.done(RELATIVE, contract, consent::GRANT, &terms()).value();
            ledger.done(PATIENT, contract, consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, false));
            call(PATIENT, number)
        }),
    ]
}

fn revoke_all_for() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE_ALL_FOR, error, prepare);
    vec![
        case(None, |ledger, _| {
            for _ in 0..8 {
                ledger.grant(terms());
            }
            own(PATIENT, HOSPITAL)
        }),
        // By whoever has left, in a pause, and whoever does not answer.
        case(None, |ledger, contract| {
            ledger.grant(terms());
            ledger.leave(PATIENT);
            ledger.silence_participants();
            ledger.pause(contract);
            own(PATIENT, HOSPITAL)
        }),
        case(Some("NoLiveGrant"), |ledger, _| {
            ledger.grant(terms());
            own(PATIENT, INSTITUTE)
        }),
        // Those of others are not his to revoke.
        case(Some("NoLiveGrant"), |ledger, _| {
            ledger.grant(terms());
            ledger.delegate(PATIENT, RELATIVE);
            own(RELATIVE, HOSPITAL)
        }),
        case(Some("NoLiveGrant"), |ledger, contract| {
            ledger.grant(terms());
            ledger.done(PATIENT, contract, consent::REVOKE_ALL_FOR, &(PATIENT, HOSPITAL));
            own(PATIENT, HOSPITAL)
        }),
        case(Some("NoLiveGrant"), |ledger, _| {
            ledger.grant(Terms { until: terms().from + 1, ..terms() });
            ledger.sandbox.advance(1);
            own(PATIENT, HOSPITAL)
        }),
    ]
}

fn revoke_all() -> Vec<Case> {
    let case = |error, prepare| case(consent::REVOKE_ALL, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.grant(terms());
            own(PATIENT, ())
        }),
        case(None, |_, _| own(STRANGER, ())),
        case(None, |ledger, contract| {
            ledger.leave(PATIENT);
            ledger.pause(contract);
            own(PATIENT, ())
        }),
        case(None, |ledger, contract| {
            ledger.overwrite(contract, &key(OWNERS, PATIENT), &(u32::MAX - 1, Choices::default()));
            own(PATIENT, ())
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(OWNERS, PATIENT), &(u32::MAX, Choices::default()));
            own(PATIENT, ())
        }),
    ]
}

fn erase_link() -> Vec<Case> {
    let case = |error, prepare| case(consent::ERASE_LINK, error, prepare);
    vec![
        case(None, |ledger, _| call(PATIENT, ended(ledger))),
        // Whatever ended it.
        case(None, |ledger, _| {
            let number = ledger.grant(Terms { until: terms().from + 1, ..linked() });
            ledger.sandbox.advance(1);
            call(PATIENT, number)
        }),
        case(None, |ledger, contract| {
            let number = ledger.grant(linked());
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            call(PATIENT, number)
        }),
        // By whoever has left, and in a pause.
        case(None, |ledger, contract| {
            let number = ended(ledger);
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(PATIENT, number)
        }),
        case(Some("UnknownGrant"), |ledger, _| call(PATIENT, ended(ledger) + 1)),
        case(Some("NotAuthorized"), |ledger, _| call(HOSPITAL, ended(ledger))),
        case(Some("NotAuthorized"), |ledger, _| {
            let number = ended(ledger);
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, number)
        }),
        // For all records there is no link.
        case(Some("NoLink"), |ledger, _| call(PATIENT, ledger.grant(terms()))),
        case(Some("AlreadyErased"), |ledger, contract| {
            let number = ended(ledger);
            ledger.done(PATIENT, contract, consent::ERASE_LINK, &number);
            call(PATIENT, number)
        }),
        case(Some("GrantLive"), |ledger, _| call(PATIENT, ledger.grant(linked()))),
    ]
}

/// The terms of the examples for one record.
fn linked() -> Terms {
    Terms { record: Some([0x54; 32]), ..terms() }
}

/// A revoked grant for one record.
fn ended(ledger: &mut Ledger) -> u64 {
    let number = ledger.grant(linked());
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    number
}

/// Tighter than the terms of the examples in everything that may be.
fn narrower() -> Amendment {
    let Terms { from, until, policy, .. } = terms();
    Amendment { from: from + 1, until: until - 1, max_uses: Some(3), policy, ..amendment() }
}

/// The patient amends a grant of his.
fn amended(ledger: &mut Ledger, amendment: Amendment) -> Call {
    let number = ledger.grant(terms());
    call(PATIENT, (number, FIRST, amendment))
}

/// The relative, a delegate of the patient's, amends a grant.
fn delegated(ledger: &mut Ledger, terms: Terms, amendment: Amendment) -> Call {
    let number = ledger.grant(terms);
    ledger.delegate(PATIENT, RELATIVE);
    call(RELATIVE, (number, FIRST, amendment))
}

/// The relative, a delegate of the patient's, amends a grant that he gave.
fn given(ledger: &mut Ledger, terms: Terms, amendment: Amendment) -> Call {
    ledger.delegate(PATIENT, RELATIVE);
    let number: u64 = ledger.done(RELATIVE, "consent", consent::GRANT, &terms).value();
    call(RELATIVE, (number, FIRST, amendment))
}
