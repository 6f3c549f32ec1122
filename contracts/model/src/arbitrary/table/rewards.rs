//! Messages of rewards.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::lookup::{choose, index},
    role::{PROVIDER, RESEARCHER},
    Account, Contract,
    Message::Rewards,
    Pot, RewardsMessage as M, Tariff, TREATMENT, ZERO,
};
use assent_interface::rewards as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::SET_CONSENT, 1, |l, p| {
        let addresses = &l.world.setup.addresses;
        let consent = if p.yes(50) { addresses.consent } else { addresses.token };
        (Rewards(M::SetConsent(consent)), l.administrator(Contract::Rewards))
    }),
    message(labels::SET_TARIFF, 3, |l, p| {
        let purpose = index(1, p.mostly_0(2, 6));
        let amount = p.sound(5, [25, 60, 200, 1, 0, 5_000, u128::MAX]);
        // Care may not wait for it.
        let required = !p.yes(if purpose == TREATMENT { 90 } else { 40 });
        let message = M::SetTariff(purpose, Tariff { amount, required });
        (Rewards(message), l.administrator(Contract::Rewards))
    }),
    message(labels::SET_SPONSOR, 2, |l, p| l.name_sponsor(p)),
    message(labels::SPONSOR, 5, |l, p| l.fill_pot(p)),
    // Or a payment into a pot, where none holds anything.
    message(labels::WITHDRAW_POT, 3, |l, p| {
        let empty = l.world.rewards.pots.values().all(|pot| pot.balance == 0);
        if empty && p.yes(80) {
            return l.fill_pot(p);
        }
        let (purpose, pot) = l.pot(|pot| pot.balance > 0, p);
        let amount = part(p, pot.map_or(0, |pot| pot.balance));
        (Rewards(M::WithdrawPot(purpose, amount)), sponsor(pot))
    }),
    message(labels::FUND, 5, |l, p| l.fund(p)),
    // Or a payment into a budget, where there is none.
    message(labels::WITHDRAW_BUDGET, 3, |l, p| {
        let has = |a: &Account| l.world.rewards.budget(a) > 0;
        let requester = l.account(has, p.pick());
        if !has(&requester) && p.yes(70) {
            return l.fund(p);
        }
        let amount = part(p, l.world.rewards.budget(&requester));
        let rich = l.all(|a| *a != requester && l.world.rewards.budget(a) >= amount);
        (Rewards(M::WithdrawBudget(amount)), [vec![requester], rich].concat())
    }),
    message(labels::ACCRUE, 10, |l, p| {
        let r = &l.world.rewards;
        let (owner, purpose) = (l.data_owner(p.pick()), index(1, p.mostly_0(2, 4)));
        let requester = l.requester(p.pick());
        let next = r.last_access.saturating_add(1);
        let access = match p.mostly_0(4, 3) {
            0 => next,
            1 => next.saturating_add(4),
            2 => r.last_access,
            _ => 1,
        };
        let message = M::Accrue(owner, requester, purpose, access);
        (Rewards(message), r.consent.into_iter().collect())
    }),
    // Or a payment into a budget, where nothing is owed.
    message(labels::WITHDRAW, 3, |l, p| {
        if l.creditors().is_empty() && p.yes(80) {
            return l.fund(p);
        }
        (Rewards(M::Withdraw), l.creditors())
    }),
    message(labels::WITHDRAW_TO, 3, |l, p| {
        let addresses = &l.world.setup.addresses;
        let to = match p.below(11) {
            number @ 0..=7 => l.account(|_| true, number),
            8 => ZERO,
            9 => addresses.rewards,
            _ => addresses.token,
        };
        if l.creditors().is_empty() && p.yes(80) {
            return l.fund(p);
        }
        (Rewards(M::WithdrawTo(to)), l.creditors())
    }),
];

/// Mostly some of what there is, rarely one more or nothing.
fn part(p: &mut Picks, there: u128) -> u128 {
    let some = |part: u128| there.div_ceil(part).max(1);
    p.sound(3, [some(2), some(5), some(1), there.saturating_add(1), 0])
}

fn sponsor(pot: Option<Pot>) -> Vec<Account> {
    pot.map(|pot| pot.sponsor).into_iter().collect()
}

impl Lookup<'_> {
    fn creditors(&self) -> Vec<Account> {
        self.all(|a| self.world.rewards.statement(a).owed > 0)
    }

    fn requester(&self, number: u8) -> Account {
        self.with_role(PROVIDER | RESEARCHER, number)
    }

    /// What rewards can take of an account.
    fn spends(&self, account: &Account) -> u128 {
        let (rewards, token) = (self.world.setup.addresses.rewards, &self.world.token);
        token.balance(account).min(token.allowance(account, &rewards))
    }

    fn payers(&self, amount: u128) -> Vec<Account> {
        self.all(|a| self.spends(a) >= amount)
    }

    /// A sponsor pays into his pot, mostly what he has; or somebody becomes one, where there is none.
    fn fill_pot(&self, p: &mut Picks) -> Call {
        if self.world.rewards.pots.is_empty() && p.yes(80) {
            return self.name_sponsor(p);
        }
        let (purpose, pot) = self.pot(|_| true, p);
        let cap = p.sound(4, [60, 200, 25, u128::MAX, 0]);
        let has = pot.map_or(0, |pot| self.spends(&pot.sponsor));
        let most = if p.yes(80) { has } else { u128::MAX };
        let amount = if p.yes(90) { p.amount(u128::MAX).min(most) } else { 0 };
        (Rewards(M::Sponsor(purpose, amount, cap)), sponsor(pot))
    }

    /// Somebody pays into the budget of a requester.
    fn fund(&self, p: &mut Picks) -> Call {
        let amount = if p.yes(95) { p.amount(u128::MAX) } else { 0 };
        let requester = if p.yes(96) { self.requester(p.pick()) } else { ZERO };
        (Rewards(M::Fund(requester, amount)), self.payers(amount))
    }

    /// A purpose and its pot, those first that are and of which `good` holds; rarely none.
    fn pot(&self, good: impl Fn(&Pot) -> bool, p: &mut Picks) -> (u8, Option<Pot>) {
        let pots = &self.world.rewards.pots;
        let purpose = choose(pots.keys().copied(), |of| good(&pots[of]), p.below(4));
        let purpose = purpose.filter(|_| p.yes(90)).unwrap_or(index(1, p.below(7)));
        (purpose, pots.get(&purpose).copied())
    }

    /// The pot of a purpose goes to somebody who can fill it, to another or to nobody.
    fn name_sponsor(&self, p: &mut Picks) -> Call {
        let purpose = index(1, p.mostly_0(2, 6));
        let same = self.world.rewards.pots.get(&purpose).map(|pot| pot.sponsor);
        let rich = self.payers(1);
        let other = self.account(|a| Some(*a) != same && rich.contains(a), p.below(6));
        let sponsor = p.sound(4, [Some(other), Some(other), Some(other), None, same, Some(ZERO)]);
        (Rewards(M::SetSponsor(purpose, sponsor)), self.administrator(Contract::Rewards))
    }
}
