//! Compliance periods, what a missing credit costs in them, and their allowances.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{UNITS, ZERO, allocated, appoint, case, lose_participants, recount, set_tariff};
use crate::GENESIS;
use crate::ledger::{
    AUDITOR, COLLECTOR, COMPLIANCE, DELAY, EMITTER, FACTORY, Ledger, PERIOD, Period, REGULATOR,
    SERIALS, STRANGER, TARIFF, TRADER, key,
};

/// Periods by number.
const PERIODS: u32 = 0x6361_000b;

/// The end of the first period in these cases.
const END: u64 = GENESIS + DELAY + PERIOD;

pub(super) fn cases() -> Vec<Case> {
    [set_penalty(), set_period(), allocate()].concat()
}

fn set_penalty() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SET_PENALTY, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (TARIFF, COLLECTOR))),
        case(None, |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (u128::MAX, REGULATOR))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (TARIFF, COLLECTOR))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u128, ZERO))
        }),
        case(Some("NotAdministrator"), |_, _| call(STRANGER, (0u128, ZERO))),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (TARIFF, COLLECTOR))
        }),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (0u128, COLLECTOR))),
        case(Some("ZeroAmount"), |_, _| call(REGULATOR, (0u128, ZERO))),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (TARIFF, ZERO))),
    ]
}

fn set_period() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SET_PERIOD, error, prepare);
    vec![
        case(None, |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (GENESIS, END, SERIALS))
        }),
        case(None, |ledger, _| {
            set_tariff(ledger);
            appoint(ledger);
            call(AUDITOR, (GENESIS, GENESIS + 1, 1u128))
        }),
        // The next one begins when the last one ends, or later.
        case(None, |ledger, _| {
            ledger.period();
            call(REGULATOR, (END, END + 1, SERIALS))
        }),
        case(None, |ledger, _| {
            ledger.period();
            call(REGULATOR, (u64::MAX - COMPLIANCE - 1, u64::MAX - COMPLIANCE, SERIALS))
        }),
        // As many as there are serial numbers for.
        case(None, |ledger, _| {
            ledger.period();
            call(REGULATOR, (END, END + 1, u128::MAX - SERIALS))
        }),
        case(None, |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (0u64, 1u64, u128::MAX))
        }),
        case(Some("Paused"), |ledger, contract| {
            set_tariff(ledger);
            ledger.pause(contract);
            call(REGULATOR, (GENESIS, END, SERIALS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, 0u64, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            set_tariff(ledger);
            ledger.silence_participants();
            call(REGULATOR, (GENESIS, END, SERIALS))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(STRANGER, (0u64, 0u64, 0u128))
        }),
        case(Some("NotRegulator"), |_, _| call(STRANGER, (0u64, 0u64, 0u128))),
        case(Some("NotRegulator"), |ledger, _| {
            set_tariff(ledger);
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (GENESIS, END, SERIALS))
        }),
        case(Some("NoTariff"), |_, _| call(REGULATOR, (GENESIS, END, SERIALS))),
        case(Some("NoTariff"), |_, _| call(REGULATOR, (0u64, 0u64, 0u128))),
        case(Some("InvalidPeriod"), |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (GENESIS, GENESIS, 0u128))
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (END, GENESIS, SERIALS))
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            ledger.period();
            call(REGULATOR, (END - 1, END + 1, SERIALS))
        }),
        case(Some("InvalidPeriod"), |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (GENESIS, u64::MAX - COMPLIANCE + 1, SERIALS))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            set_tariff(ledger);
            call(REGULATOR, (GENESIS, END, 0u128))
        }),
        case(Some("SerialsExhausted"), |ledger, _| {
            ledger.period();
            call(REGULATOR, (END, END + 1, u128::MAX - SERIALS + 1))
        }),
        case(Some("SerialsExhausted"), |ledger, _| {
            ledger.period();
            recount(ledger, |counts| counts.batches = u64::MAX);
            call(REGULATOR, (END, END + 1, u128::MAX))
        }),
        case(Some("TooMany"), |ledger, _| {
            ledger.period();
            recount(ledger, |counts| counts.batches = u64::MAX);
            call(REGULATOR, (END, END + 1, SERIALS))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.period();
            let last: Option<Period> = ledger.view(contract, carbon::PERIOD, &1u64);
            recount(ledger, |counts| counts.periods = u64::MAX);
            let last = last.expect("it was set");
            ledger.overwrite(contract, &key(PERIODS, u64::MAX), &last);
            call(REGULATOR, (END, END + 1, SERIALS))
        }),
    ]
}

