//! Denials.

use assent_interface::consent;

use super::super::{Case, own};
use super::case;
use crate::ledger::{CATEGORIES, HOSPITAL, INSTITUTE, Ledger, PATIENT, PURPOSES, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    let deny = |error, prepare| case(consent::DENY, error, prepare);
    let lift = |error, prepare| case(consent::LIFT_DENIAL, error, prepare);
    vec![
        deny(None, |_, _| own(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))),
        deny(None, |_, _| own(STRANGER, (HOSPITAL, u32::MAX, u32::MAX))),
        // Adds to an earlier one; by whoever has left, and in a pause.
        deny(None, |ledger, contract| {
            ledger.done(
                PATIENT,
                contract,
                consent::DENY,
                &(PATIENT, HOSPITAL, PURPOSES, CATEGORIES),
            );
            ledger.leave(PATIENT);
            ledger.pause(contract);
            own(PATIENT, (HOSPITAL, u32::MAX, u32::MAX))
        }),
        deny(Some("SelfDenial"), |_, _| own(PATIENT, (PATIENT, PURPOSES, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| own(PATIENT, (HOSPITAL, 0u32, CATEGORIES))),
        deny(Some("EmptyMask"), |_, _| own(PATIENT, (HOSPITAL, PURPOSES, 0u32))),
        lift(None, |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        // A part of it; what was never denied does not matter.
        lift(None, |ledger, contract| {
            ledger.done(PATIENT, contract, consent::DENY, &(PATIENT, HOSPITAL, u32::MAX, u32::MAX));
            own(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        lift(None, |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, u32::MAX, u32::MAX))
        }),
        lift(Some("Paused"), |ledger, contract| {
            denied(ledger);
            ledger.pause(contract);
            own(PATIENT, (HOSPITAL, PURPOSES, CATEGORIES))
        }),
        lift(Some("EmptyMask"), |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, 0u32, CATEGORIES))
        }),
        lift(Some("EmptyMask"), |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, PURPOSES, 0u32))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            own(PATIENT, (INSTITUTE, PURPOSES, CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            own(HOSPITAL, (PATIENT, PURPOSES, CATEGORIES))
        }),
        // Something is denied, but nothing of this.
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, !PURPOSES, CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, _| {
            denied(ledger);
            own(PATIENT, (HOSPITAL, PURPOSES, !CATEGORIES))
        }),
        lift(Some("NoDenial"), |ledger, contract| {
            denied(ledger);
            let all = (HOSPITAL, PURPOSES, CATEGORIES);
            ledger.done(PATIENT, contract, consent::LIFT_DENIAL, &(PATIENT, all));
            own(PATIENT, all)
        }),
    ]
}

/// The patient denies the hospital what the terms of the examples grant.
fn denied(ledger: &mut Ledger) {
    ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, PURPOSES, CATEGORIES));
}
