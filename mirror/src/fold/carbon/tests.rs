//! Folds of the registry; those of compliance stand in a file of their own.

mod compliance;

use std::collections::BTreeSet;

use assent_events::carbon::{
    AccountFrozen, AccountUnfrozen, BatchCreated, BatchSealed, Cancelled, ClassCreated, Delivered,
    Escrowed, Event as Said, Issued, IssuerSet, OperatorApproved, ProjectCreated, Released,
    Retired, Transferred,
};
use assent_events::{Contract, Event};
use expect_test::expect;

use crate::fold::story::{Story, account};

fn carbon(event: impl Into<Said>) -> Event {
    Event::Carbon(event.into())
}

fn new() -> Story {
    Story::of(Contract::Carbon)
}

fn class(class: u64, issuer: Option<u8>) -> Event {
    carbon(ClassCreated { class, issuer: issuer.map(account), metadata: [0xc1; 32] })
}

fn batch(
    batch: u64,
    class: u64,
    project: Option<u64>,
    serials: (u128, u128),
    vintage: (u64, u64),
) -> Event {
    let ((serial_start, serial_end), (vintage_start, vintage_end)) = (serials, vintage);
    carbon(BatchCreated {
        batch,
        class,
        project,
        serial_start,
        serial_end,
        vintage_start,
        vintage_end,
    })
}

fn project(project: u64, class: u64) -> Event {
    carbon(ProjectCreated { project, class, owner: account(7), metadata: [0x9e; 32] })
}

fn issued(batch: u64, to: u8, amount: u128) -> Event {
    carbon(Issued { batch, to: account(to), amount })
}

// All that follows is of batch 1.

fn transferred(from: u8, to: u8, amount: u128, by: u8) -> Event {
    let (from, to, by) = (account(from), account(to), account(by));
    carbon(Transferred { batch: 1, from, to, amount, by })
}

fn escrowed(owner: u8, amount: u128) -> Event {
    carbon(Escrowed { batch: 1, owner: account(owner), operator: account(0xaa), amount })
}

fn released(owner: u8, amount: u128) -> Event {
    carbon(Released { batch: 1, owner: account(owner), operator: account(0xaa), amount })
}

fn delivered(from: u8, to: u8, amount: u128) -> Event {
    let (from, to, operator) = (account(from), account(to), account(0xaa));
    carbon(Delivered { batch: 1, from, to, amount, operator })
}

fn retired(owner: u8, amount: u128) -> Event {
    let (owner, beneficiary) = (account(owner), account(5));
    carbon(Retired { batch: 1, owner, beneficiary, amount, reason: [0xee; 32] })
}

fn cancelled(owner: u8, amount: u128) -> Event {
    carbon(Cancelled { batch: 1, owner: account(owner), amount, reason: [0xef; 32] })
}

fn frozen(of: u8) -> Event {
    carbon(AccountFrozen { account: account(of), reason: [0xf3; 32], by: account(9) })
}

fn unfrozen(of: u8) -> Event {
    carbon(AccountUnfrozen { account: account(of), by: account(9) })
}

fn sealed() -> Event {
    carbon(BatchSealed { batch: 1 })
}

fn approved(batch: u64, owner: u8) -> Event {
    let (owner, operator) = (account(owner), account(0xaa));
    carbon(OperatorApproved { batch, owner, operator, amount: 300 })
}

fn issuer_set(class: u64, issuer: u8) -> Event {
    carbon(IssuerSet { class, issuer: account(issuer), by: account(9) })
}

/// Three blocks in which units come into being, move, and leave the market.
fn told(mut story: Story) -> Story {
    let units = vec![
        class(1, None),
        class(2, Some(6)),
        issuer_set(2, 8),
        project(1, 2),
        batch(1, 2, Some(1), (1, 1_000), (10, 20)),
        issued(1, 1, 500),
    ];
    story.block(units);
    let moved = vec![approved(1, 1), escrowed(1, 100), transferred(1, 2, 50, 1), frozen(3)];
    story.block(moved);
    let gone = vec![released(1, 40), delivered(1, 2, 50), retired(2, 10), cancelled(2, 5)];
    let rest = vec![unfrozen(3), sealed(), transferred(1, 2, 1, 0xaa)];
    story.block([gone, rest].concat());
    story
}

