//! What patients choose for themselves: no emergencies, and restrictions.

use assent_indexer_testing::choices::{
    emergencies_allowed, emergencies_refused, excepted, restricted, restriction_lifted,
};
use assent_indexer_testing::participants::{approved, guardian_appointed, registered};
use assent_indexer_testing::{Mirror, guardians};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const REFUSALS: &str = "emergency_refusals order by owner";

const RESTRICTIONS: &str = "restrictions order by owner";

const EXCEPTIONS: &str = "restriction_exceptions order by owner, account";

#[sqlx::test(migrations = false)]
async fn emergencies_are_refused_and_allowed_again(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![emergencies_refused(1, 5), emergencies_refused(3, 5)]).await;
    mirror.write(vec![emergencies_allowed(1, 6)]).await;
    expect![[r#"
        owner=01 refused_at_ms=5 allowed_at_ms=6 allowed_by=01 at=6-1
        owner=03 refused_at_ms=5 allowed_at_ms=- allowed_by=- at=5-2
    "#]]
    .assert_eq(&mirror.table(REFUSALS).await);
    refuses(
        &mut mirror,
        vec![
            ("does not refuse emergencies", emergencies_allowed(1, 7)),
            ("does not refuse emergencies", emergencies_allowed(4, 7)),
            ("refuses emergencies already", emergencies_refused(3, 7)),
            ("emergency_refusals_allowed_afterwards", emergencies_allowed(3, 4)),
        ],
    )
    .await;
    mirror.write(vec![emergencies_refused(1, 7)]).await;
    expect![[r#"
        owner=01 refused_at_ms=7 allowed_at_ms=- allowed_by=- at=7-1
        owner=03 refused_at_ms=5 allowed_at_ms=- allowed_by=- at=5-2
    "#]]
    .assert_eq(&mirror.table(REFUSALS).await);
}

#[sqlx::test(migrations = false)]
async fn one_restriction_follows_another(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            restricted(1, (3, 8), 5),
            excepted(1, 3),
            excepted(1, 2),
            restricted(3, (u32::MAX, u32::MAX), 5),
        ])
        .await;
    refuses(
        &mut mirror,
        vec![
            ("has a restriction already", restricted(1, (4, 4), 6)),
            ("twice", excepted(1, 3)),
            ("has no restriction", excepted(4, 1)),
            ("has no restriction", restriction_lifted(4, 6)),
            ("restricts nothing", restricted(4, (0, 1), 6)),
            ("restricts nothing", restricted(4, (1, 0), 6)),
            ("restrictions_lifted_afterwards", restriction_lifted(1, 4)),
        ],
    )
    .await;
    mirror.write(vec![restriction_lifted(1, 6), restricted(1, (1, 1), 7), excepted(1, 2)]).await;
    mirror.write(vec![restriction_lifted(3, 8)]).await;
    expect![[r#"
        owner=01 number=2 purposes=1 categories=1 restricted_at_ms=7 restricted_by=01 lifted_at_ms=- lifted_by=- at=6-2
        owner=03 number=1 purposes=4294967295 categories=4294967295 restricted_at_ms=5 restricted_by=03 lifted_at_ms=8 lifted_by=03 at=7-1
    "#]]
    .assert_eq(&mirror.table(RESTRICTIONS).await);
    expect![[r#"
        owner=01 account=02 restriction=2 at=6-3
        owner=01 account=03 restriction=1 at=5-2
    "#]]
    .assert_eq(&mirror.table(EXCEPTIONS).await);
    let history = "select concat(number, ' until ', until_block) from restrictions_history \
        order by owner, block_number";
    assert_eq!(mirror.rows(history).await, ["1 until 6", "1 until 7"]);
}

#[sqlx::test(migrations = false)]
async fn a_guardian_restricts_and_takes_back(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let acted = |at| guardians::acted((1, 7), at);
    mirror
        .write(vec![
            registered(1),
            approved(1, 1),
            guardian_appointed(1, 7, 20_000, 0x57),
            emergencies_refused(1, 5),
        ])
        .await;
    mirror
        .write(vec![
            guardians::restricted((1, 7), (3, 8), 6),
            excepted(1, 2),
            emergencies_allowed(1, 6),
            acted(6),
        ])
        .await;
    expect![[r#"
        owner=01 refused_at_ms=5 allowed_at_ms=6 allowed_by=07 at=6-3
    "#]]
    .assert_eq(&mirror.table(REFUSALS).await);
    expect![[r#"
        owner=01 number=1 purposes=3 categories=8 restricted_at_ms=6 restricted_by=07 lifted_at_ms=- lifted_by=- at=6-1
    "#]]
    .assert_eq(&mirror.table(RESTRICTIONS).await);
    mirror.write(vec![restriction_lifted(1, 7), acted(7), restricted(1, (1, 1), 8)]).await;
    expect![[r#"
        owner=01 number=2 purposes=1 categories=1 restricted_at_ms=8 restricted_by=01 lifted_at_ms=- lifted_by=- at=7-3
    "#]]
    .assert_eq(&mirror.table(RESTRICTIONS).await);
    // The owner's own is his to lift.
    let reason = mirror.refusal(vec![restriction_lifted(1, 9), acted(9)]).await;
    assert!(reason.contains("restrictions_own_lifted_by_the_owner"), "{reason}");
}
