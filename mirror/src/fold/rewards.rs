//! The reward fund, what is owed to whom, and what each access earned.

use assent_events::AccountId;
use assent_events::rewards::{
    Accrued, ConsentSet, Event, Funded, Refunded, TariffSet, Unfunded, Withdrawn,
};
use primitive_types::U256;

use super::{Moment, Stop, bigint, contradiction, hex, minus, plus, total};
use crate::column::Singleton;
use crate::position::Position;
use crate::rows::Rows;
use crate::table::tables;

tables! {
    /// What a permitted access for a purpose earns.
    Current Tariff in "tariffs" [purpose: i16] {
        amount: u128,
    }

    /// What is owed to an account, and what ever was.
    Current Statement in "rewards" [account: AccountId] {
        owed: u128,
        accrued: U256,
        refunded: U256,
        withdrawn: U256,
    }

    /// What an access earned, or would have earned: its key is what lets it pay at most once.
    Log Accrual in "reward_accruals" [access: i64] {
        owner: AccountId,
        purpose: i16,
        amount: u128,
        funded: bool,
    }

    /// Sums over all accounts.
    Current Totals in "reward_totals" [singleton: Singleton] {
        consent: Option<AccountId>,
        funded: U256,
        unspent: u128,
        owed: u128,
        accrued: U256,
        refunded: U256,
        withdrawn: U256,
    }

    /// What a funder paid in, and what of it was credited back.
    Current Contribution in "reward_contributions" [funder: AccountId] {
        funded: U256,
        refunded: U256,
    }

    /// A funder was credited back what is unspent.
    Log Refund in "reward_refunds" {
        funder: AccountId,
        amount: u128,
        refunded_by: AccountId,
    }

    /// Somebody was paid what was owed to an account.
    Log Withdrawal in "reward_withdrawals" {
        owner: AccountId,
        paid_to: AccountId,
        amount: u128,
    }
}

pub(super) fn want(event: &Event, rows: &mut Rows) {
    match *event {
        Event::Funded(Funded { from, amount: _ }) => rows.want::<Contribution>((from,)),
        Event::Refunded(Refunded { funder, .. }) => {
            rows.want::<Contribution>((funder,));
            rows.want::<Statement>((funder,));
        }
        Event::TariffSet(TariffSet { purpose, amount: _ }) => {
            rows.want::<Tariff>((purpose.into(),));
        }
        Event::Accrued(Accrued { owner, .. }) | Event::Withdrawn(Withdrawn { owner, .. }) => {
            rows.want::<Statement>((owner,));
        }
        Event::ConsentSet(_) | Event::Unfunded(_) => {}
    }
    // Neither a tariff nor what was not paid changes a sum.
    if !matches!(event, Event::TariffSet(_) | Event::Unfunded(_)) {
        rows.want::<Totals>((Singleton,));
    }
}

pub(super) fn apply(event: &Event, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
    match *event {
        Event::ConsentSet(ConsentSet { consent }) => {
            let before = totals(at, rows)?;
            rows.put(Totals { consent: Some(consent), ..before })
        }
        Event::Funded(Funded { from, amount }) => funded(from, amount, at, rows),
        Event::Refunded(Refunded { funder, amount, by }) => {
            rows.append(Refund { funder, amount, refunded_by: by, at });
            refunded(funder, amount, at, rows)
        }
        Event::TariffSet(TariffSet { purpose, amount }) => {
            rows.put(Tariff { purpose: purpose.into(), amount, at })
        }
        Event::Accrued(Accrued { owner, access, purpose, amount }) => {
            let (access, purpose) = (bigint(access, "access")?, purpose.into());
            rows.append(Accrual { access, owner, purpose, amount, funded: true, at });
            accrued(owner, amount, at, rows)
        }
        Event::Unfunded(Unfunded { owner, access, purpose, amount }) => {
            let (access, purpose) = (bigint(access, "access")?, purpose.into());
            rows.append(Accrual { access, owner, purpose, amount, funded: false, at });
            Ok(())
        }
        Event::Withdrawn(Withdrawn { owner, to, amount }) => {
            rows.append(Withdrawal { owner, paid_to: to, amount, at });
            withdrawn(owner, amount, at, rows)
        }
    }
}

