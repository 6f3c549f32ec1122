//! Anchored report versions: linked, signed, superseded, revoked; and audits of them.
//!
//! Series belong to (owner, series). What a head is the hash of begins with the contract's domain, which no
//! event tells: as a log entry's content it is the contract's word, and how versions are linked is not.

mod audits;

use assent_events::reports::{
    Anchored, AuditOpened, AuditRecorded, Countersigned, Event, Revoked, Superseded,
};
use assent_events::{AccountId, Hash, Party};

use super::{Moment, Stop, bigint, contradiction, hex, key};
use crate::position::Position;
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// A version of a report.
    Current Report in "reports" [owner: AccountId, series: Hash, sequence: i64] {
        previous: Hash,
        head: Hash,
        root: Hash,
        chunks: u64,
        byte_length: u64,
        metadata: Hash,
        patient: Option<AccountId>,
        doctor: AccountId,
        anchored_by: AccountId,
        at_ms: i64,
        patient_signed_at_ms: Option<i64>,
        patient_signed_by: Option<AccountId>,
        doctor_signed_at_ms: Option<i64>,
        doctor_signed_by: Option<AccountId>,
        superseded_by: Option<i64>,
        revoked_at_ms: Option<i64>,
        revoked_by: Option<AccountId>,
        revocation_reason: Option<Hash>,
    }

    /// A test whether the file of a version is still kept.
    Current Audit in "report_audits" [audit: i64] {
        owner: AccountId,
        series: Hash,
        sequence: i64,
        auditor: AccountId,
        commitment: Hash,
        challenge_block: i64,
        opened_at_ms: i64,
        nonce: Option<Hash>,
        block_hash: Option<Hash>,
        passed: Option<bool>,
        evidence: Option<Hash>,
        recorded_at_ms: Option<i64>,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    let mut want =
        |owner, series, sequence| rows.want::<Report>((owner, series, i64::from(sequence)));
    match *event {
        Event::Anchored(Anchored { owner, series, sequence, .. }) => {
            want(owner, series, sequence);
            if let Some(before) = sequence.checked_sub(1) {
                want(owner, series, before);
            }
        }
        Event::Superseded(Superseded { owner, series, sequence, by }) => {
            want(owner, series, sequence);
            want(owner, series, by);
        }
        Event::Revoked(Revoked { owner, series, sequence, .. })
        | Event::Countersigned(Countersigned { owner, series, sequence, .. }) => {
            want(owner, series, sequence);
        }
        Event::AuditOpened(AuditOpened { audit, owner, series, sequence, .. }) => {
            want(owner, series, sequence);
            rows.want::<Audit>((key(audit),));
        }
        Event::AuditRecorded(AuditRecorded { audit, .. }) => rows.want::<Audit>((key(audit),)),
    }
}

pub(super) fn apply(event: &Event, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
    match event {
        Event::Anchored(event) => anchored(event, at, rows),
        Event::Superseded(event) => superseded(event, rows),
        Event::Revoked(event) => revoked(event, rows),
        Event::Countersigned(event) => countersigned(event, rows),
        Event::AuditOpened(event) => audits::opened(event, at, rows),
        Event::AuditRecorded(event) => audits::recorded(event, rows),
    }
}

fn anchored(event: &Anchored, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Anchored {
        owner,
        series,
        sequence,
        previous,
        head,
        root,
        chunks,
        byte_length,
        metadata,
        patient,
        doctor,
        by,
        at: at_ms,
    } = *event;
    check_link(event, rows)?;
    let row = Report {
        owner,
        series,
        sequence: sequence.into(),
        previous,
        head,
        root,
        chunks,
        byte_length,
        metadata,
        patient,
        doctor,
        anchored_by: by,
        at_ms: bigint(at_ms, "at")?,
        patient_signed_at_ms: None,
        patient_signed_by: None,
        doctor_signed_at_ms: None,
        doctor_signed_by: None,
        superseded_by: None,
        revoked_at_ms: None,
        revoked_by: None,
        revocation_reason: None,
        at,
    };
    rows.insert(row, || format!("{} is there already", version(owner, series, sequence)))
}

/// A version names the head of the one before it.
fn check_link(event: &Anchored, rows: &mut Rows) -> Result<(), Stop> {
    let Anchored { owner, series, sequence, previous, .. } = *event;
    let linked = match rows.get::<Report>((owner, series, i64::from(sequence) - 1))? {
        Some(before) => before.head == previous,
        None => sequence == 1 && previous == [0; 32],
    };
    if linked {
        return Ok(());
    }
    contradiction(format!(
        "{} does not follow from the one before it",
        version(owner, series, sequence)
    ))
}

/// A version is corrected by the one that follows it, which is anchored first.
fn superseded(event: &Superseded, rows: &mut Rows) -> Result<(), Stop> {
    let Superseded { owner, series, sequence, by } = *event;
    let other = || {
        format!("{} is not the one that version {by} corrects", version(owner, series, sequence))
    };
    let (sequence, by) = (i64::from(sequence), i64::from(by));
    let before: Report = rows.find((owner, series, sequence), other)?;
    let correction = rows.get::<Report>((owner, series, by))?;
    if by != sequence + 1 || before.superseded_by.is_some() || correction.is_none() {
        return contradiction(other());
    }
    rows.put(Report { superseded_by: Some(by), ..before })
}

fn revoked(event: &Revoked, rows: &mut Rows) -> Result<(), Stop> {
    let Revoked { owner, series, sequence, reason, by, at: at_ms } = *event;
    let missing =
        || format!("{} is not there, or already revoked", version(owner, series, sequence));
    let before: Report = rows.find((owner, series, sequence.into()), missing)?;
    if before.revoked_at_ms.is_some() {
        return contradiction(missing());
    }
    rows.put(Report {
        revoked_at_ms: Some(bigint(at_ms, "at")?),
        revoked_by: Some(by),
        revocation_reason: Some(reason),
        ..before
    })
}

fn countersigned(event: &Countersigned, rows: &mut Rows) -> Result<(), Stop> {
    let Countersigned { owner, series, sequence, party, signer, by, at: at_ms } = *event;
    let other = || {
        format!(
            "{} is not the {party} whose signature is missing under {}",
            hex(signer),
            version(owner, series, sequence)
        )
    };
    let before: Report = rows.find((owner, series, sequence.into()), other)?;
    let (signs, signed_at_ms) = match party {
        Party::Patient => (before.patient, before.patient_signed_at_ms),
        Party::Doctor => (Some(before.doctor), before.doctor_signed_at_ms),
    };
    if signs != Some(signer) || signed_at_ms.is_some() || before.revoked_at_ms.is_some() {
        return contradiction(other());
    }
    let (signed_at_ms, signed_by) = (Some(bigint(at_ms, "at")?), Some(by));
    rows.put(match party {
        Party::Patient => {
            Report { patient_signed_at_ms: signed_at_ms, patient_signed_by: signed_by, ..before }
        }
        Party::Doctor => {
            Report { doctor_signed_at_ms: signed_at_ms, doctor_signed_by: signed_by, ..before }
        }
    })
}

/// How a version is named in a reason.
fn version(owner: AccountId, series: Hash, sequence: u32) -> String {
    format!("version {sequence} of report 0x{} of {}", ::hex::encode(series), hex(owner))
}

#[cfg(test)]
mod tests;
