//! Sales: units against money, each of which is somewhere before and after.

use assent_interface::{carbon, market, token};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    AUDITOR, COLLECTOR, CREDIT, EMITTER, FACTORY, HOSPITAL, Holding, INSTITUTE, Ledger, Order,
    OrderStatus, PATIENT, REGULATOR, RELATIVE, STRANGER, Settlement, TRADER,
};

use super::compliance::{rating, settle};
use super::{HOLDERS, holding, money, said, totals};

/// The token base units of all, after a look whether they are all that there are.
#[track_caller]
fn purses(ledger: &mut Ledger) -> [u128; 5] {
    let purses = HOLDERS.map(|owner| money(ledger, owner));
    let others = [REGULATOR, PATIENT, HOSPITAL, INSTITUTE, AUDITOR, RELATIVE, STRANGER];
    let contracts = ledger.contracts().map(|contract| contract.address);
    let elsewhere = others.iter().chain(&contracts).map(|owner| money(ledger, *owner));
    let elsewhere: u128 = elsewhere.sum();
    let supply: u128 = ledger.view("token", token::TOTAL_SUPPLY, &());
    assert_eq!(purses.iter().sum::<u128>() + elsewhere, supply);
    assert_eq!(elsewhere, 0, "the market keeps nothing");
    purses
}

/// Buys and gives what it cost, after a look at every balance: of five holders what each has of the
/// batch and of the token.
#[track_caller]
fn buy(ledger: &mut Ledger, buyer: Account, order: u64, amount: u128) -> u128 {
    let of: Option<Order> = ledger.view("market", market::ORDER, &order);
    let Order { seller, batch, amount: offered, price, fee_bps, .. } = of.expect("it was placed");
    let owned = HOLDERS.map(|owner| holding(ledger, batch, owner));
    let before = purses(ledger);
    let issued = totals(ledger, batch).issued;

    let bought = ledger.done(buyer, "market", market::FILL, &(buyer, order, amount, u128::MAX));
    let payment: u128 = bought.value();
    assert_eq!(payment, (amount * price).div_ceil(CREDIT));
    let fee = payment * u128::from(fee_bps) / 10_000;
    for (index, owner) in HOLDERS.into_iter().enumerate() {
        let mut units = owned[index];
        let mut purse = before[index];
        if owner == seller {
            units.escrowed -= amount;
            purse += payment - fee;
        }
        if owner == buyer {
            units.tradable += amount;
            purse -= payment;
        }
        if owner == COLLECTOR {
            purse += fee;
        }
        assert_eq!(holding(ledger, batch, owner), units);
        assert_eq!(money(ledger, owner), purse);
    }
    purses(ledger);
    assert_eq!(totals(ledger, batch).issued, issued);
    let left: Option<Order> = ledger.view("market", market::ORDER, &order);
    let left = left.expect("orders stay");
    assert_eq!(left.amount, offered - amount);
    let market = ledger.market.address;
    let escrow: u128 = ledger.view("carbon", carbon::ESCROW_OF, &(market, seller, batch));
    assert_eq!(escrow, left.amount, "what is offered is in escrow");
    payment
}

#[test]
fn a_sale_in_parts_conserves_units_and_money() {
    let mut ledger = Ledger::new();
    let market = ledger.market.address;
    ledger.fee(250u16, COLLECTOR);
    for buyer in [EMITTER, FACTORY] {
        ledger.money(buyer, 5_000, market);
    }
    let order = ledger.offer(TRADER, 10_000, 333);
    // What it will cost is that of the day when it was placed.
    ledger.fee(500u16, COLLECTOR);

    // A kilogram costs a base unit at least, which is too little for a fee.
    assert_eq!(buy(&mut ledger, EMITTER, order, 1), 1);
    // 999.333, rounded up; 25 of it are the fee.
    assert_eq!(buy(&mut ledger, FACTORY, order, 3_001), 1_000);
    assert_eq!(purses(&mut ledger), [4_999, 4_000, 0, 976, 25]);
    // The rest; 2,330.334, rounded up, and the fee is 58.275, rounded down.
    assert_eq!(buy(&mut ledger, EMITTER, order, 6_998), 2_331);
    assert_eq!(purses(&mut ledger), [2_668, 4_000, 0, 3_249, 83]);
    let sold: Option<Order> = ledger.view("market", market::ORDER, &order);
    assert_eq!(sold.map(|order| order.status), Some(OrderStatus::Filled));
    ledger.refused(
        FACTORY,
        "market",
        market::FILL,
        &(FACTORY, order, 1u128, u128::MAX),
        "OrderClosed",
    );

    // A part of another one is sold, and the rest comes back.
    let order = ledger.offer(TRADER, 1_000, 2_000);
    assert_eq!(buy(&mut ledger, FACTORY, order, 300), 600);
    let cancelled = ledger.done(TRADER, "market", market::CANCEL, &order);
    assert_eq!(said::<(u64, Account, u128)>(&cancelled, 0), (order, TRADER, 700));
    let of: Option<Order> = ledger.view("market", market::ORDER, &order);
    let batch = of.expect("orders stay").batch;
    let kept = Holding { tradable: 700, ..Holding::default() };
    assert_eq!(holding(&mut ledger, batch, TRADER), kept);
    assert_eq!(totals(&mut ledger, batch).issued, 1_000);
    assert_eq!(purses(&mut ledger), [2_668, 3_400, 0, 3_819, 113]);
}

#[test]
fn an_emitter_buys_the_allowances_that_he_lacks() {
    let mut ledger = Ledger::new();
    let market = ledger.market.address;
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 1_000);
    ledger.allocate(period, FACTORY, 1_000);
    let batch = ledger.allowances(period);
    ledger.entrust(FACTORY, market, batch, 400);
    let expiry = ledger.sandbox.now() + 1;
    let sale = (batch, 400u128, 5_000u128, expiry);
    let order: u64 = ledger.done(FACTORY, "market", market::PLACE, &(FACTORY, sale)).value();
    ledger.money(EMITTER, 2_000, market);
    assert_eq!(buy(&mut ledger, EMITTER, order, 400), 2_000);
    ledger.end_period();

    ledger.report(period, EMITTER, 1_400);
    ledger.report(period, FACTORY, 600);
    ledger.surrender(period, EMITTER, 1_400);
    ledger.surrender(period, FACTORY, 600);
    ledger.settle_time();
    for account in [EMITTER, FACTORY] {
        let Settlement { deficit, surplus, timely, .. } = settle(&mut ledger, period, account);
        assert_eq!((deficit, surplus, timely), (0, 0, true));
        assert_eq!(rating(&mut ledger, account), 1_000);
    }
    let spent = totals(&mut ledger, batch);
    assert_eq!((spent.issued, spent.surrendered), (2_000, 2_000));
    assert_eq!(purses(&mut ledger), [0, 2_000, 0, 0, 0]);
}
