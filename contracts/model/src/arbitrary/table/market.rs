//! Messages of the market.

use super::{message, units::numbered, Entry, Lookup, Picks};
use crate::{
    arbitrary::{picks::UNKNOWN, HOUR},
    power, Account, Contract, Limits, MarketMessage as M,
    Message::Market,
    Order,
};
use assent_interface::market as labels;

/// The longest time that an order is open.
const LONGEST: u64 = 366 * 24 * HOUR;

pub(super) const TABLE: &[Entry] = &[
    message(labels::PLACE, 10, |l, p| {
        let number = p.known();
        let held = l.held(|h| l.lent(&h.owner, h.batch) > 0, number);
        let there = held.map_or(0, |h| l.lent(&h.owner, h.batch).min(l.world.limit_of(&h.owner)));
        let batch = held.filter(|_| number != UNKNOWN).map_or(l.no_batch(), |h| h.batch);
        let amount = p.units(there);
        let mut sellers = l.all(|a| l.lent(a, batch) > 0 && l.lent(a, batch) >= amount);
        sellers.sort_by_key(|a| l.is_refused(a) || l.world.limit_of(a) < amount);
        let seller = sellers.first().copied().unwrap_or(l.account(|_| true, p.below(6)));
        let agents = l.agents(seller, power::TRADE, p);
        (Market(M::Place(seller, batch, amount, price(p), l.expiry(p))), agents)
    }),
    message(labels::UPDATE, 4, |l, p| {
        let (number, order) = l.offer(|_| true, p);
        let amount = order.map_or(1, |Order { seller, batch, amount, .. }| match p.below(6) {
            0 => amount,
            1 => amount.div_ceil(2),
            2 => amount.saturating_add(1),
            3 => 0,
            _ => p.units(amount.saturating_add(l.lent(&seller, batch))),
        });
        (Market(M::Update(number, amount, price(p), l.expiry(p))), l.traders(order, p))
    }),
    message(labels::CANCEL, 1, |l, p| {
        let (number, order) = l.offer(|_| true, p);
        (Market(M::Cancel(number)), l.traders(order, p))
    }),
    message(labels::FILL, 12, |l, p| {
        let (number, order) = l.offer(|o| l.now < o.expiry, p);
        let amount = p.units(order.map_or(0, |o| o.amount));
        let costs = order.filter(|o| amount <= o.amount).map(|o| o.quote(amount).payment);
        let less = costs.map_or(u128::MAX, |costs| costs.saturating_sub(1));
        let most = p.sound(2, [costs.unwrap_or(u128::MAX), u128::MAX, less]);
        let (token, market) = (&l.world.token, l.world.setup.addresses.market);
        let pays =
            |a: &Account| token.balance(a).min(token.allowance(a, &market)) >= costs.unwrap_or(0);
        let mut buyers = l.all(|a| order.is_some_and(|o| o.seller != *a) && pays(a));
        buyers.sort_by_key(|a| (l.is_refused(a), token.is_frozen(a)));
        let buyer = buyers.first().copied().unwrap_or(l.account(|_| true, p.below(6)));
        let mut agents = l.agents(buyer, power::TRADE, p);
        if p.yes(90) {
            let sells = |a: &Account| order.is_some_and(|o| l.trades_for(a, &o.seller));
            agents.sort_by_key(sells);
        }
        (Market(M::Fill(buyer, number, amount, most)), agents)
    }),
    message(labels::PRUNE_EXPIRED, 4, |l, p| {
        let length = p.length();
        let over = |_| l.offer(|o| o.expiry <= l.now, p).0;
        (Market(M::PruneExpired((0..length).map(over).collect())), l.all(|_| true))
    }),
    message(labels::SET_FEE, 1, |l, p| {
        let fee = p.sound(4, [250, 0, 30, 500, 501]);
        let message = M::SetFee(fee, l.collector(p.mostly_0(3, 9)));
        (Market(message), l.administrator(Contract::Market))
    }),
    message(labels::SET_LIMITS, 1, |l, p| {
        let top = u128::MAX / 1_000;
        let (usual, low, high, faulty) = ((1_000, 100_000), (500, 20_000), (1, top), (101, 100));
        let all = [usual, low, (3_000, 3_000), high, (1, top + 1), (0, 100), faulty];
        let (floor, ceiling) = p.sound(4, all);
        let message = M::SetLimits(Limits { floor, ceiling });
        (Market(message), l.administrator(Contract::Market))
    }),
];

/// The last two are refused.
fn price(p: &mut Picks) -> u128 {
    p.sound(5, [20, 1, 50, 333, 1_000, 0, u128::MAX])
}

impl Lookup<'_> {
    /// Who may change an order.
    fn traders(&self, order: Option<Order>, p: &mut Picks) -> Vec<Account> {
        order.map_or_else(Vec::new, |order| self.agents(order.seller, power::TRADE, p))
    }

    fn trades_for(&self, account: &Account, party: &Account) -> bool {
        let agency = self.world.participants.agency(party, account, self.now);
        agency.powers & power::TRADE != 0
    }

    /// An order by number, those first that are open and of which `good` holds; or none.
    fn offer(&self, good: impl Fn(&Order) -> bool, p: &mut Picks) -> (u64, Option<Order>) {
        let orders = &self.world.market.orders;
        let number = numbered(orders, |_, o| o.is_open() && good(o), p.known());
        (number, orders.get(&number).copied())
    }

    /// The last two are too late and too early.
    fn expiry(&self, p: &mut Picks) -> u64 {
        let after = |time| self.now.saturating_add(time);
        let (day, days, hours) = (after(24 * HOUR), after(72 * HOUR), after(2 * HOUR));
        p.sound(4, [day, days, hours, after(LONGEST), after(LONGEST + 1), self.now])
    }

    /// How much of its tradable units an account lets the market take.
    fn lent(&self, owner: &Account, batch: u64) -> u128 {
        let (c, market) = (&self.world.carbon, self.world.setup.addresses.market);
        c.holding(batch, owner).tradable.min(c.approval(owner, &market, batch))
    }

    fn is_refused(&self, account: &Account) -> bool {
        self.world.carbon.is_frozen(account) || !self.world.participants.is_admitted(account)
    }
}
