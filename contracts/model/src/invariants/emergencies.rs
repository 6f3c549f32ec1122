//! What holds of broken glasses, and of the keys that may break none.

use super::active;
use crate::{
    power,
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR},
    Deed, Opening, Outcome, Window, World,
};
use std::collections::{BTreeMap, BTreeSet};

impl World {
    pub(super) fn emergencies_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut before: BTreeMap<_, Window> = BTreeMap::new();
        let mut of_keys: BTreeMap<_, Window> = BTreeMap::new();
        hold!(c.openings.len() == c.windows.len(), "a window is gone");
        for (position, (number, window)) in c.windows.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before window {number}");
            let Some(opening) = c.openings.get(number) else {
                return Err(format!("window {number} came from nowhere"));
            };
            hold!(active(opening.provider_is, PROVIDER), "window {number} has no provider");
            hold!(active(opening.patient_is, DATA_OWNER), "window {number} has no patient");
            hold!(!self.was_barred(window, opening), "window {number} is a barred key's");
            let own = [window.provider, window.by].contains(&window.patient);
            let Deed { by, at, mandates, .. } = opening.broken;
            let mandate = self.mandate_then(&window.patient, &by, at, mandates);
            let ward = mandate.is_some_and(|mandate| mandate.appointed_by.is_some());
            hold!(!own && !ward, "window {number} is on own data, or a ward's");
            let person = self.person_of(&opening.broken, &[power::BREAK_GLASS])?;
            let broken = (opening.broken.subject, opening.broken.by, opening.broken.at, person);
            let says = (window.provider, window.by, window.opened, window.person);
            hold!(broken == says, "broken by {broken:?}: {window:?}");
            let ends = window.opened.checked_add(c.times.window) == Some(window.until);
            let due = window.opened.checked_add(c.times.review) == Some(window.review_by);
            hold!(ends && due && window.until <= window.review_by, "no deadline: {window:?}");
            let end = end(window);
            hold!(window.opened <= end && end <= window.until, "closed when? {window:?}");
            if let Some(last) = before.insert((window.provider, window.patient), *window) {
                hold!(self::end(&last) <= window.opened, "two windows at once: {window:?}");
            }
            if let Some(last) = of_keys.insert((window.by, window.patient), *window) {
                let closed = last.closed.filter(|_| last.closed_by == Some(last.patient));
                let waited = window.opened.saturating_sub(closed.unwrap_or(0));
                hold!(closed.is_none() || waited >= c.times.cooldown, "too soon: {window:?}");
            }
            self.review_holds(*number, window)?;
        }
        self.bars_hold()
    }

    fn review_holds(&self, number: u64, window: &Window) -> Result<(), String> {
        let c = &self.consent;
        let proposed = c.sanctions.iter().filter(|n| **n == number).count();
        hold!(proposed == usize::from(window.sanctioned), "sanctions: {window:?}");
        let unjustified = window.outcome == Some(Outcome::Unjustified);
        hold!(window.sanctioned || !unjustified, "no consequence: {window:?}");
        let barred = c.bars.iter().filter(|bar| bar.window == Some(number)).count();
        hold!(barred == usize::from(unjustified), "barred {barred} times: {window:?}");
        let reviewed = c.reviews.get(&number);
        hold!(reviewed.is_some() == window.outcome.is_some(), "reviewed by? {window:?}");
        hold!(window.closed.is_some() == window.closed_by.is_some(), "closed by? {window:?}");
        let closing = c.closings.get(&number);
        if let Some(closed) = closing {
            self.person_of(closed, &[power::BREAK_GLASS, power::GUARDIAN])?;
            let for_patient = closed.power == power::GUARDIAN;
            let party = if for_patient { window.patient } else { window.provider };
            let by_party = party == closed.subject;
            let so = (window.closed, window.closed_by) == (Some(closed.at), Some(closed.by));
            hold!(by_party && so, "closed by {closed:?}: {window:?}");
        }
        let mut closers = Vec::from_iter(closing.map(|closed| closed.by));
        if let Some(review) = reviewed {
            let mut parties = [window.provider, window.patient].into_iter();
            let sided = parties.any(|p| self.sided(&review.by, &p, review.at, review.mandates));
            let other = !sided && review.by != window.by;
            hold!(other, "reviewed by a party: {window:?}");
            // Whatever the verdict is, it is about all that the window was used for.
            hold!(end(window) <= review.at, "judged, and still open: {window:?}");
            closers.extend(unjustified.then_some(review.by));
        }
        let closed = window.closed_by.is_none_or(|by| closers.contains(&by));
        hold!(closed, "closed by a stranger: {window:?}");
        Ok(())
    }

    /// Whether the key was barred when it broke the glass: the last word until then is what counts.
    fn was_barred(&self, window: &Window, opening: &Opening) -> bool {
        let mut until_then = self.consent.bars.iter().take(opening.bars);
        let last = until_then.rfind(|bar| bar.key == window.by);
        last.is_some_and(|bar| bar.window.is_some())
    }

    fn bars_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let mut barred = BTreeSet::new();
        for bar in &c.bars {
            hold!(bar.by != bar.key, "about himself: {bar:?}");
            match bar.window {
                Some(number) => {
                    let key = c.windows.get(&number).map(|window| window.by);
                    hold!(key == Some(bar.key), "another's window: {bar:?}");
                    hold!(active(bar.by_is, AUDITOR | REGULATOR), "by no reviewer: {bar:?}");
                    barred.insert(bar.key);
                }
                None => {
                    hold!(active(bar.by_is, REGULATOR), "lifted by no regulator: {bar:?}");
                    hold!(barred.remove(&bar.key), "nothing to lift: {bar:?}");
                }
            }
        }
        let keys = self.setup.accounts.iter().copied().chain(c.bars.iter().map(|bar| bar.key));
        let shown: BTreeSet<_> = keys.filter(|key| c.bar(key).is_some()).collect();
        hold!(shown == barred, "barred are {barred:?}");
        Ok(())
    }
}

/// First moment at which a window is over.
fn end(window: &Window) -> u64 {
    window.closed.unwrap_or(window.until)
}
