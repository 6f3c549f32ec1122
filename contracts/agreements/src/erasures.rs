//! Requests for erasure: an owner whose grants are over asks a requester to erase what it holds of him,
//! and it answers.

use crate::data::{acted, next, Data, MAX_RETENTION};
use crate::errors::AgreementsError;
use assent_events::{
    agreements::{ErasureAnswered, ErasureRequested, GuardianActed},
    power, Hash,
};
use assent_traits::participants::Admission;
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
    /// Who answered: the requester, or one of its staff, whichever key he has.
    pub by: AccountId,
    /// When, ms since 1970.
    pub at: u64,
}

impl Data {
    /// Asks `requester` for erasure in the name of `owner`, for whom `caller` acts. The admission's
    /// subject is the owner, the other is the requester. Whether a grant lives between the two `granted`
    /// tells, which is asked last.
    pub fn request_erasure(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        granted: impl FnOnce() -> Result<bool, AgreementsError>,
        owner: AccountId,
        requester: AccountId,
    ) -> Result<(ErasureRequested, Option<GuardianActed>), AgreementsError> {
        check_parties(caller, owner, requester)?;
        if !admission.for_subject.may(power::GUARDIAN) {
            return Err(AgreementsError::NotAuthorized);
        }
        if !admission.subject.admitted {
            return Err(AgreementsError::OwnerNotAdmitted);
        }
        if !admission.other.admitted {
            return Err(AgreementsError::RequesterNotAdmitted);
        }
        let pair = (owner, requester);
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
        let erasure = Erasure { owner, requester, at: now, due, answer: None };
        self.erasures.insert(number, &erasure);
        let requested = ErasureRequested { erasure: number, owner, requester, due, at: now };
        Ok((requested, acted(caller, owner, now)))
    }

    /// Answers a request, also an overdue one. The admission's subject is its owner, the other is its
    /// requester.
    pub fn answer_erasure(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
        retained_until: Option<u64>,
        evidence: Hash,
    ) -> Result<ErasureAnswered, AgreementsError> {
        let erasure = self.known_erasure(number)?;
        let Erasure { owner, requester, .. } = erasure;
        let Admission { for_subject, for_other, .. } = admission;
        // None of the staff tells himself that his data are erased, or his ward's.
        let may = for_other.may(power::SIGN) && !for_subject.may(power::GUARDIAN);
        if caller != requester && !may {
            return Err(AgreementsError::NotAuthorized);
        }
        if erasure.answer.is_some() {
            return Err(AgreementsError::AlreadyAnswered);
        }
        let possible = |until| until > now && until <= now.saturating_add(MAX_RETENTION);
        if !retained_until.is_none_or(possible) {
            return Err(AgreementsError::InvalidRetention);
        }
        let by = caller;
        let answer = Some(Answer { retained_until, evidence, by, at: now });
        self.erasures.insert(number, &Erasure { answer, ..erasure });
        Ok(ErasureAnswered {
            erasure: number,
            owner,
            requester,
            retained_until,
            evidence,
            by,
            person: for_other.person,
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

/// Whether the two are two, and who asks is not the one who is asked.
fn check_parties(
    caller: AccountId,
    owner: AccountId,
    requester: AccountId,
) -> Result<(), AgreementsError> {
    if owner == requester || caller == requester {
        return Err(AgreementsError::SelfErasure);
    }
    Ok(())
}
