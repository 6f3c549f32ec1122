//! What holds of proposals and of requests for erasure, judged by what was known at their time.

use super::{active, consent::is_over};
use crate::{
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Answered, Asked, Deed, Ended, Ending, ErasureRequest, Proposal, Proposed, Record,
    Terms, World,
};
use std::collections::BTreeMap;

/// 92 days, ms.
const OPEN: u64 = 7_948_800_000;
/// 30 years, each with a day to spare, ms.
const RETENTION: u64 = 948_672_000_000;

impl World {
    /// What was proposed stays, by one who could, and ends once at most, while it is open.
    pub(super) fn proposals_hold(&self) -> Result<(), String> {
        let a = &self.agreements;
        hold!(a.proposals.keys().eq(a.proposed.keys()), "a proposal is gone, or from nowhere");
        let mut ended: BTreeMap<u64, &Ended> = BTreeMap::new();
        for end in &a.ended {
            hold!(ended.insert(end.proposal, end).is_none(), "ended twice: {end:?}");
        }
        for (position, ((number, proposal), proposed)) in
            a.proposals.iter().zip(a.proposed.values()).enumerate()
        {
            hold!(*number == position as u64 + 1, "a gap before proposal {number}");
            self.proposed_well(proposal, proposed)
                .map_err(|why| format!("{why}: {proposal:?}, {proposed:?}"))?;
            let end = ended.remove(number);
            hold!(end.map(|end| end.ending) == proposal.ending, "ended how? {proposal:?}, {end:?}");
            if let Some(end) = end {
                self.ended_well(proposal, &proposed.terms, end)
                    .map_err(|why| format!("{why}: {proposal:?}, {end:?}"))?;
            }
        }
        hold!(ended.is_empty(), "ended was what nobody proposed: {ended:?}");
        Ok(())
    }

    fn proposed_well(&self, proposal: &Proposal, proposed: &Proposed) -> Result<(), String> {
        let Proposal { terms, by, person, at, expires, .. } = *proposal;
        // What has ended tells no more which record it was for.
        let kept = proposed.terms.record.filter(|_| proposal.ending.is_none());
        let stands = Terms { record: kept, ..proposed.terms };
        hold!((stands, proposed.expires) == (terms, expires), "it changed");
        let deed = &proposed.deed;
        let done = (deed.subject, deed.by, deed.at) == (terms.grantee, by, at);
        hold!(done && by != terms.owner, "by another, or at another time");
        hold!(self.person_of(deed, &[power::SIGN])? == person, "by another person");
        hold!(!self.guards(deed, &terms.owner), "by one who answers it");
        hold!(
            active(proposed.requester_is, PROVIDER | RESEARCHER),
            "the requester is not admitted"
        );
        hold!(active(proposed.owner_is, DATA_OWNER), "the owner is not admitted");
        let says = terms.owner != terms.grantee
            && terms.purposes.min(terms.categories) > 0
            && terms.max_uses.is_none_or(|max| max > 0);
        hold!(says, "it says nothing");
        hold!(terms.from < terms.until && expires <= terms.until, "it outlasts its grant");
        let open = expires.checked_sub(at).is_some_and(|open| (1..=OPEN).contains(&open));
        hold!(open, "open for how long?");
        Ok(())
    }

    fn ended_well(&self, proposal: &Proposal, terms: &Terms, end: &Ended) -> Result<(), String> {
        let deed = &end.deed;
        let in_time = proposal.at <= deed.at && deed.at < proposal.expires;
        hold!(in_time, "it was not open");
        if end.ending == Ending::Withdrawn {
            self.person_of(deed, &[power::SIGN])?;
            hold!(deed.subject == terms.grantee, "withdrawn by another");
        } else {
            self.person_of(deed, &[power::GUARDIAN])?;
            hold!(deed.subject == terms.owner, "not answered for the owner");
            let proposes =
                deed.by != terms.owner && [proposal.by, terms.grantee].contains(&deed.by);
            hold!(!proposes, "answered by who proposed");
        }
        let Ending::Accepted(number) = end.ending else {
            hold!(end.granted.is_none(), "granted what was not accepted");
            return Ok(());
        };
        let Some((known, made)) = end.granted.zip(self.consent.made.get(&number)) else {
            return Err("accepted without a grant".into());
        };
        let before = number <= end.grants as u64 && made.at <= deed.at;
        let guardians = known.grant.guardianship.is_some();
        let own = made.by == terms.owner || guardians;
        hold!(own && before, "the owner's side had not given it: {made:?}");
        hold!(known.at == deed.at && !is_over(number, &known), "the grant was over");
        let grant = known.grant;
        let parties = (grant.owner, grant.grantee, grant.by);
        hold!(parties == (terms.owner, terms.grantee, made.by), "between others");
        let masks = (grant.purposes, grant.categories) == (terms.purposes, terms.categories);
        let period = (grant.from, grant.until) == (terms.from, terms.until);
        let limits = (grant.max_uses, grant.policy) == (terms.max_uses, terms.policy);
        hold!(masks && period && limits, "on other terms");
        let record = match grant.record {
            Record::One(record) => terms.record == Some(record),
            other => other == Record::All && terms.record.is_none(),
        };
        hold!(record && made.record == grant.record, "for another record: {made:?}");
        Ok(())
    }

