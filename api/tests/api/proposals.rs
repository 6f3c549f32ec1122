//! `/v1/proposals`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    agreements::{Proposal, declined, guardian_acted, withdrawn},
    consent::Grant,
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// What tells how a proposal ended.
const ENDING: [&str; 7] = [
    "accepted_at_ms",
    "grant_id",
    "declined_at_ms",
    "decline_reason",
    "answered_by",
    "withdrawn_at_ms",
    "withdrawn_by",
];

/// Made by requester 2 to owner 1, and open when the last block is indexed.
fn open(proposal: u64) -> Proposal {
    between(proposal, 1, 2)
}

/// The same between these two.
fn between(proposal: u64, owner: u8, requester: u8) -> Proposal {
    let now = time_ms(AS_OF);
    let terms = Grant { until: now + 9, ..Grant::of(0, owner, requester) };
    Proposal { expires: now + 1, at: time_ms(5), ..Proposal::of(proposal, terms) }
}

/// The proposals of requester 2 to owner 1 in each state: 1 is open, the time of 2 is over, 3 and 7 were
/// accepted, 4 and 5 declined, 6 was taken back by one of its staff. 7 was accepted in its last moment, and 8
/// is of 3 to 4.
async fn seeded(pool: PgPool) -> Api {
    let now = time_ms(AS_OF);
    let made = vec![
        open(1).event(),
        Proposal { expires: now, ..open(2) }.event(),
        Proposal { staff: Some((7, 0x57)), ..open(3) }.event(),
        open(4).event(),
        open(5).event(),
        open(6).event(),
        Proposal { expires: time_ms(7), ..open(7) }.event(),
        between(8, 4, 3).event(),
    ];
    let answered = vec![
        open(3).accepted(12, time_ms(6)),
        declined(4, (1, 2), Some(0xee), time_ms(6)),
        declined(5, (1, 2), None, time_ms(6)),
        withdrawn(6, (1, 2), 7, time_ms(6)),
        open(7).accepted(13, time_ms(7) - 1),
    ];
    Api::play(pool, vec![made, answered]).await
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_proposal_shows_its_terms_and_who_made_it(pool: PgPool) {
    let terms = Grant {
        purposes: 17,
        categories: 2,
        from: 9_000,
        until: u64::MAX,
        max_uses: Some(u32::MAX),
        ..open(1).terms
    };
    let proposal = Proposal { terms, staff: Some((7, 0x57)), ..open(1) };
    let all_records = Proposal { terms: Grant { record: None, ..open(2).terms }, ..open(2) };
    let api = Api::play(pool, vec![vec![proposal.event(), all_records.event()]]).await;
    let expected = json!({
        "id": 1,
        "owner": ss58(1),
        "requester": ss58(2),
        "proposed_by": ss58(7),
        "person": hex32(0x57),
        "purposes": { "mask": 17, "names": ["treatment", "purpose_4"] },
        "categories": { "mask": 2, "names": ["cardiology"] },
        "valid_from_ms": 9_000,
        "valid_until_ms": "18446744073709551615",
        "max_uses": u32::MAX,
        "record": hex32(0xdd),
        "policy": hex32(0xbb),
        "proposed_at_ms": time_ms(5),
        "expires_at_ms": time_ms(AS_OF) + 1,
        "status": "open",
        "accepted_at_ms": null,
        "grant_id": null,
        "declined_at_ms": null,
        "decline_reason": null,
        "answered_by": null,
        "withdrawn_at_ms": null,
        "withdrawn_by": null,
        "provenance": provenance(5, 1),
    });
    assert_eq!(api.item("/v1/proposals/1").await, expected);
    let items = api.items("/v1/proposals").await;
    assert_eq!(items[0], expected);
    assert_eq!(items[1]["proposed_by"], ss58(2));
    for absent in ["person", "max_uses", "record"] {
        assert_eq!(items[1][absent], Value::Null, "{absent}");
    }
    api.lacks("/v1/proposals/3").await;
    api.refuses("/v1/proposals/first", "id").await;
    api.refuses("/v1/proposals/-1", "id").await;
    api.refuses("/v1/proposals/1?status=open", "status").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_became_of_a_proposal_is_told(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/proposals").await;
    let at = time_ms(6);
    for (id, status, ended, place) in [
        (1, "open", json!({}), provenance(5, 1)),
        (2, "expired", json!({}), provenance(5, 2)),
        (
            3,
            "accepted",
            json!({ "accepted_at_ms": at, "grant_id": 12, "answered_by": ss58(1) }),
            provenance(6, 1),
        ),
        (
            4,
            "declined",
            json!({ "declined_at_ms": at, "decline_reason": hex32(0xee), "answered_by": ss58(1) }),
            provenance(6, 2),
        ),
        (5, "declined", json!({ "declined_at_ms": at, "answered_by": ss58(1) }), provenance(6, 3)),
        (
            6,
            "withdrawn",
            json!({ "withdrawn_at_ms": at, "withdrawn_by": ss58(7) }),
            provenance(6, 4),
        ),
        (
            7,
            "accepted",
            json!({ "accepted_at_ms": time_ms(7) - 1, "grant_id": 13, "answered_by": ss58(1) }),
            provenance(6, 5),
        ),
    ] {
        let item = api.item(&format!("/v1/proposals/{id}")).await;
        assert_eq!(item, items[id - 1]);
        assert_eq!(item["status"], status, "{id}");
        assert_eq!(item["provenance"], place, "{id}");
        for field in ENDING {
            assert_eq!(item[field], ended[field], "{field} of {id}");
        }
    }
    // Taken back by one of the staff, and made by the requester's own key.
    assert_eq!(items[5]["proposed_by"], ss58(2));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn proposals_are_found_by_owner_requester_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| ids(&api.items(&format!("/v1/proposals?{query}")).await);
    for (status, expected) in [
        ("open", vec![1, 8]),
        ("expired", vec![2]),
        ("accepted", vec![3, 7]),
        ("declined", vec![4, 5]),
        ("withdrawn", vec![6]),
    ] {
        assert_eq!(found(format!("status={status}")).await, expected, "{status}");
    }
    let (one, two) = (ss58(1), hex32(2));
    assert_eq!(found(format!("owner={one}")).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(found(format!("requester={two}&status=open")).await, [1]);
    assert_eq!(found(format!("requester={}", ss58(3))).await, [8]);
    assert_eq!(found(format!("owner={one}&requester={two}&status=declined")).await, [4, 5]);
    assert!(found(format!("owner={one}&requester={}", ss58(3))).await.is_empty());
    // The key that proposed is not the requester.
    assert!(found(format!("requester={}", ss58(7))).await.is_empty());
    api.refuses("/v1/proposals?status=active", "status").await;
    api.refuses("/v1/proposals?owner=alice", "owner").await;
    api.refuses("/v1/proposals?requester=bob", "requester").await;
    api.refuses("/v1/proposals?grantee=bob", "grantee").await;
    api.pages("/v1/proposals").await;
    api.pages(&format!("/v1/proposals?owner={one}")).await;
    let refusal = api.get("/v1/proposals?status=active").await;
    let detail = "status must be one of open, expired, accepted, declined, withdrawn";
    assert_eq!(refusal.problem(400, "invalid-parameter")["detail"], detail);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_proposal_expires_without_an_event(pool: PgPool) {
    let mut api = Api::play(pool, vec![vec![open(1).event(), open(2).event()]]).await;
    assert_eq!(ids(&api.items("/v1/proposals?status=open").await), [1, 2]);
    // It is over in the next block, but for the one that the owner declines there.
    api.write(vec![declined(2, (1, 2), None, time_ms(AS_OF))]).await;
    let expired = api.item("/v1/proposals/1").await;
    assert_eq!(expired["status"], "expired");
    assert_eq!(expired["provenance"], provenance(5, 1));
    assert_eq!(api.item("/v1/proposals/2").await["status"], "declined");
    assert!(api.items("/v1/proposals?status=open").await.is_empty());
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn agreements_that_stand_still_are_not_served_and_grants_are(pool: PgPool) {
    let mut api = Api::play(pool, vec![vec![open(1).event()]]).await;
    // Cut off, so that nobody can tell what was proposed.
    let mut cut = open(2).event();
    cut.data.pop();
    api.write_undecodable(cut).await;
    for path in ["/v1/proposals", "/v1/proposals/1", "/v1/erasures", "/v1/erasures/1"] {
        let answer = api.get(path).await;
        assert_eq!(answer.problem(503, "not-ready")["reason"], "projection-stopped", "{path}");
    }
    api.ok("/v1/consents").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_guardian_who_answers_for_his_ward_is_named(pool: PgPool) {
    let answered = vec![
        open(1).event(),
        open(2).event(),
        open(1).accepted(12, time_ms(6)),
        guardian_acted((1, 7), time_ms(6)),
        declined(2, (1, 2), None, time_ms(6)),
        guardian_acted((1, 8), time_ms(6)),
    ];
    let api = Api::play(pool, vec![answered]).await;
    for (id, guardian) in [(1, 7), (2, 8)] {
        let item = api.item(&format!("/v1/proposals/{id}")).await;
        assert_eq!(
            (&item["owner"], &item["answered_by"]),
            (&json!(ss58(1)), &json!(ss58(guardian)))
        );
    }
}
