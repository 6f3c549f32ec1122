//! What accesses earn, who pays for it, and what is owed to whom.
//!
//! Who asks pays: each requester has a budget, and a purpose may have a sponsor, whose pot pays first.

mod payers;

use assent_events::AccountId;
use assent_events::rewards::{
    Accrued, BudgetWithdrawn, ConsentSet, Event, Funded, PotWithdrawn, SponsorSet, Sponsored,
    TariffSet, Unfunded, Withdrawn,
};
use primitive_types::U256;

use super::scheduled::Scheduled;
use super::{Moment, Stop, bigint, hex, minus, plus, total};
use crate::column::{Singleton, words};
use crate::position::Position;
use crate::rows::Rows;
use crate::table::tables;

words! {
    /// What happened to a budget.
    BudgetMovementKind {
        /// Somebody paid in.
        Funded = "funded",
        /// The requester took something back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What happened to a pot.
    PotMovementKind {
        /// Its sponsor paid in, or set the cap.
        Sponsored = "sponsored",
        /// Its sponsor took something back.
        Withdrawn = "withdrawn",
        /// Its sponsor was replaced: what was left is owed to him.
        Returned = "returned",
    }
}

tables! {
    /// What a permitted access for a purpose earns.
    Current Tariff in "tariffs" [purpose: i16] {
        amount: u128,
        required: bool,
        next_amount: Option<u128>,
        next_required: Option<bool>,
        next_from_ms: Option<u64>,
    }

    /// What is owed to an account, and what ever was.
    Current Statement in "rewards" [account: AccountId] {
        owed: u128,
        accrued: U256,
        returned: U256,
        paid: U256,
    }

    /// What a requester's accesses are paid from.
    Current Budget in "reward_budgets" [requester: AccountId] {
        balance: u128,
        funded: U256,
        spent: U256,
        withdrawn: U256,
    }

    /// Somebody paid into a budget, or its requester took something back.
    Log BudgetMovement in "reward_budget_movements" {
        requester: AccountId,
        kind: BudgetMovementKind,
        account: AccountId,
        amount: u128,
    }

    /// What the sponsor of a purpose pays its accesses from; the sums are his.
    Current Pot in "reward_pots" [purpose: i16] {
        sponsorship: i64,
        sponsor: Option<AccountId>,
        balance: u128,
        cap: u128,
        sponsored: U256,
        spent: U256,
        withdrawn: U256,
    }

    /// A sponsor paid into his pot or out of it.
    Log PotMovement in "reward_pot_movements" {
        purpose: i16,
        sponsorship: i64,
        kind: PotMovementKind,
        sponsor: AccountId,
        amount: u128,
        cap: Option<u128>,
    }

    /// What an access earned: its key is what lets it pay at most once.
    Log Accrual in "reward_accruals" [access: i64] {
        owner: AccountId,
        requester: AccountId,
        purpose: i16,
        amount: u128,
        sponsor: Option<AccountId>,
        sponsorship: Option<i64>,
        at_ms: i64,
    }

    /// What an access would have earned, had anybody paid.
    Log Missed in "reward_unfunded" [access: i64] {
        owner: AccountId,
        requester: AccountId,
        purpose: i16,
        amount: u128,
        required: bool,
    }

    /// Sums over all accounts.
    Current Totals in "reward_totals" [singleton: Singleton] {
        consent: Option<AccountId>,
        budgets: u128,
        pots: u128,
        owed: u128,
        accrued: U256,
        returned: U256,
        paid: U256,
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
        Event::TariffSet(TariffSet { purpose, .. }) => rows.want::<Tariff>((purpose.into(),)),
        Event::SponsorSet(SponsorSet { purpose, previous, .. }) => {
            rows.want::<Pot>((purpose.into(),));
            if let Some(previous) = previous {
                rows.want::<Statement>((previous,));
            }
        }
        Event::Sponsored(Sponsored { purpose, .. })
        | Event::PotWithdrawn(PotWithdrawn { purpose, .. }) => rows.want::<Pot>((purpose.into(),)),
        Event::Funded(Funded { requester, .. })
        | Event::BudgetWithdrawn(BudgetWithdrawn { requester, .. }) => {
            rows.want::<Budget>((requester,));
        }
        Event::Accrued(Accrued { owner, requester, purpose, sponsor, .. }) => {
            rows.want::<Statement>((owner,));
            match sponsor {
                Some(_) => rows.want::<Pot>((purpose.into(),)),
                None => rows.want::<Budget>((requester,)),
            }
        }
        Event::Withdrawn(Withdrawn { owner, .. }) => rows.want::<Statement>((owner,)),
        Event::ConsentSet(_) | Event::Unfunded(_) => {}
    }
    // Neither a tariff nor what nobody paid changes a sum.
    if !matches!(event, Event::TariffSet(_) | Event::Unfunded(_)) {
        rows.want::<Totals>((Singleton,));
    }
}

pub(super) fn apply(event: &Event, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let at = moment.at;
    match event {
        Event::ConsentSet(ConsentSet { consent }) => {
            let before = totals(at, rows)?;
            rows.put(Totals { consent: Some(*consent), ..before })
        }
        Event::TariffSet(event) => tariff_set(event, moment, rows),
        Event::SponsorSet(event) => payers::sponsor_set(event, at, rows),
        Event::Sponsored(event) => payers::sponsored(event, at, rows),
        Event::PotWithdrawn(event) => payers::pot_withdrawn(event, at, rows),
        Event::Funded(event) => payers::funded(event, at, rows),
        Event::BudgetWithdrawn(event) => payers::budget_withdrawn(event, at, rows),
        Event::Accrued(event) => accrued(event, at, rows),
        Event::Unfunded(event) => {
            let Unfunded { owner, requester, access, purpose, amount, required } = *event;
            let (access, purpose) = (bigint(access, "access")?, purpose.into());
            rows.append(Missed { access, owner, requester, purpose, amount, required, at });
            Ok(())
        }
        Event::Withdrawn(event) => withdrawn(event, at, rows),
    }
}

fn tariff_set(event: &TariffSet, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
    let TariffSet { purpose, amount, required, from } = *event;
    let purpose = i16::from(purpose);
    // One that was never set is nothing.
    let set = rows.get::<Tariff>((purpose,))?.map_or(Scheduled::of((0, false)), |before| {
        let next = before.next_amount.zip(before.next_required).zip(before.next_from_ms);
        Scheduled { value: (before.amount, before.required), next }
    });
    let set = set.set((amount, required), from, moment.time_ms);
    let (amount, required) = set.value;
    rows.put(Tariff {
        purpose,
        amount,
        required,
        next_amount: set.next.map(|((amount, _), _)| amount),
        next_required: set.next.map(|((_, required), _)| required),
        next_from_ms: set.next.map(|(_, from)| from),
        at: moment.at,
    })
}

fn accrued(event: &Accrued, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Accrued { owner, requester, access, purpose, amount, sponsor, at: at_ms } = *event;
    let sponsorship = payers::pay(event, at, rows)?;
    rows.append(Accrual {
        access: bigint(access, "access")?,
        owner,
        requester,
        purpose: purpose.into(),
        amount,
        sponsor,
        sponsorship,
        at_ms: bigint(at_ms, "at")?,
        at,
    });
    let (of_account, of_all) = owe(owner, amount, at, rows)?;
    let accrued = total(of_account.accrued, amount, || format!("what {} earned", hex(owner)))?;
    rows.put(Statement { accrued, ..of_account })?;
    let accrued = total(of_all.accrued, amount, || "what was earned".to_owned())?;
    rows.put(Totals { accrued, ..of_all })
}

/// More is owed to an account: its statement and the totals, for what else changes in them.
fn owe(
    account: AccountId,
    amount: u128,
    at: Position,
    rows: &mut Rows,
) -> Result<(Statement, Totals), Stop> {
    let (of_account, of_all) = (statement(account, at, rows)?, totals(at, rows)?);
    let owed = plus(of_account.owed, amount, || format!("what is owed to {}", hex(account)))?;
    let of_all =
        Totals { owed: plus(of_all.owed, amount, || "what is owed".to_owned())?, ..of_all };
    Ok((Statement { owed, ..of_account }, of_all))
}

fn withdrawn(event: &Withdrawn, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Withdrawn { owner, to, amount } = *event;
    rows.append(Withdrawal { owner, paid_to: to, amount, at });
    let before: Statement = rows
        .find((owner,), || format!("{} withdrew, but nothing was ever owed to it", hex(owner)))?;
    rows.put(Statement {
        owed: minus(before.owed, amount, || format!("what is owed to {}", hex(owner)))?,
        paid: total(before.paid, amount, || format!("what {} was paid", hex(owner)))?,
        ..before
    })?;

    let before = totals(at, rows)?;
    rows.put(Totals {
        owed: minus(before.owed, amount, || "what is owed".to_owned())?,
        paid: total(before.paid, amount, || "what was paid".to_owned())?,
        ..before
    })
}

/// What is owed to an account; nothing, if it was never heard of.
fn statement(account: AccountId, at: Position, rows: &mut Rows) -> Result<Statement, Stop> {
    let zero = U256::zero();
    let none = || Statement { account, owed: 0, accrued: zero, returned: zero, paid: zero, at };
    Ok(rows.get((account,))?.unwrap_or_else(none))
}

fn totals(at: Position, rows: &mut Rows) -> Result<Totals, Stop> {
    let zero = U256::zero();
    let none = || Totals {
        singleton: Singleton,
        consent: None,
        budgets: 0,
        pots: 0,
        owed: 0,
        accrued: zero,
        returned: zero,
        paid: zero,
        at,
    };
    Ok(rows.get((Singleton,))?.unwrap_or_else(none))
}

#[cfg(test)]
mod tests;
