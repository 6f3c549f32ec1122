//! Tariffs, budgets and pots, and what is owed to whom.

use assent_indexer_testing::rewards::{
    accrued, accrued_by, budget_withdrawn, consent_set, funded, pot_withdrawn, sponsor_set,
    sponsored, tariff_set, tariff_set_from, unfunded, unfunded_by, withdrawn,
};
use assent_indexer_testing::{Mirror, account};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

/// Neither what the consent contract decided nor what was paid in tokens is told here.
const REWARDS_ALONE: &[&str] = &["reward_accesses", "reward_backing"];

const REWARDS: &str = "rewards order by account";

const TOTALS: &str = "reward_totals";

const TARIFFS: &str = "tariffs order by purpose";

const BUDGETS: &str = "reward_budgets order by requester";

const POTS: &str = "reward_pots order by purpose";

const ACCRUALS: &str = "reward_accruals order by access";

#[sqlx::test(migrations = false)]
async fn rewards_are_funded_accrued_missed_and_withdrawn(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    let consent = consent_set(account(0xcc));
    mirror.write(vec![consent, tariff_set(1, 30), funded(2, 2, 60), funded(2, 4, 40)]).await;
    mirror.write(vec![accrued(1, 1, 1, 30), accrued(3, 2, 1, 30), unfunded(3, 3, 1, 30)]).await;
    expect![[r#"
        requester=02 balance=40 funded=100 spent=60 withdrawn=0 at=6-2
    "#]]
    .assert_eq(&mirror.table(BUDGETS).await);
    expect![[r#"
        account=01 owed=30 accrued=30 returned=0 paid=0 at=6-1
        account=03 owed=30 accrued=30 returned=0 paid=0 at=6-2
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        access=1 owner=01 requester=02 purpose=1 amount=30 sponsor=- sponsorship=- at_ms=6000 at=6-1
        access=2 owner=03 requester=02 purpose=1 amount=30 sponsor=- sponsorship=- at_ms=6000 at=6-2
    "#]]
    .assert_eq(&mirror.table(ACCRUALS).await);
    expect![[r#"
        access=3 owner=03 requester=02 purpose=1 amount=30 required=false at=6-3
    "#]]
    .assert_eq(&mirror.table("reward_unfunded order by access").await);

    // To itself, and to another account.
    let paid = vec![withdrawn(1, 1, 30), withdrawn(3, 7, 10)];
    mirror.write([paid, vec![budget_withdrawn(2, 5)]].concat()).await;
    expect![[r#"
        account=01 owed=0 accrued=30 returned=0 paid=30 at=7-1
        account=03 owed=20 accrued=30 returned=0 paid=10 at=7-2
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
    expect![[r#"
        owner=01 paid_to=01 amount=30 at=7-1
        owner=03 paid_to=07 amount=10 at=7-2
    "#]]
    .assert_eq(&mirror.table("reward_withdrawals order by block_number, event_index").await);
    expect![[r#"
        requester=02 kind=funded account=02 amount=60 at=5-3
        requester=02 kind=funded account=04 amount=40 at=5-4
        requester=02 kind=withdrawn account=02 amount=5 at=7-3
    "#]]
    .assert_eq(&mirror.table("reward_budget_movements order by block_number, event_index").await);
    const LAST: &str =
        "consent=cc budgets=35 pots=0 owed=20 accrued=60 returned=0 paid=40 at=7-3\n";
    assert_eq!(mirror.table(TOTALS).await, LAST);

    refuses(
        &mut mirror,
        vec![
            // More than is owed, owed to nobody, an access that was paid, more than the budget holds.
            ("falls below zero", withdrawn(1, 1, 1)),
            ("nothing was ever owed", withdrawn(4, 4, 1)),
            ("reward_accruals_pkey", accrued(1, 1, 1, 5)),
            ("reward_unfunded_pkey", unfunded(1, 3, 1, 5)),
            ("falls below zero", accrued(1, 5, 1, 36)),
            ("falls below zero", budget_withdrawn(2, 36)),
            ("nobody ever paid into", accrued_by(9, None, 1, 5, 1, 1)),
            // Care never waits for money.
            ("reward_unfunded_care_is_not_refused", unfunded_by(2, 1, 5, (0, 1), true)),
            ("reward_accruals_something", accrued(1, 5, 1, 0)),
        ],
    )
    .await;
    assert_eq!(mirror.table(TOTALS).await, LAST);
}

#[sqlx::test(migrations = false)]
async fn a_pot_pays_until_its_sponsor_is_replaced(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    mirror.write(vec![tariff_set(1, 30), sponsor_set(1, Some(7), None, 0)]).await;
    mirror.write(vec![sponsored(1, 7, 100, 60), accrued_by(2, Some(7), 1, 1, 1, 30)]).await;
    mirror.write(vec![pot_withdrawn(1, 7, 10), sponsored(1, 7, 0, 50)]).await;
    expect![[r#"
        purpose=1 sponsorship=1 sponsor=07 balance=60 cap=50 sponsored=100 spent=30 withdrawn=10 at=7-2
    "#]].assert_eq(&mirror.table(POTS).await);
    expect![[r#"
        consent=- budgets=0 pots=60 owed=30 accrued=30 returned=0 paid=0 at=7-2
    "#]]
    .assert_eq(&mirror.table(TOTALS).await);
    let before = mirror.table(POTS).await;
    refuses(
        &mut mirror,
        vec![
            ("is not the sponsor", accrued_by(2, Some(8), 1, 5, 1, 30)),
            ("is not the sponsor", sponsored(2, 7, 1, 1)),
            ("falls below zero", pot_withdrawn(1, 7, 61)),
            ("has another sponsor", sponsor_set(1, Some(8), None, 60)),
            ("other units are in its pot", sponsor_set(1, Some(8), Some(7), 59)),
            ("reward_pots_purpose_index", sponsor_set(32, Some(8), None, 0)),
        ],
    )
    .await;
    assert_eq!(mirror.table(POTS).await, before);

    mirror.write(vec![sponsor_set(1, Some(8), Some(7), 60), sponsored(1, 8, 30, 30)]).await;
    mirror.write(vec![accrued_by(2, Some(8), 3, 2, 1, 30), sponsor_set(1, None, Some(8), 0)]).await;
    mirror.write(vec![withdrawn(7, 7, 60)]).await;
    expect![[r#"
        purpose=1 sponsorship=3 sponsor=- balance=0 cap=0 sponsored=0 spent=0 withdrawn=0 at=9-2
    "#]]
    .assert_eq(&mirror.table(POTS).await);
    expect![[r#"
        purpose=1 sponsorship=1 kind=sponsored sponsor=07 amount=100 cap=60 at=6-1
        purpose=1 sponsorship=1 kind=withdrawn sponsor=07 amount=10 cap=- at=7-1
        purpose=1 sponsorship=1 kind=sponsored sponsor=07 amount=0 cap=50 at=7-2
        purpose=1 sponsorship=1 kind=returned sponsor=07 amount=60 cap=- at=8-1
        purpose=1 sponsorship=2 kind=sponsored sponsor=08 amount=30 cap=30 at=8-2
        purpose=1 sponsorship=2 kind=returned sponsor=08 amount=0 cap=- at=9-2
    "#]]
    .assert_eq(&mirror.table("reward_pot_movements order by block_number, event_index").await);
    expect![[r#"
        access=1 owner=01 requester=02 purpose=1 amount=30 sponsor=07 sponsorship=1 at_ms=6000 at=6-2
        access=2 owner=03 requester=02 purpose=1 amount=30 sponsor=08 sponsorship=2 at_ms=6000 at=9-1
    "#]]
    .assert_eq(&mirror.table(ACCRUALS).await);
    expect![[r#"
        account=01 owed=30 accrued=30 returned=0 paid=0 at=6-2
        account=03 owed=30 accrued=30 returned=0 paid=0 at=9-1
        account=07 owed=0 accrued=0 returned=60 paid=60 at=10-1
        account=08 owed=0 accrued=0 returned=0 paid=0 at=9-2
    "#]]
    .assert_eq(&mirror.table(REWARDS).await);
}

#[sqlx::test(migrations = false)]
async fn a_tariff_waits_until_its_moment(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await.leaving_out(REWARDS_ALONE);
    // Block n has the time n × 1,000.
    mirror.write(vec![funded(2, 2, 100), tariff_set_from(1, 5, false, 7_000)]).await;
    mirror.write(vec![tariff_set_from(2, 6, true, 8_000)]).await;
    mirror.write(vec![accrued(1, 1, 1, 5), tariff_set_from(1, 8, true, 9_000)]).await;
    expect![[r#"
        purpose=1 amount=5 required=false next_amount=8 next_required=true next_from_ms=9000 at=7-2
        purpose=2 amount=0 required=false next_amount=6 next_required=true next_from_ms=8000 at=6-1
    "#]]
    .assert_eq(&mirror.table(TARIFFS).await);
    mirror.write(vec![accrued(1, 2, 1, 5), tariff_set_from(1, 9, true, 10_000)]).await;
    // Block 9: the one that was replaced while it waited never holds.
    mirror.write(vec![accrued(1, 3, 1, 5)]).await;
    mirror.write(vec![accrued(1, 4, 1, 9), unfunded_by(2, 1, 5, (2, 6), true)]).await;
    expect![[r#"
        purpose=1 amount=5 required=false next_amount=9 next_required=true next_from_ms=10000 at=8-2
        purpose=2 amount=0 required=false next_amount=6 next_required=true next_from_ms=8000 at=6-1
    "#]]
    .assert_eq(&mirror.table(TARIFFS).await);
    refuses(
        &mut mirror,
        vec![
            ("tariffs_care_never_waits_for_money", tariff_set_from(0, 1, true, 1)),
            ("tariffs_care_never_waits_for_money", tariff_set_from(0, 1, true, u64::MAX)),
            ("tariffs_purpose_index", tariff_set(32, 1)),
        ],
    )
    .await;
}
