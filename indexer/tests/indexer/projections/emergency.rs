//! Emergencies: windows, what they permit, their reviews and the sanctions.

use assent_indexer_testing::Mirror;
use assent_indexer_testing::consent::Access;
use assent_indexer_testing::emergency::{
    FOUND_UNJUSTIFIED, JUSTIFIED, UNJUSTIFIED, UNREVIEWED, bar_lifted, barred, broken, broken_by,
    closed, proposed, reviewed,
};
use assent_indexer_testing::participants::{
    ASK, BREAK_GLASS, approved, member_admitted, registered,
};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const WINDOWS: &str = "emergency_windows order by id";

const BARS: &str = "emergency_bars order by key";

const SANCTIONS: &str = "sanctions order by window_id";

#[sqlx::test(migrations = false)]
async fn a_window_is_opened_used_closed_and_reviewed(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Access { at: 109, ..Access::of(1, 1).by_window(1) };
    let second = Access { at: 109, ..first.next(2).by_window(1) };
    mirror.write(vec![broken(1, 1, 2, 100), first.event(), second.event()]).await;
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=2 at=5-3
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    const PERMITS: &str = "access_log order by access";
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=02 person=- sequence=1 purpose=0 category=3 record=- grant_id=- window_id=1 permitted=true deny_reason=- at_ms=109 previous_head=00 content=a1 head=d5 at=5-2
        access=2 owner=01 requester=02 asked_by=02 person=- sequence=2 purpose=0 category=3 record=- grant_id=- window_id=1 permitted=true deny_reason=- at_ms=109 previous_head=d5 content=a2 head=41 at=5-3
    "#]].assert_eq(&mirror.table(PERMITS).await);

    mirror.write(vec![closed(1, 2, 109), reviewed(1, 9, JUSTIFIED, 119)]).await;
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=02 outcome=justified reviewed_at_ms=119 reviewed_by=09 uses=2 at=6-2
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    // Closed, so the next emergency of the two gets a window of its own; others are independent.
    mirror.write(vec![broken(2, 1, 2, 109), broken(3, 1, 3, 109), broken(4, 3, 2, 109)]).await;
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=02 outcome=justified reviewed_at_ms=119 reviewed_by=09 uses=2 at=6-2
        id=2 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-1
        id=3 patient=01 provider=03 opened_by=03 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-2
        id=4 patient=03 provider=02 opened_by=02 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-3
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    // Over, so another follows; the patient may close too.
    mirror.write(vec![broken(5, 1, 2, 119), closed(5, 1, 119)]).await;
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=02 outcome=justified reviewed_at_ms=119 reviewed_by=09 uses=2 at=6-2
        id=2 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-1
        id=3 patient=01 provider=03 opened_by=03 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-2
        id=4 patient=03 provider=02 opened_by=02 person=- justification=1f opened_at_ms=109 until_ms=119 review_by_ms=129 closed_at_ms=- closed_by=- outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=7-3
        id=5 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=119 until_ms=129 review_by_ms=139 closed_at_ms=119 closed_by=01 outcome=- reviewed_at_ms=- reviewed_by=- uses=0 at=8-2
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    expect![[""]].assert_eq(&mirror.table(SANCTIONS).await);
}

