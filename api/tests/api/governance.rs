//! `/v1/governance`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    FIRST,
    governance::{handover_proposed, paused, upgrade_announced, upgraded},
    metadata,
};

use crate::support::{Api, contract, hex32, provenance, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_contract_begins_under_its_deployer(pool: PgPool) {
    let api = Api::mirror(pool).await;
    assert_eq!(
        api.item("/v1/governance/consent").await,
        json!({
            "contract": "consent",
            "address": contract("consent"),
            "paused": false,
            "administrator": ss58(1),
            "handover": null,
            "upgrade": null,
            "code_hash": metadata("consent").code_hash().to_string(),
            "deployment_block": FIRST,
            "provenance": null,
        })
    );
    let names: Vec<Value> =
        api.items("/v1/governance").await.iter().map(|item| item["contract"].clone()).collect();
    assert_eq!(
        names,
        [
            "agreements",
            "carbon",
            "consent",
            "market",
            "participants",
            "reports",
            "rewards",
            "token"
        ]
    );
    api.refuses("/v1/governance/registry", "contract").await;
    api.refuses(&format!("/v1/governance/{}", contract("consent")), "contract").await;
    api.refuses("/v1/governance/consent?paused=true", "paused").await;
    api.refuses("/v1/governance?paused=true", "paused").await;
    api.pages("/v1/governance").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn what_is_proposed_and_announced_is_told_with_its_time(pool: PgPool) {
    let governed = vec![
        upgrade_announced("rewards", 4, (5, 9_000), 1),
        upgraded("rewards", 4, 1),
        paused("rewards", 1),
        handover_proposed("rewards", 1, 2, (7, u64::MAX)),
        upgrade_announced("rewards", 3, (5, 6), 1),
    ];
    let api = Api::play(pool, vec![governed]).await;
    let governance = api.item("/v1/governance/rewards").await;
    assert_eq!(
        governance,
        json!({
            "contract": "rewards",
            "address": contract("rewards"),
            "paused": true,
            "administrator": ss58(1),
            "handover": {
                "to": ss58(2),
                "not_before_ms": 7,
                "until_ms": "18446744073709551615",
            },
            "upgrade": { "code_hash": hex32(3), "not_before_ms": 5, "until_ms": 6 },
            "code_hash": hex32(4),
            "deployment_block": FIRST,
            "provenance": provenance(5, 5),
        })
    );
    assert_eq!(api.items("/v1/governance").await[6], governance);
}
