//! The reward fund, and what is owed to whom.

use assent_indexer_testing::rewards::{
    accrued, consent_set, funded, refunded, tariff_set, unfunded, withdrawn,
};
use assent_indexer_testing::{Mirror, account};
use expect_test::expect;
use sqlx::PgPool;

use crate::refuses;

/// Neither what the consent contract permitted nor what was paid in tokens is told here.
const REWARDS_ALONE: &[&str] = &["reward_accesses", "reward_backing"];

const REWARDS: &str = "rewards order by account";

const TOTALS: &str = "reward_totals";

const CONTRIBUTIONS: &str = "reward_contributions order by funder";

#[sqlx::test(migrations = false)]
async fn rewards_are_funded_accrued_missed_and_withdrawn(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    let consent = consent_set(account(0xcc));
    let tariff = |amount: u128| tariff_set(1, amount);
    mirror.write(vec![consent, tariff(5), funded(4, 60), funded(4, 40), tariff(30)]).await;
    expect![[r#"
        consent=cc funded=100 unspent=100 owed=0 accrued=0 refunded=0 withdrawn=0 at=5-4
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    expect![[r#"
        funder=04 funded=100 refunded=0 at=5-4
    "#]]
    .assert_eq(&mirror.table(CONTRIBUTIONS).await);
    const TARIFFS: &str = "tariffs order by purpose";
    expect![[r#"
        purpose=1 amount=30 at=5-5
    "#]]
    .assert_eq(&mirror.table(TARIFFS).await);

    mirror
        .write(vec![
            accrued(1, 1, 1, 30),
            accrued(1, 2, 1, 30),
            accrued(2, 3, 1, 30),
            unfunded(2, 4, 1, 30),
        ])
        .await;
    expect![[r#"
        account=01 owed=60 accrued=60 refunded=0 withdrawn=0 at=6-2
        account=02 owed=30 accrued=30 refunded=0 withdrawn=0 at=6-3
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        consent=cc funded=100 unspent=10 owed=90 accrued=90 refunded=0 withdrawn=0 at=6-3
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    const ACCRUALS: &str = "reward_accruals order by access";
    expect![[r#"
        access=1 owner=01 purpose=1 amount=30 funded=true at=6-1
        access=2 owner=01 purpose=1 amount=30 funded=true at=6-2
        access=3 owner=02 purpose=1 amount=30 funded=true at=6-3
        access=4 owner=02 purpose=1 amount=30 funded=false at=6-4
    "#]]
    .assert_eq(&mirror.table(ACCRUALS).await);

    // To itself, and to another account.
    mirror.write(vec![withdrawn(1, 1, 60), withdrawn(2, 7, 10)]).await;
    expect![[r#"
        account=01 owed=0 accrued=60 refunded=0 withdrawn=60 at=7-1
        account=02 owed=20 accrued=30 refunded=0 withdrawn=10 at=7-2
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        consent=cc funded=100 unspent=10 owed=20 accrued=90 refunded=0 withdrawn=70 at=7-2
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    const WITHDRAWALS: &str = "reward_withdrawals order by block_number, event_index";
    expect![[r#"
        owner=01 paid_to=01 amount=60 at=7-1
        owner=02 paid_to=07 amount=10 at=7-2
    "#]]
    .assert_eq(&mirror.table(WITHDRAWALS).await);

    refuses(
        &mut mirror,
        vec![
            // More than is owed, owed to nobody, an access that was paid, more than the fund holds.
            ("falls below zero", withdrawn(1, 1, 1)),
            ("nothing was ever owed", withdrawn(3, 3, 1)),
            ("reward_accruals_pkey", accrued(1, 1, 1, 5)),
            ("reward_accruals_pkey", unfunded(1, 4, 1, 5)),
            ("falls below zero", accrued(1, 5, 1, 11)),
        ],
    )
    .await;
    expect![[r#"
        consent=cc funded=100 unspent=10 owed=20 accrued=90 refunded=0 withdrawn=70 at=7-2
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
}

#[sqlx::test(migrations = false)]
async fn what_is_unspent_is_refunded_to_funders_who_withdraw_it(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    mirror.write(vec![funded(4, 100), funded(5, 50), accrued(1, 1, 1, 120)]).await;
    mirror.write(vec![refunded(5, 10), refunded(4, 15)]).await;
    expect![[r#"
        funder=04 funded=100 refunded=15 at=6-2
        funder=05 funded=50 refunded=10 at=6-1
    "#]]
    .assert_eq(&mirror.table(CONTRIBUTIONS).await);
    expect![[r#"
        account=01 owed=120 accrued=120 refunded=0 withdrawn=0 at=5-3
        account=04 owed=15 accrued=0 refunded=15 withdrawn=0 at=6-2
        account=05 owed=10 accrued=0 refunded=10 withdrawn=0 at=6-1
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        consent=- funded=150 unspent=5 owed=145 accrued=120 refunded=25 withdrawn=0 at=6-2
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    const REFUNDS: &str = "reward_refunds order by block_number, event_index";
    expect![[r#"
        funder=05 amount=10 refunded_by=09 at=6-1
        funder=04 amount=15 refunded_by=09 at=6-2
    "#]]
    .assert_eq(&mirror.table(REFUNDS).await);

    // A funder may be owed a reward too; he withdraws both at once.
    mirror.write(vec![accrued(4, 2, 1, 5), withdrawn(4, 4, 20)]).await;
    expect![[r#"
        account=01 owed=120 accrued=120 refunded=0 withdrawn=0 at=5-3
        account=04 owed=0 accrued=5 refunded=15 withdrawn=20 at=7-2
        account=05 owed=10 accrued=0 refunded=10 withdrawn=0 at=6-1
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        consent=- funded=150 unspent=0 owed=130 accrued=125 refunded=25 withdrawn=20 at=7-2
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);

    mirror.write(vec![funded(5, 1_000)]).await;
    refuses(
        &mut mirror,
        vec![
            // More than he paid in, more than is left, to somebody who never paid.
            ("refunded more than it paid in", refunded(4, 86)),
            ("falls below zero", refunded(5, 1_001)),
            ("never paid in", refunded(6, 1)),
        ],
    )
    .await;
    expect![[r#"
        funder=04 funded=100 refunded=15 at=6-2
        funder=05 funded=1050 refunded=10 at=8-1
    "#]]
    .assert_eq(&mirror.table(CONTRIBUTIONS).await);
}
