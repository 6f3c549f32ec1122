//! Keys that replace another, from events to rows. Block n has the time n × 1,000.

use super::*;

/// Account 2 names the key `to`, which may accept from block `from` on and before block `until`.
fn named(to: u8, from: u64, until: u64) -> Event {
    let (subject, to) = (account(2), account(to));
    let (not_before, until) = (1_000 * from, 1_000 * until);
    Event::from(SuccessorNamed { subject, to, not_before, until })
}

/// Regulator 9 does, for the reason 0x5e.
fn proposed(to: u8, from: u64, until: u64) -> Event {
    let (subject, to, by) = (account(2), account(to), account(9));
    let (not_before, until) = (1_000 * from, 1_000 * until);
    let evidence = [0x5e; 32];
    Event::from(ReplacementProposed { subject, to, evidence, not_before, until, by })
}

fn cancelled(to: u8) -> Event {
    Event::from(SuccessionCancelled { subject: account(2), to: account(to) })
}

fn objected(to: u8) -> Event {
    Event::from(ReplacementObjected { subject: account(2), to: account(to) })
}

fn confirmed(to: u8, by: u8) -> Event {
    let (subject, to, by) = (account(2), account(to), account(by));
    Event::from(ReplacementConfirmed { subject, to, by })
}

fn rejected(to: u8, by: u8) -> Event {
    let (subject, to, by) = (account(2), account(to), account(by));
    Event::from(ReplacementRejected { subject, to, by })
}

fn replaced(from: u8, to: u8) -> Event {
    let (subject, from, to) = (account(2), account(from), account(to));
    Event::from(KeyReplaced { subject, from, to })
}

#[test]
fn one_key_after_the_other_acts_for_a_participant() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered(), named(0x21, 2, 9)]);
    story.block(vec![replaced(2, 0x21)]);
    story.block(vec![proposed(0x22, 4, 9)]);
    story.store();
    story.block(vec![replaced(0x21, 0x22)]);
    expect![[r#"
        account=02 profile=aa roles=0 suspended=0 guardianship=0 key=22 at=4-1
    "#]]
    .assert_eq(&story.table("participants"));
    expect![[r#"
        key=02 subject=02 replaced_at_ms=2000 at=2-1
        key=21 subject=02 accepted_at_ms=2000 replaced_at_ms=4000 at=4-1
        key=22 subject=02 accepted_at_ms=4000 at=4-1
    "#]]
    .assert_eq(&story.table("participant_keys"));
    expect![[r#"
        key=21 subject=02 accepted_at_ms=2000 at=2-1 until=4
    "#]]
    .assert_eq(&story.history("participant_keys"));
    expect![[r#"
        subject=02 successor=22 proposed_by=09 evidence=5e named_at_ms=3000 not_before_ms=4000 until_ms=9000 ended_at_ms=4000 ending=accepted at=4-1
    "#]]
    .assert_eq(&story.table("successions"));
    expect![[r#"
        subject=02 successor=21 named_at_ms=1000 not_before_ms=2000 until_ms=9000 at=1-2 until=2
        subject=02 successor=21 named_at_ms=1000 not_before_ms=2000 until_ms=9000 ended_at_ms=2000 ending=accepted at=2-1 until=3
        subject=02 successor=22 proposed_by=09 evidence=5e named_at_ms=3000 not_before_ms=4000 until_ms=9000 at=3-1 until=4
    "#]]
    .assert_eq(&story.history("successions"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_key_objects_and_a_second_regulator_decides() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered(), proposed(0x21, 2, 9)]);
    story.block(vec![objected(0x21)]);
    story.refuses("in another state", vec![replaced(2, 0x21)]);
    story.block(vec![confirmed(0x21, 8)]);
    expect![[r#"
        subject=02 successor=21 proposed_by=09 evidence=5e named_at_ms=1000 not_before_ms=2000 until_ms=9000 objected_at_ms=2000 confirmed_at_ms=3000 confirmed_by=08 at=3-1
    "#]]
    .assert_eq(&story.table("successions"));
    // What was confirmed may still be rejected, and another one be named after it.
    story.block(vec![rejected(0x21, 7)]);
    expect![[r#"
        subject=02 successor=21 proposed_by=09 evidence=5e named_at_ms=1000 not_before_ms=2000 until_ms=9000 objected_at_ms=2000 confirmed_at_ms=3000 confirmed_by=08 ended_at_ms=4000 ending=rejected rejected_by=07 at=4-1
    "#]]
    .assert_eq(&story.table("successions"));
    story.block(vec![named(0x22, 6, 9), cancelled(0x22), named(0x21, 6, 9)]);
    story.block(vec![replaced(2, 0x21)]);
    expect![[r#"
        subject=02 successor=21 named_at_ms=5000 not_before_ms=6000 until_ms=9000 ended_at_ms=6000 ending=accepted at=6-1
    "#]]
    .assert_eq(&story.table("successions"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_contradicts_a_succession_undoes_its_block() {
    let mut story = Story::of(Contract::Participants);
    story.block(vec![registered()]);
    // Block 2: nothing was said of it.
    for event in [cancelled(0x21), objected(0x21), confirmed(0x21, 8), replaced(2, 0x21)] {
        story.refuses("is not to act for 0x0202", vec![event]);
    }
    story.block(vec![proposed(0x21, 4, 6)]);
    // Block 3: a regulator replaces the key, and it is too early.
    story.refuses("replaces the key of 0x0202", vec![named(0x22, 4, 6)]);
    story.refuses("replaces the key of 0x0202", vec![proposed(0x21, 4, 6)]);
    for event in
        [cancelled(0x21), objected(0x22), confirmed(0x21, 8), rejected(0x22, 8), replaced(2, 0x21)]
    {
        story.refuses("in another state", vec![event]);
    }
    story.refuses("in another state", vec![objected(0x21), objected(0x21)]);
    story.refuses("in another state", vec![objected(0x21), confirmed(0x21, 9)]);
    let twice = vec![objected(0x21), confirmed(0x21, 8), confirmed(0x21, 7)];
    story.refuses("in another state", twice);
    // Who proposed it takes it back, or another ends it, to which nobody objects.
    let again = || proposed(0x21, 4, 6);
    story.block(vec![rejected(0x21, 9), again(), rejected(0x21, 8), again()]);
    // Block 4: the key that it replaces is another.
    story.refuses("participant 0x0202", vec![replaced(0x22, 0x21)]);
    story.empty_block();
    story.empty_block();
    // Block 6: it is over, and another one may be named.
    story.refuses("in another state", vec![replaced(2, 0x21)]);
    story.block(vec![named(0x21, 7, 9)]);
    // Block 7: what he named himself no regulator ends.
    story.refuses("in another state", vec![rejected(0x21, 8)]);
    story.block(vec![replaced(2, 0x21), named(0x22, 7, 9)]);
    // A key comes back to nobody.
    story.block(vec![replaced(0x21, 0x22), named(0x21, 8, 10)]);
    story.refuses("was a key before", vec![replaced(0x22, 0x21)]);
}
