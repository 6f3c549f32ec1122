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
    /// How long a key waits to break the glass again after the patient closed its window.
    pub cooldown: u64,
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
    /// Hash of the chain's first block: what the logs' hashes run over says on which chain it is.
    pub genesis: Hash,
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
    /// Salted commitment to the record (a series of reports) that it is for; `None`: all records.
    pub record: Option<Hash>,
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

/// A record (a series of reports) that a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Record {
    /// All that the owner has.
    All,
    /// The one with this salted commitment.
    One(Hash),
    /// One whose commitment the owner had forgotten when the grant was over.
    Erased,
}

/// What an owner, or a guardian for him, denies a requester: the accesses for one purpose to these
/// categories. One of the two masks is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Denial {
    /// Index in [`crate::purpose`].
    pub purpose: u8,
    /// Bit mask of [`crate::category`]: what the owner denies.
    pub categories: u32,
    /// Bit mask of [`crate::category`]: what guardians deny for him, which binds no window.
    pub by_guardians: u32,
}

/// How many entries a log has, and its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LogHead {
    /// Number of the latest entry; 0 when there is none.
    pub sequence: u64,
    /// Head of the log: it covers all entries.
    pub hash: Hash,
}

/// Most accounts that a restriction excepts.
pub const MAX_EXCEPTIONS: usize = 16;

labels! {
    /// `grant(terms) -> u64`
    GRANT = "grant";
    /// `grant_batch(batch) -> Vec<u64>`
    GRANT_BATCH = "grant_batch";
    /// `amend(grant, version, amendment)`
    AMEND = "amend";
    /// `revoke(grant)`
    REVOKE = "revoke";
    /// `revoke_all(owner)`
    REVOKE_ALL = "revoke_all";
    /// `revoke_all_for(owner, grantee) -> u32`
    REVOKE_ALL_FOR = "revoke_all_for";
    /// `erase_link(grant)`
    ERASE_LINK = "erase_link";
    /// `deny(owner, requester, purposes, categories)`
    DENY = "deny";
    /// `lift_denial(owner, requester, purposes, categories) -> Vec<Denial>`
    LIFT_DENIAL = "lift_denial";
    /// `restrict(owner, purposes, categories, except)`
    RESTRICT = "restrict";
    /// `lift_restriction(owner)`
    LIFT_RESTRICTION = "lift_restriction";
    /// `refuse_emergencies()`
    REFUSE_EMERGENCIES = "refuse_emergencies";
    /// `allow_emergencies(owner)`
    ALLOW_EMERGENCIES = "allow_emergencies";
    /// `set_delegate(delegate, purposes, categories, until)`
    SET_DELEGATE = "set_delegate";
    /// `remove_delegate(owner, delegate, revoke_grants)`
    REMOVE_DELEGATE = "remove_delegate";
    /// `request_access(requester, owner, grant, record, purpose, category) -> Decision`
    REQUEST_ACCESS = "request_access";
    /// `is_permitted(requester, owner, grant, record, purpose, category) -> Decision`, a view.
    IS_PERMITTED = "is_permitted";
    /// `break_glass(provider, patient, justification) -> u64`
    BREAK_GLASS = "break_glass";
    /// `close_break_glass(window)`
    CLOSE_BREAK_GLASS = "close_break_glass";
    /// `review_break_glass(window, outcome)`
    REVIEW_BREAK_GLASS = "review_break_glass";
    /// `lift_bar(key)`
    LIFT_BAR = "lift_bar";
    /// `sanction_overdue(window)`
    SANCTION_OVERDUE = "sanction_overdue";
    /// `grant_of(grant) -> Option<Grant>`, a view.
    GRANT_OF = "grant_of";
    /// `latest_grant(owner, grantee) -> Option<u64>`, a view.
    LATEST_GRANT = "latest_grant";
    /// `live_grants(owner, grantee) -> Vec<(u64, Grant)>`, a view.
    LIVE_GRANTS = "live_grants";
    /// `grants(owner, from, limit) -> Vec<(u64, Grant)>`, a view.
    GRANTS = "grants";
    /// `grant_count(owner) -> u64`, a view.
    GRANT_COUNT = "grant_count";
    /// `epoch(owner) -> u32`, a view.
    EPOCH = "epoch";
    /// `denials(owner, requester) -> Vec<Denial>`, a view.
    DENIALS = "denials";
    /// `choices(owner) -> Choices`, a view.
    CHOICES = "choices";
    /// `delegation(owner, delegate) -> Option<Delegation>`, a view.
    DELEGATION = "delegation";
    /// `revoked_up_to(owner, delegate) -> u64`, a view.
    REVOKED_UP_TO = "revoked_up_to";
    /// `bar(key) -> Option<u64>`, a view.
    BAR = "bar";
    /// `window(window) -> Option<Window>`, a view.
    WINDOW = "window";
    /// `open_window(provider, patient) -> Option<u64>`, a view.
    OPEN_WINDOW = "open_window";
    /// `log_head(owner) -> LogHead`, a view.
    LOG_HEAD = "log_head";
    /// `log(owner, from_sequence, limit) -> Vec<LogEntry>`, a view.
    LOG = "log";
    /// `log_digests(owner, from_sequence, limit) -> Vec<Hash>`, a view.
    LOG_DIGESTS = "log_digests";
    /// `refusals() -> LogHead`, a view.
    REFUSALS = "refusals";
    /// `domain() -> Hash`, a view.
    DOMAIN = "domain";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `rewards() -> AccountId`, a view.
    REWARDS = "rewards";
    /// `times() -> Times`, a view.
    TIMES = "times";
}
