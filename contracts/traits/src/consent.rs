//! What consent tells of grants, asked by the agreements contract.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

use crate::{invoke, CallFailed};
use assent_interface::Hash;
use ink::env::call::{ExecutionInput, Selector};
use ink::prelude::vec::Vec;
use ink::primitives::AccountId;

/// Selector of `live_grants`.
pub const LIVE_GRANTS: [u8; 4] = ink::selector_bytes!("live_grants");

/// A grant, as the consent contract tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Grant {
    /// The data owner.
    pub owner: AccountId,
    /// Who may ask for access.
    pub grantee: AccountId,
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
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
    /// The owner's epoch in which it was granted.
    pub epoch: u32,
    /// How many permits it gave.
    pub uses: u32,
    /// Whether it was revoked alone.
    pub revoked: bool,
    /// Who gave it: the owner, a guardian or a delegate.
    pub by: AccountId,
    /// Number of the owner's guardianship in which a guardian gave it; `None`: no guardian did.
    pub guardianship: Option<u32>,
}

/// The record that a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum Record {
    /// All that the owner has.
    All,
    /// The one with this salted commitment.
    One(Hash),
    /// One whose commitment was forgotten.
    Erased,
}

/// The grants from `owner` to `grantee` that live now, with their numbers, in their order.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `consent` gave no answer.
pub fn live_grants(
    consent: AccountId,
    owner: AccountId,
    grantee: AccountId,
) -> Result<Vec<(u64, Grant)>, CallFailed> {
    invoke(
        consent,
        ExecutionInput::new(Selector::new(LIVE_GRANTS)).push_arg(owner).push_arg(grantee),
    )
}
