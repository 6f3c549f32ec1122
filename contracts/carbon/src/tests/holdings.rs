//! Transfers, approvals, retirements, cancellations.

use super::*;
use crate::holdings::MAX_BATCH;

fn item(batch: u64, amount: u128) -> Item {
    Item { batch, amount }
}

#[ink::test]
fn a_transfer_moves_tradable_units() {
    let mut data = credits();
    let event = data.transfer(ALICE, true, 1, BOB, 40).unwrap();
    let expected = Transferred { batch: 1, from: ALICE, to: BOB, amount: 40, by: ALICE };
    assert_eq!(event, expected);
    assert_eq!(tradable(&data, 1), [60, 40, 0]);
    assert_eq!(tradable(&data, 2), [10, 0, 0]);
    data.transfer(ALICE, true, 1, BOB, 60).unwrap();
    assert_eq!(tradable(&data, 1), [0, 100, 0]);
    assert_eq!(data.transfer(ALICE, true, 1, BOB, 1), Err(Error::InsufficientBalance));
    assert_eq!(data.totals(1), Totals { issued: 100, ..Totals::default() });
    assert_balanced(&data, 1);
}

#[ink::test]
fn transfers_refuse_in_order() {
    let mut data = credits();
    data.frozen.insert(CAROL, &());
    let mut transfer = |from, admitted: bool, batch, to, amount, error| {
        assert_eq!(data.transfer(from, admitted, batch, to, amount), Err(error));
    };
    transfer(CAROL, false, 9, CAROL, 0, Error::NotAdmitted);
    transfer(CAROL, true, 9, CAROL, 0, Error::ZeroAmount);
    transfer(CAROL, true, 9, CAROL, 101, Error::SelfTransfer);
    transfer(CAROL, true, 9, ALICE, 101, Error::Frozen);
    transfer(ALICE, true, 9, CAROL, 101, Error::Frozen);
    transfer(ALICE, true, 9, BOB, 101, Error::UnknownBatch);
    transfer(ALICE, true, 1, BOB, 101, Error::InsufficientBalance);
    transfer(ALICE, true, 1, BOB, u128::MAX, Error::InsufficientBalance);
    assert_eq!(tradable(&data, 1), [100, 0, 0]);
}

/// Units are whole numbers that are all alike: a holding is split by transferring parts of it, and
/// redeemed by bringing the parts together and retiring them.
#[ink::test]
fn a_holding_is_split_and_redeemed() {
    let mut data = credits();
    for (to, amount) in [(BOB, 30), (CAROL, 50), (OPERATOR, 1)] {
        data.transfer(ALICE, true, 1, to, amount).unwrap();
        assert_balanced(&data, 1);
    }
    data.transfer(BOB, true, 1, CAROL, 7).unwrap();
    assert_eq!(tradable(&data, 1), [19, 23, 57]);
    let parted = data.retire(ALICE, 1, 100, REASON, ALICE);
    assert_eq!(parted, Err(Error::InsufficientBalance), "she has a part of them");

    for (from, amount) in [(BOB, 23), (CAROL, 57), (OPERATOR, 1)] {
        data.transfer(from, true, 1, ALICE, amount).unwrap();
    }
    assert_eq!(tradable(&data, 1), [100, 0, 0]);
    let event = data.retire(ALICE, 1, 100, REASON, CAROL).unwrap();
    let expected =
        Retired { batch: 1, owner: ALICE, beneficiary: CAROL, amount: 100, reason: REASON };
    assert_eq!(event, expected);
    assert_eq!(data.balance_of(1, ALICE), Holding { retired: 100, ..Holding::default() });
    assert_eq!(data.totals(1), Totals { issued: 100, retired: 100, ..Totals::default() });
    assert_eq!(data.transfer(ALICE, true, 1, BOB, 1), Err(Error::InsufficientBalance));
    assert_balanced(&data, 1);
}

