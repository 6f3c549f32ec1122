//! Escrow: in, back, delivered.

use super::*;
use assent_traits::carbon::EscrowError;

/// Of Alice's 100 units of batch 1, the operator holds 60 and may take 10 more.
fn held() -> Data {
    let mut data = credits();
    data.approve(ALICE, OPERATOR, 1, 70).unwrap();
    data.escrow(OPERATOR, true, ALICE, 1, 60).unwrap();
    data
}

#[ink::test]
fn units_in_escrow_stay_in_the_account() {
    let mut data = held();
    let (approved, escrowed) = data.escrow(OPERATOR, true, ALICE, 1, 4).unwrap();
    let left = OperatorApproved { batch: 1, owner: ALICE, operator: OPERATOR, amount: 6 };
    assert_eq!(approved, left);
    let expected = Escrowed { batch: 1, owner: ALICE, operator: OPERATOR, amount: 4 };
    assert_eq!(escrowed, expected);
    let holding = Holding { tradable: 36, escrowed: 64, ..Holding::default() };
    assert_eq!(data.balance_of(1, ALICE), holding);
    assert_eq!(data.totals(1), Totals { issued: 100, escrowed: 64, ..Totals::default() });
    assert_eq!(data.escrow_of(OPERATOR, ALICE, 1), 64);
    assert_eq!(data.escrow_of(ALICE, OPERATOR, 1), 0);
    assert_eq!(data.approval(ALICE, OPERATOR, 1), 6);
    assert_balanced(&data, 1);

    // They are nobody's to use.
    assert_eq!(data.transfer(ALICE, true, 1, BOB, 37), Err(Error::InsufficientBalance));
    assert_eq!(data.retire(ALICE, 1, 37, REASON, ALICE), Err(Error::InsufficientBalance));
}

#[ink::test]
fn escrow_refuses_in_order() {
    let mut data = credits();
    data.frozen.insert(CAROL, &());
    let mut refused = |operator, admitted: bool, owner, batch, amount, error| {
        assert_eq!(data.escrow(operator, admitted, owner, batch, amount), Err(error));
    };
    refused(CAROL, false, CAROL, 9, 0, EscrowError::NotAdmitted);
    refused(CAROL, true, CAROL, 9, 0, EscrowError::ZeroAmount);
    refused(OPERATOR, true, CAROL, 9, 1, EscrowError::Frozen);
    refused(CAROL, true, ALICE, 9, 1, EscrowError::Frozen);
    refused(OPERATOR, true, ALICE, 9, 1, EscrowError::UnknownBatch);
    refused(OPERATOR, true, ALICE, 1, 101, EscrowError::NotApproved);
    refused(ALICE, true, ALICE, 1, 1, EscrowError::NotApproved);
    data.approve(ALICE, OPERATOR, 1, u128::MAX).unwrap();
    let refused = data.escrow(OPERATOR, true, ALICE, 1, 101);
    assert_eq!(refused, Err(EscrowError::InsufficientBalance));
    assert_eq!(data.approval(ALICE, OPERATOR, 1), u128::MAX);
}

#[ink::test]
fn what_is_released_goes_back_whoever_is_frozen() {
    let mut data = held();
    data.frozen.insert(ALICE, &());
    data.frozen.insert(OPERATOR, &());
    let event = data.release(OPERATOR, ALICE, 1, 15).unwrap();
    assert_eq!(event, Released { batch: 1, owner: ALICE, operator: OPERATOR, amount: 15 });
    let holding = Holding { tradable: 55, escrowed: 45, ..Holding::default() };
    assert_eq!(data.balance_of(1, ALICE), holding);
    assert_eq!(data.totals(1).escrowed, 45);
    assert_eq!(data.escrow_of(OPERATOR, ALICE, 1), 45);
    assert_eq!(data.approval(ALICE, OPERATOR, 1), 10, "he may not take them again");
    assert_balanced(&data, 1);

    for (operator, owner, batch, amount, error) in [
        (BOB, ALICE, 9, 0, EscrowError::ZeroAmount),
        (BOB, ALICE, 1, 1, EscrowError::InsufficientEscrow),
        (ALICE, ALICE, 1, 1, EscrowError::InsufficientEscrow),
        (OPERATOR, BOB, 1, 1, EscrowError::InsufficientEscrow),
        (OPERATOR, ALICE, 2, 1, EscrowError::InsufficientEscrow),
        (OPERATOR, ALICE, 1, 46, EscrowError::InsufficientEscrow),
    ] {
        assert_eq!(data.release(operator, owner, batch, amount), Err(error));
    }
    data.release(OPERATOR, ALICE, 1, 45).unwrap();
    assert!(data.escrows.contains((OPERATOR, ALICE, 1)), "an entry stays");
    let again = data.release(OPERATOR, ALICE, 1, 1);
    assert_eq!(again, Err(EscrowError::InsufficientEscrow));
    assert_eq!(tradable(&data, 1), [100, 0, 0]);
}

