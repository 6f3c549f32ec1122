//! Messages of carbon on the registry and on units.

use super::{
    message,
    units::{numbered, Entrusted},
    Entry, Lookup, Picks,
};
use crate::{
    arbitrary::{lookup::named, picks::UNKNOWN, HOUR},
    role::REGULATOR,
    Account, Batch, CarbonMessage as M, Item,
    Message::Carbon,
    ALLOWANCES, ZERO,
};
use assent_interface::carbon as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::CREATE_CLASS, 3, |l, p| {
        let number = p.pick();
        let message = M::CreateClass(l.admitted(number), named("class", number));
        (Carbon(message), l.having(REGULATOR))
    }),
    message(labels::SET_ISSUER, 3, |l, p| {
        let (number, class) = l.class(p.known());
        let old = class.and_then(|class| class.issuer);
        let other = |a: &Account| l.world.participants.is_admitted(a) && Some(*a) != old;
        (Carbon(M::SetIssuer(number, l.account(other, p.pick()))), l.having(REGULATOR))
    }),
    message(labels::CREATE_PROJECT, 6, |l, p| {
        let (class, _) = l.class(p.known());
        let owner = l.admitted(p.pick());
        (Carbon(M::CreateProject(class, owner, named("project", 0))), l.issuers(Some(class)))
    }),
    message(labels::CREATE_BATCH, 9, |l, p| {
        let projects = &l.world.carbon.projects;
        let project = numbered(projects, |_, _| true, p.known());
        let class = projects.get(&project).map(|project| project.class);
        let (first, last) = l.serials(class, p);
        let start = l.now.saturating_sub(24 * HOUR);
        let end = if p.mostly_0(6, 1) == 0 { l.now } else { start };
        (Carbon(M::CreateBatch(project, first, last, start, end)), l.issuers(class))
    }),
    message(labels::ISSUE, 24, |l, p| {
        let c = &l.world.carbon;
        let open = |batch, b: &Batch| !b.sealed && b.class != ALLOWANCES && c.room(batch) > 0;
        let batch = numbered(&c.batches, open, p.known());
        let to = l.party(ZERO, p.pick());
        let issuers = l.issuers(c.batches.get(&batch).map(|b| b.class));
        (Carbon(M::Issue(batch, to, p.units(c.room(batch)))), issuers)
    }),
    message(labels::SEAL_BATCH, 3, |l, p| {
        let batches = &l.world.carbon.batches;
        let batch = numbered(batches, |_, b| !b.sealed && b.class != ALLOWANCES, p.known());
        (Carbon(M::SealBatch(batch)), l.issuers(batches.get(&batch).map(|b| b.class)))
    }),
    message(labels::TRANSFER, 19, |l, p| {
        let (batch, owner, amount) = l.some_of(p);
        let to = l.party(owner, p.pick());
        let mut holders = l.holders(batch, amount);
        holders.retain(|holder| *holder != to);
        (Carbon(M::Transfer(batch, to, amount)), holders)
    }),
    message(labels::TRANSFER_BATCH, 8, |l, p| {
        let (owner, items) = l.items(p);
        let to = l.party(owner, p.pick());
        let mut holders = items.first().map_or_else(Vec::new, |i| l.holders(i.batch, 0));
        let tradable = |a: &Account, i: &Item| l.world.carbon.holding(i.batch, a).tradable;
        holders.retain(|holder| *holder != to);
        holders.sort_by_key(|holder| !items.iter().all(|i| tradable(holder, i) >= i.amount));
        (Carbon(M::TransferBatch(to, items)), holders)
    }),
    message(labels::APPROVE, 23, |l, p| {
        let (batch, owner, amount) = l.some_of(p);
        let operator = match p.mostly_0(2, 8) {
            0 => l.world.setup.addresses.market,
            8 => owner,
            number => l.party(owner, number - 1),
        };
        let mut holders = l.holders(batch, 0);
        holders.retain(|holder| *holder != operator);
        (Carbon(M::Approve(operator, batch, amount)), holders)
    }),
    message(labels::TRANSFER_FROM, 15, |l, p| {
        let Entrusted { owner, batch, amount, .. } = l.approved(p);
        let (to, amount) = (l.party(owner, p.pick()), p.units(amount));
        let operators = l.operators(amount, |a| l.world.carbon.approval(&owner, a, batch));
        (Carbon(M::TransferFrom(owner, batch, to, amount)), operators)
    }),
    message(labels::RETIRE, 8, |l, p| {
        let (batch, owner, amount) = l.some_of(p);
        let message = M::Retire(batch, amount, named("claim", 0), owner);
        (Carbon(message), l.holders(batch, amount))
    }),
    message(labels::CANCEL, 8, |l, p| {
        let (batch, _, amount) = l.some_of(p);
        (Carbon(M::Cancel(batch, amount, named("loss", 0))), l.holders(batch, amount))
    }),
    message(labels::ESCROW, 15, |l, p| {
        let Entrusted { owner, batch, amount, .. } = l.approved(p);
        let amount = p.units(amount);
        let operators = l.operators(amount, |a| l.world.carbon.approval(&owner, a, batch));
        (Carbon(M::Escrow(owner, batch, amount)), operators)
    }),
    message(labels::RELEASE, 8, |l, p| {
        let Entrusted { owner, batch, amount, .. } = l.escrowed(p);
        let amount = p.units(amount);
        let operators = l.operators(amount, |a| l.world.carbon.escrow_of(a, &owner, batch));
        (Carbon(M::Release(owner, batch, amount)), operators)
    }),
    message(labels::DELIVER, 8, |l, p| {
        let Entrusted { owner, batch, amount, .. } = l.escrowed(p);
        let (to, amount) = (l.party(owner, p.pick()), p.units(amount));
        let operators = l.operators(amount, |a| l.world.carbon.escrow_of(a, &owner, batch));
        (Carbon(M::Deliver(owner, batch, to, amount)), operators)
    }),
    message(labels::FREEZE, 8, |l, p| {
        let frozen = |a: &Account| l.world.carbon.is_frozen(a);
        let account = match p.below(10) {
            9 => ZERO,
            8 => l.account(frozen, 8),
            number => l.account(|a| !frozen(a), number),
        };
        (Carbon(M::Freeze(account, named("reason", 2))), l.having(REGULATOR))
    }),
    message(labels::UNFREEZE, 16, |l, p| {
        let account = l.account(|a| l.world.carbon.is_frozen(a), p.below(10));
        (Carbon(M::Unfreeze(account)), l.having(REGULATOR))
    }),
];

