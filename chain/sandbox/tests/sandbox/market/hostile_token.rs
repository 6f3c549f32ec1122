//! A hostile token stands where the market pays. Whatever way it fails, a fill that it is asked to
//! pay leaves nothing; it is not let into the market while it is asked; and into carbon only as
//! anybody else. The same fill succeeds when it keeps still, and what it calls is no dud: called from
//! outside it lands.

use assent_interface::{carbon, governance, market, participants, token};
use assent_sandbox::Contract;
use assent_sandbox::ledger::{
    COLLECTOR, DELAY, FACTORY, Ledger, ORDER_TIME, Order, REGULATOR, STRANGER, role,
};
use parity_scale_codec::Encode;

use super::{
    ANY, BUYER, Call, ENDOWMENT, SELLER, booked, books, buy, call_to, expiry, fixture, order,
    returned,
};

const UNITS: u128 = 10_000;
const PRICE: u128 = 333;
/// What the buyer asks for of the first order.
const FILL: (u64, u128, u128) = (1, 4_000, ANY);

/// What an armed token makes of a transfer when it has called back.
#[derive(Debug, Clone, Copy, Encode)]
#[expect(dead_code, reason = "the index of a variant is that of the fixture's")]
enum Answer {
    Pay,
    Lie,
    Refuse,
    Trap,
    Garbage,
    NoMessage,
}

/// A market whose token is hostile, with a fee, so that each fill pays twice; the seller has an order
/// of [`UNITS`] of the first batch.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.token = fixture(&mut ledger, "fixtures/hostile-token", &ENDOWMENT);
    ledger.replace_market(ledger.carbon.address, ledger.token.address);
    ledger.fee(500u16, COLLECTOR);
    assert_eq!(ledger.offer(SELLER, UNITS, PRICE), FILL.0);
    ledger
}

/// From here on the token strikes at every transfer after the first so many.
#[track_caller]
fn arm(ledger: &mut Ledger, after: u32, strike: Option<Call>, answer: Answer) {
    ledger.done(STRANGER, "token", "arm", &(after, strike, answer));
}

/// Makes the token call while nobody waits for it.
#[track_caller]
fn act(ledger: &mut Ledger, call: Call) {
    arm(ledger, 0, Some(call), Answer::Pay);
    ledger.done(STRANGER, "token", token::TRANSFER, &(STRANGER, 0u128, Vec::<u8>::new()));
    ledger.done(STRANGER, "token", "disarm", &());
}

/// Makes a contract a trader, which `call` lets it register as.
#[track_caller]
fn admit(ledger: &mut Ledger, contract: &Contract, call: impl FnOnce(&mut Ledger, Call)) {
    let participants = ledger.participants.clone();
    call(ledger, call_to(&participants, participants::REGISTER, [7u8; 32]));
    let roles = (contract.address, role::TRADER, [7u8; 32]);
    ledger.done(REGULATOR, "participants", participants::APPROVE, &roles);
}

/// Makes the token a trader.
#[track_caller]
fn admit_token(ledger: &mut Ledger) {
    let token = ledger.token.clone();
    admit(ledger, &token, act);
}

/// Whether a call of the token from outside changes what a contract stores.
#[track_caller]
fn lands(ledger: &mut Ledger, contract: &Contract, call: Call) -> bool {
    ledger.sandbox.begin();
    let before = ledger.sandbox.root(contract);
    act(ledger, call);
    let after = ledger.sandbox.root(contract);
    ledger.sandbox.rollback();
    after != before
}

#[test]
fn a_token_that_keeps_still_is_paid_with() {
    let mut ledger = ledger();
    let fill = buy(&mut ledger, BUYER, 1, UNITS);
    assert_eq!((fill.payment, fill.fee), (3_330, 166));
}

