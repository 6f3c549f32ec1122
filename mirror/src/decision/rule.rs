//! What a request comes to, in the order in which the contract asks.

use std::cmp::Reverse;

use assent_events::{Decision, DenyReason, Hash, MASK_BITS, purpose, role};

use super::{Facts, GrantFacts, has};

/// A request for access; who asks whom is in the [`Facts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Under which grant; `None`: any that covers it.
    pub grant: Option<i64>,
    /// Which record; `None`: none in particular.
    pub record: Option<Hash>,
    /// Index of the [purpose](assent_events::purpose).
    pub purpose: u8,
    /// Index of the [category](assent_events::category).
    pub category: u8,
}

/// What a request comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Permit, or deny with a reason.
    pub decision: Decision,
    /// The grant that permits it, or whose reason it is.
    pub grant: Option<i64>,
    /// The emergency that permits it without one.
    pub window: Option<i64>,
}

/// Why no grant permits, and the one whose reason it is.
type Refusal = (DenyReason, Option<i64>);

/// What the contract would decide. An emergency makes up for a grant that does not permit, also in a pause, and
/// for nothing else.
#[must_use]
pub fn decide(facts: &Facts, request: &Request) -> Verdict {
    let deny = |reason, grant| Verdict { decision: Decision::Deny(reason), grant, window: None };
    if !facts.admits_requester() {
        return deny(DenyReason::RequesterNotAdmitted, None);
    }
    if !facts.admits_owner() {
        return deny(DenyReason::OwnerNotAdmitted, None);
    }
    let denial = facts.denial(request.purpose);
    let restriction = facts
        .restricts(request.purpose)
        .filter(|restriction| has(restriction.categories, request.category));
    if has(denial.categories, request.category)
        || restriction.is_some_and(|restriction| !restriction.by_guardian)
    {
        return deny(DenyReason::Denied, None);
    }
    // What guardians deny binds no emergency.
    let by_grant = if has(denial.by_guardians, request.category) || restriction.is_some() {
        Err((DenyReason::Denied, None))
    } else if facts.paused {
        Err((DenyReason::Paused, None))
    } else {
        by_grant(facts, request)
    };
    let (reason, grant) = match by_grant {
        Ok(number) => {
            return Verdict { decision: Decision::Permit, grant: Some(number), window: None };
        }
        Err(refusal) => refusal,
    };
    match by_emergency(facts, request) {
        Some(window) => Verdict { decision: Decision::Permit, grant: None, window: Some(window) },
        None => deny(reason, grant),
    }
}

/// The open window that is good for a request.
fn by_emergency(facts: &Facts, request: &Request) -> Option<i64> {
    let treats = request.purpose == purpose::TREATMENT && request.category < MASK_BITS;
    let counts = facts.requester_roles & role::PROVIDER != 0 && !facts.refuses_emergencies;
    facts.window.filter(|_| treats && counts)
}

/// The grant that permits a request.
fn by_grant(facts: &Facts, request: &Request) -> Result<i64, Refusal> {
    match request.grant {
        Some(number) => by_named(facts, request, number),
        None => by_any(facts, request),
    }
}

/// Whether the grant that a request names permits it, if it is one between these two; or why not.
fn by_named(facts: &Facts, request: &Request, number: i64) -> Result<i64, Refusal> {
    let named = facts.grants.iter().find(|grant| grant.number == number);
    let grant = named.ok_or((DenyReason::NoGrant, None))?;
    let refusal = match grant.end(facts) {
        end @ Some(DenyReason::Revoked | DenyReason::Expired) => end,
        // That it is used up comes last of all that it may fail in.
        _ => grant.refusal(facts.now, request),
    };
    refusal.map_or(Ok(number), |reason| Err((reason, Some(number))))
}

/// Of the live grants that cover a request the first without a limit, or else the first; or the reason of the
/// one that came closest, or else of the latest.
fn by_any(facts: &Facts, request: &Request) -> Result<i64, Refusal> {
    let latest = facts.grants.iter().max_by_key(|grant| grant.number);
    let latest = latest.ok_or((DenyReason::NoGrant, None))?;
    let live = facts.grants.iter().filter(|grant| grant.end(facts).is_none());
    let (refused, covering): (Vec<_>, Vec<_>) = live
        .map(|grant| (grant, grant.refusal(facts.now, request)))
        .partition(|(_, refusal)| refusal.is_some());
    let first = covering.iter().min_by_key(|(grant, _)| (grant.max_uses.is_some(), grant.number));
    if let Some((grant, _)) = first {
        return Ok(grant.number);
    }
    let refused = refused.into_iter().filter_map(|(grant, reason)| Some((grant, reason?)));
    let closest = refused.max_by_key(|(grant, reason)| (progress(*reason), Reverse(grant.number)));
    let (grant, reason): (&GrantFacts, _) =
        closest.unwrap_or((latest, latest.end(facts).unwrap_or(DenyReason::Revoked)));
    Err((reason, Some(grant.number)))
}

/// How far a live grant got that does not cover a request.
const fn progress(reason: DenyReason) -> u8 {
    match reason {
        DenyReason::RecordNotGranted => 1,
        DenyReason::PurposeNotGranted => 2,
        DenyReason::CategoryNotGranted => 3,
        // Not yet valid: nothing else is left for one that lives.
        _ => 0,
    }
}
