//! What the administrator sets, what carbon's refusals are called, and how much is stored and shown.

use super::*;
use crate::data::{Settings, MAX_ORDERS};
use assent_events::market::{FeeSet, LimitsSet};
use assent_traits::carbon::EscrowError;
use ink::scale::Encode;

/// A value is read and written with its key through a buffer of 16 KiB, and so is a call.
const BUFFER: usize = 16 * 1024;

#[ink::test]
fn a_market_starts_without_a_fee() {
    let (data, fee_set, limits_set) = Data::new(LIMITS, OTHER).unwrap();
    assert_eq!(fee_set, FeeSet { fee_bps: 0, collector: OTHER });
    let Limits { floor, ceiling } = LIMITS;
    assert_eq!(limits_set, LimitsSet { floor, ceiling });
    assert_eq!(data.settings(), Settings { fee_bps: 0, collector: OTHER, limits: LIMITS });
    assert_eq!((data.order_count(), data.order(1)), (0, None));
    let wrong = Data::new(Limits { floor: 0, ceiling: 1 }, OTHER);
    assert_eq!(wrong.err(), Some(Error::InvalidLimits));
}

#[ink::test]
fn the_fee_has_a_limit_and_a_collector() {
    let mut data = data();
    assert_eq!(data.set_fee(501, ZERO), Err(Error::FeeTooHigh));
    assert_eq!(data.set_fee(u16::MAX, OTHER), Err(Error::FeeTooHigh));
    assert_eq!(data.set_fee(500, ZERO), Err(Error::ZeroAccount));
    assert_eq!(data.settings(), Settings { fee_bps: 250, collector: COLLECTOR, limits: LIMITS });
    let event = data.set_fee(500, OTHER).unwrap();
    assert_eq!(event, FeeSet { fee_bps: 500, collector: OTHER });
    assert_eq!(data.settings(), Settings { fee_bps: 500, collector: OTHER, limits: LIMITS });
}

#[ink::test]
fn limits_change_for_what_comes() {
    let mut data = data();
    let order = placed(&mut data, Offer { amount: 55_000, ..OFFER });
    for (floor, ceiling) in [(0, 1), (2, 1), (1, u128::MAX)] {
        assert_eq!(data.set_limits(Limits { floor, ceiling }), Err(Error::InvalidLimits));
    }
    let limits = Limits { floor: 1, ceiling: 3 };
    assert_eq!(data.set_limits(limits), Ok(LimitsSet { floor: 1, ceiling: 3 }));
    assert_eq!(data.settings(), Settings { fee_bps: 250, collector: COLLECTOR, limits });
    // The order stays as large as it is, and is sold in pieces.
    assert_eq!(data.order(order).unwrap().amount, 55_000);
    let fill = data.fill(BUYER, NOW, order, 3, u128::MAX, both(1_000, 500));
    assert_eq!(fill, Err(Error::BuyerLimit));
    assert_eq!(filled(&mut data, order, 2).event.remaining, 54_998);
}

#[test]
fn refusals_of_carbon_keep_their_names() {
    for (theirs, ours) in [
        (EscrowError::Paused, Error::CarbonPaused),
        (EscrowError::ParticipantsFailed, Error::CarbonFailed),
        (EscrowError::NotAdmitted, Error::NotAdmitted),
        (EscrowError::ZeroAmount, Error::CarbonFailed),
        (EscrowError::SelfTransfer, Error::CarbonFailed),
        (EscrowError::Frozen, Error::Frozen),
        (EscrowError::UnknownBatch, Error::UnknownBatch),
        (EscrowError::NotApproved, Error::NotApproved),
        (EscrowError::InsufficientBalance, Error::InsufficientBalance),
        (EscrowError::InsufficientEscrow, Error::CarbonFailed),
    ] {
        assert_eq!(Error::from(theirs), ours);
    }
}

#[ink::test]
fn pages_of_orders_are_bounded() {
    let mut data = data();
    for _ in 0..40 {
        placed(&mut data, OFFER);
    }
    let numbers = |from, limit| -> Vec<u64> {
        data.orders(from, limit).into_iter().map(|(number, _)| number).collect()
    };
    let page = data.orders(1, u32::MAX);
    assert_eq!(page.len(), MAX_ORDERS as usize);
    assert!(page.encode().len() < BUFFER);
    assert_eq!(page[31], (32, stored()));
    assert_eq!(numbers(0, 3), [1, 2, 3], "there is no order 0");
    assert_eq!(numbers(39, 32), [39, 40]);
    assert!(numbers(41, 32).is_empty());
    assert!(numbers(u64::MAX, 32).is_empty());
    assert!(numbers(1, 0).is_empty());
}

#[ink::test]
fn values_and_batches_are_small() {
    let largest = Order { amount: u128::MAX, status: Status::Expired, ..stored() };
    assert!(largest.encode().len() < 1024);
    assert!(data().settings().encode().len() < 1024);
    assert!(vec![u64::MAX; MAX_BATCH].encode().len() < BUFFER - 4);
}
