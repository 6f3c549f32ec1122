//! `/v1/delegations` and `/v1/denials`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    consent::{all_revoked, delegate_removed, delegate_set_until, denial_lifted, denied},
    guardians,
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// The owners and the others of a list.
fn pairs(items: &[Value], other: &str) -> Vec<(String, String)> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items.iter().map(|item| (text(item, "owner"), text(item, other))).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_delegation_shows_its_scope_and_whether_it_counts(pool: PgPool) {
    let now = time_ms(AS_OF);
    let set =
        |owner, delegate, until, epoch| delegate_set_until(owner, delegate, (1, 6), until, epoch);
    let before = vec![all_revoked(1, 1), all_revoked(1, 2), set(2, 3, 5, 0), all_revoked(2, 1)];
    let given = vec![
        set(1, 2, u64::MAX, 2),
        set(1, 3, now, 2),
        set(1, 4, now + 1, 2),
        delegate_removed(1, 4),
        set(2, 4, now + 1, 1),
    ];
    let api = Api::play(pool, vec![before, given]).await;
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
            "provenance": provenance(6, 1),
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
    let deny = |owner, requester| denied(owner, requester, (3, 5), 40);
    let given = vec![deny(1, 2), deny(1, 3), deny(2, 1)];
    let narrowed = vec![denial_lifted(1, 3, (1, 1), 50), denial_lifted(1, 3, (2, u32::MAX), 51)];
    let api = Api::play(pool, vec![given, narrowed]).await;
    let items = api.items("/v1/denials").await;
    assert_eq!(
        items[2],
        json!({
            "owner": ss58(1),
            "requester": ss58(3),
            "purpose": { "index": 0, "name": "treatment" },
            "categories": { "mask": 4, "names": ["radiology"] },
            "by_guardians": { "mask": 0, "names": [] },
            "status": "in_force",
            "denied_at_ms": 40,
            "lifted_at_ms": null,
            "provenance": provenance(6, 1),
        })
    );
    assert_eq!(
        items[3],
        json!({
            "owner": ss58(1),
            "requester": ss58(3),
            "purpose": { "index": 1, "name": "research" },
            "categories": { "mask": 0, "names": [] },
            "by_guardians": { "mask": 0, "names": [] },
            "status": "lifted",
            "denied_at_ms": 40,
            "lifted_at_ms": 51,
            "provenance": provenance(6, 2),
        })
    );
    let found =
        async |query: String| pairs(&api.items(&format!("/v1/denials?{query}")).await, "requester");
    let two = |owner, requester| [(ss58(owner), ss58(requester)), (ss58(owner), ss58(requester))];
    let lifted = found("status=lifted".into()).await;
    assert_eq!(lifted, [(ss58(1), ss58(3))]);
    assert_eq!(found("status=in_force".into()).await.len(), 5);
    assert_eq!(found(format!("owner={}", ss58(2))).await, two(2, 1));
    assert_eq!(found(format!("requester={}", ss58(3))).await, two(1, 3));
    api.refuses("/v1/denials?status=active", "status").await;
    api.refuses("/v1/denials?grantee=bob", "grantee").await;
    api.refuses(&format!("/v1/denials?after={}-{}", ss58(1), ss58(2)), "after").await;
    api.pages("/v1/denials").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_guardians_deny_stands_apart(pool: PgPool) {
    let given = vec![denied(1, 2, (1, 2), 40), guardians::denied((1, 7), 2, (3, 4), 41)];
    let mut api = Api::play(pool, vec![given]).await;
    let masks = |items: &[Value]| -> Vec<(Value, Value)> {
        let mask = |item: &Value, of: &str| item[of]["mask"].clone();
        items.iter().map(|item| (mask(item, "categories"), mask(item, "by_guardians"))).collect()
    };
    let items = api.items("/v1/denials?status=in_force").await;
    assert_eq!(masks(&items), [(json!(2), json!(4)), (json!(0), json!(4))]);
    // A guardian lifts what guardians denied.
    let block = api.write(vec![guardians::denial_lifted((1, 8), 2, (3, u32::MAX), 50)]).await;
    let items = api.items("/v1/denials").await;
    assert_eq!(masks(&items), [(json!(2), json!(0)), (json!(0), json!(0))]);
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["in_force", "lifted"]);
    assert_eq!(items[0]["provenance"], provenance(block, 1));
}
