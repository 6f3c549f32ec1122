//! `/v1/token/balances`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::EmittedEvent;
use assent_indexer_testing::succession::taken_over;
use assent_indexer_testing::token::{
    burned, frozen, minted, minting_stopped, transfer, treasury_set, treasury_set_from,
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// Account 1 holds nothing, account 2 all that there can be, 3 and 4 are frozen.
async fn held(pool: PgPool) -> Api {
    let got = |n, value| transfer(None, Some(n), value);
    let moved = vec![got(1, 0), got(2, u128::MAX), got(3, 7), frozen(3, 5), frozen(4, 6)];
    Api::play(pool, vec![moved]).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_token_balance_is_a_string_of_base_units(pool: PgPool) {
    let api = held(pool).await;
    assert_eq!(
        api.item(&format!("/v1/token/balances/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "balance": "0",
            "frozen": false,
            "freeze_reason": null,
            "moved_to": null,
            "provenance": provenance(5, 1),
        })
    );
    let rich = api.item(&format!("/v1/token/balances/{}", ss58(2))).await;
    assert_eq!(rich["balance"], "340282366920938463463374607431768211455");
    api.lacks(&format!("/v1/token/balances/{}", ss58(5))).await;
    api.refuses("/v1/token/balances/0xzz", "address").await;
    api.refuses(&format!("/v1/token/balances/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_frozen_account_is_shown_with_the_reason_and_found(pool: PgPool) {
    let api = held(pool).await;
    let frozen = json!({
        "account": ss58(3),
        "balance": "7",
        "frozen": true,
        "freeze_reason": hex32(5),
        "moved_to": null,
        "provenance": provenance(5, 4),
    });
    assert_eq!(api.item(&format!("/v1/token/balances/{}", hex32(3))).await, frozen);
    let found = async |query: &str| -> Vec<Value> {
        let items = api.items(&format!("/v1/token/balances{query}")).await;
        items.iter().map(|item| item["account"].clone()).collect()
    };
    assert_eq!(found("").await, [ss58(1), ss58(2), ss58(3), ss58(4)]);
    assert_eq!(found("?frozen=true").await, [ss58(3), ss58(4)]);
    assert_eq!(found("?frozen=false").await, [ss58(1), ss58(2)]);
    assert_eq!(api.items("/v1/token/balances?frozen=true").await[0], frozen);
    api.pages("/v1/token/balances").await;
    api.refuses("/v1/token/balances?frozen=yes", "frozen").await;
    api.refuses("/v1/token/balances?account=1", "account").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_account_that_a_key_took_over_is_empty_and_names_it(pool: PgPool) {
    let mut api = held(pool).await;
    // It was frozen, and so the key is.
    let block = api.write(vec![transfer(Some(3), Some(9), 7), taken_over(3, 9)]).await;
    let balance = async |n| api.item(&format!("/v1/token/balances/{}", ss58(n))).await;
    let left = json!({
        "account": ss58(3),
        "balance": "0",
        "frozen": false,
        "freeze_reason": null,
        "moved_to": ss58(9),
        "provenance": provenance(block, 2),
    });
    assert_eq!(balance(3).await, left);
    let key = balance(9).await;
    assert_eq!((&key["balance"], &key["frozen"]), (&json!("7"), &json!(true)));
    assert_eq!((&key["freeze_reason"], &key["moved_to"]), (&json!(hex32(5)), &json!(null)));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_totals_name_the_supply_and_the_treasury(pool: PgPool) {
    let mut api = Api::mirror(pool).await;
    api.lacks("/v1/token/totals").await;
    api.write(minted(2, 9, 1).into()).await;
    let mut expected = json!({
        "supply": "9",
        "minted": "9",
        "burned": "0",
        "treasury": { "current": null, "next": null },
        "provenance": provenance(AS_OF + 1, 1),
    });
    assert_eq!(api.item("/v1/token/totals").await, expected);
    // More than a u128 is minted over time.
    let more = [minted(1, u128::MAX - 9, 2), burned(1, 5, 3), minted(2, 5, 4)].concat();
    api.write([vec![treasury_set(1)], more].concat()).await;
    expected["supply"] = json!("340282366920938463463374607431768211455");
    expected["minted"] = json!("340282366920938463463374607431768211460");
    expected["burned"] = json!("5");
    let treasury = |n, confirmed| json!({ "account": ss58(n), "confirmed": confirmed });
    expected["treasury"]["current"] = treasury(1, true);
    expected["provenance"] = provenance(AS_OF + 2, 6);
    assert_eq!(api.item("/v1/token/totals").await, expected);
    api.refuses("/v1/token/totals?limit=1", "limit").await;

    // After a handover it is not confirmed, and another one waits; the block after next it holds.
    let from = time_ms(AS_OF + 5);
    api.write(vec![minting_stopped(1), treasury_set_from(2, from)]).await;
    let told = async |api: &Api| api.item("/v1/token/totals").await["treasury"].clone();
    let next = json!({ "value": treasury(2, true), "from_ms": from });
    let waits = json!({ "current": treasury(1, false), "next": next });
    assert_eq!(told(&api).await, waits);
    api.write(vec![]).await;
    assert_eq!(told(&api).await, waits);
    api.write(vec![]).await;
    assert_eq!(told(&api).await, json!({ "current": treasury(2, true), "next": null }));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn receipts_are_listed_in_the_order_of_the_chain_and_found_by_themselves(pool: PgPool) {
    let receipt = |events: [EmittedEvent; 2]| events[0].clone();
    let first = vec![
        (8, treasury_set(8)),
        (9, receipt(minted(1, 5, 0x99))),
        (10, receipt(burned(8, 5, 0x11))),
    ];
    let blocks = vec![(5, first), (6, vec![(0, receipt(minted(8, 5, 0x55)))])];
    let api = Api::play_at(pool, blocks).await;
    let burned = json!({
        "receipt": hex32(0x11),
        "kind": "burned",
        "account": ss58(8),
        "amount": "5",
        "provenance": provenance(5, 10),
    });
    assert_eq!(api.item(&format!("/v1/token/receipts/{}", hex32(0x11))).await, burned);
    let found = async |query: String| -> Vec<Value> {
        let items = api.items(&format!("/v1/token/receipts{query}")).await;
        items.iter().map(|item| item["receipt"].clone()).collect()
    };
    assert_eq!(found(String::new()).await, [hex32(0x99), hex32(0x11), hex32(0x55)]);
    assert_eq!(found("?kind=minted".into()).await, [hex32(0x99), hex32(0x55)]);
    assert_eq!(found(format!("?account={}", ss58(8))).await, [hex32(0x11), hex32(0x55)]);
    let both = format!("/v1/token/receipts?kind=burned&account={}", ss58(8));
    assert_eq!(api.items(&both).await, [burned]);
    api.pages("/v1/token/receipts").await;
    api.refuses("/v1/token/receipts?kind=moved", "kind").await;
    api.refuses("/v1/token/receipts?account=alice", "account").await;
    api.lacks(&format!("/v1/token/receipts/{}", hex32(0x22))).await;
    api.refuses("/v1/token/receipts/0x11", "receipt").await;
    api.refuses(&format!("/v1/token/receipts/{}?kind=minted", hex32(0x11)), "kind").await;
}
