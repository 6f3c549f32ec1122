//! What owners choose for themselves.

use super::*;

fn emergencies_refused(at: u64) -> Event {
    Event::from(EmergenciesRefused { owner: account(1), at })
}

fn emergencies_allowed(at: u64) -> Event {
    Event::from(EmergenciesAllowed { owner: account(1), at })
}

/// Owner 1 restricts; `scope` is a mask of purposes and one of categories.
fn restricted((purposes, categories): (u32, u32), at: u64) -> Event {
    Event::from(Restricted { owner: account(1), purposes, categories, at })
}

fn excepted(by: u8) -> Event {
    Event::from(Excepted { owner: account(1), account: account(by) })
}

fn restriction_lifted(at: u64) -> Event {
    Event::from(RestrictionLifted { owner: account(1), at })
}

#[test]
fn emergencies_are_refused_and_allowed_again() {
    let mut story = story();
    story.refuses("does not refuse emergencies", vec![emergencies_allowed(5)]);
    story.block(vec![emergencies_refused(5)]);
    story.refuses("refuses emergencies already", vec![emergencies_refused(6)]);
    story.block(vec![emergencies_allowed(6)]);
    expect![[r#"
        owner=01 refused_at_ms=5 allowed_at_ms=6 allowed_by=01 at=2-1
    "#]]
    .assert_eq(&story.table("emergency_refusals"));
    story.refuses("does not refuse emergencies", vec![emergencies_allowed(7)]);
    story.refuses("exceeds a bigint", vec![emergencies_refused(u64::MAX)]);
    story.block(vec![emergencies_refused(7)]);
    expect![[r#"
        owner=01 refused_at_ms=7 at=3-1
    "#]]
    .assert_eq(&story.table("emergency_refusals"));
    expect![[r#"
        owner=01 refused_at_ms=5 allowed_at_ms=6 allowed_by=01 at=2-1 until=3
        owner=01 refused_at_ms=5 at=1-1 until=2
    "#]]
    .assert_eq(&story.history("emergency_refusals"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_restriction_takes_none_of_the_exceptions_of_the_one_before() {
    let mut story = story();
    story.block(vec![restricted((3, 8), 5), excepted(3), excepted(2)]);
    story.block(vec![restriction_lifted(6)]);
    expect![[r#"
        owner=01 number=1 purposes=3 categories=8 restricted_at_ms=5 restricted_by=01 lifted_at_ms=6 lifted_by=01 at=2-1
    "#]]
    .assert_eq(&story.table("restrictions"));
    story.block(vec![restricted((u32::MAX, 1), 7), excepted(3), excepted(4)]);
    expect![[r#"
        owner=01 number=2 purposes=4294967295 categories=1 restricted_at_ms=7 restricted_by=01 at=3-1
    "#]]
    .assert_eq(&story.table("restrictions"));
    expect![[r#"
        owner=01 account=02 restriction=1 at=1-3
        owner=01 account=03 restriction=2 at=3-2
        owner=01 account=04 restriction=2 at=3-3
    "#]]
    .assert_eq(&story.table("restriction_exceptions"));
    expect![[r#"
        owner=01 number=1 purposes=3 categories=8 restricted_at_ms=5 restricted_by=01 at=1-1 until=2
        owner=01 number=1 purposes=3 categories=8 restricted_at_ms=5 restricted_by=01 lifted_at_ms=6 lifted_by=01 at=2-1 until=3
    "#]]
    .assert_eq(&story.history("restrictions"));
    expect![[r#"
        owner=01 account=03 restriction=1 at=1-2 until=3
    "#]]
    .assert_eq(&story.history("restriction_exceptions"));
    // Several in one block are counted, too.
    let again = [restriction_lifted(8), restricted((1, 1), 8), excepted(4), restriction_lifted(9)];
    story.block(again.to_vec());
    expect![[r#"
        owner=01 number=3 purposes=1 categories=1 restricted_at_ms=8 restricted_by=01 lifted_at_ms=9 lifted_by=01 at=4-4
    "#]]
    .assert_eq(&story.table("restrictions"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn a_guardian_restricts_lifts_what_guardians_restricted_and_allows_emergencies() {
    let by_guardian = |(purposes, categories): (u32, u32), at| {
        let (owner, by) = (account(1), account(5));
        Event::from(GuardianRestricted { owner, purposes, categories, by, at })
    };
    let mut story = story();
    story.refuses("restricts nothing", vec![by_guardian((0, 1), 5)]);
    story.block(vec![by_guardian((3, 8), 5), excepted(3), emergencies_refused(5)]);
    story.refuses("has a restriction already", vec![by_guardian((1, 1), 6)]);
    story.refuses("has a restriction already", vec![restricted((1, 1), 6)]);
    story.block(vec![restriction_lifted(6), acted(6), emergencies_allowed(6), acted(5)]);
    expect![[r#"
        owner=01 number=1 purposes=3 categories=8 restricted_at_ms=5 restricted_by=05 lifted_at_ms=6 lifted_by=06 at=2-1
    "#]]
    .assert_eq(&story.table("restrictions"));
    expect![[r#"
        owner=01 refused_at_ms=5 allowed_at_ms=6 allowed_by=05 at=2-3
    "#]]
    .assert_eq(&story.table("emergency_refusals"));
    expect![[r#"
        owner=01 account=03 restriction=1 at=1-2
    "#]]
    .assert_eq(&story.table("restriction_exceptions"));
    // It counts among the owner's, who lifts it, too.
    story.block(vec![restricted((1, 1), 7), restriction_lifted(8), by_guardian((1, 1), 9)]);
    story.block(vec![restriction_lifted(10)]);
    expect![[r#"
        owner=01 number=3 purposes=1 categories=1 restricted_at_ms=9 restricted_by=05 lifted_at_ms=10 lifted_by=01 at=4-1
    "#]]
    .assert_eq(&story.table("restrictions"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_event_that_contradicts_a_restriction_is_refused_with_its_block() {
    let mut story = story();
    story.refuses("has no restriction", vec![restriction_lifted(5)]);
    story.refuses("has no restriction", vec![excepted(2)]);
    story.refuses("restricts nothing", vec![restricted((0, 1), 5)]);
    story.refuses("restricts nothing", vec![restricted((1, 0), 5)]);
    story.refuses("excepts 0x0202", vec![restricted((1, 1), 5), excepted(2), excepted(2)]);
    story.block(vec![restricted((1, 1), 5), excepted(2)]);
    story.refuses("has a restriction already", vec![restricted((2, 2), 6)]);
    story.refuses("excepts 0x0202", vec![excepted(2)]);
    story.block(vec![restriction_lifted(6)]);
    for event in [restriction_lifted(7), excepted(3)] {
        story.refuses("has no restriction", vec![broken(1), event]);
    }
}
