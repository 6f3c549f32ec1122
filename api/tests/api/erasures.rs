//! `/v1/erasures`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::agreements::{erasure_answered, erasure_requested, guardian_acted};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// Requests of owners 1 and 4 in each state: 1 is erased; 2 is retained, as 7 of the requester's staff answered;
/// 3 is overdue; 4 is open; 5 was answered late, with retained until now; 6 is overdue from now on.
async fn seeded(pool: PgPool) -> Api {
    let now = time_ms(AS_OF);
    let at = time_ms(5);
    let asked = vec![
        erasure_requested(1, (1, 2), now, at),
        erasure_requested(2, (4, 2), now, at),
        erasure_requested(3, (1, 3), at + 1, at),
        erasure_requested(4, (1, 5), now + 1, at),
        erasure_requested(5, (4, 3), at + 1, at),
        erasure_requested(6, (4, 5), now, at),
    ];
    let answered = vec![
        erasure_answered(1, (1, 2), None, None, time_ms(6)),
        erasure_answered(2, (4, 2), Some((7, 0x57)), Some(now + 1), time_ms(6)),
        erasure_answered(5, (4, 3), None, Some(now), time_ms(6)),
    ];
    Api::play(pool, vec![asked, answered]).await
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_request_shows_its_answer(pool: PgPool) {
    let api = seeded(pool).await;
    let now = time_ms(AS_OF);
    let items = api.items("/v1/erasures").await;
    let retained = json!({
        "id": 2,
        "owner": ss58(4),
        "requester": ss58(2),
        "requested_by": ss58(4),
        "requested_at_ms": time_ms(5),
        "due_ms": now,
        "status": "retained",
        "answered_at_ms": time_ms(6),
        "retained_until_ms": now + 1,
        "evidence": hex32(0xed),
        "answered_by": ss58(7),
        "person": hex32(0x57),
        "provenance": provenance(6, 2),
    });
    assert_eq!(items[1], retained);
    assert_eq!(api.item("/v1/erasures/2").await, retained);
    let unanswered = json!({
        "id": 4,
        "owner": ss58(1),
        "requester": ss58(5),
        "requested_by": ss58(1),
        "requested_at_ms": time_ms(5),
        "due_ms": now + 1,
        "status": "open",
        "answered_at_ms": null,
        "retained_until_ms": null,
        "evidence": null,
        "answered_by": null,
        "person": null,
        "provenance": provenance(5, 4),
    });
    assert_eq!(api.item("/v1/erasures/4").await, unanswered);
    let erased = api.item("/v1/erasures/1").await;
    assert_eq!(erased["status"], "erased");
    assert_eq!(erased["answered_by"], ss58(2));
    assert_eq!((&erased["retained_until_ms"], &erased["person"]), (&Value::Null, &Value::Null));
    // That the law no longer asks for it does not erase anything.
    let over = api.item("/v1/erasures/5").await;
    assert_eq!((&over["status"], &over["retained_until_ms"]), (&json!("retained"), &json!(now)));
    assert!(over["answered_at_ms"].as_u64() > over["due_ms"].as_u64(), "late is possible");
    api.lacks("/v1/erasures/7").await;
    api.refuses("/v1/erasures/first", "id").await;
    api.refuses("/v1/erasures/+1", "id").await;
    api.refuses("/v1/erasures/1?owner=1", "owner").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn requests_are_found_by_owner_requester_and_state(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| ids(&api.items(&format!("/v1/erasures?{query}")).await);
    for (status, expected) in
        [("open", vec![4]), ("overdue", vec![3, 6]), ("erased", vec![1]), ("retained", vec![2, 5])]
    {
        assert_eq!(found(format!("status={status}")).await, expected, "{status}");
        let unanswered = ["open", "overdue"].contains(&status);
        let both = format!("status={status}&unanswered={unanswered}");
        assert_eq!(found(both).await, expected, "{status}");
        let neither = format!("status={status}&unanswered={}", !unanswered);
        assert!(found(neither).await.is_empty(), "{status}");
    }
    assert_eq!(found("unanswered=true".into()).await, [3, 4, 6]);
    assert_eq!(found("unanswered=false".into()).await, [1, 2, 5]);
    assert_eq!(found(format!("owner={}", ss58(1))).await, [1, 3, 4]);
    assert_eq!(found(format!("requester={}", hex32(3))).await, [3, 5]);
    assert_eq!(found(format!("requester={}&status=overdue", ss58(3))).await, [3]);
    assert_eq!(found(format!("owner={}&requester={}", ss58(4), ss58(5))).await, [6]);
    assert!(found(format!("owner={}", ss58(2))).await.is_empty());
    // The key that answered is not the requester.
    assert!(found(format!("requester={}", ss58(7))).await.is_empty());
    api.refuses("/v1/erasures?status=late", "status").await;
    api.refuses("/v1/erasures?owner=alice", "owner").await;
    api.refuses("/v1/erasures?requester=bob", "requester").await;
    api.refuses("/v1/erasures?unanswered=1", "unanswered").await;
    api.refuses("/v1/erasures?patient=bob", "patient").await;
    api.pages("/v1/erasures").await;
    api.pages("/v1/erasures?unanswered=true").await;
    let refusal = api.get("/v1/erasures?status=late").await;
    let detail = "status must be one of open, overdue, erased, retained";
    assert_eq!(refusal.problem(400, "invalid-parameter")["detail"], detail);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_request_becomes_overdue_without_an_event(pool: PgPool) {
    let mut api = seeded(pool).await;
    assert_eq!(ids(&api.items("/v1/erasures?status=open").await), [4]);
    api.write(vec![]).await;
    assert!(api.items("/v1/erasures?status=open").await.is_empty());
    assert_eq!(ids(&api.items("/v1/erasures?status=overdue").await), [3, 4, 6]);
    let overdue = api.item("/v1/erasures/4").await;
    assert_eq!(
        (&overdue["status"], &overdue["provenance"]),
        (&json!("overdue"), &provenance(5, 4))
    );
    // It can still be answered.
    let block = api.write(vec![erasure_answered(4, (1, 5), None, None, time_ms(AS_OF + 2))]).await;
    let erased = api.item("/v1/erasures/4").await;
    assert_eq!(
        (&erased["status"], &erased["provenance"]),
        (&json!("erased"), &provenance(block, 1))
    );
    assert_eq!(ids(&api.items("/v1/erasures?unanswered=true").await), [3, 6]);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_guardian_who_asks_for_his_ward_is_named(pool: PgPool) {
    let asked = vec![erasure_requested(1, (1, 2), 9_000, 5_000), guardian_acted((1, 7), 5_000)];
    let api = Api::play(pool, vec![asked]).await;
    let item = api.item("/v1/erasures/1").await;
    assert_eq!((&item["owner"], &item["requested_by"]), (&json!(ss58(1)), &json!(ss58(7))));
}
