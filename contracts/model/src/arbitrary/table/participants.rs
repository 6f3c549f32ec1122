//! Messages of participants.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{last_of, named},
        picks::UNKNOWN,
        HOUR, ROLES,
    },
    power,
    role::{ALL, DATA_OWNER, EMITTER, PROVIDER, REGULATOR, RESEARCHER},
    Account, Hash,
    Message::Participants,
    Participant, ParticipantsMessage as M, Status, Succession,
};
use assent_interface::participants::{self as labels, MAX_GUARDIANSHIP, MAX_TERM};

pub(super) const TABLE: &[Entry] = &[
    message(labels::REGISTER, 2, |l, p| {
        let strangers = l.all(|a| l.status(a).is_none());
        (Participants(M::Register(named("profile", p.below(255)))), strangers)
    }),
    message(labels::UPDATE_PROFILE, 3, |l, p| l.update_profile(p)),
    message(labels::APPROVE, 4, |l, p| {
        let open = |a: &Account| l.status(a).is_some() && l.world.participants.roles(a) == 0;
        let account = l.account(open, p.pick());
        let roles = l.roles(&account, p.mostly_0(4, 5));
        let profile = l.profile(&account, p.mostly_0(8, 2));
        (Participants(M::Approve(account, roles, profile)), l.regulators(account))
    }),
    // Or a profile that waits for it, where there is none.
    message(labels::CONFIRM_PROFILE, 3, |l, p| {
        let unconfirmed =
            |a: &Account| l.get(a).is_some_and(|p| p.confirmed.is_some_and(|c| c != p.profile));
        if l.all(unconfirmed).is_empty() && p.yes(80) {
            return l.update_profile(p);
        }
        let account = l.account(unconfirmed, p.pick());
        let profile = l.profile(&account, p.mostly_0(8, 2));
        (Participants(M::ConfirmProfile(account, profile)), l.regulators(account))
    }),
    message(labels::SET_ROLES, 4, |l, p| {
        let has = |a: &Account| l.world.participants.roles(a) & !REGULATOR != 0;
        let account = l.account(has, p.pick());
        let roles = l.roles(&account, p.mostly_0(4, 5));
        (Participants(M::SetRoles(account, roles)), l.regulators(account))
    }),
    message(labels::SUSPEND, 3, |l, p| l.suspend(p)),
    // Or a suspension, where nobody is suspended.
    message(labels::REINSTATE, 5, |l, p| {
        let barred = |a: &Account| l.get(a).is_some_and(|p| p.suspended != 0);
        if l.all(barred).is_empty() && p.yes(80) {
            return l.suspend(p);
        }
        let account = l.account(barred, p.pick());
        let suspended = l.get(&account).map_or(0, |p| p.suspended);
        let roles = p.sound(2, [suspended, lowest(suspended), suspended | PROVIDER, ALL, 0]);
        (Participants(M::Reinstate(account, roles)), l.regulators(account))
    }),
    message(labels::LEAVE, 1, |l, _| {
        let may = |a: &Account| l.world.participants.roles(a) != 0 && !l.is_administrator(a);
        (Participants(M::Leave), l.all(may))
    }),
    message(labels::ADMIT_MEMBER, 6, |l, p| l.admit_member(p)),
    message(labels::APPOINT_GUARDIAN, 6, |l, p| l.appoint_guardian(p)),
    message(labels::NAME_SUCCESSOR, 2, |l, p| l.name_successor(p)),
    message(labels::REPLACE_KEY, 2, |l, p| l.replace_key(p)),
    // Or a replacement, where there is none.
    message(labels::CANCEL_SUCCESSION, 3, |l, p| {
        if l.world.participants.successions.is_empty() && p.yes(80) {
            return l.replace_key(p);
        }
        l.cancel_succession(p)
    }),
    // Or what comes before it, where it did not.
    message(labels::DECIDE_REPLACEMENT, 6, |l, p| {
        let successions = &l.world.participants.successions;
        let replaces = |s: &Succession| s.by.is_some() && l.now < s.until;
        let open = |s: &Succession| replaces(s) && s.objected && s.confirmed_by.is_none();
        if !successions.values().any(open) && p.yes(80) {
            return if successions.values().any(|s| replaces(s) && !s.objected) {
                l.cancel_succession(p)
            } else {
                l.replace_key(p)
            };
        }
        let found = last_of(successions, |_, s| open(s), p.known());
        let any = l.account(|_| true, p.pick());
        let (subject, to) = found.map_or((any, l.new_key(p)), |(subject, s)| (subject, s.to));
        let by = found.and_then(|(_, s)| s.by);
        let mut regulators = l.regulators(subject);
        let first = p.yes(15);
        regulators.sort_by_key(|r| (Some(*r) == by) != first);
        (Participants(M::DecideReplacement(subject, to, p.yes(75))), regulators)
    }),
    // Or a successor is named, where none waits.
    message(labels::ACCEPT_SUCCESSION, 8, |l, p| {
        let successions = &l.world.participants.successions;
        if !successions.values().any(|s| l.now < s.until) && p.yes(80) {
            return l.name_successor(p);
        }
        let due = |s: &Succession| {
            let agreed = !s.objected || s.confirmed_by.is_some();
            let new = !l.world.participants.subjects.contains_key(&s.to);
            s.not_before <= l.now && l.now < s.until && agreed && new
        };
        let found = last_of(successions, |_, s| due(s), p.known());
        let any = l.account(|_| true, p.pick());
        let subject = found.map_or(any, |(subject, _)| subject);
        let key = found.map(|(_, s)| s.to);
        (Participants(M::AcceptSuccession(subject)), key.into_iter().collect())
    }),
    // Or a mandate is given, where there is none.
    message(labels::END_MANDATE, 3, |l, p| {
        let mandates = &l.world.participants.mandates;
        if mandates.is_empty() && p.yes(80) {
            return l.admit_member(p);
        }
        let number = p.known();
        let known = last_of(mandates, |_, m| m.counts(l.now), number);
        let none = (l.account(|_| true, p.pick()), l.account(|_| true, p.pick()));
        let (subject, agent) = known.filter(|_| number != UNKNOWN).map_or(none, |(pair, _)| pair);
        let guardians = known.is_some_and(|(_, mandate)| mandate.appointed_by.is_some());
        let mut parties = if guardians && p.yes(60) {
            vec![agent]
        } else if guardians {
            l.having(REGULATOR)
        } else {
            vec![subject, agent]
        };
        if p.yes(50) {
            parties.reverse();
        }
        (Participants(M::EndMandate(subject, agent)), parties)
    }),
];

