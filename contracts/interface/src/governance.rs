//! The government of a contract, the same in all of them.

use crate::{AccountId, Hash};
use parity_scale_codec::{Decode, Encode};

/// A proposed successor of the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Handover<A = AccountId> {
    /// The successor.
    pub to: A,
    /// First moment at which he may accept, ms since 1970.
    pub not_before: u64,
    /// First moment at which he no longer may, ms since 1970.
    pub until: u64,
}

/// An announced replacement of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Upgrade {
    /// BLAKE2b-256 of the Wasm.
    pub code_hash: Hash,
    /// First moment at which it may take effect, ms since 1970.
    pub not_before: u64,
    /// First moment at which it no longer may, ms since 1970.
    pub until: u64,
}

/// A setting that moves money, and what it will be: a change waits, so that everyone who disagrees
/// can leave first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct Scheduled<T> {
    /// What holds, unless the next one does.
    pub value: T,
    /// What was set last, if it replaces that.
    pub next: Option<Next<T>>,
}

/// What a setting will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Next<T> {
    /// What it will be.
    pub value: T,
    /// First moment at which it holds, ms since 1970.
    pub from: u64,
}

/// How a contract is governed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct State<A = AccountId> {
    /// Who may pause it, hand over and announce another code.
    pub administrator: A,
    /// Whether it is paused.
    pub paused: bool,
    /// How long a handover, a replacement of the code and whatever moves money wait, milliseconds;
    /// never changes.
    pub delay: u64,
    /// The proposed successor.
    pub handover: Option<Handover<A>>,
    /// The announced code.
    pub upgrade: Option<Upgrade>,
}

labels! {
    /// `pause()`
    PAUSE = "Governed::pause";
    /// `unpause()`
    UNPAUSE = "Governed::unpause";
    /// `propose_handover(to)`
    PROPOSE_HANDOVER = "Governed::propose_handover";
    /// `cancel_handover()`
    CANCEL_HANDOVER = "Governed::cancel_handover";
    /// `accept_handover()`
    ACCEPT_HANDOVER = "Governed::accept_handover";
    /// `announce_upgrade(code_hash)`
    ANNOUNCE_UPGRADE = "Governed::announce_upgrade";
    /// `cancel_upgrade()`
    CANCEL_UPGRADE = "Governed::cancel_upgrade";
    /// `apply_upgrade()`
    APPLY_UPGRADE = "Governed::apply_upgrade";
    /// `governance() -> State`, a view.
    GOVERNANCE = "Governed::governance";
    /// `schema_version() -> u32`, a view.
    SCHEMA_VERSION = "Governed::schema_version";
}
