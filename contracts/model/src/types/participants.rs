//! Values of participants.

use super::{Account, Hash, Status};
use parity_scale_codec::{Decode, Encode};

/// What is kept of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Participant {
    /// Bits of [`crate::role`] that he holds.
    pub roles: u16,
    /// Bits of [`crate::role`] that do not count, held or not.
    pub suspended: u16,
    /// Commitment to his profile.
    pub profile: Hash,
    /// The profile that a regulator checked last; `None`: he was never approved.
    pub confirmed: Option<Hash>,
    /// How often a guardian of his lost time that he had.
    pub guardianship: u32,
    /// The key that acts for him; `None`: his own account.
    pub key: Option<Account>,
}

impl Participant {
    /// The roles that count.
    pub fn counting(&self) -> u16 {
        (0..u16::BITS)
            .map(|bit| 1 << bit)
            .filter(|role| self.roles & role != 0 && self.suspended & role == 0)
            .sum()
    }

    /// Where he stands.
    pub fn status(&self) -> Status {
        match (self.roles, self.counting()) {
            (0, _) => Status::Pending,
            (_, 0) => Status::Suspended,
            _ => Status::Active,
        }
    }
}

/// What other contracts are told of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct RoleStanding {
    /// Bits of [`crate::role`] that count.
    pub roles: u16,
    /// Whether a regulator approved it once.
    pub admitted: bool,
}

/// What other contracts are told of those whom a message concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Admission {
    /// Whose affair it is.
    pub subject: RoleStanding,
    /// With whom.
    pub other: RoleStanding,
    /// Who acts.
    pub caller: RoleStanding,
    /// What he may do for the one whose affair it is.
    pub for_subject: Agency,
    /// What he may do for the other.
    pub for_other: Agency,
    /// The guardianship of the one whose affair it is.
    pub guardianship: u32,
    /// Who acts; `None`: a key that was replaced.
    pub acting: Option<Account>,
}

/// A key that is to act for a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Succession {
    /// The key.
    pub to: Account,
    /// First moment at which it may accept.
    pub not_before: u64,
    /// First moment at which it no longer may.
    pub until: u64,
    /// The regulator who named it; `None`: the participant.
    pub by: Option<Account>,
    /// Whether the participant objects.
    pub objected: bool,
    /// The second regulator, who confirmed it.
    pub confirmed_by: Option<Account>,
}

/// What a key may do for an organisation, or for a ward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Mandate {
    /// Bits of [`crate::power`].
    pub powers: u16,
    /// First moment at which it no longer counts.
    pub until: u64,
    /// Commitment to who holds the key.
    pub person: Hash,
    /// The regulator who made it a guardian; `None`: it is one of the staff.
    pub appointed_by: Option<Account>,
}

impl Mandate {
    /// Whether it is in force.
    pub fn counts(&self, now: u64) -> bool {
        now < self.until
    }
}

/// What other contracts are told an account may do for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Agency {
    /// Bits of [`crate::power`]; all that a mask has: it is the account itself.
    pub powers: u16,
    /// First moment at which it no longer counts.
    pub until: u64,
    /// Commitment to who acts by a mandate.
    pub person: Option<Hash>,
}

impl Agency {
    /// That of an account for itself.
    pub const OWN: Self = Self { powers: u16::MAX, until: u64::MAX, person: None };
    /// Nothing.
    pub const NONE: Self = Self { powers: 0, until: 0, person: None };
}
