//! Proposals: a provider or researcher proposes terms, and the data owner accepts or declines them. He
//! gives the grant himself: what is accepted here permits nothing.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the derived codec casts the index of a variant, of which there are a few"
)]

use crate::data::{acted, next, Data, MAX_OPEN};
use crate::errors::AgreementsError;
use assent_events::{
    agreements::{GuardianActed, ProposalAccepted, ProposalDeclined, ProposalWithdrawn, Proposed},
    power, role, Hash,
};
use assent_traits::{
    consent::{Grant, Record},
    participants::{Admission, Agency},
};
use ink::{prelude::vec::Vec, primitives::AccountId};

/// The terms of a grant that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Terms {
    /// The data owner.
    pub owner: AccountId,
    /// Who proposes, and would ask for access: an active provider or researcher.
    pub grantee: AccountId,
    /// Bit mask of purposes.
    pub purposes: u32,
    /// Bit mask of categories.
    pub categories: u32,
    /// First valid moment, ms since 1970.
    pub from: u64,
    /// First moment at which it is no longer valid, ms since 1970.
    pub until: u64,
    /// How many permits it is good for; `None`: no limit.
    pub max_uses: Option<u32>,
    /// Salted commitment to the record that it is for; `None`: all records, or the proposal has ended.
    pub record: Option<Hash>,
    /// Hash of the policy that accepting agrees to.
    pub policy: Hash,
}

impl Terms {
    /// Whether a grant that the owner gave himself, or a guardian of his, carries them. How often it was
    /// used does not matter.
    fn are_of(&self, grant: &Grant) -> bool {
        let record = match grant.record {
            Record::All => self.record.is_none(),
            Record::One(record) => self.record == Some(record),
            Record::Erased => false,
        };
        // No delegate's.
        let own = grant.by == self.owner || grant.guardianship.is_some();
        record
            && own
            && (grant.owner, grant.grantee) == (self.owner, self.grantee)
            && (grant.purposes, grant.categories) == (self.purposes, self.categories)
            && (grant.from, grant.until) == (self.from, self.until)
            && (grant.max_uses, grant.policy) == (self.max_uses, self.policy)
    }

    /// Whether they and the time that they are open make sense, proposed by `caller`.
    pub fn check(&self, caller: AccountId, now: u64, expires: u64) -> Result<(), AgreementsError> {
        if self.owner == self.grantee || self.owner == caller {
            return Err(AgreementsError::SelfProposal);
        }
        if self.purposes == 0 || self.categories == 0 {
            return Err(AgreementsError::EmptyMask);
        }
        if self.until <= self.from || self.until <= now {
            return Err(AgreementsError::InvalidPeriod);
        }
        if self.max_uses == Some(0) {
            return Err(AgreementsError::ZeroUses);
        }
        if expires <= now || expires > now.saturating_add(MAX_OPEN) || expires > self.until {
            return Err(AgreementsError::InvalidExpiry);
        }
        Ok(())
    }
}

/// A proposal, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Proposal {
    /// What is proposed, to whom and by whom.
    pub terms: Terms,
    /// Who proposed it: the requester, or one of its staff, whichever key he has.
    pub by: AccountId,
    /// The commitment to the person of the staff who holds the key; `None`: it is the requester's own.
    pub person: Option<Hash>,
    /// When, ms since 1970.
    pub at: u64,
    /// First moment at which it can be accepted no longer, ms since 1970.
    pub expires: u64,
    /// What became of it; `None`: it is open, or expired.
    pub ending: Option<Ending>,
}

/// How a proposal ended, other than that it expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub enum Ending {
    /// The requester took it back.
    Withdrawn,
    /// The owner accepted it, or a guardian for him: this grant carries its terms.
    Accepted(u64),
    /// The owner declined it, or a guardian for him.
    Declined,
}

impl Data {
    /// Proposes `terms` for the requester, for whom `caller` acts. The admission's subject is the owner,
    /// the other is the requester.
    pub fn propose(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        terms: Terms,
        expires: u64,
    ) -> Result<Proposed, AgreementsError> {
        terms.check(caller, now, expires)?;
        // Who answers for the owner does not propose.
        if !admission.for_other.may(power::SIGN) || admission.for_subject.may(power::GUARDIAN) {
            return Err(AgreementsError::NotAuthorized);
        }
        if !admission.other.has(role::PROVIDER | role::RESEARCHER) {
            return Err(AgreementsError::RequesterNotAdmitted);
        }
        if !admission.subject.has(role::DATA_OWNER) {
            return Err(AgreementsError::OwnerNotAdmitted);
        }
        let number = next(self.last_proposal.get_or_default())?;
        self.last_proposal.set(&number);
        let (by, person) = (caller, admission.for_other.person);
        let event = Proposed {
            proposal: number,
            owner: terms.owner,
            requester: terms.grantee,
            by,
            person,
            purposes: terms.purposes,
            categories: terms.categories,
            from: terms.from,
            until: terms.until,
            max_uses: terms.max_uses,
            record: terms.record,
            policy: terms.policy,
            expires,
            at: now,
        };
        let proposal = Proposal { terms, by, person, at: now, expires, ending: None };
        self.proposals.insert(number, &proposal);
        Ok(event)
    }

