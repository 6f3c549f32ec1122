//! Orders that are withdrawn, and those that are over.

use assent_interface::{market, power};

use super::super::{Case, call};
use super::{NONE, UNITS, buy, case, lose_escrow, open, silence_carbon};
use crate::ledger::{DELAY, EMITTER, KEY, Ledger, ORDER_TIME, REGULATOR, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [cancel(), prune()].concat()
}

/// An order that is over and was not closed; gives its number.
fn over(ledger: &mut Ledger) -> u64 {
    let order = open(ledger);
    ledger.sandbox.advance(ORDER_TIME);
    order
}

fn cancel() -> Vec<Case> {
    let case = |error, prepare| case(market::CANCEL, error, prepare);
    vec![
        case(None, |ledger, _| {
            let order = open(ledger);
            call(TRADER, order)
        }),
        case(None, |ledger, _| {
            let order = over(ledger);
            call(TRADER, order)
        }),
        // What is left of it.
        case(None, |ledger, _| {
            let order = open(ledger);
            buy(ledger, order, UNITS - 1);
            call(TRADER, order)
        }),
        // By whoever is suspended or frozen, and in a pause of both contracts.
        case(None, |ledger, contract| {
            let order = open(ledger);
            ledger.suspend(TRADER);
            ledger.freeze_units(TRADER);
            ledger.pause(contract);
            ledger.pause("carbon");
            call(TRADER, order)
        }),
        case(None, |ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.freeze_units(market);
            call(TRADER, order)
        }),
        // By one of its staff, by its next key, and when nobody says whose it is.
        case(None, |ledger, _| {
            let order = open(ledger);
            ledger.admit_member(TRADER, STRANGER, power::TRADE);
            call(STRANGER, order)
        }),
        case(None, |ledger, _| {
            let order = open(ledger);
            ledger.replace_key(TRADER);
            call(KEY, order)
        }),
        case(None, |ledger, _| {
            let order = open(ledger);
            ledger.silence_participants();
            call(TRADER, order)
        }),
        case(Some("UnknownOrder"), |_, _| call(TRADER, 1u64)),
        case(Some("UnknownOrder"), |ledger, contract| {
            open(ledger);
            ledger.pause(contract);
            call(STRANGER, NONE)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let order = open(ledger);
            call(EMITTER, order)
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            let order = open(ledger);
            ledger.replace_key(TRADER);
            call(TRADER, order)
        }),
        // Only the seller's own account waits for nobody.
        case(Some("ParticipantsFailed"), |ledger, _| {
            let order = open(ledger);
            ledger.admit_member(TRADER, EMITTER, power::TRADE);
            ledger.silence_participants();
            call(EMITTER, order)
        }),
        // Nor the administrator.
        case(Some("NotAuthorized"), |ledger, contract| {
            let order = open(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            call(REGULATOR, order)
        }),
        case(Some("OrderClosed"), |ledger, contract| {
            let order = open(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            call(TRADER, order)
        }),
        case(Some("OrderClosed"), |ledger, _| {
            let order = open(ledger);
            buy(ledger, order, UNITS);
            call(TRADER, order)
        }),
        case(Some("OrderClosed"), |ledger, contract| {
            let order = over(ledger);
            ledger.done(STRANGER, contract, market::PRUNE_EXPIRED, &vec![order]);
            call(TRADER, order)
        }),
        case(Some("CarbonFailed"), |ledger, _| {
            let order = open(ledger);
            silence_carbon(ledger);
            call(TRADER, order)
        }),
        case(Some("CarbonFailed"), |ledger, _| {
            let order = open(ledger);
            lose_escrow(ledger);
            call(TRADER, order)
        }),
    ]
}

fn prune() -> Vec<Case> {
    let case = |error, prepare| case(market::PRUNE_EXPIRED, error, prepare);
    vec![
        case(None, |ledger, _| {
            let order = over(ledger);
            call(STRANGER, vec![order])
        }),
        case(None, |ledger, contract| {
            let order = over(ledger);
            ledger.suspend(TRADER);
            ledger.freeze_units(TRADER);
            ledger.pause(contract);
            ledger.pause("carbon");
            call(TRADER, vec![order])
        }),
        // What is open, what was closed, what there is not, and the same again are skipped.
        case(None, |ledger, contract| {
            let (first, second) = (open(ledger), over(ledger));
            ledger.done(TRADER, contract, market::CANCEL, &first);
            let third = open(ledger);
            call(STRANGER, vec![0, NONE, first, third, second, second])
        }),
        // As many as there may be.
        case(None, |ledger, _| {
            let order = over(ledger);
            call(STRANGER, vec![order; 16])
        }),
        case(Some("BatchSize"), |_, _| call(STRANGER, Vec::<u64>::new())),
        case(Some("BatchSize"), |ledger, _| {
            let order = over(ledger);
            call(STRANGER, vec![order; 17])
        }),
        case(Some("CarbonFailed"), |ledger, _| {
            let order = open(ledger);
            silence_carbon(ledger);
            ledger.sandbox.advance(ORDER_TIME - DELAY);
            call(STRANGER, vec![order])
        }),
        // Then none of them is closed.
        case(Some("CarbonFailed"), |ledger, _| {
            let (first, second) = (open(ledger), over(ledger));
            lose_escrow(ledger);
            call(STRANGER, vec![second, first])
        }),
    ]
}
