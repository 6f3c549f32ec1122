//! Frozen accounts.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{REASON, ZERO, appoint, case, hold, lose_participants};
use crate::ledger::{AUDITOR, REGULATOR, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [freeze(), unfreeze()].concat()
}

fn freeze() -> Vec<Case> {
    let case = |error, prepare| case(carbon::FREEZE, error, prepare);
    vec![
        case(None, |ledger, _| {
            hold(ledger);
            call(REGULATOR, (TRADER, REASON))
        }),
        // One that holds nothing, and is nobody.
        case(None, |_, _| call(REGULATOR, (STRANGER, REASON))),
        case(None, |_, _| call(REGULATOR, (REGULATOR, [0u8; 32]))),
        case(None, |ledger, contract| {
            appoint(ledger);
            ledger.pause(contract);
            call(AUDITOR, (TRADER, REASON))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(REGULATOR, (TRADER, REASON))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(STRANGER, (ZERO, REASON))
        }),
        case(Some("NotRegulator"), |_, _| call(TRADER, (TRADER, REASON))),
        case(Some("NotRegulator"), |_, _| call(STRANGER, (ZERO, REASON))),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (TRADER, REASON))
        }),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (ZERO, REASON))),
        case(Some("AlreadyFrozen"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(REGULATOR, (TRADER, REASON))
        }),
    ]
}

fn unfreeze() -> Vec<Case> {
    let case = |error, prepare| case(carbon::UNFREEZE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.freeze_units(TRADER);
            call(REGULATOR, TRADER)
        }),
        // By a regulator other than he who froze it.
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.freeze_units(STRANGER);
            call(AUDITOR, STRANGER)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.freeze_units(TRADER);
            ledger.pause(contract);
            call(REGULATOR, TRADER)
        }),
        case(Some("Paused"), |ledger, contract| {
            lose_participants(ledger);
            ledger.pause(contract);
            call(STRANGER, STRANGER)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.freeze_units(TRADER);
            ledger.silence_participants();
            call(REGULATOR, TRADER)
        }),
        case(Some("NotRegulator"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(TRADER, TRADER)
        }),
        case(Some("NotRegulator"), |_, _| call(STRANGER, STRANGER)),
        case(Some("NotFrozen"), |_, _| call(REGULATOR, TRADER)),
        case(Some("NotFrozen"), |ledger, contract| {
            ledger.freeze_units(TRADER);
            ledger.done(REGULATOR, contract, carbon::UNFREEZE, &TRADER);
            call(REGULATOR, TRADER)
        }),
    ]
}
