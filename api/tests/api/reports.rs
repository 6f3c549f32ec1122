//! `/v1/reports`

use serde_json::json;
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

async fn anchor(api: &Api, series: u8, sequence: i64, byte_length: &str) {
    sqlx::query(
        "insert into reports
            (series, sequence, owner, previous, digest, byte_length, at_ms, block_number, event_index)
        values ($1, $2, $3, $4, $5, $6::numeric, $7, 6, 0)",
    )
    .bind([series; 32])
    .bind(sequence)
    .bind(account(1))
    .bind([3_u8; 32])
    .bind([4_u8; 32])
    .bind(byte_length)
    .bind(time_ms(6))
    .execute(&api.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrations = "../indexer/migrations")]
async fn a_series_lists_its_versions(pool: PgPool) {
    let api = Api::mirror(pool).await;
    anchor(&api, 1, 1, "1024").await;
    anchor(&api, 1, 2, "18446744073709551615").await;
    anchor(&api, 1, 3, "5").await;
    anchor(&api, 2, 1, "1").await;
    let path = format!("/v1/reports/{}", hex32(1));
    let versions = api.items(&path).await;
    assert_eq!(versions.len(), 3);
    assert_eq!(
        versions[0],
        json!({
            "series": hex32(1),
            "sequence": 1,
            "owner": ss58(1),
            "previous": hex32(3),
            "digest": hex32(4),
            "byte_length": 1024,
            "at_ms": time_ms(6),
            "provenance": provenance(6, 0),
        })
    );
    assert_eq!(versions[1]["byte_length"], "18446744073709551615");
    api.pages(&path).await;
    assert!(api.items(&format!("{path}?after=3")).await.is_empty());
}

#[sqlx::test(migrations = "../indexer/migrations")]
async fn a_wrong_series_and_an_unknown_one_are_told_apart(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.refuses("/v1/reports/12", "id").await;
    api.refuses(&format!("/v1/reports/{}", &hex32(1)[2..]), "id").await;
    api.lacks(&format!("/v1/reports/{}", hex32(1))).await;
}
