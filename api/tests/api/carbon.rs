//! `/v1/carbon`: classes, projects and batches.

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::EmittedEvent;
use assent_indexer_testing::{
    carbon::{batch, class, project},
    compliance::{COLLECTOR, penalty_set, period_set},
};

use crate::support::{Api, hex32, provenance, ss58};

mod compliance;
mod holdings;

/// The first block of a story, of 21 events: class 1 of allowances, class 2 of two projects, class 3 of
/// one; four periods; in each class batches that follow each other.
pub fn registered() -> Vec<EmittedEvent> {
    let penalty = |tariff| vec![penalty_set(tariff, COLLECTOR)];
    [
        vec![class(1, None, 0), class(2, Some(11), 4), class(3, Some(12), 5)],
        vec![project(1, 2, 21, 6), project(2, 2, 22, 7), project(3, 3, 21, 8)],
        penalty(100),
        period_set((1, 1), (1, 100), (5_000, 7_000, 9_000), 100),
        vec![
            batch(2, 2, Some(1), (1, 100), (0, u64::MAX)),
            batch(3, 2, Some(2), (101, 260), (1_000, 2_000)),
            batch(4, 3, Some(3), (1, 50), (1_000, 2_000)),
        ],
        penalty(u128::MAX),
        period_set((2, 5), (101, 300), (7_000, 10_000, 12_000), u128::MAX),
        vec![batch(6, 2, Some(1), (261, 261), (1_000, 2_000))],
        penalty(120),
        period_set((3, 7), (301, 400), (10_000, 13_000, 14_000), 120),
        period_set((4, 8), (401, 500), (13_000, 20_000, u64::MAX), 120),
    ]
    .concat()
}

/// Nothing but that.
pub async fn registry(pool: PgPool) -> Api {
    Api::play(pool, vec![registered()]).await
}

/// The values of one field of all items of a list.
pub async fn field(api: &Api, path: &str, field: &str) -> Vec<Value> {
    api.items(path).await.iter().map(|item| item[field].clone()).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn classes_name_their_issuers_and_allowances_have_none(pool: PgPool) {
    let api = registry(pool).await;
    let items = api.items("/v1/carbon/classes").await;
    assert_eq!(
        items[..2],
        [
            json!({
                "class": 1,
                "issuer": null,
                "metadata": hex32(0),
                "last_serial": "500",
                "provenance": provenance(5, 20),
            }),
            json!({
                "class": 2,
                "issuer": ss58(11),
                "metadata": hex32(4),
                "last_serial": "261",
                "provenance": provenance(5, 16),
            }),
        ]
    );
    api.pages("/v1/carbon/classes").await;
    api.refuses("/v1/carbon/classes?issuer=1", "issuer").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn projects_are_found_by_class(pool: PgPool) {
    let api = registry(pool).await;
    assert_eq!(
        api.items("/v1/carbon/projects?class=3").await,
        [json!({
            "project": 3,
            "class": 3,
            "owner": ss58(21),
            "metadata": hex32(8),
            "provenance": provenance(5, 6),
        })]
    );
    assert_eq!(field(&api, "/v1/carbon/projects?class=2", "project").await, [1, 2]);
    assert!(api.items("/v1/carbon/projects?class=1").await.is_empty());
    api.pages("/v1/carbon/projects").await;
    api.refuses("/v1/carbon/projects?class=two", "class").await;
    api.refuses("/v1/carbon/projects?owner=1", "owner").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_batch_shows_where_its_units_are(pool: PgPool) {
    let api = holdings::seeded(pool).await;
    let credits = json!({
        "batch": 2,
        "class": 2,
        "project": 1,
        "period": null,
        "serial_start": "1",
        "serial_end": "100",
        "vintage_start_ms": 0,
        "vintage_end_ms": "18446744073709551615",
        "sealed": true,
        "issued": "100",
        "tradable": "60",
        "escrowed": "15",
        "retired": "20",
        "surrendered": "0",
        "cancelled": "5",
        "provenance": provenance(8, 2),
    });
    assert_eq!(api.item("/v1/carbon/batches/2").await, credits);
    let allowances = api.item("/v1/carbon/batches/1").await;
    assert_eq!(allowances["project"], Value::Null);
    assert_eq!(allowances["period"], 1);
    assert_eq!(allowances["surrendered"], "50");
    assert_eq!(api.items("/v1/carbon/batches").await[..2], [allowances, credits]);
    api.lacks("/v1/carbon/batches/9").await;
    api.refuses("/v1/carbon/batches/two", "id").await;
    api.refuses("/v1/carbon/batches/-2", "id").await;
    api.refuses("/v1/carbon/batches/2?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn batches_are_found_by_class_project_and_period(pool: PgPool) {
    let api = registry(pool).await;
    let found =
        async |query: &str| field(&api, &format!("/v1/carbon/batches{query}"), "batch").await;
    assert_eq!(found("").await, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(found("?class=1").await, [1, 5, 7, 8]);
    assert_eq!(found("?project=1").await, [2, 6]);
    assert_eq!(found("?period=2").await, [5]);
    assert_eq!(found("?class=2&project=2").await, [3]);
    assert!(found("?class=1&project=1").await.is_empty());
    api.pages("/v1/carbon/batches").await;
    api.pages("/v1/carbon/batches?class=2").await;
    for filter in ["class", "project", "period"] {
        api.refuses(&format!("/v1/carbon/batches?{filter}=first"), filter).await;
    }
    api.refuses("/v1/carbon/batches?owner=1", "owner").await;
}
