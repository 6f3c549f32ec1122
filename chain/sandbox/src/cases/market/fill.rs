//! Orders that are filled.

use assent_interface::{market, participants, power, token};

use super::super::{Call, Case, call, own};
use super::{NONE, PRICE, TOTAL, UNITS, case, fund, lose_escrow, open, settle, silence_carbon};
use crate::Account;
use crate::ledger::{
    COLLECTOR, CREDIT, EMITTER, FACTORY, KEY, LIMITS, Ledger, Limits, ORDER_TIME, REGULATOR,
    STRANGER, TRADER,
};

pub(super) fn cases() -> Vec<Case> {
    [sound(), unsound(), beyond_the_limits(), refused_by_carbon(), unpaid()].concat()
}

/// The emitter asks for units of an order, whatever they cost.
fn fill(order: u64, amount: u128) -> Call {
    own(EMITTER, (order, amount, u128::MAX))
}

/// There is an order, and the emitter could pay for it; gives its number.
fn offered(ledger: &mut Ledger) -> u64 {
    let order = open(ledger);
    fund(ledger, TOTAL);
    order
}

/// As [`offered`], with a fee of so many hundredths of a percent.
fn offered_with_fee(ledger: &mut Ledger, fee_bps: u16) -> u64 {
    ledger.fee(fee_bps, COLLECTOR);
    offered(ledger)
}

/// The factory offers `amount`, and the emitter has the money for it.
fn sold_by_factory(ledger: &mut Ledger, amount: u128) -> u64 {
    let order = ledger.offer(FACTORY, amount, PRICE);
    fund(ledger, amount * PRICE);
    order
}

fn freeze_tokens(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::FREEZE, &(account, [0x72u8; 32]));
}

fn sound() -> Vec<Case> {
    let case = |prepare| case(market::FILL, None, prepare);
    vec![
        // With a fee.
        case(|ledger, _| {
            let order = offered_with_fee(ledger, 500);
            fill(order, UNITS)
        }),
        case(|ledger, _| {
            let order = offered(ledger);
            fill(order, UNITS)
        }),
        case(|ledger, _| {
            let order = offered(ledger);
            fill(order, UNITS - 1)
        }),
        // The least unit costs the least money, and the fee of that is nothing.
        case(|ledger, _| {
            let order = offered_with_fee(ledger, 500);
            own(EMITTER, (order, 1u128, 1u128))
        }),
        case(|ledger, _| {
            let order = offered(ledger);
            own(EMITTER, (order, UNITS, TOTAL))
        }),
        case(|ledger, _| {
            let order = offered(ledger);
            ledger.sandbox.advance(ORDER_TIME - 1);
            fill(order, UNITS)
        }),
        // What another left.
        case(|ledger, contract| {
            let order = offered(ledger);
            ledger.done(EMITTER, contract, market::FILL, &(EMITTER, order, 1u128, u128::MAX));
            // Both parts are rounded up.
            fund(ledger, TOTAL);
            fill(order, UNITS - 1)
        }),
        // The fee is the one of the order; who collects it does not matter where there is none.
        case(|ledger, _| {
            let order = offered(ledger);
            ledger.fee(500u16, COLLECTOR);
            freeze_tokens(ledger, COLLECTOR);
            fill(order, UNITS)
        }),
        // One of the emitter's staff, which pays; and who acts for it by its next key, from which it pays.
        case(|ledger, _| {
            let order = offered(ledger);
            ledger.admit_member(EMITTER, STRANGER, power::TRADE);
            call(STRANGER, (EMITTER, order, UNITS, u128::MAX))
        }),
        case(|ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.replace_key(EMITTER);
            ledger.money(KEY, TOTAL, market);
            call(KEY, (EMITTER, order, UNITS, u128::MAX))
        }),
        case(|ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.admit_member(EMITTER, STRANGER, power::TRADE);
            ledger.replace_key(EMITTER);
            ledger.money(KEY, TOTAL, market);
            call(STRANGER, (EMITTER, order, UNITS, u128::MAX))
        }),
        // As much as the limits of the buyer, and then of the seller, allow.
        case(|ledger, _| {
            let order = sold_by_factory(ledger, LIMITS.floor + 1);
            settle(ledger, EMITTER, CREDIT);
            fill(order, LIMITS.floor)
        }),
        case(|ledger, _| {
            let order = sold_by_factory(ledger, LIMITS.floor + 1);
            settle(ledger, FACTORY, CREDIT);
            fill(order, LIMITS.floor)
        }),
    ]
}

