//! Periods are settled, and penalties paid.

use assent_interface::{carbon, token};

use super::super::{Case, call};
use super::{REASON, UNITS, allocated, case, due, over, settled, settled_second};
use crate::ledger::{
    COLLECTOR, EMITTER, FACTORY, KEY, Ledger, NEXT_KEY, REGULATOR, STRANGER, TRADER, VERIFIER, role,
};

/// What is missing in these cases when something is.
const MISSING: u128 = 7;
/// What that costs: a token base unit a unit.
const PENALTY: u128 = MISSING;

pub(super) fn cases() -> Vec<Case> {
    [settle_period(), pay_penalty()].concat()
}

fn settle_period() -> Vec<Case> {
    let case = |error, prepare| case(carbon::SETTLE_PERIOD, error, prepare);
    vec![
        case(None, |ledger, _| call(STRANGER, (due(ledger, UNITS), EMITTER))),
        // With something missing.
        case(None, |ledger, _| call(STRANGER, (due(ledger, UNITS + MISSING), EMITTER))),
        // With something left.
        case(None, |ledger, _| call(EMITTER, (due(ledger, 0), EMITTER))),
        // Late, and of one who is suspended by now.
        case(None, |ledger, _| {
            let period = over(ledger);
            ledger.settle_time();
            ledger.report(period, EMITTER, UNITS);
            ledger.suspend(EMITTER);
            ledger.freeze_units(EMITTER);
            call(VERIFIER, (period, EMITTER))
        }),
        case(None, |ledger, _| {
            let period = due(ledger, UNITS);
            ledger.silence_participants();
            call(STRANGER, (period, EMITTER))
        }),
        // The next one.
        case(None, |ledger, _| {
            settled_second(ledger);
            let third = ledger.period();
            ledger.settle_time();
            ledger.report(third, EMITTER, 1);
            call(STRANGER, (third, EMITTER))
        }),
        // One before that in which he took part first.
        case(None, |ledger, _| {
            let (first, second) = (ledger.period(), ledger.period());
            ledger.allocate(second, EMITTER, UNITS);
            ledger.settle_time();
            ledger.report(first, EMITTER, 0);
            call(STRANGER, (first, EMITTER))
        }),
        // The greatest penalty.
        case(None, |ledger, _| {
            ledger.penalty(u128::MAX, COLLECTOR);
            let period = over(ledger);
            ledger.report(period, EMITTER, u128::from(u64::MAX));
            ledger.settle_time();
            call(STRANGER, (period, EMITTER))
        }),
        case(Some("Paused"), |ledger, contract| {
            let period = due(ledger, UNITS);
            ledger.pause(contract);
            call(STRANGER, (period, EMITTER))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, STRANGER))
        }),
        case(Some("UnknownPeriod"), |ledger, _| call(STRANGER, (due(ledger, UNITS) + 1, EMITTER))),
        case(Some("UnknownPeriod"), |_, _| call(STRANGER, (0u64, STRANGER))),
        case(Some("NotEmitter"), |ledger, _| call(STRANGER, (due(ledger, UNITS), TRADER))),
        case(Some("NotEmitter"), |ledger, _| call(STRANGER, (due(ledger, UNITS), FACTORY))),
        case(Some("NotEmitter"), |ledger, _| call(STRANGER, (allocated(ledger), FACTORY))),
        case(Some("AlreadySettled"), |ledger, _| call(STRANGER, (settled(ledger, UNITS), EMITTER))),
        case(Some("AlreadySettled"), |ledger, _| {
            call(STRANGER, (settled(ledger, UNITS + MISSING), EMITTER))
        }),
        case(Some("NotNext"), |ledger, _| {
            due(ledger, UNITS);
            let second = ledger.period();
            ledger.settle_time();
            ledger.report(second, EMITTER, 0);
            call(STRANGER, (second, EMITTER))
        }),
        case(Some("NotNext"), |ledger, _| {
            due(ledger, UNITS);
            call(STRANGER, (ledger.period(), EMITTER))
        }),
        // He took no part in it, and it is past.
        case(Some("NotNext"), |ledger, _| call(STRANGER, (settled_second(ledger).0, EMITTER))),
        case(Some("TooEarly"), |ledger, _| {
            let period = over(ledger);
            ledger.report(period, EMITTER, UNITS);
            let last = ledger.last_period().expect("it was set");
            ledger.wait_until(last.settle_from - 1);
            call(STRANGER, (period, EMITTER))
        }),
        case(Some("TooEarly"), |ledger, _| call(STRANGER, (allocated(ledger), EMITTER))),
        case(Some("NotReported"), |ledger, _| {
            let period = over(ledger);
            ledger.surrender(period, EMITTER, UNITS);
            ledger.settle_time();
            call(STRANGER, (period, EMITTER))
        }),
        // One in between in which he took no part is his, too.
        case(Some("NotReported"), |ledger, _| {
            settled(ledger, UNITS);
            let second = ledger.period();
            ledger.settle_time();
            call(STRANGER, (second, EMITTER))
        }),
    ]
}

