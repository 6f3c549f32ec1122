//! What holds of orders and fills.

use super::{is_price, product, settings};
use crate::{
    power, Account, Change, Deed, Fee, Fill, Limits, OrderStatus, Placed, Quote, Settings, World,
    ZERO,
};
use std::collections::BTreeMap;

/// 366 days.
const LONGEST: u64 = 31_622_400_000;

impl World {
    /// Whether the market is a contract, and no account stands for it in a test.
    fn market_is_none_of_us(&self) -> bool {
        !self.setup.accounts.contains(&self.setup.addresses.market)
    }

    pub(super) fn orders_hold(&self) -> Result<(), String> {
        let m = &self.market;
        let Settings { fee, limits } = m.settings;
        let first = Fee { fee_bps: 0, collector: self.setup.administrator };
        settings::hold(first, &m.fees, &fee, m.governance.delay)?;
        for set in &m.fees {
            let Fee { fee_bps, collector } = set.value;
            hold!(fee_bps <= 500 && collector != ZERO, "who gets what? {set:?}");
        }
        let Limits { floor, ceiling } = limits;
        hold!(0 < floor && floor <= ceiling && product(ceiling, 1_000).0 == 0, "{limits:?}");
        for placed in &m.placed {
            let fee = settings::in_effect(first, &m.fees, placed.at);
            put(placed, fee).map_err(|why| format!("{why}: {placed:?}"))?;
        }

        let mut sold: BTreeMap<u64, u128> = BTreeMap::new();
        for fill in &m.fills {
            *sold.entry(fill.number).or_default() += fill.amount;
        }
        let mut on_offer: BTreeMap<(Account, u64), u128> = BTreeMap::new();
        hold!(m.offers.keys().eq(m.orders.keys()), "an offer of nothing, or a secret one");
        for (position, (number, order)) in m.orders.iter().enumerate() {
            hold!(*number == position as u64 + 1, "a gap before order {number}");
            let open = order.status == OrderStatus::Open;
            hold!(open == (order.amount > 0), "open or closed? {order:?}");
            *on_offer.entry((order.seller, order.batch)).or_default() += order.amount;

            let offer = m.offers.get(number).copied().unwrap_or_default();
            let sold = sold.get(number).copied().unwrap_or(0);
            let parts = [sold, offer.released, order.amount];
            let all = super::sum(parts.into_iter()) == Some(offer.offered);
            hold!(all, "order {number}: {sold} sold of {offer:?}, left {order:?}");
            let same = if open { None } else { Some(*order) };
            hold!(offer.closed == same, "order {number} closed as {offer:?}: {order:?}");
            let filled = order.status == OrderStatus::Filled && sold == 0;
            hold!(!filled, "filled by nobody: {order:?}");

            let said = m.placed.iter().rev().find(|p| p.number == *number).map(|p| p.order);
            let said = said.ok_or("nobody placed it")?;
            let terms = (order.seller, order.batch, order.price, order.expiry, order.fee_bps);
            let same = terms == (said.seller, said.batch, said.price, said.expiry, said.fee_bps);
            hold!(same && order.amount <= said.amount, "{order:?}, but its seller said {said:?}");
        }

        let market = self.setup.addresses.market;
        if self.market_is_none_of_us() {
            let escrows = self.carbon.escrows.iter().filter(|((o, ..), _)| *o == market);
            let escrows = escrows.map(|((_, seller, batch), held)| ((*seller, *batch), *held));
            let escrows: BTreeMap<_, _> = escrows.collect();
            hold!(escrows == on_offer, "on offer {on_offer:?}, in escrow {escrows:?}");
        }
        Ok(())
    }

    pub(super) fn fills_hold(&self) -> Result<(), String> {
        let first = Fee { fee_bps: 0, collector: self.setup.administrator };
        for deed in &self.market.deeds {
            self.person_of(deed, &[power::TRADE])?;
        }
        for fill in &self.market.fills {
            let Deed { subject, by, at, mandates, .. } = fill.deed;
            hold!((subject, at) == (fill.buyer, fill.at), "for another: {fill:?}");
            let seller = fill.order.seller;
            let sells = self.mandate_then(&seller, &by, at, mandates);
            let both = by == seller || sells.is_some_and(|m| m.powers & power::TRADE != 0);
            hold!(!both, "on both sides: {fill:?}");
            let fee = settings::in_effect(first, &self.market.fees, fill.at);
            hold!(fill.collector == fee.collector, "paid to another: {fill:?}");
            filled(fill).map_err(|why| format!("{why}: {fill:?}"))?;
        }
        if self.market_is_none_of_us() {
            let market = self.setup.addresses.market;
            let journal = self.carbon.journal.iter().map(|entry| entry.movement);
            let delivered = journal
                .filter(|m| m.change == Change::Delivered && m.by == market)
                .map(|m| (m.batch, m.from, m.to, m.amount, m.at));
            let paid = self
                .market
                .fills
                .iter()
                .map(|f| (f.order.batch, Some(f.order.seller), Some(f.buyer), f.amount, f.at));
            hold!(delivered.eq(paid), "delivered without payment, or paid without delivery");
        }
        Ok(())
    }
}

/// Whether so many units are within the limit at a rating.
fn within(amount: u128, rating: u16, limits: Limits) -> bool {
    let above = amount.saturating_sub(limits.floor);
    let room = limits.ceiling - limits.floor;
    rating <= 1_000 && product(above, 1_000) <= product(room, rating.into())
}

/// What placing or updating an order implies.
fn put(placed: &Placed, fee: Fee) -> Result<(), String> {
    let Placed { order, at, limits, rating, .. } = *placed;
    hold!(order.status == OrderStatus::Open, "not open");
    hold!(order.amount > 0 && order.price > 0, "says nothing");
    hold!(product(order.amount, order.price).0 == 0, "not to be paid");
    let left = order.expiry.checked_sub(at);
    hold!(left.is_some_and(|left| 0 < left && left <= LONGEST), "for how long?");
    hold!(order.fee_bps == fee.fee_bps, "not the fee");
    hold!(within(order.amount, rating, limits), "above the seller's limit");
    Ok(())
}

/// What a fill implies.
fn filled(fill: &Fill) -> Result<(), String> {
    let Fill { order, buyer, amount, quote, parties, before, after, .. } = *fill;
    hold!(!fill.closed && order.status == OrderStatus::Open, "closed");
    hold!(fill.at < order.expiry, "over");
    hold!(buyer != order.seller, "with himself");
    hold!(0 < amount && amount <= order.amount, "more than is offered");
    let [seller_rating, buyer_rating] = fill.ratings;
    hold!(within(amount, seller_rating, fill.limits), "above the seller's limit");
    hold!(within(amount, buyer_rating, fill.limits), "above the buyer's limit");

    let Quote { payment, fee, proceeds } = quote;
    hold!(fee.checked_add(proceeds) == Some(payment) && payment > 0, "shared how?");
    hold!(is_price(payment, product(amount, order.price)), "not the price");
    hold!(payment <= fill.max_total, "more than he agreed to");
    let due = product(payment, order.fee_bps.into());
    let right = product(fee, 10_000) <= due && due < product(fee + 1, 10_000);
    hold!(right, "not the fee");

    let [payer, seller, collector] = parties;
    for ((party, before), after) in parties.into_iter().zip(before).zip(after) {
        let part = |of: Account, amount: u128| if party == of { amount } else { 0 };
        let got = part(seller, proceeds) + part(collector, fee);
        let lost = part(payer, payment);
        hold!(after.checked_add(lost) == before.checked_add(got), "the money did not move");
    }
    Ok(())
}
