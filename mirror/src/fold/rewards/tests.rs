//! Tariffs, budgets, pots and what accesses earned, from events to rows.

use std::collections::BTreeSet;

use assent_events::Contract;
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

fn story() -> Story {
    Story::of(Contract::Rewards)
}

fn tariff_set(purpose: u8, amount: u128, from: u64) -> Event {
    Event::from(TariffSet { purpose, amount, required: purpose == 2, from })
}

fn funded(requester: u8, from: u8, amount: u128) -> Event {
    Event::from(Funded { requester: account(requester), from: account(from), amount })
}

fn budget_withdrawn(requester: u8, amount: u128) -> Event {
    Event::from(BudgetWithdrawn { requester: account(requester), amount })
}

fn sponsor_set(sponsor: Option<u8>, previous: Option<u8>, returned: u128) -> Event {
    let (sponsor, previous) = (sponsor.map(account), previous.map(account));
    Event::from(SponsorSet { purpose: 1, sponsor, previous, returned })
}

fn sponsored(sponsor: u8, amount: u128, cap: u128) -> Event {
    Event::from(Sponsored { purpose: 1, sponsor: account(sponsor), amount, cap })
}

fn pot_withdrawn(sponsor: u8, amount: u128) -> Event {
    Event::from(PotWithdrawn { purpose: 1, sponsor: account(sponsor), amount })
}

/// An access of account 4 for purpose 1.
fn accrued(owner: u8, access: u64, amount: u128, sponsor: Option<u8>) -> Event {
    Event::from(Accrued {
        owner: account(owner),
        requester: account(4),
        access,
        purpose: 1,
        amount,
        sponsor: sponsor.map(account),
        at: 1_000,
    })
}

fn withdrawn(owner: u8, to: u8, amount: u128) -> Event {
    Event::from(Withdrawn { owner: account(owner), to: account(to), amount })
}

