//! Sell orders: placed, updated, filled, closed. What an open order offers is in escrow in carbon;
//! the shell moves it when these rules have written, and reverts all if it cannot.

pub use assent_interface::{OrderStatus as Status, MAX_BATCH};

use crate::data::Data;
use crate::errors::MarketError;
use crate::price::Quote;
use assent_events::market::{OrderCancelled, OrderExpired, OrderFilled, OrderPlaced, OrderUpdated};
use ink::{prelude::vec::Vec, primitives::AccountId};

/// How long an order is good for at most, ms: 366 days.
pub const MAX_ORDER_TIME: u64 = 366 * 24 * 60 * 60 * 1_000;

/// A sell order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Order {
    /// Whose units.
    pub seller: AccountId,
    /// Of which batch of carbon.
    pub batch: u64,
    /// Units still offered; 0 when it is closed.
    pub amount: u128,
    /// Token base units per credit, of 1,000 units.
    pub price: u128,
    /// First moment at which it is over, ms since 1970.
    pub expiry: u64,
    /// Part of a payment that is the fee, in hundredths of a percent.
    pub fee_bps: u16,
    /// Where it stands.
    pub status: Status,
}

/// What a seller may change of an order; the fields are those of [`Order`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Units.
    pub amount: u128,
    /// Token base units per credit.
    pub price: u128,
    /// First moment at which it is over, ms since 1970.
    pub expiry: u64,
}

/// What has to happen to the escrow of an updated order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// As many more units go into escrow.
    Escrow(u128),
    /// As many units go back to the seller.
    Release(u128),
    /// It offers as many as before.
    None,
}

/// An order was updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The event.
    pub event: OrderUpdated,
    /// The batch of its units.
    pub batch: u64,
    /// What has to happen to its escrow.
    pub adjustment: Adjustment,
}

/// Units are sold; they have to be delivered, and paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The event.
    pub event: OrderFilled,
    /// The batch of the units.
    pub batch: u64,
    /// What of the payment the seller gets, token base units.
    pub proceeds: u128,
    /// Who gets the fee.
    pub collector: AccountId,
}

/// An order was closed; what the event says is released has to go back to its seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed<E> {
    /// The event.
    pub event: E,
    /// The batch of the units.
    pub batch: u64,
}

impl Data {
    /// Records an order of `seller`; the shell has checked that the caller may act for him. `rating` is asked
    /// for his when the offer is sound.
    pub fn place(
        &mut self,
        seller: AccountId,
        now: u64,
        batch: u64,
        offer: Offer,
        rating: impl FnOnce() -> Result<u16, MarketError>,
    ) -> Result<OrderPlaced, MarketError> {
        let settings = self.settings();
        check_offer(now, offer)?;
        if offer.amount > settings.limits.at(rating()?) {
            return Err(MarketError::SellerLimit);
        }
        let number = self.order_count().checked_add(1).ok_or(MarketError::TooMany)?;

        let Offer { amount, price, expiry } = offer;
        let fee_bps = settings.fee.at(now).fee_bps;
        let status = Status::Open;
        self.last_order.set(&number);
        self.orders
            .insert(number, &Order { seller, batch, amount, price, expiry, fee_bps, status });
        Ok(OrderPlaced { order: number, seller, batch, amount, price, expiry, fee_bps })
    }

    /// Replaces what an order offers, and its fee; the shell has checked that the caller may act for its
    /// seller. `rating` is asked for his when all else is sound.
    pub fn update(
        &mut self,
        now: u64,
        number: u64,
        offer: Offer,
        rating: impl FnOnce() -> Result<u16, MarketError>,
    ) -> Result<Updated, MarketError> {
        let settings = self.settings();
        let order = self.open_order(number)?;
        check_offer(now, offer)?;
        if offer.amount > settings.limits.at(rating()?) {
            return Err(MarketError::SellerLimit);
        }

        let Offer { amount, price, expiry } = offer;
        let fee_bps = settings.fee.at(now).fee_bps;
        let adjustment = match (amount.checked_sub(order.amount), order.amount.checked_sub(amount))
        {
            (Some(0), _) => Adjustment::None,
            (Some(more), _) => Adjustment::Escrow(more),
            (None, less) => Adjustment::Release(less.expect("it is less, if it is not more")),
        };
        self.orders.insert(number, &Order { amount, price, expiry, fee_bps, ..order });
        let seller = order.seller;
        let event = OrderUpdated { order: number, seller, amount, price, expiry, fee_bps };
        Ok(Updated { event, batch: order.batch, adjustment })
    }

    /// Closes an order; the shell has checked that the caller may act for its seller.
    pub fn cancel(&mut self, number: u64) -> Result<Closed<OrderCancelled>, MarketError> {
        let order = self.open_order(number)?;
        let released = self.close(number, order, Status::Cancelled);
        let event = OrderCancelled { order: number, seller: order.seller, released };
        Ok(Closed { event, batch: order.batch })
    }

