//! Grants: given, amended, revoked, and what is forgotten of those that are over.

use super::{masks, Guarded};
use crate::{
    ensure,
    governance::running,
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Agency, Amendment, Answer, Consent, Deed, Delegation, Grant, Record, Refusal, Reply,
    Terms, World, MAX_BATCH,
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
    /// The owner's guardianship, if it was asked for.
    pub guardianship: Option<u32>,
}

/// By what right somebody grants for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    /// He is the owner.
    Own,
    /// He is his guardian until then.
    Guardian(u64),
    /// He is his delegate.
    Delegate(Delegation),
}

impl Right {
    fn delegation(self) -> Option<Delegation> {
        match self {
            Self::Delegate(delegation) => Some(delegation),
            Self::Own | Self::Guardian(_) => None,
        }
    }
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

    /// Those of them that may still permit something, now or later, unless a guardian gave them whose time
    /// was cut short: what there is to revoke.
    pub fn revocable(&self, owner: &Account, grantee: &Account, now: u64) -> Vec<(u64, Grant)> {
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
        let mark = self.mark_of(grant);
        let removed = number <= mark;
        grant.revoked || grant.epoch != self.epoch(&grant.owner) || removed
    }

    /// Whether a grant may still permit something, now or later.
    pub fn lives(&self, number: u64, grant: &Grant, now: u64) -> bool {
        !self.is_revoked(number, grant) && now < grant.until && !is_used_up(grant)
    }

    /// Up to which number the grants are revoked of the delegate who gave `grant`, if one did.
    pub fn mark_of(&self, grant: &Grant) -> u64 {
        if grant.is_delegates() {
            self.revoked_up_to(&grant.owner, &grant.by)
        } else {
            0
        }
    }

    /// The delegation on which `caller` acts for `owner`.
    fn delegated(&self, caller: Account, now: u64, owner: Account) -> Result<Delegation, Refusal> {
        let delegation = self.delegations.get(&(owner, caller)).ok_or("NotAuthorized")?;
        let counts = delegation.epoch == self.epoch(&owner) && now < delegation.until;
        ensure(counts, "NotAuthorized")?;
        Ok(*delegation)
    }

    fn grant(&self, number: u64) -> Result<Grant, Refusal> {
        self.grants.get(&number).copied().ok_or("UnknownGrant")
    }

