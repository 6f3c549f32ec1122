//! Who pays for accesses: the budgets of requesters, and the pots of sponsors.

use assent_events::AccountId;
use assent_events::rewards::{
    Accrued, BudgetWithdrawn, Funded, PotWithdrawn, SponsorSet, Sponsored,
};
use primitive_types::U256;

use super::{
    Budget, BudgetMovement, BudgetMovementKind, Pot, PotMovement, PotMovementKind, Statement,
    Totals, owe, totals,
};
use crate::fold::{Stop, contradiction, hex, minus, plus, total};
use crate::position::Position;
use crate::rows::Rows;

pub(super) fn funded(event: &Funded, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Funded { requester, from, amount } = *event;
    let kind = BudgetMovementKind::Funded;
    rows.append(BudgetMovement { requester, kind, account: from, amount, at });
    let zero = U256::zero();
    let none = || Budget { requester, balance: 0, funded: zero, spent: zero, withdrawn: zero, at };
    let before = rows.get((requester,))?.unwrap_or_else(none);
    rows.put(Budget {
        balance: plus(before.balance, amount, || budget_of(requester))?,
        funded: total(before.funded, amount, || budget_of(requester))?,
        ..before
    })?;
    let before = totals(at, rows)?;
    let budgets = plus(before.budgets, amount, || "what is in budgets".to_owned())?;
    rows.put(Totals { budgets, ..before })
}

pub(super) fn budget_withdrawn(
    event: &BudgetWithdrawn,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let BudgetWithdrawn { requester, amount } = *event;
    let kind = BudgetMovementKind::Withdrawn;
    rows.append(BudgetMovement { requester, kind, account: requester, amount, at });
    let before = less_of_budget(requester, amount, at, rows)?;
    let withdrawn = total(before.withdrawn, amount, || budget_of(requester))?;
    rows.put(Budget { withdrawn, ..before })
}

/// A purpose gets another sponsor, or none: what his pot holds is owed to the one before.
pub(super) fn sponsor_set(event: &SponsorSet, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let SponsorSet { purpose, sponsor, previous, returned } = *event;
    let zero = U256::zero();
    let none = || Pot {
        purpose: purpose.into(),
        sponsorship: 0,
        sponsor: None,
        balance: 0,
        cap: 0,
        sponsored: zero,
        spent: zero,
        withdrawn: zero,
        at,
    };
    let before = rows.get((i16::from(purpose),))?.unwrap_or_else(none);
    if before.sponsor != previous || before.balance != returned {
        return contradiction(format!(
            "purpose {purpose} has another sponsor, or other units are in its pot"
        ));
    }
    if let Some(previous) = previous {
        give_back(&before, previous, at, rows)?;
    }
    rows.put(Pot { sponsorship: before.sponsorship + 1, sponsor, ..none() })
}

fn give_back(pot: &Pot, sponsor: AccountId, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Pot { purpose, sponsorship, balance: amount, .. } = *pot;
    let kind = PotMovementKind::Returned;
    rows.append(PotMovement { purpose, sponsorship, kind, sponsor, amount, cap: None, at });
    let (of_account, of_all) = owe(sponsor, amount, at, rows)?;
    let what = || format!("what was returned to {}", hex(sponsor));
    rows.put(Statement { returned: total(of_account.returned, amount, what)?, ..of_account })?;
    rows.put(Totals {
        pots: minus(of_all.pots, amount, || "what is in pots".to_owned())?,
        returned: total(of_all.returned, amount, || "what was returned".to_owned())?,
        ..of_all
    })
}

