//! The government of a contract, the same in all of them: an administrator who can pause it, hand
//! his office over in two steps, and announce another code for it.
//!
//! Invariants: a handover and a replacement of the code take effect only [`State::delay`] after they
//! were put on record, so that everyone who disagrees can leave first; a successor has to accept;
//! the administrator is never nobody. A pause stops neither of them, since they are how a paused
//! contract is put right.
//!
//! A contract keeps a [`Governance`] in its storage and implements [`Governed`] with it.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

#[cfg(test)]
mod tests;

use assent_events::{
    governance::{
        HandoverAccepted, HandoverCancelled, HandoverProposed, Paused, Unpaused, UpgradeAnnounced,
        UpgradeCancelled, Upgraded,
    },
    Hash,
};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy},
};

/// The longest delay, milliseconds: 90 days.
pub const MAX_DELAY: u64 = 90 * 24 * 60 * 60 * 1_000;

/// Why a message of [`Governed`] was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum GovernanceError {
    /// The delay is longer than [`MAX_DELAY`].
    DelayTooLong,
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
    /// No code with the announced hash is on the chain: upload it first.
    UnknownCode,
    /// The delay ends after the end of time.
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
    /// How long a handover and a replacement of the code wait, milliseconds; never changes.
    pub delay: u64,
    /// The proposed successor.
    pub handover: Option<Handover>,
    /// The announced code.
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

    /// Proposes a successor, who may accept when the delay is over; replaces an earlier proposal.
    /// Administrator only.
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
    /// `NotEligible`.
    #[ink(message)]
    fn accept_handover(&mut self) -> Result<(), GovernanceError>;

    /// Announces another code for this contract, by the hash of its Wasm; replaces an earlier
    /// announcement. Administrator only.
    ///
    /// Events: `UpgradeAnnounced`. Errors, first wins: `NotAdministrator`, `Overflow`.
    #[ink(message)]
    fn announce_upgrade(&mut self, code_hash: Hash) -> Result<(), GovernanceError>;

    /// Withdraws the announcement. Administrator only.
    ///
    /// Events: `UpgradeCancelled`. Errors, first wins: `NotAdministrator`, `NoUpgrade`.
    #[ink(message)]
    fn cancel_upgrade(&mut self) -> Result<(), GovernanceError>;

    /// Makes the announced code this contract's code, from the next call on. The state stays as it
    /// is. Administrator only.
    ///
    /// Events: `Upgraded`. Errors, first wins: `NotAdministrator`, `NoUpgrade`, `TooEarly`,
    /// `UnknownCode`.
    #[ink(message)]
    fn apply_upgrade(&mut self) -> Result<(), GovernanceError>;

    /// How this contract is governed. A view, open to all.
    #[ink(message)]
    fn governance(&self) -> State;

    /// Version of the layout of this contract's storage; code that changes it raises it and
    /// migrates what it finds. A view, open to all.
    #[ink(message)]
    fn schema_version(&self) -> u32;
}

/// The administrator's office, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
struct Office {
    administrator: AccountId,
    delay: u64,
    handover: Option<Handover>,
    upgrade: Option<Upgrade>,
}

/// The rules of government. Each method checks everything before it writes, and returns the event.
#[ink::storage_item]
#[derive(Debug)]
pub struct Governance {
    /// In the root of the contract's storage, which a call reads anyway, since most of them ask.
    paused: bool,
    office: Lazy<Office, ManualKey<0x676f_0001>>,
}

impl Governance {
    /// `administrator` governs; handovers and replacements of the code wait for `delay` ms.
    pub fn new(administrator: AccountId, delay: u64) -> Result<Self, GovernanceError> {
        if delay > MAX_DELAY {
            return Err(GovernanceError::DelayTooLong);
        }
        let mut governance = Self { paused: false, office: Lazy::new() };
        governance.office.set(&Office { administrator, delay, handover: None, upgrade: None });
        Ok(governance)
    }

    /// How the contract is governed.
    pub fn state(&self) -> State {
        let Office { administrator, delay, handover, upgrade } = self.office();
        State { administrator, paused: self.paused, delay, handover, upgrade }
    }

    /// Whether the contract is paused.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether `caller` is the administrator.
    pub fn is_administrator(&self, caller: AccountId) -> bool {
        self.office().administrator == caller
    }

