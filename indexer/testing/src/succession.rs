//! Events of keys that replace those of participants; regulator 9 replaces lost ones, with the evidence 0xed.

use assent_client::EmittedEvent;

use crate::{account, event};

/// Participant `n` names the key `to`, which may accept in a time from `times.0` until `times.1`, exclusive.
#[must_use]
pub fn named(n: u8, to: u8, times: (u64, u64)) -> EmittedEvent {
    event("participants", "SuccessorNamed", (account(n), account(to), times))
}

/// Regulator 9 names the key `to` for participant `n`, who has lost his.
#[must_use]
pub fn proposed(n: u8, to: u8, times: (u64, u64)) -> EmittedEvent {
    proposed_by(9, n, to, times)
}

/// The same by regulator `by`.
#[must_use]
pub fn proposed_by(by: u8, n: u8, to: u8, times: (u64, u64)) -> EmittedEvent {
    let fields = (account(n), account(to), [0xed_u8; 32], times, account(by));
    event("participants", "ReplacementProposed", fields)
}

/// The participant takes back the key that it named.
#[must_use]
pub fn cancelled(n: u8, to: u8) -> EmittedEvent {
    event("participants", "SuccessionCancelled", (account(n), account(to)))
}

/// Its key objects to the one that a regulator named.
#[must_use]
pub fn objected(n: u8, to: u8) -> EmittedEvent {
    event("participants", "ReplacementObjected", (account(n), account(to)))
}

/// A second regulator confirms it all the same.
#[must_use]
pub fn confirmed(n: u8, to: u8, by: u8) -> EmittedEvent {
    event("participants", "ReplacementConfirmed", (account(n), account(to), account(by)))
}

/// Another regulator rejects it, be there an objection or not, or who proposed it takes it back.
#[must_use]
pub fn rejected(n: u8, to: u8, by: u8) -> EmittedEvent {
    event("participants", "ReplacementRejected", (account(n), account(to), account(by)))
}

/// The key `to` acts for participant `n` from now on, in place of `from`.
#[must_use]
pub fn replaced(n: u8, from: u8, to: u8) -> EmittedEvent {
    event("participants", "KeyReplaced", (account(n), account(from), account(to)))
}

/// In the token the key `to` took over what `from` had.
#[must_use]
pub fn taken_over(from: u8, to: u8) -> EmittedEvent {
    event("token", "TakenOver", (account(from), account(to)))
}
