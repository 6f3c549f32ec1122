//! Delegates.

use super::super::{Case, call};
use super::{case, lose_participants};
use crate::health::{
    APPLICANT, AUDITOR, CATEGORIES, HOSPITAL, INSTITUTE, PATIENT, PURPOSES, RELATIVE, STRANGER,
    UNTIL,
};

pub(super) fn cases() -> Vec<Case> {
    [set(), remove()].concat()
}

fn set() -> Vec<Case> {
    let case = |error, prepare| case("set_delegate", error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))),
        case(None, |_, _| call(PATIENT, (AUDITOR, u32::MAX, u32::MAX, u64::MAX))),
        case(None, |health, _| {
            let until = health.sandbox.now() + 1;
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, until))
        }),
        // Replaces an earlier one.
        case(None, |health, _| {
            health.delegate(PATIENT, RELATIVE);
            call(PATIENT, (RELATIVE, u32::MAX, u32::MAX, UNTIL))
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("ParticipantsFailed"), |health, _| {
            lose_participants(health);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("NotDataOwner"), |_, _| call(HOSPITAL, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))),
        case(Some("NotDataOwner"), |health, _| {
            health.suspend(PATIENT);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("SelfDelegation"), |_, _| call(PATIENT, (PATIENT, PURPOSES, CATEGORIES, UNTIL))),
        case(Some("EmptyMask"), |_, _| call(PATIENT, (RELATIVE, 0u32, CATEGORIES, UNTIL))),
        case(Some("EmptyMask"), |_, _| call(PATIENT, (RELATIVE, PURPOSES, 0u32, UNTIL))),
        case(Some("InvalidPeriod"), |health, _| {
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, health.sandbox.now()))
        }),
        case(Some("DelegateNotAdmitted"), |_, _| {
            call(PATIENT, (APPLICANT, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("DelegateNotAdmitted"), |_, _| {
            call(PATIENT, (STRANGER, PURPOSES, CATEGORIES, UNTIL))
        }),
        case(Some("DelegateNotAdmitted"), |health, _| {
            health.suspend(RELATIVE);
            call(PATIENT, (RELATIVE, PURPOSES, CATEGORIES, UNTIL))
        }),
    ]
}

fn remove() -> Vec<Case> {
    let case = |error, prepare| case("remove_delegate", error, prepare);
    vec![
        case(None, |health, _| {
            health.delegate(PATIENT, RELATIVE);
            call(PATIENT, RELATIVE)
        }),
        // Also by whoever is suspended, in a pause, when it is over and when its epoch is.
        case(None, |health, contract| {
            health.delegate(PATIENT, RELATIVE);
            health.done(PATIENT, contract, "revoke_all", &());
            health.sandbox.advance(UNTIL - health.sandbox.now());
            health.suspend(PATIENT);
            health.pause(contract);
            call(PATIENT, RELATIVE)
        }),
        case(Some("NoDelegation"), |health, _| {
            health.delegate(PATIENT, RELATIVE);
            call(PATIENT, INSTITUTE)
        }),
        // Only who gave it takes it back.
        case(Some("NoDelegation"), |health, _| {
            health.delegate(PATIENT, RELATIVE);
            call(RELATIVE, PATIENT)
        }),
        case(Some("NoDelegation"), |health, contract| {
            health.delegate(PATIENT, RELATIVE);
            health.done(PATIENT, contract, "remove_delegate", &RELATIVE);
            call(PATIENT, RELATIVE)
        }),
    ]
}
