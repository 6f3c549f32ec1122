//! Sell orders: their units wait in the escrow of carbon, and are paid in the token. [`orders`] has
//! the messages.

mod orders;

use crate::{
    ensure, Account, Deed, Fee, Governance, Item, Limits, MarketMessage, Order, OrderStatus, Quote,
    Refusal, Reply, Scheduled, Setting, Settings, World, UNITS_PER_CREDIT,
};
use std::collections::BTreeMap;

/// The market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// How it is governed.
    pub governance: Governance,
    /// Orders by number, from 1.
    pub orders: BTreeMap<u64, Order>,
    /// Fee and limits.
    pub settings: Settings,
    /// Every fill.
    pub fills: Vec<Fill>,
    /// Every placing and every update of an order.
    pub placed: Vec<Placed>,
    /// Everything that somebody did for a seller or a buyer.
    pub deeds: Vec<Deed>,
    /// What became of each order's units.
    pub offers: BTreeMap<u64, Offer>,
    /// Every fee that was set after the first.
    pub fees: Vec<Setting<Fee>>,
}

/// A fill, and what was known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Which order.
    pub number: u64,
    /// The order before it.
    pub order: Order,
    /// Who bought.
    pub buyer: Account,
    /// Who did it for him, and by what.
    pub deed: Deed,
    /// Who got the fee.
    pub collector: Account,
    /// Units.
    pub amount: u128,
    /// The most that the buyer agreed to pay.
    pub max_total: u128,
    /// What he paid.
    pub quote: Quote,
    /// When.
    pub at: u64,
    /// The limits then.
    pub limits: Limits,
    /// The ratings of seller and buyer.
    pub ratings: [u16; 2],
    /// The accounts that paid, and that were credited for seller and collector.
    pub parties: [Account; 3],
    /// Token base units of these before.
    pub before: [u128; 3],
    /// And after.
    pub after: [u128; 3],
    /// Whether the order was closed already.
    pub closed: bool,
}

/// An order as it was placed or updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub number: u64,
    /// What it says.
    pub order: Order,
    /// When.
    pub at: u64,
    /// The limits then.
    pub limits: Limits,
    /// The seller's rating then.
    pub rating: u16,
}

/// What became of an order's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offer {
    /// Ever put on offer.
    pub offered: u128,
    /// Ever given back.
    pub released: u128,
    /// The order when it was closed; nothing here is ever replaced.
    pub closed: Option<Order>,
}

/// That `limits` are some.
fn sound(limits: Limits) -> Result<(), Refusal> {
    let Limits { floor, ceiling } = limits;
    let sound = floor > 0 && floor <= ceiling && ceiling <= u128::MAX / 1_000;
    ensure(sound, "InvalidLimits")
}

impl Order {
    /// What `amount` of its units cost.
    pub fn quote(&self, amount: u128) -> Quote {
        let payment = (amount * self.price).div_ceil(UNITS_PER_CREDIT);
        let bps = u128::from(self.fee_bps);
        let fee = payment / 10_000 * bps + payment % 10_000 * bps / 10_000;
        Quote { payment, fee, proceeds: payment - fee }
    }

    /// Whether it is still on offer, or could be updated.
    pub fn is_open(&self) -> bool {
        self.status == OrderStatus::Open
    }
}

impl Market {
    pub(crate) fn new(governance: Governance, limits: Limits) -> Result<Self, Refusal> {
        sound(limits)?;
        let fee = Fee { fee_bps: 0, collector: governance.administrator };
        Ok(Self {
            governance,
            orders: BTreeMap::new(),
            settings: Settings { fee: Scheduled { value: fee, next: None }, limits },
            fills: Vec::new(),
            placed: Vec::new(),
            deeds: Vec::new(),
            offers: BTreeMap::new(),
            fees: Vec::new(),
        })
    }

    fn known(&self, number: u64) -> Result<Order, Refusal> {
        self.orders.get(&number).copied().ok_or("UnknownOrder")
    }

    /// Writes what a seller says of an order, of which `more` units are new and `fewer` go back.
    fn put(&mut self, placed: Placed, more: u128, fewer: u128) {
        self.orders.insert(placed.number, placed.order);
        let offer = self.offers.entry(placed.number).or_default();
        offer.offered += more;
        offer.released += fewer;
        self.placed.push(placed);
    }

    /// Closes an order whose units, if there are any left, go back.
    fn close(&mut self, number: u64, order: Order, status: OrderStatus) {
        let closed = Order { amount: 0, status, ..order };
        self.orders.insert(number, closed);
        let offer = self.offers.entry(number).or_default();
        offer.released += order.amount;
        offer.closed = offer.closed.or(Some(closed));
    }
}

impl World {
    pub(crate) fn apply_market(
        &mut self,
        caller: Account,
        now: u64,
        message: &MarketMessage,
    ) -> Reply {
        use MarketMessage as M;
        match *message {
            M::Place(seller, batch, amount, price, expiry) => {
                self.place(caller, now, seller, Item { batch, amount }, price, expiry)
            }
            M::Update(order, amount, price, expiry) => {
                self.update_order(caller, now, order, amount, price, expiry)
            }
            M::Cancel(order) => self.cancel_order(caller, now, order),
            M::Fill(buyer, order, amount, max_total) => {
                self.fill(caller, now, buyer, order, amount, max_total)
            }
            M::PruneExpired(ref orders) => self.prune_expired(now, orders),
            M::SetFee(fee_bps, collector) => self.set_fee(caller, now, Fee { fee_bps, collector }),
            M::SetLimits(limits) => self.set_limits(caller, limits),
        }
    }
}
