//! What the contracts and the programs that speak with them agree on: which contracts there are and
//! what their constructors take ([`Contract`], one module per contract), the arguments and labels of
//! their messages, and the codes that stand in arguments, events and answers, each with its name.
//!
//! It builds with ink! (feature `ink`, for contracts) and without it, and needs no `std`. The types
//! encode to the bytes that the contracts read and write: fields stand in the contracts' order.
//! What holds an account is generic over its type, which has to encode to the account's 32 bytes.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]

/// Declares the labels of messages as constants, and the list of them.
macro_rules! labels {
    ($($(#[doc = $doc:literal])* $name:ident = $label:literal;)+) => {
        $($(#[doc = $doc])* pub const $name: &str = $label;)+

        /// The labels of all these messages.
        pub const LABELS: &[&str] = &[$($label),+];
    };
}

mod account;
pub mod agreements;
pub mod carbon;
mod codes;
pub mod consent;
mod contract;
pub mod governance;
pub mod market;
pub mod participants;
pub mod reports;
pub mod rewards;
pub mod token;
mod vocabulary;

pub use account::AccountId;
pub use codes::{Decision, DenyReason, OrderStatus, Outcome, Party, SanctionReason, Status};
pub use contract::Contract;
pub use vocabulary::{category, mask_of, power, purpose, role, MASK_BITS};

/// A 32-byte hash or commitment.
pub type Hash = [u8; 32];

/// Most entries of a message that takes several: grants, versions, transfers, orders. Each of them
/// refuses an empty list and a longer one.
pub const MAX_BATCH: usize = 16;
