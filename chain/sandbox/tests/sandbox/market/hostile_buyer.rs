//! A buyer that is a contract and makes several calls in one, whatever they answer: each fill is paid
//! or undone, whatever comes before and after it in the same transaction.

use assent_interface::{carbon, market, participants, token};
use assent_sandbox::ledger::{COLLECTOR, Ledger, REGULATOR, STRANGER, role};
use assent_sandbox::{Account, Contract, Executed};
use parity_scale_codec::{Decode, Encode};

use super::{ANY, Call, Fill, SELLER, booked, books, call_to, expiry, fixture, order, price};

const UNITS: u128 = 10_000;
const PRICE: u128 = 333;
const FEE: u16 = 500;
/// The order that there is, of all units of the first batch.
const ORDER: u64 = 1;
const BATCH: u64 = 1;

/// What became of a call that the fixture made.
#[derive(Debug, Clone, PartialEq, Eq, Decode)]
enum Made {
    Returned(Vec<u8>),
    NotUnderstood,
    Failed,
}

/// A market with a fee and an order of the seller, and a hostile buyer that is admitted and has what
/// the order costs, of which the market may take all.
struct Stage {
    ledger: Ledger,
    buyer: Contract,
}

/// What some units of the order cost.
fn cost(amount: u128) -> u128 {
    price(amount, PRICE, FEE).0
}

impl Stage {
    fn new() -> Self {
        let mut ledger = Ledger::new();
        let buyer = fixture(&mut ledger, "fixtures/hostile-buyer", &());
        ledger.fee(FEE, COLLECTOR);
        assert_eq!(ledger.offer(SELLER, UNITS, PRICE), ORDER);
        let minted = (buyer.address, cost(UNITS), [0x74u8; 32]);
        ledger.done(REGULATOR, "token", token::MINT, &minted);
        let mut stage = Self { ledger, buyer };
        let participants = stage.ledger.participants.clone();
        let register = call_to(&participants, participants::REGISTER, [7u8; 32]);
        let allow = stage.allow(cost(UNITS));
        stage.forward(&[register, allow], &["Ok", "Ok"]);
        let roles = (stage.buyer.address, role::EMITTER, [7u8; 32]);
        stage.ledger.done(REGULATOR, "participants", participants::APPROVE, &roles);
        stage
    }

    /// Makes calls in one transaction, which have to end like this; gives the fills among them. They
    /// move what these say and nothing else.
    #[track_caller]
    fn forward(&mut self, calls: &[Call], ends: &[&str]) -> Vec<Fill> {
        let buyer = self.buyer.clone();
        let mut ended = Vec::new();
        let fills = booked(&mut self.ledger, |ledger| {
            let executed = ledger.sandbox.call(STRANGER, &buyer, "forward", &calls.to_vec());
            ended = ends_of(ledger, calls, &executed);
            executed
        });
        assert_eq!(ended, ends);
        assert!(fills.iter().all(|fill| fill.buyer == buyer.address), "{fills:?}");
        fills
    }

    fn fill(&self, amount: u128) -> Call {
        self.fill_for(amount, ANY)
    }

    fn fill_for(&self, amount: u128, max_total: u128) -> Call {
        let itself = self.buyer.address;
        call_to(&self.ledger.market, market::FILL, (itself, ORDER, amount, max_total))
    }

    fn allow(&self, amount: u128) -> Call {
        let market = self.ledger.market.address;
        call_to(&self.ledger.token, token::APPROVE, (market, amount))
    }

    fn carbon(&self, label: &str, arguments: impl Encode) -> Call {
        call_to(&self.ledger.carbon, label, arguments)
    }

    /// Attempts to take units of the seller without the market.
    fn thefts(&self) -> Vec<Call> {
        let buyer = self.buyer.address;
        vec![
            self.carbon(carbon::DELIVER, (SELLER, BATCH, buyer, 1u128)),
            self.carbon(carbon::TRANSFER_FROM, (SELLER, BATCH, buyer, 1u128)),
            self.carbon(carbon::ESCROW, (SELLER, BATCH, 1u128)),
            self.carbon(carbon::RELEASE, (SELLER, BATCH, 1u128)),
        ]
    }

    /// Units of the order that are left.
    fn left(&mut self) -> u128 {
        order(&mut self.ledger, ORDER).amount
    }

    fn balance(&mut self, owner: Account) -> u128 {
        self.ledger.view("token", token::BALANCE_OF, &owner)
    }
}

