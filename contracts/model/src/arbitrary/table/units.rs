//! Lookups of batches, holdings, approvals and escrows.

use super::{Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{choose, last_of},
        picks::UNKNOWN,
    },
    Account, Class, ALLOWANCES, ZERO,
};
use std::collections::BTreeMap;

/// The number of one of `all`, those first that are `good`; or of none.
pub(super) fn numbered<T: Copy>(
    all: &BTreeMap<u64, T>,
    good: impl Fn(u64, &T) -> bool,
    number: u8,
) -> u64 {
    match last_of(all, |n, item| good(*n, item), number) {
        Some((found, _)) if number != UNKNOWN => found,
        _ => all.len() as u64 + 1,
    }
}

/// Whose tradable units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub batch: u64,
    pub owner: Account,
    pub tradable: u128,
}

/// Units that an operator may move, or holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrusted {
    pub operator: Account,
    pub owner: Account,
    pub batch: u64,
    pub amount: u128,
}

impl Lookup<'_> {
    /// Who may decide on a class.
    pub(super) fn issuers(&self, class: Option<u64>) -> Vec<Account> {
        let class = class.and_then(|class| self.world.carbon.classes.get(&class));
        class.and_then(|class| class.issuer).into_iter().collect()
    }

    /// A class of credits.
    pub(super) fn class(&self, number: u8) -> (u64, Option<Class>) {
        let classes = &self.world.carbon.classes;
        let class = numbered(classes, |class, _| class != ALLOWANCES, number);
        (class, classes.get(&class).copied())
    }

    /// An account that may have units, and others on demand.
    pub(super) fn party(&self, but: Account, number: u8) -> Account {
        let (p, c) = (&self.world.participants, &self.world.carbon);
        self.account(|a| p.is_admitted(a) && !c.is_frozen(a) && *a != but, number)
    }

    /// A holding, those first that have something to give and of whose batch and owner `good` holds.
    pub(super) fn held(&self, good: impl Fn(&Held) -> bool, number: u8) -> Option<Held> {
        let holdings = self.world.carbon.holdings.iter().rev();
        let held = holdings.map(|((batch, owner), holding)| Held {
            batch: *batch,
            owner: *owner,
            tradable: holding.tradable,
        });
        choose(held, |h| h.tradable > 0 && good(h), number)
    }

    /// A batch, its owner and how many of its units.
    pub(super) fn some_of(&self, p: &mut Picks) -> (u64, Account, u128) {
        let number = p.known();
        match self.held(|_| true, number).filter(|_| number != UNKNOWN) {
            Some(h) => (h.batch, h.owner, p.units(h.tradable)),
            None => (self.no_batch(), ZERO, p.units(1_000)),
        }
    }

    /// The number of a batch that there is not.
    pub(super) fn no_batch(&self) -> u64 {
        self.world.carbon.batches.len() as u64 + 1
    }

    /// Those who hold so many units, before all those who may move them.
    pub(super) fn holders(&self, batch: u64, amount: u128) -> Vec<Account> {
        let (p, c) = (&self.world.participants, &self.world.carbon);
        let mut holders = self.all(|a| {
            let tradable = c.holding(batch, a).tradable;
            tradable > 0 && tradable >= amount
        });
        holders.sort_by_key(|a| c.is_frozen(a) || !p.is_admitted(a));
        holders
    }

    /// What an account is approved for.
    pub(super) fn approved(&self, p: &mut Picks) -> Entrusted {
        let c = &self.world.carbon;
        let approvals = c.approvals.iter().map(|((owner, operator, batch), left)| Entrusted {
            operator: *operator,
            owner: *owner,
            batch: *batch,
            amount: c.holding(*batch, owner).tradable.min(*left),
        });
        self.entrusted(approvals.rev(), p.known())
    }

    /// What an account holds in escrow.
    pub(super) fn escrowed(&self, p: &mut Picks) -> Entrusted {
        let escrows = self.world.carbon.escrows.iter();
        let escrows = escrows.map(|((operator, owner, batch), held)| Entrusted {
            operator: *operator,
            owner: *owner,
            batch: *batch,
            amount: *held,
        });
        self.entrusted(escrows.rev(), p.pick())
    }

    /// Contracts are operators too, but nobody can sign for them.
    fn entrusted(&self, all: impl Iterator<Item = Entrusted>, number: u8) -> Entrusted {
        let accounts = &self.world.setup.accounts;
        let good = |e: &Entrusted| e.amount > 0 && accounts.contains(&e.operator);
        let none = Entrusted { operator: ZERO, owner: accounts[1], batch: 1, amount: 0 };
        match choose(all, good, number) {
            Some(found) if number == UNKNOWN => Entrusted { batch: self.no_batch(), ..found },
            found => found.unwrap_or(none),
        }
    }

    /// Those to whom so many units are entrusted, as `amount` says.
    pub(super) fn operators(&self, least: u128, amount: impl Fn(&Account) -> u128) -> Vec<Account> {
        let mut operators = self.all(|a| amount(a) > 0 && amount(a) >= least);
        operators.sort_by_key(|a| self.world.carbon.is_frozen(a));
        operators
    }
}
