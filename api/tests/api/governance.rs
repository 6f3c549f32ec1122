//! `/v1/governance`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_contract_begins_under_its_deployer(pool: PgPool) {
    let api = Api::mirror(pool).await;
    assert_eq!(
        api.ok("/v1/governance/consent").await,
        json!({
            "contract": "consent",
            "address": ss58(201),
            "paused": false,
            "administrator": ss58(200),
            "handover": null,
            "upgrade": null,
            "code_hash": hex32(7),
            "deployment_block": 1,
            "provenance": null,
        })
    );
    let names: Vec<Value> =
        api.items("/v1/governance").await.iter().map(|item| item["contract"].clone()).collect();
    assert_eq!(
        names,
        ["carbon", "consent", "market", "participants", "reports", "rewards", "token"]
    );
    api.refuses("/v1/governance/registry", "contract").await;
    api.refuses(&format!("/v1/governance/{}", ss58(201)), "contract").await;
    api.refuses("/v1/governance/consent?paused=true", "paused").await;
    api.refuses("/v1/governance?paused=true", "paused").await;
    api.pages("/v1/governance").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_is_proposed_and_announced_is_told_with_its_time(pool: PgPool) {
    let api = Api::mirror(pool).await;
    sqlx::query(
        "insert into contract_governance
            (contract, paused, administrator, successor, successor_not_before_ms,
            announced_code_hash, announced_not_before_ms, code_hash, block_number, event_index)
        values ($1, true, $2, $3, 18446744073709551615, $4, 5, $5, 8, 2)",
    )
    .bind(account(204))
    .bind(account(1))
    .bind(account(2))
    .bind([3_u8; 32])
    .bind([4_u8; 32])
    .execute(&api.pool)
    .await
    .unwrap();
    let governance = api.ok("/v1/governance/rewards").await;
    assert_eq!(
        governance,
        json!({
            "contract": "rewards",
            "address": ss58(204),
            "paused": true,
            "administrator": ss58(1),
            "handover": { "to": ss58(2), "not_before_ms": "18446744073709551615" },
            "upgrade": { "code_hash": hex32(3), "not_before_ms": 5 },
            "code_hash": hex32(4),
            "deployment_block": 1,
            "provenance": provenance(8, 2),
        })
    );
    assert_eq!(api.items("/v1/governance").await[5], governance);
}
