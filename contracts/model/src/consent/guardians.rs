//! Guardians: what they do for an owner, and until when that counts.

use crate::{ensure, power, Account, Consent, Deed, Grant, Refusal, World};

/// Something that a guardian did with a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarded {
    /// Who did it, for whom.
    pub deed: Deed,
    /// The grant before; `None` if he gave it.
    pub before: Option<Grant>,
    /// The grant after; `None` if he revoked it.
    pub after: Option<Grant>,
}

impl Consent {
    /// Puts on record what a guardian did; the owner's own deeds need no mandate.
    pub(super) fn done(&mut self, deed: Deed) {
        self.deeds.extend((deed.by != deed.subject).then_some(deed));
    }
}

impl World {
    /// What `caller` does when he acts for `owner`, as himself or as his guardian.
    pub(super) fn acting_for(
        &self,
        caller: Account,
        now: u64,
        owner: Account,
    ) -> Result<Deed, Refusal> {
        let caller = self.by(caller)?;
        self.participants.acting(&owner, &caller, power::GUARDIAN, now)?;
        Ok(self.participants.deed(owner, caller, power::GUARDIAN, now))
    }

    /// Until when `caller` is a guardian of `owner`, if he is one.
    pub(super) fn guardian_until(&self, caller: Account, now: u64, owner: Account) -> Option<u64> {
        ensure(caller != owner, "NotAuthorized").ok()?;
        let agency = self.participants.agency(&owner, &caller, now);
        (agency.powers & power::GUARDIAN != 0).then_some(agency.until)
    }

    /// Whether a grant is not one of a guardianship that is over.
    pub(crate) fn counts(&self, grant: &Grant) -> bool {
        let current = self.participants.guardianship(&grant.owner);
        grant.guardianship.is_none_or(|given_in| given_in == current)
    }

    /// The grants of `owner` to `grantee` that may still permit something, now or later.
    pub fn live_grants(&self, owner: &Account, grantee: &Account, now: u64) -> Vec<(u64, Grant)> {
        let mut grants = self.consent.revocable(owner, grantee, now);
        grants.retain(|(_, grant)| self.counts(grant));
        grants
    }
}
