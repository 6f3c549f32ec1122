//! The treasury and what it may do, from events to rows. Block n has the time n × 1,000.

use std::collections::BTreeSet;

use assent_events::Contract;
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

fn named(treasury: u8, from: u64) -> Event {
    Event::from(TreasurySet { treasury: account(treasury), from, by: account(9) })
}

fn stopped(treasury: u8) -> Event {
    Event::from(MintingStopped { treasury: account(treasury), by: account(9) })
}

fn burned(from: u8) -> Event {
    burned_against(from, 0xb0)
}

fn burned_against(from: u8, receipt: u8) -> Event {
    Event::from(Burned { from: account(from), amount: 0, receipt: [receipt; 32] })
}

#[test]
fn another_treasury_waits_and_burns_from_its_moment_on() {
    let mut story = Story::of(Contract::Token);
    story.block(vec![named(1, 1_000)]);
    story.block(vec![named(2, 4_000)]);
    expect![[r#"
        singleton=true treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=4000 minted=0 burned=0 supply=0 at=2-1
    "#]].assert_eq(&story.table("token_totals"));
    // Block 3.
    story.refuses("burned, but is not the treasury", vec![burned(2)]);
    story.block(vec![burned(1)]);
    story.refuses("burned, but is not the treasury", vec![burned(1)]);
    // What is due becomes the value only when another one is named.
    story.block(vec![burned_against(2, 0xb1)]);
    story.block(vec![named(3, 9_000)]);
    expect![[r#"
        singleton=true treasury=02 treasury_confirmed=true next_treasury=03 next_treasury_from_ms=9000 minted=0 burned=0 supply=0 at=5-1
    "#]].assert_eq(&story.table("token_totals"));
    // What waits is replaced, and taken back at once.
    story.block(vec![named(4, 9_000)]);
    story.block(vec![named(2, 7_000)]);
    expect![[r#"
        singleton=true treasury=01 treasury_confirmed=true minted=0 burned=0 supply=0 at=1-1 until=2
        singleton=true treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=4000 minted=0 burned=0 supply=0 at=2-1 until=3
        singleton=true treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=4000 minted=0 burned=0 supply=0 at=3-1 until=4
        singleton=true treasury=01 treasury_confirmed=true next_treasury=02 next_treasury_from_ms=4000 minted=0 burned=0 supply=0 at=4-1 until=5
        singleton=true treasury=02 treasury_confirmed=true next_treasury=03 next_treasury_from_ms=9000 minted=0 burned=0 supply=0 at=5-1 until=6
        singleton=true treasury=02 treasury_confirmed=true next_treasury=04 next_treasury_from_ms=9000 minted=0 burned=0 supply=0 at=6-1 until=7
    "#]].assert_eq(&story.history("token_totals"));
    expect![[r#"
        singleton=true treasury=02 treasury_confirmed=true minted=0 burned=0 supply=0 at=7-1
    "#]]
    .assert_eq(&story.table("token_totals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_handover_stops_minting_and_voids_what_waits() {
    let mut story = Story::of(Contract::Token);
    story.refuses("mints no more, but is not the treasury", vec![stopped(1)]);
    story.block(vec![named(1, 0)]);
    story.block(vec![named(2, 4_000)]);
    // Block 3: account 2 is not the treasury yet.
    story.refuses("mints no more, but is not the treasury", vec![stopped(2)]);
    story.block(vec![stopped(1)]);
    expect![[r#"
        singleton=true treasury=01 treasury_confirmed=false minted=0 burned=0 supply=0 at=3-1
    "#]]
    .assert_eq(&story.table("token_totals"));
    // It still burns, and another one that is named is confirmed once it holds.
    story.block(vec![burned(1)]);
    story.block(vec![named(3, 6_000)]);
    expect![[r#"
        singleton=true treasury=01 treasury_confirmed=false next_treasury=03 next_treasury_from_ms=6000 minted=0 burned=0 supply=0 at=5-1
    "#]].assert_eq(&story.table("token_totals"));
    // Block 6: the one that is due is stopped.
    story.refuses("mints no more, but is not the treasury", vec![stopped(1)]);
    story.block(vec![stopped(3)]);
    story.block(vec![named(3, 7_000)]);
    expect![[r#"
        singleton=true treasury=03 treasury_confirmed=true minted=0 burned=0 supply=0 at=7-1
    "#]]
    .assert_eq(&story.table("token_totals"));
    assert_eq!(story.needed, BTreeSet::new());
}
