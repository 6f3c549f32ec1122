//! Mandates, of members and of guardians, from events to rows. What else becomes of participants is tested on
//! a real Postgres.

mod keys;

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

/// Regulator 9 appoints account `guardian`, who is the person 0x59, for account 2.
fn appointed(guardian: u8, until: u64) -> Event {
    let (ward, guardian, by) = (account(2), account(guardian), account(9));
    Event::from(GuardianAppointed { ward, guardian, until, person: [0x59; 32], by })
}

fn guardians_changed(guardianship: u32) -> Event {
    Event::from(GuardiansChanged { ward: account(2), guardianship })
}

/// Account 2 is a participant.
fn registered() -> Event {
    Event::from(Registered { account: account(2), profile: [0xaa; 32] })
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
        subject=02 agent=08 powers=31 valid_until_ms=8000 person=57 admitted_at_ms=1000 ended_at_ms=3000 ended_by=02 at=3-2
    "#]]
    .assert_eq(&story.table("mandates"));
    // Who was ended is admitted again.
    story.block(vec![admitted(7, power::BREAK_GLASS, 11_000)]);
    expect![[r#"
        subject=02 agent=07 powers=2 valid_until_ms=11000 person=57 admitted_at_ms=4000 at=4-1
        subject=02 agent=08 powers=31 valid_until_ms=8000 person=57 admitted_at_ms=1000 ended_at_ms=3000 ended_by=02 at=3-2
    "#]]
    .assert_eq(&story.table("mandates"));
    expect![[r#"
        subject=02 agent=07 powers=1 valid_until_ms=9000 person=57 admitted_at_ms=1000 at=1-1 until=2
        subject=02 agent=07 powers=9 valid_until_ms=10000 person=57 admitted_at_ms=2000 at=2-1 until=3
        subject=02 agent=07 powers=9 valid_until_ms=10000 person=57 admitted_at_ms=2000 ended_at_ms=3000 ended_by=07 at=3-1 until=4
        subject=02 agent=08 powers=31 valid_until_ms=8000 person=57 admitted_at_ms=1000 at=1-2 until=3
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

#[test]
fn a_guardian_is_appointed_and_dismissed_and_the_guardianships_are_numbered() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered(), appointed(7, 9_000), appointed(8, 8_000)]);
    // A longer time ends nothing, a shorter one does.
    story.block(vec![appointed(7, 10_000)]);
    story.block(vec![appointed(7, 5_000), guardians_changed(1)]);
    story.block(vec![ended(8, 9), guardians_changed(2)]);
    expect![[r#"
        subject=02 agent=07 powers=32 valid_until_ms=5000 person=59 appointed_by=09 admitted_at_ms=3000 at=3-1
        subject=02 agent=08 powers=32 valid_until_ms=8000 person=59 appointed_by=09 admitted_at_ms=1000 ended_at_ms=4000 ended_by=09 at=4-1
    "#]]
    .assert_eq(&story.table("mandates"));
    expect![[r#"
        ward=02 guardianship=1 began_at_ms=3000 at=3-2
        ward=02 guardianship=2 began_at_ms=4000 at=4-2
    "#]]
    .assert_eq(&story.table("guardianships"));
    expect![[r#"
        account=02 profile=aa roles=0 suspended=0 guardianship=2 at=4-2
    "#]]
    .assert_eq(&story.table("participants"));
    expect![[r#"
        account=02 profile=aa roles=0 suspended=0 guardianship=0 at=1-1 until=3
        account=02 profile=aa roles=0 suspended=0 guardianship=1 at=3-2 until=4
    "#]]
    .assert_eq(&story.history("participants"));
    expect![[r#"
        subject=02 agent=07 powers=32 valid_until_ms=10000 person=59 appointed_by=09 admitted_at_ms=2000 at=2-1 until=3
        subject=02 agent=07 powers=32 valid_until_ms=9000 person=59 appointed_by=09 admitted_at_ms=1000 at=1-2 until=2
        subject=02 agent=08 powers=32 valid_until_ms=8000 person=59 appointed_by=09 admitted_at_ms=1000 at=1-3 until=4
    "#]]
    .assert_eq(&story.history("mandates"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_mandate_takes_the_place_of_one_of_its_kind_and_guardianships_follow_one_another() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered(), appointed(7, 9_000), admitted(8, power::ASK, 9_000)]);
    story.refuses("has a mandate of 0x0202", vec![admitted(7, power::ASK, 9_000)]);
    story.refuses("of another kind", vec![appointed(8, 9_000)]);
    // What was ended is out of the way.
    story.block(vec![ended(7, 7), guardians_changed(1), ended(8, 2)]);
    story.block(vec![admitted(7, power::ASK, 9_000), appointed(8, 9_000)]);
    expect![[r#"
        subject=02 agent=07 powers=1 valid_until_ms=9000 person=57 admitted_at_ms=3000 at=3-1
        subject=02 agent=08 powers=32 valid_until_ms=9000 person=59 appointed_by=09 admitted_at_ms=3000 at=3-2
    "#]]
    .assert_eq(&story.table("mandates"));
    let nobody = GuardiansChanged { ward: account(3), guardianship: 1 };
    for event in [guardians_changed(0), guardians_changed(1), guardians_changed(3), nobody.into()] {
        story.refuses("is not there or in another state", vec![ended(8, 8), event]);
    }
    story.refuses("until = 18446744073709551615", vec![appointed(9, u64::MAX)]);
}

#[test]
fn what_happens_to_a_stored_mandate_or_ward_asks_for_it_beforehand() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered(), appointed(7, 9_000)]);
    story.store();
    story.block(vec![appointed(7, 8_000), guardians_changed(1)]);
    story.store();
    story.block(vec![ended(7, 7), guardians_changed(2)]);
    assert_eq!(story.needed, BTreeSet::new());
}
