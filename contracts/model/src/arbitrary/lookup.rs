//! What a small number stands for in a world, and who is who there.

use super::{picks::ANY, Mix};
use crate::{blake2b, role::DATA_OWNER, Account, Contract, Hash, World, ZERO};
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
