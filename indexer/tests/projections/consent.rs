//! Grants, denials, delegates and the log.

use assent_client::EmittedEvent;
use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::consent::{
    Access, Grant, all_revoked, amended, delegate_removed, delegate_set, delegate_set_until,
    denied, granted, link_erased, revoked,
};
use assent_indexer_testing::{Mirror, consent};

const GRANTS: &str = "select concat_ws(' ', id, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(grantee, 'hex'), 1, 2), purposes, categories, valid_from_ms, valid_until_ms, \
     coalesce(max_uses::text, '-'), uses, \
     coalesce(substr(encode(record, 'hex'), 1, 2), '-'), substr(encode(policy, 'hex'), 1, 2), \
     'v' || version, 'e' || epoch, substr(encode(granted_by, 'hex'), 1, 2), \
     coalesce(amended_at_ms || ':' || substr(encode(amended_by, 'hex'), 1, 2), '-'), \
     coalesce(revoked_at_ms || ':' || substr(encode(revoked_by, 'hex'), 1, 2), '-'), \
     revoked_with_all, block_number || '-' || event_index) from grants order by id";

const ACCESS_LOG: &str = "select concat_ws(' ', access, substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(requester, 'hex'), 1, 2), sequence, purpose, category, \
     coalesce(grant_id::text, '-'), coalesce(window_id::text, '-'), permitted, \
     coalesce(deny_reason, '-'), at_ms, substr(encode(content, 'hex'), 1, 2), \
     block_number || '-' || event_index) from access_log order by access";

const DENIALS: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(requester, 'hex'), 1, 2), purposes, categories, denied_at_ms, \
     coalesce(lifted_at_ms::text, '-'), block_number || '-' || event_index) \
     from denials order by owner, requester";

const DELEGATIONS: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), \
     substr(encode(delegate, 'hex'), 1, 2), purposes, categories, valid_until_ms, 'e' || epoch, \
     coalesce(ended, '-'), block_number || '-' || event_index) \
     from delegations order by owner, delegate";

const EPOCHS: &str = "select concat_ws(' ', substr(encode(owner, 'hex'), 1, 2), epoch, \
     began_at_ms, block_number || '-' || event_index) from owner_epochs order by owner";

fn denied_by_1(requester: u8, purposes: u32, at: u64) -> EmittedEvent {
    denied(1, requester, (purposes, 4), at)
}

fn denial_lifted(requester: u8, at: u64) -> EmittedEvent {
    consent::denial_lifted(1, requester, at)
}

#[sqlx::test(migrations = false)]
async fn grants_are_given_used_amended_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let unlimited = Grant {
        purposes: u32::MAX,
        categories: 3,
        from: 0,
        until: u64::MAX,
        record: 0,
        ..Grant::of(1, 1, 2)
    };
    mirror.write(vec![unlimited.event(), granted(2, 1, 2, Some(2), 0, 1)]).await;
    assert_eq!(
        mirror.rows(GRANTS).await,
        [
            // The zero hash links no record.
            "1 01 02 4294967295 3 0 18446744073709551615 - 0 - bb v1 e0 01 - - f 5-1",
            "2 01 02 1 8 10 20 2 0 dd bb v1 e0 01 - - f 5-2"
        ]
    );

    let first = Access::of(1, 1).by_grant(2);
    let second = first.next(2);
    // Another owner has a log of its own. A refusal names the grant that did not do.
    let other = Access { grant: Some(77), deny: Some(9), ..Access::of(3, 3) };
    mirror.write(vec![first.event(), second.event(), other.event()]).await;
    assert_eq!(
        mirror.rows(ACCESS_LOG).await,
        [
            "1 01 02 1 0 3 2 - t - 6000 a1 6-1",
            "2 01 02 2 0 3 - - f NoGrant 6000 a2 6-2",
            "3 03 02 1 0 3 77 - f UsesExhausted 6000 a3 6-3"
        ]
    );
    // Only the permit counts a use.
    assert_eq!(mirror.rows(GRANTS).await[1], "2 01 02 1 8 10 20 2 1 dd bb v1 e0 01 - - f 6-1");

    // The uses go on through all versions.
    mirror.write(vec![amended(2, 2, Some(5), 1), amended(2, 3, None, 1)]).await;
    assert_eq!(
        mirror.rows(GRANTS).await[1],
        "2 01 02 3 3 11 30 - 1 dd b2 v3 e0 01 6000:01 - f 7-2"
    );

    mirror.write(vec![link_erased(2, 1), revoked(2, 1, 1)]).await;
    assert_eq!(
        mirror.rows(GRANTS).await[1],
        "2 01 02 3 3 11 30 - 1 - b2 v3 e0 01 6000:01 7000:01 f 8-2"
    );
}

