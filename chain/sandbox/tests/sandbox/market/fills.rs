//! Fills: what they move, what they cost, and who gets the money.

use assent_interface::{market, token};
use assent_sandbox::ledger::{
    COLLECTOR, CREDIT, FACTORY, Ledger, Order, OrderStatus, Quote, REGULATOR, Settings,
};

use super::{ANY, BUYER, SELLER, booked, books, buy, expiry, fund, order, price};

fn set_fee(ledger: &mut Ledger, fee_bps: u16) {
    ledger.fee(fee_bps, COLLECTOR);
}

#[test]
fn one_call_moves_the_units_and_the_money() {
    let mut ledger = Ledger::new();
    set_fee(&mut ledger, 250);
    let number = ledger.offer(SELLER, 10_000, 40_000);
    fund(&mut ledger, 500_000);
    let fills = booked(&mut ledger, |ledger| {
        let filled =
            ledger.done(BUYER, "market", market::FILL, &(BUYER, number, 4_000u128, 160_000u128));
        let events = ["OrderFilled", "Delivered", "Approval", "Transfer", "Approval", "Transfer"];
        assert_eq!(ledger.event_names(&filled), events);
        filled
    });
    assert_eq!((fills[0].payment, fills[0].fee), (160_000, 4_000));
    let Order { amount, status, .. } = order(&mut ledger, number);
    assert_eq!((amount, status), (6_000, OrderStatus::Open));
    let market = ledger.market.address;
    let left: u128 = ledger.view("token", token::ALLOWANCE, &(BUYER, market));
    assert_eq!(left, 340_000);

    // Without a fee nothing is paid to the collector, also not 0.
    set_fee(&mut ledger, 0);
    let kept = (number, 6_000u128, 40_000u128, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &kept);
    let filled = ledger.done(BUYER, "market", market::FILL, &(BUYER, number, 1u128, ANY));
    let events = ["OrderFilled", "Delivered", "Approval", "Transfer"];
    assert_eq!(ledger.event_names(&filled), events);
}

/// Each part is rounded against the buyer, so that parts are never cheaper than the whole.
#[test]
fn parts_to_the_last_unit_cost_at_least_the_exact_price() {
    const UNITS: u128 = 10_007;
    const PARTS: [u128; 12] = [1, 2, 3, 7, 1, 499, 500, 501, 999, 1_000, 1_001, 1];
    let mut ledger = Ledger::new();
    for price_of_credit in [1, 333, 999, 1_000, 1_001, 1_000_003] {
        for fee_bps in [0, 1, 333, 500] {
            set_fee(&mut ledger, fee_bps);
            let number = ledger.offer(SELLER, UNITS, price_of_credit);
            let (whole, _) = price(UNITS, price_of_credit, fee_bps);
            fund(&mut ledger, whole + PARTS.len() as u128);
            let rest = UNITS - PARTS.iter().sum::<u128>();
            let mut paid = 0;
            for part in PARTS.into_iter().chain([rest]) {
                let quote: Quote = ledger.view("market", market::QUOTE, &(number, part));
                let fill = buy(&mut ledger, BUYER, number, part);
                assert_eq!((fill.payment, fill.fee), (quote.payment, quote.fee));
                assert_eq!(quote.payment, quote.fee + quote.proceeds);
                assert!(fill.payment >= 1, "nothing is free");
                assert!(fill.payment * CREDIT >= part * price_of_credit, "{fill:?}");
                assert!((fill.payment - 1) * CREDIT < part * price_of_credit, "{fill:?}");
                paid += fill.payment;
            }
            assert!(paid >= whole && paid <= whole + PARTS.len() as u128, "{paid} for {whole}");
            let Order { amount, status, .. } = order(&mut ledger, number);
            assert_eq!((amount, status), (0, OrderStatus::Filled));
            let fill = (number, 1u128, ANY);
            ledger.refused(BUYER, "market", market::FILL, &(BUYER, fill), "OrderClosed");
        }
    }
}

#[test]
fn the_least_units_are_sold_one_by_one() {
    let mut ledger = Ledger::new();
    set_fee(&mut ledger, 500);
    let number = ledger.offer(SELLER, 10, 1);
    fund(&mut ledger, 10);
    for _ in 0..10 {
        // A thousandth of a base unit, rounded up; a twentieth of that, rounded down.
        let fill = buy(&mut ledger, BUYER, number, 1);
        assert_eq!((fill.payment, fill.fee), (1, 0));
    }
    assert_eq!(order(&mut ledger, number).status, OrderStatus::Filled);
}

#[test]
fn the_highest_fee_is_a_twentieth() {
    let mut ledger = Ledger::new();
    let too_much = (501u16, COLLECTOR);
    ledger.refused(REGULATOR, "market", market::SET_FEE, &too_much, "FeeTooHigh");
    set_fee(&mut ledger, 500);
    // A base unit each.
    let number = ledger.offer(SELLER, 200_000, CREDIT);
    fund(&mut ledger, 200_000);
    for (payment, fee) in [(19, 0), (20, 1), (39, 1), (40, 2), (9_999, 499), (10_000, 500)] {
        let fill = buy(&mut ledger, BUYER, number, payment);
        assert_eq!((fill.payment, fill.fee), (payment, fee));
    }
}

