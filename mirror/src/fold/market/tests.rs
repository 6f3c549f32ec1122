//! Folds of orders, fills and settings.

use std::collections::BTreeSet;

use assent_events::market::{
    Event as Said, FeeSet, LimitsSet, OrderCancelled, OrderExpired, OrderFilled, OrderPlaced,
    OrderUpdated, StaffActed,
};
use assent_events::{Contract, Event};
use expect_test::expect;

use crate::fold::story::{Story, account};

fn market(event: impl Into<Said>) -> Event {
    Event::Market(event.into())
}

/// It holds at once.
fn fee_set(fee_bps: u16) -> Event {
    fee_set_from(fee_bps, 0)
}

fn fee_set_from(fee_bps: u16, from: u64) -> Event {
    market(FeeSet { fee_bps, collector: account(0xfe), from })
}

fn limits_set() -> Event {
    market(LimitsSet { floor: 1_000, ceiling: 1_000_000 })
}

// All orders are of account 1 and batch 1.

fn placed(order: u64, amount: u128, price: u128, expiry: u64, fee_bps: u16) -> Event {
    market(OrderPlaced { order, seller: account(1), batch: 1, amount, price, expiry, fee_bps })
}

fn updated(order: u64, seller: u8, amount: u128, expiry: u64, fee_bps: u16) -> Event {
    let seller = account(seller);
    market(OrderUpdated { order, seller, amount, price: 8_000, expiry, fee_bps })
}

fn cancelled(order: u64, seller: u8, released: u128) -> Event {
    market(OrderCancelled { order, seller: account(seller), released })
}

fn expired(order: u64, released: u128) -> Event {
    market(OrderExpired { order, seller: account(1), released, by: account(4) })
}

fn filled(order: u64, (amount, remaining): (u128, u128), (payment, fee): (u128, u128)) -> Event {
    let (seller, buyer) = (account(1), account(2));
    market(OrderFilled { order, seller, buyer, amount, remaining, payment, fee })
}

/// Three orders: one is filled, one expires, one is cancelled.
fn told(mut story: Story) -> Story {
    let orders = vec![placed(1, 2_000, 7_500, 9_000, 100), placed(2, 1_000, 3, 4_000, 100)];
    story.block([vec![fee_set(100), limits_set()], orders].concat());
    story.block(vec![filled(1, (333, 1_667), (2_498, 24))]);
    story.block(vec![fee_set(250), updated(1, 1, 500, 9_000, 250)]);
    let last = vec![filled(1, (500, 0), (4_000, 100)), expired(2, 1_000)];
    story.block([last, vec![placed(3, 10, 1, u64::MAX, 250), cancelled(3, 1, 10)]].concat());
    story
}

fn new() -> Story {
    Story::of(Contract::Market)
}

