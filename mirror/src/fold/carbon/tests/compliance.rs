//! Folds of periods, duties and their settlement.

use std::collections::BTreeSet;

use assent_events::Event;
use assent_events::carbon::{
    Allocated, EmissionsReported, PenaltyImposed, PenaltyPaid, PenaltySet, PeriodSet,
    PeriodSettled, Surrendered,
};
use expect_test::expect;

use super::{batch, carbon, class, issued, new};
use crate::fold::story::{Story, account};

const TARIFF: u128 = 100_000;

/// It holds at once.
fn penalty_set(tariff: u128, collector: u8) -> Event {
    penalty_set_from(tariff, collector, 0)
}

fn penalty_set_from(tariff: u128, collector: u8, from: u64) -> Event {
    carbon(PenaltySet { tariff, collector: account(collector), from })
}

fn period(period: u64, batch: u64, (start, end): (u64, u64), cap: u128, tariff: u128) -> Event {
    carbon(PeriodSet { period, batch, start, end, settle_from: end + 2_000, cap, tariff })
}

fn allocated(period: u64, to: u8, amount: u128) -> Event {
    carbon(Allocated { period, account: account(to), amount, by: account(9) })
}

fn reported(period: u64, of: u8, version: u32, emissions: u128) -> Event {
    let (account, verifier) = (account(of), account(8));
    carbon(EmissionsReported { period, account, verifier, version, emissions, report: [0x4e; 32] })
}

fn surrendered(period: u64, batch: u64, by: u8, amount: u128) -> Event {
    carbon(Surrendered { period, batch, account: account(by), amount })
}

/// Of account 1 in period 1, 50 units short.
fn short() -> PeriodSettled {
    PeriodSettled {
        period: 1,
        account: account(1),
        verified: 500,
        surrendered: 450,
        brought_deficit: 0,
        brought_surplus: 0,
        deficit: 50,
        surplus: 0,
        timely: false,
        rating: 0,
    }
}

fn imposed(deficit: u128, amount: u128) -> Event {
    carbon(PenaltyImposed { period: 1, account: account(1), deficit, amount })
}

fn paid(collector: u8, amount: u128) -> Event {
    let (payer, collector) = (account(3), account(collector));
    carbon(PenaltyPaid { period: 1, account: account(1), payer, collector, amount, rating: 150 })
}

/// Period 1 is the time from block 1 to block 2, and settled from block 4 on.
fn allowances() -> Story {
    let mut story = new();
    let set = vec![
        class(1, None),
        penalty_set(TARIFF, 0xcc),
        batch(1, 1, None, (1, 1_000), (1_000, 2_000)),
        period(1, 1, (1_000, 2_000), 1_000, TARIFF),
    ];
    story.block([set, vec![issued(1, 1, 600), allocated(1, 1, 600)]].concat());
    story
}

