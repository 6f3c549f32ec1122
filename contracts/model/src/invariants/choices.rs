//! What holds of what owners choose at large, judged by the messages in which they did.

use super::consent::contains;
use crate::{Account, Choice, Choices, Restriction, World};
use std::collections::BTreeSet;

impl World {
    /// What `owner` had chosen when there were so many choices: of each kind the last word counts.
    pub(super) fn chosen_by(&self, owner: &Account, until: usize) -> Choices {
        let mut choices = Choices::default();
        for made in
            self.consent.chosen.iter().take(until).filter(|made| made.deed.subject == *owner)
        {
            match &made.choice {
                Choice::NoEmergencies => choices.refuses_emergencies = true,
                Choice::Emergencies => choices.refuses_emergencies = false,
                Choice::Restricted(restriction) => choices.restriction = Some(restriction.clone()),
                Choice::Unrestricted => choices.restriction = None,
            }
        }
        choices
    }

    /// What is on record is what was chosen last, and nothing went against what held at its time.
    pub(super) fn choices_hold(&self) -> Result<(), String> {
        let c = &self.consent;
        let owners: BTreeSet<_> = c.chosen.iter().map(|made| made.deed.subject).collect();
        hold!(c.choices.keys().all(|owner| owners.contains(owner)), "a choice from nowhere");
        for owner in &owners {
            let (last, shown) = (self.chosen_by(owner, c.chosen.len()), c.choices(owner));
            hold!(last == shown, "chosen was {last:?}, on record is {shown:?}");
        }
        for (before, made) in c.chosen.iter().enumerate() {
            let known = self.chosen_by(&made.deed.subject, before);
            let by_guardian = made.deed.by != made.deed.subject;
            let changes = match &made.choice {
                Choice::NoEmergencies => {
                    hold!(!by_guardian, "emergencies refused for another: {made:?}");
                    !known.refuses_emergencies
                }
                Choice::Emergencies => known.refuses_emergencies,
                Choice::Restricted(restriction) => {
                    let except: BTreeSet<_> = restriction.except.iter().collect();
                    let says = restriction.purposes != 0 && restriction.categories != 0;
                    let few = except.len() == restriction.except.len() && except.len() <= 16;
                    hold!(says && few, "a restriction says nothing, or too much: {made:?}");
                    hold!(restriction.by_guardian == by_guardian, "by another: {made:?}");
                    known.restriction.is_none()
                }
                Choice::Unrestricted => {
                    known.restriction.as_ref().is_some_and(|r| !by_guardian || r.by_guardian)
                }
            };
            hold!(changes, "a choice that changes nothing, or replaces one: {made:?}");
        }
        for (number, opening) in &c.openings {
            let patient = c.windows.get(number).map(|window| window.patient);
            let refused =
                patient.is_some_and(|p| self.chosen_by(&p, opening.chosen).refuses_emergencies);
            hold!(!refused, "window {number} is on one who refused emergencies");
        }
        for permit in &c.permits {
            let known = self.chosen_by(&permit.owner, permit.chosen);
            let emergency = permit.window.is_some() && known.refuses_emergencies;
            hold!(!emergency, "an emergency that was refused: {permit:?}");
            let covered = covers(&known, &permit.requester, permit.purpose, permit.category)
                .is_some_and(|r| permit.grant.is_some() || !r.by_guardian);
            hold!(!covered, "a restriction was overruled: {permit:?}");
        }
        Ok(())
    }
}

/// The restriction, if it concerns what `requester` asks for.
pub(super) fn covers<'a>(
    known: &'a Choices,
    requester: &Account,
    purpose: u8,
    category: u8,
) -> Option<&'a Restriction> {
    known.restriction.as_ref().filter(|r| {
        let asked = contains(r.purposes, purpose) && contains(r.categories, category);
        asked && r.except.iter().all(|account| account != requester)
    })
}
