//! Grants: given, amended, revoked, and what is forgotten of those that are over.

use super::masks;
use crate::{
    ensure,
    governance::running,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Amendment, Answer, Consent, Delegation, Grant, Record, Refusal, Reply, Terms, World,
    MAX_BATCH,
};

/// So many grants of a pair live at once.
const MAX_LIVE: usize = 8;
/// So many of them are delegates'.
const MAX_LIVE_DELEGATED: usize = 4;

/// Something that a delegate did for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub delegate: Account,
    /// For whom.
    pub owner: Account,
    /// What he was allowed.
    pub delegation: Delegation,
    /// The owner's epoch then.
    pub epoch: u32,
    /// When.
    pub at: u64,
    /// The grant before; `None` if he gave it.
    pub before: Option<Grant>,
    /// The grant after; `None` if he revoked it.
    pub after: Option<Grant>,
}

/// How a grant came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: u64,
    /// Who gave it.
    pub by: Account,
    /// What for.
    pub record: Record,
}

/// What was known when the link of a grant was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// The grant, before.
    pub grant: Grant,
    /// When.
    pub at: u64,
    /// The owner's epoch.
    pub epoch: u32,
    /// Up to which number the grants of who gave it are revoked.
    pub revoked_up_to: u64,
}

impl Consent {
    /// The last grant of `owner` to `grantee`, whatever became of it.
    pub fn latest_grant(&self, owner: &Account, grantee: &Account) -> Option<u64> {
        self.between(owner, grantee).last().map(|(number, _)| *number)
    }

    /// The grants of `owner` to `grantee` in order.
    pub fn between(&self, owner: &Account, grantee: &Account) -> Vec<(u64, Grant)> {
        let mut grants = self.grants_of(owner);
        grants.retain(|(_, grant)| grant.grantee == *grantee);
        grants
    }

    /// Those of them that may still permit something, now or later.
    pub fn live_grants(&self, owner: &Account, grantee: &Account, now: u64) -> Vec<(u64, Grant)> {
        let mut grants = self.between(owner, grantee);
        grants.retain(|(number, grant)| self.lives(*number, grant, now));
        grants
    }

    /// The grants of `owner` in order.
    pub fn grants_of(&self, owner: &Account) -> Vec<(u64, Grant)> {
        self.grants.iter().filter(|(_, g)| g.owner == *owner).map(|(n, g)| (*n, *g)).collect()
    }

    /// Whether a grant was revoked, by itself, with all of its epoch or with its giver.
    pub fn is_revoked(&self, number: u64, grant: &Grant) -> bool {
        let removed = number <= self.revoked_up_to(&grant.owner, &grant.by);
        grant.revoked || grant.epoch != self.epoch(&grant.owner) || removed
    }

    /// Whether a grant may still permit something, now or later.
    pub fn lives(&self, number: u64, grant: &Grant, now: u64) -> bool {
        !self.is_revoked(number, grant) && now < grant.until && !is_used_up(grant)
    }

    /// The delegation on which `caller` acts for `owner`, `None` if he is the owner himself.
    fn authority(
        &self,
        caller: Account,
        now: u64,
        owner: Account,
    ) -> Result<Option<Delegation>, Refusal> {
        if caller == owner {
            return Ok(None);
        }
        let delegation = self.delegations.get(&(owner, caller)).ok_or("NotAuthorized")?;
        let counts = delegation.epoch == self.epoch(&owner) && now < delegation.until;
        ensure(counts, "NotAuthorized")?;
        Ok(Some(*delegation))
    }

    fn grant(&self, number: u64) -> Result<Grant, Refusal> {
        self.grants.get(&number).copied().ok_or("UnknownGrant")
    }

    /// Notes what `delegate` did, if a delegate did it.
    fn note(
        &mut self,
        delegate: Account,
        at: u64,
        delegation: Option<Delegation>,
        [before, after]: [Option<Grant>; 2],
    ) {
        let Some((delegation, grant)) = delegation.zip(before.or(after)) else { return };
        let (owner, epoch) = (grant.owner, self.epoch(&grant.owner));
        self.acts.push(Act { delegate, owner, delegation, epoch, at, before, after });
    }
}

