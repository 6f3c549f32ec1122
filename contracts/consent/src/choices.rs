//! What an owner chooses for everybody at once: that no emergency opens his data, and that for some
//! purposes and categories nobody has access whom he did not except.
//!
//! Both only take away. Being excepted permits nothing: it takes a grant or a window as ever, and what
//! is denied to one account ([`crate::denial`]) stays denied to it.

use crate::data::{check_masks, Data};
use crate::decision::{has, Request};
use crate::errors::ConsentError;
use assent_events::consent::{
    EmergenciesAllowed, EmergenciesRefused, Excepted, Restricted, RestrictionLifted,
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

/// What an owner denies everybody but those whom he excepts: the accesses whose purpose and category
/// are both in the masks.
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
}

impl Choices {
    /// Whether the restriction denies a request.
    pub fn denies(&self, request: &Request) -> bool {
        self.restriction.as_ref().is_some_and(|restriction| {
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

    /// Takes the refusal of `caller` back. A window that is still open permits again.
    pub fn allow_emergencies(
        &mut self,
        caller: AccountId,
        now: u64,
    ) -> Result<EmergenciesAllowed, ConsentError> {
        let mut own = self.owner(caller);
        if !own.choices.refuses_emergencies {
            return Err(ConsentError::NotRefused);
        }
        own.choices.refuses_emergencies = false;
        self.set_owner(caller, &own);
        Ok(EmergenciesAllowed { owner: caller, at: now })
    }

    /// Denies everybody but `except` these accesses to the data of `caller`, whoever he is. One
    /// restriction at a time, so that none silently takes the place of another.
    pub fn restrict(
        &mut self,
        caller: AccountId,
        now: u64,
        purposes: u32,
        categories: u32,
        except: Vec<AccountId>,
    ) -> Result<(Restricted, Vec<Excepted>), ConsentError> {
        check_masks(purposes, categories)?;
        if except.len() > MAX_EXCEPTIONS {
            return Err(ConsentError::TooManyExceptions);
        }
        let is_repeated =
            |(place, account)| except.iter().take(place).any(|before| before == account);
        if except.iter().enumerate().any(is_repeated) {
            return Err(ConsentError::RepeatedException);
        }
        let mut own = self.owner(caller);
        if own.choices.restriction.is_some() {
            return Err(ConsentError::AlreadyRestricted);
        }
        let excepted = except.iter().map(|account| Excepted { owner: caller, account: *account });
        let excepted = excepted.collect();
        own.choices.restriction = Some(Restriction { purposes, categories, except });
        self.set_owner(caller, &own);
        Ok((Restricted { owner: caller, purposes, categories, at: now }, excepted))
    }

    /// Lifts the restriction of `caller`, all of it.
    pub fn lift_restriction(
        &mut self,
        caller: AccountId,
        now: u64,
    ) -> Result<RestrictionLifted, ConsentError> {
        let mut own = self.owner(caller);
        own.choices.restriction.take().ok_or(ConsentError::NotRestricted)?;
        self.set_owner(caller, &own);
        Ok(RestrictionLifted { owner: caller, at: now })
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
