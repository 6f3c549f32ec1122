//! Who is admitted, with which roles, and who is suspended or left.

use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::participants::{
    approved, left, profile_updated, registered, reinstated, roles_set, suspended,
};
use assent_indexer_testing::{Mirror, account, event};

const PARTICIPANTS: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), roles, status, \
     substr(encode(profile, 'hex'), 1, 2), \
     coalesce(substr(encode(suspension_reason, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from participants order by account";

#[sqlx::test(migrations = false)]
async fn participants_are_registered_approved_suspended_and_reinstated(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 0 pending f1 - 5-1", "02 0 pending f2 - 5-2"]);

    mirror.write(vec![approved(1, 3), suspended(2)]).await;
    assert_eq!(
        mirror.rows(PARTICIPANTS).await,
        ["01 3 active f1 - 6-1", "02 0 suspended f2 ee 6-2"]
    );

    // Suspended before the first approval: pending again. Roles are replaced, not added.
    mirror.write(vec![roles_set(1, 4), reinstated(2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 4 active f1 - 7-1", "02 0 pending f2 - 7-2"]);

    // New roles do not lift a suspension; reinstated it holds the new ones. The same for a first
    // approval.
    mirror.write(vec![suspended(1), roles_set(1, 0x1ff), suspended(2), approved(2, 2)]).await;
    assert_eq!(
        mirror.rows(PARTICIPANTS).await,
        ["01 511 suspended f1 ee 8-2", "02 2 suspended f2 ee 8-4"]
    );
    mirror.write(vec![reinstated(1), reinstated(2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 511 active f1 - 9-1", "02 2 active f2 - 9-2"]);
}

#[sqlx::test(migrations = false)]
async fn participants_leave_come_back_and_replace_their_profile(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 3), profile_updated(1, 0xaa), left(1)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 0 pending aa - 5-4"]);
    mirror.write(vec![approved(1, 2)]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 2 active aa - 6-1"]);

    // Nobody leaves the black list.
    mirror.write(vec![suspended(1)]).await;
    refuses(&mut mirror, vec![("another state", left(1))]).await;
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 2 suspended aa ee 7-1"]);
}

#[sqlx::test(migrations = false)]
async fn a_handover_moves_the_office_and_may_leave_the_old_administrator_pending(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 0x100), registered(2), approved(2, 2)]).await;
    let proposed = event("participants", "HandoverProposed", (account(1), account(2), 9_u64));
    let accepted = event("participants", "HandoverAccepted", (account(1), account(2)));
    mirror.write(vec![proposed, accepted, roles_set(1, 0), roles_set(2, 0x102)]).await;
    assert_eq!(
        mirror.rows(PARTICIPANTS).await,
        ["01 0 pending f1 - 6-3", "02 258 active f2 - 6-4"]
    );
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_participant_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2), approved(2, 1)]).await;
    refuses(
        &mut mirror,
        vec![
            ("participants_pkey", registered(1)),
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
    assert_eq!(mirror.rows(PARTICIPANTS).await, ["01 0 pending f1 - 5-1", "02 1 active f2 - 5-3"]);
}
