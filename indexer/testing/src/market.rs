//! Events of the market.

use assent_client::EmittedEvent;

use crate::{account, event};

/// The market's address, by its first byte.
pub const MARKET: u8 = 0xc2;

/// An order for units of batch 1.
#[must_use]
pub fn placed(
    order: u64,
    seller: u8,
    amount: u128,
    price: u128,
    expiry: u64,
    fee_bps: u16,
) -> EmittedEvent {
    placed_of(1, order, seller, (amount, price), expiry, fee_bps)
}

/// An order for units of a batch; `offer` is the units and their price.
#[must_use]
pub fn placed_of(
    batch: u64,
    order: u64,
    seller: u8,
    offer: (u128, u128),
    expiry: u64,
    fee_bps: u16,
) -> EmittedEvent {
    event("market", "OrderPlaced", (order, account(seller), batch, offer, expiry, fee_bps))
}

/// An order gets other terms.
#[must_use]
pub fn updated(
    order: u64,
    seller: u8,
    amount: u128,
    price: u128,
    expiry: u64,
    fee_bps: u16,
) -> EmittedEvent {
    let terms = (amount, price, expiry, fee_bps);
    event("market", "OrderUpdated", (order, account(seller), terms))
}

/// An order is withdrawn; so many units come back.
#[must_use]
pub fn cancelled(order: u64, seller: u8, released: u128) -> EmittedEvent {
    event("market", "OrderCancelled", (order, account(seller), released))
}

/// An order is closed by somebody when it is over.
#[must_use]
pub fn expired(order: u64, seller: u8, released: u128, by: u8) -> EmittedEvent {
    event("market", "OrderExpired", (order, account(seller), released, account(by)))
}

/// `units` are those delivered and those that remain; `money` is the payment and the fee.
#[must_use]
pub fn filled(
    order: u64,
    seller: u8,
    buyer: u8,
    units: (u128, u128),
    money: (u128, u128),
) -> EmittedEvent {
    event("market", "OrderFilled", (order, account(seller), account(buyer), units, money))
}

/// What the event before says, `by` did for `party`, one of whose staff he is.
#[must_use]
pub fn staff_acted(order: u64, party: u8, by: u8) -> EmittedEvent {
    event("market", "StaffActed", (account(party), account(by), order))
}

/// The fee of new orders, and who gets it, at once.
#[must_use]
pub fn fee_set(fee_bps: u16, collector: u8) -> EmittedEvent {
    fee_set_from(fee_bps, collector, 1)
}

/// The same, from a moment on.
#[must_use]
pub fn fee_set_from(fee_bps: u16, collector: u8, from: u64) -> EmittedEvent {
    event("market", "FeeSet", (fee_bps, account(collector), from))
}

/// How large orders may be at the worst and at the best rating.
#[must_use]
pub fn limits_set(floor: u128, ceiling: u128) -> EmittedEvent {
    event("market", "LimitsSet", (floor, ceiling))
}
