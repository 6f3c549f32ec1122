//! Grants, epochs, emergencies and the log, from events to rows.

mod choices;
mod guardians;

use std::collections::BTreeSet;

use assent_events::consent::{GuardianActed, OutsiderRefused};
use assent_events::{Contract, Decision, DenyReason, Outcome, SanctionReason};
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

fn story() -> Story {
    Story::of(Contract::Consent)
}

/// A grant of owner 1 to account 2.
fn granted(grant: u64, epoch: u32, by: u8, max_uses: Option<u32>) -> Event {
    Event::from(Granted {
        grant,
        owner: account(1),
        grantee: account(2),
        purposes: u32::MAX,
        categories: 8,
        from: 10,
        until: u64::MAX,
        max_uses,
        record: Some([0xdd; 32]),
        policy: [0xbb; 32],
        epoch,
        by: account(by),
    })
}

fn amended(grant: u64, version: u32, max_uses: Option<u32>) -> Event {
    Event::from(Amended {
        grant,
        owner: account(1),
        version,
        purposes: 3,
        categories: 3,
        from: 11,
        until: 30,
        max_uses,
        policy: [0xb2; 32],
        by: account(1),
        at: 6_000,
    })
}

fn revoked(grant: u64, by: u8) -> Event {
    Event::from(Revoked { grant, owner: account(1), by: account(by), at: 7_000 })
}

fn all_revoked(epoch: u32) -> Event {
    Event::from(AllRevoked { owner: account(1), epoch, at: 8_000 })
}

/// What the event before says of owner 1 a guardian of his did.
fn acted(guardian: u8) -> Event {
    Event::from(GuardianActed { owner: account(1), guardian: account(guardian), at: 8_000 })
}

fn link_erased(grant: u64) -> Event {
    Event::from(LinkErased { grant, owner: account(1) })
}

/// Account 4 acts for owner 1.
fn delegate_set(epoch: u32) -> Event {
    let (owner, delegate) = (account(1), account(4));
    let (purposes, categories, until) = (1, 2, u64::MAX);
    Event::from(DelegateSet { owner, delegate, purposes, categories, until, epoch })
}

fn delegate_removed() -> Event {
    Event::from(DelegateRemoved { owner: account(1), delegate: account(4), revoked_up_to: None })
}

/// With the grants that he gave, of those up to a number.
fn delegate_removed_with(up_to: u64) -> Event {
    let revoked_up_to = Some(up_to);
    Event::from(DelegateRemoved { owner: account(1), delegate: account(4), revoked_up_to })
}

/// Owner 1 denies account 2; `scope` is a mask of purposes and one of categories.
fn denied((purposes, categories): (u32, u32), at: u64) -> Event {
    let (owner, requester) = (account(1), account(2));
    Event::from(Denied { owner, requester, purposes, categories, at })
}

fn lifted((purposes, categories): (u32, u32), at: u64) -> Event {
    let (owner, requester) = (account(1), account(2));
    Event::from(DenialLifted { owner, requester, purposes, categories, at })
}

/// A window of patient 1 and provider 2, from 100 to 110, to be reviewed by 120; the provider opened it.
fn broken(window: u64) -> Event {
    broken_by(window, 2, None)
}

/// The same, which this key opened; of one of the provider's staff with the byte of who he is.
fn broken_by(window: u64, by: u8, person: Option<u8>) -> Event {
    Event::from(GlassBroken {
        window,
        patient: account(1),
        provider: account(2),
        by: account(by),
        person: person.map(|byte| [byte; 32]),
        justification: [0x1f; 32],
        at: 100,
        until: 110,
        review_by: 120,
    })
}

fn closed(window: u64, by: u8, at: u64) -> Event {
    Event::from(GlassClosed { window, by: account(by), at })
}

fn reviewed(window: u64, by: u8, outcome: Outcome) -> Event {
    Event::from(GlassReviewed { window, by: account(by), outcome, at: 119 })
}

fn barred(window: u64, key: u8) -> Event {
    Event::from(EmergencyBarred { key: account(key), window, at: 119 })
}

