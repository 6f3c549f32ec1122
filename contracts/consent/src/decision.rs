//! Decisions on requests for access.

use crate::data::Data;
use crate::errors::ConsentError;
use crate::grants::Grant;
use crate::log::Access;
use assent_events::{consent::AccessDecided, purpose, Decision, DenyReason, MASK_BITS};
use ink::primitives::AccountId;

/// What the participants contract says of the two parties. By default nobody is admitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Admission {
    /// The owner is an active data owner.
    pub owner: bool,
    /// The requester is an active provider or researcher.
    pub requester: bool,
    /// The requester is an active provider; counts only in an emergency.
    pub provider: bool,
}

/// A request for access.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub requester: AccountId,
    /// Whose data.
    pub owner: AccountId,
    /// Under which grant; `None`: the latest.
    pub grant: Option<u64>,
    /// Index of the purpose.
    pub purpose: u8,
    /// Index of the category.
    pub category: u8,
}

impl Request {
    /// Whether masks have room for what is asked.
    pub fn check(&self) -> Result<(), ConsentError> {
        if self.purpose >= MASK_BITS {
            return Err(ConsentError::UnknownPurpose);
        }
        if self.category >= MASK_BITS {
            return Err(ConsentError::UnknownCategory);
        }
        Ok(())
    }
}

/// What a request comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Permit, or deny with the first reason that holds.
    pub decision: Decision,
    /// The grant that was applied.
    pub grant: Option<(u64, Grant)>,
    /// The emergency that permitted it without one.
    pub window: Option<u64>,
}

impl Data {
    /// Decides a request, logs the decision, and uses the grant once if it permits. Costs the same
    /// however many grants, entries and windows there are.
    pub fn request_access(
        &mut self,
        now: u64,
        admission: Admission,
        request: Request,
    ) -> Result<AccessDecided, ConsentError> {
        request.check()?;
        let Verdict { decision, grant, window } = self.decide(now, admission, &request);
        let event = self.log.append(Access {
            owner: request.owner,
            requester: request.requester,
            purpose: request.purpose,
            category: request.category,
            grant: grant.as_ref().map(|(number, _)| *number),
            window,
            decision,
            at: now,
        })?;
        if let (Decision::Permit, Some((number, mut grant))) = (decision, grant) {
            // Without a limit the count is only for information; with one it stays below it.
            grant.uses = grant.uses.saturating_add(1);
            self.grants.insert(number, &grant);
        }
        Ok(event)
    }

    /// What a request comes to. The first reason that holds wins. An emergency makes up for a grant
    /// that does not permit, and for nothing else.
    pub fn decide(&self, now: u64, admission: Admission, request: &Request) -> Verdict {
        let deny =
            |reason, grant| Verdict { decision: Decision::Deny(reason), grant, window: None };
        if !admission.requester {
            return deny(DenyReason::RequesterNotAdmitted, None);
        }
        if !admission.owner {
            return deny(DenyReason::OwnerNotAdmitted, None);
        }
        if self.is_denied(request) {
            return deny(DenyReason::Denied, None);
        }
        let grant = self.applicable(request);
        let refusal = match &grant {
            Some((_, grant)) => self.refusal(now, grant, request),
            None => Some(DenyReason::NoGrant),
        };
        let Some(reason) = refusal else {
            return Verdict { decision: Decision::Permit, grant, window: None };
        };
        match self.emergency(now, request) {
            Some(window) if admission.provider => {
                Verdict { decision: Decision::Permit, grant: None, window: Some(window) }
            }
            _ => deny(reason, grant),
        }
    }

    /// The open window that is good for a request, if the requester is still a provider.
    pub fn emergency(&self, now: u64, request: &Request) -> Option<u64> {
        if request.purpose != purpose::TREATMENT || request.check().is_err() {
            return None;
        }
        self.open_window(now, request.requester, request.owner)
    }

    fn is_denied(&self, request: &Request) -> bool {
        self.denial(request.owner, request.requester).is_some_and(|denial| {
            has(denial.purposes, request.purpose) && has(denial.categories, request.category)
        })
    }

    /// The grant that a request names, or else the latest, if it is one between these two parties.
    fn applicable(&self, request: &Request) -> Option<(u64, Grant)> {
        let number = match request.grant {
            Some(number) => number,
            None => self.latest_grant(request.owner, request.requester)?,
        };
        let grant = self.grant_of(number)?;
        let between = grant.owner == request.owner && grant.grantee == request.requester;
        between.then_some((number, grant))
    }

    /// Why a grant does not cover a request, if it does not.
    fn refusal(&self, now: u64, grant: &Grant, request: &Request) -> Option<DenyReason> {
        if self.is_over(grant) {
            Some(DenyReason::Revoked)
        } else if now < grant.from {
            Some(DenyReason::NotYetValid)
        } else if now >= grant.until {
            Some(DenyReason::Expired)
        } else if !has(grant.purposes, request.purpose) {
            Some(DenyReason::PurposeNotGranted)
        } else if !has(grant.categories, request.category) {
            Some(DenyReason::CategoryNotGranted)
        } else if grant.max_uses.is_some_and(|max| grant.uses >= max) {
            Some(DenyReason::UsesExhausted)
        } else {
            None
        }
    }
}

/// Whether a mask has a bit. A shift past the mask's width is a bit that no mask has.
fn has(mask: u32, bit: u8) -> bool {
    1u32.checked_shl(u32::from(bit)).is_some_and(|bit| mask & bit != 0)
}
