//! Orders: placed, updated, filled.

use super::*;

#[ink::test]
fn an_order_offers_units_at_the_current_fee() {
    let mut data = data();
    let event = data.place(SELLER, NOW, BATCH, OFFER, rated(0)).unwrap();
    let Offer { amount, price, expiry } = OFFER;
    let (seller, batch) = (SELLER, BATCH);
    let expected = OrderPlaced { order: 1, seller, batch, amount, price, expiry, fee_bps: 250 };
    assert_eq!(event, expected);
    assert_eq!(data.order(1), Some(stored()));
    data.set_fee(NOW, 1, 0, COLLECTOR).unwrap();
    assert_eq!(placed(&mut data, OFFER), 2);
    assert_eq!(data.order(2), Some(stored()), "the new one does not hold yet");
    let order = data.place(SELLER, NOW + 1, BATCH, OFFER, rated(0)).unwrap().order;
    assert_eq!(data.order(order), Some(Order { fee_bps: 0, ..stored() }));
    assert_eq!(data.order(1), Some(stored()), "an older one keeps its fee");
    assert_eq!(data.order_count(), 3);
}

#[ink::test]
fn an_order_is_refused_for_the_first_reason() {
    let mut data = data();
    data.last_order.set(&u64::MAX);
    let mut wrong = Offer { amount: 0, price: 0, expiry: NOW };
    let check = |data: &mut Data, offer, rating: Option<Result<u16, Error>>, error| {
        let refused = match rating {
            None => data.place(SELLER, NOW, BATCH, offer, nobody_asks),
            Some(rating) => data.place(SELLER, NOW, BATCH, offer, || rating),
        };
        assert_eq!(refused, Err(error), "{offer:?}");
    };
    check(&mut data, wrong, None, Error::ZeroAmount);
    wrong.amount = u128::MAX;
    check(&mut data, wrong, None, Error::ZeroPrice);
    wrong.price = 2;
    check(&mut data, wrong, None, Error::InvalidExpiry);
    wrong.expiry = NOW + MAX_ORDER_TIME + 1;
    check(&mut data, wrong, None, Error::InvalidExpiry);
    wrong.expiry = NOW + MAX_ORDER_TIME;
    check(&mut data, wrong, None, Error::Overflow);
    wrong.price = 1;
    check(&mut data, wrong, Some(Err(Error::CarbonFailed)), Error::CarbonFailed);
    check(&mut data, wrong, Some(Ok(1_000)), Error::SellerLimit);
    wrong.amount = 55_001;
    check(&mut data, wrong, Some(Ok(500)), Error::SellerLimit);
    wrong.amount = 55_000;
    check(&mut data, wrong, Some(Ok(499)), Error::SellerLimit);
    check(&mut data, wrong, Some(Ok(500)), Error::TooMany);
    assert_eq!(data.order_count(), u64::MAX);
    data.last_order.set(&0);
    assert_eq!(data.order(1), None, "nothing was written");
    wrong.expiry = NOW + 1;
    assert_eq!(placed(&mut data, wrong), 1);
}

/// At each rating, an order of the limit is placed and one of a unit more is not.
#[ink::test]
fn the_rating_limits_an_order() {
    let mut data = data();
    for (rating, limit) in [(0, 10_000), (500, 55_000), (1_000, 100_000), (u16::MAX, 100_000)] {
        let over = Offer { amount: limit + 1, ..OFFER };
        let refused = data.place(SELLER, NOW, BATCH, over, rated(rating));
        assert_eq!(refused, Err(Error::SellerLimit));
        let offer = Offer { amount: limit, ..OFFER };
        let number = data.place(SELLER, NOW, BATCH, offer, rated(rating)).unwrap().order;
        let refused = data.update(NOW, number, over, rated(rating));
        assert_eq!(refused, Err(Error::SellerLimit));
        data.update(NOW, number, offer, rated(rating)).unwrap();
    }
}

#[ink::test]
fn an_update_says_what_the_escrow_has_to_be() {
    let mut data = data();
    let order = placed(&mut data, OFFER);
    data.set_fee(NOW - 1, 1, 30, COLLECTOR).unwrap();
    filled(&mut data, order, 1_000);
    for (amount, price, expiry, adjustment) in [
        (3_000, 9, NOW + 7, Adjustment::None),
        (10_000, 1, NOW + 1, Adjustment::Escrow(7_000)),
        (1, u128::MAX, NOW + MAX_ORDER_TIME, Adjustment::Release(9_999)),
        (2, u128::MAX / 2, NOW + 50, Adjustment::Escrow(1)),
    ] {
        let offer = Offer { amount, price, expiry };
        let updated = data.update(NOW, order, offer, rated(0)).unwrap();
        let event = OrderUpdated { order, seller: SELLER, amount, price, expiry, fee_bps: 30 };
        assert_eq!((updated.event, updated.batch), (event, BATCH));
        assert_eq!(updated.adjustment, adjustment);
        let changed = Order { amount, price, expiry, fee_bps: 30, ..stored() };
        assert_eq!(data.order(order), Some(changed));
    }
    // Also when it is over: it is not closed.
    let late = NOW + 1_000;
    let offer = Offer { expiry: late + 1, ..OFFER };
    data.update(late, order, offer, rated(0)).unwrap();
    assert_eq!(data.order(order), Some(Order { expiry: late + 1, fee_bps: 30, ..stored() }));
}

