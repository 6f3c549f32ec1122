//! What the contracts take and what their views answer: the types of the model, which the walk
//! compares byte by byte with the contracts, and of each argument a valid example to vary.

pub use assent_model::{
    Amendment, Decision, DenyReason, Grant, Hash, LogEntry, LogHead, NewVersion, Outcome as Review,
    Participant, Statement, Status, TREATMENT, Terms, Totals, Version, role,
};

use super::{HOSPITAL, PATIENT};
use crate::GENESIS;

/// Index of another purpose.
pub const RESEARCH: u8 = 1;
/// Index of the category of the examples.
pub const CARDIOLOGY: u8 = 1;

/// The mask of [`TREATMENT`].
pub const PURPOSES: u32 = 1 << TREATMENT;
/// The mask of [`CARDIOLOGY`].
pub const CATEGORIES: u32 = 1 << CARDIOLOGY;
/// First moment at which the examples are no longer valid: 30 days after [`GENESIS`].
pub const UNTIL: u64 = GENESIS + 30 * 24 * 60 * 60 * 1_000;

/// The patient lets the hospital treat him.
#[must_use]
pub fn terms() -> Terms {
    Terms {
        owner: PATIENT,
        grantee: HOSPITAL,
        purposes: PURPOSES,
        categories: CATEGORIES,
        from: GENESIS,
        until: UNTIL,
        max_uses: None,
        record: [0x11; 32],
        policy: [0x12; 32],
    }
}

/// The same masks and period as those of [`terms`], under another policy.
#[must_use]
pub fn amendment() -> Amendment {
    let Terms { purposes, categories, from, until, max_uses, .. } = terms();
    Amendment { purposes, categories, from, until, max_uses, policy: [0x13; 32] }
}

/// The first version of a series, about the patient and by the hospital.
#[must_use]
pub fn report() -> NewVersion {
    NewVersion {
        series: [0x21; 32],
        sequence: 1,
        previous: [0; 32],
        root: [0x22; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [0x23; 32],
        patient: PATIENT,
        doctor: HOSPITAL,
    }
}
