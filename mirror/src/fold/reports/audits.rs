//! Audits of reports: an auditor commits to a nonce, and later says what came of it.

use assent_events::Hash;
use assent_events::reports::{AuditOpened, AuditRecorded};
use sha2::{Digest as _, Sha256};

use super::{Audit, Report, version};
use crate::fold::{Stop, bigint, contradiction, hex};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn opened(event: &AuditOpened, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let AuditOpened { audit, owner, series, sequence, auditor, commitment, block, at: at_ms } =
        *event;
    let missing =
        || format!("{}, which is audited, is not there", version(owner, series, sequence));
    let _: Report = rows.find((owner, series, sequence.into()), missing)?;
    let row = Audit {
        audit: bigint(audit, "audit")?,
        owner,
        series,
        sequence: sequence.into(),
        auditor,
        commitment,
        challenge_block: block.into(),
        opened_at_ms: bigint(at_ms, "at")?,
        nonce: None,
        block_hash: None,
        passed: None,
        evidence: None,
        recorded_at_ms: None,
        at,
    };
    rows.insert(row, || format!("audit {audit} is there already"))
}

/// Whether the hash of the block is right is not asked: what the auditor says stands on record, and a
/// reader compares it.
pub(super) fn recorded(event: &AuditRecorded, rows: &mut Rows) -> Result<(), Stop> {
    let AuditRecorded { audit, auditor, nonce, block_hash, passed, evidence, at: at_ms } = *event;
    let other =
        || format!("audit {audit} is not one that {} opened and did not record", hex(auditor));
    let before: Audit = rows.find((bigint(audit, "audit")?,), other)?;
    if before.auditor != auditor || before.recorded_at_ms.is_some() {
        return contradiction(other());
    }
    let commitment: Hash = Sha256::digest(nonce).into();
    if before.commitment != commitment {
        return contradiction(format!("audit {audit} was committed to another nonce"));
    }
    rows.put(Audit {
        nonce: Some(nonce),
        block_hash: Some(block_hash),
        passed: Some(passed),
        evidence: Some(evidence),
        recorded_at_ms: Some(bigint(at_ms, "at")?),
        ..before
    })
}
