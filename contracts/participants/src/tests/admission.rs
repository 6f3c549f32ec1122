//! Admission: approved, confirmed, changed, given up, handed over.

use super::*;
use assent_events::participants::{Left, ProfileConfirmed, RolesSet};

#[ink::test]
fn an_approval_admits() {
    let mut data = data();
    let roles = role::DATA_OWNER | role::AUDITOR;
    let event = data.approve(REGULATOR, false, ALICE, roles, PROFILE).unwrap();
    let expected = Approved { account: ALICE, roles, profile: PROFILE, by: REGULATOR };
    assert_eq!(event, expected);
    assert_eq!(data.participant(ALICE), approved(roles));
    assert!(data.is_admitted(ALICE));
    assert!(data.has_role(ALICE, role::DATA_OWNER | role::PROVIDER), "any of them");
    assert!(!data.has_role(ALICE, role::PROVIDER));
    assert!(!data.has_role(ALICE, 0));
}

#[ink::test]
fn approval_refuses_in_order() {
    let mut data = data();
    let approve = |data: &mut Data, caller, account, roles, profile| {
        data.approve(caller, caller == ADMIN, account, roles, profile).err()
    };
    data.approve(REGULATOR, false, BOB, role::TRADER, PROFILE).unwrap();
    let wrong = [8; 32];
    for (caller, account, roles, profile, error) in [
        (STRANGER, STRANGER, 0, wrong, Error::NotRegulator),
        (ALICE, STRANGER, 0, wrong, Error::NotRegulator),
        (BOB, STRANGER, 0, wrong, Error::NotRegulator),
        (REGULATOR, REGULATOR, 0, wrong, Error::OwnRoles),
        (ADMIN, ADMIN, 0, wrong, Error::OwnRoles),
        (REGULATOR, STRANGER, 0, wrong, Error::UnknownRoles),
        (REGULATOR, BOB, role::ALL + 1, wrong, Error::UnknownRoles),
        (REGULATOR, ALICE, role::TRADER | (role::ALL + 1), wrong, Error::UnknownRoles),
        (REGULATOR, STRANGER, role::REGULATOR, wrong, Error::NotRegistered),
        (REGULATOR, BOB, role::REGULATOR, wrong, Error::AlreadyApproved),
        (ADMIN, BOB, role::TRADER, PROFILE, Error::AlreadyApproved),
        (REGULATOR, ADMIN, role::TRADER, wrong, Error::AlreadyApproved),
        (REGULATOR, ALICE, role::REGULATOR, wrong, Error::ProfileChanged),
        (REGULATOR, ALICE, role::REGULATOR, PROFILE, Error::NotAdministrator),
        (REGULATOR, ALICE, role::ALL, PROFILE, Error::NotAdministrator),
    ] {
        assert_eq!(approve(&mut data, caller, account, roles, profile), Some(error));
    }
    assert_eq!(data.participant(ALICE), pending());
    assert_eq!(approve(&mut data, ADMIN, ALICE, role::ALL, PROFILE), None);

    data.suspend(ADMIN, true, ALICE, role::REGULATOR, REASON).unwrap();
    assert_eq!(
        approve(&mut data, ALICE, STRANGER, 0, PROFILE),
        Some(Error::NotRegulator),
        "a suspended regulator admits nobody"
    );
}

/// What is checked and what is approved is the same, also when the account changes it in between.
#[ink::test]
fn an_approval_is_bound_to_what_was_checked() {
    let mut data = data();
    data.update_profile(ALICE, [8; 32]).unwrap();
    let stale = data.approve(REGULATOR, false, ALICE, role::PROVIDER, PROFILE);
    assert_eq!(stale, Err(Error::ProfileChanged));
    data.approve(REGULATOR, false, ALICE, role::PROVIDER, [8; 32]).unwrap();
    let checked = data.participant(ALICE).unwrap();
    assert_eq!((checked.profile, checked.confirmed), ([8; 32], Some([8; 32])));

    // A later one shows as unconfirmed, and takes no role away.
    data.update_profile(ALICE, [6; 32]).unwrap();
    let changed = data.participant(ALICE).unwrap();
    assert_eq!((changed.profile, changed.confirmed), ([6; 32], Some([8; 32])));
    assert!(data.has_role(ALICE, role::PROVIDER));
    let event = data.confirm_profile(REGULATOR, ALICE, [6; 32]).unwrap();
    assert_eq!(event, ProfileConfirmed { account: ALICE, profile: [6; 32], by: REGULATOR });
    assert_eq!(data.participant(ALICE).unwrap().confirmed, Some([6; 32]));

    // Whoever left and comes back is checked again.
    data.leave(ALICE, false).unwrap();
    data.update_profile(ALICE, [5; 32]).unwrap();
    let stale = data.approve(REGULATOR, false, ALICE, role::PROVIDER, [6; 32]);
    assert_eq!(stale, Err(Error::ProfileChanged));
    data.approve(REGULATOR, false, ALICE, role::PROVIDER, [5; 32]).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().confirmed, Some([5; 32]));
}

