//! Budgets.

use super::*;

#[ink::test]
fn anyone_pays_into_anyones_budget() {
    let mut data = data();
    assert_eq!(data.fund(BOB, BOB, 0), Err(Error::ZeroAmount));
    let event = data.fund(CAROL, BOB, 25).unwrap();
    assert_eq!(event, Funded { requester: BOB, from: CAROL, amount: 25 });
    data.fund(BOB, BOB, 5).unwrap();
    data.fund(BOB, CAROL, 1).unwrap();
    assert_eq!((data.budget(BOB), data.budget(CAROL), data.budget(ALICE)), (30, 1, 0));
    assert_eq!(data.totals(), totals(31, 0, 0, 0));
    assert_eq!(data.statement(CAROL), Statement::default(), "nothing is owed for it");
}

#[ink::test]
fn a_requester_takes_back_what_is_left_of_his_budget() {
    let mut data = data();
    // Also what somebody else paid in, who has no claim to it.
    data.fund(CAROL, BOB, 25).unwrap();
    assert_eq!(data.withdraw_budget(BOB, 0), Err(Error::ZeroAmount));
    assert_eq!(data.withdraw_budget(CAROL, 1), Err(Error::InsufficientBudget));
    accrued(&mut data, NOW, access(1));
    assert_eq!(data.withdraw_budget(BOB, 16), Err(Error::InsufficientBudget));
    let event = data.withdraw_budget(BOB, 6).unwrap();
    assert_eq!(event, BudgetWithdrawn { requester: BOB, amount: 6 });
    assert_eq!((data.budget(BOB), data.totals()), (9, totals(9, 0, 10, 0)));
    data.withdraw_budget(BOB, 9).unwrap();
    assert_eq!(data.withdraw_budget(BOB, 1), Err(Error::InsufficientBudget));
}

/// Whoever removed a spent entry would collect the deposit of him who paid in.
#[ink::test]
fn a_budget_that_is_used_up_stays() {
    let mut data = funded();
    data.withdraw_budget(BOB, 100).unwrap();
    assert_eq!(data.budgets.get(BOB), Some(0));
    data.fund(CAROL, BOB, 10).unwrap();
    accrued(&mut data, NOW, access(1));
    assert_eq!(data.budgets.get(BOB), Some(0));
}

#[ink::test]
fn budgets_cannot_overflow() {
    let mut data = funded();
    accrued(&mut data, NOW, access(1));
    assert_eq!(data.fund(CAROL, CAROL, u128::MAX - 89), Err(Error::Overflow), "all budgets");
    assert_eq!(data.fund(CAROL, CAROL, u128::MAX - 99), Err(Error::Overflow), "and what is owed");
    assert_eq!((data.budget(CAROL), data.totals()), (0, totals(90, 0, 10, 0)));
    data.fund(CAROL, CAROL, u128::MAX - 100).unwrap();
    assert_eq!(data.fund(CAROL, CAROL, u128::MAX), Err(Error::Overflow));
    assert_eq!(data.fund(DAVE, DAVE, 1), Err(Error::Overflow));
}
