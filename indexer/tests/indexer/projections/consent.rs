//! Grants, denials, delegates and the log.

use assent_client::EmittedEvent;
use assent_indexer_testing::consent::{
    Access, Grant, all_revoked, amended, delegate_removed, delegate_removed_with, delegate_set,
    delegate_set_until, denied, granted, link_erased, outsider_refused, revoked,
};
use assent_indexer_testing::participants::{
    ASK, BREAK_GLASS, approved, guardian_appointed, mandate_ended, member_admitted, registered,
};
use assent_indexer_testing::{Mirror, consent, guardians, succession};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const GRANTS: &str = "grants_now order by id";

const ACCESS_LOG: &str = "access_log order by access";

const DENIALS: &str = "denials order by owner, requester, purpose";

const DELEGATIONS: &str = "delegations_now order by owner, delegate";

const EPOCHS: &str = "owner_epochs order by owner, epoch";

fn denied_by_1(requester: u8, purposes: u32, at: u64) -> EmittedEvent {
    denied(1, requester, (purposes, 4), at)
}

fn denial_lifted(requester: u8, purposes: u32, at: u64) -> EmittedEvent {
    consent::denial_lifted(1, requester, (purposes, 12), at)
}

#[sqlx::test(migrations = false)]
async fn grants_are_given_used_amended_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let unlimited = Grant {
        purposes: u32::MAX,
        categories: 3,
        from: 0,
        until: u64::MAX,
        record: None,
        ..Grant::of(1, 1, 2)
    };
    mirror.write(vec![unlimited.event(), granted(2, 1, 2, Some(2), 0, 1)]).await;
    // The first one is for all records.
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-1
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=2 uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-2
    "#]].assert_eq(&mirror.table(GRANTS).await);

    let first = Access { record: Some(0xdd), ..Access::of(1, 1).by_grant(2) };
    let second = Access { record: Some(0xee), deny: Some(10), ..first.next(2) };
    // Another owner has a log of its own. A refusal names the grant that did not do.
    let other = Access { grant: Some(77), deny: Some(9), ..Access::of(3, 3) };
    mirror.write(vec![first.event(), second.event(), other.event()]).await;
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=02 person=- sequence=1 purpose=0 category=3 record=dd grant_id=2 window_id=- permitted=true deny_reason=- at_ms=6000 previous_head=00 content=a1 head=d5 at=6-1
        access=2 owner=01 requester=02 asked_by=02 person=- sequence=2 purpose=0 category=3 record=ee grant_id=- window_id=- permitted=false deny_reason=RecordNotGranted at_ms=6000 previous_head=d5 content=a2 head=41 at=6-2
        access=3 owner=03 requester=02 asked_by=02 person=- sequence=1 purpose=0 category=3 record=- grant_id=77 window_id=- permitted=false deny_reason=UsesExhausted at_ms=6000 previous_head=00 content=a3 head=83 at=6-3
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // Only the permit counts a use.
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-1
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=2 uses=1 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=6-1
    "#]].assert_eq(&mirror.table(GRANTS).await);

    // The uses go on through all versions.
    mirror.write(vec![amended(2, 2, Some(5), 1), amended(2, 3, None, 1)]).await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-1
        id=2 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 max_uses=- uses=1 record=dd link_erased=false policy=b2 version=3 epoch=0 granted_by=01 guardianship=- amended_by=01 amended_at_ms=6000 revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=7-2
    "#]].assert_eq(&mirror.table(GRANTS).await);

    mirror.write(vec![revoked(2, 1, 1), link_erased(2, 1)]).await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=3 valid_from_ms=0 valid_until_ms=18446744073709551615 max_uses=- uses=0 record=- link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-1
        id=2 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 max_uses=- uses=1 record=- link_erased=true policy=b2 version=3 epoch=0 granted_by=01 guardianship=- amended_by=01 amended_at_ms=6000 revoked_at_ms=7000 revoked_by=01 revoked_with_all=false revoked_with_delegate=false at=8-2
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
        owner=01 epoch=1 began_at_ms=8000 began_by=01 at=6-2
    "#]]
    .assert_eq(&mirror.table(EPOCHS).await);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true revoked_with_delegate=false at=6-2
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=04 revoked_with_all=false revoked_with_delegate=false at=6-1
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=03 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-5
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
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true revoked_with_delegate=false at=6-2
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=04 revoked_with_all=false revoked_with_delegate=false at=6-1
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=03 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-5
        id=4 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=1 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true revoked_with_delegate=false at=8-1
    "#]].assert_eq(&mirror.table(GRANTS).await);
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 began_by=01 at=6-2
        owner=01 epoch=2 began_at_ms=8000 began_by=01 at=8-1
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
async fn a_delegate_is_removed_with_all_that_he_gave(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            delegate_set(1, 4, 0),
            delegate_set(3, 4, 0),
            granted(1, 1, 2, None, 0, 4),
            granted(2, 1, 2, None, 0, 1),
            // The same delegate, for another owner.
            granted(3, 3, 2, None, 0, 4),
            granted(4, 1, 2, None, 0, 4),
            revoked(4, 1, 1),
        ])
        .await;
    mirror.write(vec![delegate_removed_with(1, 4, 4)]).await;
    const REVOCATIONS: &str = "delegate_revocations order by owner, delegate, revoked_up_to";
    expect![[r#"
        owner=01 delegate=04 revoked_up_to=4 revoked_after=0 revoked_at_ms=6000 revoked_by=01 at=6-1
    "#]]
    .assert_eq(&mirror.table(REVOCATIONS).await);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=6000 revoked_by=01 revoked_with_all=false revoked_with_delegate=true at=6-1
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-4
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-5
        id=4 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=01 revoked_with_all=false revoked_with_delegate=false at=5-7
    "#]].assert_eq(&mirror.table(GRANTS).await);
    // Set again he starts clean; what a second removal ends keeps apart from what the first one did, and
    // a new epoch ends only what is left.
    mirror.write(vec![delegate_set(1, 4, 0), granted(5, 1, 2, None, 0, 4)]).await;
    mirror.write(vec![delegate_removed_with(1, 4, 5), delegate_set(1, 4, 0)]).await;
    mirror.write(vec![granted(6, 1, 2, None, 0, 4), all_revoked(1, 1)]).await;
    mirror.write(vec![delegate_removed_with(1, 4, 6), link_erased(1, 1)]).await;
    expect![[r#"
        owner=01 delegate=04 revoked_up_to=4 revoked_after=0 revoked_at_ms=6000 revoked_by=01 at=6-1
        owner=01 delegate=04 revoked_up_to=5 revoked_after=4 revoked_at_ms=8000 revoked_by=01 at=8-1
        owner=01 delegate=04 revoked_up_to=6 revoked_after=5 revoked_at_ms=10000 revoked_by=01 at=10-1
    "#]]
    .assert_eq(&mirror.table(REVOCATIONS).await);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=- link_erased=true policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=6000 revoked_by=01 revoked_with_all=false revoked_with_delegate=true at=10-2
        id=2 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true revoked_with_delegate=false at=9-2
        id=3 owner=03 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=- revoked_by=- revoked_with_all=false revoked_with_delegate=false at=5-5
        id=4 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=01 revoked_with_all=false revoked_with_delegate=false at=5-7
        id=5 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=false revoked_with_delegate=true at=8-1
        id=6 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=04 guardianship=- amended_by=- amended_at_ms=- revoked_at_ms=8000 revoked_by=01 revoked_with_all=true revoked_with_delegate=false at=9-2
    "#]].assert_eq(&mirror.table(GRANTS).await);
}

#[sqlx::test(migrations = false)]
async fn denials_add_up_and_are_lifted_piece_by_piece(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let more = denied(1, 2, (2, 8), 6);
    mirror
        .write(vec![denied_by_1(2, 1, 5), denied_by_1(3, 1, 5), denied_by_1(2, 2, 6), more])
        .await;
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=4 by_guardians=0 denied_at_ms=5 lifted_at_ms=- at=5-1
        owner=01 requester=02 purpose=1 categories=12 by_guardians=0 denied_at_ms=6 lifted_at_ms=- at=5-4
        owner=01 requester=03 purpose=0 categories=4 by_guardians=0 denied_at_ms=5 lifted_at_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    mirror.write(vec![denial_lifted(2, 1, 7), consent::denial_lifted(1, 2, (3, 4), 8)]).await;
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=0 by_guardians=0 denied_at_ms=5 lifted_at_ms=7 at=6-1
        owner=01 requester=02 purpose=1 categories=8 by_guardians=0 denied_at_ms=6 lifted_at_ms=- at=6-2
        owner=01 requester=03 purpose=0 categories=4 by_guardians=0 denied_at_ms=5 lifted_at_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    // All purposes at once are a row each.
    mirror.write(vec![denied_by_1(3, u32::MAX, 9), denied_by_1(2, 1, 9)]).await;
    assert_eq!(
        mirror
            .rows(
                "select count(*)::text from denials where requester = \
        decode(repeat('03', 32), 'hex') and lifted_at_ms is null"
            )
            .await,
        ["32"]
    );
    mirror.write(vec![denial_lifted(3, u32::MAX, 10)]).await;
    assert_eq!(
        mirror
            .rows(
                "select count(*)::text from denials where requester = \
        decode(repeat('03', 32), 'hex') and lifted_at_ms = 10"
            )
            .await,
        ["32"]
    );
}

#[sqlx::test(migrations = false)]
async fn the_refusals_of_outsiders_are_one_row(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let (first, head) = outsider_refused(1, [0; 32]);
    let (second, last) = outsider_refused(2, head);
    mirror.write(vec![first.clone(), second]).await;
    const OUTSIDERS: &str = "outsider_refusals";
    expect![[r#"
        sequence=2 head=80 at_ms=6000 at=5-2
    "#]]
    .assert_eq(&mirror.table(OUTSIDERS).await);
    expect![""].assert_eq(&mirror.table(ACCESS_LOG).await);
    refuses(
        &mut mirror,
        vec![
            ("does not follow", first),
            ("does not follow", outsider_refused(3, head).0),
            ("does not follow", outsider_refused(4, last).0),
        ],
    )
    .await;
    mirror.write(vec![outsider_refused(3, last).0]).await;
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
            denial_lifted(2, 1, 6),
            Access { record: Some(0xdd), ..Access::of(1, 1).by_grant(1) }.event(),
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
            ("denies nothing of that", denial_lifted(2, 1, 7)),
            ("denies nothing of that", denial_lifted(3, 1, 7)),
            ("denials_parties_differ", denied_by_1(1, 1, 5)),
            ("denies nothing", denied_by_1(3, 0, 5)),
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
    let first = Access { record: Some(0xdd), ..Access::of(1, 1).by_grant(1) };
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
            // A grant would have permitted it.
            ("access_log_unfunded_by_a_grant", Access { grant: None, ..next.unfunded(1) }.event()),
        ],
    )
    .await;
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=02 person=- sequence=1 purpose=0 category=3 record=dd grant_id=1 window_id=- permitted=true deny_reason=- at_ms=6000 previous_head=00 content=a1 head=d5 at=7-1
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // The right one goes on.
    mirror.write(vec![next.event(), next.next(3).event()]).await;
}

#[sqlx::test(migrations = false)]
async fn the_key_that_replaced_another_asks_as_its_participant(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let named = succession::named(2, 12, (6_000, 20_000));
    mirror.write(vec![registered(2), approved(2, 2), named]).await;
    let first = Access::of(1, 1);
    let second = Access { key: Some(12), ..first.next(2) };
    mirror.write(vec![first.event(), succession::replaced(2, 2, 12), second.event()]).await;
    // No person, as when the participant's own key asks: the log shows that it is another.
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=02 person=- sequence=1 purpose=0 category=3 record=- grant_id=- window_id=- permitted=false deny_reason=NoGrant at_ms=6000 previous_head=00 content=a1 head=d5 at=6-1
        access=2 owner=01 requester=02 asked_by=0c person=- sequence=2 purpose=0 category=3 record=- grant_id=- window_id=- permitted=false deny_reason=NoGrant at_ms=6000 previous_head=d5 content=a2 head=41 at=6-3
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // Another's key is no key of his, and the one that was replaced no longer is.
    let third = Access { key: Some(13), ..second.next(3) };
    let fourth = third.next(4);
    mirror.try_write(vec![third.event(), fourth.event()]).await.unwrap();
    let mut db = mirror.pool.acquire().await.unwrap();
    let found = assent_mirror::violations(&mut db).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|found| (found.invariant, &found.row[..8])).collect();
    found.sort_unstable();
    assert_eq!(found, [("agency", "access 3"), ("keys", "access 4")]);
}

#[sqlx::test(migrations = false)]
async fn staff_asks_for_its_organisation_as_long_as_it_has_a_mandate(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let staff = vec![
        registered(2),
        approved(2, 2),
        member_admitted(2, 7, ASK, 7_000, 0x57),
        member_admitted(2, 8, BREAK_GLASS, 9_000, 0x58),
    ];
    mirror.write(staff).await;
    let asked = |access: Access, key, person| Access { staff: Some((key, person)), ..access };
    let first = asked(Access::of(1, 1), 7, 0x57);
    let second = first.next(2);
    mirror.write(vec![first.event(), second.event()]).await;
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=07 person=57 sequence=1 purpose=0 category=3 record=- grant_id=- window_id=- permitted=false deny_reason=NoGrant at_ms=6000 previous_head=00 content=a1 head=d5 at=6-1
        access=2 owner=01 requester=02 asked_by=02 person=- sequence=2 purpose=0 category=3 record=- grant_id=- window_id=- permitted=false deny_reason=NoGrant at_ms=6000 previous_head=d5 content=a2 head=41 at=6-2
    "#]].assert_eq(&mirror.table(ACCESS_LOG).await);
    // The requester's own key names no person, and another's does.
    let third = second.next(3);
    refuses(&mut mirror, vec![("access_log_person_if_by_staff", asked(third, 2, 0x52).event())])
        .await;
    // Nobody, another power, another person, a time that is over, an end: each is told of.
    let wrong = [
        asked(third, 6, 0x57),
        asked(third, 8, 0x58),
        asked(third, 7, 0x58),
        Access { at: 7_000, ..asked(third, 7, 0x57) },
    ];
    let mut last = third;
    let mut events = Vec::new();
    for (number, access) in (3..).zip(wrong) {
        last = Access {
            access: number,
            sequence: number,
            previous: if number == 3 { third.previous } else { last.head() },
            ..access
        };
        events.push(last.event());
    }
    events.push(mandate_ended(2, 7, 2));
    let late = asked(last.next(7), 7, 0x57);
    events.push(late.event());
    events.push(member_admitted(2, 7, ASK, 9_000, 0x57));
    events.push(asked(late.next(8), 7, 0x57).event());
    mirror.try_write(events).await.unwrap();
    let mut db = mirror.pool.acquire().await.unwrap();
    let found = assent_mirror::violations(&mut db).await.unwrap();
    assert!(found.iter().all(|violation| violation.invariant == "agency"), "{found:?}");
    let mut found: Vec<_> = found.iter().map(|violation| &violation.row[..28]).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "access 3 was asked for by 06",
            "access 4 was asked for by 08",
            "access 5 was asked for by 07",
            "access 6 was asked for by 07",
            "access 7 was asked for by 07",
        ]
    );
}

