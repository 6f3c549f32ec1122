//! The market on the chain, with the real carbon contract and the real token, and against a hostile
//! token and a hostile buyer: units and money change hands together or not at all, to the last unit.

mod fills;
mod hostile_buyer;
mod hostile_token;
mod ratings;
mod stops;

use std::collections::BTreeMap;
use std::sync::Arc;

use assent_interface::{market, token};
use assent_sandbox::ledger::{
    BatchTotals, CREDIT, EMITTER, Holding, Ledger, ORDER_TIME, Order, OrderStatus, REGULATOR,
    Settings, TRADER,
};
use assent_sandbox::{Account, Bundle, Contract, Executed, Outcome, decode};
use parity_scale_codec::{Decode, Encode};

/// Who sells.
const SELLER: Account = TRADER;
/// Who buys.
const BUYER: Account = EMITTER;
/// Whatever it costs.
const ANY: u128 = u128::MAX;
/// What every account starts with on the hostile token.
const ENDOWMENT: u128 = 1_000_000_000;

/// What the event of a fill says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Decode)]
struct Fill {
    order: u64,
    seller: Account,
    buyer: Account,
    amount: u128,
    remaining: u128,
    payment: u128,
    fee: u128,
}

/// The fills that a call made.
fn fills(ledger: &Ledger, executed: &Executed) -> Vec<Fill> {
    let market = &ledger.market;
    let is_fill = |topic: &[u8; 32]| {
        market.bundle.events.get(topic).is_some_and(|name| name == "OrderFilled")
    };
    let events = executed.events.iter().filter(|event| event.contract == market.address);
    events.filter(|event| is_fill(&event.topic)).map(|event| decode(&event.data)).collect()
}

/// Everything that a trade moves. What is nothing is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Books {
    /// By batch and owner.
    units: BTreeMap<(u64, Account), Holding>,
    orders: BTreeMap<u64, Order>,
    /// What each account has of the token; of the hostile one what it has more, or less, than the
    /// [`ENDOWMENT`].
    money: BTreeMap<Account, i128>,
}

/// Reads the books from what the contracts store, where no account can be overlooked, and checks
/// that they add up: the units of each batch, what is in escrow against what is on offer, the money.
#[track_caller]
fn books(ledger: &mut Ledger) -> Books {
    let mut units: BTreeMap<(u64, Account), Holding> = mapping(ledger, "carbon", 0x6361_0006);
    units.retain(|_, holding| *holding != Holding::default());
    let mut totals: BTreeMap<u64, BatchTotals> = mapping(ledger, "carbon", 0x6361_0005);
    totals.retain(|_, totals| *totals != BatchTotals::default());
    let mut sums: BTreeMap<u64, BatchTotals> = BTreeMap::new();
    for ((batch, _), holding) in &units {
        let Holding { tradable, escrowed, retired, surrendered, cancelled } = *holding;
        let sum = sums.entry(*batch).or_default();
        sum.issued += tradable + escrowed + retired + surrendered + cancelled;
        sum.escrowed += escrowed;
        sum.retired += retired;
        sum.surrendered += surrendered;
        sum.cancelled += cancelled;
    }
    assert_eq!(totals, sums, "accounts hold in each state what there is of each batch");

    let orders: BTreeMap<u64, Order> = mapping(ledger, "market", 0x6d61_0002);
    let mut offered: BTreeMap<(Account, u64), u128> = BTreeMap::new();
    for (number, order) in &orders {
        let is_open = order.status == OrderStatus::Open;
        assert_eq!(is_open, order.amount > 0, "order {number} offers something or is closed");
        *offered.entry((order.seller, order.batch)).or_default() += order.amount;
    }
    let escrows: BTreeMap<(Account, Account, u64), u128> = mapping(ledger, "carbon", 0x6361_0008);
    let market = ledger.market.address;
    let mut held: BTreeMap<(u64, Account), u128> = BTreeMap::new();
    for ((operator, owner, batch), amount) in escrows {
        *held.entry((batch, owner)).or_default() += amount;
        if operator == market {
            let on_offer = offered.remove(&(owner, batch));
            assert_eq!(on_offer, Some(amount), "the market holds what is on offer");
        }
    }
    assert!(offered.values().all(|amount| *amount == 0), "not in escrow: {offered:?}");
    for (key, holding) in &units {
        assert_eq!(holding.escrowed, held.remove(key).unwrap_or_default(), "someone holds it");
    }
    assert!(held.values().all(|amount| *amount == 0), "nobody's: {held:?}");

    let mut money = money(ledger);
    money.retain(|_, amount| *amount != 0);
    Books { units, orders, money }
}

/// What each account has of the token, after a check that it adds up.
#[track_caller]
fn money(ledger: &mut Ledger) -> BTreeMap<Account, i128> {
    let signed = |amount: u128| i128::try_from(amount).expect("these tests mint less");
    if ledger.token.bundle.name == "token" {
        let holdings: BTreeMap<Account, (u128, bool, Option<Account>)> =
            mapping(ledger, "token", 0x746f_0002);
        let supply: u128 = ledger.view("token", token::TOTAL_SUPPLY, &());
        let sum: u128 = holdings.values().map(|(balance, ..)| balance).sum();
        assert_eq!(sum, supply, "the accounts hold what there is of the token");
        return holdings
            .into_iter()
            .map(|(owner, (balance, ..))| (owner, signed(balance)))
            .collect();
    }
    let balances: BTreeMap<Account, u128> = mapping(ledger, "token", 0x6874_0001);
    let gains = balances.into_iter().map(|(owner, had)| (owner, signed(had) - signed(ENDOWMENT)));
    let gains: BTreeMap<Account, i128> = gains.collect();
    assert_eq!(gains.values().sum::<i128>(), 0, "what one paid another one got");
    gains
}

