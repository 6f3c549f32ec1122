//! What holds in consent.

use super::active;
use crate::{
    blake2b,
    consent::Act,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Decision, Outcome, Permit, World, TREATMENT, ZERO,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    pub(super) fn log_holds(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut accesses = BTreeSet::new();
        let mut permits = BTreeSet::new();
        for (owner, log) in &c.logs {
            let heads = c.heads.get(owner).map_or(&[][..], Vec::as_slice);
            let contents = c.contents.get(owner).map_or(&[][..], Vec::as_slice);
            let complete = heads.len() == log.len() && contents.len() == log.len();
            hold!(complete, "not every entry has its digest and its head");
            let mut previous = ZERO;
            for (position, (entry, head)) in log.iter().zip(heads).enumerate() {
                hold!(entry.sequence == position as u64 + 1, "a gap in a log: {entry:?}");
                let content = entry.content(*owner);
                previous = blake2b(&[previous, content].concat());
                let folds = content == contents[position] && previous == *head;
                hold!(folds, "the log does not fold: {entry:?}");
                hold!(accesses.insert(entry.access), "a decision is logged twice: {entry:?}");
                if entry.decision == Decision::Permit {
                    permits.insert(entry.access);
                }
            }
        }
        let all: BTreeSet<_> = (1..=c.accesses).collect();
        hold!(accesses == all, "not every decision is logged");
        let given: BTreeSet<_> = c.permits.iter().map(|p| p.access).collect();
        hold!(permits == given && given.len() == c.permits.len(), "log and permits disagree");
        Ok(())
    }

    pub(super) fn permits_hold(&self) -> Result<(), String> {
        for permit in &self.consent.permits {
            permitted(permit).map_err(|why| format!("{why}: {permit:?}"))?;
        }
        for act in &self.consent.acts {
            delegated(act).map_err(|why| format!("{why}: {act:?}"))?;
        }
        Ok(())
    }

    pub(super) fn grants_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut uses: BTreeMap<u64, u32> = BTreeMap::new();
        for entry in c.logs.values().flatten() {
            if entry.decision == Decision::Permit {
                hold!(entry.grant.is_some() != entry.window.is_some(), "by what? {entry:?}");
                if let Some(number) = entry.grant {
                    *uses.entry(number).or_default() += 1;
                }
            } else {
                hold!(entry.window.is_none(), "an emergency that was refused: {entry:?}");
            }
        }
        for (position, (number, grant)) in c.grants.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before grant {number}");
            let used = uses.get(number).copied().unwrap_or(0);
            hold!(grant.uses == used, "grant {number} was used {used} times: {grant:?}");
            let within = grant.max_uses.is_none_or(|max| max > 0 && used <= max);
            hold!(within, "grant {number} was used too often: {grant:?}");
            let sound = grant.owner != grant.grantee
                && grant.purposes != 0
                && grant.categories != 0
                && grant.from < grant.until
                && grant.version > 0
                && grant.epoch <= c.epoch(&grant.owner);
            hold!(sound, "grant {number} says nothing: {grant:?}");
        }
        for ((owner, delegate), delegation) in &c.delegations {
            let sound = owner != delegate
                && delegation.purposes != 0
                && delegation.categories != 0
                && delegation.epoch <= c.epoch(owner);
            hold!(sound, "a delegation says nothing: {delegation:?}");
        }
        for ((owner, requester), denial) in &c.denials {
            let sound = owner != requester && denial.purposes != 0 && denial.categories != 0;
            hold!(sound, "a denial says nothing: {denial:?}");
        }
        Ok(())
    }

    pub(super) fn emergencies_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut last_end = BTreeMap::new();
        for (position, (number, window)) in c.windows.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before window {number}");
            let (provider, patient) = c.openings.get(number).copied().unwrap_or_default();
            hold!(active(provider, PROVIDER), "window {number} has no provider");
            hold!(active(patient, DATA_OWNER), "window {number} has no patient");
            hold!(window.provider != window.patient, "window {number} is on own data");
            let ends = window.opened.checked_add(c.times.window) == Some(window.until);
            let due = window.opened.checked_add(c.times.review) == Some(window.review_by);
            hold!(ends && due && window.until <= window.review_by, "no deadline: {window:?}");
            let end = window.closed.unwrap_or(window.until);
            hold!(window.opened <= end && end <= window.until, "closed when? {window:?}");
            let before = last_end.insert((window.provider, window.patient), end).unwrap_or(0);
            hold!(before <= window.opened, "two windows at once: {window:?}");

            let proposed = c.sanctions.iter().filter(|n| *n == number).count();
            hold!(proposed == usize::from(window.sanctioned), "sanctions: {window:?}");
            let unjustified = window.outcome == Some(Outcome::Unjustified);
            hold!(window.sanctioned || !unjustified, "no consequence: {window:?}");
            let reviewer = c.reviewers.get(number);
            hold!(reviewer.is_some() == window.outcome.is_some(), "reviewed by? {window:?}");
            let other = reviewer.is_none_or(|r| *r != window.provider && *r != window.patient);
            hold!(other, "reviewed by a party: {window:?}");
        }
        Ok(())
    }
}

/// Whether bit `index` of `mask` is set, by other means than the rules use.
fn contains(mask: u32, index: u8) -> bool {
    (mask >> index) % 2 == 1
}

/// What a permit implies.
fn permitted(permit: &Permit) -> Result<(), String> {
    let Permit { at, purpose, category, .. } = *permit;
    hold!(active(permit.owner_is, DATA_OWNER), "the owner is not admitted");
    hold!(active(permit.requester_is, PROVIDER | RESEARCHER), "the requester is not admitted");
    let denied = permit
        .denial
        .is_some_and(|d| contains(d.purposes, purpose) && contains(d.categories, category));
    hold!(!denied, "a denial was overruled");
    match (permit.grant, permit.window) {
        (Some(grant), None) => {
            hold!(grant.owner == permit.owner, "another owner's grant");
            hold!(grant.grantee == permit.requester, "another requester's grant");
            hold!(!grant.revoked && grant.epoch == permit.epoch, "revoked");
            hold!(grant.from <= at && at < grant.until, "not in the period");
            hold!(contains(grant.purposes, purpose), "another purpose");
            hold!(contains(grant.categories, category), "another category");
            hold!(grant.max_uses.is_none_or(|max| grant.uses < max), "used up");
        }
        (None, Some(window)) => {
            let parties = window.provider == permit.requester && window.patient == permit.owner;
            hold!(parties, "another's window");
            hold!(window.closed.is_none(), "closed");
            hold!(window.opened <= at && at < window.until, "not in its time");
            hold!(purpose == TREATMENT, "no treatment");
            hold!(active(permit.requester_is, PROVIDER), "no provider any more");
        }
        _ => return Err("not by exactly one of grant and window".into()),
    }
    Ok(())
}

/// A delegate never exceeds the one who delegated.
fn delegated(act: &Act) -> Result<(), String> {
    let scope = &act.delegation;
    hold!(act.purposes | scope.purposes == scope.purposes, "purposes out of scope");
    hold!(act.categories | scope.categories == scope.categories, "categories out of scope");
    hold!(act.at < scope.until, "the delegation was over");
    hold!(act.epoch == scope.epoch, "the delegation was void");
    hold!(act.delegate != act.owner, "the owner is no delegate");
    if let Some((until, grantee)) = act.made {
        hold!(until <= scope.until, "outlasts the delegation");
        hold!(grantee != act.delegate, "to himself");
    }
    Ok(())
}
