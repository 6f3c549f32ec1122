//! Orders that are placed, changed, filled and closed.

use crate::{
    ensure,
    governance::running,
    market::{sound, Fill, Placed},
    power, Account, Answer, Deed, Fee, InTime as _, Item, Limits, Order, OrderStatus, Refusal,
    Reply, World, MAX_BATCH, ZERO,
};

/// The highest fee: 5 %.
const MAX_FEE_BPS: u16 = 500;
/// The longest time that an order is open: 366 days.
const MAX_ORDER_TIME: u64 = 366 * 24 * 3_600_000;

/// How the market says what carbon refused.
fn of_carbon(refusal: Refusal) -> Refusal {
    match refusal {
        "Paused" => "CarbonPaused",
        "NotAdmitted" | "Frozen" | "UnknownBatch" | "NotApproved" | "InsufficientBalance" => {
            refusal
        }
        _ => "CarbonFailed",
    }
}

impl World {
    /// How large an order or a fill of `account` may be.
    pub fn limit_of(&self, account: &Account) -> u128 {
        let Limits { floor, ceiling } = self.market.settings.limits;
        floor + (ceiling - floor) * u128::from(self.carbon.rating(account)) / 1_000
    }

    /// What `order` asks of itself and of its seller.
    fn offerable(&self, now: u64, order: &Order) -> Result<(), Refusal> {
        ensure(order.amount > 0, "ZeroAmount")?;
        ensure(order.price > 0, "ZeroPrice")?;
        let latest = now.saturating_add(MAX_ORDER_TIME);
        ensure(now < order.expiry && order.expiry <= latest, "InvalidExpiry")?;
        ensure(order.amount.checked_mul(order.price).is_some(), "Overflow")?;
        ensure(order.amount <= self.limit_of(&order.seller), "SellerLimit")
    }

    fn placed(&self, number: u64, order: Order, at: u64) -> Placed {
        let rating = self.carbon.rating(&order.seller);
        Placed { number, order, at, limits: self.market.settings.limits, rating }
    }

    /// What `caller` does as `party` or as one of its staff that may trade.
    fn trading(&self, caller: Account, now: u64, party: Account) -> Result<Deed, Refusal> {
        let caller = self.by(caller)?;
        self.participants.acting(&party, &caller, power::TRADE, now)?;
        Ok(self.participants.deed(party, caller, power::TRADE, now))
    }

    /// The open order that `caller` may change.
    fn own_order(&self, caller: Account, now: u64, number: u64) -> Result<(Order, Deed), Refusal> {
        let order = self.market.known(number)?;
        let deed = self.trading(caller, now, order.seller)?;
        ensure(order.is_open(), "OrderClosed")?;
        Ok((order, deed))
    }

    /// `place`
    pub fn place(
        &mut self,
        caller: Account,
        now: u64,
        seller: Account,
        Item { batch, amount }: Item,
        price: u128,
        expiry: u64,
    ) -> Reply {
        running(&self.market.governance)?;
        let deed = self.trading(caller, now, seller)?;
        let Fee { fee_bps, .. } = self.market.settings.fee.at(now);
        let status = OrderStatus::Open;
        let order = Order { seller, batch, amount, price, expiry, fee_bps, status };
        self.offerable(now, &order)?;
        let escrowed = self.escrow(self.setup.addresses.market, now, seller, batch, amount);
        escrowed.map_err(of_carbon)?;
        let number = self.market.orders.len() as u64 + 1;
        let placed = self.placed(number, order, now);
        self.market.put(placed, amount, 0);
        self.market.deeds.push(deed);
        Ok(Answer::Number(number))
    }

    /// `update`
    pub fn update_order(
        &mut self,
        caller: Account,
        now: u64,
        number: u64,
        amount: u128,
        price: u128,
        expiry: u64,
    ) -> Reply {
        running(&self.market.governance)?;
        let market = self.setup.addresses.market;
        let (old, deed) = self.own_order(caller, now, number)?;
        let Fee { fee_bps, .. } = self.market.settings.fee.at(now);
        let order = Order { amount, price, expiry, fee_bps, ..old };
        self.offerable(now, &order)?;
        let (more, fewer) = (amount.saturating_sub(old.amount), old.amount.saturating_sub(amount));
        if more > 0 {
            let escrowed = self.escrow(market, now, old.seller, old.batch, more);
            escrowed.map_err(of_carbon)?;
        }
        if fewer > 0 {
            self.release(market, now, old.seller, old.batch, fewer).map_err(of_carbon)?;
        }
        let placed = self.placed(number, order, now);
        self.market.put(placed, more, fewer);
        self.market.deeds.push(deed);
        Ok(Answer::Nothing)
    }