#[test]
fn an_order_keeps_the_fee_that_it_was_placed_or_updated_with() {
    let mut ledger = Ledger::new();
    set_fee(&mut ledger, 100);
    let number = ledger.offer(SELLER, 100_000, CREDIT);
    fund(&mut ledger, 100_000);
    set_fee(&mut ledger, 500);
    assert_eq!(buy(&mut ledger, BUYER, number, 1_000).fee, 10);
    let same = (number, 99_000u128, CREDIT, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &same);
    assert_eq!(buy(&mut ledger, BUYER, number, 1_000).fee, 50);
    // Who collects changes for all orders.
    ledger.fee(0u16, FACTORY);
    assert_eq!(buy(&mut ledger, BUYER, number, 1_000).fee, 50);
    let collected: u128 = ledger.view("token", token::BALANCE_OF, &FACTORY);
    assert_eq!(collected, 50);
    let Settings { fee, .. } = ledger.view("market", market::SETTINGS, &());
    let next = fee.next.expect("it stays as it was set");
    assert_eq!((next.value.fee_bps, next.value.collector), (0, FACTORY));
    assert!(next.from <= ledger.sandbox.now());
}

/// The greatest amount of money that an order can cost: nothing overflows on the way.
#[test]
fn the_greatest_price_is_paid_to_the_last_base_unit() {
    const PAYMENT: u128 = u128::MAX / CREDIT + 1;
    // A twentieth, rounded down.
    const FEE: u128 = PAYMENT / 20;
    let mut ledger = Ledger::new();
    set_fee(&mut ledger, 500);
    let number = ledger.offer(SELLER, 1, u128::MAX);
    let market = ledger.market.address;
    ledger.money(BUYER, PAYMENT, market);
    let quote: Quote = ledger.view("market", market::QUOTE, &(number, 1u128));
    assert_eq!(quote, Quote { payment: PAYMENT, fee: FEE, proceeds: PAYMENT - FEE });
    let less = (number, 1u128, PAYMENT - 1);
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, less), "TooExpensive");
    let filled = ledger.done(BUYER, "market", market::FILL, &(BUYER, number, 1u128, PAYMENT));
    assert_eq!(filled.value::<u128>(), PAYMENT);
    for (account, balance) in [(BUYER, 0), (SELLER, PAYMENT - FEE), (COLLECTOR, FEE)] {
        assert_eq!(ledger.view::<u128>("token", token::BALANCE_OF, &account), balance);
    }
}

/// The seller raises the price while the buyer's call is on its way.
#[test]
fn a_fill_never_takes_more_than_the_buyer_said() {
    let mut ledger = Ledger::new();
    let number = ledger.offer(SELLER, 10_000, 500);
    fund(&mut ledger, 1_000_000);
    let dearer = (number, 10_000u128, 501u128, expiry(&ledger));
    ledger.done(SELLER, "market", market::UPDATE, &dearer);
    let fill = (number, 10_000u128, 5_000u128);
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, fill), "TooExpensive");
    assert_eq!(buy(&mut ledger, BUYER, number, 10_000).payment, 5_010);
}

#[test]
fn orders_of_one_batch_do_not_share_their_escrow() {
    let mut ledger = Ledger::new();
    let batch = ledger.credits(SELLER, 30_000);
    let market = ledger.market.address;
    ledger.entrust(SELLER, market, batch, 30_000);
    let until = expiry(&ledger);
    let mut place = |amount: u128, price: u128| -> u64 {
        ledger.done(SELLER, "market", market::PLACE, &(SELLER, batch, amount, price, until)).value()
    };
    let (first, second, third) = (place(10_000, 500), place(9_000, 700), place(8_000, 900));
    fund(&mut ledger, 1_000_000);
    buy(&mut ledger, BUYER, first, 4_000);
    // A buyer sells what he bought.
    ledger.entrust(BUYER, market, batch, 4_000);
    let again: u64 = ledger
        .done(BUYER, "market", market::PLACE, &(BUYER, batch, 3_000u128, 1_000u128, until))
        .value();
    ledger.done(SELLER, "market", market::CANCEL, &first);
    let sold_out = (first, 1u128, ANY);
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, sold_out), "OrderClosed");
    ledger.refused(BUYER, "market", market::FILL, &(BUYER, second, 9_001u128, ANY), "ExceedsOrder");
    buy(&mut ledger, BUYER, second, 9_000);
    ledger.money(SELLER, 10_000, market);
    buy(&mut ledger, SELLER, again, 2_999);
    let less = (third, 1u128, 900u128, until);
    ledger.done(SELLER, "market", market::UPDATE, &less);
    let units = books(&mut ledger).units;
    let (of_seller, of_buyer) = (units[&(batch, SELLER)], units[&(batch, BUYER)]);
    assert_eq!((of_seller.tradable, of_seller.escrowed), (30_000 - 13_000 + 2_999 - 1, 1));
    assert_eq!((of_buyer.tradable, of_buyer.escrowed), (13_000 - 3_000, 1));
}
