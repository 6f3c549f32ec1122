//! The treasury, which mints and burns against receipts of the bank, and frozen accounts.

use assent_interface::{governance, token};

use super::super::{Case, call};
use super::{REASON, RECEIPT, UNITS, ZERO, case, endow, first_receipt, freeze, limit};
use crate::ledger::{DELAY, HOSPITAL, Ledger, PATIENT, REGULATOR, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    [set_treasury(), mint(), burn(), freezing(), unfreezing()].concat()
}

/// The hospital mints and burns, and no longer the administrator; takes [`DELAY`].
fn appoint(ledger: &mut Ledger) {
    ledger.done(REGULATOR, "token", token::SET_TREASURY, &HOSPITAL);
    ledger.sandbox.advance(DELAY);
}

/// The hospital is the administrator, and has not named the treasury; takes [`DELAY`].
fn hand_over(ledger: &mut Ledger) {
    ledger.done(REGULATOR, "token", governance::PROPOSE_HANDOVER, &HOSPITAL);
    ledger.sandbox.advance(DELAY);
    ledger.done(HOSPITAL, "token", governance::ACCEPT_HANDOVER, &());
}

fn set_treasury() -> Vec<Case> {
    let case = |error, prepare| case(token::SET_TREASURY, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, HOSPITAL)),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        // A frozen one may be named, and can do nothing until the freeze ends.
        case(None, |ledger, _| {
            freeze(ledger, HOSPITAL);
            call(REGULATOR, HOSPITAL)
        }),
        // The one that there is, which takes back what was to come, or which nobody has confirmed.
        case(None, |ledger, contract| {
            ledger.done(REGULATOR, contract, token::SET_TREASURY, &HOSPITAL);
            call(REGULATOR, REGULATOR)
        }),
        case(None, |ledger, _| {
            hand_over(ledger);
            call(HOSPITAL, REGULATOR)
        }),
        case(None, |ledger, _| {
            hand_over(ledger);
            call(HOSPITAL, HOSPITAL)
        }),
        case(Some("NotAdministrator"), |_, _| call(PATIENT, PATIENT)),
        // Nor does the treasury name its successor.
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(HOSPITAL, PATIENT)
        }),
        case(Some("NotAdministrator"), |_, _| call(PATIENT, ZERO)),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, ZERO)),
        case(Some("AlreadyTreasury"), |_, _| call(REGULATOR, REGULATOR)),
        case(Some("AlreadyTreasury"), |ledger, _| {
            appoint(ledger);
            call(REGULATOR, HOSPITAL)
        }),
    ]
}

