//! Sell orders: constructor, arguments and labels.

use crate::{AccountId, OrderStatus};
use parity_scale_codec::{Decode, Encode};

/// How many units an order may offer, and a fill may take, by the rating of whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Limits {
    /// Units at a rating of 0; at least 1.
    pub floor: u128,
    /// Units at the best rating; not below the floor.
    pub ceiling: u128,
}

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New<A = AccountId> {
    /// The contract that keeps the units, and the ratings.
    pub carbon: A,
    /// The token that is paid in.
    pub token: A,
    /// How large orders and fills may be.
    pub limits: Limits,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// A sell order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Order<A = AccountId> {
    /// Whose units.
    pub seller: A,
    /// Of which batch of carbon.
    pub batch: u64,
    /// Units still offered; 0 when it is closed.
    pub amount: u128,
    /// Token base units per credit.
    pub price: u128,
    /// First moment at which it is over, ms since 1970.
    pub expiry: u64,
    /// Part of a payment that is the fee, in hundredths of a percent.
    pub fee_bps: u16,
    /// Where it stands.
    pub status: OrderStatus,
}

labels! {
    /// `place(seller, batch, amount, price, expiry) -> u64`
    PLACE = "place";
    /// `update(order, amount, price, expiry)`
    UPDATE = "update";
    /// `cancel(order)`
    CANCEL = "cancel";
    /// `fill(buyer, order, amount, max_total) -> u128`
    FILL = "fill";
    /// `prune_expired(orders) -> u32`
    PRUNE_EXPIRED = "prune_expired";
    /// `set_fee(fee_bps, collector)`
    SET_FEE = "set_fee";
    /// `set_limits(limits)`
    SET_LIMITS = "set_limits";
    /// `order(id) -> Option<Order>`, a view.
    ORDER = "order";
    /// `order_count() -> u64`, a view.
    ORDER_COUNT = "order_count";
    /// `orders(from, limit) -> Vec<(u64, Order)>`, a view.
    ORDERS = "orders";
    /// `quote(order, amount) -> Quote`, a view.
    QUOTE = "quote";
    /// `limit_of(account) -> u128`, a view.
    LIMIT_OF = "limit_of";
    /// `settings() -> Settings`, a view.
    SETTINGS = "settings";
    /// `carbon() -> AccountId`, a view.
    CARBON = "carbon";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `token() -> AccountId`, a view.
    TOKEN = "token";
}
