//! What settlements say of an account: the order of its periods, penalties and the rating. Block n has
//! the time n × 1,000 ms.

use assent_indexer_testing::Mirror;
use assent_indexer_testing::carbon::class_created;
use assent_indexer_testing::compliance::{
    COLLECTOR, Settled, allocated, penalty_imposed, penalty_paid, penalty_set, period_set,
    reported, surrendered, two_periods,
};
use expect_test::expect;
use sqlx::PgPool;

use super::compliance::STANDINGS;
use super::refuses;

/// The worked example of the contract's documentation, and compliance that comes late.
#[sqlx::test(migrations = false)]
async fn the_rating_follows_from_what_is_settled_and_paid(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write([two_periods(), allocated((1, 1), 1, 600), allocated((1, 1), 2, 400)].concat())
        .await;
    // Who takes part in a later period first and in an earlier one then begins with the earlier.
    let ahead = vec![surrendered(2, 1, 1, 5), surrendered(2, 1, 2, 5)];
    mirror.write([allocated((2, 2), 3, 9), ahead].concat()).await;
    expect![[r#"
        account=01 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-8
        account=02 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-10
        account=03 next=2 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=6-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);
    mirror
        .write(vec![reported(1, 3, 1, 0), reported(1, 1, 1, 100), surrendered(1, 1, 1, 100)])
        .await;
    expect![[r#"
        account=01 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-8
        account=02 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-10
        account=03 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=7-1
    "#]].assert_eq(&mirror.table(STANDINGS).await);
    mirror.write(vec![]).await;

    // Account 1 and 3 in time; account 2 reports and surrenders once settlement has begun.
    let on_time = Settled {
        period: 1,
        account: 1,
        verified: 100,
        surrendered: 100,
        brought: (0, 0),
        left: (0, 0),
        timely: true,
        rating: 1_000,
    };
    let idle = Settled { account: 3, verified: 0, surrendered: 0, ..on_time };
    let late = Settled { account: 2, timely: false, rating: 750, ..on_time };
    mirror
        .write(vec![
            on_time.event(),
            idle.event(),
            reported(1, 2, 1, 100),
            surrendered(1, 1, 2, 100),
            late.event(),
        ])
        .await;
    expect![[r#"
        account=01 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=0 rating=1000 at=9-1
        account=02 next=2 settled=1 compliant=1 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=750 at=9-5
        account=03 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=0 rating=1000 at=9-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);

    mirror.write(vec![reported(2, 1, 1, 8)]).await;
    mirror.write(vec![]).await;
    let short = Settled {
        period: 2,
        verified: 8,
        surrendered: 5,
        left: (3, 0),
        timely: false,
        rating: 425,
        ..on_time
    };
    mirror.write(vec![short.event(), penalty_imposed(2, 1, 3, 300)]).await;
    expect![[r#"
        account=01 next=3 settled=2 compliant=1 timely=1 penalties=1 paid=0 deficit=3 surplus=0 rating=425 at=12-1
        account=02 next=2 settled=1 compliant=1 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=750 at=9-5
        account=03 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=0 rating=1000 at=9-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);
    mirror.write(vec![penalty_paid(2, 1, COLLECTOR, 300, 575)]).await;
    expect![[r#"
        account=01 next=3 settled=2 compliant=1 timely=1 penalties=1 paid=1 deficit=3 surplus=0 rating=575 at=13-1
        account=02 next=2 settled=1 compliant=1 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=750 at=9-5
        account=03 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=0 rating=1000 at=9-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);
}

#[sqlx::test(migrations = false)]
async fn penalties_are_rounded_up_and_end_at_the_greatest_amount(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let mut events = vec![class_created(1, None), penalty_set(1, COLLECTOR)];
    events.extend(period_set((1, 1), (1, 1_000), (1_000, 2_000, 3_000), 1));
    events.push(penalty_set(u128::MAX, COLLECTOR));
    events.extend(period_set((2, 2), (1_001, u128::MAX), (2_000, 3_000, 4_000), u128::MAX));
    mirror.write(events).await;
    mirror.write(vec![reported(1, 1, 1, 1), reported(2, 1, 1, u128::from(u64::MAX))]).await;
    let first = Settled {
        period: 1,
        account: 1,
        verified: 1,
        surrendered: 0,
        brought: (0, 0),
        left: (1, 0),
        timely: false,
        rating: 0,
    };
    mirror.write(vec![first.event(), penalty_imposed(1, 1, 1, 1)]).await;
    let verified = u128::from(u64::MAX);
    let second = Settled { period: 2, verified, brought: (1, 0), left: (verified + 1, 0), ..first };
    let greatest = u128::MAX.div_ceil(1_000);
    // The contract imposes the penalty in the same block.
    mirror.try_write(vec![second.event()]).await.unwrap();
    refuses(
        &mut mirror,
        vec![
            ("does not follow from its deficit", penalty_imposed(2, 1, verified + 1, greatest - 1)),
            ("does not follow from its deficit", penalty_imposed(2, 1, verified, greatest)),
        ],
    )
    .await;
    mirror.write(vec![penalty_imposed(2, 1, verified + 1, greatest)]).await;
    assert_eq!(
        mirror.rows("select penalty::text from carbon_duties order by period").await,
        ["1".to_owned(), greatest.to_string()]
    );
    refuses(
        &mut mirror,
        vec![
            ("does not follow from its deficit", penalty_imposed(1, 1, 1, 1)),
            ("owes no such penalty", penalty_paid(1, 1, COLLECTOR, 2, 75)),
            ("owes no such penalty", penalty_paid(1, 1, 0xcd, 1, 75)),
            ("owes no such penalty", penalty_paid(1, 2, COLLECTOR, 1, 75)),
            ("carbon_standings_rating_is_earned", penalty_paid(1, 1, COLLECTOR, 1, 150)),
        ],
    )
    .await;
    mirror.write(vec![penalty_paid(1, 1, COLLECTOR, 1, 75)]).await;
    refuses(&mut mirror, vec![("owes no such penalty", penalty_paid(1, 1, COLLECTOR, 1, 150))])
        .await;
}

#[sqlx::test(migrations = false)]
async fn periods_are_settled_in_their_order(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write([two_periods(), allocated((1, 1), 1, 600)].concat()).await;
    for _ in 0..7 {
        mirror.write(vec![]).await;
    }
    mirror.write(vec![reported(1, 1, 1, 0), reported(2, 1, 1, 0)]).await;
    let late = Settled {
        period: 1,
        account: 1,
        verified: 0,
        surrendered: 0,
        brought: (0, 0),
        left: (0, 0),
        timely: false,
        rating: 750,
    };
    let later = Settled { period: 2, ..late };
    refuses(&mut mirror, vec![("is not the next one", later.event())]).await;
    mirror.write(vec![late.event(), later.event()]).await;
    expect![[r#"
        account=01 next=3 settled=2 compliant=2 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=750 at=14-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);
}
