//! Lookups of orders.

use super::{carbon::numbered, Lookup};
use crate::{
    arbitrary::{MarketIntent, HOUR},
    Account, Limits, MarketMessage, Order,
};

/// The longest time that an order is open.
const LONGEST: u64 = 366 * 24 * HOUR;

fn price(number: u8) -> u128 {
    [20, 1, 50, 333, 1_000, 0, u128::MAX][usize::from(number.min(6))]
}

impl Lookup<'_> {
    /// An order, those first that are open and of which `good` holds.
    fn order(&self, good: impl Fn(&Order) -> bool, number: u8) -> u64 {
        numbered(&self.world.market.orders, |_, o| o.is_open() && good(o), number)
    }

    fn expiry(&self, number: u8) -> u64 {
        let after = |time| self.now.saturating_add(time);
        match number {
            0 => after(24 * HOUR),
            1 => after(72 * HOUR),
            2 => after(2 * HOUR),
            3 => after(LONGEST),
            4 => after(LONGEST + 1),
            _ => self.now,
        }
    }

    pub(in crate::arbitrary) fn market(&self, intent: &MarketIntent) -> MarketMessage {
        use MarketMessage as M;
        let (c, m) = (&self.world.carbon, &self.world.market);
        let market = self.world.setup.addresses.market;
        match *intent {
            MarketIntent::Place { holding, units, price: p, expiry } => {
                let lent = |owner: &Account, batch| c.approval(owner, &market, batch);
                let held = self.held(|h| lent(&h.owner, h.batch) > 0, holding);
                let there = held.map_or(0, |h| {
                    let lent = lent(&h.owner, h.batch).min(h.tradable);
                    lent.min(self.world.limit_of(&h.owner))
                });
                let batch = held.filter(|_| holding != super::carbon::UNKNOWN).map(|h| h.batch);
                let batch = batch.unwrap_or(c.batches.len() as u64 + 1);
                M::Place(batch, units.resolve(there), price(p), self.expiry(expiry))
            }
            MarketIntent::Update { order, change, units, price: p, expiry } => {
                let number = self.order(|_| true, order);
                let amount = m.orders.get(&number).map_or(1, |order| {
                    let Order { seller, batch, amount, .. } = *order;
                    let free = c.holding(batch, &seller).tradable;
                    let free = free.min(c.approval(&seller, &market, batch));
                    match change {
                        0 => amount,
                        1 => amount.div_ceil(2),
                        2 => amount.saturating_add(1),
                        3 => 0,
                        _ => units.resolve(amount.saturating_add(free)),
                    }
                });
                M::Update(number, amount, price(p), self.expiry(expiry))
            }
            MarketIntent::Cancel { order } => M::Cancel(self.order(|_| true, order)),
            MarketIntent::Fill { order, units, max_total } => {
                let number = self.order(|o| self.now < o.expiry, order);
                let order = m.orders.get(&number).copied();
                let amount = units.resolve(order.map_or(0, |o| o.amount));
                let costs = order.filter(|o| amount <= o.amount).map(|o| o.quote(amount).payment);
                M::Fill(
                    number,
                    amount,
                    match (max_total, costs) {
                        (0, Some(costs)) => costs,
                        (2, Some(costs)) => costs.saturating_sub(1),
                        _ => u128::MAX,
                    },
                )
            }
            MarketIntent::PruneExpired { ref orders } => {
                let over = |number: &u8| self.order(|o| o.expiry <= self.now, *number);
                M::PruneExpired(orders.iter().map(over).collect())
            }
            MarketIntent::SetFee { fee, collector } => {
                let fee = [250, 0, 30, 500, 501][usize::from(fee.min(4))];
                M::SetFee(fee, self.collector(collector))
            }
            MarketIntent::SetLimits { limits } => {
                let top = u128::MAX / 1_000;
                let (floor, ceiling) = [
                    (1_000, 100_000),
                    (500, 20_000),
                    (3_000, 3_000),
                    (1, top),
                    (1, top + 1),
                    (0, 100),
                    (101, 100),
                ][usize::from(limits.min(6))];
                M::SetLimits(Limits { floor, ceiling })
            }
        }
    }
}
