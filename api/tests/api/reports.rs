//! `/v1/reports`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::reports::{
    AUDITOR, DOCTOR, PATIENT, SERIES, Version, audit_opened, audit_opened_by, audit_recorded,
    nonce, revoked_by, signed_at, signed_by, superseded,
};

use assent_client::Account;
use assent_merkle::chunked;
use axum::{body::Body, http::Request};

use crate::support::{AS_OF, Api, block_hash, hex32, provenance, ss58, time_ms};

/// Length of the chunks of [`FILE`].
const CHUNK: usize = 1_024;
/// A file of two chunks and a bit.
const FILE: [u8; 2_100] = [7; 2_100];

/// The series of three versions, and one of one version.
const ONE: u8 = 0x5e;
const TWO: u8 = 0x70;

/// Three versions of series `ONE`, of which the first is corrected and the second revoked, and one of
/// series `TWO`; account 1 anchors them, account 9 answers for them. Account 5 has a series `ONE`, too,
/// about nobody. Of the staff of 1, 7 anchors the first version and revokes the second, and 8 of that of 9 signs.
fn versions() -> [Version; 5] {
    let first = Version {
        patient: Some(2),
        doctor: 9,
        staff: Some(7),
        chunks: 512,
        byte_length: 1_024,
        ..Version::first()
    };
    let (chunks, byte_length) = (u64::MAX, u64::MAX);
    let second = Version { chunks, byte_length, staff: None, ..first.next(0x22) };
    let third = Version { chunks: 5, byte_length: 5, ..second.next(0x33) };
    let other = Version { series: [TWO; 32], patient: Some(3), doctor: 9, ..Version::first() };
    let log = Version { owner: 5, patient: None, ..Version::first() };
    [first, second, third, other, log]
}