fn bar_lifted(key: u8) -> Event {
    Event::from(BarLifted { key: account(key), by: account(9), at: 130 })
}

/// Account 8 is refused as one who was never admitted.
fn outsider() -> OutsiderRefused {
    OutsiderRefused {
        requester: account(8),
        owner: account(1),
        sequence: 1,
        purpose: 0,
        category: 3,
        record: None,
        at: 105,
        previous: [0; 32],
        content: [0xc1; 32],
        head: log::linked_head([0; 32], [0xc1; 32]),
    }
}

fn proposed(window: u64, provider: u8, reason: SanctionReason, at: u64) -> Event {
    Event::from(SuspensionProposed { provider: account(provider), window, reason, at })
}

/// The first access of account 2 to data of owner 1, refused.
fn access() -> AccessDecided {
    AccessDecided {
        owner: account(1),
        requester: account(2),
        by: account(2),
        person: None,
        access: 1,
        sequence: 1,
        purpose: 0,
        category: 3,
        record: None,
        grant: None,
        window: None,
        decision: Decision::Deny(DenyReason::NoGrant),
        at: 105,
        previous: [0; 32],
        content: [0xc0; 32],
        head: [0; 32],
    }
}

fn by_grant(grant: u64, access: AccessDecided) -> AccessDecided {
    AccessDecided { grant: Some(grant), decision: Decision::Permit, ..access }
}

fn by_window(window: u64, access: AccessDecided) -> AccessDecided {
    AccessDecided { window: Some(window), decision: Decision::Permit, ..access }
}

/// With the head that follows from what it says.
fn linked(access: AccessDecided) -> AccessDecided {
    let head = log::linked_head(access.previous, access.content);
    AccessDecided { head, ..access }
}

/// What follows it in the log.
fn next(before: &AccessDecided) -> AccessDecided {
    let (access, sequence) = (before.access + 1, before.sequence + 1);
    AccessDecided { access, sequence, previous: before.head, ..self::access() }
}

