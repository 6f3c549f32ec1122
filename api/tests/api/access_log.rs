//! `/v1/access-log`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::bundle::blake2_256;
use assent_indexer_testing::{
    GENESIS, account, address,
    consent::{Access, Grant, outsider_refused},
    emergency::{broken, broken_until},
};

use crate::support::{Api, hex32, provenance, ss58, time_ms};

/// Four decisions, on data of accounts 1 and 4, for purpose 1 and category 9: by grant 12 for the record
/// 0xdd, refused, denied, and in window 3. For the last two 7 asked, who acts for the requester.
fn decisions() -> [Access; 4] {
    let of = |access: Access| Access { purpose: 1, category: 9, ..access };
    let first = of(Access { record: Some(0xdd), ..Access::of(1, 1).by_grant(12) });
    let second = of(Access { requester: 3, ..first.next(2) });
    let staff = Some((7, 0x57));
    let denied = of(Access { deny: Some(2), staff, ..Access::of(4, 3) });
    let in_need = of(Access { staff, ..second.next(4).by_window(3) });
    [first, second, denied, in_need]
}

/// They are the events 1 to 4 of block 6.
async fn seeded(pool: PgPool) -> Api {
    let before = vec![
        Grant::of(12, 1, 2).event(),
        broken(1, 5, 2, 10),
        broken(2, 1, 3, 10),
        broken_until(3, 1, 2, (time_ms(5), time_ms(7), time_ms(8))),
    ];
    Api::play(pool, vec![before, decisions().map(|access| access.event()).to_vec()]).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn holds_permits_and_refusals(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<i64> {
        let items = api.items(&format!("/v1/access-log?{query}")).await;
        items.iter().map(|item| item["access"].as_i64().unwrap()).collect()
    };
    assert_eq!(found(format!("owner={}", ss58(1))).await, [1, 2, 4]);
    assert_eq!(found(format!("requester={}", ss58(2))).await, [1, 3, 4]);
    assert_eq!(found(format!("owner={}&requester={}", ss58(1), ss58(2))).await, [1, 4]);
    assert_eq!(found("window_id=3".into()).await, [4]);
    assert_eq!(found(format!("agent={}", ss58(7))).await, [3, 4]);
    assert_eq!(found(format!("agent={}&owner={}", hex32(7), ss58(4))).await, [3]);
    // What one asked for himself is found by the requester.
    assert!(found(format!("agent={}", ss58(2))).await.is_empty());
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
            "asked_by": ss58(2),
            "person": null,
            "sequence": 1,
            "purpose": { "index": 1, "name": "research" },
            "category": { "index": 9, "name": "category_9" },
            "record": hex32(0xdd),
            "grant_id": 12,
            "window_id": null,
            "permitted": true,
            "deny_reason": null,
            "at_ms": time_ms(6),
            "previous": hex32(0),
            "content": hex32(0xa1),
            "head": hex(decisions()[0].head()),
            "provenance": provenance(6, 1),
        })
    );
    assert_eq!(items[1]["previous"], items[0]["head"]);
    assert_eq!((&items[2]["sequence"], &items[3]["sequence"]), (&json!(1), &json!(3)));
    assert_eq!(items[1]["permitted"], false);
    assert_eq!(items[1]["deny_reason"], "NoGrant");
    assert_eq!(items[1]["grant_id"], Value::Null);
    assert_eq!(items[1]["record"], Value::Null);
    assert_eq!(items[2]["deny_reason"], "Denied");
    assert_eq!(items[3]["window_id"], 3);
    assert_eq!(items[3]["requester"], ss58(2));
    assert_eq!(items[3]["asked_by"], ss58(7));
    assert_eq!(items[3]["person"], hex32(0x57));
    api.refuses("/v1/access-log?owner=alice", "owner").await;
    api.refuses("/v1/access-log?requester=bob", "requester").await;
    api.refuses("/v1/access-log?agent=bob", "agent").await;
    api.refuses("/v1/access-log?grantee=bob", "grantee").await;
    api.refuses("/v1/access-log?window_id=first", "window_id").await;
    api.pages("/v1/access-log").await;
    api.pages(&format!("/v1/access-log?owner={}", ss58(1))).await;
}

fn hex(bytes: [u8; 32]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// What the contract hashes, spelled out by hand: the layout is an interface.
#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn an_entry_carries_what_its_content_is_the_hash_of(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/access-log").await;
    let number = |n: u64| hex::encode(n.to_le_bytes());
    // Which contract on which chain.
    let domain = hex::encode(blake2_256(&[GENESIS.0, address("consent")].concat()));
    let expected = |(access, sequence): (u64, u64), parties: [u8; 3], rest: &str| {
        // Owner, requester and the key that asked, with the person if it is not the requester's.
        let person = match parties {
            [_, requester, by] if requester == by => "00".to_owned(),
            _ => format!("01{}", "57".repeat(32)),
        };
        let parties = hex::encode(parties.map(account).concat()) + &person;
        let (access, sequence, at) = (number(access), number(sequence), number(time_ms(6)));
        // Purpose 1, category 9.
        json!(format!("0x{domain}{parties}{access}{sequence}0109{rest}{at}"))
    };
    // Record, grant, window and decision.
    let grant = format!("01{}01{}0000", "dd".repeat(32), number(12));
    assert_eq!(items[0]["preimage"], expected((1, 1), [1, 2, 2], &grant));
    assert_eq!(items[1]["preimage"], expected((2, 2), [1, 3, 3], "0000000103"));
    assert_eq!(items[2]["preimage"], expected((3, 1), [4, 2, 7], "0000000102"));
    let window = format!("000001{}00", number(3));
    assert_eq!(items[3]["preimage"], expected((4, 3), [1, 2, 7], &window));

    // A reason that a later contract might give is shown, but not encoded. Today's metadata has none.
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
        api.item(&path).await,
        json!({
            "owner": ss58(1),
            "sequence": 3,
            "head": hex(decisions()[3].head()),
            "at_ms": time_ms(6),
            "provenance": provenance(6, 4),
        })
    );
    api.lacks(&format!("/v1/access-log/{}/head", ss58(2))).await;
    api.refuses("/v1/access-log/alice/head", "address").await;
    api.refuses(&format!("{path}?limit=1"), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn outsiders_are_counted_and_in_no_log(pool: PgPool) {
    let mut api = seeded(pool).await;
    let path = "/v1/access-log/outsiders";
    api.lacks(path).await;
    let (first, head) = outsider_refused(1, [0; 32]);
    let (second, head) = outsider_refused(2, head);
    let block = api.write(vec![first, second]).await;
    assert_eq!(
        api.item(path).await,
        json!({
            "sequence": 2,
            "head": hex(head),
            "at_ms": 6_000,
            "provenance": provenance(block, 2),
        })
    );
    assert!(api.items(&format!("/v1/access-log?requester={}", ss58(8))).await.is_empty());
    api.refuses(&format!("{path}?limit=1"), "limit").await;
}