    /// Erasure is asked for when nothing is granted, one request of a pair after the other, and each
    /// is answered once at most.
    pub(super) fn erasures_hold(&self) -> Result<(), String> {
        let a = &self.agreements;
        hold!(a.erasures.keys().eq(a.asked.keys()), "a request is gone, or from nowhere");
        let mut answered: BTreeMap<u64, &Answered> = BTreeMap::new();
        for answer in &a.answered {
            let first = answered.insert(answer.erasure, answer).is_none();
            hold!(first, "answered twice: {answer:?}");
        }
        let mut latest: BTreeMap<_, &ErasureRequest> = BTreeMap::new();
        for (position, ((number, erasure), asked)) in
            a.erasures.iter().zip(a.asked.values()).enumerate()
        {
            hold!(*number == position as u64 + 1, "a gap before request {number}");
            self.asked_well(erasure, asked)
                .map_err(|why| format!("{why}: {erasure:?}, {asked:?}"))?;
            if let Some(last) = latest.insert((erasure.owner, erasure.requester), erasure) {
                let done = last.answer.is_some_and(|answer| answer.at <= erasure.at);
                hold!(done, "asked again too early: {last:?}, {erasure:?}");
            }
            let given = answered.remove(number);
            let same = given.map(|given| given.answer) == erasure.answer;
            hold!(same, "answered what? {erasure:?}, {given:?}");
            if let Some(given) = given {
                self.answered_well(erasure, given)
                    .map_err(|why| format!("{why}: {erasure:?}, {given:?}"))?;
            }
        }
        hold!(answered.is_empty(), "answered was what nobody asked: {answered:?}");
        Ok(())
    }

    /// Whether who did it was a guardian of `owner` then.
    fn guards(&self, deed: &Deed, owner: &Account) -> bool {
        let mandate = self.mandate_then(owner, &deed.by, deed.at, deed.mandates);
        mandate.is_some_and(|mandate| mandate.appointed_by.is_some())
    }

    fn asked_well(&self, erasure: &ErasureRequest, asked: &Asked) -> Result<(), String> {
        let ErasureRequest { owner, requester, at, due, .. } = *erasure;
        hold!(owner != requester, "of himself");
        self.person_of(&asked.deed, &[power::GUARDIAN])?;
        let done = (asked.deed.subject, asked.deed.at) == (owner, at) && asked.deed.by != requester;
        hold!(done, "by another, or at another time");
        hold!(due.checked_sub(at) == Some(self.agreements.times.answer), "due when?");
        let mut parties = [asked.owner_is, asked.requester_is].into_iter();
        let admitted = parties.all(|party| party.is_some_and(|p| p.confirmed.is_some()));
        hold!(admitted, "of one who was never admitted");
        let c = &self.consent;
        let (before, after): (Vec<_>, Vec<_>) =
            c.made.iter().partition(|(number, _)| **number <= asked.grants as u64);
        let in_time = before.iter().all(|(_, made)| made.at <= at)
            && after.iter().all(|(_, made)| at <= made.at);
        hold!(in_time, "in another state of the grants");
        let of_pair = |number: &u64| {
            c.grants.get(number).is_some_and(|g| (g.owner, g.grantee) == (owner, requester))
        };
        let between = before.iter().map(|(number, _)| **number).filter(of_pair);
        let complete = between.eq(asked.between.iter().map(|(number, _)| *number));
        hold!(complete, "a grant was overlooked");
        let over = asked.between.iter().all(|(number, known)| {
            known.at == at && known.grant.owner == owner && is_over(*number, known)
        });
        hold!(over, "a grant lived");
        Ok(())
    }

    fn answered_well(&self, erasure: &ErasureRequest, given: &Answered) -> Result<(), String> {
        let (answer, deed) = (&given.answer, &given.deed);
        let done = (deed.subject, deed.by, deed.at) == (erasure.requester, answer.by, answer.at);
        let others = deed.by != erasure.owner;
        hold!(done && others && erasure.at <= answer.at, "by another, or at another time");
        self.person_of(deed, &[power::SIGN])?;
        let both = deed.by != erasure.requester && self.guards(deed, &erasure.owner);
        hold!(!both, "by one who may ask");
        let retained = answer.retained_until.is_none_or(|until| {
            until.checked_sub(answer.at).is_some_and(|time| (1..=RETENTION).contains(&time))
        });
        hold!(retained, "retained until when?");
        Ok(())
    }
}