#[sqlx::test(migrations = false)]
async fn an_unjustified_or_unreviewed_window_is_sanctioned_once(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![broken(1, 1, 2, 100), broken(2, 1, 3, 100)]).await;
    // The reviewer closes the one that is open.
    mirror
        .write(vec![
            closed(1, 9, 105),
            reviewed(1, 9, UNJUSTIFIED, 105),
            barred(1, 2, 105),
            proposed(1, 2, FOUND_UNJUSTIFIED, 105),
        ])
        .await;
    // The deadline passed; a late review changes the sanction no more.
    mirror
        .write(vec![
            proposed(2, 3, UNREVIEWED, 120),
            reviewed(2, 9, UNJUSTIFIED, 130),
            barred(2, 3, 130),
        ])
        .await;
    mirror.write(vec![bar_lifted(3, 9, 140)]).await;
    expect![[r#"
        key=02 window_id=1 barred_at_ms=105 lifted_at_ms=- lifted_by=- at=6-3
        key=03 window_id=2 barred_at_ms=130 lifted_at_ms=140 lifted_by=09 at=8-1
    "#]]
    .assert_eq(&mirror.table(BARS).await);
    expect![[r#"
        window_id=1 provider=02 reason=unjustified proposed_at_ms=105 at=6-4
        window_id=2 provider=03 reason=unreviewed proposed_at_ms=120 at=7-1
    "#]]
    .assert_eq(&mirror.table(SANCTIONS).await);
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=105 closed_by=09 outcome=unjustified reviewed_at_ms=105 reviewed_by=09 uses=0 at=6-2
        id=2 patient=01 provider=03 opened_by=03 person=- justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=- closed_by=- outcome=unjustified reviewed_at_ms=130 reviewed_by=09 uses=0 at=7-2
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    refuses(&mut mirror, vec![("sanctions_pkey", proposed(2, 3, FOUND_UNJUSTIFIED, 130))]).await;
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_window_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![
            broken(1, 1, 2, 100),
            broken(2, 1, 3, 100),
            closed(2, 1, 105),
            reviewed(2, 9, JUSTIFIED, 106),
            broken(3, 1, 2, 110),
            broken(4, 1, 3, 105),
        ])
        .await;
    let before = mirror.table(WINDOWS).await;
    let access = Access { at: 105, ..Access::of(1, 1) };
    refuses(
        &mut mirror,
        vec![
            ("window 1 is there already", broken(1, 3, 2, 200)),
            (
                "emergency_windows_parties_differ",
                broken_by(Some((7, 0x57)), 5, (1, 1), (200, 210, 220)),
            ),
            (
                "emergency_windows_opened_by_another",
                broken_by(Some((1, 0x51)), 5, (1, 2), (200, 210, 220)),
            ),
            // The provider's own key names no person.
            (
                "emergency_windows_person_if_by_staff",
                broken_by(Some((2, 0x52)), 5, (1, 2), (200, 210, 220)),
            ),
            ("already closed", closed(2, 1, 106)),
            ("already closed", closed(9, 1, 106)),
            ("was reviewed while it was open", reviewed(3, 9, UNJUSTIFIED, 119)),
            ("was not found unjustified", barred(2, 3, 107)),
            ("was not found unjustified", barred(1, 2, 107)),
            ("is not barred", bar_lifted(3, 9, 107)),
            // It was over by itself.
            ("closed when it was not open", closed(1, 2, 110)),
            ("already reviewed", reviewed(2, 9, UNJUSTIFIED, 107)),
            ("already reviewed", reviewed(9, 9, UNJUSTIFIED, 107)),
            ("but is a party", reviewed(1, 2, JUSTIFIED, 107)),
            ("but is a party", reviewed(1, 1, JUSTIFIED, 107)),
            // No ground: justified, not reviewed, not overdue, another provider's.
            ("no ground", proposed(2, 3, FOUND_UNJUSTIFIED, 107)),
            ("no ground", proposed(1, 2, FOUND_UNJUSTIFIED, 107)),
            ("no ground", proposed(1, 2, UNREVIEWED, 119)),
            ("no ground", proposed(2, 3, UNREVIEWED, 120)),
            ("no ground", proposed(1, 3, UNREVIEWED, 120)),
            // A permit in the window of another provider or patient, after its end, before it.
            ("without a window", access.by_window(2).event()),
            ("without a window", Access { owner: 3, ..access.by_window(1) }.event()),
            ("without a window", Access { at: 110, ..access.by_window(1) }.event()),
            ("without a window", Access { at: 99, ..access.by_window(1) }.event()),
        ],
    )
    .await;
    assert_eq!(mirror.table(WINDOWS).await, before);
}

#[sqlx::test(migrations = false)]
async fn a_window_is_opened_and_closed_by_staff_and_bars_the_key_that_opened_it(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let staff = vec![
        registered(2),
        approved(2, 2),
        member_admitted(2, 7, BREAK_GLASS, 9_000, 0x57),
        member_admitted(2, 8, ASK | BREAK_GLASS, 9_000, 0x58),
    ];
    mirror.write(staff).await;
    // 7 opens it, 8 asks in it, and 8 closes it, all for the provider.
    let asked = Access { at: 105, staff: Some((8, 0x58)), ..Access::of(1, 1).by_window(1) };
    let opened = broken_by(Some((7, 0x57)), 1, (1, 2), (100, 110, 120));
    mirror.write(vec![opened, asked.event(), closed(1, 8, 106)]).await;
    refuses(
        &mut mirror,
        vec![
            ("but is a party", reviewed(1, 7, UNJUSTIFIED, 107)),
            ("is not there, or already closed", closed(1, 7, 107)),
        ],
    )
    .await;
    mirror.write(vec![reviewed(1, 9, UNJUSTIFIED, 107)]).await;
    refuses(&mut mirror, vec![("was not opened by", barred(1, 2, 107))]).await;
    mirror.write(vec![barred(1, 7, 107), proposed(1, 2, FOUND_UNJUSTIFIED, 107)]).await;
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=07 person=57 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=106 closed_by=08 outcome=unjustified reviewed_at_ms=107 reviewed_by=09 uses=1 at=7-1
    "#]].assert_eq(&mirror.table(WINDOWS).await);
    expect![[r#"
        key=07 window_id=1 barred_at_ms=107 lifted_at_ms=- lifted_by=- at=8-1
    "#]]
    .assert_eq(&mirror.table(BARS).await);
    // The other keys go on.
    mirror.write(vec![broken_by(Some((8, 0x58)), 2, (1, 2), (110, 120, 130))]).await;
    mirror.write(vec![broken(3, 4, 2, 120)]).await;
    // That nobody opens a window in spite of a bar holds for the key, for whichever provider.
    let own = [registered(7), approved(7, 2), broken(4, 5, 7, 130)];
    assert!(mirror.try_write(own.to_vec()).await.is_ok());
    let mut db = mirror.pool.acquire().await.unwrap();
    let found = assent_mirror::violations(&mut db).await.unwrap();
    let found: Vec<_> = found.iter().map(|it| (it.invariant, it.row.as_str())).collect();
    assert_eq!(found, [("emergencies", "window 4 was opened in spite of a bar")]);
}
