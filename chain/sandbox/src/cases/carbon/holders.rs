//! Holders who hand on what they hold.

use assent_interface::carbon;

use super::super::{Case, call};
use super::{UNITS, ZERO, allocated, case, hold};
use crate::ledger::{APPLICANT, EMITTER, FACTORY, Item, Ledger, STRANGER, TRADER};

pub(super) fn cases() -> Vec<Case> {
    [transfer(), transfer_batch()].concat()
}

fn transfer() -> Vec<Case> {
    let case = |error, prepare| case(carbon::TRANSFER, error, prepare);
    vec![
        case(None, |ledger, _| call(TRADER, (hold(ledger), FACTORY, UNITS - 1))),
        case(None, |ledger, _| call(TRADER, (hold(ledger), FACTORY, UNITS))),
        // Allowances, too.
        case(None, |ledger, _| {
            let period = allocated(ledger);
            call(EMITTER, (ledger.allowances(period), TRADER, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            let batch = hold(ledger);
            ledger.pause(contract);
            call(TRADER, (batch, FACTORY, UNITS))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, (0u64, STRANGER, 0u128))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let batch = hold(ledger);
            ledger.silence_participants();
            call(TRADER, (batch, FACTORY, UNITS))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (0u64, STRANGER, 0u128))
        }),
        case(Some("NotAdmitted"), |ledger, _| call(TRADER, (hold(ledger), APPLICANT, UNITS))),
        case(Some("NotAdmitted"), |ledger, _| call(TRADER, (hold(ledger), ZERO, UNITS))),
        case(Some("NotAdmitted"), |ledger, _| {
            let batch = hold(ledger);
            ledger.suspend(TRADER);
            call(TRADER, (batch, FACTORY, UNITS))
        }),
        case(Some("NotAdmitted"), |_, _| call(STRANGER, (0u64, STRANGER, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| call(TRADER, (hold(ledger), FACTORY, 0u128))),
        case(Some("ZeroAmount"), |ledger, _| call(TRADER, (hold(ledger), TRADER, 0u128))),
        case(Some("SelfTransfer"), |ledger, _| call(TRADER, (hold(ledger), TRADER, UNITS))),
        case(Some("SelfTransfer"), |ledger, _| {
            ledger.freeze_units(TRADER);
            call(TRADER, (0u64, TRADER, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            let batch = hold(ledger);
            ledger.freeze_units(TRADER);
            call(TRADER, (batch, FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(FACTORY);
            call(TRADER, (hold(ledger), FACTORY, UNITS))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(FACTORY);
            call(TRADER, (0u64, FACTORY, UNITS))
        }),
        case(Some("UnknownBatch"), |ledger, _| call(TRADER, (hold(ledger) + 1, FACTORY, UNITS))),
        case(Some("UnknownBatch"), |_, _| call(TRADER, (0u64, FACTORY, UNITS))),
        case(Some("InsufficientBalance"), |ledger, _| {
            call(TRADER, (hold(ledger), FACTORY, UNITS + 1))
        }),
        case(Some("InsufficientBalance"), |ledger, _| call(FACTORY, (hold(ledger), TRADER, 1u128))),
        // What was retired or is in escrow is not his to give.
        case(Some("InsufficientBalance"), |ledger, contract| {
            let batch = hold(ledger);
            ledger.done(TRADER, contract, carbon::RETIRE, &(batch, 1u128, [1u8; 32], TRADER));
            call(TRADER, (batch, FACTORY, UNITS))
        }),
        case(Some("InsufficientBalance"), |ledger, contract| {
            let batch = hold(ledger);
            ledger.entrust(TRADER, STRANGER, batch, 1);
            ledger.done(STRANGER, contract, carbon::ESCROW, &(TRADER, batch, 1u128));
            call(TRADER, (batch, FACTORY, UNITS))
        }),
    ]
}

/// The trader holds [`UNITS`] of each of so many batches.
fn holds(ledger: &mut Ledger, count: usize) -> Vec<Item> {
    (0..count).map(|_| Item { batch: hold(ledger), amount: UNITS }).collect()
}

/// Two items, of which the second is a batch of which the trader holds [`UNITS`].
fn with(ledger: &mut Ledger, first: Item) -> Vec<Item> {
    vec![first, Item { batch: hold(ledger), amount: UNITS }]
}

/// Two items, of which the first is a batch of which the trader holds [`UNITS`].
fn after(ledger: &mut Ledger, second: Item) -> Vec<Item> {
    vec![Item { batch: hold(ledger), amount: UNITS }, second]
}

fn transfer_batch() -> Vec<Case> {
    let case = |error, prepare| case(carbon::TRANSFER_BATCH, error, prepare);
    vec![
        case(None, |ledger, _| call(TRADER, (FACTORY, holds(ledger, 16)))),
        case(None, |ledger, _| call(TRADER, (FACTORY, holds(ledger, 1)))),
        // Several parts of one batch.
        case(None, |ledger, _| {
            let part = Item { batch: hold(ledger), amount: UNITS / 4 };
            call(TRADER, (FACTORY, vec![part; 4]))
        }),
        case(Some("Paused"), |ledger, contract| {
            let items = holds(ledger, 1);
            ledger.pause(contract);
            call(TRADER, (FACTORY, items))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(TRADER, (FACTORY, Vec::<Item>::new()))
        }),
        case(Some("BatchSize"), |_, _| call(TRADER, (FACTORY, Vec::<Item>::new()))),
        case(Some("BatchSize"), |ledger, _| {
            let part = Item { batch: hold(ledger), amount: 1 };
            call(TRADER, (FACTORY, vec![part; 17]))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.silence_participants();
            call(STRANGER, (STRANGER, Vec::<Item>::new()))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            let items = holds(ledger, 1);
            ledger.silence_participants();
            call(TRADER, (FACTORY, items))
        }),
        case(Some("NotAdmitted"), |ledger, _| call(TRADER, (APPLICANT, holds(ledger, 1)))),
        case(Some("NotAdmitted"), |ledger, _| {
            let items = holds(ledger, 1);
            ledger.suspend(TRADER);
            call(TRADER, (TRADER, items))
        }),
        case(Some("NotAdmitted"), |_, _| {
            call(TRADER, (APPLICANT, vec![Item { batch: 0, amount: 0 }]))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            call(TRADER, (FACTORY, with(ledger, Item { batch: 0, amount: 0 })))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            call(TRADER, (FACTORY, after(ledger, Item { batch: 0, amount: 0 })))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            call(TRADER, (TRADER, with(ledger, Item { batch: 0, amount: 0 })))
        }),
        case(Some("SelfTransfer"), |ledger, _| {
            call(TRADER, (TRADER, after(ledger, Item { batch: 0, amount: 0 })))
        }),
        case(Some("Frozen"), |ledger, _| {
            let items = holds(ledger, 2);
            ledger.freeze_units(TRADER);
            call(TRADER, (FACTORY, items))
        }),
        case(Some("Frozen"), |ledger, _| {
            ledger.freeze_units(FACTORY);
            call(TRADER, (FACTORY, with(ledger, Item { batch: 0, amount: 1 })))
        }),
        case(Some("UnknownBatch"), |ledger, _| {
            call(TRADER, (FACTORY, after(ledger, Item { batch: 0, amount: 1 })))
        }),
        case(Some("UnknownBatch"), |ledger, _| {
            call(TRADER, (FACTORY, with(ledger, Item { batch: u64::MAX, amount: u128::MAX })))
        }),
        case(Some("InsufficientBalance"), |ledger, _| {
            let batch = hold(ledger);
            let items = [UNITS, 1].map(|amount| Item { batch, amount });
            call(TRADER, (FACTORY, items.to_vec()))
        }),
        // Of several errors the one of the first item.
        case(Some("InsufficientBalance"), |ledger, _| {
            let batch = hold(ledger);
            let items = [UNITS + 1, 0].map(|amount| Item { batch, amount });
            call(TRADER, (FACTORY, items.to_vec()))
        }),
    ]
}
