//! Mandates: keys that act for an organisation, and the end of these and of guardians'.

use crate::{
    ensure,
    governance::running,
    power,
    role::{DATA_OWNER, REGULATOR},
    Account, Agency, Answer, Hash, Mandate, Participant, Participants, Refusal, Reply, World,
};
use assent_interface::participants::MAX_TERM;

/// A mandate that was given, or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mandated {
    /// For whom is acted.
    pub subject: Account,
    /// Who acts.
    pub agent: Account,
    /// Who decided so.
    pub by: Account,
    /// When.
    pub at: u64,
    /// What was given; `None`: it ended.
    pub mandate: Option<Mandate>,
    /// The admission of the subject then.
    pub subject_is: Option<Participant>,
    /// The admission of who decided so.
    pub by_is: Option<Participant>,
}

/// Something that somebody did for somebody, maybe for himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deed {
    /// For whom.
    pub subject: Account,
    /// Who did it.
    pub by: Account,
    /// The bit of [`power`] that it takes.
    pub power: u16,
    /// When.
    pub at: u64,
    /// How many of [`Participants::mandated`] there were.
    pub mandates: usize,
    /// How many of [`Participants::keyed`] there were.
    pub words: usize,
}

impl Participants {
    /// What `agent` may do for `subject`.
    pub fn agency(&self, subject: &Account, agent: &Account, now: u64) -> Agency {
        if subject == agent {
            return Agency::OWN;
        }
        match self.mandates.get(&(*subject, *agent)).filter(|mandate| mandate.counts(now)) {
            Some(Mandate { powers, until, person, .. }) => {
                Agency { powers: *powers, until: *until, person: Some(*person) }
            }
            None => Agency::NONE,
        }
    }

    /// By what `agent` does something for `subject` that takes `power`.
    pub(crate) fn acting(
        &self,
        subject: &Account,
        agent: &Account,
        power: u16,
        now: u64,
    ) -> Result<Agency, Refusal> {
        let agency = self.agency(subject, agent, now);
        ensure(agency.powers & power != 0, "NotAuthorized")?;
        Ok(agency)
    }

    /// Puts on record that it was done.
    pub(crate) fn deed(&self, subject: Account, by: Account, power: u16, at: u64) -> Deed {
        let (mandates, words) = (self.mandated.len(), self.keyed.len());
        Deed { subject, by, power, at, mandates, words }
    }

    /// Whether `account` is one that has staff.
    pub fn is_organisation(&self, account: &Account) -> bool {
        self.has_role(account, !DATA_OWNER)
    }
}

impl World {
    /// `admit_member`
    pub fn admit_member(
        &mut self,
        caller: Account,
        now: u64,
        agent: Account,
        powers: u16,
        until: u64,
        person: Hash,
    ) -> Reply {
        running(&self.participants.governance)?;
        let caller = self.participants.who(caller)?;
        let p = &self.participants;
        ensure(p.is_organisation(&caller), "NotOrganisation")?;
        ensure(agent != caller, "OwnMandate")?;
        ensure(powers != 0 && powers & !power::ALL == 0, "UnknownPowers")?;
        ensure(until > now && until - now <= MAX_TERM, "InvalidTerm")?;
        let before = p.mandates.get(&(caller, agent));
        ensure(before.is_none_or(|m| m.appointed_by.is_none()), "OtherMandate")?;
        let mandate = Mandate { powers, until, person, appointed_by: None };
        self.mandate(caller, now, caller, agent, mandate);
        Ok(Answer::Nothing)
    }

    /// `end_mandate`
    pub fn end_mandate(
        &mut self,
        caller: Account,
        now: u64,
        subject: Account,
        agent: Account,
    ) -> Reply {
        let caller = self.participants.who(caller)?;
        let (subject_is, by_is) = (self.participant(&subject), self.participant(&caller));
        let p = &mut self.participants;
        let mandate = p.mandates.get(&(subject, agent)).copied();
        let guardian = mandate.filter(|m| m.appointed_by.is_some());
        let subjects_side = match guardian {
            Some(_) => {
                let rules = p.has_role(&caller, REGULATOR);
                caller != subject && rules && !p.guards(&subject, &caller, now)
            }
            None => caller == subject,
        };
        ensure(caller == agent || subjects_side, "NotAuthorized")?;
        ensure(mandate.is_some(), "NoMandate")?;
        p.mandates.remove(&(subject, agent));
        p.cut_short(&subject, guardian.map(|m| m.until), now);
        let (by, at, mandate) = (caller, now, None);
        p.mandated.push(Mandated { subject, agent, by, at, mandate, subject_is, by_is });
        Ok(Answer::Nothing)
    }

    /// Gives a mandate, and puts on record what its subject and who gave it were then.
    pub(super) fn mandate(
        &mut self,
        by: Account,
        at: u64,
        subject: Account,
        agent: Account,
        mandate: Mandate,
    ) {
        let (subject_is, by_is) = (self.participant(&subject), self.participant(&by));
        let p = &mut self.participants;
        p.mandates.insert((subject, agent), mandate);
        let mandate = Some(mandate);
        p.mandated.push(Mandated { subject, agent, by, at, mandate, subject_is, by_is });
    }

    /// What is on record of an account.
    pub(crate) fn participant(&self, account: &Account) -> Option<Participant> {
        self.participants.participants.get(account).copied()
    }
}
