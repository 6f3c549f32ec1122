//! Proposals of grants and what became of them; requests for erasure and their answers.
//!
//! That an accepted proposal names a grant which carries its terms is asked of the projections together, by
//! [the invariants](crate::INVARIANTS).

use assent_events::agreements::{
    ErasureAnswered, ErasureRequested, Event, ProposalAccepted, ProposalDeclined,
    ProposalWithdrawn, Proposed,
};
use assent_events::{AccountId, Event as Any, Hash};

use super::{Moment, Stop, bigint, contradiction, hex, key};
use crate::position::Position;
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// Terms of a grant that were proposed to their owner.
    Current Proposal in "proposals" [id: i64] {
        owner: AccountId,
        requester: AccountId,
        proposed_by: AccountId,
        person: Option<Hash>,
        purposes: i64,
        categories: i64,
        valid_from_ms: u64,
        valid_until_ms: u64,
        max_uses: Option<i64>,
        record: Option<Hash>,
        policy: Hash,
        proposed_at_ms: i64,
        expires_at_ms: i64,
        withdrawn_at_ms: Option<i64>,
        withdrawn_by: Option<AccountId>,
        accepted_at_ms: Option<i64>,
        grant_id: Option<i64>,
        declined_at_ms: Option<i64>,
        decline_reason: Option<Hash>,
        answered_by: Option<AccountId>,
    }

    /// A request of an owner to erase what is held of him.
    Current Erasure in "erasures" [id: i64] {
        owner: AccountId,
        requester: AccountId,
        requested_by: AccountId,
        requested_at_ms: i64,
        due_ms: i64,
        answered_at_ms: Option<i64>,
        retained_until_ms: Option<i64>,
        evidence: Option<Hash>,
        answered_by: Option<AccountId>,
        person: Option<Hash>,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match *event {
        Event::Proposed(Proposed { proposal, .. })
        | Event::ProposalWithdrawn(ProposalWithdrawn { proposal, .. })
        | Event::ProposalAccepted(ProposalAccepted { proposal, .. })
        | Event::ProposalDeclined(ProposalDeclined { proposal, .. }) => {
            rows.want::<Proposal>((key(proposal),));
        }
        Event::ErasureRequested(ErasureRequested { erasure, .. })
        | Event::ErasureAnswered(ErasureAnswered { erasure, .. }) => {
            rows.want::<Erasure>((key(erasure),));
        }
        // It is part of what the event before it says.
        Event::GuardianActed(_) => {}
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let at = moment.at;
    match event {
        Event::Proposed(event) => proposed(event, at, rows),
        Event::ProposalWithdrawn(event) => withdrawn(event, rows),
        Event::ProposalAccepted(event) => accepted(event, moment, rows),
        Event::ProposalDeclined(event) => declined(event, moment, rows),
        Event::ErasureRequested(event) => erasure_requested(event, moment, rows),
        Event::ErasureAnswered(event) => erasure_answered(event, rows),
        // It is part of what the event before it says.
        Event::GuardianActed(_) => Ok(()),
    }
}

/// Who did it for an owner: a guardian, when the next event says so, or else he himself.
fn actor(owner: AccountId, next: Option<&Any>) -> AccountId {
    match next {
        Some(Any::Agreements(Event::GuardianActed(acted))) if acted.owner == owner => {
            acted.guardian
        }
        _ => owner,
    }
}

fn proposed(event: &Proposed, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Proposed {
        proposal,
        owner,
        requester,
        by,
        person,
        purposes,
        categories,
        from,
        until,
        max_uses,
        record,
        policy,
        expires,
        at: at_ms,
    } = *event;
    let row = Proposal {
        id: bigint(proposal, "proposal")?,
        owner,
        requester,
        proposed_by: by,
        person,
        purposes: purposes.into(),
        categories: categories.into(),
        valid_from_ms: from,
        valid_until_ms: until,
        max_uses: max_uses.map(i64::from),
        record,
        policy,
        proposed_at_ms: bigint(at_ms, "at")?,
        expires_at_ms: bigint(expires, "expires")?,
        withdrawn_at_ms: None,
        withdrawn_by: None,
        accepted_at_ms: None,
        grant_id: None,
        declined_at_ms: None,
        decline_reason: None,
        answered_by: None,
        at,
    };
    rows.insert(row, || format!("proposal {proposal} is there already"))
}

fn withdrawn(event: &ProposalWithdrawn, rows: &mut Rows) -> Result<(), Stop> {
    let ProposalWithdrawn { proposal, owner, requester, by, at: at_ms } = *event;
    let is_it = |found: &Proposal| (found.owner, found.requester) == (owner, requester);
    let before = ended(proposal, is_it, rows)?;
    let withdrawn_at_ms = Some(bigint(at_ms, "at")?);
    rows.put(Proposal { withdrawn_at_ms, withdrawn_by: Some(by), ..before })
}

fn accepted(
    event: &ProposalAccepted,
    Moment { next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ProposalAccepted { proposal, owner, requester, grant, policy, at: at_ms } = *event;
    let is_it = |found: &Proposal| {
        (found.owner, found.requester, found.policy) == (owner, requester, policy)
    };
    let before = ended(proposal, is_it, rows)?;
    let accepted_at_ms = Some(bigint(at_ms, "at")?);
    let grant_id = Some(bigint(grant, "grant")?);
    let answered_by = Some(actor(owner, next));
    rows.put(Proposal { accepted_at_ms, grant_id, answered_by, ..before })
}

fn declined(
    event: &ProposalDeclined,
    Moment { next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ProposalDeclined { proposal, owner, requester, reason, at: at_ms } = *event;
    let is_it = |found: &Proposal| (found.owner, found.requester) == (owner, requester);
    let before = ended(proposal, is_it, rows)?;
    let declined_at_ms = Some(bigint(at_ms, "at")?);
    let answered_by = Some(actor(owner, next));
    rows.put(Proposal { declined_at_ms, decline_reason: reason, answered_by, ..before })
}

/// The proposal that an event ends, without the record that it was for, which the contract forgets then.
/// Whether its time was over is the contract's to say.
fn ended(
    proposal: u64,
    is_it: impl FnOnce(&Proposal) -> bool,
    rows: &mut Rows,
) -> Result<Proposal, Stop> {
    let other = || format!("proposal {proposal} is another one, ended, or not there");
    let found: Proposal = rows.find((bigint(proposal, "proposal")?,), other)?;
    let endings = [found.withdrawn_at_ms, found.accepted_at_ms, found.declined_at_ms];
    if endings.iter().any(Option::is_some) || !is_it(&found) {
        return contradiction(other());
    }
    Ok(Proposal { record: None, ..found })
}

fn erasure_requested(
    event: &ErasureRequested,
    Moment { at, next, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let ErasureRequested { erasure, owner, requester, due, at: at_ms } = *event;
    let row = Erasure {
        id: bigint(erasure, "erasure")?,
        owner,
        requester,
        requested_by: actor(owner, next),
        requested_at_ms: bigint(at_ms, "at")?,
        due_ms: bigint(due, "due")?,
        answered_at_ms: None,
        retained_until_ms: None,
        evidence: None,
        answered_by: None,
        person: None,
        at,
    };
    rows.insert(row, || format!("request for erasure {erasure} is there already"))
}

fn erasure_answered(event: &ErasureAnswered, rows: &mut Rows) -> Result<(), Stop> {
    let ErasureAnswered {
        erasure,
        owner,
        requester,
        retained_until,
        evidence,
        by,
        person,
        at: at_ms,
    } = *event;
    let other = || {
        format!(
            "request for erasure {erasure} is not one of {} that {} has not answered",
            hex(owner),
            hex(requester)
        )
    };
    let before: Erasure = rows.find((bigint(erasure, "erasure")?,), other)?;
    let is_it = (before.owner, before.requester) == (owner, requester);
    if !is_it || before.answered_at_ms.is_some() {
        return contradiction(other());
    }
    rows.put(Erasure {
        answered_at_ms: Some(bigint(at_ms, "at")?),
        retained_until_ms: retained_until
            .map(|until| bigint(until, "retained_until"))
            .transpose()?,
        evidence: Some(evidence),
        answered_by: Some(by),
        person,
        ..before
    })
}

#[cfg(test)]
mod tests;
