//! How each contract is governed: pauses, handovers of the administrator, replacements of the code.

use assent_events::governance::{
    Event, HandoverAccepted, HandoverCancelled, HandoverProposed, Paused, Unpaused,
    UpgradeAnnounced, UpgradeCancelled, Upgraded,
};
use assent_events::{AccountId, Hash};

use super::{Happened, Stop, contradiction, hex};
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// How one contract is governed.
    Current Governance in "contract_governance" [contract: AccountId] {
        paused: bool,
        administrator: AccountId,
        successor: Option<AccountId>,
        successor_not_before_ms: Option<u64>,
        successor_until_ms: Option<u64>,
        announced_code_hash: Option<Hash>,
        announced_not_before_ms: Option<u64>,
        announced_until_ms: Option<u64>,
        code_hash: Option<Hash>,
    }
}

pub(super) fn want(contract: AccountId, rows: &mut Rows) {
    rows.want::<Governance>((contract,));
}

pub(super) fn apply(event: &Event, happened: &Happened, rows: &mut Rows) -> Result<(), Stop> {
    let contract = happened.contract;
    let administrator = administrator(event);
    let before = rows.get((happened.address,))?.unwrap_or(Governance {
        contract: happened.address,
        paused: false,
        administrator,
        successor: None,
        successor_not_before_ms: None,
        successor_until_ms: None,
        announced_code_hash: None,
        announced_not_before_ms: None,
        announced_until_ms: None,
        code_hash: None,
        at: happened.at,
    });
    if before.administrator != administrator {
        return contradiction(format!(
            "{} acted as the administrator of {contract}, but it is another",
            hex(administrator)
        ));
    }
    let after = match *event {
        Event::Paused(Paused { by: _ }) if !before.paused => Governance { paused: true, ..before },
        Event::Unpaused(Unpaused { by: _ }) if before.paused => {
            Governance { paused: false, ..before }
        }
        Event::HandoverProposed(HandoverProposed { from: _, to, not_before, until }) => {
            Governance {
                successor: Some(to),
                successor_not_before_ms: Some(not_before),
                successor_until_ms: Some(until),
                ..before
            }
        }
        Event::HandoverCancelled(HandoverCancelled { from: _, to })
            if before.successor == Some(to) =>
        {
            before.without_successor()
        }
        Event::HandoverAccepted(HandoverAccepted { from: _, to })
            if before.successor == Some(to) =>
        {
            Governance { administrator: to, ..before.without_successor() }
        }
        Event::UpgradeAnnounced(UpgradeAnnounced { code_hash, not_before, until, by: _ }) => {
            Governance {
                announced_code_hash: Some(code_hash),
                announced_not_before_ms: Some(not_before),
                announced_until_ms: Some(until),
                ..before
            }
        }
        Event::UpgradeCancelled(UpgradeCancelled { code_hash, by: _ })
            if before.announced_code_hash == Some(code_hash) =>
        {
            before.without_announcement()
        }
        Event::Upgraded(Upgraded { code_hash, by: _ })
            if before.announced_code_hash == Some(code_hash) =>
        {
            Governance { code_hash: Some(code_hash), ..before.without_announcement() }
        }
        // Each of them ends a state that the contract is not in.
        Event::Paused(_)
        | Event::Unpaused(_)
        | Event::HandoverCancelled(_)
        | Event::HandoverAccepted(_)
        | Event::UpgradeCancelled(_)
        | Event::Upgraded(_) => {
            return contradiction(format!(
                "{contract} was not in the state that {} ends",
                event.name()
            ));
        }
    };
    rows.put(after)
}

impl Governance {
    fn without_successor(self) -> Self {
        Self { successor: None, successor_not_before_ms: None, successor_until_ms: None, ..self }
    }

    fn without_announcement(self) -> Self {
        Self {
            announced_code_hash: None,
            announced_not_before_ms: None,
            announced_until_ms: None,
            ..self
        }
    }
}

/// The administrator at the time of the event: only he causes them, or is named by his successor.
fn administrator(event: &Event) -> AccountId {
    match event {
        Event::Paused(event) => event.by,
        Event::Unpaused(event) => event.by,
        Event::HandoverProposed(event) => event.from,
        Event::HandoverCancelled(event) => event.from,
        Event::HandoverAccepted(event) => event.from,
        Event::UpgradeAnnounced(event) => event.by,
        Event::UpgradeCancelled(event) => event.by,
        Event::Upgraded(event) => event.by,
    }
}
