//! Consent grants and the log of every access decision.

use crate::types::{Decision, Hash};
use ink::primitives::AccountId;

/// A data owner granted access.
#[ink::event(signature_topic = "edb4d47a65b1e72f8564be7a1266029dee78bd5571dcc084e0b7fff46481a3bb")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Identifier of the grant; counts from 1.
    #[ink(topic)]
    pub grant: u64,
    /// The data owner.
    #[ink(topic)]
    pub owner: AccountId,
    /// Who may ask for access.
    #[ink(topic)]
    pub grantee: AccountId,
    /// Bit mask: bit n is purpose n of [`crate::purpose`].
    pub purposes: u32,
    /// Bit mask: bit n is category n of [`crate::category`].
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Commitment to the record that it is about.
    pub record: Hash,
}

/// A data owner revoked a grant.
#[ink::event(signature_topic = "f8ef4b26be7a20ef8a41c1f3390ff12a6748460c4c0e6adc0e017b0d5f008797")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// The grant.
    #[ink(topic)]
    pub grant: u64,
    /// The data owner.
    #[ink(topic)]
    pub owner: AccountId,
    /// Block time, ms since 1970.
    pub at: u64,
}

/// An access was asked for and decided; refusals are logged too.
#[ink::event(signature_topic = "4cdc94ce7d07e1777d4760eefb32177897d85738597396f20d80c50db487b376")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDecided {
    /// Whose data.
    #[ink(topic)]
    pub owner: AccountId,
    /// Who asked.
    #[ink(topic)]
    pub requester: AccountId,
    /// Number of the decision over all owners; counts from 1.
    #[ink(topic)]
    pub access: u64,
    /// Number of the decision in the log of this owner; counts from 1.
    pub sequence: u64,
    /// Index in [`crate::purpose`].
    pub purpose: u8,
    /// Index in [`crate::category`].
    pub category: u8,
    /// The grant that was applied; `None` when there was none.
    pub grant: Option<u64>,
    /// Permit, or deny with the reason.
    pub decision: Decision,
    /// Block time, ms since 1970.
    pub at: u64,
    /// Hash of the owner's previous log entry; zero for the first.
    pub previous: Hash,
    /// Hash of this log entry: BLAKE2b-256 over the SCALE tuple (previous, owner, requester, access, sequence, purpose, category, grant, decision, at).
    pub entry: Hash,
}
