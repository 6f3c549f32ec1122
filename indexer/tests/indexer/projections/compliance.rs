//! Compliance: periods, allowances, verified emissions, surrenders, and their settlement. Block n has
//! the time n × 1,000 ms.

use assent_client::EmittedEvent;
use assent_indexer_testing::Mirror;
use assent_indexer_testing::carbon::{
    batch, batch_created, class_created, frozen, issued, project_created, transferred,
};
use assent_indexer_testing::compliance::{
    COLLECTOR, Settled, TARIFF, allocated, penalty_imposed, penalty_paid, penalty_set,
    penalty_set_from, period, period_set, reported, reported_by, surrendered, two_periods,
};
use expect_test::expect;
use sqlx::PgPool;

use super::carbon::{BALANCES, BATCHES};
use super::refuses;

/// The last column is what the batch says of its period.
const PERIODS: &str = "(select p.*, b.period as period_of_batch from \
     carbon_periods p join carbon_batches b using (batch)) periods order by period";

const PENALTY: &str = "carbon_penalty";

/// The duty itself, and how it was settled.
const DUTIES: &str = "carbon_duties order by period, account";

const REPORTS: &str = "carbon_emission_reports order by period, account, version";

const SURRENDERS: &str = "carbon_surrenders order by block_number, event_index";

pub const STANDINGS: &str = "carbon_standings order by account";

