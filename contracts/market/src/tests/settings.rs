//! What the administrator sets, what carbon's refusals are called, and how much is stored and shown.

use super::*;
use crate::data::MAX_ORDERS;
use assent_events::market::{FeeSet, LimitsSet};
use assent_traits::carbon::EscrowError;
use ink::scale::Encode;

/// A value is read and written with its key through a buffer of 16 KiB, and so is a call.
const BUFFER: usize = 16 * 1024;

#[ink::test]
fn a_market_starts_without_a_fee() {
    let (data, fee_set, limits_set) = Data::new(NOW, LIMITS, OTHER).unwrap();
    assert_eq!(fee_set, FeeSet { fee_bps: 0, collector: OTHER, from: NOW });
    let Limits { floor, ceiling } = LIMITS;
    assert_eq!(limits_set, LimitsSet { floor, ceiling });
    let fee = Scheduled::now(Fee { fee_bps: 0, collector: OTHER });
    assert_eq!(data.settings(), Settings { fee, limits: LIMITS });
    assert_eq!((data.order_count(), data.order(1)), (0, None));
    let wrong = Data::new(NOW, Limits { floor: 0, ceiling: 1 }, OTHER);
    assert_eq!(wrong.err(), Some(Error::InvalidLimits));
}

#[ink::test]
fn the_fee_has_a_limit_and_a_collector() {
    let mut data = data();
    for (fee_bps, collector, error) in [
        (501, ZERO, Error::FeeTooHigh),
        (u16::MAX, OTHER, Error::FeeTooHigh),
        (500, ZERO, Error::ZeroAccount),
    ] {
        assert_eq!(data.set_fee(NOW, DELAY, fee_bps, collector), Err(error));
    }
    assert_eq!(data.settings(), Settings { fee: fee(), limits: LIMITS });
    data.set_fee(NOW, DELAY, 500, OTHER).unwrap();
}

#[ink::test]
fn another_fee_and_collector_wait_for_the_delay() {
    let mut data = data();
    let event = data.set_fee(NOW - 1, DELAY, 500, OTHER).unwrap();
    assert_eq!(event, FeeSet { fee_bps: 500, collector: OTHER, from: NOW - 1 + DELAY });
    let settings = data.settings();
    let before = Fee { fee_bps: 0, collector: OTHER };
    assert_eq!(settings.fee.at(NOW), before, "what was to come is replaced");

    let event = data.set_fee(NOW - 1 + DELAY, DELAY, 1, COLLECTOR).unwrap();
    let next = Next { value: Fee { fee_bps: 1, collector: COLLECTOR }, from: event.from };
    let value = Fee { fee_bps: 500, collector: OTHER };
    let fee = Scheduled { value, next: Some(next) };
    assert_eq!(data.settings(), Settings { fee, limits: LIMITS });
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
    assert_eq!(data.settings(), Settings { fee: fee(), limits });
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