/// At the seller's proceeds, or at the fee, when these are paid.
#[test]
fn whatever_way_the_token_fails_nothing_is_left() {
    let mut ledger = ledger();
    for answer in [Answer::Refuse, Answer::Trap, Answer::Garbage, Answer::NoMessage] {
        for after in [0, 1] {
            ledger.sandbox.begin();
            arm(&mut ledger, after, None, answer);
            let before = books(&mut ledger);
            ledger.refused(BUYER, "market", market::FILL, &(BUYER, FILL), "TokenFailed");
            assert_eq!(books(&mut ledger), before, "{answer:?} after {after}");
            ledger.done(STRANGER, "token", "disarm", &());
            buy(&mut ledger, BUYER, 1, UNITS);
            ledger.sandbox.rollback();
        }
        // It fails at the fee, and there is none.
        ledger.sandbox.begin();
        arm(&mut ledger, 1, None, answer);
        assert_eq!(buy(&mut ledger, BUYER, 1, 1).fee, 0);
        ledger.sandbox.rollback();
    }
}

#[test]
fn where_no_token_is_nothing_is_paid_with() {
    let mut ledger = Ledger::new();
    for token in [STRANGER, ledger.reports.address] {
        ledger.replace_market(ledger.carbon.address, token);
        let number = ledger.offer(SELLER, UNITS, PRICE);
        let before = books(&mut ledger);
        ledger.refused(BUYER, "market", market::FILL, &(BUYER, number, 1u128, ANY), "TokenFailed");
        assert_eq!(books(&mut ledger), before);
        ledger.done(SELLER, "market", market::CANCEL, &number);
    }
}

/// It sells, too: it may do with its own orders what it likes, but not while the market waits.
#[test]
fn a_token_does_not_call_back_the_market() {
    let mut ledger = ledger();
    admit_token(&mut ledger);
    let (carbon, market) = (ledger.carbon.clone(), ledger.market.clone());
    let batch = ledger.credits(ledger.token.address, UNITS);
    act(&mut ledger, call_to(&carbon, carbon::APPROVE, (market.address, batch, UNITS)));
    let until = expiry(&ledger);
    let brief = ledger.sandbox.now() + 1;
    let itself = ledger.token.address;
    for (amount, expiry) in [(4_000u128, until), (3_000, brief)] {
        act(&mut ledger, call_to(&market, market::PLACE, (itself, batch, amount, PRICE, expiry)));
    }
    let (own, over) = (2u64, 3u64);
    assert_eq!(order(&mut ledger, over).seller, ledger.token.address);
    let token = ledger.token.address;
    ledger.done(REGULATOR, "market", governance::PROPOSE_HANDOVER, &token);
    ledger.sandbox.advance(DELAY);

    let strikes = [
        (call_to(&market, market::CANCEL, own), true),
        (call_to(&market, market::UPDATE, (own, 1u128, PRICE, until)), true),
        (call_to(&market, market::PLACE, (itself, batch, 1u128, PRICE, until)), true),
        (call_to(&market, market::PRUNE_EXPIRED, vec![over]), true),
        (call_to(&market, governance::ACCEPT_HANDOVER, ()), true),
        // From outside it does not land either: the market would have to ask the token, which waits.
        (call_to(&market, market::FILL, (itself, FILL)), false),
        (call_to(&market, market::SET_FEE, (0u16, token)), false),
        (call_to(&market, market::ORDER, own), false),
        (call_to(&market, market::ORDERS, (1u64, 32u32)), false),
        (call_to(&market, market::QUOTE, (own, 1u128)), false),
        (call_to(&market, market::LIMIT_OF, token), false),
        (call_to(&market, market::SETTINGS, ()), false),
    ];
    for (strike, lands_outside) in strikes {
        for after in [0, 1] {
            ledger.sandbox.begin();
            arm(&mut ledger, after, Some(strike.clone()), Answer::Pay);
            let before = books(&mut ledger);
            ledger.refused(BUYER, "market", market::FILL, &(BUYER, FILL), "TokenFailed");
            assert_eq!(books(&mut ledger), before, "{strike:?}");
            ledger.sandbox.rollback();
        }
        assert_eq!(lands(&mut ledger, &market, strike.clone()), lands_outside, "{strike:?}");
    }
    buy(&mut ledger, BUYER, 1, UNITS);
}

