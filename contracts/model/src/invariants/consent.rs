//! What holds of consent's logs, grants, delegates and denials.

use super::active;
use crate::{
    blake2b,
    consent::{Act, Erasure},
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Decision, DenialChange, Grant, Hash, Permit, Record, World, TREATMENT, ZERO,
};
use parity_scale_codec::Encode;
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// What the hashes of the logs run over first, as the interface describes it.
    fn log_domain(&self) -> Hash {
        let mut bytes = self.setup.genesis.to_vec();
        bytes.extend(self.setup.addresses.consent);
        blake2b(&bytes)
    }

    pub(super) fn log_holds(&self) -> Result<(), String> {
        let c = &self.consent;
        let domain = self.log_domain();
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
                let parties = (domain, owner, entry.requester, entry.by, entry.person);
                let who = (parties, entry.access, entry.sequence);
                let what = (entry.purpose, entry.category, entry.record);
                let answer = (entry.grant, entry.window, entry.decision, entry.at);
                let content = blake2b(&(who, what, answer).encode());
                previous = blake2b(&[previous, content].concat());
                let folds = content == contents[position] && previous == *head;
                hold!(folds, "the log does not fold: {entry:?}");
                hold!(accesses.insert(entry.access), "a decision is logged twice: {entry:?}");
                let Some(asked) = c.asked.get(&entry.access) else {
                    return Err(format!("asked by whom? {entry:?}"));
                };
                let person = self.person_of(asked, &[power::ASK])?;
                // The log names the key by which he acted.
                let by = self.identity_then(&entry.by, asked.words);
                let names = (asked.subject, Some(asked.by), asked.at, person)
                    == (entry.requester, by, entry.at, entry.person);
                hold!(names, "asked by another than {asked:?}: {entry:?}");
                let admitted = self.participants.participants.get(&entry.requester);
                let known = admitted.is_some_and(|p| p.confirmed.is_some());
                hold!(known, "an outsider in a patient's log: {entry:?}");
                if entry.decision == Decision::Permit {
                    permits.insert(entry.access);
                }
            }
        }
        let all: BTreeSet<_> = (1..=c.accesses).collect();
        hold!(accesses == all, "not every decision is logged");
        hold!(c.asked.len() == all.len(), "asked was what is not logged");
        let given: BTreeSet<_> = c.permits.iter().map(|p| p.access).collect();
        hold!(permits == given && given.len() == c.permits.len(), "log and permits disagree");
        Ok(())
    }

    /// The log of those who were never admitted.
    pub(super) fn outsiders_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let domain = self.log_domain();
        hold!(c.outsiders.len() == c.outsider_heads.len(), "not every refusal has its head");
        let mut previous = ZERO;
        for (position, (entry, head)) in c.outsiders.iter().zip(&c.outsider_heads).enumerate() {
            hold!(entry.sequence == position as u64 + 1, "a gap in the refusals: {entry:?}");
            let who = (domain, entry.requester, entry.owner, entry.sequence);
            let what = (entry.purpose, entry.category, entry.record, entry.at);
            previous = blake2b(&[previous, blake2b(&(who, what).encode())].concat());
            hold!(previous == *head, "the refusals do not fold: {entry:?}");
        }
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
        hold!(c.made.len() == c.grants.len(), "a grant is gone, or came from nowhere");
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
            let Some(made) = c.made.get(number) else {
                return Err(format!("grant {number} came from nowhere"));
            };
            hold!(grant.by == made.by, "grant {number} has another giver: {grant:?}");
            let erased = c.erasures.get(number);
            let record = if erased.is_some() { Record::Erased } else { made.record };
            hold!(grant.record == record, "grant {number} is for another record: {grant:?}");
            if let Some(erasure) = erased {
                let ended = is_over(*number, erasure) && erasure.grant.record != Record::All;
                hold!(ended, "the link of grant {number} went too early: {erasure:?}");
            }
        }
        self.pairs_have_room()?;
        for ((owner, delegate), delegation) in &c.delegations {
            let sound = owner != delegate
                && delegation.purposes != 0
                && delegation.categories != 0
                && delegation.epoch <= c.epoch(owner);
            hold!(sound, "a delegation says nothing: {delegation:?}");
        }
        for ((owner, delegate), mark) in &c.marks {
            let there = c.grants.len() as u64;
            hold!(owner != delegate && *mark <= there, "revoked up to {mark} of {there}");
        }
        Ok(())
    }

    /// Of a pair at most 8 grants live, at most 4 of them by delegates. What is over stays over, so
    /// there are most of them when one is given.
    fn pairs_have_room(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut pairs: BTreeMap<_, Vec<(u64, Grant)>> = BTreeMap::new();
        for (number, grant) in &c.grants {
            pairs.entry((grant.owner, grant.grantee)).or_default().push((*number, *grant));
        }
        for (pair, grants) in pairs {
            let last = grants.last().and_then(|(number, _)| c.made.get(number)).map(|made| made.at);
            let Some(at) = last else { continue };
            let live = grants.iter().filter(|(number, grant)| {
                let (epoch, revoked_up_to) = (c.epoch(&grant.owner), c.mark_of(grant));
                let guardianship = Some(self.participants.guardianship(&grant.owner));
                let grant = *grant;
                !is_over(*number, &Erasure { grant, at, epoch, revoked_up_to, guardianship })
            });
            let all = live.clone().count();
            let delegated = live.filter(|(_, grant)| grant.is_delegates()).count();
            let room = all <= 8 && delegated <= 4;
            hold!(room, "{all} grants live, {delegated} by delegates: {pair:?}");
        }
        Ok(())
    }

    /// What is denied is what was added and not lifted since.
    pub(super) fn denials_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let pairs: BTreeSet<_> = c.denied.iter().map(|d| (d.deed.subject, d.requester)).collect();
        let mut on_record = c.denials.keys().chain(c.guardians_denials.keys());
        let known = on_record.all(|pair| pairs.contains(pair));
        hold!(known, "a denial came from nowhere");
        for (owner, requester) in pairs {
            let denials = c.denials(&owner, &requester);
            let sound = owner != requester
                && denials.iter().all(|d| d.categories != 0 || d.by_guardians != 0)
                && denials.windows(2).all(|two| two[0].purpose < two[1].purpose);
            hold!(sound, "denials say nothing: {denials:?}");
            let own = c.denied.iter().rev();
            let own = own.filter(|d| d.deed.subject == owner && d.requester == requester);
            for (purpose, guardians) in (0..32).flat_map(|p| [(p, false), (p, true)]) {
                // Of each category the last word counts: of the owner on what he denied, on what guardians
                // denied theirs, and his when he lifts.
                let heard = |d: &&DenialChange| {
                    let by_guardian = d.deed.by != owner;
                    let counts = if guardians { by_guardian || d.lifted } else { !by_guardian };
                    counts && contains(d.purposes, purpose)
                };
                let (mut open, mut denied) = (u32::MAX, 0);
                for change in own.clone().filter(heard) {
                    denied |= if change.lifted { 0 } else { change.categories & open };
                    open &= !change.categories;
                }
                let shown = denials.iter().find(|d| d.purpose == purpose);
                let shown =
                    shown.map_or(0, |d| if guardians { d.by_guardians } else { d.categories });
                hold!(shown == denied, "denied for {purpose}: {denied}, {denials:?}");
            }
        }
        Ok(())
    }
}

