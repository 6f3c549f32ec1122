//! Versions of reports, from events to rows.

use std::collections::BTreeSet;

use assent_events::Contract;
use expect_test::expect;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::fold::story::{Story, account};

const SERIES: Hash = [0x5e; 32];

/// The first version of a series of owner 1, about patient 3, by doctor 4; heads are numbers.
fn first() -> Anchored {
    Anchored {
        owner: account(1),
        series: SERIES,
        sequence: 1,
        previous: [0; 32],
        head: [0x21; 32],
        root: [0x11; 32],
        chunks: 2,
        byte_length: u64::MAX,
        metadata: [0x3e; 32],
        patient: Some(account(3)),
        doctor: account(4),
        by: account(1),
        at: 5_000,
    }
}

fn next(before: &Anchored) -> Anchored {
    let (sequence, previous) = (before.sequence + 1, before.head);
    let head = before.head.map(|byte| byte + 1);
    Anchored { sequence, previous, head, root: [0x22; 32], ..before.clone() }
}

fn superseded(sequence: u32, by: u32) -> Event {
    Event::from(Superseded { owner: account(1), series: SERIES, sequence, by })
}

fn revoked(sequence: u32) -> Event {
    revoked_by(sequence, 1)
}

/// By this key, the owner's or that of one of its staff.
fn revoked_by(sequence: u32, by: u8) -> Event {
    let (owner, reason, by) = (account(1), [0xee; 32], account(by));
    Event::from(Revoked { owner, series: SERIES, sequence, reason, by, at: 7_000 })
}

fn signed(sequence: u32, party: Party, signer: u8) -> Event {
    signed_by(sequence, party, signer, signer)
}

/// By this key, the signer's or that of one of his staff.
fn signed_by(sequence: u32, party: Party, signer: u8, by: u8) -> Event {
    let (owner, signer, by) = (account(1), account(signer), account(by));
    Event::from(Countersigned { owner, series: SERIES, sequence, party, signer, by, at: 6_000 })
}

/// By auditor 6, who commits to the nonce 0x4e.
fn audit_opened(audit: u64, sequence: u32) -> Event {
    Event::from(AuditOpened {
        audit,
        owner: account(1),
        series: SERIES,
        sequence,
        auditor: account(6),
        commitment: Sha256::digest([0x4e; 32]).into(),
        block: 2,
        at: 6_000,
    })
}

fn audit_recorded(audit: u64, auditor: u8, nonce: u8) -> Event {
    Event::from(AuditRecorded {
        audit,
        auditor: account(auditor),
        nonce: [nonce; 32],
        block_hash: [0xb0; 32],
        passed: true,
        evidence: [0xed; 32],
        at: 9_000,
    })
}

#[test]
fn a_version_is_signed_revoked_and_corrected_and_its_history_tells_it() {
    let mut story = Story::of(Contract::Reports);
    story.block(vec![Event::from(first()), signed(1, Party::Patient, 3)]);
    story.block(vec![signed(1, Party::Doctor, 4), revoked(1)]);
    // Also a revoked version is corrected by a later one.
    story.block(vec![next(&first()).into(), superseded(1, 2)]);
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=21 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=04 superseded_by=2 revoked_at_ms=7000 revoked_by=01 revocation_reason=ee at=3-2
        owner=01 series=5e sequence=2 previous=21 head=22 root=22 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 at=3-1
    "#]].assert_eq(&story.table("reports"));
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=21 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 at=1-2 until=2
        owner=01 series=5e sequence=1 previous=00 head=21 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=04 revoked_at_ms=7000 revoked_by=01 revocation_reason=ee at=2-2 until=3
    "#]].assert_eq(&story.history("reports"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn what_somebody_does_for_a_party_names_his_key() {
    let mut story = Story::of(Contract::Reports);
    // 7 anchors and revokes for the owner, 8 signs for the doctor; the patient signs himself.
    story.block(vec![Event::from(Anchored { by: account(7), ..first() })]);
    story.block(vec![signed_by(1, Party::Doctor, 4, 8), signed(1, Party::Patient, 3)]);
    story.block(vec![revoked_by(1, 7)]);
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=21 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=07 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=08 revoked_at_ms=7000 revoked_by=07 revocation_reason=ee at=3-1
    "#]].assert_eq(&story.table("reports"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn owners_have_series_of_their_own_and_a_series_may_be_about_nobody() {
    let mut story = Story::of(Contract::Reports);
    let log =
        Anchored { owner: account(2), by: account(2), patient: None, head: [0x31; 32], ..first() };
    story.block(vec![Event::from(first()), log.clone().into()]);
    story.block(vec![Event::from(next(&log))]);
    // Nobody signs as its patient; its doctor may.
    let signed = |party, signer| {
        let (owner, signer) = (account(2), account(signer));
        let (series, sequence, by) = (SERIES, 1, signer);
        Event::from(Countersigned { owner, series, sequence, party, signer, by, at: 6_000 })
    };
    for signer in [0, 3] {
        let event = signed(Party::Patient, signer);
        story.refuses("the patient whose signature is missing", vec![event]);
    }
    story.block(vec![signed(Party::Doctor, 4)]);
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=21 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 at=1-1
        owner=02 series=5e sequence=1 previous=00 head=31 root=11 chunks=2 byte_length=18446744073709551615 metadata=3e doctor=04 anchored_by=02 at_ms=5000 doctor_signed_at_ms=6000 doctor_signed_by=04 at=3-1
        owner=02 series=5e sequence=2 previous=31 head=32 root=22 chunks=2 byte_length=18446744073709551615 metadata=3e doctor=04 anchored_by=02 at_ms=5000 at=2-1
    "#]].assert_eq(&story.table("reports"));
    assert_eq!(story.needed, BTreeSet::new());
}

