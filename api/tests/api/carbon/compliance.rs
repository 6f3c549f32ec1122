//! Periods, duties, reports, surrenders, penalties and ratings.

use serde_json::{Value, json};
use sqlx::PgPool;

use assent_client::EmittedEvent;
use assent_indexer_testing::compliance::{
    COLLECTOR, Settled, allocated, penalty_imposed, penalty_paid, penalty_set, penalty_set_from,
    reported_by, surrendered,
};

use super::{field, registered, registry};
use crate::support::{AS_OF, Api, hex32, provenance, ss58, time_ms};

/// Blocks, each with its events by their index.
type Blocks = Vec<(u64, Vec<(u32, EmittedEvent)>)>;

/// Units that account 33 misses in period 2.
const MISSED: u128 = u64::MAX as u128 + 30;
/// The penalty for anything that is missed in period 2, whose tariff is the greatest there can be.
const GREATEST: u128 = u128::MAX.div_ceil(1_000);

/// A settlement of an account that neither reported, surrendered nor missed anything, in time.
fn settled(period: u64, account: u8) -> Settled {
    Settled {
        period,
        account,
        verified: 0,
        surrendered: 0,
        brought: (0, 0),
        left: (0, 0),
        timely: true,
        rating: 1_000,
    }
}

/// Events at the indices from `first` on.
fn from(first: u32, events: Vec<EmittedEvent>) -> Vec<(u32, EmittedEvent)> {
    (first..).zip(events).collect()
}

/// In period 1 account 31 falls short and pays, 32 has units left over, 33 falls short and does not
/// pay; period 2 is settled for 33 only.
fn story() -> Blocks {
    let allowances =
        [allocated((1, 1), 31, 50), allocated((1, 1), 32, 50), allocated((2, 5), 31, 9)];
    let reports = vec![
        reported_by(1, 31, (50, 1), 1, 60),
        reported_by(1, 31, (51, 2), 2, 70),
        reported_by(1, 32, (50, 3), 1, 40),
        reported_by(1, 33, (50, 4), 1, 30),
    ];
    let short = Settled { timely: false, rating: 0, ..settled(1, 31) };
    let first = Settled { verified: 70, surrendered: 50, left: (20, 0), ..short };
    let over = Settled { verified: 40, surrendered: 50, left: (0, 10), ..settled(1, 32) };
    let second = Settled { account: 33, verified: 30, left: (30, 0), ..short };
    let settlements = vec![
        first.event(),
        penalty_imposed(1, 31, 20, 2),
        over.event(),
        second.event(),
        penalty_imposed(1, 33, 30, 3),
    ];
    let paid = vec![
        penalty_paid(1, 31, COLLECTOR, 2, 150),
        reported_by(2, 33, (51, 5), 1, u128::from(u64::MAX)),
    ];
    let last = Settled {
        period: 2,
        verified: u128::from(u64::MAX),
        brought: (30, 0),
        left: (MISSED, 0),
        ..second
    };
    vec![
        (5, from(1, registered())),
        (6, from(1, allowances.concat())),
        (7, from(1, reports)),
        (8, from(9, vec![surrendered(1, 1, 31, 50), surrendered(1, 1, 32, 50)])),
        (9, from(1, settlements)),
        (10, from(1, paid)),
        (11, from(4, vec![surrendered(2, 5, 31, 5)])),
        (12, from(1, vec![last.event(), penalty_imposed(2, 33, MISSED, GREATEST)])),
    ]
}

async fn seeded(pool: PgPool) -> Api {
    Api::play_at(pool, story()).await
}

