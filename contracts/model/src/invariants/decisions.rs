//! What holds of the last decision, whether it is a permit or not: the invariants are asked after each.

use super::{
    active,
    choices::covers,
    consent::{contains, is_over},
};
use crate::{
    consent::{Decided, Erasure},
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Accrual, Choices, Decision, Denial, DenyReason, Grant, Record, World, TREATMENT,
};

impl World {
    pub(super) fn last_decision_holds(&self) -> Result<(), String> {
        match &self.consent.last {
            Some(last) => {
                let chosen = self.chosen_by(&last.request.owner, last.chosen);
                decided(last, &chosen).map_err(|why| format!("{why}: {last:?}"))
            }
            None => Ok(()),
        }
    }
}

/// A grant of the pair, and what became of it.
struct Candidate {
    number: u64,
    limited: bool,
    over: bool,
    /// How many of the checks of a request it passes, one after the other, of four.
    passes: usize,
}

impl Candidate {
    fn covers(&self) -> bool {
        !self.over && self.passes == FAILS.len()
    }
}

/// How a grant fails that passes none, one, two or three of the checks.
const FAILS: [DenyReason; 4] = [
    DenyReason::NotYetValid,
    DenyReason::RecordNotGranted,
    DenyReason::PurposeNotGranted,
    DenyReason::CategoryNotGranted,
];

fn candidate(last: &Decided, number: u64, grant: Grant, revoked_up_to: u64) -> Candidate {
    let request = &last.request;
    let (at, epoch, guardianship) = (last.at, last.epoch, Some(last.guardianship));
    let known = Erasure { grant, at, epoch, revoked_up_to, guardianship };
    let record = match (grant.record, request.record) {
        (Record::All, _) => true,
        (Record::One(one), Some(other)) => one == other,
        _ => false,
    };
    let checks = [
        last.at >= grant.from,
        record,
        contains(grant.purposes, request.purpose),
        contains(grant.categories, request.category),
    ];
    Candidate {
        number,
        limited: grant.max_uses.is_some(),
        over: is_over(number, &known),
        passes: checks.iter().take_while(|passed| **passed).count(),
    }
}

/// Every rule of a decision, from what was known and not from what was computed.
fn decided(last: &Decided, chosen: &Choices) -> Result<(), String> {
    let Decided { at, request, ruling, .. } = last;
    let outsider = last.requester_is.is_none_or(|p| p.confirmed.is_none());
    hold!(outsider == last.access.is_none(), "in the wrong log");
    hold!(!outsider || !active(last.requester_is, u16::MAX), "acts without an approval");
    let asked = (last.asked.subject, last.asked.at) == (request.requester, *at);
    hold!(asked, "asked for another");
    // Who was never admitted has no staff.
    let alone = last.asked.by == request.requester && last.person.is_none();
    hold!(!outsider || alone, "for an outsider");
    let pair = (request.owner, request.requester);
    let of_the_pair = last.grants.iter().all(|(_, g, _)| (g.owner, g.grantee) == pair);
    hold!(of_the_pair, "grants of another pair");

    let requester = active(last.requester_is, PROVIDER | RESEARCHER);
    let owner = active(last.owner_is, DATA_OWNER);
    let denies = |of: fn(&Denial) -> u32| {
        let mut denials = last.denials.iter().filter(|d| d.purpose == request.purpose);
        denials.any(|d| contains(of(d), request.category))
    };
    let restriction = covers(chosen, &request.requester, request.purpose, request.category);
    let denied = denies(|d| d.categories) || restriction.is_some_and(|r| !r.by_guardian);
    // By guardians: no window minds it.
    let guarded = denies(|d| d.by_guardians) || restriction.is_some();
    let all: Vec<_> =
        last.grants.iter().map(|(n, grant, mark)| candidate(last, *n, *grant, *mark)).collect();
    let meant = |c: &&Candidate| request.grant.is_none_or(|number| number == c.number);
    let covering: Vec<_> = all.iter().filter(meant).filter(|c| c.covers()).collect();
    let window = last.windows.iter().find(|(_, w)| {
        w.closed.is_none() && w.outcome.is_none() && w.opened <= *at && *at < w.until
    });
    let emergency = request.purpose == TREATMENT
        && active(last.requester_is, PROVIDER)
        && !chosen.refuses_emergencies;

    let heard = requester && owner && !denied;
    let by_grant = heard && !guarded && !last.paused && !covering.is_empty();
    let by_window = heard && emergency && window.is_some();
    let permits = ruling.decision == Decision::Permit;
    hold!(!permits || by_grant || by_window, "permitted by nothing");
    let unfunded = ruling.decision == Decision::Deny(DenyReason::Unfunded);
    hold!(permits || unfunded || !by_grant, "a live grant covers it");
    hold!(permits || !by_window, "a window covers it");
    if by_grant {
        let applied = covering.iter().find(|c| Some(c.number) == ruling.grant);
        let Some(applied) = applied else { return Err("not by a grant that covers it".into()) };
        let better = |c: &&&Candidate| (c.limited, c.number) < (applied.limited, applied.number);
        hold!(covering.iter().find(better).is_none(), "another grant comes first");
        hold!(ruling.window.is_none(), "by a window though a grant covers it");
    } else if by_window {
        hold!(ruling.window == window.map(|(number, _)| *number), "by another window");
        hold!(ruling.grant.is_none(), "by a grant that does not cover it");
    }
    paid_for(last, by_grant)?;
    let reason = match ruling.decision {
        Decision::Deny(reason) if !unfunded => reason,
        _ => return Ok(()),
    };

    // The first of these that is so is the reason.
    let first = [
        (!requester, DenyReason::RequesterNotAdmitted),
        (!owner, DenyReason::OwnerNotAdmitted),
        (denied || guarded, DenyReason::Denied),
        (last.paused, DenyReason::Paused),
    ];
    let first = first.into_iter().find(|(so, _)| *so).map(|(_, reason)| reason);
    if let Some(first) = first {
        hold!(reason == first && ruling.grant.is_none(), "the reason is {first}");
        return Ok(());
    }
    refused(last, &all, reason)
}

