//! `/v1/reports`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

/// A version by account 1 about account `patient`, for which account 9 answers.
async fn anchor(api: &Api, series: u8, sequence: i64, patient: u8, byte_length: &str) {
    sqlx::query(
        "insert into reports
            (series, sequence, owner, previous, head, root, chunks, byte_length, metadata, patient,
            doctor, at_ms, block_number, event_index)
        values ($1, $2, $3, $4, $5, $6, $7::numeric, $7::numeric, $8, $9, $10, $11, 6, 0)",
    )
    .bind([series; 32])
    .bind(sequence)
    .bind(account(1))
    .bind([3_u8; 32])
    .bind([4_u8; 32])
    .bind([5_u8; 32])
    .bind(byte_length)
    .bind([6_u8; 32])
    .bind(account(patient))
    .bind(account(9))
    .bind(time_ms(6))
    .execute(&api.pool)
    .await
    .unwrap();
}

/// Three versions of series 1, of which the first is corrected and the second revoked, and one of
/// series 2.
async fn seeded(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    anchor(&api, 1, 1, 2, "1024").await;
    anchor(&api, 1, 2, 2, "18446744073709551615").await;
    anchor(&api, 1, 3, 2, "5").await;
    anchor(&api, 2, 1, 3, "1").await;
    sqlx::query(
        "update reports
        set superseded_by = 2, patient_signed_at_ms = $1, doctor_signed_at_ms = $2
        where series = $3 and sequence = 1",
    )
    .bind(time_ms(7))
    .bind(time_ms(8))
    .bind([1_u8; 32])
    .execute(&api.pool)
    .await
    .unwrap();
    sqlx::query(
        "update reports set superseded_by = 3, revoked_at_ms = $1, revocation_reason = $2
        where series = $3 and sequence = 2",
    )
    .bind(time_ms(9))
    .bind([7_u8; 32])
    .bind([1_u8; 32])
    .execute(&api.pool)
    .await
    .unwrap();
    api
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_series_lists_its_versions(pool: PgPool) {
    let api = seeded(pool).await;
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
            "head": hex32(4),
            "root": hex32(5),
            "chunks": 1024,
            "byte_length": 1024,
            "metadata": hex32(6),
            "patient": ss58(2),
            "doctor": ss58(9),
            "patient_signed_at_ms": time_ms(7),
            "doctor_signed_at_ms": time_ms(8),
            "superseded_by": 2,
            "revoked_at_ms": null,
            "revocation_reason": null,
            "status": "superseded",
            "at_ms": time_ms(6),
            "provenance": provenance(6, 0),
        })
    );
    assert_eq!(versions[1]["byte_length"], "18446744073709551615");
    assert_eq!(versions[1]["chunks"], "18446744073709551615");
    assert_eq!(versions[1]["status"], "revoked", "which outweighs that it was superseded");
    assert_eq!(versions[1]["revoked_at_ms"], time_ms(9));
    assert_eq!(versions[1]["revocation_reason"], hex32(7));
    assert_eq!(versions[2]["status"], "valid");
    assert_eq!(versions[2]["patient_signed_at_ms"], Value::Null);
    api.pages(&path).await;
    assert!(api.items(&format!("{path}?after=3")).await.is_empty());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn versions_are_found_by_party_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<(Value, i64)> {
        let items = api.items(&format!("/v1/reports?{query}")).await;
        let key = |item: &Value| (item["series"].clone(), item["sequence"].as_i64().unwrap());
        items.iter().map(key).collect()
    };
    let (one, two) = (json!(hex32(1)), json!(hex32(2)));
    let first = [(one.clone(), 1), (one.clone(), 2), (one.clone(), 3)];
    assert_eq!(found(format!("patient={}", ss58(2))).await, first);
    assert_eq!(found(format!("patient={}", ss58(3))).await, [(two.clone(), 1)]);
    assert_eq!(found("status=valid".into()).await, [(one.clone(), 3), (two.clone(), 1)]);
    let revoked = format!("owner={}&doctor={}&status=revoked", ss58(1), hex32(9));
    assert_eq!(found(revoked).await, [(one, 2)]);
    assert!(found(format!("owner={}", ss58(2))).await.is_empty());
    assert!(found(format!("doctor={}", ss58(2))).await.is_empty());
    api.refuses("/v1/reports?status=signed", "status").await;
    api.refuses("/v1/reports?owner=alice", "owner").await;
    api.refuses("/v1/reports?patient=bob", "patient").await;
    api.refuses("/v1/reports?doctor=who", "doctor").await;
    api.refuses("/v1/reports?after=3", "after").await;
    api.pages("/v1/reports").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_wrong_series_and_an_unknown_one_are_told_apart(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.refuses("/v1/reports/12", "id").await;
    api.refuses(&format!("/v1/reports/{}", &hex32(1)[2..]), "id").await;
    api.lacks(&format!("/v1/reports/{}", hex32(1))).await;
}