/// The lowest role in a mask.
fn lowest(roles: u16) -> u16 {
    roles & roles.wrapping_neg()
}

impl Lookup<'_> {
    fn is_administrator(&self, account: &Account) -> bool {
        self.world.participants.governance.administrator == *account
    }

    /// By somebody who is no administrator.
    fn name_successor(&self, p: &mut Picks) -> Call {
        let to = self.new_key(p);
        let may = |a: &Account| self.status(a).is_some() && !self.is_administrator(a);
        let mut subjects = self.all(may);
        let by = usize::from(p.below(6)) % subjects.len().max(1);
        subjects.rotate_left(by);
        (Participants(M::NameSuccessor(to)), subjects)
    }

    /// Of one who has none waiting, rarely of another.
    fn replace_key(&self, p: &mut Picks) -> Call {
        let successions = &self.world.participants.successions;
        let free = |a: &Account| successions.get(a).is_none_or(|s| s.by.is_none());
        let may = |a: &Account| self.status(a).is_some() && !self.is_administrator(a) && free(a);
        let subject = self.account(may, p.pick());
        let message = M::ReplaceKey(subject, self.new_key(p), named("evidence", p.below(3)));
        (Participants(message), self.regulators(subject))
    }

    /// What a regulator said first, to which the key objects.
    fn cancel_succession(&self, p: &mut Picks) -> Call {
        let number = p.mostly_0(2, 5);
        let successions = &self.world.participants.successions;
        let named = last_of(successions, |_, s| s.by.is_some() && !s.objected, number);
        let subject = named.map(|(subject, _)| subject);
        (Participants(M::CancelSuccession), subject.into_iter().collect())
    }

    /// A key that is nobody's, rarely one that is somebody's.
    fn new_key(&self, p: &mut Picks) -> Account {
        let world = self.world;
        let new = |key: &&Account| !world.participants.subjects.contains_key(*key);
        let keys: Vec<_> = world.setup.keys.iter().filter(new).collect();
        let number = usize::from(p.below(4)).checked_rem(keys.len());
        // Nobody has the last ones, so that they wait for ever.
        let key = number.map_or_else(|| named("key", p.below(9)), |number| *keys[number]);
        let other = self.account(|_| true, p.below(8));
        if p.yes(93) {
            key
        } else {
            other
        }
    }

    /// By an organisation, rarely by one that is none.
    fn admit_member(&self, p: &mut Picks) -> Call {
        let organisation = self.account(|a| self.world.participants.is_organisation(a), p.pick());
        let agent = self.account(|a| *a != organisation, p.pick());
        let alone = [power::ASK, power::BREAK_GLASS, power::ANCHOR, power::SIGN, power::TRADE];
        let some = alone[usize::from(p.below(5))];
        let powers = p.sound(3, [power::ALL, some, power::ALL ^ some, 0, power::ALL + 1]);
        let after = |time: u64| self.now.saturating_add(time);
        let terms = [after(72 * HOUR), after(6 * HOUR), after(HOUR / 60), after(MAX_TERM)];
        let [long, short, minute, longest] = terms;
        let faults = [self.now, longest.saturating_add(1), self.now - 1, u64::MAX];
        let fault = faults[usize::from(p.below(4))];
        let until = p.sound(4, [long, short, minute, longest, fault]);
        let person = named("person", p.below(5));
        (Participants(M::AdmitMember(agent, powers, until, person)), vec![organisation])
    }

    /// Of a data owner, often one who is a guardian of his already, for a longer or a shorter time.
    fn appoint_guardian(&self, p: &mut Picks) -> Call {
        let again = last_of(
            &self.world.participants.mandates,
            |_, mandate| mandate.appointed_by.is_some(),
            p.mostly_0(2, 6),
        );
        let ward = self.data_owner(p.pick());
        let guardian = self.account(|a| *a != ward && !self.is_administrator(a), p.pick());
        let (ward, guardian) =
            again.filter(|_| !p.yes(60)).map_or((ward, guardian), |(pair, _)| pair);
        let after = |time: u64| self.now.saturating_add(time);
        let terms = [after(MAX_GUARDIANSHIP), after(72 * HOUR), after(6 * HOUR), after(HOUR / 60)];
        let [longest, long, short, minute] = terms;
        let faults = [self.now, longest.saturating_add(1), self.now - 1, u64::MAX];
        let fault = faults[usize::from(p.below(4))];
        let until = p.sound(4, [longest, long, short, minute, fault]);
        let mut regulators = self.regulators(ward);
        regulators.sort_by_key(|regulator| *regulator == guardian);
        let message = M::AppointGuardian(ward, guardian, until, named("person", p.below(5)));
        (Participants(message), regulators)
    }

    fn update_profile(&self, p: &mut Picks) -> Call {
        let registered = self.all(|a| self.status(a).is_some());
        (Participants(M::UpdateProfile(named("profile", p.below(255)))), registered)
    }

    /// Suspends all or one of the roles that count, or one that is not held.
    fn suspend(&self, p: &mut Picks) -> Call {
        let others = |a: &Account| self.get(a).is_some() && !self.is_administrator(a);
        let account = self.account(others, p.pick());
        let (held, before) = self.get(&account).map_or((0, 0), |p| (p.roles, p.suspended));
        let others = !before & !DATA_OWNER & !REGULATOR;
        let ahead = (ALL & !held & others).max(PROVIDER);
        let some = if held & others == 0 { ahead } else { held & others };
        let sound = [some, lowest(some), lowest(ahead), REGULATOR];
        let faults = [before | PROVIDER, held, DATA_OWNER, 0, 1 << 9];
        let roles = if p.yes(90) { p.sound(3, sound) } else { p.sound(1, faults) };
        (Participants(M::Suspend(account, roles, named("reason", 0))), self.regulators(account))
    }

    fn get(&self, account: &Account) -> Option<Participant> {
        self.world.participants.participants.get(account).copied()
    }

    fn status(&self, account: &Account) -> Option<Status> {
        self.get(account).map(|p| p.status())
    }

    /// The profile on record, or another one.
    fn profile(&self, account: &Account, number: u8) -> Hash {
        let on_record = self.get(account).map(|p| p.profile);
        on_record.filter(|_| number == 0).unwrap_or_else(|| named("profile", number))
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
