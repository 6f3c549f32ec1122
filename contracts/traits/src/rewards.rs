//! Accrual of rewards, called by the consent contract when it permits an access.

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

/// Accrues what access number `access` for `purpose` earns its `owner`; the amount in token base
/// units, 0 when there is no tariff or the fund does not hold it.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `rewards` gave no answer; inside, what it refused.
pub fn accrue(
    rewards: AccountId,
    owner: AccountId,
    purpose: u8,
    access: u64,
) -> Result<Result<u128, AccrueError>, CallFailed> {
    invoke(
        rewards,
        ExecutionInput::new(Selector::new(ACCRUE))
            .push_arg(owner)
            .push_arg(purpose)
            .push_arg(access),
    )
}
