//! The reward fund, and what is owed to whom.

use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::rewards::{
    accrued, consent_set, funded, refunded, tariff_set, unfunded, withdrawn,
};
use assent_indexer_testing::{Mirror, account};

/// Neither what the consent contract permitted nor what was paid in tokens is told here.
const REWARDS_ALONE: &[&str] = &["reward_accesses", "reward_backing"];

const REWARDS: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), owed, accrued, \
     refunded, withdrawn, block_number || '-' || event_index) from rewards order by account";

const TOTALS: &str = "select concat_ws(' ', coalesce(substr(encode(consent, 'hex'), 1, 2), '-'), \
     funded, unspent, owed, accrued, refunded, withdrawn, block_number || '-' || event_index) \
     from reward_totals";

const CONTRIBUTIONS: &str = "select concat_ws(' ', substr(encode(funder, 'hex'), 1, 2), funded, \
     refunded, block_number || '-' || event_index) from reward_contributions order by funder";

#[sqlx::test(migrations = false)]
async fn rewards_are_funded_accrued_missed_and_withdrawn(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    let consent = consent_set(account(0xcc));
    let tariff = |amount: u128| tariff_set(1, amount);
    mirror.write(vec![consent, tariff(5), funded(4, 60), funded(4, 40), tariff(30)]).await;
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 100 0 0 0 0 5-4"]);
    assert_eq!(mirror.rows(CONTRIBUTIONS).await, ["04 100 0 5-4"]);
    const TARIFFS: &str =
        "select concat_ws(' ', purpose, amount, block_number || '-' || event_index) from tariffs";
    assert_eq!(mirror.rows(TARIFFS).await, ["1 30 5-5"]);

    mirror
        .write(vec![
            accrued(1, 1, 1, 30),
            accrued(1, 2, 1, 30),
            accrued(2, 3, 1, 30),
            unfunded(2, 4, 1, 30),
        ])
        .await;
    assert_eq!(mirror.rows(REWARDS).await, ["01 60 60 0 0 6-2", "02 30 30 0 0 6-3"]);
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 90 90 0 0 6-3"]);
    const ACCRUALS: &str = "select concat_ws(' ', access, substr(encode(owner, 'hex'), 1, 2), \
         purpose, amount, funded, block_number || '-' || event_index) \
         from reward_accruals order by access";
    assert_eq!(
        mirror.rows(ACCRUALS).await,
        ["1 01 1 30 t 6-1", "2 01 1 30 t 6-2", "3 02 1 30 t 6-3", "4 02 1 30 f 6-4"]
    );

    // To itself, and to another account.
    mirror.write(vec![withdrawn(1, 1, 60), withdrawn(2, 7, 10)]).await;
    assert_eq!(mirror.rows(REWARDS).await, ["01 0 60 0 60 7-1", "02 20 30 0 10 7-2"]);
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 20 90 0 70 7-2"]);
    const WITHDRAWALS: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
         substr(encode(paid_to, 'hex'), 1, 2), amount, block_number || '-' || event_index) \
         from reward_withdrawals order by block_number, event_index";
    assert_eq!(mirror.rows(WITHDRAWALS).await, ["01 01 60 7-1", "02 07 10 7-2"]);

    refuses(
        &mut mirror,
        vec![
            // More than is owed, owed to nobody, an access that was paid, more than the fund holds.
            ("amount_range", withdrawn(1, 1, 1)),
            ("nothing was ever owed", withdrawn(3, 3, 1)),
            ("reward_accruals_pkey", accrued(1, 1, 1, 5)),
            ("reward_accruals_pkey", unfunded(1, 4, 1, 5)),
            ("amount_range", accrued(1, 5, 1, 11)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(TOTALS).await, ["cc 100 10 20 90 0 70 7-2"]);
}

#[sqlx::test(migrations = false)]
async fn what_is_unspent_is_refunded_to_funders_who_withdraw_it(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    mirror.write(vec![funded(4, 100), funded(5, 50), accrued(1, 1, 1, 120)]).await;
    mirror.write(vec![refunded(5, 10), refunded(4, 15)]).await;
    assert_eq!(mirror.rows(CONTRIBUTIONS).await, ["04 100 15 6-2", "05 50 10 6-1"]);
    assert_eq!(
        mirror.rows(REWARDS).await,
        ["01 120 120 0 0 5-3", "04 15 0 15 0 6-2", "05 10 0 10 0 6-1"]
    );
    assert_eq!(mirror.rows(TOTALS).await, ["- 150 5 145 120 25 0 6-2"]);
    const REFUNDS: &str = "select concat_ws(' ', substr(encode(funder, 'hex'), 1, 2), amount, \
         substr(encode(refunded_by, 'hex'), 1, 2), block_number || '-' || event_index) \
         from reward_refunds order by block_number, event_index";
    assert_eq!(mirror.rows(REFUNDS).await, ["05 10 09 6-1", "04 15 09 6-2"]);

    // A funder may be owed a reward too; he withdraws both at once.
    mirror.write(vec![accrued(4, 2, 1, 5), withdrawn(4, 4, 20)]).await;
    assert_eq!(mirror.rows(REWARDS).await[1], "04 0 5 15 20 7-2");
    assert_eq!(mirror.rows(TOTALS).await, ["- 150 0 130 125 25 20 7-2"]);

    mirror.write(vec![funded(5, 1_000)]).await;
    refuses(
        &mut mirror,
        vec![
            // More than he paid in, more than is left, to somebody who never paid.
            ("reward_contributions_refunded_within_funded", refunded(4, 86)),
            ("amount_range", refunded(5, 1_001)),
            ("never paid in", refunded(6, 1)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(CONTRIBUTIONS).await, ["04 100 15 6-2", "05 1050 10 8-1"]);
}
