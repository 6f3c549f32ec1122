//! `/v1/emergencies` and `/v1/sanctions`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

/// Opens a window of `provider` on data of account 1, at block 1; it is open before `until_ms`.
async fn open(api: &Api, id: i64, provider: u8, until_ms: i64, review_by_ms: i64) {
    sqlx::query(
        "insert into emergency_windows
            (id, patient, provider, justification, opened_at_ms, until_ms, review_by_ms, uses,
            block_number, event_index)
        values ($1, $2, $3, $4, $5, $6, $7, 2, 6, 1)",
    )
    .bind(id)
    .bind(account(1))
    .bind(account(provider))
    .bind([8_u8; 32])
    .bind(time_ms(1))
    .bind(until_ms)
    .bind(review_by_ms)
    .execute(&api.pool)
    .await
    .unwrap();
}

async fn sanction(api: &Api, window: i64, provider: u8, reason: &str) {
    sqlx::query(
        "insert into sanctions
            (window_id, provider, reason, proposed_at_ms, block_number, event_index)
        values ($1, $2, $3, 77, 7, 3)",
    )
    .bind(window)
    .bind(account(provider))
    .bind(reason)
    .execute(&api.pool)
    .await
    .unwrap();
}

/// One window in each state, at the time of block 100; 5 was closed early, 6 reviewed while open.
async fn seeded(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    let now = time_ms(100);
    open(&api, 1, 2, now + 1, now + 1).await;
    open(&api, 2, 2, now, now + 1).await;
    open(&api, 3, 3, now - 1, now).await;
    open(&api, 4, 3, now - 1, now).await;
    open(&api, 5, 2, now + 1, now + 2).await;
    open(&api, 6, 3, now + 1, now + 2).await;
    for (id, outcome) in [(4, "unjustified"), (6, "justified")] {
        sqlx::query(
            "update emergency_windows set outcome = $2, reviewed_at_ms = $3, reviewed_by = $4
            where id = $1",
        )
        .bind(id)
        .bind(outcome)
        .bind(now)
        .bind(account(9))
        .execute(&api.pool)
        .await
        .unwrap();
    }
    sqlx::query("update emergency_windows set closed_at_ms = $1, closed_by = patient where id = 5")
        .bind(now - 5)
        .execute(&api.pool)
        .await
        .unwrap();
    sanction(&api, 3, 3, "unreviewed").await;
    sanction(&api, 4, 3, "unjustified").await;
    api
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_window_shows_what_became_of_it(pool: PgPool) {
    let api = seeded(pool).await;
    let now = time_ms(100);
    assert_eq!(
        api.ok("/v1/emergencies/4").await,
        json!({
            "id": 4,
            "patient": ss58(1),
            "provider": ss58(3),
            "justification": hex32(8),
            "opened_at_ms": time_ms(1),
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
            "provenance": provenance(6, 1),
        })
    );
    let closed = api.ok("/v1/emergencies/5").await;
    assert_eq!(closed["closed_at_ms"], now - 5);
    assert_eq!(closed["closed_by"], ss58(1));
    assert_eq!(closed["sanction"], Value::Null);
    api.lacks("/v1/emergencies/7").await;
    api.refuses("/v1/emergencies/first", "id").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn windows_are_found_by_state_and_party(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| ids(&api.items(&format!("/v1/emergencies?{query}")).await);
    for (status, expected) in
        [("open", vec![1]), ("closed", vec![2, 5]), ("overdue", vec![3]), ("reviewed", vec![4, 6])]
    {
        assert_eq!(found(format!("status={status}")).await, expected, "{status}");
    }
    let items = api.items("/v1/emergencies").await;
    let open: Vec<_> = items.iter().filter(|item| item["open"] == true).cloned().collect();
    assert_eq!(ids(&open), [1, 6], "a review does not close a window");
    assert_eq!(found("unreviewed=true".into()).await, [1, 2, 3, 5]);
    assert_eq!(found("unreviewed=false".into()).await, [4, 6]);
    assert_eq!(found(format!("provider={}&unreviewed=true", ss58(3))).await, [3]);
    assert_eq!(found(format!("patient={}", ss58(1))).await, [1, 2, 3, 4, 5, 6]);
    assert!(found(format!("patient={}", ss58(2))).await.is_empty());
    api.refuses("/v1/emergencies?status=late", "status").await;
    api.refuses("/v1/emergencies?unreviewed=1", "unreviewed").await;
    api.refuses("/v1/emergencies?provider=alice", "provider").await;
    api.refuses("/v1/emergencies?patient=bob", "patient").await;
    api.pages("/v1/emergencies").await;
    api.pages("/v1/emergencies?unreviewed=true").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_sanction_names_the_window_and_the_reason(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/sanctions").await;
    assert_eq!(
        items[0],
        json!({
            "window_id": 3,
            "provider": ss58(3),
            "reason": "unreviewed",
            "proposed_at_ms": 77,
            "provenance": provenance(7, 3),
        })
    );
    let found = async |query: String| -> Vec<i64> {
        let items = api.items(&format!("/v1/sanctions?{query}")).await;
        items.iter().map(|item| item["window_id"].as_i64().unwrap()).collect()
    };
    assert_eq!(found(format!("provider={}", ss58(3))).await, [3, 4]);
    assert_eq!(found("reason=unjustified".into()).await, [4]);
    assert!(found(format!("provider={}", ss58(2))).await.is_empty());
    api.refuses("/v1/sanctions?reason=late", "reason").await;
    api.refuses("/v1/sanctions?provider=alice", "provider").await;
    sanction(&api, 1, 2, "unreviewed").await;
    api.pages("/v1/sanctions").await;
}
