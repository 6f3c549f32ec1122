//! Values of the market.

pub use assent_interface::{market::Limits, OrderStatus};

use super::{Account, Scheduled};
use parity_scale_codec::{Decode, Encode};

/// What of a payment is whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Fee {
    /// Part of a payment that is the fee, in hundredths of a percent.
    pub fee_bps: u16,
    /// Who gets the fees.
    pub collector: Account,
}

/// What the administrator sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Settings {
    /// The fee, and who gets it.
    pub fee: Scheduled<Fee>,
    /// How large orders and fills may be.
    pub limits: Limits,
}

/// An offer to sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    /// Whose units.
    pub seller: Account,
    /// Of which batch.
    pub batch: u64,
    /// Units still offered.
    pub amount: u128,
    /// Token base units per credit.
    pub price: u128,
    /// First moment at which it is over.
    pub expiry: u64,
    /// The fee when it was placed or last updated.
    pub fee_bps: u16,
    /// Where it stands.
    pub status: OrderStatus,
}

/// What a fill costs, token base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Quote {
    /// What the buyer pays.
    pub payment: u128,
    /// What of it the collector gets.
    pub fee: u128,
    /// What of it the seller gets.
    pub proceeds: u128,
}
