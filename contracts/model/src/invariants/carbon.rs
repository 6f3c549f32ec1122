//! What holds of classes, batches and units.

use super::active;
use crate::{
    role::ALL, Account, Batch, BatchTotals, Change, Entry, Holding, Movement, Participant, World,
    ALLOWANCES,
};
use std::collections::BTreeMap;

impl World {
    pub(super) fn registry_holds(&self) -> Result<(), String> {
        let c = &self.carbon;
        for (position, (number, class)) in c.classes.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before class {number}");
            let nobodys = class.issuer.is_none() == (*number == ALLOWANCES);
            hold!(nobodys, "who issues in class {number}? {class:?}");
            let last = c.batches.values().filter(|b| b.class == *number).map(|b| b.serial_end);
            let last = last.max().unwrap_or(0);
            hold!(last == class.last_serial, "the last of class {number} is {last}: {class:?}");
        }
        for (position, (number, project)) in c.projects.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before project {number}");
            let credits = project.class != ALLOWANCES && c.classes.contains_key(&project.class);
            hold!(credits, "of which class? {project:?}");
        }
        hold!(c.created.len() == c.batches.len(), "a batch is gone");
        for ((position, (number, batch)), created) in c.batches.iter().enumerate().zip(&c.created) {
            hold!(*number == position as u64 + 1, "a gap before batch {number}");
            let same = Batch { sealed: batch.sealed, ..*created } == *batch;
            hold!(same, "batch {number} changed: {created:?}, {batch:?}");
            let range = 0 < batch.serial_start && batch.serial_start <= batch.serial_end;
            hold!(range && batch.vintage_start < batch.vintage_end, "says nothing: {batch:?}");
            let overlaps = |other: &Batch| {
                let disjoint =
                    other.serial_end < batch.serial_start || batch.serial_end < other.serial_start;
                other.class == batch.class && !disjoint
            };
            let before = c.created.iter().take(position);
            hold!(!before.into_iter().any(overlaps), "a serial number twice: {batch:?}");
            let class = match (batch.project, batch.period) {
                (Some(project), None) => c.projects.get(&project).map(|p| p.class),
                (None, Some(period)) => c.periods.get(&period).map(|_| ALLOWANCES),
                _ => None,
            };
            hold!(class == Some(batch.class), "whose batch is it? {batch:?}");
            let then = c.sealed.get(number).copied();
            let issued = c.total(*number).issued;
            let still = then.is_none_or(|then| then == issued);
            hold!(batch.sealed == then.is_some() && still, "issued after the sealing: {batch:?}");
        }
        Ok(())
    }

    pub(super) fn units_hold(&self) -> Result<(), String> {
        let c = &self.carbon;
        let mut sums: BTreeMap<u64, Holding> = BTreeMap::new();
        for ((batch, owner), holding) in &c.holdings {
            let so_far = sums.entry(*batch).or_default();
            *so_far = added(so_far, holding).ok_or("more units than there can be")?;
            let in_escrow = c.escrows.iter().filter(|((_, o, b), _)| o == owner && b == batch);
            let escrowed = super::sum(in_escrow.map(|(_, held)| *held));
            hold!(escrowed == Some(holding.escrowed), "in whose escrow? {holding:?}");
        }
        for (_, owner, batch) in c.escrows.keys() {
            hold!(c.holdings.contains_key(&(*batch, *owner)), "an escrow of nobody's units");
        }
        hold!(c.totals.keys().eq(c.batches.keys()), "totals of what?");
        for number in sums.keys() {
            hold!(c.batches.contains_key(number), "units of no batch {number}");
        }
        for (number, batch) in &c.batches {
            let sum = sums.get(number).copied().unwrap_or_default();
            let totals = c.total(*number);
            let Holding { tradable, escrowed, retired, surrendered, cancelled } = sum;
            let states = [tradable, escrowed, retired, surrendered, cancelled];
            let issued = super::sum(states.into_iter()).ok_or("more units than there can be")?;
            let found = BatchTotals { issued, escrowed, retired, surrendered, cancelled };
            hold!(
                totals == found,
                "batch {number}: in all {totals:?}, with the accounts {found:?}"
            );
            let last = issued.checked_sub(1);
            let within = last.is_none_or(|last| last <= batch.serial_end - batch.serial_start);
            hold!(within, "batch {number}: {issued} units for {batch:?}");
            let ends = if batch.project.is_some() { surrendered } else { 0 };
            hold!(ends == 0, "credits were surrendered: {totals:?}");
        }
        Ok(())
    }

    /// The journal adds up to the state. Since it only grows, what ended never comes back.
    pub(super) fn movements_hold(&self) -> Result<(), String> {
        let c = &self.carbon;
        let mut ledger = Ledger::default();
        for entry in &c.journal {
            fair(entry)
                .and_then(|()| ledger.enter(&entry.movement))
                .map_err(|why| format!("{why}: {entry:?}"))?;
        }
        let something = |(key, held): (&(u64, Account), &Holding)| {
            (*held != Holding::default()).then_some((*key, *held))
        };
        let found = ledger.holdings.iter().filter_map(something);
        hold!(found.eq(c.holdings.iter().filter_map(something)), "units moved without a trace");
        let left = ledger.approvals.iter().filter(|(_, left)| **left > 0);
        let recorded = c.approvals.iter().filter(|(_, left)| **left > 0);
        hold!(left.eq(recorded), "approvals changed without a trace");
        let held = ledger.escrows.iter().filter(|(_, held)| **held > 0);
        let recorded = c.escrows.iter().filter(|(_, held)| **held > 0);
        hold!(held.eq(recorded), "escrows changed without a trace");
        Ok(())
    }
}

