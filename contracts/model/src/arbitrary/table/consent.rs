//! Messages of consent.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, index, last_of, named},
        picks::UNKNOWN,
        HOUR,
    },
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR, RESEARCHER},
    Account, Amendment, ConsentMessage as M, Grant,
    Message::Consent,
    Outcome, Terms, Window, MASK_BITS, TREATMENT, ZERO,
};
use assent_interface::consent as labels;
use std::cmp::Ordering;

pub(super) const TABLE: &[Entry] = &[
    message(labels::GRANT, 8, |l, p| {
        let terms = l.terms(p);
        (Consent(M::Grant(terms)), l.granters(&terms))
    }),
    message(labels::GRANT_BATCH, 2, |l, p| {
        let list: Vec<Terms> = (0..p.length()).map(|_| l.terms(p)).collect();
        let callers = list.first().map_or_else(Vec::new, |terms| l.granters(terms));
        (Consent(M::GrantBatch(list)), callers)
    }),
    message(labels::AMEND, 4, |l, p| {
        let number = p.known();
        let Terms { purposes, categories, from, until, max_uses, policy, .. } = l.terms(p);
        // A limit counts from the first use, so it grows with the uses.
        let uses = l.grant(number).map_or(0, |(_, g)| g.uses);
        let max_uses = max_uses.map(|n| n.saturating_mul(uses.saturating_add(1)));
        let amendment = Amendment { purposes, categories, from, until, max_uses, policy };
        l.on_grant(number, (purposes, categories), |grant| M::Amend(grant, amendment))
    }),
    message(labels::REVOKE, 3, |l, p| l.on_grant(p.known(), (0, 0), M::Revoke)),
    message(labels::REVOKE_ALL, 1, |l, _| (Consent(M::RevokeAll), l.having(DATA_OWNER))),
    message(labels::DENY, 2, |l, p| {
        let requester = l.with_role(PROVIDER | RESEARCHER, p.pick());
        let (purposes, categories) = masks(p);
        (Consent(M::Deny(requester, purposes, categories)), l.owners_but(requester))
    }),
    message(labels::LIFT_DENIAL, 2, |l, p| {
        let denials = &l.world.consent.denials;
        let requester = last_of(denials, |_, _| true, p.pick()).map_or(ZERO, |((_, r), _)| r);
        let denying = denials.keys().filter(|(_, r)| *r == requester).map(|(o, _)| *o);
        (Consent(M::LiftDenial(requester)), denying.collect())
    }),
    message(labels::SET_DELEGATE, 3, |l, p| {
        let delegate = l.admitted(p.pick());
        let ((purposes, categories), until) = (masks(p), l.until(p, l.now));
        (Consent(M::SetDelegate(delegate, purposes, categories, until)), l.owners_but(delegate))
    }),
    message(labels::REMOVE_DELEGATE, 1, |l, p| {
        let delegations = &l.world.consent.delegations;
        let delegate = last_of(delegations, |_, _| true, p.pick()).map_or(ZERO, |((_, d), _)| d);
        let delegating = delegations.keys().filter(|(_, d)| *d == delegate).map(|(o, _)| *o);
        (Consent(M::RemoveDelegate(delegate)), delegating.collect())
    }),
    message(labels::ERASE_LINK, 1, |l, p| {
        let grant = last_of(&l.world.consent.grants, |_, g| g.record != ZERO, p.known());
        let (number, owner) = grant.map_or((0, None), |(n, g)| (n, Some(g.owner)));
        (Consent(M::EraseLink(number)), owner.into_iter().collect())
    }),
    message(labels::REQUEST_ACCESS, 21, |l, p| match p.below(21) {
        0..=13 => l.request_granted(p),
        14..=18 => {
            let (window, purpose) = (l.window(p.pick()), index(1, p.mostly_0(5, 3)));
            let patient = window.map_or_else(|| l.data_owner(0), |(_, w)| w.patient);
            l.request(patient, None, purpose, 1)
        }
        // Whoever and whatever it is.
        _ => {
            let owner = l.data_owner(p.pick());
            let grant = p.yes(50).then(|| p.below(20).into());
            l.request(owner, grant, index(1, p.mostly_0(2, 5)), index(1, p.mostly_0(2, 5)))
        }
    }),
    message(labels::BREAK_GLASS, 4, |l, p| {
        let number = p.pick();
        let patient = l.data_owner(number);
        let mut providers = l.having(PROVIDER);
        providers.retain(|provider| *provider != patient);
        providers.sort_by_key(|p| l.world.consent.open_window(p, &patient, l.now).is_some());
        (Consent(M::BreakGlass(patient, named("why", number))), providers)
    }),
    message(labels::CLOSE_BREAK_GLASS, 2, |l, p| {
        let window = l.window(p.pick());
        let parties = window.map_or_else(Vec::new, |(_, w)| vec![w.provider, w.patient]);
        (Consent(M::CloseBreakGlass(window.map_or(1, |(n, _)| n))), parties)
    }),
    message(labels::REVIEW_BREAK_GLASS, 2, |l, p| {
        // Those first on which somebody still has to act.
        let pending = |_: &u64, w: &Window| w.outcome.is_none() && !w.sanctioned;
        let window = last_of(&l.world.consent.windows, pending, p.pick());
        let mut reviewers = l.having(AUDITOR | REGULATOR);
        reviewers.retain(|r| window.is_none_or(|(_, w)| w.provider != *r && w.patient != *r));
        let outcome = if p.yes(50) { Outcome::Justified } else { Outcome::Unjustified };
        (Consent(M::ReviewBreakGlass(window.map_or(1, |(n, _)| n), outcome)), reviewers)
    }),
    message(labels::SANCTION_OVERDUE, 2, |l, p| {
        let overdue = |w: &Window| w.outcome.is_none() && !w.sanctioned && w.review_by <= l.now;
        // The oldest first.
        let windows = l.world.consent.windows.iter().map(|(n, w)| (*n, *w));
        let window = choose(windows, |(_, w)| overdue(w), p.pick());
        (Consent(M::SanctionOverdue(window.map_or(1, |(n, _)| n))), l.all(|_| true))
    }),
];

