//! Values of participants.

use super::{Hash, Status};
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
}