    /// Sells `amount` units of an order to `buyer`, who pays `max_total` at most. `ratings` is asked
    /// for those of the seller and of him when all else is sound.
    pub fn fill(
        &mut self,
        buyer: AccountId,
        now: u64,
        number: u64,
        amount: u128,
        max_total: u128,
        ratings: impl FnOnce(AccountId) -> Result<(u16, u16), MarketError>,
    ) -> Result<Filled, MarketError> {
        let order = self.open_order(number)?;
        if now >= order.expiry {
            return Err(MarketError::Expired);
        }
        let Order { seller, batch, .. } = order;
        if seller == buyer {
            return Err(MarketError::SelfTrade);
        }
        let (quote, remaining) = order.sell(amount)?;
        let Quote { payment, fee, proceeds } = quote;
        if payment > max_total {
            return Err(MarketError::TooExpensive);
        }
        let settings = self.settings();
        let (of_seller, of_buyer) = ratings(seller)?;
        if amount > settings.limits.at(of_seller) {
            return Err(MarketError::SellerLimit);
        }
        if amount > settings.limits.at(of_buyer) {
            return Err(MarketError::BuyerLimit);
        }

        let status = if remaining == 0 { Status::Filled } else { Status::Open };
        self.orders.insert(number, &Order { amount: remaining, status, ..order });
        let event = OrderFilled { order: number, seller, buyer, amount, remaining, payment, fee };
        Ok(Filled { event, batch, proceeds, collector: settings.fee.at(now).collector })
    }

    /// Closes those of these orders that are open and over, each once; `by` is whoever asks.
    pub fn prune_expired(
        &mut self,
        by: AccountId,
        now: u64,
        numbers: &[u64],
    ) -> Result<Vec<Closed<OrderExpired>>, MarketError> {
        if numbers.is_empty() || numbers.len() > MAX_BATCH {
            return Err(MarketError::BatchSize);
        }
        let mut closed = Vec::new();
        for number in numbers {
            // An order that is named twice is not open any more the second time.
            let Some(order) = self.open_order(*number).ok().filter(|order| now >= order.expiry)
            else {
                continue;
            };
            let released = self.close(*number, order, Status::Expired);
            let event = OrderExpired { order: *number, seller: order.seller, released, by };
            closed.push(Closed { event, batch: order.batch });
        }
        Ok(closed)
    }

    /// What `amount` units of an order would cost, whoever asks and whenever it is over.
    pub fn quote(&self, number: u64, amount: u128) -> Result<Quote, MarketError> {
        let (quote, _) = self.open_order(number)?.sell(amount)?;
        Ok(quote)
    }

    /// Closes an order that is open and gives what it still offered.
    fn close(&mut self, number: u64, order: Order, status: Status) -> u128 {
        self.orders.insert(number, &Order { amount: 0, status, ..order });
        order.amount
    }

    /// Whose an order is, also of a closed one.
    pub fn seller_of(&self, number: u64) -> Result<AccountId, MarketError> {
        self.order(number).map(|order| order.seller).ok_or(MarketError::UnknownOrder)
    }

    fn open_order(&self, number: u64) -> Result<Order, MarketError> {
        let order = self.order(number).ok_or(MarketError::UnknownOrder)?;
        order.check_open()?;
        Ok(order)
    }
}

impl Order {
    fn check_open(&self) -> Result<(), MarketError> {
        if self.status != Status::Open {
            return Err(MarketError::OrderClosed);
        }
        Ok(())
    }

    /// What `amount` units of it cost, and how many are left.
    fn sell(&self, amount: u128) -> Result<(Quote, u128), MarketError> {
        if amount == 0 {
            return Err(MarketError::ZeroAmount);
        }
        let remaining = self.amount.checked_sub(amount).ok_or(MarketError::ExceedsOrder)?;
        let quote = Quote::new(amount, self.price, self.fee_bps)
            .expect("an offer is refused if the price of all of it is too large");
        Ok((quote, remaining))
    }
}

/// Whether this can be offered at `now`, whatever the seller may and holds.
fn check_offer(now: u64, offer: Offer) -> Result<(), MarketError> {
    if offer.amount == 0 {
        return Err(MarketError::ZeroAmount);
    }
    if offer.price == 0 {
        return Err(MarketError::ZeroPrice);
    }
    if offer.expiry <= now || offer.expiry > now.saturating_add(MAX_ORDER_TIME) {
        return Err(MarketError::InvalidExpiry);
    }
    offer.amount.checked_mul(offer.price).ok_or(MarketError::Overflow)?;
    Ok(())
}
