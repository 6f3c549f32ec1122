//! What the contracts take and what their views answer: the types of the model, which the walk
//! compares byte by byte with the contracts, and of each argument a valid example to vary.

use assent_interface::mask_of;
pub use assent_interface::{category::CARDIOLOGY, purpose::RESEARCH};
pub use assent_model::{
    Amendment, Batch, BatchTotals, Choices, Class, Counts, Decision, DenyReason, Duty, Ending,
    ErasureAnswer, ErasureRequest, Fee, Grant, Hash, Holding, Item, Limits, LogEntry, LogHead,
    NewVersion, Order, OrderStatus, Outcome as Review, Participant, Penalty, Period, Project,
    Proposal, Quote, Report, Settings, Settlement, Standing, Statement, Status, TREATMENT, Tariff,
    Terms, Totals, UNITS_PER_CREDIT as CREDIT, Version, role,
};

use super::{HOSPITAL, PATIENT};
use crate::GENESIS;

/// The mask of [`TREATMENT`].
pub const PURPOSES: u32 = mask_of(TREATMENT);
/// The mask of [`CARDIOLOGY`].
pub const CATEGORIES: u32 = mask_of(CARDIOLOGY);
/// First moment at which the examples are no longer valid: 30 days after [`GENESIS`].
pub const UNTIL: u64 = GENESIS + 30 * 24 * 60 * 60 * 1_000;
/// First moment at which an example of a proposal can no longer be accepted: 10 days after
/// [`GENESIS`].
pub const EXPIRES: u64 = GENESIS + 10 * 24 * 60 * 60 * 1_000;
/// Commitment to what shows that data are erased, or have to be retained.
pub const EVIDENCE: Hash = [0x51; 32];

/// What a missing credit costs, token base units.
pub const TARIFF: u128 = 1_000;
/// Serial numbers of a batch, and the cap of a period.
pub const SERIALS: u128 = 1_000_000;
/// The vintage of a batch: the 30 days before [`GENESIS`].
pub const VINTAGE: (u64, u64) = (GENESIS - (UNTIL - GENESIS), GENESIS);
/// How long a period lasts, ms.
pub const PERIOD: u64 = 10_000;
/// How long an order is open, ms.
pub const ORDER_TIME: u64 = 60_000;

/// Neither a grant nor a record that a request for access names.
pub const UNNAMED: (Option<u64>, Option<Hash>) = (None, None);

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
        record: None,
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
        patient: Some(PATIENT),
        doctor: HOSPITAL,
    }
}
