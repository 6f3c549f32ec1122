//! Report versions: chained, signed, superseded, revoked.

use assent_indexer_testing::Mirror;
use assent_indexer_testing::reports::{DOCTOR, PATIENT, Version, revoked, signed, superseded};
use expect_test::expect;
use sqlx::PgPool;

use crate::refuses;

const REPORTS: &str = "reports order by series, sequence";

#[sqlx::test(migrations = false)]
async fn report_versions_form_chains(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    let second = Version { chunks: u64::MAX, byte_length: u64::MAX, ..first.next(0x22) };
    mirror.write(vec![first.event(), second.event()]).await;
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=e1 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=- doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=5-1
        series=5e sequence=2 owner=01 previous=e1 head=db root=22 chunks=18446744073709551615 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=- doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);

    let next = second.next(0x33);
    refuses(
        &mut mirror,
        vec![
            ("is there already", first.next(0x33).event()),
            ("does not follow", Version { previous: first.head(), ..next }.event()),
            ("does not follow", Version { sequence: 4, ..next }.event()),
            // Of another owner.
            ("does not follow", Version { owner: 2, ..next }.event()),
            ("is there already", first.event()),
            // A head that does not cover the fields.
            ("has a head", Version { head: Some([0xdd; 32]), ..next }.event()),
            ("has a head", Version { head: Some(next.head()), root: [0x34; 32], ..next }.event()),
            ("reports_chunks_not_empty", Version { byte_length: 0, ..next }.event()),
            ("reports_has_chunks", Version { chunks: 0, ..next }.event()),
            ("reports_chunks_not_empty", Version { byte_length: 1, chunks: 2, ..next }.event()),
            ("reports_parties_differ", Version { doctor: 3, ..next }.event()),
        ],
    )
    .await;
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=e1 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=- doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=5-1
        series=5e sequence=2 owner=01 previous=e1 head=db root=22 chunks=18446744073709551615 byte_length=18446744073709551615 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=- doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    mirror.write(vec![next.event()]).await;
}

#[sqlx::test(migrations = false)]
async fn report_versions_are_signed_superseded_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    mirror.write(vec![first.event(), signed(1, PATIENT, 3)]).await;
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=e1 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=5-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    mirror.write(vec![signed(1, DOCTOR, 4), revoked(1)]).await;
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=e1 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 doctor_signed_at_ms=6000 superseded_by=- revoked_at_ms=7000 revocation_reason=ee at=6-2
    "#]].assert_eq(&mirror.table(REPORTS).await);
    // Also a revoked version is corrected by a later one.
    mirror.write(vec![first.next(0x22).event(), superseded(1, 2)]).await;
    expect![[r#"
        series=5e sequence=1 owner=01 previous=00 head=e1 root=11 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=6000 doctor_signed_at_ms=6000 superseded_by=2 revoked_at_ms=7000 revocation_reason=ee at=7-2
        series=5e sequence=2 owner=01 previous=e1 head=25 root=22 chunks=2 byte_length=100 metadata=3e patient=03 doctor=04 at_ms=5000 patient_signed_at_ms=- doctor_signed_at_ms=- superseded_by=- revoked_at_ms=- revocation_reason=- at=7-1
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
