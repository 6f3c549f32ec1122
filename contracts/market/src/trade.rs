//! Who acts for a seller or a buyer: it itself, or one of its staff that may trade. Units, money, limits and
//! rating are the party's; a guardian does not trade for his ward.

use crate::errors::MarketError;
use assent_events::{market::StaffActed, power};
use assent_traits::participants::Agency;
use ink::primitives::AccountId;

/// A seller or a buyer, and who acts for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// Whose affair it is.
    pub party: AccountId,
    /// Who acts: the party, or one of its staff.
    pub by: AccountId,
}

impl Acting {
    /// Whether `by` may act for `party`, for which he may do so much; nobody, whose key was replaced, may not.
    pub fn check(
        party: AccountId,
        by: Option<AccountId>,
        agency: Agency,
    ) -> Result<Self, MarketError> {
        let by = by.filter(|_| agency.may(power::TRADE)).ok_or(MarketError::NotAuthorized)?;
        Ok(Self { party, by })
    }

    /// Says that it was one of the staff, of what happened to an order.
    #[must_use]
    pub fn acted(self, order: u64) -> Option<StaffActed> {
        let Self { party, by } = self;
        (party != by).then_some(StaffActed { party, by, order })
    }
}

/// Whether who buys is on one side only; he may do so much for the seller. Otherwise one who sells for his
/// organisation could have it sell to himself, at a price that he sets.
pub fn check_sides(for_seller: Agency) -> Result<(), MarketError> {
    if for_seller.may(power::TRADE) {
        return Err(MarketError::SelfTrade);
    }
    Ok(())
}