#[ink::test]
fn what_is_delivered_changes_hands() {
    let mut data = held();
    let event = data.deliver(OPERATOR, true, ALICE, 1, BOB, 25).unwrap();
    let expected = Delivered { batch: 1, from: ALICE, to: BOB, amount: 25, operator: OPERATOR };
    assert_eq!(event, expected);
    let holding = Holding { tradable: 40, escrowed: 35, ..Holding::default() };
    assert_eq!(data.balance_of(1, ALICE), holding);
    assert_eq!(data.balance_of(1, BOB), Holding { tradable: 25, ..Holding::default() });
    assert_eq!(data.totals(1), Totals { issued: 100, escrowed: 35, ..Totals::default() });
    assert_eq!(data.escrow_of(OPERATOR, ALICE, 1), 35);
    assert_balanced(&data, 1);
    data.deliver(OPERATOR, true, ALICE, 1, OPERATOR, 35).unwrap();
    assert_eq!(data.balance_of(1, OPERATOR).tradable, 35);
    assert_balanced(&data, 1);
}

#[ink::test]
fn deliveries_refuse_in_order() {
    let mut data = held();
    data.approve(ALICE, CAROL, 1, 5).unwrap();
    data.escrow(CAROL, true, ALICE, 1, 5).unwrap();
    data.frozen.insert(CAROL, &());
    let mut refused = |operator, admitted: bool, owner, to, amount, error| {
        assert_eq!(data.deliver(operator, admitted, owner, 1, to, amount), Err(error));
    };
    refused(CAROL, false, ALICE, ALICE, 0, EscrowError::NotAdmitted);
    refused(CAROL, true, ALICE, ALICE, 0, EscrowError::ZeroAmount);
    refused(CAROL, true, ALICE, ALICE, 1, EscrowError::SelfTransfer);
    refused(CAROL, true, ALICE, BOB, 1, EscrowError::Frozen);
    refused(OPERATOR, true, ALICE, CAROL, 99, EscrowError::Frozen);
    refused(OPERATOR, true, CAROL, ALICE, 99, EscrowError::Frozen);
    refused(OPERATOR, true, ALICE, BOB, 61, EscrowError::InsufficientEscrow);
    refused(BOB, true, ALICE, BOB, 1, EscrowError::InsufficientEscrow);
    assert_eq!(data.release(CAROL, ALICE, 1, 5).unwrap().amount, 5);
    assert_balanced(&data, 1);
}

#[ink::test]
fn two_operators_hold_their_own() {
    let mut data = held();
    data.approve(ALICE, BOB, 1, 40).unwrap();
    data.escrow(BOB, true, ALICE, 1, 40).unwrap();
    assert_eq!(data.balance_of(1, ALICE).escrowed, 100);
    let more = data.release(BOB, ALICE, 1, 41);
    assert_eq!(more, Err(EscrowError::InsufficientEscrow));
    data.deliver(BOB, true, ALICE, 1, CAROL, 40).unwrap();
    assert_eq!(data.escrow_of(OPERATOR, ALICE, 1), 60);
    assert_balanced(&data, 1);
}
