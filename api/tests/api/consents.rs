//! `/v1/consents`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58, time_ms};

/// A grant with the fields that decide on its status.
struct Grant {
    id: i64,
    owner: u8,
    grantee: u8,
    from_ms: i64,
    until: String,
    max_uses: Option<i64>,
    uses: i64,
    revoked_at_ms: Option<i64>,
}

/// An active grant from account 1 to account 2.
fn active(id: i64) -> Grant {
    Grant {
        id,
        owner: 1,
        grantee: 2,
        from_ms: time_ms(1),
        until: time_ms(1_000).to_string(),
        max_uses: None,
        uses: 0,
        revoked_at_ms: None,
    }
}

async fn insert(api: &Api, grant: Grant) {
    sqlx::query(
        "insert into grants
            (id, owner, grantee, purposes, categories, valid_from_ms, valid_until_ms, max_uses, uses,
            record, policy, version, epoch, granted_by, revoked_at_ms, revoked_by, block_number,
            event_index)
        values ($1, $2, $3, 17, 2, $4, $5::numeric, $6, $7, $8, $9, 1, 2, $2, $10, $11, 4, 1)",
    )
    .bind(grant.id)
    .bind(account(grant.owner))
    .bind(account(grant.grantee))
    .bind(grant.from_ms)
    .bind(grant.until)
    .bind(grant.max_uses)
    .bind(grant.uses)
    .bind([8_u8; 32])
    .bind([9_u8; 32])
    .bind(grant.revoked_at_ms)
    .bind(grant.revoked_at_ms.map(|_| account(grant.owner)))
    .execute(&api.pool)
    .await
    .unwrap();
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn one_grant_shows_all_that_it_allows(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let grant = Grant { until: u64::MAX.to_string(), max_uses: Some(3), uses: 1, ..active(7) };
    insert(&api, grant).await;
    let expected = json!({
        "id": 7,
        "owner": ss58(1),
        "grantee": ss58(2),
        "purposes": { "mask": 17, "names": ["treatment", "purpose_4"] },
        "categories": { "mask": 2, "names": ["cardiology"] },
        "valid_from_ms": time_ms(1),
        "valid_until_ms": "18446744073709551615",
        "max_uses": 3,
        "uses": 1,
        "record": hex32(8),
        "policy": hex32(9),
        "version": 1,
        "epoch": 2,
        "granted_by": ss58(1),
        "amended_at_ms": null,
        "amended_by": null,
        "revoked_at_ms": null,
        "revoked_by": null,
        "revoked_with_all": false,
        "status": "active",
        "provenance": provenance(4, 1),
    });
    assert_eq!(api.ok("/v1/consents/7").await, expected);
    assert_eq!(api.items("/v1/consents").await, [expected]);
    api.lacks("/v1/consents/8").await;
    api.refuses("/v1/consents/seven", "id").await;
    api.refuses("/v1/consents/-7", "id").await;
    api.refuses("/v1/consents/99999999999999999999", "id").await;
    api.refuses("/v1/consents/7?status=active", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_status_is_that_of_the_last_indexed_block(pool: PgPool) {
    let api = Api::mirror(pool).await;
    let now = time_ms(100);
    let until = |at: i64| at.to_string();
    insert(&api, active(1)).await;
    insert(&api, Grant { from_ms: now + 1, ..active(2) }).await;
    insert(&api, Grant { from_ms: now, ..active(3) }).await;
    insert(&api, Grant { until: until(now), ..active(4) }).await;
    insert(&api, Grant { until: until(now + 1), ..active(5) }).await;
    insert(&api, Grant { max_uses: Some(2), uses: 2, ..active(6) }).await;
    insert(&api, Grant { max_uses: Some(2), uses: 2, until: until(now), ..active(7) }).await;
    insert(&api, Grant { revoked_at_ms: Some(now), until: until(now), ..active(8) }).await;
    for (status, expected) in [
        ("active", vec![1, 3, 5]),
        ("pending", vec![2]),
        ("expired", vec![4, 7]),
        ("exhausted", vec![6]),
        ("revoked", vec![8]),
    ] {
        let items = api.items(&format!("/v1/consents?status={status}")).await;
        assert_eq!(ids(&items), expected, "{status}");
        assert!(items.iter().all(|item| item["status"] == status));
    }
    assert_eq!(api.ok("/v1/consents/8").await["revoked_at_ms"], now);
    api.refuses("/v1/consents?status=valid", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn grants_are_found_by_owner_and_grantee(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for (id, owner, grantee) in [(1, 1, 2), (2, 1, 3), (3, 4, 2), (4, 1, 2)] {
        insert(&api, Grant { owner, grantee, ..active(id) }).await;
    }
    let found = async |query: String| ids(&api.items(&format!("/v1/consents?{query}")).await);
    let (one, two) = (ss58(1), hex32(2));
    assert_eq!(found(format!("owner={one}")).await, [1, 2, 4]);
    assert_eq!(found(format!("grantee={two}")).await, [1, 3, 4]);
    assert_eq!(found(format!("owner={one}&grantee={two}&status=active")).await, [1, 4]);
    assert!(found(format!("owner={}", ss58(99))).await.is_empty());
    api.refuses("/v1/consents?owner=alice", "owner").await;
    api.refuses("/v1/consents?owner=", "owner").await;
    api.refuses("/v1/consents?grantee=0x00", "grantee").await;
    api.refuses(&format!("/v1/consents?ownr={one}"), "ownr").await;
    api.pages("/v1/consents").await;
    api.pages(&format!("/v1/consents?owner={one}")).await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_grant_that_arrives_between_two_pages_shifts_nothing(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for id in [2, 4, 6] {
        insert(&api, active(id)).await;
    }
    let first = api.ok("/v1/consents?limit=2").await;
    assert_eq!(first["next"], "4");
    insert(&api, active(1)).await;
    insert(&api, active(7)).await;
    assert_eq!(ids(&api.items("/v1/consents?limit=2&after=4").await), [6, 7]);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_became_of_a_grant_is_told(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for id in 1..=3 {
        insert(&api, active(id)).await;
    }
    sqlx::query(
        "update grants set version = 3, amended_at_ms = 50, amended_by = $1, granted_by = $1
        where id = 1",
    )
    .bind(account(5))
    .execute(&api.pool)
    .await
    .unwrap();
    api.sql(
        "update grants set revoked_at_ms = 60, revoked_by = owner, revoked_with_all = true
        where id = 2",
    )
    .await;
    api.sql("update grants set record = null where id = 3").await;
    let amended = api.ok("/v1/consents/1").await;
    assert_eq!(amended["version"], 3);
    assert_eq!(amended["amended_at_ms"], 50);
    assert_eq!(amended["amended_by"], ss58(5));
    assert_eq!(amended["granted_by"], ss58(5));
    let revoked = api.ok("/v1/consents/2").await;
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(revoked["revoked_by"], ss58(1));
    assert_eq!(revoked["revoked_with_all"], true);
    let erased = api.ok("/v1/consents/3").await;
    assert_eq!(erased["record"], Value::Null);
    assert_eq!(erased["status"], "active");
}