/// All that is stored under a `ManualKey`, by the keys of the mapping.
fn mapping<K: Decode + Ord, V: Decode>(
    ledger: &mut Ledger,
    contract: &str,
    manual: u32,
) -> BTreeMap<K, V> {
    let contract = ledger.contract(contract).clone();
    let entries = ledger.sandbox.entries(&contract);
    let under = |key: &[u8]| Some(decode(key.strip_prefix(&manual.to_le_bytes()[..])?));
    entries.iter().filter_map(|(key, value)| Some((under(key)?, decode(value)))).collect()
}

impl Books {
    /// What a fill has to make of them: the units against the money, and nothing else.
    #[track_caller]
    fn book(&mut self, fill: Fill, collector: Account) {
        let Fill { order: number, seller, buyer, amount, remaining, payment, fee } = fill;
        let order = self.orders.get_mut(&number).expect("it fills an order");
        assert_eq!(order.seller, seller, "who sells is the seller");
        assert_ne!(buyer, seller, "nobody trades with himself");
        assert_eq!((payment, fee), price(amount, order.price, order.fee_bps), "{fill:?}");
        assert_eq!(order.amount - amount, remaining, "{fill:?}");
        order.amount = remaining;
        if remaining == 0 {
            order.status = OrderStatus::Filled;
        }
        let batch = order.batch;
        self.units.entry((batch, seller)).or_default().escrowed -= amount;
        self.units.entry((batch, buyer)).or_default().tradable += amount;
        self.units.retain(|_, holding| *holding != Holding::default());
        let signed = |amount: u128| i128::try_from(amount).expect("these tests pay less");
        *self.money.entry(buyer).or_default() -= signed(payment);
        *self.money.entry(seller).or_default() += signed(payment - fee);
        *self.money.entry(collector).or_default() += signed(fee);
        self.money.retain(|_, amount| *amount != 0);
    }
}

/// What units cost at a price per credit, and the fee of that: by the rule, not by the contract.
fn price(amount: u128, price: u128, fee_bps: u16) -> (u128, u128) {
    let exact = amount * price;
    let payment = exact / CREDIT + u128::from(!exact.is_multiple_of(CREDIT));
    (payment, payment * u128::from(fee_bps) / 10_000)
}

/// Makes a call that has to move what the events of its fills say and nothing else; gives these
/// fills.
#[track_caller]
fn booked(ledger: &mut Ledger, make: impl FnOnce(&mut Ledger) -> Executed) -> Vec<Fill> {
    let Settings { fee, .. } = ledger.view("market", market::SETTINGS, &());
    let due = fee.next.filter(|next| next.from <= ledger.sandbox.now());
    let collector = due.map_or(fee.value, |next| next.value).collector;
    let mut expected = books(ledger);
    let executed = make(ledger);
    let fills = fills(ledger, &executed);
    for fill in &fills {
        expected.book(*fill, collector);
    }
    assert_eq!(books(ledger), expected);
    fills
}

/// `buyer` buys units of an order, whatever they cost; gives the fill.
#[track_caller]
fn buy(ledger: &mut Ledger, buyer: Account, order: u64, amount: u128) -> Fill {
    let fills = booked(ledger, |ledger| {
        let executed = ledger.done(buyer, "market", market::FILL, &(buyer, order, amount, ANY));
        assert_eq!(executed.value::<u128>(), fills(ledger, &executed)[0].payment);
        executed
    });
    assert_eq!(fills.len(), 1);
    fills[0]
}

/// The buyer has this much of the token, of which the market may take all.
fn fund(ledger: &mut Ledger, amount: u128) {
    let market = ledger.market.address;
    ledger.money(BUYER, amount, market);
}

#[track_caller]
fn order(ledger: &mut Ledger, number: u64) -> Order {
    ledger.view::<Option<Order>>("market", market::ORDER, &number).expect("it was placed")
}

/// The first moment at which an order of now is over.
fn expiry(ledger: &Ledger) -> u64 {
    ledger.sandbox.now() + ORDER_TIME
}

/// Deploys a contract that only tests have.
fn fixture(ledger: &mut Ledger, name: &str, arguments: &impl Encode) -> Contract {
    let bundle = Arc::new(Bundle::committed(name));
    ledger.sandbox.instantiate(REGULATOR, &bundle, arguments).expect("it refuses nothing")
}

/// A call that a fixture makes: whom, by which selector, with which encoded arguments.
type Call = (Account, [u8; 4], Vec<u8>);

fn call_to(contract: &Contract, label: &str, arguments: impl Encode) -> Call {
    (contract.address, contract.bundle.message(label).selector, arguments.encode())
}

#[track_caller]
fn returned(executed: &Executed) {
    assert!(matches!(executed.outcome, Outcome::Returned(_)), "{:?}", executed.outcome);
}