#[test]
fn a_grant_is_used_amended_and_revoked_and_its_history_tells_it() {
    let mut story = story();
    let first = linked(by_grant(1, access()));
    let second = linked(next(&first));
    story.block(vec![granted(1, 0, 1, Some(2))]);
    story.block(vec![Event::from(first), second.into()]);
    story.block(vec![amended(1, 2, None)]);
    story.block(vec![revoked(1, 1), link_erased(1)]);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 uses=1 link_erased=true policy=b2 version=2 epoch=0 granted_by=01 amended_by=01 amended_at_ms=6000 revoked_at_ms=7000 revoked_by=01 at=4-2
    "#]].assert_eq(&story.table("grants"));
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=3 categories=3 valid_from_ms=11 valid_until_ms=30 uses=1 record=dd link_erased=false policy=b2 version=2 epoch=0 granted_by=01 amended_by=01 amended_at_ms=6000 at=3-1 until=4
        id=1 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 max_uses=2 uses=0 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 at=1-1 until=2
        id=1 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 max_uses=2 uses=1 record=dd link_erased=false policy=bb version=1 epoch=0 granted_by=01 at=2-1 until=3
    "#]].assert_eq(&story.history("grants"));
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=02 sequence=1 purpose=0 category=3 grant_id=1 permitted=true at_ms=105 previous_head=00 content=c0 head=87 at=2-1
        access=2 owner=01 requester=02 asked_by=02 sequence=2 purpose=0 category=3 permitted=false deny_reason=NoGrant at_ms=105 previous_head=87 content=c0 head=25 at=2-2
    "#]].assert_eq(&story.table("access_log"));
    expect![[r#"
        owner=01 sequence=2 head=25 at=2-2
    "#]]
    .assert_eq(&story.table("log_heads"));
    let head = "870722789ff89e2918ba7eedcb6d2ed1247b40443bec05ad9fe2ace01c22ca6f";
    assert_eq!(::hex::encode(linked(access()).head), head);
    // Both entries are of one block.
    assert_eq!(story.history("log_heads"), "");
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_event_that_contradicts_a_grant_is_refused_with_its_block() {
    let mut story = story();
    story.block(vec![granted(1, 0, 1, Some(1)), granted(2, 0, 1, None), revoked(2, 1)]);
    story.block(vec![link_erased(2), delegate_set(0), delegate_removed()]);
    let other = Event::from(Revoked { grant: 1, owner: account(3), by: account(3), at: 7_000 });
    for (reason, event) in [
        ("grant 1 is there already", granted(1, 0, 1, None)),
        ("epoch 1 of owner", granted(4, 1, 1, None)),
        ("neither owner", granted(4, 0, 5, None)),
        ("neither owner", granted(4, 0, 4, None)),
        ("not at the version before 3", amended(1, 3, None)),
        ("grant 2 is not there, revoked", amended(2, 2, None)),
        ("grant 9 is not there, revoked", amended(9, 2, None)),
        ("grant 2 is not there, or already", revoked(2, 1)),
        ("grant 1 is not there, or already", other),
        ("has no link", link_erased(2)),
        ("is no delegate", delegate_removed()),
        ("exceeds a bigint", granted(u64::MAX, 0, 1, None)),
    ] {
        // What came before it in the block is undone too.
        let access = linked(by_grant(1, access()));
        story.refuses(reason, vec![access.into(), granted(3, 0, 1, None), broken(1), event]);
    }
    let first = linked(by_grant(1, access()));
    let second = linked(by_grant(1, next(&first)));
    story.block(vec![Event::from(first)]);
    story.refuses("when grant 1 was used up", vec![Event::from(second)]);
    story.block(vec![amended(1, 2, Some(1))]);
    story.refuses("takes back uses of which 1 were made", vec![amended(1, 3, Some(0))]);
}

#[test]
fn revoking_all_writes_one_row_however_much_it_ends() {
    let mut story = story();
    story.block(vec![delegate_set(0), granted(1, 0, 4, None), granted(2, 0, 1, None)]);
    let given = (story.table("grants"), story.table("delegations"));
    story.refuses("does not follow", vec![all_revoked(0)]);
    story.refuses("does not follow", vec![all_revoked(2)]);
    story.block(vec![all_revoked(1)]);
    assert_eq!((story.table("grants"), story.table("delegations")), given);
    assert_eq!(story.needed, BTreeSet::new());

    let permit = linked(by_grant(1, access())).into();
    for (reason, event) in [
        ("does not follow", all_revoked(1)),
        ("does not follow", all_revoked(3)),
        ("epoch 0 of owner", granted(3, 0, 1, None)),
        ("epoch 0 of owner", delegate_set(0)),
        ("neither owner", granted(3, 1, 4, None)),
        ("grant 1 is not there, revoked", amended(1, 2, None)),
        ("grant 2 is not there, or already", revoked(2, 1)),
        ("without a grant", permit),
    ] {
        story.refuses(reason, vec![event]);
    }
    // The contract still holds both.
    story.block(vec![link_erased(1), delegate_removed()]);

    // What is given in the new epoch counts until the next one.
    let permit = linked(by_grant(3, access()));
    story.block(vec![delegate_set(1), granted(3, 1, 4, None), permit.clone().into()]);
    story.block(vec![all_revoked(2)]);
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 at=1-1 until=3
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=removed at=3-2 until=4
    "#]].assert_eq(&story.history("delegations"));
    // The epoch of the grant is not told by the access.
    story.store();
    let late = linked(by_grant(3, next(&permit)));
    story.refuses("without a grant", vec![Event::from(late)]);
    assert_eq!(story.needed, BTreeSet::from(["owner_epochs"]));
    expect![[r#"
        owner=01 epoch=1 began_at_ms=8000 began_by=01 at=2-1
        owner=01 epoch=2 began_at_ms=8000 began_by=01 at=5-1
    "#]]
    .assert_eq(&story.table("owner_epochs"));
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=1 at=4-1
    "#]].assert_eq(&story.table("delegations"));
}

#[test]
fn denials_add_up_and_are_lifted_piece_by_piece() {
    let mut story = story();
    story.refuses("denies nothing of that", vec![lifted((1, 1), 5)]);
    story.refuses("denies nothing", vec![denied((0, 1), 5)]);
    story.refuses("denies nothing", vec![denied((1, 0), 5)]);
    story.block(vec![denied((0b11, 0b100), 5)]);
    // A second one takes nothing away, and what was denied already stays as it was.
    story.block(vec![denied((0b1, 0b001), 6), denied((0b10, 0b100), 7)]);
    story.refuses("denies nothing of that", vec![lifted((0b10, 0b011), 8)]);
    story.refuses("denies nothing of that", vec![lifted((0b100, 0b111), 8)]);
    story.block(vec![lifted((u32::MAX, 0b100), 8)]);
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=1 by_guardians=0 denied_at_ms=6 at=3-1
        owner=01 requester=02 purpose=1 categories=0 by_guardians=0 denied_at_ms=5 lifted_at_ms=8 at=3-1
    "#]]
    .assert_eq(&story.table("denials"));
    story.refuses("denies nothing of that", vec![lifted((0b10, u32::MAX), 9)]);
    story.block(vec![denied((1 << 31, 1 << 31), 9), denied((0b10, 0b1), 9)]);
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=1 by_guardians=0 denied_at_ms=6 at=3-1
        owner=01 requester=02 purpose=1 categories=1 by_guardians=0 denied_at_ms=9 at=4-2
        owner=01 requester=02 purpose=31 categories=2147483648 by_guardians=0 denied_at_ms=9 at=4-1
    "#]]
    .assert_eq(&story.table("denials"));
    expect![[r#"
        owner=01 requester=02 purpose=0 categories=4 by_guardians=0 denied_at_ms=5 at=1-1 until=2
        owner=01 requester=02 purpose=0 categories=5 by_guardians=0 denied_at_ms=6 at=2-1 until=3
        owner=01 requester=02 purpose=1 categories=0 by_guardians=0 denied_at_ms=5 lifted_at_ms=8 at=3-1 until=4
        owner=01 requester=02 purpose=1 categories=4 by_guardians=0 denied_at_ms=5 at=1-1 until=3
    "#]]
    .assert_eq(&story.history("denials"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn removing_a_delegate_with_his_grants_changes_none_of_them_however_many_end() {
    let mut story = story();
    story.block(vec![delegate_set(0), granted(1, 0, 4, None), granted(2, 0, 1, None)]);
    let given = story.table("grants");
    story.block(vec![delegate_removed_with(2)]);
    assert_eq!(story.table("grants"), given);
    let permit = |grant| Event::from(linked(by_grant(grant, access())));
    for (reason, event) in [
        ("grant 1 is not there, revoked", amended(1, 2, None)),
        ("grant 1 is not there, or already", revoked(1, 1)),
        ("without a grant", permit(1)),
        ("is no delegate", delegate_removed_with(2)),
    ] {
        story.refuses(reason, vec![event]);
    }
    // The owner's own counts on, and what the delegate gives when he is set again.
    story.block(vec![delegate_set(0), granted(3, 0, 4, None), amended(2, 2, None)]);
    story.refuses("up to a later grant than 1", vec![delegate_removed_with(1)]);
    story.block(vec![revoked(3, 4), link_erased(1)]);
    story.block(vec![delegate_removed_with(3)]);
    // A removal without them revokes nothing, and one after which nothing was given nothing more.
    story.block(vec![delegate_set(0), delegate_removed_with(3)]);
    story.block(vec![delegate_set(0), granted(4, 0, 4, None), delegate_removed()]);
    story.block(vec![revoked(4, 1)]);
    expect![[r#"
        owner=01 delegate=04 revoked_up_to=2 revoked_after=0 revoked_at_ms=2000 revoked_by=01 at=2-1
        owner=01 delegate=04 revoked_up_to=3 revoked_after=2 revoked_at_ms=5000 revoked_by=01 at=5-1
    "#]]
    .assert_eq(&story.table("delegate_revocations"));
    expect![[r#"
        owner=01 delegate=04 purposes=1 categories=2 valid_until_ms=18446744073709551615 epoch=0 ended=removed revoked_up_to=3 at=7-3
    "#]].assert_eq(&story.table("delegations"));
}

#[test]
fn a_grant_for_all_records_has_no_link_that_could_be_erased() {
    let all = |grant| match granted(grant, 0, 1, None) {
        Event::Granted(granted) => Event::from(Granted { record: None, ..granted }),
        other => other,
    };
    let mut story = story();
    story.block(vec![all(1), granted(2, 0, 1, None), link_erased(2)]);
    story.refuses("has no link", vec![link_erased(1)]);
    story.refuses("has no link", vec![link_erased(2)]);
    expect![[r#"
        id=1 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 uses=0 link_erased=false policy=bb version=1 epoch=0 granted_by=01 at=1-1
        id=2 owner=01 grantee=02 purposes=4294967295 categories=8 valid_from_ms=10 valid_until_ms=18446744073709551615 uses=0 link_erased=true policy=bb version=1 epoch=0 granted_by=01 at=1-3
    "#]].assert_eq(&story.table("grants"));
}

#[test]
fn a_window_is_used_closed_reviewed_and_sanctioned() {
    let mut story = story();
    let permit = linked(by_window(1, access()));
    story.block(vec![broken(1), broken(2), permit.into()]);
    story.block(vec![closed(1, 1, 109), proposed(2, 2, SanctionReason::Unreviewed, 120)]);
    let found = SanctionReason::Unjustified;
    let verdict = reviewed(1, 9, Outcome::Unjustified);
    story.block(vec![verdict, barred(1, 2), proposed(1, 2, found, 119)]);
    story.block(vec![bar_lifted(2)]);
    expect![[r#"
        key=02 window_id=1 barred_at_ms=119 lifted_at_ms=130 lifted_by=09 at=4-1
    "#]]
    .assert_eq(&story.table("emergency_bars"));
    expect![[r#"
        key=02 window_id=1 barred_at_ms=119 at=3-2 until=4
    "#]]
    .assert_eq(&story.history("emergency_bars"));
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=01 outcome=unjustified reviewed_at_ms=119 reviewed_by=09 uses=1 at=3-1
        id=2 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 uses=0 at=1-2
    "#]].assert_eq(&story.table("emergency_windows"));
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=01 uses=1 at=2-1 until=3
        id=1 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 uses=1 at=1-3 until=2
    "#]].assert_eq(&story.history("emergency_windows"));
    expect![[r#"
        window_id=1 provider=02 reason=unjustified proposed_at_ms=119 at=3-3
        window_id=2 provider=02 reason=unreviewed proposed_at_ms=120 at=2-2
    "#]]
    .assert_eq(&story.table("sanctions"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_somebody_does_for_a_provider_names_his_key_and_who_he_is() {
    let mut story = story();
    // 7 is of the staff of provider 2: he opens the window, and another of its keys asks in it.
    let permit =
        by_window(1, AccessDecided { by: account(8), person: Some([0x58; 32]), ..access() });
    story.block(vec![broken_by(1, 7, Some(0x57)), linked(permit).into()]);
    expect![[r#"
        access=1 owner=01 requester=02 asked_by=08 person=58 sequence=1 purpose=0 category=3 window_id=1 permitted=true at_ms=105 previous_head=00 content=c0 head=87 at=1-2
    "#]].assert_eq(&story.table("access_log"));
    // A third closes it. Of the two only the provider would be known here, so it is for the invariants to ask.
    story.block(vec![closed(1, 6, 109)]);
    story.refuses("but is a party", vec![reviewed(1, 7, Outcome::Unjustified)]);
    story.block(vec![reviewed(1, 9, Outcome::Unjustified)]);
    // What is barred is the key, not the provider.
    story.refuses("window 1 was not opened by 0x0202", vec![barred(1, 2)]);
    story.block(vec![barred(1, 7), proposed(1, 2, SanctionReason::Unjustified, 119)]);
    story.refuses("is not barred", vec![bar_lifted(2)]);
    expect![[r#"
        key=07 window_id=1 barred_at_ms=119 at=4-1
    "#]]
    .assert_eq(&story.table("emergency_bars"));
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=07 person=57 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=109 closed_by=06 outcome=unjustified reviewed_at_ms=119 reviewed_by=09 uses=1 at=3-1
    "#]].assert_eq(&story.table("emergency_windows"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_unjustified_window_is_closed_by_its_reviewer_and_bars_its_provider() {
    let mut story = story();
    let found = |window| {
        let verdict =
            GlassReviewed { window, by: account(9), outcome: Outcome::Unjustified, at: 105 };
        vec![closed(window, 9, 105), verdict.into(), barred(window, 2)]
    };
    story.block(vec![broken(1), broken(2), broken(3)]);
    // A second one takes the place of the first, lifted or not.
    story.block(found(1));
    story.block(found(2));
    story.block(vec![bar_lifted(2)]);
    story.refuses("is not barred", vec![bar_lifted(2)]);
    story.refuses("is not barred", vec![bar_lifted(3)]);
    story.block(found(3));
    expect![[r#"
        key=02 window_id=3 barred_at_ms=119 at=5-3
    "#]]
    .assert_eq(&story.table("emergency_bars"));
    expect![[r#"
        id=1 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=105 closed_by=09 outcome=unjustified reviewed_at_ms=105 reviewed_by=09 uses=0 at=2-2
        id=2 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=105 closed_by=09 outcome=unjustified reviewed_at_ms=105 reviewed_by=09 uses=0 at=3-2
        id=3 patient=01 provider=02 opened_by=02 justification=1f opened_at_ms=100 until_ms=110 review_by_ms=120 closed_at_ms=105 closed_by=09 outcome=unjustified reviewed_at_ms=105 reviewed_by=09 uses=0 at=5-2
    "#]].assert_eq(&story.table("emergency_windows"));
    let permit = linked(by_window(3, access()));
    story.refuses("without a window", vec![Event::from(permit)]);
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn the_refusals_of_outsiders_are_one_chain() {
    let mut story = story();
    let first = outsider();
    let next = OutsiderRefused { sequence: 2, previous: first.head, ..outsider() };
    let next = OutsiderRefused { head: log::linked_head(next.previous, next.content), ..next };
    let early = next.clone();
    story.refuses("refusal 2 of an outsider does not follow", vec![Event::from(early)]);
    let wrong = OutsiderRefused { head: [0xa2; 32], ..outsider() };
    story.refuses("refusal 1 of an outsider has a head", vec![Event::from(wrong)]);
    story.block(vec![Event::from(first.clone())]);
    story.refuses("does not follow", vec![Event::from(first)]);
    story.block(vec![Event::from(next)]);
    expect![[r#"
        singleton=true sequence=2 head=de at_ms=105 at=2-1
    "#]]
    .assert_eq(&story.table("outsider_refusals"));
    expect![[r#"
        singleton=true sequence=1 head=cd at_ms=105 at=1-1 until=2
    "#]]
    .assert_eq(&story.history("outsider_refusals"));
    assert_eq!(story.table("access_log"), "");
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_event_that_contradicts_a_window_is_refused_with_its_block() {
    use SanctionReason::{Unjustified, Unreviewed};
    let mut story = story();
    let justified = |window, by| reviewed(window, by, Outcome::Justified);
    story.block(vec![broken(1), broken(2), closed(2, 1, 105), justified(2, 9)]);
    story.block(vec![broken(5)]);
    let found = |window, by, at| {
        let outcome = Outcome::Unjustified;
        Event::from(GlassReviewed { window, by: account(by), outcome, at })
    };
    let permit =
        |window, at| Event::from(linked(by_window(window, AccessDecided { at, ..access() })));
    let stranger = by_window(1, AccessDecided { requester: account(3), ..access() });
    for (reason, event) in [
        ("window 1 is there already", broken(1)),
        ("already closed", closed(2, 1, 106)),
        ("already closed", closed(9, 1, 106)),
        ("when it was not open", closed(1, 2, 110)),
        ("while it was open", found(5, 9, 105)),
        ("was not found unjustified", barred(2, 2)),
        ("was not found unjustified", barred(1, 2)),
        ("was not found unjustified", barred(9, 2)),
        ("is not barred", bar_lifted(2)),
        ("already reviewed", justified(2, 9)),
        ("already reviewed", justified(9, 9)),
        ("but is a party", justified(1, 2)),
        ("no ground", proposed(2, 2, Unjustified, 107)),
        ("no ground", proposed(1, 2, Unjustified, 107)),
        ("no ground", proposed(1, 2, Unreviewed, 119)),
        ("no ground", proposed(2, 2, Unreviewed, 120)),
        ("no ground", proposed(1, 3, Unreviewed, 120)),
        ("no ground", proposed(9, 2, Unreviewed, 120)),
        ("without a window", permit(2, 105)),
        ("without a window", permit(9, 105)),
        ("without a window", permit(1, 110)),
        ("without a window", permit(1, 99)),
        ("without a window", linked(stranger).into()),
    ] {
        story.refuses(reason, vec![broken(3), event]);
    }
}

#[test]
fn a_refusal_because_nobody_pays_names_its_grant_and_uses_nothing_up() {
    let mut story = story();
    let decision = Decision::Deny(DenyReason::Unfunded);
    let unpaid = linked(AccessDecided { grant: Some(1), decision, ..access() });
    story.block(vec![granted(1, 0, 1, Some(1)), unpaid.clone().into()]);
    let logged = story.table("access_log");
    assert!(logged.contains("grant_id=1 permitted=false deny_reason=Unfunded "), "{logged}");
    assert!(story.table("grants").contains(" max_uses=1 uses=0 "), "{}", story.table("grants"));
    // The grant has its use left.
    story.block(vec![Event::from(linked(by_grant(1, next(&unpaid))))]);
    assert!(story.table("grants").contains(" max_uses=1 uses=1 "), "{}", story.table("grants"));
}

#[test]
fn an_access_that_contradicts_the_log_is_refused_with_its_block() {
    let mut story = story();
    let first = linked(access());
    let fresh = AccessDecided { owner: account(3), access: 2, ..access() };
    story.block(vec![granted(1, 0, 1, None), first.clone().into()]);
    let next = next(&first);
    let wrong = |access: &AccessDecided| AccessDecided { head: [0xa2; 32], ..access.clone() };
    for (reason, access) in [
        ("does not follow", linked(AccessDecided { previous: [0xbb; 32], ..next.clone() })),
        ("does not follow", linked(AccessDecided { sequence: 3, ..next.clone() })),
        ("does not follow", linked(AccessDecided { sequence: 1, ..next.clone() })),
        ("does not follow", linked(AccessDecided { previous: next.previous, ..fresh.clone() })),
        ("does not follow", linked(AccessDecided { sequence: 0, ..fresh.clone() })),
        ("has a head", wrong(&next)),
        ("has a head", wrong(&fresh)),
        // Of another owner; to another requester.
        ("without a grant", linked(by_grant(1, fresh))),
        (
            "without a grant",
            linked(by_grant(1, AccessDecided { requester: account(3), ..next.clone() })),
        ),
        ("without a grant", linked(by_grant(9, next.clone()))),
        (
            "neither grant nor window",
            linked(AccessDecided { decision: Decision::Permit, ..next.clone() }),
        ),
        ("both a grant and a window", linked(by_grant(1, by_window(1, next.clone())))),
        ("refused in a window", linked(AccessDecided { window: Some(1), ..next.clone() })),
    ] {
        story.refuses(reason, vec![granted(2, 0, 1, None), access.into()]);
    }
    story.block(vec![Event::from(linked(next))]);
    expect![[r#"
        owner=01 sequence=1 head=87 at=1-2 until=2
    "#]]
    .assert_eq(&story.history("log_heads"));
}
