//! Events of emergencies, which the consent contract emits.

use assent_client::EmittedEvent;

use crate::{account, event};

/// Outcome of a review.
pub const JUSTIFIED: u8 = 0;
/// Outcome of a review.
pub const UNJUSTIFIED: u8 = 1;
/// Reason of a sanction: a review found the access unjustified.
pub const FOUND_UNJUSTIFIED: u8 = 0;
/// Reason of a sanction: nobody reviewed it in time.
pub const UNREVIEWED: u8 = 1;

/// A window that is open for 10 ms and to be reviewed within 20.
#[must_use]
pub fn broken(window: u64, patient: u8, provider: u8, at: u64) -> EmittedEvent {
    broken_until(window, patient, provider, (at, at + 10, at + 20))
}

/// A window; `times` are when it was opened, its end, and when a missing review is overdue.
#[must_use]
pub fn broken_until(
    window: u64,
    patient: u8,
    provider: u8,
    times: (u64, u64, u64),
) -> EmittedEvent {
    broken_by(None, window, (patient, provider), times)
}

/// The same; `staff` is the key of the provider's staff that opened it, and the byte of the commitment to who
/// holds it, if it was not the provider's own.
#[must_use]
pub fn broken_by(
    staff: Option<(u8, u8)>,
    window: u64,
    (patient, provider): (u8, u8),
    times: (u64, u64, u64),
) -> EmittedEvent {
    let by = account(staff.map_or(provider, |(by, _)| by));
    let person = staff.map(|(_, person)| [person; 32]);
    let parties = (window, account(patient), account(provider), by, person);
    event("consent", "GlassBroken", (parties, [0x1f_u8; 32], times))
}

/// A window is closed before its time.
#[must_use]
pub fn closed(window: u64, by: u8, at: u64) -> EmittedEvent {
    event("consent", "GlassClosed", (window, account(by), at))
}

/// A window is reviewed.
#[must_use]
pub fn reviewed(window: u64, by: u8, outcome: u8, at: u64) -> EmittedEvent {
    event("consent", "GlassReviewed", (window, account(by), outcome, at))
}

/// The provider's suspension is proposed.
#[must_use]
pub fn proposed(window: u64, provider: u8, reason: u8, at: u64) -> EmittedEvent {
    event("consent", "SuspensionProposed", (account(provider), window, reason, at))
}

/// A key may open no window any more.
#[must_use]
pub fn barred(window: u64, key: u8, at: u64) -> EmittedEvent {
    event("consent", "EmergencyBarred", (account(key), window, at))
}

/// A key may open windows again.
#[must_use]
pub fn bar_lifted(key: u8, by: u8, at: u64) -> EmittedEvent {
    event("consent", "BarLifted", (account(key), account(by), at))
}
