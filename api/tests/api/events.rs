//! `/v1/events`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

async fn emit(api: &Api, block: i64, index: i32, contract: &str, decoded: bool) {
    let error = "unknown signature topic";
    sqlx::query(
        "insert into events
            (block_number, event_index, contract, contract_name, topics, data, name, fields,
            decode_error)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(block)
    .bind(index)
    .bind(account(if contract == "consent" { 201 } else { 202 }))
    .bind(contract)
    .bind(vec![vec![1_u8; 32], vec![2_u8; 32]])
    .bind(vec![0_u8, 255])
    .bind(decoded.then_some("Granted"))
    .bind(decoded.then(|| json!({ "grant": "18446744073709551615" })))
    .bind((!decoded).then_some(error))
    .execute(&api.pool)
    .await
    .unwrap();
}

async fn seeded(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    emit(&api, 2, 1, "consent", true).await;
    emit(&api, 2, 10, "token", true).await;
    emit(&api, 2, 9, "consent", false).await;
    emit(&api, 3, 0, "consent", true).await;
    emit(&api, 5, 4, "token", true).await;
    api
}

fn positions(items: &[Value]) -> Vec<(i64, i64)> {
    let of = |item: &Value, key: &str| item["provenance"][key].as_i64().unwrap();
    items.iter().map(|item| (of(item, "block_number"), of(item, "event_index"))).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_come_in_the_order_of_the_chain(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/events").await;
    assert_eq!(positions(&items), [(2, 1), (2, 9), (2, 10), (3, 0), (5, 4)]);
    assert_eq!(
        items[0],
        json!({
            "contract": ss58(201),
            "contract_name": "consent",
            "name": "Granted",
            "fields": { "grant": "18446744073709551615" },
            "decode_error": null,
            "topics": [hex32(1), hex32(2)],
            "data": "0x00ff",
            "block_time_ms": time_ms(2),
            "provenance": provenance(2, 1),
        })
    );
    assert_eq!(items[1]["name"], Value::Null);
    assert_eq!(items[1]["fields"], Value::Null);
    assert_eq!(items[1]["decode_error"], "unknown signature topic");
    api.pages("/v1/events").await;
    api.pages("/v1/events?contract=consent").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_are_found_by_contract_and_block(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| positions(&api.items(&format!("/v1/events?{query}")).await);
    assert_eq!(found("contract=token".into()).await, [(2, 10), (5, 4)]);
    assert_eq!(found(format!("contract={}", ss58(202))).await, [(2, 10), (5, 4)]);
    assert_eq!(found(format!("contract={}&from=3", hex32(201))).await, [(3, 0)]);
    assert_eq!(found("from=3".into()).await, [(3, 0), (5, 4)]);
    assert!(found("from=6".into()).await.is_empty());
    api.refuses("/v1/events?contract=registry", "contract").await;
    api.refuses(&format!("/v1/events?contract={}", ss58(1)), "contract").await;
    api.refuses("/v1/events?from=latest", "from").await;
    api.refuses("/v1/events?from=-1", "from").await;
    api.refuses("/v1/events?after=2", "after").await;
}
