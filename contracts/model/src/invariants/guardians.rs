//! What holds of guardians: who appointed them, what they did, and that it counts no longer than they do.

use super::active;
use crate::{
    power,
    role::{DATA_OWNER, REGULATOR},
    Account, Consent, Grant, Guarded, Mandate, Mandated, Permit, World,
};
use std::collections::BTreeMap;

/// Eighteen years, ms, each with a day to spare.
const TERM: u64 = 569_203_200_000;

impl World {
    /// In which guardianship `ward` was when there had been so many mandates: how often the time of one
    /// of his guardians had been cut short.
    pub(super) fn guardianship_then(&self, ward: &Account, mandates: usize) -> u32 {
        let mut had: BTreeMap<Account, u64> = BTreeMap::new();
        let mut number = 0;
        for act in self.participants.mandated.iter().take(mandates) {
            let of_guardian = act.mandate.is_none_or(|m| m.appointed_by.is_some());
            if act.subject != *ward || !of_guardian {
                continue;
            }
            let now_has = act.mandate.map_or(act.at, |m| m.until);
            let before = match act.mandate {
                Some(_) => had.insert(act.agent, now_has),
                // A member's that ends is not among these.
                None => had.remove(&act.agent),
            };
            number += u32::from(before.is_some_and(|before| now_has < before));
        }
        number
    }

    /// What guardians did they did for their wards and not for themselves, and the owner's own key did the
    /// rest.
    pub(super) fn guardians_hold(&self) -> Result<(), String> {
        let all = self.participants.mandated.len();
        for (account, participant) in &self.participants.participants {
            let replayed = self.guardianship_then(account, all);
            hold!(participant.guardianship == replayed, "a guardianship {participant:?}");
        }
        let c = &self.consent;
        let denied = c.denied.iter().map(|change| &change.deed);
        let chosen = c.chosen.iter().map(|chosen| &chosen.deed);
        for deed in c.deeds.iter().chain(denied).chain(chosen) {
            self.person_of(deed, &[power::GUARDIAN])?;
        }
        for act in &c.guarded {
            self.guarded_well(act).map_err(|why| format!("{why}: {act:?}"))?;
        }
        for permit in &c.permits {
            self.given_in_office(permit).map_err(|why| format!("{why}: {permit:?}"))?;
        }
        self.answered_for(c)
    }

    fn guarded_well(&self, act: &Guarded) -> Result<(), String> {
        let Guarded { deed, before, after } = *act;
        hold!(deed.by != deed.subject, "it was the owner");
        self.person_of(&deed, &[power::GUARDIAN])?;
        let mandate = self.mandate_then(&deed.subject, &deed.by, deed.at, deed.mandates);
        let until = mandate.map_or(0, |mandate| mandate.until);
        let owners = before.iter().chain(&after).all(|grant| grant.owner == deed.subject);
        hold!(owners, "another owner's grant");
        let Some(after) = after else { return Ok(()) };
        hold!(after.grantee != deed.by, "to himself");
        hold!(after.until <= until, "outlasts him");
        let current = self.guardianship_then(&deed.subject, deed.mandates);
        hold!(after.guardianship == Some(current), "of another guardianship");
        let guardians = before.is_none_or(|before| before.guardianship == Some(current));
        hold!(guardians, "not a guardian's to change, or over");
        hold!(before.is_some() || after.by == deed.by, "given by another");
        Ok(())
    }

    /// No guardian's grant counts after his mandate ended, on terms that a guardian set.
    fn given_in_office(&self, permit: &Permit) -> Result<(), String> {
        let Some((_, grant)) = permit.grant else { return Ok(()) };
        let Some(given_in) = grant.guardianship else { return Ok(()) };
        let current = self.guardianship_then(&permit.owner, permit.mandates);
        hold!(given_in == current, "of a guardianship that is over");
        let Some(guardian) = permit.answers.filter(|by| *by != permit.owner) else { return Ok(()) };
        let mandate = self.mandate_then(&permit.owner, &guardian, permit.at, permit.mandates);
        hold!(mandate.is_some_and(|m| m.appointed_by.is_some()), "whose guardian is gone");
        Ok(())
    }

    /// Who answers for a grant is its owner, or who gave it, or a guardian.
    fn answered_for(&self, c: &Consent) -> Result<(), String> {
        hold!(c.answers.keys().eq(c.grants.keys()), "nobody answers for a grant");
        for (number, grant) in &c.grants {
            let Grant { owner, by, guardianship, .. } = *grant;
            let answers = c.answers.get(number).copied().unwrap_or(owner);
            let so = answers == owner || answers == by || guardianship.is_some();
            hold!(so, "another answers for grant {number}: {grant:?}");
            hold!(by != owner || guardianship.is_none(), "no guardian gave {number}: {grant:?}");
        }
        Ok(())
    }
}

/// Whether a guardian's mandate, which takes the place of `before`, was given by one who could.
pub(super) fn appointed(
    act: &Mandated,
    mandate: &Mandate,
    before: Option<&Mandate>,
) -> Result<(), String> {
    let regulator = active(act.by_is, REGULATOR) && mandate.appointed_by == Some(act.by);
    hold!(regulator, "appointed by no regulator");
    hold!(act.by != act.subject && act.by != act.agent, "appointed by himself");
    hold!(active(act.subject_is, DATA_OWNER), "the ward is no data owner");
    hold!(mandate.powers == power::GUARDIAN, "more than a guardian's");
    let term = mandate.until.checked_sub(act.at);
    hold!(term.is_some_and(|term| (1..=TERM).contains(&term)), "how long?");
    hold!(before.is_none_or(|m| m.appointed_by.is_some()), "in place of a member's");
    Ok(())
}

/// Whether a guardian's mandate was ended by one who could.
pub(super) fn dismissed(act: &Mandated) -> bool {
    let regulator = active(act.by_is, REGULATOR) && act.by != act.subject;
    act.by == act.agent || regulator
}
