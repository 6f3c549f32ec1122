//! Decisions on accesses, and the log of them.

use crate::{
    blake2b, ensure,
    governance::running,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Answer, Decision, Denial, DenyReason, Grant, LogEntry, Participant, Reply, Window,
    World, MASK_BITS, TREATMENT,
};

/// A decision and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    /// Yes or no.
    pub decision: Decision,
    /// The grant that was looked at.
    pub grant: Option<u64>,
    /// The broken glass that permitted it.
    pub window: Option<u64>,
}

/// What was known when a permit was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    /// Number of the decision.
    pub access: u64,
    /// When.
    pub at: u64,
    /// Whose data.
    pub owner: Account,
    /// Who asked.
    pub requester: Account,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
    /// The grant, before this use of it.
    pub grant: Option<Grant>,
    /// The broken glass.
    pub window: Option<Window>,
    /// The owner's epoch.
    pub epoch: u32,
    /// What the owner denied the requester.
    pub denial: Option<Denial>,
    /// The owner's admission.
    pub owner_is: Option<Participant>,
    /// The requester's admission.
    pub requester_is: Option<Participant>,
}

/// Whether bit `index` is in `mask`; there is none above 31.
pub(crate) fn has_bit(mask: u32, index: u8) -> bool {
    index < MASK_BITS && mask & (1 << index) != 0
}

impl World {
    /// What `is_permitted` answers, and what it rests on.
    pub fn ruling(
        &self,
        requester: Account,
        now: u64,
        owner: Account,
        grant: Option<u64>,
        purpose: u8,
        category: u8,
    ) -> Ruling {
        let deny = |reason| Ruling { decision: Decision::Deny(reason), grant: None, window: None };

        if !self.participants.has_role(&requester, PROVIDER | RESEARCHER) {
            return deny(DenyReason::RequesterNotAdmitted);
        }
        if !self.participants.has_role(&owner, DATA_OWNER) {
            return deny(DenyReason::OwnerNotAdmitted);
        }
        let denial = self.consent.denials.get(&(owner, requester));
        if denial.is_some_and(|d| has_bit(d.purposes, purpose) && has_bit(d.categories, category)) {
            return deny(DenyReason::Denied);
        }

        let number = grant.or_else(|| self.consent.latest_grant(&owner, &requester));
        let found = number.and_then(|n| Some((n, self.consent.grants.get(&n)?)));
        let found = found.filter(|(_, g)| g.owner == owner && g.grantee == requester);
        let refused = match found {
            None => Some(DenyReason::NoGrant),
            Some((_, grant)) => self.refused_by(grant, now, purpose, category),
        };
        let grant = found.map(|(n, _)| n);
        let Some(reason) = refused else {
            return Ruling { decision: Decision::Permit, grant, window: None };
        };
        // A category that does not exist is nobody's to see, also in an emergency.
        let emergency = purpose == TREATMENT && category < MASK_BITS;
        if emergency && self.participants.has_role(&requester, PROVIDER) {
            if let Some(window) = self.consent.open_window(&requester, &owner, now) {
                let decision = Decision::Permit;
                return Ruling { decision, grant: None, window: Some(window) };
            }
        }
        Ruling { decision: Decision::Deny(reason), grant, window: None }
    }

    /// The first reason for which `grant` does not permit it.
    fn refused_by(&self, grant: &Grant, now: u64, purpose: u8, category: u8) -> Option<DenyReason> {
        let exhausted = grant.max_uses.is_some_and(|max| grant.uses >= max);
        let reasons = [
            (self.consent.is_revoked(grant), DenyReason::Revoked),
            (now < grant.from, DenyReason::NotYetValid),
            (now >= grant.until, DenyReason::Expired),
            (!has_bit(grant.purposes, purpose), DenyReason::PurposeNotGranted),
            (!has_bit(grant.categories, category), DenyReason::CategoryNotGranted),
            (exhausted, DenyReason::UsesExhausted),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
    }

    /// `request_access`
    pub fn request_access(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        grant: Option<u64>,
        purpose: u8,
        category: u8,
    ) -> Reply {
        running(&self.consent.governance)?;
        ensure(purpose < MASK_BITS, "UnknownPurpose")?;
        ensure(category < MASK_BITS, "UnknownCategory")?;
        let ruling = self.ruling(caller, now, owner, grant, purpose, category);
        let access = self.consent.accesses + 1;

        if ruling.decision == Decision::Permit {
            let consent = self.setup.addresses.consent;
            let accrual = self.rewards.accrual(consent, owner, purpose, access);
            let accrual = accrual.map_err(|_| "RewardsFailed")?;
            let permit = Permit {
                access,
                at: now,
                owner,
                requester: caller,
                purpose,
                category,
                grant: ruling.grant.and_then(|n| self.consent.grants.get(&n)).copied(),
                window: ruling.window.and_then(|n| self.consent.windows.get(&n)).copied(),
                epoch: self.consent.epoch(&owner),
                denial: self.consent.denials.get(&(owner, caller)).copied(),
                owner_is: self.participants.participants.get(&owner).copied(),
                requester_is: self.participants.participants.get(&caller).copied(),
            };
            let used = ruling.grant.and_then(|n| self.consent.grants.get_mut(&n));
            if let Some(grant) = used {
                grant.uses = grant.uses.checked_add(1).ok_or("TooMany")?;
            }
            self.consent.permits.push(permit);
            self.rewards.book(accrual);
        }

        let head = self.consent.log_head(&owner);
        let entry = LogEntry {
            requester: caller,
            access,
            sequence: head.sequence + 1,
            purpose,
            category,
            grant: ruling.grant,
            window: ruling.window,
            decision: ruling.decision,
            at: now,
        };
        let content = entry.content(owner);
        let hash = blake2b(&[head.hash, content].concat());
        self.consent.accesses = access;
        self.consent.logs.entry(owner).or_default().push(entry);
        self.consent.contents.entry(owner).or_default().push(content);
        self.consent.heads.entry(owner).or_default().push(hash);
        Ok(Answer::Decision(ruling.decision))
    }
}
