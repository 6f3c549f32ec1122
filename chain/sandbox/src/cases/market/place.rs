//! Orders that are placed.

use assent_interface::{carbon, market, power};

use super::super::{Call, Case, call, own};
use super::{
    LAST, LONGEST, NONE, PRICE, UNITS, UNRATED, case, expiry, lend, settle, silence_carbon,
};
use crate::Account;
use crate::ledger::{
    CREDIT, EMITTER, FACTORY, KEY, LIMITS, Ledger, SERIALS, STRANGER, TRADER, key,
};

pub(super) fn cases() -> Vec<Case> {
    [sound(), unsound(), refused_by_carbon()].concat()
}

/// `seller` offers units of a batch at [`PRICE`] from now on.
fn place(ledger: &Ledger, seller: Account, batch: u64, amount: u128) -> Call {
    own(seller, (batch, amount, PRICE, expiry(ledger)))
}

/// The trader could offer [`UNITS`], and offers this much.
fn offer(ledger: &mut Ledger, amount: u128, price: u128) -> Call {
    let batch = lend(ledger, UNITS);
    own(TRADER, (batch, amount, price, expiry(ledger)))
}

/// The trader asks for what is wrong in every other way.
fn offer_nothing() -> Call {
    own(TRADER, (NONE, 0u128, 0u128, 0u64))
}

/// As [`offer`], until this long after now.
fn offer_for(ledger: &mut Ledger, ms: u64) -> Call {
    let batch = lend(ledger, UNITS);
    own(TRADER, (batch, UNITS, PRICE, ledger.sandbox.now() + ms))
}

/// The factory could offer [`LIMITS`] and more, and offers `amount`, after a period in which it
/// emitted this much.
fn rated(ledger: &mut Ledger, emissions: u128, amount: u128) -> Call {
    settle(ledger, FACTORY, emissions);
    let batch = ledger.credits(FACTORY, SERIALS);
    let market = ledger.market.address;
    ledger.entrust(FACTORY, market, batch, SERIALS);
    place(ledger, FACTORY, batch, amount)
}

fn sound() -> Vec<Case> {
    let case = |prepare| case(market::PLACE, None, prepare);
    vec![
        case(|ledger, _| offer(ledger, UNITS, PRICE)),
        case(|ledger, _| offer(ledger, UNITS - 1, PRICE)),
        case(|ledger, _| offer(ledger, 1, 1)),
        // What costs as much as there can be.
        case(|ledger, _| offer(ledger, 1, u128::MAX)),
        case(|ledger, _| offer(ledger, UNITS, u128::MAX / UNITS)),
        case(|ledger, _| offer_for(ledger, 1)),
        case(|ledger, _| offer_for(ledger, LONGEST)),
        // As large as it may be, by the rating.
        case(|ledger, _| {
            let batch = lend(ledger, UNRATED);
            place(ledger, TRADER, batch, UNRATED)
        }),
        case(|ledger, _| rated(ledger, 0, LIMITS.ceiling)),
        case(|ledger, _| rated(ledger, CREDIT, LIMITS.floor)),
        // One of the staff, also by his next key; and by the next key of the trader.
        case(|ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.admit_member(TRADER, STRANGER, power::TRADE);
            call(STRANGER, (TRADER, batch, UNITS, PRICE, expiry(ledger)))
        }),
        case(|ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.admit_member(TRADER, FACTORY, power::TRADE);
            ledger.replace_key(FACTORY);
            call(KEY, (TRADER, batch, UNITS, PRICE, expiry(ledger)))
        }),
        case(|ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.replace_key(TRADER);
            call(KEY, (TRADER, batch, UNITS, PRICE, expiry(ledger)))
        }),
        // The last number that there is.
        case(|ledger, contract| {
            ledger.overwrite(contract, &key(LAST, ()), &(u64::MAX - 1));
            offer(ledger, UNITS, PRICE)
        }),
    ]
}