#[test]
fn orders_are_placed_filled_updated_and_closed() {
    let story = told(new());
    assert_eq!(story.needed, BTreeSet::new());
    expect![[r#"
        market_settings: singleton=true fee_bps=250 collector=fe floor=1000 ceiling=1000000 at=3-1
        market_orders: order_id=1 seller=01 batch=1 status=filled amount=0 filled=833 released=0 price=8000 expiry_ms=9000 fee_bps=250 placed_by=01 changed_by=01 at=4-1
        market_orders: order_id=2 seller=01 batch=1 status=expired amount=0 filled=0 released=1000 price=3 expiry_ms=4000 fee_bps=100 placed_by=01 expired_by=04 at=4-2
        market_orders: order_id=3 seller=01 batch=1 status=cancelled amount=0 filled=0 released=10 price=1 expiry_ms=18446744073709551615 fee_bps=250 placed_by=01 changed_by=01 at=4-4
        market_fills: order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=333 remaining=1667 price=7500 payment=2498 fee=24 proceeds=2474 at=2-1
        market_fills: order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=500 remaining=0 price=8000 payment=4000 fee=100 proceeds=3900 at=4-1
    "#]].assert_eq(&story.tables());
}

#[test]
fn a_fee_waits_and_the_one_that_holds_stays_until_then() {
    let mut story = new();
    // Block n has the time n × 1,000.
    story.block(vec![fee_set(100), limits_set()]);
    story.block(vec![fee_set_from(200, 4_000)]);
    story.refuses("another fee than the one set", vec![placed(1, 10, 1, 9_000, 200)]);
    story.block(vec![placed(1, 10, 1, 9_000, 100), limits_set()]);
    expect![[r#"
        singleton=true fee_bps=100 collector=fe next_fee_bps=200 next_collector=fe next_from_ms=4000 floor=1000 ceiling=1000000 at=3-2
    "#]].assert_eq(&story.table("market_settings"));
    // Block 4: it holds, also before the row says so.
    story.refuses("another fee than the one set", vec![placed(2, 10, 1, 9_000, 100)]);
    story.block(vec![placed(2, 10, 1, 9_000, 200), fee_set_from(300, 7_000)]);
    story.block(vec![fee_set_from(400, 7_000)]);
    expect![[r#"
        singleton=true fee_bps=200 collector=fe next_fee_bps=400 next_collector=fe next_from_ms=7000 floor=1000 ceiling=1000000 at=5-1
    "#]].assert_eq(&story.table("market_settings"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_an_order_said_before_ends_at_the_block_that_changed_it() {
    // Order 3 came and went in one block.
    expect![[r#"
        order_id=1 seller=01 batch=1 status=open amount=1667 filled=333 released=0 price=7500 expiry_ms=9000 fee_bps=100 placed_by=01 at=2-1 until=3
        order_id=1 seller=01 batch=1 status=open amount=2000 filled=0 released=0 price=7500 expiry_ms=9000 fee_bps=100 placed_by=01 at=1-3 until=2
        order_id=1 seller=01 batch=1 status=open amount=500 filled=333 released=0 price=8000 expiry_ms=9000 fee_bps=250 placed_by=01 changed_by=01 at=3-2 until=4
        order_id=2 seller=01 batch=1 status=open amount=1000 filled=0 released=0 price=3 expiry_ms=4000 fee_bps=100 placed_by=01 at=1-4 until=4
    "#]].assert_eq(&told(new()).history("market_orders"));
}

#[test]
fn a_row_that_was_not_foreseen_is_asked_for() {
    let asking = told(Story::without_foresight(Contract::Market));
    assert!(asking.needed.contains("market_orders"));
    assert_eq!(asking.all(), told(new()).all());
}

#[test]
fn events_that_contradict_an_order_undo_their_block() {
    let mut story = new();
    story.refuses("a market that has named no fee", vec![limits_set()]);
    story.refuses("another fee than the one set", vec![placed(1, 10, 1, 9_000, 0)]);
    story.refuses("whose first fee does not hold yet", vec![fee_set_from(1, 1_001)]);
    story.block(vec![fee_set(100), placed(1, 1_000, 7_000, 4_000, 100)]);
    // Block 2. What comes first of each block is fine.
    let fine =
        || vec![placed(2, 10, 7_000, 9_000, 100), filled(1, (100, 900), (700, 7)), fee_set(1)];
    for (reason, event) in [
        ("order 1 is there already", placed(1, 10, 1, 9_000, 1)),
        ("order 3 is over already", placed(3, 10, 1, 2_000, 1)),
        ("another fee than the one set", placed(3, 10, 1, 9_000, 100)),
        ("exceeds a smallint", fee_set(u16::MAX)),
        ("order = 18446744073709551615 exceeds a bigint", placed(u64::MAX, 10, 1, 9_000, 1)),
        // Another seller, no such order, what a new one may not have either.
        ("is no open one of its seller", updated(1, 3, 10, 9_000, 1)),
        ("is no open one of its seller", updated(3, 1, 10, 9_000, 1)),
        ("is over already", updated(1, 1, 10, 2_000, 1)),
        ("another fee than the one set", updated(1, 1, 10, 9_000, 100)),
        // Other units than it offers, another seller, too early.
        ("is no open one with those units", cancelled(1, 1, 1_000)),
        ("is no open one with those units", cancelled(1, 3, 900)),
        ("is no open one with those units", expired(1, 1_000)),
        ("not over yet", expired(1, 900)),
        ("is no open one with those units", filled(1, (100, 801), (700, 7))),
        ("is no open one with those units", filled(1, (u128::MAX, 901), (700, 7))),
        ("has another fee", filled(1, (100, 800), (700, 8))),
    ] {
        story.refuses(reason, [fine(), vec![event]].concat());
    }
    // Block 4: order 1 is over, and then closed.
    story.block(fine());
    story.empty_block();
    story.refuses("is over", vec![filled(1, (100, 800), (700, 7))]);
    story.block(vec![expired(1, 900)]);
    for event in [expired(1, 0), cancelled(1, 1, 0), filled(1, (0, 0), (0, 0))] {
        story.refuses("order 1 is no open one", vec![event]);
    }
}

#[test]
fn what_is_filled_may_exceed_a_u128() {
    let mut story = new();
    story.block(vec![fee_set(500), placed(1, u128::MAX, 1, 9_000, 500)]);
    let payment = u128::MAX.div_ceil(1_000);
    let sold = |remaining| filled(1, (u128::MAX - remaining, remaining), (payment, payment / 20));
    story.block(vec![sold(1), updated(1, 1, u128::MAX, 9_000, 500), sold(0)]);
    expect![[r#"
        order_id=1 seller=01 batch=1 status=filled amount=0 filled=680564733841876926926749214863536422909 released=0 price=8000 expiry_ms=9000 fee_bps=500 placed_by=01 changed_by=01 at=2-3
    "#]].assert_eq(&story.table("market_orders"));
}

fn by(party: u8, by: u8, order: u64) -> Event {
    market(StaffActed { party: account(party), by: account(by), order })
}

#[test]
fn what_the_staff_of_a_party_does_names_who_did_it() {
    let mut story = new();
    story.block(vec![fee_set(0), placed(1, 10, 1, 9_000, 0), by(1, 0x11, 1)]);
    story.block(vec![placed(2, 10, 1, 9_000, 0), updated(1, 1, 20, 9_000, 0), by(1, 0x12, 1)]);
    story.block(vec![filled(1, (5, 15), (1, 0)), by(2, 0x22, 1), filled(1, (5, 10), (1, 0))]);
    story.block(vec![cancelled(1, 1, 10), cancelled(2, 1, 10), by(1, 0x11, 2)]);
    expect![[r#"
        order_id=1 seller=01 batch=1 status=cancelled amount=0 filled=10 released=10 price=8000 expiry_ms=9000 fee_bps=0 placed_by=11 changed_by=01 at=4-1
        order_id=2 seller=01 batch=1 status=cancelled amount=0 filled=0 released=10 price=1 expiry_ms=9000 fee_bps=0 placed_by=01 changed_by=11 at=4-2
    "#]]
    .assert_eq(&story.table("market_orders"));
    expect![[r#"
        order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=5 remaining=10 price=8000 payment=1 fee=0 proceeds=1 at=3-3
        order_id=1 batch=1 seller=01 buyer=02 filled_by=22 amount=5 remaining=15 price=8000 payment=1 fee=0 proceeds=1 at=3-1
    "#]]
    .assert_eq(&story.table("market_fills"));
    assert_eq!(story.needed, BTreeSet::new());
}
