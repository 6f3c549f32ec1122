//! What emitters have to do in a period: have their emissions reported, and surrender allowances.

use assent_interface::carbon;

use super::super::{Call, Case, call};
use super::{UNITS, allocated, case, over, settled, settled_second};
use crate::Account;
use crate::ledger::{
    Duty, EMITTER, FACTORY, Hash, Ledger, PERIOD, REGULATOR, STRANGER, TRADER, VERIFIER, key, role,
};

/// What accounts have to do in periods.
const DUTIES: u32 = 0x6361_000c;

const REPORT: Hash = [0x73; 32];

/// The most that may be reported.
const MOST: u128 = u64::MAX as u128;

pub(super) fn cases() -> Vec<Case> {
    [report_emissions(), surrender()].concat()
}

/// The verifier reports what an account emitted.
fn reported(period: u64, account: Account, emissions: u128) -> Call {
    call(VERIFIER, (period, account, emissions, REPORT))
}

/// The verifier is an emitter, too.
fn moonlight(ledger: &mut Ledger) {
    ledger.set_roles(VERIFIER, role::VERIFIER | role::EMITTER);
}

fn report_emissions() -> Vec<Case> {
    let case = |error, prepare| case(carbon::REPORT_EMISSIONS, error, prepare);
    vec![
        case(None, |ledger, _| reported(over(ledger), EMITTER, UNITS)),
        case(None, |ledger, _| reported(over(ledger), EMITTER, 0)),
        case(None, |ledger, _| reported(over(ledger), EMITTER, MOST)),
        // A correction, upwards or downwards.
        case(None, |ledger, _| {
            let period = over(ledger);
            ledger.report(period, EMITTER, UNITS);
            reported(period, EMITTER, UNITS - 1)
        }),
        // Of one who got no allowances.
        case(None, |ledger, _| reported(over(ledger), FACTORY, UNITS)),
        // Late, and of one who is suspended by now.
        case(None, |ledger, _| {
            let period = over(ledger);
            ledger.settle_time();
            ledger.suspend(EMITTER);
            ledger.freeze_units(EMITTER);
            reported(period, EMITTER, UNITS)
        }),
        case(None, |ledger, _| {
            moonlight(ledger);
            reported(over(ledger), EMITTER, UNITS)
        }),
        case(Some("Paused"), |ledger, contract| {
            let period = over(ledger);
            ledger.pause(contract);
            reported(period, EMITTER, UNITS)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, STRANGER, u128::MAX, REPORT))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = over(ledger);
            ledger.silence_participants();
            reported(period, EMITTER, UNITS)
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (0u64, STRANGER, u128::MAX, REPORT))
        }),
        case(Some("NotVerifier"), |ledger, _| {
            call(REGULATOR, (over(ledger), EMITTER, UNITS, REPORT))
        }),
        case(Some("NotVerifier"), |ledger, _| {
            call(EMITTER, (over(ledger), EMITTER, UNITS, REPORT))
        }),
        case(Some("NotVerifier"), |ledger, _| {
            ledger.suspend(VERIFIER);
            reported(over(ledger), EMITTER, UNITS)
        }),
        case(Some("OwnReport"), |ledger, _| {
            moonlight(ledger);
            reported(over(ledger), VERIFIER, UNITS)
        }),
        case(Some("OwnReport"), |_, _| reported(0, VERIFIER, u128::MAX)),
        case(Some("UnknownPeriod"), |ledger, _| reported(over(ledger) + 1, EMITTER, UNITS)),
        case(Some("UnknownPeriod"), |_, _| reported(0, STRANGER, u128::MAX)),
        case(Some("TooEarly"), |ledger, _| {
            let period = allocated(ledger);
            ledger.sandbox.advance(PERIOD - 1);
            reported(period, EMITTER, UNITS)
        }),
        case(Some("TooEarly"), |ledger, _| reported(allocated(ledger), STRANGER, u128::MAX)),
        case(Some("NotEmitter"), |ledger, _| reported(over(ledger), TRADER, UNITS)),
        case(Some("NotEmitter"), |ledger, _| reported(over(ledger), STRANGER, u128::MAX)),
        case(Some("NotEmitter"), |ledger, _| {
            ledger.suspend(FACTORY);
            reported(over(ledger), FACTORY, UNITS)
        }),
        case(Some("AlreadySettled"), |ledger, _| reported(settled(ledger, UNITS), EMITTER, UNITS)),
        case(Some("AlreadySettled"), |ledger, _| {
            reported(settled(ledger, UNITS), EMITTER, u128::MAX)
        }),
        // A period before the first one that was settled for him.
        case(Some("AlreadySettled"), |ledger, _| {
            reported(settled_second(ledger).0, EMITTER, UNITS)
        }),
        case(Some("TooLarge"), |ledger, _| reported(over(ledger), EMITTER, MOST + 1)),
        case(Some("TooLarge"), |ledger, contract| {
            let period = over(ledger);
            often_reported(ledger, contract, period);
            reported(period, EMITTER, u128::MAX)
        }),
        case(Some("TooMany"), |ledger, contract| {
            let period = over(ledger);
            often_reported(ledger, contract, period);
            reported(period, EMITTER, UNITS)
        }),
    ]
}

/// Makes the emitter's report the last that there can be.
fn often_reported(ledger: &mut Ledger, contract: &str, period: u64) {
    let of = (period, EMITTER);
    let duty: Duty = ledger.view(contract, carbon::DUTY, &of);
    let reported_at = Some(ledger.sandbox.now());
    let duty = Duty { reports: u32::MAX, reported_at, ..duty };
    ledger.overwrite(contract, &key(DUTIES, of), &duty);
}

