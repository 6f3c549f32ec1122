//! What the model says of proposals of grants and of requests for erasure.

use assent_events::Hash;
use assent_mirror::fold::agreements::{Erasure, Proposal};
use assent_model::{Deed, Ending, ErasureRequest, World};

use super::compare::Modelled;
use super::values::{big, ms};

/// The commitment to who of the staff did it, by the mandates that there were then.
fn person(deed: &Deed, world: &World) -> Option<Hash> {
    let acts = world.participants.mandated.get(..deed.mandates)?;
    let pair = (deed.subject, deed.by);
    let last = acts.iter().rev().find(|act| (act.subject, act.agent) == pair)?;
    last.mandate.map(|mandate| mandate.person)
}

impl Modelled for Proposal {
    fn expected(&self, world: &World) -> Option<Self> {
        let number = u64::try_from(self.id).ok()?;
        let model = world.agreements.proposals.get(&number)?;
        let made = world.agreements.proposed.get(&number)?;
        let terms = model.terms;
        let ended = world.agreements.ended.iter().find(|end| end.proposal == number);
        let ended_as = |is: fn(Ending) -> bool| ended.filter(|end| is(end.ending));
        let withdrawn = ended_as(|ending| ending == Ending::Withdrawn);
        let accepted = ended_as(|ending| matches!(ending, Ending::Accepted(_)));
        let declined = ended_as(|ending| ending == Ending::Declined);
        Some(Self {
            id: self.id,
            owner: terms.owner.into(),
            requester: terms.grantee.into(),
            proposed_by: model.by.into(),
            person: person(&made.deed, world),
            purposes: terms.purposes.into(),
            categories: terms.categories.into(),
            valid_from_ms: terms.from,
            valid_until_ms: terms.until,
            max_uses: terms.max_uses.map(i64::from),
            record: terms.record,
            policy: terms.policy,
            proposed_at_ms: big(model.at),
            expires_at_ms: big(model.expires),
            withdrawn_at_ms: ms(withdrawn.map(|end| end.deed.at)),
            withdrawn_by: withdrawn.map(|end| end.deed.by.into()),
            accepted_at_ms: ms(accepted.map(|end| end.deed.at)),
            grant_id: match model.ending {
                Some(Ending::Accepted(grant)) => Some(big(grant)),
                _ => None,
            },
            declined_at_ms: ms(declined.map(|end| end.deed.at)),
            // A reason may be given; it is in the event alone.
            decline_reason: declined.and(self.decline_reason),
            answered_by: accepted.or(declined).map(|end| end.deed.by.into()),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.agreements.proposals.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Erasure {
    fn expected(&self, world: &World) -> Option<Self> {
        let number = u64::try_from(self.id).ok()?;
        let ErasureRequest { owner, requester, at, due, answer } =
            *world.agreements.erasures.get(&number)?;
        let answered = world.agreements.answered.iter().find(|given| given.erasure == number);
        Some(Self {
            id: self.id,
            owner: owner.into(),
            requester: requester.into(),
            requested_by: world.agreements.asked.get(&number)?.deed.by.into(),
            requested_at_ms: big(at),
            due_ms: big(due),
            answered_at_ms: ms(answer.map(|answer| answer.at)),
            retained_until_ms: ms(answer.and_then(|answer| answer.retained_until)),
            evidence: answer.map(|answer| answer.evidence),
            answered_by: answer.map(|answer| answer.by.into()),
            person: answered.and_then(|given| person(&given.deed, world)),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.agreements.erasures.keys().map(|number| (big(*number),)).collect()
    }
}
