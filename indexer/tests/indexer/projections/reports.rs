//! Report versions: chained, signed, superseded, revoked.

use assent_indexer_testing::Mirror;
use assent_indexer_testing::participants::{ANCHOR, SIGN, approved, member_admitted, registered};
use assent_indexer_testing::reports::{
    AUDITOR, DOCTOR, PATIENT, SERIES, Version, audit_opened, audit_opened_by, audit_recorded,
    audit_recorded_by, nonce, revoked, revoked_by, signed, signed_by, superseded,
};
use expect_test::expect;
use sqlx::PgPool;

use super::refuses;

const REPORTS: &str = "reports order by owner, series, sequence";

const AUDITS: &str = "report_audits order by audit";

#[sqlx::test(migrations = false)]
async fn report_versions_form_chains(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    let second = Version { chunks: u64::MAX, byte_length: u64::MAX, ..first.next(0x22) };
    mirror.write(vec![first.event(), second.event()]).await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=5-1
        owner=01 series=5e sequence=2 previous=15 head=74 root=22 chunks=18446744073709551615 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);

    let next = second.next(0x33);
    refuses(
        &mut mirror,
        vec![
            ("is there already", first.next(0x33).event()),
            ("does not follow", Version { previous: first.head(), ..next }.event()),
            ("does not follow", Version { sequence: 4, ..next }.event()),
            // Of another owner, who has no such series.
            ("does not follow", Version { owner: 2, ..next }.event()),
            ("is there already", first.event()),
            ("reports_chunks_not_empty", Version { byte_length: 0, ..next }.event()),
            ("reports_has_chunks", Version { chunks: 0, ..next }.event()),
            ("reports_chunks_not_empty", Version { byte_length: 1, chunks: 2, ..next }.event()),
            ("reports_parties_differ", Version { doctor: 3, ..next }.event()),
        ],
    )
    .await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=5-1
        owner=01 series=5e sequence=2 previous=15 head=74 root=22 chunks=18446744073709551615 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    mirror.write(vec![next.event()]).await;
}

#[sqlx::test(migrations = false)]
async fn report_versions_are_signed_superseded_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    mirror.write(vec![first.event(), signed(1, PATIENT, 3)]).await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    mirror.write(vec![signed(1, DOCTOR, 4), revoked(1)]).await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=04 superseded_by=- revoked_at_ms=7000 revoked_by=01 revocation_reason=ee at=6-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    // Also a revoked version is corrected by a later one.
    mirror.write(vec![first.next(0x22).event(), superseded(1, 2)]).await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=04 superseded_by=2 revoked_at_ms=7000 revoked_by=01 revocation_reason=ee at=7-2
        owner=01 series=5e sequence=2 previous=15 head=4b root=22 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=7-1
    "#]].assert_eq(&mirror.table(REPORTS).await);
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_report_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    let second = first.next(0x22);
    mirror.write(vec![first.event(), second.event(), second.next(0x33).event()]).await;
    mirror.write(vec![superseded(1, 2), signed(1, PATIENT, 3), revoked(2)]).await;
    let before = mirror.table(REPORTS).await;
    refuses(
        &mut mirror,
        vec![
            ("is not the one that version 2 corrects", superseded(1, 2)),
            // Only by the next one, and only when that is there.
            ("is not the one that version 3 corrects", superseded(1, 3)),
            ("is not the one that version 4 corrects", superseded(3, 4)),
            ("is not the one that version 1 corrects", superseded(2, 1)),
            ("already revoked", revoked(2)),
            ("already revoked", revoked(9)),
            // Signed before, by somebody else, as the other party, for a revoked version, for none.
            ("signature is missing", signed(1, PATIENT, 3)),
            ("signature is missing", signed(1, DOCTOR, 5)),
            ("signature is missing", signed(1, DOCTOR, 3)),
            ("signature is missing", signed(2, DOCTOR, 4)),
            ("signature is missing", signed(9, DOCTOR, 4)),
        ],
    )
    .await;
    assert_eq!(mirror.table(REPORTS).await, before);
}

#[sqlx::test(migrations = false)]
async fn owners_have_series_of_their_own_and_a_series_may_be_about_nobody(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let log = Version { owner: 2, patient: None, ..Version::first() };
    mirror.write(vec![Version::first().event(), log.event(), log.next(0x22).event()]).await;
    let keys = "select concat(substr(encode(owner, 'hex'), 1, 2), ' ', sequence, ' ', \
         coalesce(substr(encode(patient, 'hex'), 1, 2), 'nobody')) from reports \
         order by owner, series, sequence";
    assert_eq!(mirror.rows(keys).await, ["01 1 03", "02 1 nobody", "02 2 nobody"]);
}

