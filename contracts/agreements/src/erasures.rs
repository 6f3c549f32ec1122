//! Requests for erasure: an owner whose grants are over asks a requester to erase what it holds of him,
//! and it answers.

use crate::data::{next, Data, MAX_RETENTION};
use crate::errors::AgreementsError;
use assent_events::{
    agreements::{ErasureAnswered, ErasureRequested},
    power, Hash,
};
use assent_traits::participants::{Admission, Agency};
use ink::primitives::AccountId;

/// A request, with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Erasure {
    /// Who asks.
    pub owner: AccountId,
    /// Who shall erase.
    pub requester: AccountId,
    /// When, ms since 1970.
    pub at: u64,
    /// First moment at which an answer is overdue, ms since 1970.
    pub due: u64,
    /// What the requester answered; `None`: nothing yet.
    pub answer: Option<Answer>,
}

/// What a requester answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Answer {
    /// First moment at which the law no longer has it retain the data, ms since 1970; `None`: they are
    /// erased.
    pub retained_until: Option<u64>,
    /// Salted commitment to the evidence.
    pub evidence: Hash,
    /// The key that answered: the requester's own, or that of one of its staff.
    pub by: AccountId,
    /// When, ms since 1970.
    pub at: u64,
}

impl Data {
    /// Asks `requester` for erasure. The admission's subject is the caller, the other is the requester.
    /// Whether a grant lives between the two `granted` tells, which is asked last.
    pub fn request_erasure(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        granted: impl FnOnce() -> Result<bool, AgreementsError>,
        requester: AccountId,
    ) -> Result<ErasureRequested, AgreementsError> {
        check_parties(caller, requester)?;
        if !admission.subject.admitted {
            return Err(AgreementsError::OwnerNotAdmitted);
        }
        if !admission.other.admitted {
            return Err(AgreementsError::RequesterNotAdmitted);
        }
        let pair = (caller, requester);
        let latest = self.latest_erasure.get(pair).and_then(|number| self.erasure(number));
        if latest.is_some_and(|latest| latest.answer.is_none()) {
            return Err(AgreementsError::AlreadyRequested);
        }
        if granted()? {
            return Err(AgreementsError::GrantLive);
        }
        let number = next(self.last_erasure.get_or_default())?;
        let due = now.saturating_add(self.times().answer);
        self.last_erasure.set(&number);
        self.latest_erasure.insert(pair, &number);
        let erasure = Erasure { owner: caller, requester, at: now, due, answer: None };
        self.erasures.insert(number, &erasure);
        Ok(ErasureRequested { erasure: number, owner: caller, requester, due, at: now })
    }

    /// Answers a request, also an overdue one. What a third key may do for its requester `for_requester`
    /// tells, which is not asked of the requester's own.
    pub fn answer_erasure(
        &mut self,
        caller: AccountId,
        now: u64,
        for_requester: impl FnOnce() -> Result<Agency, AgreementsError>,
        number: u64,
        retained_until: Option<u64>,
        evidence: Hash,
    ) -> Result<ErasureAnswered, AgreementsError> {
        let erasure = self.known_erasure(number)?;
        let Erasure { owner, requester, .. } = erasure;
        let agency = if caller == requester { Agency::OWN } else { for_requester()? };
        // Nobody tells himself that his data are erased.
        if !agency.may(power::SIGN) || caller == owner {
            return Err(AgreementsError::NotAuthorized);
        }
        if erasure.answer.is_some() {
            return Err(AgreementsError::AlreadyAnswered);
        }
        let possible = |until| until > now && until <= now.saturating_add(MAX_RETENTION);
        if !retained_until.is_none_or(possible) {
            return Err(AgreementsError::InvalidRetention);
        }
        let (by, person) = (caller, agency.person);
        let answer = Some(Answer { retained_until, evidence, by, at: now });
        self.erasures.insert(number, &Erasure { answer, ..erasure });
        Ok(ErasureAnswered {
            erasure: number,
            owner,
            requester,
            retained_until,
            evidence,
            by,
            person,
            at: now,
        })
    }

    /// A request by its number.
    pub fn erasure(&self, number: u64) -> Option<Erasure> {
        self.erasures.get(number)
    }

    /// A request that there has to be.
    pub fn known_erasure(&self, number: u64) -> Result<Erasure, AgreementsError> {
        self.erasure(number).ok_or(AgreementsError::UnknownErasure)
    }

    /// Number of the latest request of `owner` to `requester`.
    pub fn latest_erasure(&self, owner: AccountId, requester: AccountId) -> Option<u64> {
        self.latest_erasure.get((owner, requester))
    }
}

/// Whether the two are two.
pub fn check_parties(owner: AccountId, requester: AccountId) -> Result<(), AgreementsError> {
    if owner == requester {
        return Err(AgreementsError::SelfErasure);
    }
    Ok(())
}
