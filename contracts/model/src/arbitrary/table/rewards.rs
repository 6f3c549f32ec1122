//! Messages of rewards.

use super::{message, Entry, Lookup};
use crate::{
    arbitrary::lookup::index, Account, Contract, Message::Rewards, RewardsMessage as M, ZERO,
};
use assent_interface::rewards as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::SET_CONSENT, 1, |l, p| {
        let addresses = &l.world.setup.addresses;
        let consent = if p.yes(50) { addresses.consent } else { addresses.token };
        (Rewards(M::SetConsent(consent)), l.administrator(Contract::Rewards))
    }),
    message(labels::SET_TARIFF, 2, |l, p| {
        let purpose = index(1, p.mostly_0(2, 6));
        (Rewards(M::SetTariff(purpose, p.amount(u128::MAX))), l.administrator(Contract::Rewards))
    }),
    message(labels::FUND, 4, |l, p| {
        let (rewards, token) = (l.world.setup.addresses.rewards, &l.world.token);
        // At most what the fund has room for, were there no debts.
        let amount = p.amount(u128::MAX - l.world.rewards.totals.unspent);
        let has = |a: &Account| token.balance(a).min(token.allowance(a, &rewards)) >= amount;
        (Rewards(M::Fund(amount)), l.all(has))
    }),
    message(labels::ACCRUE, 6, |l, p| {
        let r = &l.world.rewards;
        let (owner, purpose) = (l.data_owner(p.pick()), index(1, p.mostly_0(3, 6)));
        let next = r.last_access.saturating_add(1);
        let access = match p.mostly_0(3, 3) {
            0 => next,
            1 => next.saturating_add(4),
            2 => r.last_access,
            _ => 1,
        };
        (Rewards(M::Accrue(owner, purpose, access)), r.consent.into_iter().collect())
    }),
    message(labels::WITHDRAW, 3, |l, _| (Rewards(M::Withdraw), l.creditors())),
    message(labels::WITHDRAW_TO, 3, |l, p| {
        let addresses = &l.world.setup.addresses;
        let to = match p.below(11) {
            number @ 0..=7 => l.account(|_| true, number),
            8 => ZERO,
            9 => addresses.rewards,
            _ => addresses.token,
        };
        (Rewards(M::WithdrawTo(to)), l.creditors())
    }),
    message(labels::REFUND_UNUSED, 3, |l, p| {
        let funder = l.account(|a| l.world.rewards.contribution(a) > 0, p.pick());
        (Rewards(M::RefundUnused(funder, p.amount(u128::MAX))), l.administrator(Contract::Rewards))
    }),
];

impl Lookup<'_> {
    fn creditors(&self) -> Vec<Account> {
        self.all(|a| self.world.rewards.statement(a).owed > 0)
    }
}
