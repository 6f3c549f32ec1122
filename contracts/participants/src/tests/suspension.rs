//! Suspension: role by role, beforehand too, and never of a data owner.

use super::*;
use assent_events::participants::{Reinstated, Suspended};

#[ink::test]
fn a_suspended_role_passes_no_check() {
    let mut data = data();
    let roles = role::DATA_OWNER | role::PROVIDER | role::TRADER;
    data.approve(REGULATOR, false, ALICE, roles, PROFILE).unwrap();
    let mask = role::TRADER | role::EMITTER;
    let event = data.suspend(REGULATOR, false, ALICE, mask, REASON).unwrap();
    let expected = Suspended { account: ALICE, roles: mask, reason: REASON, by: REGULATOR };
    assert_eq!(event, expected);
    let suspended = Participant { suspended: mask, ..approved(roles).unwrap() };
    assert_eq!(data.participant(ALICE), Some(suspended));
    assert!(!data.has_role(ALICE, role::TRADER));
    // A patient who is suspended for a trading offence is cared for.
    assert!(data.has_role(ALICE, role::DATA_OWNER));
    assert!(data.has_role(ALICE, role::PROVIDER));
    assert!(data.is_admitted(ALICE));

    let more = data.suspend(REGULATOR, false, ALICE, role::PROVIDER, [1; 32]).unwrap();
    assert_eq!((more.roles, more.reason), (role::PROVIDER, [1; 32]));
    assert!(!data.has_role(ALICE, role::PROVIDER));
    let event = data.reinstate(REGULATOR, false, ALICE, role::TRADER).unwrap();
    assert_eq!(event, Reinstated { account: ALICE, roles: role::TRADER, by: REGULATOR });
    assert!(data.has_role(ALICE, role::TRADER));
    data.reinstate(REGULATOR, false, ALICE, role::EMITTER | role::PROVIDER).unwrap();
    assert_eq!(data.participant(ALICE), approved(roles));
}

#[ink::test]
fn one_without_a_role_that_counts_is_suspended() {
    let mut data = data();
    let roles = role::ALL & !role::DATA_OWNER & !role::REGULATOR;
    data.approve(REGULATOR, false, ALICE, roles, PROFILE).unwrap();
    data.suspend(REGULATOR, false, ALICE, roles & !role::TRADER, REASON).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().status(), Status::Active);
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().status(), Status::Suspended);
    assert!(!data.is_admitted(ALICE));
    assert!(!data.has_role(ALICE, role::ALL));
}

#[ink::test]
fn a_role_is_barred_beforehand() {
    let mut data = data();
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().status(), Status::Pending);
    // An approval does not lift it.
    let roles = role::TRADER | role::PROVIDER;
    data.approve(REGULATOR, false, ALICE, roles, PROFILE).unwrap();
    let suspended = Participant { suspended: role::TRADER, ..approved(roles).unwrap() };
    assert_eq!(data.participant(ALICE), Some(suspended));
    assert!(data.has_role(ALICE, role::PROVIDER));
    assert!(!data.has_role(ALICE, role::TRADER));
    data.reinstate(REGULATOR, false, ALICE, role::TRADER).unwrap();
    assert!(data.has_role(ALICE, role::TRADER));
}

#[ink::test]
fn nobody_leaves_the_black_list() {
    let mut data = data();
    data.approve(REGULATOR, false, ALICE, role::TRADER, PROFILE).unwrap();
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    data.leave(ALICE, false).unwrap();
    let left = Participant { suspended: role::TRADER, ..approved(0).unwrap() };
    assert_eq!(data.participant(ALICE), Some(left));
    data.approve(REGULATOR, false, ALICE, role::TRADER, PROFILE).unwrap();
    assert!(!data.has_role(ALICE, role::TRADER));

    // Nor is a regulator who leaves anyone's to reinstate as one.
    data.suspend(ADMIN, true, REGULATOR, role::REGULATOR, REASON).unwrap();
    data.leave(REGULATOR, false).unwrap();
    data.approve(ADMIN, true, BOB, role::REGULATOR, PROFILE).unwrap();
    let reinstated = data.reinstate(BOB, false, REGULATOR, role::REGULATOR);
    assert_eq!(reinstated, Err(Error::NotAdministrator));
    assert!(data.reinstate(ADMIN, true, REGULATOR, role::REGULATOR).is_ok());
}

