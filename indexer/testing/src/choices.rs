//! Events of what patients choose for themselves, which the consent contract emits.

use assent_client::EmittedEvent;

use crate::{account, event};

/// A patient wants no emergency access.
#[must_use]
pub fn emergencies_refused(owner: u8, at: u64) -> EmittedEvent {
    event("consent", "EmergenciesRefused", (account(owner), at))
}

/// A patient admits emergency access again.
#[must_use]
pub fn emergencies_allowed(owner: u8, at: u64) -> EmittedEvent {
    event("consent", "EmergenciesAllowed", (account(owner), at))
}

/// A patient denies everybody but those who are [`excepted`] next; `scope` is a mask of purposes and one of
/// categories.
#[must_use]
pub fn restricted(owner: u8, scope: (u32, u32), at: u64) -> EmittedEvent {
    event("consent", "Restricted", (account(owner), scope, at))
}

/// A restriction does not concern an account.
#[must_use]
pub fn excepted(owner: u8, excepted: u8) -> EmittedEvent {
    event("consent", "Excepted", (account(owner), account(excepted)))
}

/// A restriction ends.
#[must_use]
pub fn restriction_lifted(owner: u8, at: u64) -> EmittedEvent {
    event("consent", "RestrictionLifted", (account(owner), at))
}
