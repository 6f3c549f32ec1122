//! Who is admitted, with which roles, and who is suspended or left.

use assent_indexer_testing::participants::{
    approved, left, profile_updated, registered, reinstated, roles_set, suspended,
};
use assent_indexer_testing::{Mirror, account, event};
use expect_test::expect;
use sqlx::PgPool;

use crate::refuses;

const PARTICIPANTS: &str = "participants order by account";

#[sqlx::test(migrations = false)]
async fn participants_are_registered_approved_suspended_and_reinstated(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2)]).await;
    expect![[r#"
        account=01 profile=f1 roles=0 status=pending suspension_reason=- at=5-1
        account=02 profile=f2 roles=0 status=pending suspension_reason=- at=5-2
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);

    mirror.write(vec![approved(1, 3), suspended(2)]).await;
    expect![[r#"
        account=01 profile=f1 roles=3 status=active suspension_reason=- at=6-1
        account=02 profile=f2 roles=0 status=suspended suspension_reason=ee at=6-2
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);

    // Suspended before the first approval: pending again. Roles are replaced, not added.
    mirror.write(vec![roles_set(1, 4), reinstated(2)]).await;
    expect![[r#"
        account=01 profile=f1 roles=4 status=active suspension_reason=- at=7-1
        account=02 profile=f2 roles=0 status=pending suspension_reason=- at=7-2
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);

    // New roles do not lift a suspension; reinstated it holds the new ones. The same for a first
    // approval.
    mirror.write(vec![suspended(1), roles_set(1, 0x1ff), suspended(2), approved(2, 2)]).await;
    expect![[r#"
        account=01 profile=f1 roles=511 status=suspended suspension_reason=ee at=8-2
        account=02 profile=f2 roles=2 status=suspended suspension_reason=ee at=8-4
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![reinstated(1), reinstated(2)]).await;
    expect![[r#"
        account=01 profile=f1 roles=511 status=active suspension_reason=- at=9-1
        account=02 profile=f2 roles=2 status=active suspension_reason=- at=9-2
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn participants_leave_come_back_and_replace_their_profile(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 3), profile_updated(1, 0xaa), left(1)]).await;
    expect![[r#"
        account=01 profile=aa roles=0 status=pending suspension_reason=- at=5-4
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![approved(1, 2)]).await;
    expect![[r#"
        account=01 profile=aa roles=2 status=active suspension_reason=- at=6-1
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);

    // Nobody leaves the black list.
    mirror.write(vec![suspended(1)]).await;
    refuses(&mut mirror, vec![("another state", left(1))]).await;
    expect![[r#"
        account=01 profile=aa roles=2 status=suspended suspension_reason=ee at=7-1
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn a_handover_moves_the_office_and_may_leave_the_old_administrator_pending(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 0x100), registered(2), approved(2, 2)]).await;
    let proposed = event("participants", "HandoverProposed", (account(1), account(2), 9_u64));
    let accepted = event("participants", "HandoverAccepted", (account(1), account(2)));
    mirror.write(vec![proposed, accepted, roles_set(1, 0), roles_set(2, 0x102)]).await;
    expect![[r#"
        account=01 profile=f1 roles=0 status=pending suspension_reason=- at=6-3
        account=02 profile=f2 roles=258 status=active suspension_reason=- at=6-4
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_participant_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2), approved(2, 1)]).await;
    refuses(
        &mut mirror,
        vec![
            ("not there or in another state", registered(1)),
            // Approved before; roles of somebody who has none, or is not there.
            ("another state", approved(2, 2)),
            ("another state", roles_set(1, 2)),
            ("another state", roles_set(3, 2)),
            ("another state", left(1)),
            ("another state", reinstated(2)),
            ("another state", profile_updated(3, 1)),
            ("participants_active_has_roles", approved(1, 0)),
        ],
    )
    .await;
    expect![[r#"
        account=01 profile=f1 roles=0 status=pending suspension_reason=- at=5-1
        account=02 profile=f2 roles=1 status=active suspension_reason=- at=5-3
    "#]]
    .assert_eq(&mirror.table(PARTICIPANTS).await);
}
