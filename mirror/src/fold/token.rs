//! Balances, freezes and allowances of the settlement token, and what the treasury minted and burned.

use assent_events::token::{
    AccountFrozen, AccountUnfrozen, Approval, Burned, Event, Minted, Transfer, TreasurySet,
};
use assent_events::{AccountId, Hash};
use primitive_types::U256;

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
        Event::Minted(_) | Event::Burned(_) | Event::TreasurySet(_) => {
            rows.want::<Totals>((Singleton,));
        }
        Event::AccountFrozen(AccountFrozen { account, .. })
        | Event::AccountUnfrozen(AccountUnfrozen { account, .. }) => {
            rows.want::<Balance>((account,));
        }
    }
}

pub(super) fn apply(event: &Event, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
    match *event {
        Event::Transfer(Transfer { from, to, value }) => {
            if let Some(from) = from {
                let before = movable(from, at, rows)?;
                let balance =
                    minus(before.balance, value, || format!("the balance of {}", hex(from)))?;
                rows.put(Balance { balance, ..before })?;
            }
            if let Some(to) = to {
                let before = movable(to, at, rows)?;
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
            if before.treasury != Some(from) {
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
        Event::TreasurySet(TreasurySet { treasury, by: _ }) => {
            let before = totals(at, rows)?;
            rows.put(Totals { treasury: Some(treasury), ..before })
        }
        Event::AccountFrozen(AccountFrozen { account, reason, by: _ }) => {
            let before = balance(account, at, rows)?;
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
    }
}

/// What an account holds; nothing, if it was never heard of.
fn balance(account: AccountId, at: crate::Position, rows: &mut Rows) -> Result<Balance, Stop> {
    let none = || Balance { account, balance: 0, frozen: false, freeze_reason: None, at };
    Ok(rows.get((account,))?.unwrap_or_else(none))
}

/// The same, if it may change: a frozen account neither sends nor receives.
fn movable(account: AccountId, at: crate::Position, rows: &mut Rows) -> Result<Balance, Stop> {
    let balance = balance(account, at, rows)?;
    if balance.frozen {
        return contradiction(format!("units of {} moved while it was frozen", hex(account)));
    }
    Ok(balance)
}

fn totals(at: crate::Position, rows: &mut Rows) -> Result<Totals, Stop> {
    let (minted, burned) = (U256::zero(), U256::zero());
    let none = || Totals { singleton: Singleton, treasury: None, minted, burned, supply: 0, at };
    Ok(rows.get((Singleton,))?.unwrap_or_else(none))
}
