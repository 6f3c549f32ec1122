//! The market: orders, their fills, and what the administrator set. Block n has the time n × 1,000 ms.

use assent_indexer_testing::carbon::{approved, delivered, escrowed, issued, registry, released};
use assent_indexer_testing::market::{
    MARKET, cancelled, expired, fee_set, fee_set_from, filled, limits_set, placed, staff_acted,
    updated,
};
use assent_indexer_testing::{Mirror, account, address};
use expect_test::expect;
use sqlx::PgPool;

use super::carbon::{BALANCES, BATCHES, ESCROWS};
use super::refuses;

const ORDERS: &str = "market_orders order by order_id";

const FILLS: &str = "market_fills order by block_number, event_index";

const SETTINGS: &str = "market_settings";

/// Account 1 holds 5,000 units of batch 1, which the market may move. What the token says of payments is
/// left out.
async fn seller(pool: PgPool) -> Mirror {
    assert_eq!(address("market"), account(MARKET));
    let mut mirror = Mirror::new(pool).await.leaving_out(&["fill_legs"]);
    let held = vec![issued(1, 1, 5_000), approved(1, 1, MARKET, 5_000)];
    mirror.write([registry((1, 10_000)), held].concat()).await;
    mirror
}

#[sqlx::test(migrations = false)]
async fn orders_are_placed_filled_updated_and_closed(pool: PgPool) {
    let mut mirror = seller(pool).await;
    mirror.write(vec![fee_set(100, 0xfe), limits_set(1_000, 1_000_000)]).await;
    mirror
        .write(vec![
            escrowed(1, 1, MARKET, 2_000),
            placed(1, 1, 2_000, 7_500, 20_000, 100),
            // Which of the two comes first is the contracts' affair.
            placed(2, 1, 1_000, 3, 9_000, 100),
            escrowed(1, 1, MARKET, 1_000),
        ])
        .await;
    expect![[r#"
        order_id=1 seller=01 batch=1 status=open amount=2000 filled=0 released=0 price=7500 expiry_ms=20000 fee_bps=100 placed_by=01 changed_by=- expired_by=- at=7-2
        order_id=2 seller=01 batch=1 status=open amount=1000 filled=0 released=0 price=3 expiry_ms=9000 fee_bps=100 placed_by=01 changed_by=- expired_by=- at=7-3
    "#]].assert_eq(&mirror.table(ORDERS).await);
    expect![[r#"
        operator=c2 owner=01 batch=1 amount=3000 at=7-4
    "#]]
    .assert_eq(&mirror.table(ESCROWS).await);

    // 333 × 7.5 is rounded up to 2,498, and its hundredth down to 24; the least payment is 1.
    mirror
        .write(vec![
            delivered(1, 1, 2, 333, MARKET),
            filled(1, 1, 2, (333, 1_667), (2_498, 24)),
            delivered(1, 1, 3, 1, MARKET),
            filled(2, 1, 3, (1, 999), (1, 0)),
        ])
        .await;
    expect![[r#"
        order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=333 remaining=1667 price=7500 payment=2498 fee=24 proceeds=2474 at=8-2
        order_id=2 batch=1 seller=01 buyer=03 filled_by=03 amount=1 remaining=999 price=3 payment=1 fee=0 proceeds=1 at=8-4
    "#]].assert_eq(&mirror.table(FILLS).await);
    expect![[r#"
        order_id=1 seller=01 batch=1 status=open amount=1667 filled=333 released=0 price=7500 expiry_ms=20000 fee_bps=100 placed_by=01 changed_by=- expired_by=- at=8-2
        order_id=2 seller=01 batch=1 status=open amount=999 filled=1 released=0 price=3 expiry_ms=9000 fee_bps=100 placed_by=01 changed_by=- expired_by=- at=8-4
    "#]].assert_eq(&mirror.table(ORDERS).await);

    // The fee of an order is that of its last change. Order 2 is over and anybody closes it.
    mirror
        .write(vec![
            fee_set(250, 0xfd),
            released(1, 1, MARKET, 1_167),
            updated(1, 1, 500, 8_000, 30_000, 250),
            released(1, 1, MARKET, 999),
            expired(2, 1, 999, 4),
        ])
        .await;
    expect![[r#"
        order_id=1 seller=01 batch=1 status=open amount=500 filled=333 released=0 price=8000 expiry_ms=30000 fee_bps=250 placed_by=01 changed_by=01 expired_by=- at=9-3
        order_id=2 seller=01 batch=1 status=expired amount=0 filled=1 released=999 price=3 expiry_ms=9000 fee_bps=100 placed_by=01 changed_by=- expired_by=04 at=9-5
    "#]].assert_eq(&mirror.table(ORDERS).await);

    mirror
        .write(vec![
            delivered(1, 1, 2, 500, MARKET),
            filled(1, 1, 2, (500, 0), (4_000, 100)),
            escrowed(1, 1, MARKET, 10),
            placed(3, 1, 10, 1, u64::MAX, 250),
        ])
        .await;
    mirror.write(vec![released(1, 1, MARKET, 10), cancelled(3, 1, 10)]).await;
    expect![[r#"
        order_id=1 seller=01 batch=1 status=filled amount=0 filled=833 released=0 price=8000 expiry_ms=30000 fee_bps=250 placed_by=01 changed_by=01 expired_by=- at=10-2
        order_id=2 seller=01 batch=1 status=expired amount=0 filled=1 released=999 price=3 expiry_ms=9000 fee_bps=100 placed_by=01 changed_by=- expired_by=04 at=9-5
        order_id=3 seller=01 batch=1 status=cancelled amount=0 filled=0 released=10 price=1 expiry_ms=18446744073709551615 fee_bps=250 placed_by=01 changed_by=01 expired_by=- at=11-2
    "#]].assert_eq(&mirror.table(ORDERS).await);
    expect![[r#"
        order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=333 remaining=1667 price=7500 payment=2498 fee=24 proceeds=2474 at=8-2
        order_id=2 batch=1 seller=01 buyer=03 filled_by=03 amount=1 remaining=999 price=3 payment=1 fee=0 proceeds=1 at=8-4
        order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=500 remaining=0 price=8000 payment=4000 fee=100 proceeds=3900 at=10-2
    "#]].assert_eq(&mirror.table(FILLS).await);
    expect![[r#"
        batch=1 owner=01 tradable=4166 escrowed=0 retired=0 surrendered=0 cancelled=0 at=11-1
        batch=1 owner=02 tradable=833 escrowed=0 retired=0 surrendered=0 cancelled=0 at=10-1
        batch=1 owner=03 tradable=1 escrowed=0 retired=0 surrendered=0 cancelled=0 at=8-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        batch=1 class=2 project=1 period=- serial_start=1 serial_end=10000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=5000 tradable=5000 escrowed=0 retired=0 surrendered=0 cancelled=0 at=11-1
    "#]].assert_eq(&mirror.table(BATCHES).await);
}

#[sqlx::test(migrations = false)]
async fn who_of_the_staff_trades_is_named(pool: PgPool) {
    let mut mirror = seller(pool).await.leaving_out(&["fill_legs", "agency"]);
    let settings = vec![fee_set(0, 0xfe), limits_set(1_000, 1_000_000)];
    let placed = vec![
        escrowed(1, 1, MARKET, 30),
        placed(1, 1, 20, 1_000, 90_000, 0),
        staff_acted(1, 1, 7),
        placed(2, 1, 10, 1_000, 90_000, 0),
    ];
    mirror.write([settings, placed].concat()).await;
    // Each says it of the event before it.
    mirror
        .write(vec![
            delivered(1, 1, 2, 5, MARKET),
            filled(1, 1, 2, (5, 15), (5, 0)),
            staff_acted(1, 2, 8),
            updated(2, 1, 10, 2_000, 90_000, 0),
            staff_acted(2, 1, 7),
            released(1, 1, MARKET, 15),
            cancelled(1, 1, 15),
        ])
        .await;
    expect![[r#"
        order_id=1 seller=01 batch=1 status=cancelled amount=0 filled=5 released=15 price=1000 expiry_ms=90000 fee_bps=0 placed_by=07 changed_by=01 expired_by=- at=7-7
        order_id=2 seller=01 batch=1 status=open amount=10 filled=0 released=0 price=2000 expiry_ms=90000 fee_bps=0 placed_by=01 changed_by=07 expired_by=- at=7-4
    "#]].assert_eq(&mirror.table(ORDERS).await);
    expect![[r#"
        order_id=1 batch=1 seller=01 buyer=02 filled_by=08 amount=5 remaining=15 price=1000 payment=5 fee=0 proceeds=5 at=7-2
    "#]].assert_eq(&mirror.table(FILLS).await);
}

#[sqlx::test(migrations = false)]
async fn the_settings_are_those_set_last(pool: PgPool) {
    let mut mirror = seller(pool).await;
    let nameless = vec![
        ("a market that has named no fee", limits_set(5, 5)),
        ("another fee than the one set", placed(1, 1, 10, 1_000, 9_000, 0)),
    ];
    refuses(&mut mirror, nameless).await;
    expect![[""]].assert_eq(&mirror.table(SETTINGS).await);
    // As the constructor says it, and a change of each.
    mirror.write(vec![fee_set(0, 0xfd), limits_set(5, 5)]).await;
    expect![[r#"
        fee_bps=0 collector=fd next_fee_bps=- next_collector=- next_from_ms=- floor=5 ceiling=5 at=6-2
    "#]]
    .assert_eq(&mirror.table(SETTINGS).await);
    mirror.write(vec![limits_set(6, 7)]).await;
    expect![[r#"
        fee_bps=0 collector=fd next_fee_bps=- next_collector=- next_from_ms=- floor=6 ceiling=7 at=7-1
    "#]]
    .assert_eq(&mirror.table(SETTINGS).await);
    let greatest = u128::MAX / 1_000;
    mirror.write(vec![fee_set(500, 0xfe), limits_set(1, greatest)]).await;
    expect![[r#"
        fee_bps=500 collector=fe next_fee_bps=- next_collector=- next_from_ms=- floor=1 ceiling=340282366920938463463374607431768211 at=8-2
    "#]]
    .assert_eq(&mirror.table(SETTINGS).await);
    refuses(
        &mut mirror,
        vec![
            ("market_settings_fee_within_max", fee_set(501, 0xfe)),
            ("market_settings_next_fee_within_max", fee_set_from(501, 0xfe, u64::MAX)),
            ("exceeds a smallint", fee_set(u16::MAX, 0xfe)),
            ("market_settings_floor_not_zero", limits_set(0, 5)),
            ("market_settings_limits_in_order", limits_set(6, 5)),
            ("market_settings_ceiling_within_max", limits_set(1, greatest + 1)),
        ],
    )
    .await;
    expect![[r#"
        fee_bps=500 collector=fe next_fee_bps=- next_collector=- next_from_ms=- floor=1 ceiling=340282366920938463463374607431768211 at=8-2
    "#]]
    .assert_eq(&mirror.table(SETTINGS).await);
}

#[sqlx::test(migrations = false)]
async fn a_fee_waits_until_its_moment(pool: PgPool) {
    let mut mirror = seller(pool).await;
    let order =
        |id, fee_bps| vec![escrowed(1, 1, MARKET, 10), placed(id, 1, 10, 1_000, 90_000, fee_bps)];
    mirror.write([vec![fee_set(100, 0xfe), limits_set(5, 5)], order(1, 100)].concat()).await;
    mirror.write([vec![fee_set_from(200, 0xfd, 8_000)], order(2, 100)].concat()).await;
    expect![[r#"
        fee_bps=100 collector=fe next_fee_bps=200 next_collector=fd next_from_ms=8000 floor=5 ceiling=5 at=7-1
    "#]].assert_eq(&mirror.table(SETTINGS).await);
    // Block 8, and what replaces one that waits.
    refuses(&mut mirror, vec![("another fee", placed(3, 1, 10, 1_000, 90_000, 100))]).await;
    mirror.write([order(3, 200), vec![fee_set_from(300, 0xfd, 10_000)]].concat()).await;
    mirror.write([vec![fee_set_from(400, 0xfc, 11_000)], order(4, 200)].concat()).await;
    mirror.write(order(5, 200)).await;
    mirror.write(order(6, 400)).await;
    expect![[r#"
        fee_bps=200 collector=fd next_fee_bps=400 next_collector=fc next_from_ms=11000 floor=5 ceiling=5 at=9-1
    "#]].assert_eq(&mirror.table(SETTINGS).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_an_order_are_refused(pool: PgPool) {
    // Nor what the registry holds in escrow.
    let mut mirror = seller(pool).await.leaving_out(&["order_escrow", "fill_legs"]);
    mirror.write(vec![fee_set(100, 0xfe), limits_set(1, 1)]).await;
    let value = u128::MAX / 2;
    mirror
        .write(vec![placed(1, 1, 1_000, 7_000, 9_000, 100), placed(2, 1, 2, value, 20_000, 100)])
        .await;
    let before = mirror.table(ORDERS).await;
    // Block 8.
    refuses(
        &mut mirror,
        vec![
            ("order 1 is there already", placed(1, 1, 1, 1, 9_000, 100)),
            ("another fee than the one set", placed(3, 1, 1, 1, 9_000, 0)),
            ("is over already", placed(3, 1, 1, 1, 8_000, 100)),
            ("market_orders_open_offers_something", placed(3, 1, 0, 1, 9_000, 100)),
            ("market_orders_price_not_zero", placed(3, 1, 1, 0, 9_000, 100)),
            ("market_orders_value_is_u128", placed(3, 1, 3, value, 9_000, 100)),
            // Another seller, no such order, what a new one may not have either.
            ("is no open one of its seller", updated(1, 2, 1, 1, 9_000, 100)),
            ("is no open one of its seller", updated(3, 1, 1, 1, 9_000, 100)),
            ("another fee than the one set", updated(1, 1, 1, 1, 9_000, 99)),
            ("is over already", updated(1, 1, 1, 1, 8_000, 100)),
            ("market_orders_open_offers_something", updated(1, 1, 0, 1, 9_000, 100)),
            ("market_orders_value_is_u128", updated(1, 1, 3, value, 9_000, 100)),
            // Other units than it offers, another seller, too early.
            ("is no open one with those units", cancelled(1, 1, 999)),
            ("is no open one with those units", cancelled(1, 2, 1_000)),
            ("not over yet", expired(1, 1, 1_000, 4)),
            // Other units, another seller, another price, another fee, the seller himself, for free.
            ("is no open one with those units", filled(1, 1, 2, (100, 901), (700, 7))),
            ("is no open one with those units", filled(1, 3, 2, (100, 900), (700, 7))),
            ("market_fills_paid_the_price", filled(1, 1, 2, (100, 900), (701, 7))),
            ("has another fee", filled(1, 1, 2, (100, 900), (700, 8))),
            ("market_fills_parties_differ", filled(1, 1, 1, (100, 900), (700, 7))),
            ("market_fills_cost_something", filled(1, 1, 2, (0, 1_000), (0, 0))),
        ],
    )
    .await;
    assert_eq!(mirror.table(ORDERS).await, before);

    // Block 9: order 1 is over, and then closed.
    mirror.write(vec![]).await;
    refuses(&mut mirror, vec![("is over", filled(1, 1, 2, (100, 900), (700, 7)))]).await;
    mirror.write(vec![expired(1, 1, 1_000, 4), cancelled(2, 1, 2)]).await;
    refuses(
        &mut mirror,
        vec![
            ("is no open one", cancelled(1, 1, 0)),
            ("is no open one", expired(1, 1, 0, 4)),
            ("is no open one", updated(2, 1, 1, 1, 20_000, 100)),
            ("is no open one", filled(2, 1, 2, (1, 1), (1, 0))),
        ],
    )
    .await;
}

#[sqlx::test(migrations = false)]
async fn payments_are_exact_up_to_the_greatest(pool: PgPool) {
    // Nor what the registry holds in escrow.
    let mut mirror = seller(pool).await.leaving_out(&["order_escrow", "fill_legs"]);
    mirror.write(vec![fee_set(500, 0xfe), placed(1, 1, 1, u128::MAX, 9_000, 500)]).await;
    // The payment is a thousandth of the price, rounded up, and a twentieth of it the fee.
    let payment = u128::MAX.div_ceil(1_000);
    mirror.write(vec![filled(1, 1, 2, (1, 0), (payment, payment / 20))]).await;
    expect![[r#"
        order_id=1 batch=1 seller=01 buyer=02 filled_by=02 amount=1 remaining=0 price=340282366920938463463374607431768211455 payment=340282366920938463463374607431768212 fee=17014118346046923173168730371588410 proceeds=323268248574891540290205877060179802 at=7-1
    "#]].assert_eq(&mirror.table(FILLS).await);
}
