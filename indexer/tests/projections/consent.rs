//! Grants, denials, delegates and the log.

use assent_client::EmittedEvent;
use assent_indexer_testing::consent::{
    Access, Grant, all_revoked, amended, delegate_removed, delegate_set, delegate_set_until,
    denied, granted, link_erased, revoked,
};
use assent_indexer_testing::{Mirror, consent};
use expect_test::expect;
use sqlx::PgPool;

use crate::refuses;

const GRANTS: &str = "grants_now order by id";

const ACCESS_LOG: &str = "access_log order by access";

const DENIALS: &str = "denials order by owner, requester";

const DELEGATIONS: &str = "delegations_now order by owner, delegate";

const EPOCHS: &str = "owner_epochs order by owner, epoch";

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
    // The zero hash of the first one links no record.
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-1
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=2 uses=0 record=dd policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-2
    "#]].assert_eq(&mirror.table(GRANTS).await);

    let first = Access::of(1, 1).by_grant(2);
    let second = first.next(2);
    // Another owner has a log of its own. A refusal names the grant that did not do.
    let other = Access { grant: Some(77), deny: Some(9), ..Access::of(3, 3) };
    mirror.write(vec![first.event(), second.event(), other.event()]).await;
    expect![[r#"
        access=1 owner=01 requester=02 sequence=1 purpose=0 category=3 grant_id=2 window_id=- permitted=true deny_reason=- at_ms=6000 previous_head=00 content=a1 head=d5 at=6-1
        access=2 owner=01 requester=02 sequence=2 purpose=0 category=3 grant_id=- window_id=- permitted=false deny_reason=NoGrant at_ms=6000 previous_head=d5 content=a2 head=41 at=6-2
        access=3 owner=03 requester=02 sequence=1 purpose=0 category=3 grant_id=77 window_id=- permitted=false deny_reason=UsesExhausted at_ms=6000 previous_head=00 content=a3 head=83 at=6-3
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // Only the permit counts a use.
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-1
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=2 uses=1 record=dd policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=6-1
    "#]].assert_eq(&mirror.table(GRANTS).await);

    // The uses go on through all versions.
    mirror.write(vec![amended(2, 2, Some(5), 1), amended(2, 3, None, 1)]).await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-1
        id=2 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 max_uses=- uses=1 record=dd policy=b2 version=3 epoch=0 granted_by=01 amended_by=01 amended_at_ms=6000 revoked_at_ms=- revoked_by=- revoked_with_all=false at=7-2
    "#]].assert_eq(&mirror.table(GRANTS).await);

    mirror.write(vec![link_erased(2, 1), revoked(2, 1, 1)]).await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-1
        id=2 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 max_uses=- uses=1 record=- policy=b2 version=3 epoch=0 granted_by=01 amended_by=01 amended_at_ms=6000 revoked_at_ms=7000 revoked_by=01 revoked_with_all=false at=8-2
    "#]].assert_eq(&mirror.table(GRANTS).await);
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
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 at=6-2
    "#]]
    .assert_eq(&mirror.table(EPOCHS).await);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=04 amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true at=6-2
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=04 revoked_with_all=false at=6-1
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=03 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-5
    "#]].assert_eq(&mirror.table(GRANTS).await);
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=voided at=6-2
        owner=03 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=- at=5-4
    "#]].assert_eq(&mirror.table(DELEGATIONS).await);

    // What is given in the new epoch counts until the next one.
    mirror.write(vec![delegate_set(1, 4, 1), granted(4, 1, 2, None, 1, 4)]).await;
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=1 ended=- at=7-1
        owner=03 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=- at=5-4
    "#]].assert_eq(&mirror.table(DELEGATIONS).await);
    mirror.write(vec![all_revoked(1, 2)]).await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=04 amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true at=6-2
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=01 amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=04 revoked_with_all=false at=6-1
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=0 granted_by=03 amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false at=5-5
        id=4 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd policy=bb version=1 epoch=1 granted_by=04 amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true at=8-1
    "#]].assert_eq(&mirror.table(GRANTS).await);
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 at=6-2
        owner=01 epoch=2 began_at_ms=8000 at=8-1
    "#]]
    .assert_eq(&mirror.table(EPOCHS).await);
}

#[sqlx::test(migrations = false)]
async fn delegations_are_given_replaced_and_taken_back(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let again = delegate_set_until(1, 4, (u32::MAX, 1), 50, 0);
    mirror.write(vec![delegate_set(1, 4, 0), delegate_set(1, 5, 0), again]).await;
    expect![[r#"
        owner=01 delegate=04 purposes=4294967295 categories=1 valid_until_ms=50 epoch=0 ended=- at=5-3
        owner=01 delegate=05 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=- at=5-2
    "#]].assert_eq(&mirror.table(DELEGATIONS).await);
    mirror.write(vec![delegate_removed(1, 4)]).await;
    expect![[r#"
        owner=01 delegate=04 purposes=4294967295 categories=1 valid_until_ms=50 epoch=0 ended=removed at=6-1
        owner=01 delegate=05 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=- at=5-2
    "#]].assert_eq(&mirror.table(DELEGATIONS).await);
    // Also one that ended with its epoch: the contract still holds it.
    mirror.write(vec![all_revoked(1, 1), delegate_removed(1, 5), delegate_set(1, 4, 1)]).await;
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=1 ended=- at=7-3
        owner=01 delegate=05 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=removed at=7-2
    "#]].assert_eq(&mirror.table(DELEGATIONS).await);
}

#[sqlx::test(migrations = false)]
async fn denials_are_given_replaced_and_lifted(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![denied_by_1(2, 1, 5), denied_by_1(3, 1, 5), denied_by_1(2, u32::MAX, 6)])
        .await;
    expect![[r#"
        owner=01 requester=02 purposes=4294967295 categories=4 denied_at_ms=6 lifted_at_ms=- at=5-3
        owner=01 requester=03 purposes=1 categories=4 denied_at_ms=5 lifted_at_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    mirror.write(vec![denial_lifted(2, 7)]).await;
    expect![[r#"
        owner=01 requester=02 purposes=4294967295 categories=4 denied_at_ms=6 lifted_at_ms=7 at=6-1
        owner=01 requester=03 purposes=1 categories=4 denied_at_ms=5 lifted_at_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    mirror.write(vec![denied_by_1(2, 2, 9)]).await;
    expect![[r#"
        owner=01 requester=02 purposes=2 categories=4 denied_at_ms=9 lifted_at_ms=- at=7-1
        owner=01 requester=03 purposes=1 categories=4 denied_at_ms=5 lifted_at_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
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
    let before = (mirror.table(GRANTS).await, mirror.table(DELEGATIONS).await);
    refuses(
        &mut mirror,
        vec![
            ("grant 1 is there already", granted(1, 1, 2, None, 0, 1)),
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
            ("does not follow the present one", all_revoked(1, 2)),
            ("does not follow the present one", all_revoked(3, 1)),
            ("does not follow the present one", all_revoked(3, 0)),
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
    assert_eq!((mirror.table(GRANTS).await, mirror.table(DELEGATIONS).await), before);

    // No amendment takes back what was used.
    mirror.write(vec![amended(1, 2, Some(1), 1)]).await;
    let second = Access::of(1, 1).next(2).by_grant(1).event();
    refuses(&mut mirror, vec![("was used up", second)]).await;
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
            ("grant 1 was used up", next.by_grant(1).event()),
            // A permit on a grant of another owner, on one that was revoked, on none at all, and on
            // a grant and a window at once.
            ("without a grant", fresh.by_grant(1).event()),
            ("without a grant", next.by_grant(2).event()),
            ("neither grant nor window", Access { deny: None, ..fresh }.event()),
            ("both a grant and a window", next.by_grant(1).by_window(1).event()),
            // A refusal in a window, and a window that was never opened.
            ("in a window, which permits", Access { window: Some(1), ..next }.event()),
            ("without a window that is open", next.by_window(1).event()),
            // The same access twice.
            ("access_log_pkey", Access::of(3, 1).event()),
        ],
    )
    .await;
    expect![[r#"
        access=1 owner=01 requester=02 sequence=1 purpose=0 category=3 grant_id=1 window_id=- permitted=true deny_reason=- at_ms=6000 previous_head=00 content=a1 head=d5 at=7-1
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // The right one goes on.
    mirror.write(vec![next.event(), next.next(3).event()]).await;
}