#[sqlx::test(migrations = false)]
async fn audits_are_opened_and_recorded(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![Version::first().event()]).await;
    mirror.write(vec![audit_opened(1, 1, 7), audit_opened(2, 1, 7)]).await;
    expect![[r#"
        audit=1 owner=01 series=5e sequence=1 auditor=06 commitment=72 challenge_block=7 opened_at_ms=6000 nonce=- block_hash=- passed=- evidence=- recorded_at_ms=- at=6-1
        audit=2 owner=01 series=5e sequence=1 auditor=06 commitment=75 challenge_block=7 opened_at_ms=6000 nonce=- block_hash=- passed=- evidence=- recorded_at_ms=- at=6-2
    "#]].assert_eq(&mirror.table(AUDITS).await);
    // The hash of block 7 is not known in it.
    let early = ("report_audits_recorded_in_a_later_block", audit_recorded(1, [0xb7; 32], true));
    refuses(&mut mirror, vec![early]).await;
    mirror.write(vec![]).await;
    let hash = [0xb7; 32];
    refuses(
        &mut mirror,
        vec![
            ("audit 2 is there already", audit_opened(2, 1, 9)),
            ("which is audited, is not there", audit_opened(3, 2, 9)),
            ("report_audits_not_of_the_owner", audit_opened_by(1, 3, (1, SERIES), 1, 9)),
            ("audit 3 is not one", audit_recorded(3, hash, true)),
            ("audit 1 is not one", audit_recorded_by(7, 1, nonce(1), hash, true)),
            ("committed to another nonce", audit_recorded_by(AUDITOR, 1, nonce(2), hash, true)),
        ],
    )
    .await;
    // A wrong hash is the auditor's word, and stands on record.
    mirror.write(vec![audit_recorded(1, hash, false)]).await;
    expect![[r#"
        audit=1 owner=01 series=5e sequence=1 auditor=06 commitment=72 challenge_block=7 opened_at_ms=6000 nonce=01 block_hash=b7 passed=false evidence=ed recorded_at_ms=7000 at=8-1
        audit=2 owner=01 series=5e sequence=1 auditor=06 commitment=75 challenge_block=7 opened_at_ms=6000 nonce=- block_hash=- passed=- evidence=- recorded_at_ms=- at=6-2
    "#]].assert_eq(&mirror.table(AUDITS).await);
    refuses(&mut mirror, vec![("audit 1 is not one", audit_recorded(1, hash, true))]).await;
}

#[sqlx::test(migrations = false)]
async fn staff_anchors_signs_and_revokes_for_its_organisation(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let staff = vec![
        registered(1),
        approved(1, 4),
        member_admitted(1, 7, ANCHOR, 9_000, 0x57),
        registered(4),
        approved(4, 4),
        member_admitted(4, 8, SIGN, 9_000, 0x58),
    ];
    mirror.write(staff).await;
    let first = Version { staff: Some(7), ..Version::first() };
    mirror.write(vec![first.event(), signed_by(8, 1, DOCTOR, 4, 6_000)]).await;
    // Another key of the owner goes on with the series.
    mirror.write(vec![Version { staff: None, ..first.next(0x22) }.event(), superseded(1, 2)]).await;
    mirror.write(vec![signed(1, PATIENT, 3), revoked_by(7, 1, 7_000)]).await;
    expect![[r#"
        owner=01 series=5e sequence=1 previous=00 head=15 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=07 at_ms=5000 patient_signed_at_ms=6000 patient_signed_by=03 doctor_signed_at_ms=6000 doctor_signed_by=08 superseded_by=2 revoked_at_ms=7000 revoked_by=07 revocation_reason=ee at=8-2
        owner=01 series=5e sequence=2 previous=15 head=4b root=22 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 anchored_by=01 at_ms=5000 patient_signed_at_ms=- patient_signed_by=- doctor_signed_at_ms=- doctor_signed_by=- superseded_by=- revoked_at_ms=- revoked_by=- revocation_reason=- at=7-1
    "#]].assert_eq(&mirror.table(REPORTS).await);
    // It is the doctor who signs, by whichever key.
    refuses(
        &mut mirror,
        vec![
            ("0x0808", signed_by(8, 2, DOCTOR, 8, 6_000)),
            ("signature is missing", signed_by(4, 2, DOCTOR, 8, 6_000)),
        ],
    )
    .await;
}