fn unsound() -> Vec<Case> {
    let case = |error, prepare| case(market::FILL, Some(error), prepare);
    vec![
        case("Paused", |ledger, contract| {
            let order = offered(ledger);
            ledger.pause(contract);
            fill(order, UNITS)
        }),
        case("Paused", |ledger, contract| {
            ledger.pause(contract);
            fill(NONE, 0)
        }),
        case("UnknownOrder", |ledger, _| {
            offered(ledger);
            fill(2, UNITS)
        }),
        case("UnknownOrder", |_, _| fill(0, 0)),
        case("ParticipantsFailed", |ledger, _| {
            let order = offered(ledger);
            ledger.silence_participants();
            fill(order, UNITS)
        }),
        case("NotAuthorized", |ledger, _| {
            let order = offered(ledger);
            call(STRANGER, (EMITTER, order, UNITS, u128::MAX))
        }),
        case("NotAuthorized", |ledger, _| {
            let order = offered(ledger);
            ledger.admit_member(EMITTER, STRANGER, power::ALL & !power::TRADE);
            call(STRANGER, (EMITTER, order, UNITS, u128::MAX))
        }),
        // Whose mandate was ended, and a key that was replaced.
        case("NotAuthorized", |ledger, _| {
            let order = offered(ledger);
            ledger.admit_member(EMITTER, STRANGER, power::TRADE);
            let mandate = (EMITTER, STRANGER);
            ledger.done(EMITTER, "participants", participants::END_MANDATE, &mandate);
            call(STRANGER, (EMITTER, order, UNITS, u128::MAX))
        }),
        case("NotAuthorized", |ledger, _| {
            let order = offered(ledger);
            ledger.replace_key(EMITTER);
            fill(order, UNITS)
        }),
        case("OrderClosed", |ledger, contract| {
            let order = offered(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            fill(order, UNITS)
        }),
        case("OrderClosed", |ledger, contract| {
            let order = offered(ledger);
            ledger.done(EMITTER, contract, market::FILL, &(EMITTER, order, UNITS, u128::MAX));
            fill(order, 1)
        }),
        case("OrderClosed", |ledger, contract| {
            let order = offered(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            ledger.sandbox.advance(ORDER_TIME);
            own(EMITTER, (order, 0u128, 0u128))
        }),
        case("Expired", |ledger, _| {
            let order = offered(ledger);
            ledger.sandbox.advance(ORDER_TIME);
            fill(order, UNITS)
        }),
        case("Expired", |ledger, _| {
            let order = offered(ledger);
            ledger.sandbox.advance(ORDER_TIME);
            own(EMITTER, (order, 0u128, 0u128))
        }),
        case("SelfTrade", |ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.money(TRADER, TOTAL, market);
            own(TRADER, (order, UNITS, u128::MAX))
        }),
        case("SelfTrade", |ledger, contract| {
            let order = open(ledger);
            ledger.done(TRADER, contract, market::CANCEL, &order);
            own(TRADER, (order, 0u128, 0u128))
        }),
        // Who may trade for the seller does not fill its order for anyone.
        case("SelfTrade", |ledger, _| {
            let order = offered(ledger);
            ledger.admit_member(TRADER, EMITTER, power::TRADE);
            fill(order, UNITS)
        }),
        case("ZeroAmount", |ledger, _| {
            let order = offered(ledger);
            own(EMITTER, (order, 0u128, 0u128))
        }),
        case("ExceedsOrder", |ledger, _| {
            let order = offered(ledger);
            fill(order, UNITS + 1)
        }),
        case("ExceedsOrder", |ledger, contract| {
            let order = offered(ledger);
            ledger.done(EMITTER, contract, market::FILL, &(EMITTER, order, 1u128, u128::MAX));
            fill(order, UNITS)
        }),
        case("ExceedsOrder", |ledger, _| {
            let order = offered(ledger);
            own(EMITTER, (order, u128::MAX, 0u128))
        }),
        case("TooExpensive", |ledger, _| {
            let order = offered(ledger);
            own(EMITTER, (order, UNITS, TOTAL - 1))
        }),
        // Rounded up, it is 1.
        case("TooExpensive", |ledger, _| {
            let order = offered(ledger);
            silence_carbon(ledger);
            own(EMITTER, (order, 1u128, 0u128))
        }),
        case("TooExpensive", |ledger, _| {
            let order = open(ledger);
            own(STRANGER, (order, UNITS, TOTAL - 1))
        }),
        case("CarbonFailed", |ledger, _| {
            let order = offered(ledger);
            silence_carbon(ledger);
            fill(order, UNITS)
        }),
    ]
}

fn beyond_the_limits() -> Vec<Case> {
    let case = |error, prepare| case(market::FILL, Some(error), prepare);
    vec![
        case("SellerLimit", |ledger, _| {
            let order = sold_by_factory(ledger, LIMITS.floor + 1);
            settle(ledger, FACTORY, CREDIT);
            fill(order, LIMITS.floor + 1)
        }),
        // Before the buyer's, and before carbon is asked for the units.
        case("SellerLimit", |ledger, contract| {
            let order = open(ledger);
            let limits = Limits { floor: 1, ceiling: UNITS - 1 };
            ledger.done(REGULATOR, contract, market::SET_LIMITS, &limits);
            ledger.pause("carbon");
            fill(order, UNITS)
        }),
        case("BuyerLimit", |ledger, _| {
            let order = sold_by_factory(ledger, LIMITS.floor + 1);
            settle(ledger, EMITTER, CREDIT);
            fill(order, LIMITS.floor + 1)
        }),
        case("BuyerLimit", |ledger, _| {
            let order = sold_by_factory(ledger, LIMITS.floor + 1);
            settle(ledger, EMITTER, CREDIT);
            ledger.suspend(EMITTER);
            ledger.pause("carbon");
            fill(order, LIMITS.floor + 1)
        }),
    ]
}

fn refused_by_carbon() -> Vec<Case> {
    let case = |error, prepare| case(market::FILL, Some(error), prepare);
    vec![
        case("CarbonPaused", |ledger, _| {
            let order = offered(ledger);
            ledger.pause("carbon");
            fill(order, UNITS)
        }),
        case("NotAdmitted", |ledger, _| {
            let order = offered(ledger);
            ledger.suspend(EMITTER);
            fill(order, UNITS)
        }),
        case("NotAdmitted", |ledger, _| {
            let order = offered(ledger);
            ledger.suspend(TRADER);
            fill(order, UNITS)
        }),
        case("NotAdmitted", |ledger, _| {
            let (order, market) = (open(ledger), ledger.market.address);
            ledger.money(STRANGER, TOTAL, market);
            own(STRANGER, (order, UNITS, TOTAL))
        }),
        case("Frozen", |ledger, _| {
            let order = offered(ledger);
            ledger.freeze_units(EMITTER);
            fill(order, UNITS)
        }),
        case("Frozen", |ledger, _| {
            let order = offered(ledger);
            ledger.freeze_units(TRADER);
            fill(order, UNITS)
        }),
        case("Frozen", |ledger, _| {
            let (order, market) = (offered(ledger), ledger.market.address);
            ledger.freeze_units(market);
            fill(order, UNITS)
        }),
        // It has nothing to deliver.
        case("CarbonFailed", |ledger, _| {
            let order = offered(ledger);
            lose_escrow(ledger);
            fill(order, UNITS)
        }),
    ]
}

fn unpaid() -> Vec<Case> {
    let case = |error, prepare| case(market::FILL, Some(error), prepare);
    vec![
        case("TokenFailed", |ledger, _| {
            let order = open(ledger);
            fill(order, UNITS)
        }),
        // He has the money, and allowed less.
        case("TokenFailed", |ledger, _| {
            let (order, market) = (offered(ledger), ledger.market.address);
            ledger.done(EMITTER, "token", token::APPROVE, &(market, TOTAL - 1));
            fill(order, UNITS)
        }),
        // He allowed it, and has less.
        case("TokenFailed", |ledger, _| {
            let order = offered(ledger);
            let gone = (STRANGER, 1u128, Vec::<u8>::new());
            ledger.done(EMITTER, "token", token::TRANSFER, &gone);
            fill(order, UNITS)
        }),
        // It is enough without the fee.
        case("TokenFailed", |ledger, _| {
            let (order, market) = (offered_with_fee(ledger, 500), ledger.market.address);
            ledger.done(EMITTER, "token", token::APPROVE, &(market, TOTAL - 1));
            fill(order, UNITS)
        }),
        case("TokenFailed", |ledger, _| {
            let order = offered(ledger);
            ledger.pause("token");
            fill(order, UNITS)
        }),
        case("TokenFailed", |ledger, _| {
            let order = offered(ledger);
            freeze_tokens(ledger, EMITTER);
            fill(order, UNITS)
        }),
        case("TokenFailed", |ledger, _| {
            let order = offered(ledger);
            freeze_tokens(ledger, TRADER);
            fill(order, UNITS)
        }),
        case("TokenFailed", |ledger, _| {
            let (order, market) = (offered(ledger), ledger.market.address);
            freeze_tokens(ledger, market);
            fill(order, UNITS)
        }),
        // The seller was paid by then.
        case("TokenFailed", |ledger, _| {
            let order = offered_with_fee(ledger, 500);
            freeze_tokens(ledger, COLLECTOR);
            fill(order, UNITS)
        }),
        case("TokenFailed", |ledger, _| {
            let carbon = ledger.carbon.address;
            ledger.replace_market(carbon, STRANGER);
            let order = open(ledger);
            fill(order, UNITS)
        }),
    ]
}
