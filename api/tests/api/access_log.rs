//! `/v1/access-log`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

/// On what a decision rests.
#[derive(Clone, Copy)]
enum Basis {
    Grant(i64),
    Window(i64),
    Refused(&'static str),
}

async fn decide(api: &Api, access: i64, owner: u8, requester: u8, basis: Basis) {
    let (grant, window, deny) = match basis {
        Basis::Grant(grant) => (Some(grant), None, None),
        Basis::Window(window) => (None, Some(window), None),
        Basis::Refused(reason) => (None, None, Some(reason)),
    };
    sqlx::query(
        "insert into access_log
            (access, owner, requester, sequence, purpose, category, grant_id, window_id, permitted,
            deny_reason, at_ms, previous_head, content, head, block_number, event_index)
        values ($1, $2, $3, $1, 1, 9, $4, $5, $6, $7, $8, $9, $10, $11, 5, 3)",
    )
    .bind(access)
    .bind(account(owner))
    .bind(account(requester))
    .bind(grant)
    .bind(window)
    .bind(deny.is_none())
    .bind(deny)
    .bind(time_ms(5))
    .bind([0_u8; 32])
    .bind([6_u8; 32])
    .bind([u8::try_from(access).unwrap(); 32])
    .execute(&api.pool)
    .await
    .unwrap();
}

async fn window(api: &Api, id: i64) {
    sqlx::query(
        "insert into emergency_windows
            (id, patient, provider, justification, opened_at_ms, until_ms, review_by_ms,
            block_number, event_index)
        values ($1, $2, $3, $4, 1, 2, 3, 4, 0)",
    )
    .bind(id)
    .bind(account(1))
    .bind(account(2))
    .bind([9_u8; 32])
    .execute(&api.pool)
    .await
    .unwrap();
}

/// Four decisions, on data of accounts 1 and 4.
async fn seeded(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    window(&api, 3).await;
    decide(&api, 1, 1, 2, Basis::Grant(12)).await;
    decide(&api, 2, 1, 3, Basis::Refused("NoGrant")).await;
    decide(&api, 3, 4, 2, Basis::Refused("Denied")).await;
    decide(&api, 4, 1, 2, Basis::Window(3)).await;
    api
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn holds_permits_and_refusals(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<i64> {
        let items = api.items(&format!("/v1/access-log?{query}")).await;
        items.iter().map(|item| item["access"].as_i64().unwrap()).collect()
    };
    assert_eq!(found(format!("owner={}", ss58(1))).await, [1, 2, 4]);
    assert_eq!(found(format!("grantee={}", ss58(2))).await, [1, 3, 4]);
    assert_eq!(found(format!("owner={}&grantee={}", ss58(1), ss58(2))).await, [1, 4]);
    assert_eq!(found("window=3".into()).await, [4]);
    assert!(found(format!("owner={}", ss58(99))).await.is_empty());
    let mut items = api.items("/v1/access-log").await;
    let preimage = items[0].as_object_mut().unwrap().remove("preimage").unwrap();
    assert!(preimage.is_string());
    assert_eq!(
        items[0],
        json!({
            "access": 1,
            "owner": ss58(1),
            "requester": ss58(2),
            "sequence": 1,
            "purpose": { "index": 1, "name": "research" },
            "category": { "index": 9, "name": "category_9" },
            "grant_id": 12,
            "window_id": null,
            "permitted": true,
            "deny_reason": null,
            "at_ms": time_ms(5),
            "previous": hex32(0),
            "content": hex32(6),
            "head": hex32(1),
            "provenance": provenance(5, 3),
        })
    );
    assert_eq!(items[1]["permitted"], false);
    assert_eq!(items[1]["deny_reason"], "NoGrant");
    assert_eq!(items[1]["grant_id"], Value::Null);
    assert_eq!(items[2]["deny_reason"], "Denied");
    assert_eq!(items[3]["window_id"], 3);
    api.refuses("/v1/access-log?owner=alice", "owner").await;
    api.refuses("/v1/access-log?grantee=bob", "grantee").await;
    api.refuses("/v1/access-log?requester=bob", "requester").await;
    api.refuses("/v1/access-log?window=first", "window").await;
    api.pages("/v1/access-log").await;
    api.pages(&format!("/v1/access-log?owner={}", ss58(1))).await;
}

/// What the contract hashes, spelled out by hand: the layout is an interface.
#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_entry_carries_what_its_content_is_the_hash_of(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/access-log").await;
    let number = |n: i64| hex::encode(n.to_le_bytes());
    let expected = |access: i64, owner: u8, requester: u8, rest: &str| {
        let parties = hex::encode([account(owner), account(requester)].concat());
        let (access, at) = (number(access), number(time_ms(5)));
        // Purpose 1, category 9.
        json!(format!("0x{parties}{access}{access}0109{rest}{at}"))
    };
    let grant = format!("01{}0000", number(12));
    assert_eq!(items[0]["preimage"], expected(1, 1, 2, &grant));
    assert_eq!(items[1]["preimage"], expected(2, 1, 3, "00000103"));
    assert_eq!(items[2]["preimage"], expected(3, 4, 2, "00000102"));
    let window = format!("0001{}00", number(3));
    assert_eq!(items[3]["preimage"], expected(4, 1, 2, &window));

    // A reason that a later contract might give is shown, but not encoded.
    api.sql("update access_log set deny_reason = 'Unheard' where access = 2").await;
    let items = api.items("/v1/access-log").await;
    assert_eq!(items[1]["deny_reason"], "Unheard");
    assert_eq!(items[1]["preimage"], Value::Null);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_log_ends_at_its_head(pool: PgPool) {
    let api = seeded(pool).await;
    let path = format!("/v1/access-log/{}/head", ss58(1));
    assert_eq!(
        api.ok(&path).await,
        json!({
            "owner": ss58(1),
            "sequence": 4,
            "head": hex32(4),
            "at_ms": time_ms(5),
            "provenance": provenance(5, 3),
        })
    );
    api.lacks(&format!("/v1/access-log/{}/head", ss58(2))).await;
    api.refuses("/v1/access-log/alice/head", "address").await;
    api.refuses(&format!("{path}?limit=1"), "limit").await;
}