/// How each of the calls ended: `Ok`, or the name of its error.
#[track_caller]
fn ends_of(ledger: &Ledger, calls: &[Call], executed: &Executed) -> Vec<String> {
    let made: Vec<Made> = executed.value();
    assert_eq!(made.len(), calls.len());
    let end = |((address, selector, _), made): (&Call, Made)| {
        let Made::Returned(bytes) = made else { return format!("{made:?}") };
        let Some(index) = refusal(&bytes) else { return "Ok".to_owned() };
        let contracts = ledger.contracts();
        let called = contracts.iter().find(|contract| contract.address == *address);
        let mut messages = called.expect("it calls a contract").bundle.messages.values();
        let message = messages.find(|message| message.selector == *selector);
        let errors = message.and_then(|message| message.errors.clone()).unwrap_or_default();
        errors.get(usize::from(index)).cloned().unwrap_or_default()
    };
    calls.iter().zip(made).map(end).collect()
}

/// The index of the error in an encoded `Result`.
fn refusal(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [1, error @ ..] => error.first().copied(),
        _ => None,
    }
}

#[test]
fn it_buys_twice_in_one_call() {
    let mut stage = Stage::new();
    let calls = [stage.fill(4_001), stage.fill(5_999)];
    // Rounded up twice: it is allowed less than that.
    assert_eq!(cost(4_001) + cost(5_999), cost(UNITS) + 1);
    stage.forward(&calls, &["Ok", "TokenFailed"]);
    assert_eq!(stage.left(), 5_999);

    let mut stage = Stage::new();
    let calls = [stage.fill(4_000), stage.fill(6_000)];
    let fills = stage.forward(&calls, &["Ok", "Ok"]);
    assert_eq!(fills[0].payment + fills[1].payment, cost(UNITS));
    assert_eq!(stage.left(), 0);
    let buyer = stage.buyer.address;
    assert_eq!(stage.balance(buyer), 0);
}

#[test]
fn it_does_not_buy_more_than_is_left() {
    let mut stage = Stage::new();
    let (all, one) = (stage.fill(UNITS), stage.fill(1));
    let (too_many, overflow) = (stage.fill(UNITS + 1), stage.fill(u128::MAX));
    let calls = [too_many.clone(), overflow, all, one, too_many];
    let ends = ["ExceedsOrder", "ExceedsOrder", "Ok", "OrderClosed", "OrderClosed"];
    stage.forward(&calls, &ends);

    let mut stage = Stage::new();
    let calls = [stage.fill(UNITS - 1), stage.fill(2), stage.fill(UNITS - 1)];
    stage.forward(&calls, &["Ok", "ExceedsOrder", "ExceedsOrder"]);
    assert_eq!(stage.left(), 1);
}

#[test]
fn it_does_not_buy_without_money() {
    let mut stage = Stage::new();
    let (buyer, spent) = (stage.buyer.address, stage.balance(stage.buyer.address) - 1);
    let give = (STRANGER, spent, Vec::<u8>::new());
    let gives = call_to(&stage.ledger.token, token::TRANSFER, give);
    // Not booked by a fill.
    let given = stage.ledger.sandbox.call(STRANGER, &stage.buyer, "forward", &vec![gives.clone()]);
    assert_eq!(ends_of(&stage.ledger, &[gives], &given), ["Ok"]);
    assert_eq!(stage.balance(buyer), 1);

    let calls = [stage.fill(UNITS), stage.fill(4_000), stage.fill(4), stage.fill(3)];
    let ends = ["TokenFailed", "TokenFailed", "TokenFailed", "Ok"];
    let fills = stage.forward(&calls, &ends);
    assert_eq!(fills.iter().map(|fill| fill.payment).sum::<u128>(), 1);
    let calls = [stage.fill(1)];
    stage.forward(&calls, &["TokenFailed"]);
    assert_eq!(stage.left(), UNITS - 3);
}

