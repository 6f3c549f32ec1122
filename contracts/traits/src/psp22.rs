//! PSP22, the standard of fungible tokens: its messages with their standard selectors, and the calls
//! of those that the rewards contract needs.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

use crate::{invoke, CallFailed};
use ink::env::call::{ExecutionInput, Selector};
use ink::prelude::{string::String, vec::Vec};
use ink::primitives::AccountId;

/// Selector of `PSP22::balance_of`.
pub const BALANCE_OF: [u8; 4] = [0x65, 0x68, 0x38, 0x2f];
/// Selector of `PSP22::transfer`.
pub const TRANSFER: [u8; 4] = [0xdb, 0x20, 0xf9, 0xf5];
/// Selector of `PSP22::transfer_from`.
pub const TRANSFER_FROM: [u8; 4] = [0x54, 0xb3, 0xc7, 0x6e];
/// Selector of `is_frozen`, which the standard does not have.
pub const IS_FROZEN: [u8; 4] = ink::selector_bytes!("is_frozen");

/// The errors of the standard, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum PSP22Error {
    /// Whatever the standard has no name for. This token says `Paused`, `Frozen` and `Replaced`.
    Custom(String),
    /// The account does not hold that many units.
    InsufficientBalance,
    /// The owner does not allow the spender that many units.
    InsufficientAllowance,
    /// The recipient is the zero account, which nobody can spend from.
    ZeroRecipientAddress,
    /// The sender is the zero account.
    ZeroSenderAddress,
    /// The recipient refused the transfer; this token never asks it.
    SafeTransferCheckFailed(String),
}

/// A fungible token. Amounts are in base units.
///
/// It can be paused, and accounts can be frozen. In a pause, the messages that are not said to be
/// open refuse with `Custom("Paused")` before anything else. A frozen account neither sends nor
/// receives nor spends on an allowance: that is `Custom("Frozen")`. What it allows to others it may
/// still change, since nobody can spend it. An account that the key took over which replaced its own spends
/// nothing and allows nothing: that is `Custom("Replaced")`; what is sent to it goes to that key.
#[ink::trait_definition]
pub trait PSP22 {
    /// Units in circulation.
    #[ink(message, selector = 0x162df8c2)]
    fn total_supply(&self) -> u128;

    /// Units that `owner` holds.
    #[ink(message, selector = 0x6568382f)]
    fn balance_of(&self, owner: AccountId) -> u128;

    /// Units that `spender` may still take from `owner`.
    #[ink(message, selector = 0x4d47d921)]
    fn allowance(&self, owner: AccountId, spender: AccountId) -> u128;

    /// Moves `value` units from the caller to `to`. `data` is ignored.
    ///
    /// Events: `Transfer`. No-op without event: `to` is the caller, or `value` is 0.
    /// Errors, first wins: `Custom("Paused")`, `ZeroRecipientAddress`; then, if it is no no-op,
    /// `Custom("Replaced")` (the caller), `Custom("Frozen")` (the caller or `to`), `InsufficientBalance`.
    #[ink(message, selector = 0xdb20f9f5)]
    fn transfer(&mut self, to: AccountId, value: u128, data: Vec<u8>) -> Result<(), PSP22Error>;

    /// Moves `value` units from `from` to `to` on the caller's allowance. `data` is ignored.
    ///
    /// Events: `Approval` with what is left of the allowance (not when the caller is `from`),
    /// `Transfer`. No-op without event: `from` is `to`, or `value` is 0.
    /// Errors, first wins: `Custom("Paused")`, `ZeroSenderAddress`, `ZeroRecipientAddress`; then, if
    /// it is no no-op, `Custom("Replaced")` (`from`), `Custom("Frozen")` (`from` or `to`), both of the caller
    /// too unless it is `from`, `InsufficientAllowance` (neither), `InsufficientBalance`.
    #[ink(message, selector = 0x54b3c76e)]
    fn transfer_from(
        &mut self,
        from: AccountId,
        to: AccountId,
        value: u128,
        data: Vec<u8>,
    ) -> Result<(), PSP22Error>;