#[ink::test]
fn an_update_is_refused_for_the_first_reason() {
    let mut data = data();
    let order = placed(&mut data, OFFER);
    let mut wrong = Offer { amount: 0, price: 0, expiry: NOW };
    data.orders.insert(order, &Order { status: Status::Filled, ..stored() });
    let check = |data: &mut Data, number, offer, error| {
        assert_eq!(data.update(NOW, number, offer, nobody_asks), Err(error), "{offer:?}");
    };
    check(&mut data, 2, wrong, Error::UnknownOrder);
    check(&mut data, 0, wrong, Error::UnknownOrder);
    check(&mut data, 1, wrong, Error::OrderClosed);
    data.orders.insert(order, &stored());
    check(&mut data, 1, wrong, Error::ZeroAmount);
    wrong.amount = u128::MAX;
    check(&mut data, 1, wrong, Error::ZeroPrice);
    wrong.price = u128::MAX;
    check(&mut data, 1, wrong, Error::InvalidExpiry);
    wrong.expiry = u64::MAX;
    check(&mut data, 1, wrong, Error::InvalidExpiry);
    wrong.expiry = NOW + 1;
    check(&mut data, 1, wrong, Error::Overflow);
    wrong.price = 1;
    let failed = data.update(NOW, 1, wrong, || Err(Error::CarbonFailed));
    assert_eq!(failed, Err(Error::CarbonFailed));
    assert_eq!(data.update(NOW, 1, wrong, rated(1_000)), Err(Error::SellerLimit));
    assert_eq!(data.order(order), Some(stored()), "nothing was written");
}

/// Near the end of time an order may run until then.
#[ink::test]
fn the_longest_order_ends_with_time() {
    let mut data = data();
    let offer = Offer { expiry: u64::MAX, ..OFFER };
    let now = u64::MAX - MAX_ORDER_TIME;
    let early = data.place(SELLER, now - 1, BATCH, offer, nobody_asks);
    assert_eq!(early, Err(Error::InvalidExpiry));
    for now in [now, now + 1, u64::MAX - 1] {
        data.place(SELLER, now, BATCH, offer, rated(0)).unwrap();
    }
    let late = data.place(SELLER, u64::MAX, BATCH, offer, nobody_asks);
    assert_eq!(late, Err(Error::InvalidExpiry));
}

#[ink::test]
fn a_fill_sells_a_part_or_all() {
    let mut data = data();
    let order = placed(&mut data, OFFER);
    // 1 × 1,501 / 1,000 is 2; no fee of that.
    let sold = data.fill(BUYER, NOW, order, 1, 2, both(0, 0)).unwrap();
    let event = OrderFilled {
        order,
        seller: SELLER,
        buyer: BUYER,
        amount: 1,
        remaining: 3_999,
        payment: 2,
        fee: 0,
    };
    assert_eq!(sold, Filled { event, batch: BATCH, proceeds: 2, collector: COLLECTOR });
    assert_eq!(data.order(order), Some(Order { amount: 3_999, ..stored() }));
    assert_eq!(data.quote(order, 1_999), Ok(Quote { payment: 3_001, fee: 75, proceeds: 2_926 }));
    let sold = data.fill(OTHER, NOW, order, 1_999, 3_001, both(0, 0)).unwrap();
    let event = OrderFilled {
        order,
        seller: SELLER,
        buyer: OTHER,
        amount: 1_999,
        remaining: 2_000,
        payment: 3_001,
        fee: 75,
    };
    assert_eq!(sold, Filled { event, batch: BATCH, proceeds: 2_926, collector: COLLECTOR });
    // The collector is whoever is it now, the fee is the order's.
    let last = OFFER.expiry - 1;
    data.set_fee(NOW, last - NOW, 500, OTHER).unwrap();
    let sold = data.fill(BUYER, last - 1, order, 1, 2, both(0, 0)).unwrap();
    assert_eq!(sold.collector, COLLECTOR);
    let sold = data.fill(BUYER, last, order, 1_999, 3_001, both(0, 0)).unwrap();
    assert_eq!((sold.event.remaining, sold.event.payment, sold.event.fee), (0, 3_001, 75));
    assert_eq!((sold.proceeds, sold.collector), (2_926, OTHER));
    assert_eq!(data.order(order), Some(Order { amount: 0, status: Status::Filled, ..stored() }));
    let again = data.fill(BUYER, NOW, order, 1, 2, |_| nobody_asks());
    assert_eq!(again, Err(Error::OrderClosed));
}