#[ink::test]
fn confirmations_refuse_in_order() {
    let mut data = data();
    data.approve(REGULATOR, false, BOB, role::TRADER, PROFILE).unwrap();
    let mut check = |caller, account, profile, error| {
        assert_eq!(data.confirm_profile(caller, account, profile), Err(error));
    };
    check(STRANGER, STRANGER, [0; 32], Error::NotRegulator);
    check(BOB, BOB, PROFILE, Error::NotRegulator);
    check(REGULATOR, REGULATOR, [0; 32], Error::OwnRoles);
    check(REGULATOR, STRANGER, [0; 32], Error::NotRegistered);
    check(REGULATOR, ALICE, [0; 32], Error::NotApproved);
    check(REGULATOR, ALICE, PROFILE, Error::NotApproved);
    check(REGULATOR, BOB, [0; 32], Error::ProfileChanged);
    check(REGULATOR, BOB, PROFILE, Error::AlreadyConfirmed);
    // Also that of one who holds nothing any more, and of the administrator.
    data.leave(BOB, false).unwrap();
    data.update_profile(BOB, REASON).unwrap();
    assert_eq!(data.confirm_profile(REGULATOR, BOB, PROFILE), Err(Error::ProfileChanged));
    assert!(data.confirm_profile(REGULATOR, BOB, REASON).is_ok());
    assert_eq!(data.confirm_profile(REGULATOR, ADMIN, [0; 32]), Err(Error::AlreadyConfirmed));
    data.update_profile(ADMIN, REASON).unwrap();
    assert!(data.confirm_profile(REGULATOR, ADMIN, REASON).is_ok());
    // A profile that is put back is the one that was checked.
    data.update_profile(BOB, PROFILE).unwrap();
    data.update_profile(BOB, REASON).unwrap();
    assert_eq!(data.confirm_profile(REGULATOR, BOB, REASON), Err(Error::AlreadyConfirmed));
}