#[ink::test]
fn several_transfers_go_together() {
    let mut data = credits();
    data.issue(ISSUER, true, 2, BOB, 3).unwrap();
    let items = [item(1, 30), item(2, 10), item(1, 70)];
    let events = data.transfer_batch(ALICE, true, BOB, &items).unwrap();
    let event = |batch, amount| Transferred { batch, from: ALICE, to: BOB, amount, by: ALICE };
    assert_eq!(events, [event(1, 30), event(2, 10), event(1, 70)]);
    assert_eq!((tradable(&data, 1), tradable(&data, 2)), ([0, 100, 0], [0, 13, 0]));
    assert_balanced(&data, 1);
    assert_balanced(&data, 2);

    let most = [item(1, 1); MAX_BATCH];
    assert_eq!(data.transfer_batch(BOB, true, ALICE, &most).unwrap().len(), MAX_BATCH);
    assert_eq!(tradable(&data, 1), [16, 84, 0]);
}

#[ink::test]
fn several_transfers_are_refused_together_and_in_order() {
    let mut data = credits();
    data.frozen.insert(CAROL, &());
    let (good, short) = (item(1, 60), item(1, 41));
    let mut refused = |from, admitted: bool, to, items: &[Item], error| {
        assert_eq!(data.transfer_batch(from, admitted, to, items), Err(error), "{items:?}");
    };
    let wrong = [item(1, 0), item(9, 101)];
    refused(CAROL, false, CAROL, &[], Error::BatchSize);
    refused(CAROL, false, CAROL, &[item(1, 1); MAX_BATCH + 1], Error::BatchSize);
    refused(CAROL, false, CAROL, &wrong, Error::NotAdmitted);
    refused(CAROL, true, CAROL, &wrong, Error::ZeroAmount);
    refused(CAROL, true, CAROL, &wrong[1..], Error::SelfTransfer);
    refused(CAROL, true, BOB, &wrong[1..], Error::Frozen);
    refused(ALICE, true, CAROL, &[good, item(1, 0)], Error::Frozen);
    refused(ALICE, true, BOB, &[item(9, 1), item(1, 0)], Error::UnknownBatch);
    refused(ALICE, true, BOB, &[good, item(1, 0), short], Error::ZeroAmount);
    refused(ALICE, true, BOB, &[good, short, item(1, 0)], Error::InsufficientBalance);
    refused(ALICE, true, BOB, &[good, item(2, 10), item(2, 1)], Error::InsufficientBalance);
    refused(ALICE, true, BOB, &[good, item(9, 1)], Error::UnknownBatch);
    assert_eq!((tradable(&data, 1), tradable(&data, 2)), ([100, 0, 0], [10, 0, 0]));
}

#[ink::test]
fn an_operator_moves_what_he_was_approved_for() {
    let mut data = credits();
    let event = data.approve(ALICE, OPERATOR, 1, 50).unwrap();
    let approved = |amount| OperatorApproved { batch: 1, owner: ALICE, operator: OPERATOR, amount };
    assert_eq!(event, approved(50));
    assert_eq!(data.approval(ALICE, OPERATOR, 1), 50);
    assert_eq!(data.approval(ALICE, OPERATOR, 2), 0, "another batch");
    assert_eq!(data.approval(OPERATOR, ALICE, 1), 0);

    let events = data.transfer_from(OPERATOR, true, ALICE, 1, BOB, 20).unwrap();
    let moved = Transferred { batch: 1, from: ALICE, to: BOB, amount: 20, by: OPERATOR };
    assert_eq!(events, (approved(30), moved));
    assert_eq!(tradable(&data, 1), [80, 20, 0]);
    // Also to himself, and down to nothing.
    data.transfer_from(OPERATOR, true, ALICE, 1, OPERATOR, 30).unwrap();
    assert_eq!(data.balance_of(1, OPERATOR).tradable, 30);
    assert!(data.approvals.contains((ALICE, OPERATOR, 1)), "an entry stays");
    let more = data.transfer_from(OPERATOR, true, ALICE, 1, BOB, 1);
    assert_eq!(more, Err(Error::NotApproved));

    // More than there is, and replaced, not added.
    data.approve(ALICE, OPERATOR, 1, u128::MAX).unwrap();
    data.approve(ALICE, OPERATOR, 1, 60).unwrap();
    let more = data.transfer_from(OPERATOR, true, ALICE, 1, BOB, 51);
    assert_eq!(more, Err(Error::InsufficientBalance));
    assert_eq!(data.approval(ALICE, OPERATOR, 1), 60);
    data.approve(ALICE, OPERATOR, 1, 0).unwrap();
    let more = data.transfer_from(OPERATOR, true, ALICE, 1, BOB, 1);
    assert_eq!(more, Err(Error::NotApproved));
    assert_balanced(&data, 1);
}

