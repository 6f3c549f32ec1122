//! Report versions: chained, signed, superseded, revoked.

use assent_client::EmittedEvent;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use subxt::ext::codec::Encode;

use crate::common::{Mirror, account, event};
use crate::refuses;

const REPORTS: &str = "select concat_ws(' ', substr(encode(series, 'hex'), 1, 2), sequence, \
     substr(encode(owner, 'hex'), 1, 2), substr(encode(root, 'hex'), 1, 2), chunks, byte_length, \
     substr(encode(metadata, 'hex'), 1, 2), substr(encode(patient, 'hex'), 1, 2), \
     substr(encode(doctor, 'hex'), 1, 2), at_ms, coalesce(patient_signed_at_ms::text, '-'), \
     coalesce(doctor_signed_at_ms::text, '-'), coalesce(superseded_by::text, '-'), \
     coalesce(revoked_at_ms || ':' || substr(encode(revocation_reason, 'hex'), 1, 2), '-'), \
     block_number || '-' || event_index) from reports order by series, sequence";

const SERIES: [u8; 32] = [0x5e; 32];

/// A version of a series of account 1, about patient 3, by doctor 4.
#[derive(Clone, Copy)]
pub struct Version {
    owner: u8,
    sequence: u32,
    previous: [u8; 32],
    root: [u8; 32],
    chunks: u64,
    byte_length: u64,
    patient: u8,
    doctor: u8,
    /// `None`: the right one.
    head: Option<[u8; 32]>,
}

impl Version {
    pub fn first() -> Self {
        Self {
            owner: 1,
            sequence: 1,
            previous: [0; 32],
            root: [0x11; 32],
            chunks: 2,
            byte_length: 100,
            patient: 3,
            doctor: 4,
            head: None,
        }
    }

    pub fn next(&self, root: u8) -> Self {
        let root = [root; 32];
        Self { sequence: self.sequence + 1, previous: self.head(), root, head: None, ..*self }
    }

    fn head(&self) -> [u8; 32] {
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (account(self.patient), account(self.doctor));
        let linked = (SERIES, self.sequence, self.previous, file, parties).encode();
        self.head.unwrap_or_else(|| Sha256::digest(linked).into())
    }

    pub fn event(&self) -> EmittedEvent {
        let link = (SERIES, account(self.owner), self.sequence, self.previous, self.head());
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (account(self.patient), account(self.doctor));
        event("reports", "Anchored", (link, file, parties, 5_000_u64))
    }
}

fn superseded(sequence: u32, by: u32) -> EmittedEvent {
    event("reports", "Superseded", (SERIES, sequence, by))
}

fn revoked(sequence: u32) -> EmittedEvent {
    event("reports", "Revoked", (SERIES, sequence, [0xee_u8; 32], 7_000_u64))
}

fn signed(sequence: u32, party: u8, by: u8) -> EmittedEvent {
    event("reports", "Countersigned", (SERIES, sequence, party, account(by), 6_000_u64))
}

const PATIENT: u8 = 0;
const DOCTOR: u8 = 1;

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
    const LINKED: &str = "select (after.previous = before.head)::text from reports before \
         join reports after using (series) where after.sequence = before.sequence + 1";
    assert_eq!(mirror.rows(LINKED).await, ["true"]);

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
