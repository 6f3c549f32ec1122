//! Who is admitted, with which roles, which of them are suspended, and who acts for whom.

use assent_indexer_testing::governance::handover_proposed;
use assent_indexer_testing::participants::{
    ANCHOR, ASK, BREAK_GLASS, SIGN, approved, approved_with, guardian_appointed, guardians_changed,
    left, mandate_ended, member_admitted, profile_confirmed, profile_updated, registered,
    reinstated, roles_set, suspended,
};
use assent_indexer_testing::succession::{
    cancelled, confirmed, named, objected, proposed, proposed_by, rejected, replaced,
};
use assent_indexer_testing::{Mirror, account, event};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const PARTICIPANTS: &str = "participants_now order by account";

const MANDATES: &str = "mandates order by subject, agent";

const SUCCESSIONS: &str = "successions order by subject";

const KEYS: &str = "participant_keys order by subject, key";

const GUARDIANSHIPS: &str = "guardianships order by ward, guardianship";

#[sqlx::test(migrations = false)]
async fn participants_are_registered_approved_suspended_and_reinstated(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=- profile_confirmed=false roles=0 suspended=0 suspension_reason=- guardianship=0 key=- status=pending at=5-1
        account=02 profile=f2 confirmed=- profile_confirmed=false roles=0 suspended=0 suspension_reason=- guardianship=0 key=- status=pending at=5-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);

    // Roles that it does not hold are suspended beforehand.
    mirror.write(vec![approved(1, 3), suspended(2, 2)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=3 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=6-1
        account=02 profile=f2 confirmed=- profile_confirmed=false roles=0 suspended=2 suspension_reason=ee guardianship=0 key=- status=pending at=6-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);

    // Roles are replaced, not added; new ones do not lift a suspension, nor does a first approval.
    mirror.write(vec![roles_set(1, 6), suspended(1, 0x102), approved(2, 2)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=6 suspended=258 suspension_reason=ee guardianship=0 key=- status=active at=7-2
        account=02 profile=f2 confirmed=f2 profile_confirmed=true roles=2 suspended=2 suspension_reason=ee guardianship=0 key=- status=suspended at=7-3
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);

    // One after the other is suspended and reinstated; the reason is that of the last suspension.
    mirror.write(vec![suspended(1, 4), reinstated(2, 2)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=6 suspended=262 suspension_reason=ee guardianship=0 key=- status=suspended at=8-1
        account=02 profile=f2 confirmed=f2 profile_confirmed=true roles=2 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=8-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![reinstated(1, 6)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=6 suspended=256 suspension_reason=ee guardianship=0 key=- status=active at=9-1
        account=02 profile=f2 confirmed=f2 profile_confirmed=true roles=2 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=8-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![reinstated(1, 0x100)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=6 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=10-1
        account=02 profile=f2 confirmed=f2 profile_confirmed=true roles=2 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=8-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn participants_leave_and_come_back_but_not_out_of_a_suspension(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 3), suspended(1, 2), left(1)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=0 suspended=2 suspension_reason=ee guardianship=0 key=- status=pending at=5-4
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![approved(1, 2)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=2 suspended=2 suspension_reason=ee guardianship=0 key=- status=suspended at=6-1
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn a_profile_is_confirmed_until_it_is_replaced(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), profile_updated(1, 0xaa), approved_with(1, 1, 0xaa)]).await;
    expect![[r#"
        account=01 profile=aa confirmed=aa profile_confirmed=true roles=1 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=5-3
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    mirror.write(vec![profile_updated(1, 0xbb)]).await;
    expect![[r#"
        account=01 profile=bb confirmed=aa profile_confirmed=false roles=1 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=6-1
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    refuses(
        &mut mirror,
        vec![
            // Another profile than the one on record.
            ("another state", profile_confirmed(1, 0xaa)),
            ("another state", profile_confirmed(1, 0xcc)),
            ("another state", profile_confirmed(2, 0xbb)),
        ],
    )
    .await;
    mirror.write(vec![profile_confirmed(1, 0xbb)]).await;
    expect![[r#"
        account=01 profile=bb confirmed=bb profile_confirmed=true roles=1 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=7-1
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    refuses(&mut mirror, vec![("another state", profile_confirmed(1, 0xbb))]).await;
    // The earlier one again: it is the one that was checked last that counts.
    mirror.write(vec![profile_updated(1, 0xaa), profile_updated(1, 0xbb)]).await;
    expect![[r#"
        account=01 profile=bb confirmed=bb profile_confirmed=true roles=1 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=8-2
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn a_handover_moves_the_office_and_may_leave_the_old_administrator_pending(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), approved(1, 0x100), registered(2), approved(2, 2)]).await;
    let proposed = handover_proposed("participants", 1, 2, (9, 10_000));
    let accepted = event("participants", "HandoverAccepted", (account(1), account(2)));
    mirror.write(vec![proposed, accepted, roles_set(1, 0), roles_set(2, 0x102)]).await;
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=0 suspended=0 suspension_reason=- guardianship=0 key=- status=pending at=6-3
        account=02 profile=f2 confirmed=f2 profile_confirmed=true roles=258 suspended=0 suspension_reason=- guardianship=0 key=- status=active at=6-4
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_participant_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1), registered(2), approved(2, 1), suspended(2, 4)]).await;
    let before = mirror.table(PARTICIPANTS).await;
    refuses(
        &mut mirror,
        vec![
            ("not there or in another state", registered(1)),
            // Approved before; after another profile was checked; roles of somebody who has none, or
            // is not there.
            ("another state", approved(2, 2)),
            ("another state", approved_with(1, 2, 0xab)),
            ("another state", roles_set(1, 2)),
            ("another state", roles_set(3, 2)),
            ("another state", left(1)),
            // Suspended already, or in part; none; not suspended, or not all of it.
            ("another state", suspended(2, 4)),
            ("another state", suspended(2, 6)),
            ("another state", suspended(2, 0)),
            ("another state", suspended(3, 2)),
            ("another state", reinstated(2, 2)),
            ("another state", reinstated(2, 6)),
            ("another state", reinstated(2, 0)),
            ("another state", profile_updated(3, 1)),
            // Never approved.
            ("another state", profile_confirmed(1, 0xf1)),
            // Nobody is suspended from being cared for.
            ("participants_data_owner_never_suspended", suspended(1, 3)),
        ],
    )
    .await;
    assert_eq!(mirror.table(PARTICIPANTS).await, before);
}

#[sqlx::test(migrations = false)]
async fn mandates_are_given_replaced_and_ended(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(2), approved(2, 2), registered(4), approved(4, 4)]).await;
    // One key acts for two organisations.
    let first = vec![
        member_admitted(2, 7, ASK, 9_000, 0x57),
        member_admitted(2, 8, ASK | BREAK_GLASS | ANCHOR | SIGN, 9_000, 0x58),
        member_admitted(4, 7, SIGN, 9_000, 0x77),
    ];
    mirror.write(first).await;
    expect![[r#"
        subject=02 agent=07 powers=1 valid_until_ms=9000 person=57 appointed_by=- admitted_at_ms=6000 ended_at_ms=- ended_by=- at=6-1
        subject=02 agent=08 powers=15 valid_until_ms=9000 person=58 appointed_by=- admitted_at_ms=6000 ended_at_ms=- ended_by=- at=6-2
        subject=04 agent=07 powers=8 valid_until_ms=9000 person=77 appointed_by=- admitted_at_ms=6000 ended_at_ms=- ended_by=- at=6-3
    "#]].assert_eq(&mirror.table(MANDATES).await);
    // What is given again takes the place of what was there; either of the two ends it.
    let later = vec![
        member_admitted(2, 7, BREAK_GLASS, 10_000, 0x59),
        mandate_ended(2, 8, 8),
        mandate_ended(4, 7, 4),
        member_admitted(4, 7, ASK, 10_000, 0x77),
    ];
    mirror.write(later).await;
    expect![[r#"
        subject=02 agent=07 powers=2 valid_until_ms=10000 person=59 appointed_by=- admitted_at_ms=7000 ended_at_ms=- ended_by=- at=7-1
        subject=02 agent=08 powers=15 valid_until_ms=9000 person=58 appointed_by=- admitted_at_ms=6000 ended_at_ms=7000 ended_by=08 at=7-2
        subject=04 agent=07 powers=1 valid_until_ms=10000 person=77 appointed_by=- admitted_at_ms=7000 ended_at_ms=- ended_by=- at=7-4
    "#]].assert_eq(&mirror.table(MANDATES).await);
    let before = "select concat(substr(encode(subject, 'hex'), 1, 2), ' ', \
         substr(encode(agent, 'hex'), 1, 2), ' ', powers, ' ', block_number, ' ', until_block) \
         from mandates_history order by 1";
    assert_eq!(mirror.rows(before).await, ["02 07 1 6 7", "02 08 15 6 7", "04 07 8 6 7"]);
    let before = mirror.table(MANDATES).await;
    refuses(
        &mut mirror,
        vec![
            ("has no mandate", mandate_ended(2, 8, 2)),
            ("has no mandate", mandate_ended(2, 9, 2)),
            ("has no mandate", mandate_ended(7, 2, 2)),
            ("exceeds a bigint", member_admitted(2, 9, ASK, u64::MAX, 0x59)),
            ("mandates_powers_are_u16", member_admitted(2, 9, 0, 10_000, 0x59)),
            ("mandates_parties_differ", member_admitted(2, 2, ASK, 10_000, 0x59)),
            ("mandates_counts_at_first", member_admitted(2, 9, ASK, 8_000, 0x59)),
            ("mandates_ended_by_a_party", mandate_ended(2, 7, 9)),
        ],
    )
    .await;
    assert_eq!(mirror.table(MANDATES).await, before);
}

#[sqlx::test(migrations = false)]
async fn guardians_are_appointed_and_dismissed(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            registered(1),
            approved(1, 1),
            guardian_appointed(1, 7, 9_000, 0x57),
            guardian_appointed(1, 8, 9_000, 0x58),
        ])
        .await;
    // A longer time ends nothing; a shorter one does, and a dismissal.
    mirror.write(vec![guardian_appointed(1, 7, 10_000, 0x57)]).await;
    mirror
        .write(vec![
            guardian_appointed(1, 7, 9_500, 0x57),
            guardians_changed(1, 1),
            mandate_ended(1, 8, 9),
            guardians_changed(1, 2),
        ])
        .await;
    expect![[r#"
        subject=01 agent=07 powers=32 valid_until_ms=9500 person=57 appointed_by=09 admitted_at_ms=7000 ended_at_ms=- ended_by=- at=7-1
        subject=01 agent=08 powers=32 valid_until_ms=9000 person=58 appointed_by=09 admitted_at_ms=5000 ended_at_ms=7000 ended_by=09 at=7-3
    "#]].assert_eq(&mirror.table(MANDATES).await);
    expect![[r#"
        ward=01 guardianship=1 began_at_ms=7000 at=7-2
        ward=01 guardianship=2 began_at_ms=7000 at=7-4
    "#]]
    .assert_eq(&mirror.table(GUARDIANSHIPS).await);
    expect![[r#"
        account=01 profile=f1 confirmed=f1 profile_confirmed=true roles=1 suspended=0 suspension_reason=- guardianship=2 key=- status=active at=7-4
    "#]].assert_eq(&mirror.table(PARTICIPANTS).await);
    refuses(
        &mut mirror,
        vec![
            ("another state", guardians_changed(1, 2)),
            ("another state", guardians_changed(1, 4)),
            ("another state", guardians_changed(2, 1)),
            ("of another kind", member_admitted(1, 7, ASK, 20_000, 0x57)),
            // Regulator 9 himself.
            ("mandates_appointed_by_another", guardian_appointed(1, 9, 20_000, 0x59)),
            ("mandates_guardian_ended_by_another", mandate_ended(1, 7, 1)),
        ],
    )
    .await;
}

#[sqlx::test(migrations = false)]
async fn keys_name_their_successors_and_are_replaced(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let people = (1..=3).flat_map(|n| [registered(n), approved(n, 1)]).collect();
    mirror.write(people).await;
    let times = (7_000, 20_000);
    mirror.write(vec![named(1, 11, times), proposed(2, 12, times), named(3, 13, times)]).await;
    expect![[r#"
        subject=01 successor=0b proposed_by=- evidence=- named_at_ms=6000 not_before_ms=7000 until_ms=20000 objected_at_ms=- confirmed_at_ms=- confirmed_by=- ended_at_ms=- ending=- rejected_by=- at=6-1
        subject=02 successor=0c proposed_by=09 evidence=ed named_at_ms=6000 not_before_ms=7000 until_ms=20000 objected_at_ms=- confirmed_at_ms=- confirmed_by=- ended_at_ms=- ending=- rejected_by=- at=6-2
        subject=03 successor=0d proposed_by=- evidence=- named_at_ms=6000 not_before_ms=7000 until_ms=20000 objected_at_ms=- confirmed_at_ms=- confirmed_by=- ended_at_ms=- ending=- rejected_by=- at=6-3
    "#]].assert_eq(&mirror.table(SUCCESSIONS).await);
    expect![[""]].assert_eq(&mirror.table(KEYS).await);

    // 2 objects, and a second regulator confirms; what 3 had named a regulator replaces.
    mirror
        .write(vec![
            replaced(1, 1, 11),
            objected(2, 12),
            confirmed(2, 12, 10),
            proposed(3, 14, (8_000, 20_000)),
        ])
        .await;
    mirror.write(vec![replaced(2, 2, 12), objected(3, 14), rejected(3, 14, 10)]).await;
    expect![[r#"
        subject=01 successor=0b proposed_by=- evidence=- named_at_ms=6000 not_before_ms=7000 until_ms=20000 objected_at_ms=- confirmed_at_ms=- confirmed_by=- ended_at_ms=7000 ending=accepted rejected_by=- at=7-1
        subject=02 successor=0c proposed_by=09 evidence=ed named_at_ms=6000 not_before_ms=7000 until_ms=20000 objected_at_ms=7000 confirmed_at_ms=7000 confirmed_by=0a ended_at_ms=8000 ending=accepted rejected_by=- at=8-1
        subject=03 successor=0e proposed_by=09 evidence=ed named_at_ms=7000 not_before_ms=8000 until_ms=20000 objected_at_ms=8000 confirmed_at_ms=- confirmed_by=- ended_at_ms=8000 ending=rejected rejected_by=0a at=8-3
    "#]].assert_eq(&mirror.table(SUCCESSIONS).await);
    // The next key of 1; 3 names one, and takes that back.
    mirror.write(vec![proposed(1, 15, (10_000, 20_000)), named(3, 13, (10_000, 20_000))]).await;
    mirror.write(vec![replaced(1, 11, 15), cancelled(3, 13)]).await;
    expect![[r#"
        key=01 subject=01 accepted_at_ms=- replaced_at_ms=7000 at=7-1
        key=0b subject=01 accepted_at_ms=7000 replaced_at_ms=10000 at=10-1
        key=0f subject=01 accepted_at_ms=10000 replaced_at_ms=- at=10-1
        key=02 subject=02 accepted_at_ms=- replaced_at_ms=8000 at=8-1
        key=0c subject=02 accepted_at_ms=8000 replaced_at_ms=- at=8-1
    "#]]
    .assert_eq(&mirror.table(KEYS).await);
    let acting = "select concat(substr(encode(account, 'hex'), 1, 2), ' ', \
         substr(encode(key, 'hex'), 1, 2)) from participants order by account";
    assert_eq!(mirror.rows(acting).await, ["01 0f", "02 0c", "03 "]);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_succession_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let people = (1..=3).flat_map(|n| [registered(n), approved(n, 1)]).collect();
    mirror.write(people).await;
    let times = (20_000, 30_000);
    mirror.write(vec![named(1, 11, times), proposed(2, 12, times), proposed(3, 13, times)]).await;
    mirror.write(vec![objected(3, 13)]).await;
    let before = mirror.table(SUCCESSIONS).await;
    refuses(
        &mut mirror,
        vec![
            // Too early, another key, another subject.
            ("another state", replaced(1, 1, 11)),
            ("another state", cancelled(1, 12)),
            ("another state", objected(4, 12)),
            // A regulator's word is not the participant's, nor the other way round.
            ("another state", cancelled(2, 12)),
            ("another state", objected(1, 11)),
            ("another state", rejected(1, 11, 10)),
            ("replaces the key of", named(2, 14, times)),
            ("replaces the key of", proposed_by(10, 2, 14, times)),
            // Nobody objected; it is another key; somebody objected already; who proposed it does not confirm it.
            ("another state", confirmed(2, 12, 10)),
            ("another state", rejected(2, 11, 10)),
            ("another state", objected(3, 13)),
            ("another state", confirmed(3, 13, 9)),
            ("successions_successor_is_another", named(1, 1, times)),
            ("successions_proposed_by_another", proposed_by(1, 1, 14, times)),
            ("successions_expire_later", named(1, 14, (20_000, 19_999))),
        ],
    )
    .await;
    assert_eq!(mirror.table(SUCCESSIONS).await, before);
}
