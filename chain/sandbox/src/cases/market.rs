//! The messages of the market.

mod administration;
mod close;
mod fill;
mod place;
mod update;

use assent_interface::{carbon, market};

use super::{Case, Prepare};
use crate::Account;
use crate::ledger::{CREDIT, EMITTER, LIMITS, Ledger, ORDER_TIME, TRADER, key};

/// `Lazy` of the last order's number.
const LAST: u32 = 0x6d61_0001;
/// Orders by number.
const ORDERS: u32 = 0x6d61_0002;
/// Escrows of the carbon contract by operator, owner and batch.
const ESCROWS: u32 = 0x6361_0008;

/// What an order offers in these cases.
const UNITS: u128 = 10_000;
/// Token base units per credit in these cases: it does not divide by the units of a credit.
const PRICE: u128 = 333;
/// What [`UNITS`] cost.
const TOTAL: u128 = UNITS * PRICE / CREDIT;
/// How large an order may be of an account that was never rated.
const UNRATED: u128 = LIMITS.floor + (LIMITS.ceiling - LIMITS.floor) / 2;
/// The longest time that an order is open, ms.
const LONGEST: u64 = 366 * 24 * 60 * 60 * 1_000;
/// A batch or an order that there is not.
const NONE: u64 = 99;
/// The account that nobody has a key for.
const ZERO: Account = [0; 32];

pub(super) fn cases() -> Vec<Case> {
    [place::cases(), update::cases(), fill::cases(), close::cases(), administration::cases()]
        .concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "market", message, error, prepare }
}

/// The first moment at which an order of now is over.
fn expiry(ledger: &Ledger) -> u64 {
    ledger.sandbox.now() + ORDER_TIME
}

/// The trader holds `amount` units of a new batch, of which the market may take all; gives its
/// number.
fn lend(ledger: &mut Ledger, amount: u128) -> u64 {
    let batch = ledger.credits(TRADER, amount);
    let market = ledger.market.address;
    ledger.entrust(TRADER, market, batch, amount);
    batch
}

/// The trader offers [`UNITS`] at [`PRICE`], and the market may take as many more; gives the number
/// of the order.
fn open(ledger: &mut Ledger) -> u64 {
    let batch = lend(ledger, 2 * UNITS);
    let order = (TRADER, batch, UNITS, PRICE, expiry(ledger));
    ledger.done(TRADER, "market", market::PLACE, &order).value()
}

/// The emitter holds `amount` of the token, of which the market may take all.
fn fund(ledger: &mut Ledger, amount: u128) {
    let market = ledger.market.address;
    ledger.money(EMITTER, amount, market);
}

/// The emitter buys units of an order.
fn buy(ledger: &mut Ledger, order: u64, amount: u128) {
    fund(ledger, TOTAL);
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, order, amount, u128::MAX));
}

/// Settles a period for an emitter who emitted this much and surrendered nothing: his rating is
/// 1,000 then if that was nothing, and else 0.
fn settle(ledger: &mut Ledger, account: Account, emissions: u128) {
    let period = ledger.period();
    ledger.end_period();
    ledger.report(period, account, emissions);
    ledger.settle_time();
    ledger.settle(period, account);
    let rating: u16 = ledger.view("carbon", carbon::RATING, &account);
    assert_eq!(rating, if emissions == 0 { 1_000 } else { 0 }, "only this period counts");
}

/// Has the carbon contract answer nothing; takes [`DELAY`](crate::ledger::DELAY).
fn silence_carbon(ledger: &mut Ledger) {
    ledger.silence_after("carbon", |_| ());
}

/// Makes the carbon contract forget what the market holds in escrow of the trader's first batch.
fn lose_escrow(ledger: &mut Ledger) {
    let escrow = key(ESCROWS, (ledger.market.address, TRADER, 1u64));
    ledger.overwrite("carbon", &escrow, &0u128);
}
