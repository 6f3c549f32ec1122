//! Compliance: periods, allowances, verified emissions, surrenders, and their settlement. Block n has
//! the time n × 1,000 ms.

use assent_client::EmittedEvent;
use sqlx::PgPool;

use assent_indexer_testing::Mirror;
use assent_indexer_testing::carbon::{
    batch, batch_created, class_created, frozen, issued, project_created, transferred,
};
use assent_indexer_testing::compliance::{
    COLLECTOR, Settled, TARIFF, allocated, penalty_imposed, penalty_paid, penalty_set, period,
    period_set, reported, reported_by, surrendered, two_periods,
};

use crate::carbon::{BALANCES, BATCHES};
use crate::refuses;

/// The last column is what the batch says of its period.
const PERIODS: &str = "select concat_ws(' ', p.period, p.batch, start_ms, end_ms, settle_from_ms, \
     cap, tariff, p.block_number || '-' || p.event_index, coalesce(b.period::text, '-')) \
     from carbon_periods p join carbon_batches b on b.batch = p.batch order by p.period";

const PENALTY: &str = "select concat_ws(' ', tariff, substr(encode(collector, 'hex'), 1, 2), \
     block_number || '-' || event_index) from carbon_penalty";

/// The duty itself, and how it was settled.
const DUTIES: &str = "select concat_ws(' ', period, substr(encode(account, 'hex'), 1, 2), \
     allocated, reports, coalesce(reported_at_ms::text, '-'), verified, surrendered, \
     coalesce(surrendered_at_ms::text, '-'), block_number || '-' || event_index) \
     from carbon_duties order by period, account";

const SETTLED: &str = "select concat_ws(' ', period, substr(encode(account, 'hex'), 1, 2), \
     settled_at_ms, brought_deficit, brought_surplus, deficit, surplus, timely, \
     coalesce(penalty::text, '-'), coalesce(paid_at_ms::text, '-'), \
     coalesce(substr(encode(payer, 'hex'), 1, 2), '-'), \
     coalesce(substr(encode(collector, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) \
     from carbon_duties where settled_at_ms is not null order by period, account";

const REPORTS: &str = "select concat_ws(' ', period, substr(encode(account, 'hex'), 1, 2), version, \
     emissions, substr(encode(report, 'hex'), 1, 2), substr(encode(verifier, 'hex'), 1, 2), \
     block_number || '-' || event_index) from carbon_emission_reports \
     order by period, account, version";

const SURRENDERS: &str = "select concat_ws(' ', period, batch, substr(encode(account, 'hex'), 1, 2), \
     amount, block_number || '-' || event_index) from carbon_surrenders \
     order by block_number, event_index";

pub const STANDINGS: &str = "select concat_ws(' ', substr(encode(account, 'hex'), 1, 2), next, settled, \
     compliant, timely, penalties, paid, deficit, surplus, rating, \
     block_number || '-' || event_index) from carbon_standings order by account";

#[sqlx::test(migrations = false)]
async fn two_emitters_are_settled_over_two_periods(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write([two_periods(), allocated((1, 1), 1, 600), allocated((1, 1), 2, 400)].concat())
        .await;
    assert_eq!(mirror.rows(PENALTY).await, ["100000 cc 5-2"]);
    assert_eq!(
        mirror.rows(PERIODS).await,
        ["1 1 5000 7000 9000 1000 100000 5-4 1", "2 2 7000 10000 12000 1000 100000 5-6 2"]
    );
    assert_eq!(mirror.rows(DUTIES).await, ["1 01 600 0 - 0 0 - 5-8", "1 02 400 0 - 0 0 - 5-10"]);
    assert_eq!(
        mirror.rows(STANDINGS).await,
        ["01 1 0 0 0 0 0 0 0 500 5-8", "02 1 0 0 0 0 0 0 0 500 5-10"]
    );

    mirror.write([allocated((2, 2), 1, 300), allocated((2, 2), 1, 200)].concat()).await;
    mirror.write(vec![reported(1, 1, 1, 550), reported(1, 2, 1, 450)]).await;
    // A correction, and what covers it.
    let covered = vec![surrendered(1, 1, 1, 500), surrendered(1, 1, 1, 20)];
    let short = vec![reported(1, 1, 2, 500), surrendered(1, 1, 2, 400)];
    mirror.write([covered, short].concat()).await;
    assert_eq!(
        mirror.rows(DUTIES).await,
        [
            "1 01 600 2 7000 500 520 8000 8-3",
            "1 02 400 1 7000 450 400 8000 8-4",
            "2 01 500 0 - 0 0 - 6-4"
        ]
    );
    assert_eq!(
        mirror.rows(REPORTS).await,
        ["1 01 1 550 4e 08 7-1", "1 01 2 500 4e 08 8-3", "1 02 1 450 4e 08 7-2"]
    );
    assert_eq!(
        mirror.rows(BALANCES).await,
        ["1 01 80 0 0 520 0 8-2", "1 02 0 0 0 400 0 8-4", "2 01 500 0 0 0 0 6-3"]
    );
    assert_eq!(mirror.rows(BATCHES).await[0], "1 f 1000 80 0 0 920 0 8-4");

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
    assert_eq!(
        mirror.rows(SETTLED).await,
        ["1 01 9000 0 0 0 20 t - - - - 9-1", "1 02 9000 0 0 50 0 f 5000 - - - 9-3"]
    );
    assert_eq!(
        mirror.rows(STANDINGS).await,
        ["01 2 1 1 1 0 0 0 20 1000 9-1", "02 2 1 0 0 1 0 50 0 0 9-2"]
    );

    // Paid, the deficit stays. The collector is the one of that moment.
    let reports = vec![reported(2, 1, 1, 530), reported(2, 2, 1, 100)];
    let paid = vec![penalty_set(TARIFF, 0xcd), penalty_paid(1, 2, 0xcd, 5_000, 150)];
    mirror.write([reports, paid].concat()).await;
    assert_eq!(mirror.rows(SETTLED).await[1], "1 02 9000 0 0 50 0 f 5000 10000 03 cd 10-4");
    assert_eq!(mirror.rows(STANDINGS).await[1], "02 2 1 0 0 1 1 50 0 150 10-4");

    // Allowances of the earlier period count for the later one, also bought ones and a frozen
    // account's.
    let last = vec![surrendered(2, 1, 1, 10), surrendered(2, 2, 1, 500)];
    let bought = vec![transferred(1, 1, 2, 70, 1), frozen(2, 0xf2), surrendered(2, 1, 2, 70)];
    mirror.write([last, bought].concat()).await;
    assert_eq!(
        mirror.rows(SURRENDERS).await,
        [
            "1 1 01 500 8-1",
            "1 1 01 20 8-2",
            "1 1 02 400 8-4",
            "2 1 01 10 11-1",
            "2 2 01 500 11-2",
            "2 1 02 70 11-5"
        ]
    );
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
    assert_eq!(
        mirror.rows(SETTLED).await[2..],
        ["2 01 12000 0 20 0 0 t - - - - 12-1", "2 02 12000 50 0 80 0 f 8000 - - - 12-3"]
    );
    assert_eq!(
        mirror.rows(STANDINGS).await,
        ["01 3 2 2 2 0 0 0 0 1000 12-1", "02 3 2 0 0 2 1 80 0 75 12-2"]
    );
}