/// A period in which the emitter has to pay [`PENALTY`]; he holds that much, and more.
fn fined(ledger: &mut Ledger) -> u64 {
    let period = settled(ledger, UNITS + MISSING);
    let carbon = ledger.carbon.address;
    ledger.money(EMITTER, 10 * PENALTY, carbon);
    period
}

/// As [`fined`], and another key acts for the collector, which holds as much.
fn collects_by_key(ledger: &mut Ledger) -> u64 {
    let period = fined(ledger);
    ledger.admit(COLLECTOR, role::TRADER);
    ledger.replace_key(COLLECTOR);
    let carbon = ledger.carbon.address;
    ledger.money(KEY, PENALTY, carbon);
    period
}

fn pay_penalty() -> Vec<Case> {
    let case = |error, prepare| case(carbon::PAY_PENALTY, error, prepare);
    vec![
        case(None, |ledger, _| call(EMITTER, (fined(ledger), EMITTER))),
        // By anybody.
        case(None, |ledger, _| {
            let period = fined(ledger);
            let carbon = ledger.carbon.address;
            ledger.money(STRANGER, PENALTY, carbon);
            call(STRANGER, (period, EMITTER))
        }),
        // Whatever he is.
        case(None, |ledger, contract| {
            let period = fined(ledger);
            ledger.suspend(EMITTER);
            ledger.freeze_units(EMITTER);
            ledger.pause(contract);
            call(EMITTER, (period, EMITTER))
        }),
        // To a collector whose key was replaced, by anybody else.
        case(None, |ledger, _| {
            let period = collects_by_key(ledger);
            ledger.done(KEY, "token", token::TAKE_OVER, &COLLECTOR);
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("NoPenalty"), |_, _| call(STRANGER, (0u64, EMITTER))),
        case(Some("NoPenalty"), |ledger, _| call(EMITTER, (fined(ledger) + 1, EMITTER))),
        case(Some("NoPenalty"), |ledger, _| call(EMITTER, (fined(ledger), TRADER))),
        case(Some("NoPenalty"), |ledger, _| call(EMITTER, (settled(ledger, UNITS), EMITTER))),
        // Not settled yet.
        case(Some("NoPenalty"), |ledger, _| call(EMITTER, (due(ledger, UNITS + MISSING), EMITTER))),
        case(Some("AlreadyPaid"), |ledger, contract| {
            let period = fined(ledger);
            ledger.done(EMITTER, contract, carbon::PAY_PENALTY, &(period, EMITTER));
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("AlreadyPaid"), |ledger, contract| {
            let period = fined(ledger);
            ledger.done(EMITTER, contract, carbon::PAY_PENALTY, &(period, EMITTER));
            call(STRANGER, (period, EMITTER))
        }),
        // Nobody says whose key the payer has.
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = fined(ledger);
            ledger.silence_participants();
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let period = fined(ledger);
            ledger.silence_participants();
            call(COLLECTOR, (period, EMITTER))
        }),
        // The collector, who would pay himself; also when he allowed it nothing.
        case(Some("SelfPayment"), |ledger, _| call(COLLECTOR, (fined(ledger), EMITTER))),
        case(Some("SelfPayment"), |ledger, _| {
            let period = fined(ledger);
            let carbon = ledger.carbon.address;
            ledger.money(COLLECTOR, PENALTY, carbon);
            call(COLLECTOR, (period, EMITTER))
        }),
        // Nor by a key of his, be it before or after it took over what he had: then nothing would move at all.
        // Nor by one that was replaced.
        case(Some("SelfPayment"), |ledger, _| call(KEY, (collects_by_key(ledger), EMITTER))),
        case(Some("SelfPayment"), |ledger, _| {
            let period = collects_by_key(ledger);
            ledger.done(KEY, "token", token::TAKE_OVER, &COLLECTOR);
            call(KEY, (period, EMITTER))
        }),
        case(Some("SelfPayment"), |ledger, _| call(COLLECTOR, (collects_by_key(ledger), EMITTER))),
        case(Some("SelfPayment"), |ledger, _| {
            let period = collects_by_key(ledger);
            ledger.hand_over(COLLECTOR, KEY, NEXT_KEY);
            call(KEY, (period, EMITTER))
        }),
        // Nothing allowed, too little allowed, too little held.
        case(Some("TokenFailed"), |ledger, _| call(STRANGER, (fined(ledger), EMITTER))),
        case(Some("TokenFailed"), |ledger, _| {
            let period = fined(ledger);
            let allowance = (ledger.carbon.address, PENALTY - 1);
            ledger.done(EMITTER, "token", token::APPROVE, &allowance);
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            let period = fined(ledger);
            let allowance = (ledger.carbon.address, PENALTY);
            ledger.done(STRANGER, "token", token::APPROVE, &allowance);
            call(STRANGER, (period, EMITTER))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            let period = fined(ledger);
            ledger.pause("token");
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            let period = fined(ledger);
            ledger.done(REGULATOR, "token", token::FREEZE, &(COLLECTOR, REASON));
            call(EMITTER, (period, EMITTER))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            let participants = ledger.participants.address;
            ledger.replace_carbon(participants, STRANGER);
            call(EMITTER, (fined(ledger), EMITTER))
        }),
    ]
}
