//! The rules of the market against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one. Above all: what open orders offer is in escrow, fee
//! and proceeds are the payment, and no order and no fill is larger than the ratings allow.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::market::{
    FeeSet, LimitsSet, OrderCancelled, OrderExpired, OrderFilled, OrderPlaced, OrderUpdated,
    StaffActed,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Contract, InTime as _, MarketMessage, Message, OrderStatus, World,
};
use assent_traits::participants::Agency;
use ink::{
    primitives::AccountId,
    scale::Encode,
    storage::{traits::ManualKey, Lazy, Mapping},
};
use market::data::{Data, SCHEMA_VERSION};
use market::errors::MarketError;
use market::orders::{Adjustment, Closed, Filled, Offer, Order, Updated};
use market::price::Limits;
use market::trade::{check_sides, Acting};
use proptest::{prop_assert_eq, test_runner::TestCaseError};
use std::collections::BTreeSet;
use std::fmt::Debug;
use subject::{answer, read, refuse, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// Refusals of carbon and of the token. The rules have booked all when the shell hears of them.
const ELSEWHERE: [&str; 7] = [
    "CarbonPaused",
    "NotAdmitted",
    "Frozen",
    "UnknownBatch",
    "NotApproved",
    "InsufficientBalance",
    "TokenFailed",
];

/// The contract without its shell, which asks carbon, the token and the participants.
struct Market {
    data: Data,
    governance: Governance,
    /// Where it is.
    contract: Account,
    carbon: Account,
    participants: Account,
    token: Account,
}

impl Market {
    fn new(world: &World) -> Self {
        let administrator = AccountId(world.setup.administrator);
        let governance = Governance::new(administrator, world.setup.times.delay).unwrap();
        let (data, ..) =
            Data::new(arbitrary::DEPLOYED, limits(world.setup.limits), administrator).unwrap();
        let at = world.setup.addresses;
        Self {
            data,
            governance,
            contract: at.market,
            carbon: at.carbon,
            participants: at.participants,
            token: at.token,
        }
    }

    fn rule(&mut self, moment: Moment, message: &MarketMessage) -> Sent {
        use MarketMessage as M;
        let Moment { before, caller, now, .. } = moment;
        let caller = AccountId(caller);

        let open = matches!(message, M::Cancel(_) | M::PruneExpired(_));
        if self.governance.is_paused() && !open {
            return refuse("Paused");
        }
        let office = matches!(message, M::SetFee(..) | M::SetLimits(_));
        if office && !self.governance.is_administrator(AccountId(moment.key)) {
            return refuse("NotAdministrator");
        }

        if let Some(refused) = self.authorize(moment, message) {
            return refused;
        }
        let fee = before.market.settings.fee.at(now);
        let fee_bps = fee.fee_bps;
        // What an order was, if there is one, which there is when the rules agree.
        let known = |number: u64| before.market.orders[&number];
        match *message {
            M::Place(account, batch, amount, price, expiry) => {
                let offer = Offer { amount, price, expiry };
                let order = before.market.orders.len() as u64 + 1;
                let (seller, rating) = (AccountId(account), before.carbon.rating(&account));
                let due = || OrderPlaced { order, seller, batch, amount, price, expiry, fee_bps };
                let sent = self.book(
                    moment,
                    order,
                    |data| data.place(seller, now, batch, offer, || Ok(rating)),
                    due,
                    |event| event.order.encode(),
                )?;
                self.escrow_moved(moment, &sent, account, batch, amount, 0)?;
                Ok(sent)
            }
            M::Update(order, amount, price, expiry) => {
                let offer = Offer { amount, price, expiry };
                let due = || {
                    let old = known(order);
                    let seller = AccountId(old.seller);
                    let adjustment = if amount > old.amount {
                        Adjustment::Escrow(amount - old.amount)
                    } else if amount < old.amount {
                        Adjustment::Release(old.amount - amount)
                    } else {
                        Adjustment::None
                    };
                    let event = OrderUpdated { order, seller, amount, price, expiry, fee_bps };
                    Updated { event, batch: old.batch, adjustment }
                };
                let rating = || Ok(before.carbon.rating(&known(order).seller));
                let rule = |data: &mut Data| data.update(now, order, offer, rating);
                let sent = self.book(moment, order, rule, due, |_| Vec::new())?;
                if sent.is_ok() {
                    let old = known(order);
                    self.escrow_moved(moment, &sent, old.seller, old.batch, amount, old.amount)?;
                }
                Ok(sent)
            }
            M::Cancel(order) => {
                let due = || {
                    let old = known(order);
                    let (seller, released) = (AccountId(old.seller), old.amount);
                    let event = OrderCancelled { order, seller, released };
                    Closed { event, batch: old.batch }
                };
                let rule = |data: &mut Data| data.cancel(order);
                let sent = self.book(moment, order, rule, due, |_| Vec::new())?;
                if sent.is_ok() {
                    let old = known(order);
                    self.escrow_moved(moment, &sent, old.seller, old.batch, 0, old.amount)?;
                }
                Ok(sent)
            }
            M::Fill(account, order, amount, max_total) => {
                let (buyer, rating) = (AccountId(account), before.carbon.rating(&account));
                let due = || {
                    let old = known(order);
                    let quote = old.quote(amount);
                    let event = OrderFilled {
                        order,
                        seller: AccountId(old.seller),
                        buyer,
                        amount,
                        remaining: old.amount - amount,
                        payment: quote.payment,
                        fee: quote.fee,
                    };
                    let collector = AccountId(fee.collector);
                    Filled { event, batch: old.batch, proceeds: quote.proceeds, collector }
                };
                let ratings =
                    |seller: AccountId| Ok((before.carbon.rating(seller.as_ref()), rating));
                let sent = self.book(
                    moment,
                    order,
                    |data| data.fill(buyer, now, order, amount, max_total, ratings),
                    due,
                    |filled| filled.event.payment.encode(),
                )?;
                if sent.is_ok() {
                    let old = known(order);
                    self.escrow_moved(moment, &sent, old.seller, old.batch, 0, amount)?;
                }
                Ok(sent)
            }
            M::PruneExpired(ref numbers) => {
                let closed = match self.data.prune_expired(caller, now, numbers) {
                    Ok(closed) => closed,
                    Err(error) => return refuse(&format!("{error:?}")),
                };
                let mut seen = BTreeSet::new();
                let over = |number: &&u64| {
                    let order = before.market.orders.get(*number);
                    order.is_some_and(|o| o.status == OrderStatus::Open && o.expiry <= now)
                        && seen.insert(**number)
                };
                let due: Vec<_> = numbers
                    .iter()
                    .filter(over)
                    .map(|number| {
                        let old = known(*number);
                        let (seller, released) = (AccountId(old.seller), old.amount);
                        let event = OrderExpired { order: *number, seller, released, by: caller };
                        Closed { event, batch: old.batch }
                    })
                    .collect();
                let count = due.len() as u32;
                prop_assert_eq!(closed, due);
                Ok(Ok(count.encode()))
            }
            M::SetFee(fee_bps, collector) => {
                let collector = AccountId(collector);
                let delay = before.setup.times.delay;
                let result = self.data.set_fee(now, delay, fee_bps, collector);
                let from = now.saturating_add(delay);
                answer(result, FeeSet { fee_bps, collector, from })
            }
            M::SetLimits(new) => {
                let result = self.data.set_limits(limits(new));
                answer(result, LimitsSet { floor: new.floor, ceiling: new.ceiling })
            }
        }
    }

    /// What the shell refuses before it asks the rules; who acted is the caller, if not the party.
    fn authorize(&self, moment: Moment, message: &MarketMessage) -> Option<Sent> {
        use MarketMessage as M;
        let Moment { before, caller, now, .. } = moment;
        let (party, other, order) = match *message {
            M::Place(seller, ..) => (Ok(AccountId(seller)), None, self.data.order_count() + 1),
            M::Update(order, ..) | M::Cancel(order) => (self.data.seller_of(order), None, order),
            M::Fill(buyer, order, ..) => {
                let seller = self.data.seller_of(order);
                (seller.map(|_| AccountId(buyer)), seller.ok(), order)
            }
            _ => return None,
        };
        let agency = |party: AccountId| {
            let agency = before.participants.agency(party.as_ref(), &caller, now);
            Agency { powers: agency.powers, until: agency.until, person: agency.person }
        };
        let by = AccountId(caller);
        let acting = party.and_then(|party| {
            let acting = Acting::check(party, Some(by), agency(party))?;
            other.map_or(Ok(()), |seller| check_sides(agency(seller)))?;
            Ok(acting)
        });
        match acting {
            Err(error) => Some(refuse(&format!("{error:?}"))),
            Ok(acting) => {
                let party = acting.party;
                let due = (party != by).then_some(StaffActed { party, by, order });
                (acting.acted(order) != due).then(|| refuse("another event"))
            }
        }
    }

    /// Books what a message does to an order, which has to be `due`. When carbon or the token
    /// refuses its part, what the rules stored is put back, as the chain does.
    fn book<T: Debug + PartialEq>(
        &mut self,
        moment: Moment,
        number: u64,
        rule: impl FnOnce(&mut Data) -> Result<T, MarketError>,
        due: impl FnOnce() -> T,
        value: impl FnOnce(&T) -> Vec<u8>,
    ) -> Sent {
        let (count, order) = (self.data.order_count(), self.data.order(number));
        let booked = match rule(&mut self.data) {
            Ok(booked) => booked,
            Err(error) => return Ok(Err(format!("{error:?}"))),
        };
        let value = value(&booked);
        prop_assert_eq!(booked, due());
        let Some(refusal) = moment.reply.as_ref().err().filter(|name| ELSEWHERE.contains(*name))
        else {
            return Ok(Ok(value));
        };
        Lazy::<u64, ManualKey<0x6d61_0001>>::new().set(&count);
        let mut orders = Mapping::<u64, Order, ManualKey<0x6d61_0002>>::new();
        match order {
            Some(order) => {
                orders.insert(number, &order);
            }
            None => orders.remove(number),
        }
        Ok(Err(refusal.to_string()))
    }

    /// What the rules had moved is what came into the escrow of the model's carbon, less what left.
    fn escrow_moved(
        &self,
        moment: Moment,
        sent: &Result<Vec<u8>, String>,
        seller: Account,
        batch: u64,
        came: u128,
        left: u128,
    ) -> Result<(), TestCaseError> {
        if sent.is_ok() && moment.reply.is_ok() {
            let held = |world: &World| {
                let key = (self.contract, seller, batch);
                world.carbon.escrows.get(&key).copied().unwrap_or_default()
            };
            prop_assert_eq!(held(moment.before) + came, held(moment.after) + left);
        }
        Ok(())
    }
}

fn limits(limits: assent_model::Limits) -> Limits {
    Limits { floor: limits.floor, ceiling: limits.ceiling }
}

impl Subject for Market {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Market(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, world: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "order" => data.order(read(arguments)).encode(),
            "order_count" => data.order_count().encode(),
            "orders" => {
                let (from, limit) = read(arguments);
                data.orders(from, limit).encode()
            }
            "quote" => {
                let (order, amount) = read(arguments);
                data.quote(order, amount).encode()
            }
            "limit_of" => {
                let rating = world.carbon.rating(&read(arguments));
                Ok::<_, MarketError>(data.settings().limits.at(rating)).encode()
            }
            "settings" => data.settings().encode(),
            "carbon" => self.carbon.encode(),
            "participants" => self.participants.encode(),
            "token" => self.token.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

fn start() -> (Market, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    let world = World::new(setup).unwrap();
    (Market::new(&world), world, prologue)
}

/// Ratings move with carbon's messages, money and admission with those of the others.
#[test]
fn the_rules_do_what_the_model_does() {
    subject::agree(Contract::Market, Mix::MARKET, start);
}