    /// Pauses.
    pub fn pause(&mut self, caller: AccountId) -> Result<Paused, GovernanceError> {
        self.office_of(caller)?;
        if self.paused {
            return Err(GovernanceError::AlreadyPaused);
        }
        self.paused = true;
        Ok(Paused { by: caller })
    }

    /// Ends a pause.
    pub fn unpause(&mut self, caller: AccountId) -> Result<Unpaused, GovernanceError> {
        self.office_of(caller)?;
        if !self.paused {
            return Err(GovernanceError::NotPaused);
        }
        self.paused = false;
        Ok(Unpaused { by: caller })
    }

    /// Proposes `to`; `eligible` is what else the contract asks of a successor.
    pub fn propose_handover(
        &mut self,
        caller: AccountId,
        now: u64,
        to: AccountId,
        eligible: bool,
    ) -> Result<HandoverProposed, GovernanceError> {
        let mut office = self.office_of(caller)?;
        if to == caller {
            return Err(GovernanceError::AlreadyAdministrator);
        }
        if to == AccountId::from([0; 32]) || !eligible {
            return Err(GovernanceError::NotEligible);
        }
        let not_before = now.checked_add(office.delay).ok_or(GovernanceError::Overflow)?;
        office.handover = Some(Handover { to, not_before });
        self.office.set(&office);
        Ok(HandoverProposed { from: caller, to, not_before })
    }

    /// Withdraws a proposal.
    pub fn cancel_handover(
        &mut self,
        caller: AccountId,
    ) -> Result<HandoverCancelled, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let handover = office.handover.take().ok_or(GovernanceError::NoHandover)?;
        self.office.set(&office);
        Ok(HandoverCancelled { from: caller, to: handover.to })
    }

    /// Makes `caller` the administrator; `eligible` is what else the contract asks of him.
    pub fn accept_handover(
        &mut self,
        caller: AccountId,
        now: u64,
        eligible: bool,
    ) -> Result<HandoverAccepted, GovernanceError> {
        let mut office = self.office();
        let handover = office.handover.take().ok_or(GovernanceError::NoHandover)?;
        if handover.to != caller {
            return Err(GovernanceError::NotSuccessor);
        }
        if now < handover.not_before {
            return Err(GovernanceError::TooEarly);
        }
        if !eligible {
            return Err(GovernanceError::NotEligible);
        }
        let from = core::mem::replace(&mut office.administrator, caller);
        self.office.set(&office);
        Ok(HandoverAccepted { from, to: caller })
    }

    /// Announces a code.
    pub fn announce_upgrade(
        &mut self,
        caller: AccountId,
        now: u64,
        code_hash: Hash,
    ) -> Result<UpgradeAnnounced, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let not_before = now.checked_add(office.delay).ok_or(GovernanceError::Overflow)?;
        office.upgrade = Some(Upgrade { code_hash, not_before });
        self.office.set(&office);
        Ok(UpgradeAnnounced { code_hash, not_before, by: caller })
    }

    /// Withdraws an announcement.
    pub fn cancel_upgrade(
        &mut self,
        caller: AccountId,
    ) -> Result<UpgradeCancelled, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let upgrade = office.upgrade.take().ok_or(GovernanceError::NoUpgrade)?;
        self.office.set(&office);
        Ok(UpgradeCancelled { code_hash: upgrade.code_hash, by: caller })
    }

    /// Ends an announcement; the shell then replaces the code and reverts all if it cannot.
    pub fn apply_upgrade(
        &mut self,
        caller: AccountId,
        now: u64,
    ) -> Result<Upgraded, GovernanceError> {
        let mut office = self.office_of(caller)?;
        let upgrade = office.upgrade.take().ok_or(GovernanceError::NoUpgrade)?;
        if now < upgrade.not_before {
            return Err(GovernanceError::TooEarly);
        }
        self.office.set(&office);
        Ok(Upgraded { code_hash: upgrade.code_hash, by: caller })
    }

    fn office(&self) -> Office {
        self.office.get().expect("`new` has set it, and nothing removes it")
    }

    /// The office, if `caller` holds it.
    fn office_of(&self, caller: AccountId) -> Result<Office, GovernanceError> {
        let office = self.office();
        if office.administrator != caller {
            return Err(GovernanceError::NotAdministrator);
        }
        Ok(office)
    }
}
