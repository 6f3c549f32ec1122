//! Messages of participants.

use super::{message, Entry, Lookup};
use crate::{
    arbitrary::{lookup::named, ROLES},
    role::{DATA_OWNER, EMITTER, PROVIDER, REGULATOR, RESEARCHER},
    Account,
    Message::Participants,
    ParticipantsMessage as M, Status,
};
use assent_interface::participants as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::REGISTER, 2, |l, p| {
        let strangers = l.all(|a| l.status(a).is_none());
        (Participants(M::Register(named("profile", p.below(255)))), strangers)
    }),
    message(labels::UPDATE_PROFILE, 2, |l, p| {
        let registered = l.all(|a| l.status(a).is_some());
        (Participants(M::UpdateProfile(named("profile", p.below(255)))), registered)
    }),
    message(labels::APPROVE, 4, |l, p| {
        let open = |a: &Account| l.status(a).is_some() && l.world.participants.roles(a) == 0;
        let account = l.account(open, p.pick());
        let roles = l.roles(&account, p.mostly_0(4, 5));
        (Participants(M::Approve(account, roles)), l.regulators(account))
    }),
    message(labels::SET_ROLES, 4, |l, p| {
        let has = |a: &Account| l.world.participants.roles(a) & !REGULATOR != 0;
        let account = l.account(has, p.pick());
        let roles = l.roles(&account, p.mostly_0(4, 5));
        (Participants(M::SetRoles(account, roles)), l.regulators(account))
    }),
    message(labels::SUSPEND, 2, |l, p| {
        let active = |a: &Account| l.status(a) == Some(Status::Active) && !l.is_administrator(a);
        let account = l.account(active, p.pick());
        (Participants(M::Suspend(account, named("reason", 0))), l.regulators(account))
    }),
    message(labels::REINSTATE, 4, |l, p| {
        let account = l.account(|a| l.status(a) == Some(Status::Suspended), p.pick());
        (Participants(M::Reinstate(account)), l.regulators(account))
    }),
    message(labels::LEAVE, 1, |l, _| {
        let may = |a: &Account| l.world.participants.roles(a) != 0 && !l.is_administrator(a);
        (Participants(M::Leave), l.all(may))
    }),
];

impl Lookup<'_> {
    fn is_administrator(&self, account: &Account) -> bool {
        self.world.participants.governance.administrator == *account
    }

    fn status(&self, account: &Account) -> Option<Status> {
        self.world.participants.participants.get(account).map(|p| p.status)
    }

    /// The roles that the prologue gives `account`, or others.
    fn roles(&self, account: &Account, number: u8) -> u16 {
        let accounts = &self.world.setup.accounts;
        let own = accounts.iter().position(|a| a == account).map_or(0, |i| ROLES[i]);
        match number {
            0 if own == 0 => DATA_OWNER,
            0 => own,
            1 => DATA_OWNER | PROVIDER | EMITTER,
            2 => RESEARCHER,
            3 => own | REGULATOR,
            4 => 0,
            _ => 1 << 9,
        }
    }

    /// Who may decide on `account`, the administrator first.
    fn regulators(&self, account: Account) -> Vec<Account> {
        let mut regulators = self.having(REGULATOR);
        regulators.sort_by_key(|r| !self.is_administrator(r));
        regulators.retain(|r| *r != account);
        regulators
    }
}
