//! What a small number stands for in a world, and who is who there.

use super::{
    picks::{Picks, ANY},
    Mix,
};
use crate::{
    blake2b, power, role::DATA_OWNER, Account, Agency, Contract, Hash, Mandate, World, ZERO,
};
use std::collections::BTreeMap;

/// Where and when messages are made, and among which.
pub(super) struct Lookup<'a> {
    pub world: &'a World,
    pub now: u64,
    pub mix: Mix,
}

impl Lookup<'_> {
    /// Who alone governs a contract.
    pub(super) fn administrator(&self, of: Contract) -> Vec<Account> {
        vec![self.world.governance(of).administrator]
    }

    /// The accounts of which `fits` holds.
    pub(super) fn all(&self, fits: impl Fn(&Account) -> bool) -> Vec<Account> {
        self.world.setup.accounts.iter().copied().filter(fits).collect()
    }

    /// The accounts that have one of `roles`.
    pub(super) fn having(&self, roles: u16) -> Vec<Account> {
        self.all(|a| self.world.participants.has_role(a, roles))
    }

    /// An account, those first of which `good` holds, of these the first.
    pub(super) fn account(&self, good: impl Fn(&Account) -> bool, number: u8) -> Account {
        choose(self.world.setup.accounts.iter().copied(), good, number).unwrap_or(ZERO)
    }

    /// An account, those first that have one of `roles`.
    pub(super) fn with_role(&self, roles: u16, number: u8) -> Account {
        self.account(|a| self.world.participants.has_role(a, roles), number)
    }

    /// An account, those first that are admitted.
    pub(super) fn admitted(&self, number: u8) -> Account {
        self.account(|a| self.world.participants.is_admitted(a), number)
    }

    pub(super) fn data_owner(&self, number: u8) -> Account {
        self.with_role(DATA_OWNER, number)
    }

    /// Who does something for `subject` that takes `power`: he himself, or else one of his staff;
    /// rarely one first who may do this no more, or never might. Those whose mandate ends just now
    /// come first among the staff, because this moment is easily got wrong and seldom met.
    pub(super) fn agents(&self, subject: Account, power: u16, p: &mut Picks) -> Vec<Account> {
        let (mut ended, mut able, mut unable) = (Vec::new(), Vec::new(), Vec::new());
        for ((of, agent), mandate) in &self.world.participants.mandates {
            let Mandate { powers, until, .. } = *mandate;
            match (*of == subject, powers & power != 0) {
                (true, true) if until == self.now => ended.push(*agent),
                (true, true) if mandate.counts(self.now) => able.push(*agent),
                (true, _) => unable.push(*agent),
                (false, _) => {}
            }
        }
        let own = vec![subject];
        match p.below(20) {
            0..=10 => [own, able].concat(),
            11..=17 => [ended, able, own].concat(),
            _ => [unable, ended, own, able].concat(),
        }
    }

    /// One of `owners`, mostly of the first, and often one who has a guardian; and who acts for him.
    pub(super) fn owner_of(
        &self,
        mut owners: Vec<Account>,
        p: &mut Picks,
    ) -> (Account, Vec<Account>) {
        if p.yes(40) {
            owners.sort_by_key(|owner| self.guardians(*owner, self.now).is_empty());
        }
        let owner = choose(owners.into_iter(), |_| true, p.mostly_0(3, 3)).unwrap_or(ZERO);
        (owner, self.agents(owner, power::GUARDIAN, p))
    }

    /// Who is a guardian of `ward` at that time.
    pub(super) fn guardians(&self, ward: Account, at: u64) -> Vec<Account> {
        let mandates = self.world.participants.mandates.iter();
        let guards = mandates.filter(|((of, _), mandate)| {
            *of == ward && mandate.appointed_by.is_some() && mandate.counts(at)
        });
        guards.map(|((_, guardian), _)| *guardian).collect()
    }

    /// Whether `account` is one of `parties`, or acts for one.
    pub(super) fn is_involved(&self, account: &Account, parties: &[Account]) -> bool {
        let acts = |party| self.world.participants.agency(party, account, self.now);
        parties.iter().any(|party| acts(party) != Agency::NONE)
    }
}

/// The `number`th of those of `all` of which `good` holds, or of all if there are none. From [`ANY`]
/// on a number is about all, whether good or not.
pub(super) fn choose<T: Copy>(
    all: impl Iterator<Item = T>,
    good: impl Fn(&T) -> bool,
    number: u8,
) -> Option<T> {
    let all: Vec<T> = all.collect();
    let mut among: Vec<T> = all.iter().copied().filter(good).collect();
    if among.is_empty() || number >= ANY {
        among = all;
    }
    let number = usize::from(number).checked_rem(among.len())?;
    Some(among[number])
}

/// An entry of `map`, those first of which `good` holds, of these the last.
pub(super) fn last_of<K: Copy, V: Copy>(
    map: &BTreeMap<K, V>,
    good: impl Fn(&K, &V) -> bool,
    number: u8,
) -> Option<(K, V)> {
    choose(map.iter().rev().map(|(k, v)| (*k, *v)), |(k, v)| good(k, v), number)
}

/// A hash that says which.
pub(super) fn named(what: &str, number: u8) -> Hash {
    blake2b(&[what.as_bytes(), &[number]].concat())
}

/// 0: the lowest bit of `mask`; else any index, also one too far.
pub(super) fn index(mask: u32, number: u8) -> u8 {
    match number {
        0 => (0..32).find(|i| mask >> i & 1 == 1).unwrap_or(0),
        1..=4 => number - 1,
        5 => 31,
        _ => 32,
    }
}
