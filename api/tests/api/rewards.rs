//! `/v1/rewards`

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::support::{Api, account, hex32, provenance, ss58};

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn rewards_show_owed_accrued_refunded_and_withdrawn(pool: PgPool) {
    let api = Api::mirror(pool).await;
    sqlx::query(
        "insert into rewards
            (account, owed, accrued, refunded, withdrawn, block_number, event_index)
        values ($1, 340282366920938463463374607431768211451,
            340282366920938463463374607431768211455, 3, 7, 8, 2)",
    )
    .bind(account(1))
    .execute(&api.pool)
    .await
    .unwrap();
    assert_eq!(
        api.ok(&format!("/v1/rewards/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "owed": "340282366920938463463374607431768211451",
            "accrued": "340282366920938463463374607431768211455",
            "refunded": "3",
            "withdrawn": "7",
            "provenance": provenance(8, 2),
        })
    );
    api.lacks(&format!("/v1/rewards/{}", ss58(2))).await;
    api.refuses("/v1/rewards/alice", "address").await;
    api.refuses(&format!("/v1/rewards/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_totals_are_of_the_whole_fund(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.lacks("/v1/rewards/totals").await;
    sqlx::query(
        "insert into reward_totals
            (consent, funded, unspent, owed, accrued, refunded, withdrawn, block_number, event_index)
        values ($1, 100, 60, 25, 30, 10, 15, 7, 1)",
    )
    .bind(account(201))
    .execute(&api.pool)
    .await
    .unwrap();
    assert_eq!(
        api.ok("/v1/rewards/totals").await,
        json!({
            "consent": ss58(201),
            "funded": "100",
            "unspent": "60",
            "owed": "25",
            "accrued": "30",
            "refunded": "10",
            "withdrawn": "15",
            "provenance": provenance(7, 1),
        })
    );
    api.refuses("/v1/rewards/totals?limit=1", "limit").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn tariffs_are_listed_by_purpose(pool: PgPool) {
    let api = Api::mirror(pool).await;
    api.sql(
        "insert into tariffs (purpose, amount, block_number, event_index)
        values (0, 500000, 3, 1), (1, 0, 4, 2), (31, 340282366920938463463374607431768211455, 5, 0)",
    )
    .await;
    let items = api.items("/v1/rewards/tariffs").await;
    assert_eq!(
        items[0],
        json!({
            "purpose": { "index": 0, "name": "treatment" },
            "amount": "500000",
            "provenance": provenance(3, 1),
        })
    );
    assert_eq!(items[2]["purpose"]["name"], "purpose_31");
    assert_eq!(items[2]["amount"], "340282366920938463463374607431768211455");
    api.pages("/v1/rewards/tariffs").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn accruals_say_which_access_paid(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for (access, owner, funded) in [(1_i64, 1, true), (2, 1, false), (4, 2, true)] {
        sqlx::query(
            "insert into reward_accruals
                (access, owner, purpose, amount, funded, block_number, event_index)
            values ($1, $2, 1, 7, $3, 5, 2)",
        )
        .bind(access)
        .bind(account(owner))
        .bind(funded)
        .execute(&api.pool)
        .await
        .unwrap();
    }
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
            "provenance": provenance(5, 2),
        })
    );
    api.refuses("/v1/rewards/accruals?owner=alice", "owner").await;
    api.pages("/v1/rewards/accruals").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn contributions_say_what_could_still_be_refunded(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for (funder, refunded) in [(1, 0_i64), (2, 30), (3, 100)] {
        sqlx::query(
            "insert into reward_contributions
                (funder, funded, refunded, block_number, event_index)
            values ($1, 100, $2, 6, 4)",
        )
        .bind(account(funder))
        .bind(refunded)
        .execute(&api.pool)
        .await
        .unwrap();
    }
    let items = api.items(&format!("/v1/rewards/contributions?funder={}", hex32(2))).await;
    assert_eq!(
        items,
        [json!({
            "funder": ss58(2),
            "funded": "100",
            "refunded": "30",
            "remaining": "70",
            "provenance": provenance(6, 4),
        })]
    );
    api.refuses("/v1/rewards/contributions?funder=alice", "funder").await;
    api.pages("/v1/rewards/contributions").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn refunds_and_withdrawals_are_listed_in_the_order_of_the_chain(pool: PgPool) {
    let api = Api::mirror(pool).await;
    for (block, index, account_of) in [(3_i64, 9, 1), (3, 10, 2), (4, 0, 1)] {
        for statement in [
            "insert into reward_refunds (block_number, event_index, funder, amount, refunded_by)
            values ($1, $2, $3, 5, $4)",
            "insert into reward_withdrawals (block_number, event_index, owner, amount, paid_to)
            values ($1, $2, $3, 5, $4)",
        ] {
            sqlx::query(statement)
                .bind(block)
                .bind(index)
                .bind(account(account_of))
                .bind(account(8))
                .execute(&api.pool)
                .await
                .unwrap();
        }
    }
    let refund = |block, index| {
        json!({
            "funder": ss58(1),
            "amount": "5",
            "refunded_by": ss58(8),
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
    assert_eq!(refunds, [refund(3, 9), refund(4, 0)]);
    let withdrawals = api.items(&of("withdrawals", "owner")).await;
    assert_eq!(withdrawals, [withdrawal(3, 9), withdrawal(4, 0)]);
    let everything: Vec<Value> = api.items("/v1/rewards/refunds").await;
    assert_eq!(everything[1]["funder"], ss58(2));
    for list in ["refunds", "withdrawals"] {
        api.pages(&format!("/v1/rewards/{list}")).await;
    }
    api.refuses("/v1/rewards/refunds?funder=alice", "funder").await;
    api.refuses("/v1/rewards/withdrawals?owner=alice", "owner").await;
}
