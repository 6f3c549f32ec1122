//! `/v1/rewards`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    address,
    rewards::{accrued, consent_set, funded, refunded, tariff_set, unfunded, withdrawn},
};

use crate::support::{AS_OF, Api, contract, hex32, provenance, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn rewards_show_owed_accrued_refunded_and_withdrawn(pool: PgPool) {
    let all = u128::MAX;
    let booked =
        vec![funded(1, all), accrued(1, 1, 0, all - 3), refunded(1, 3), withdrawn(1, 1, 7)];
    let api = Api::play(pool, vec![booked]).await;
    assert_eq!(
        api.ok(&format!("/v1/rewards/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "owed": "340282366920938463463374607431768211448",
            "accrued": "340282366920938463463374607431768211452",
            "refunded": "3",
            "withdrawn": "7",
            "provenance": provenance(5, 4),
        })
    );
    api.lacks(&format!("/v1/rewards/{}", ss58(2))).await;
    api.refuses("/v1/rewards/alice", "address").await;
    api.refuses(&format!("/v1/rewards/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_totals_are_of_the_whole_fund(pool: PgPool) {
    let mut api = Api::mirror(pool).await;
    api.lacks("/v1/rewards/totals").await;
    let booked = vec![
        consent_set(address("consent")),
        funded(4, 100),
        accrued(1, 1, 0, 30),
        refunded(4, 10),
        withdrawn(1, 1, 15),
    ];
    let block = api.write(booked).await;
    assert_eq!(block, AS_OF + 1);
    assert_eq!(
        api.ok("/v1/rewards/totals").await,
        json!({
            "consent": contract("consent"),
            "funded": "100",
            "unspent": "60",
            "owed": "25",
            "accrued": "30",
            "refunded": "10",
            "withdrawn": "15",
            "provenance": provenance(block, 5),
        })
    );
    api.refuses("/v1/rewards/totals?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn tariffs_are_listed_by_purpose(pool: PgPool) {
    let set = vec![tariff_set(0, 500_000), tariff_set(1, 0), tariff_set(31, u128::MAX)];
    let api = Api::play(pool, vec![set]).await;
    let items = api.items("/v1/rewards/tariffs").await;
    assert_eq!(
        items[0],
        json!({
            "purpose": { "index": 0, "name": "treatment" },
            "amount": "500000",
            "provenance": provenance(5, 1),
        })
    );
    assert_eq!(items[2]["purpose"]["name"], "purpose_31");
    assert_eq!(items[2]["amount"], "340282366920938463463374607431768211455");
    api.pages("/v1/rewards/tariffs").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn accruals_say_which_access_paid(pool: PgPool) {
    let booked =
        vec![funded(4, 100), accrued(1, 1, 1, 7), unfunded(1, 2, 1, 7), accrued(2, 4, 1, 7)];
    let api = Api::play(pool, vec![booked]).await;
    let items = api.items(&format!("/v1/rewards/accruals?owner={}", ss58(1))).await;
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[1],
        json!({
            "access": 2,
            "owner": ss58(1),
            "purpose": { "index": 1, "name": "research" },
            "amount": "7",
            "funded": false,
            "provenance": provenance(5, 3),
        })
    );
    api.refuses("/v1/rewards/accruals?owner=alice", "owner").await;
    api.pages("/v1/rewards/accruals").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn contributions_say_what_could_still_be_refunded(pool: PgPool) {
    let mut booked = [1, 2, 3].map(|funder| funded(funder, 100)).to_vec();
    booked.extend([refunded(2, 30), refunded(3, 100)]);
    let api = Api::play(pool, vec![booked]).await;
    let items = api.items(&format!("/v1/rewards/contributions?funder={}", hex32(2))).await;
    assert_eq!(
        items,
        [json!({
            "funder": ss58(2),
            "funded": "100",
            "refunded": "30",
            "remaining": "70",
            "provenance": provenance(5, 4),
        })]
    );
    api.refuses("/v1/rewards/contributions?funder=alice", "funder").await;
    api.pages("/v1/rewards/contributions").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn refunds_and_withdrawals_are_listed_in_the_order_of_the_chain(pool: PgPool) {
    let blocks = vec![
        (5, vec![(1, funded(1, 20)), (2, funded(2, 20))]),
        (6, vec![(9, refunded(1, 5)), (10, refunded(2, 5))]),
        (7, vec![(0, refunded(1, 5))]),
        (8, vec![(9, withdrawn(1, 8, 5)), (10, withdrawn(2, 8, 5))]),
        (9, vec![(0, withdrawn(1, 8, 5))]),
    ];
    let api = Api::play_at(pool, blocks).await;
    let refund = |block, index| {
        json!({
            "funder": ss58(1),
            "amount": "5",
            "refunded_by": ss58(9),
            "provenance": provenance(block, index),
        })
    };
    let withdrawal = |block, index| {
        json!({
            "owner": ss58(1),
            "paid_to": ss58(8),
            "amount": "5",
            "provenance": provenance(block, index),
        })
    };
    let of = |list: &str, of: &str| format!("/v1/rewards/{list}?{of}={}", ss58(1));
    let refunds = api.items(&of("refunds", "funder")).await;
    assert_eq!(refunds, [refund(6, 9), refund(7, 0)]);
    let withdrawals = api.items(&of("withdrawals", "owner")).await;
    assert_eq!(withdrawals, [withdrawal(8, 9), withdrawal(9, 0)]);
    let everything: Vec<Value> = api.items("/v1/rewards/refunds").await;
    assert_eq!(everything[1]["funder"], ss58(2));
    for list in ["refunds", "withdrawals"] {
        api.pages(&format!("/v1/rewards/{list}")).await;
    }
    api.refuses("/v1/rewards/refunds?funder=alice", "funder").await;
    api.refuses("/v1/rewards/withdrawals?owner=alice", "owner").await;
}