#[ink::test]
fn a_fill_is_refused_for_the_first_reason() {
    let mut data = data();
    let order = placed(&mut data, Offer { amount: 55_000, ..OFFER });
    let whole = Order { amount: 55_000, ..stored() };
    data.orders.insert(order, &Order { status: Status::Cancelled, ..whole });
    let over = OFFER.expiry;
    let check = |data: &mut Data, buyer, now, number, amount, max_total, error| {
        let refused = data.fill(buyer, now, number, amount, max_total, |_| nobody_asks());
        assert_eq!(refused, Err(error));
    };
    check(&mut data, SELLER, over, 2, 0, 0, Error::UnknownOrder);
    check(&mut data, SELLER, over, 0, 0, 0, Error::UnknownOrder);
    check(&mut data, SELLER, over, 1, 0, 0, Error::OrderClosed);
    data.orders.insert(order, &whole);
    check(&mut data, SELLER, over, 1, 0, 0, Error::Expired);
    check(&mut data, SELLER, u64::MAX, 1, 0, 0, Error::Expired);
    check(&mut data, SELLER, over - 1, 1, 0, 0, Error::SelfTrade);
    check(&mut data, BUYER, over - 1, 1, 0, 0, Error::ZeroAmount);
    check(&mut data, BUYER, over - 1, 1, 55_001, 0, Error::ExceedsOrder);
    check(&mut data, BUYER, over - 1, 1, u128::MAX, 0, Error::ExceedsOrder);
    check(&mut data, BUYER, over - 1, 1, 55_000, 82_554, Error::TooExpensive);
    let mut fill = |ratings| data.fill(BUYER, over - 1, 1, 55_000, 82_555, |_| ratings);
    assert_eq!(fill(Err(Error::CarbonFailed)), Err(Error::CarbonFailed));
    // A seller whose rating has fallen since sells less at once.
    assert_eq!(fill(Ok((499, 499))), Err(Error::SellerLimit));
    assert_eq!(fill(Ok((500, 499))), Err(Error::BuyerLimit));
    assert_eq!(data.order(order), Some(whole), "nothing was written");
    let sold = data.fill(BUYER, over - 1, 1, 55_000, 82_555, both(500, 500)).unwrap();
    assert_eq!(sold.event.payment, 82_555);
}

/// At each rating of one party a fill of the limit is made and one of a unit more is not.
#[ink::test]
fn the_ratings_limit_a_fill() {
    let mut data = data();
    for (rating, limit) in [(0, 10_000), (500, 55_000), (1_000, 100_000)] {
        // Placed before the limits were as they are.
        data.set_limits(Limits { floor: 200_000, ceiling: 200_000 }).unwrap();
        let order = placed(&mut data, Offer { amount: 200_000, ..OFFER });
        data.set_limits(LIMITS).unwrap();
        let mut fill = |amount, seller, buyer| {
            data.fill(BUYER, NOW, order, amount, u128::MAX, both(seller, buyer))
        };
        assert_eq!(fill(limit + 1, rating, 1_000), Err(Error::SellerLimit));
        if rating < 1_000 {
            assert_eq!(fill(limit + 1, 1_000, rating), Err(Error::BuyerLimit));
        }
        fill(limit, rating, 1_000).unwrap();
        fill(limit, 1_000, rating).unwrap();
    }
}

#[ink::test]
fn a_quote_is_what_a_fill_costs() {
    let mut data = data();
    assert_eq!(data.quote(1, 0), Err(Error::UnknownOrder));
    let order = placed(&mut data, OFFER);
    assert_eq!(data.quote(order, 0), Err(Error::ZeroAmount));
    assert_eq!(data.quote(order, 4_001), Err(Error::ExceedsOrder));
    for amount in [1, 999, 1_000, 1_001] {
        let quote = data.quote(order, amount).unwrap();
        let sold = filled(&mut data, order, amount);
        let Quote { payment, fee, proceeds } = quote;
        assert_eq!((sold.event.payment, sold.event.fee, sold.proceeds), (payment, fee, proceeds));
    }
    filled(&mut data, order, 999);
    assert_eq!(data.quote(order, 0), Err(Error::OrderClosed));
}
