//! Grants, by their owner and by a delegate.

use assent_interface::{consent, power};

use super::super::{Call, Case, call};
use super::{case, lose_participants};
use crate::ledger::{
    APPLICANT, AUDITOR, HOSPITAL, INSTITUTE, Ledger, PATIENT, RELATIVE, STRANGER, Terms, UNTIL,
    key, terms,
};

/// `Lazy<u64>`: number of the latest grant.
const LAST_GRANT: u32 = 0x636f_0101;
/// How many grants an owner gave.
const COUNTS: u32 = 0x636f_0104;

/// A bit that is in none of the masks of the examples.
const OTHER: u32 = 1 << 31;

pub(super) fn cases() -> Vec<Case> {
    [grant(), grant_as_delegate(), batch()].concat()
}

fn grant() -> Vec<Case> {
    let case = |error, prepare| case(consent::GRANT, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, terms())),
        case(None, |_, _| {
            let most = Terms { purposes: !0, categories: !0, max_uses: Some(!0), ..terms() };
            call(PATIENT, Terms { from: 0, until: u64::MAX, grantee: INSTITUTE, ..most })
        }),
        case(None, |ledger, _| {
            let now = ledger.sandbox.now();
            call(PATIENT, Terms { from: now, until: now + 1, max_uses: Some(1), ..terms() })
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, terms())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(PATIENT, terms())
        }),
        case(Some("NotDataOwner"), |_, _| {
            call(HOSPITAL, Terms { owner: HOSPITAL, grantee: INSTITUTE, ..terms() })
        }),
        case(Some("NotDataOwner"), |_, _| call(APPLICANT, Terms { owner: APPLICANT, ..terms() })),
        case(Some("NotDataOwner"), |ledger, _| {
            ledger.leave(PATIENT);
            call(PATIENT, terms())
        }),
        case(Some("NotAuthorized"), |_, _| call(STRANGER, terms())),
        case(Some("NotAuthorized"), |_, _| call(HOSPITAL, terms())),
        case(Some("SelfGrant"), |_, _| call(PATIENT, Terms { grantee: PATIENT, ..terms() })),
        case(Some("EmptyMask"), |_, _| call(PATIENT, Terms { purposes: 0, ..terms() })),
        case(Some("EmptyMask"), |_, _| call(PATIENT, Terms { categories: 0, ..terms() })),
        case(Some("InvalidPeriod"), |_, _| call(PATIENT, Terms { from: UNTIL, ..terms() })),
        case(Some("InvalidPeriod"), |ledger, _| {
            let now = ledger.sandbox.now();
            call(PATIENT, Terms { from: now - 1, until: now, ..terms() })
        }),
        case(Some("ZeroUses"), |_, _| call(PATIENT, Terms { max_uses: Some(0), ..terms() })),
        case(Some("GranteeNotAdmitted"), |_, _| {
            call(PATIENT, Terms { grantee: STRANGER, ..terms() })
        }),
        case(Some("GranteeNotAdmitted"), |_, _| {
            call(PATIENT, Terms { grantee: AUDITOR, ..terms() })
        }),
        case(Some("GranteeNotAdmitted"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(PATIENT, terms())
        }),
        // The eighth that lives, one of the eight before it being over.
        case(None, |ledger, contract| {
            lives(ledger, 8);
            ledger.done(PATIENT, contract, consent::REVOKE, &3u64);
            call(PATIENT, terms())
        }),
        case(None, |ledger, _| {
            let end = ledger.sandbox.now() + 1;
            for _ in 0..8 {
                ledger.grant(Terms { until: end, ..terms() });
            }
            ledger.sandbox.advance(1);
            call(PATIENT, terms())
        }),
        case(Some("TooManyGrants"), |ledger, _| {
            lives(ledger, 8);
            call(PATIENT, terms())
        }),
        // What is not valid yet lives.
        case(Some("TooManyGrants"), |ledger, _| {
            for _ in 0..8 {
                ledger.grant(Terms { from: UNTIL - 1, ..terms() });
            }
            call(PATIENT, terms())
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(LAST_GRANT, ()), &u64::MAX);
            call(PATIENT, terms())
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(COUNTS, PATIENT), &u64::MAX);
            call(PATIENT, terms())
        }),
    ]
}

