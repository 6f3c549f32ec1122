//! Freezes, and what they leave open.

use super::*;

#[ink::test]
fn a_regulator_freezes_and_unfreezes() {
    let mut data = credits();
    assert!(!data.is_frozen(ALICE));
    let event = data.freeze(REGULATOR, true, ALICE, REASON).unwrap();
    assert_eq!(event, AccountFrozen { account: ALICE, reason: REASON, by: REGULATOR });
    assert!(data.is_frozen(ALICE));
    assert_eq!(data.transfer(ALICE, true, 1, BOB, 1), Err(Error::Frozen));
    assert_eq!(data.retire(ALICE, 1, 1, REASON, ALICE), Err(Error::Frozen));
    let event = data.unfreeze(REGULATOR, true, ALICE).unwrap();
    assert_eq!(event, AccountUnfrozen { account: ALICE, by: REGULATOR });
    assert!(!data.frozen.contains(ALICE), "the regulator gets his deposit back");
    data.transfer(ALICE, true, 1, BOB, 1).unwrap();
}

#[ink::test]
fn freezes_refuse_in_order() {
    let mut data = data();
    data.frozen.insert(BOB, &());
    let mut freeze = |regulator: bool, account, error| {
        assert_eq!(data.freeze(REGULATOR, regulator, account, REASON), Err(error));
    };
    freeze(false, ZERO, Error::NotRegulator);
    freeze(true, ZERO, Error::ZeroAccount);
    freeze(true, BOB, Error::AlreadyFrozen);
    let mut unfreeze = |regulator: bool, account, error| {
        assert_eq!(data.unfreeze(REGULATOR, regulator, account), Err(error));
    };
    unfreeze(false, ALICE, Error::NotRegulator);
    unfreeze(true, ALICE, Error::NotFrozen);
}

#[ink::test]
fn who_is_frozen_still_meets_his_duty() {
    let mut data = periods();
    allocated(&mut data, 1, ALICE, 100);
    data.freeze(REGULATOR, true, ALICE, REASON).unwrap();
    data.approve(ALICE, BOB, 1, 100).unwrap();
    let refused = data.transfer_from(BOB, true, ALICE, 1, BOB, 100);
    assert_eq!(refused, Err(Error::Frozen));
    data.surrender(ALICE, 0, false, 1, 1, 100).unwrap();
    reported(&mut data, 1, ALICE, 100);
    data.settle_period(settle_from(1), 1, ALICE).unwrap();
    assert_eq!(data.rating(ALICE), 1_000);
}