fn allocate() -> Vec<Case> {
    let case = |error, prepare| case(carbon::ALLOCATE, error, prepare);
    vec![
        case(None, |ledger, _| call(REGULATOR, (ledger.period(), EMITTER, UNITS))),
        case(None, |ledger, _| call(REGULATOR, (allocated(ledger), EMITTER, SERIALS - UNITS))),
        case(None, |ledger, _| call(REGULATOR, (allocated(ledger), FACTORY, UNITS))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (ledger.period(), EMITTER, SERIALS))
        }),
        // Before it begins, and as long as it may not be settled.
        case(None, |ledger, _| {
            ledger.period();
            call(REGULATOR, (ledger.period(), EMITTER, UNITS))
        }),
        case(None, |ledger, _| {
            let period = ledger.period();
            ledger.wait_until(END + COMPLIANCE - 1);
            call(REGULATOR, (period, EMITTER, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            let period = ledger.period();
            ledger.pause(contract);
            call(REGULATOR, (period, EMITTER, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, ZERO, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = ledger.period();
            ledger.silence_participants();
            call(REGULATOR, (period, EMITTER, UNITS))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            lose_participants(ledger);
            call(STRANGER, (0u64, ZERO, 0u128))
        }),
        case(Some("NotRegulator"), |ledger, _| call(EMITTER, (ledger.period(), EMITTER, UNITS))),
        case(Some("NotRegulator"), |_, _| call(STRANGER, (0u64, ZERO, 0u128))),
        case(Some("NotEmitter"), |ledger, _| call(REGULATOR, (ledger.period(), TRADER, UNITS))),
        // Also of one who took part before.
        case(Some("NotEmitter"), |ledger, _| {
            let period = allocated(ledger);
            ledger.suspend(EMITTER);
            call(REGULATOR, (period, EMITTER, UNITS))
        }),
        case(Some("NotEmitter"), |_, _| call(REGULATOR, (0u64, ZERO, 0u128))),
        case(Some("UnknownPeriod"), |ledger, _| {
            call(REGULATOR, (ledger.period() + 1, EMITTER, UNITS))
        }),
        case(Some("UnknownPeriod"), |_, _| call(REGULATOR, (0u64, EMITTER, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| call(REGULATOR, (ledger.period(), EMITTER, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| {
            let period = ledger.period();
            ledger.settle_time();
            call(REGULATOR, (period, EMITTER, 0u128))
        }),
        case(Some("TooLate"), |ledger, _| call(REGULATOR, (too_late(ledger), EMITTER, UNITS))),
        case(Some("TooLate"), |ledger, _| {
            ledger.freeze_units(EMITTER);
            call(REGULATOR, (too_late(ledger), EMITTER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(EMITTER);
            call(REGULATOR, (ledger.period(), EMITTER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(EMITTER);
            call(REGULATOR, (ledger.period(), EMITTER, u128::MAX))
        }),
        case(Some("CapExceeded"), |ledger, _| {
            call(REGULATOR, (ledger.period(), EMITTER, SERIALS + 1))
        }),
        case(Some("CapExceeded"), |ledger, _| {
            call(REGULATOR, (allocated(ledger), FACTORY, SERIALS - UNITS + 1))
        }),
        case(Some("CapExceeded"), |ledger, _| {
            call(REGULATOR, (allocated(ledger), FACTORY, u128::MAX))
        }),
    ]
}

/// A period that may be settled, in which nobody has taken part.
fn too_late(ledger: &mut Ledger) -> u64 {
    let period = ledger.period();
    ledger.settle_time();
    period
}
