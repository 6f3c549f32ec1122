//! What every contract says of its government.

use assent_client::EmittedEvent;

use crate::{account, event};

/// The contract is paused.
#[must_use]
pub fn paused(contract: &str, by: u8) -> EmittedEvent {
    event(contract, "Paused", (account(by),))
}

/// It is not paused any more.
#[must_use]
pub fn unpaused(contract: &str, by: u8) -> EmittedEvent {
    event(contract, "Unpaused", (account(by),))
}

/// A successor is proposed.
#[must_use]
pub fn handover_proposed(contract: &str, from: u8, to: u8, not_before: u64) -> EmittedEvent {
    event(contract, "HandoverProposed", (account(from), account(to), not_before))
}

/// New code is announced.
#[must_use]
pub fn upgrade_announced(contract: &str, code: u8, not_before: u64, by: u8) -> EmittedEvent {
    event(contract, "UpgradeAnnounced", ([code; 32], not_before, account(by)))
}

/// The announced code runs.
#[must_use]
pub fn upgraded(contract: &str, code: u8, by: u8) -> EmittedEvent {
    event(contract, "Upgraded", ([code; 32], account(by)))
}

/// The events that put a contract through a pause, a handover and an upgrade; each at least once.
#[must_use]
pub fn government(contract: &str, administrator: u8, successor: u8) -> Vec<EmittedEvent> {
    let code = 0xc0_u8;
    let parties = || (account(administrator), account(successor));
    let proposed = || handover_proposed(contract, administrator, successor, 9);
    let announced = || upgrade_announced(contract, code, 9, administrator);
    vec![
        paused(contract, administrator),
        unpaused(contract, administrator),
        announced(),
        event(contract, "UpgradeCancelled", ([code; 32], account(administrator))),
        announced(),
        upgraded(contract, code, administrator),
        proposed(),
        event(contract, "HandoverCancelled", parties()),
        proposed(),
        event(contract, "HandoverAccepted", parties()),
    ]
}
