//! What carbon and the market store, and whose deposits that costs: they come back to nobody, so
//! that nobody earns from closing what others have opened.

use assent_interface::{carbon, market};
use assent_sandbox::Executed;
use assent_sandbox::ledger::{
    COLLECTOR, EMITTER, FACTORY, ISSUER, Ledger, ORDER_TIME, PERIOD, REGULATOR, SERIALS, STRANGER,
    TRADER, VERIFIER, VINTAGE, role,
};

use super::{FULL, account, grows_evenly, size};

/// An expiry that no test reaches, ms from now.
const LONG: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Every kind of entry, with the largest numbers.
pub fn fill(ledger: &mut Ledger) {
    let class = ledger.class();
    let project = ledger.project(class);
    let all = (project, 1u128, u128::MAX, 0u64, u64::MAX);
    let batch: u64 = ledger.done(ISSUER, "carbon", carbon::CREATE_BATCH, &all).value();
    ledger.done(ISSUER, "carbon", carbon::ISSUE, &(batch, TRADER, u128::MAX));
    ledger.entrust(TRADER, STRANGER, batch, u128::MAX);
    ledger.done(STRANGER, "carbon", carbon::ESCROW, &(TRADER, batch, u128::MAX / 2));
    ledger.done(TRADER, "carbon", carbon::RETIRE, &(batch, u128::MAX / 4, FULL, COLLECTOR));
    ledger.done(TRADER, "carbon", carbon::CANCEL, &(batch, u128::MAX / 8, FULL));
    ledger.done(ISSUER, "carbon", carbon::SEAL_BATCH, &batch);
    ledger.freeze_units(COLLECTOR);

    ledger.penalty(u128::MAX, COLLECTOR);
    let period = ledger.period();
    ledger.allocate(period, EMITTER, SERIALS);
    ledger.end_period();
    ledger.report(period, EMITTER, u128::from(u64::MAX));
    ledger.surrender(period, EMITTER, SERIALS);
    ledger.settle_time();
    ledger.settle(period, EMITTER);

    ledger.fee(500u16, COLLECTOR);
    ledger.done(REGULATOR, "market", market::SET_LIMITS, &(u128::MAX / 1_000, u128::MAX / 1_000));
    ledger.offer(TRADER, 1_000, u128::MAX / 1_000);
}

#[test]
fn classes_add_the_same() {
    grows_evenly("carbon", |ledger, _| {
        ledger.done(REGULATOR, "carbon", carbon::CREATE_CLASS, &(ISSUER, FULL))
    });
}

#[test]
fn batches_add_the_same() {
    grows_evenly("carbon", |ledger, nth| {
        if nth == 1 {
            let class = ledger.class();
            ledger.project(class);
        }
        let serial = u128::from(nth);
        let batch = (1u64, serial, serial, VINTAGE.0, VINTAGE.1);
        ledger.done(ISSUER, "carbon", carbon::CREATE_BATCH, &batch)
    });
}

#[test]
fn owners_add_the_same() {
    grows_evenly("carbon", |ledger, nth| {
        if nth == 1 {
            ledger.credits(TRADER, SERIALS);
        }
        ledger.sandbox.endow(&[account(nth)]);
        ledger.admit(account(nth), role::DATA_OWNER);
        ledger.done(TRADER, "carbon", carbon::TRANSFER, &(1u64, account(nth), 1u128))
    });
}

#[test]
fn periods_add_the_same() {
    grows_evenly("carbon", |ledger, nth| {
        if nth == 1 {
            ledger.period();
        }
        let end = ledger.last_period().expect("it was set").end;
        ledger.done(REGULATOR, "carbon", carbon::SET_PERIOD, &(end, end + PERIOD, SERIALS))
    });
}

#[test]
fn corrections_of_reports_add_the_same() {
    grows_evenly("carbon", |ledger, nth| {
        if nth == 1 {
            ledger.period();
            ledger.end_period();
        }
        let report = (1u64, EMITTER, u128::from(nth), FULL);
        ledger.done(VERIFIER, "carbon", carbon::REPORT_EMISSIONS, &report)
    });
}

#[test]
fn surrenders_add_nothing() {
    grows_evenly("carbon", |ledger, nth| {
        if nth == 1 {
            let period = ledger.period();
            ledger.allocate(period, EMITTER, SERIALS);
            ledger.surrender(period, EMITTER, 1);
        }
        let batch = ledger.allowances(1);
        let before = size(ledger, "carbon");
        let surrendered = ledger.done(EMITTER, "carbon", carbon::SURRENDER, &(1u64, batch, 1u128));
        assert_eq!(size(ledger, "carbon"), before);
        surrendered
    });
}

