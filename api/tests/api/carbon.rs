//! `/v1/carbon`

use serde_json::json;
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

/// Batches 1 to 3 of 100 units each, and who holds them.
async fn issue(api: &Api) {
    for batch in 1..=3_i64 {
        sqlx::query(
            "insert into carbon_batches
                (batch, project, serial_start, serial_end, vintage_start_ms, vintage_end_ms, issued,
                retired, issued_to, block_number, event_index)
            values ($1, $2, $1 * 100, $1 * 100 + 99, $3, $4, 100, $5, $6, 2, 5)",
        )
        .bind(batch)
        .bind([4_u8; 32])
        .bind(time_ms(0))
        .bind(time_ms(1))
        .bind(batch * 10)
        .bind(account(1))
        .execute(&api.pool)
        .await
        .unwrap();
    }
    for (batch, owner, tradable, retired) in
        [(1_i64, 2, 30_i64, 0_i64), (1, 1, 60, 10), (2, 1, 80, 20), (3, 1, 60, 30), (3, 3, 10, 0)]
    {
        sqlx::query(
            "insert into carbon_balances (batch, owner, tradable, retired, block_number, event_index)
            values ($1, $2, $3, $4, 7, 1)",
        )
        .bind(batch)
        .bind(account(owner))
        .bind(tradable)
        .bind(retired)
        .execute(&api.pool)
        .await
        .unwrap();
    }
}

#[sqlx::test(migrations = "../indexer/migrations")]
async fn a_batch_shows_issued_circulating_and_retired(pool: PgPool) {
    let api = Api::mirror(pool).await;
    issue(&api).await;
    let expected = json!({
        "batch": 2,
        "project": hex32(4),
        "serial_start": "200",
        "serial_end": "299",
        "vintage_start_ms": time_ms(0),
        "vintage_end_ms": time_ms(1),
        "issued": "100",
        "circulating": "80",
        "retired": "20",
        "issued_to": ss58(1),
        "provenance": provenance(2, 5),
    });
    assert_eq!(api.ok("/v1/carbon/batches/2").await, expected);
    assert_eq!(api.items("/v1/carbon/batches").await[1], expected);
    api.pages("/v1/carbon/batches").await;
    api.lacks("/v1/carbon/batches/4").await;
    api.refuses("/v1/carbon/batches/two", "id").await;
    api.refuses("/v1/carbon/batches/2?limit=1", "limit").await;
    api.refuses("/v1/carbon/batches?owner=1", "owner").await;
}

#[sqlx::test(migrations = "../indexer/migrations")]
async fn holdings_are_found_by_owner_and_by_batch(pool: PgPool) {
    let api = Api::mirror(pool).await;
    issue(&api).await;
    let found = async |query: String| -> Vec<(i64, String)> {
        let items = api.items(&format!("/v1/carbon/balances{query}")).await;
        let key = |item: &serde_json::Value| {
            (item["batch"].as_i64().unwrap(), item["owner"].as_str().unwrap().to_owned())
        };
        items.iter().map(key).collect()
    };
    let all = [(1, ss58(1)), (1, ss58(2)), (2, ss58(1)), (3, ss58(1)), (3, ss58(3))];
    assert_eq!(found(String::new()).await, all);
    assert_eq!(found("?batch=1".into()).await, all[..2]);
    assert_eq!(found(format!("?owner={}&batch=3", ss58(3))).await, all[4..]);
    assert!(found("?batch=4".into()).await.is_empty());
    assert_eq!(
        api.items(&format!("/v1/carbon/balances?owner={}&batch=1", ss58(1))).await,
        [json!({
            "batch": 1,
            "owner": ss58(1),
            "tradable": "60",
            "retired": "10",
            "provenance": provenance(7, 1),
        })]
    );
    api.pages("/v1/carbon/balances").await;
    api.pages(&format!("/v1/carbon/balances?owner={}", ss58(1))).await;
    api.refuses("/v1/carbon/balances?owner=alice", "owner").await;
    api.refuses("/v1/carbon/balances?batch=one", "batch").await;
    api.refuses("/v1/carbon/balances?after=1", "after").await;
}
