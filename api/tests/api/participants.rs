//! `/v1/participants`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::EmittedEvent;
use assent_indexer_testing::participants::{
    approved, guardians_changed, profile_updated, registered, suspended,
};
use assent_indexer_testing::succession::{named, proposed, replaced};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// An account with these roles, or none yet.
fn participant(n: u8, roles: u16) -> Vec<EmittedEvent> {
    let approved = (roles != 0).then(|| approved(n, roles));
    std::iter::once(registered(n)).chain(approved).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn is_found_by_ss58_and_by_hex(pool: PgPool) {
    let api = Api::play(pool, vec![participant(1, 0b1_0000_0001)]).await;
    let expected = json!({
        "account": ss58(1),
        "profile": hex32(0xf1),
        "profile_confirmed": true,
        "roles": { "mask": 257, "names": ["data_owner", "regulator"] },
        "suspended_roles": { "mask": 0, "names": [] },
        "status": "active",
        "suspension_reason": null,
        "guardianship": 0,
        "key": null,
        "provenance": provenance(5, 2),
    });
    for address in [ss58(1), hex32(1)] {
        assert_eq!(api.item(&format!("/v1/participants/{address}")).await, expected);
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn shows_which_guardianship_it_is_in(pool: PgPool) {
    let changed = vec![guardians_changed(1, 1), guardians_changed(1, 2)];
    let api = Api::play(pool, vec![participant(1, 1), changed]).await;
    let ward = api.item(&format!("/v1/participants/{}", ss58(1))).await;
    assert_eq!((&ward["guardianship"], &ward["provenance"]), (&json!(2), &provenance(6, 2)));
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn shows_the_key_that_acts_and_is_found_by_it(pool: PgPool) {
    let named = vec![named(1, 7, (time_ms(6), time_ms(AS_OF + 9)))];
    let people = [participant(1, 1), participant(2, 2)].concat();
    let mut api = Api::play(pool, vec![people, named]).await;
    let found = async |api: &Api, key: u8| {
        let items = api.items(&format!("/v1/participants?key={}", ss58(key))).await;
        items.iter().map(|item| item["account"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Until it accepts it is nobody's.
    assert_eq!(found(&api, 1).await, [ss58(1)]);
    assert!(found(&api, 7).await.is_empty());
    let block = api.write(vec![replaced(1, 1, 7)]).await;
    let shown = api.item(&format!("/v1/participants/{}", ss58(1))).await;
    assert_eq!((&shown["key"], &shown["provenance"]), (&json!(ss58(7)), &provenance(block, 1)));
    assert_eq!(found(&api, 7).await, [ss58(1)]);
    assert!(found(&api, 1).await.is_empty());
    assert_eq!(found(&api, 2).await, [ss58(2)]);
    // The next one.
    let until = time_ms(block + 9);
    api.write(vec![proposed(1, 8, (time_ms(block + 2), until))]).await;
    api.write(vec![replaced(1, 7, 8)]).await;
    assert!(found(&api, 7).await.is_empty());
    assert_eq!(found(&api, 8).await, [ss58(1)]);
    api.refuses("/v1/participants?key=alice", "key").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn shows_who_is_suspended_or_pending(pool: PgPool) {
    // Of account 1 all that it holds, of account 3 a part, of account 2 what it does not hold yet.
    let stopped = vec![suspended(1, 2), suspended(2, 2), suspended(3, 2)];
    let people = vec![participant(1, 2), participant(2, 0), participant(3, 3), stopped];
    let api = Api::play(pool, people).await;
    let suspended = api.item(&format!("/v1/participants/{}", ss58(1))).await;
    assert_eq!(suspended["status"], "suspended");
    assert_eq!(suspended["suspension_reason"], hex32(0xee));
    assert_eq!(suspended["suspended_roles"], json!({ "mask": 2, "names": ["provider"] }));
    let partly = api.item(&format!("/v1/participants/{}", ss58(3))).await;
    assert_eq!(partly["status"], "active");
    assert_eq!(partly["roles"]["names"], json!(["data_owner", "provider"]));
    assert_eq!(partly["suspended_roles"]["names"], json!(["provider"]));
    let pending = api.item(&format!("/v1/participants/{}", ss58(2))).await;
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["roles"]["names"], Value::Array(vec![]));
    assert_eq!(pending["suspended_roles"]["mask"], 2);
    assert_eq!(pending["profile_confirmed"], false, "it was never approved");
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_wrong_address_and_an_unknown_one_are_told_apart(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.refuses("/v1/participants/5Grwva", "address").await;
    api.refuses("/v1/participants/0x12", "address").await;
    // The same key as Alice's, spelled for Polkadot.
    let path = "/v1/participants/15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";
    api.refuses(path, "address").await;
    api.refuses("/v1/participants/%ff", "path").await;
    api.lacks(&format!("/v1/participants/{}", ss58(1))).await;
    let path = format!("/v1/participants/{}?verbose=1", ss58(1));
    api.refuses(&path, "verbose").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn are_found_by_role_and_status(pool: PgPool) {
    let participants = [(1, 0b1), (2, 0b10), (3, 0b11), (4, 0)];
    let mut blocks = participants.map(|(n, roles)| participant(n, roles)).to_vec();
    blocks.push(vec![suspended(2, 2), suspended(4, 4), profile_updated(3, 0xa3)]);
    let api = Api::play(pool, blocks).await;
    let found = async |query: &str| {
        let items = api.items(&format!("/v1/participants?{query}")).await;
        items.iter().map(|item| item["account"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("role=data_owner").await, [ss58(1), ss58(3)]);
    assert_eq!(found("role=provider").await, [ss58(2), ss58(3)]);
    assert_eq!(found("role=provider&status=active").await, [ss58(3)]);
    assert_eq!(found("status=pending").await, [ss58(4)]);
    assert_eq!(found("suspended_role=provider").await, [ss58(2)]);
    assert_eq!(found("suspended_role=researcher").await, [ss58(4)]);
    assert!(found("suspended_role=regulator").await.is_empty());
    assert_eq!(found("profile_confirmed=true").await, [ss58(1), ss58(2)]);
    assert_eq!(found("profile_confirmed=false&role=provider").await, [ss58(3)]);
    assert!(found("role=regulator").await.is_empty());
    api.refuses("/v1/participants?suspended_role=doctor", "suspended_role").await;
    api.refuses("/v1/participants?profile_confirmed=1", "profile_confirmed").await;
    api.refuses("/v1/participants?role=doctor", "role").await;
    api.refuses("/v1/participants?status=banned", "status").await;
    api.pages("/v1/participants").await;
    // A cursor is an account: of this network, and whole.
    api.refuses("/v1/participants?after=5Grwva", "after").await;
}
