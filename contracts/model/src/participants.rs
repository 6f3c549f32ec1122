//! Admission; [`mandates`] has who acts for whom, [`guardians`] those whom regulators appoint, and
//! [`succession`] which key acts as whom.

mod guardians;
mod mandates;
mod succession;

pub use mandates::{Deed, Mandated};
pub use succession::{KeyEvent, Keyed};

use crate::{
    ensure,
    governance::running,
    role::{ALL, DATA_OWNER, REGULATOR},
    Account, Admission, Agency, Answer, Governance, Hash, Mandate, Participant, Refusal, Reply,
    RoleStanding, Succession, World, ZERO,
};
use std::collections::BTreeMap;

/// The participants contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participants {
    /// How it is governed.
    pub governance: Governance,
    /// Who they are.
    pub participants: BTreeMap<Account, Participant>,
    /// In the order in which they registered.
    pub list: Vec<Account>,
    /// Every change of roles.
    pub changes: Vec<RoleChange>,
    /// Every suspension and its end.
    pub suspensions: Vec<Suspension>,
    /// Every profile that a regulator checked.
    pub checks: Vec<Check>,
    /// For whom somebody acts, and who; also those that no longer count.
    pub mandates: BTreeMap<(Account, Account), Mandate>,
    /// Every mandate, and the end of each that was ended.
    pub mandated: Vec<Mandated>,
    /// Whose each key is or was that ever replaced another.
    pub subjects: BTreeMap<Account, Account>,
    /// What is to replace the key of a participant.
    pub successions: BTreeMap<Account, Succession>,
    /// Everything that happened to keys.
    pub keyed: Vec<Keyed>,
}

/// A change of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleChange {
    /// Whose.
    pub account: Account,
    /// Who made it.
    pub by: Account,
    /// Before.
    pub before: u16,
    /// After.
    pub after: u16,
    /// Whether the office of the administrator changed hands.
    pub handover: bool,
}

/// Roles that no longer count, or count again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// Whose.
    pub account: Account,
    /// Who decided so.
    pub by: Account,
    /// Which.
    pub roles: u16,
    /// Whether they count again.
    pub lifted: bool,
}

/// A look at a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Whose.
    pub account: Account,
    /// Who looked.
    pub by: Account,
    /// What he says he checked.
    pub profile: Hash,
    /// What was on record then.
    pub on_record: Hash,
    /// Whether it admitted the account.
    pub approves: bool,
}

impl Participants {
    pub(crate) fn new(governance: Governance) -> Self {
        let administrator = governance.administrator;
        let (roles, confirmed) = (REGULATOR, Some(ZERO));
        let (suspended, profile, guardianship, key) = (0, ZERO, 0, None);
        let first = Participant { roles, suspended, profile, confirmed, guardianship, key };
        Self {
            governance,
            participants: BTreeMap::from([(administrator, first)]),
            list: vec![administrator],
            changes: Vec::new(),
            suspensions: Vec::new(),
            checks: Vec::new(),
            mandates: BTreeMap::new(),
            mandated: Vec::new(),
            subjects: BTreeMap::new(),
            successions: BTreeMap::new(),
            keyed: Vec::new(),
        }
    }

    /// Whether one of `roles` counts that `account` holds.
    pub fn has_role(&self, account: &Account, roles: u16) -> bool {
        self.standing(account).roles & roles != 0
    }

    /// Whether any of its roles counts.
    pub fn is_admitted(&self, account: &Account) -> bool {
        self.standing(account).roles != 0
    }

    /// Its roles, also those that are suspended.
    pub fn roles(&self, account: &Account) -> u16 {
        self.participants.get(account).map_or(0, |p| p.roles)
    }

    /// Whether it was ever admitted, whatever became of it.
    pub fn was_admitted(&self, account: &Account) -> bool {
        self.standing(account).admitted
    }

    /// What other contracts are told of `account`.
    pub fn standing(&self, account: &Account) -> RoleStanding {
        match self.participants.get(account) {
            Some(p) => RoleStanding { roles: p.counting(), admitted: p.confirmed.is_some() },
            None => RoleStanding { roles: 0, admitted: false },
        }
    }

    /// What `admission` answers.
    pub fn admission(
        &self,
        now: u64,
        subject: &Account,
        other: &Account,
        caller: &Account,
    ) -> Admission {
        let acting = self.identity(caller);
        let [for_subject, for_other] = [subject, other].map(|account| {
            acting.map_or(Agency::NONE, |acting| self.agency(account, &acting, now))
        });
        let guardianship = self.guardianship(subject);
        let nobody = RoleStanding { roles: 0, admitted: false };
        let caller = acting.map_or(nobody, |acting| self.standing(&acting));
        let [subject, other] = [subject, other].map(|a| self.standing(a));
        Admission { subject, other, caller, for_subject, for_other, guardianship, acting }
    }

    /// Whether the office of the administrator may go to `account`.
    pub(crate) fn may_succeed(&self, account: &Account) -> bool {
        let barred = self.participants.get(account).is_some_and(|p| p.suspended & REGULATOR != 0);
        self.is_admitted(account) && !barred && self.key_of(account).is_none()
    }