fn mint() -> Vec<Case> {
    let case = |error, prepare| case(token::MINT, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, UNITS, RECEIPT))),
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        // As many as there can be.
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX - UNITS, RECEIPT))
        }),
        // As many as there may be.
        case(None, |ledger, _| {
            limit(ledger, UNITS);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            call(HOSPITAL, (HOSPITAL, UNITS, RECEIPT))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, (ZERO, 0u128, RECEIPT))
        }),
        case(Some("NotTreasury"), |_, _| call(PATIENT, (PATIENT, UNITS, RECEIPT))),
        case(Some("NotTreasury"), |ledger, _| {
            appoint(ledger);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        // It has been named, but waits.
        case(Some("NotTreasury"), |ledger, contract| {
            ledger.done(REGULATOR, contract, token::SET_TREASURY, &HOSPITAL);
            ledger.sandbox.advance(DELAY - 1);
            call(HOSPITAL, (PATIENT, UNITS, RECEIPT))
        }),
        case(None, |ledger, contract| {
            hand_over(ledger);
            ledger.done(HOSPITAL, contract, token::SET_TREASURY, &REGULATOR);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(None, |ledger, contract| {
            hand_over(ledger);
            ledger.done(HOSPITAL, contract, token::SET_TREASURY, &HOSPITAL);
            ledger.sandbox.advance(DELAY);
            call(HOSPITAL, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("TreasuryUnconfirmed"), |ledger, _| {
            hand_over(ledger);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        // Also while another one waits.
        case(Some("TreasuryUnconfirmed"), |ledger, contract| {
            hand_over(ledger);
            ledger.done(HOSPITAL, contract, token::SET_TREASURY, &HOSPITAL);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        // What the administrator before had named is void.
        case(Some("NotTreasury"), |ledger, contract| {
            ledger.done(REGULATOR, contract, governance::PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY);
            ledger.done(REGULATOR, contract, token::SET_TREASURY, &STRANGER);
            ledger.done(HOSPITAL, contract, governance::ACCEPT_HANDOVER, &());
            ledger.sandbox.advance(DELAY);
            call(STRANGER, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (PATIENT, 0u128, RECEIPT))),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (ZERO, 0u128, RECEIPT))),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (ZERO, UNITS, RECEIPT))),
        case(Some("Frozen"), |ledger, _| {
            freeze(ledger, PATIENT);
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("ReceiptUsed"), |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (HOSPITAL, 1u128, first_receipt(PATIENT)))
        }),
        // What was paid out was not paid in.
        case(Some("ReceiptUsed"), |ledger, contract| {
            endow(ledger, REGULATOR);
            ledger.done(REGULATOR, contract, token::BURN, &(UNITS, RECEIPT));
            call(REGULATOR, (PATIENT, UNITS, RECEIPT))
        }),
        case(Some("CapExceeded"), |ledger, _| {
            limit(ledger, UNITS);
            call(REGULATOR, (PATIENT, UNITS + 1, RECEIPT))
        }),
        case(Some("CapExceeded"), |ledger, _| {
            limit(ledger, 2 * UNITS);
            endow(ledger, PATIENT);
            call(REGULATOR, (HOSPITAL, UNITS + 1, RECEIPT))
        }),
        // Past the cap and past what there can be.
        case(Some("CapExceeded"), |ledger, _| {
            limit(ledger, u128::MAX);
            endow(ledger, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX, RECEIPT))
        }),
        case(Some("SupplyOverflow"), |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (HOSPITAL, u128::MAX - UNITS + 1, RECEIPT))
        }),
    ]
}

fn burn() -> Vec<Case> {
    let case = |error, prepare| case(token::BURN, error, prepare);
    vec![
        case(None, |ledger, _| {
            endow(ledger, REGULATOR);
            call(REGULATOR, (UNITS - 1, RECEIPT))
        }),
        case(None, |ledger, _| {
            endow(ledger, REGULATOR);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(None, |ledger, _| {
            endow(ledger, HOSPITAL);
            appoint(ledger);
            call(HOSPITAL, (UNITS, RECEIPT))
        }),
        case(Some("Paused"), |ledger, contract| {
            endow(ledger, REGULATOR);
            ledger.pause(contract);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(Some("NotTreasury"), |ledger, _| {
            endow(ledger, PATIENT);
            call(PATIENT, (UNITS, RECEIPT))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            endow(ledger, REGULATOR);
            call(REGULATOR, (0u128, RECEIPT))
        }),
        case(Some("Frozen"), |ledger, _| {
            endow(ledger, REGULATOR);
            freeze(ledger, REGULATOR);
            call(REGULATOR, (UNITS, RECEIPT))
        }),
        case(Some("ReceiptUsed"), |ledger, _| {
            endow(ledger, REGULATOR);
            call(REGULATOR, (UNITS, first_receipt(REGULATOR)))
        }),
        case(Some("ReceiptUsed"), |ledger, contract| {
            endow(ledger, REGULATOR);
            ledger.done(REGULATOR, contract, token::BURN, &(1u128, RECEIPT));
            call(REGULATOR, (1u128, RECEIPT))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            endow(ledger, REGULATOR);
            call(REGULATOR, (UNITS + 1, RECEIPT))
        }),
        // What others hold is not the treasury's.
        case(Some("InsufficientBalance"), |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (1u128, RECEIPT))
        }),
    ]
}

fn freezing() -> Vec<Case> {
    let case = |error, prepare| case(token::FREEZE, error, prepare);
    vec![
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            call(REGULATOR, (PATIENT, REASON))
        }),
        // One that holds nothing.
        case(None, |_, _| call(REGULATOR, (STRANGER, REASON))),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(None, |_, _| call(REGULATOR, (REGULATOR, REASON))),
        case(Some("NotAdministrator"), |_, _| call(HOSPITAL, (PATIENT, REASON))),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(HOSPITAL, (PATIENT, REASON))
        }),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (ZERO, REASON))),
        case(Some("AlreadyFrozen"), |ledger, _| {
            freeze(ledger, PATIENT);
            call(REGULATOR, (PATIENT, [0u8; 32]))
        }),
    ]
}

fn unfreezing() -> Vec<Case> {
    let case = |error, prepare| case(token::UNFREEZE, error, prepare);
    vec![
        case(None, |ledger, _| {
            endow(ledger, PATIENT);
            freeze(ledger, PATIENT);
            call(REGULATOR, PATIENT)
        }),
        case(None, |ledger, _| {
            freeze(ledger, STRANGER);
            call(REGULATOR, STRANGER)
        }),
        case(Some("Paused"), |ledger, contract| {
            freeze(ledger, PATIENT);
            ledger.pause(contract);
            call(REGULATOR, PATIENT)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, PATIENT)
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            freeze(ledger, PATIENT);
            call(PATIENT, PATIENT)
        }),
        case(Some("NotFrozen"), |_, _| call(REGULATOR, PATIENT)),
        case(Some("NotFrozen"), |ledger, contract| {
            freeze(ledger, PATIENT);
            ledger.done(REGULATOR, contract, token::UNFREEZE, &PATIENT);
            call(REGULATOR, PATIENT)
        }),
    ]
}
