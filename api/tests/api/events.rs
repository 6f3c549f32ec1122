//! `/v1/events`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::{Account, EmittedEvent};
use assent_indexer_testing::{
    EXTRINSIC, address, block_at, consent::delegate_set, token::approval,
};

use crate::support::{Api, contract, hex32, provenance, ss58, time_ms};

/// In blocks 5, 6 and 8; the second event of block 5 does not decode.
async fn seeded(pool: PgPool) -> Api {
    let mut first = delegate_set(1, 2, 0);
    first.topics.push([2; 32]);
    let undecodable = EmittedEvent { topics: vec![[1; 32]], ..delegate_set(1, 3, 0) };
    let blocks = vec![
        (5, vec![(1, first), (9, undecodable), (10, approval(1, 2, 5))]),
        (6, vec![(0, delegate_set(1, 4, 0))]),
        (8, vec![(4, approval(1, 2, 6))]),
    ];
    Api::play_at(pool, blocks).await
}

fn positions(items: &[Value]) -> Vec<(i64, i64)> {
    let of = |item: &Value, key: &str| item["provenance"][key].as_i64().unwrap();
    items.iter().map(|item| (of(item, "block_number"), of(item, "event_index"))).collect()
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_come_in_the_order_of_the_chain(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/events").await;
    let event = delegate_set(1, 2, 0);
    let hex = |bytes: &[u8]| format!("0x{}", hex::encode(bytes));
    assert_eq!(positions(&items), [(5, 1), (5, 9), (5, 10), (6, 0), (8, 4)]);
    assert_eq!(
        items[0],
        json!({
            "contract": contract("consent"),
            "contract_name": "consent",
            "name": "DelegateSet",
            "fields": {
                "owner": ss58(1),
                "delegate": ss58(2),
                "purposes": 1,
                "categories": 2,
                "until": "18446744073709551615",
                "epoch": 0,
            },
            "decode_error": null,
            "topics": [hex(&event.topics[0]), hex32(2)],
            "data": hex(&event.data),
            "extrinsic_index": EXTRINSIC,
            "extrinsic_hash": block_at(5, vec![]).extrinsics[&EXTRINSIC],
            "block_time_ms": time_ms(5),
            "provenance": provenance(5, 1),
        })
    );
    assert_eq!(items[1]["name"], Value::Null);
    assert_eq!(items[1]["fields"], Value::Null);
    assert!(items[1]["decode_error"].as_str().unwrap().contains("topic"), "{:?}", items[1]);
    assert_eq!(items[1]["topics"], json!([hex32(1)]));
    api.pages("/v1/events").await;
    api.pages("/v1/events?contract=consent").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_are_found_by_contract_and_block(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| positions(&api.items(&format!("/v1/events?{query}")).await);
    assert_eq!(found("contract=token".into()).await, [(5, 10), (8, 4)]);
    assert_eq!(found(format!("contract={}", contract("token"))).await, [(5, 10), (8, 4)]);
    let consent = hex32(address("consent")[0]);
    assert_eq!(found(format!("contract={consent}&from=6")).await, [(6, 0)]);
    assert_eq!(found("from=6".into()).await, [(6, 0), (8, 4)]);
    assert!(found("from=9".into()).await.is_empty());
    api.refuses("/v1/events?contract=registry", "contract").await;
    assert!(found(format!("contract={}", ss58(1))).await.is_empty());
    api.refuses("/v1/events?from=latest", "from").await;
    api.refuses("/v1/events?from=-1", "from").await;
    api.refuses("/v1/events?after=2", "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn events_of_contracts_outside_the_deployment_are_listed_by_their_address(pool: PgPool) {
    let foreign = EmittedEvent { contract: Account([0x99; 32]), ..approval(1, 2, 5) };
    let blocks = vec![
        (5, vec![(1, approval(1, 2, 5)), (2, foreign.clone())]),
        (6, vec![(0, foreign.clone()), (3, foreign)]),
    ];
    let api = Api::play_at(pool, blocks).await;
    let items = api.items(&format!("/v1/events?contract={}", hex32(0x99))).await;
    assert_eq!(positions(&items), [(5, 2), (6, 0), (6, 3)]);
    assert_eq!(items[0]["contract"], json!(ss58(0x99)));
    assert_eq!((&items[0]["contract_name"], &items[0]["name"]), (&Value::Null, &Value::Null));
    let reason = items[0]["decode_error"].as_str().unwrap();
    assert_eq!(reason, "which code its contract ran is not known");
    // They are not taken for ours, whatever they emit.
    assert_eq!(positions(&api.items("/v1/events?contract=token").await), [(5, 1)]);
    let all = positions(&api.items("/v1/events").await);
    assert_eq!(all, [(5, 1), (5, 2), (6, 0), (6, 3)]);
    api.pages(&format!("/v1/events?contract={}", hex32(0x99))).await;
}