/// Whether a grant was used as often as it may be.
pub(super) fn is_used_up(grant: &Grant) -> bool {
    grant.max_uses.is_some_and(|max| grant.uses >= max)
}

/// Whether the masks are within what is delegated.
fn within(delegation: &Delegation, purposes: u32, categories: u32) -> bool {
    purposes & !delegation.purposes == 0 && categories & !delegation.categories == 0
}

/// Whether `new` permits nothing that `old` does not.
fn tightens(old: &Grant, new: &Amendment) -> bool {
    let masks = new.purposes & !old.purposes == 0 && new.categories & !old.categories == 0;
    let period = new.from >= old.from && new.until <= old.until;
    let uses = match (old.max_uses, new.max_uses) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(old), Some(new)) => new <= old,
    };
    masks && period && uses && new.policy == old.policy
}

fn period(from: u64, until: u64, now: u64) -> Result<(), Refusal> {
    ensure(from < until && now < until, "InvalidPeriod")
}

impl World {
    pub(super) fn is_data_owner(&self, account: Account) -> Result<(), Refusal> {
        ensure(self.participants.has_role(&account, DATA_OWNER), "NotDataOwner")
    }

    fn is_grantee(&self, account: Account) -> Result<(), Refusal> {
        let admitted = self.participants.has_role(&account, PROVIDER | RESEARCHER);
        ensure(admitted, "GranteeNotAdmitted")
    }

    /// As [`Consent::authority`], for what a delegate has to be admitted for.
    fn admitted_authority(
        &self,
        caller: Account,
        now: u64,
        owner: Account,
    ) -> Result<Option<Delegation>, Refusal> {
        let authority = self.consent.authority(caller, now, owner)?;
        let admitted = caller == owner || self.participants.is_admitted(&caller);
        ensure(admitted, "NotAuthorized")?;
        Ok(authority)
    }

    fn give(&mut self, caller: Account, now: u64, terms: Terms) -> Result<u64, Refusal> {
        self.is_data_owner(terms.owner)?;
        let authority = self.admitted_authority(caller, now, terms.owner)?;
        ensure(terms.grantee != terms.owner, "SelfGrant")?;
        masks(terms.purposes, terms.categories)?;
        period(terms.from, terms.until, now)?;
        ensure(terms.max_uses != Some(0), "ZeroUses")?;
        if let Some(delegation) = authority {
            let masks = within(&delegation, terms.purposes, terms.categories);
            let lasts = terms.until <= delegation.until;
            ensure(masks && lasts && terms.grantee != caller, "OutOfScope")?;
        }
        self.is_grantee(terms.grantee)?;

        let c = &mut self.consent;
        let live = c.live_grants(&terms.owner, &terms.grantee, now);
        let delegated = live.iter().filter(|(_, grant)| grant.by != grant.owner).count();
        let room = caller == terms.owner || delegated < MAX_LIVE_DELEGATED;
        ensure(live.len() < MAX_LIVE && room, "TooManyGrants")?;

        let number = c.grants.len() as u64 + 1;
        let grant = Grant { epoch: c.epoch(&terms.owner), by: caller, ..Grant::from(terms) };
        c.grants.insert(number, grant);
        c.made.insert(number, Made { at: now, by: caller, record: grant.record });
        c.note(caller, now, authority, [None, Some(grant)]);
        Ok(number)
    }

    /// `grant`
    pub fn grant(&mut self, caller: Account, now: u64, terms: Terms) -> Reply {
        running(&self.consent.governance)?;
        self.give(caller, now, terms).map(Answer::Number)
    }

    /// `grant_batch`
    pub fn grant_batch(&mut self, caller: Account, now: u64, list: &[Terms]) -> Reply {
        running(&self.consent.governance)?;
        ensure((1..=MAX_BATCH).contains(&list.len()), "BatchSize")?;
        self.atomically(|world| {
            let numbers = list.iter().map(|terms| world.give(caller, now, *terms));
            numbers.collect::<Result<_, _>>().map(Answer::Numbers)
        })
    }

