//! Decisions on accesses.

use super::grants::is_used_up;
use crate::{
    ensure, power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Accrual, Agency, Answer, Decision, Deed, Denial, DenyReason, Grant, Hash, Participant,
    Record, Reply, Request, Window, World, MASK_BITS, TREATMENT,
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

impl Ruling {
    pub(super) fn deny(reason: DenyReason, grant: Option<u64>) -> Self {
        Self { decision: Decision::Deny(reason), grant, window: None }
    }

    fn permit(grant: Option<u64>, window: Option<u64>) -> Self {
        Self { decision: Decision::Permit, grant, window }
    }
}

/// What was known at a decision, permit or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: u64,
    /// Who asked.
    pub asked: Deed,
    /// By which key.
    pub key: Account,
    /// The commitment to who of the requester's staff that is.
    pub person: Option<Hash>,
    /// For whom, and for what.
    pub request: Request,
    /// Whether the contract was paused.
    pub paused: bool,
    /// The owner's epoch.
    pub epoch: u32,
    /// His guardianship.
    pub guardianship: u32,
    /// All grants of the pair before, each with the mark of who gave it.
    pub grants: Vec<(u64, Grant, u64)>,
    /// All windows of the pair.
    pub windows: Vec<(u64, Window)>,
    /// What the owner denied the requester, and the key that asked for it.
    pub denials: Vec<Denial>,
    /// How many of [`Consent::chosen`](crate::Consent::chosen) there were.
    pub chosen: usize,
    /// The owner's admission.
    pub owner_is: Option<Participant>,
    /// The requester's admission.
    pub requester_is: Option<Participant>,
    /// What was decided.
    pub ruling: Ruling,
    /// What it earns, as the rewards contract says, if it was asked and did not refuse to.
    pub accrual: Option<Accrual>,
    /// The number of the decision; `None` if it stands in the log of those never admitted.
    pub access: Option<u64>,
}

/// Whether bit `index` is in `mask`; there is none above 31.
pub(crate) fn has_bit(mask: u32, index: u8) -> bool {
    index < MASK_BITS && mask & (1 << index) != 0
}

impl World {
    /// What is decided of a request that one makes for the requester, by the second of these, which is his
    /// key, and what it rests on. It does not say whether somebody pays. `is_permitted` answers for the
    /// requester himself.
    pub fn ruling(&self, now: u64, askers: [Account; 2], request: Request) -> Ruling {
        let Request { requester, owner, purpose, category, .. } = request;
        if !self.participants.has_role(&requester, PROVIDER | RESEARCHER) {
            return Ruling::deny(DenyReason::RequesterNotAdmitted, None);
        }
        if !self.participants.has_role(&owner, DATA_OWNER) {
            return Ruling::deny(DenyReason::OwnerNotAdmitted, None);
        }
        let denials = self.consent.denials_that_count(&owner, &requester, askers);
        let denied = |of: fn(&Denial) -> u32| {
            denials.iter().any(|d| d.purpose == purpose && has_bit(of(d), category))
        };
        let restricted = self.consent.restricts(&owner, &requester, purpose, category);
        if denied(|d| d.categories) || restricted == Some(false) {
            return Ruling::deny(DenyReason::Denied, None);
        }

        // No broken glass minds what guardians say.
        let ruling = if denied(|d| d.by_guardians) || restricted == Some(true) {
            Ruling::deny(DenyReason::Denied, None)
        } else if self.consent.governance.paused {
            Ruling::deny(DenyReason::Paused, None)
        } else {
            self.granted(now, request)
        };
        // A category that does not exist is nobody's to see, also in an emergency.
        let emergency = purpose == TREATMENT
            && category < MASK_BITS
            && !self.consent.refuses_emergencies(&owner);
        let denied = ruling.decision != Decision::Permit;
        if denied && emergency && self.participants.has_role(&requester, PROVIDER) {
            if let Some(window) = self.consent.open_window(&requester, &owner, now) {
                return Ruling::permit(None, Some(window));
            }
        }
        ruling
    }

