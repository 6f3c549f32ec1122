//! What holds of mandates: nobody acts for another without one that was in force.

use super::{
    active,
    guardians::{appointed, dismissed},
};
use crate::{
    power,
    role::{ALL, DATA_OWNER},
    Account, Deed, Hash, Mandate, World,
};
use std::collections::BTreeMap;

/// Five years, ms, each with a day to spare.
const TERM: u64 = 158_112_000_000;

impl World {
    /// What is on record is what was given last and not ended since, each by one who could.
    pub(super) fn mandates_hold(&self) -> Result<(), String> {
        let p = &self.participants;
        let mut given: BTreeMap<(Account, Account), Mandate> = BTreeMap::new();
        for act in &p.mandated {
            let pair = (act.subject, act.agent);
            hold!(act.subject != act.agent, "a mandate of himself: {act:?}");
            let guardians = given.get(&pair).is_some_and(|m| m.appointed_by.is_some());
            match act.mandate {
                Some(mandate) if mandate.appointed_by.is_some() => {
                    appointed(act, &mandate, given.get(&pair))
                        .map_err(|why| format!("{why}: {act:?}"))?;
                    given.insert(pair, mandate);
                }
                Some(mandate) => {
                    hold!(!guardians, "in place of a guardian's: {act:?}");
                    hold!(act.by == act.subject, "given by another: {act:?}");
                    let organisation = active(act.subject_is, ALL & !DATA_OWNER);
                    hold!(organisation, "given by no organisation: {act:?}");
                    let bounded = mandate.powers > 0 && mandate.powers | power::ALL == power::ALL;
                    hold!(bounded, "to do what? {act:?}");
                    let term = mandate.until.checked_sub(act.at);
                    hold!(term.is_some_and(|t| (1..=TERM).contains(&t)), "how long? {act:?}");
                    given.insert(pair, mandate);
                }
                None => {
                    let may =
                        if guardians { dismissed(act) } else { [pair.0, pair.1].contains(&act.by) };
                    hold!(may, "ended by a stranger: {act:?}");
                    hold!(given.remove(&pair).is_some(), "nothing to end: {act:?}");
                }
            }
        }
        hold!(given == p.mandates, "given and not ended were {given:?}");
        Ok(())
    }

    /// The mandate of `agent` from `subject` that was in force when there had been so many of them.
    pub(super) fn mandate_then(
        &self,
        subject: &Account,
        agent: &Account,
        at: u64,
        mandates: usize,
    ) -> Option<Mandate> {
        let mut until_then = self.participants.mandated.iter().take(mandates);
        let last = until_then.rfind(|m| m.subject == *subject && m.agent == *agent)?;
        last.mandate.filter(|mandate| mandate.until > at)
    }

    /// The commitment to who acted by a mandate; `None`: it was the subject himself. The deed takes one of
    /// `powers`.
    pub(super) fn person_of(&self, deed: &Deed, powers: &[u16]) -> Result<Option<Hash>, String> {
        let Deed { subject, by, at, mandates, .. } = *deed;
        let (before, after) = self
            .participants
            .mandated
            .split_at_checked(mandates)
            .ok_or_else(|| format!("a deed of the future: {deed:?}"))?;
        let in_time = before.iter().all(|m| m.at <= at) && after.iter().all(|m| at <= m.at);
        hold!(in_time, "a deed of another time: {deed:?}");
        let power = deed.power;
        hold!(powers.contains(&power), "another deed: {deed:?}");
        if subject == by {
            return Ok(None);
        }
        match self.mandate_then(&subject, &by, at, mandates) {
            Some(mandate) if mandate.powers & power == power => Ok(Some(mandate.person)),
            mandate => Err(format!("for another by {mandate:?}: {deed:?}")),
        }
    }

    /// Whether `account` was the party, or one of those who acted for it.
    pub(super) fn sided(
        &self,
        account: &Account,
        party: &Account,
        at: u64,
        mandates: usize,
    ) -> bool {
        account == party || self.mandate_then(party, account, at, mandates).is_some()
    }
}
