//! Anchored report versions: linked, signed, superseded, revoked.

use assent_client::Hash;
use assent_events::Party;
use assent_events::reports::{Anchored, Countersigned, Event, Revoked, Superseded};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use super::{Commit, CommitError, Position, bigint, one_row};

impl Commit for Event {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        match self {
            Event::Anchored(event) => event.commit(at, db).await,
            Event::Superseded(event) => event.commit(at, db).await,
            Event::Revoked(event) => event.commit(at, db).await,
            Event::Countersigned(event) => event.commit(at, db).await,
        }
    }
}

impl Commit for Anchored {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self {
            series,
            owner,
            sequence,
            previous,
            head,
            root,
            chunks,
            byte_length,
            metadata,
            patient,
            doctor,
            at: at_ms,
        } = *self;
        check_link(self, &mut *db).await?;
        sqlx::query(
            "insert into reports (series, sequence, owner, previous, head, root, chunks, \
             byte_length, metadata, patient, doctor, at_ms, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6, $7::text::u64, $8::text::u64, $9, $10, $11, $12, \
             $13, $14)",
        )
        .bind(series)
        .bind(i64::from(sequence))
        .bind(owner.0)
        .bind(previous)
        .bind(head)
        .bind(root)
        .bind(chunks.to_string())
        .bind(byte_length.to_string())
        .bind(metadata)
        .bind(patient.0)
        .bind(doctor.0)
        .bind(bigint(at_ms, "at")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// A version names the head of the one before it, only the series' owner continues it, and its
/// own head must follow from its fields.
async fn check_link(event: &Anchored, db: &mut PgConnection) -> Result<(), CommitError> {
    let before: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("select owner, head from reports where series = $1 and sequence = $2")
            .bind(event.series)
            .bind(i64::from(event.sequence).saturating_sub(1))
            .fetch_optional(db)
            .await?;
    let linked = match before {
        Some((owner, head)) => owner == event.owner.0 && head == event.previous,
        None => event.sequence == 1 && event.previous == [0; 32],
    };
    let reason = match (linked, computed_head(event) == event.head) {
        (true, true) => return Ok(()),
        (false, _) => "does not follow from the one before it",
        (true, false) => "has a head that is not the hash of its fields",
    };
    Err(CommitError::Inconsistent(format!(
        "version {} of report {} {reason}",
        event.sequence,
        Hash(event.series)
    )))
}

/// SHA-256 over the SCALE tuple of the fields that are linked; all of them have a fixed length.
fn computed_head(event: &Anchored) -> [u8; 32] {
    Sha256::new()
        .chain_update(event.series)
        .chain_update(event.sequence.to_le_bytes())
        .chain_update(event.previous)
        .chain_update(event.root)
        .chain_update(event.chunks.to_le_bytes())
        .chain_update(event.byte_length.to_le_bytes())
        .chain_update(event.metadata)
        .chain_update(event.patient.0)
        .chain_update(event.doctor.0)
        .finalize()
        .into()
}

impl Commit for Superseded {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { series, sequence, by } = *self;
        // A version is corrected by the one that follows it, which is anchored first.
        let done = sqlx::query(
            "update reports set superseded_by = $3, block_number = $4, event_index = $5 \
             where series = $1 and sequence = $2 and $2 = $3 - 1 and superseded_by is null \
             and exists (select from reports where series = $1 and sequence = $3)",
        )
        .bind(series)
        .bind(i64::from(sequence))
        .bind(i64::from(by))
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "version {} of report {} is not the one that version {} corrects",
                sequence,
                Hash(series),
                by
            )
        })
    }
}

impl Commit for Revoked {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { series, sequence, reason, at: at_ms } = *self;
        let done = sqlx::query(
            "update reports set revoked_at_ms = $3, revocation_reason = $4, \
             block_number = $5, event_index = $6 \
             where series = $1 and sequence = $2 and revoked_at_ms is null",
        )
        .bind(series)
        .bind(i64::from(sequence))
        .bind(bigint(at_ms, "at")?)
        .bind(reason)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!(
                "version {} of report {} is not there, or already revoked",
                sequence,
                Hash(series)
            )
        })
    }
}

impl Commit for Countersigned {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { series, sequence, party, by, at: at_ms } = *self;
        let update = match party {
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
            .bind(series)
            .bind(i64::from(sequence))
            .bind(by.0)
            .bind(bigint(at_ms, "at")?)
            .bind(at.block_number)
            .bind(at.event_index)
            .execute(db)
            .await?;
        one_row(done, || {
            format!(
                "0x{} is not the {:?} whose signature is missing under version {} of report {}",
                hex::encode(by.0),
                party,
                sequence,
                Hash(series)
            )
        })
    }
}
