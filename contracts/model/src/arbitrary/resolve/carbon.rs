//! Lookups of batches, holdings, approvals and escrows.

use super::{choose, named, Lookup, NOBODY};
use crate::{
    arbitrary::{CarbonIntent, Units, HOUR},
    Account, CarbonMessage, Holding, Item, ALLOWANCES, ZERO,
};
use std::collections::BTreeMap;

/// A number that stands for none that there is, where one is looked up.
pub(super) const UNKNOWN: u8 = u8::MAX;

/// The number of one of `all`, those first that are `good`; or of none.
pub(super) fn numbered<T: Copy>(
    all: &BTreeMap<u64, T>,
    good: impl Fn(u64, &T) -> bool,
    number: u8,
) -> u64 {
    let pairs: Vec<(u64, T)> = all.iter().map(|(n, item)| (*n, *item)).collect();
    match choose(&pairs, |(n, item)| good(*n, item), number) {
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
struct Entrusted {
    operator: Account,
    owner: Account,
    batch: u64,
    amount: u128,
}

impl Lookup<'_> {
    /// An account that may have units, and others on demand.
    pub(super) fn party(&self, but: Account, number: u8) -> Account {
        let p = &self.world.participants;
        let c = &self.world.carbon;
        self.account(|a| p.is_admitted(a) && !c.is_frozen(a) && *a != but, number)
    }

    /// A holding, those first that have something to give and of whose batch and owner `good` holds.
    pub(super) fn held(&self, good: impl Fn(&Held) -> bool, number: u8) -> Option<Held> {
        let holdings = self.world.carbon.holdings.iter();
        let held = |((batch, owner), h): (&(u64, Account), &Holding)| {
            let Holding { tradable, .. } = *h;
            Held { batch: *batch, owner: *owner, tradable }
        };
        let all: Vec<_> = holdings.map(held).collect();
        choose(&all, |h| h.tradable > 0 && good(h), number)
    }

    /// A batch, its owner and how many of its units.
    fn some_of(&self, number: u8, units: Units) -> (u64, Account, u128) {
        match self.held(|_| true, number) {
            Some(h) if number != UNKNOWN => (h.batch, h.owner, units.resolve(h.tradable)),
            _ => (self.world.carbon.batches.len() as u64 + 1, ZERO, units.resolve(1_000)),
        }
    }

    /// What an account is approved for.
    fn approved(&self, number: u8) -> Entrusted {
        let c = &self.world.carbon;
        let entrusted = c.approvals.iter().map(|((owner, operator, batch), left)| Entrusted {
            operator: *operator,
            owner: *owner,
            batch: *batch,
            amount: c.holding(*batch, owner).tradable.min(*left),
        });
        self.entrusted(entrusted.collect(), number)
    }

    /// What an account holds in escrow.
    fn escrowed(&self, number: u8) -> Entrusted {
        let escrows = self.world.carbon.escrows.iter();
        let entrusted = escrows.map(|((operator, owner, batch), held)| Entrusted {
            operator: *operator,
            owner: *owner,
            batch: *batch,
            amount: *held,
        });
        self.entrusted(entrusted.collect(), number)
    }

    /// Contracts are operators too, but nobody can sign for them.
    fn entrusted(&self, all: Vec<Entrusted>, number: u8) -> Entrusted {
        let accounts = &self.world.setup.accounts;
        let good = |e: &Entrusted| e.amount > 0 && accounts.contains(&e.operator);
        let none = Entrusted { operator: ZERO, owner: accounts[1], batch: 1, amount: 0 };
        match choose(&all, good, number) {
            Some(found) if number == UNKNOWN => {
                Entrusted { batch: self.world.carbon.batches.len() as u64 + 1, ..found }
            }
            found => found.unwrap_or(none),
        }
    }

    fn range(&self, project: u64, number: u8) -> (u128, u128) {
        let c = &self.world.carbon;
        let class = c.projects.get(&project).and_then(|p| c.classes.get(&p.class));
        let last = class.map_or(0, |class| class.last_serial);
        let next = last.saturating_add(1);
        match number {
            0 => (next, next.saturating_add(99_999)),
            1 => (next.saturating_add(1_000), next.saturating_add(1_999)),
            2 => (next, next),
            3 => (last, next),
            4 => (next, last),
            5 => (0, next),
            _ => (next, u128::MAX),
        }
    }

    pub(in crate::arbitrary) fn carbon(&self, intent: &CarbonIntent) -> CarbonMessage {
        use CarbonMessage as M;
        let (p, c) = (&self.world.participants, &self.world.carbon);
        let credits = |class: u64| class != ALLOWANCES;
        match *intent {
            CarbonIntent::CreateClass { issuer } => {
                M::CreateClass(self.account(|a| p.is_admitted(a), issuer), named("class", issuer))
            }
            CarbonIntent::SetIssuer { class, issuer } => {
                let class = numbered(&c.classes, |number, _| credits(number), class);
                let old = c.classes.get(&class).and_then(|class| class.issuer);
                let other = |a: &Account| p.is_admitted(a) && Some(*a) != old;
                M::SetIssuer(class, self.account(other, issuer))
            }
            CarbonIntent::CreateProject { class, owner } => {
                let class = numbered(&c.classes, |number, _| credits(number), class);
                let owner = self.account(|a| p.is_admitted(a), owner);
                M::CreateProject(class, owner, named("project", 0))
            }
            CarbonIntent::CreateBatch { project, range, vintage } => {
                let project = numbered(&c.projects, |_, _| true, project);
                let (first, last) = self.range(project, range);
                let start = self.now.saturating_sub(24 * HOUR);
                let end = if vintage == 0 { self.now } else { start };
                M::CreateBatch(project, first, last, start, end)
            }
            CarbonIntent::Issue { batch, to, units } => {
                let good =
                    |number, sealed: bool, class| !sealed && credits(class) && c.room(number) > 0;
                let batch = numbered(&c.batches, |n, b| good(n, b.sealed, b.class), batch);
                M::Issue(batch, self.party(ZERO, to), units.resolve(c.room(batch)))
            }
            CarbonIntent::SealBatch { batch } => {
                M::SealBatch(numbered(&c.batches, |_, b| !b.sealed && credits(b.class), batch))
            }
            CarbonIntent::Transfer { holding, to, units } => {
                let (batch, owner, amount) = self.some_of(holding, units);
                M::Transfer(batch, self.party(owner, to), amount)
            }
            CarbonIntent::TransferBatch { to, ref items } => self.transfer_batch(to, items),
            CarbonIntent::Approve { holding, operator, units } => {
                let (batch, owner, amount) = self.some_of(holding, units);
                let operator = match operator {
                    0 => self.world.setup.addresses.market,
                    8 => owner,
                    _ => self.party(owner, operator - 1),
                };
                M::Approve(operator, batch, amount)
            }
            CarbonIntent::TransferFrom { approval, to, units } => {
                let e = self.approved(approval);
                let to = self.party(e.owner, to);
                M::TransferFrom(e.owner, e.batch, to, units.resolve(e.amount))
            }
            CarbonIntent::Retire { holding, units } => {
                let (batch, owner, amount) = self.some_of(holding, units);
                M::Retire(batch, amount, named("claim", 0), owner)
            }
            CarbonIntent::Cancel { holding, units } => {
                let (batch, _, amount) = self.some_of(holding, units);
                M::Cancel(batch, amount, named("loss", 0))
            }
            CarbonIntent::Escrow { approval, units } => {
                let e = self.approved(approval);
                M::Escrow(e.owner, e.batch, units.resolve(e.amount))
            }
            CarbonIntent::Release { escrow, units } => {
                let e = self.escrowed(escrow);
                M::Release(e.owner, e.batch, units.resolve(e.amount))
            }
            CarbonIntent::Deliver { escrow, to, units } => {
                let e = self.escrowed(escrow);
                let to = self.party(e.owner, to);
                M::Deliver(e.owner, e.batch, to, units.resolve(e.amount))
            }
            CarbonIntent::Freeze { account: NOBODY } => M::Freeze(ZERO, named("reason", 2)),
            CarbonIntent::Freeze { account } => {
                // One of these numbers is for who is frozen already.
                let suits = |a: &Account| c.is_frozen(a) == (account == 8);
                M::Freeze(self.account(suits, account), named("reason", 2))
            }
            CarbonIntent::Unfreeze { account } => {
                M::Unfreeze(self.account(|a| c.is_frozen(a), account))
            }
            ref compliance => self.compliance(compliance),
        }
    }

    fn transfer_batch(&self, to: u8, items: &[(u8, Units)]) -> CarbonMessage {
        let first = items.first().and_then(|(holding, _)| self.held(|_| true, *holding));
        let owner = first.map_or(ZERO, |h| h.owner);
        let item = |(holding, units): &(u8, Units)| {
            let held = self.held(|h| h.owner == owner, *holding);
            let held = held.filter(|_| *holding != UNKNOWN);
            let (batch, tradable) = held.map_or((0, 0), |h| (h.batch, h.tradable));
            Item { batch, amount: units.resolve(tradable) }
        };
        CarbonMessage::TransferBatch(self.party(owner, to), items.iter().map(item).collect())
    }
}
