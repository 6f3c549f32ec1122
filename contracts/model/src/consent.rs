//! Grants, denials and delegates; [`access`] has the decisions, [`emergency`] the broken glasses.

mod access;
mod emergency;

pub use access::{Permit, Ruling};

use crate::{
    ensure,
    governance::running,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Amendment, Answer, Delegation, Denial, Governance, Grant, Hash, LogEntry, LogHead,
    Participant, Refusal, Reply, Terms, Times, Window, World, MAX_BATCH, ZERO,
};
use std::collections::BTreeMap;

const DAY: u64 = 24 * 3_600_000;

/// The consent contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// How it is governed.
    pub governance: Governance,
    /// Its delays.
    pub times: Times,
    /// Grants by number, from 1.
    pub grants: BTreeMap<u64, Grant>,
    /// How often each owner revoked all.
    pub epochs: BTreeMap<Account, u32>,
    /// What an owner denies a requester.
    pub denials: BTreeMap<(Account, Account), Denial>,
    /// What an owner lets a delegate do.
    pub delegations: BTreeMap<(Account, Account), Delegation>,
    /// Broken glasses by number, from 1.
    pub windows: BTreeMap<u64, Window>,
    /// The log of each owner.
    pub logs: BTreeMap<Account, Vec<LogEntry>>,
    /// The digest of the content of each entry.
    pub contents: BTreeMap<Account, Vec<Hash>>,
    /// The head after each entry.
    pub heads: BTreeMap<Account, Vec<Hash>>,
    /// Number of decisions over all owners.
    pub accesses: u64,
    /// What was known when each permit was given.
    pub permits: Vec<Permit>,
    /// What was known when a delegate acted.
    pub acts: Vec<Act>,
    /// The admission of provider and patient when the glass was broken.
    pub openings: BTreeMap<u64, (Option<Participant>, Option<Participant>)>,
    /// Who reviewed a broken glass.
    pub reviewers: BTreeMap<u64, Account>,
    /// The windows on whose account a suspension was proposed.
    pub sanctions: Vec<u64>,
}

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
    /// Every purpose that it was about.
    pub purposes: u32,
    /// Every category that it was about.
    pub categories: u32,
    /// How long what he made lasts, and for whom; `None` when he revoked.
    pub made: Option<(u64, Account)>,
}

impl Consent {
    pub(crate) fn new(governance: Governance, times: Times) -> Result<Self, Refusal> {
        let window = (1..=7 * DAY).contains(&times.window);
        let review = (times.window..=90 * DAY).contains(&times.review);
        ensure(window && review, "InvalidTimes")?;
        Ok(Self {
            governance,
            times,
            grants: BTreeMap::new(),
            epochs: BTreeMap::new(),
            denials: BTreeMap::new(),
            delegations: BTreeMap::new(),
            windows: BTreeMap::new(),
            logs: BTreeMap::new(),
            contents: BTreeMap::new(),
            heads: BTreeMap::new(),
            accesses: 0,
            permits: Vec::new(),
            acts: Vec::new(),
            openings: BTreeMap::new(),
            reviewers: BTreeMap::new(),
            sanctions: Vec::new(),
        })
    }

    /// The epoch that `owner` is in.
    pub fn epoch(&self, owner: &Account) -> u32 {
        self.epochs.get(owner).copied().unwrap_or(0)
    }

    /// The last grant of `owner` to `grantee`, whatever became of it.
    pub fn latest_grant(&self, owner: &Account, grantee: &Account) -> Option<u64> {
        let mut newest_first = self.grants.iter().rev();
        newest_first.find(|(_, g)| g.owner == *owner && g.grantee == *grantee).map(|(n, _)| *n)
    }

    /// The grants of `owner` in order.
    pub fn grants_of(&self, owner: &Account) -> Vec<(u64, Grant)> {
        self.grants.iter().filter(|(_, g)| g.owner == *owner).map(|(n, g)| (*n, *g)).collect()
    }