/// Rewards are asked of what a grant permits and of nothing else; what has to be paid and is not, is
/// refused for that.
fn paid_for(last: &Decided, by_grant: bool) -> Result<(), String> {
    let care = last.request.purpose == TREATMENT;
    hold!(by_grant || last.accrual.is_none(), "nothing is earned without a grant");
    hold!(!by_grant || care || last.accrual.is_some(), "the rewards contract refused");
    let unfunded = last.ruling.decision == Decision::Deny(DenyReason::Unfunded);
    let declined = last.accrual == Some(Accrual::Declined);
    hold!(unfunded == (declined && !care), "refused for money, or not");
    Ok(())
}

/// The grants are the reason.
fn refused(last: &Decided, all: &[Candidate], reason: DenyReason) -> Result<(), String> {
    let number = last.ruling.grant;
    let named = all.iter().find(|c| Some(c.number) == number);
    let Some(named) = named else {
        hold!(number.is_none() && reason == DenyReason::NoGrant, "by a grant of others");
        let none = all.iter().all(|c| last.request.grant.is_some_and(|number| number != c.number));
        hold!(none, "there is a grant");
        return Ok(());
    };
    hold!(reason != DenyReason::NoGrant, "there is a grant");
    let fails = FAILS.get(named.passes).copied();
    let of_over = [DenyReason::Revoked, DenyReason::Expired, DenyReason::UsesExhausted];
    if last.request.grant.is_some() {
        hold!(last.request.grant == number, "by a grant that was not named");
        let fits = Some(reason) == fails || named.over && of_over.contains(&reason);
        hold!(fits, "not why this grant fails");
        return Ok(());
    }
    let furthest = all.iter().filter(|c| !c.over).map(|c| c.passes).max();
    match furthest {
        Some(furthest) => {
            hold!(!named.over && named.passes == furthest, "another live grant came further");
            let earlier =
                all.iter().any(|c| !c.over && c.passes == furthest && c.number < named.number);
            hold!(!earlier, "an earlier grant came as far");
            hold!(Some(reason) == fails, "not why this grant fails");
        }
        None => {
            let latest = all.iter().all(|c| c.number <= named.number);
            hold!(latest && of_over.contains(&reason), "not why the latest is over");
        }
    }
    Ok(())
}