#[sqlx::test(migrations = false)]
async fn periods_that_contradict_the_ones_before_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror
        .write(vec![class_created(1, None), class_created(2, Some(8)), project_created(1, 2)])
        .await;
    let next = |times, tariff| period_set((1, 1), (1, 10), times, tariff);
    // No tariff was set.
    let error = mirror.try_write(next((1, 2, 3), 1)).await.unwrap_err();
    assert!(error.to_string().contains("another tariff"), "{error}");
    mirror.write(vec![penalty_set(7, COLLECTOR)]).await;
    mirror.write(next((1_000, 2_000, 3_000), 7)).await;

    let times = (2_000, 3_000, 4_000);
    let allowances = batch(2, 1, None, (11, 20), (times.0, times.1));
    let credits = batch_created(3, 2, Some(1), (1, 10));
    // The contract sets the period in the same block.
    mirror.try_write(vec![allowances, credits]).await.unwrap();
    let before = mirror.rows(PERIODS).await;
    refuses(
        &mut mirror,
        vec![
            ("does not follow", period(1, 2, times, 10, 7)),
            ("does not follow", period(3, 2, times, 10, 7)),
            ("another tariff", period(2, 2, times, 10, 8)),
            ("does not follow", period(2, 2, (1_999, 3_000, 4_000), 10, 7)),
            ("carbon_periods_not_empty", period(2, 2, (3_000, 3_000, 4_000), 10, 7)),
            ("carbon_periods_settled_afterwards", period(2, 2, (2_000, 3_000, 3_000), 10, 7)),
            ("carbon_periods_cap_not_zero", period(2, 2, times, 0, 7)),
            // A batch of another cap, vintage, class or period, and one that is not there.
            ("is not that of the allowances", period(2, 2, times, 9, 7)),
            ("is not that of the allowances", period(2, 2, (2_000, 3_001, 4_000), 10, 7)),
            ("is not that of the allowances", period(2, 3, times, 10, 7)),
            ("carbon_periods_batch_key", period(2, 1, times, 10, 7)),
            ("carbon_periods_batch_fkey", period(2, 4, times, 10, 7)),
            ("carbon_penalty_tariff_not_zero", penalty_set(0, COLLECTOR)),
        ],
    )
    .await;
    assert_eq!(mirror.rows(PERIODS).await, before);
    mirror.write(vec![period(2, 2, times, 10, 7)]).await;
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
            ("carbon_duties_period_fkey", reported(3, 1, 1, 5)),
            ("carbon_duties_verified_is_u64", reported(1, 1, 1, u128::from(u64::MAX) + 1)),
            ("carbon_emission_reports_by_another", reported_by(1, 1, (1, 0x4e), 1, 5)),
            // Allowances of a later period, credits, more than it holds, none.
            ("no allowances that count", surrendered(1, 2, 1, 5)),
            ("no allowances that count", surrendered(1, 3, 1, 5)),
            ("no allowances that count", surrendered(1, 4, 1, 5)),
            ("amount_range", surrendered(1, 1, 1, 601)),
            ("holds no units", surrendered(1, 1, 2, 1)),
            ("at_some_time", surrendered(1, 1, 1, 0)),
            ("carbon_duties_period_fkey", surrendered(3, 1, 1, 1)),
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
            ("carbon_duties_brought_one", Settled { brought: (1, 1), ..on_time }.event()),
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
