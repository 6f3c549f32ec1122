//! What holds of keys: who a participant is never changes, and his key only as both sides agreed.

use crate::{Account, KeyEvent as E, Keyed, Succession, World};
use std::collections::{BTreeMap, BTreeSet};

/// 14 days.
const GRACE: u64 = 1_209_600_000;

impl World {
    /// What is on record follows from what was said of keys, each word by one who could say it.
    pub(super) fn keys_hold(&self) -> Result<(), String> {
        let p = &self.participants;
        let mut pending: BTreeMap<Account, Succession> = BTreeMap::new();
        let mut keys: BTreeMap<Account, Account> = BTreeMap::new();
        let mut ever: BTreeMap<Account, Account> = BTreeMap::new();
        for word in &p.keyed {
            let open = pending.get(&word.subject).copied().filter(|s| word.at < s.until);
            let known = p.participants.contains_key(&word.subject);
            hold!(known, "a key of nobody: {word:?}");
            let next =
                self.after(word, open).map_err(|why| format!("{why}: {word:?}, {open:?}"))?;
            match next {
                Some(next) => pending.insert(word.subject, next),
                None => pending.remove(&word.subject),
            };
            if word.event == E::Accepted {
                let first = ever.insert(word.to, word.subject).is_none();
                hold!(first, "the key of two, or twice: {word:?}");
                keys.insert(word.subject, word.to);
            }
        }
        hold!(ever == p.subjects, "whose keys were {ever:?}");
        hold!(pending == p.successions, "waiting are {pending:?}");
        for (account, participant) in &p.participants {
            let key = keys.get(account).copied();
            hold!(participant.key == key, "another key than {key:?}: {participant:?}");
            hold!(!p.subjects.contains_key(account), "a participant by another's key");
        }
        let administrator = p.governance.administrator;
        hold!(!keys.contains_key(&administrator), "the office acts by another key");
        self.everybody_acts_by_one_key()
    }

    /// Who acts by a key is who says so himself, and nobody does by two.
    fn everybody_acts_by_one_key(&self) -> Result<(), String> {
        let p = &self.participants;
        let mut acting = BTreeSet::new();
        for key in p.participants.keys().chain(p.subjects.keys()) {
            let of = p.subjects.get(key).unwrap_or(key);
            let current = p.participants.get(of).map(|p| p.key.unwrap_or(*of));
            let identity = p.identity(key);
            let right = if current == Some(*key) { Some(*of) } else { None };
            hold!(identity == right, "{key:?} acts as {identity:?}");
            hold!(identity.is_none_or(|one| acting.insert(one)), "two act as {identity:?}");
            hold!(p.key_of(key).is_some() == identity.is_none(), "replaced, or not: {key:?}");
        }
        Ok(())
    }

    /// Who acted by `key` when there were that many words on keys: nobody, if it was replaced.
    pub(super) fn identity_then(&self, key: &Account, words: usize) -> Option<Account> {
        let accepted = |word: &&Keyed| word.event == E::Accepted;
        let until_then = || self.participants.keyed.iter().take(words).rev().filter(accepted);
        let of = until_then().find(|word| word.to == *key).map_or(*key, |word| word.subject);
        let current = until_then().find(|word| word.subject == of).map_or(of, |word| word.to);
        (current == *key).then_some(of)
    }

    /// What waits after a word, if anything does.
    fn after(&self, word: &Keyed, open: Option<Succession>) -> Result<Option<Succession>, String> {
        let Keyed { subject, event, to, by, at, regulator, mandates } = *word;
        let of_regulator = open.is_some_and(|open| open.by.is_some());
        if !matches!(event, E::Named | E::Proposed) {
            hold!(open.is_some_and(|open| open.to == to), "not what waits");
        }
        let guards = self.mandate_then(&subject, &by, at, mandates);
        let guards = guards.is_some_and(|mandate| mandate.appointed_by.is_some());
        let another = by != subject && regulator && !guards;
        let waiting = |by| {
            let not_before = at.saturating_add(self.participants.governance.delay);
            let until = not_before.saturating_add(GRACE);
            Some(Succession { to, not_before, until, by, objected: false, confirmed_by: None })
        };
        Ok(match event {
            E::Named => {
                hold!(by == subject && !of_regulator, "in place of a regulator's word");
                waiting(None)
            }
            E::Proposed => {
                hold!(another && !of_regulator, "by no regulator, or over another's word");
                waiting(Some(by))
            }
            E::Cancelled => {
                hold!(by == subject && !of_regulator, "what another said");
                None
            }
            E::Objected => {
                hold!(by == subject && of_regulator, "to what he said himself");
                open.map(|open| Succession { objected: true, ..open })
            }
            E::Confirmed => {
                let first = open.and_then(|open| open.by);
                let objected = open.is_some_and(|open| open.objected);
                hold!(another && first.is_some_and(|f| f != by) && objected, "no second one");
                open.map(|open| Succession { confirmed_by: Some(by), ..open })
            }
            E::Rejected => {
                hold!(another && of_regulator, "no affair of his");
                None
            }
            E::Accepted => {
                let open = open.ok_or("nothing waits")?;
                hold!(by == to && open.not_before <= at && at < open.until, "not its time");
                hold!(!open.objected || open.confirmed_by.is_some(), "against his word");
                None
            }
        })
    }
}
