//! Events of what guardians do for their wards, which the consent contract emits; those of their appointment are
//! in [`crate::participants`], and that of the agreements contract in [`crate::agreements`].

use assent_client::EmittedEvent;

use crate::{account, event};

/// A guardian gave the grant before, in this guardianship of its owner.
#[must_use]
pub fn granted(grant: u64, owner: u8, guardianship: u32) -> EmittedEvent {
    event("consent", "GuardianGranted", (grant, account(owner), guardianship))
}

/// A guardian denies for the owner; `scope` is a mask of purposes and one of categories.
#[must_use]
pub fn denied(
    (owner, guardian): (u8, u8),
    requester: u8,
    scope: (u32, u32),
    at: u64,
) -> EmittedEvent {
    let fields = (account(owner), account(requester), scope, account(guardian), at);
    event("consent", "GuardianDenied", fields)
}

/// A guardian lifts what guardians denied, as far as the masks of `scope` go.
#[must_use]
pub fn denial_lifted(
    (owner, guardian): (u8, u8),
    requester: u8,
    scope: (u32, u32),
    at: u64,
) -> EmittedEvent {
    let fields = (account(owner), account(requester), scope, account(guardian), at);
    event("consent", "GuardianDenialLifted", fields)
}

/// A guardian denies everybody but those who are excepted next; `scope` is a mask of purposes and one of
/// categories.
#[must_use]
pub fn restricted((owner, guardian): (u8, u8), scope: (u32, u32), at: u64) -> EmittedEvent {
    event("consent", "GuardianRestricted", (account(owner), scope, account(guardian), at))
}

/// A guardian did what the event before says.
#[must_use]
pub fn acted((owner, guardian): (u8, u8), at: u64) -> EmittedEvent {
    event("consent", "GuardianActed", (account(owner), account(guardian), at))
}