    /// Notes what a delegate or a guardian did, if one of them did it.
    fn note(&mut self, deed: Deed, right: Right, [before, after]: [Option<Grant>; 2]) {
        let Deed { subject: owner, by: delegate, at, .. } = deed;
        match right {
            Right::Own => {}
            Right::Guardian(_) => self.guarded.push(Guarded { deed, before, after }),
            Right::Delegate(delegation) => {
                let epoch = self.epoch(&owner);
                self.acts.push(Act { delegate, owner, delegation, epoch, at, before, after });
            }
        }
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

    /// By what right `caller` acts for `owner`.
    fn right(&self, caller: Account, now: u64, owner: Account) -> Result<Right, Refusal> {
        if caller == owner {
            return Ok(Right::Own);
        }
        // A guardian is no less than that by being a delegate, too.
        match self.guardian_until(caller, now, owner) {
            Some(until) => Ok(Right::Guardian(until)),
            None => self.consent.delegated(caller, now, owner).map(Right::Delegate),
        }
    }

    /// Whether a grant to `grantee` is one to `caller`, too.
    fn works_for(&self, grantee: &Account, caller: Account, now: u64) -> bool {
        self.participants.agency(grantee, &caller, now) != Agency::NONE
    }

    /// As [`World::right`], for what a delegate has to be admitted for.
    fn right_to_give(&self, caller: Account, now: u64, owner: Account) -> Result<Right, Refusal> {
        let right = self.right(caller, now, owner)?;
        let admitted = right.delegation().is_none() || self.participants.is_admitted(&caller);
        ensure(admitted, "NotAuthorized")?;
        Ok(right)
    }

    fn give(&mut self, caller: Account, now: u64, terms: Terms) -> Result<u64, Refusal> {
        let caller = self.by(caller)?;
        self.is_data_owner(terms.owner)?;
        let right = self.right_to_give(caller, now, terms.owner)?;
        ensure(terms.grantee != terms.owner, "SelfGrant")?;
        masks(terms.purposes, terms.categories)?;
        period(terms.from, terms.until, now)?;
        ensure(terms.max_uses != Some(0), "ZeroUses")?;
        let other = !self.works_for(&terms.grantee, caller, now);
        match right {
            Right::Own => {}
            Right::Guardian(until) => ensure(terms.until <= until && other, "OutOfScope")?,
            Right::Delegate(delegation) => {
                let masks = within(&delegation, terms.purposes, terms.categories);
                let lasts = terms.until <= delegation.until;
                ensure(masks && lasts && other, "OutOfScope")?;
            }
        }
        self.is_grantee(terms.grantee)?;

        let live = self.live_grants(&terms.owner, &terms.grantee, now);
        let delegated = live.iter().filter(|(_, grant)| grant.is_delegates()).count();
        let room = right.delegation().is_none() || delegated < MAX_LIVE_DELEGATED;
        ensure(live.len() < MAX_LIVE && room, "TooManyGrants")?;

        let current = self.participants.guardianship(&terms.owner);
        let guardianship = matches!(right, Right::Guardian(_)).then_some(current);
        let deed = self.participants.deed(terms.owner, caller, power::GUARDIAN, now);
        let c = &mut self.consent;
        let number = c.grants.len() as u64 + 1;
        let epoch = c.epoch(&terms.owner);
        let grant = Grant { epoch, by: caller, guardianship, ..Grant::from(terms) };
        c.grants.insert(number, grant);
        c.made.insert(number, Made { at: now, by: caller, record: grant.record });
        c.answers.insert(number, caller);
        c.note(deed, right, [None, Some(grant)]);
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
        let caller = self.by(caller)?;
        self.is_data_owner(old.owner)?;
        let right = self.right_to_give(caller, now, old.owner)?;
        ensure(!self.consent.is_revoked(number, &old), "AlreadyRevoked")?;
        ensure(self.consent.lives(number, &old, now) && self.counts(&old), "GrantOver")?;
        ensure(version == old.version, "VersionChanged")?;
        masks(new.purposes, new.categories)?;
        period(new.from, new.until, now)?;
        ensure(new.max_uses.is_none_or(|n| n > old.uses), "ZeroUses")?;
        let other = !self.works_for(&old.grantee, caller, now);
        match right {
            Right::Own => {}
            // What the owner or a delegate of his gave is theirs to change.
            Right::Guardian(until) => {
                let guardians = old.guardianship.is_some();
                ensure(guardians && new.until <= until && other, "OutOfScope")?;
            }
            Right::Delegate(delegation) => {
                let (purposes, categories) =
                    (old.purposes | new.purposes, old.categories | new.categories);
                let scope = within(&delegation, purposes, categories);
                let lasts = new.until <= delegation.until;
                // Within his scope he does with his own what he likes; of another's he only takes.
                let own = old.is_delegates() && old.by == caller || tightens(&old, &new);
                ensure(scope && lasts && own && other, "OutOfScope")?;
            }
        }
        self.is_grantee(old.grantee)?;
        let version = old.version.checked_add(1).ok_or("TooMany")?;

        let Amendment { purposes, categories, from, until, max_uses, policy } = new;
        let amended = Grant { purposes, categories, from, until, max_uses, policy, version, ..old };
        let deed = self.participants.deed(old.owner, caller, power::GUARDIAN, now);
        let c = &mut self.consent;
        c.grants.insert(number, amended);
        if right.delegation().is_none() {
            c.answers.insert(number, caller);
        }
        c.note(deed, right, [Some(old), Some(amended)]);
        Ok(Answer::Nothing)
    }

    /// `revoke` of consent
    pub fn revoke_grant(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let grant = self.consent.grant(number)?;
        let caller = self.by(caller)?;
        let right = self.right(caller, now, grant.owner)?;
        if let Some(delegation) = right.delegation() {
            ensure(within(&delegation, grant.purposes, grant.categories), "OutOfScope")?;
        }
        let deed = self.participants.deed(grant.owner, caller, power::GUARDIAN, now);
        let consent = &mut self.consent;
        ensure(!consent.is_revoked(number, &grant), "AlreadyRevoked")?;
        consent.grants.insert(number, Grant { revoked: true, ..grant });
        consent.note(deed, right, [Some(grant), None]);
        Ok(Answer::Nothing)
    }

    /// `revoke_all`
    pub fn revoke_all(&mut self, caller: Account, now: u64, owner: Account) -> Reply {
        let deed = self.acting_for(caller, now, owner)?;
        let epoch = self.consent.epoch(&owner).checked_add(1).ok_or("TooMany")?;
        self.consent.epochs.insert(owner, epoch);
        self.consent.done(deed);
        Ok(Answer::Nothing)
    }

    /// `revoke_all_for`
    pub fn revoke_all_for(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        grantee: Account,
    ) -> Reply {
        let deed = self.acting_for(caller, now, owner)?;
        let c = &mut self.consent;
        // Nobody is asked whether a guardian's time was cut short.
        let live = c.revocable(&owner, &grantee, now);
        ensure(!live.is_empty(), "NoLiveGrant")?;
        c.done(deed);
        let count = live.len() as u32;
        c.grants.extend(live.into_iter().map(|(n, grant)| (n, Grant { revoked: true, ..grant })));
        Ok(Answer::Count(count))
    }

    /// `erase_link`
    pub fn erase_link(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let grant = self.consent.grant(number)?;
        let deed = self.acting_for(caller, now, grant.owner)?;
        let c = &mut self.consent;
        ensure(grant.record != Record::All, "NoLink")?;
        ensure(grant.record != Record::Erased, "AlreadyErased")?;
        ensure(!c.lives(number, &grant, now), "GrantLive")?;
        let (epoch, revoked_up_to) = (c.epoch(&grant.owner), c.mark_of(&grant));
        let erasure = Erasure { grant, at: now, epoch, revoked_up_to, guardianship: None };
        c.done(deed);
        c.erasures.insert(number, erasure);
        c.grants.insert(number, Grant { record: Record::Erased, ..grant });
        Ok(Answer::Nothing)
    }
}
