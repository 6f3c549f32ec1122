//! Anchored report versions: linked, signed, superseded, revoked.

use assent_events::reports::{Anchored, Countersigned, Event, Revoked, Superseded};
use assent_events::{AccountId, Hash, Party};
use sha2::{Digest as _, Sha256};

use super::{Moment, Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// A version of a report.
    Current Report in "reports" [series: Hash, sequence: i64] {
        owner: AccountId,
        previous: Hash,
        head: Hash,
        root: Hash,
        chunks: u64,
        byte_length: u64,
        metadata: Hash,
        patient: AccountId,
        doctor: AccountId,
        at_ms: i64,
        patient_signed_at_ms: Option<i64>,
        doctor_signed_at_ms: Option<i64>,
        superseded_by: Option<i64>,
        revoked_at_ms: Option<i64>,
        revocation_reason: Option<Hash>,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    let mut want = |series, sequence| rows.want::<Report>((series, sequence));
    match *event {
        Event::Anchored(Anchored { series, sequence, .. }) => {
            want(series, i64::from(sequence));
            want(series, i64::from(sequence) - 1);
        }
        Event::Superseded(Superseded { series, sequence, by }) => {
            want(series, i64::from(sequence));
            want(series, i64::from(by));
        }
        Event::Revoked(Revoked { series, sequence, .. })
        | Event::Countersigned(Countersigned { series, sequence, .. }) => {
            want(series, i64::from(sequence));
        }
    }
}

pub(super) fn apply(event: &Event, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
    match event {
        Event::Anchored(event) => anchored(event, at, rows),
        Event::Superseded(event) => superseded(event, rows),
        Event::Revoked(event) => revoked(event, rows),
        Event::Countersigned(event) => countersigned(event, rows),
    }
}

fn anchored(event: &Anchored, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Anchored {
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
    } = *event;
    check_link(event, rows)?;
    let row = Report {
        series,
        sequence: sequence.into(),
        owner,
        previous,
        head,
        root,
        chunks,
        byte_length,
        metadata,
        patient,
        doctor,
        at_ms: bigint(at_ms, "at")?,
        patient_signed_at_ms: None,
        doctor_signed_at_ms: None,
        superseded_by: None,
        revoked_at_ms: None,
        revocation_reason: None,
        at,
    };
    rows.insert(row, || format!("{} is there already", version(sequence, series)))
}

/// A version names the head of the one before it, only the series' owner continues it, and its own
/// head must follow from its fields.
fn check_link(event: &Anchored, rows: &mut Rows) -> Result<(), Stop> {
    let linked = match rows.get::<Report>((event.series, i64::from(event.sequence) - 1))? {
        Some(before) => before.owner == event.owner && before.head == event.previous,
        None => event.sequence == 1 && event.previous == [0; 32],
    };
    let reason = match (linked, linked_head(event) == event.head) {
        (true, true) => return Ok(()),
        (false, _) => "does not follow from the one before it",
        (true, false) => "has a head that is not the hash of its fields",
    };
    contradiction(format!("{} {reason}", version(event.sequence, event.series)))
}

/// SHA-256 over the SCALE tuple of the fields that are linked; all of them have a fixed length.
fn linked_head(event: &Anchored) -> Hash {
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

/// A version is corrected by the one that follows it, which is anchored first.
fn superseded(event: &Superseded, rows: &mut Rows) -> Result<(), Stop> {
    let Superseded { series, sequence, by } = *event;
    let other =
        || format!("{} is not the one that version {by} corrects", version(sequence, series));
    let (sequence, by) = (i64::from(sequence), i64::from(by));
    let before: Report = rows.find((series, sequence), other)?;
    let correction = rows.get::<Report>((series, by))?;
    if by != sequence + 1 || before.superseded_by.is_some() || correction.is_none() {
        return contradiction(other());
    }
    rows.put(Report { superseded_by: Some(by), ..before })
}

fn revoked(event: &Revoked, rows: &mut Rows) -> Result<(), Stop> {
    let Revoked { series, sequence, reason, at: at_ms } = *event;
    let missing = || format!("{} is not there, or already revoked", version(sequence, series));
    let before: Report = rows.find((series, sequence.into()), missing)?;
    if before.revoked_at_ms.is_some() {
        return contradiction(missing());
    }
    let revoked_at_ms = Some(bigint(at_ms, "at")?);
    rows.put(Report { revoked_at_ms, revocation_reason: Some(reason), ..before })
}

fn countersigned(event: &Countersigned, rows: &mut Rows) -> Result<(), Stop> {
    let Countersigned { series, sequence, party, by, at: at_ms } = *event;
    let other = || {
        format!(
            "{} is not the {party} whose signature is missing under {}",
            hex(by),
            version(sequence, series)
        )
    };
    let before: Report = rows.find((series, sequence.into()), other)?;
    let (signs, signed_at_ms) = match party {
        Party::Patient => (before.patient, before.patient_signed_at_ms),
        Party::Doctor => (before.doctor, before.doctor_signed_at_ms),
    };
    if signs != by || signed_at_ms.is_some() || before.revoked_at_ms.is_some() {
        return contradiction(other());
    }
    let signed_at_ms = Some(bigint(at_ms, "at")?);
    rows.put(match party {
        Party::Patient => Report { patient_signed_at_ms: signed_at_ms, ..before },
        Party::Doctor => Report { doctor_signed_at_ms: signed_at_ms, ..before },
    })
}

/// How a version is named in a reason.
fn version(sequence: u32, series: Hash) -> String {
    format!("version {sequence} of report 0x{}", ::hex::encode(series))
}

#[cfg(test)]
mod tests;
