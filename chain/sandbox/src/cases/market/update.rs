//! Orders that are changed.

use assent_interface::{market, power};

use super::super::{Call, Case, call};
use super::{
    LONGEST, NONE, ORDERS, PRICE, UNITS, UNRATED, buy, case, expiry, lose_escrow, open, settle,
    silence_carbon,
};
use crate::ledger::{
    COLLECTOR, CREDIT, EMITTER, FACTORY, KEY, LIMITS, Ledger, Limits, ORDER_TIME, Order, REGULATOR,
    SERIALS, STRANGER, TRADER, key,
};

pub(super) fn cases() -> Vec<Case> {
    [sound(), unsound(), unfit(), refused_by_carbon()].concat()
}

/// The trader asks for an order of so many units at [`PRICE`], from now on.
fn update(ledger: &Ledger, order: u64, amount: u128) -> Call {
    call(TRADER, (order, amount, PRICE, expiry(ledger)))
}

/// The trader has an order of [`UNITS`] and changes it.
fn change(ledger: &mut Ledger, amount: u128) -> Call {
    let order = open(ledger);
    update(ledger, order, amount)
}

/// As [`change`], the price only.
fn reprice(ledger: &mut Ledger, price: u128) -> Call {
    let order = open(ledger);
    call(TRADER, (order, UNITS, price, expiry(ledger)))
}

/// As [`change`], the expiry only: this long after now.
fn prolong(ledger: &mut Ledger, ms: u64) -> Call {
    let order = open(ledger);
    call(TRADER, (order, UNITS, PRICE, ledger.sandbox.now() + ms))
}

/// The factory has an order of the floor, could offer more, and asks for `amount` after a period in
/// which it emitted this much.
fn rated(ledger: &mut Ledger, emissions: u128, amount: u128) -> Call {
    let batch = ledger.credits(FACTORY, SERIALS);
    let market = ledger.market.address;
    ledger.entrust(FACTORY, market, batch, SERIALS);
    let placed = (FACTORY, batch, LIMITS.floor, PRICE, expiry(ledger));
    let order: u64 = ledger.done(FACTORY, "market", market::PLACE, &placed).value();
    settle(ledger, FACTORY, emissions);
    call(FACTORY, (order, amount, PRICE, expiry(ledger)))
}

fn sound() -> Vec<Case> {
    let case = |prepare| case(market::UPDATE, None, prepare);
    vec![
        // More, less, and all that there is.
        case(|ledger, _| change(ledger, UNITS + 1)),
        case(|ledger, _| change(ledger, 1)),
        case(|ledger, _| change(ledger, 2 * UNITS)),
        // At another price, and for another time.
        case(|ledger, _| reprice(ledger, PRICE + 1)),
        case(|ledger, _| reprice(ledger, u128::MAX / UNITS)),
        case(|ledger, _| prolong(ledger, 1)),
        case(|ledger, _| prolong(ledger, LONGEST)),
        // Nothing but the fee, which is the one of now.
        case(|ledger, _| {
            let order = open(ledger);
            ledger.fee(500u16, COLLECTOR);
            update(ledger, order, UNITS)
        }),
        // One of the trader's staff, and his next key.
        case(|ledger, _| {
            let order = open(ledger);
            ledger.admit_member(TRADER, STRANGER, power::TRADE);
            call(STRANGER, (order, UNITS + 1, PRICE, expiry(ledger)))
        }),
        case(|ledger, _| {
            let order = open(ledger);
            ledger.replace_key(TRADER);
            call(KEY, (order, UNITS - 1, PRICE, expiry(ledger)))
        }),
        // What is over.
        case(|ledger, _| {
            let order = open(ledger);
            ledger.sandbox.advance(ORDER_TIME);
            update(ledger, order, UNITS)
        }),
        // What was sold in part.
        case(|ledger, _| {
            let order = open(ledger);
            buy(ledger, order, UNITS - 1);
            update(ledger, order, UNITS + 1)
        }),
        // What comes back from escrow comes back to whoever is suspended or frozen, and in a pause of
        // carbon.
        case(|ledger, _| {
            let order = open(ledger);
            ledger.suspend(TRADER);
            ledger.freeze_units(TRADER);
            ledger.pause("carbon");
            update(ledger, order, UNITS - 1)
        }),
        case(|ledger, _| {
            let order = open(ledger);
            ledger.suspend(TRADER);
            update(ledger, order, UNITS)
        }),
        case(|ledger, _| rated(ledger, 0, LIMITS.ceiling)),
        case(|ledger, _| rated(ledger, CREDIT, LIMITS.floor)),
    ]
}