impl Lookup<'_> {
    /// The first and the last serial number of a new batch; the last four are faults.
    fn serials(&self, class: Option<u64>, p: &mut Picks) -> (u128, u128) {
        let class = class.and_then(|class| self.world.carbon.classes.get(&class));
        let last = class.map_or(0, |class| class.last_serial);
        let next = last.saturating_add(1);
        let after = |more| next.saturating_add(more);
        let gap = (after(1_000), after(1_999));
        let (whole, taken, endless) = ((next, after(99_999)), (last, next), (next, u128::MAX));
        p.sound(3, [whole, gap, (next, next), taken, (next, last), (0, next), endless])
    }

    /// Holdings of one owner, and how many units of each.
    fn items(&self, p: &mut Picks) -> (Account, Vec<Item>) {
        let (length, mut owner) = (p.length(), None);
        let item = |_| {
            let number = p.known();
            let first = || self.held(|_| true, number).map_or(ZERO, |h| h.owner);
            let owner = *owner.get_or_insert_with(first);
            let held = self.held(|h| h.owner == owner, number).filter(|_| number != UNKNOWN);
            let (batch, tradable) = held.map_or((0, 0), |h| (h.batch, h.tradable));
            Item { batch, amount: p.units(tradable) }
        };
        let items = (0..length).map(item).collect();
        (owner.unwrap_or(ZERO), items)
    }
}