    /// `cancel` of the market
    pub fn cancel_order(&mut self, caller: Account, now: u64, number: u64) -> Reply {
        let (order, deed) = self.own_order(caller, now, number)?;
        self.give_back(now, number, order, OrderStatus::Cancelled)?;
        self.market.deeds.push(deed);
        Ok(Answer::Nothing)
    }

    fn give_back(
        &mut self,
        now: u64,
        number: u64,
        order: Order,
        status: OrderStatus,
    ) -> Result<(), Refusal> {
        let market = self.setup.addresses.market;
        let released = self.release(market, now, order.seller, order.batch, order.amount);
        released.map_err(of_carbon)?;
        self.market.close(number, order, status);
        Ok(())
    }

    /// `fill`
    pub fn fill(
        &mut self,
        caller: Account,
        now: u64,
        buyer: Account,
        number: u64,
        amount: u128,
        max_total: u128,
    ) -> Reply {
        running(&self.market.governance)?;
        let order = self.market.known(number)?;
        let deed = self.trading(caller, now, buyer)?;
        // Nor does anyone buy of one for whom he may trade.
        ensure(self.trading(caller, now, order.seller).is_err(), "SelfTrade")?;
        ensure(order.is_open(), "OrderClosed")?;
        ensure(now < order.expiry, "Expired")?;
        let Order { seller, batch, .. } = order;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(amount <= order.amount, "ExceedsOrder")?;
        let quote = order.quote(amount);
        ensure(quote.payment <= max_total, "TooExpensive")?;
        ensure(amount <= self.limit_of(&seller), "SellerLimit")?;
        ensure(amount <= self.limit_of(&buyer), "BuyerLimit")?;

        let Fee { collector, .. } = self.market.settings.fee.at(now);
        let limits = self.market.settings.limits;
        let ratings = [seller, buyer].map(|a| self.carbon.rating(&a));
        let closed = self.market.offers.get(&number).is_none_or(|o| o.closed.is_some());
        let market = self.setup.addresses.market;
        // The buyer's key pays, also for his staff.
        let key = self.participants.key_of(&buyer).unwrap_or(buyer);
        let payer = if deed.by == buyer { caller } else { key };
        let got = |account: Account| self.token.holder(&account);
        let parties = [payer, got(seller), got(collector)];
        let units = |world: &Self| parties.map(|a| world.token.balance(&a));
        self.atomically(|world| {
            let before = units(world);
            let delivered = world.deliver(market, now, seller, batch, buyer, amount);
            delivered.map_err(of_carbon)?;
            let mut pay = |to, value| {
                let paid = world.token.transfer_from(market, payer, to, value);
                paid.map_err(|_| "TokenFailed")
            };
            pay(seller, quote.proceeds)?;
            if quote.fee > 0 {
                pay(collector, quote.fee)?;
            }
            let after = units(world);
            world.market.fills.push(Fill {
                number,
                order,
                buyer,
                deed,
                collector,
                amount,
                max_total,
                quote,
                at: now,
                limits,
                ratings,
                parties,
                before,
                after,
                closed,
            });
            world.market.deeds.push(deed);
            let left = Order { amount: order.amount - amount, ..order };
            if left.amount > 0 {
                world.market.orders.insert(number, left);
            } else {
                world.market.close(number, left, OrderStatus::Filled);
            }
            Ok(Answer::Amount(quote.payment))
        })
    }

    /// `prune_expired`
    pub fn prune_expired(&mut self, now: u64, orders: &[u64]) -> Reply {
        ensure((1..=MAX_BATCH).contains(&orders.len()), "BatchSize")?;
        self.atomically(|world| {
            let mut closed = 0;
            for number in orders {
                let order = world.market.orders.get(number).copied();
                if let Some(order) = order.filter(|o| o.is_open() && o.expiry <= now) {
                    world.give_back(now, *number, order, OrderStatus::Expired)?;
                    closed += 1;
                }
            }
            Ok(Answer::Count(closed))
        })
    }

    /// `set_fee`
    pub fn set_fee(&mut self, caller: Account, now: u64, fee: Fee) -> Reply {
        let m = &mut self.market;
        running(&m.governance)?;
        ensure(caller == m.governance.administrator, "NotAdministrator")?;
        ensure(fee.fee_bps <= MAX_FEE_BPS, "FeeTooHigh")?;
        ensure(fee.collector != ZERO, "ZeroAccount")?;
        let set = m.settings.fee.set(now, m.governance.delay, fee);
        m.fees.push(set);
        Ok(Answer::Nothing)
    }

    /// `set_limits`
    pub fn set_limits(&mut self, caller: Account, limits: Limits) -> Reply {
        let m = &mut self.market;
        running(&m.governance)?;
        ensure(caller == m.governance.administrator, "NotAdministrator")?;
        sound(limits)?;
        m.settings.limits = limits;
        Ok(Answer::Nothing)
    }
}
