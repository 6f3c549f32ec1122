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

fn moved(from: u8, to: u8, value: u128) -> Event {
    Event::from(Transfer { from: Some(account(from)), to: Some(account(to)), value })
}

fn minted(to: u8, value: u128) -> Event {
    Event::from(Transfer { from: None, to: Some(account(to)), value })
}

fn frozen(account_of: u8, reason: u8) -> Event {
    let (account, reason, by) = (account(account_of), [reason; 32], account(9));
    Event::from(AccountFrozen { account, reason, by })
}

fn taken(from: u8, to: u8) -> Event {
    Event::from(TakenOver { account: account(from), to: account(to) })
}

#[test]
fn a_key_takes_over_what_an_account_has_and_its_freeze() {
    let mut story = Story::of(Contract::Token);
    story.block(vec![minted(2, 100), minted(3, 1), frozen(2, 0xf2)]);
    story.refuses("moved while it was frozen", vec![moved(2, 3, 100)]);
    story.store();
    story.block(vec![moved(2, 0x21, 100), taken(2, 0x21)]);
    expect![[r#"
        account=02 balance=0 frozen=false moved_to=21 at=2-2
        account=03 balance=1 frozen=false at=1-2
        account=21 balance=100 frozen=true freeze_reason=f2 at=2-2
    "#]]
    .assert_eq(&story.table("token_balances"));
    // The next key takes both over; the account had nothing left.
    story.block(vec![taken(2, 0x22), moved(0x21, 0x22, 100), taken(0x21, 0x22)]);
    expect![[r#"
        account=02 balance=0 frozen=false moved_to=22 at=3-1
        account=03 balance=1 frozen=false at=1-2
        account=21 balance=0 frozen=false moved_to=22 at=3-3
        account=22 balance=100 frozen=true freeze_reason=f2 at=3-3
    "#]]
    .assert_eq(&story.table("token_balances"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_was_taken_over_has_nothing_any_more() {
    let mut story = Story::of(Contract::Token);
    story.block(vec![minted(2, 100), frozen(0x21, 0xf1)]);
    // Not all of it, or nothing that was there.
    story.refuses("or not all that it has", vec![taken(2, 0x21)]);
    story.refuses("or not all that it has", vec![moved(2, 0x21, 99), taken(2, 0x21)]);
    story.refuses("or not all that it has", vec![taken(3, 3)]);
    // Nothing else moves to who is frozen.
    story.refuses("moved while it was frozen", vec![moved(2, 0x21, 100)]);
    // Also an account that never had anything, and a key that is frozen stays so.
    story.block(vec![taken(3, 0x23), moved(2, 0x21, 100), taken(2, 0x21)]);
    expect![[r#"
        account=02 balance=0 frozen=false moved_to=21 at=2-3
        account=03 balance=0 frozen=false moved_to=23 at=2-1
        account=21 balance=100 frozen=true freeze_reason=f1 at=2-3
    "#]]
    .assert_eq(&story.table("token_balances"));
    story.refuses("or not all that it has", vec![taken(2, 0x21)]);
    for event in [moved(4, 2, 0), moved(2, 4, 0), minted(2, 1), frozen(2, 0xf1), taken(4, 2)] {
        story.refuses("was taken over", vec![event]);
    }
}