#[test]
fn units_are_issued_moved_held_and_used_up() {
    let story = told(new());
    assert_eq!(story.needed, BTreeSet::new());
    expect![[r#"
        carbon_classes: class=1 metadata=c1 last_serial=0 at=1-1
        carbon_classes: class=2 issuer=08 metadata=c1 last_serial=1000 at=1-5
        carbon_projects: project=1 class=2 owner=07 metadata=9e at=1-4
        carbon_batches: batch=1 class=2 project=1 serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=true issued=500 tradable=475 escrowed=10 retired=10 surrendered=0 cancelled=5 at=3-6
        carbon_balances: batch=1 owner=01 tradable=389 escrowed=10 retired=0 surrendered=0 cancelled=0 at=3-7
        carbon_balances: batch=1 owner=02 tradable=86 escrowed=0 retired=10 surrendered=0 cancelled=5 at=3-7
        carbon_approvals: owner=01 operator=aa batch=1 amount=300 at=2-1
        carbon_escrows: operator=aa owner=01 batch=1 amount=10 at=3-2
        carbon_retirements: batch=1 owner=02 beneficiary=05 amount=10 reason=ee at=3-3
        carbon_cancellations: batch=1 owner=02 amount=5 reason=ef at=3-4
        carbon_accounts: account=03 frozen=false at=3-5
    "#]].assert_eq(&story.tables());
}

#[test]
fn what_a_row_said_before_ends_at_the_block_that_changed_it() {
    let story = told(new());
    expect![[r#"
        batch=1 class=2 project=1 serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=500 tradable=400 escrowed=100 retired=0 surrendered=0 cancelled=0 at=2-2 until=3
        batch=1 class=2 project=1 serial_start=1 serial_end=1000 vintage_start_ms=10 vintage_end_ms=20 sealed=false issued=500 tradable=500 escrowed=0 retired=0 surrendered=0 cancelled=0 at=1-6 until=2
    "#]].assert_eq(&story.history("carbon_batches"));
    expect![[r#"
        account=03 frozen=true freeze_reason=f3 frozen_by=09 at=2-4 until=3
    "#]]
    .assert_eq(&story.history("carbon_accounts"));
    // What changed within a block only, or never again, has no history.
    assert_eq!(story.history("carbon_classes"), "");
    assert_eq!(story.history("carbon_retirements"), "");
}

#[test]
fn a_row_that_was_not_foreseen_is_asked_for() {
    let asking = told(Story::without_foresight(Contract::Carbon));
    assert!(asking.needed.contains("carbon_batches"));
    assert_eq!(asking.all(), told(new()).all());
}

#[test]
fn units_that_are_not_there_undo_their_block() {
    let mut story = told(new());
    // What comes first of each block is fine.
    let fine = || vec![transferred(2, 1, 1, 2), retired(2, 1), class(3, Some(8)), project(2, 3)];
    for (reason, event) in [
        ("tradable of carbon batch 1 falls below zero", transferred(1, 2, 391, 1)),
        ("holds no units of carbon batch 1", transferred(6, 1, 1, 6)),
        ("was never approved", transferred(2, 1, 1, 0xaa)),
        ("was never approved", escrowed(2, 1)),
        ("tradable of carbon batch 1 falls below zero", retired(2, 85)),
        ("tradable of carbon batch 1 falls below zero", cancelled(2, 85)),
        ("holds of carbon batch 1 for 0x0101", released(1, 11)),
        ("holds of carbon batch 1 for 0x0101", delivered(1, 2, 11)),
        ("never held units of batch 1 of 0x0202", released(2, 1)),
        ("carbon batch 1 is not there, or sealed", issued(1, 1, 1)),
        ("carbon batch 1 is not there, or sealed already", sealed()),
        ("carbon batch 2 is not there", approved(2, 1)),
        ("is not frozen", unfrozen(3)),
        ("carbon class 2 is there already", class(2, Some(8))),
        ("has that issuer already", issuer_set(2, 8)),
        ("carbon class 4 of project 9 is not there", project(9, 4)),
        ("not of class 3", batch(2, 3, Some(1), (1, 2), (1, 2))),
        ("do not follow those of class 2", batch(2, 2, Some(1), (1_000, 1_001), (1, 2))),
        ("do not follow those of class 4", batch(2, 4, Some(1), (1, 2), (1, 2))),
        ("carbon batch 1 is there already", batch(1, 2, Some(1), (1_001, 1_001), (1, 2))),
        ("class = 18446744073709551615 exceeds a bigint", class(u64::MAX, Some(8))),
    ] {
        story.refuses(reason, [fine(), vec![event]].concat());
    }
    story.block(fine());
}

#[test]
fn a_frozen_account_neither_gets_nor_gives_units() {
    let mut story = told(new());
    story.block(vec![frozen(1)]);
    for event in [
        issued(1, 1, 1),
        transferred(1, 2, 1, 1),
        transferred(2, 1, 1, 2),
        escrowed(1, 1),
        delivered(1, 2, 1),
        retired(1, 1),
        cancelled(1, 1),
    ] {
        story.refuses("carbon units moved while 0x0101", vec![event]);
    }
    story.refuses("is frozen already", vec![frozen(1)]);
    // What is in escrow goes back all the same.
    story.block(vec![released(1, 10), unfrozen(1), transferred(1, 2, 1, 1)]);
    expect![[r#"
        operator=aa owner=01 batch=1 amount=0 at=5-1
    "#]]
    .assert_eq(&story.table("carbon_escrows"));
}

#[test]
fn amounts_are_exact_up_to_the_greatest() {
    let all = u128::MAX;
    let mut story = new();
    let made = vec![class(2, Some(8)), project(1, 2), batch(1, 2, Some(1), (1, all), (10, 20))];
    story.block([made, vec![issued(1, 1, all), approved(1, 1)]].concat());
    story.refuses("what is issued of carbon batch 1 exceeds a u128", vec![issued(1, 2, 1)]);
    story.block(vec![escrowed(1, all), delivered(1, 2, all), retired(2, all)]);
    expect![[r#"
        batch=1 owner=01 tradable=0 escrowed=0 retired=0 surrendered=0 cancelled=0 at=2-2
        batch=1 owner=02 tradable=0 escrowed=0 retired=340282366920938463463374607431768211455 surrendered=0 cancelled=0 at=2-3
    "#]].assert_eq(&story.table("carbon_balances"));
}
