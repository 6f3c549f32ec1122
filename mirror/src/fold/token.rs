//! Balances, freezes and allowances of the settlement token, and what the treasury minted and burned.

use assent_events::token::{
    AccountFrozen, AccountUnfrozen, Approval, Burned, Event, Minted, MintingStopped, TakenOver,
    Transfer, TreasurySet,
};
use assent_events::{AccountId, Event as Any, Hash};
use primitive_types::U256;

use super::scheduled::Scheduled;
use super::{Moment, Stop, contradiction, hex, minus, plus, total};
use crate::column::{Singleton, words};
use crate::rows::Rows;
use crate::table::tables;

words! {
    /// What a receipt was used for.
    ReceiptKind {
        /// Units were made.
        Minted = "minted",
        /// Units were destroyed.
        Burned = "burned",
    }
}

tables! {
    /// What an account holds.
    Current Balance in "token_balances" [account: AccountId] {
        balance: u128,
        frozen: bool,
        freeze_reason: Option<Hash>,
        moved_to: Option<AccountId>,
    }

    /// What a spender may take from an owner.
    Current Allowance in "token_allowances" [owner: AccountId, spender: AccountId] {
        amount: u128,
    }

    /// What was minted or burned against one receipt: its key is what lets it be used once.
    Log Receipt in "token_receipts" [receipt: Hash] {
        kind: ReceiptKind,
        account: AccountId,
        amount: u128,
    }

    /// What the token is as a whole.
    Current Totals in "token_totals" [singleton: Singleton] {
        treasury: Option<AccountId>,
        treasury_confirmed: bool,
        next_treasury: Option<AccountId>,
        next_treasury_from_ms: Option<u64>,
        minted: U256,
        burned: U256,
        supply: u128,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match *event {
        Event::Transfer(Transfer { from, to, value: _ }) => {
            for account in [from, to].into_iter().flatten() {
                rows.want::<Balance>((account,));
            }
        }
        Event::Approval(Approval { owner, spender, amount: _ }) => {
            rows.want::<Allowance>((owner, spender));
        }
        Event::Minted(_) | Event::Burned(_) | Event::TreasurySet(_) | Event::MintingStopped(_) => {
            rows.want::<Totals>((Singleton,));
        }
        Event::AccountFrozen(AccountFrozen { account, .. })
        | Event::AccountUnfrozen(AccountUnfrozen { account, .. }) => {
            rows.want::<Balance>((account,));
        }
        Event::TakenOver(TakenOver { account, to }) => {
            rows.want::<Balance>((account,));
            rows.want::<Balance>((to,));
        }
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let Moment { at, time_ms, next } = moment;
    match *event {
        Event::Transfer(Transfer { from, to, value }) => {
            // A key takes over also what is frozen, which stays so.
            let taken_over = is_taking_over(from, to, next);
            let movable = |account, rows: &mut Rows| {
                if taken_over { unmoved(account, at, rows) } else { movable(account, at, rows) }
            };
            if let Some(from) = from {
                let before = movable(from, rows)?;
                let balance =
                    minus(before.balance, value, || format!("the balance of {}", hex(from)))?;
                rows.put(Balance { balance, ..before })?;
            }
            if let Some(to) = to {
                let before = movable(to, rows)?;
                let balance =
                    plus(before.balance, value, || format!("the balance of {}", hex(to)))?;
                rows.put(Balance { balance, ..before })?;
            }
            Ok(())
        }
        Event::Approval(Approval { owner, spender, amount }) => {
            rows.put(Allowance { owner, spender, amount, at })
        }
        Event::Minted(Minted { to, amount, receipt }) => {
            let before = totals(at, rows)?;
            rows.put(Totals {
                minted: total(before.minted, amount, || "what was minted".to_owned())?,
                supply: plus(before.supply, amount, || "the supply".to_owned())?,
                ..before
            })?;
            rows.append(Receipt { receipt, kind: ReceiptKind::Minted, account: to, amount, at });
            Ok(())
        }
        Event::Burned(Burned { from, amount, receipt }) => {
            let before = totals(at, rows)?;
            if before.treasury().at(time_ms).account != Some(from) {
                return contradiction(format!("{} burned, but is not the treasury", hex(from)));
            }
            rows.put(Totals {
                burned: total(before.burned, amount, || "what was burned".to_owned())?,
                supply: minus(before.supply, amount, || "the supply".to_owned())?,
                ..before
            })?;
            rows.append(Receipt { receipt, kind: ReceiptKind::Burned, account: from, amount, at });
            Ok(())
        }
        Event::TreasurySet(TreasurySet { treasury, from, by: _ }) => {
            let before = totals(at, rows)?;
            let named = Treasury { account: Some(treasury), confirmed: true };
            rows.put(before.with(before.treasury().set(named, from, time_ms)))
        }
        Event::MintingStopped(MintingStopped { treasury, by: _ }) => {
            let before = totals(at, rows)?;
            let Treasury { account, .. } = before.treasury().at(time_ms);
            if account != Some(treasury) {
                return contradiction(format!(
                    "{} mints no more, but is not the treasury",
                    hex(treasury)
                ));
            }
            rows.put(before.with(Scheduled::of(Treasury { account, confirmed: false })))
        }
        Event::AccountFrozen(AccountFrozen { account, reason, by: _ }) => {
            let before = unmoved(account, at, rows)?;
            if before.frozen {
                return contradiction(format!("{} is frozen already", hex(account)));
            }
            // Also an account that never held anything can be frozen.
            rows.put(Balance { frozen: true, freeze_reason: Some(reason), ..before })
        }
        Event::AccountUnfrozen(AccountUnfrozen { account, by: _ }) => {
            let before = balance(account, at, rows)?;
            if !before.frozen {
                return contradiction(format!("{} is not frozen", hex(account)));
            }
            rows.put(Balance { frozen: false, freeze_reason: None, ..before })
        }
        Event::TakenOver(ref event) => taken_over(event, at, rows),
    }
}

/// What an account holds; nothing, if it was never heard of.
fn balance(account: AccountId, at: crate::Position, rows: &mut Rows) -> Result<Balance, Stop> {
    let none =
        || Balance { account, balance: 0, frozen: false, freeze_reason: None, moved_to: None, at };
    Ok(rows.get((account,))?.unwrap_or_else(none))
}

/// The same, if no key took it over: such an account has nothing, and what is for it goes to the key.
fn unmoved(account: AccountId, at: crate::Position, rows: &mut Rows) -> Result<Balance, Stop> {
    let balance = balance(account, at, rows)?;
    if balance.moved_to.is_some() {
        return contradiction(format!("{} was taken over", hex(account)));
    }
    Ok(balance)
}

/// The same, if it may change: a frozen account neither sends nor receives.
fn movable(account: AccountId, at: crate::Position, rows: &mut Rows) -> Result<Balance, Stop> {
    let balance = unmoved(account, at, rows)?;
    if balance.frozen {
        return contradiction(format!("units of {} moved while it was frozen", hex(account)));
    }
    Ok(balance)
}

/// Whether units move because a key takes an account over, as the next event says.
fn is_taking_over(from: Option<AccountId>, to: Option<AccountId>, next: Option<&Any>) -> bool {
    matches!(next, Some(Any::Token(Event::TakenOver(taken)))
        if from == Some(taken.account) && to == Some(taken.to))
}

/// Its units went before, if it had any. Whether it is frozen goes over, and so for a frozen key.
fn taken_over(event: &TakenOver, at: crate::Position, rows: &mut Rows) -> Result<(), Stop> {
    let TakenOver { account, to } = *event;
    let (from, key) = (balance(account, at, rows)?, unmoved(to, at, rows)?);
    if account == to || from.balance != 0 || from.moved_to == Some(to) {
        return contradiction(format!(
            "{} took {} over already, or not all that it has",
            hex(to),
            hex(account)
        ));
    }
    if from.frozen || key.frozen {
        let freeze_reason = key.freeze_reason.or(from.freeze_reason);
        rows.put(Balance { frozen: true, freeze_reason, ..key })?;
    }
    rows.put(Balance { frozen: false, freeze_reason: None, moved_to: Some(to), ..from })
}

fn totals(at: crate::Position, rows: &mut Rows) -> Result<Totals, Stop> {
    let none = || Totals {
        singleton: Singleton,
        treasury: None,
        treasury_confirmed: false,
        next_treasury: None,
        next_treasury_from_ms: None,
        minted: U256::zero(),
        burned: U256::zero(),
        supply: 0,
        at,
    };
    Ok(rows.get((Singleton,))?.unwrap_or_else(none))
}

/// Who mints and burns, and whether the administrator named him: nobody, before the first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Treasury {
    account: Option<AccountId>,
    confirmed: bool,
}

impl Totals {
    fn treasury(&self) -> Scheduled<Treasury> {
        let next = self.next_treasury.zip(self.next_treasury_from_ms);
        Scheduled {
            value: Treasury { account: self.treasury, confirmed: self.treasury_confirmed },
            // Whoever is to follow was named.
            next: next.map(|(account, from)| {
                (Treasury { account: Some(account), confirmed: true }, from)
            }),
        }
    }

    fn with(&self, treasury: Scheduled<Treasury>) -> Self {
        Self {
            treasury: treasury.value.account,
            treasury_confirmed: treasury.value.confirmed,
            next_treasury: treasury.next.and_then(|(next, _)| next.account),
            next_treasury_from_ms: treasury.next.map(|(_, from)| from),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
