//! Escrow and ratings, asked by the market.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

pub use assent_interface::carbon::UNITS_PER_CREDIT;

use crate::{invoke, CallFailed};
use ink::env::call::{ExecutionInput, Selector};
use ink::primitives::AccountId;

/// Selector of `escrow`.
pub const ESCROW: [u8; 4] = ink::selector_bytes!("escrow");
/// Selector of `release`.
pub const RELEASE: [u8; 4] = ink::selector_bytes!("release");
/// Selector of `deliver`.
pub const DELIVER: [u8; 4] = ink::selector_bytes!("deliver");
/// Selector of `rating`.
pub const RATING: [u8; 4] = ink::selector_bytes!("rating");
/// Selector of `ratings`.
pub const RATINGS: [u8; 4] = ink::selector_bytes!("ratings");
/// Selector of `participants`.
pub const PARTICIPANTS: [u8; 4] = ink::selector_bytes!("participants");

/// The best rating; the worst is 0.
pub const MAX_RATING: u16 = 1_000;

/// Why units were not put in escrow, given back or delivered. Each message of the carbon contract
/// documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum EscrowError {
    /// The carbon contract is paused.
    Paused,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// A party is not an active participant.
    NotAdmitted,
    /// The amount is zero.
    ZeroAmount,
    /// The recipient is the owner.
    SelfTransfer,
    /// A party is frozen.
    Frozen,
    /// There is no batch of this number.
    UnknownBatch,
    /// The owner has not approved the caller for that many units of the batch.
    NotApproved,
    /// The owner does not hold that many tradable units of the batch.
    InsufficientBalance,
    /// The caller does not hold that many units of the owner in escrow.
    InsufficientEscrow,
}

/// Puts `amount` tradable units of `owner` in escrow, on what he approved the calling contract for.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer; inside, what it refused.
pub fn escrow(
    carbon: AccountId,
    owner: AccountId,
    batch: u64,
    amount: u128,
) -> Result<Result<(), EscrowError>, CallFailed> {
    invoke(
        carbon,
        ExecutionInput::new(Selector::new(ESCROW)).push_arg(owner).push_arg(batch).push_arg(amount),
    )
}

/// Gives `amount` units back to `owner` that the calling contract holds in escrow.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer; inside, what it refused.
pub fn release(
    carbon: AccountId,
    owner: AccountId,
    batch: u64,
    amount: u128,
) -> Result<Result<(), EscrowError>, CallFailed> {
    invoke(
        carbon,
        ExecutionInput::new(Selector::new(RELEASE))
            .push_arg(owner)
            .push_arg(batch)
            .push_arg(amount),
    )
}

/// Makes `amount` units of `owner` that the calling contract holds in escrow tradable units of `to`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer; inside, what it refused.
pub fn deliver(
    carbon: AccountId,
    owner: AccountId,
    batch: u64,
    to: AccountId,
    amount: u128,
) -> Result<Result<(), EscrowError>, CallFailed> {
    invoke(
        carbon,
        ExecutionInput::new(Selector::new(DELIVER))
            .push_arg(owner)
            .push_arg(batch)
            .push_arg(to)
            .push_arg(amount),
    )
}

/// The rating of an account, 0 to [`MAX_RATING`].
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer.
pub fn rating(carbon: AccountId, account: AccountId) -> Result<u16, CallFailed> {
    invoke(carbon, ExecutionInput::new(Selector::new(RATING)).push_arg(account))
}

/// The ratings of two accounts in one call.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer.
pub fn ratings(
    carbon: AccountId,
    first: AccountId,
    second: AccountId,
) -> Result<(u16, u16), CallFailed> {
    invoke(carbon, ExecutionInput::new(Selector::new(RATINGS)).push_arg(first).push_arg(second))
}

/// The contract that answers the admission checks of the one at `carbon`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `carbon` gave no answer.
pub fn participants(carbon: AccountId) -> Result<AccountId, CallFailed> {
    invoke(carbon, ExecutionInput::new(Selector::new(PARTICIPANTS)))
}
