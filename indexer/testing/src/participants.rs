//! Events of the participants contract; account 9 decides who is admitted.

use assent_client::EmittedEvent;

use crate::{account, event};

/// Power of a mandate: to ask for access.
pub const ASK: u16 = 1;
/// Power of a mandate: to open a window, and to close it.
pub const BREAK_GLASS: u16 = 2;
/// Power of a mandate: to anchor reports, and to revoke them.
pub const ANCHOR: u16 = 4;
/// Power of a mandate: to sign for reports.
pub const SIGN: u16 = 8;
/// Power of a mandate: to place, update, cancel and fill orders.
pub const TRADE: u16 = 16;

/// The profile of account `n`: 0xf0 + `n`, and again from 0 on.
const fn profile(n: u8) -> u8 {
    0xf0_u8.wrapping_add(n)
}

/// Account `n` registers with its profile.
#[must_use]
pub fn registered(n: u8) -> EmittedEvent {
    event("participants", "Registered", (account(n), [profile(n); 32]))
}

/// It gets its first roles, with the profile that it registered with.
#[must_use]
pub fn approved(n: u8, roles: u16) -> EmittedEvent {
    approved_with(n, roles, profile(n))
}

/// It gets roles after this profile was checked.
#[must_use]
pub fn approved_with(n: u8, roles: u16, profile: u8) -> EmittedEvent {
    event("participants", "Approved", (account(n), roles, [profile; 32], account(9)))
}

/// Its new profile is checked.
#[must_use]
pub fn profile_confirmed(n: u8, profile: u8) -> EmittedEvent {
    event("participants", "ProfileConfirmed", (account(n), [profile; 32], account(9)))
}

/// It gets other roles.
#[must_use]
pub fn roles_set(n: u8, roles: u16) -> EmittedEvent {
    event("participants", "RolesSet", (account(n), roles, account(9)))
}

/// Roles of it are suspended for the reason 0xee.
#[must_use]
pub fn suspended(n: u8, roles: u16) -> EmittedEvent {
    event("participants", "Suspended", (account(n), roles, [0xee_u8; 32], account(9)))
}

/// The suspension of these roles ends.
#[must_use]
pub fn reinstated(n: u8, roles: u16) -> EmittedEvent {
    event("participants", "Reinstated", (account(n), roles, account(9)))
}

/// It leaves.
#[must_use]
pub fn left(n: u8) -> EmittedEvent {
    event("participants", "Left", (account(n),))
}

/// It names another profile.
#[must_use]
pub fn profile_updated(n: u8, profile: u8) -> EmittedEvent {
    event("participants", "ProfileUpdated", (account(n), [profile; 32]))
}

/// Organisation `n` has the key `agent` act for it with the powers of a mask; `person` is the byte of the
/// commitment to who holds the key.
#[must_use]
pub fn member_admitted(n: u8, agent: u8, powers: u16, until: u64, person: u8) -> EmittedEvent {
    let fields = (account(n), account(agent), powers, until, [person; 32]);
    event("participants", "MemberAdmitted", fields)
}

/// One of the two, or of a guardian a regulator, ends the mandate of `agent` for `n`.
#[must_use]
pub fn mandate_ended(n: u8, agent: u8, by: u8) -> EmittedEvent {
    event("participants", "MandateEnded", (account(n), account(agent), account(by)))
}

/// Regulator 9 appoints the key `guardian` to act for `ward`; `person` is the byte of the commitment to who holds
/// the key.
#[must_use]
pub fn guardian_appointed(ward: u8, guardian: u8, until: u64, person: u8) -> EmittedEvent {
    let fields = (account(ward), account(guardian), until, [person; 32], account(9));
    event("participants", "GuardianAppointed", fields)
}

/// This guardianship of `ward` begins.
#[must_use]
pub fn guardians_changed(ward: u8, guardianship: u32) -> EmittedEvent {
    event("participants", "GuardiansChanged", (account(ward), guardianship))
}
