//! Messages of consent.

mod choices;
mod emergencies;
mod lookups;

use self::lookups::{delegates_too, masks, record};
use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::lookup::{choose, index, last_of},
    power,
    role::{DATA_OWNER, REGULATOR},
    Account, ConsentMessage as M, Grant,
    Message::Consent,
    Record, Request, Terms, Window, ZERO,
};
use assent_interface::consent as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::GRANT, 10, |l, p| l.give(p)),
    message(labels::GRANT_BATCH, 2, |l, p| {
        // Several of the same pair, so that there are many of it.
        let mut list: Vec<Terms> = (0..p.length()).map(|_| l.terms(p)).collect();
        if let Some(Terms { owner, grantee, .. }) = list.first().copied() {
            list.iter_mut().for_each(|terms| (terms.owner, terms.grantee) = (owner, grantee));
        }
        let callers = list.first().map_or_else(Vec::new, |terms| l.granters(terms));
        (Consent(M::GrantBatch(list)), callers)
    }),
    // Or a grant, where none lives.
    message(labels::AMEND, 5, |l, p| {
        if !l.any_lives() && p.yes(80) {
            return l.give(p);
        }
        let number = p.known();
        let grant = l.grant(number).map(|(_, grant)| grant);
        let amendment = l.amendment(p, grant);
        let known = grant.map_or(0, |g| g.version);
        let version = known.saturating_add(p.mostly_0(10, 2).into());
        let masks = (amendment.purposes, amendment.categories);
        let (message, callers) = l.on_grant(number, masks, |g| M::Amend(g, version, amendment));
        (message, delegates_too(p, callers))
    }),
    message(labels::REVOKE, 3, |l, p| l.on_grant(p.known(), (0, 0), M::Revoke)),
    message(labels::REVOKE_ALL, 1, |l, p| {
        let (owner, callers) = l.owner_of(l.having(DATA_OWNER), p);
        (Consent(M::RevokeAll(owner)), callers)
    }),
    message(labels::REVOKE_ALL_FOR, 2, |l, p| {
        if !l.any_lives() && p.yes(80) {
            return l.give(p);
        }
        let parties = l.grant(p.pick()).map(|(_, g)| (g.owner, g.grantee));
        let (owner, grantee) = parties.unwrap_or((ZERO, ZERO));
        (Consent(M::RevokeAllFor(owner, grantee)), l.agents(owner, power::GUARDIAN, p))
    }),
    message(labels::DENY, 2, |l, p| l.deny(p)),
    // Or a denial, where there is none.
    message(labels::LIFT_DENIAL, 3, |l, p| {
        let c = &l.world.consent;
        let denials: Vec<_> = c.guardians_denials.iter().chain(&c.denials).collect();
        if denials.is_empty() && p.yes(80) {
            return l.deny(p);
        }
        let chosen = choose(denials.into_iter(), |_| true, p.pick());
        let ((owner, requester), denied) =
            chosen.map_or(((ZERO, ZERO), None), |(pair, denied)| (*pair, denied.iter().next()));
        let (purpose, categories) = denied.map_or((0, 1), |(p, c)| (*p, *c));
        // One purpose, one category, everything, anything.
        let (purpose, lowest) = (1 << purpose, categories & categories.wrapping_neg());
        let all = (u32::MAX, u32::MAX);
        let some = [(purpose, categories), (purpose, lowest), (u32::MAX, lowest), all];
        let (purposes, categories) = if p.yes(80) { p.sound(3, some) } else { masks(p) };
        let message = M::LiftDenial(owner, requester, purposes, categories);
        (Consent(message), l.agents(owner, power::GUARDIAN, p))
    }),
    message(labels::RESTRICT, 1, |l, p| l.restrict(p)),
    // Or a grant, where nothing is restricted.
    message(labels::LIFT_RESTRICTION, 3, |l, p| {
        let restricted = l.all(|a| l.world.consent.choices(a).restriction.is_some());
        if restricted.is_empty() && p.yes(90) {
            return l.give(p);
        }
        // Often one that a guardian made, by him.
        let by_guardian = |owner: &Account| {
            l.world.consent.choices(owner).restriction.is_some_and(|r| r.by_guardian)
        };
        let guarded = restricted.iter().copied().find(by_guardian);
        if let Some(owner) = guarded.filter(|_| p.yes(50)) {
            let callers = [l.guardians(owner, l.now), vec![owner]].concat();
            return (Consent(M::LiftRestriction(owner)), callers);
        }
        let owners = if restricted.is_empty() { l.having(DATA_OWNER) } else { restricted };
        let (owner, callers) = l.owner_of(owners, p);
        (Consent(M::LiftRestriction(owner)), callers)
    }),
    message(labels::REFUSE_EMERGENCIES, 1, |l, _| l.refuse_emergencies()),
    // Or a broken glass, where nobody refuses emergencies.
    message(labels::ALLOW_EMERGENCIES, 3, |l, p| {
        let refusing = l.all(|a| l.world.consent.refuses_emergencies(a));
        if refusing.is_empty() && p.yes(90) {
            return l.break_glass(p);
        }
        let owners = if refusing.is_empty() { l.having(DATA_OWNER) } else { refusing };
        let (owner, callers) = l.owner_of(owners, p);
        (Consent(M::AllowEmergencies(owner)), callers)
    }),
    message(labels::SET_DELEGATE, 3, |l, p| {
        let delegate = l.admitted(p.pick());
        let ((purposes, categories), until) = (masks(p), l.until(p, l.now));
        (Consent(M::SetDelegate(delegate, purposes, categories, until)), l.owners_but(delegate))
    }),
    message(labels::REMOVE_DELEGATE, 2, |l, p| {
        let c = &l.world.consent;
        let gave = |owner: &Account, delegate: &Account| {
            let mut own = c.grants.iter().filter(|(_, g)| g.owner == *owner && g.by == *delegate);
            own.any(|(number, grant)| c.lives(*number, grant, l.now))
        };
        let chosen = last_of(&c.delegations, |(o, d), _| gave(o, d), p.pick());
        let (owner, delegate) = chosen.map_or((ZERO, ZERO), |(pair, _)| pair);
        let owner = if p.yes(92) { owner } else { l.data_owner(p.pick()) };
        let message = M::RemoveDelegate(owner, delegate, p.yes(60));
        (Consent(message), l.agents(owner, power::GUARDIAN, p))
    }),
    message(labels::ERASE_LINK, 2, |l, p| {
        let c = &l.world.consent;
        let over = |number: &u64, grant: &Grant| {
            matches!(grant.record, Record::One(_)) && !c.lives(*number, grant, l.now)
        };
        let grant = last_of(&c.grants, over, p.known());
        let (number, owner) = grant.map_or((0, ZERO), |(n, g)| (n, g.owner));
        (Consent(M::EraseLink(number)), l.agents(owner, power::GUARDIAN, p))
    }),
    // Or a grant, where none lives.
    message(labels::REQUEST_ACCESS, 25, |l, p| match p.below(25) {
        0..=14 if !l.any_lives() && p.yes(30) => l.give(p),
        0..=14 => l.request_granted(p),
        15..=20 => {
            let (window, purpose) = (l.window(p.pick()), index(1, p.mostly_0(5, 3)));
            let owner = window.map_or_else(|| l.data_owner(0), |(_, w)| w.patient);
            let record = p.yes(70).then(|| record(p)).flatten();
            let (grant, category) = (None, 1);
            let requester = l.asker(p, owner, grant, purpose);
            l.request(p, Request { requester, owner, grant, record, purpose, category })
        }
        // Whoever and whatever it is; often it is somebody who was never admitted.
        _ => {
            let owner = l.data_owner(p.pick());
            let grant = p.yes(50).then(|| p.below(20).into());
            let purpose = index(1, p.mostly_0(2, 5));
            let category = index(1, p.mostly_0(2, 5));
            let outsiders = l.all(|a| !l.world.participants.was_admitted(a));
            let record = record(p);
            let strange = choose(outsiders.into_iter(), |_| true, 0).filter(|_| p.yes(60));
            let requester = strange.unwrap_or_else(|| l.asker(p, owner, grant, purpose));
            l.request(p, Request { requester, owner, grant, record, purpose, category })
        }
    }),
    message(labels::BREAK_GLASS, 5, |l, p| l.break_glass(p)),
    // Or another broken glass, where none is open.
    message(labels::CLOSE_BREAK_GLASS, 3, |l, p| {
        let window = l.window(p.pick());
        if window.is_none_or(|(_, w)| !w.is_open(l.now)) && p.yes(70) {
            return l.break_glass(p);
        }
        let parties = match window {
            Some((_, w)) if p.yes(60) => {
                let patients = l.guardians(w.patient, l.now);
                [vec![w.patient, w.provider], patients].concat()
            }
            Some((_, w)) => l.agents(w.provider, power::BREAK_GLASS, p),
            None => Vec::new(),
        };
        (Consent(M::CloseBreakGlass(window.map_or(1, |(n, _)| n))), parties)
    }),
    message(labels::REVIEW_BREAK_GLASS, 3, |l, p| {
        if l.world.consent.windows.is_empty() && p.yes(80) {
            return l.break_glass(p);
        }
        l.review(p, 40)
    }),
    // Or a review that bars somebody, where nobody is barred.
    message(labels::LIFT_BAR, 3, |l, p| {
        let barred = |a: &Account| l.world.consent.bar(a).is_some();
        if l.all(barred).is_empty() && p.yes(80) {
            return if l.world.consent.windows.is_empty() {
                l.break_glass(p)
            } else {
                l.review(p, 90)
            };
        }
        let key = l.account(barred, p.pick());
        let mut regulators = l.having(REGULATOR);
        regulators.sort_by_key(|r| *r == key);
        (Consent(M::LiftBar(key)), regulators)
    }),
    message(labels::SANCTION_OVERDUE, 2, |l, p| {
        let overdue = |w: &Window| w.outcome.is_none() && !w.sanctioned && w.review_by <= l.now;
        // The oldest first.
        let windows = l.world.consent.windows.iter().map(|(n, w)| (*n, *w));
        let window = choose(windows, |(_, w)| overdue(w), p.pick());
        (Consent(M::SanctionOverdue(window.map_or(1, |(n, _)| n))), l.all(|_| true))
    }),
];
