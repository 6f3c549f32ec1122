//! What units cost, the fee, and the limits.

use super::*;

/// A twentieth of the greatest payment, rounded down.
const GREATEST_FEE: u128 = 17_014_118_346_046_923_173_168_730_371_588_410;
/// The greatest payment that an order can lead to.
const GREATEST: u128 = 340_282_366_920_938_463_463_374_607_431_768_212;

#[test]
fn payments_round_up_and_fees_round_down() {
    for (amount, price, bps, payment, fee) in [
        // The least there is costs one, of which there is no fee.
        (1, 1, 0, 1, 0),
        (1, 1, 500, 1, 0),
        (999, 1, 500, 1, 0),
        (1_000, 1, 500, 1, 0),
        (1_001, 1, 500, 2, 0),
        (1, 1_000, 500, 1, 0),
        (1, 1_001, 500, 2, 0),
        // The first payment that a fee is taken from, and the last without one.
        (1_000, 19, 500, 19, 0),
        (1_000, 20, 500, 20, 1),
        (1_000, 9_999, 1, 9_999, 0),
        (1_000, 10_000, 1, 10_000, 1),
        (1_000, 19_999, 1, 19_999, 1),
        (1_000, 19_999, 500, 19_999, 999),
        (1_000, 10_000, 0, 10_000, 0),
        (1_500, 25_000_000, 250, 37_500_000, 937_500),
        (2_345, 1_234_567, 30, 2_895_060, 8_685),
        // The greatest there is.
        (u128::MAX, 1, 500, GREATEST, GREATEST_FEE),
        (1, u128::MAX, 500, GREATEST, GREATEST_FEE),
        (2, u128::MAX / 2, 500, GREATEST, GREATEST_FEE),
        (u64::MAX as u128, u64::MAX as u128, 0, 340_282_366_920_938_463_426_481_119_284_349_109, 0),
        (u128::MAX, 1, 0, GREATEST, 0),
        (u128::MAX, 1, 1, GREATEST, 34_028_236_692_093_846_346_337_460_743_176),
    ] {
        let proceeds = payment - fee;
        let expected = Quote { payment, fee, proceeds };
        assert_eq!(Quote::new(amount, price, bps), Some(expected), "{amount} × {price}, {bps}");
    }
}

#[test]
fn what_does_not_fit_has_no_price() {
    assert_eq!(Quote::new(u128::MAX, 2, 0), None);
    assert_eq!(Quote::new(2, u128::MAX, 0), None);
    assert_eq!(Quote::new(2, u128::MAX / 2 + 1, 0), None);
    assert_eq!(Quote::new(1 << 64, 1 << 64, 0), None);
    assert!(Quote::new(1 << 64, (1 << 64) - 1, 0).is_some());
}

/// Ten thousand pseudo-random prices of all sizes: fee and proceeds are the payment, which is the
/// least that is not below the price; the fee is the most that is not above its part.
#[test]
fn nothing_is_lost_between_payment_fee_and_proceeds() {
    let mut state: u128 = 0x9e37_79b9_7f4a_7c15_f39c_0c2d_5f6b_1234;
    let mut random = move || {
        state ^= state << 26;
        state ^= state >> 61;
        state ^= state << 37;
        state
    };
    let (mut priced, mut large) = (0, 0);
    for _ in 0..10_000 {
        let amount = (random() >> (random() % 128)).max(1);
        let price = (random() >> (random() % 128)).max(1);
        // These are a whole part of the payment, so that one division gives them.
        for (bps, part) in [(500, 20), (250, 40), (125, 80), (100, 100), (50, 200), (1, 10_000)] {
            let Some(product) = amount.checked_mul(price) else {
                assert_eq!(Quote::new(amount, price, bps), None);
                continue;
            };
            let Quote { payment, fee, proceeds } = Quote::new(amount, price, bps).unwrap();
            assert!(payment > 0 && proceeds > 0);
            assert_eq!(fee.checked_add(proceeds), Some(payment));
            assert_eq!(payment, product / 1_000 + u128::from(product % 1_000 != 0));
            assert_eq!(fee, payment / part);
            priced += 1;
            large += u32::from(product > u128::MAX / 500);
        }
    }
    assert!(priced > 20_000 && large > 100, "{priced}, {large}");
}

/// For a payment that leaves room for the product, every fee there may be.
#[test]
fn every_fee_is_a_part_rounded_down() {
    for payment in [1, 19, 20, 9_999, 10_000, 10_001, 123_456_789, u128::MAX / 1_000 / 500] {
        for bps in 0..=MAX_FEE_BPS {
            let quote = Quote::new(payment, 1_000, bps).unwrap();
            let fee = payment * u128::from(bps) / 10_000;
            assert_eq!(quote, Quote { payment, fee, proceeds: payment - fee });
        }
    }
}

/// In pieces a buyer pays at least what he pays at once, and less than one more for each piece.
#[test]
fn pieces_never_cost_less() {
    for (amount, price) in [(4_000, 1_501), (999, 999), (1, 1), (10_001, 7), (5_000, 3_000)] {
        let whole = Quote::new(amount, price, 250).unwrap().payment;
        for piece in [1, 3, 500, 1_000, amount] {
            let (mut left, mut paid, mut pieces) = (amount, 0, 0);
            while left > 0 {
                let bought = piece.min(left);
                paid += Quote::new(bought, price, 250).unwrap().payment;
                left -= bought;
                pieces += 1;
            }
            assert!(paid >= whole && paid < whole + pieces, "{amount} × {price} by {piece}");
        }
    }
}

#[test]
fn limits_rise_with_the_rating() {
    for (rating, limit) in [(0, 10_000), (500, 55_000), (575, 61_750), (1_000, 100_000)] {
        assert_eq!(LIMITS.at(rating), limit);
    }
    // Rounded down, and no better than the best.
    let narrow = Limits { floor: 10, ceiling: 15 };
    for (rating, limit) in [(0, 10), (199, 10), (200, 11), (500, 12), (999, 14), (1_000, 15)] {
        assert_eq!(narrow.at(rating), limit, "{rating}");
    }
    assert_eq!((narrow.at(1_001), narrow.at(u16::MAX)), (15, 15));
    let flat = Limits { floor: 7, ceiling: 7 };
    assert_eq!((flat.at(0), flat.at(500), flat.at(1_000)), (7, 7, 7));
    let greatest = u128::MAX / 1_000;
    let widest = Limits { floor: 1, ceiling: greatest };
    assert_eq!((widest.at(0), widest.at(1_000)), (1, greatest));
    assert_eq!(widest.at(500), 1 + (greatest - 1) / 2);
    let highest = Limits { floor: greatest, ceiling: greatest };
    assert_eq!((highest.at(0), highest.at(1_000)), (greatest, greatest));
}

#[test]
fn limits_have_an_order_and_an_end() {
    let greatest = u128::MAX / 1_000;
    for (floor, ceiling, valid) in [
        (0, 0, false),
        (0, 1, false),
        (1, 1, true),
        (2, 1, false),
        (1, greatest, true),
        (greatest, greatest, true),
        (1, greatest + 1, false),
        (u128::MAX, u128::MAX, false),
    ] {
        assert_eq!(Limits { floor, ceiling }.are_valid(), valid, "{floor}, {ceiling}");
    }
}
