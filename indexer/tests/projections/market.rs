//! The market: orders, their fills, and what the administrator set. Block n has the time n × 1,000 ms.

use sqlx::PgPool;

use assent_indexer_testing::carbon::{approved, delivered, escrowed, issued, registry, released};
use assent_indexer_testing::market::{
    MARKET, cancelled, expired, fee_set, filled, limits_set, placed, placed_of, updated,
};
use assent_indexer_testing::{Mirror, account, address};

use crate::carbon::{BALANCES, BATCHES, ESCROWS};
use crate::refuses;

const ORDERS: &str = "select concat_ws(' ', order_id, substr(encode(seller, 'hex'), 1, 2), batch, \
     status, amount, filled, released, price, expiry_ms, fee_bps, \
     coalesce(substr(encode(expired_by, 'hex'), 1, 2), '-'), block_number || '-' || event_index) \
     from market_orders order by order_id";

const FILLS: &str = "select concat_ws(' ', order_id, batch, substr(encode(seller, 'hex'), 1, 2), \
     substr(encode(buyer, 'hex'), 1, 2), amount, remaining, price, payment, fee, proceeds, \
     block_number || '-' || event_index) from market_fills order by block_number, event_index";

const SETTINGS: &str = "select concat_ws(' ', fee_bps, \
     coalesce(substr(encode(collector, 'hex'), 1, 2), '-'), coalesce(floor::text, '-'), \
     coalesce(ceiling::text, '-'), block_number || '-' || event_index) from market_settings";

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
    assert_eq!(
        mirror.rows(ORDERS).await,
        ["1 01 1 open 2000 0 0 7500 20000 100 - 7-2", "2 01 1 open 1000 0 0 3 9000 100 - 7-3"]
    );
    assert_eq!(mirror.rows(ESCROWS).await, ["c2 01 1 3000 7-4"]);

    // 333 × 7.5 is rounded up to 2,498, and its hundredth down to 24; the least payment is 1.
    mirror
        .write(vec![
            delivered(1, 1, 2, 333, MARKET),
            filled(1, 1, 2, (333, 1_667), (2_498, 24)),
            delivered(1, 1, 3, 1, MARKET),
            filled(2, 1, 3, (1, 999), (1, 0)),
        ])
        .await;
    assert_eq!(
        mirror.rows(FILLS).await,
        ["1 1 01 02 333 1667 7500 2498 24 2474 8-2", "2 1 01 03 1 999 3 1 0 1 8-4"]
    );
    assert_eq!(
        mirror.rows(ORDERS).await,
        ["1 01 1 open 1667 333 0 7500 20000 100 - 8-2", "2 01 1 open 999 1 0 3 9000 100 - 8-4"]
    );

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
    assert_eq!(
        mirror.rows(ORDERS).await,
        ["1 01 1 open 500 333 0 8000 30000 250 - 9-3", "2 01 1 expired 0 1 999 3 9000 100 04 9-5"]
    );

    mirror
        .write(vec![
            delivered(1, 1, 2, 500, MARKET),
            filled(1, 1, 2, (500, 0), (4_000, 100)),
            escrowed(1, 1, MARKET, 10),
            placed(3, 1, 10, 1, u64::MAX, 250),
        ])
        .await;
    mirror.write(vec![released(1, 1, MARKET, 10), cancelled(3, 1, 10)]).await;
    assert_eq!(
        mirror.rows(ORDERS).await,
        [
            "1 01 1 filled 0 833 0 8000 30000 250 - 10-2",
            "2 01 1 expired 0 1 999 3 9000 100 04 9-5",
            "3 01 1 cancelled 0 0 10 1 18446744073709551615 250 - 11-2"
        ]
    );
    assert_eq!(mirror.rows(FILLS).await[2], "1 1 01 02 500 0 8000 4000 100 3900 10-2");
    assert_eq!(
        mirror.rows(BALANCES).await,
        ["1 01 4166 0 0 0 0 11-1", "1 02 833 0 0 0 0 10-1", "1 03 1 0 0 0 0 8-3"]
    );
    assert_eq!(mirror.rows(BATCHES).await, ["1 f 5000 5000 0 0 0 0 11-1"]);
}

#[sqlx::test(migrations = false)]
async fn the_settings_are_those_set_last(pool: PgPool) {
    let mut mirror = seller(pool).await;
    let nameless = vec![
        ("a market that has named no fee", limits_set(5, 5)),
        ("another fee than the one set", placed(1, 1, 10, 1_000, 9_000, 0)),
    ];
    refuses(&mut mirror, nameless).await;
    assert_eq!(mirror.rows(SETTINGS).await, [""; 0]);
    // As the constructor says it, and a change of each.
    mirror.write(vec![fee_set(0, 0xfd), limits_set(5, 5)]).await;
    assert_eq!(mirror.rows(SETTINGS).await, ["0 fd 5 5 6-2"]);
    mirror.write(vec![limits_set(6, 7)]).await;
    assert_eq!(mirror.rows(SETTINGS).await, ["0 fd 6 7 7-1"]);
    let greatest = u128::MAX / 1_000;
    mirror.write(vec![fee_set(500, 0xfe), limits_set(1, greatest)]).await;
    assert_eq!(mirror.rows(SETTINGS).await, [format!("500 fe 1 {greatest} 8-2")]);
    refuses(
        &mut mirror,
        vec![
            ("market_settings_fee_within_max", fee_set(501, 0xfe)),
            ("exceeds a smallint", fee_set(u16::MAX, 0xfe)),
            ("market_settings_floor_not_zero", limits_set(0, 5)),
            ("market_settings_limits_in_order", limits_set(6, 5)),
            ("market_settings_ceiling_within_max", limits_set(1, greatest + 1)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(SETTINGS).await, [format!("500 fe 1 {greatest} 8-2")]);
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
    let before = mirror.rows(ORDERS).await;
    // Block 8.
    refuses(
        &mut mirror,
        vec![
            ("market_orders_pkey", placed(1, 1, 1, 1, 9_000, 100)),
            ("another fee than the one set", placed(3, 1, 1, 1, 9_000, 0)),
            ("is over already", placed(3, 1, 1, 1, 8_000, 100)),
            ("market_orders_open_offers_something", placed(3, 1, 0, 1, 9_000, 100)),
            ("market_orders_price_not_zero", placed(3, 1, 1, 0, 9_000, 100)),
            ("market_orders_value_is_u128", placed(3, 1, 3, value, 9_000, 100)),
            ("market_orders_batch_fkey", placed_of(2, 3, 1, (1, 1), 9_000, 100)),
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
    assert_eq!(mirror.rows(ORDERS).await, before);

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
    assert_eq!(
        mirror.rows(FILLS).await,
        [format!(
            "1 1 01 02 1 0 {} {payment} {} {} 7-1",
            u128::MAX,
            payment / 20,
            payment - payment / 20
        )]
    );
}
