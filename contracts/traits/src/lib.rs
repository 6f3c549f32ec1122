//! What the contracts call on each other: one module per callee, with the messages that others use
//! and the errors that they have to understand; and the [`domain`] that their hashes begin with.
//!
//! A caller goes through the functions here, so that a selector and its argument types are written
//! once; each callee has a test that they match its own messages.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]

pub mod carbon;
pub mod consent;
mod domain;
pub mod participants;
pub mod psp22;
pub mod rewards;

pub use domain::domain;

use ink::env::{
    call::{build_call, ExecutionInput},
    DefaultEnvironment,
};
use ink::primitives::AccountId;
use ink::scale::{Decode, Encode};

/// A call to another contract gave no answer: there is no contract at the address, it has no such
/// message, it trapped, or its answer does not decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallFailed;

/// Calls without a limit of gas or deposit: the callees are contracts of the same deployment, and a
/// limit that is exceeded would trap the caller anyway. Re-entry stays denied.
fn invoke<Args, R>(callee: AccountId, input: ExecutionInput<Args>) -> Result<R, CallFailed>
where
    Args: Encode,
    R: Decode,
{
    let answer = build_call::<DefaultEnvironment>()
        .call(callee)
        .exec_input(input)
        .returns::<R>()
        .try_invoke();
    match answer {
        Ok(Ok(answer)) => Ok(answer),
        // The callee has no such message, or could not read its arguments.
        Ok(Err(_)) => Err(CallFailed),
        // No contract there, it trapped, or its answer does not decode.
        Err(_) => Err(CallFailed),
    }
}