/// Carbon has done its part when the token is asked, and lets it in: as one who holds nothing of the
/// seller's and of the buyer's.
#[test]
fn a_token_takes_no_units_while_it_is_asked() {
    let mut ledger = ledger();
    admit_token(&mut ledger);
    let (carbon, token) = (ledger.carbon.clone(), ledger.token.address);
    // What the factory lets it do it may do: these calls are no duds.
    let lent = ledger.credits(FACTORY, UNITS);
    ledger.entrust(FACTORY, token, lent, UNITS);
    act(&mut ledger, call_to(&carbon, carbon::ESCROW, (FACTORY, lent, UNITS / 2)));
    let moves = |owner: [u8; 32], batch: u64| {
        [
            call_to(&carbon, carbon::ESCROW, (owner, batch, 1u128)),
            call_to(&carbon, carbon::RELEASE, (owner, batch, 1u128)),
            call_to(&carbon, carbon::DELIVER, (owner, batch, token, 1u128)),
            call_to(&carbon, carbon::TRANSFER_FROM, (owner, batch, token, 1u128)),
        ]
    };
    for call in moves(FACTORY, lent) {
        assert!(lands(&mut ledger, &carbon, call.clone()), "{call:?}");
    }

    let roots = |ledger: &mut Ledger| {
        [&ledger.carbon.clone(), &ledger.market.clone()].map(|of| ledger.sandbox.root(of))
    };
    ledger.sandbox.begin();
    buy(&mut ledger, BUYER, FILL.0, FILL.1);
    let undisturbed = roots(&mut ledger);
    ledger.sandbox.rollback();
    let own = [
        call_to(&carbon, carbon::TRANSFER, (1u64, token, 1u128)),
        call_to(&carbon, carbon::RETIRE, (1u64, 1u128, [0u8; 32], token)),
        call_to(&carbon, carbon::CANCEL, (1u64, 1u128, [0u8; 32])),
    ];
    let strikes = [moves(SELLER, 1), moves(BUYER, 1), moves(ledger.market.address, 1)].concat();
    for strike in strikes.into_iter().chain(own) {
        for after in [0, 1] {
            ledger.sandbox.begin();
            arm(&mut ledger, after, Some(strike.clone()), Answer::Pay);
            buy(&mut ledger, BUYER, FILL.0, FILL.1);
            assert_eq!(roots(&mut ledger), undisturbed, "{strike:?}");
            ledger.sandbox.rollback();
        }
    }
}

/// Somebody else, whom the token asks, is not let into the market either; the token gets over that
/// and pays, and the fill is as if nothing had been.
#[test]
fn there_is_no_way_around_through_another_contract() {
    let mut ledger = ledger();
    let friend = fixture(&mut ledger, "fixtures/hostile-buyer", &());
    let ask = |ledger: &mut Ledger, call: Call| {
        let asked = ledger.sandbox.call(STRANGER, &friend, "forward", &vec![call]);
        returned(&asked);
    };
    admit(&mut ledger, &friend, ask);
    let (carbon, market) = (ledger.carbon.clone(), ledger.market.clone());
    let batch = ledger.credits(friend.address, UNITS);
    ask(&mut ledger, call_to(&carbon, carbon::APPROVE, (market.address, batch, UNITS)));
    let placed = (friend.address, batch, UNITS, PRICE, ledger.sandbox.now() + ORDER_TIME);
    ask(&mut ledger, call_to(&market, market::PLACE, placed));
    let of_friend: Order = order(&mut ledger, 2);
    assert_eq!(of_friend.seller, friend.address);

    let strikes = [
        call_to(&market, market::CANCEL, 2u64),
        call_to(&market, market::FILL, (friend.address, FILL)),
        call_to(&market, market::ORDER, 1u64),
    ];
    for strike in strikes {
        for after in [0, 1] {
            ledger.sandbox.begin();
            let through = call_to(&friend, "forward", vec![strike.clone()]);
            arm(&mut ledger, after, Some(through), Answer::Pay);
            let made = booked(&mut ledger, |ledger| {
                ledger.done(BUYER, "market", market::FILL, &(BUYER, FILL))
            });
            assert_eq!(made.len(), 1, "{strike:?}");
            ledger.sandbox.rollback();
        }
    }
    // From outside it is let in.
    act(&mut ledger, call_to(&friend, "forward", vec![call_to(&market, market::CANCEL, 2u64)]));
    assert_eq!(order(&mut ledger, 2).amount, 0);
}
