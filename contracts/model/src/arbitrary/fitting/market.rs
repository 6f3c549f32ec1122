//! Who is likely to be allowed a message of the market.

use super::Fit;
use crate::{Account, MarketMessage};

impl Fit<'_> {
    pub(super) fn market(&self, message: &MarketMessage) -> Vec<Account> {
        use MarketMessage as M;
        let (p, c, m) = (&self.world.participants, &self.world.carbon, &self.world.market);
        let token = &self.world.token;
        let market = self.world.setup.addresses.market;
        let refused = |a: &Account| c.is_frozen(a) || !p.is_admitted(a);
        match *message {
            M::Place(batch, amount, ..) => {
                let lent =
                    |a: &Account| c.holding(batch, a).tradable.min(c.approval(a, &market, batch));
                let mut sellers = self.all(|a| lent(a) > 0 && lent(a) >= amount);
                sellers.sort_by_key(|a| refused(a) || self.world.limit_of(a) < amount);
                sellers
            }
            M::Update(order, ..) | M::Cancel(order) => {
                m.orders.get(&order).map(|o| o.seller).into_iter().collect()
            }
            M::Fill(order, amount, _) => {
                let Some(order) = m.orders.get(&order) else { return Vec::new() };
                let pays = |a: &Account| token.balance(a).min(token.allowance(a, &market));
                let payment = if amount <= order.amount { order.quote(amount).payment } else { 0 };
                let mut buyers = self.all(|a| *a != order.seller && pays(a) >= payment);
                buyers.sort_by_key(|a| (refused(a), token.is_frozen(a)));
                buyers
            }
            M::PruneExpired(_) => self.all(|_| true),
            M::SetFee(..) | M::SetLimits(_) => vec![m.governance.administrator],
        }
    }
}
