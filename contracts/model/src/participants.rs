//! Admission.

use crate::{
    ensure,
    governance::running,
    role::{ALL, REGULATOR},
    Account, Answer, Governance, Hash, Participant, Refusal, Reply, Status, World, ZERO,
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

impl Participants {
    pub(crate) fn new(governance: Governance) -> Self {
        let administrator = governance.administrator;
        let first = Participant { roles: REGULATOR, status: Status::Active, profile: ZERO };
        Self {
            governance,
            participants: BTreeMap::from([(administrator, first)]),
            list: vec![administrator],
            changes: Vec::new(),
        }
    }

    /// Whether `account` is active and holds one of `roles`.
    pub fn has_role(&self, account: &Account, roles: u16) -> bool {
        self.is_admitted(account) && self.roles(account) & roles != 0
    }

    /// Whether `account` is active.
    pub fn is_admitted(&self, account: &Account) -> bool {
        self.participants.get(account).is_some_and(|p| p.status == Status::Active)
    }

    /// Its roles, also while it is suspended.
    pub fn roles(&self, account: &Account) -> u16 {
        self.participants.get(account).map_or(0, |p| p.roles)
    }

    /// Hands the office of the administrator, which comes with the regulator's role, over.
    pub(crate) fn succeed(&mut self, from: Account, to: Account) {
        self.assign(from, self.roles(&from) & !REGULATOR, to, true);
        self.assign(to, self.roles(&to) | REGULATOR, to, true);
    }

    /// Gives `account` its roles: with any it is admitted, without any it is pending; who is
    /// suspended stays so.
    fn assign(&mut self, account: Account, roles: u16, by: Account, handover: bool) {
        let before = self.roles(&account);
        self.changes.push(RoleChange { account, by, before, after: roles, handover });
        if let Some(participant) = self.participants.get_mut(&account) {
            participant.roles = roles;
            participant.status = match (participant.status, roles) {
                (Status::Suspended, _) => Status::Suspended,
                (_, 0) => Status::Pending,
                _ => Status::Active,
            };
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
        ensure(!p.participants.contains_key(&caller), "AlreadyRegistered")?;
        p.participants.insert(caller, Participant { roles: 0, status: Status::Pending, profile });
        p.list.push(caller);
        Ok(Answer::Nothing)
    }

    /// `update_profile`
    pub fn update_profile(&mut self, caller: Account, profile: Hash) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        p.participants.get_mut(&caller).ok_or("NotRegistered")?.profile = profile;
        Ok(Answer::Nothing)
    }

    /// `approve`
    pub fn approve_participant(&mut self, caller: Account, account: Account, roles: u16) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        ensure(p.get(&account)?.roles == 0, "AlreadyApproved")?;
        p.over(caller, roles)?;
        p.assign(account, roles, caller, false);
        Ok(Answer::Nothing)
    }

    /// `set_roles`
    pub fn set_roles(&mut self, caller: Account, account: Account, roles: u16) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        p.regulated(caller, account)?;
        known_roles(roles)?;
        let old = p.get(&account)?.roles;
        ensure(old != 0, "NotApproved")?;
        p.over(caller, old | roles)?;
        p.assign(account, roles, caller, false);
        Ok(Answer::Nothing)
    }

    /// `suspend`
    pub fn suspend(&mut self, caller: Account, account: Account, _reason: Hash) -> Reply {
        let p = &mut self.participants;
        p.regulated(caller, account)?;
        let mut participant = p.get(&account)?;
        ensure(participant.status != Status::Suspended, "AlreadySuspended")?;
        p.over(caller, participant.roles)?;
        participant.status = Status::Suspended;
        p.participants.insert(account, participant);
        Ok(Answer::Nothing)
    }

    /// `reinstate`
    pub fn reinstate(&mut self, caller: Account, account: Account) -> Reply {
        let p = &mut self.participants;
        running(&p.governance)?;
        p.regulated(caller, account)?;
        let mut participant = p.get(&account)?;
        ensure(participant.status == Status::Suspended, "NotSuspended")?;
        p.over(caller, participant.roles)?;
        participant.status = if participant.roles == 0 { Status::Pending } else { Status::Active };
        p.participants.insert(account, participant);
        Ok(Answer::Nothing)
    }

    /// `leave`
    pub fn leave(&mut self, caller: Account) -> Reply {
        let p = &mut self.participants;
        let Participant { roles, status, .. } = p.get(&caller)?;
        ensure(caller != p.governance.administrator, "OfficeHolder")?;
        ensure(status != Status::Suspended, "AlreadySuspended")?;
        ensure(roles != 0, "NothingToLeave")?;
        p.assign(caller, 0, caller, false);
        Ok(Answer::Nothing)
    }
}
