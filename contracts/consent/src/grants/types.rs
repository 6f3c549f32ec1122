//! What a grant holds, and what is said to give or to amend one.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

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
    /// The record that it is for.
    pub record: Record,
    /// Hash of the policy that both parties agreed to.
    pub policy: Hash,
    /// How often its terms were set; a new grant has version 1.
    pub version: u32,
    /// The owner's epoch in which it was granted; it counts only in that epoch.
    pub epoch: u32,
    /// How many permits it gave; stops at the greatest number there is.
    pub uses: u32,
    /// Whether it was revoked alone; it may also have been revoked with its epoch, or with all that
    /// the delegate gave who gave it.
    pub revoked: bool,
    /// Who gave it: the owner, a guardian or a delegate; never changes.
    pub by: AccountId,
    /// Number of the owner's guardianship in which a guardian gave it, and in which alone it counts;
    /// `None`: no guardian did.
    pub guardianship: Option<u32>,
}

impl Grant {
    /// The delegate who gave it; `None`: the owner or a guardian did.
    pub fn delegate(&self) -> Option<AccountId> {
        (self.by != self.owner && self.guardianship.is_none()).then_some(self.by)
    }
}

/// The record (a series of reports) that a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Record {
    /// All that the owner has.
    All,
    /// The one with this salted commitment.
    One(Hash),
    /// One whose commitment the owner had forgotten when the grant was over.
    Erased,
}

impl Record {
    /// Whether a request for this record is covered. One for none in particular may see any, so that
    /// it needs them all.
    pub fn covers(self, asked: Option<Hash>) -> bool {
        match self {
            Self::All => true,
            Self::One(record) => asked == Some(record),
            Self::Erased => false,
        }
    }
}

impl From<Option<Hash>> for Record {
    fn from(record: Option<Hash>) -> Self {
        record.map_or(Self::All, Self::One)
    }
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
    /// Salted commitment to the record that it is for; `None`: all records.
    pub record: Option<Hash>,
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
