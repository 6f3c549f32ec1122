//! Report versions: chained, signed, superseded, revoked.

use sqlx::PgPool;

use crate::refuses;
use assent_indexer_testing::Mirror;
use assent_indexer_testing::reports::{DOCTOR, PATIENT, Version, revoked, signed, superseded};

const REPORTS: &str = "select concat_ws(' ', substr(encode(series, 'hex'), 1, 2), sequence, \
     substr(encode(owner, 'hex'), 1, 2), substr(encode(root, 'hex'), 1, 2), chunks, byte_length, \
     substr(encode(metadata, 'hex'), 1, 2), substr(encode(patient, 'hex'), 1, 2), \
     substr(encode(doctor, 'hex'), 1, 2), at_ms, coalesce(patient_signed_at_ms::text, '-'), \
     coalesce(doctor_signed_at_ms::text, '-'), coalesce(superseded_by::text, '-'), \
     coalesce(revoked_at_ms || ':' || substr(encode(revocation_reason, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from reports order by series, sequence";

#[sqlx::test(migrations = false)]
async fn report_versions_form_chains(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    let second = Version { chunks: u64::MAX, byte_length: u64::MAX, ..first.next(0x22) };
    mirror.write(vec![first.event(), second.event()]).await;
    let max = u64::MAX;
    assert_eq!(
        mirror.rows(REPORTS).await,
        [
            "5e 1 01 11 2 100 3e 03 04 5000 - - - - 5-1".to_owned(),
            format!("5e 2 01 22 {max} {max} 3e 03 04 5000 - - - - 5-2")
        ]
    );

    let next = second.next(0x33);
    refuses(
        &mut mirror,
        vec![
            ("reports_pkey", first.next(0x33).event()),
            ("does not follow", Version { previous: first.head(), ..next }.event()),
            ("does not follow", Version { sequence: 4, ..next }.event()),
            // Of another owner.
            ("does not follow", Version { owner: 2, ..next }.event()),
            ("reports_pkey", first.event()),
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
    assert_eq!(mirror.rows(REPORTS).await.len(), 2);
    mirror.write(vec![next.event()]).await;
}

#[sqlx::test(migrations = false)]
async fn report_versions_are_signed_superseded_and_revoked(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    mirror.write(vec![first.event(), signed(1, PATIENT, 3)]).await;
    assert_eq!(mirror.rows(REPORTS).await, ["5e 1 01 11 2 100 3e 03 04 5000 6000 - - - 5-2"]);
    mirror.write(vec![signed(1, DOCTOR, 4), revoked(1)]).await;
    assert_eq!(
        mirror.rows(REPORTS).await,
        ["5e 1 01 11 2 100 3e 03 04 5000 6000 6000 - 7000:ee 6-2"]
    );
    // Also a revoked version is corrected by a later one.
    mirror.write(vec![first.next(0x22).event(), superseded(1, 2)]).await;
    assert_eq!(
        mirror.rows(REPORTS).await,
        [
            "5e 1 01 11 2 100 3e 03 04 5000 6000 6000 2 7000:ee 7-2",
            "5e 2 01 22 2 100 3e 03 04 5000 - - - - 7-1"
        ]
    );
}

#[sqlx::test(migrations = false)]
async fn events_that_contradict_a_report_are_refused(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let first = Version::first();
    let second = first.next(0x22);
    mirror.write(vec![first.event(), second.event(), second.next(0x33).event()]).await;
    mirror.write(vec![superseded(1, 2), signed(1, PATIENT, 3), revoked(2)]).await;
    let before = mirror.rows(REPORTS).await;
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
    assert_eq!(mirror.rows(REPORTS).await, before);
}