async fn seeded(pool: PgPool) -> Api {
    let anchored = versions().map(|version| version.event()).to_vec();
    let later = vec![
        superseded(1, 2),
        superseded(2, 3),
        signed_at(1, PATIENT, 2, time_ms(7)),
        signed_by(8, 1, DOCTOR, 9, time_ms(8)),
        revoked_by(7, 2, time_ms(7)),
    ];
    Api::play(pool, vec![anchored, later]).await
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_series_lists_its_versions(pool: PgPool) {
    let api = seeded(pool).await;
    let path = format!("/v1/reports/{}/{}", ss58(1), hex32(ONE));
    let items = api.items(&path).await;
    assert_eq!(items.len(), 3);
    assert_eq!(
        items[0],
        json!({
            "owner": ss58(1),
            "series": hex32(ONE),
            "sequence": 1,
            "preimage": hex(versions()[0].preimage()),
            "previous": hex32(0),
            "head": hex(versions()[0].head()),
            "root": hex32(0x11),
            "chunks": 512,
            "byte_length": 1024,
            "metadata": hex32(0x3e),
            "patient": ss58(2),
            "doctor": ss58(9),
            "anchored_by": ss58(7),
            "patient_signed_at_ms": time_ms(7),
            "patient_signed_by": ss58(2),
            "doctor_signed_at_ms": time_ms(8),
            "doctor_signed_by": ss58(8),
            "superseded_by": 2,
            "revoked_at_ms": null,
            "revoked_by": null,
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
    assert_eq!(items[1]["anchored_by"], ss58(1));
    assert_eq!(items[1]["revoked_at_ms"], time_ms(7));
    assert_eq!(items[1]["revoked_by"], ss58(7));
    assert_eq!(items[1]["revocation_reason"], hex32(0xee));
    assert_eq!(items[2]["status"], "valid");
    assert_eq!(items[2]["patient_signed_at_ms"], Value::Null);
    assert_eq!(items[2]["patient_signed_by"], Value::Null);
    assert_eq!(items[2]["doctor_signed_by"], Value::Null);
    api.pages(&path).await;
    assert!(api.items(&format!("{path}?after=3")).await.is_empty());
    // Another owner's, about nobody.
    let others = api.items(&format!("/v1/reports/{}/{}", hex32(5), hex32(ONE))).await;
    assert_eq!(others.len(), 1);
    assert_eq!(others[0]["patient"], Value::Null);
    assert_eq!(others[0]["preimage"], hex(versions()[4].preimage()));
    assert_eq!(others[0]["head"], hex(versions()[4].head()));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn versions_are_found_by_party_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<(Value, Value, i64)> {
        let items = api.items(&format!("/v1/reports?{query}")).await;
        let part = |item: &Value, name: &str| item[name].clone();
        let key = |item: &Value| {
            (part(item, "owner"), part(item, "series"), item["sequence"].as_i64().unwrap())
        };
        items.iter().map(key).collect()
    };
    let of = |owner, series, sequence| (json!(ss58(owner)), json!(hex32(series)), sequence);
    // Only what he signed for is the patient's; the rest names him.
    assert_eq!(found(format!("patient={}", ss58(2))).await, [of(1, ONE, 1)]);
    let named = [of(1, ONE, 2), of(1, ONE, 3)];
    assert_eq!(found(format!("claimed_patient={}", ss58(2))).await, named);
    assert!(found(format!("patient={}", ss58(3))).await.is_empty());
    assert_eq!(found(format!("claimed_patient={}", ss58(3))).await, [of(1, TWO, 1)]);
    let both = format!("patient={0}&claimed_patient={0}", ss58(2));
    assert!(found(both).await.is_empty());
    let valid = [of(1, ONE, 3), of(1, TWO, 1), of(5, ONE, 1)];
    assert_eq!(found("status=valid".into()).await, valid);
    let revoked = format!("owner={}&doctor={}&status=revoked", ss58(1), hex32(9));
    assert_eq!(found(revoked).await, [of(1, ONE, 2)]);
    assert_eq!(found(format!("owner={}", ss58(5))).await, [of(5, ONE, 1)]);
    assert!(found(format!("owner={}", ss58(2))).await.is_empty());
    assert!(found(format!("doctor={}", ss58(2))).await.is_empty());
    api.refuses("/v1/reports?status=signed", "status").await;
    api.refuses("/v1/reports?owner=alice", "owner").await;
    api.refuses("/v1/reports?patient=bob", "patient").await;
    api.refuses("/v1/reports?claimed_patient=bob", "claimed_patient").await;
    api.refuses("/v1/reports?doctor=who", "doctor").await;
    api.refuses("/v1/reports?after=3", "after").await;
    api.refuses(&format!("/v1/reports?after={}-3", hex32(ONE)), "after").await;
    api.pages("/v1/reports").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_wrong_series_and_an_unknown_one_are_told_apart(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |owner: &str, series: &str| format!("/v1/reports/{owner}/{series}");
    api.refuses(&of("alice", &hex32(ONE)), "owner").await;
    api.refuses(&of(&ss58(1), "12"), "series").await;
    api.refuses(&of(&ss58(1), &hex32(1)[2..]), "series").await;
    api.lacks(&of(&ss58(1), &hex32(1))).await;
    api.lacks(&of(&ss58(2), &hex32(ONE))).await;
}

/// Four audits of account 1's series `ONE` and one of account 5's: the first passed, the second failed, of
/// the third the hash is wrong, and the others are open.
async fn audited(pool: PgPool) -> Api {
    let anchored = versions().map(|version| version.event()).to_vec();
    let opened = vec![
        audit_opened(1, 1, 7),
        audit_opened(2, 3, 7),
        audit_opened(3, 1, 7),
        audit_opened(4, 2, 200),
        audit_opened_by(8, 5, (5, SERIES), 1, 7),
    ];
    let hash = assent_indexer_testing::block_hash(7).0;
    let recorded = vec![
        audit_recorded(1, hash, true),
        audit_recorded(2, hash, false),
        audit_recorded(3, [0xb7; 32], true),
    ];
    Api::play(pool, vec![anchored, opened, vec![], recorded]).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_audit_tells_what_it_came_to_and_whether_its_block_is_right(pool: PgPool) {
    let api = audited(pool).await;
    let items = api.items("/v1/audits").await;
    let expected = json!({
        "audit": 1,
        "owner": ss58(1),
        "series": hex32(ONE),
        "sequence": 1,
        "auditor": ss58(AUDITOR),
        "commitment": items[0]["commitment"],
        "challenge_block": 7,
        "opened_at_ms": time_ms(6),
        "status": "passed",
        "nonce": hex(nonce(1)),
        "block_hash": block_hash(7),
        "block_hash_matches": true,
        "evidence": hex32(0xed),
        "recorded_at_ms": time_ms(7),
        "provenance": provenance(8, 1),
    });
    assert_eq!(api.item("/v1/audits/1").await, expected);
    assert_eq!(items[0], expected);
    // SHA-256 of 32 times 0x01.
    let commitment = "0x72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793";
    assert_eq!(items[0]["commitment"], commitment);
    assert_eq!(
        (&items[1]["status"], &items[1]["block_hash_matches"]),
        (&json!("failed"), &json!(true))
    );
    assert_eq!(
        (&items[2]["status"], &items[2]["block_hash_matches"]),
        (&json!("passed"), &json!(false)),
        "what the auditor says stays, and what it is worth is said beside it"
    );
    for field in ["nonce", "block_hash", "block_hash_matches", "evidence", "recorded_at_ms"] {
        assert_eq!(items[3][field], Value::Null, "{field}");
    }
    assert_eq!(items[3]["status"], "open");
    api.lacks("/v1/audits/6").await;
    api.refuses("/v1/audits/first", "id").await;
    api.refuses("/v1/audits/1?owner=1", "owner").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn audits_are_found_by_owner_series_auditor_and_status(pool: PgPool) {
    let api = audited(pool).await;
    let found = async |query: String| -> Vec<Value> {
        let items = api.items(&format!("/v1/audits{query}")).await;
        items.iter().map(|item| item["audit"].clone()).collect()
    };
    assert_eq!(found(String::new()).await, [1, 2, 3, 4, 5]);
    assert_eq!(found(format!("?owner={}", ss58(5))).await, [5]);
    assert_eq!(found(format!("?owner={}&series={}", ss58(1), hex32(ONE))).await, [1, 2, 3, 4]);
    assert!(found(format!("?series={}", hex32(TWO))).await.is_empty());
    assert_eq!(found(format!("?auditor={}", hex32(8))).await, [5]);
    assert_eq!(found("?status=open".into()).await, [4, 5]);
    assert_eq!(found("?status=passed".into()).await, [1, 3]);
    assert_eq!(found("?status=failed".into()).await, [2]);
    api.pages("/v1/audits").await;
    api.refuses("/v1/audits?owner=alice", "owner").await;
    api.refuses("/v1/audits?series=12", "series").await;
    api.refuses("/v1/audits?auditor=alice", "auditor").await;
    api.refuses("/v1/audits?status=recorded", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn whoever_has_a_file_or_its_root_learns_what_is_anchored_of_it(pool: PgPool) {
    let file = chunked(&FILE[..], CHUNK).unwrap();
    let version = Version {
        root: file.root,
        chunks: file.chunks,
        byte_length: file.byte_length,
        ..Version::first()
    };
    let copied = Version { owner: 5, patient: None, ..version };
    let api = Api::play(pool, vec![vec![version.event(), copied.event()]]).await;
    let stranger = api.key_of(Account([0x51; 32]), &["health:read"]).await;
    let post = async |query: &str, body: &[u8], key: &str| {
        let request = Request::post(format!("/v1/reports/verify{query}"))
            .header("authorization", format!("Bearer {key}"))
            .body(Body::from(body.to_vec()));
        api.send(request.unwrap()).await
    };
    let found = post("?chunk_length=1024", &FILE, &stranger).await;
    assert_eq!(found.status.as_u16(), 200, "{:?}", found.body);
    assert_eq!(found.headers["cache-control"], "no-store");
    let found = found.body;
    assert_eq!((&found["root"], &found["anchored"]), (&json!(hex(file.root)), &json!(true)));
    assert_eq!((&found["chunks"], &found["byte_length"]), (&json!(3), &json!(2_100)));
    let versions = found["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[0], api.items("/v1/reports").await[0]);
    assert_eq!(found["as_of"]["block_number"], AS_OF);
    // The same by its root.
    let path = format!("/v1/reports/verify?root={}", hex(file.root));
    let by_root = api.get_as(&path, &stranger).await.body;
    assert_eq!(by_root["versions"], found["versions"]);
    assert_eq!((&by_root["chunks"], &by_root["byte_length"]), (&Value::Null, &Value::Null));
    // In other chunks, and by a bit, it is another file.
    for other in [post("", &FILE, &stranger).await, post("", &FILE[1..], &stranger).await] {
        let (anchored, versions) = (&other.body["anchored"], &other.body["versions"]);
        assert_eq!((anchored, versions), (&json!(false), &json!([])));
    }
    // Whose they are finds out who asked.
    let key = api.key_of(Account([3; 32]), &["health:read"]).await;
    let path = format!("/v1/reads?reader={}", Account([0x51; 32]));
    let reads = api.get_as(&path, &key).await.body["items"].as_array().unwrap().clone();
    assert_eq!(reads.len(), 1, "by file and by root, of the same block: {reads:?}");
    for read in reads {
        assert_eq!(read["route"], "/v1/reports/verify");
        assert_eq!(read["reader"], Account([0x51; 32]).to_string());
    }

    for (query, field) in [
        ("?chunk_length=1023", "chunk_length"),
        ("?chunk_length=16777217", "chunk_length"),
        ("?chunk_length=x", "chunk_length"),
        ("?root=0x11", "root"),
    ] {
        let refused = post(query, &FILE, &stranger).await;
        assert_eq!(refused.problem(400, "invalid-parameter")["field"], field, "{query}");
    }
    let empty = post("", &[], &stranger).await;
    assert_eq!(empty.problem(400, "invalid-parameter")["field"], "body");
    let accounts = api.key_of(Account([0x51; 32]), &["accounts:read"]).await;
    post("", &FILE, &accounts).await.problem(403, "scope-needed");
    api.get_anonymously(&format!("/v1/reports/verify?root={}", hex(file.root)))
        .await
        .problem(401, "sign-in-needed");
    api.refuses("/v1/reports/verify?root=1", "root").await;
    api.refuses("/v1/reports/verify", "root").await;
}
