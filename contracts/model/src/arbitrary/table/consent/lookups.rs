//! What the messages of consent are made of.

use super::{Call, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, index, last_of, named},
        picks::UNKNOWN,
        HOUR,
    },
    power,
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Amendment, ConsentMessage as M, Grant, Hash,
    Message::Consent,
    Record, Request, Terms, MASK_BITS, TREATMENT,
};
use std::cmp::Ordering;

/// Purposes and categories; the last two are refused.
pub(super) fn masks(p: &mut Picks) -> (u32, u32) {
    let top = 1 << 31;
    let all = (u32::MAX, u32::MAX);
    p.sound(5, [(0b1111, 0b111_1111), (0b1, 0b11), (0b11, 0b10), (top, top), all, (0, 1), (1, 0)])
}

/// None in particular, or one of a few.
pub(super) fn record(p: &mut Picks) -> Option<Hash> {
    let number = p.below(4);
    (number > 0).then(|| named("record", number))
}

/// Sometimes the second or the third of the callers first: where the owner is the first, a guardian or a
/// delegate.
pub(super) fn delegates_too(p: &mut Picks, mut callers: Vec<Account>) -> Vec<Account> {
    let turns = if p.yes(65) {
        0
    } else if p.yes(60) {
        1
    } else {
        2
    };
    if callers.len() > turns {
        callers.rotate_left(turns);
    }
    callers
}

