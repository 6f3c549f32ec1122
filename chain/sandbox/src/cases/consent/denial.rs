//! Denials.

use assent_interface::consent;

use super::super::{Case, call};
use super::case;
use crate::ledger::{CATEGORIES, HOSPITAL, INSTITUTE, Ledger, PATIENT, PURPOSES, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    let deny = |error, prepare| case(consent::DENY, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_DENIAL, error, prepare);
    vec![
        deny(None, |_, _| call(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))),
        deny(None, |_, _| call(STRANGER, (HOSPITAL, u32::MAX, u32::MAX))),
        // Adds to an earlier one; by whoever has left, and in a pause.
        deny(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, u32::MAX, u32::MAX))
        }),
        deny(Some("SelfDenial"), |_, _| call(PATIENT, (PATIENT, PURPOSES, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| call(PATIENT, (HOSPITAL, 0u32, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| call(PATIENT, (HOSPITAL, PURPOSES, 0u32))),
        lift(None, |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        // A part of it; what was never denied does not matter.
        lift(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, u32::MAX, u32::MAX));
            call(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        lift(None, |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, u32::MAX, u32::MAX))
        }),
        lift(Some("Paused"), |ledger, contract| {
            denied(ledger);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        lift(Some("EmptyMask"), |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, 0u32, CATEGORIES))
        }),
        lift(Some("EmptyMask"), |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, PURPOSES, 0u32))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            call(PATIENT, (INSTITUTE, PURPOSES, CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            call(HOSPITAL, (PATIENT, PURPOSES, CATEGORIES))
        }),
        // Something is denied, but nothing of this.
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, !PURPOSES, CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            call(PATIENT, (HOSPITAL, PURPOSES, !CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, contract| {
            denied(ledger);
            let all = (HOSPITAL, PURPOSES, CATEGORIES);
            ledger.done(PATIENT, contract, consent::LIFT_DENIAL, &all);
            call(PATIENT, all)
        }),
    ]
}

/// The patient denies the hospital what the terms of the examples grant.
fn denied(ledger: &mut Ledger) {
    ledger.done(PATIENT, "consent", consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
}
