//! `/v1/delegations` and `/v1/denials`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

async fn delegate(api: &Api, owner: u8, delegate: u8, until_ms: &str, ended: Option<&str>) {
    sqlx::query(
        "insert into delegations
            (owner, delegate, purposes, categories, valid_until_ms, epoch, ended, block_number,
            event_index)
        values ($1, $2, 1, 6, $3::numeric, 2, $4, 4, 1)",
    )
    .bind(account(owner))
    .bind(account(delegate))
    .bind(until_ms)
    .bind(ended)
    .execute(&api.pool)
    .await
    .unwrap();
}

async fn deny(api: &Api, owner: u8, requester: u8, lifted_at_ms: Option<i64>) {
    sqlx::query(
        "insert into denials
            (owner, requester, purposes, categories, denied_at_ms, lifted_at_ms, block_number,
            event_index)
        values ($1, $2, 3, 1, 40, $3, 5, 2)",
    )
    .bind(account(owner))
    .bind(account(requester))
    .bind(lifted_at_ms)
    .execute(&api.pool)
    .await
    .unwrap();
}

/// The owners and the others of a list.
fn pairs(items: &[Value], other: &str) -> Vec<(String, String)> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items.iter().map(|item| (text(item, "owner"), text(item, other))).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_delegation_shows_its_scope_and_whether_it_counts(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let now = time_ms(100);
    delegate(&api, 1, 2, &u64::MAX.to_string(), None).await;
    delegate(&api, 1, 3, &now.to_string(), None).await;
    delegate(&api, 1, 4, &(now + 1).to_string(), Some("removed")).await;
    delegate(&api, 2, 3, "5", Some("voided")).await;
    delegate(&api, 2, 4, &(now + 1).to_string(), None).await;
    let items = api.items("/v1/delegations").await;
    assert_eq!(
        items[0],
        json!({
            "owner": ss58(1),
            "delegate": ss58(2),
            "purposes": { "mask": 1, "names": ["treatment"] },
            "categories": { "mask": 6, "names": ["cardiology", "radiology"] },
            "valid_until_ms": "18446744073709551615",
            "epoch": 2,
            "status": "active",
            "provenance": provenance(4, 1),
        })
    );
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["active", "expired", "removed", "voided", "active"]);
    let found = async |query: String| {
        pairs(&api.items(&format!("/v1/delegations?{query}")).await, "delegate")
    };
    assert_eq!(found(format!("owner={}&status=active", ss58(1))).await, [(ss58(1), ss58(2))]);
    let three = [(ss58(1), ss58(3)), (ss58(2), ss58(3))];
    assert_eq!(found(format!("delegate={}", hex32(3))).await, three);
    assert_eq!(found("status=voided".into()).await, [(ss58(2), ss58(3))]);
    api.refuses("/v1/delegations?status=lifted", "status").await;
    api.refuses("/v1/delegations?owner=alice", "owner").await;
    api.refuses("/v1/delegations?delegate=bob", "delegate").await;
    api.refuses(&format!("/v1/delegations?after={}", ss58(1)), "after").await;
    api.pages("/v1/delegations").await;
    api.pages(&format!("/v1/delegations?owner={}", ss58(1))).await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_denial_stays_on_record_when_it_is_lifted(pool: PgPool) {
    let api = Api::mirror(pool).await;
    deny(&api, 1, 2, None).await;
    deny(&api, 1, 3, Some(50)).await;
    deny(&api, 2, 1, None).await;
    let items = api.items("/v1/denials").await;
    assert_eq!(
        items[1],
        json!({
            "owner": ss58(1),
            "requester": ss58(3),
            "purposes": { "mask": 3, "names": ["treatment", "research"] },
            "categories": { "mask": 1, "names": ["general"] },
            "status": "lifted",
            "denied_at_ms": 40,
            "lifted_at_ms": 50,
            "provenance": provenance(5, 2),
        })
    );
    assert_eq!(items[0]["status"], "in_force");
    assert_eq!(items[0]["lifted_at_ms"], Value::Null);
    let found =
        async |query: String| pairs(&api.items(&format!("/v1/denials?{query}")).await, "requester");
    let in_force = [(ss58(1), ss58(2)), (ss58(2), ss58(1))];
    assert_eq!(found("status=in_force".into()).await, in_force);
    assert_eq!(found(format!("owner={}", ss58(2))).await, [(ss58(2), ss58(1))]);
    assert_eq!(found(format!("requester={}", ss58(3))).await, [(ss58(1), ss58(3))]);
    api.refuses("/v1/denials?status=active", "status").await;
    api.refuses("/v1/denials?grantee=bob", "grantee").await;
    api.pages("/v1/denials").await;
}
