//! Delegates.

use assent_interface::consent;

use super::super::{Case, call, own};
use super::{case, lose_participants};
use crate::ledger::{
    APPLICANT, AUDITOR, CATEGORIES, HOSPITAL, INSTITUTE, PATIENT, PURPOSES, RELATIVE, STRANGER,
    UNTIL, terms,
};

pub(super) fn cases() -> Vec<Case> {
    [set(), remove()].concat()
}

fn set() -> Vec<Case> {
    let case = |error, prepare| case(consent::SET_DELEGATE, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))),
        case(None, |_, _| call(PATIENT, (AUDITOR, u32::MAX, u32::MAX, u64::MAX))),
        case(None, |ledger, _| {
            let until = ledger.sandbox.now() + 1;
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, until))
        }),
        // Replaces an earlier one.
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            call(PATIENT, (RELATIVE, u32::MAX, u32::MAX, UNTIL))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("NotDataOwner"), |_, _| call(HOSPITAL, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))),
        case(Some("NotDataOwner"), |ledger, _| {
            ledger.leave(PATIENT);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("SelfDelegation"), |_, _| call(PATIENT, (PATIENT, PURPOSES, CATEGORIES, UNTIL))),
        case(Some("EmptyMask"), |_, _| call(PATIENT, (RELATIVE, 0u32, CATEGORIES, UNTIL))),
        case(Some("EmptyMask"), |_, _| call(PATIENT, (RELATIVE, PURPOSES, 0u32, UNTIL))),
        case(Some("InvalidPeriod"), |ledger, _| {
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, ledger.sandbox.now()))
        }),
        case(Some("DelegateNotAdmitted"), |_, _| {
            call(PATIENT, (APPLICANT, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("DelegateNotAdmitted"), |_, _| {
            call(PATIENT, (STRANGER, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("DelegateNotAdmitted"), |ledger, _| {
            ledger.leave(RELATIVE);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
    ]
}

fn remove() -> Vec<Case> {
    let case = |error, prepare| case(consent::REMOVE_DELEGATE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            own(PATIENT, (RELATIVE, false))
        }),
        // With what he granted.
        case(None, |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(RELATIVE, contract, consent::GRANT, &terms());
            own(PATIENT, (RELATIVE, true))
        }),
        // Also by whoever has left, in a pause, when it is over and when its epoch is.
        case(None, |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REVOKE_ALL, &PATIENT);
            ledger.sandbox.advance(UNTIL - ledger.sandbox.now());
            ledger.leave(PATIENT);
            ledger.pause(contract);
            own(PATIENT, (RELATIVE, true))
        }),
        case(Some("NoDelegation"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            own(PATIENT, (INSTITUTE, false))
        }),
        // Only who gave it takes it back.
        case(Some("NoDelegation"), |ledger, _| {
            ledger.delegate(PATIENT, RELATIVE);
            own(RELATIVE, (PATIENT, false))
        }),
        case(Some("NoDelegation"), |ledger, contract| {
            ledger.delegate(PATIENT, RELATIVE);
            ledger.done(PATIENT, contract, consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, false));
            own(PATIENT, (RELATIVE, true))
        }),
    ]
}
