//! `/v1/consents`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    consent::{
        Access, Grant, all_revoked, amended, delegate_removed_with, delegate_set, granted,
        link_erased, revoked, revoked_at,
    },
    guardians,
    participants::{guardians_changed, registered},
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// An active grant from account 1 to account 2, for the purposes 0 and 4, category 1 and one record.
pub fn active(grant: u64) -> Grant {
    Grant {
        purposes: 17,
        categories: 2,
        from: time_ms(1),
        until: time_ms(1_000),
        record: Some(8),
        ..Grant::of(grant, 1, 2)
    }
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn one_grant_shows_all_that_it_allows(pool: PgPool) {
    let epochs = vec![all_revoked(1, 1), all_revoked(1, 2)];
    let grant = Grant { until: u64::MAX, max_uses: Some(3), epoch: 2, ..active(7) };
    let used = vec![grant.event(), Access::of(1, 1).by_grant(7).event()];
    let api = Api::play(pool, vec![epochs, used]).await;
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
        "link_erased": false,
        "policy": hex32(0xbb),
        "version": 1,
        "epoch": 2,
        "granted_by": ss58(1),
        "guardianship": null,
        "guardianship_ended_at_ms": null,
        "amended_at_ms": null,
        "amended_by": null,
        "revoked_at_ms": null,
        "revoked_by": null,
        "revoked_with_all": false,
        "revoked_with_delegate": false,
        "status": "active",
        "provenance": provenance(6, 2),
    });
    assert_eq!(api.item("/v1/consents/7").await, expected);
    assert_eq!(api.items("/v1/consents").await, [expected]);
    api.lacks("/v1/consents/8").await;
    api.refuses("/v1/consents/seven", "id").await;
    api.refuses("/v1/consents/-7", "id").await;
    api.refuses("/v1/consents/99999999999999999999", "id").await;
    api.refuses("/v1/consents/7?status=active", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_status_is_that_of_the_last_indexed_block(pool: PgPool) {
    let now = time_ms(AS_OF);
    let grants = [
        active(1),
        Grant { from: now + 1, ..active(2) },
        Grant { from: now, ..active(3) },
        Grant { until: now, ..active(4) },
        Grant { until: now + 1, ..active(5) },
        Grant { max_uses: Some(2), ..active(6) },
        Grant { max_uses: Some(2), until: now, ..active(7) },
        Grant { until: now, ..active(8) },
    ];
    let first = Access::of(1, 1).by_grant(6);
    let second = first.next(2).by_grant(6);
    let third = second.next(3).by_grant(7);
    let fourth = third.next(4).by_grant(7);
    let used = [first, second, third, fourth].map(|access| access.event());
    let given = grants.map(|grant| grant.event()).to_vec();
    let ended = [used.to_vec(), vec![revoked_at(8, 1, 1, now)]].concat();
    let api = Api::play(pool, vec![given, ended]).await;
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
    assert_eq!(api.item("/v1/consents/8").await["revoked_at_ms"], now);
    api.refuses("/v1/consents?status=valid", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn grants_are_found_by_owner_and_grantee(pool: PgPool) {
    let given = [(1, 1, 2), (2, 1, 3), (3, 4, 2), (4, 1, 2)].map(|(grant, owner, grantee)| {
        Grant { owner, grantee, by: owner, ..active(grant) }.event()
    });
    let api = Api::play(pool, vec![given.to_vec()]).await;
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
    let mut api = Api::play(pool, vec![[2, 4, 6].map(|id| active(id).event()).to_vec()]).await;
    let first = api.ok("/v1/consents?limit=2").await;
    assert_eq!(first["next"], "4");
    api.write(vec![active(1).event(), active(7).event()]).await;
    assert_eq!(ids(&api.items("/v1/consents?limit=2&after=4").await), [6, 7]);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_became_of_a_grant_is_told(pool: PgPool) {
    // Account 5 is a delegate of account 1.
    let given = vec![
        delegate_set(1, 5, 0),
        Grant { by: 5, ..active(1) }.event(),
        active(3).event(),
        Grant { record: None, ..active(5) }.event(),
        granted(2, 4, 2, None, 0, 4),
        granted(4, 1, 2, None, 0, 1),
    ];
    let changed = vec![
        amended(1, 2, None, 1),
        amended(1, 3, None, 5),
        all_revoked(4, 1),
        revoked(3, 1, 1),
        link_erased(3, 1),
        revoked(4, 1, 5),
    ];
    let removed = vec![Grant { by: 5, ..active(6) }.event(), delegate_removed_with(1, 5, 6)];
    let mut api = Api::play(pool, vec![given, changed]).await;
    let amended = api.item("/v1/consents/1").await;
    assert_eq!(amended["version"], 3);
    assert_eq!(amended["amended_at_ms"], 6_000);
    assert_eq!(amended["amended_by"], ss58(5));
    assert_eq!(amended["granted_by"], ss58(5));
    let revoked = api.item("/v1/consents/2").await;
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(revoked["revoked_by"], ss58(4));
    assert_eq!(revoked["revoked_at_ms"], 8_000);
    assert_eq!(revoked["revoked_with_all"], true);
    let revoked = api.item("/v1/consents/4").await;
    assert_eq!(revoked["revoked_by"], ss58(5));
    assert_eq!(revoked["revoked_at_ms"], 7_000);
    assert_eq!(revoked["revoked_with_all"], false);
    // For all records is one thing, an erased link another.
    let erased = api.item("/v1/consents/3").await;
    assert_eq!((&erased["record"], &erased["link_erased"]), (&Value::Null, &json!(true)));
    assert_eq!(erased["status"], "revoked");
    let all = api.item("/v1/consents/5").await;
    assert_eq!((&all["record"], &all["link_erased"]), (&Value::Null, &json!(false)));
    assert_eq!(all["status"], "active");

    let block = api.write(removed).await;
    for id in [1, 6] {
        let revoked = api.item(&format!("/v1/consents/{id}")).await;
        assert_eq!(revoked["status"], "revoked");
        assert_eq!(revoked["revoked_by"], ss58(1));
        assert_eq!(revoked["revoked_at_ms"], time_ms(block));
        assert_eq!(revoked["revoked_with_all"], false);
        assert_eq!(revoked["revoked_with_delegate"], true);
        assert_eq!(revoked["provenance"], provenance(block, 2));
    }
    assert_eq!(api.item("/v1/consents/5").await["status"], "active");
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_a_guardian_gave_ends_with_its_guardianship(pool: PgPool) {
    let by_guardian = |grant, guardianship| {
        [Grant { by: 7, ..active(grant) }.event(), guardians::granted(grant, 1, guardianship)]
    };
    let later = Grant { by: 7, from: time_ms(AS_OF + 9), ..active(3) };
    let given = [
        vec![registered(1), active(1).event()],
        by_guardian(2, 0).to_vec(),
        vec![later.event(), guardians::granted(3, 1, 0)],
        by_guardian(4, 0).to_vec(),
        vec![revoked(4, 1, 7)],
        by_guardian(5, 0).to_vec(),
    ];
    let mut api = Api::play(pool, vec![given.concat()]).await;
    let before = api.item("/v1/consents/2").await;
    assert_eq!((&before["status"], &before["granted_by"]), (&json!("active"), &json!(ss58(7))));
    assert_eq!(before["guardianship"], 0);
    assert_eq!(before["guardianship_ended_at_ms"], Value::Null);
    assert_eq!(api.item("/v1/consents/3").await["status"], "pending");

    let block = api.write(vec![guardians_changed(1, 1)]).await;
    // Also one that was not valid yet.
    for id in [2, 3] {
        let ended = api.item(&format!("/v1/consents/{id}")).await;
        assert_eq!(ended["status"], "expired", "{id}");
        assert_eq!(ended["guardianship_ended_at_ms"], time_ms(block));
        assert_eq!(ended["provenance"], provenance(block, 1));
    }
    // What the owner gave stays, and what was revoked is as it was.
    assert_eq!(api.item("/v1/consents/1").await["status"], "active");
    let alone = api.item("/v1/consents/4").await;
    assert_eq!((&alone["status"], &alone["revoked_by"]), (&json!("revoked"), &json!(ss58(7))));
    assert_eq!(alone["provenance"], provenance(5, 9));
    // It can still be revoked; what is given in the new guardianship counts.
    let given = [vec![revoked(5, 1, 1)], by_guardian(6, 1).to_vec()].concat();
    let last = api.write(given).await;
    let revoked = api.item("/v1/consents/5").await;
    assert_eq!(
        (&revoked["status"], &revoked["provenance"]),
        (&json!("revoked"), &provenance(last, 1))
    );
    assert_eq!(revoked["guardianship_ended_at_ms"], time_ms(block));
    assert_eq!(ids(&api.items("/v1/consents?status=active").await), [1, 6]);
    assert_eq!(ids(&api.items("/v1/consents?status=expired").await), [2, 3]);
}
