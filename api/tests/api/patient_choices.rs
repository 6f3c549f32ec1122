//! `/v1/patient-choices`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    choices::{emergencies_allowed, emergencies_refused, excepted, restricted, restriction_lifted},
    guardians,
};

use crate::support::{Api, hex32, provenance, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_patient_refuses_emergencies_and_restricts_all_but_some(pool: PgPool) {
    let chosen = vec![
        restricted(1, (3, 8), 40),
        excepted(1, 3),
        excepted(1, 2),
        emergencies_refused(1, 41),
        emergencies_refused(2, 41),
        restricted(3, (1, 1), 41),
    ];
    let mut api = Api::play(pool, vec![chosen]).await;
    let of = |account: u8| format!("/v1/patient-choices/{}", ss58(account));
    let refusal = json!({
        "status": "in_force",
        "refused_at_ms": 41,
        "allowed_at_ms": null,
        "allowed_by": null,
        "provenance": provenance(5, 4),
    });
    let restriction = json!({
        "purposes": { "mask": 3, "names": ["treatment", "research"] },
        "categories": { "mask": 8, "names": ["laboratory"] },
        "except": [ss58(3), ss58(2)],
        "status": "in_force",
        "restricted_at_ms": 40,
        "restricted_by": ss58(1),
        "lifted_at_ms": null,
        "lifted_by": null,
        "provenance": provenance(5, 1),
    });
    let both = json!({
        "patient": ss58(1),
        "emergency_refusal": refusal,
        "restriction": restriction,
    });
    assert_eq!(api.item(&of(1)).await, both);
    assert_eq!(api.item(&format!("/v1/patient-choices/{}", hex32(1))).await, both);
    // One of the two alone.
    assert_eq!(api.item(&of(2)).await["restriction"], Value::Null);
    let third = api.item(&of(3)).await;
    assert_eq!(
        (&third["emergency_refusal"], &third["restriction"]["except"]),
        (&Value::Null, &json!([]))
    );
    api.lacks(&of(4)).await;
    api.refuses("/v1/patient-choices/alice", "address").await;
    api.refuses(&format!("{}?owner=alice", of(1)), "owner").await;

    // Taken back: what it was stays on record.
    let block = api.write(vec![emergencies_allowed(1, 50), restriction_lifted(1, 51)]).await;
    let lifted = api.item(&of(1)).await;
    assert_eq!(
        lifted["emergency_refusal"],
        json!({
            "status": "lifted",
            "refused_at_ms": 41,
            "allowed_at_ms": 50,
            "allowed_by": ss58(1),
            "provenance": provenance(block, 1),
        })
    );
    assert_eq!(lifted["restriction"]["status"], "lifted");
    assert_eq!(lifted["restriction"]["lifted_at_ms"], 51);
    assert_eq!(lifted["restriction"]["lifted_by"], ss58(1));
    assert_eq!(lifted["restriction"]["except"], json!([ss58(3), ss58(2)]));
    assert_eq!(lifted["restriction"]["provenance"], provenance(block, 2));

    // Another one has exceptions of its own.
    api.write(vec![restricted(1, (1, 1), 60), excepted(1, 2)]).await;
    let again = api.item(&of(1)).await;
    assert_eq!(again["restriction"]["except"], json!([ss58(2)]));
    assert_eq!(again["restriction"]["status"], "in_force");
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_a_guardian_chooses_and_takes_back_names_him(pool: PgPool) {
    let (ward, path) = ((1, 7), format!("/v1/patient-choices/{}", ss58(1)));
    let chosen = vec![guardians::restricted(ward, (1, 8), 40), emergencies_refused(1, 41)];
    let mut api = Api::play(pool, vec![chosen]).await;
    let restriction = &api.item(&path).await["restriction"];
    assert_eq!(restriction["restricted_by"], ss58(7));
    assert_eq!(restriction["status"], "in_force");
    api.write(vec![
        restriction_lifted(1, 50),
        guardians::acted((1, 8), 50),
        emergencies_allowed(1, 51),
        guardians::acted(ward, 51),
    ])
    .await;
    let lifted = api.item(&path).await;
    assert_eq!(lifted["restriction"]["lifted_by"], ss58(8));
    assert_eq!(lifted["emergency_refusal"]["allowed_by"], ss58(7));
}