#[test]
fn an_audit_is_opened_and_recorded() {
    let mut story = Story::of(Contract::Reports);
    // Also one of a version that is revoked.
    story.block(vec![first().into(), revoked(1), audit_opened(1, 1), audit_opened(2, 1)]);
    story.block(vec![audit_recorded(1, 6, 0x4e)]);
    expect![[r#"
        audit=1 owner=01 series=5e sequence=1 auditor=06 commitment=22 challenge_block=2 opened_at_ms=6000 nonce=4e block_hash=b0 passed=true evidence=ed recorded_at_ms=9000 at=2-1
        audit=2 owner=01 series=5e sequence=1 auditor=06 commitment=22 challenge_block=2 opened_at_ms=6000 at=1-4
    "#]].assert_eq(&story.table("report_audits"));
    expect![[r#"
        audit=1 owner=01 series=5e sequence=1 auditor=06 commitment=22 challenge_block=2 opened_at_ms=6000 at=1-3 until=2
    "#]].assert_eq(&story.history("report_audits"));
    assert_eq!(story.needed, BTreeSet::new());
    for (reason, event) in [
        ("audit 2 is there already", audit_opened(2, 1)),
        ("which is audited, is not there", audit_opened(3, 2)),
        ("audit = 18446744073709551615 exceeds a bigint", audit_opened(u64::MAX, 1)),
        // Recorded already, by another, never opened, with another nonce.
        ("audit 1 is not one", audit_recorded(1, 6, 0x4e)),
        ("audit 2 is not one", audit_recorded(2, 7, 0x4e)),
        ("audit 3 is not one", audit_recorded(3, 6, 0x4e)),
        ("audit 2 was committed to another nonce", audit_recorded(2, 6, 0x4f)),
    ] {
        story.refuses(reason, vec![fitting(), event]);
    }
    story.block(vec![audit_recorded(2, 6, 0x4e)]);
}

/// An event that fits, for a block that another one spoils.
fn fitting() -> Event {
    Event::from(Anchored { series: [0x5f; 32], ..first() })
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
    let wrong = |version: Anchored| Event::from(version);
    for (reason, event) in [
        ("version 2 of report 0x5e5e", second.clone().into()),
        ("is there already", second.into()),
        ("is there already", first().into()),
        ("does not follow", wrong(Anchored { previous: [0; 32], ..fourth.clone() })),
        ("does not follow", wrong(Anchored { sequence: 5, ..fourth.clone() })),
        // Of another owner, who has no such series.
        ("does not follow", wrong(Anchored { owner: account(2), ..fourth.clone() })),
        ("does not follow", wrong(Anchored { sequence: 0, ..first() })),
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
        story.refuses(reason, vec![fitting(), signed(3, Party::Patient, 3), event]);
    }
    story.block(vec![Event::from(fourth)]);
}
