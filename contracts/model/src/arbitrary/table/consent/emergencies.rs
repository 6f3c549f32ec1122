//! Broken glasses: what several of the messages begin with.

use super::{Call, Lookup};
use crate::{
    arbitrary::{
        lookup::{last_of, named},
        picks::Picks,
    },
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

    /// On a patient, by those first who may; rarely by one who has to wait.
    pub(super) fn break_glass(&self, p: &mut Picks) -> Call {
        let c = &self.world.consent;
        let number = p.pick();
        let message = |patient| Consent(M::BreakGlass(patient, named("why", number)));
        let cooling = |provider: &Account, patient: &Account| {
            c.cooling_until(provider, patient).is_some_and(|until| self.now < until)
        };
        if !p.yes(80) {
            let mut latest = c.windows.values().rev();
            let ended = |w: &&Window| w.closed_by == Some(w.patient) && w.outcome.is_none();
            if let Some(window) = latest.find(ended) {
                return (message(window.patient), vec![window.provider]);
            }
        }
        let admits = |patient: &Account| {
            self.world.participants.has_role(patient, DATA_OWNER) && !c.refuses_emergencies(patient)
        };
        let patient =
            if p.yes(85) { self.account(admits, number) } else { self.data_owner(number) };
        let mut providers = self.having(PROVIDER);
        providers.retain(|provider| *provider != patient);
        providers.sort_by_key(|p| {
            c.open_window(p, &patient, self.now).is_some()
                || c.bar(p).is_some()
                || cooling(p, &patient)
        });
        (message(patient), providers)
    }

    /// Of a window, those first on which somebody still has to act; so often of a hundred it is found
    /// unjustified.
    pub(super) fn review(&self, p: &mut Picks, unjustified: u32) -> Call {
        let pending = |_: &u64, w: &Window| w.outcome.is_none() && !w.sanctioned;
        let window = last_of(&self.world.consent.windows, pending, p.pick());
        let mut reviewers = self.having(AUDITOR | REGULATOR);
        reviewers.retain(|r| window.is_none_or(|(_, w)| w.provider != *r && w.patient != *r));
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
