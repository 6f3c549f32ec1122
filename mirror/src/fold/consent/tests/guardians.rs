//! What guardians do for their wards.

use super::*;

/// A guardian gave this grant in this guardianship of owner 1.
fn by_guardian(grant: u64, guardianship: u32) -> Event {
    Event::from(GuardianGranted { grant, owner: account(1), guardianship })
}

/// Guardian 5 of owner 1 denies account 2; `scope` is a mask of purposes and one of categories.
fn guardian_denied((purposes, categories): (u32, u32), at: u64) -> Event {
    let (owner, requester, by) = (account(1), account(2), account(5));
    Event::from(GuardianDenied { owner, requester, purposes, categories, by, at })
}

fn guardian_lifted((purposes, categories): (u32, u32), at: u64) -> Event {
    let (owner, requester, by) = (account(1), account(2), account(5));
    Event::from(GuardianDenialLifted { owner, requester, purposes, categories, by, at })
}

#[test]
fn what_a_guardian_gives_names_its_guardianship_and_any_of_them_changes_it() {
    let mut story = story();
    story.block(vec![granted(1, 0, 5, None), by_guardian(1, 3), granted(2, 0, 1, None)]);
    let amended = match amended(1, 2, None) {
        Event::Amended(amended) => Event::from(Amended { by: account(6), ..amended }),
        other => other,
    };
    story.block(vec![amended]);
    story.block(vec![revoked(1, 7)]);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 uses=0 record=dd link_erased=false policy=b2 version=2 epoch=0 granted_by=05 guardianship=3 amended_by=06 amended_at_ms=6000 revoked_at_ms=7000 revoked_by=07 at=3-1
        id=2 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 at=1-3
    "#]].assert_eq(&story.table("grants"));
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 uses=0 record=dd link_erased=false policy=b2 version=2 epoch=0 granted_by=05 guardianship=3 amended_by=06 amended_at_ms=6000 at=2-1 until=3
        id=1 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=05 guardianship=3 at=1-1 until=2
    "#]].assert_eq(&story.history("grants"));
}

#[test]
fn that_a_guardian_gave_a_grant_stands_right_after_it() {
    let mut story = story();
    story.block(vec![granted(1, 0, 5, None), by_guardian(1, 3), granted(2, 0, 1, None)]);
    let other = Event::from(GuardianGranted { grant: 1, owner: account(3), guardianship: 3 });
    for event in [by_guardian(1, 2), by_guardian(2, 3), by_guardian(9, 3), other] {
        story.refuses("is not one that a guardian has just given", vec![broken(1), event]);
    }
    // Not what the owner gives himself.
    let own = vec![granted(3, 0, 1, None), by_guardian(3, 3)];
    story.refuses("grant 3 is not one that a guardian has just given", own);
    // Who is no delegate and gives something is one.
    story.refuses("neither owner", vec![granted(3, 0, 5, None)]);
    story.refuses("exceeds a bigint", vec![by_guardian(u64::MAX, 0)]);
}

#[test]
fn what_a_delegate_gave_as_a_guardian_stays_when_he_is_removed() {
    let mut story = story();
    let by_delegate = granted(1, 0, 4, None);
    story.block(vec![delegate_set(0), by_delegate, granted(2, 0, 4, None), by_guardian(2, 0)]);
    story.block(vec![delegate_removed_with(2), acted(5)]);
    story.refuses("grant 1 is not there, or already", vec![revoked(1, 1)]);
    let permit = linked(by_grant(2, access()));
    story.block(vec![Event::from(permit), revoked(2, 1)]);
    expect![[r#"
        owner=01 delegate=04 revoked_up_to=2 revoked_after=0 revoked_at_ms=2000 revoked_by=05 at=2-1
    "#]]
    .assert_eq(&story.table("delegate_revocations"));
}

#[test]
fn a_guardian_revokes_everything_and_the_event_after_it_names_him() {
    let mut story = story();
    let of_another = GuardianActed { owner: account(3), guardian: account(5), at: 8_000 };
    story.block(vec![all_revoked(1), acted(5)]);
    story.block(vec![all_revoked(2), of_another.into(), all_revoked(3)]);
    // What does not keep who did it stays as it is.
    story.block(vec![granted(1, 3, 1, None), revoked(1, 1), link_erased(1), acted(5)]);
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 began_by=05 at=1-1
        owner=01 epoch=2 began_at_ms=8000 began_by=01 at=2-1
        owner=01 epoch=3 began_at_ms=8000 began_by=01 at=2-3
    "#]]
    .assert_eq(&story.table("owner_epochs"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_guardians_deny_stands_beside_what_the_owner_does() {
    let mut story = story();
    story.refuses("denies nothing", vec![guardian_denied((0, 1), 5)]);
    story.refuses("denies nothing of that", vec![guardian_lifted((1, 1), 5)]);
    story.block(vec![guardian_denied((0b11, 0b100), 5), denied((0b1, 0b010), 6)]);
    // Denied already, by guardians.
    story.block(vec![guardian_denied((0b11, 0b100), 7)]);
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=2 by_guardians=4 denied_at_ms=6 at=1-2
        owner=01 requester=02 purpose=1 categories=0 by_guardians=4 denied_at_ms=5 at=1-1
    "#]]
    .assert_eq(&story.table("denials"));
    // What the owner denied himself is his to lift, and the rest too.
    story.refuses("denies nothing of that", vec![guardian_lifted((0b1, 0b010), 8)]);
    story.block(vec![guardian_lifted((0b1, 0b110), 8)]);
    story.block(vec![lifted((0b11, 0b110), 9)]);
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=0 by_guardians=0 denied_at_ms=6 lifted_at_ms=9 at=4-1
        owner=01 requester=02 purpose=1 categories=0 by_guardians=0 denied_at_ms=5 lifted_at_ms=9 at=4-1
    "#]]
    .assert_eq(&story.table("denials"));
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=2 by_guardians=0 denied_at_ms=6 at=3-1 until=4
        owner=01 requester=02 purpose=0 categories=2 by_guardians=4 denied_at_ms=6 at=1-2 until=3
        owner=01 requester=02 purpose=1 categories=0 by_guardians=4 denied_at_ms=5 at=1-1 until=4
    "#]]
    .assert_eq(&story.history("denials"));
    assert_eq!(story.needed, BTreeSet::new());
}
