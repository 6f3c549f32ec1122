//! What a grant holds, and what is said to give or to amend one.

use assent_events::Hash;
use ink::primitives::AccountId;

/// A grant, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Grant {
    /// The data owner.
    pub owner: AccountId,
    /// Who may ask for access.
    pub grantee: AccountId,
    /// Bit mask of [`assent_events::purpose`].
    pub purposes: u32,
    /// Bit mask of [`assent_events::category`].
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for in all its versions; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Salted commitment to the record that it is about; zero when the link was erased.
    pub record: Hash,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
    /// How often its terms were set; a new grant has version 1.
    pub version: u32,
    /// The owner's epoch in which it was granted; it counts only in that epoch.
    pub epoch: u32,
    /// How many permits it gave; stops at the greatest number there is.
    pub uses: u32,
    /// Whether it was revoked alone.
    pub revoked: bool,
}

/// What is granted; the fields are those of [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Terms {
    /// The data owner.
    pub owner: AccountId,
    /// Who may ask for access: an active provider or researcher.
    pub grantee: AccountId,
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Salted commitment to the record that it is about.
    pub record: Hash,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
}

/// What replaces the terms of a grant; the fields are those of [`Grant`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Amendment {
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for, those that it gave included; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
}

/// What the participants contract says of those whom a grant or a delegation concerns. By default
/// nobody is admitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parties {
    /// The owner is an active data owner.
    pub owner: bool,
    /// The grantee is an active provider or researcher.
    pub grantee: bool,
    /// The delegate is an active participant.
    pub delegate: bool,
}