fn unsound() -> Vec<Case> {
    let case = |error, prepare| case(market::UPDATE, Some(error), prepare);
    vec![
        case("Paused", |ledger, contract| {
            let order = open(ledger);
            ledger.pause(contract);
            update(ledger, order, UNITS)
        }),
        case("Paused", |ledger, contract| {
            ledger.pause(contract);
            update(ledger, NONE, 0)
        }),
        case("UnknownOrder", |ledger, _| update(ledger, 1, UNITS)),
        case("UnknownOrder", |ledger, _| {
            open(ledger);
            update(ledger, 0, 0)
        }),
        case("NotAuthorized", |ledger, _| {
            let order = open(ledger);
            call(EMITTER, (order, UNITS, PRICE, expiry(ledger)))
        }),
        case("NotAuthorized", |ledger, _| {
            let order = open(ledger);
            ledger.admit_member(TRADER, STRANGER, power::ALL & !power::TRADE);
            call(STRANGER, (order, UNITS, PRICE, expiry(ledger)))
        }),
        case("NotAuthorized", |ledger, _| {
            let order = open(ledger);
            ledger.replace_key(TRADER);
            update(ledger, order, UNITS)
        }),
        case("ParticipantsFailed", |ledger, _| {
            let order = open(ledger);
            ledger.silence_participants();
            update(ledger, order, UNITS)
        }),
        // Nor the administrator.
        case("NotAuthorized", |ledger, contract| {
            let order = open(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            call(REGULATOR, (order, 0u128, 0u128, 0u64))
        }),
        case("OrderClosed", |ledger, contract| {
            let order = open(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            update(ledger, order, UNITS)
        }),
        case("OrderClosed", |ledger, _| {
            let order = open(ledger);
            buy(ledger, order, UNITS);
            update(ledger, order, UNITS)
        }),
        case("OrderClosed", |ledger, contract| {
            let order = open(ledger);
            ledger.sandbox.advance(ORDER_TIME);
            ledger.done(STRANGER, contract, market::PRUNE_EXPIRED, &vec![order]);
            call(TRADER, (order, 0u128, 0u128, 0u64))
        }),
        case("ZeroAmount", |ledger, _| change(ledger, 0)),
        case("ZeroAmount", |ledger, _| {
            let order = open(ledger);
            call(TRADER, (order, 0u128, 0u128, 0u64))
        }),
        case("ZeroPrice", |ledger, _| reprice(ledger, 0)),
        case("ZeroPrice", |ledger, _| {
            let order = open(ledger);
            call(TRADER, (order, u128::MAX, 0u128, 0u64))
        }),
        case("InvalidExpiry", |ledger, _| prolong(ledger, 0)),
        case("InvalidExpiry", |ledger, _| prolong(ledger, LONGEST + 1)),
        case("InvalidExpiry", |ledger, _| {
            let order = open(ledger);
            call(TRADER, (order, u128::MAX, u128::MAX, u64::MAX))
        }),
        case("Overflow", |ledger, _| reprice(ledger, u128::MAX / UNITS + 1)),
        case("Overflow", |ledger, _| {
            let order = open(ledger);
            silence_carbon(ledger);
            call(TRADER, (order, u128::MAX, 2u128, expiry(ledger)))
        }),
    ]
}

/// What the ratings, the limits and the escrow do not allow.
fn unfit() -> Vec<Case> {
    let case = |error, prepare| case(market::UPDATE, Some(error), prepare);
    vec![
        case("CarbonFailed", |ledger, _| {
            let order = open(ledger);
            silence_carbon(ledger);
            update(ledger, order, UNITS)
        }),
        // It has nothing to give back.
        case("CarbonFailed", |ledger, _| {
            let order = open(ledger);
            lose_escrow(ledger);
            update(ledger, order, UNITS - 1)
        }),
        case("SellerLimit", |ledger, _| change(ledger, UNRATED + 1)),
        case("SellerLimit", |ledger, _| rated(ledger, 0, LIMITS.ceiling + 1)),
        case("SellerLimit", |ledger, _| rated(ledger, CREDIT, LIMITS.floor + 1)),
        // Also of an order that does not grow: the limit fell after it was placed.
        case("SellerLimit", |ledger, contract| {
            let order = open(ledger);
            let limits = Limits { floor: 1, ceiling: UNITS - 2 };
            ledger.done(REGULATOR, contract, market::SET_LIMITS, &limits);
            update(ledger, order, UNITS - 1)
        }),
        case("SellerLimit", |ledger, _| {
            let order = open(ledger);
            ledger.suspend(TRADER);
            ledger.pause("carbon");
            update(ledger, order, UNRATED + 1)
        }),
    ]
}

fn refused_by_carbon() -> Vec<Case> {
    let case = |error, prepare| case(market::UPDATE, Some(error), prepare);
    vec![
        case("CarbonPaused", |ledger, _| {
            let order = open(ledger);
            ledger.pause("carbon");
            update(ledger, order, UNITS + 1)
        }),
        case("NotAdmitted", |ledger, _| {
            let order = open(ledger);
            ledger.suspend(TRADER);
            update(ledger, order, UNITS + 1)
        }),
        case("Frozen", |ledger, _| {
            let order = open(ledger);
            ledger.freeze_units(TRADER);
            update(ledger, order, UNITS + 1)
        }),
        case("Frozen", |ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.freeze_units(market);
            update(ledger, order, UNITS + 1)
        }),
        // No order gets there by a message.
        case("UnknownBatch", |ledger, contract| {
            let number = open(ledger);
            let order: Option<Order> = ledger.view(contract, market::ORDER, &number);
            let order = Order { batch: NONE, ..order.expect("it was placed") };
            ledger.overwrite(contract, &key(ORDERS, number), &order);
            update(ledger, number, UNITS + 1)
        }),
        case("NotApproved", |ledger, _| change(ledger, 2 * UNITS + 1)),
        // What was sold does not count as approved again.
        case("NotApproved", |ledger, _| {
            let order = open(ledger);
            buy(ledger, order, 1);
            update(ledger, order, 2 * UNITS)
        }),
        case("InsufficientBalance", |ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.entrust(TRADER, market, 1, 2 * UNITS);
            update(ledger, order, 2 * UNITS + 1)
        }),
    ]
}
