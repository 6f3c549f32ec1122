//! The rules of consent: grants, revocation, decisions.

use crate::errors::ConsentError;
use crate::log::{Access, Log};
use assent_events::{
    consent::{AccessDecided, Granted, Revoked},
    Decision, DenyReason, Hash, MASK_BITS,
};
use ink::{
    primitives::AccountId,
    storage::{traits::ManualKey, Lazy, Mapping},
};

/// A grant, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Grant {
    /// The data owner.
    pub owner: AccountId,
    /// Who may ask for access.
    pub grantee: AccountId,
    /// Bit mask of [`assent_events::purpose`].
    pub purposes: u32,
    /// Bit mask of [`assent_events::category`].
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Commitment to the record that it is about.
    pub record: Hash,
    /// How many permits it gave; stops at the greatest number there is.
    pub uses: u32,
    /// Whether its owner revoked it.
    pub revoked: bool,
}

/// What an owner grants; the fields are those of [`Grant`].
#[derive(Debug, Clone)]
pub struct Terms {
    /// The data owner.
    pub owner: AccountId,
    /// Who may ask for access.
    pub grantee: AccountId,
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for.
    pub max_uses: Option<u32>,
    /// Commitment to the record.
    pub record: Hash,
}

/// What the participants contract says of the two parties. By default nobody is admitted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Admission {
    /// The owner is an active data owner.
    pub owner: bool,
    /// The grantee or requester is an active provider or researcher.
    pub requester: bool,
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

/// Grants and the log.
#[ink::storage_item]
#[derive(Debug)]
pub struct Data {
    /// Number of the latest grant; the first is 1.
    last_grant: Lazy<u64, ManualKey<0x636f_0001>>,
    grants: Mapping<u64, Grant, ManualKey<0x636f_0002>>,
    /// Number of the latest grant from an owner to a grantee.
    latest: Mapping<(AccountId, AccountId), u64, ManualKey<0x636f_0003>>,
    log: Log,
}

impl Data {
    /// Without any grant.
    pub fn new() -> Self {
        Self {
            last_grant: Lazy::new(),
            grants: Mapping::new(),
            latest: Mapping::new(),
            log: Log::new(),
        }
    }

    /// Records a grant.
    pub fn grant(
        &mut self,
        now: u64,
        admission: Admission,
        terms: Terms,
    ) -> Result<Granted, ConsentError> {
        if !admission.owner {
            return Err(ConsentError::NotDataOwner);
        }
        if terms.grantee == terms.owner {
            return Err(ConsentError::SelfGrant);
        }
        if terms.purposes == 0 || terms.categories == 0 {
            return Err(ConsentError::EmptyMask);
        }
        if terms.until <= terms.from || terms.until <= now {
            return Err(ConsentError::InvalidPeriod);
        }
        if terms.max_uses == Some(0) {
            return Err(ConsentError::ZeroUses);
        }
        if !admission.requester {
            return Err(ConsentError::GranteeNotAdmitted);
        }
        let number =
            self.last_grant.get_or_default().checked_add(1).ok_or(ConsentError::TooMany)?;

        self.last_grant.set(&number);
        self.latest.insert((terms.owner, terms.grantee), &number);
        let grant = Grant {
            owner: terms.owner,
            grantee: terms.grantee,
            purposes: terms.purposes,
            categories: terms.categories,
            from: terms.from,
            until: terms.until,
            max_uses: terms.max_uses,
            record: terms.record,
            uses: 0,
            revoked: false,
        };
        self.grants.insert(number, &grant);
        Ok(Granted {
            grant: number,
            owner: terms.owner,
            grantee: terms.grantee,
            purposes: terms.purposes,
            categories: terms.categories,
            from: terms.from,
            until: terms.until,
            max_uses: terms.max_uses,
            record: terms.record,
        })
    }

    /// Revokes a grant of `caller`, whatever became of him.
    pub fn revoke(
        &mut self,
        caller: AccountId,
        now: u64,
        number: u64,
    ) -> Result<Revoked, ConsentError> {
        let mut grant = self.grant_of(number).ok_or(ConsentError::UnknownGrant)?;
        if grant.owner != caller {
            return Err(ConsentError::NotOwner);
        }
        if grant.revoked {
            return Err(ConsentError::AlreadyRevoked);
        }
        grant.revoked = true;
        self.grants.insert(number, &grant);
        Ok(Revoked { grant: number, owner: caller, at: now })
    }

    /// Decides a request, logs the decision, and uses the grant once if it permits.
    pub fn request_access(
        &mut self,
        now: u64,
        admission: Admission,
        request: Request,
    ) -> Result<AccessDecided, ConsentError> {
        request.check()?;
        let (decision, applied) = self.decide(now, admission, &request);
        let event = self.log.append(Access {
            owner: request.owner,
            requester: request.requester,
            purpose: request.purpose,
            category: request.category,
            grant: applied.as_ref().map(|(number, _)| *number),
            decision,
            at: now,
        })?;
        if let (Decision::Permit, Some((number, mut grant))) = (decision, applied) {
            // Without a limit the count is only for information; with one it stays below it.
            grant.uses = grant.uses.saturating_add(1);
            self.grants.insert(number, &grant);
        }
        Ok(event)
    }

    /// What a request comes to, and the grant that was applied. The first reason that holds wins.
    pub fn decide(
        &self,
        now: u64,
        admission: Admission,
        request: &Request,
    ) -> (Decision, Option<(u64, Grant)>) {
        if !admission.requester {
            return (Decision::Deny(DenyReason::RequesterNotAdmitted), None);
        }
        if !admission.owner {
            return (Decision::Deny(DenyReason::OwnerNotAdmitted), None);
        }
        let Some((number, grant)) = self.applicable(request) else {
            return (Decision::Deny(DenyReason::NoGrant), None);
        };
        let decision = match refusal(&grant, now, request) {
            Some(reason) => Decision::Deny(reason),
            None => Decision::Permit,
        };
        (decision, Some((number, grant)))
    }

    /// A grant by number.
    pub fn grant_of(&self, number: u64) -> Option<Grant> {
        self.grants.get(number)
    }

    /// Number of the latest grant from `owner` to `grantee`.
    pub fn latest_grant(&self, owner: AccountId, grantee: AccountId) -> Option<u64> {
        self.latest.get((owner, grantee))
    }

    /// The log of decisions.
    pub fn log(&self) -> &Log {
        &self.log
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
}

impl Default for Data {
    fn default() -> Self {
        Self::new()
    }
}

/// Why a grant does not cover a request, if it does not.
fn refusal(grant: &Grant, now: u64, request: &Request) -> Option<DenyReason> {
    // A shift past the mask's width is a bit that no grant has.
    let has =
        |mask: u32, bit: u8| 1u32.checked_shl(u32::from(bit)).is_some_and(|bit| mask & bit != 0);
    if grant.revoked {
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
