//! Broken glasses: what several of the messages begin with.

use super::{Call, Lookup};
use crate::{
    arbitrary::{
        lookup::{choose, last_of, named},
        picks::Picks,
    },
    power,
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR},
    Account, ConsentMessage as M,
    Message::Consent,
    Outcome, Window,
};

impl Lookup<'_> {
    /// A window, the open ones first.
    pub(super) fn window(&self, number: u8) -> Option<(u64, Window)> {
        last_of(&self.world.consent.windows, |_, w| w.is_open(self.now), number)
    }

    /// On a patient, for a provider and by a key of his that may; rarely by one that has to wait.
    pub(super) fn break_glass(&self, p: &mut Picks) -> Call {
        let c = &self.world.consent;
        let number = p.pick();
        let message =
            |provider, patient| Consent(M::BreakGlass(provider, patient, named("why", number)));
        let cooling = |w: &&Window| {
            let until = c.cooling_until(&w.by, &w.patient);
            w.outcome.is_none() && until.is_some_and(|until| self.now <= until)
        };
        if let Some(window) = c.windows.values().rev().find(cooling).filter(|_| !p.yes(50)) {
            return (message(window.provider, window.patient), vec![window.by]);
        }
        let admits = |patient: &Account| {
            self.world.participants.has_role(patient, DATA_OWNER) && !c.refuses_emergencies(patient)
        };
        let patient =
            if p.yes(85) { self.account(admits, number) } else { self.data_owner(number) };
        let waits = |key: &Account| {
            let cooling = c.cooling_until(key, &patient).is_some_and(|until| self.now < until);
            c.bar(key).is_some() || cooling
        };
        let mut providers = self.having(PROVIDER);
        providers.retain(|provider| *provider != patient);
        providers.sort_by_key(|p| c.open_window(p, &patient, self.now).is_some() || waits(p));
        let first = choose(providers.into_iter(), |_| true, p.mostly_0(3, 3));
        // Rarely for whoever it is.
        let provider =
            first.filter(|_| p.yes(92)).unwrap_or_else(|| self.account(|_| true, number));
        let mut keys = self.agents(provider, power::BREAK_GLASS, p);
        keys.sort_by_key(|key| waits(key) || *key == patient);
        (message(provider, patient), keys)
    }

    /// Of a window, those first on which somebody still has to act; so often of a hundred it is found
    /// unjustified.
    pub(super) fn review(&self, p: &mut Picks, unjustified: u32) -> Call {
        let pending = |_: &u64, w: &Window| w.outcome.is_none() && !w.sanctioned;
        let window = last_of(&self.world.consent.windows, pending, p.pick());
        let mut reviewers = self.having(AUDITOR | REGULATOR);
        let own = |reviewer: &Account| {
            window.is_some_and(|(_, w)| {
                w.by == *reviewer || self.is_involved(reviewer, &[w.provider, w.patient])
            })
        };
        reviewers.sort_by_key(own);
        if p.yes(90) {
            reviewers.retain(|reviewer| !own(reviewer));
        } else {
            reviewers.reverse();
        }
        // Only what is over can be found justified.
        let open = window.is_some_and(|(_, w)| w.is_open(self.now));
        let outcome = if p.yes(if open { 85 } else { unjustified }) {
            Outcome::Unjustified
        } else {
            Outcome::Justified
        };
        (Consent(M::ReviewBreakGlass(window.map_or(1, |(n, _)| n), outcome)), reviewers)
    }
}
