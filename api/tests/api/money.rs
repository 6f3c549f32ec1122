//! `/v1/rewards` and `/v1/tokens`

use serde_json::json;
use sqlx::PgPool;

use crate::support::{Api, account, provenance, ss58};

#[sqlx::test(migrations = "../indexer/migrations")]
async fn rewards_show_owed_accrued_and_withdrawn(pool: PgPool) {
    let api = Api::mirror(pool).await;
    sqlx::query(
        "insert into rewards (account, owed, accrued, withdrawn, block_number, event_index)
        values ($1, 340282366920938463463374607431768211448,
            340282366920938463463374607431768211455, 7, 8, 2)",
    )
    .bind(account(1))
    .execute(&api.pool)
    .await
    .unwrap();
    assert_eq!(
        api.ok(&format!("/v1/rewards/{}", ss58(1))).await,
        json!({
            "account": ss58(1),
            "owed": "340282366920938463463374607431768211448",
            "accrued": "340282366920938463463374607431768211455",
            "withdrawn": "7",
            "provenance": provenance(8, 2),
        })
    );
    api.lacks(&format!("/v1/rewards/{}", ss58(2))).await;
    api.refuses("/v1/rewards/alice", "address").await;
    api.refuses(&format!("/v1/rewards/{}?limit=1", ss58(1)), "limit").await;
}

#[sqlx::test(migrations = "../indexer/migrations")]
async fn a_token_balance_is_a_string_of_base_units(pool: PgPool) {
    let api = Api::mirror(pool).await;
    sqlx::query(
        "insert into token_balances (account, balance, block_number, event_index)
        values ($1, 0, 8, 1), ($2, 340282366920938463463374607431768211455, 9, 0)",
    )
    .bind(account(1))
    .bind(account(2))
    .execute(&api.pool)
    .await
    .unwrap();
    assert_eq!(
        api.ok(&format!("/v1/tokens/{}", ss58(1))).await,
        json!({ "account": ss58(1), "balance": "0", "provenance": provenance(8, 1) })
    );
    let rich = api.ok(&format!("/v1/tokens/{}", ss58(2))).await;
    assert_eq!(rich["balance"], "340282366920938463463374607431768211455");
    api.lacks(&format!("/v1/tokens/{}", ss58(3))).await;
    api.refuses("/v1/tokens/0xzz", "address").await;
    api.refuses(&format!("/v1/tokens/{}?limit=1", ss58(1)), "limit").await;
}