#[sqlx::test(migrations = false)]
async fn revoking_all_ends_grants_and_delegations_of_earlier_epochs(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            delegate_set(1, 4, 0),
            granted(1, 1, 2, None, 0, 4),
            granted(2, 1, 2, None, 0, 1),
            // Of another owner.
            delegate_set(3, 4, 0),
            granted(3, 3, 2, None, 0, 3),
        ])
        .await;
    // The delegate revokes one of them alone.
    mirror.write(vec![revoked(2, 1, 4), all_revoked(1, 1)]).await;
    assert_eq!(mirror.rows(EPOCHS).await, ["01 1 8000 6-2"]);
    assert_eq!(
        mirror.rows(GRANTS).await,
        [
            "1 01 02 1 8 10 20 - 0 dd bb v1 e0 04 - 8000:01 t 6-2",
            "2 01 02 1 8 10 20 - 0 dd bb v1 e0 01 - 7000:04 f 6-1",
            "3 03 02 1 8 10 20 - 0 dd bb v1 e0 03 - - f 5-5"
        ]
    );
    let max = u64::MAX;
    assert_eq!(
        mirror.rows(DELEGATIONS).await,
        [format!("01 04 1 2 {max} e0 voided 6-2"), format!("03 04 1 2 {max} e0 - 5-4")]
    );

    // What is given in the new epoch counts until the next one.
    mirror.write(vec![delegate_set(1, 4, 1), granted(4, 1, 2, None, 1, 4)]).await;
    assert_eq!(mirror.rows(DELEGATIONS).await[0], format!("01 04 1 2 {max} e1 - 7-1"));
    mirror.write(vec![all_revoked(1, 2)]).await;
    assert_eq!(
        mirror.rows(GRANTS).await[3],
        "4 01 02 1 8 10 20 - 0 dd bb v1 e1 04 - 8000:01 t 8-1"
    );
    assert_eq!(mirror.rows(EPOCHS).await, ["01 2 8000 8-1"]);
    assert_eq!(
        mirror.rows(GRANTS).await[1],
        "2 01 02 1 8 10 20 - 0 dd bb v1 e0 01 - 7000:04 f 6-1"
    );
}

#[sqlx::test(migrations = false)]
async fn delegations_are_given_replaced_and_taken_back(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let max = u64::MAX;
    let again = delegate_set_until(1, 4, (u32::MAX, 1), 50, 0);
    mirror.write(vec![delegate_set(1, 4, 0), delegate_set(1, 5, 0), again]).await;
    assert_eq!(
        mirror.rows(DELEGATIONS).await,
        ["01 04 4294967295 1 50 e0 - 5-3".to_owned(), format!("01 05 1 2 {max} e0 - 5-2")]
    );
    mirror.write(vec![delegate_removed(1, 4)]).await;
    assert_eq!(mirror.rows(DELEGATIONS).await[0], "01 04 4294967295 1 50 e0 removed 6-1");
    // Also one that ended with its epoch: the contract still holds it.
    mirror.write(vec![all_revoked(1, 1), delegate_removed(1, 5), delegate_set(1, 4, 1)]).await;
    assert_eq!(
        mirror.rows(DELEGATIONS).await,
        [format!("01 04 1 2 {max} e1 - 7-3"), format!("01 05 1 2 {max} e0 removed 7-2")]
    );
}