    /// Lets `spender` take up to `value` units from the caller; replaces what was allowed before.
    /// Open in a pause when `value` is 0: that takes a right back.
    ///
    /// Events: `Approval`. No-op without event: `spender` is the caller.
    /// Errors, first wins: `Custom("Paused")`, `ZeroRecipientAddress`, `Custom("Replaced")` (the caller).
    #[ink(message, selector = 0xb20f1bbd)]
    fn approve(&mut self, spender: AccountId, value: u128) -> Result<(), PSP22Error>;

    /// Raises what `spender` may take from the caller; stops at the greatest amount there is.
    ///
    /// Events: `Approval`. No-op without event: `spender` is the caller, or `delta_value` is 0.
    /// Errors, first wins: `Custom("Paused")`, `ZeroRecipientAddress`, `Custom("Replaced")` (the caller).
    #[ink(message, selector = 0x96d6b57a)]
    fn increase_allowance(
        &mut self,
        spender: AccountId,
        delta_value: u128,
    ) -> Result<(), PSP22Error>;

    /// Lowers what `spender` may take from the caller. Open in a pause.
    ///
    /// Events: `Approval`. No-op without event: `spender` is the caller, or `delta_value` is 0.
    /// Errors, first wins: `ZeroRecipientAddress`; then, if it is no no-op, `Custom("Replaced")`,
    /// `InsufficientAllowance`.
    #[ink(message, selector = 0xfecb57d5)]
    fn decrease_allowance(
        &mut self,
        spender: AccountId,
        delta_value: u128,
    ) -> Result<(), PSP22Error>;
}

/// What wallets show of a token.
#[ink::trait_definition]
pub trait PSP22Metadata {
    /// Name, if it has one.
    #[ink(message, selector = 0x3d261bd4)]
    fn token_name(&self) -> Option<String>;

    /// Symbol, if it has one.
    #[ink(message, selector = 0x34205be5)]
    fn token_symbol(&self) -> Option<String>;

    /// How many decimal places a displayed unit has.
    #[ink(message, selector = 0x7271b782)]
    fn token_decimals(&self) -> u8;
}

/// Units of `token` that `owner` holds.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `token` gave no answer.
pub fn balance_of(token: AccountId, owner: AccountId) -> Result<u128, CallFailed> {
    invoke(token, ExecutionInput::new(Selector::new(BALANCE_OF)).push_arg(owner))
}

/// Whether `account` is frozen in `token`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `token` gave no answer.
pub fn is_frozen(token: AccountId, account: AccountId) -> Result<bool, CallFailed> {
    invoke(token, ExecutionInput::new(Selector::new(IS_FROZEN)).push_arg(account))
}

/// Moves `value` units of `token` from the calling contract to `to`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `token` gave no answer; inside, what it refused.
pub fn transfer(
    token: AccountId,
    to: AccountId,
    value: u128,
) -> Result<Result<(), PSP22Error>, CallFailed> {
    invoke(
        token,
        ExecutionInput::new(Selector::new(TRANSFER))
            .push_arg(to)
            .push_arg(value)
            .push_arg(Vec::<u8>::new()),
    )
}

/// Moves `value` units of `token` from `from` to `to`, on what `from` allowed the calling contract.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `token` gave no answer; inside, what it refused.
pub fn transfer_from(
    token: AccountId,
    from: AccountId,
    to: AccountId,
    value: u128,
) -> Result<Result<(), PSP22Error>, CallFailed> {
    invoke(
        token,
        ExecutionInput::new(Selector::new(TRANSFER_FROM))
            .push_arg(from)
            .push_arg(to)
            .push_arg(value)
            .push_arg(Vec::<u8>::new()),
    )
}

#[cfg(test)]
mod tests {
    /// The standard's selectors are the first bytes of the hashed names.
    #[test]
    fn selectors_are_those_of_the_standard() {
        assert_eq!(super::BALANCE_OF, ink::selector_bytes!("PSP22::balance_of"));
        assert_eq!(super::TRANSFER, ink::selector_bytes!("PSP22::transfer"));
        assert_eq!(super::TRANSFER_FROM, ink::selector_bytes!("PSP22::transfer_from"));
    }
}
