//! `/v1/carbon`: classes, projects and batches.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, hex32, provenance, ss58};

mod compliance;
mod holdings;

/// Class 1 of allowances, class 2 of two projects, class 3 of one; three periods; in each class
/// batches that follow each other.
pub async fn registry(pool: PgPool) -> Api {
    let api = Api::mirror(pool).await;
    api.accounts().await;
    for statement in [
        "insert into carbon_classes
            (class, issuer, metadata, last_serial, block_number, event_index)
        values (1, null, account(0), 400, 1, 1), (2, account(11), account(4), 261, 2, 1),
            (3, account(12), account(5), 50, 2, 3)",
        "insert into carbon_projects (project, class, owner, metadata, block_number, event_index)
        values (1, 2, account(21), account(6), 2, 4), (2, 2, account(22), account(7), 2, 5),
            (3, 3, account(21), account(8), 2, 6)",
        "insert into carbon_batches
            (batch, class, project, serial_start, serial_end, vintage_start_ms, vintage_end_ms,
            sealed, issued, tradable, escrowed, retired, surrendered, cancelled, block_number,
            event_index)
        values
            (1, 1, null, 1, 100, 1000, 2000, false, 100, 40, 10, 0, 50, 0, 6, 1),
            (2, 2, 1, 1, 100, 0, 18446744073709551615, true, 100, 60, 15, 20, 0, 5, 6, 2),
            (3, 2, 2, 101, 260, 1000, 2000, false, 0, 0, 0, 0, 0, 0, 3, 3),
            (4, 3, 3, 1, 50, 1000, 2000, false, 50, 50, 0, 0, 0, 0, 3, 4),
            (5, 1, null, 101, 300, 2000, 3000, false, 0, 0, 0, 0, 0, 0, 3, 5),
            (6, 2, 1, 261, 261, 1000, 2000, false, 0, 0, 0, 0, 0, 0, 3, 7),
            (7, 1, null, 301, 400, 3000, 4000, false, 0, 0, 0, 0, 0, 0, 3, 8)",
        "insert into carbon_periods
            (period, batch, start_ms, end_ms, settle_from_ms, cap, tariff, block_number,
            event_index)
        values (1, 1, 1000, 2000, 2500, 100, 100, 2, 8), (2, 5, 2000, 3000, 3500, 200, 110, 3, 6),
            (3, 7, 3000, 4000, 18446744073709551615, 100, 120, 3, 9)",
        "update carbon_batches b set period = p.period from carbon_periods p
        where p.batch = b.batch",
    ] {
        api.sql(statement).await;
    }
    api
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
                "last_serial": "400",
                "provenance": provenance(1, 1),
            }),
            json!({
                "class": 2,
                "issuer": ss58(11),
                "metadata": hex32(4),
                "last_serial": "261",
                "provenance": provenance(2, 1),
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
            "provenance": provenance(2, 6),
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
    let api = registry(pool).await;
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
        "provenance": provenance(6, 2),
    });
    assert_eq!(api.ok("/v1/carbon/batches/2").await, credits);
    let allowances = api.ok("/v1/carbon/batches/1").await;
    assert_eq!(allowances["project"], Value::Null);
    assert_eq!(allowances["period"], 1);
    assert_eq!(allowances["surrendered"], "50");
    assert_eq!(api.items("/v1/carbon/batches").await[..2], [allowances, credits]);
    api.lacks("/v1/carbon/batches/8").await;
    api.refuses("/v1/carbon/batches/two", "id").await;
    api.refuses("/v1/carbon/batches/-2", "id").await;
    api.refuses("/v1/carbon/batches/2?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn batches_are_found_by_class_project_and_period(pool: PgPool) {
    let api = registry(pool).await;
    let found =
        async |query: &str| field(&api, &format!("/v1/carbon/batches{query}"), "batch").await;
    assert_eq!(found("").await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(found("?class=1").await, [1, 5, 7]);
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
