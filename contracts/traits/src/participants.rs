//! Admission checks, answered by the participants contract.

use crate::{invoke, CallFailed};
use ink::env::call::{ExecutionInput, Selector};
use ink::primitives::AccountId;

/// Selector of `has_role`.
pub const HAS_ROLE: [u8; 4] = ink::selector_bytes!("has_role");
/// Selector of `is_admitted`.
pub const IS_ADMITTED: [u8; 4] = ink::selector_bytes!("is_admitted");

/// Whether `account` is active and holds at least one of the roles in the mask `roles`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn has_role(
    participants: AccountId,
    account: AccountId,
    roles: u16,
) -> Result<bool, CallFailed> {
    invoke(
        participants,
        ExecutionInput::new(Selector::new(HAS_ROLE)).push_arg(account).push_arg(roles),
    )
}

/// Whether `account` is active, with any role.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn is_admitted(participants: AccountId, account: AccountId) -> Result<bool, CallFailed> {
    invoke(participants, ExecutionInput::new(Selector::new(IS_ADMITTED)).push_arg(account))
}
