//! Who holds, may move and keeps units, and what became of them.

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    carbon::{
        approved, cancelled_for, escrowed, frozen_by, issued, released, retired_for, sealed,
        transferred, unfrozen,
    },
    compliance::{allocated, surrendered},
    market::MARKET,
};

use super::{field, registered};
use crate::support::{Api, contract, hex32, provenance, ss58, time_ms};

/// Accounts 31 and 32 hold allowances, 41 and 42 credits; 60 and the market are operators.
pub async fn seeded(pool: PgPool) -> Api {
    let issuing = [
        allocated((1, 1), 31, 90),
        allocated((1, 1), 32, 10),
        vec![issued(2, 41, 90), issued(2, 42, 10), sealed(2)],
        vec![issued(4, 41, 50), transferred(4, 41, 42, 2, 41)],
    ];
    let moving = vec![
        // What is left of an approval is said before the units move.
        approved(4, 41, MARKET, 0),
        escrowed(4, 41, MARKET, 5),
        released(4, 41, MARKET, 5),
        approved(2, 41, MARKET, 25),
        escrowed(2, 41, MARKET, 14),
        approved(1, 31, MARKET, 5),
        escrowed(1, 31, MARKET, 10),
        surrendered(1, 1, 31, 50),
        retired_for(2, 41, 70, 10, 1),
        retired_for(2, 42, 71, 10, 2),
        cancelled_for(2, 41, 4, 1),
        approved(2, 41, 60, u128::MAX),
        escrowed(2, 41, 60, 1),
    ];
    let leaving =
        vec![retired_for(4, 41, 71, 1, 3), cancelled_for(2, 41, 1, 2), cancelled_for(4, 42, 2, 3)];
    let freezing = vec![
        frozen_by(34, 1, 90),
        frozen_by(33, 1, 90),
        unfrozen(33),
        frozen_by(32, 2, 91),
        frozen_by(31, 3, 90),
    ];
    Api::play(pool, vec![registered(), issuing.concat(), moving, leaving, freezing]).await
}