/// In the same transaction, before and between its fills.
#[test]
fn it_does_not_take_its_allowance_back_and_buy() {
    let mut stage = Stage::new();
    let market = stage.ledger.market.address;
    let one_less = (market, 1u128);
    let lower = call_to(&stage.ledger.token, token::DECREASE_ALLOWANCE, one_less);
    let calls = [stage.allow(0), stage.fill(1), stage.fill(UNITS)];
    stage.forward(&calls, &["Ok", "TokenFailed", "TokenFailed"]);
    assert_eq!(stage.left(), UNITS);

    // Enough for the proceeds and not for the fee.
    let calls = [stage.allow(cost(4_000)), lower, stage.fill(4_000), stage.fill(3_999)];
    stage.forward(&calls, &["Ok", "Ok", "TokenFailed", "TokenFailed"]);
    let calls = [stage.allow(cost(4_000)), stage.fill(4_000), stage.allow(0), stage.fill(1)];
    let fills = stage.forward(&calls, &["Ok", "Ok", "Ok", "TokenFailed"]);
    assert_eq!(fills.len(), 1);
    assert_eq!(stage.left(), 6_000);
}

#[test]
fn it_goes_on_after_a_refusal() {
    let mut stage = Stage::new();
    let calls = [
        stage.allow(0),
        stage.fill(4_000),
        stage.fill_for(1, 0),
        stage.allow(cost(4_000)),
        stage.fill(4_000),
        stage.fill(4_000),
    ];
    let ends = ["Ok", "TokenFailed", "TooExpensive", "Ok", "Ok", "TokenFailed"];
    let fills = stage.forward(&calls, &ends);
    assert_eq!((fills.len(), fills[0].remaining), (1, 6_000));
}

#[test]
fn it_takes_no_units_past_the_market() {
    let mut stage = Stage::new();
    let thefts = stage.thefts();
    let ends = ["InsufficientEscrow", "NotApproved", "NotApproved", "InsufficientEscrow"];
    stage.forward(&thefts, &ends);
    // Nor when it has bought some.
    let calls = [vec![stage.fill(4_000)], thefts].concat();
    stage.forward(&calls, &[&["Ok"][..], &ends[..]].concat());
}

/// It sells what it has just bought, buys that from itself, and takes it back.
#[test]
fn it_does_not_trade_with_itself() {
    let mut stage = Stage::new();
    let market = stage.ledger.market.clone();
    let itself = stage.buyer.address;
    let placed = (itself, BATCH, 4_000u128, 1u128, expiry(&stage.ledger));
    let calls = [
        stage.fill(4_000),
        stage.carbon(carbon::APPROVE, (market.address, BATCH, 4_000u128)),
        call_to(&market, market::PLACE, placed),
        call_to(&market, market::FILL, (itself, 2u64, 4_000u128, ANY)),
        call_to(&market, market::CANCEL, 2u64),
        call_to(&market, market::FILL, (itself, 2u64, 4_000u128, ANY)),
        call_to(&market, market::CANCEL, 2u64),
    ];
    let made = stage.ledger.sandbox.call(STRANGER, &stage.buyer, "forward", &calls.to_vec());
    let ends = ["Ok", "Ok", "Ok", "SelfTrade", "Ok", "SelfTrade", "OrderClosed"];
    assert_eq!(ends_of(&stage.ledger, &calls, &made), ends);
    let units = books(&mut stage.ledger).units;
    let bought = units[&(BATCH, stage.buyer.address)];
    assert_eq!((bought.tradable, bought.escrowed), (4_000, 0));
    assert_eq!(units[&(BATCH, SELLER)].escrowed, 6_000);
}

/// Every three of these calls, in every order.
#[test]
fn no_three_calls_move_units_without_money() {
    let mut stage = Stage::new();
    let mut calls = vec![
        stage.fill(4_000),
        stage.fill(5_999),
        stage.fill(6_001),
        stage.fill_for(1, 0),
        stage.allow(0),
        stage.allow(cost(4_000)),
    ];
    calls.extend(stage.thefts().into_iter().take(2));
    let (mut paid, mut undone) = (0, 0);
    for first in &calls {
        for second in &calls {
            for third in &calls {
                let three = vec![first.clone(), second.clone(), third.clone()];
                stage.ledger.sandbox.begin();
                let buyer = stage.buyer.clone();
                let mut ends = Vec::new();
                let fills = booked(&mut stage.ledger, |ledger| {
                    let made = ledger.sandbox.call(STRANGER, &buyer, "forward", &three);
                    ends = ends_of(ledger, &three, &made);
                    made
                });
                let asked = three.iter().filter(|call| calls[..3].contains(call));
                assert!(fills.len() <= asked.count(), "{ends:?}");
                paid += fills.len();
                undone += ends.iter().filter(|end| *end == "TokenFailed").count();
                stage.ledger.sandbox.rollback();
            }
        }
    }
    assert!(paid > 50 && undone > 50, "{paid} fills were paid, {undone} undone");
}
