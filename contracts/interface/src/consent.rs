//! Grants and decisions on accesses: constructor, arguments and labels.

use crate::{AccountId, Hash};
use parity_scale_codec::{Decode, Encode};

/// How long things take, milliseconds. Never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Times {
    /// How long a handover of the administrator and a replacement of the code wait.
    pub delay: u64,
    /// How long a broken glass stays open.
    pub window: u64,
    /// From the opening until the review is overdue: at least `window`.
    pub review: u64,
}

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that answers admission checks.
    pub participants: A,
    /// The contract that accrues what a permitted access earns.
    pub rewards: A,
    /// How long things take.
    pub times: Times,
}

/// What is granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Terms<A = AccountId> {
    /// The data owner.
    pub owner: A,
    /// Who may ask for access: an active provider or researcher.
    pub grantee: A,
    /// Bit mask of [`crate::purpose`].
    pub purposes: u32,
    /// Bit mask of [`crate::category`].
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

/// What replaces the terms of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Amendment {
    /// Bit mask of [`crate::purpose`].
    pub purposes: u32,
    /// Bit mask of [`crate::category`].
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

/// How many entries the log of an owner has, and its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogHead {
    /// Number of the latest entry; 0 when there is none.
    pub sequence: u64,
    /// Head of the log: it covers all entries.
    pub hash: Hash,
}

/// `grant(terms) -> u64`
pub const GRANT: &str = "grant";
/// `grant_batch(list) -> Vec<u64>`
pub const GRANT_BATCH: &str = "grant_batch";
/// `amend(grant, amendment)`
pub const AMEND: &str = "amend";
/// `revoke(grant)`
pub const REVOKE: &str = "revoke";
/// `revoke_all()`
pub const REVOKE_ALL: &str = "revoke_all";
/// `deny(requester, purposes, categories)`
pub const DENY: &str = "deny";
/// `lift_denial(requester)`
pub const LIFT_DENIAL: &str = "lift_denial";
/// `set_delegate(delegate, purposes, categories, until)`
pub const SET_DELEGATE: &str = "set_delegate";
/// `remove_delegate(delegate)`
pub const REMOVE_DELEGATE: &str = "remove_delegate";
/// `erase_link(grant)`
pub const ERASE_LINK: &str = "erase_link";
/// `request_access(owner, grant, purpose, category) -> Decision`
pub const REQUEST_ACCESS: &str = "request_access";
/// `break_glass(patient, justification) -> u64`
pub const BREAK_GLASS: &str = "break_glass";
/// `close_break_glass(window)`
pub const CLOSE_BREAK_GLASS: &str = "close_break_glass";
/// `review_break_glass(window, outcome)`
pub const REVIEW_BREAK_GLASS: &str = "review_break_glass";
/// `sanction_overdue(window)`
pub const SANCTION_OVERDUE: &str = "sanction_overdue";
/// `is_permitted(requester, owner, grant, purpose, category) -> Decision`, a view.
pub const IS_PERMITTED: &str = "is_permitted";
/// `log_head(owner) -> LogHead`, a view.
pub const LOG_HEAD: &str = "log_head";
/// `log_digests(owner, from_sequence, limit) -> Vec<Hash>`, a view.
pub const LOG_DIGESTS: &str = "log_digests";
