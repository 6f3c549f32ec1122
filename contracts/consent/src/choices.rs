//! What an owner chooses for everybody at once: that no emergency opens his data, and that for some
//! purposes and categories nobody has access whom he did not except.
//!
//! Both only take away. Being excepted permits nothing: it takes a grant or a window as ever, and what
//! is denied to one account ([`crate::denial`]) stays denied to it. A guardian refuses no emergencies, and
//! what he restricts binds none.

use crate::data::{check_masks, Data};
use crate::decision::{has, Request};
use crate::errors::ConsentError;
use crate::guardians::{Acting, Said};
use assent_events::consent::{
    EmergenciesAllowed, EmergenciesRefused, Excepted, GuardianRestricted, Restricted,
    RestrictionLifted,
};
pub use assent_interface::consent::MAX_EXCEPTIONS;
use ink::{prelude::vec::Vec, primitives::AccountId};

/// What deciding on a request needs of its owner, whoever asks. One entry, so that a decision reads
/// it at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Owner {
    /// What was given in an earlier epoch does not count. The first is 0.
    pub epoch: u32,
    /// What he chose.
    pub choices: Choices,
}

/// What an owner chose for everybody at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Choices {
    /// Whether no window on him is opened, and none that is open permits anything.
    pub refuses_emergencies: bool,
    /// What he denies everybody with exceptions.
    pub restriction: Option<Restriction>,
}

/// What an owner, or a guardian for him, denies everybody but those whom he excepts: the accesses whose
/// purpose and category are both in the masks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Restriction {
    /// Bit mask of [`assent_events::purpose`], never empty.
    pub purposes: u32,
    /// Bit mask of [`assent_events::category`], never empty.
    pub categories: u32,
    /// Whom it does not concern, at most [`MAX_EXCEPTIONS`].
    pub except: Vec<AccountId>,
    /// Whether a guardian made it: then it binds no window.
    pub by_guardian: bool,
}

impl Choices {
    /// The restriction, if it denies a request.
    pub fn against(&self, request: &Request) -> Option<&Restriction> {
        self.restriction.as_ref().filter(|restriction| {
            has(restriction.purposes, request.purpose)
                && has(restriction.categories, request.category)
                && !restriction.except.contains(&request.requester)
        })
    }
}

impl Data {
    /// Has nobody open the data of `caller`, whoever he is, in an emergency. A window that is open
    /// stays on record as it is, to be closed and reviewed, and permits nothing.
    pub fn refuse_emergencies(
        &mut self,
        caller: AccountId,
        now: u64,
    ) -> Result<EmergenciesRefused, ConsentError> {
        let mut own = self.owner(caller);
        if own.choices.refuses_emergencies {
            return Err(ConsentError::AlreadyRefused);
        }
        own.choices.refuses_emergencies = true;
        self.set_owner(caller, &own);
        Ok(EmergenciesRefused { owner: caller, at: now })
    }

    /// Takes the refusal of the owner back. A window that is still open permits again.
    pub fn allow_emergencies(
        &mut self,
        acting: Acting,
        now: u64,
    ) -> Result<EmergenciesAllowed, ConsentError> {
        let owner = acting.owner;
        let mut own = self.owner(owner);
        if !own.choices.refuses_emergencies {
            return Err(ConsentError::NotRefused);
        }
        own.choices.refuses_emergencies = false;
        self.set_owner(owner, &own);
        Ok(EmergenciesAllowed { owner, at: now })
    }

    /// Denies everybody but `except` these accesses to the data of the owner, whoever he is. One
    /// restriction at a time, so that none silently takes the place of another.
    pub fn restrict(
        &mut self,
        acting: Acting,
        now: u64,
        purposes: u32,
        categories: u32,
        except: Vec<AccountId>,
    ) -> Result<(Said<Restricted, GuardianRestricted>, Vec<Excepted>), ConsentError> {
        let Acting { owner, by } = acting;
        check_masks(purposes, categories)?;
        if except.len() > MAX_EXCEPTIONS {
            return Err(ConsentError::TooManyExceptions);
        }
        let is_repeated =
            |(place, account)| except.iter().take(place).any(|before| before == account);
        if except.iter().enumerate().any(is_repeated) {
            return Err(ConsentError::RepeatedException);
        }
        let mut own = self.owner(owner);
        if own.choices.restriction.is_some() {
            return Err(ConsentError::AlreadyRestricted);
        }
        let excepted = except.iter().map(|account| Excepted { owner, account: *account });
        let excepted = excepted.collect();
        let by_guardian = acting.is_guardian();
        own.choices.restriction = Some(Restriction { purposes, categories, except, by_guardian });
        self.set_owner(owner, &own);
        let restricted = if by_guardian {
            Said::Guardian(GuardianRestricted { owner, purposes, categories, by, at: now })
        } else {
            Said::Owner(Restricted { owner, purposes, categories, at: now })
        };
        Ok((restricted, excepted))
    }

    /// Lifts the restriction of the owner, all of it. A guardian lifts only one that a guardian made.
    pub fn lift_restriction(
        &mut self,
        acting: Acting,
        now: u64,
    ) -> Result<RestrictionLifted, ConsentError> {
        let owner = acting.owner;
        let mut own = self.owner(owner);
        let lifted = own.choices.restriction.take().ok_or(ConsentError::NotRestricted)?;
        if acting.is_guardian() && !lifted.by_guardian {
            return Err(ConsentError::NotRestricted);
        }
        self.set_owner(owner, &own);
        Ok(RestrictionLifted { owner, at: now })
    }

    /// What `owner` chose for everybody at once.
    pub fn choices(&self, owner: AccountId) -> Choices {
        self.owner(owner).choices
    }

    /// What deciding needs of `owner`.
    pub(crate) fn owner(&self, owner: AccountId) -> Owner {
        self.owners.get(owner).unwrap_or_default()
    }

    /// Stores it; what says nothing is not kept, so that its deposit returns.
    pub(crate) fn set_owner(&mut self, owner: AccountId, own: &Owner) {
        if *own == Owner::default() {
            self.owners.remove(owner);
        } else {
            self.owners.insert(owner, own);
        }
    }
}
