//! What the market keeps: the orders and its settings. The rules of orders are in [`crate::orders`],
//! those of amounts in [`crate::price`]. Amounts are units, money is token base units. The shell has
//! checked that a pause does not block the message.

use crate::errors::MarketError;
use crate::orders::Order;
use crate::price::{Limits, MAX_FEE_BPS};
use assent_events::market::{FeeSet, LimitsSet};
use assent_governance::Scheduled;
use ink::{
    prelude::vec::Vec,
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// Version of the layout of this contract's storage.
pub const SCHEMA_VERSION: u32 = 1;

/// Most orders of a page; they fit into the 16 KiB that a message may return.
pub const MAX_ORDERS: u32 = 32;

/// The account that nobody has a key for.
const ZERO: AccountId = AccountId([0; 32]);

/// What the market takes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Fee {
    /// Part of a payment that is the fee, in hundredths of a percent, for orders that are placed or
    /// updated while it holds.
    pub fee_bps: u16,
    /// Who gets the fees of what is sold while it holds, also those of older orders.
    pub collector: AccountId,
}

/// What the administrator sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Settings {
    /// The fee and who gets it, which only change after the delay.
    pub fee: Scheduled<Fee>,
    /// How large orders and fills may be.
    pub limits: Limits,
}

/// Orders and settings. An order stays on record when it is closed: a buyer, or whoever prunes, who
/// removed it would collect the storage deposit that its seller left.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// Number of the latest order; the first is 1.
    pub(crate) last_order: Lazy<u64, ManualKey<0x6d61_0001>>,
    pub(crate) orders: Mapping<u64, Order, ManualKey<0x6d61_0002>>,
    settings: Lazy<Settings, ManualKey<0x6d61_0003>>,
}

impl Data {
    /// Without any order and without a fee, which `collector` would get.
    pub fn new(
        now: u64,
        limits: Limits,
        collector: AccountId,
    ) -> Result<(Self, FeeSet, LimitsSet), MarketError> {
        if !limits.are_valid() {
            return Err(MarketError::InvalidLimits);
        }
        let mut data =
            Self { last_order: Lazy::new(), orders: Mapping::new(), settings: Lazy::new() };
        let fee = Scheduled::now(Fee { fee_bps: 0, collector });
        data.settings.set(&Settings { fee, limits });
        let Limits { floor, ceiling } = limits;
        Ok((data, FeeSet { fee_bps: 0, collector, from: now }, LimitsSet { floor, ceiling }))
    }

    /// Sets the fee and who gets it from `delay` ms after `now` on; the shell has checked that the
    /// administrator asks.
    pub fn set_fee(
        &mut self,
        now: u64,
        delay: u64,
        fee_bps: u16,
        collector: AccountId,
    ) -> Result<FeeSet, MarketError> {
        if fee_bps > MAX_FEE_BPS {
            return Err(MarketError::FeeTooHigh);
        }
        if collector == ZERO {
            return Err(MarketError::ZeroAccount);
        }
        let Settings { mut fee, limits } = self.settings();
        let from = fee.set(now, delay, Fee { fee_bps, collector });
        self.settings.set(&Settings { fee, limits });
        Ok(FeeSet { fee_bps, collector, from })
    }

    /// Sets the limits; the shell has checked that the administrator asks.
    pub fn set_limits(&mut self, limits: Limits) -> Result<LimitsSet, MarketError> {
        if !limits.are_valid() {
            return Err(MarketError::InvalidLimits);
        }
        self.settings.set(&Settings { limits, ..self.settings() });
        Ok(LimitsSet { floor: limits.floor, ceiling: limits.ceiling })
    }

    /// What the administrator set.
    pub fn settings(&self) -> Settings {
        self.settings.get().expect("`new` has set it, and nothing removes it")
    }

    /// An order by number.
    pub fn order(&self, number: u64) -> Option<Order> {
        self.orders.get(number)
    }

    /// How many orders there are, closed ones included.
    pub fn order_count(&self) -> u64 {
        self.last_order.get_or_default()
    }

    /// At most `limit` orders with their numbers, and never more than [`MAX_ORDERS`], from a number
    /// on (they count from 1).
    pub fn orders(&self, from: u64, limit: u32) -> Vec<(u64, Order)> {
        let first = from.max(1);
        let after = first.saturating_add(u64::from(limit.min(MAX_ORDERS)));
        (first..after).map_while(|number| Some((number, self.order(number)?))).collect()
    }
}