/// Purposes and categories; the last two are refused.
fn masks(p: &mut Picks) -> (u32, u32) {
    let top = 1 << 31;
    let all = (u32::MAX, u32::MAX);
    p.sound(5, [(0b1111, 0b111_1111), (0b1, 0b11), (0b11, 0b10), (top, top), all, (0, 1), (1, 0)])
}

impl Lookup<'_> {
    /// A grant by number, those first that still count.
    fn grant(&self, number: u8) -> Option<(u64, Grant)> {
        let c = &self.world.consent;
        let alive =
            |g: &Grant| !c.is_revoked(g) && self.now < g.until && g.max_uses != Some(g.uses);
        last_of(&c.grants, |_, g| alive(g), number)
    }

    /// What the owner of a grant, or a delegate who may do that much more, does to it; or to none.
    fn on_grant(&self, number: u8, more: (u32, u32), make: impl Fn(u64) -> M) -> Call {
        match self.grant(number).filter(|_| number != UNKNOWN) {
            Some((number, g)) => {
                let masks = (g.purposes | more.0, g.categories | more.1);
                (Consent(make(number)), self.for_owner(g.owner, g.grantee, masks))
            }
            None => (Consent(make(self.world.consent.grants.len() as u64 + 1)), Vec::new()),
        }
    }

    /// A window, the open ones first.
    fn window(&self, number: u8) -> Option<(u64, Window)> {
        last_of(&self.world.consent.windows, |_, w| w.is_open(self.now), number)
    }

    /// The last two are over before they start.
    fn until(&self, p: &mut Picks, from: u64) -> u64 {
        let after = |time| self.now.saturating_add(time);
        let all = [after(72 * HOUR), after(6 * HOUR), after(60_000), u64::MAX, from, self.now];
        p.sound(4, all)
    }

    fn terms(&self, p: &mut Picks) -> Terms {
        let owner = self.data_owner(p.pick());
        let may =
            |a: &Account| *a != owner && self.world.participants.has_role(a, PROVIDER | RESEARCHER);
        let grantee = self.account(may, p.pick());
        let (purposes, categories) = masks(p);
        let from = match p.mostly_0(3, 3) {
            0 => self.now.saturating_sub(HOUR),
            1 => self.now,
            2 => self.now.saturating_add(HOUR),
            _ => self.now.saturating_add(5 * HOUR),
        };
        let until = self.until(p, from);
        let max_uses = p.sound(3, [None, Some(1), Some(3), Some(0)]);
        let record = p.below(4);
        let policy = named("policy", record);
        let record = if record == 0 { ZERO } else { named("record", record) };
        Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy }
    }

    fn granters(&self, terms: &Terms) -> Vec<Account> {
        self.for_owner(terms.owner, terms.grantee, (terms.purposes, terms.categories))
    }

    /// The owner, and his delegates, those first who may do this; before all, those whose delegation
    /// ends just now, because this moment is easily got wrong and seldom met.
    fn for_owner(&self, owner: Account, grantee: Account, masks: (u32, u32)) -> Vec<Account> {
        let c = &self.world.consent;
        let (mut ended, mut delegates) = (Vec::new(), Vec::new());
        for ((o, delegate), d) in &c.delegations {
            if *o != owner || d.epoch != c.epoch(&owner) {
                continue;
            }
            let exceeds = masks.0 & !d.purposes != 0 || masks.1 & !d.categories != 0;
            match self.now.cmp(&d.until) {
                Ordering::Less => delegates.push((exceeds || *delegate == grantee, *delegate)),
                Ordering::Equal => ended.push(*delegate),
                Ordering::Greater => {}
            }
        }
        delegates.sort_unstable();
        ended.push(owner);
        ended.extend(delegates.into_iter().map(|(_, delegate)| delegate));
        ended
    }

    fn owners_but(&self, other: Account) -> Vec<Account> {
        let mut owners = self.having(DATA_OWNER);
        owners.retain(|owner| *owner != other);
        owners
    }

    /// What a grant permits, named or not.
    fn request_granted(&self, p: &mut Picks) -> Call {
        let number = p.known();
        let Some((grant, g)) = self.grant(number) else {
            return self.request(self.data_owner(number), None, TREATMENT, 0);
        };
        let grant = p.yes(50).then_some(grant);
        let purpose = index(g.purposes, p.mostly_0(4, 6));
        self.request(g.owner, grant, purpose, index(g.categories, p.mostly_0(4, 6)))
    }

    fn request(&self, owner: Account, grant: Option<u64>, purpose: u8, category: u8) -> Call {
        let request = M::RequestAccess(owner, grant, purpose, category);
        (Consent(request), self.requesters(owner, grant, purpose))
    }

    fn requesters(&self, owner: Account, grant: Option<u64>, purpose: u8) -> Vec<Account> {
        let c = &self.world.consent;
        if let Some(grant) = grant.and_then(|number| c.grants.get(&number)) {
            return vec![grant.grantee];
        }
        let may = |purposes: u32| purpose < MASK_BITS && purposes >> purpose & 1 == 1;
        let windows = c.windows.values().rev().filter(|w| w.patient == owner);
        let granted = c.grants.values().rev().filter(|g| g.owner == owner && may(g.purposes));
        let granted = granted.filter(|g| !c.is_revoked(g) && self.now < g.until);
        let mut requesters: Vec<_> =
            windows.filter(|w| w.is_open(self.now)).map(|w| w.provider).collect();
        requesters.extend(granted.map(|g| g.grantee).take(4));
        requesters.extend(self.having(PROVIDER | RESEARCHER));
        requesters
    }
}
