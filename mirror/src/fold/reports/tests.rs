//! Versions of reports, from events to rows.

use std::collections::BTreeSet;

use assent_events::Contract;
use expect_test::expect;

use super::*;
use crate::fold::story::{Story, account};

const SERIES: Hash = [0x5e; 32];

/// The first version of a series of owner 1, about patient 3, by doctor 4.
fn first() -> Anchored {
    linked(Anchored {
        series: SERIES,
        owner: account(1),
        sequence: 1,
        previous: [0; 32],
        head: [0; 32],
        root: [0x11; 32],
        chunks: 2,
        byte_length: u64::MAX,
        metadata: [0x3e; 32],
        patient: account(3),
        doctor: account(4),
        at: 5_000,
    })
}

/// With the head that follows from what it says.
fn linked(version: Anchored) -> Anchored {
    let head = linked_head(&version);
    Anchored { head, ..version }
}

fn next(before: &Anchored) -> Anchored {
    let (sequence, previous) = (before.sequence + 1, before.head);
    linked(Anchored { sequence, previous, root: [0x22; 32], ..before.clone() })
}

fn superseded(sequence: u32, by: u32) -> Event {
    Event::from(Superseded { series: SERIES, sequence, by })
}

fn revoked(sequence: u32) -> Event {
    Event::from(Revoked { series: SERIES, sequence, reason: [0xee; 32], at: 7_000 })
}

fn signed(sequence: u32, party: Party, by: u8) -> Event {
    Event::from(Countersigned { series: SERIES, sequence, party, by: account(by), at: 6_000 })
}

#[test]
fn a_version_is_signed_revoked_and_corrected_and_its_history_tells_it() {
    let mut story = Story::of(Contract::Reports);
    story.block(vec![Event::from(first()), signed(1, Party::Patient, 3)]);
    story.block(vec![signed(1, Party::Doctor, 4), revoked(1)]);
    // Also a revoked version is corrected by a later one.
    story.block(vec![next(&first()).into(), superseded(1, 2)]);
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=0e root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 doctor_signed_at_ms=6000 superseded_by=2 revoked_at_ms=7000 revocation_reason=ee at=3-2
        series=5e sequence=2 owner=01 previous=0e head=e9 root=22 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 at=3-1
    "#]].assert_eq(&story.table("reports"));
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=0e root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 at=1-2 until=2
        series=5e sequence=1 owner=01 previous=00 head=0e root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 doctor_signed_at_ms=6000 revoked_at_ms=7000 revocation_reason=ee at=2-2 until=3
    "#]].assert_eq(&story.history("reports"));
    let head = "0e2fad0065412b723b40db8134202c466767928ae0f6bd98462cf233310bda8e";
    assert_eq!(::hex::encode(first().head), head);
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_event_that_contradicts_a_version_is_refused_with_its_block() {
    let mut story = Story::of(Contract::Reports);
    let second = next(&first());
    let third = next(&second);
    let chain = [first(), second.clone(), third.clone()];
    story.block(chain.map(Event::from).to_vec());
    story.block(vec![superseded(1, 2), signed(1, Party::Patient, 3), revoked(2)]);
    let fourth = next(&third);
    let wrong = |version: Anchored| Event::from(linked(version));
    for (reason, event) in [
        ("version 2 of report 0x5e5e", second.clone().into()),
        ("is there already", second.into()),
        ("is there already", first().into()),
        ("does not follow", wrong(Anchored { previous: [0; 32], ..fourth.clone() })),
        ("does not follow", wrong(Anchored { sequence: 5, ..fourth.clone() })),
        ("does not follow", wrong(Anchored { owner: account(2), ..fourth.clone() })),
        ("does not follow", wrong(Anchored { sequence: 0, ..first() })),
        ("has a head", Anchored { head: [0xdd; 32], ..fourth.clone() }.into()),
        ("has a head", Anchored { root: [0x34; 32], ..fourth.clone() }.into()),
        ("is not the one that version 2 corrects", superseded(1, 2)),
        // Only by the next one, and only when that is there.
        ("is not the one that version 3 corrects", superseded(1, 3)),
        ("is not the one that version 4 corrects", superseded(3, 4)),
        ("is not the one that version 1 corrects", superseded(2, 1)),
        ("already revoked", revoked(2)),
        ("already revoked", revoked(9)),
        // Signed before, by somebody else, as the other party, for a revoked version, for none.
        ("the patient whose signature is missing", signed(1, Party::Patient, 3)),
        ("signature is missing", signed(1, Party::Doctor, 5)),
        ("signature is missing", signed(1, Party::Doctor, 3)),
        ("signature is missing", signed(2, Party::Doctor, 4)),
        ("signature is missing", signed(9, Party::Doctor, 4)),
    ] {
        let other = linked(Anchored { series: [0x5f; 32], ..first() });
        story.refuses(reason, vec![other.into(), signed(3, Party::Patient, 3), event]);
    }
    story.block(vec![Event::from(fourth)]);
}
