//! Mandates, from events to rows. What becomes of participants is tested on a real Postgres.

use std::collections::BTreeSet;

use assent_events::{Contract, power};
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

/// Account 2 has account `agent` act for it, who is the person 0x57.
fn admitted(agent: u8, powers: u16, until: u64) -> Event {
    let (organisation, agent) = (account(2), account(agent));
    Event::from(MemberAdmitted { organisation, agent, powers, until, person: [0x57; 32] })
}

fn ended(agent: u8, by: u8) -> Event {
    let (subject, agent, by) = (account(2), account(agent), account(by));
    Event::from(MandateEnded { subject, agent, by })
}

#[test]
fn a_mandate_is_given_replaced_and_ended_and_its_history_tells_it() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![admitted(7, power::ASK, 9_000), admitted(8, power::ALL, 8_000)]);
    // Another one takes the place of the first.
    story.block(vec![admitted(7, power::ASK | power::SIGN, 10_000)]);
    // By the agent, and by the one he acts for.
    story.block(vec![ended(7, 7), ended(8, 2)]);
    expect![[r#"
        subject=02 agent=07 powers=9 valid_until_ms=10000 person=57 admitted_at_ms=2000 ended_at_ms=3000 ended_by=07 at=3-1
        subject=02 agent=08 powers=15 valid_until_ms=8000 person=57 admitted_at_ms=1000 ended_at_ms=3000 ended_by=02 at=3-2
    "#]]
    .assert_eq(&story.table("mandates"));
    // Who was ended is admitted again.
    story.block(vec![admitted(7, power::BREAK_GLASS, 11_000)]);
    expect![[r#"
        subject=02 agent=07 powers=2 valid_until_ms=11000 person=57 admitted_at_ms=4000 at=4-1
        subject=02 agent=08 powers=15 valid_until_ms=8000 person=57 admitted_at_ms=1000 ended_at_ms=3000 ended_by=02 at=3-2
    "#]]
    .assert_eq(&story.table("mandates"));
    expect![[r#"
        subject=02 agent=07 powers=1 valid_until_ms=9000 person=57 admitted_at_ms=1000 at=1-1 until=2
        subject=02 agent=07 powers=9 valid_until_ms=10000 person=57 admitted_at_ms=2000 at=2-1 until=3
        subject=02 agent=07 powers=9 valid_until_ms=10000 person=57 admitted_at_ms=2000 ended_at_ms=3000 ended_by=07 at=3-1 until=4
        subject=02 agent=08 powers=15 valid_until_ms=8000 person=57 admitted_at_ms=1000 at=1-2 until=3
    "#]]
    .assert_eq(&story.history("mandates"));
    assert_eq!(story.table("participants"), "", "a key with a mandate need not be a participant");
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_mandate_that_is_over_can_be_ended_and_one_that_is_not_there_cannot() {
    let mut story = Story::of(Contract::Participants);
    story.refuses("has no mandate of 0x0202", vec![admitted(8, power::ASK, 9_000), ended(7, 7)]);
    story.block(vec![admitted(7, power::ASK, 2_000)]);
    story.empty_block();
    story.block(vec![ended(7, 2)]);
    story.refuses("has no mandate", vec![ended(7, 2)]);
    // It is of the other that he acts for, not the other way round.
    story.block(vec![admitted(7, power::ASK, 9_000)]);
    let reversed = MandateEnded { subject: account(7), agent: account(2), by: account(2) };
    story.refuses("has no mandate of 0x0707", vec![Event::from(reversed)]);
    story.refuses("until = 18446744073709551615", vec![admitted(9, power::ASK, u64::MAX)]);
    expect![[r#"
        subject=02 agent=07 powers=1 valid_until_ms=9000 person=57 admitted_at_ms=4000 at=4-1
    "#]]
    .assert_eq(&story.table("mandates"));
}
