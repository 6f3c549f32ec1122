//! What units cost, what of that is the fee, and how large an order may be. Whole numbers: the buyer
//! pays rounded up, the fee is rounded down, and nothing is lost between the two.

use assent_traits::carbon::{MAX_RATING, UNITS_PER_CREDIT};

/// The highest fee, in hundredths of a percent: 5 %.
pub const MAX_FEE_BPS: u16 = 500;

/// The best rating.
const BEST: u128 = MAX_RATING as u128;

/// Hundredths of a percent of the whole.
const WHOLE: u128 = 10_000;

/// How many units an order may offer, and a fill may take, by the rating of whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Limits {
    /// Units at a rating of 0; at least 1.
    pub floor: u128,
    /// Units at a rating of 1,000; not below the floor, and at most a thousandth of the greatest
    /// amount there is.
    pub ceiling: u128,
}

impl Limits {
    /// Whether they are limits at all, and [`Self::at`] cannot overflow.
    pub fn are_valid(&self) -> bool {
        self.floor > 0 && self.floor <= self.ceiling && self.ceiling <= u128::MAX / BEST
    }

    /// The limit in units at this rating; better than the best one is none.
    pub fn at(&self, rating: u16) -> u128 {
        let rating = u128::from(rating.min(MAX_RATING));
        // Valid limits make nothing of this saturate.
        let range = self.ceiling.saturating_sub(self.floor);
        self.floor.saturating_add(range.saturating_mul(rating) / BEST)
    }
}

/// What a fill costs, in token base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Quote {
    /// What the buyer pays, rounded up; at least 1.
    pub payment: u128,
    /// What of it the collector gets, rounded down.
    pub fee: u128,
    /// What of it the seller gets: the rest.
    pub proceeds: u128,
}

impl Quote {
    /// Of `amount` units at `price` base units per credit; `None` if their product is too large.
    pub fn new(amount: u128, price: u128, fee_bps: u16) -> Option<Self> {
        let payment = amount.checked_mul(price)?.div_ceil(UNITS_PER_CREDIT);
        let fee = fee(payment, fee_bps);
        let proceeds = payment.checked_sub(fee).expect("a fee is at most 5 % of the payment");
        Some(Self { payment, fee, proceeds })
    }
}

/// `payment` × `bps` / 10,000, rounded down.
fn fee(payment: u128, bps: u16) -> u128 {
    let bps = u128::from(bps.min(MAX_FEE_BPS));
    // Both parts are at most a twentieth of what they are a part of: nothing saturates. The first
    // one is a whole number, so that only the second one is rounded.
    let whole = (payment / WHOLE).saturating_mul(bps);
    let rest = (payment % WHOLE).saturating_mul(bps) / WHOLE;
    whole.saturating_add(rest)
}