    /// `amend`
    pub fn amend(
        &mut self,
        caller: Account,
        now: u64,
        number: u64,
        version: u32,
        new: Amendment,
    ) -> Reply {
        running(&self.consent.governance)?;
        let old = self.consent.grant(number)?;
        self.is_data_owner(old.owner)?;
        let authority = self.admitted_authority(caller, now, old.owner)?;
        ensure(!self.consent.is_revoked(number, &old), "AlreadyRevoked")?;
        ensure(self.consent.lives(number, &old, now), "GrantOver")?;
        ensure(version == old.version, "VersionChanged")?;
        masks(new.purposes, new.categories)?;
        period(new.from, new.until, now)?;
        ensure(new.max_uses.is_none_or(|n| n > old.uses), "ZeroUses")?;
        if let Some(delegation) = authority {
            let (purposes, categories) =
                (old.purposes | new.purposes, old.categories | new.categories);
            let scope = within(&delegation, purposes, categories);
            let lasts = new.until <= delegation.until;
            // Within his scope he does with his own what he likes; of another's he only takes.
            let own = old.by == caller || tightens(&old, &new);
            ensure(scope && lasts && own && old.grantee != caller, "OutOfScope")?;
        }
        self.is_grantee(old.grantee)?;
        let version = old.version.checked_add(1).ok_or("TooMany")?;

        let Amendment { purposes, categories, from, until, max_uses, policy } = new;
        let amended = Grant { purposes, categories, from, until, max_uses, policy, version, ..old };
        self.consent.grants.insert(number, amended);
        self.consent.note(caller, now, authority, [Some(old), Some(amended)]);
        Ok(Answer::Nothing)
    }

    /// `revoke` of consent
    pub fn revoke_grant(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let consent = &mut self.consent;
        let grant = consent.grant(number)?;
        let authority = consent.authority(caller, now, grant.owner)?;
        if let Some(delegation) = authority {
            ensure(within(&delegation, grant.purposes, grant.categories), "OutOfScope")?;
        }
        ensure(!consent.is_revoked(number, &grant), "AlreadyRevoked")?;
        consent.grants.insert(number, Grant { revoked: true, ..grant });
        consent.note(caller, now, authority, [Some(grant), None]);
        Ok(Answer::Nothing)
    }

    /// `revoke_all`
    pub fn revoke_all(&mut self, caller: Account) -> Reply {
        let epoch = self.consent.epoch(&caller).checked_add(1).ok_or("TooMany")?;
        self.consent.epochs.insert(caller, epoch);
        Ok(Answer::Nothing)
    }

    /// `revoke_all_for`
    pub fn revoke_all_for(&mut self, caller: Account, now: u64, grantee: Account) -> Reply {
        let c = &mut self.consent;
        let live = c.live_grants(&caller, &grantee, now);
        ensure(!live.is_empty(), "NoLiveGrant")?;
        let count = live.len() as u32;
        c.grants.extend(live.into_iter().map(|(n, grant)| (n, Grant { revoked: true, ..grant })));
        Ok(Answer::Count(count))
    }

    /// `erase_link`
    pub fn erase_link(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let c = &mut self.consent;
        let grant = c.grant(number)?;
        ensure(grant.owner == caller, "NotAuthorized")?;
        ensure(grant.record != Record::All, "NoLink")?;
        ensure(grant.record != Record::Erased, "AlreadyErased")?;
        ensure(!c.lives(number, &grant, now), "GrantLive")?;
        let revoked_up_to = c.revoked_up_to(&caller, &grant.by);
        let erasure = Erasure { grant, at: now, epoch: c.epoch(&caller), revoked_up_to };
        c.erasures.insert(number, erasure);
        c.grants.insert(number, Grant { record: Record::Erased, ..grant });
        Ok(Answer::Nothing)
    }
}