#[sqlx::test(migrations = false)]
async fn a_guardian_grants_denies_and_revokes_for_his_ward(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 1), guardian_appointed(1, 7, 20_000, 0x57)]).await;
    mirror
        .write(vec![
            granted(1, 1, 2, None, 0, 7),
            guardians::granted(1, 1, 0),
            guardians::denied((1, 7), 2, (1, 4), 6_000),
            denied(1, 2, (1, 2), 6_000),
        ])
        .await;
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=2 by_guardians=4 denied_at_ms=6000 lifted_at_ms=- at=6-4
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    // What does not say who did it is followed by who did.
    mirror
        .write(vec![
            revoked(1, 1, 7),
            link_erased(1, 1),
            guardians::acted((1, 7), 7_000),
            all_revoked(1, 1),
            guardians::acted((1, 7), 8_000),
            guardians::denial_lifted((1, 7), 2, (1, 6), 9_000),
        ])
        .await;
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=1 categories=8 valid_from_ms=10 valid_until_ms=20 max_uses=- uses=0 record=- link_erased=true policy=bb version=1 epoch=0 granted_by=07 guardianship=0 amended_by=- amended_at_ms=- revoked_at_ms=7000 revoked_by=07 revoked_with_all=false revoked_with_delegate=false at=7-2
    "#]].assert_eq(&mirror.table(GRANTS).await);
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 began_by=07 at=7-4
    "#]]
    .assert_eq(&mirror.table(EPOCHS).await);
    // What the owner denies himself stays.
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=2 by_guardians=0 denied_at_ms=6000 lifted_at_ms=- at=7-6
    "#]]
    .assert_eq(&mirror.table(DENIALS).await);
    refuses(
        &mut mirror,
        vec![
            ("not one that a guardian has just given", guardians::granted(1, 1, 1)),
            ("denies nothing of that", guardians::denial_lifted((1, 7), 2, (1, 2), 9_000)),
        ],
    )
    .await;
}