    /// What the grants say.
    fn granted(&self, now: u64, request: Request) -> Ruling {
        let grants = self.consent.between(&request.owner, &request.requester);
        let refused = |number: u64, grant: &Grant| self.refused_by(number, grant, now, &request);
        if let Some(named) = request.grant {
            return match grants.iter().find(|(number, _)| *number == named) {
                None => Ruling::deny(DenyReason::NoGrant, None),
                Some((_, grant)) => match refused(named, grant) {
                    Some(reason) => Ruling::deny(reason, Some(named)),
                    None => Ruling::permit(Some(named), None),
                },
            };
        }

        let Some((latest, last)) = grants.last() else {
            return Ruling::deny(DenyReason::NoGrant, None);
        };
        let lives =
            |(n, grant): &&(u64, Grant)| self.consent.lives(*n, grant, now) && self.counts(grant);
        let live: Vec<_> = grants.iter().filter(lives).collect();
        // Those without a limit come first, then the lowest number.
        let covering = live.iter().filter(|(n, grant)| refused(*n, grant).is_none());
        if let Some((n, _)) = covering.min_by_key(|(n, grant)| (grant.max_uses.is_some(), *n)) {
            return Ruling::permit(Some(*n), None);
        }
        let mut furthest: Option<(usize, u64, DenyReason)> = None;
        for (number, grant) in live {
            let Some(reason) = refused(*number, grant) else { continue };
            let far = FURTHER.iter().position(|other| *other == reason).unwrap_or(0);
            if furthest.is_none_or(|(other, ..)| far > other) {
                furthest = Some((far, *number, reason));
            }
        }
        if let Some((_, number, reason)) = furthest {
            return Ruling::deny(reason, Some(number));
        }
        // None lives.
        let reason = if self.consent.is_revoked(*latest, last) {
            DenyReason::Revoked
        } else if now >= last.until || !self.counts(last) {
            DenyReason::Expired
        } else {
            DenyReason::UsesExhausted
        };
        Ruling::deny(reason, Some(*latest))
    }

    /// The first reason for which `grant` does not permit it.
    fn refused_by(
        &self,
        number: u64,
        grant: &Grant,
        now: u64,
        request: &Request,
    ) -> Option<DenyReason> {
        let record = match grant.record {
            Record::All => true,
            Record::One(one) => request.record == Some(one),
            Record::Erased => false,
        };
        let reasons = [
            (self.consent.is_revoked(number, grant), DenyReason::Revoked),
            (!self.counts(grant), DenyReason::Expired),
            (now < grant.from, DenyReason::NotYetValid),
            (now >= grant.until, DenyReason::Expired),
            (!record, DenyReason::RecordNotGranted),
            (!has_bit(grant.purposes, request.purpose), DenyReason::PurposeNotGranted),
            (!has_bit(grant.categories, request.category), DenyReason::CategoryNotGranted),
            (is_used_up(grant), DenyReason::UsesExhausted),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
    }

    /// `request_access`
    pub fn request_access(&mut self, caller: Account, now: u64, request: Request) -> Reply {
        ensure(request.purpose < MASK_BITS, "UnknownPurpose")?;
        ensure(request.category < MASK_BITS, "UnknownCategory")?;
        let (key, caller) = (caller, self.by(caller)?);
        let requester = request.requester;
        let agency = self.participants.acting(&requester, &caller, power::ASK, now)?;
        let ruling = self.ruling(now, [caller, key], request);
        let mut decided = self.decided([caller, key], agency, now, request, ruling);
        if self.participants.was_admitted(&requester) {
            let access = self.consent.accesses + 1;
            let accrued = self.ask_rewards(access, &mut decided)?;
            if decided.ruling.decision == Decision::Permit {
                self.permit(access, &decided)?;
            }
            if let Some(accrued) = accrued {
                self.rewards.book(accrued);
            }
            decided.access = Some(access);
            self.append(access, &decided);
        } else {
            self.refuse_outsider(&decided);
        }
        let decision = decided.ruling.decision;
        self.consent.last = Some(decided);
        Ok(Answer::Decision(decision))
    }

    fn decided(
        &self,
        [by, key]: [Account; 2],
        agency: Agency,
        at: u64,
        request: Request,
        ruling: Ruling,
    ) -> Decided {
        let c = &self.consent;
        let Request { requester, owner, .. } = request;
        let marked = |(n, grant): (u64, Grant)| (n, grant, c.mark_of(&grant));
        Decided {
            at,
            asked: self.participants.deed(requester, by, power::ASK, at),
            key,
            person: agency.person,
            request,
            paused: c.governance.paused,
            epoch: c.epoch(&owner),
            guardianship: self.participants.guardianship(&owner),
            grants: c.between(&owner, &requester).into_iter().map(marked).collect(),
            windows: c.windows_on(&requester, &owner).collect(),
            denials: c.denials_that_count(&owner, &requester, [by, key]),
            chosen: c.chosen.len(),
            owner_is: self.participant(&owner),
            requester_is: self.participant(&requester),
            ruling,
            accrual: None,
            access: None,
        }
    }
}

/// Why a live grant does not cover a request: the further back, the nearer it came.
const FURTHER: [DenyReason; 4] = [
    DenyReason::NotYetValid,
    DenyReason::RecordNotGranted,
    DenyReason::PurposeNotGranted,
    DenyReason::CategoryNotGranted,
];
