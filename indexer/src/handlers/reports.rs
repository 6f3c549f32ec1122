//! Anchored report versions: linked, signed, superseded, revoked.

use assent_client::{Account, Hash};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, bigint, one_row, typed};
use crate::types::Int;

/// The events of the reports contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A version of a report was anchored.
    Anchored(Box<Anchored>),
    /// A later version replaced one.
    Superseded(Superseded),
    /// The owner revoked a version.
    Revoked(Revoked),
    /// The patient or the doctor signed for a version.
    Countersigned(Countersigned),
}

/// Fields of `Anchored`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Anchored {
    series: Hash,
    owner: Account,
    sequence: Int<u32>,
    previous: Hash,
    head: Hash,
    root: Hash,
    chunks: Int<u64>,
    byte_length: Int<u64>,
    metadata: Hash,
    patient: Account,
    doctor: Account,
    at: Int<u64>,
}

/// Fields of `Superseded`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Superseded {
    series: Hash,
    sequence: Int<u32>,
    by: Int<u32>,
}

/// Fields of `Revoked`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Revoked {
    series: Hash,
    sequence: Int<u32>,
    reason: Hash,
    at: Int<u64>,
}

/// Fields of `Countersigned`; `at` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Countersigned {
    series: Hash,
    sequence: Int<u32>,
    party: Party,
    by: Account,
    at: Int<u64>,
}

/// As what an account signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Party {
    /// The report is about this account.
    Patient,
    /// This account answers for it.
    Doctor,
}

/// Types an event; `None` for one that changes nothing here.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Anchored" => Event::Anchored(Box::new(typed(name, fields)?)),
        "Superseded" => Event::Superseded(typed(name, fields)?),
        "Revoked" => Event::Revoked(typed(name, fields)?),
        "Countersigned" => Event::Countersigned(typed(name, fields)?),
        _ => return Ok(None),
    }))
}

impl Event {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        match self {
            Event::Anchored(event) => event.commit(at, db).await,
            Event::Superseded(event) => event.commit(at, db).await,
            Event::Revoked(event) => event.commit(at, db).await,
            Event::Countersigned(event) => event.commit(at, db).await,
        }
    }
}

impl Anchored {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        self.check_link(&mut *db).await?;
        sqlx::query(
            "insert into reports (series, sequence, owner, previous, head, root, chunks, \
             byte_length, metadata, patient, doctor, at_ms, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7::text::u64, $8::text::u64, $9, $10, $11, $12, \
             $13, $14)",
        )
        .bind(self.series.as_bytes())
        .bind(i64::from(self.sequence.0))
        .bind(self.owner.as_bytes())
        .bind(self.previous.as_bytes())
        .bind(self.head.as_bytes())
        .bind(self.root.as_bytes())
        .bind(self.chunks.to_string())
        .bind(self.byte_length.to_string())
        .bind(self.metadata.as_bytes())
        .bind(self.patient.as_bytes())
        .bind(self.doctor.as_bytes())
        .bind(bigint(self.at.0, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }

    /// A version names the head of the one before it, only the series' owner continues it, and its
    /// own head must follow from its fields.
    async fn check_link(&self, db: &mut PgConnection) -> Result<(), CommitError> {
        let before: Option<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as("select owner, head from reports where series = $1 and sequence = $2")
                .bind(self.series.as_bytes())
                .bind(i64::from(self.sequence.0).saturating_sub(1))
                .fetch_optional(db)
                .await?;
        let linked = match before {
            Some((owner, head)) => {
                owner == self.owner.as_bytes() && head == self.previous.as_bytes()
            }
            None => self.sequence.0 == 1 && self.previous.is_zero(),
        };
        let reason = match (linked, self.computed_head() == self.head.0) {
            (true, true) => return Ok(()),
            (false, _) => "does not follow from the one before it",
            (true, false) => "has a head that is not the hash of its fields",
        };
        Err(CommitError::Inconsistent(format!(
            "version {} of report {} {reason}",
            self.sequence, self.series
        )))
    }

    /// SHA-256 over the SCALE tuple of the fields that are linked; all of them have a fixed length.
    fn computed_head(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.series.0)
            .chain_update(self.sequence.0.to_le_bytes())
            .chain_update(self.previous.0)
            .chain_update(self.root.0)
            .chain_update(self.chunks.0.to_le_bytes())
            .chain_update(self.byte_length.0.to_le_bytes())
            .chain_update(self.metadata.0)
            .chain_update(self.patient.0)
            .chain_update(self.doctor.0)
            .finalize()
            .into()
    }
}

impl Superseded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        // A version is corrected by the one that follows it, which is anchored first.
        let done = sqlx::query(
            "update reports set superseded_by = $3, block_number = $4, event_index = $5 \
             where series = $1 and sequence = $2 and $2 = $3 - 1 and superseded_by is null \
             and exists (select from reports where series = $1 and sequence = $3)",
        )
        .bind(self.series.as_bytes())
        .bind(i64::from(self.sequence.0))
        .bind(i64::from(self.by.0))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "version {} of report {} is not the one that version {} corrects",
                self.sequence, self.series, self.by
            )
        })
    }
}

impl Revoked {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update reports set revoked_at_ms = $3, revocation_reason = $4, \
             block_number = $5, event_index = $6 \
             where series = $1 and sequence = $2 and revoked_at_ms is null",
        )
        .bind(self.series.as_bytes())
        .bind(i64::from(self.sequence.0))
        .bind(bigint(self.at.0, "at")?)
        .bind(self.reason.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "version {} of report {} is not there, or already revoked",
                self.sequence, self.series
            )
        })
    }
}

impl Countersigned {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let update = match self.party {
            Party::Patient => {
                "update reports set patient_signed_at_ms = $4, \
                 block_number = $5, event_index = $6 \
                 where series = $1 and sequence = $2 and patient = $3 \
                 and patient_signed_at_ms is null and revoked_at_ms is null"
            }
            Party::Doctor => {
                "update reports set doctor_signed_at_ms = $4, \
                 block_number = $5, event_index = $6 \
                 where series = $1 and sequence = $2 and doctor = $3 \
                 and doctor_signed_at_ms is null and revoked_at_ms is null"
            }
        };
        let done = sqlx::query(update)
            .bind(self.series.as_bytes())
            .bind(i64::from(self.sequence.0))
            .bind(self.by.as_bytes())
            .bind(bigint(self.at.0, "at")?)
            .bind(at.block_number)
            .bind(at.event_index)
            .execute(db)
            .await?;
        one_row(done, || {
            format!(
                "0x{} is not the {:?} whose signature is missing under version {} of report {}",
                hex::encode(self.by.0),
                self.party,
                self.sequence,
                self.series
            )
        })
    }
}
