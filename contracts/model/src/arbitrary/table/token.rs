//! Messages of the token.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::lookup::{choose, last_of, named},
    blake2b, Account, Contract, Hash, InTime as _,
    Message::Token,
    TokenMessage as M, ZERO,
};
use assent_interface::token as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::MINT, 4, |l, p| {
        let (t, number) = (&l.world.token, p.below(10));
        // All that there is room for, or one more.
        let room = t.cap.map(|cap| (cap - t.supply).saturating_add(u128::from(number % 2)));
        let amount = p.amount(room.unwrap_or(u128::MAX));
        (Token(M::Mint(l.recipient(number), amount, l.receipt(p))), l.treasury())
    }),
    message(labels::BURN, 3, |l, p| {
        let amount = p.amount(u128::MAX);
        (Token(M::Burn(amount, l.receipt(p))), l.treasury())
    }),
    message(labels::TRANSFER, 6, |l, p| {
        let (t, to) = (&l.world.token, l.recipient(p.below(10)));
        let value = p.amount(u128::MAX);
        let has = |a: &Account| t.balance(a) >= value && !t.is_frozen(a);
        (Token(M::Transfer(to, value, Vec::new())), l.all(has))
    }),
    message(labels::TRANSFER_FROM, 6, |l, p| {
        let t = &l.world.token;
        let from = match p.below(10) {
            9 => ZERO,
            number => l.account(|a| t.balance(a) > 0, number),
        };
        let to = l.recipient(p.below(10));
        let value = p.amount(u128::MAX);
        let may = |a: &Account| *a == from || t.allowance(&from, a) >= value;
        let mut spenders = l.all(|a| may(a) && !t.is_frozen(a));
        // He could as well transfer.
        spenders.sort_by_key(|a| *a == from);
        (Token(M::TransferFrom(from, to, value, Vec::new())), spenders)
    }),
    message(labels::APPROVE, 8, |l, p| l.lend(p, M::Approve)),
    message(labels::INCREASE_ALLOWANCE, 2, |l, p| l.lend(p, M::IncreaseAllowance)),
    message(labels::DECREASE_ALLOWANCE, 3, |l, p| {
        let t = &l.world.token;
        let spender = match p.below(10) {
            9 => None,
            number => last_of(&t.allowances, |_, left| *left > 0, number),
        };
        let spender = spender.map_or(ZERO, |((_, spender), _)| spender);
        let delta = p.amount(u128::MAX);
        let owners = l.all(|a| t.allowance(a, &spender) >= delta);
        (Token(M::DecreaseAllowance(spender, delta)), owners)
    }),
    message(labels::TAKE_OVER, 4, |l, p| {
        let (t, participants) = (&l.world.token, &l.world.participants);
        let old =
            |a: &Account| participants.key_of(a).is_some_and(|key| t.moved.get(a) != Some(&key));
        let everyone = [&l.world.setup.accounts[..], &l.world.setup.keys].concat();
        let from = choose(everyone.into_iter(), old, p.below(9)).unwrap_or(ZERO);
        (Token(M::TakeOver(from)), l.all(|_| true))
    }),
    // Rather the one that there is, when its word is missing, or when another is to come.
    message(labels::SET_TREASURY, 2, |l, p| {
        let treasury = l.world.token.treasury;
        let now = treasury.at(l.now);
        let open = !now.confirmed || treasury.pending(l.now).is_some();
        let account = match p.below(10) {
            9 => ZERO,
            8 => now.account,
            _ if open && p.yes(60) => now.account,
            number => l.account(|a| *a != now.account, number),
        };
        (Token(M::SetTreasury(account)), l.administrator(Contract::Token))
    }),
    message(labels::FREEZE, 1, |l, p| {
        let account = match p.below(10) {
            number @ 8.. => l.recipient(number),
            number => l.account(|a| !l.world.token.is_frozen(a), number),
        };
        let message = M::Freeze(account, named("reason", 1));
        (Token(message), l.administrator(Contract::Token))
    }),
    message(labels::UNFREEZE, 2, |l, p| {
        let number = p.below(10);
        let frozen = last_of(&l.world.token.frozen, |_, _| true, number);
        let account = frozen.map_or_else(|| l.recipient(number), |(account, _)| account);
        (Token(M::Unfreeze(account)), l.administrator(Contract::Token))
    }),
];

impl Lookup<'_> {
    /// Who alone mints and burns.
    fn treasury(&self) -> Vec<Account> {
        vec![self.world.token.treasury.at(self.now).account]
    }

    /// What whoever has tokens lets another spend of them: where there is trade, mostly one of the
    /// contracts that sellers and penalties are paid by.
    fn lend(&self, p: &mut Picks, make: impl Fn(Account, u128) -> M) -> Call {
        let addresses = &self.world.setup.addresses;
        let trade = self.mix.carbon + self.mix.market > 0;
        let spender = match p.below(if trade { 6 } else { 2 }) {
            1..=3 if trade => addresses.market,
            4 if trade => addresses.carbon,
            0 => addresses.rewards,
            _ => match p.below(10) {
                0 => addresses.rewards,
                number => self.recipient(number),
            },
        };
        let owners = self.all(|a| self.world.token.balance(a) > 0);
        (Token(make(spender, p.amount(u128::MAX))), owners)
    }

    /// A receipt that was not used before, rarely one that was.
    fn receipt(&self, p: &mut Picks) -> Hash {
        let receipts = &self.world.token.receipts;
        let used = p.mostly_0(6, 1) == 1;
        let old = receipts.first().copied().filter(|_| used);
        old.unwrap_or_else(|| blake2b(&receipts.len().to_le_bytes()))
    }

    /// An account, a contract, or nobody.
    fn recipient(&self, number: u8) -> Account {
        match number {
            0..=7 => self.account(|_| true, number),
            8 => self.world.setup.addresses.rewards,
            _ => ZERO,
        }
    }
}
