//! Lookups of grants, delegations, denials and windows.

use super::{choose, index, named, Lookup};
use crate::{
    arbitrary::{GrantPick, Intent, HOUR},
    role::{DATA_OWNER, PROVIDER, RESEARCHER},
    Account, Amendment, ConsentMessage, Grant, Outcome, Terms, TREATMENT, ZERO,
};

/// Pairs of masks; the last two are refused.
const MASKS: [(u32, u32); 7] = [
    (0b1111, 0b111_1111),
    (0b1, 0b11),
    (0b11, 0b10),
    (1 << 31, 1 << 31),
    (u32::MAX, u32::MAX),
    (0, 1),
    (1, 0),
];

fn masks(number: u8) -> (u32, u32) {
    MASKS[usize::from(number) % MASKS.len()]
}

impl Lookup<'_> {
    /// A grant by number, those first that still count.
    fn grant(&self, number: u8) -> Option<(u64, Grant)> {
        let c = &self.world.consent;
        let all: Vec<_> = c.grants.iter().map(|(n, g)| (*n, *g)).collect();
        let alive =
            |g: &Grant| !c.is_revoked(g) && self.now < g.until && g.max_uses != Some(g.uses);
        choose(&all, |(_, g)| alive(g), number)
    }

    /// Its number, or that of none.
    fn grant_number(&self, number: u8) -> u64 {
        match self.grant(number) {
            Some((grant, _)) if number < u8::MAX => grant,
            _ => self.world.consent.grants.len() as u64 + 1,
        }
    }

    /// A window, the open ones first.
    fn window(&self, number: u8) -> Option<u64> {
        let all: Vec<_> = self.world.consent.windows.iter().map(|(n, w)| (*n, *w)).collect();
        choose(&all, |(_, w)| w.is_open(self.now), number).map(|(n, _)| n)
    }

    /// A window, those first on which somebody still has to act.
    fn pending_window(&self, number: u8) -> u64 {
        let all: Vec<_> = self.world.consent.windows.iter().map(|(n, w)| (*n, *w)).collect();
        let pending = choose(&all, |(_, w)| w.outcome.is_none() && !w.sanctioned, number);
        pending.map_or(1, |(n, _)| n)
    }

    fn from(&self, number: u8) -> u64 {
        match number {
            0 => self.now.saturating_sub(HOUR),
            1 => self.now,
            2 => self.now.saturating_add(HOUR),
            _ => self.now.saturating_add(5 * HOUR),
        }
    }

    fn until(&self, number: u8, from: u64) -> u64 {
        match number {
            0 => self.now.saturating_add(72 * HOUR),
            1 => self.now.saturating_add(6 * HOUR),
            2 => self.now.saturating_add(60_000),
            3 => u64::MAX,
            4 => from,
            _ => self.now,
        }
    }

    fn terms(&self, pick: &GrantPick) -> Terms {
        let owner = self.with_role(DATA_OWNER, pick.owner);
        let may =
            |a: &Account| *a != owner && self.world.participants.has_role(a, PROVIDER | RESEARCHER);
        let (purposes, categories) = masks(pick.masks);
        let from = self.from(pick.from);
        Terms {
            owner,
            grantee: self.account(may, pick.grantee),
            purposes,
            categories,
            from,
            until: self.until(pick.until, from),
            max_uses: [None, Some(1), Some(3), Some(0)][usize::from(pick.uses.min(3))],
            record: if pick.record == 0 { ZERO } else { named("record", pick.record) },
            policy: named("policy", pick.record),
        }
    }

    pub(in crate::arbitrary) fn consent(&self, intent: &Intent) -> Option<ConsentMessage> {
        use ConsentMessage as M;
        let c = &self.world.consent;
        Some(match intent {
            Intent::Grant(pick) => M::Grant(self.terms(pick)),
            Intent::GrantBatch(picks) => {
                M::GrantBatch(picks.iter().map(|pick| self.terms(pick)).collect())
            }
            Intent::Amend { grant, new } => {
                let Terms { purposes, categories, from, until, max_uses, policy, .. } =
                    self.terms(new);
                // A limit counts from the first use, so it grows with the uses.
                let uses = self.grant(*grant).map_or(0, |(_, g)| g.uses);
                let max_uses = max_uses.map(|n| n.saturating_mul(uses.saturating_add(1)));
                let amendment = Amendment { purposes, categories, from, until, max_uses, policy };
                M::Amend(self.grant_number(*grant), amendment)
            }
            Intent::Revoke { grant } => M::Revoke(self.grant_number(*grant)),
            Intent::RevokeAll => M::RevokeAll,
            Intent::Deny { requester, masks: m } => {
                let (purposes, categories) = masks(*m);
                M::Deny(self.with_role(PROVIDER | RESEARCHER, *requester), purposes, categories)
            }
            Intent::LiftDenial { denial } => {
                let all: Vec<_> = c.denials.keys().copied().collect();
                M::LiftDenial(choose(&all, |_| true, *denial).map_or(ZERO, |(_, r)| r))
            }
            Intent::SetDelegate { delegate, masks: m, until } => {
                let (purposes, categories) = masks(*m);
                let admitted = |a: &Account| self.world.participants.is_admitted(a);
                let until = self.until(*until, self.now);
                M::SetDelegate(self.account(admitted, *delegate), purposes, categories, until)
            }
            Intent::RemoveDelegate { delegation } => {
                let all: Vec<_> = c.delegations.keys().copied().collect();
                M::RemoveDelegate(choose(&all, |_| true, *delegation).map_or(ZERO, |(_, d)| d))
            }
            Intent::EraseLink { grant } => {
                let all: Vec<_> = c.grants.iter().map(|(n, g)| (*n, g.record != ZERO)).collect();
                M::EraseLink(choose(&all, |(_, linked)| *linked, *grant).map_or(0, |(n, _)| n))
            }
            Intent::RequestAccess { grant, named, purpose, category } => {
                let Some((number, grant)) = self.grant(*grant) else {
                    let owner = self.with_role(DATA_OWNER, *grant);
                    return Some(M::RequestAccess(owner, None, TREATMENT, 0));
                };
                let purpose = index(grant.purposes, *purpose);
                let category = index(grant.categories, *category);
                M::RequestAccess(grant.owner, named.then_some(number), purpose, category)
            }
            Intent::RequestStrange { owner, grant, purpose, category } => {
                let owner = self.with_role(DATA_OWNER, *owner);
                let (purpose, category) = (index(1, *purpose), index(1, *category));
                M::RequestAccess(owner, grant.map(u64::from), purpose, category)
            }
            Intent::RequestEmergency { window, purpose } => {
                let window = self.window(*window).and_then(|n| c.windows.get(&n));
                let patient = window.map_or_else(|| self.with_role(DATA_OWNER, 0), |w| w.patient);
                M::RequestAccess(patient, None, index(1, *purpose), 1)
            }
            Intent::BreakGlass { patient } => {
                M::BreakGlass(self.with_role(DATA_OWNER, *patient), named("why", *patient))
            }
            Intent::CloseBreakGlass { window } => {
                M::CloseBreakGlass(self.window(*window).unwrap_or(1))
            }
            Intent::ReviewBreakGlass { window, justified } => {
                let outcome = if *justified { Outcome::Justified } else { Outcome::Unjustified };
                M::ReviewBreakGlass(self.pending_window(*window), outcome)
            }
            Intent::SanctionOverdue { window } => {
                // The oldest first.
                let all: Vec<_> = c.windows.iter().rev().map(|(n, w)| (*n, *w)).collect();
                let overdue = choose(
                    &all,
                    |(_, w)| w.outcome.is_none() && !w.sanctioned && w.review_by <= self.now,
                    *window,
                );
                M::SanctionOverdue(overdue.map_or(1, |(n, _)| n))
            }
            _ => return None,
        })
    }
}
