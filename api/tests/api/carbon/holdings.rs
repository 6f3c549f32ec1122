//! Who holds, may move and keeps units, and what became of them.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{field, registry};
use crate::support::{Api, hex32, provenance, ss58, time_ms};

/// Accounts 31 and 32 hold allowances, 41 and 42 credits; 60 and the market are operators.
async fn seeded(pool: PgPool) -> Api {
    let api = registry(pool).await;
    for statement in [
        "insert into carbon_balances
            (batch, owner, tradable, escrowed, retired, surrendered, cancelled, block_number,
            event_index)
        values (2, account(42), 0, 0, 10, 0, 0, 6, 9), (2, account(41), 60, 15, 10, 0, 5, 6, 2),
            (1, account(31), 30, 10, 0, 50, 0, 6, 1), (1, account(32), 10, 0, 0, 0, 0, 4, 1),
            (4, account(41), 50, 0, 0, 0, 0, 3, 9)",
        "insert into carbon_approvals (owner, operator, batch, amount, block_number, event_index)
        values (account(41), account(207), 4, 0, 7, 1), (account(41), account(207), 2, 25, 7, 2),
            (account(31), account(207), 1, 5, 7, 3),
            (account(41), account(60), 2, 340282366920938463463374607431768211455, 7, 4)",
        "insert into carbon_escrows (operator, owner, batch, amount, block_number, event_index)
        values (account(207), account(41), 4, 0, 8, 1), (account(207), account(41), 2, 14, 8, 2),
            (account(207), account(31), 1, 10, 8, 3), (account(60), account(41), 2, 1, 8, 4)",
        "insert into carbon_retirements
            (block_number, event_index, batch, owner, beneficiary, amount, reason)
        values (4, 0, 4, account(41), account(71), 1, account(3)),
            (3, 10, 2, account(42), account(71), 10, account(2)),
            (3, 9, 2, account(41), account(70), 10, account(1))",
        "insert into carbon_cancellations
            (block_number, event_index, batch, owner, amount, reason)
        values (5, 1, 4, account(42), 2, account(3)), (5, 0, 2, account(41), 1, account(2)),
            (3, 11, 2, account(41), 4, account(1))",
        "insert into carbon_accounts
            (account, frozen, freeze_reason, frozen_by, block_number, event_index)
        values (account(34), true, account(1), account(90), 9, 1),
            (account(33), false, null, null, 9, 2),
            (account(32), true, account(2), account(91), 9, 3),
            (account(31), true, account(3), account(90), 9, 4)",
    ] {
        api.sql(statement).await;
    }
    api
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
    let all = [(1, 31), (1, 32), (2, 41), (2, 42), (4, 41)]
        .map(|(batch, owner)| (json!(batch), json!(ss58(owner))));
    assert_eq!(found(String::new()).await, all);
    assert_eq!(found("?batch=1".into()).await, all[..2]);
    assert_eq!(found(format!("?owner={}&batch=4", ss58(41))).await, all[4..]);
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
            "provenance": provenance(6, 2),
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
        [(207, 1), (60, 2), (207, 2), (207, 4)]
            .map(|(operator, batch)| (json!(ss58(operator)), json!(batch)))
    );
    assert_eq!(
        api.items(&of(format!("?owner={}&operator={}", ss58(41), ss58(60)))).await,
        [json!({
            "owner": ss58(41),
            "operator": ss58(60),
            "batch": 2,
            "amount": "340282366920938463463374607431768211455",
            "provenance": provenance(7, 4),
        })]
    );
    assert_eq!(field(&api, &of(format!("?owner={}", ss58(31))), "amount").await, ["5"]);
    // The one that is used up is told, too.
    let market = of(format!("?operator={}", ss58(207)));
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
            "operator": ss58(207),
            "owner": ss58(31),
            "batch": 1,
            "amount": "10",
            "provenance": provenance(8, 3),
        })]
    );
    assert_eq!(field(&api, &of("?batch=2".into()), "amount").await, ["1", "14"]);
    let market = of(format!("?operator={}", ss58(207)));
    assert_eq!(field(&api, &market, "amount").await, ["10", "14", "0"]);
    let all = of(format!("?owner={}&operator={}&batch=4", ss58(41), ss58(207)));
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
            "at_ms": time_ms(3),
            "provenance": provenance(3, 10),
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
            "at_ms": time_ms(5),
            "provenance": provenance(5, 1),
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
            "provenance": provenance(9, 3),
        })
    );
    assert_eq!(field(&api, "/v1/carbon/frozen", "account").await, [ss58(31), ss58(32), ss58(34)]);
    api.pages("/v1/carbon/frozen").await;
    api.refuses("/v1/carbon/frozen?account=1", "account").await;
}