#[sqlx::test(migrations = false)]
async fn two_emitters_are_settled_over_two_periods(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write([two_periods(), allocated((1, 1), 1, 600), allocated((1, 1), 2, 400)].concat())
        .await;
    expect![[r#"
        tariff=100000 collector=cc next_tariff=- next_collector=- next_from_ms=- at=5-2
    "#]]
    .assert_eq(&mirror.table(PENALTY).await);
    expect![[r#"
        period=1 batch=1 start_ms=5000 end_ms=7000 settle_from_ms=9000 cap=1000 tariff=100000 period_of_batch=1 at=5-4
        period=2 batch=2 start_ms=7000 end_ms=10000 settle_from_ms=12000 cap=1000 tariff=100000 period_of_batch=2 at=5-6
    "#]].assert_eq(&mirror.table(PERIODS).await);
    expect![[r#"
        period=1 account=01 allocated=600 reports=0 reported_at_ms=- verified=0 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=5-8
        period=1 account=02 allocated=400 reports=0 reported_at_ms=- verified=0 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=5-10
    "#]].assert_eq(&mirror.table(DUTIES).await);
    expect![[r#"
        account=01 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-8
        account=02 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=5-10
    "#]].assert_eq(&mirror.table(STANDINGS).await);

    mirror.write([allocated((2, 2), 1, 300), allocated((2, 2), 1, 200)].concat()).await;
    mirror.write(vec![reported(1, 1, 1, 550), reported(1, 2, 1, 450)]).await;
    // A correction, and what covers it.
    let covered = vec![surrendered(1, 1, 1, 500), surrendered(1, 1, 1, 20)];
    let short = vec![reported(1, 1, 2, 500), surrendered(1, 1, 2, 400)];
    mirror.write([covered, short].concat()).await;
    expect![[r#"
        period=1 account=01 allocated=600 reports=2 reported_at_ms=7000 verified=500 surrendered=520 surrendered_at_ms=8000 settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=8-3
        period=1 account=02 allocated=400 reports=1 reported_at_ms=7000 verified=450 surrendered=400 surrendered_at_ms=8000 settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=8-4
        period=2 account=01 allocated=500 reports=0 reported_at_ms=- verified=0 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=6-4
    "#]].assert_eq(&mirror.table(DUTIES).await);
    expect![[r#"
        period=1 account=01 version=1 emissions=550 report=4e verifier=08 at=7-1
        period=1 account=01 version=2 emissions=500 report=4e verifier=08 at=8-3
        period=1 account=02 version=1 emissions=450 report=4e verifier=08 at=7-2
    "#]]
    .assert_eq(&mirror.table(REPORTS).await);
    expect![[r#"
        batch=1 owner=01 tradable=80 escrowed=0 retired=0 surrendered=520 cancelled=0 at=8-2
        batch=1 owner=02 tradable=0 escrowed=0 retired=0 surrendered=400 cancelled=0 at=8-4
        batch=2 owner=01 tradable=500 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-3
    "#]]
    .assert_eq(&mirror.table(BALANCES).await);
    expect![[r#"
        batch=1 class=1 project=- period=1 serial_start=1 serial_end=1000 vintage_start_ms=5000 vintage_end_ms=7000 sealed=false issued=1000 tradable=80 escrowed=0 retired=0 surrendered=920 cancelled=0 at=8-4
        batch=2 class=1 project=- period=2 serial_start=1001 serial_end=2000 vintage_start_ms=7000 vintage_end_ms=10000 sealed=false issued=500 tradable=500 escrowed=0 retired=0 surrendered=0 cancelled=0 at=6-3
    "#]].assert_eq(&mirror.table(BATCHES).await);

    // At the first moment: 500 against 520, and 450 against 400.
    let first = Settled {
        period: 1,
        account: 1,
        verified: 500,
        surrendered: 520,
        brought: (0, 0),
        left: (0, 20),
        timely: true,
        rating: 1_000,
    };
    let second = Settled {
        account: 2,
        verified: 450,
        surrendered: 400,
        left: (50, 0),
        timely: false,
        rating: 0,
        ..first
    };
    mirror.write(vec![first.event(), second.event(), penalty_imposed(1, 2, 50, 5_000)]).await;
    expect![[r#"
        period=1 account=01 allocated=600 reports=2 reported_at_ms=7000 verified=500 surrendered=520 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=0 surplus=20 timely=true penalty=- paid_at_ms=- payer=- collector=- at=9-1
        period=1 account=02 allocated=400 reports=1 reported_at_ms=7000 verified=450 surrendered=400 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=50 surplus=0 timely=false penalty=5000 paid_at_ms=- payer=- collector=- at=9-3
        period=2 account=01 allocated=500 reports=0 reported_at_ms=- verified=0 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=6-4
    "#]].assert_eq(&mirror.table(DUTIES).await);
    expect![[r#"
        account=01 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=20 rating=1000 at=9-1
        account=02 next=2 settled=1 compliant=0 timely=0 penalties=1 paid=0 deficit=50 surplus=0 rating=0 at=9-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);

    // Paid, the deficit stays. The collector is the one of that moment.
    let reports = vec![reported(2, 1, 1, 530), reported(2, 2, 1, 100)];
    let paid = vec![penalty_set(TARIFF, 0xcd), penalty_paid(1, 2, 0xcd, 5_000, 150)];
    mirror.write([reports, paid].concat()).await;
    expect![[r#"
        period=1 account=01 allocated=600 reports=2 reported_at_ms=7000 verified=500 surrendered=520 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=0 surplus=20 timely=true penalty=- paid_at_ms=- payer=- collector=- at=9-1
        period=1 account=02 allocated=400 reports=1 reported_at_ms=7000 verified=450 surrendered=400 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=50 surplus=0 timely=false penalty=5000 paid_at_ms=10000 payer=03 collector=cd at=10-4
        period=2 account=01 allocated=500 reports=1 reported_at_ms=10000 verified=530 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=10-1
        period=2 account=02 allocated=0 reports=1 reported_at_ms=10000 verified=100 surrendered=0 surrendered_at_ms=- settled_at_ms=- brought_deficit=- brought_surplus=- deficit=- surplus=- timely=- penalty=- paid_at_ms=- payer=- collector=- at=10-2
    "#]].assert_eq(&mirror.table(DUTIES).await);
    expect![[r#"
        account=01 next=2 settled=1 compliant=1 timely=1 penalties=0 paid=0 deficit=0 surplus=20 rating=1000 at=9-1
        account=02 next=2 settled=1 compliant=0 timely=0 penalties=1 paid=1 deficit=50 surplus=0 rating=150 at=10-4
    "#]].assert_eq(&mirror.table(STANDINGS).await);

    // Allowances of the earlier period count for the later one, also bought ones and a frozen
    // account's.
    let last = vec![surrendered(2, 1, 1, 10), surrendered(2, 2, 1, 500)];
    let bought = vec![transferred(1, 1, 2, 70, 1), frozen(2, 0xf2), surrendered(2, 1, 2, 70)];
    mirror.write([last, bought].concat()).await;
    expect![[r#"
        period=1 batch=1 account=01 amount=500 at=8-1
        period=1 batch=1 account=01 amount=20 at=8-2
        period=1 batch=1 account=02 amount=400 at=8-4
        period=2 batch=1 account=01 amount=10 at=11-1
        period=2 batch=2 account=01 amount=500 at=11-2
        period=2 batch=1 account=02 amount=70 at=11-5
    "#]]
    .assert_eq(&mirror.table(SURRENDERS).await);
    // What was brought over counts: 530 against 510 and 20, and 100 and 50 against 70.
    let first = Settled {
        period: 2,
        verified: 530,
        surrendered: 510,
        brought: (0, 20),
        left: (0, 0),
        ..first
    };
    let second = Settled {
        period: 2,
        verified: 100,
        surrendered: 70,
        brought: (50, 0),
        left: (80, 0),
        rating: 75,
        ..second
    };
    mirror.write(vec![first.event(), second.event(), penalty_imposed(2, 2, 80, 8_000)]).await;
    expect![[r#"
        period=1 account=01 allocated=600 reports=2 reported_at_ms=7000 verified=500 surrendered=520 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=0 surplus=20 timely=true penalty=- paid_at_ms=- payer=- collector=- at=9-1
        period=1 account=02 allocated=400 reports=1 reported_at_ms=7000 verified=450 surrendered=400 surrendered_at_ms=8000 settled_at_ms=9000 brought_deficit=0 brought_surplus=0 deficit=50 surplus=0 timely=false penalty=5000 paid_at_ms=10000 payer=03 collector=cd at=10-4
        period=2 account=01 allocated=500 reports=1 reported_at_ms=10000 verified=530 surrendered=510 surrendered_at_ms=11000 settled_at_ms=12000 brought_deficit=0 brought_surplus=20 deficit=0 surplus=0 timely=true penalty=- paid_at_ms=- payer=- collector=- at=12-1
        period=2 account=02 allocated=0 reports=1 reported_at_ms=10000 verified=100 surrendered=70 surrendered_at_ms=11000 settled_at_ms=12000 brought_deficit=50 brought_surplus=0 deficit=80 surplus=0 timely=false penalty=8000 paid_at_ms=- payer=- collector=- at=12-3
    "#]].assert_eq(&mirror.table(DUTIES).await);
    expect![[r#"
        account=01 next=3 settled=2 compliant=2 timely=2 penalties=0 paid=0 deficit=0 surplus=0 rating=1000 at=12-1
        account=02 next=3 settled=2 compliant=0 timely=0 penalties=2 paid=1 deficit=80 surplus=0 rating=75 at=12-2
    "#]].assert_eq(&mirror.table(STANDINGS).await);
}

#[sqlx::test(migrations = false)]
async fn periods_that_contradict_the_ones_before_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![class_created(1, None), class_created(2, Some(8)), project_created(1, 2)])
        .await;
    let next = |times, tariff| period_set((1, 1), (1, 10), times, tariff);
    // No tariff was set.
    let reason = mirror.refusal(next((1, 2, 3), 1)).await;
    assert!(reason.contains("another tariff"), "{reason}");
    mirror.write(vec![penalty_set(7, COLLECTOR)]).await;
    mirror.write(next((1_000, 2_000, 3_000), 7)).await;

    let times = (2_000, 3_000, 4_000);
    let allowances = batch(2, 1, None, (11, 20), (times.0, times.1));
    let credits = batch_created(3, 2, Some(1), (1, 10));
    // The contract sets the period in the same block.
    mirror.try_write(vec![allowances, credits]).await.unwrap();
    let before = mirror.table(PERIODS).await;
    refuses(
        &mut mirror,
        vec![
            ("does not follow", period(1, 2, times, 10, 7)),
            ("does not follow", period(3, 2, times, 10, 7)),
            ("another tariff", period(2, 2, times, 10, 8)),
            ("does not follow", period(2, 2, (1_999, 3_000, 4_000), 10, 7)),
            ("not that of the allowances", period(2, 2, (3_000, 3_000, 4_000), 10, 7)),
            ("carbon_periods_settled_afterwards", period(2, 2, (2_000, 3_000, 3_000), 10, 7)),
            ("not that of the allowances", period(2, 2, times, 0, 7)),
            // A batch of another cap, vintage, class or period, and one that is not there.
            ("is not that of the allowances", period(2, 2, times, 9, 7)),
            ("is not that of the allowances", period(2, 2, (2_000, 3_001, 4_000), 10, 7)),
            ("is not that of the allowances", period(2, 3, times, 10, 7)),
            ("not that of the allowances", period(2, 1, times, 10, 7)),
            ("not that of the allowances", period(2, 4, times, 10, 7)),
            ("carbon_penalty_tariff_not_zero", penalty_set(0, COLLECTOR)),
            ("carbon_penalty_next_tariff_not_zero", penalty_set_from(0, COLLECTOR, u64::MAX)),
        ],
    )
    .await;
    assert_eq!(mirror.table(PERIODS).await, before);
    mirror.write(vec![period(2, 2, times, 10, 7)]).await;
}

#[sqlx::test(migrations = false)]
async fn a_penalty_waits_until_its_moment(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let next = |tariff| period_set((1, 1), (1, 10), (1_000, 2_000, 3_000), tariff);
    mirror.write(vec![class_created(1, None), penalty_set_from(7, COLLECTOR, 7_000)]).await;
    expect![[r#"
        tariff=- collector=- next_tariff=7 next_collector=cc next_from_ms=7000 at=5-2
    "#]]
    .assert_eq(&mirror.table(PENALTY).await);
    let reason = mirror.refusal(next(7)).await;
    assert!(reason.contains("another tariff"), "{reason}");
    mirror.write(vec![penalty_set_from(8, 0xcd, 8_000)]).await;
    // Block 7: the first one was replaced while it waited.
    let reason = mirror.refusal(next(7)).await;
    assert!(reason.contains("another tariff"), "{reason}");
    mirror.write(vec![]).await;
    mirror.write(next(8)).await;
    expect![[r#"
        tariff=- collector=- next_tariff=8 next_collector=cd next_from_ms=8000 at=6-1
    "#]]
    .assert_eq(&mirror.table(PENALTY).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_duty_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write([two_periods(), allocated((1, 1), 1, 600), allocated((2, 2), 1, 300)].concat())
        .await;
    let credits = vec![class_created(2, Some(8)), project_created(1, 2)];
    let held = vec![batch_created(3, 2, Some(1), (1, 10)), issued(3, 1, 10)];
    mirror.write([credits, held].concat()).await;
    let one = |events: Vec<EmittedEvent>| events[1].clone();
    // Block 7: period 1 is over, period 2 is not.
    refuses(
        &mut mirror,
        vec![
            ("is not the next one", reported(1, 1, 2, 5)),
            ("or the period is not over", reported(2, 1, 1, 5)),
            ("period 3 is not there", reported(3, 1, 1, 5)),
            ("carbon_duties_verified_is_u64", reported(1, 1, 1, u128::from(u64::MAX) + 1)),
            ("carbon_emission_reports_by_another", reported_by(1, 1, (1, 0x4e), 1, 5)),
            // Allowances of a later period, credits, more than it holds, none.
            ("no allowances that count", surrendered(1, 2, 1, 5)),
            ("no allowances that count", surrendered(1, 3, 1, 5)),
            ("no allowances that count", surrendered(1, 4, 1, 5)),
            ("falls below zero", surrendered(1, 1, 1, 601)),
            ("holds no units", surrendered(1, 1, 2, 1)),
            ("at_some_time", surrendered(1, 1, 1, 0)),
            ("period 3 is not there", surrendered(3, 1, 1, 1)),
        ],
    )
    .await;

    let on_time = Settled {
        period: 1,
        account: 1,
        verified: 500,
        surrendered: 450,
        brought: (0, 0),
        left: (50, 0),
        timely: false,
        rating: 0,
    };
    mirror.write(vec![reported(1, 1, 1, 500), surrendered(1, 1, 1, 450)]).await;
    refuses(&mut mirror, vec![("too early", on_time.event())]).await;
    mirror.write(vec![]).await;
    let covered = Settled { surrendered: 500, left: (0, 0), timely: true, ..on_time };
    refuses(
        &mut mirror,
        vec![
            ("has begun", one(allocated((1, 1), 1, 1))),
            ("is not of what was reported", Settled { account: 2, ..on_time }.event()),
            ("is not of what was reported", Settled { verified: 499, ..on_time }.event()),
            ("is not of what was reported", covered.event()),
            ("is not of what was reported", Settled { timely: true, ..on_time }.event()),
            ("carbon_duties_settled_exactly", Settled { left: (49, 0), ..on_time }.event()),
            ("carbon_duties_left_one", Settled { left: (51, 1), ..on_time }.event()),
            ("is not the next one", Settled { brought: (1, 1), ..on_time }.event()),
            ("left something else", Settled { brought: (1, 0), left: (51, 0), ..on_time }.event()),
            // Without the penalty that is to follow, the rating would be 150.
            ("rating_is_earned", Settled { rating: 150, ..on_time }.event()),
            ("does not follow from its deficit", penalty_imposed(1, 1, 50, 5_000)),
        ],
    )
    .await;

    mirror.write(vec![on_time.event(), penalty_imposed(1, 1, 50, 5_000)]).await;
    refuses(
        &mut mirror,
        vec![
            ("is not of what was reported", on_time.event()),
            ("is over for 0x0101", reported(1, 1, 2, 1)),
            ("is over for 0x0101", surrendered(1, 1, 1, 1)),
        ],
    )
    .await;
    mirror.write(vec![]).await;
    mirror.write(vec![]).await;
    // Block 12: settlement has begun, but nothing was reported.
    let unreported =
        Settled { period: 2, verified: 0, surrendered: 0, brought: (50, 0), ..on_time };
    refuses(&mut mirror, vec![("carbon_duties_settled_if_reported", unreported.event())]).await;
}
