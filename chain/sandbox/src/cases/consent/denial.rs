//! Denials.

use assent_interface::consent;

use super::super::{Case, call};
use super::case;
use crate::ledger::{CATEGORIES, HOSPITAL, INSTITUTE, PATIENT, PURPOSES, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    let deny = |error, prepare| case(consent::DENY, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_DENIAL, error, prepare);
    vec![
        deny(None, |_, _| call(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))),
        deny(None, |_, _| call(STRANGER, (HOSPITAL, u32::MAX, u32::MAX))),
        // Replaces an earlier one; by whoever is suspended, and in a pause.
        deny(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            ledger.suspend(PATIENT);
            ledger.pause(contract);
            call(PATIENT, (HOSPITAL, u32::MAX, u32::MAX))
        }),
        deny(Some("SelfDenial"), |_, _| call(PATIENT, (PATIENT, PURPOSES, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| call(PATIENT, (HOSPITAL, 0u32, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| call(PATIENT, (HOSPITAL, PURPOSES, 0u32))),
        lift(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            call(PATIENT, HOSPITAL)
        }),
        lift(Some("Paused"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            ledger.pause(contract);
            call(PATIENT, HOSPITAL)
        }),
        lift(Some("NoDenial"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            call(PATIENT, INSTITUTE)
        }),
        lift(Some("NoDenial"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            call(HOSPITAL, PATIENT)
        }),
        lift(Some("NoDenial"), |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(HOSPITAL, PURPOSES, CATEGORIES));
            ledger.done(PATIENT, contract, consent::LIFT_DENIAL, &HOSPITAL);
            call(PATIENT, HOSPITAL)
        }),
    ]
}
