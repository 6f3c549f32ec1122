//! Periods, duties, reports, surrenders, penalties and ratings.

use serde_json::{Value, json};
use sqlx::PgPool;

use super::{field, registry};
use crate::support::{Api, hex32, provenance, ss58, time_ms};

/// In period 1 account 31 falls short and pays, 32 has units left over, 33 falls short and does not
/// pay; period 2 is settled for 33 only.
async fn seeded(pool: PgPool) -> Api {
    let api = registry(pool).await;
    for statement in [
        "insert into carbon_duties
            (period, account, allocated, reports, reported_at_ms, verified, surrendered,
            surrendered_at_ms, settled_at_ms, brought_deficit, brought_surplus, deficit, surplus,
            timely, penalty, paid_at_ms, payer, collector, block_number, event_index)
        values
            (2, account(33), 0, 1, 3100, 5, 0, null, 3600, 30, 0, 35, 0, false,
                340282366920938463463374607431768211455, null, null, null, 8, 5),
            (2, account(31), 9, 0, null, 0, 5, 3200, null, null, null, null, null, null, null,
                null, null, null, 7, 4),
            (1, account(33), 30, 1, 2100, 30, 0, null, 2600, 0, 0, 30, 0, false, 3, null, null,
                null, 6, 3),
            (1, account(32), 50, 1, 2100, 40, 50, 2200, 2600, 0, 0, 0, 10, true, null, null, null,
                null, 6, 2),
            (1, account(31), 60, 2, 2100, 70, 50, 2200, 2600, 0, 0, 20, 0, false, 2, 2700,
                account(80), account(81), 6, 9)",
        "insert into carbon_emission_reports
            (period, account, version, emissions, report, verifier, block_number, event_index)
        values (2, account(33), 1, 18446744073709551615, account(5), account(51), 8, 1),
            (1, account(33), 1, 30, account(4), account(50), 4, 4),
            (1, account(32), 1, 40, account(3), account(50), 4, 3),
            (1, account(31), 2, 70, account(2), account(51), 4, 2),
            (1, account(31), 1, 60, account(1), account(50), 4, 1)",
        "insert into carbon_surrenders
            (block_number, event_index, period, batch, account, amount)
        values (7, 4, 2, 1, account(31), 5), (5, 10, 1, 1, account(32), 50),
            (5, 9, 1, 1, account(31), 50)",
        "insert into carbon_standings
            (account, next, settled, compliant, timely, penalties, paid, deficit, surplus, rating,
            block_number, event_index)
        values (account(36), 4, 3, 2, 1, 1, 1, 0, 7, 633, 9, 6),
            (account(35), 3, 2, 1, 1, 1, 0, 8, 0, 425, 9, 5),
            (account(34), 1, 0, 0, 0, 0, 0, 0, 0, 500, 9, 4),
            (account(33), 3, 2, 0, 0, 2, 0, 35, 0, 0, 8, 5),
            (account(32), 2, 1, 1, 1, 0, 0, 0, 10, 1000, 6, 2),
            (account(31), 2, 1, 0, 0, 1, 1, 20, 0, 150, 6, 9)",
    ] {
        api.sql(statement).await;
    }
    api
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn a_period_tells_its_times_its_cap_and_its_tariff(pool: PgPool) {
    let api = registry(pool).await;
    let expected = json!({
        "period": 3,
        "batch": 7,
        "start_ms": 3000,
        "end_ms": 4000,
        "settle_from_ms": "18446744073709551615",
        "cap": "100",
        "tariff": "120",
        "provenance": provenance(3, 9),
    });
    assert_eq!(api.ok("/v1/carbon/periods/3").await, expected);
    assert_eq!(api.items("/v1/carbon/periods").await[2], expected);
    api.pages("/v1/carbon/periods").await;
    api.lacks("/v1/carbon/periods/4").await;
    api.refuses("/v1/carbon/periods/first", "id").await;
    api.refuses("/v1/carbon/periods/1?account=1", "account").await;
    api.refuses("/v1/carbon/periods?batch=1", "batch").await;
}

#[sqlx::test(migrator = "assent_mirror::MIGRATOR")]
async fn the_tariff_of_penalties_is_absent_until_it_is_set(pool: PgPool) {
    let api = registry(pool).await;
    api.lacks("/v1/carbon/penalty-tariff").await;
    api.sql(
        "insert into carbon_penalty (tariff, collector, block_number, event_index)
        values (340282366920938463463374607431768211455, account(81), 9, 2)",
    )
    .await;
    assert_eq!(
        api.ok("/v1/carbon/penalty-tariff").await,
        json!({
            "tariff": "340282366920938463463374607431768211455",
            "collector": ss58(81),
            "provenance": provenance(9, 2),
        })
    );
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
            "allocated": "60",
            "reports": 2,
            "reported_at_ms": 2100,
            "verified": "70",
            "surrendered": "50",
            "surrendered_at_ms": 2200,
            "settled_at_ms": 2600,
            "brought_deficit": "0",
            "brought_surplus": "0",
            "deficit": "20",
            "surplus": "0",
            "timely": false,
            "penalty": "2",
            "paid": true,
            "provenance": provenance(6, 9),
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
            "surrendered_at_ms": 3200,
            "settled_at_ms": null,
            "brought_deficit": null,
            "brought_surplus": null,
            "deficit": null,
            "surplus": null,
            "timely": null,
            "penalty": null,
            "paid": null,
            "provenance": provenance(7, 4),
        })
    );
    let brought = &items[4];
    assert_eq!((&brought["brought_deficit"], &brought["deficit"]), (&json!("30"), &json!("35")));
    assert_eq!(brought["penalty"], "340282366920938463463374607431768211455");
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
            "at_ms": time_ms(4),
            "provenance": provenance(4, 2),
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
        "batch": 1,
        "account": ss58(31),
        "amount": "5",
        "at_ms": time_ms(7),
        "provenance": provenance(7, 4),
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
            "imposed_at_ms": 2600,
            "paid": true,
            "paid_at_ms": 2700,
            "payer": ss58(80),
            "collector": ss58(81),
            "provenance": provenance(6, 9),
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
            "imposed_at_ms": 2600,
            "paid": false,
            "paid_at_ms": null,
            "payer": null,
            "collector": null,
            "provenance": provenance(6, 3),
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
    let api = seeded(pool).await;
    assert_eq!(
        api.ok(&format!("/v1/carbon/ratings/{}", ss58(36))).await,
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
            "provenance": provenance(9, 6),
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
    let api = seeded(pool).await;
    let answer = api.get(&format!("/v1/carbon/ratings/{}", ss58(37))).await;
    let detail = answer.problem(404, "not-found")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("neutral") && detail.contains("500"), "{detail}");
    api.refuses("/v1/carbon/ratings/alice", "address").await;
    api.refuses(&format!("/v1/carbon/ratings/{}?limit=1", ss58(36)), "limit").await;
}
