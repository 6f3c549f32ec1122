//! Admission checks, answered by the participants contract.
//!
//! Natively, which is in the unit tests of the shells, there is no other contract to ask: each acts for himself
//! there, and nobody is admitted.

use crate::{invoke, CallFailed};
use assent_interface::Hash;
use ink::env::call::{ExecutionInput, Selector};
use ink::primitives::AccountId;

/// Selector of `subject_of`.
pub const SUBJECT_OF: [u8; 4] = ink::selector_bytes!("subject_of");
/// Selector of `key_of`.
pub const KEY_OF: [u8; 4] = ink::selector_bytes!("key_of");
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
    /// Who acts, whichever key he has.
    pub caller: Standing,
    /// What he may do for the one whose affair it is.
    pub for_subject: Agency,
    /// What he may do for the other.
    pub for_other: Agency,
    /// Number of the guardianship in which the one is whose affair it is, from 0: what his guardians
    /// grant for him counts only in the one in which they did.
    pub guardianship: u32,
    /// Who that is: the participant whose key the caller's is, or else the caller's account itself; `None`:
    /// that key was replaced, and acts for nobody.
    pub acting: Option<AccountId>,
}

impl Admission {
    /// What is known of an account's own key when nobody answers: that it acts for itself, the subject or
    /// else the other. Enough to take something back, and for nothing else.
    #[must_use]
    pub fn unanswered(is_subject: bool) -> Self {
        let own = |is: bool| if is { Agency::OWN } else { Agency::default() };
        Self { for_subject: own(is_subject), for_other: own(!is_subject), ..Self::default() }
    }
}

/// As whom the key `key` acts; `None`: it was replaced, and acts for nobody.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn subject_of(
    participants: AccountId,
    key: AccountId,
) -> Result<Option<AccountId>, CallFailed> {
    if cfg!(feature = "std") {
        return Ok(Some(key));
    }
    invoke(participants, ExecutionInput::new(Selector::new(SUBJECT_OF)).push_arg(key))
}

/// The key that acts now for the participant whose account or key `account` was; `None`: it was not
/// replaced.
///
/// # Errors
///
/// [`CallFailed`] if the contract at `participants` gave no answer.
pub fn key_of(
    participants: AccountId,
    account: AccountId,
) -> Result<Option<AccountId>, CallFailed> {
    if cfg!(feature = "std") {
        return Ok(None);
    }
    invoke(participants, ExecutionInput::new(Selector::new(KEY_OF)).push_arg(account))
}

/// How the three stand that a message concerns, in one call.
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
    if cfg!(feature = "std") {
        let own = |party| if party == caller { Agency::OWN } else { Agency::default() };
        let (for_subject, for_other, acting) = (own(subject), own(other), Some(caller));
        return Ok(Admission { for_subject, for_other, acting, ..Admission::default() });
    }
    invoke(
        participants,
        ExecutionInput::new(Selector::new(ADMISSION))
            .push_arg(subject)
            .push_arg(other)
            .push_arg(caller),
    )
}