/// State by state, if these are amounts.
fn added(one: &Holding, other: &Holding) -> Option<Holding> {
    Some(Holding {
        tradable: one.tradable.checked_add(other.tradable)?,
        escrowed: one.escrowed.checked_add(other.escrowed)?,
        retired: one.retired.checked_add(other.retired)?,
        surrendered: one.surrendered.checked_add(other.surrendered)?,
        cancelled: one.cancelled.checked_add(other.cancelled)?,
    })
}

/// What a movement implies of its parties.
fn fair(entry: &Entry) -> Result<(), String> {
    let Movement { change, amount, by, from, to, .. } = entry.movement;
    let [by_frozen, from_frozen, to_frozen] = entry.frozen;
    let admitted = |who: Option<Participant>| active(who, ALL);
    let (giver, receiver) = (admitted(entry.from_is), admitted(entry.to_is));
    let any_frozen = by_frozen || from_frozen || to_frozen;
    hold!(amount > 0 || change == Change::Approved, "nothing moved");
    match change {
        Change::Issued => {
            hold!(from.is_none() && receiver && !to_frozen, "issued to whom?");
        }
        Change::Approved => hold!(from == Some(by) && to.is_some() && to != from, "who approves?"),
        Change::Transferred | Change::Delivered => {
            hold!(giver && receiver, "a party is not admitted");
            hold!(!any_frozen, "a party is frozen");
            hold!(from != to, "to himself");
        }
        Change::Escrowed => hold!(giver && !any_frozen, "whose?"),
        Change::Released => {}
        Change::Retired | Change::Cancelled => {
            hold!(from == Some(by) && !from_frozen, "not by their owner");
        }
        Change::Surrendered(_) => hold!(from == Some(by), "not by their owner"),
    }
    Ok(())
}

/// What movements add up to.
#[derive(Default)]
struct Ledger {
    holdings: BTreeMap<(u64, Account), Holding>,
    approvals: BTreeMap<(Account, Account, u64), u128>,
    escrows: BTreeMap<(Account, Account, u64), u128>,
}

impl Ledger {
    fn enter(&mut self, movement: &Movement) -> Result<(), String> {
        let Movement { change, batch, amount, by, from, to, .. } = *movement;
        let (owner, receiver) = (from.unwrap_or_default(), to.unwrap_or_default());
        if change == Change::Approved {
            self.approvals.insert((owner, receiver, batch), amount);
            return Ok(());
        }
        let moves = matches!(change, Change::Transferred | Change::Escrowed);
        if moves && by != owner {
            let left = self.approvals.entry((owner, by, batch)).or_default();
            *left = left.checked_sub(amount).ok_or("more than was approved")?;
        }
        let held = self.escrows.entry((by, owner, batch)).or_default();
        match change {
            Change::Escrowed => *held += amount,
            Change::Released | Change::Delivered => {
                *held = held.checked_sub(amount).ok_or("not from his escrow")?;
            }
            _ => {}
        }

        let old = self.holdings.entry((batch, owner)).or_default();
        let source = match change {
            Change::Issued => None,
            Change::Released | Change::Delivered => Some(&mut old.escrowed),
            _ => Some(&mut old.tradable),
        };
        if let Some(source) = source {
            *source = source.checked_sub(amount).ok_or("more than there were")?;
        }
        match change {
            Change::Escrowed => old.escrowed += amount,
            Change::Released => old.tradable += amount,
            Change::Retired => old.retired += amount,
            Change::Cancelled => old.cancelled += amount,
            Change::Surrendered(_) => old.surrendered += amount,
            Change::Approved => {}
            Change::Issued | Change::Transferred | Change::Delivered => {
                self.holdings.entry((batch, receiver)).or_default().tradable += amount;
            }
        }
        Ok(())
    }
}
