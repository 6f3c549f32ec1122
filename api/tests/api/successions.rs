//! `/v1/successions`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::participants::{approved, registered};
use assent_indexer_testing::succession::{
    cancelled, confirmed, named, objected, proposed, rejected, replaced,
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// Of accounts 1 to 8 the key shall be replaced by that of 11 to 18, in each with another end.
async fn seeded(pool: PgPool) -> Api {
    let people = (1..=8).flat_map(|n| [registered(n), approved(n, 1)]).collect();
    let (early, late) = ((time_ms(6), time_ms(AS_OF)), (time_ms(6), time_ms(AS_OF) + 1));
    let said = vec![
        named(1, 11, late),
        proposed(2, 12, late),
        proposed(3, 13, late),
        named(4, 14, early),
        named(5, 15, late),
        named(6, 16, late),
        proposed(7, 17, late),
        proposed(8, 18, early),
    ];
    let answered = vec![
        objected(2, 12),
        objected(3, 13),
        confirmed(3, 13, 10),
        replaced(5, 5, 15),
        cancelled(6, 16),
        objected(7, 17),
        rejected(7, 17, 10),
        objected(8, 18),
    ];
    Api::play(pool, vec![people, said, answered]).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn says_who_shall_act_and_who_decided(pool: PgPool) {
    let api = seeded(pool).await;
    let expected = json!({
        "subject": ss58(3),
        "successor": ss58(13),
        "proposed_by": ss58(9),
        "evidence": hex32(0xed),
        "named_at_ms": time_ms(6),
        "not_before_ms": time_ms(6),
        "until_ms": time_ms(AS_OF) + 1,
        "objected_at_ms": time_ms(7),
        "confirmed_at_ms": time_ms(7),
        "confirmed_by": ss58(10),
        "ended_at_ms": null,
        "rejected_by": null,
        "status": "confirmed",
        "provenance": provenance(7, 3),
    });
    for address in [ss58(3), hex32(3)] {
        assert_eq!(api.item(&format!("/v1/successions/{address}")).await, expected);
    }
    let own = api.item(&format!("/v1/successions/{}", ss58(1))).await;
    assert_eq!((&own["proposed_by"], &own["evidence"]), (&Value::Null, &Value::Null));
    let rejected = api.item(&format!("/v1/successions/{}", ss58(7))).await;
    assert_eq!(
        (&rejected["rejected_by"], &rejected["ended_at_ms"]),
        (&json!(ss58(10)), &json!(time_ms(7)))
    );
    // Nobody was named for this one, and the key of another is not its account.
    api.lacks(&format!("/v1/successions/{}", ss58(20))).await;
    api.lacks(&format!("/v1/successions/{}", ss58(11))).await;
    api.refuses("/v1/successions/alice", "address").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn are_found_by_successor_regulator_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: &str| {
        let items = api.items(&format!("/v1/successions?{query}")).await;
        items.iter().map(|item| item["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("status=waiting").await, [ss58(1)]);
    assert_eq!(found("status=objected").await, [ss58(2)]);
    assert_eq!(found("status=confirmed").await, [ss58(3)]);
    assert_eq!(found("status=expired").await, [ss58(4), ss58(8)]);
    assert_eq!(found("status=accepted").await, [ss58(5)]);
    assert_eq!(found("status=cancelled").await, [ss58(6)]);
    assert_eq!(found("status=rejected").await, [ss58(7)]);
    assert_eq!(found(&format!("successor={}", ss58(12))).await, [ss58(2)]);
    let proposed = [2, 3, 7, 8].map(ss58);
    assert_eq!(found(&format!("proposed_by={}", ss58(9))).await, proposed);
    api.refuses("/v1/successions?status=open", "status").await;
    api.refuses("/v1/successions?successor=alice", "successor").await;
    api.refuses("/v1/successions?proposed_by=alice", "proposed_by").await;
    api.pages("/v1/successions").await;
}
