//! `/v1/tokens`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58};

/// Account 1 holds nothing, account 2 all that there can be, 3 and 4 are frozen; each since an event
/// of its own number.
async fn hold(api: &Api) {
    const ALL: &str = "340282366920938463463374607431768211455";
    let holders = [(1, "0", None), (2, ALL, None), (3, "7", Some(5)), (4, "0", Some(6))];
    for (holder, balance, reason) in holders {
        sqlx::query(
            "insert into token_balances
                (account, balance, frozen, freeze_reason, block_number, event_index)
            values ($1, $2::text::amount, $3, $4, 8, $5)",
        )
        .bind(account(holder))
        .bind(balance)
        .bind(reason.is_some())
        .bind(reason.map(account))
        .bind(i32::from(holder))
        .execute(&api.pool)
        .await
        .unwrap();
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_token_balance_is_a_string_of_base_units(pool: PgPool) {
    let api = Api::mirror(pool).await;
    hold(&api).await;
    assert_eq!(
        api.ok(&format!("/v1/tokens/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "balance": "0",
            "frozen": false,
            "freeze_reason": null,
            "provenance": provenance(8, 1),
        })
    );
    let rich = api.ok(&format!("/v1/tokens/{}", ss58(2))).await;
    assert_eq!(rich["balance"], "340282366920938463463374607431768211455");
    api.lacks(&format!("/v1/tokens/{}", ss58(5))).await;
    api.refuses("/v1/tokens/0xzz", "address").await;
    api.refuses(&format!("/v1/tokens/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_frozen_account_is_shown_with_the_reason_and_found(pool: PgPool) {
    let api = Api::mirror(pool).await;
    hold(&api).await;
    let frozen = json!({
        "account": ss58(3),
        "balance": "7",
        "frozen": true,
        "freeze_reason": hex32(5),
        "provenance": provenance(8, 3),
    });
    assert_eq!(api.ok(&format!("/v1/tokens/{}", hex32(3))).await, frozen);
    let found = async |query: &str| -> Vec<Value> {
        let items = api.items(&format!("/v1/tokens{query}")).await;
        items.iter().map(|item| item["account"].clone()).collect()
    };
    assert_eq!(found("").await, [ss58(1), ss58(2), ss58(3), ss58(4)]);
    assert_eq!(found("?frozen=true").await, [ss58(3), ss58(4)]);
    assert_eq!(found("?frozen=false").await, [ss58(1), ss58(2)]);
    assert_eq!(api.items("/v1/tokens?frozen=true").await[0], frozen);
    api.pages("/v1/tokens").await;
    api.refuses("/v1/tokens?frozen=yes", "frozen").await;
    api.refuses("/v1/tokens?account=1", "account").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_totals_name_the_supply_and_the_treasury(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.lacks("/v1/tokens/totals").await;
    // More than a u128 was minted over time.
    api.sql(
        "insert into token_totals (minted, burned, supply, block_number, event_index)
        values (340282366920938463463374607431768211460, 5,
            340282366920938463463374607431768211455, 7, 1)",
    )
    .await;
    let mut expected = json!({
        "supply": "340282366920938463463374607431768211455",
        "minted": "340282366920938463463374607431768211460",
        "burned": "5",
        "treasury": null,
        "provenance": provenance(7, 1),
    });
    assert_eq!(api.ok("/v1/tokens/totals").await, expected);
    sqlx::query("update token_totals set treasury = $1, block_number = 8, event_index = 0")
        .bind(account(1))
        .execute(&api.pool)
        .await
        .unwrap();
    expected["treasury"] = json!(ss58(1));
    expected["provenance"] = provenance(8, 0);
    assert_eq!(api.ok("/v1/tokens/totals").await, expected);
    api.refuses("/v1/tokens/totals?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn receipts_are_listed_in_the_order_of_the_chain_and_found_by_themselves(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let receipts =
        [(0x99_u8, "minted", 1, 3_i64, 9), (0x11, "burned", 8, 3, 10), (0x55, "minted", 8, 4, 0)];
    for (receipt, kind, of, block, index) in receipts {
        sqlx::query(
            "insert into token_receipts
                (receipt, kind, account, amount, block_number, event_index)
            values ($1, $2, $3, 5, $4, $5)",
        )
        .bind([receipt; 32])
        .bind(kind)
        .bind(account(of))
        .bind(block)
        .bind(index)
        .execute(&api.pool)
        .await
        .unwrap();
    }
    let burned = json!({
        "receipt": hex32(0x11),
        "kind": "burned",
        "account": ss58(8),
        "amount": "5",
        "provenance": provenance(3, 10),
    });
    assert_eq!(api.ok(&format!("/v1/tokens/receipts/{}", hex32(0x11))).await, burned);
    let found = async |query: String| -> Vec<Value> {
        let items = api.items(&format!("/v1/tokens/receipts{query}")).await;
        items.iter().map(|item| item["receipt"].clone()).collect()
    };
    assert_eq!(found(String::new()).await, [hex32(0x99), hex32(0x11), hex32(0x55)]);
    assert_eq!(found("?kind=minted".into()).await, [hex32(0x99), hex32(0x55)]);
    assert_eq!(found(format!("?account={}", ss58(8))).await, [hex32(0x11), hex32(0x55)]);
    let both = format!("/v1/tokens/receipts?kind=burned&account={}", ss58(8));
    assert_eq!(api.items(&both).await, [burned]);
    api.pages("/v1/tokens/receipts").await;
    api.refuses("/v1/tokens/receipts?kind=moved", "kind").await;
    api.refuses("/v1/tokens/receipts?account=alice", "account").await;
    api.lacks(&format!("/v1/tokens/receipts/{}", hex32(0x22))).await;
    api.refuses("/v1/tokens/receipts/0x11", "receipt").await;
    api.refuses(&format!("/v1/tokens/receipts/{}?kind=minted", hex32(0x11)), "kind").await;
}
