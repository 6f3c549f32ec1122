//! Proposals of grants: made, taken back, accepted and declined.

use crate::{
    ensure,
    governance::running,
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Answer, Deed, Ending, Erasure, Grant, Participant, Proposal, Record, Refusal, Reply,
    Terms, World,
};
use assent_interface::agreements::MAX_OPEN;

/// What was proposed, and what was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    /// Who did it, for whom.
    pub deed: Deed,
    /// What.
    pub terms: Terms,
    /// Until when.
    pub expires: u64,
    /// The requester's admission.
    pub requester_is: Option<Participant>,
    /// The owner's admission.
    pub owner_is: Option<Participant>,
}

/// An end of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Of which.
    pub proposal: u64,
    /// What it came to.
    pub ending: Ending,
    /// Who did it, for whom.
    pub deed: Deed,
    /// What was known of the grant, if it was accepted.
    pub granted: Option<Erasure>,
    /// How many grants there were.
    pub grants: usize,
}

/// Whether the owner himself or a guardian of his gave a grant that says just this.
fn carries(grant: &Grant, terms: &Terms) -> bool {
    // How often it was used and amended does not matter, nor in which epoch it was given.
    let Grant { version, epoch, uses, by, guardianship, .. } = *grant;
    let says = Grant { version, epoch, uses, by, guardianship, ..Grant::from(*terms) };
    says == *grant && !grant.is_delegates()
}

/// What is wrong with a proposal that `caller` makes.
fn check(caller: &Account, terms: &Terms, now: u64, expires: u64) -> Result<(), Refusal> {
    ensure(terms.owner != terms.grantee && terms.owner != *caller, "SelfProposal")?;
    ensure(terms.purposes != 0 && terms.categories != 0, "EmptyMask")?;
    ensure(terms.from < terms.until && now < terms.until, "InvalidPeriod")?;
    ensure(terms.max_uses != Some(0), "ZeroUses")?;
    let in_time = now < expires && expires - now <= MAX_OPEN;
    ensure(in_time && expires <= terms.until, "InvalidExpiry")
}

impl World {
    /// The newest grant that lives between those of a proposal, or the one that is named.
    pub(crate) fn accepted(
        &self,
        terms: &Terms,
        named: Option<u64>,
        now: u64,
    ) -> Option<(u64, Grant)> {
        let live = self.live_grants(&terms.owner, &terms.grantee, now);
        let mut newest_first = live.into_iter().rev();
        let found = newest_first.find(|(number, _)| named.is_none_or(|named| named == *number));
        found.filter(|(_, grant)| grant.record != Record::Erased && carries(grant, terms))
    }

    fn proposal(&self, number: u64) -> Result<Proposal, Refusal> {
        self.agreements.proposals.get(&number).copied().ok_or("UnknownProposal")
    }

    /// A proposal to `caller`, or to a ward of his, that he may still answer, and his answering it.
    fn proposed_to(
        &self,
        caller: Account,
        now: u64,
        number: u64,
    ) -> Result<(Proposal, Deed), Refusal> {
        let proposal = self.proposal(number)?;
        let caller = self.by(caller)?;
        let Proposal { terms: Terms { owner, grantee, .. }, by, .. } = proposal;
        let p = &self.participants;
        let acts = p.agency(&owner, &caller, now).powers & power::GUARDIAN != 0;
        let signs = p.agency(&grantee, &caller, now).powers & power::SIGN != 0;
        let proposes = caller != owner && (by == caller || signs);
        ensure(acts && !proposes, "NotOwner")?;
        ensure(proposal.is_open(now), "ProposalClosed")?;
        Ok((proposal, p.deed(owner, caller, power::GUARDIAN, now)))
    }

    fn end_proposal(
        &mut self,
        number: u64,
        ending: Ending,
        deed: Deed,
        granted: Option<Erasure>,
    ) -> Reply {
        let grants = self.consent.grants.len();
        let a = &mut self.agreements;
        let proposal = a.proposals.get_mut(&number).ok_or("UnknownProposal")?;
        proposal.ending = Some(ending);
        // Whether it is still known which record a grant is for is for the owner to say.
        proposal.terms.record = None;
        a.ended.push(Ended { proposal: number, ending, deed, granted, grants });
        Ok(Answer::Nothing)
    }

    /// `propose`
    pub fn propose(&mut self, caller: Account, now: u64, terms: Terms, expires: u64) -> Reply {
        running(&self.agreements.governance)?;
        let caller = self.by(caller)?;
        check(&caller, &terms, now, expires)?;
        let Terms { owner, grantee, .. } = terms;
        let p = &self.participants;
        let agency = p.acting(&grantee, &caller, power::SIGN, now)?;
        let answers = p.agency(&owner, &caller, now).powers & power::GUARDIAN != 0;
        ensure(!answers, "NotAuthorized")?;
        ensure(p.has_role(&grantee, PROVIDER | RESEARCHER), "RequesterNotAdmitted")?;
        ensure(p.has_role(&owner, DATA_OWNER), "OwnerNotAdmitted")?;
        let deed = p.deed(grantee, caller, power::SIGN, now);
        let (requester_is, owner_is) = (self.participant(&grantee), self.participant(&owner));

        let a = &mut self.agreements;
        let number = a.proposals.len() as u64 + 1;
        let (by, person) = (caller, agency.person);
        let proposal = Proposal { terms, by, person, at: now, expires, ending: None };
        a.proposals.insert(number, proposal);
        a.proposed.insert(number, Proposed { deed, terms, expires, requester_is, owner_is });
        Ok(Answer::Number(number))
    }

    /// `withdraw` of agreements
    pub fn withdraw_proposal(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let proposal = self.proposal(number)?;
        let caller = self.by(caller)?;
        let requester = proposal.terms.grantee;
        self.participants.acting(&requester, &caller, power::SIGN, now)?;
        ensure(proposal.is_open(now), "ProposalClosed")?;
        let deed = self.participants.deed(requester, caller, power::SIGN, now);
        self.end_proposal(number, Ending::Withdrawn, deed, None)
    }

    /// `accept`
    pub fn accept(&mut self, caller: Account, now: u64, number: u64, grant: Option<u64>) -> Reply {
        running(&self.agreements.governance)?;
        let (proposal, deed) = self.proposed_to(caller, now, number)?;
        let (given, grant) = self.accepted(&proposal.terms, grant, now).ok_or("NotGranted")?;
        let (_, known) = self.known(given, grant, now);
        self.end_proposal(number, Ending::Accepted(given), deed, Some(known))
    }

    /// `decline`
    pub fn decline(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let (_, deed) = self.proposed_to(caller, now, number)?;
        self.end_proposal(number, Ending::Declined, deed, None)
    }
}
