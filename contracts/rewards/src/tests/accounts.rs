//! What is owed, and what is in no account.

use super::*;

/// 20 are owed to [`ALICE`].
fn owing() -> Data {
    let mut data = funded();
    accrued(&mut data, NOW, access(1));
    accrued(&mut data, NOW + PERIOD, access(2));
    data
}

#[ink::test]
fn what_is_owed_is_withdrawn_once() {
    assert_eq!(data().withdraw(ALICE, ALICE), Err(Error::NothingOwed));
    let mut data = owing();
    let event = data.withdraw(ALICE, ALICE).unwrap();
    assert_eq!(event, Withdrawn { owner: ALICE, to: ALICE, amount: 20 });
    assert_eq!(data.withdraw(ALICE, ALICE), Err(Error::NothingOwed));
    assert_eq!(data.statement(ALICE), Statement { owed: 0, paid: 20 });
    assert_eq!(data.totals(), totals(80, 0, 0, 20));
}

#[ink::test]
fn what_is_owed_may_go_to_another_account() {
    let mut data = owing();
    for to in [ZERO, CONTRACT] {
        let refused = data.withdraw_to(BOB, CONTRACT, to);
        assert_eq!(refused, Err(Error::InvalidRecipient), "also when nothing is owed");
    }
    assert_eq!(data.withdraw_to(CAROL, CONTRACT, CAROL), Err(Error::NothingOwed));
    let event = data.withdraw_to(ALICE, CONTRACT, CAROL).unwrap();
    assert_eq!(event, Withdrawn { owner: ALICE, to: CAROL, amount: 20 });
    assert_eq!(data.statement(ALICE), Statement { owed: 0, paid: 20 });
    assert_eq!(data.statement(CAROL), Statement::default());
    assert_eq!(data.totals(), totals(80, 0, 0, 20));
}

#[ink::test]
fn what_was_paid_never_stops_a_withdrawal() {
    let mut data = owing();
    data.totals.set(&totals(80, 0, 20, u128::MAX - 5));
    data.statements.insert(ALICE, &Statement { owed: 20, paid: u128::MAX });
    data.withdraw(ALICE, ALICE).unwrap();
    assert_eq!(data.statement(ALICE), Statement { owed: 0, paid: u128::MAX });
    assert_eq!(data.totals(), totals(80, 0, 0, u128::MAX));
}

#[ink::test]
fn what_was_sent_past_the_accounts_is_the_remainder() {
    let mut data = sponsored();
    data.fund(BOB, BOB, 100).unwrap();
    accrued(&mut data, NOW, access(1));
    assert_eq!((data.remainder(200), data.remainder(207)), (Ok(0), Ok(7)));
    assert_eq!(data.remainder(199), Err(Error::TokenFailed), "the token lost something");
    data.withdraw(ALICE, ALICE).unwrap();
    data.withdraw_budget(BOB, 50).unwrap();
    data.withdraw_pot(SPONSOR, RESEARCH, 40).unwrap();
    assert_eq!(data.remainder(100), Ok(0));
    data.totals.set(&totals(u128::MAX, 1, 0, 0));
    assert_eq!(data.remainder(u128::MAX), Err(Error::TokenFailed));
}

/// What is owed to one is paid to the key that acts for him.
#[ink::test]
fn what_is_owed_goes_to_the_key_that_asks() {
    let mut data = owing();
    let event = data.withdraw(ALICE, CAROL).unwrap();
    assert_eq!(event, Withdrawn { owner: ALICE, to: CAROL, amount: 20 });
    assert_eq!(data.withdraw(CAROL, CAROL), Err(Error::NothingOwed));
}
