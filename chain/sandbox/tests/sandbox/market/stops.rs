//! What stops a trade, and never what is in escrow from coming back: suspended and frozen accounts,
//! pauses, and a collector that cannot be paid.

use assent_interface::{carbon, governance, market, token};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    COLLECTOR, CREDIT, FACTORY, Ledger, ORDER_TIME, OrderStatus, REGULATOR, STRANGER,
};

use super::{ANY, BUYER, SELLER, books, buy, expiry, fund, order};

const UNITS: u128 = 10_000;

/// An order of the seller and the money for it.
fn offered(ledger: &mut Ledger) -> u64 {
    let number = ledger.offer(SELLER, UNITS, CREDIT);
    fund(ledger, 2 * UNITS);
    number
}

/// The buyer's fill has to be refused and to leave nothing.
#[track_caller]
fn stopped(ledger: &mut Ledger, number: u64, error: &str) {
    let before = books(ledger);
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, number, 1u128, ANY), error);
    assert_eq!(books(ledger), before);
}

/// What the seller has of the first batch, and what of that is in escrow.
#[track_caller]
fn of_seller(ledger: &mut Ledger) -> (u128, u128) {
    let holding = books(ledger).units.get(&(1, SELLER)).copied().unwrap_or_default();
    (holding.tradable, holding.escrowed)
}

fn freeze_tokens(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::FREEZE, &(account, [0x73u8; 32]));
}

fn unfreeze_tokens(ledger: &mut Ledger, account: Account) {
    ledger.done(REGULATOR, "token", token::UNFREEZE, &account);
}

/// The seller is paid first; with the fee refused he is not.
#[test]
fn a_fee_that_cannot_be_paid_leaves_nothing() {
    let mut ledger = Ledger::new();
    ledger.fee(500u16, COLLECTOR);
    let number = offered(&mut ledger);
    freeze_tokens(&mut ledger, COLLECTOR);
    let before = books(&mut ledger);
    let fill = (number, UNITS, ANY);
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, fill), "TokenFailed");
    assert_eq!(books(&mut ledger), before);
    // A payment so small that there is no fee.
    assert_eq!(buy(&mut ledger, BUYER, number, 19).fee, 0);
    stopped_by_fee(&mut ledger, number);
    // Another collector, or the same one when he is free, ends it.
    ledger.fee(500u16, FACTORY);
    assert_eq!(buy(&mut ledger, BUYER, number, 20).fee, 1);
    ledger.fee(500u16, COLLECTOR);
    stopped_by_fee(&mut ledger, number);
    unfreeze_tokens(&mut ledger, COLLECTOR);
    assert_eq!(buy(&mut ledger, BUYER, number, 20).fee, 1);
}

#[track_caller]
fn stopped_by_fee(ledger: &mut Ledger, number: u64) {
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, number, 20u128, ANY), "TokenFailed");
}

#[test]
fn a_suspended_party_does_not_trade_and_gets_its_escrow_back() {
    let mut ledger = Ledger::new();
    let number = offered(&mut ledger);
    for party in [BUYER, SELLER] {
        ledger.suspend(party);
        stopped(&mut ledger, number, "NotAdmitted");
        ledger.reinstate(party);
        buy(&mut ledger, BUYER, number, 1);
    }
    ledger.suspend(SELLER);
    let more = (number, UNITS, CREDIT, expiry(&ledger));
    ledger.refused(SELLER, "market", market::UPDATE, &more, "NotAdmitted");
    let less = (number, 5u128, CREDIT, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &less);
    assert_eq!(of_seller(&mut ledger), (UNITS - 2 - 5, 5));
    ledger.done(SELLER, "market", market::CANCEL, &number);
    assert_eq!(of_seller(&mut ledger), (UNITS - 2, 0));
}