fn unsound() -> Vec<Case> {
    let case = |error, prepare| case(market::PLACE, Some(error), prepare);
    vec![
        case("Paused", |ledger, contract| {
            ledger.pause(contract);
            offer(ledger, UNITS, PRICE)
        }),
        case("Paused", |ledger, contract| {
            ledger.pause(contract);
            offer(ledger, 0, 0)
        }),
        case("ZeroAmount", |ledger, _| offer(ledger, 0, PRICE)),
        case("ZeroAmount", |ledger, _| offer(ledger, 0, 0)),
        case("ZeroPrice", |ledger, _| offer(ledger, UNITS, 0)),
        case("ZeroPrice", |_, _| own(STRANGER, (NONE, UNITS, 0u128, 0u64))),
        case("InvalidExpiry", |ledger, _| offer_for(ledger, 0)),
        case("InvalidExpiry", |ledger, _| offer_for(ledger, LONGEST + 1)),
        case("InvalidExpiry", |_, _| own(TRADER, (NONE, u128::MAX, u128::MAX, u64::MAX))),
        case("InvalidExpiry", |_, _| own(TRADER, (NONE, u128::MAX, u128::MAX, 0u64))),
        case("Overflow", |ledger, _| offer(ledger, UNITS, u128::MAX / UNITS + 1)),
        // Before it is asked how large it may be.
        case("Overflow", |ledger, contract| {
            silence_carbon(ledger);
            ledger.overwrite(contract, &key(LAST, ()), &u64::MAX);
            own(STRANGER, (NONE, u128::MAX, 2u128, expiry(ledger)))
        }),
        case("CarbonFailed", |ledger, _| {
            let batch = lend(ledger, UNITS);
            silence_carbon(ledger);
            place(ledger, TRADER, batch, UNITS)
        }),
        case("ParticipantsFailed", |ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.silence_participants();
            place(ledger, TRADER, batch, UNITS)
        }),
        case("ParticipantsFailed", |ledger, _| {
            ledger.silence_participants();
            offer_nothing()
        }),
        case("NotAuthorized", |ledger, _| {
            let batch = lend(ledger, UNITS);
            call(EMITTER, (TRADER, batch, UNITS, PRICE, expiry(ledger)))
        }),
        // One of its staff that may do all but that.
        case("NotAuthorized", |ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.admit_member(TRADER, STRANGER, power::ALL & !power::TRADE);
            call(STRANGER, (TRADER, batch, UNITS, PRICE, expiry(ledger)))
        }),
        // A key that was replaced.
        case("NotAuthorized", |ledger, _| {
            ledger.replace_key(TRADER);
            offer_nothing()
        }),
        case("SellerLimit", |ledger, _| {
            let batch = lend(ledger, UNRATED + 1);
            place(ledger, TRADER, batch, UNRATED + 1)
        }),
        case("SellerLimit", |ledger, _| rated(ledger, 0, LIMITS.ceiling + 1)),
        case("SellerLimit", |ledger, _| rated(ledger, CREDIT, LIMITS.floor + 1)),
        // Before carbon is asked for the units.
        case("SellerLimit", |ledger, contract| {
            ledger.overwrite(contract, &key(LAST, ()), &u64::MAX);
            place(ledger, STRANGER, NONE, UNRATED + 1)
        }),
        case("TooMany", |ledger, contract| {
            ledger.overwrite(contract, &key(LAST, ()), &u64::MAX);
            offer(ledger, UNITS, PRICE)
        }),
        case("TooMany", |ledger, contract| {
            ledger.overwrite(contract, &key(LAST, ()), &u64::MAX);
            place(ledger, STRANGER, NONE, UNITS)
        }),
    ]
}

fn refused_by_carbon() -> Vec<Case> {
    let case = |error, prepare| case(market::PLACE, Some(error), prepare);
    vec![
        case("CarbonPaused", |ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.pause("carbon");
            place(ledger, TRADER, batch, UNITS)
        }),
        case("NotAdmitted", |ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.suspend(TRADER);
            place(ledger, TRADER, batch, UNITS)
        }),
        case("NotAdmitted", |ledger, _| place(ledger, STRANGER, NONE, UNITS)),
        case("Frozen", |ledger, _| {
            let batch = lend(ledger, UNITS);
            ledger.freeze_units(TRADER);
            place(ledger, TRADER, batch, UNITS)
        }),
        // The market itself, which would hold them.
        case("Frozen", |ledger, _| {
            let (batch, market) = (lend(ledger, UNITS), ledger.market.address);
            ledger.freeze_units(market);
            place(ledger, TRADER, batch, UNITS)
        }),
        case("UnknownBatch", |ledger, _| place(ledger, TRADER, NONE, UNITS)),
        case("NotApproved", |ledger, _| {
            let batch = ledger.credits(TRADER, UNITS);
            place(ledger, TRADER, batch, UNITS)
        }),
        case("NotApproved", |ledger, _| {
            let (batch, market) = (lend(ledger, UNITS), ledger.market.address);
            ledger.entrust(TRADER, market, batch, UNITS - 1);
            place(ledger, TRADER, batch, UNITS)
        }),
        // What one order took is not there for the next.
        case("NotApproved", |ledger, _| {
            let (batch, market) = (lend(ledger, UNITS), ledger.market.address);
            let order = (TRADER, batch, 1u128, PRICE, expiry(ledger));
            ledger.done(TRADER, "market", market::PLACE, &order);
            let left: u128 = ledger.view("carbon", carbon::APPROVAL, &(TRADER, market, batch));
            assert_eq!(left, UNITS - 1);
            place(ledger, TRADER, batch, UNITS)
        }),
        case("InsufficientBalance", |ledger, _| {
            let (batch, market) = (lend(ledger, UNITS), ledger.market.address);
            ledger.entrust(TRADER, market, batch, UNITS + 1);
            place(ledger, TRADER, batch, UNITS + 1)
        }),
        // What is in escrow already is not offered twice.
        case("InsufficientBalance", |ledger, _| {
            let (batch, market) = (lend(ledger, UNITS), ledger.market.address);
            let order = (TRADER, batch, 1u128, PRICE, expiry(ledger));
            ledger.done(TRADER, "market", market::PLACE, &order);
            ledger.entrust(TRADER, market, batch, UNITS);
            place(ledger, TRADER, batch, UNITS)
        }),
        // Nor what was retired.
        case("InsufficientBalance", |ledger, _| {
            let batch = lend(ledger, UNITS);
            let retired = (batch, 1u128, [0x71u8; 32], TRADER);
            ledger.done(TRADER, "carbon", carbon::RETIRE, &retired);
            place(ledger, TRADER, batch, UNITS)
        }),
    ]
}
