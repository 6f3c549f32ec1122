//! The government of a contract, the same in all of them: an administrator who can pause it, hand
//! his office over in two steps, and announce another code for it.
//!
//! Invariants: a handover and a replacement of the code take effect only [`State::delay`] after they
//! were put on record, so that everyone who disagrees can leave first, and no later than [`GRACE`]
//! after that; a successor has to accept; the administrator is never nobody; an announced code is on
//! the chain and stays there, and it becomes the contract's only if it says that it can read what the
//! contract stored. A pause stops none of that, since it is how a paused contract is put right. What
//! moves money waits for the same delay, as a [`Scheduled`] setting.
//!
//! A contract keeps a [`Governance`] in its storage and implements [`Governed`] with it, and with the
//! functions of [`upgrade`] where the chain has a part in it.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

mod rules;
mod scheduled;
#[cfg(test)]
mod tests;
pub mod upgrade;

pub use rules::{Announced, Governance};
pub use scheduled::{Next, Scheduled};

use assent_events::Hash;
use ink::primitives::AccountId;

/// The shortest delay, milliseconds: a second. Only a chain for tests has a use for one so short.
pub const MIN_DELAY: u64 = 1_000;

/// The longest delay, milliseconds: 90 days.
pub const MAX_DELAY: u64 = 90 * 24 * 60 * 60 * 1_000;

/// For how long what has waited may take effect, milliseconds: 14 days. What nobody wants any more
/// does not stay a threat.
pub const GRACE: u64 = 14 * 24 * 60 * 60 * 1_000;

/// Why a message of [`Governed`] was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum GovernanceError {
    /// The delay is shorter than [`MIN_DELAY`] or longer than [`MAX_DELAY`].
    InvalidDelay,
    /// The caller is not the administrator.
    NotAdministrator,
    /// The contract is paused already.
    AlreadyPaused,
    /// The contract is not paused.
    NotPaused,
    /// The zero account, or one that this contract does not accept as its administrator: the
    /// participants contract wants an active participant.
    NotEligible,
    /// The account is the administrator already.
    AlreadyAdministrator,
    /// No handover is proposed.
    NoHandover,
    /// The caller is not the proposed successor.
    NotSuccessor,
    /// No replacement of the code is announced.
    NoUpgrade,
    /// The announced delay is not over.
    TooEarly,
    /// The delay was over for [`GRACE`], or longer: propose or announce it again.
    Expired,
    /// The code is the one that the contract has.
    SameCode,
    /// The announced code does not answer [`Governed::schema_version`], or with a version that is
    /// neither this contract's nor the next one.
    WrongSchema,
    /// The delay, or what comes after it, ends after the end of time.
    Overflow,
}

/// A proposed successor of the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Handover {
    /// The successor.
    pub to: AccountId,
    /// First moment at which he may accept, ms since 1970.
    pub not_before: u64,
    /// First moment at which he no longer may, ms since 1970.
    pub until: u64,
}

/// An announced replacement of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Upgrade {
    /// BLAKE2b-256 of the Wasm.
    pub code_hash: Hash,
    /// First moment at which it may take effect, ms since 1970.
    pub not_before: u64,
    /// First moment at which it no longer may, ms since 1970.
    pub until: u64,
}

/// How a contract is governed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct State {
    /// Who may pause it, hand over and announce another code.
    pub administrator: AccountId,
    /// Whether it is paused.
    pub paused: bool,
    /// How long a handover, a replacement of the code and whatever moves money wait, milliseconds;
    /// never changes.
    pub delay: u64,
    /// The proposed successor, also when he no longer may accept.
    pub handover: Option<Handover>,
    /// The announced code, also when it no longer may take effect.
    pub upgrade: Option<Upgrade>,
}

/// The messages of a governed contract.
#[ink::trait_definition]
pub trait Governed {
    /// Stops what the contract's documentation does not except. Administrator only.
    ///
    /// Events: `Paused`. Errors, first wins: `NotAdministrator`, `AlreadyPaused`.
    #[ink(message)]
    fn pause(&mut self) -> Result<(), GovernanceError>;

    /// Ends the pause. Administrator only.
    ///
    /// Events: `Unpaused`. Errors, first wins: `NotAdministrator`, `NotPaused`.
    #[ink(message)]
    fn unpause(&mut self) -> Result<(), GovernanceError>;

    /// Proposes a successor, who may accept when the delay is over, for [`GRACE`]; replaces an
    /// earlier proposal. Administrator only.
    ///
    /// Events: `HandoverProposed`. Errors, first wins: `NotAdministrator`, `AlreadyAdministrator`,
    /// `NotEligible`, `Overflow`.
    #[ink(message)]
    fn propose_handover(&mut self, to: AccountId) -> Result<(), GovernanceError>;

    /// Withdraws the proposal. Administrator only.
    ///
    /// Events: `HandoverCancelled`. Errors, first wins: `NotAdministrator`, `NoHandover`.
    #[ink(message)]
    fn cancel_handover(&mut self) -> Result<(), GovernanceError>;

    /// Takes the office over. The proposed successor only.
    ///
    /// Events: `HandoverAccepted`. Errors, first wins: `NoHandover`, `NotSuccessor`, `TooEarly`,
    /// `Expired`, `NotEligible`.
    #[ink(message)]
    fn accept_handover(&mut self) -> Result<(), GovernanceError>;

    /// Announces another code for this contract, by the hash of its Wasm; replaces an earlier
    /// announcement. The code has to be on the chain, which fails the call with `CodeNotFound` if it
    /// is not, and cannot be removed from there while it is announced: whoever announces it leaves a
    /// deposit for that, which goes to whoever ends the announcement. Administrator only.
    ///
    /// Events: `UpgradeAnnounced`. Errors, first wins: `NotAdministrator`, `SameCode`, `Overflow`.
    #[ink(message)]
    fn announce_upgrade(&mut self, code_hash: Hash) -> Result<(), GovernanceError>;

    /// Withdraws the announcement. Administrator only.
    ///
    /// Events: `UpgradeCancelled`. Errors, first wins: `NotAdministrator`, `NoUpgrade`.
    #[ink(message)]
    fn cancel_upgrade(&mut self) -> Result<(), GovernanceError>;

    /// Makes the announced code this contract's code, from the next call on, if it answers
    /// `schema_version` with this contract's version or the next one. The state stays as it is.
    /// Administrator only.
    ///
    /// Events: `Upgraded`. Errors, first wins: `NotAdministrator`, `NoUpgrade`, `TooEarly`,
    /// `Expired`, `WrongSchema`.
    #[ink(message)]
    fn apply_upgrade(&mut self) -> Result<(), GovernanceError>;

    /// How this contract is governed. A view, open to all.
    #[ink(message)]
    fn governance(&self) -> State;

    /// Version of the layout of this contract's storage; code that changes it raises it by one and
    /// migrates what it finds. A view, open to all; `apply_upgrade` asks the announced code for it,
    /// on what the contract stores.
    #[ink(message)]
    fn schema_version(&self) -> u32;
}
