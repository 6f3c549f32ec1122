//! Who acts for an owner: he himself, or a guardian of his.
//!
//! A guardian does what the owner may, but name delegates and refuse emergencies; and what he denies binds
//! no emergency. He may close a window as the ward may, but nobody has to wait after him: a doctor opens the
//! next one, and asks in the same batch. What he grants does not outlast his mandate, and ends with it: the
//! participants contract numbers an owner's guardianships, a grant carries the number in which it was given,
//! and counts in no other.

use crate::errors::ConsentError;
use assent_events::{consent::GuardianActed, power};
use assent_traits::participants::Agency;
use ink::primitives::AccountId;

/// An owner, and who acts for him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// Whose affair it is.
    pub owner: AccountId,
    /// Who acts: the owner, or a guardian.
    pub by: AccountId,
}

impl Acting {
    /// Whether `caller` may act for `owner`, for whom he may do so much.
    pub fn check(
        owner: AccountId,
        caller: AccountId,
        agency: Agency,
    ) -> Result<Self, ConsentError> {
        if !agency.may(power::GUARDIAN) {
            return Err(ConsentError::NotAuthorized);
        }
        Ok(Self { owner, by: caller })
    }

    /// Whether it is a guardian.
    #[must_use]
    pub fn is_guardian(&self) -> bool {
        self.by != self.owner
    }

    /// Says that it was a guardian, of what says nothing of who did it.
    #[must_use]
    pub fn acted(&self, now: u64) -> Option<GuardianActed> {
        let event = GuardianActed { owner: self.owner, guardian: self.by, at: now };
        self.is_guardian().then_some(event)
    }
}

/// What is said of something: by the owner, or by a guardian for him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<O, G> {
    /// The owner's own word.
    Owner(O),
    /// A guardian's, which binds less.
    Guardian(G),
}
