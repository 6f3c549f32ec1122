//! The treasury, which mints and burns against receipts of the bank, and frozen accounts.

use super::super::{Case, call};
use super::{REASON, RECEIPT, UNITS, ZERO, case, endow, first_receipt, freeze, limit};
use crate::health::{HOSPITAL, Health, PATIENT, REGULATOR, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    [set_treasury(), mint(), burn(), freezing(), unfreezing()].concat()
}

/// The hospital mints and burns from now on, and no longer the administrator.
fn appoint(health: &mut Health) {
    health.done(REGULATOR, "token", "set_treasury", &HOSPITAL);
}

fn set_treasury() -> Vec<Case> {
    let case = |error, prepare| case("set_treasury", error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, HOSPITAL)),
        case(None, |health, contract| {
            health.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        // A frozen one may be named, and can do nothing until the freeze ends.
        case(None, |health, _| {
            freeze(health, HOSPITAL);
            call(REGULATOR, HOSPITAL)
        }),
        case(Some("NotAdministrator"), |_, _| call(PATIENT, PATIENT)),
        // Nor does the treasury name its successor.
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(HOSPITAL, PATIENT)
        }),
        case(Some("NotAdministrator"), |_, _| call(PATIENT, ZERO)),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, ZERO)),
        case(Some("AlreadyTreasury"), |_, _| call(REGULATOR, REGULATOR)),
        case(Some("AlreadyTreasury"), |health, _| {
            appoint(health);
            call(REGULATOR, HOSPITAL)
        }),
    ]
}

fn mint() -> Vec<Case> {
    let case = |error, prepare| case("mint", error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, UNITS, RECEIPT))),
        case(None, |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        // As many as there can be.
        case(None, |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX - UNITS, RECEIPT))
        }),
        // As many as there may be.
        case(None, |health, _| {
            limit(health, UNITS);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(None, |health, _| {
            appoint(health);
            call(HOSPITAL, (HOSPITAL, UNITS, RECEIPT))
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(PATIENT, (ZERO, 0u128, RECEIPT))
        }),
        case(Some("NotTreasury"), |_, _| call(PATIENT, (PATIENT, UNITS, RECEIPT))),
        case(Some("NotTreasury"), |health, _| {
            appoint(health);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (PATIENT, 0u128, RECEIPT))),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (ZERO, 0u128, RECEIPT))),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (ZERO, UNITS, RECEIPT))),
        case(Some("Frozen"), |health, _| {
            freeze(health, PATIENT);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("ReceiptUsed"), |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (HOSPITAL, 1u128, first_receipt(PATIENT)))
        }),
        // What was paid out was not paid in.
        case(Some("ReceiptUsed"), |health, contract| {
            endow(health, REGULATOR);
            health.done(REGULATOR, contract, "burn", &(UNITS, RECEIPT));
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("CapExceeded"), |health, _| {
            limit(health, UNITS);
            call(REGULATOR, (PATIENT, UNITS + 1, RECEIPT))
        }),
        case(Some("CapExceeded"), |health, _| {
            limit(health, 2 * UNITS);
            endow(health, PATIENT);
            call(REGULATOR, (HOSPITAL, UNITS + 1, RECEIPT))
        }),
        // Past the cap and past what there can be.
        case(Some("CapExceeded"), |health, _| {
            limit(health, u128::MAX);
            endow(health, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX, RECEIPT))
        }),
        case(Some("SupplyOverflow"), |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX - UNITS + 1, RECEIPT))
        }),
    ]
}

fn burn() -> Vec<Case> {
    let case = |error, prepare| case("burn", error, prepare);
    vec![
        case(None, |health, _| {
            endow(health, REGULATOR);
            call(REGULATOR, (UNITS - 1, RECEIPT))
        }),
        case(None, |health, _| {
            endow(health, REGULATOR);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(None, |health, _| {
            endow(health, HOSPITAL);
            appoint(health);
            call(HOSPITAL, (UNITS, RECEIPT))
        }),
        case(Some("Paused"), |health, contract| {
            endow(health, REGULATOR);
            health.pause(contract);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(Some("NotTreasury"), |health, _| {
            endow(health, PATIENT);
            call(PATIENT, (UNITS, RECEIPT))
        }),
        case(Some("ZeroAmount"), |health, _| {
            endow(health, REGULATOR);
            call(REGULATOR, (0u128, RECEIPT))
        }),
        case(Some("Frozen"), |health, _| {
            endow(health, REGULATOR);
            freeze(health, REGULATOR);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(Some("ReceiptUsed"), |health, _| {
            endow(health, REGULATOR);
            call(REGULATOR, (UNITS, first_receipt(REGULATOR)))
        }),
        case(Some("ReceiptUsed"), |health, contract| {
            endow(health, REGULATOR);
            health.done(REGULATOR, contract, "burn", &(1u128, RECEIPT));
            call(REGULATOR, (1u128, RECEIPT))
        }),
        case(Some("InsufficientBalance"), |health, _| {
            endow(health, REGULATOR);
            call(REGULATOR, (UNITS + 1, RECEIPT))
        }),
        // What others hold is not the treasury's.
        case(Some("InsufficientBalance"), |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (1u128, RECEIPT))
        }),
    ]
}

fn freezing() -> Vec<Case> {
    let case = |error, prepare| case("freeze", error, prepare);
    vec![
        case(None, |health, _| {
            endow(health, PATIENT);
            call(REGULATOR, (PATIENT, REASON))
        }),
        // One that holds nothing.
        case(None, |_, _| call(REGULATOR, (STRANGER, REASON))),
        case(None, |health, contract| {
            health.pause(contract);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(None, |_, _| call(REGULATOR, (REGULATOR, REASON))),
        case(Some("NotAdministrator"), |_, _| call(HOSPITAL, (PATIENT, REASON))),
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(HOSPITAL, (PATIENT, REASON))
        }),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (ZERO, REASON))),
        case(Some("AlreadyFrozen"), |health, _| {
            freeze(health, PATIENT);
            call(REGULATOR, (PATIENT, [0u8; 32]))
        }),
    ]
}

fn unfreezing() -> Vec<Case> {
    let case = |error, prepare| case("unfreeze", error, prepare);
    vec![
        case(None, |health, _| {
            endow(health, PATIENT);
            freeze(health, PATIENT);
            call(REGULATOR, PATIENT)
        }),
        case(None, |health, _| {
            freeze(health, STRANGER);
            call(REGULATOR, STRANGER)
        }),
        case(Some("Paused"), |health, contract| {
            freeze(health, PATIENT);
            health.pause(contract);
            call(REGULATOR, PATIENT)
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(PATIENT, PATIENT)
        }),
        case(Some("NotAdministrator"), |health, _| {
            freeze(health, PATIENT);
            call(PATIENT, PATIENT)
        }),
        case(Some("NotFrozen"), |_, _| call(REGULATOR, PATIENT)),
        case(Some("NotFrozen"), |health, contract| {
            freeze(health, PATIENT);
            health.done(REGULATOR, contract, "unfreeze", &PATIENT);
            call(REGULATOR, PATIENT)
        }),
    ]
}
