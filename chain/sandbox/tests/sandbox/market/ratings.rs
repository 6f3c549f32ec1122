//! How large an order and a fill may be, by the ratings of now.

use assent_interface::{carbon, market};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    CREDIT, EMITTER, FACTORY, LIMITS, Ledger, Limits, REGULATOR, SERIALS, TARIFF,
};

use super::{ANY, buy, expiry, order};

/// At a rating.
fn limit(rating: u128) -> u128 {
    LIMITS.floor + (LIMITS.ceiling - LIMITS.floor) * rating / 1_000
}

/// Settles a period for accounts that emitted this much and surrendered nothing; they have to be
/// rated like this then. Gives the number of the period.
#[track_caller]
fn settled(ledger: &mut Ledger, duties: &[(Account, u128, u16)]) -> u64 {
    let period = ledger.period();
    ledger.end_period();
    for (account, emissions, _) in duties {
        ledger.report(period, *account, *emissions);
    }
    ledger.settle_time();
    for (account, _, rating) in duties {
        ledger.settle(period, *account);
        rated(ledger, *account, *rating);
    }
    period
}

#[track_caller]
fn rated(ledger: &mut Ledger, account: Account, rating: u16) {
    assert_eq!(ledger.view::<u16>("carbon", carbon::RATING, &account), rating);
    let shown: u128 = ledger.view("market", market::LIMIT_OF, &account);
    assert_eq!(shown, limit(rating.into()));
}

/// The account holds units of a new batch, of which the market may take all; gives its number.
fn lend(ledger: &mut Ledger, account: Account) -> u64 {
    let batch = ledger.credits(account, SERIALS);
    let market = ledger.market.address;
    ledger.entrust(account, market, batch, SERIALS);
    batch
}

/// Places an order of `amount`, which is as large as it may be.
#[track_caller]
fn place(ledger: &mut Ledger, seller: Account, amount: u128) -> u64 {
    let batch = lend(ledger, seller);
    let until = expiry(ledger);
    let more = (batch, amount + 1, CREDIT, until);
    ledger.refused(seller, "market", market::PLACE, &(seller, more), "SellerLimit");
    ledger.done(seller, "market", market::PLACE, &(seller, batch, amount, CREDIT, until)).value()
}

#[test]
fn an_order_is_as_large_as_the_rating_of_its_seller_allows() {
    let mut ledger = Ledger::new();
    rated(&mut ledger, FACTORY, 500);
    place(&mut ledger, FACTORY, limit(500));
    settled(&mut ledger, &[(FACTORY, 0, 1_000)]);
    place(&mut ledger, FACTORY, limit(1_000));
    settled(&mut ledger, &[(EMITTER, CREDIT, 0)]);
    let number = place(&mut ledger, EMITTER, limit(0));
    // Nor does it grow beyond that.
    let more = (number, limit(0) + 1, CREDIT, expiry(&ledger));
    ledger.refused(EMITTER, "market", market::UPDATE, &more, "SellerLimit");
    // Each order counts for itself.
    place(&mut ledger, EMITTER, limit(0));
}

/// An order outlives the rating that it was placed with; what is sold of it does not.
#[test]
fn a_rating_that_falls_holds_for_the_orders_that_there_are() {
    let mut ledger = Ledger::new();
    settled(&mut ledger, &[(FACTORY, 0, 1_000), (EMITTER, 0, 1_000)]);
    let number = place(&mut ledger, FACTORY, limit(1_000));
    let market = ledger.market.address;
    ledger.money(EMITTER, SERIALS, market);
    // Of two periods one is fulfilled, and the penalty of the other is not paid.
    let period = settled(&mut ledger, &[(FACTORY, CREDIT, 425)]);

    assert_eq!(order(&mut ledger, number).amount, limit(1_000), "the order is as large as it was");
    let too_much = (number, limit(425) + 1, ANY);
    ledger.refused(EMITTER, "market", market::FILL, &(EMITTER, too_much), "SellerLimit");
    buy(&mut ledger, EMITTER, number, limit(425));
    // It is changed at the rating of now, also when it shrinks.
    let left = order(&mut ledger, number).amount;
    assert!(left > limit(425), "{left}");
    let less = (number, limit(425) + 1, CREDIT, expiry(&ledger));
    ledger.refused(FACTORY, "market", market::UPDATE, &less, "SellerLimit");
    let least = (number, limit(425), CREDIT, expiry(&ledger));
    ledger.done(FACTORY, "market", market::UPDATE, &least);

    // A penalty that is paid makes it better.
    let carbon = ledger.carbon.address;
    ledger.money(FACTORY, TARIFF, carbon);
    ledger.done(FACTORY, "carbon", carbon::PAY_PENALTY, &(period, FACTORY));
    rated(&mut ledger, FACTORY, 575);
    place(&mut ledger, FACTORY, limit(575));
}

#[test]
fn a_fill_is_as_large_as_the_rating_of_the_buyer_allows() {
    let mut ledger = Ledger::new();
    settled(&mut ledger, &[(FACTORY, 0, 1_000)]);
    let number = place(&mut ledger, FACTORY, limit(1_000));
    let market = ledger.market.address;
    ledger.money(EMITTER, SERIALS, market);
    rated(&mut ledger, EMITTER, 500);
    let too_much = (number, limit(500) + 1, ANY);
    ledger.refused(EMITTER, "market", market::FILL, &(EMITTER, too_much), "BuyerLimit");
    settled(&mut ledger, &[(EMITTER, CREDIT, 0)]);
    let too_much = (number, limit(0) + 1, ANY);
    ledger.refused(EMITTER, "market", market::FILL, &(EMITTER, too_much), "BuyerLimit");
    // Each fill counts for itself.
    buy(&mut ledger, EMITTER, number, limit(0));
    buy(&mut ledger, EMITTER, number, limit(0));
}

#[test]
fn limits_hold_for_the_orders_that_there_are() {
    let mut ledger = Ledger::new();
    let number = place(&mut ledger, FACTORY, limit(500));
    let market = ledger.market.address;
    ledger.money(EMITTER, SERIALS, market);
    ledger.done(REGULATOR, "market", market::SET_LIMITS, &Limits { floor: 10, ceiling: 30 });
    let too_much = (number, 21u128, ANY);
    ledger.refused(EMITTER, "market", market::FILL, &(EMITTER, too_much), "SellerLimit");
    buy(&mut ledger, EMITTER, number, 20);
    ledger.done(FACTORY, "market", market::CANCEL, &number);
}