#[ink::test]
fn operators_are_refused_in_order() {
    let mut data = credits();
    assert_eq!(data.approve(ALICE, ALICE, 9, 1), Err(Error::SelfApproval));
    assert_eq!(data.approve(ALICE, BOB, 9, 0), Err(Error::UnknownBatch));
    data.approve(ALICE, CAROL, 1, 500).unwrap();
    data.frozen.insert(CAROL, &());
    let mut by = |operator, admitted: bool, from, batch, to, amount, error| {
        let refused = data.transfer_from(operator, admitted, from, batch, to, amount);
        assert_eq!(refused, Err(error));
    };
    by(CAROL, false, BOB, 9, BOB, 0, Error::NotAdmitted);
    by(CAROL, true, BOB, 9, BOB, 0, Error::ZeroAmount);
    by(CAROL, true, BOB, 9, BOB, 1, Error::SelfTransfer);
    by(CAROL, true, ALICE, 1, BOB, 1, Error::Frozen);
    by(OPERATOR, true, ALICE, 1, CAROL, 1, Error::Frozen);
    by(OPERATOR, true, CAROL, 1, ALICE, 1, Error::Frozen);
    by(OPERATOR, true, ALICE, 9, BOB, 101, Error::UnknownBatch);
    by(OPERATOR, true, ALICE, 1, BOB, 101, Error::NotApproved);
    by(ALICE, true, ALICE, 1, BOB, 1, Error::NotApproved);
    data.approve(ALICE, OPERATOR, 1, 101).unwrap();
    let refused = data.transfer_from(OPERATOR, true, ALICE, 1, BOB, 101);
    assert_eq!(refused, Err(Error::InsufficientBalance));
    assert_eq!(data.approval(ALICE, OPERATOR, 1), 101, "a refusal writes nothing");
}

#[ink::test]
fn units_are_used_for_good() {
    let mut data = credits();
    let event = data.retire(ALICE, 1, 30, REASON, BOB).unwrap();
    assert_eq!((event.owner, event.beneficiary, event.amount), (ALICE, BOB, 30));
    let event = data.cancel(ALICE, 1, 20, REASON).unwrap();
    let expected = Cancelled { batch: 1, owner: ALICE, amount: 20, reason: REASON };
    assert_eq!(event, expected);
    data.cancel(ALICE, 1, 5, REASON).unwrap();
    let holding = Holding { tradable: 45, retired: 30, cancelled: 25, ..Holding::default() };
    assert_eq!(data.balance_of(1, ALICE), holding);
    assert_eq!(data.balance_of(1, BOB), Holding::default());
    let totals = Totals { issued: 100, retired: 30, cancelled: 25, ..Totals::default() };
    assert_eq!(data.totals(1), totals);
    // What was used is not issued again.
    assert_eq!(data.issue(ISSUER, true, 1, BOB, 901), Err(Error::RangeExceeded));
    data.issue(ISSUER, true, 1, BOB, 900).unwrap();
    assert_balanced(&data, 1);
}

#[ink::test]
fn using_units_refuses_in_order() {
    let mut data = credits();
    data.frozen.insert(CAROL, &());
    let mut refused = |owner, batch, amount, error| {
        assert_eq!(data.retire(owner, batch, amount, REASON, ALICE), Err(error));
        assert_eq!(data.cancel(owner, batch, amount, REASON), Err(error));
    };
    refused(CAROL, 9, 0, Error::ZeroAmount);
    refused(CAROL, 9, 1, Error::Frozen);
    refused(BOB, 9, 1, Error::UnknownBatch);
    refused(BOB, 1, 1, Error::InsufficientBalance);
    refused(ALICE, 1, 101, Error::InsufficientBalance);
}
