//! Admission checks, answered by the participants contract.

use crate::{invoke, CallFailed};
use assent_interface::Hash;
use ink::env::call::{ExecutionInput, Selector};
use ink::primitives::AccountId;

/// Selector of `has_role`.
pub const HAS_ROLE: [u8; 4] = ink::selector_bytes!("has_role");
/// Selector of `is_admitted`.
pub const IS_ADMITTED: [u8; 4] = ink::selector_bytes!("is_admitted");
/// Selector of `admission`.
pub const ADMISSION: [u8; 4] = ink::selector_bytes!("admission");

/// How an account stands on the ledger. By default it was never admitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Standing {
    /// Bit mask of the roles that count: held and not suspended.
    pub roles: u16,
    /// Whether a regulator approved it once, whatever became of it.
    pub admitted: bool,
}

impl Standing {
    /// Whether at least one of `roles` counts.
    #[must_use]
    pub const fn has(self, roles: u16) -> bool {
        self.roles & roles != 0
    }
}

/// What one account may do for another. By default nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Agency {
    /// Bit mask of [`assent_interface::power`]; every bit there is room for: it is the account itself.
    pub powers: u16,
    /// First moment at which it no longer counts, ms since 1970; of an account for itself the last
    /// there is.
    pub until: u64,
    /// The commitment to the person who acts by a mandate; `None`: the account acts itself, or
    /// there is no mandate.
    pub person: Option<Hash>,
}

impl Agency {
    /// That of an account for itself.
    pub const OWN: Self = Self { powers: u16::MAX, until: u64::MAX, person: None };

    /// Whether it reaches as far as `power`.
    #[must_use]
    pub const fn may(self, power: u16) -> bool {
        self.powers & power == power
    }

    /// Whether it reaches at all.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.powers != 0
    }
}

/// How those stand whom one message concerns. By default nobody was ever admitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct Admission {
    /// Whose affair it is.
    pub subject: Standing,
    /// With whom.
    pub other: Standing,
    /// Who acts.
    pub caller: Standing,
    /// What he may do for the one whose affair it is.
    pub for_subject: Agency,
    /// What he may do for the other.
    pub for_other: Agency,
    /// Number of the guardianship in which the one is whose affair it is, from 0: what his guardians
    /// grant for him counts only in the one in which they did.
    pub guardianship: u32,
}

/// Whether `account` is active and holds at least one of the roles in the mask `roles`.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn has_role(
    participants: AccountId,
    account: AccountId,
    roles: u16,
) -> Result<bool, CallFailed> {
    invoke(
        participants,
        ExecutionInput::new(Selector::new(HAS_ROLE)).push_arg(account).push_arg(roles),
    )
}

/// Whether `account` is active, with any role.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn is_admitted(participants: AccountId, account: AccountId) -> Result<bool, CallFailed> {
    invoke(participants, ExecutionInput::new(Selector::new(IS_ADMITTED)).push_arg(account))
}

/// How the three accounts stand that a message concerns, in one call.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn admission(
    participants: AccountId,
    subject: AccountId,
    other: AccountId,
    caller: AccountId,
) -> Result<Admission, CallFailed> {
    invoke(
        participants,
        ExecutionInput::new(Selector::new(ADMISSION))
            .push_arg(subject)
            .push_arg(other)
            .push_arg(caller),
    )
}