#[test]
fn orders_add_the_same() {
    grows_evenly("market", |ledger, nth| {
        let market = ledger.market.address;
        if nth == 1 {
            let batch = ledger.credits(TRADER, SERIALS);
            ledger.entrust(TRADER, market, batch, SERIALS);
        }
        let order = (1u64, 1u128, 1_000u128, ledger.sandbox.now() + LONG);
        ledger.done(TRADER, "market", market::PLACE, &(TRADER, order))
    });
}

#[test]
fn fills_add_nothing() {
    grows_evenly("market", |ledger, nth| {
        if nth == 1 {
            let market = ledger.market.address;
            ledger.money(EMITTER, 10_000, market);
            ledger.offer(TRADER, 10_000, 1_000);
        }
        let before = size(ledger, "market");
        let filled = ledger.done(EMITTER, "market", market::FILL, &(EMITTER, 1u64, 1u128, 1u128));
        assert_eq!(size(ledger, "market"), before);
        filled
    });
}

/// What the call costs whoever made it, when no entry grows and none comes back.
#[track_caller]
fn costs_nothing(executed: &Executed) {
    assert_eq!(executed.deposit, 0, "neither held back nor given back");
}

#[test]
fn a_buyer_or_pruner_who_closes_an_order_gets_no_deposit() {
    let mut ledger = Ledger::new();
    let market = ledger.market.address;
    ledger.fee(500u16, COLLECTOR);
    ledger.money(EMITTER, 10_000, market);
    let orders = [1_000; 3].map(|amount| ledger.offer(TRADER, amount, 1_000));

    let fill = (orders[0], 400u128, 400u128);
    let first = ledger.done(EMITTER, "market", market::FILL, &(EMITTER, fill));
    assert!(first.deposit > 0, "a buyer pays for his entries and the first ones of the payees");
    let rest = (orders[0], 600u128, 600u128);
    costs_nothing(&ledger.done(EMITTER, "market", market::FILL, &(EMITTER, rest)));
    // Nor does the seller for what he closes himself.
    costs_nothing(&ledger.done(TRADER, "market", market::CANCEL, &orders[1]));
    ledger.sandbox.advance(ORDER_TIME);
    costs_nothing(&ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &vec![orders[2]]));
}

#[test]
fn an_operator_who_uses_up_an_approval_gets_no_deposit() {
    let mut ledger = Ledger::new();
    let batch = ledger.credits(TRADER, 1_000);
    ledger.done(TRADER, "carbon", carbon::TRANSFER, &(batch, FACTORY, 1u128));
    ledger.entrust(TRADER, STRANGER, batch, 100);
    let moved = (TRADER, batch, FACTORY, 100u128);
    costs_nothing(&ledger.done(STRANGER, "carbon", carbon::TRANSFER_FROM, &moved));
    assert_eq!(ledger.view::<u128>("carbon", carbon::APPROVAL, &(TRADER, STRANGER, batch)), 0);

    ledger.entrust(TRADER, STRANGER, batch, 200);
    let escrowed = ledger.done(STRANGER, "carbon", carbon::ESCROW, &(TRADER, batch, 200u128));
    assert!(escrowed.deposit > 0, "it is his entry");
    costs_nothing(&ledger.done(STRANGER, "carbon", carbon::RELEASE, &(TRADER, batch, 100u128)));
    let delivered = (TRADER, batch, FACTORY, 100u128);
    costs_nothing(&ledger.done(STRANGER, "carbon", carbon::DELIVER, &delivered));
    assert_eq!(ledger.view::<u128>("carbon", carbon::ESCROW_OF, &(STRANGER, TRADER, batch)), 0);
    costs_nothing(&ledger.done(TRADER, "carbon", carbon::APPROVE, &(STRANGER, batch, 0u128)));
}

#[test]
fn who_settles_or_pays_for_another_gets_no_deposit() {
    let mut ledger = Ledger::new();
    let carbon = ledger.carbon.address;
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    ledger.end_period();
    ledger.report(period, EMITTER, 150);
    ledger.surrender(period, EMITTER, 99);
    // The last of a batch that he holds.
    let batch = ledger.allowances(period);
    costs_nothing(&ledger.done(EMITTER, "carbon", carbon::SURRENDER, &(period, batch, 1u128)));
    ledger.settle_time();
    let settled = ledger.done(STRANGER, "carbon", carbon::SETTLE_PERIOD, &(period, EMITTER));
    assert!(settled.deposit > 0, "it writes how the period was settled");

    ledger.money(COLLECTOR, 1, carbon);
    ledger.money(STRANGER, 100, carbon);
    costs_nothing(&ledger.done(STRANGER, "carbon", carbon::PAY_PENALTY, &(period, EMITTER)));
}