fn funded(from: AccountId, amount: u128, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let zero = U256::zero();
    let none = || Contribution { funder: from, funded: zero, refunded: zero, at };
    let before = rows.get((from,))?.unwrap_or_else(none);
    let funded = total(before.funded, amount, || format!("what {} paid in", hex(from)))?;
    rows.put(Contribution { funded, ..before })?;

    let before = totals(at, rows)?;
    rows.put(Totals {
        funded: total(before.funded, amount, || "what was paid in".to_owned())?,
        unspent: plus(before.unspent, amount, || "what is unspent".to_owned())?,
        ..before
    })
}

fn refunded(funder: AccountId, amount: u128, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let before: Contribution =
        rows.find((funder,), || format!("{} was refunded, but never paid in", hex(funder)))?;
    let what = || format!("what {} was refunded", hex(funder));
    let refunded = total(before.refunded, amount, what)?;
    if refunded > before.funded {
        return contradiction(format!("{} was refunded more than it paid in", hex(funder)));
    }
    rows.put(Contribution { refunded, ..before })?;

    let (of_account, of_all) = owe(funder, amount, at, rows)?;
    rows.put(Statement { refunded: total(of_account.refunded, amount, what)?, ..of_account })?;
    let refunded = total(of_all.refunded, amount, || "what was refunded".to_owned())?;
    rows.put(Totals { refunded, ..of_all })
}

fn accrued(owner: AccountId, amount: u128, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let (of_account, of_all) = owe(owner, amount, at, rows)?;
    let accrued = total(of_account.accrued, amount, || format!("what {} earned", hex(owner)))?;
    rows.put(Statement { accrued, ..of_account })?;
    let accrued = total(of_all.accrued, amount, || "what was earned".to_owned())?;
    rows.put(Totals { accrued, ..of_all })
}

/// What was unspent is owed to an account: its statement and the totals, for what else changes in them.
fn owe(
    account: AccountId,
    amount: u128,
    at: Position,
    rows: &mut Rows,
) -> Result<(Statement, Totals), Stop> {
    let (of_account, of_all) = (statement(account, at, rows)?, totals(at, rows)?);
    let owed = plus(of_account.owed, amount, || format!("what is owed to {}", hex(account)))?;
    let of_all = Totals {
        unspent: minus(of_all.unspent, amount, || "what is unspent".to_owned())?,
        owed: plus(of_all.owed, amount, || "what is owed".to_owned())?,
        ..of_all
    };
    Ok((Statement { owed, ..of_account }, of_all))
}

fn withdrawn(owner: AccountId, amount: u128, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let before: Statement = rows
        .find((owner,), || format!("{} withdrew, but nothing was ever owed to it", hex(owner)))?;
    rows.put(Statement {
        owed: minus(before.owed, amount, || format!("what is owed to {}", hex(owner)))?,
        withdrawn: total(before.withdrawn, amount, || format!("what {} withdrew", hex(owner)))?,
        ..before
    })?;

    let before = totals(at, rows)?;
    rows.put(Totals {
        owed: minus(before.owed, amount, || "what is owed".to_owned())?,
        withdrawn: total(before.withdrawn, amount, || "what was withdrawn".to_owned())?,
        ..before
    })
}

/// What is owed to an account; nothing, if it was never heard of.
fn statement(account: AccountId, at: Position, rows: &mut Rows) -> Result<Statement, Stop> {
    let zero = U256::zero();
    let none =
        || Statement { account, owed: 0, accrued: zero, refunded: zero, withdrawn: zero, at };
    Ok(rows.get((account,))?.unwrap_or_else(none))
}

fn totals(at: Position, rows: &mut Rows) -> Result<Totals, Stop> {
    let zero = U256::zero();
    let none = || Totals {
        singleton: Singleton,
        consent: None,
        funded: zero,
        unspent: 0,
        owed: 0,
        accrued: zero,
        refunded: zero,
        withdrawn: zero,
        at,
    };
    Ok(rows.get((Singleton,))?.unwrap_or_else(none))
}

#[cfg(test)]
mod tests;