    /// Hands the office of the administrator, which comes with the regulator's role, over.
    pub(crate) fn succeed(&mut self, from: Account, to: Account) {
        self.assign(from, self.roles(&from) & !REGULATOR, to, true);
        self.assign(to, self.roles(&to) | REGULATOR, to, true);
    }

    /// Gives `account` its roles; what is suspended stays so.
    fn assign(&mut self, account: Account, roles: u16, by: Account, handover: bool) {
        let before = self.roles(&account);
        self.changes.push(RoleChange { account, by, before, after: roles, handover });
        if let Some(participant) = self.participants.get_mut(&account) {
            participant.roles = roles;
        }
    }

    /// Puts on record that `by` checked the profile of `account`.
    fn confirm(&mut self, account: Account, profile: Hash, by: Account, approves: bool) {
        if let Some(participant) = self.participants.get_mut(&account) {
            let on_record = participant.profile;
            participant.confirmed = Some(profile);
            self.checks.push(Check { account, by, profile, on_record, approves });
        }
    }

    fn regulated(&self, caller: Account, account: Account) -> Result<(), Refusal> {
        ensure(self.has_role(&caller, REGULATOR), "NotRegulator")?;
        ensure(caller != account, "OwnRoles")
    }

    fn get(&self, account: &Account) -> Result<Participant, Refusal> {
        self.participants.get(account).copied().ok_or("NotRegistered")
    }

    /// Only the administrator makes and unmakes regulators.
    fn over(&self, caller: Account, roles: u16) -> Result<(), Refusal> {
        let allowed = roles & REGULATOR == 0 || caller == self.governance.administrator;
        ensure(allowed, "NotAdministrator")
    }
}

fn known_roles(roles: u16) -> Result<(), Refusal> {
    ensure(roles != 0 && roles & !ALL == 0, "UnknownRoles")
}

impl World {
    /// `register`
    pub fn register(&mut self, caller: Account, profile: Hash) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        ensure(!p.participants.contains_key(&caller), "AlreadyRegistered")?;
        let (roles, suspended, confirmed, guardianship, key) = (0, 0, None, 0, None);
        let stranger = Participant { roles, suspended, profile, confirmed, guardianship, key };
        p.participants.insert(caller, stranger);
        p.list.push(caller);
        Ok(Answer::Nothing)
    }

    /// `update_profile`
    pub fn update_profile(&mut self, caller: Account, profile: Hash) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        p.participants.get_mut(&caller).ok_or("NotRegistered")?.profile = profile;
        Ok(Answer::Nothing)
    }

    /// `approve`
    pub fn approve_participant(
        &mut self,
        caller: Account,
        account: Account,
        roles: u16,
        profile: Hash,
    ) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        let participant = p.get(&account)?;
        ensure(participant.roles == 0, "AlreadyApproved")?;
        ensure(participant.profile == profile, "ProfileChanged")?;
        p.over(caller, roles)?;
        p.assign(account, roles, caller, false);
        p.confirm(account, profile, caller, true);
        Ok(Answer::Nothing)
    }

    /// `confirm_profile`
    pub fn confirm_profile(&mut self, caller: Account, account: Account, profile: Hash) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        p.regulated(caller, account)?;
        let participant = p.get(&account)?;
        let last = participant.confirmed.ok_or("NotApproved")?;
        ensure(participant.profile == profile, "ProfileChanged")?;
        ensure(last != profile, "AlreadyConfirmed")?;
        p.confirm(account, profile, caller, false);
        Ok(Answer::Nothing)
    }

    /// `set_roles`
    pub fn set_roles(&mut self, caller: Account, account: Account, roles: u16) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        let old = p.get(&account)?.roles;
        ensure(old != 0, "NotApproved")?;
        p.over(caller, old | roles)?;
        p.assign(account, roles, caller, false);
        Ok(Answer::Nothing)
    }

    /// `suspend`
    pub fn suspend(&mut self, caller: Account, account: Account, roles: u16) -> Reply {
        let p = &mut self.participants;
        let caller = p.who(caller)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        ensure(roles & DATA_OWNER == 0, "DataOwner")?;
        let mut participant = p.get(&account)?;
        ensure(participant.suspended & roles == 0, "AlreadySuspended")?;
        p.over(caller, participant.roles | roles)?;
        participant.suspended |= roles;
        p.participants.insert(account, participant);
        p.suspensions.push(Suspension { account, by: caller, roles, lifted: false });
        Ok(Answer::Nothing)
    }

    /// `reinstate`
    pub fn reinstate(&mut self, caller: Account, account: Account, roles: u16) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        let caller = p.who(caller)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        let mut participant = p.get(&account)?;
        ensure(roles & !participant.suspended == 0, "NotSuspended")?;
        p.over(caller, participant.roles | roles)?;
        participant.suspended &= !roles;
        p.participants.insert(account, participant);
        p.suspensions.push(Suspension { account, by: caller, roles, lifted: true });
        Ok(Answer::Nothing)
    }

    /// `leave`
    pub fn leave(&mut self, caller: Account) -> Reply {
        let p = &mut self.participants;
        let caller = p.who(caller)?;
        let Participant { roles, .. } = p.get(&caller)?;
        ensure(caller != p.governance.administrator, "OfficeHolder")?;
        ensure(roles != 0, "NothingToLeave")?;
        p.assign(caller, 0, caller, false);
        Ok(Answer::Nothing)
    }
}
