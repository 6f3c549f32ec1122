//! The market: sell orders, their fills, and what the administrator set.

use assent_events::market::{
    Event, FeeSet, LimitsSet, OrderCancelled, OrderExpired, OrderFilled, OrderPlaced, OrderUpdated,
    StaffActed,
};
use assent_events::{AccountId, Event as Any};
use primitive_types::U256;

use super::scheduled::Scheduled;
use super::{Moment, Stop, bigint, contradiction, key, minus, smallint, total};
use crate::column::{Singleton, words};
use crate::rows::Rows;
use crate::table::tables;

#[cfg(test)]
mod tests;

/// What a fee of the whole payment would be, in hundredths of a percent.
const WHOLE: u128 = 10_000;

words! {
    /// What became of an order.
    Status {
        /// It offers something.
        Open = "open",
        /// All that it offered is delivered.
        Filled = "filled",
        /// Its seller withdrew it.
        Cancelled = "cancelled",
        /// Somebody closed it once it was over.
        Expired = "expired",
    }
}

tables! {
    /// What the administrator set.
    Current Settings in "market_settings" [singleton: Singleton] {
        fee_bps: i16,
        collector: AccountId,
        next_fee_bps: Option<i16>,
        next_collector: Option<AccountId>,
        next_from_ms: Option<u64>,
        floor: Option<u128>,
        ceiling: Option<u128>,
    }

    /// A sell order.
    Current Order in "market_orders" [order_id: i64] {
        seller: AccountId,
        batch: i64,
        status: Status,
        amount: u128,
        filled: U256,
        released: u128,
        price: u128,
        expiry_ms: u64,
        fee_bps: i16,
        placed_by: AccountId,
        changed_by: Option<AccountId>,
        expired_by: Option<AccountId>,
    }

    /// Units that were delivered against payment.
    Log Fill in "market_fills" {
        order_id: i64,
        batch: i64,
        seller: AccountId,
        buyer: AccountId,
        filled_by: AccountId,
        amount: u128,
        remaining: u128,
        price: u128,
        payment: u128,
        fee: u128,
        proceeds: u128,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match event {
        Event::OrderPlaced(OrderPlaced { order, .. })
        | Event::OrderUpdated(OrderUpdated { order, .. }) => {
            rows.want::<Settings>((Singleton,));
            rows.want::<Order>((key(*order),));
        }
        Event::OrderCancelled(OrderCancelled { order, .. })
        | Event::OrderExpired(OrderExpired { order, .. })
        | Event::OrderFilled(OrderFilled { order, .. }) => rows.want::<Order>((key(*order),)),
        Event::FeeSet(_) | Event::LimitsSet(_) => rows.want::<Settings>((Singleton,)),
        // What it says is for the event before it.
        Event::StaffActed(_) => {}
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let Moment { at, time_ms, next } = moment;
    match *event {
        Event::OrderPlaced(OrderPlaced {
            order,
            seller,
            batch,
            amount,
            price,
            expiry,
            fee_bps,
        }) => {
            let fee_bps = smallint(fee_bps, "fee_bps")?;
            if expiry <= time_ms || !is_fee(fee_bps, time_ms, rows)? {
                return contradiction(format!(
                    "order {order} is over already, or has another fee than the one set"
                ));
            }
            let placed = Order {
                order_id: bigint(order, "order")?,
                seller,
                batch: bigint(batch, "batch")?,
                status: Status::Open,
                amount,
                filled: U256::zero(),
                released: 0,
                price,
                expiry_ms: expiry,
                fee_bps,
                placed_by: actor(seller, order, next),
                changed_by: None,
                expired_by: None,
                at,
            };
            rows.insert(placed, || format!("order {order} is there already"))
        }
        Event::OrderUpdated(OrderUpdated { order, seller, amount, price, expiry, fee_bps }) => {
            let fee_bps = smallint(fee_bps, "fee_bps")?;
            let before = open(order, seller, rows)?;
            match before {
                Some(before) if expiry > time_ms && is_fee(fee_bps, time_ms, rows)? => {
                    let changed_by = Some(actor(seller, order, next));
                    let expiry_ms = expiry;
                    rows.put(Order { amount, price, expiry_ms, fee_bps, changed_by, ..before })
                }
                _ => contradiction(format!(
                    "order {order} is no open one of its seller, is over already, or has another \
                     fee than the one set"
                )),
            }
        }
        Event::OrderCancelled(OrderCancelled { order, seller, released }) => {
            match open(order, seller, rows)? {
                Some(before) if before.amount == released => {
                    let status = Status::Cancelled;
                    let changed_by = Some(actor(seller, order, next));
                    rows.put(Order { status, amount: 0, released, changed_by, ..before })
                }
                _ => contradiction(format!("order {order} is no open one with those units")),
            }
        }
        Event::OrderExpired(OrderExpired { order, seller, released, by }) => {
            match open(order, seller, rows)? {
                Some(before) if before.amount == released && before.expiry_ms <= time_ms => {
                    let (status, expired_by) = (Status::Expired, Some(by));
                    rows.put(Order { status, amount: 0, released, expired_by, ..before })
                }
                _ => contradiction(format!(
                    "order {order} is no open one with those units, or not over yet"
                )),
            }
        }
        Event::OrderFilled(ref event) => fill(event, moment, rows),
        Event::FeeSet(ref event) => fee_set(event, moment, rows),
        Event::LimitsSet(LimitsSet { floor, ceiling }) => {
            let nameless = || "limits of a market that has named no fee".to_owned();
            let before: Settings = rows.find((Singleton,), nameless)?;
            rows.put(Settings { floor: Some(floor), ceiling: Some(ceiling), ..before })
        }
        Event::StaffActed(_) => Ok(()),
    }
}

/// What is set holds from its moment on. The first fee, which the constructor sets, holds at once.
fn fee_set(
    event: &FeeSet,
    Moment { at, time_ms, .. }: Moment,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let FeeSet { fee_bps, collector, from } = *event;
    let fee = (smallint(fee_bps, "fee_bps")?, collector);
    let before: Option<Settings> = rows.get((Singleton,))?;
    let set = match &before {
        Some(before) => before.fee().set(fee, from, time_ms),
        None if from <= time_ms => Scheduled::of(fee),
        None => return contradiction("a market whose first fee does not hold yet"),
    };
    let (fee_bps, collector) = set.value;
    rows.put(Settings {
        singleton: Singleton,
        fee_bps,
        collector,
        next_fee_bps: set.next.map(|((fee_bps, _), _)| fee_bps),
        next_collector: set.next.map(|((_, collector), _)| collector),
        next_from_ms: set.next.map(|(_, from)| from),
        floor: before.as_ref().and_then(|before| before.floor),
        ceiling: before.as_ref().and_then(|before| before.ceiling),
        at,
    })
}

impl Settings {
    fn fee(&self) -> Scheduled<(i16, AccountId)> {
        let next = self.next_fee_bps.zip(self.next_collector).zip(self.next_from_ms);
        Scheduled { value: (self.fee_bps, self.collector), next }
    }
}

/// The price that is paid is checked by the table, since it is a matter of the fill alone.
fn fill(event: &OrderFilled, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let OrderFilled { order, seller, buyer, amount, remaining, payment, fee } = *event;
    let filled = open(order, seller, rows)?.filter(|before| {
        amount.checked_add(remaining) == Some(before.amount)
            && before.expiry_ms > moment.time_ms
            && fee_of(payment, before.fee_bps) == U256::from(fee)
    });
    let Some(before) = filled else {
        return contradiction(format!(
            "order {order} is no open one with those units, is over, or has another fee"
        ));
    };
    rows.append(Fill {
        order_id: before.order_id,
        batch: before.batch,
        seller,
        buyer,
        filled_by: actor(buyer, order, moment.next),
        amount,
        remaining,
        price: before.price,
        payment,
        fee,
        proceeds: minus(payment, fee, || format!("what the seller of order {order} got"))?,
        at: moment.at,
    });
    rows.put(Order {
        amount: remaining,
        filled: total(before.filled, amount, || format!("what is filled of order {order}"))?,
        status: if remaining == 0 { Status::Filled } else { Status::Open },
        ..before
    })
}

/// Who did something about an order for a party to it: one of its staff, when the next event says so, or else
/// the party itself.
fn actor(party: AccountId, order: u64, next: Option<&Any>) -> AccountId {
    match next {
        Some(Any::Market(Event::StaffActed(StaffActed { party: of, by, order: about })))
            if (*of, *about) == (party, order) =>
        {
            *by
        }
        _ => party,
    }
}

/// An order, if it is an open one of that seller.
fn open(order: u64, seller: AccountId, rows: &mut Rows) -> Result<Option<Order>, Stop> {
    let order: Option<Order> = rows.get((bigint(order, "order")?,))?;
    Ok(order.filter(|order| order.seller == seller && order.status == Status::Open))
}

/// Whether this fee is the one that holds now.
fn is_fee(fee_bps: i16, now: u64, rows: &mut Rows) -> Result<bool, Stop> {
    let set: Option<Settings> = rows.get((Singleton,))?;
    Ok(set.is_some_and(|set| set.fee().at(now).0 == fee_bps))
}

/// The part of a payment that is the fee, rounded down.
fn fee_of(payment: u128, fee_bps: i16) -> U256 {
    U256::from(payment) * U256::from(fee_bps.unsigned_abs()) / U256::from(WHOLE)
}
