//! Ratings: how an emitter did in the periods that were settled for him, as one number.

use crate::data::Data;
use crate::types::Standing;
use assent_traits::carbon::MAX_RATING;
use ink::primitives::AccountId;

/// The rating of who has no record.
pub const NO_RECORD: u16 = 500;

/// What the share of covered periods counts.
const COVERED: u16 = 600;
/// What the share of periods counts that were reported and covered in time.
const TIMELY: u16 = 250;
/// What the share of paid penalties counts; all of it counts for who owes none.
const PAID: u16 = 150;

impl Standing {
    /// From 0 to [`MAX_RATING`].
    pub fn rating(&self) -> u16 {
        if self.settled == 0 {
            return NO_RECORD;
        }
        share(COVERED, self.compliant, self.settled)
            .saturating_add(share(TIMELY, self.timely, self.settled))
            .saturating_add(share(PAID, self.paid, self.penalties))
            .min(MAX_RATING)
    }

    /// Takes part from `period` on, or from an earlier one; says whether that is news.
    pub(crate) fn touch(&mut self, period: u64) -> bool {
        let earlier = match self.next {
            None => true,
            Some(next) => self.settled == 0 && period < next,
        };
        if earlier {
            self.next = Some(period);
        }
        earlier
    }

    /// Whether `period` was settled, or passed over since he took part only later.
    pub(crate) fn has_settled(&self, period: u64) -> bool {
        self.settled > 0 && self.next.is_some_and(|next| period < next)
    }
}

impl Data {
    /// Where an account stands.
    pub fn standing(&self, account: AccountId) -> Standing {
        self.standings.get(account).unwrap_or_default()
    }

    /// The rating of an account.
    pub fn rating(&self, account: AccountId) -> u16 {
        self.standing(account).rating()
    }
}

/// As much of `weight` as `part` is of `whole`, rounded down; all of it if there is no whole.
fn share(weight: u16, part: u32, whole: u32) -> u16 {
    // Less than 2^42.
    let product = u64::from(weight).saturating_mul(u64::from(part));
    match product.checked_div(u64::from(whole)) {
        Some(share) => u16::try_from(share).expect("a part is no more than its whole"),
        None => weight,
    }
}