#[ink::test]
fn roles_are_replaced() {
    let mut data = data();
    data.approve(REGULATOR, false, ALICE, role::DATA_OWNER, PROFILE).unwrap();
    let event = data.set_roles(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    assert_eq!(event, RolesSet { account: ALICE, roles: role::PROVIDER, by: REGULATOR });
    assert_eq!(data.participant(ALICE), approved(role::PROVIDER));
    assert!(!data.has_role(ALICE, role::DATA_OWNER));

    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    data.set_roles(REGULATOR, false, ALICE, role::TRADER).unwrap();
    let suspended = Participant { suspended: role::TRADER, ..approved(role::TRADER).unwrap() };
    assert_eq!(data.participant(ALICE), Some(suspended));
    assert!(!data.has_role(ALICE, role::TRADER));
}

#[ink::test]
fn setting_roles_refuses_in_order() {
    let mut data = data();
    let set = |data: &mut Data, caller, account, roles| {
        data.set_roles(caller, caller == ADMIN, account, roles).err()
    };
    data.approve(REGULATOR, false, BOB, role::TRADER, PROFILE).unwrap();
    for (caller, account, roles, error) in [
        (STRANGER, STRANGER, 0, Error::NotRegulator),
        (BOB, STRANGER, 0, Error::NotRegulator),
        (REGULATOR, REGULATOR, 0, Error::OwnRoles),
        (ADMIN, ADMIN, 0, Error::OwnRoles),
        (REGULATOR, STRANGER, 0, Error::UnknownRoles),
        (REGULATOR, BOB, role::ALL + 1, Error::UnknownRoles),
        (REGULATOR, STRANGER, role::REGULATOR, Error::NotRegistered),
        (REGULATOR, ALICE, role::REGULATOR, Error::NotApproved),
        (REGULATOR, BOB, role::REGULATOR, Error::NotAdministrator),
        (REGULATOR, ADMIN, role::TRADER, Error::NotAdministrator),
    ] {
        assert_eq!(set(&mut data, caller, account, roles), Some(error));
    }
    assert_eq!(data.participant(BOB), approved(role::TRADER));
    assert!(data.has_role(ADMIN, role::REGULATOR));

    // The administrator makes a regulator, and unmakes one.
    assert_eq!(set(&mut data, ADMIN, BOB, role::REGULATOR), None);
    assert!(data.has_role(BOB, role::REGULATOR));
    assert_eq!(set(&mut data, ADMIN, REGULATOR, role::TRADER), None);
    assert_eq!(set(&mut data, REGULATOR, ALICE, role::TRADER), Some(Error::NotRegulator));
}

#[ink::test]
fn one_who_leaves_holds_nothing_and_may_come_back() {
    let mut data = data();
    assert_eq!(data.leave(STRANGER, false), Err(Error::NotRegistered));
    assert_eq!(data.leave(ADMIN, true), Err(Error::OfficeHolder));
    assert_eq!(data.leave(ALICE, false), Err(Error::NothingToLeave));
    data.approve(REGULATOR, false, ALICE, role::TRADER, PROFILE).unwrap();
    assert_eq!(data.leave(ALICE, false), Ok(Left { account: ALICE }));
    assert_eq!(data.participant(ALICE), approved(0));
    assert_eq!(data.leave(ALICE, false), Err(Error::NothingToLeave));
    assert_eq!(data.register(ALICE, PROFILE), Err(Error::AlreadyRegistered));
    let set = data.set_roles(REGULATOR, false, ALICE, role::TRADER);
    assert_eq!(set, Err(Error::NotApproved));
    data.approve(REGULATOR, false, ALICE, role::PROVIDER, PROFILE).unwrap();
    assert_eq!(data.participant(ALICE), approved(role::PROVIDER));

    data.leave(REGULATOR, false).unwrap();
    assert!(!data.has_role(REGULATOR, role::ALL));
    let back = data.approve(ADMIN, true, REGULATOR, role::REGULATOR, PROFILE);
    assert!(back.is_ok());
}

#[ink::test]
fn a_successor_is_active_and_would_count_as_a_regulator() {
    let mut data = data();
    assert!(!data.is_eligible(STRANGER));
    assert!(!data.is_eligible(ALICE), "pending");
    data.approve(REGULATOR, false, ALICE, role::TRADER, PROFILE).unwrap();
    assert!(data.is_eligible(ALICE));
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    assert!(!data.is_eligible(ALICE), "nothing counts");
    data.reinstate(REGULATOR, false, ALICE, role::TRADER).unwrap();
    data.suspend(REGULATOR, false, ALICE, role::EMITTER, REASON).unwrap();
    assert!(data.is_eligible(ALICE), "another role");
    data.suspend(ADMIN, true, ALICE, role::REGULATOR, REASON).unwrap();
    assert!(data.is_admitted(ALICE));
    assert!(!data.is_eligible(ALICE), "barred from the office beforehand");
}

#[ink::test]
fn the_office_takes_its_role_along() {
    let mut data = data();
    data.approve(REGULATOR, false, ALICE, role::TRADER, PROFILE).unwrap();
    let (old, new) = data.succeed(ADMIN, ALICE);
    assert_eq!(old, RolesSet { account: ADMIN, roles: 0, by: ALICE });
    let roles = role::TRADER | role::REGULATOR;
    assert_eq!(new, RolesSet { account: ALICE, roles, by: ALICE });
    assert_eq!(data.participant(ADMIN).unwrap().status(), Status::Pending);
    assert_eq!(data.participant(ALICE), approved(roles));

    // One with other roles keeps them; one who is a regulator already stays it.
    let (old, new) = data.succeed(ALICE, REGULATOR);
    assert_eq!(old, RolesSet { account: ALICE, roles: role::TRADER, by: REGULATOR });
    assert_eq!(new, RolesSet { account: REGULATOR, roles: role::REGULATOR, by: REGULATOR });
    assert_eq!(data.participant(ALICE), approved(role::TRADER));
    assert_eq!(data.participant(REGULATOR), approved(role::REGULATOR));
}
