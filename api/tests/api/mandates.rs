//! `/v1/mandates`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::participants::{
    ANCHOR, ASK, BREAK_GLASS, SIGN, guardian_appointed, guardians_changed, mandate_ended,
    member_admitted, registered,
};

use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// Clinic 2 has 7 and 8 act for it, and had 5; practice 4 has 7, too, whose time is over.
async fn seeded(pool: PgPool) -> Api {
    let now = time_ms(AS_OF);
    let before = vec![
        member_admitted(2, 7, ASK, now, 0x57),
        member_admitted(2, 5, ASK | BREAK_GLASS | ANCHOR | SIGN, now + 1, 0x55),
        member_admitted(4, 7, SIGN, now, 0x57),
    ];
    let later = vec![
        // It takes the place of the first one, and the last ones end.
        member_admitted(2, 7, ASK | BREAK_GLASS, now + 1, 0x59),
        member_admitted(2, 8, ANCHOR, now + 5, 0x58),
        mandate_ended(2, 5, 5),
    ];
    Api::play(pool, vec![before, later]).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_mandate_shows_what_somebody_may_do_and_whether_it_counts(pool: PgPool) {
    let api = seeded(pool).await;
    let now = time_ms(AS_OF);
    let items = api.items("/v1/mandates").await;
    assert_eq!(
        items[0],
        json!({
            "subject": ss58(2),
            "agent": ss58(5),
            "powers": { "mask": 15, "names": ["ask", "break_glass", "anchor", "sign"] },
            "valid_until_ms": now + 1,
            "person": hex32(0x55),
            "appointed_by": null,
            "status": "ended",
            "admitted_at_ms": time_ms(5),
            "ended_at_ms": time_ms(6),
            "ended_by": ss58(5),
            "provenance": provenance(6, 3),
        })
    );
    assert_eq!(
        items[1],
        json!({
            "subject": ss58(2),
            "agent": ss58(7),
            "powers": { "mask": 3, "names": ["ask", "break_glass"] },
            "valid_until_ms": now + 1,
            "person": hex32(0x59),
            "appointed_by": null,
            "status": "active",
            "admitted_at_ms": time_ms(6),
            "ended_at_ms": null,
            "ended_by": null,
            "provenance": provenance(6, 1),
        })
    );
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["ended", "active", "active", "expired"]);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn mandates_are_found_by_subject_agent_and_status(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<(Value, Value)> {
        let items = api.items(&format!("/v1/mandates?{query}")).await;
        items.iter().map(|item| (item["subject"].clone(), item["agent"].clone())).collect()
    };
    let of = |subject, agent| (json!(ss58(subject)), json!(ss58(agent)));
    assert_eq!(found(format!("subject={}", ss58(2))).await, [of(2, 5), of(2, 7), of(2, 8)]);
    assert_eq!(found(format!("agent={}", hex32(7))).await, [of(2, 7), of(4, 7)]);
    assert_eq!(found(format!("subject={}&agent={}", ss58(4), ss58(7))).await, [of(4, 7)]);
    assert_eq!(found("status=active".into()).await, [of(2, 7), of(2, 8)]);
    assert_eq!(found("status=expired".into()).await, [of(4, 7)]);
    assert_eq!(found("status=ended".into()).await, [of(2, 5)]);
    assert!(found(format!("subject={}", ss58(7))).await.is_empty());
    api.refuses("/v1/mandates?status=removed", "status").await;
    api.refuses("/v1/mandates?subject=alice", "subject").await;
    api.refuses("/v1/mandates?agent=bob", "agent").await;
    api.refuses(&format!("/v1/mandates?after={}", ss58(1)), "after").await;
    api.pages("/v1/mandates").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_guardian_shows_who_appointed_and_who_dismissed_him(pool: PgPool) {
    let now = time_ms(AS_OF);
    let appointed = vec![
        registered(1),
        guardian_appointed(1, 7, now + 1, 0x57),
        guardian_appointed(1, 8, now + 1, 0x58),
    ];
    let dismissed = vec![mandate_ended(1, 8, 9), guardians_changed(1, 1)];
    let api = Api::play(pool, vec![appointed, dismissed]).await;
    let items = api.items(&format!("/v1/mandates?subject={}", ss58(1))).await;
    assert_eq!(
        items[0],
        json!({
            "subject": ss58(1),
            "agent": ss58(7),
            "powers": { "mask": 32, "names": ["guardian"] },
            "valid_until_ms": now + 1,
            "person": hex32(0x57),
            "appointed_by": ss58(9),
            "status": "active",
            "admitted_at_ms": time_ms(5),
            "ended_at_ms": null,
            "ended_by": null,
            "provenance": provenance(5, 2),
        })
    );
    let ended = &items[1];
    assert_eq!((&ended["status"], &ended["ended_by"]), (&json!("ended"), &json!(ss58(9))));
    assert_eq!(ended["provenance"], provenance(6, 1));
}