impl Lookup<'_> {
    /// A grant by number, those first that still live.
    pub(super) fn grant(&self, number: u8) -> Option<(u64, Grant)> {
        let c = &self.world.consent;
        last_of(&c.grants, |n, g| c.lives(*n, g, self.now), number)
    }

    /// Whether any grant may still permit something.
    pub(super) fn any_lives(&self) -> bool {
        let c = &self.world.consent;
        c.grants.iter().any(|(number, grant)| c.lives(*number, grant, self.now))
    }

    /// Gives a grant.
    pub(super) fn give(&self, p: &mut Picks) -> Call {
        // Where agreements get messages, too, often what is proposed.
        if self.mix.agreements > 0 && p.yes(30) {
            if let Some(call) = self.give_proposed(p) {
                return call;
            }
        }
        let terms = self.terms(p);
        (Consent(M::Grant(terms)), delegates_too(p, self.granters(&terms)))
    }

    /// Denies a requester something, or one of the staff.
    pub(super) fn deny(&self, p: &mut Picks) -> Call {
        let participants = &self.world.participants;
        let is_staff = |a: &Account| participants.mandates.keys().any(|(_, agent)| agent == a);
        let requester = if p.yes(30) {
            self.account(is_staff, p.pick())
        } else {
            self.with_role(PROVIDER | RESEARCHER, p.pick())
        };
        let (purposes, categories) = masks(p);
        // A guardian one who breaks the glass on his ward; rarely anybody himself.
        let window = self.window(0).filter(|(_, w)| w.is_open(self.now));
        let guarded = window.map(|(_, w)| (w, self.guardians(w.patient, self.now)));
        if let Some((w, guardians)) = guarded.filter(|(_, g)| !g.is_empty() && !p.yes(50)) {
            return (Consent(M::Deny(w.patient, w.provider, purposes, categories)), guardians);
        }
        if !p.yes(97) {
            let message = M::Deny(requester, requester, purposes, categories);
            return (Consent(message), vec![requester]);
        }
        let (owner, callers) = self.owner_of(self.owners_but(requester), p);
        (Consent(M::Deny(owner, requester, purposes, categories)), callers)
    }

    /// What a grant may become: something else, or half of the time less than it is.
    pub(super) fn amendment(&self, p: &mut Picks, grant: Option<Grant>) -> Amendment {
        let less = p.yes(50);
        let Terms { purposes, categories, from, until, max_uses, policy, .. } = self.terms(p);
        let Some(old) = grant.filter(|_| less) else {
            // A limit counts from the first use, so it grows with the uses.
            let uses = grant.map_or(0, |g| g.uses);
            let max_uses = max_uses.map(|n| n.saturating_mul(uses.saturating_add(1)));
            return Amendment { purposes, categories, from, until, max_uses, policy };
        };
        let common = |new: u32, old: u32| if new & old == 0 { old } else { new & old };
        let least = old.max_uses.into_iter().chain(max_uses).min();
        Amendment {
            purposes: common(purposes, old.purposes),
            categories: common(categories, old.categories),
            from: from.max(old.from),
            until: until.min(old.until),
            max_uses: least.map(|n| n.max(old.uses.saturating_add(1))),
            policy: old.policy,
        }
    }

    /// What the owner of a grant, or a delegate who may do that much more, does to it; or to none.
    pub(super) fn on_grant(&self, number: u8, more: (u32, u32), make: impl Fn(u64) -> M) -> Call {
        match self.grant(number).filter(|_| number != UNKNOWN) {
            Some((number, g)) => {
                let masks = (g.purposes | more.0, g.categories | more.1);
                (Consent(make(number)), self.for_owner(g.owner, g.grantee, masks))
            }
            None => (Consent(make(self.world.consent.grants.len() as u64 + 1)), Vec::new()),
        }
    }

    /// The last two are over before they start.
    pub(super) fn until(&self, p: &mut Picks, from: u64) -> u64 {
        let after = |time| self.now.saturating_add(time);
        let soon = [after(6 * HOUR), after(60_000)];
        let all = [after(72 * HOUR), after(240 * HOUR), soon[0], u64::MAX, soon[1], from, self.now];
        p.sound(5, all)
    }

    pub(in crate::arbitrary::table) fn terms(&self, p: &mut Picks) -> Terms {
        let owner = self.data_owner(p.favourite());
        let may =
            |a: &Account| *a != owner && self.world.participants.has_role(a, PROVIDER | RESEARCHER);
        let grantee = self.account(may, p.favourite());
        let (purposes, categories) = masks(p);
        let from = match p.mostly_0(3, 3) {
            0 => self.now.saturating_sub(HOUR),
            1 => self.now,
            2 => self.now.saturating_add(HOUR),
            _ => self.now.saturating_add(5 * HOUR),
        };
        let until = self.until(p, from);
        let max_uses = p.sound(3, [None, Some(1), Some(3), Some(0)]);
        let record = record(p);
        let policy = record.unwrap_or_else(|| named("policy", 0));
        Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy }
    }

    pub(super) fn granters(&self, terms: &Terms) -> Vec<Account> {
        self.for_owner(terms.owner, terms.grantee, (terms.purposes, terms.categories))
    }

    /// The owner, his guardians, and his delegates, those first who may do this; before all, those whose
    /// delegation or mandate ends just now, because this moment is easily got wrong and seldom met.
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
        let guardians = self.guardians(owner, self.now);
        let last = self.guardians(owner, self.now.saturating_sub(1));
        ended.extend(last.into_iter().filter(|guardian| !guardians.contains(guardian)));
        ended.push(owner);
        ended.extend(guardians);
        ended.extend(delegates.into_iter().map(|(_, delegate)| delegate));
        ended
    }

    pub(super) fn owners_but(&self, other: Account) -> Vec<Account> {
        let mut owners = self.having(DATA_OWNER);
        owners.retain(|owner| *owner != other);
        owners
    }

    /// What a grant permits, named or not.
    pub(super) fn request_granted(&self, p: &mut Picks) -> Call {
        let number = p.known();
        let Some((grant, g)) = self.grant(number) else {
            let owner = self.data_owner(number);
            let (grant, record, purpose, category) = (None, None, TREATMENT, 0);
            let requester = self.asker(p, owner, grant, purpose);
            let request = Request { requester, owner, grant, record, purpose, category };
            return self.request(p, request);
        };
        let by_number = p.yes(40).then_some(grant);
        // Research has to be paid.
        let purpose = match p.below(8) {
            0..=4 => index(g.purposes, 0),
            5 | 6 => 1,
            _ => index(g.purposes, 1 + p.below(6)),
        };
        let category = index(g.categories, p.mostly_0(4, 6));
        let other = p.mostly_0(4, 3);
        let record = match g.record {
            Record::One(one) if other == 0 => Some(one),
            _ => (other > 1).then(|| named("record", other)),
        };
        let (owner, grant) = (g.owner, by_number);
        let requester = self.asker(p, owner, grant, purpose);
        self.request(p, Request { requester, owner, grant, record, purpose, category })
    }

    /// By the requester, or for him.
    pub(super) fn request(&self, p: &mut Picks, request: Request) -> Call {
        let Request { requester, owner, grant, record, purpose, category } = request;
        let message = M::RequestAccess(requester, owner, grant, record, purpose, category);
        (Consent(message), self.agents(requester, power::ASK, p))
    }

    /// One of those of whom such a request is likely, mostly the first of them.
    pub(super) fn asker(
        &self,
        p: &mut Picks,
        owner: Account,
        grant: Option<u64>,
        purpose: u8,
    ) -> Account {
        let likely = self.requesters(owner, grant, purpose);
        let number = p.mostly_0(3, 3);
        if p.yes(92) {
            choose(likely.into_iter(), |_| true, number).unwrap_or(owner)
        } else {
            self.account(|_| true, p.below(8))
        }
    }

    fn requesters(&self, owner: Account, grant: Option<u64>, purpose: u8) -> Vec<Account> {
        let c = &self.world.consent;
        if let Some(grant) = grant.and_then(|number| c.grants.get(&number)) {
            return vec![grant.grantee];
        }
        let may = |purposes: u32| purpose < MASK_BITS && purposes >> purpose & 1 == 1;
        let windows = c.windows.values().rev().filter(|w| w.patient == owner);
        let granted = c
            .grants
            .iter()
            .rev()
            .filter(|(n, g)| g.owner == owner && may(g.purposes) && c.lives(**n, g, self.now));
        let mut requesters: Vec<_> =
            windows.filter(|w| w.is_open(self.now)).map(|w| w.provider).collect();
        requesters.extend(granted.map(|(_, g)| g.grantee).take(4));
        requesters.extend(self.having(PROVIDER | RESEARCHER));
        requesters
    }
}
