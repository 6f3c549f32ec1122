//! The events of the Assent contracts: the only seam between the chain and its readers.
//!
//! Every event has an explicit signature topic, `BLAKE2b-256("assent::<contract>::<Event>")`, so
//! that neither renaming a type alias nor a second event with the same fields can change or
//! duplicate it; the token's `Transfer` and `Approval` carry those of PSP22 instead. Each contract's events stand behind a feature of the contract's name: the metadata
//! of a contract lists the events of every module that is linked into it.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]

#[cfg(feature = "carbon")]
pub mod carbon;
#[cfg(feature = "consent")]
pub mod consent;
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
#[cfg(all(
    test,
    feature = "carbon",
    feature = "consent",
    feature = "governance",
    feature = "market",
    feature = "participants",
    feature = "reports",
    feature = "rewards",
    feature = "token"
))]
mod tests;
#[cfg(feature = "token")]
pub mod token;
mod types;

pub use types::*;