/// Three more accounts: 34 takes part and is not settled, 35 falls short after a good period, and 36
/// pays for its first period, is late in the second and has units left over in the third.
async fn rated(pool: PgPool) -> Api {
    let taking_part = [allocated((2, 5), 34, 1), allocated((2, 5), 36, 20)].concat();
    let reports = vec![reported_by(1, 35, (50, 6), 1, 0), reported_by(1, 36, (50, 7), 1, 5)];
    let short = Settled { verified: 5, left: (5, 0), timely: false, rating: 0, ..settled(1, 36) };
    let settlements = vec![settled(1, 35).event(), short.event(), penalty_imposed(1, 36, 5, 1)];
    let then = vec![
        penalty_paid(1, 36, COLLECTOR, 1, 150),
        reported_by(2, 35, (50, 8), 1, 8),
        reported_by(2, 36, (50, 9), 1, 0),
    ];
    let falling =
        Settled { verified: 8, left: (8, 0), timely: false, rating: 425, ..settled(2, 35) };
    let late =
        Settled { surrendered: 5, brought: (5, 0), timely: false, rating: 450, ..settled(2, 36) };
    let second = vec![
        surrendered(2, 5, 36, 5),
        falling.event(),
        penalty_imposed(2, 35, 8, GREATEST),
        late.event(),
    ];
    let third = vec![reported_by(3, 36, (50, 10), 1, 0), surrendered(3, 5, 36, 7)];
    let last = Settled { surrendered: 7, left: (0, 7), rating: 633, ..settled(3, 36) };
    let more: [(u64, Vec<EmittedEvent>); 5] =
        [(6, taking_part), (7, reports), (9, settlements), (10, then), (12, second)];
    let mut blocks = story();
    for (number, events) in more {
        let (_, block) = blocks.iter_mut().find(|(block, _)| *block == number).unwrap();
        block.extend(from(20, events));
    }
    blocks.extend([(13, from(1, third)), (14, from(1, vec![last.event()]))]);
    Api::play_at(pool, blocks).await
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_period_tells_its_times_its_cap_and_its_tariff(pool: PgPool) {
    let api = registry(pool).await;
    let expected = json!({
        "period": 4,
        "batch": 8,
        "start_ms": 13_000,
        "end_ms": 20_000,
        "settle_from_ms": "18446744073709551615",
        "cap": "100",
        "tariff": "120",
        "provenance": provenance(5, 21),
    });
    assert_eq!(api.item("/v1/carbon/periods/4").await, expected);
    assert_eq!(api.items("/v1/carbon/periods").await[3], expected);
    api.pages("/v1/carbon/periods").await;
    api.lacks("/v1/carbon/periods/5").await;
    api.refuses("/v1/carbon/periods/first", "id").await;
    api.refuses("/v1/carbon/periods/1?account=1", "account").await;
    api.refuses("/v1/carbon/periods?batch=1", "batch").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_tariff_of_penalties_is_absent_until_it_is_set(pool: PgPool) {
    let mut api = Api::mirror(pool).await;
    api.lacks("/v1/carbon/penalty-tariff").await;
    let path = "/v1/carbon/penalty-tariff";
    // Nothing holds before the first one does.
    let from = time_ms(AS_OF + 2);
    api.write(vec![penalty_set_from(1, 82, from)]).await;
    let penalty =
        |tariff: &str, collector| json!({ "tariff": tariff, "collector": ss58(collector) });
    let mut expected = json!({
        "penalty": { "current": null, "next": { "value": penalty("1", 82), "from_ms": from } },
        "provenance": provenance(AS_OF + 1, 1),
    });
    assert_eq!(api.item(path).await, expected);
    api.write(vec![]).await;
    expected["penalty"] = json!({ "current": penalty("1", 82), "next": null });
    assert_eq!(api.item(path).await, expected);
    api.write(vec![penalty_set(u128::MAX, 81)]).await;
    let greatest = "340282366920938463463374607431768211455";
    expected["penalty"]["current"] = penalty(greatest, 81);
    expected["provenance"] = provenance(AS_OF + 3, 1);
    assert_eq!(api.item(path).await, expected);
    api.refuses("/v1/carbon/penalty-tariff?period=1", "period").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_duty_tells_what_was_missing_and_what_it_cost(pool: PgPool) {
    let api = seeded(pool).await;
    let items = api.items("/v1/carbon/duties").await;
    assert_eq!(
        items[0],
        json!({
            "period": 1,
            "account": ss58(31),
            "allocated": "50",
            "reports": 2,
            "reported_at_ms": time_ms(7),
            "verified": "70",
            "surrendered": "50",
            "surrendered_at_ms": time_ms(8),
            "settled_at_ms": time_ms(9),
            "brought_deficit": "0",
            "brought_surplus": "0",
            "deficit": "20",
            "surplus": "0",
            "timely": false,
            "penalty": "2",
            "paid": true,
            "provenance": provenance(10, 1),
        })
    );
    let covered = &items[1];
    assert_eq!((&covered["surplus"], &covered["timely"]), (&json!("10"), &json!(true)));
    assert_eq!((&covered["penalty"], &covered["paid"]), (&json!("0"), &json!(false)));
    assert_eq!(
        items[3],
        json!({
            "period": 2,
            "account": ss58(31),
            "allocated": "9",
            "reports": 0,
            "reported_at_ms": null,
            "verified": "0",
            "surrendered": "5",
            "surrendered_at_ms": time_ms(11),
            "settled_at_ms": null,
            "brought_deficit": null,
            "brought_surplus": null,
            "deficit": null,
            "surplus": null,
            "timely": null,
            "penalty": null,
            "paid": null,
            "provenance": provenance(11, 4),
        })
    );
    let brought = &items[4];
    let missed = json!(MISSED.to_string());
    assert_eq!((&brought["brought_deficit"], &brought["deficit"]), (&json!("30"), &missed));
    assert_eq!(brought["penalty"], "340282366920938463463374607431768212");
    assert_eq!(brought["paid"], false);
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn duties_are_found_by_account_and_period(pool: PgPool) {
    let api = seeded(pool).await;
    let found = async |query: String| -> Vec<(Value, Value)> {
        let items = api.items(&format!("/v1/carbon/duties{query}")).await;
        items.iter().map(|item| (item["period"].clone(), item["account"].clone())).collect()
    };
    let all = [(1, 31), (1, 32), (1, 33), (2, 31), (2, 33)]
        .map(|(period, account)| (json!(period), json!(ss58(account))));
    assert_eq!(found(String::new()).await, all);
    assert_eq!(found("?period=1".into()).await, all[..3]);
    assert_eq!(found(format!("?account={}", hex32(33))).await, [all[2].clone(), all[4].clone()]);
    assert_eq!(found(format!("?account={}&period=2", ss58(31))).await, all[3..4]);
    assert!(found("?period=3".into()).await.is_empty());
    api.pages("/v1/carbon/duties").await;
    api.pages("/v1/carbon/duties?period=1").await;
    api.refuses("/v1/carbon/duties?account=alice", "account").await;
    api.refuses("/v1/carbon/duties?period=first", "period").await;
    api.refuses("/v1/carbon/duties?paid=true", "paid").await;
    api.refuses("/v1/carbon/duties?after=1", "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn each_version_of_a_report_is_told(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/reports{query}");
    let reports = [1, 2, 3, 4, 5].map(hex32);
    assert_eq!(field(&api, &of(String::new()), "report").await, reports);
    assert_eq!(
        api.items(&of(format!("?account={}&period=1", ss58(31)))).await[1],
        json!({
            "period": 1,
            "account": ss58(31),
            "version": 2,
            "verifier": ss58(51),
            "emissions": "70",
            "report": hex32(2),
            "at_ms": time_ms(7),
            "provenance": provenance(7, 2),
        })
    );
    let second = api.items(&of("?period=2".into())).await;
    assert_eq!(second[0]["emissions"], "18446744073709551615");
    let of_one = of(format!("?account={}", ss58(33)));
    assert_eq!(field(&api, &of_one, "report").await, reports[3..]);
    api.pages(&of(String::new())).await;
    api.refuses(&of("?account=alice".into()), "account").await;
    api.refuses(&of("?period=first".into()), "period").await;
    api.refuses(&of("?verifier=1".into()), "verifier").await;
    api.refuses(&of(format!("?after=1-{}", ss58(31))), "after").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn surrenders_are_listed_in_the_order_of_the_chain(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/surrenders{query}");
    assert_eq!(field(&api, &of(String::new()), "account").await, [31, 32, 31].map(ss58));
    let late = json!({
        "period": 2,
        "batch": 5,
        "account": ss58(31),
        "amount": "5",
        "at_ms": time_ms(11),
        "provenance": provenance(11, 4),
    });
    assert_eq!(api.items(&of(format!("?account={}", ss58(31)))).await[1], late);
    assert_eq!(api.items(&of("?period=2".into())).await, [late]);
    assert_eq!(field(&api, &of("?period=1".into()), "amount").await, ["50", "50"]);
    api.pages(&of(String::new())).await;
    api.refuses(&of("?account=alice".into()), "account").await;
    api.refuses(&of("?period=first".into()), "period").await;
    api.refuses(&of("?batch=1".into()), "batch").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn penalties_are_found_by_account_and_by_whether_they_were_paid(pool: PgPool) {
    let api = seeded(pool).await;
    let of = |query: String| format!("/v1/carbon/penalties{query}");
    assert_eq!(
        api.items(&of("?paid=true".into())).await,
        [json!({
            "period": 1,
            "account": ss58(31),
            "deficit": "20",
            "amount": "2",
            "imposed_at_ms": time_ms(9),
            "paid": true,
            "paid_at_ms": time_ms(10),
            "payer": ss58(3),
            "collector": ss58(COLLECTOR),
            "provenance": provenance(10, 1),
        })]
    );
    let unpaid = api.items(&of("?paid=false".into())).await;
    assert_eq!(
        unpaid[0],
        json!({
            "period": 1,
            "account": ss58(33),
            "deficit": "30",
            "amount": "3",
            "imposed_at_ms": time_ms(9),
            "paid": false,
            "paid_at_ms": null,
            "payer": null,
            "collector": null,
            "provenance": provenance(9, 5),
        })
    );
    assert_eq!(unpaid.len(), 2);
    assert_eq!(api.items(&of(format!("?account={}", ss58(33)))).await, unpaid);
    assert!(api.items(&of(format!("?account={}", ss58(32)))).await.is_empty());
    assert_eq!(field(&api, &of(String::new()), "account").await, [31, 33, 33].map(ss58));
    api.pages(&of(String::new())).await;
    api.refuses(&of("?paid=yes".into()), "paid").await;
    api.refuses(&of("?account=alice".into()), "account").await;
    api.refuses(&of("?period=1".into()), "period").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_rating_is_the_sum_of_its_parts(pool: PgPool) {
    let api = rated(pool).await;
    assert_eq!(
        api.item(&format!("/v1/carbon/ratings/{}", ss58(36))).await,
        json!({
            "account": ss58(36),
            "rating": 633,
            // Each rounded down.
            "parts": { "compliance": 400, "timeliness": 83, "penalties": 150 },
            "settled": 3,
            "compliant": 2,
            "timely": 1,
            "penalties": 1,
            "paid": 1,
            "deficit": "0",
            "surplus": "7",
            "next": 4,
            "provenance": provenance(14, 1),
        })
    );
    let items = api.items("/v1/carbon/ratings").await;
    let ratings: Vec<_> = items.iter().map(|item| item["rating"].as_i64().unwrap()).collect();
    assert_eq!(ratings, [150, 1000, 0, 500, 425, 633]);
    for item in items.iter().filter(|item| item["settled"] != 0) {
        let parts = item["parts"].as_object().unwrap();
        let sum: i64 = parts.values().map(|part| part.as_i64().unwrap()).sum();
        assert_eq!(item["rating"], sum, "{item}");
    }
    // Neither good nor bad before the first settlement.
    assert_eq!((&items[3]["parts"], &items[3]["settled"]), (&Value::Null, &json!(0)));
    api.pages("/v1/carbon/ratings").await;
    api.refuses("/v1/carbon/ratings?account=1", "account").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn who_never_took_part_has_no_rating_but_the_neutral_one(pool: PgPool) {
    let api = rated(pool).await;
    let answer = api.get(&format!("/v1/carbon/ratings/{}", ss58(37))).await;
    let detail = answer.problem(404, "not-found")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("neutral") && detail.contains("500"), "{detail}");
    api.refuses("/v1/carbon/ratings/alice", "address").await;
    api.refuses(&format!("/v1/carbon/ratings/{}?limit=1", ss58(36)), "limit").await;
}
