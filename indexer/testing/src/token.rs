//! Events of the token; account 9 freezes.

use assent_client::EmittedEvent;

use crate::{account, address, event};

/// Units move; `None` is nobody, from whom they are minted and to whom they are burned.
#[must_use]
pub fn transfer(from: Option<u8>, to: Option<u8>, value: u128) -> EmittedEvent {
    event("token", "Transfer", (from.map(account), to.map(account), value))
}

/// What the token emits when it mints; the same for [`burned`].
#[must_use]
pub fn minted(to: u8, amount: u128, receipt: u8) -> [EmittedEvent; 2] {
    let minted = event("token", "Minted", (account(to), amount, [receipt; 32]));
    [minted, transfer(None, Some(to), amount)]
}

/// What it emits when it burns.
#[must_use]
pub fn burned(from: u8, amount: u128, receipt: u8) -> [EmittedEvent; 2] {
    let burned = event("token", "Burned", (account(from), amount, [receipt; 32]));
    [burned, transfer(Some(from), None, amount)]
}

/// An account lets another spend its units.
#[must_use]
pub fn approval(owner: u8, spender: u8, amount: u128) -> EmittedEvent {
    event("token", "Approval", (account(owner), account(spender), amount))
}

/// Another treasury is named, and mints and burns at once.
#[must_use]
pub fn treasury_set(n: u8) -> EmittedEvent {
    treasury_set_from(n, 1)
}

/// Another treasury is named, from a moment on.
#[must_use]
pub fn treasury_set_from(n: u8, from: u64) -> EmittedEvent {
    event("token", "TreasurySet", (account(n), from, account(9)))
}

/// The treasury mints no more until it is named again.
#[must_use]
pub fn minting_stopped(n: u8) -> EmittedEvent {
    event("token", "MintingStopped", (account(n), account(9)))
}

/// An account is frozen.
#[must_use]
pub fn frozen(n: u8, reason: u8) -> EmittedEvent {
    event("token", "AccountFrozen", (account(n), [reason; 32], account(9)))
}

/// It is not frozen any more.
#[must_use]
pub fn unfrozen(n: u8) -> EmittedEvent {
    event("token", "AccountUnfrozen", (account(n), account(9)))
}

/// Units move between an account and the rewards contract.
#[must_use]
pub fn paid_in(from: u8, value: u128) -> EmittedEvent {
    event("token", "Transfer", (Some(account(from)), Some(address("rewards")), value))
}

/// Units that the rewards contract pays out.
#[must_use]
pub fn paid_out(to: u8, value: u128) -> EmittedEvent {
    event("token", "Transfer", (Some(address("rewards")), Some(account(to)), value))
}
