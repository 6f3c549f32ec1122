//! Permits, and what they earn.

use super::{Decided, Ruling};
use crate::{
    ensure, Account, Accrual, Accrued, Decision, Denial, DenyReason, Grant, Hash, Participant,
    Refusal, Request, Window, World, TREATMENT,
};

/// What was known when a permit was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// Number of the decision.
    pub access: u64,
    /// When.
    pub at: u64,
    /// Whose data.
    pub owner: Account,
    /// For whom was asked.
    pub requester: Account,
    /// For what.
    pub purpose: u8,
    /// Which data.
    pub category: u8,
    /// Which record.
    pub record: Option<Hash>,
    /// The grant and its number, before this use of it.
    pub grant: Option<(u64, Grant)>,
    /// The broken glass.
    pub window: Option<Window>,
    /// The owner's epoch.
    pub epoch: u32,
    /// Who answered for the terms of the grant.
    pub answers: Option<Account>,
    /// How many of [`Participants::mandated`](crate::Participants::mandated) there were.
    pub mandates: usize,
    /// Up to which number the grants of who gave the grant are revoked.
    pub revoked_up_to: u64,
    /// Whether the contract was paused.
    pub paused: bool,
    /// What the owner denied the requester, and the key that asked for it.
    pub denials: Vec<Denial>,
    /// How many of [`Consent::chosen`](crate::Consent::chosen) there were.
    pub chosen: usize,
    /// The owner's admission.
    pub owner_is: Option<Participant>,
    /// The requester's admission.
    pub requester_is: Option<Participant>,
}

impl World {
    /// What a permit by a grant earns its owner. If it is to be paid and nobody pays, it becomes a
    /// refusal. An emergency earns nothing, and care does not wait for what the rewards contract says.
    pub(super) fn ask_rewards(
        &self,
        access: u64,
        decided: &mut Decided,
    ) -> Result<Option<Accrued>, Refusal> {
        let Decided { at, request, ruling, .. } = *decided;
        let permits = ruling.decision == Decision::Permit;
        let Some(grant) = ruling.grant.filter(|_| permits) else { return Ok(None) };
        let care = request.purpose == TREATMENT;
        let (consent, parties) = (self.setup.addresses.consent, [request.owner, request.requester]);
        let answer = self.rewards.accrual(consent, at, parties, request.purpose, access);
        let Ok(accrued) = answer else {
            return ensure(care, "RewardsFailed").map(|()| None);
        };
        decided.accrual = Some(accrued.accrual);
        if accrued.accrual == Accrual::Declined && !care {
            decided.ruling = Ruling::deny(DenyReason::Unfunded, Some(grant));
        }
        Ok(Some(accrued))
    }

    /// Uses the grant.
    pub(super) fn permit(&mut self, access: u64, decided: &Decided) -> Result<(), Refusal> {
        let Decided { at, request, paused, epoch, ruling, .. } = *decided;
        let Request { requester, owner, purpose, category, record, .. } = request;
        let grant = decided.grants.iter().find(|(number, ..)| Some(*number) == ruling.grant);
        if let Some(used) = ruling.grant.and_then(|n| self.consent.grants.get_mut(&n)) {
            used.uses = used.uses.checked_add(1).ok_or("TooMany")?;
        }
        let answers = ruling.grant.and_then(|n| self.consent.answers.get(&n)).copied();
        self.consent.permits.push(Permit {
            access,
            at,
            owner,
            requester,
            purpose,
            category,
            record,
            grant: grant.map(|(number, grant, _)| (*number, *grant)),
            window: ruling.window.and_then(|n| self.consent.windows.get(&n)).copied(),
            epoch,
            answers,
            mandates: self.participants.mandated.len(),
            revoked_up_to: grant.map_or(0, |(.., mark)| *mark),
            paused,
            denials: decided.denials.clone(),
            chosen: decided.chosen,
            owner_is: decided.owner_is,
            requester_is: decided.requester_is,
        });
        Ok(())
    }
}
