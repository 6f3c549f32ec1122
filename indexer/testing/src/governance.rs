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

/// A successor is proposed; `times` are from when on and until when he may accept.
#[must_use]
pub fn handover_proposed(contract: &str, from: u8, to: u8, times: (u64, u64)) -> EmittedEvent {
    event(contract, "HandoverProposed", (account(from), account(to), times))
}

/// New code is announced; `times` are from when on and until when it may take effect.
#[must_use]
pub fn upgrade_announced(contract: &str, code: u8, times: (u64, u64), by: u8) -> EmittedEvent {
    event(contract, "UpgradeAnnounced", ([code; 32], times, account(by)))
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
    let times = (9, 1_000_000);
    let proposed = || handover_proposed(contract, administrator, successor, times);
    let announced = || upgrade_announced(contract, code, times, administrator);
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
