//! What the market has to answer.

use super::{Observer, PAGE};
use crate::World;

impl World {
    pub(super) fn see_market(&self, o: &mut Observer) {
        let m = &self.market;
        o.see("carbon", (), self.setup.addresses.carbon);
        o.see("token", (), self.setup.addresses.token);
        o.see("participants", (), self.setup.addresses.participants);
        o.see("settings", (), m.settings);
        let count = m.orders.len() as u64;
        o.see("order_count", (), count);
        let last_page = (count + 1).saturating_sub(PAGE as u64).max(1);
        for number in [0].into_iter().chain(last_page..=count + 1) {
            o.see("order", number, m.orders.get(&number));
        }
        let pages = [(1, 32), (2, 3), (1, 0), (1, u32::MAX), (last_page, 32), (count + 1, 32)];
        for (from, limit) in pages {
            let page = m.orders.range(from..).take(PAGE.min(limit as usize));
            o.see("orders", (from, limit), page.collect::<Vec<_>>());
        }
        // What it refuses is seen in fills, which refuse the same.
        for (number, order) in m.orders.iter().rev().filter(|(_, o)| o.is_open()).take(PAGE) {
            for amount in [1, order.amount.div_ceil(2), order.amount] {
                o.see("quote", (number, amount), Ok::<_, u8>(order.quote(amount)));
            }
        }
        for account in &self.setup.accounts {
            o.see("limit_of", account, Ok::<_, u8>(self.limit_of(account)));
        }
    }
}
