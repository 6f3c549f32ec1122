//! The events of the Assent contracts: the only seam between the chain and its readers.
//!
//! Every event has an explicit signature topic, `BLAKE2b-256("assent::<contract>::<Event>")`, so
//! that neither renaming a type alias nor a second event with the same fields can change or
//! duplicate it; the token's `Transfer` and `Approval` carry those of PSP22 instead. Each contract's
//! events stand behind a feature of the contract's name: the metadata of a contract lists the events
//! of every module that is linked into it.
//!
//! An event never changes; what needs other fields is a new event with a new name. `layouts.txt`
//! lists them all, and a test compares.
//!
//! Contracts build it with the feature `ink` and their own; programs that read the chain with
//! `decode`, which has all modules and needs no ink!.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]

#[cfg(feature = "decode")]
extern crate alloc;

#[macro_use]
mod event;

#[cfg(feature = "agreements")]
pub mod agreements;
#[cfg(feature = "carbon")]
pub mod carbon;
#[cfg(feature = "consent")]
pub mod consent;
#[cfg(feature = "decode")]
mod decode;
#[cfg(feature = "governance")]
pub mod governance;
#[cfg(feature = "market")]
pub mod market;
#[cfg(feature = "participants")]
pub mod participants;
#[cfg(feature = "reports")]
pub mod reports;
#[cfg(feature = "rewards")]
pub mod rewards;
#[cfg(all(test, feature = "decode"))]
mod tests;
#[cfg(feature = "token")]
pub mod token;

pub use assent_interface::{
    category, power, purpose, role, AccountId, Contract, Decision, DenyReason, Hash, Outcome,
    Party, SanctionReason, MASK_BITS,
};
#[cfg(feature = "decode")]
pub use decode::{decode, DecodeError, Event};
