//! `/v1/rewards`

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_indexer_testing::{
    address,
    rewards::{
        accrued, accrued_by, budget_withdrawn, consent_set, funded, pot_withdrawn, sponsor_set,
        sponsored, tariff_set, tariff_set_from, unfunded, unfunded_by, withdrawn,
    },
};

use crate::support::{AS_OF, Api, contract, hex32, provenance, ss58, time_ms};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn rewards_show_owed_accrued_returned_and_paid(pool: PgPool) {
    let all = u128::MAX;
    let booked = vec![
        funded(2, 2, all),
        accrued(1, 1, 0, all - 3),
        sponsor_set(1, Some(1), None, 0),
        sponsored(1, 1, 3, 3),
        sponsor_set(1, None, Some(1), 3),
        withdrawn(1, 1, 7),
    ];
    let api = Api::play(pool, vec![booked]).await;
    assert_eq!(
        api.item(&format!("/v1/rewards/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "owed": "340282366920938463463374607431768211448",
            "accrued": "340282366920938463463374607431768211452",
            "returned": "3",
            "paid": "7",
            "provenance": provenance(5, 6),
        })
    );
    api.lacks(&format!("/v1/rewards/{}", ss58(2))).await;
    api.refuses("/v1/rewards/alice", "address").await;
    api.refuses(&format!("/v1/rewards/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_totals_are_of_all_accounts(pool: PgPool) {
    let mut api = Api::mirror(pool).await;
    api.lacks("/v1/rewards/totals").await;
    let booked = vec![
        consent_set(address("consent")),
        funded(2, 4, 100),
        accrued(1, 1, 0, 30),
        sponsor_set(1, Some(7), None, 0),
        sponsored(1, 7, 20, 20),
        sponsor_set(1, Some(8), Some(7), 20),
        sponsored(1, 8, 9, 9),
        withdrawn(1, 1, 15),
    ];
    let block = api.write(booked).await;
    assert_eq!(block, AS_OF + 1);
    assert_eq!(
        api.item("/v1/rewards/totals").await,
        json!({
            "consent": contract("consent"),
            "budgets": "70",
            "pots": "9",
            "owed": "35",
            "accrued": "30",
            "returned": "20",
            "paid": "15",
            "provenance": provenance(block, 8),
        })
    );
    api.refuses("/v1/rewards/totals?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn tariffs_are_listed_by_purpose_with_what_waits(pool: PgPool) {
    let now = time_ms(AS_OF);
    let set = vec![
        tariff_set(0, 500_000),
        tariff_set_from(1, 7, true, now),
        tariff_set(2, 5),
        tariff_set_from(2, 6, true, now + 1),
        tariff_set_from(31, u128::MAX, false, u64::MAX),
    ];
    let mut api = Api::play(pool, vec![set]).await;
    let items = api.items("/v1/rewards/tariffs").await;
    assert_eq!(
        items[0],
        json!({
            "purpose": { "index": 0, "name": "treatment" },
            "tariff": { "current": { "amount": "500000", "required": false }, "next": null },
            "provenance": provenance(5, 1),
        })
    );
    // What is due at the last indexed block holds, though no event says so.
    let due = json!({ "current": { "amount": "7", "required": true }, "next": null });
    assert_eq!(items[1]["tariff"], due);
    let next = json!({ "value": { "amount": "6", "required": true }, "from_ms": now + 1 });
    let waits = json!({ "current": { "amount": "5", "required": false }, "next": next });
    assert_eq!(items[2]["tariff"], waits);
    assert_eq!(items[3]["purpose"]["name"], "purpose_31");
    assert_eq!(items[3]["tariff"]["current"], json!({ "amount": "0", "required": false }));
    assert_eq!(
        items[3]["tariff"]["next"],
        json!({
            "value": { "amount": "340282366920938463463374607431768211455", "required": false },
            "from_ms": "18446744073709551615",
        })
    );
    api.pages("/v1/rewards/tariffs").await;
    // A block later it holds.
    api.write(vec![]).await;
    let held = json!({ "current": { "amount": "6", "required": true }, "next": null });
    assert_eq!(api.items("/v1/rewards/tariffs").await[2]["tariff"], held);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_budget_says_what_became_of_it(pool: PgPool) {
    let booked = vec![
        funded(2, 4, 100),
        funded(3, 3, 5),
        accrued(1, 1, 1, 30),
        budget_withdrawn(2, 20),
        funded(4, 4, 1),
    ];
    let api = Api::play(pool, vec![booked]).await;
    let budget = json!({
        "requester": ss58(2),
        "balance": "50",
        "funded": "100",
        "spent": "30",
        "withdrawn": "20",
        "provenance": provenance(5, 4),
    });
    assert_eq!(api.item(&format!("/v1/rewards/budgets/{}", hex32(2))).await, budget);
    let items = api.items("/v1/rewards/budgets").await;
    assert_eq!((items.len(), &items[0]), (3, &budget));
    api.pages("/v1/rewards/budgets").await;
    api.lacks(&format!("/v1/rewards/budgets/{}", ss58(1))).await;
    api.refuses("/v1/rewards/budgets/alice", "address").await;
    api.refuses("/v1/rewards/budgets?requester=1", "requester").await;

    let list = "/v1/rewards/budget-movements";
    let of = format!("{list}?requester={}", ss58(2));
    let movement = |kind: &str, account, amount: &str, index| {
        json!({
            "requester": ss58(2),
            "kind": kind,
            "account": ss58(account),
            "amount": amount,
            "provenance": provenance(5, index),
        })
    };
    let [paid, back] = [movement("funded", 4, "100", 1), movement("withdrawn", 2, "20", 4)];
    assert_eq!(api.items(&of).await, [paid, back.clone()]);
    assert_eq!(api.items(&format!("{list}?kind=withdrawn")).await, [back]);
    api.pages(list).await;
    api.refuses(&format!("{list}?requester=alice"), "requester").await;
    api.refuses(&format!("{list}?kind=spent"), "kind").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_pot_is_of_the_sponsor_of_its_purpose(pool: PgPool) {
    let booked = vec![
        sponsor_set(1, Some(7), None, 0),
        sponsored(1, 7, 100, 60),
        accrued_by(2, Some(7), 1, 1, 1, 30),
        pot_withdrawn(1, 7, 20),
        sponsor_set(2, Some(7), None, 0),
        sponsor_set(2, None, Some(7), 0),
        sponsor_set(31, Some(8), None, 0),
    ];
    let api = Api::play(pool, vec![booked]).await;
    let pot = json!({
        "purpose": { "index": 1, "name": "research" },
        "sponsorship": 1,
        "sponsor": ss58(7),
        "balance": "50",
        "cap": "60",
        "sponsored": "100",
        "spent": "30",
        "withdrawn": "20",
        "provenance": provenance(5, 4),
    });
    assert_eq!(api.item("/v1/rewards/pots/1").await, pot);
    let items = api.items("/v1/rewards/pots").await;
    assert_eq!(items[0], pot);
    // Of nobody any more.
    assert_eq!((&items[1]["sponsor"], &items[1]["sponsorship"]), (&Value::Null, &json!(2)));
    assert_eq!(items[2]["purpose"]["index"], 31);
    api.pages("/v1/rewards/pots").await;
    api.lacks("/v1/rewards/pots/0").await;
    api.refuses("/v1/rewards/pots/32", "purpose").await;
    api.refuses("/v1/rewards/pots/research", "purpose").await;
    api.refuses("/v1/rewards/pots?sponsor=1", "sponsor").await;

    let list = "/v1/rewards/pot-movements";
    let sponsored = json!({
        "purpose": { "index": 1, "name": "research" },
        "sponsorship": 1,
        "kind": "sponsored",
        "sponsor": ss58(7),
        "amount": "100",
        "cap": "60",
        "provenance": provenance(5, 2),
    });
    let items = api.items(&format!("{list}?purpose=1&sponsor={}", ss58(7))).await;
    assert_eq!((items.len(), &items[0]), (2, &sponsored));
    assert_eq!((&items[1]["kind"], &items[1]["cap"]), (&json!("withdrawn"), &Value::Null));
    let returned = api.items(&format!("{list}?kind=returned")).await;
    assert_eq!((returned.len(), &returned[0]["purpose"]["index"]), (1, &json!(2)));
    assert!(api.items(&format!("{list}?sponsor={}", ss58(8))).await.is_empty());
    api.pages(list).await;
    api.refuses(&format!("{list}?purpose=32"), "purpose").await;
    api.refuses(&format!("{list}?sponsor=alice"), "sponsor").await;
    api.refuses(&format!("{list}?kind=spent"), "kind").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn accruals_say_which_access_was_paid_by_whom(pool: PgPool) {
    let booked = vec![
        funded(2, 2, 100),
        sponsor_set(1, Some(7), None, 0),
        sponsored(1, 7, 7, 7),
        accrued_by(2, Some(7), 1, 1, 1, 7),
        accrued(1, 2, 1, 7),
        accrued(3, 4, 1, 7),
    ];
    let api = Api::play(pool, vec![booked]).await;
    let items = api.items(&format!("/v1/rewards/accruals?owner={}", ss58(1))).await;
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[0],
        json!({
            "access": 1,
            "owner": ss58(1),
            "requester": ss58(2),
            "purpose": { "index": 1, "name": "research" },
            "amount": "7",
            "sponsor": ss58(7),
            "at_ms": time_ms(6),
            "provenance": provenance(5, 4),
        })
    );
    assert_eq!(items[1]["sponsor"], Value::Null);
    let list = "/v1/rewards/accruals";
    assert_eq!(api.items(&format!("{list}?sponsor={}", ss58(7))).await, items[..1]);
    assert_eq!(api.items(&format!("{list}?requester={}", ss58(2))).await.len(), 3);
    assert!(api.items(&format!("{list}?requester={}", ss58(3))).await.is_empty());
    for filter in ["owner", "requester", "sponsor"] {
        api.refuses(&format!("{list}?{filter}=alice"), filter).await;
    }
    api.pages(list).await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn accesses_that_nobody_paid_say_whether_they_were_refused(pool: PgPool) {
    let missed = vec![
        unfunded(1, 1, 1, 7),
        unfunded_by(2, 1, 2, (2, 9), true),
        unfunded_by(4, 3, 5, (2, 9), true),
    ];
    let api = Api::play(pool, vec![missed]).await;
    let list = "/v1/rewards/unfunded";
    let items = api.items(&format!("{list}?owner={}", ss58(1))).await;
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[1],
        json!({
            "access": 2,
            "owner": ss58(1),
            "requester": ss58(2),
            "purpose": { "index": 2, "name": "public_health" },
            "amount": "9",
            "required": true,
            "provenance": provenance(5, 2),
        })
    );
    let accesses = async |query: String| -> Vec<Value> {
        let items = api.items(&format!("{list}?{query}")).await;
        items.iter().map(|item| item["access"].clone()).collect()
    };
    assert_eq!(accesses("required=true".into()).await, [2, 5]);
    assert_eq!(accesses("required=false".into()).await, [1]);
    assert_eq!(accesses(format!("requester={}", ss58(4))).await, [5]);
    api.pages(list).await;
    api.refuses(&format!("{list}?owner=alice"), "owner").await;
    api.refuses(&format!("{list}?requester=alice"), "requester").await;
    api.refuses(&format!("{list}?required=1"), "required").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn withdrawals_are_listed_in_the_order_of_the_chain(pool: PgPool) {
    let blocks = vec![
        (5, vec![(1, funded(2, 2, 40)), (2, accrued(1, 1, 1, 20)), (3, accrued(2, 2, 1, 20))]),
        (8, vec![(9, withdrawn(1, 8, 5)), (10, withdrawn(2, 8, 5))]),
        (9, vec![(0, withdrawn(1, 8, 5))]),
    ];
    let api = Api::play_at(pool, blocks).await;
    let withdrawal = |block, index| {
        json!({
            "owner": ss58(1),
            "paid_to": ss58(8),
            "amount": "5",
            "provenance": provenance(block, index),
        })
    };
    let list = "/v1/rewards/withdrawals";
    let withdrawals = api.items(&format!("{list}?owner={}", ss58(1))).await;
    assert_eq!(withdrawals, [withdrawal(8, 9), withdrawal(9, 0)]);
    assert_eq!(api.items(list).await[1]["owner"], ss58(2));
    api.pages(list).await;
    api.refuses(&format!("{list}?owner=alice"), "owner").await;
}