#[test]
fn a_duty_is_reported_surrendered_settled_and_paid_for() {
    let mut story = allowances();
    story.block(vec![reported(1, 1, 1, 500), surrendered(1, 1, 1, 450)]);
    story.empty_block();
    story.block(vec![carbon(short()), imposed(50, 5_000)]);
    story.block(vec![paid(0xcc, 5_000)]);
    assert_eq!(story.needed, BTreeSet::new());
    expect![[r#"
        carbon_classes: class=1 metadata=c1 last_serial=1000 at=1-3
        carbon_batches: batch=1 class=1 period=1 serial_start=1 serial_end=1000 vintage_start_ms=1000 vintage_end_ms=2000 sealed=false issued=600 tradable=150 escrowed=0 retired=0 surrendered=450 cancelled=0 at=2-2
        carbon_balances: batch=1 owner=01 tradable=150 escrowed=0 retired=0 surrendered=450 cancelled=0 at=2-2
        carbon_periods: period=1 batch=1 start_ms=1000 end_ms=2000 settle_from_ms=4000 cap=1000 tariff=100000 at=1-4
        carbon_penalty: singleton=true tariff=100000 collector=cc at=1-2
        carbon_duties: period=1 account=01 allocated=600 reports=1 reported_at_ms=2000 verified=500 surrendered=450 surrendered_at_ms=2000 settled_at_ms=4000 brought_deficit=0 brought_surplus=0 deficit=50 surplus=0 timely=false penalty=5000 paid_at_ms=5000 payer=03 collector=cc at=5-1
        carbon_emission_reports: period=1 account=01 version=1 emissions=500 report=4e verifier=08 at=2-1
        carbon_surrenders: period=1 batch=1 account=01 amount=450 at=2-2
        carbon_standings: account=01 next=2 settled=1 compliant=0 timely=0 penalties=1 paid=1 deficit=50 surplus=0 rating=150 at=5-1
    "#]].assert_eq(&story.tables());
    expect![[r#"
        period=1 account=01 allocated=600 reports=0 verified=0 surrendered=0 at=1-6 until=2
        period=1 account=01 allocated=600 reports=1 reported_at_ms=2000 verified=500 surrendered=450 surrendered_at_ms=2000 at=2-2 until=4
        period=1 account=01 allocated=600 reports=1 reported_at_ms=2000 verified=500 surrendered=450 surrendered_at_ms=2000 settled_at_ms=4000 brought_deficit=0 brought_surplus=0 deficit=50 surplus=0 timely=false penalty=5000 at=4-2 until=5
    "#]].assert_eq(&story.history("carbon_duties"));
    expect![[r#"
        account=01 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=1-6 until=4
        account=01 next=2 settled=1 compliant=0 timely=0 penalties=1 paid=0 deficit=50 surplus=0 rating=0 at=4-1 until=5
    "#]].assert_eq(&story.history("carbon_standings"));
}

#[test]
fn a_period_follows_the_one_before_it() {
    let mut story = allowances();
    let vintage = (2_000, 3_000);
    let fine = || {
        vec![batch(2, 1, None, (1_001, 1_010), vintage), batch(3, 1, None, (2_000, 2_000), vintage)]
    };
    for (reason, event) in [
        ("does not follow", period(1, 2, vintage, 10, TARIFF)),
        ("does not follow", period(3, 2, vintage, 10, TARIFF)),
        ("does not follow", period(2, 2, (1_999, 3_000), 10, TARIFF)),
        ("another tariff", period(2, 2, vintage, 10, TARIFF + 1)),
        // Of another cap, vintage or period, and one that is not there.
        ("is not that of the allowances", period(2, 2, vintage, 9, TARIFF)),
        ("is not that of the allowances", period(2, 2, (2_000, 3_001), 10, TARIFF)),
        ("is not that of the allowances", period(2, 1, vintage, 10, TARIFF)),
        ("is not that of the allowances", period(2, 4, vintage, 10, TARIFF)),
    ] {
        story.refuses(reason, [fine(), vec![event]].concat());
    }
    story.block([fine(), vec![period(2, 2, vintage, 10, TARIFF)]].concat());
    // No tariff was set.
    let mut story = new();
    let made = vec![class(1, None), batch(1, 1, None, (1, 10), vintage)];
    story.refuses("another tariff", [made, vec![period(1, 1, vintage, 10, 1)]].concat());
}

#[test]
fn a_penalty_waits_and_no_period_is_set_before_the_first_one_holds() {
    let mut story = new();
    let vintage = (5_000, 6_000);
    let made = || vec![batch(1, 1, None, (1, 10), vintage)];
    story.block(vec![class(1, None), penalty_set_from(7, 0xcc, 3_000)]);
    expect![[r#"
        singleton=true next_tariff=7 next_collector=cc next_from_ms=3000 at=1-2
    "#]]
    .assert_eq(&story.table("carbon_penalty"));
    // Block 2: it does not hold yet.
    story.refuses("another tariff", [made(), vec![period(1, 1, vintage, 10, 7)]].concat());
    story.empty_block();
    story.block([made(), vec![penalty_set_from(8, 0xcd, 4_000)]].concat());
    expect![[r#"
        singleton=true tariff=7 collector=cc next_tariff=8 next_collector=cd next_from_ms=4000 at=3-2
    "#]].assert_eq(&story.table("carbon_penalty"));
    // Block 4: the next one holds, also before the row says so.
    story.refuses("another tariff", vec![period(1, 1, vintage, 10, 7)]);
    story.block(vec![period(1, 1, vintage, 10, 8)]);
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_penalty_is_paid_to_the_collector_who_holds_the_office_then() {
    let mut story = allowances();
    story.block(vec![reported(1, 1, 1, 500), surrendered(1, 1, 1, 450)]);
    story.block(vec![penalty_set_from(TARIFF, 0xcd, 5_000)]);
    story.block(vec![carbon(short()), imposed(50, 5_000)]);
    // Block 5.
    story.refuses("another collector is paid", vec![paid(0xcc, 5_000)]);
    story.block(vec![paid(0xcd, 5_000)]);
}

#[test]
fn an_account_begins_with_its_earliest_period() {
    let mut story = allowances();
    let second = vec![batch(2, 1, None, (1_001, 1_010), (2_000, 3_000))];
    let set = vec![period(2, 2, (2_000, 3_000), 10, TARIFF), allocated(2, 2, 5)];
    story.block([second, set].concat());
    story.block(vec![reported(1, 2, 1, 0)]);
    expect![[r#"
        account=01 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=1-6
        account=02 next=1 settled=0 compliant=0 timely=0 penalties=0 paid=0 deficit=0 surplus=0 rating=500 at=3-1
    "#]].assert_eq(&story.table("carbon_standings"));
}

#[test]
fn events_that_contradict_a_duty_undo_their_block() {
    let mut story = allowances();
    let short_with = |change: fn(&mut PeriodSettled)| {
        let mut settled = short();
        change(&mut settled);
        carbon(settled)
    };
    let fine = || vec![reported(1, 1, 1, 500), surrendered(1, 1, 1, 450)];
    let credits = batch(2, 2, None, (1, 2), (1, 2));
    story.block(vec![class(2, Some(8)), credits]);
    for (reason, event) in [
        ("is not the next one", reported(1, 1, 3, 5)),
        ("carbon period 2 is not there", reported(2, 1, 1, 5)),
        ("holds no allowances that count", surrendered(1, 2, 1, 1)),
        ("holds no allowances that count", surrendered(1, 3, 1, 1)),
        ("tradable of carbon batch 1 falls below zero", surrendered(1, 1, 1, 151)),
        ("comes too early", carbon(short())),
    ] {
        story.refuses(reason, [fine(), vec![event]].concat());
    }
    story.block(fine());
    // Block 4.
    for (reason, event) in [
        ("has begun", allocated(1, 1, 1)),
        ("is not of what was reported", short_with(|short| short.verified = 499)),
        ("is not of what was reported", short_with(|short| short.surrendered = 451)),
        ("is not of what was reported", short_with(|short| short.timely = true)),
        ("is not of what was reported", short_with(|short| short.account = account(2))),
        ("left something else", short_with(|short| short.brought_surplus = 1)),
        ("does not follow from its deficit", imposed(50, 5_000)),
        ("owes no such penalty", paid(0xcc, 5_000)),
    ] {
        story.refuses(reason, vec![class(3, Some(8)), event]);
    }
    for (reason, event) in [
        ("does not follow from its deficit", imposed(50, 4_999)),
        ("does not follow from its deficit", imposed(49, 4_900)),
        ("is not of what was reported", carbon(short())),
        ("is over for 0x0101", reported(1, 1, 2, 5)),
    ] {
        story.refuses(reason, vec![carbon(short()), event]);
    }
    story.block(vec![carbon(short()), imposed(50, 5_000)]);
    for event in [paid(0xcc, 4_999), paid(0xcd, 5_000)] {
        story.refuses("owes no such penalty", vec![class(3, Some(8)), event]);
    }
    story.refuses("owes no such penalty", vec![paid(0xcc, 5_000), paid(0xcc, 5_000)]);
}

#[test]
fn a_penalty_is_rounded_up_and_ends_at_the_greatest_amount() {
    for (tariff, due) in [(1, 1), (u128::MAX, u128::MAX.div_ceil(1_000))] {
        let mut story = new();
        let set = vec![
            class(1, None),
            penalty_set(tariff, 0xcc),
            batch(1, 1, None, (1, 1_000), (1_000, 2_000)),
            period(1, 1, (1_000, 2_000), 1_000, tariff),
        ];
        story.block(set);
        story.block(vec![reported(1, 1, 1, 50)]);
        story.empty_block();
        let settled = carbon(PeriodSettled { verified: 50, surrendered: 0, ..short() });
        story.refuses("does not follow", vec![settled.clone(), imposed(50, due - 1)]);
        story.block(vec![settled, imposed(50, due)]);
    }
}