/// An account surrenders allowances of the period for which it does.
fn surrendered(ledger: &mut Ledger, account: Account, period: u64, amount: u128) -> Call {
    let batch = ledger.allowances(period);
    call(account, (period, batch, amount))
}

/// The emitter passes half of his allowances on; gives the period.
fn shared(ledger: &mut Ledger, with: Account) -> u64 {
    let period = allocated(ledger);
    let batch = ledger.allowances(period);
    ledger.done(EMITTER, "carbon", carbon::TRANSFER, &(batch, with, UNITS / 2));
    period
}

fn surrender() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SURRENDER, error, prepare);
    vec![
        case(None, |ledger, _| {
            let period = over(ledger);
            surrendered(ledger, EMITTER, period, UNITS)
        }),
        case(None, |ledger, _| {
            let period = allocated(ledger);
            surrendered(ledger, EMITTER, period, 1)
        }),
        // Late.
        case(None, |ledger, _| {
            let period = over(ledger);
            ledger.settle_time();
            surrendered(ledger, EMITTER, period, UNITS)
        }),
        // Banked: allowances of the period before.
        case(None, |ledger, _| {
            let first = allocated(ledger);
            let batch = ledger.allowances(first);
            call(EMITTER, (ledger.period(), batch, UNITS))
        }),
        // Bought.
        case(None, |ledger, _| {
            let period = shared(ledger, FACTORY);
            surrendered(ledger, FACTORY, period, UNITS / 2)
        }),
        // It meets a duty, so that it waits for nobody.
        case(None, |ledger, contract| {
            let period = over(ledger);
            ledger.suspend(EMITTER);
            ledger.freeze_units(EMITTER);
            ledger.pause(contract);
            surrendered(ledger, EMITTER, period, UNITS)
        }),
        // It is asked who acts, also of whoever took part before.
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = over(ledger);
            ledger.silence_participants();
            surrendered(ledger, EMITTER, period, UNITS)
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            let period = over(ledger);
            surrendered(ledger, EMITTER, period, 0)
        }),
        case(Some("ZeroAmount"), |_, _| call(STRANGER, (0u64, 0u64, 0u128))),
        case(Some("UnknownPeriod"), |ledger, _| {
            let period = over(ledger);
            let batch = ledger.allowances(period);
            call(EMITTER, (period + 1, batch, UNITS))
        }),
        case(Some("UnknownPeriod"), |_, _| call(STRANGER, (0u64, 0u64, 1u128))),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = shared(ledger, FACTORY);
            ledger.silence_participants();
            surrendered(ledger, FACTORY, period, UNITS / 2)
        }),
        case(Some("NotEmitter"), |ledger, _| {
            let period = shared(ledger, TRADER);
            surrendered(ledger, TRADER, period, UNITS / 2)
        }),
        case(Some("NotEmitter"), |ledger, _| {
            let period = shared(ledger, FACTORY);
            ledger.suspend(FACTORY);
            surrendered(ledger, FACTORY, period, UNITS / 2)
        }),
        case(Some("NotEmitter"), |ledger, _| call(STRANGER, (over(ledger), 0u64, 1u128))),
        case(Some("AlreadySettled"), |ledger, _| {
            let period = over(ledger);
            ledger.report(period, EMITTER, 0);
            ledger.settle_time();
            ledger.settle(period, EMITTER);
            surrendered(ledger, EMITTER, period, UNITS)
        }),
        case(Some("AlreadySettled"), |ledger, _| {
            call(EMITTER, (settled(ledger, UNITS), 0u64, UNITS))
        }),
        case(Some("AlreadySettled"), |ledger, _| {
            let (first, second) = settled_second(ledger);
            let batch = ledger.allowances(second);
            call(EMITTER, (first, batch, 1u128))
        }),
        case(Some("UnknownBatch"), |ledger, _| call(EMITTER, (over(ledger), 0u64, UNITS))),
        case(Some("UnknownBatch"), |ledger, _| {
            let period = over(ledger);
            let batch = ledger.allowances(period);
            call(EMITTER, (period, batch + 1, UNITS))
        }),
        case(Some("NotAllowance"), |ledger, _| {
            let batch = ledger.credits(EMITTER, UNITS);
            call(EMITTER, (over(ledger), batch, UNITS))
        }),
        case(Some("FuturePeriod"), |ledger, _| {
            let first = allocated(ledger);
            let second = ledger.period();
            ledger.allocate(second, EMITTER, UNITS);
            let batch = ledger.allowances(second);
            call(EMITTER, (first, batch, UNITS))
        }),
        case(Some("FuturePeriod"), |ledger, _| {
            let first = allocated(ledger);
            let second = ledger.period();
            let batch = ledger.allowances(second);
            call(EMITTER, (first, batch, UNITS))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let period = over(ledger);
            surrendered(ledger, EMITTER, period, UNITS + 1)
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let period = over(ledger);
            let batch = ledger.allowances(period);
            ledger.entrust(EMITTER, STRANGER, batch, UNITS);
            ledger.done(STRANGER, "carbon", carbon::ESCROW, &(EMITTER, batch, 1u128));
            call(EMITTER, (period, batch, UNITS))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let period = over(ledger);
            ledger.surrender(period, EMITTER, UNITS);
            surrendered(ledger, EMITTER, period, 1)
        }),
    ]
}
