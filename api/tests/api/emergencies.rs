//! `/v1/emergency-windows`, `/v1/emergency-bars` and `/v1/sanctions`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    consent::Access,
    emergency::{
        FOUND_UNJUSTIFIED, UNJUSTIFIED, UNREVIEWED, bar_lifted, barred, broken_by, broken_until,
        closed, proposed, reviewed,
    },
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// One window in each state, at the time of block 100, all of patient 1: 1 was closed early, 2 is over,
/// 3 is open, 4 is overdue, 5 was reviewed, and 6 was closed by its reviewer. The last was opened by 7, who acts
/// for provider 3.
async fn seeded(pool: PgPool) -> Api {
    let now = time_ms(AS_OF);
    let opened = vec![
        broken_until(1, 1, 2, (1_000, now + 1, now + 2)),
        closed(1, 1, 50_000),
        broken_until(2, 1, 2, (50_000, now, now + 1)),
        broken_until(3, 1, 2, (now, now + 1, now + 1)),
        broken_until(4, 1, 3, (1_000, 2_000, now)),
        broken_until(5, 1, 3, (2_000, now - 1, now)),
        broken_by(Some((7, 0x57)), 6, (1, 3), (now - 1, now + 1, now + 2)),
    ];
    let first = Access { requester: 3, at: 3_000, ..Access::of(1, 1).by_window(5) };
    let second = Access { requester: 3, at: 3_001, ..first.next(2).by_window(5) };
    let used = vec![
        first.event(),
        second.event(),
        reviewed(5, 9, UNJUSTIFIED, now),
        closed(6, 9, now),
        reviewed(6, 9, UNJUSTIFIED, now),
        barred(6, 7, now),
    ];
    let sanctioned =
        vec![proposed(4, 3, UNREVIEWED, now + 1), proposed(5, 3, FOUND_UNJUSTIFIED, now)];
    Api::play(pool, vec![opened, used, sanctioned]).await
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_window_shows_what_became_of_it(pool: PgPool) {
    let api = seeded(pool).await;
    let now = time_ms(AS_OF);
    assert_eq!(
        api.item("/v1/emergency-windows/5").await,
        json!({
            "id": 5,
            "patient": ss58(1),
            "provider": ss58(3),
            "opened_by": ss58(3),
            "person": null,
            "justification": hex32(0x1f),
            "opened_at_ms": 2_000,
            "until_ms": now - 1,
            "review_by_ms": now,
            "closed_at_ms": null,
            "closed_by": null,
            "outcome": "unjustified",
            "reviewed_at_ms": now,
            "reviewed_by": ss58(9),
            "uses": 2,
            "open": false,
            "status": "reviewed",
            "sanction": "unjustified",
            "provenance": provenance(6, 3),
        })
    );
    let by_reviewer = api.item("/v1/emergency-windows/6").await;
    assert_eq!((&by_reviewer["closed_by"], &by_reviewer["open"]), (&json!(ss58(9)), &json!(false)));
    assert_eq!(by_reviewer["provider"], ss58(3));
    assert_eq!(by_reviewer["opened_by"], ss58(7));
    assert_eq!(by_reviewer["person"], hex32(0x57));
    let closed = api.item("/v1/emergency-windows/1").await;
    assert_eq!(closed["uses"], 0);
    assert_eq!(closed["closed_at_ms"], 50_000);
    assert_eq!(closed["closed_by"], ss58(1));
    assert_eq!(closed["sanction"], Value::Null);
    api.lacks("/v1/emergency-windows/7").await;
    api.refuses("/v1/emergency-windows/first", "id").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn windows_are_found_by_state_and_party(pool: PgPool) {
    let api = seeded(pool).await;
    let found =
        async |query: String| ids(&api.items(&format!("/v1/emergency-windows?{query}")).await);
    for (status, expected) in
        [("open", vec![3]), ("closed", vec![1, 2]), ("overdue", vec![4]), ("reviewed", vec![5, 6])]
    {
        assert_eq!(found(format!("status={status}")).await, expected, "{status}");
    }
    let items = api.items("/v1/emergency-windows").await;
    let open: Vec<_> = items.iter().filter(|item| item["open"] == true).cloned().collect();
    assert_eq!(ids(&open), [3]);
    assert_eq!(found("unreviewed=true".into()).await, [1, 2, 3, 4]);
    assert_eq!(found("unreviewed=false".into()).await, [5, 6]);
    assert_eq!(found(format!("provider={}&unreviewed=true", ss58(3))).await, [4]);
    assert_eq!(found(format!("patient={}", ss58(1))).await, [1, 2, 3, 4, 5, 6]);
    assert!(found(format!("patient={}", ss58(2))).await.is_empty());
    api.refuses("/v1/emergency-windows?status=late", "status").await;
    api.refuses("/v1/emergency-windows?unreviewed=1", "unreviewed").await;
    api.refuses("/v1/emergency-windows?provider=alice", "provider").await;
    api.refuses("/v1/emergency-windows?patient=bob", "patient").await;
    api.pages("/v1/emergency-windows").await;
    api.pages("/v1/emergency-windows?unreviewed=true").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_sanction_names_the_window_and_the_reason(pool: PgPool) {
    let mut api = seeded(pool).await;
    let items = api.items("/v1/sanctions").await;
    assert_eq!(
        items[0],
        json!({
            "window_id": 4,
            "provider": ss58(3),
            "reason": "unreviewed",
            "proposed_at_ms": time_ms(AS_OF) + 1,
            "provenance": provenance(7, 1),
        })
    );
    let found = async |query: String| -> Vec<i64> {
        let items = api.items(&format!("/v1/sanctions?{query}")).await;
        items.iter().map(|item| item["window_id"].as_i64().unwrap()).collect()
    };
    assert_eq!(found(format!("provider={}", ss58(3))).await, [4, 5]);
    assert_eq!(found("reason=unjustified".into()).await, [5]);
    assert!(found(format!("provider={}", ss58(2))).await.is_empty());
    api.refuses("/v1/sanctions?reason=late", "reason").await;
    api.refuses("/v1/sanctions?provider=alice", "provider").await;
    api.write(vec![proposed(1, 2, UNREVIEWED, time_ms(AS_OF) + 2)]).await;
    api.pages("/v1/sanctions").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_bar_holds_until_it_is_lifted(pool: PgPool) {
    let mut api = seeded(pool).await;
    let now = time_ms(AS_OF);
    let in_force = json!({
        "key": ss58(7),
        "window_id": 6,
        "status": "in_force",
        "barred_at_ms": now,
        "lifted_at_ms": null,
        "lifted_by": null,
        "provenance": provenance(6, 6),
    });
    assert_eq!(api.items("/v1/emergency-bars").await, [in_force]);
    let verdict = [reviewed(1, 9, UNJUSTIFIED, now), barred(1, 2, now)];
    let block = api.write([&verdict[..], &[bar_lifted(7, 9, now + 1)]].concat()).await;
    let lifted = json!({
        "key": ss58(7),
        "window_id": 6,
        "status": "lifted",
        "barred_at_ms": now,
        "lifted_at_ms": now + 1,
        "lifted_by": ss58(9),
        "provenance": provenance(block, 3),
    });
    assert_eq!(api.items("/v1/emergency-bars?status=lifted").await, [lifted]);
    let found = async |query: String| -> Vec<Value> {
        let items = api.items(&format!("/v1/emergency-bars?{query}")).await;
        items.iter().map(|item| item["key"].clone()).collect()
    };
    assert_eq!(found("status=in_force".into()).await, [json!(ss58(2))]);
    assert_eq!(found(format!("key={}", ss58(7))).await, [json!(ss58(7))]);
    assert!(found(format!("key={}", ss58(3))).await.is_empty(), "the provider is not barred");
    api.refuses("/v1/emergency-bars?status=open", "status").await;
    api.refuses("/v1/emergency-bars?key=alice", "key").await;
    let third = vec![
        broken_until(7, 1, 4, (now, now + 1, now + 2)),
        reviewed(7, 9, UNJUSTIFIED, now + 1),
        barred(7, 4, now + 1),
    ];
    api.write(third).await;
    api.pages("/v1/emergency-bars").await;
}