    /// Takes a proposal back. For its requester `caller` may do what `for_requester` says.
    pub fn withdraw(
        &mut self,
        caller: AccountId,
        now: u64,
        for_requester: Agency,
        number: u64,
    ) -> Result<ProposalWithdrawn, AgreementsError> {
        let proposal = self.known_proposal(number)?;
        if !for_requester.may(power::SIGN) {
            return Err(AgreementsError::NotAuthorized);
        }
        let (owner, requester) = (proposal.terms.owner, proposal.terms.grantee);
        self.end(now, number, proposal, Ending::Withdrawn)?;
        Ok(ProposalWithdrawn { proposal: number, owner, requester, by: caller, at: now })
    }

    /// Puts on record that the owner accepts a proposal: `grant`, or else the newest, of the grants that
    /// live between the two, which `live` tells, is one that he or a guardian gave on its terms. The
    /// admission's subject is the owner, the other is the grantee.
    pub fn accept(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        live: impl FnOnce(&Terms) -> Result<Vec<(u64, Grant)>, AgreementsError>,
        number: u64,
        grant: Option<u64>,
    ) -> Result<(ProposalAccepted, Option<GuardianActed>), AgreementsError> {
        let proposal = self.open_proposal(caller, now, admission, number)?;
        let live = live(&proposal.terms)?;
        let found = match grant {
            Some(named) => live.iter().find(|(number, _)| *number == named),
            None => live.last(),
        };
        let terms = &proposal.terms;
        let (grant, _) =
            found.filter(|(_, grant)| terms.are_of(grant)).ok_or(AgreementsError::NotGranted)?;
        let (owner, requester, policy) = (terms.owner, terms.grantee, terms.policy);
        let event =
            ProposalAccepted { proposal: number, owner, requester, grant: *grant, policy, at: now };
        self.end(now, number, proposal, Ending::Accepted(*grant))?;
        Ok((event, acted(caller, owner, now)))
    }

    /// Puts on record that the owner declines a proposal. The admission is as for
    /// [`accept`](Self::accept).
    pub fn decline(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
        reason: Option<Hash>,
    ) -> Result<(ProposalDeclined, Option<GuardianActed>), AgreementsError> {
        let proposal = self.open_proposal(caller, now, admission, number)?;
        let (owner, requester) = (proposal.terms.owner, proposal.terms.grantee);
        self.end(now, number, proposal, Ending::Declined)?;
        let declined = ProposalDeclined { proposal: number, owner, requester, reason, at: now };
        Ok((declined, acted(caller, owner, now)))
    }

    /// A proposal by its number.
    pub fn proposal(&self, number: u64) -> Option<Proposal> {
        self.proposals.get(number)
    }

    /// A proposal that there has to be.
    pub fn known_proposal(&self, number: u64) -> Result<Proposal, AgreementsError> {
        self.proposal(number).ok_or(AgreementsError::UnknownProposal)
    }

    /// One that `caller` can answer.
    fn open_proposal(
        &self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        number: u64,
    ) -> Result<Proposal, AgreementsError> {
        let proposal = self.known_proposal(number)?;
        if caller != proposal.terms.owner {
            let Admission { for_subject, for_other, .. } = admission;
            // Who may propose for the grantee, or proposed and became a guardian since, does not answer it.
            let proposes = caller == proposal.by || for_other.may(power::SIGN);
            if !for_subject.may(power::GUARDIAN) || proposes {
                return Err(AgreementsError::NotOwner);
            }
        }
        check_open(now, &proposal)?;
        Ok(proposal)
    }

    /// Ends one that is open, and has the record forgotten that it was for: that of a grant is its owner's
    /// to forget, and nobody needs that of none.
    fn end(
        &mut self,
        now: u64,
        number: u64,
        proposal: Proposal,
        ending: Ending,
    ) -> Result<(), AgreementsError> {
        check_open(now, &proposal)?;
        let terms = Terms { record: None, ..proposal.terms };
        self.proposals.insert(number, &Proposal { terms, ending: Some(ending), ..proposal });
        Ok(())
    }
}

fn check_open(now: u64, proposal: &Proposal) -> Result<(), AgreementsError> {
    if proposal.ending.is_some() || now >= proposal.expires {
        return Err(AgreementsError::ProposalClosed);
    }
    Ok(())
}
