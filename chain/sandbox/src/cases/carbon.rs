//! The messages of the carbon contract.

mod batches;
mod classes;
mod duties;
mod escrow;
mod freezes;
mod holders;
mod operators;
mod periods;
mod retirement;
mod settlement;

use assent_interface::carbon;

use super::{Case, Prepare};
use crate::Account;
use crate::ledger::{
    AUDITOR, COLLECTOR, Counts, EMITTER, Hash, Ledger, STRANGER, TARIFF, TRADER, key, role,
};

/// `Lazy<Counts>`.
const COUNTS: u32 = 0x6361_0001;

/// What a holder starts with in these cases.
const UNITS: u128 = 100;
/// Why units are retired or cancelled, or an account is frozen.
const REASON: Hash = [0x71; 32];
/// The account that nobody has a key for.
const ZERO: Account = [0; 32];

pub(super) fn cases() -> Vec<Case> {
    [
        classes::cases(),
        batches::cases(),
        holders::cases(),
        operators::cases(),
        escrow::cases(),
        retirement::cases(),
        periods::cases(),
        duties::cases(),
        settlement::cases(),
        freezes::cases(),
    ]
    .concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "carbon", message, error, prepare }
}

/// Replaces the contract by one that asks an account where there is no contract.
fn lose_participants(ledger: &mut Ledger) {
    let token = ledger.token.address;
    ledger.replace_carbon(STRANGER, token);
}

/// Makes the auditor a regulator, who is not the administrator.
fn appoint(ledger: &mut Ledger) {
    ledger.set_roles(AUDITOR, role::REGULATOR);
}

/// Changes how many of each kind there seem to be.
fn recount(ledger: &mut Ledger, change: fn(&mut Counts)) {
    let mut counts: Counts = ledger.view("carbon", carbon::COUNTS, &());
    change(&mut counts);
    ledger.overwrite("carbon", &key(COUNTS, ()), &counts);
}

/// The trader holds [`UNITS`] of a batch, whose number it gives.
fn hold(ledger: &mut Ledger) -> u64 {
    ledger.credits(TRADER, UNITS)
}

/// As [`hold`], and the stranger may move all of them.
fn lend(ledger: &mut Ledger) -> u64 {
    let batch = hold(ledger);
    ledger.entrust(TRADER, STRANGER, batch, UNITS);
    batch
}

/// As [`lend`], and the stranger has put all of them in escrow.
fn escrowed(ledger: &mut Ledger) -> u64 {
    let batch = lend(ledger);
    ledger.done(STRANGER, "carbon", carbon::ESCROW, &(TRADER, batch, UNITS));
    batch
}

/// What a missing credit costs.
fn set_tariff(ledger: &mut Ledger) {
    ledger.penalty(TARIFF, COLLECTOR);
}

/// The emitter has [`UNITS`] allowances of a period, whose number it gives.
fn allocated(ledger: &mut Ledger) -> u64 {
    let period = ledger.period();
    ledger.allocate(period, EMITTER, UNITS);
    period
}

/// As [`allocated`], and the period is over.
fn over(ledger: &mut Ledger) -> u64 {
    let period = allocated(ledger);
    ledger.end_period();
    period
}

/// As [`over`], and so is the time for reports; the emitter has surrendered all that he had and
/// emitted this much.
fn due(ledger: &mut Ledger, emissions: u128) -> u64 {
    let period = over(ledger);
    ledger.report(period, EMITTER, emissions);
    ledger.surrender(period, EMITTER, UNITS);
    ledger.settle_time();
    period
}

/// As [`due`], and the period is settled.
fn settled(ledger: &mut Ledger, emissions: u128) -> u64 {
    let period = due(ledger, emissions);
    ledger.settle(period, EMITTER);
    period
}

/// Two periods, of which the emitter took part in the second only, which is settled for him.
fn settled_second(ledger: &mut Ledger) -> (u64, u64) {
    let (first, second) = (ledger.period(), ledger.period());
    ledger.allocate(second, EMITTER, UNITS);
    ledger.settle_time();
    ledger.report(second, EMITTER, 0);
    ledger.settle(second, EMITTER);
    (first, second)
}
