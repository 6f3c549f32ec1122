//! How a contract is governed, as its message [`VIEW`] gives it.

use parity_scale_codec::{Decode, Encode};

use crate::{Account, Hash};

/// Label of the message, the same in every contract.
pub const VIEW: &str = "Governed::governance";

/// How a contract is governed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct State {
    /// Who may pause it, hand over and announce another code.
    pub administrator: Account,
    /// Whether it is paused.
    pub paused: bool,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
    /// The proposed successor.
    pub handover: Option<Handover>,
    /// The announced code.
    pub upgrade: Option<Upgrade>,
}

/// A proposed successor of the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Handover {
    /// The successor.
    pub to: Account,
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