/// Whether bit `index` of `mask` is set, by other means than the rules use.
pub(super) fn contains(mask: u32, index: u8) -> bool {
    (u64::from(mask) >> index) % 2 == 1
}

/// Whether a grant is over, as far as was known.
pub(super) fn is_over(number: u64, known: &Erasure) -> bool {
    let Erasure { grant, at, epoch, revoked_up_to, guardianship } = known;
    let revoked = grant.revoked || grant.epoch != *epoch || number <= *revoked_up_to;
    let unguarded = guardianship.is_some_and(|now| grant.guardianship.is_some_and(|g| g != now));
    let left = grant.max_uses.map(|max| max.saturating_sub(grant.uses));
    revoked || unguarded || *at >= grant.until || left == Some(0)
}

/// What a permit implies.
fn permitted(permit: &Permit) -> Result<(), String> {
    let Permit { at, purpose, category, .. } = *permit;
    hold!(active(permit.owner_is, DATA_OWNER), "the owner is not admitted");
    hold!(active(permit.requester_is, PROVIDER | RESEARCHER), "the requester is not admitted");
    let by_grant = permit.grant.is_some();
    let denied = permit.denials.iter().any(|d| {
        let guardians = by_grant && contains(d.by_guardians, category);
        d.purpose == purpose && (guardians || contains(d.categories, category))
    });
    hold!(!denied, "a denial was overruled");
    match (permit.grant, permit.window) {
        (Some((number, grant)), None) => {
            hold!(!permit.paused, "a grant in a pause");
            hold!(grant.owner == permit.owner, "another owner's grant");
            hold!(grant.grantee == permit.requester, "another requester's grant");
            hold!(!grant.revoked && grant.epoch == permit.epoch, "revoked");
            hold!(number > permit.revoked_up_to, "revoked with the delegate");
            hold!(grant.from <= at && at < grant.until, "not in the period");
            hold!(contains(grant.purposes, purpose), "another purpose");
            hold!(contains(grant.categories, category), "another category");
            hold!(grant.max_uses.is_none_or(|max| grant.uses < max), "used up");
            let record = permit.record.map(Record::One);
            let fits = grant.record == Record::All || Some(grant.record) == record;
            hold!(fits, "another record");
        }
        (None, Some(window)) => {
            let parties = window.provider == permit.requester && window.patient == permit.owner;
            hold!(parties, "another's window");
            hold!(window.closed.is_none(), "closed");
            hold!(window.opened <= at && at < window.until, "not in its time");
            hold!(window.outcome.is_none(), "judged, and still open");
            hold!(purpose == TREATMENT, "no treatment");
            hold!(active(permit.requester_is, PROVIDER), "no provider any more");
        }
        _ => return Err("not by exactly one of grant and window".into()),
    }
    Ok(())
}

