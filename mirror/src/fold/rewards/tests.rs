//! The reward fund, from events to rows.

use std::collections::BTreeSet;

use assent_events::Contract;
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

fn story() -> Story {
    Story::of(Contract::Rewards)
}

fn tariff_set(amount: u128) -> Event {
    Event::from(TariffSet { purpose: 1, amount })
}

fn funded(from: u8, amount: u128) -> Event {
    Event::from(Funded { from: account(from), amount })
}

fn refunded(funder: u8, amount: u128) -> Event {
    Event::from(Refunded { funder: account(funder), amount, by: account(9) })
}

fn accrued(owner: u8, access: u64, amount: u128) -> Event {
    Event::from(Accrued { owner: account(owner), access, purpose: 1, amount })
}

fn withdrawn(owner: u8, to: u8, amount: u128) -> Event {
    Event::from(Withdrawn { owner: account(owner), to: account(to), amount })
}

#[test]
fn rewards_are_funded_accrued_missed_refunded_and_withdrawn() {
    let mut story = story();
    let consent = Event::from(ConsentSet { consent: account(0xcc) });
    story.block(vec![consent, tariff_set(5), funded(4, 60), funded(4, 40)]);
    let missed = Unfunded { owner: account(2), access: 3, purpose: 1, amount: 30 };
    story.block(vec![tariff_set(30), accrued(1, 1, 30), accrued(1, 2, 30), missed.into()]);
    story.block(vec![withdrawn(1, 1, 50), refunded(4, 15)]);
    // A funder may be owed a reward too; he withdraws both at once.
    story.block(vec![accrued(4, 4, 5), withdrawn(4, 7, 20)]);
    expect![[r#"
        singleton=true consent=cc funded=100 unspent=20 owed=10 accrued=65 refunded=15 withdrawn=70 at=4-2
    "#]].assert_eq(&story.table("reward_totals"));
    expect![[r#"
        singleton=true consent=cc funded=100 unspent=100 owed=0 accrued=0 refunded=0 withdrawn=0 at=1-4 until=2
        singleton=true consent=cc funded=100 unspent=25 owed=25 accrued=60 refunded=15 withdrawn=50 at=3-2 until=4
        singleton=true consent=cc funded=100 unspent=40 owed=60 accrued=60 refunded=0 withdrawn=0 at=2-3 until=3
    "#]].assert_eq(&story.history("reward_totals"));
    expect![[r#"
        account=01 owed=10 accrued=60 refunded=0 withdrawn=50 at=3-1
        account=04 owed=0 accrued=5 refunded=15 withdrawn=20 at=4-2
    "#]]
    .assert_eq(&story.table("rewards"));
    expect![[r#"
        account=01 owed=60 accrued=60 refunded=0 withdrawn=0 at=2-3 until=3
        account=04 owed=15 accrued=0 refunded=15 withdrawn=0 at=3-2 until=4
    "#]]
    .assert_eq(&story.history("rewards"));
    expect![[r#"
        funder=04 funded=100 refunded=15 at=3-2
    "#]]
    .assert_eq(&story.table("reward_contributions"));
    expect![[r#"
        purpose=1 amount=30 at=2-1
    "#]]
    .assert_eq(&story.table("tariffs"));
    expect![[r#"
        access=1 owner=01 purpose=1 amount=30 funded=true at=2-2
        access=2 owner=01 purpose=1 amount=30 funded=true at=2-3
        access=3 owner=02 purpose=1 amount=30 funded=false at=2-4
        access=4 owner=04 purpose=1 amount=5 funded=true at=4-1
    "#]]
    .assert_eq(&story.table("reward_accruals"));
    expect![[r#"
        funder=04 amount=15 refunded_by=09 at=3-2
    "#]]
    .assert_eq(&story.table("reward_refunds"));
    expect![[r#"
        owner=01 paid_to=01 amount=50 at=3-1
        owner=04 paid_to=07 amount=20 at=4-2
    "#]]
    .assert_eq(&story.table("reward_withdrawals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn sums_of_all_time_exceed_a_u128() {
    let mut story = story();
    for access in 1..=2 {
        let most = u128::MAX;
        story.block(vec![funded(4, most), accrued(1, access, most), withdrawn(1, 1, most)]);
    }
    expect![[r#"
        singleton=true funded=680564733841876926926749214863536422910 unspent=0 owed=0 accrued=680564733841876926926749214863536422910 refunded=0 withdrawn=680564733841876926926749214863536422910 at=2-3
    "#]].assert_eq(&story.table("reward_totals"));
    expect![[r#"
        account=01 owed=0 accrued=680564733841876926926749214863536422910 refunded=0 withdrawn=680564733841876926926749214863536422910 at=2-3
    "#]].assert_eq(&story.table("rewards"));
    expect![[r#"
        funder=04 funded=680564733841876926926749214863536422910 refunded=0 at=2-1
    "#]]
    .assert_eq(&story.table("reward_contributions"));
}

#[test]
fn an_event_that_contradicts_the_fund_is_refused_with_its_block() {
    let mut story = story();
    story.block(vec![funded(4, 100), funded(5, 50), accrued(1, 1, 120)]);
    for (reason, event) in [
        ("what is owed to 0x0101", withdrawn(1, 1, 121)),
        ("nothing was ever owed", withdrawn(3, 3, 1)),
        ("what is unspent falls below zero", accrued(1, 3, 30)),
        ("what is unspent falls below zero", refunded(5, 30)),
        ("refunded more than it paid in", refunded(5, 51)),
        ("never paid in", refunded(6, 1)),
        ("what is unspent exceeds a u128", funded(6, u128::MAX)),
    ] {
        story.refuses(reason, vec![accrued(2, 2, 1), withdrawn(2, 7, 1), event]);
    }
    story.block(vec![accrued(2, 2, 30)]);
}
