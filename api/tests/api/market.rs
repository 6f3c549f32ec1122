//! `/v1/market`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::market::{
    cancelled, expired, fee_set, fee_set_from, filled, limits_set, placed_of, staff_acted, updated,
};

use crate::{
    carbon::{field, registered},
    support::{AS_OF, Api, provenance, ss58, time_ms},
};

/// Account 41 sells credits of batches 2 and 4, account 31 allowances of batch 1. Order 1 is over in
/// a moment, 2 is over and was not closed; the others are as their status says, and 6 stays open.
async fn seeded(pool: PgPool) -> Api {
    let now = time_ms(AS_OF);
    let placed = vec![
        fee_set(100, 7),
        placed_of(2, 1, 41, (20, 25_000), now + 1, 100),
        fee_set(0, 7),
        placed_of(4, 2, 41, (7, 1_000), now, 0),
        placed_of(4, 3, 41, (10, 1_000), now, 0),
        placed_of(2, 4, 41, (5, 1_000), now, 0),
        placed_of(1, 5, 31, (6, 1_000), time_ms(8), 0),
        fee_set(500, 7),
        placed_of(1, 6, 31, (2, 1_000), u64::MAX, 500),
        filled(6, 31, 42, (1, 1), (1, 0)),
    ];
    let bought = vec![
        (3, filled(4, 41, 42, (2, 3), (2, 0))),
        // After the one before it, also where numbers are compared as texts.
        (20, filled(3, 41, 43, (4, 6), (4, 0))),
    ];
    let closed = vec![
        filled(1, 41, 43, (5, 15), (125, 1)),
        filled(3, 41, 42, (6, 0), (6, 0)),
        expired(5, 31, 6, 90),
        cancelled(4, 41, 3),
        updated(6, 31, 1, u128::MAX, u64::MAX, 500),
    ];
    let from_one = |events: Vec<_>| (1..).zip(events).collect();
    let blocks = vec![
        (5, from_one(registered())),
        (6, from_one(placed)),
        (7, bought),
        (8, from_one(closed)),
    ];
    Api::play_at(pool, blocks).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_order_tells_what_it_offers(pool: PgPool) {
    let api = seeded(pool).await;
    let open = json!({
        "order": 1,
        "seller": ss58(41),
        "batch": 2,
        "amount": "15",
        "filled": "5",
        "released": "0",
        "price": "25000",
        "expiry_ms": time_ms(AS_OF) + 1,
        "fee_bps": 100,
        "status": "open",
        "closed": false,
        "placed_by": ss58(41),
        "changed_by": null,
        "expired_by": null,
        "provenance": provenance(8, 1),
    });
    assert_eq!(api.item("/v1/market/orders/1").await, open);
    let items = api.items("/v1/market/orders").await;
    assert_eq!(items[0], open);
    assert_eq!(items[5]["price"], "340282366920938463463374607431768211455");
    assert_eq!(items[5]["expiry_ms"], "18446744073709551615");
    api.lacks("/v1/market/orders/7").await;
    api.refuses("/v1/market/orders/one", "id").await;
    api.refuses("/v1/market/orders/1?status=open", "status").await;
}

/// Status, whether it is closed, and who closed it once it was over.
fn state(order: &Value) -> (&str, bool, Option<&str>) {
    let status = order["status"].as_str().unwrap();
    (status, order["closed"].as_bool().unwrap(), order["expired_by"].as_str())
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_order_that_is_over_is_expired_before_somebody_closes_it(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/market/orders").await;
    let states: Vec<_> = items.iter().map(state).collect();
    assert_eq!(
        states,
        [
            ("open", false, None),
            ("expired", false, None),
            ("filled", true, None),
            ("cancelled", true, None),
            ("expired", true, Some(ss58(90).as_str())),
            ("open", false, None),
        ]
    );
    assert_eq!(state(&api.item("/v1/market/orders/2").await), states[1]);
    assert_eq!((&items[1]["amount"], &items[1]["released"]), (&json!("7"), &json!("0")));
    assert_eq!((&items[4]["amount"], &items[4]["released"]), (&json!("0"), &json!("6")));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn orders_are_found_by_seller_batch_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found =
        async |query: &str| field(&api, &format!("/v1/market/orders{query}"), "order").await;
    assert_eq!(found("").await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(found(&format!("?seller={}", ss58(31))).await, [5, 6]);
    assert_eq!(found("?batch=4").await, [2, 3]);
    assert_eq!(found("?status=open").await, [1, 6]);
    assert_eq!(found("?status=filled").await, [3]);
    assert_eq!(found("?status=cancelled").await, [4]);
    assert_eq!(found("?status=expired").await, [2, 5]);
    // What prune_expired can close.
    assert_eq!(found("?status=expired&closed=false").await, [2]);
    assert_eq!(found("?closed=true").await, [3, 4, 5]);
    assert_eq!(found(&format!("?seller={}&batch=2&status=open", ss58(41))).await, [1]);
    api.pages("/v1/market/orders").await;
    api.pages("/v1/market/orders?closed=true").await;
    api.refuses("/v1/market/orders?seller=alice", "seller").await;
    api.refuses("/v1/market/orders?batch=one", "batch").await;
    api.refuses("/v1/market/orders?status=Open", "status").await;
    api.refuses("/v1/market/orders?closed=no", "closed").await;
    api.refuses("/v1/market/orders?buyer=1", "buyer").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn who_of_the_staff_traded_is_named(pool: PgPool) {
    let mut api = seeded(pool).await;
    let placed = placed_of(4, 7, 41, (10, 1_000), u64::MAX, 500);
    api.write(vec![placed, staff_acted(7, 41, 51)]).await;
    let bought = vec![filled(7, 41, 42, (4, 6), (4, 0)), staff_acted(7, 42, 52)];
    api.write(bought).await;
    let by = async |api: &Api| {
        let order = api.item("/v1/market/orders/7").await;
        [order["placed_by"].clone(), order["changed_by"].clone()]
    };
    assert_eq!(by(&api).await, [json!(ss58(51)), Value::Null]);
    let fills = api.items("/v1/market/fills?order=7").await;
    assert_eq!((&fills[0]["buyer"], &fills[0]["filled_by"]), (&json!(ss58(42)), &json!(ss58(52))));
    // The seller updates it, and another of its staff cancels it.
    api.write(vec![updated(7, 41, 5, 1_000, u64::MAX, 500)]).await;
    assert_eq!(by(&api).await, [ss58(51), ss58(41)]);
    api.write(vec![cancelled(7, 41, 5), staff_acted(7, 41, 53)]).await;
    assert_eq!(by(&api).await, [ss58(51), ss58(53)]);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn fills_are_found_by_order_buyer_and_seller(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/market/fills{query}");
    assert_eq!(
        api.items(&of("?order=1".into())).await,
        [json!({
            "order": 1,
            "batch": 2,
            "seller": ss58(41),
            "buyer": ss58(43),
            "filled_by": ss58(43),
            "amount": "5",
            "remaining": "15",
            "price": "25000",
            "payment": "125",
            "fee": "1",
            "proceeds": "124",
            "at_ms": time_ms(8),
            "provenance": provenance(8, 1),
        })]
    );
    let orders = async |query: String| field(&api, &of(query), "order").await;
    assert_eq!(orders(String::new()).await, [6, 4, 3, 1, 3]);
    assert_eq!(orders("?order=3".into()).await, [3, 3]);
    assert_eq!(orders(format!("?buyer={}", ss58(43))).await, [3, 1]);
    assert_eq!(orders(format!("?seller={}", ss58(31))).await, [6]);
    let both = format!("?buyer={}&seller={}", ss58(42), ss58(41));
    assert_eq!(orders(both).await, [4, 3]);
    api.pages(&of(String::new())).await;
    api.refuses(&of("?order=one".into()), "order").await;
    api.refuses(&of("?buyer=alice".into()), "buyer").await;
    api.refuses(&of("?seller=alice".into()), "seller").await;
    api.refuses(&of("?batch=1".into()), "batch").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_settings_are_those_set_last(pool: PgPool) {
    let mut api = Api::mirror(pool).await;
    api.lacks("/v1/market/settings").await;
    let greatest = u128::MAX / 1_000;
    let block = api.write(vec![fee_set(0, 7), limits_set(1_000, greatest)]).await;
    let fee = |fee_bps, collector| json!({ "fee_bps": fee_bps, "collector": ss58(collector) });
    let mut expected = json!({
        "fee": { "current": fee(0, 7), "next": null },
        "limits": { "floor": "1000", "ceiling": "340282366920938463463374607431768211" },
        "provenance": provenance(block, 2),
    });
    assert_eq!(api.item("/v1/market/settings").await, expected);
    let from = time_ms(block + 2);
    let block = api.write(vec![fee_set_from(500, 8, from)]).await;
    expected["fee"]["next"] = json!({ "value": fee(500, 8), "from_ms": from });
    expected["provenance"] = provenance(block, 1);
    assert_eq!(api.item("/v1/market/settings").await, expected);
    // It holds from that block on, though no event says so.
    api.write(vec![]).await;
    expected["fee"] = json!({ "current": fee(500, 8), "next": null });
    assert_eq!(api.item("/v1/market/settings").await, expected);
    api.refuses("/v1/market/settings?limit=1", "limit").await;
}