#[test]
fn a_party_that_is_frozen_in_carbon_does_not_trade_and_gets_its_escrow_back() {
    let mut ledger = Ledger::new();
    let (number, market) = (offered(&mut ledger), ledger.market.address);
    for party in [BUYER, SELLER, market] {
        ledger.freeze_units(party);
        stopped(&mut ledger, number, "Frozen");
        ledger.done(REGULATOR, "carbon", carbon::UNFREEZE, &party);
        buy(&mut ledger, BUYER, number, 1);
    }
    ledger.freeze_units(SELLER);
    ledger.freeze_units(market);
    ledger.done(SELLER, "market", market::CANCEL, &number);
    assert_eq!(of_seller(&mut ledger), (UNITS - 3, 0));
}

#[test]
fn a_party_that_is_frozen_in_the_token_does_not_trade() {
    let mut ledger = Ledger::new();
    let (number, market) = (offered(&mut ledger), ledger.market.address);
    for party in [BUYER, SELLER, market] {
        freeze_tokens(&mut ledger, party);
        stopped(&mut ledger, number, "TokenFailed");
        unfreeze_tokens(&mut ledger, party);
        buy(&mut ledger, BUYER, number, 1);
    }
    ledger.pause("token");
    stopped(&mut ledger, number, "TokenFailed");
    ledger.done(SELLER, "market", market::CANCEL, &number);
    assert_eq!(of_seller(&mut ledger), (UNITS - 3, 0));
}

#[test]
fn a_pause_of_carbon_stops_trade_and_gives_escrow_back() {
    let mut ledger = Ledger::new();
    let kept = offered(&mut ledger);
    let over = ledger.offer(SELLER, UNITS, CREDIT);
    let brief = (over, UNITS, CREDIT, ledger.sandbox.now() + 1);
    ledger.done(SELLER, "market", market::UPDATE, &brief);
    let batch = ledger.credits(SELLER, UNITS);
    let market = ledger.market.address;
    ledger.entrust(SELLER, market, batch, UNITS);
    ledger.sandbox.advance(1);
    ledger.pause("carbon");

    let placed = (batch, UNITS, CREDIT, expiry(&ledger));
    ledger.refused(SELLER, "market", market::PLACE, &(SELLER, placed), "CarbonPaused");
    stopped(&mut ledger, kept, "CarbonPaused");
    let less = (kept, UNITS - 1, CREDIT, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &less);
    let more = (kept, UNITS, CREDIT, expiry(&ledger));
    ledger.refused(SELLER, "market", market::UPDATE, &more, "CarbonPaused");
    let pruned = ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &vec![kept, over]);
    assert_eq!(pruned.value::<u32>(), 1);
    ledger.done(SELLER, "market", market::CANCEL, &kept);
    assert_eq!(of_seller(&mut ledger), (UNITS, 0));
    let units = books(&mut ledger).units;
    assert!(units.values().all(|holding| holding.escrowed == 0), "{units:?}");
}

#[test]
fn a_pause_of_the_market_stops_trade_and_gives_escrow_back() {
    let mut ledger = Ledger::new();
    let kept = offered(&mut ledger);
    let over = ledger.offer(SELLER, UNITS, CREDIT);
    ledger.sandbox.advance(ORDER_TIME - 1);
    let longer = (kept, UNITS, CREDIT, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &longer);
    ledger.sandbox.advance(1);
    ledger.pause("market");

    stopped(&mut ledger, kept, "Paused");
    ledger.refused(SELLER, "market", market::UPDATE, &longer, "Paused");
    let placed = (1u64, 1u128, CREDIT, expiry(&ledger));
    ledger.refused(SELLER, "market", market::PLACE, &(SELLER, placed), "Paused");
    let pruned = ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &vec![kept, over]);
    assert_eq!(pruned.value::<u32>(), 1);
    assert_eq!(order(&mut ledger, over).status, OrderStatus::Expired);
    ledger.done(SELLER, "market", market::CANCEL, &kept);
    assert_eq!(order(&mut ledger, kept).status, OrderStatus::Cancelled);
    assert_eq!(of_seller(&mut ledger), (UNITS, 0));

    // What is closed stays closed.
    ledger.done(REGULATOR, "market", governance::UNPAUSE, &());
    for number in [kept, over] {
        stopped(&mut ledger, number, "OrderClosed");
        ledger.refused(SELLER, "market", market::CANCEL, &number, "OrderClosed");
    }
}