#[test]
fn a_budget_is_filled_spent_and_withdrawn_and_what_is_earned_is_paid() {
    let mut story = story();
    let consent = Event::from(ConsentSet { consent: account(0xcc) });
    story.block(vec![consent, funded(4, 4, 60), funded(4, 5, 40)]);
    let (owner, requester) = (account(2), account(4));
    let missed = |access, purpose, required| {
        let amount = 30;
        Event::from(Unfunded { owner, requester, access, purpose, amount, required })
    };
    let missed = vec![missed(3, 1, false), missed(4, 2, true)];
    story.block([vec![accrued(1, 1, 30, None), accrued(2, 2, 30, None)], missed].concat());
    story.block(vec![withdrawn(1, 1, 20), budget_withdrawn(4, 35)]);
    expect![[r#"
        requester=04 balance=5 funded=100 spent=60 withdrawn=35 at=3-2
    "#]]
    .assert_eq(&story.table("reward_budgets"));
    expect![[r#"
        requester=04 balance=100 funded=100 spent=0 withdrawn=0 at=1-3 until=2
        requester=04 balance=40 funded=100 spent=60 withdrawn=0 at=2-2 until=3
    "#]]
    .assert_eq(&story.history("reward_budgets"));
    expect![[r#"
        requester=04 kind=funded account=04 amount=60 at=1-2
        requester=04 kind=funded account=05 amount=40 at=1-3
        requester=04 kind=withdrawn account=04 amount=35 at=3-2
    "#]]
    .assert_eq(&story.table("reward_budget_movements"));
    expect![[r#"
        account=01 owed=10 accrued=30 returned=0 paid=20 at=3-1
        account=02 owed=30 accrued=30 returned=0 paid=0 at=2-2
    "#]]
    .assert_eq(&story.table("rewards"));
    expect![[r#"
        account=01 owed=30 accrued=30 returned=0 paid=0 at=2-1 until=3
    "#]]
    .assert_eq(&story.history("rewards"));
    expect![[r#"
        access=1 owner=01 requester=04 purpose=1 amount=30 at_ms=1000 at=2-1
        access=2 owner=02 requester=04 purpose=1 amount=30 at_ms=1000 at=2-2
    "#]]
    .assert_eq(&story.table("reward_accruals"));
    expect![[r#"
        access=3 owner=02 requester=04 purpose=1 amount=30 required=false at=2-3
        access=4 owner=02 requester=04 purpose=2 amount=30 required=true at=2-4
    "#]]
    .assert_eq(&story.table("reward_unfunded"));
    expect![[r#"
        owner=01 paid_to=01 amount=20 at=3-1
    "#]]
    .assert_eq(&story.table("reward_withdrawals"));
    expect![[r#"
        singleton=true consent=cc budgets=5 pots=0 owed=40 accrued=60 returned=0 paid=20 at=3-2
    "#]]
    .assert_eq(&story.table("reward_totals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_pot_is_its_sponsors_and_what_is_left_is_owed_to_him_when_he_is_replaced() {
    let mut story = story();
    story.block(vec![sponsor_set(Some(7), None, 0), sponsored(7, 100, 50)]);
    story.block(vec![accrued(1, 1, 30, Some(7)), pot_withdrawn(7, 10), sponsored(7, 0, 40)]);
    expect![[r#"
        purpose=1 sponsorship=1 sponsor=07 balance=60 cap=40 sponsored=100 spent=30 withdrawn=10 at=2-3
    "#]].assert_eq(&story.table("reward_pots"));
    story.block(vec![sponsor_set(Some(8), Some(7), 60), sponsored(8, 5, 5)]);
    story.block(vec![accrued(1, 2, 5, Some(8)), sponsor_set(None, Some(8), 0)]);
    story.block(vec![withdrawn(7, 7, 60)]);
    expect![[r#"
        purpose=1 sponsorship=3 balance=0 cap=0 sponsored=0 spent=0 withdrawn=0 at=4-2
    "#]]
    .assert_eq(&story.table("reward_pots"));
    expect![[r#"
        purpose=1 sponsorship=1 sponsor=07 balance=100 cap=50 sponsored=100 spent=0 withdrawn=0 at=1-2 until=2
        purpose=1 sponsorship=1 sponsor=07 balance=60 cap=40 sponsored=100 spent=30 withdrawn=10 at=2-3 until=3
        purpose=1 sponsorship=2 sponsor=08 balance=5 cap=5 sponsored=5 spent=0 withdrawn=0 at=3-2 until=4
    "#]].assert_eq(&story.history("reward_pots"));
    expect![[r#"
        purpose=1 sponsorship=1 kind=returned sponsor=07 amount=60 at=3-1
        purpose=1 sponsorship=1 kind=sponsored sponsor=07 amount=0 cap=40 at=2-3
        purpose=1 sponsorship=1 kind=sponsored sponsor=07 amount=100 cap=50 at=1-2
        purpose=1 sponsorship=1 kind=withdrawn sponsor=07 amount=10 at=2-2
        purpose=1 sponsorship=2 kind=returned sponsor=08 amount=0 at=4-2
        purpose=1 sponsorship=2 kind=sponsored sponsor=08 amount=5 cap=5 at=3-2
    "#]]
    .assert_eq(&story.table("reward_pot_movements"));
    expect![[r#"
        access=1 owner=01 requester=04 purpose=1 amount=30 sponsor=07 sponsorship=1 at_ms=1000 at=2-1
        access=2 owner=01 requester=04 purpose=1 amount=5 sponsor=08 sponsorship=2 at_ms=1000 at=4-1
    "#]].assert_eq(&story.table("reward_accruals"));
    expect![[r#"
        account=01 owed=35 accrued=35 returned=0 paid=0 at=4-1
        account=07 owed=0 accrued=0 returned=60 paid=60 at=5-1
        account=08 owed=0 accrued=0 returned=0 paid=0 at=4-2
    "#]]
    .assert_eq(&story.table("rewards"));
    expect![[r#"
        singleton=true budgets=0 pots=0 owed=35 accrued=35 returned=60 paid=60 at=5-1
    "#]]
    .assert_eq(&story.table("reward_totals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_tariff_waits_and_the_one_that_holds_stays_until_then() {
    let mut story = story();
    // Block n has the time n × 1,000.
    story.block(vec![tariff_set(2, 5, 3_000), tariff_set(1, 7, 2_000)]);
    story.block(vec![tariff_set(2, 6, 4_000), tariff_set(1, 8, 5_000)]);
    expect![[r#"
        purpose=1 amount=7 required=false next_amount=8 next_required=false next_from_ms=5000 at=2-2
        purpose=2 amount=0 required=false next_amount=6 next_required=true next_from_ms=4000 at=2-1
    "#]]
    .assert_eq(&story.table("tariffs"));
    expect![[r#"
        purpose=1 amount=0 required=false next_amount=7 next_required=false next_from_ms=2000 at=1-2 until=2
        purpose=2 amount=0 required=false next_amount=5 next_required=true next_from_ms=3000 at=1-1 until=2
    "#]].assert_eq(&story.history("tariffs"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn sums_of_all_time_exceed_a_u128() {
    let mut story = story();
    let most = u128::MAX;
    story.block(vec![sponsor_set(Some(7), None, 0)]);
    for access in [1, 3] {
        story.block(vec![funded(4, 4, most), accrued(1, access, most, None)]);
        story.block(vec![withdrawn(1, 1, most), sponsored(7, most, most)]);
        story.block(vec![accrued(1, access + 1, most, Some(7)), withdrawn(1, 1, most)]);
    }
    expect![[r#"
        singleton=true budgets=0 pots=0 owed=0 accrued=1361129467683753853853498429727072845820 returned=0 paid=1361129467683753853853498429727072845820 at=7-2
    "#]].assert_eq(&story.table("reward_totals"));
    expect![[r#"
        account=01 owed=0 accrued=1361129467683753853853498429727072845820 returned=0 paid=1361129467683753853853498429727072845820 at=7-2
    "#]].assert_eq(&story.table("rewards"));
    expect![[r#"
        requester=04 balance=0 funded=680564733841876926926749214863536422910 spent=680564733841876926926749214863536422910 withdrawn=0 at=5-2
    "#]].assert_eq(&story.table("reward_budgets"));
    expect![[r#"
        purpose=1 sponsorship=1 sponsor=07 balance=0 cap=340282366920938463463374607431768211455 sponsored=680564733841876926926749214863536422910 spent=680564733841876926926749214863536422910 withdrawn=0 at=7-1
    "#]].assert_eq(&story.table("reward_pots"));
}

#[test]
fn an_event_that_contradicts_the_money_is_refused_with_its_block() {
    let mut story = story();
    let paid = vec![funded(4, 4, 100), accrued(1, 1, 90, None)];
    story.block([paid, vec![sponsor_set(Some(7), None, 0), sponsored(7, 20, 20)]].concat());
    let nobody = Event::from(Accrued {
        owner: account(1),
        requester: account(5),
        access: 3,
        purpose: 1,
        amount: 1,
        sponsor: None,
        at: 2_000,
    });
    for (reason, event) in [
        ("what is owed to 0x0101", withdrawn(1, 1, 91)),
        ("nothing was ever owed", withdrawn(3, 3, 1)),
        ("the budget of 0x0404", accrued(1, 3, 10, None)),
        ("the budget of 0x0404", budget_withdrawn(4, 10)),
        ("nobody ever paid into the budget of 0x0505", nobody),
        ("nobody ever paid into the budget of 0x0505", budget_withdrawn(5, 1)),
        ("the pot of purpose 1 falls below zero", accrued(1, 3, 20, Some(7))),
        ("the pot of purpose 1 falls below zero", pot_withdrawn(7, 20)),
        ("is not the sponsor of purpose 1", accrued(1, 3, 1, Some(8))),
        ("is not the sponsor of purpose 1", sponsored(8, 1, 1)),
        ("is not the sponsor of purpose 1", pot_withdrawn(8, 1)),
        // Another than he who is, nobody, and another amount.
        ("purpose 1 has another sponsor", sponsor_set(Some(9), Some(8), 19)),
        ("purpose 1 has another sponsor", sponsor_set(Some(9), None, 19)),
        ("other units are in its pot", sponsor_set(Some(9), Some(7), 20)),
        ("what is in budgets exceeds a u128", funded(6, 6, u128::MAX)),
        ("the pot of purpose 1 exceeds a u128", sponsored(7, u128::MAX, 1)),
        ("access = 18446744073709551615 exceeds a bigint", accrued(1, u64::MAX, 0, None)),
    ] {
        let fine = vec![accrued(2, 2, 1, None), withdrawn(2, 7, 1), pot_withdrawn(7, 1)];
        story.refuses(reason, [fine, vec![event]].concat());
    }
    story.block(vec![accrued(2, 2, 10, None), accrued(2, 3, 20, Some(7))]);
}
