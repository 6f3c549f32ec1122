//! What an owner chooses for everybody at once.

use assent_interface::consent;

use super::super::{Case, call, own};
use super::case;
use crate::Account;
use crate::ledger::{CATEGORIES, HOSPITAL, INSTITUTE, Ledger, PATIENT, PURPOSES, STRANGER};

/// Nobody is excepted.
const NOBODY: [Account; 0] = [];

pub(super) fn cases() -> Vec<Case> {
    [restrictions(), emergencies()].concat()
}

/// So many accounts, all of them others.
fn some(count: u8) -> Vec<Account> {
    (1..=count).map(|n| [n; 32]).collect()
}

/// The patient denies everybody but the institute what the terms of the examples grant.
fn restricted(ledger: &mut Ledger) {
    let restriction = (PATIENT, PURPOSES, CATEGORIES, [INSTITUTE].to_vec());
    ledger.done(PATIENT, "consent", consent::RESTRICT, &restriction);
}

fn restrictions() -> Vec<Case> {
    let restrict = |error, prepare| case(consent::RESTRICT, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_RESTRICTION, error, prepare);
    vec![
        restrict(None, |_, _| own(PATIENT, (PURPOSES, CATEGORIES, vec![HOSPITAL]))),
        restrict(None, |_, _| own(STRANGER, (u32::MAX, u32::MAX, NOBODY.to_vec()))),
        // As many as there can be, by whoever has left, and in a pause.
        restrict(None, |ledger, contract| {
            ledger.leave(PATIENT);
            ledger.pause(contract);
            own(PATIENT, (PURPOSES, CATEGORIES, some(16)))
        }),
        // Another one, where one was lifted.
        restrict(None, |ledger, contract| {
            restricted(ledger);
            ledger.done(PATIENT, contract, consent::LIFT_RESTRICTION, &PATIENT);
            own(PATIENT, (u32::MAX, u32::MAX, NOBODY.to_vec()))
        }),
        restrict(Some("EmptyMask"), |_, _| own(PATIENT, (0u32, CATEGORIES, some(17)))),
        restrict(Some("EmptyMask"), |_, _| own(PATIENT, (PURPOSES, 0u32, some(17)))),
        restrict(Some("TooManyExceptions"), |ledger, _| {
            restricted(ledger);
            own(PATIENT, (PURPOSES, CATEGORIES, vec![HOSPITAL; 17]))
        }),
        restrict(Some("RepeatedException"), |ledger, _| {
            restricted(ledger);
            own(PATIENT, (PURPOSES, CATEGORIES, vec![HOSPITAL, INSTITUTE, HOSPITAL]))
        }),
        restrict(Some("AlreadyRestricted"), |ledger, _| {
            restricted(ledger);
            own(PATIENT, (PURPOSES, CATEGORIES, NOBODY.to_vec()))
        }),
        lift(None, |ledger, _| {
            restricted(ledger);
            own(PATIENT, ())
        }),
        lift(Some("Paused"), |ledger, contract| {
            restricted(ledger);
            ledger.pause(contract);
            own(PATIENT, ())
        }),
        lift(Some("NotRestricted"), |ledger, _| {
            restricted(ledger);
            own(HOSPITAL, ())
        }),
    ]
}

fn emergencies() -> Vec<Case> {
    let refuse = |error, prepare| case(consent::REFUSE_EMERGENCIES, error, prepare);
    let allow = |error, prepare| case(consent::ALLOW_EMERGENCIES, error, prepare);
    vec![
        refuse(None, |_, _| call(PATIENT, ())),
        refuse(None, |ledger, contract| {
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(PATIENT, ())
        }),
        refuse(Some("AlreadyRefused"), |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            call(PATIENT, ())
        }),
        allow(None, |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            own(PATIENT, ())
        }),
        allow(Some("Paused"), |ledger, contract| {
            ledger.refuse_emergencies(PATIENT);
            ledger.pause(contract);
            own(PATIENT, ())
        }),
        allow(Some("NotRefused"), |ledger, _| {
            ledger.refuse_emergencies(PATIENT);
            own(HOSPITAL, ())
        }),
    ]
}