/// A delegate never exceeds the one who delegated, and loosens nothing that another gave.
fn delegated(act: &Act) -> Result<(), String> {
    let scope = &act.delegation;
    hold!(act.at < scope.until, "the delegation was over");
    hold!(act.epoch == scope.epoch, "the delegation was void");
    hold!(act.delegate != act.owner, "the owner is no delegate");
    for grant in act.before.iter().chain(&act.after) {
        hold!(grant.owner == act.owner, "another owner's grant");
        hold!(grant.purposes | scope.purposes == scope.purposes, "purposes out of scope");
        hold!(grant.categories | scope.categories == scope.categories, "categories out of scope");
    }
    if let Some(after) = act.after {
        hold!(after.until <= scope.until, "outlasts the delegation");
        hold!(after.grantee != act.delegate, "to himself");
        let giver = act.before.map_or(act.delegate, |before| before.by);
        hold!(after.by == giver, "given by another");
        let guardianship = act.before.and_then(|before| before.guardianship);
        hold!(after.guardianship == guardianship, "given as a guardian");
    }
    if let (Some(old), Some(new)) = (act.before, act.after) {
        if old.by != act.delegate || old.guardianship.is_some() {
            hold!(new.purposes | old.purposes == old.purposes, "more purposes than given");
            hold!(new.categories | old.categories == old.categories, "more categories than given");
            let longer = new.from < old.from || new.until > old.until;
            hold!(!longer, "longer than given");
            let most = |max_uses: Option<u32>| max_uses.map_or(u64::MAX, u64::from);
            hold!(most(new.max_uses) <= most(old.max_uses), "more uses than given");
            hold!(new.policy == old.policy, "another policy than given");
        }
    }
    Ok(())
}
