//! Accrual of rewards, called by the consent contract before it permits an access.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

use crate::{invoke, CallFailed};
use ink::env::call::{ExecutionInput, Selector};
use ink::primitives::AccountId;

/// Selector of `accrue`.
pub const ACCRUE: [u8; 4] = ink::selector_bytes!("accrue");

/// Why an accrual was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum AccrueError {
    /// The caller is not the consent contract that the administrator named.
    NotConsent,
    /// This access, or a later one, was accrued already.
    AlreadyPaid,
    /// A total would exceed its type.
    Overflow,
}

/// What an access comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Accrual {
    /// Its owner is owed this much, token base units.
    Earned(u128),
    /// It earns nothing: the purpose has no tariff, or the owner has earned from the requester for
    /// it less than a period ago.
    Nothing,
    /// Nobody can pay it, and it may be permitted all the same.
    Unfunded,
    /// Nobody can pay it, and it has to be refused: the tariff is required.
    Declined,
}

/// Accrues what access number `access` of `requester` for `purpose` earns its `owner`, if it is
/// permitted.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `rewards` gave no answer; inside, what it refused.
pub fn accrue(
    rewards: AccountId,
    owner: AccountId,
    requester: AccountId,
    purpose: u8,
    access: u64,
) -> Result<Result<Accrual, AccrueError>, CallFailed> {
    invoke(
        rewards,
        ExecutionInput::new(Selector::new(ACCRUE))
            .push_arg(owner)
            .push_arg(requester)
            .push_arg(purpose)
            .push_arg(access),
    )
}