#[ink::test]
fn suspensions_refuse_in_order() {
    let mut data = data();
    let suspend = |data: &mut Data, caller, account, roles| {
        data.suspend(caller, caller == ADMIN, account, roles, REASON).err()
    };
    let owner = role::DATA_OWNER | role::TRADER;
    data.suspend(REGULATOR, false, BOB, role::TRADER, REASON).unwrap();
    data.approve(REGULATOR, false, BOB, role::PROVIDER, PROFILE).unwrap();
    for (caller, account, roles, error) in [
        (STRANGER, STRANGER, 0, Error::NotRegulator),
        (BOB, BOB, 0, Error::NotRegulator),
        (REGULATOR, REGULATOR, 0, Error::OwnRoles),
        (ADMIN, ADMIN, role::REGULATOR, Error::OwnRoles),
        (REGULATOR, STRANGER, 0, Error::UnknownRoles),
        (REGULATOR, STRANGER, role::ALL + 1, Error::UnknownRoles),
        (REGULATOR, BOB, role::DATA_OWNER | (role::ALL + 1), Error::UnknownRoles),
        (REGULATOR, STRANGER, owner, Error::DataOwner),
        (ADMIN, BOB, role::ALL, Error::DataOwner),
        (REGULATOR, STRANGER, role::REGULATOR, Error::NotRegistered),
        (REGULATOR, BOB, role::TRADER, Error::AlreadySuspended),
        (REGULATOR, BOB, role::TRADER | role::REGULATOR, Error::AlreadySuspended),
        (REGULATOR, BOB, role::REGULATOR, Error::NotAdministrator),
        (REGULATOR, ALICE, role::TRADER | role::REGULATOR, Error::NotAdministrator),
        (REGULATOR, ADMIN, role::TRADER, Error::NotAdministrator),
    ] {
        assert_eq!(suspend(&mut data, caller, account, roles), Some(error));
    }
    assert_eq!(suspend(&mut data, REGULATOR, BOB, role::PROVIDER), None);
    assert_eq!(suspend(&mut data, ADMIN, REGULATOR, role::REGULATOR), None);
    assert_eq!(suspend(&mut data, REGULATOR, BOB, role::EMITTER), Some(Error::NotRegulator));
}

#[ink::test]
fn reinstatements_refuse_in_order() {
    let mut data = data();
    let reinstate = |data: &mut Data, caller, account, roles| {
        data.reinstate(caller, caller == ADMIN, account, roles).err()
    };
    data.approve(ADMIN, true, BOB, role::REGULATOR, PROFILE).unwrap();
    let mask = role::REGULATOR | role::TRADER;
    data.suspend(ADMIN, true, REGULATOR, mask, REASON).unwrap();
    data.suspend(ADMIN, true, ALICE, mask, REASON).unwrap();
    for (caller, account, roles, error) in [
        (REGULATOR, REGULATOR, 0, Error::NotRegulator),
        (BOB, BOB, 0, Error::OwnRoles),
        (BOB, STRANGER, 0, Error::UnknownRoles),
        (BOB, ALICE, role::TRADER | (role::ALL + 1), Error::UnknownRoles),
        (BOB, STRANGER, role::TRADER, Error::NotRegistered),
        (BOB, ADMIN, role::REGULATOR, Error::NotSuspended),
        (BOB, ALICE, role::DATA_OWNER, Error::NotSuspended),
        (BOB, REGULATOR, mask | role::EMITTER, Error::NotSuspended),
        // What the mask holds, and what the account holds.
        (BOB, ALICE, role::REGULATOR, Error::NotAdministrator),
        (BOB, REGULATOR, role::TRADER, Error::NotAdministrator),
    ] {
        assert_eq!(reinstate(&mut data, caller, account, roles), Some(error));
    }
    assert_eq!(reinstate(&mut data, BOB, ALICE, role::TRADER), None);
    assert_eq!(reinstate(&mut data, BOB, ALICE, role::TRADER), Some(Error::NotSuspended));
    assert_eq!(reinstate(&mut data, ADMIN, REGULATOR, mask), None);
    assert!(data.has_role(REGULATOR, role::REGULATOR));
}
