//! Messages of the market.

use crate::{Account, Limits};
use parity_scale_codec::Encode;

/// Messages of the market.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum MarketMessage {
    /// `place(seller, batch, amount, price, expiry)`
    Place(Account, u64, u128, u128, u64),
    /// `update(order, amount, price, expiry)`
    Update(u64, u128, u128, u64),
    /// `cancel(order)`
    Cancel(u64),
    /// `fill(buyer, order, amount, max_total)`
    Fill(Account, u64, u128, u128),
    /// `prune_expired(orders)`
    PruneExpired(Vec<u64>),
    /// `set_fee(fee_bps, collector)`
    SetFee(u16, Account),
    /// `set_limits(limits)`
    SetLimits(Limits),
}

impl MarketMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::market as labels;
        match self {
            Self::Place(..) => labels::PLACE,
            Self::Update(..) => labels::UPDATE,
            Self::Cancel(..) => labels::CANCEL,
            Self::Fill(..) => labels::FILL,
            Self::PruneExpired(..) => labels::PRUNE_EXPIRED,
            Self::SetFee(..) => labels::SET_FEE,
            Self::SetLimits(..) => labels::SET_LIMITS,
        }
    }
}
