//! `/v1/reports`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::reports::{DOCTOR, PATIENT, Version, revoked, signed_at, superseded};

use crate::support::{Api, hex32, provenance, ss58, time_ms};

/// The series of three versions, and one of one version.
const ONE: u8 = 0x5e;
const TWO: u8 = 0x70;

/// Three versions of series `ONE`, of which the first is corrected and the second revoked, and one of
/// series `TWO`; account 1 anchors them, account 9 answers for them.
fn versions() -> [Version; 4] {
    let first =
        Version { patient: 2, doctor: 9, chunks: 512, byte_length: 1_024, ..Version::first() };
    let second = Version { chunks: u64::MAX, byte_length: u64::MAX, ..first.next(0x22) };
    let third = Version { chunks: 5, byte_length: 5, ..second.next(0x33) };
    let other = Version { series: [TWO; 32], patient: 3, doctor: 9, ..Version::first() };
    [first, second, third, other]
}

async fn seeded(pool: PgPool) -> Api {
    let anchored = versions().map(|version| version.event()).to_vec();
    let later = vec![
        superseded(1, 2),
        superseded(2, 3),
        signed_at(1, PATIENT, 2, time_ms(7)),
        signed_at(1, DOCTOR, 9, time_ms(8)),
        revoked(2),
    ];
    Api::play(pool, vec![anchored, later]).await
}

fn hex(bytes: [u8; 32]) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_series_lists_its_versions(pool: PgPool) {
    let api = seeded(pool).await;
    let path = format!("/v1/reports/{}", hex32(ONE));
    let items = api.items(&path).await;
    assert_eq!(items.len(), 3);
    assert_eq!(
        items[0],
        json!({
            "series": hex32(ONE),
            "sequence": 1,
            "owner": ss58(1),
            "previous": hex32(0),
            "head": hex(versions()[0].head()),
            "root": hex32(0x11),
            "chunks": 512,
            "byte_length": 1024,
            "metadata": hex32(0x3e),
            "patient": ss58(2),
            "doctor": ss58(9),
            "patient_signed_at_ms": time_ms(7),
            "doctor_signed_at_ms": time_ms(8),
            "superseded_by": 2,
            "revoked_at_ms": null,
            "revocation_reason": null,
            "status": "superseded",
            "at_ms": time_ms(5),
            "provenance": provenance(6, 4),
        })
    );
    assert_eq!(items[1]["previous"], items[0]["head"]);
    assert_eq!(items[1]["byte_length"], "18446744073709551615");
    assert_eq!(items[1]["chunks"], "18446744073709551615");
    assert_eq!(items[1]["status"], "revoked", "which outweighs that it was superseded");
    assert_eq!(items[1]["revoked_at_ms"], time_ms(7));
    assert_eq!(items[1]["revocation_reason"], hex32(0xee));
    assert_eq!(items[2]["status"], "valid");
    assert_eq!(items[2]["patient_signed_at_ms"], Value::Null);
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
    let (one, two) = (json!(hex32(ONE)), json!(hex32(TWO)));
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