/// The two fields of all items of a list.
async fn keys(api: &Api, path: String, first: &str, second: &str) -> Vec<(Value, Value)> {
    let items = api.items(&path).await;
    items.iter().map(|item| (item[first].clone(), item[second].clone())).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn holdings_are_found_by_owner_and_by_batch(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| {
        keys(&api, format!("/v1/carbon/balances{query}"), "batch", "owner").await
    };
    let all = [(1, 31), (1, 32), (2, 41), (2, 42), (4, 41), (4, 42)]
        .map(|(batch, owner)| (json!(batch), json!(ss58(owner))));
    assert_eq!(found(String::new()).await, all);
    assert_eq!(found("?batch=1".into()).await, all[..2]);
    assert_eq!(found(format!("?owner={}&batch=4", ss58(41))).await, all[4..5]);
    assert!(found("?batch=3".into()).await.is_empty());
    assert_eq!(
        api.items(&format!("/v1/carbon/balances?owner={}&batch=2", hex32(41))).await,
        [json!({
            "batch": 2,
            "owner": ss58(41),
            "tradable": "60",
            "escrowed": "15",
            "retired": "10",
            "surrendered": "0",
            "cancelled": "5",
            "provenance": provenance(8, 2),
        })]
    );
    let allowances = api.items(&format!("/v1/carbon/balances?owner={}", ss58(31))).await;
    assert_eq!(allowances[0]["surrendered"], "50");
    api.pages("/v1/carbon/balances").await;
    api.refuses("/v1/carbon/balances?owner=alice", "owner").await;
    api.refuses("/v1/carbon/balances?batch=one", "batch").await;
    api.refuses("/v1/carbon/balances?after=1", "after").await;
    api.refuses(&format!("/v1/carbon/balances?after=one-{}", ss58(41)), "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn approvals_are_found_by_owner_and_by_operator(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/approvals{query}");
    assert_eq!(
        keys(&api, of(String::new()), "operator", "batch").await,
        [(MARKET, 1), (60, 2), (MARKET, 2), (MARKET, 4)]
            .map(|(operator, batch)| (json!(ss58(operator)), json!(batch)))
    );
    assert_eq!(
        api.items(&of(format!("?owner={}&operator={}", ss58(41), ss58(60)))).await,
        [json!({
            "owner": ss58(41),
            "operator": ss58(60),
            "batch": 2,
            "amount": "340282366920938463463374607431768211455",
            "provenance": provenance(7, 12),
        })]
    );
    assert_eq!(field(&api, &of(format!("?owner={}", ss58(31))), "amount").await, ["5"]);
    // The one that is used up is told, too.
    let market = of(format!("?operator={}", contract("market")));
    assert_eq!(field(&api, &market, "amount").await, ["5", "25", "0"]);
    api.pages(&of(String::new())).await;
    api.pages(&market).await;
    api.refuses(&of("?owner=alice".into()), "owner").await;
    api.refuses(&of("?operator=market".into()), "operator").await;
    api.refuses(&of("?batch=1".into()), "batch").await;
    api.refuses(&of(format!("?after={}-{}", ss58(41), ss58(60))), "after").await;
    api.refuses(&of(format!("?after={}-2", ss58(41))), "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn escrows_are_found_by_owner_operator_and_batch(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/escrows{query}");
    assert_eq!(field(&api, &of(String::new()), "amount").await, ["10", "1", "14", "0"]);
    assert_eq!(
        api.items(&of(format!("?owner={}", ss58(31)))).await,
        [json!({
            "operator": contract("market"),
            "owner": ss58(31),
            "batch": 1,
            "amount": "10",
            "provenance": provenance(7, 7),
        })]
    );
    assert_eq!(field(&api, &of("?batch=2".into()), "amount").await, ["1", "14"]);
    let market = of(format!("?operator={}", contract("market")));
    assert_eq!(field(&api, &market, "amount").await, ["10", "14", "0"]);
    let all = of(format!("?owner={}&operator={}&batch=4", ss58(41), contract("market")));
    assert_eq!(field(&api, &all, "amount").await, ["0"]);
    api.pages(&of(String::new())).await;
    api.pages(&market).await;
    api.refuses(&of("?owner=alice".into()), "owner").await;
    api.refuses(&of("?operator=market".into()), "operator").await;
    api.refuses(&of("?batch=one".into()), "batch").await;
    api.refuses(&of(format!("?after=2-{}", ss58(41))), "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn retirements_are_found_by_owner_beneficiary_and_batch(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/retirements{query}");
    assert_eq!(field(&api, &of(String::new()), "reason").await, [hex32(1), hex32(2), hex32(3)]);
    assert_eq!(
        api.items(&of(format!("?beneficiary={}&batch=2", ss58(71)))).await,
        [json!({
            "batch": 2,
            "owner": ss58(42),
            "beneficiary": ss58(71),
            "amount": "10",
            "reason": hex32(2),
            "at_ms": time_ms(7),
            "provenance": provenance(7, 10),
        })]
    );
    let owned = of(format!("?owner={}", ss58(41)));
    assert_eq!(field(&api, &owned, "reason").await, [hex32(1), hex32(3)]);
    let claimed = of(format!("?beneficiary={}", ss58(71)));
    assert_eq!(field(&api, &claimed, "reason").await, [hex32(2), hex32(3)]);
    assert_eq!(field(&api, &of("?batch=4".into()), "amount").await, ["1"]);
    api.pages(&of(String::new())).await;
    api.refuses(&of("?owner=alice".into()), "owner").await;
    api.refuses(&of("?beneficiary=alice".into()), "beneficiary").await;
    api.refuses(&of("?batch=one".into()), "batch").await;
    api.refuses(&of("?reason=0".into()), "reason").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn cancellations_are_found_by_owner_and_batch(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/cancellations{query}");
    assert_eq!(field(&api, &of(String::new()), "amount").await, ["4", "1", "2"]);
    assert_eq!(
        api.items(&of(format!("?owner={}", ss58(42)))).await,
        [json!({
            "batch": 4,
            "owner": ss58(42),
            "amount": "2",
            "reason": hex32(3),
            "at_ms": time_ms(8),
            "provenance": provenance(8, 3),
        })]
    );
    assert_eq!(field(&api, &of("?batch=2".into()), "amount").await, ["4", "1"]);
    api.pages(&of(String::new())).await;
    api.refuses(&of("?owner=alice".into()), "owner").await;
    api.refuses(&of("?batch=one".into()), "batch").await;
    api.refuses(&of("?beneficiary=1".into()), "beneficiary").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn only_who_is_frozen_now_is_listed(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/carbon/frozen").await;
    assert_eq!(items.len(), 3);
    assert_eq!(
        items[1],
        json!({
            "account": ss58(32),
            "reason": hex32(2),
            "frozen_by": ss58(91),
            "frozen_at_ms": time_ms(9),
            "provenance": provenance(9, 4),
        })
    );
    assert_eq!(field(&api, "/v1/carbon/frozen", "account").await, [ss58(31), ss58(32), ss58(34)]);
    api.pages("/v1/carbon/frozen").await;
    api.refuses("/v1/carbon/frozen?account=1", "account").await;
}
