//! The government of a contract, the same in all of them.

use crate::{AccountId, Hash};
use parity_scale_codec::{Decode, Encode};

/// `pause()`
pub const PAUSE: &str = "Governed::pause";
/// `unpause()`
pub const UNPAUSE: &str = "Governed::unpause";
/// `propose_handover(to)`
pub const PROPOSE_HANDOVER: &str = "Governed::propose_handover";
/// `cancel_handover()`
pub const CANCEL_HANDOVER: &str = "Governed::cancel_handover";
/// `accept_handover()`
pub const ACCEPT_HANDOVER: &str = "Governed::accept_handover";
/// `announce_upgrade(code_hash)`
pub const ANNOUNCE_UPGRADE: &str = "Governed::announce_upgrade";
/// `cancel_upgrade()`
pub const CANCEL_UPGRADE: &str = "Governed::cancel_upgrade";
/// `apply_upgrade()`
pub const APPLY_UPGRADE: &str = "Governed::apply_upgrade";
/// `governance() -> State`, a view.
pub const GOVERNANCE: &str = "Governed::governance";
/// `schema_version() -> u32`, a view.
pub const SCHEMA_VERSION: &str = "Governed::schema_version";

/// A proposed successor of the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Handover<A = AccountId> {
    /// The successor.
    pub to: A,
    /// First moment at which he may accept, ms since 1970.
    pub not_before: u64,
}

/// An announced replacement of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Upgrade {
    /// BLAKE2b-256 of the Wasm.
    pub code_hash: Hash,
    /// First moment at which it may take effect, ms since 1970.
    pub not_before: u64,
}

/// How a contract is governed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct State<A = AccountId> {
    /// Who may pause it, hand over and announce another code.
    pub administrator: A,
    /// Whether it is paused.
    pub paused: bool,
    /// How long a handover and a replacement of the code wait, milliseconds; never changes.
    pub delay: u64,
    /// The proposed successor.
    pub handover: Option<Handover<A>>,
    /// The announced code.
    pub upgrade: Option<Upgrade>,
}