pub(super) fn sponsored(event: &Sponsored, at: Position, rows: &mut Rows) -> Result<(), Stop> {
    let Sponsored { purpose, sponsor, amount, cap } = *event;
    let before = pot_of(sponsor, purpose, rows)?;
    rows.append(PotMovement {
        purpose: before.purpose,
        sponsorship: before.sponsorship,
        kind: PotMovementKind::Sponsored,
        sponsor,
        amount,
        cap: Some(cap),
        at,
    });
    rows.put(Pot {
        balance: plus(before.balance, amount, || in_pot(purpose))?,
        sponsored: total(before.sponsored, amount, || in_pot(purpose))?,
        cap,
        ..before
    })?;
    let before = totals(at, rows)?;
    let pots = plus(before.pots, amount, || "what is in pots".to_owned())?;
    rows.put(Totals { pots, ..before })
}

pub(super) fn pot_withdrawn(
    event: &PotWithdrawn,
    at: Position,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let PotWithdrawn { purpose, sponsor, amount } = *event;
    let before = less_of_pot(sponsor, purpose, amount, at, rows)?;
    rows.append(PotMovement {
        purpose: before.purpose,
        sponsorship: before.sponsorship,
        kind: PotMovementKind::Withdrawn,
        sponsor,
        amount,
        cap: None,
        at,
    });
    let withdrawn = total(before.withdrawn, amount, || in_pot(purpose))?;
    rows.put(Pot { withdrawn, ..before })
}

/// Takes what an access earned from who pays it: the number of the sponsorship, if that is a sponsor.
pub(super) fn pay(event: &Accrued, at: Position, rows: &mut Rows) -> Result<Option<i64>, Stop> {
    let Accrued { requester, purpose, amount, sponsor, .. } = *event;
    if let Some(sponsor) = sponsor {
        let before = less_of_pot(sponsor, purpose, amount, at, rows)?;
        let sponsorship = before.sponsorship;
        let spent = total(before.spent, amount, || in_pot(purpose))?;
        rows.put(Pot { spent, ..before })?;
        return Ok(Some(sponsorship));
    }
    let before = less_of_budget(requester, amount, at, rows)?;
    let spent = total(before.spent, amount, || budget_of(requester))?;
    rows.put(Budget { spent, ..before })?;
    Ok(None)
}

/// What is left of a budget, here and in the totals; its caller says why.
fn less_of_budget(
    requester: AccountId,
    amount: u128,
    at: Position,
    rows: &mut Rows,
) -> Result<Budget, Stop> {
    let nothing = || format!("nobody ever paid into the budget of {}", hex(requester));
    let before: Budget = rows.find((requester,), nothing)?;
    let balance = minus(before.balance, amount, || budget_of(requester))?;
    let all = totals(at, rows)?;
    let budgets = minus(all.budgets, amount, || "what is in budgets".to_owned())?;
    rows.put(Totals { budgets, ..all })?;
    Ok(Budget { balance, ..before })
}

/// The same of a pot.
fn less_of_pot(
    sponsor: AccountId,
    purpose: u8,
    amount: u128,
    at: Position,
    rows: &mut Rows,
) -> Result<Pot, Stop> {
    let before = pot_of(sponsor, purpose, rows)?;
    let balance = minus(before.balance, amount, || in_pot(purpose))?;
    let all = totals(at, rows)?;
    let pots = minus(all.pots, amount, || "what is in pots".to_owned())?;
    rows.put(Totals { pots, ..all })?;
    Ok(Pot { balance, ..before })
}

/// The pot of a purpose, which must be this sponsor's.
fn pot_of(sponsor: AccountId, purpose: u8, rows: &mut Rows) -> Result<Pot, Stop> {
    let other = || format!("{} is not the sponsor of purpose {purpose}", hex(sponsor));
    let pot: Pot = rows.find((purpose.into(),), other)?;
    if pot.sponsor != Some(sponsor) {
        return contradiction(other());
    }
    Ok(pot)
}

/// How a budget is named in a reason.
fn budget_of(requester: AccountId) -> String {
    format!("the budget of {}", hex(requester))
}

/// How a pot is named in a reason.
fn in_pot(purpose: u8) -> String {
    format!("the pot of purpose {purpose}")
}
