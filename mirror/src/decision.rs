//! What the consent contract would decide on a request for access, and whether a grant gives access now, as
//! far as the rows of the mirror tell.
//!
//! The rule is the contract's. [`decide`] follows `Data::decide` in `contracts/consent/src/decision.rs`, which
//! answers `is_permitted` and comes first in `request_access`; what ends a grant and what it covers follow
//! `end` and `refusal` in `contracts/consent/src/grants/live.rs`. Where this differs, the contract is right.
//! It is written here once more because the contract's rule reads its storage through ink!, which no host
//! program links, and decides on the contract's own entries, not on rows. The random walk of `chain/sandbox`
//! compares the two, and the model of `contracts/model`, on rows that were folded from the contract's events.
//!
//! What is left out:
//!
//! - Whether somebody pays. The rewards contract says that when it is asked, and what a grant permits here may
//!   still be refused as `Unfunded`, unless it is for treatment.
//! - Whether a key may ask for the requester at all. One that may not is refused with the error
//!   `NotAuthorized`, which is no decision and leaves no trace.
//! - That `request_access` refuses a purpose or a category of which a mask has no bit as unknown. Here it is
//!   one that was not granted, as in `is_permitted`.

mod gather;
mod grant;
mod read;
mod rule;
mod standing;
#[cfg(test)]
mod tests;

pub use assent_interface::consent::{Denial, Record};

pub use gather::Parties;
pub use grant::GrantFacts;
pub use rule::{Request, Verdict, decide};
pub use standing::{Because, Standing, Status, standing};

/// Selects what [`Facts`] are read from, in one statement. Parameters and columns stand in its comment.
pub const FACTS: &str = include_str!("decision/facts.sql");

/// What a decision rests on: what holds at a moment between an owner and a requester, for whom a key asks. By
/// default nobody was ever admitted, and nothing given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The moment: a block's time, ms since 1970.
    pub now: u64,
    /// Whether the consent contract is paused.
    pub paused: bool,
    /// Bit mask of the requester's [roles](assent_events::role) that count: held and not suspended.
    pub requester_roles: u16,
    /// That of the owner.
    pub owner_roles: u16,
    /// Number of the owner's guardianship: what a guardian gave counts in the one in which he did.
    pub guardianship: u32,
    /// Number of the owner's epoch: what was given counts in the one in which it was.
    pub epoch: u32,
    /// What the owner denies the requester, whoever acts for it, and the key that asks, and what guardians
    /// deny them for him: by purpose, all of them together.
    pub denials: Vec<Denial>,
    /// What is denied everybody with exceptions, while that holds.
    pub restriction: Option<Restriction>,
    /// Whether no emergency opens the owner's data.
    pub refuses_emergencies: bool,
    /// Of the grants from the owner to the requester those that live, the latest, and the one that a request
    /// names. More of them do no harm.
    pub grants: Vec<GrantFacts>,
    /// The window of the requester on the owner that is open.
    pub window: Option<i64>,
}

/// What an owner, or a guardian for him, denies everybody with exceptions: what has both its purpose and its
/// category in the masks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restriction {
    /// Bit mask of [purposes](assent_events::purpose).
    pub purposes: u32,
    /// Bit mask of [categories](assent_events::category).
    pub categories: u32,
    /// Whether a guardian made it: then it binds no emergency.
    pub by_guardian: bool,
    /// Whether it excepts the requester. Its staff and its keys are not asked for: exceptions are of who
    /// requests.
    pub excepts_requester: bool,
}

/// Roles that may be granted access and ask for it.
const GRANTEES: u16 = assent_events::role::PROVIDER | assent_events::role::RESEARCHER;

impl Facts {
    /// Whether the requester is one that may ask.
    const fn admits_requester(&self) -> bool {
        self.requester_roles & GRANTEES != 0
    }

    /// Whether the owner is one.
    const fn admits_owner(&self) -> bool {
        self.owner_roles & assent_events::role::DATA_OWNER != 0
    }

    /// What is denied for a purpose.
    fn denial(&self, purpose: u8) -> Denial {
        let none = Denial { purpose, categories: 0, by_guardians: 0 };
        let denials = self.denials.iter().filter(|denial| denial.purpose == purpose);
        denials.fold(none, |all, denial| Denial {
            purpose,
            categories: all.categories | denial.categories,
            by_guardians: all.by_guardians | denial.by_guardians,
        })
    }

    /// What restricts the requester for a purpose.
    fn restricts(&self, purpose: u8) -> Option<Restriction> {
        let restriction = self.restriction.filter(|restriction| !restriction.excepts_requester);
        restriction.filter(|restriction| has(restriction.purposes, purpose))
    }
}

/// Whether a mask has a bit; none has one that there is no room for.
fn has(mask: u32, bit: u8) -> bool {
    mask & assent_interface::mask_of(bit) != 0
}
