//! Orders that are cancelled or over, and what is in escrow all the while.

use super::*;
use crate::orders::Closed;
use assent_events::market::{OrderCancelled, OrderExpired};
use std::collections::BTreeMap;

#[ink::test]
fn a_seller_withdraws_an_order_once() {
    let mut data = data();
    let order = placed(&mut data, OFFER);
    filled(&mut data, order, 1_500);
    assert_eq!(data.cancel(2), Err(Error::UnknownOrder));
    let event = OrderCancelled { order, seller: SELLER, released: 2_500 };
    assert_eq!(data.cancel(order), Ok(Closed { event, batch: BATCH }));
    assert_eq!(data.order(order), Some(Order { amount: 0, status: Status::Cancelled, ..stored() }));
    assert_eq!(data.cancel(order), Err(Error::OrderClosed));
    let again = data.update(NOW, order, OFFER, nobody_asks);
    assert_eq!(again, Err(Error::OrderClosed), "a closed order never opens again");
    assert_eq!(data.quote(order, 1), Err(Error::OrderClosed));

    // One that is over is still his to withdraw; what was sold is not.
    let order = placed(&mut data, OFFER);
    assert_eq!(data.cancel(order).unwrap().event.released, 4_000);
    let order = placed(&mut data, OFFER);
    filled(&mut data, order, 4_000);
    assert_eq!(data.cancel(order), Err(Error::OrderClosed));
}

#[ink::test]
fn whoever_prunes_closes_what_is_over() {
    let mut data = data();
    let over = OFFER.expiry;
    for expiry in [over, over, over + 1, over, over] {
        placed(&mut data, Offer { expiry, ..OFFER });
    }
    filled(&mut data, 2, 1);
    filled(&mut data, 4, 4_000);
    data.cancel(5).unwrap();
    assert_eq!(data.prune_expired(OTHER, over - 1, &[1, 2, 3, 4, 5]), Ok(vec![]));

    // Unknown, over, not over, filled, cancelled, over for the second time.
    let closed = data.prune_expired(OTHER, over, &[0, 9, 2, 3, 4, 5, 2, 1]).unwrap();
    let expired = |order, released| {
        let event = OrderExpired { order, seller: SELLER, released, by: OTHER };
        Closed { event, batch: BATCH }
    };
    assert_eq!(closed, [expired(2, 3_999), expired(1, 4_000)]);
    let gone = Order { amount: 0, status: Status::Expired, ..stored() };
    assert_eq!((data.order(1), data.order(2)), (Some(gone), Some(gone)));
    assert_eq!(data.order(3), Some(Order { expiry: over + 1, ..stored() }));
    assert_eq!(data.order(4).unwrap().status, Status::Filled);
    assert_eq!(data.order(5).unwrap().status, Status::Cancelled);
    assert_eq!(data.cancel(1), Err(Error::OrderClosed));
    assert_eq!(
        data.prune_expired(SELLER, over + 1, &[1, 3]).unwrap(),
        [Closed {
            event: OrderExpired { order: 3, seller: SELLER, released: 4_000, by: SELLER },
            batch: BATCH,
        }]
    );
}

#[ink::test]
fn a_batch_to_prune_has_bounds() {
    let mut data = data();
    for _ in 0..=MAX_BATCH {
        placed(&mut data, OFFER);
    }
    let all: Vec<u64> = (1..=MAX_BATCH as u64 + 1).collect();
    assert_eq!(data.prune_expired(OTHER, OFFER.expiry, &[]), Err(Error::BatchSize));
    assert_eq!(data.prune_expired(OTHER, OFFER.expiry, &all), Err(Error::BatchSize));
    assert_eq!(data.order(1), Some(stored()));
    let closed = data.prune_expired(OTHER, OFFER.expiry, &all[1..]).unwrap();
    assert_eq!(closed.len(), MAX_BATCH);
}

/// Three thousand pseudo-random operations against a plain book of escrow and money: what the open
/// orders of a seller offer is what was escrowed for him, less what was released and delivered; and
/// all that buyers paid is what sellers and the collector got.
#[ink::test]
fn open_orders_are_what_is_in_escrow() {
    let sellers = [SELLER, OTHER];
    let mut data = data();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let mut escrow: BTreeMap<(AccountId, u64), u128> = BTreeMap::new();
    let (mut paid, mut received, mut fees) = (0u128, 0u128, 0u128);
    let (mut fills, mut pruned, mut closed_ones) = (0, 0, BTreeMap::new());
    let mut now = NOW;
    for _ in 0..3_000 {
        now += random(4);
        let seller = sellers[random(2) as usize];
        let offer = Offer {
            amount: u128::from(random(12_000)),
            price: u128::from(random(2_000)),
            expiry: now + random(120),
        };
        // One of the latest, or none.
        let order = data.order_count().saturating_sub(random(12)) + random(2);
        match random(8) {
            0 | 1 => {
                let batch = random(2);
                if let Ok(event) = data.place(seller, now, batch, offer, rated(0)) {
                    *escrow.entry((seller, batch)).or_default() += event.amount;
                }
            }
            2 => {
                if let Ok(updated) = data.update(now, order, offer, rated(0)) {
                    let held = escrow.get_mut(&(updated.event.seller, updated.batch)).unwrap();
                    match updated.adjustment {
                        Adjustment::Escrow(more) => *held += more,
                        Adjustment::Release(less) => *held -= less,
                        Adjustment::None => {}
                    }
                }
            }
            3 => {
                if let Ok(Closed { event, batch }) = data.cancel(order) {
                    *escrow.get_mut(&(event.seller, batch)).unwrap() -= event.released;
                }
            }
            4 => {
                let numbers: Vec<u64> = (0..5).map(|_| order.saturating_sub(random(9))).collect();
                for Closed { event, batch } in data.prune_expired(BUYER, now, &numbers).unwrap() {
                    *escrow.get_mut(&(event.seller, batch)).unwrap() -= event.released;
                    pruned += 1;
                }
            }
            5 => drop(data.set_fee(now, random(20), random(501) as u16, COLLECTOR)),
            _ => {
                let amount = u128::from(random(4_000));
                let fill = data.fill(BUYER, now, order, amount, 6_000, |_| Ok((0, 0)));
                if let Ok(Filled { event, batch, proceeds, .. }) = fill {
                    assert!(event.payment > 0 && event.payment <= 6_000);
                    *escrow.get_mut(&(event.seller, batch)).unwrap() -= event.amount;
                    paid += event.payment;
                    received += proceeds;
                    fees += event.fee;
                    fills += 1;
                }
            }
        }
        let mut offered: BTreeMap<(AccountId, u64), u128> = BTreeMap::new();
        for number in 1..=data.order_count() {
            let order = data.order(number).unwrap();
            if order.status == Status::Open {
                assert!(order.amount > 0 && !closed_ones.contains_key(&number));
                *offered.entry((order.seller, order.batch)).or_default() += order.amount;
            } else {
                assert_eq!(order.amount, 0);
                assert_eq!(*closed_ones.entry(number).or_insert(order.status), order.status);
            }
        }
        escrow.retain(|_, held| *held > 0);
        assert_eq!(offered, escrow);
        assert_eq!(paid, received + fees);
    }
    assert!(fills > 100 && pruned > 20 && fees > 0, "{fills}, {pruned}, {fees}");
}
