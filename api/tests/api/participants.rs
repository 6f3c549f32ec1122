//! `/v1/participants`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::EmittedEvent;
use assent_indexer_testing::participants::{approved, registered, suspended};

use crate::support::{Api, hex32, provenance, ss58};

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
        "roles": { "mask": 257, "names": ["data_owner", "regulator"] },
        "status": "active",
        "suspension_reason": null,
        "provenance": provenance(5, 2),
    });
    for address in [ss58(1), hex32(1)] {
        assert_eq!(api.ok(&format!("/v1/participants/{address}")).await, expected);
    }
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn shows_who_is_suspended_or_pending(pool: PgPool) {
    let stopped = vec![suspended(1)];
    let api = Api::play(pool, vec![participant(1, 2), participant(2, 0), stopped]).await;
    let suspended = api.ok(&format!("/v1/participants/{}", ss58(1))).await;
    assert_eq!(suspended["status"], "suspended");
    assert_eq!(suspended["suspension_reason"], hex32(0xee));
    let pending = api.ok(&format!("/v1/participants/{}", ss58(2))).await;
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["roles"]["names"], Value::Array(vec![]));
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
    blocks.push(vec![suspended(2)]);
    let api = Api::play(pool, blocks).await;
    let found = async |query: &str| {
        let items = api.items(&format!("/v1/participants?{query}")).await;
        items.iter().map(|item| item["account"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("role=data_owner").await, [ss58(1), ss58(3)]);
    assert_eq!(found("role=provider").await, [ss58(2), ss58(3)]);
    assert_eq!(found("role=provider&status=active").await, [ss58(3)]);
    assert_eq!(found("status=pending").await, [ss58(4)]);
    assert!(found("role=regulator").await.is_empty());
    api.refuses("/v1/participants?role=doctor", "role").await;
    api.refuses("/v1/participants?status=banned", "status").await;
    api.pages("/v1/participants").await;
    // A cursor is an account: of this network, and whole.
    api.refuses("/v1/participants?after=5Grwva", "after").await;
}
