//! Keys: which one acts for a participant, and how another takes its place.

use crate::{
    ensure, governance::running, role::REGULATOR, Account, Answer, Hash, Participants, Refusal,
    Reply, Succession, World,
};

/// For how long a key may accept once it may: 14 days.
const GRACE: u64 = 14 * 24 * 3_600_000;

/// A key that was named for a participant, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyed {
    /// Whose.
    pub subject: Account,
    /// What happened.
    pub event: KeyEvent,
    /// Which key.
    pub to: Account,
    /// Who did it: the subject, a regulator or the key itself.
    pub by: Account,
    /// When.
    pub at: u64,
    /// Whether he was a regulator then.
    pub regulator: bool,
    /// How many of [`Participants::mandated`] there were.
    pub mandates: usize,
}

/// What may happen to a key that is to act for a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyEvent {
    /// The subject named it.
    Named,
    /// A regulator named it.
    Proposed,
    /// The subject took it back.
    Cancelled,
    /// The subject objects to it.
    Objected,
    /// A second regulator confirmed it.
    Confirmed,
    /// A regulator ended it.
    Rejected,
    /// It accepted.
    Accepted,
}

impl Participants {
    /// Who acts by `key`: nobody, if it was replaced.
    pub fn identity(&self, key: &Account) -> Option<Account> {
        let subject = self.subjects.get(key).copied().unwrap_or(*key);
        (self.current(&subject) == *key).then_some(subject)
    }

    /// The key that acts for `subject`.
    fn current(&self, subject: &Account) -> Account {
        self.participants.get(subject).and_then(|p| p.key).unwrap_or(*subject)
    }

    /// The key that acts in place of `account`, if another one does.
    pub fn key_of(&self, account: &Account) -> Option<Account> {
        let subject = self.subjects.get(account).copied().unwrap_or(*account);
        Some(self.current(&subject)).filter(|key| key != account)
    }

    /// Who acts by `key`, in the words of this contract.
    pub(crate) fn who(&self, key: Account) -> Result<Account, Refusal> {
        self.identity(&key).ok_or("Replaced")
    }

    /// What can still be accepted for `subject`.
    fn open(&self, subject: &Account, now: u64) -> Result<Succession, Refusal> {
        let open = self.successions.get(subject).filter(|s| now < s.until);
        open.copied().ok_or("NoSuccession")
    }

    /// No regulator's word is overwritten, and the key is nobody's yet.
    fn may_name(&self, subject: &Account, to: &Account, now: u64) -> Result<(), Refusal> {
        let regulators = self.open(subject, now).is_ok_and(|s| s.by.is_some());
        ensure(!regulators, "ReplacementPending")?;
        ensure(!self.mandates.contains_key(&(*subject, *to)), "KeyTaken")?;
        self.is_new(to)
    }

    fn is_new(&self, to: &Account) -> Result<(), Refusal> {
        let known = self.participants.contains_key(to) || self.subjects.contains_key(to);
        ensure(!known, "KeyTaken")
    }

    /// `by` decides about the key of another, who is no ward of his.
    fn may_rule(&self, by: &Account, subject: &Account, now: u64) -> Result<(), Refusal> {
        ensure(self.has_role(by, REGULATOR), "NotRegulator")?;
        ensure(by != subject && !self.guards(subject, by, now), "OwnKey")
    }

    /// Puts on record that `to` may accept after the delay.
    fn wait_for(&mut self, subject: Account, to: Account, by: Option<Account>, now: u64) {
        let not_before = now.saturating_add(self.governance.delay);
        let until = not_before.saturating_add(GRACE);
        let (objected, confirmed_by) = (false, None);
        let succession = Succession { to, not_before, until, by, objected, confirmed_by };
        self.successions.insert(subject, succession);
    }

    fn note(&mut self, subject: Account, event: KeyEvent, to: Account, by: Account, at: u64) {
        let (regulator, mandates) = (self.has_role(&by, REGULATOR), self.mandated.len());
        self.keyed.push(Keyed { subject, event, to, by, at, regulator, mandates });
    }
}

impl World {
    /// Who acts by `key`, in the words of most contracts.
    pub(crate) fn by(&self, key: Account) -> Result<Account, Refusal> {
        self.participants.identity(&key).ok_or("NotAuthorized")
    }

    /// `name_successor`
    pub fn name_successor(&mut self, key: Account, now: u64, to: Account) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(key)?;
        p.get(&caller)?;
        ensure(caller != p.governance.administrator, "OfficeHolder")?;
        p.may_name(&caller, &to, now)?;
        p.wait_for(caller, to, None, now);
        p.note(caller, KeyEvent::Named, to, caller, now);
        Ok(Answer::Nothing)
    }

    /// `replace_key`
    pub fn replace_key(
        &mut self,
        key: Account,
        now: u64,
        subject: Account,
        to: Account,
        _evidence: Hash,
    ) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(key)?;
        p.may_rule(&caller, &subject, now)?;
        let roles = p.get(&subject)?.roles;
        ensure(subject != p.governance.administrator, "OfficeHolder")?;
        p.over(caller, roles)?;
        p.may_name(&subject, &to, now)?;
        p.wait_for(subject, to, Some(caller), now);
        p.note(subject, KeyEvent::Proposed, to, caller, now);
        Ok(Answer::Nothing)
    }

    /// `cancel_succession`
    pub fn cancel_succession(&mut self, key: Account, now: u64) -> Reply {
        let p = &mut self.participants;
        let caller = p.who(key)?;
        let open = p.open(&caller, now)?;
        let event = if open.by.is_none() {
            p.successions.remove(&caller);
            KeyEvent::Cancelled
        } else {
            ensure(!open.objected, "AlreadyObjected")?;
            p.successions.insert(caller, Succession { objected: true, ..open });
            KeyEvent::Objected
        };
        p.note(caller, event, open.to, caller, now);
        Ok(Answer::Nothing)
    }

    /// `decide_replacement`
    pub fn decide_replacement(
        &mut self,
        key: Account,
        now: u64,
        subject: Account,
        to: Account,
        confirmed: bool,
    ) -> Reply {
        let p = &mut self.participants;
        let caller = p.who(key)?;
        p.may_rule(&caller, &subject, now)?;
        let open = p.open(&subject, now)?;
        ensure(open.by.is_some() && open.to == to, "NoSuccession")?;
        let event = if confirmed {
            ensure(open.by != Some(caller), "OwnReplacement")?;
            ensure(open.objected, "NotObjected")?;
            ensure(open.confirmed_by.is_none(), "AlreadyConfirmed")?;
            p.successions.insert(subject, Succession { confirmed_by: Some(caller), ..open });
            KeyEvent::Confirmed
        } else {
            p.successions.remove(&subject);
            KeyEvent::Rejected
        };
        p.note(subject, event, to, caller, now);
        Ok(Answer::Nothing)
    }

    /// `accept_succession`
    pub fn accept_succession(&mut self, key: Account, now: u64, subject: Account) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let open = p.open(&subject, now)?;
        ensure(open.to == key, "NotSuccessor")?;
        ensure(now >= open.not_before, "TooEarly")?;
        ensure(!open.objected || open.confirmed_by.is_some(), "Objected")?;
        ensure(subject != p.governance.administrator, "OfficeHolder")?;
        p.is_new(&key)?;
        p.successions.remove(&subject);
        p.subjects.insert(key, subject);
        if let Some(participant) = p.participants.get_mut(&subject) {
            participant.key = Some(key);
        }
        p.note(subject, KeyEvent::Accepted, key, key, now);
        Ok(Answer::Nothing)
    }
}