fn grant_as_delegate() -> Vec<Case> {
    let case = |error, prepare| case(consent::GRANT, error, prepare);
    vec![
        // Exactly as far as the delegation reaches.
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.sandbox.advance(UNTIL - 1 - ledger.sandbox.now());
            call(RELATIVE, terms())
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let now = ledger.sandbox.now();
            let Terms { purposes, categories, .. } = terms();
            let scope = (RELATIVE, purposes, categories, now + 1);
            ledger.done(PATIENT, "consent", consent::SET_DELEGATE, &scope);
            ledger.sandbox.advance(1);
            call(RELATIVE, terms())
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            call(RELATIVE, terms())
        }),
        case(Some("NotAuthorized"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, false));
            call(RELATIVE, terms())
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.leave(RELATIVE);
            call(RELATIVE, terms())
        }),
        // A delegation does not go both ways.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(PATIENT, Terms { owner: RELATIVE, ..terms() })
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, Terms { purposes: terms().purposes | OTHER, ..terms() })
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, Terms { categories: terms().categories | OTHER, ..terms() })
        }),
        case(Some("OutOfScope"), |ledger, _| {
            delegated(ledger, Terms { until: UNTIL + 1, ..terms() })
        }),
        // He would decide on his own access.
        case(Some("OutOfScope"), |ledger, _| {
            ledger.delegate(PATIENT, HOSPITAL);
            call(HOSPITAL, terms())
        }),
        // Or on that of his hospital.
        case(Some("OutOfScope"), |ledger, _| {
            ledger.admit_member(HOSPITAL, RELATIVE, power::SIGN);
            delegated(ledger, terms())
        }),
        // The last for which delegates have room, and one more; the owner has room for it.
        case(None, |ledger, _| {
            lives(ledger, 4);
            gives(ledger, 3);
            call(RELATIVE, terms())
        }),
        case(Some("TooManyGrants"), |ledger, _| {
            gives(ledger, 4);
            call(RELATIVE, terms())
        }),
        case(None, |ledger, _| {
            gives(ledger, 4);
            lives(ledger, 3);
            call(PATIENT, terms())
        }),
    ]
}

fn batch() -> Vec<Case> {
    let case = |error, prepare| case(consent::GRANT_BATCH, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, batch_of_16())),
        case(None, |_, _| call(PATIENT, vec![terms()])),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, vec![terms(); 17])
        }),
        case(Some("BatchSize"), |_, _| call(PATIENT, Vec::<Terms>::new())),
        case(Some("BatchSize"), |_, _| call(PATIENT, vec![terms(); 17])),
        case(Some("BatchSize"), |ledger, _| {
            lose_participants(ledger);
            call(PATIENT, vec![terms(); 17])
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(PATIENT, vec![terms()])
        }),
        case(Some("NotDataOwner"), |_, _| ending(Terms { owner: APPLICANT, ..terms() })),
        case(Some("NotAuthorized"), |_, _| ending(Terms { owner: RELATIVE, ..terms() })),
        case(Some("SelfGrant"), |_, _| ending(Terms { grantee: PATIENT, ..terms() })),
        case(Some("EmptyMask"), |_, _| ending(Terms { purposes: 0, ..terms() })),
        case(Some("InvalidPeriod"), |_, _| ending(Terms { from: UNTIL, ..terms() })),
        case(Some("ZeroUses"), |_, _| ending(Terms { max_uses: Some(0), ..terms() })),
        case(Some("OutOfScope"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(RELATIVE, [terms(), Terms { until: UNTIL + 1, ..terms() }].to_vec())
        }),
        case(Some("GranteeNotAdmitted"), |_, _| ending(Terms { grantee: STRANGER, ..terms() })),
        case(Some("TooManyGrants"), |_, _| call(PATIENT, vec![terms(); 9])),
        case(Some("TooMany"), |ledger, contract| {
            // There is a number for the first grant, and none for the second.
            ledger.overwrite(contract, &key(LAST_GRANT, ()), &(u64::MAX - 1));
            ending(terms())
        }),
        // Of several errors the first in the list wins.
        case(Some("ZeroUses"), |_, _| {
            let first = Terms { max_uses: Some(0), ..terms() };
            call(PATIENT, vec![first, Terms { owner: APPLICANT, ..terms() }])
        }),
    ]
}

/// The relative, a delegate of the patient's, grants.
fn delegated(ledger: &mut Ledger, terms: Terms) -> Call {
    ledger.delegate(PATIENT, RELATIVE);
    call(RELATIVE, terms)
}

/// The patient grants a batch of which only the last is not sound.
fn ending(last: Terms) -> Call {
    call(PATIENT, vec![terms(), terms(), last])
}

/// 16 grants, as many to each of two as may live.
fn batch_of_16() -> Vec<Terms> {
    let to = |grantee| vec![Terms { grantee, ..terms() }; 8];
    [to(HOSPITAL), to(INSTITUTE)].concat()
}

/// The patient grants so often.
fn lives(ledger: &mut Ledger, count: usize) {
    for _ in 0..count {
        ledger.grant(terms());
    }
}

/// The relative, a delegate of the patient's, grants so often.
fn gives(ledger: &mut Ledger, count: usize) {
    ledger.delegate(PATIENT, RELATIVE);
    for _ in 0..count {
        ledger.done(RELATIVE, "consent", consent::GRANT, &terms());
    }
}