    /// Where the log of `owner` stands.
    pub fn log_head(&self, owner: &Account) -> LogHead {
        let heads = self.heads.get(owner);
        LogHead {
            sequence: heads.map_or(0, |h| h.len() as u64),
            hash: heads.and_then(|h| h.last()).copied().unwrap_or(ZERO),
        }
    }

    /// Whether a grant was revoked, by itself or with all of its epoch.
    pub fn is_revoked(&self, grant: &Grant) -> bool {
        grant.revoked || grant.epoch != self.epoch(&grant.owner)
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

    fn record(&mut self, act: Option<Act>) {
        self.acts.extend(act);
    }
}

/// Whether the masks are within what is delegated.
fn within(delegation: &Delegation, purposes: u32, categories: u32) -> bool {
    purposes & !delegation.purposes == 0 && categories & !delegation.categories == 0
}

fn masks(purposes: u32, categories: u32) -> Result<(), Refusal> {
    ensure(purposes != 0 && categories != 0, "EmptyMask")
}

fn period(from: u64, until: u64, now: u64) -> Result<(), Refusal> {
    ensure(from < until && now < until, "InvalidPeriod")
}

impl World {
    fn is_data_owner(&self, account: Account) -> Result<(), Refusal> {
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

    fn check_terms(
        &self,
        caller: Account,
        now: u64,
        terms: &Terms,
    ) -> Result<Option<Act>, Refusal> {
        self.is_data_owner(terms.owner)?;
        let authority = self.admitted_authority(caller, now, terms.owner)?;
        ensure(terms.grantee != terms.owner, "SelfGrant")?;
        masks(terms.purposes, terms.categories)?;
        period(terms.from, terms.until, now)?;
        ensure(terms.max_uses != Some(0), "ZeroUses")?;
        let act = authority.map(|delegation| Act {
            delegate: caller,
            owner: terms.owner,
            delegation,
            epoch: self.consent.epoch(&terms.owner),
            at: now,
            purposes: terms.purposes,
            categories: terms.categories,
            made: Some((terms.until, terms.grantee)),
        });
        if let Some(delegation) = authority {
            let masks = within(&delegation, terms.purposes, terms.categories);
            let lasts = terms.until <= delegation.until;
            ensure(masks && lasts && terms.grantee != caller, "OutOfScope")?;
        }
        self.is_grantee(terms.grantee)?;
        Ok(act)
    }

    fn store_grant(&mut self, terms: Terms, act: Option<Act>) -> u64 {
        let number = self.consent.grants.len() as u64 + 1;
        let grant = Grant { epoch: self.consent.epoch(&terms.owner), ..Grant::from(terms) };
        self.consent.grants.insert(number, grant);
        self.consent.record(act);
        number
    }

    /// `grant`
    pub fn grant(&mut self, caller: Account, now: u64, terms: Terms) -> Reply {
        running(&self.consent.governance)?;
        let act = self.check_terms(caller, now, &terms)?;
        Ok(Answer::Number(self.store_grant(terms, act)))
    }

    /// `grant_batch`
    pub fn grant_batch(&mut self, caller: Account, now: u64, list: &[Terms]) -> Reply {
        running(&self.consent.governance)?;
        ensure((1..=MAX_BATCH).contains(&list.len()), "BatchSize")?;
        // No grant matters to the checks of another one.
        let acts: Result<Vec<_>, _> =
            list.iter().map(|terms| self.check_terms(caller, now, terms)).collect();
        let pairs = list.iter().zip(acts?);
        Ok(Answer::Numbers(pairs.map(|(terms, act)| self.store_grant(*terms, act)).collect()))
    }

    /// `amend`
    pub fn amend(&mut self, caller: Account, now: u64, number: u64, new: Amendment) -> Reply {
        running(&self.consent.governance)?;
        let old = self.consent.grant(number)?;
        self.is_data_owner(old.owner)?;
        let authority = self.admitted_authority(caller, now, old.owner)?;
        ensure(!self.consent.is_revoked(&old), "AlreadyRevoked")?;
        masks(new.purposes, new.categories)?;
        period(new.from, new.until, now)?;
        ensure(new.max_uses.is_none_or(|n| n > old.uses), "ZeroUses")?;
        let purposes = old.purposes | new.purposes;
        let categories = old.categories | new.categories;
        let act = authority.map(|delegation| Act {
            delegate: caller,
            owner: old.owner,
            delegation,
            epoch: self.consent.epoch(&old.owner),
            at: now,
            purposes,
            categories,
            made: Some((new.until, old.grantee)),
        });
        if let Some(delegation) = authority {
            let masks = within(&delegation, purposes, categories);
            let lasts = new.until <= delegation.until;
            ensure(masks && lasts && old.grantee != caller, "OutOfScope")?;
        }
        self.is_grantee(old.grantee)?;
        let version = old.version.checked_add(1).ok_or("TooMany")?;

        let Amendment { purposes, categories, from, until, max_uses, policy } = new;
        let amended = Grant { purposes, categories, from, until, max_uses, policy, version, ..old };
        self.consent.grants.insert(number, amended);
        self.consent.record(act);
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
        ensure(!consent.is_revoked(&grant), "AlreadyRevoked")?;
        let act = authority.map(|delegation| Act {
            delegate: caller,
            owner: grant.owner,
            delegation,
            epoch: consent.epoch(&grant.owner),
            at: now,
            purposes: grant.purposes,
            categories: grant.categories,
            made: None,
        });
        consent.grants.insert(number, Grant { revoked: true, ..grant });
        consent.record(act);
        Ok(Answer::Nothing)
    }

    /// `revoke_all`
    pub fn revoke_all(&mut self, caller: Account) -> Reply {
        let epoch = self.consent.epoch(&caller).checked_add(1).ok_or("TooMany")?;
        self.consent.epochs.insert(caller, epoch);
        Ok(Answer::Nothing)
    }

    /// `deny`
    pub fn deny(&mut self, caller: Account, requester: Account, denial: Denial) -> Reply {
        ensure(requester != caller, "SelfDenial")?;
        masks(denial.purposes, denial.categories)?;
        self.consent.denials.insert((caller, requester), denial);
        Ok(Answer::Nothing)
    }

    /// `lift_denial`
    pub fn lift_denial(&mut self, caller: Account, requester: Account) -> Reply {
        running(&self.consent.governance)?;
        self.consent.denials.remove(&(caller, requester)).ok_or("NoDenial")?;
        Ok(Answer::Nothing)
    }

    /// `set_delegate`
    pub fn set_delegate(
        &mut self,
        caller: Account,
        now: u64,
        delegate: Account,
        purposes: u32,
        categories: u32,
        until: u64,
    ) -> Reply {
        running(&self.consent.governance)?;
        self.is_data_owner(caller)?;
        ensure(delegate != caller, "SelfDelegation")?;
        masks(purposes, categories)?;
        ensure(until > now, "InvalidPeriod")?;
        ensure(self.participants.is_admitted(&delegate), "DelegateNotAdmitted")?;
        let epoch = self.consent.epoch(&caller);
        let delegation = Delegation { purposes, categories, until, epoch };
        self.consent.delegations.insert((caller, delegate), delegation);
        Ok(Answer::Nothing)
    }

    /// `remove_delegate`
    pub fn remove_delegate(&mut self, caller: Account, delegate: Account) -> Reply {
        self.consent.delegations.remove(&(caller, delegate)).ok_or("NoDelegation")?;
        Ok(Answer::Nothing)
    }

    /// `erase_link`
    pub fn erase_link(&mut self, caller: Account, number: u64) -> Reply {
        let grant = self.consent.grant(number)?;
        ensure(grant.owner == caller, "NotAuthorized")?;
        ensure(grant.record != ZERO, "AlreadyErased")?;
        self.consent.grants.insert(number, Grant { record: ZERO, ..grant });
        Ok(Answer::Nothing)
    }
}
