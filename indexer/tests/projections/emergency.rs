//! Emergencies: windows, what they permit, their reviews and the sanctions.

use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::Mirror;
use assent_indexer_testing::consent::Access;
use assent_indexer_testing::emergency::{
    FOUND_UNJUSTIFIED, JUSTIFIED, UNJUSTIFIED, UNREVIEWED, broken, closed, proposed, reviewed,
};

const WINDOWS: &str = "select concat_ws(' ', id, substr(encode(patient, 'hex'), 1, 2), \
     substr(encode(provider, 'hex'), 1, 2), substr(encode(justification, 'hex'), 1, 2), \
     opened_at_ms, until_ms, review_by_ms, \
     coalesce(closed_at_ms || ':' || substr(encode(closed_by, 'hex'), 1, 2), '-'), \
     coalesce(outcome || ':' || reviewed_at_ms || ':' || \
     substr(encode(reviewed_by, 'hex'), 1, 2), '-'), uses, block_number || '-' || event_index) \
     from emergency_windows order by id";

const SANCTIONS: &str = "select concat_ws(' ', window_id, substr(encode(provider, 'hex'), 1, 2), \
     reason, proposed_at_ms, block_number || '-' || event_index) from sanctions order by window_id";

#[sqlx::test(migrations = false)]
async fn a_window_is_opened_used_closed_and_reviewed(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Access { at: 109, ..Access::of(1, 1).by_window(1) };
    let second = Access { at: 109, ..first.next(2).by_window(1) };
    mirror.write(vec![broken(1, 1, 2, 100), first.event(), second.event()]).await;
    assert_eq!(mirror.rows(WINDOWS).await, ["1 01 02 1f 100 110 120 - - 2 5-3"]);
    const PERMITS: &str = "select concat_ws(' ', access, coalesce(grant_id::text, '-'), window_id, \
         permitted) from access_log order by access";
    assert_eq!(mirror.rows(PERMITS).await, ["1 - 1 t", "2 - 1 t"]);

    mirror.write(vec![closed(1, 2, 109), reviewed(1, 9, JUSTIFIED, 119)]).await;
    assert_eq!(
        mirror.rows(WINDOWS).await,
        ["1 01 02 1f 100 110 120 109:02 justified:119:09 2 6-2"]
    );
    // Closed, so the next emergency of the two gets a window of its own; others are independent.
    mirror.write(vec![broken(2, 1, 2, 109), broken(3, 1, 3, 109), broken(4, 3, 2, 109)]).await;
    assert_eq!(mirror.rows(WINDOWS).await[1], "2 01 02 1f 109 119 129 - - 0 7-1");
    // Over, so another follows; the patient may close too.
    mirror.write(vec![broken(5, 1, 2, 119), closed(5, 1, 119)]).await;
    assert_eq!(mirror.rows(WINDOWS).await[4], "5 01 02 1f 119 129 139 119:01 - 0 8-2");
    assert_eq!(mirror.rows(SANCTIONS).await, [""; 0]);
}

#[sqlx::test(migrations = false)]
async fn an_unjustified_or_unreviewed_window_is_sanctioned_once(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![broken(1, 1, 2, 100), broken(2, 1, 3, 100)]).await;
    mirror
        .write(vec![reviewed(1, 9, UNJUSTIFIED, 105), proposed(1, 2, FOUND_UNJUSTIFIED, 105)])
        .await;
    // The deadline passed; a late review changes the sanction no more.
    mirror.write(vec![proposed(2, 3, UNREVIEWED, 120), reviewed(2, 9, UNJUSTIFIED, 130)]).await;
    assert_eq!(
        mirror.rows(SANCTIONS).await,
        ["1 02 unjustified 105 6-2", "2 03 unreviewed 120 7-1"]
    );
    assert_eq!(
        mirror.rows(WINDOWS).await,
        [
            "1 01 02 1f 100 110 120 - unjustified:105:09 0 6-1",
            "2 01 03 1f 100 110 120 - unjustified:130:09 0 7-2"
        ]
    );
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
        ])
        .await;
    let before = mirror.rows(WINDOWS).await;
    let access = Access { at: 105, ..Access::of(1, 1) };
    refuses(
        &mut mirror,
        vec![
            ("emergency_windows_pkey", broken(1, 3, 2, 200)),
            ("while window 1", broken(3, 1, 2, 109)),
            ("emergency_windows_parties_differ", broken(3, 1, 1, 200)),
            ("already closed", closed(2, 1, 106)),
            ("already closed", closed(9, 1, 106)),
            ("emergency_windows_closed_by_a_party", closed(1, 9, 105)),
            // It was over by itself.
            ("emergency_windows_closed_while_open", closed(1, 2, 110)),
            ("already reviewed", reviewed(2, 9, UNJUSTIFIED, 107)),
            ("already reviewed", reviewed(9, 9, UNJUSTIFIED, 107)),
            ("emergency_windows_reviewed_by_another", reviewed(1, 2, JUSTIFIED, 107)),
            ("emergency_windows_reviewed_by_another", reviewed(1, 1, JUSTIFIED, 107)),
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
    assert_eq!(mirror.rows(WINDOWS).await, before);
}
