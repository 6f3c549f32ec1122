//! The rules of the market, and what of the shell needs no other contract.

mod closing;
mod orders;
mod price;
mod settings;
mod shell;
mod trade;

use crate::data::{Data, Fee, Settings};
use crate::errors::MarketError as Error;
use crate::orders::{Adjustment, Filled, Offer, Order, Status, MAX_BATCH, MAX_ORDER_TIME};
use crate::price::{Limits, Quote, MAX_FEE_BPS};
use assent_events::market::{OrderFilled, OrderPlaced, OrderUpdated};
use assent_governance::{Next, Scheduled};
use ink::primitives::AccountId;

const SELLER: AccountId = AccountId([1; 32]);
const BUYER: AccountId = AccountId([2; 32]);
const OTHER: AccountId = AccountId([3; 32]);
const COLLECTOR: AccountId = AccountId([4; 32]);
/// The contract that answers admission checks.
pub(crate) const PARTICIPANTS: AccountId = AccountId([5; 32]);
const ZERO: AccountId = AccountId([0; 32]);
const DELAY: u64 = 1_000;
/// What is set at 0 has just taken effect.
const NOW: u64 = DELAY;
/// 10 credits at a rating of 0, 55 at 500, 100 at 1,000.
const LIMITS: Limits = Limits { floor: 10_000, ceiling: 100_000 };
/// Of which batch all sell.
const BATCH: u64 = 7;
/// What most orders offer: 4 credits, at a price that is not a multiple of 1,000.
const OFFER: Offer = Offer { amount: 4_000, price: 1_501, expiry: NOW + 100 };

/// No orders, and from [`NOW`] on a fee of 2.5 %.
fn data() -> Data {
    let (mut data, ..) = Data::new(0, LIMITS, OTHER).unwrap();
    data.set_fee(0, DELAY, 250, COLLECTOR).unwrap();
    data
}

/// The fee of [`data`], and whoever had it before.
fn fee() -> Scheduled<Fee> {
    let next = Next { value: Fee { fee_bps: 250, collector: COLLECTOR }, from: NOW };
    Scheduled { value: Fee { fee_bps: 0, collector: OTHER }, next: Some(next) }
}

/// The answer to a question for a rating.
fn rated(rating: u16) -> impl FnOnce() -> Result<u16, Error> {
    move || Ok(rating)
}

/// The answer to the question of a fill, which has to be for those of [`SELLER`].
fn both(seller: u16, buyer: u16) -> impl FnOnce(AccountId) -> Result<(u16, u16), Error> {
    move |account| {
        assert_eq!(account, SELLER);
        Ok((seller, buyer))
    }
}

/// Carbon must not be asked.
fn nobody_asks<T>() -> Result<T, Error> {
    panic!("this is refused before carbon is asked")
}

/// An order of [`SELLER`] at [`NOW`]; gives its number.
fn placed(data: &mut Data, offer: Offer) -> u64 {
    data.place(SELLER, NOW, BATCH, offer, rated(500)).unwrap().order
}

/// [`BUYER`] buys, whatever it costs.
fn filled(data: &mut Data, order: u64, amount: u128) -> Filled {
    data.fill(BUYER, NOW, order, amount, u128::MAX, both(500, 500)).unwrap()
}

/// [`OFFER`] on record, with the fee of [`data`].
fn stored() -> Order {
    Order {
        seller: SELLER,
        batch: BATCH,
        amount: OFFER.amount,
        price: OFFER.price,
        expiry: OFFER.expiry,
        fee_bps: 250,
        status: Status::Open,
    }
}
