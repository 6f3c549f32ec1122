//! The settlement token. `Transfer` and `Approval` carry the signature topics of PSP22.

use crate::types::Hash;
use ink::primitives::AccountId;

/// Units moved; `from` is `None` when minted, `to` is `None` when burned.
#[ink::event(signature_topic = "990df076cb1e9527aa102cd100c1481efe393eeabb5825f9af1f5e58221864de")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Payer.
    #[ink(topic)]
    pub from: Option<AccountId>,
    /// Payee.
    #[ink(topic)]
    pub to: Option<AccountId>,
    /// Token base units.
    pub value: u128,
}

/// An owner set what a spender may take.
#[ink::event(signature_topic = "25cdb6c93882e925abbfc9a8b7c85884b73c038c03a2492f238a5e5ba3fbff8c")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Owner.
    #[ink(topic)]
    pub owner: AccountId,
    /// Spender.
    #[ink(topic)]
    pub spender: AccountId,
    /// Token base units; replaces what was there.
    pub amount: u128,
}

/// The treasury minted against a bank receipt.
#[ink::event(signature_topic = "7f82ad9cb52cd31b4bb79f495bc344140e57d80028b21d76ce56066bc8f48fd1")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minted {
    /// Payee.
    #[ink(topic)]
    pub to: AccountId,
    /// Token base units.
    pub amount: u128,
    /// Commitment to the bank's receipt; each is used once.
    #[ink(topic)]
    pub receipt: Hash,
}