#[sqlx::test(migrations = false)]
async fn denials_are_given_replaced_and_lifted(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![denied_by_1(2, 1, 5), denied_by_1(3, 1, 5), denied_by_1(2, u32::MAX, 6)])
        .await;
    assert_eq!(mirror.rows(DENIALS).await, ["01 02 4294967295 4 6 - 5-3", "01 03 1 4 5 - 5-2"]);
    mirror.write(vec![denial_lifted(2, 7)]).await;
    assert_eq!(mirror.rows(DENIALS).await[0], "01 02 4294967295 4 6 7 6-1");
    mirror.write(vec![denied_by_1(2, 2, 9)]).await;
    assert_eq!(mirror.rows(DENIALS).await[0], "01 02 2 4 9 - 7-1");
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_grant_a_delegation_or_a_denial_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            granted(1, 1, 2, None, 0, 1),
            granted(2, 1, 2, Some(5), 0, 1),
            revoked(2, 1, 1),
            link_erased(2, 1),
            delegate_set(1, 4, 0),
            delegate_removed(1, 4),
            denied_by_1(2, 1, 5),
            denial_lifted(2, 6),
            Access::of(1, 1).by_grant(1).event(),
            all_revoked(3, 1),
        ])
        .await;
    let before = (mirror.rows(GRANTS).await, mirror.rows(DELEGATIONS).await);
    refuses(
        &mut mirror,
        vec![
            ("grants_pkey", granted(1, 1, 2, None, 0, 1)),
            ("epoch 1 of owner", granted(3, 1, 2, None, 1, 1)),
            ("epoch 0 of owner", granted(3, 3, 2, None, 0, 3)),
            ("neither owner", granted(3, 1, 2, None, 0, 5)),
            // A delegation that was taken back.
            ("neither owner", granted(3, 1, 2, None, 0, 4)),
            ("neither owner", amended(1, 2, None, 4)),
            ("neither owner", revoked(1, 1, 4)),
            ("grants_parties_differ", granted(3, 1, 1, None, 0, 1)),
            ("not at the version before 3", amended(1, 3, None, 1)),
            ("not at the version before 1", amended(1, 1, None, 1)),
            ("grant 2 is not there, revoked", amended(2, 2, None, 1)),
            ("grant 9 is not there, revoked", amended(9, 2, None, 1)),
            ("grant 2 is not there, or already", revoked(2, 1, 1)),
            // Of another owner.
            ("grant 1 is not there, or already", revoked(1, 3, 3)),
            ("has no link", link_erased(2, 1)),
            ("has no link", link_erased(1, 3)),
            ("does not follow epoch 0", all_revoked(1, 2)),
            ("does not follow epoch 1", all_revoked(3, 1)),
            ("does not follow epoch 1", all_revoked(3, 0)),
            ("epoch 1 of owner", delegate_set(1, 4, 1)),
            ("delegations_parties_differ", delegate_set(1, 1, 0)),
            ("is no delegate", delegate_removed(1, 4)),
            ("is no delegate", delegate_removed(1, 5)),
            ("does not deny", denial_lifted(2, 7)),
            ("does not deny", denial_lifted(3, 7)),
            ("denials_parties_differ", denied_by_1(1, 1, 5)),
            ("denials_purposes_mask", denied_by_1(3, 0, 5)),
        ],
    )
    .await;
    assert_eq!((mirror.rows(GRANTS).await, mirror.rows(DELEGATIONS).await), before);

    // No amendment takes back what was used.
    mirror.write(vec![amended(1, 2, Some(1), 1)]).await;
    let second = Access::of(1, 1).next(2).by_grant(1).event();
    refuses(&mut mirror, vec![("grants_uses_within_max", second)]).await;
}

#[sqlx::test(migrations = false)]
async fn an_access_that_contradicts_the_log_or_the_grant_is_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![granted(1, 1, 2, Some(1), 0, 1), granted(2, 1, 2, None, 0, 1)]).await;
    mirror.write(vec![revoked(2, 1, 1)]).await;
    let first = Access::of(1, 1).by_grant(1);
    mirror.write(vec![first.event()]).await;

    let next = first.next(2);
    let fresh = Access::of(3, 2);
    refuses(
        &mut mirror,
        vec![
            ("does not follow", Access { previous: [0xbb; 32], ..next }.event()),
            ("does not follow", Access { sequence: 3, ..next }.event()),
            ("does not follow", Access { previous: next.previous, ..fresh }.event()),
            ("does not follow", Access { sequence: 1, ..next }.event()),
            // The log is a chain of heads: one that does not cover its content breaks it.
            ("has a head", Access { head: Some([0xa2; 32]), ..next }.event()),
            ("has a head", Access { head: Some([0xa2; 32]), ..fresh }.event()),
            ("grants_uses_within_max", next.by_grant(1).event()),
            // A permit on a grant of another owner, on one that was revoked, on none at all, and on
            // a grant and a window at once.
            ("without a grant", fresh.by_grant(1).event()),
            ("without a grant", next.by_grant(2).event()),
            ("access_log_permit_has_one_basis", Access { deny: None, ..fresh }.event()),
            ("access_log_permit_has_one_basis", next.by_grant(1).by_window(1).event()),
            // A refusal in a window, and a window that was never opened.
            ("access_log_window_only_permits", Access { window: Some(1), ..next }.event()),
            ("access_log_window_fkey", next.by_window(1).event()),
            // The same access twice.
            ("access_log_pkey", Access::of(3, 1).event()),
        ],
    )
    .await;
    assert_eq!(mirror.rows(ACCESS_LOG).await.len(), 1);
    // The right one goes on.
    mirror.write(vec![next.event(), next.next(3).event()]).await;
}
