//! The rules of admission, its shell, and that others call the messages by the right selectors.

mod admission;
mod guardians;
mod mandates;
mod shell;
mod succession;
mod suspension;

use crate::data::{Data, Entry, Participant, Status, MAX_LIST};
use crate::errors::ParticipantsError as Error;
use assent_events::{
    participants::{Approved, ProfileUpdated, Registered},
    role,
};
use assent_traits::participants::{Admission, Standing};
use ink::primitives::AccountId;
use ink::storage::{traits::ManualKey, Lazy};

/// The administrator.
const ADMIN: AccountId = AccountId([1; 32]);
/// Another regulator.
const REGULATOR: AccountId = AccountId([2; 32]);
const ALICE: AccountId = AccountId([3; 32]);
const BOB: AccountId = AccountId([4; 32]);
const STRANGER: AccountId = AccountId([5; 32]);
const PROFILE: [u8; 32] = [7; 32];
const REASON: [u8; 32] = [9; 32];

/// The administrator, a regulator, and Alice and Bob, who are pending.
fn data() -> Data {
    let mut data = Data::new(ADMIN).0;
    for account in [REGULATOR, ALICE, BOB] {
        data.register(account, PROFILE).unwrap();
    }
    data.approve(ADMIN, true, REGULATOR, role::REGULATOR, PROFILE).unwrap();
    data
}

/// One that was approved with these roles, of which none is suspended.
fn approved(roles: u16) -> Option<Participant> {
    Some(Participant {
        roles,
        suspended: 0,
        profile: PROFILE,
        confirmed: Some(PROFILE),
        guardianship: 0,
        key: None,
    })
}

/// One that was never approved.
fn pending() -> Option<Participant> {
    Some(Participant {
        roles: 0,
        suspended: 0,
        profile: PROFILE,
        confirmed: None,
        guardianship: 0,
        key: None,
    })
}

#[ink::test]
fn the_deployer_is_the_first_regulator() {
    let (data, registered, approved) = Data::new(ADMIN);
    assert!(data.has_role(ADMIN, role::REGULATOR));
    assert!(data.is_admitted(ADMIN));
    assert_eq!(data.count(), 1);
    let (roles, profile) = (role::REGULATOR, [0; 32]);
    let first = Participant {
        roles,
        suspended: 0,
        profile,
        confirmed: Some(profile),
        guardianship: 0,
        key: None,
    };
    assert_eq!(data.list(0, 9), [Entry { index: 0, account: ADMIN, participant: first }]);
    assert_eq!(registered, Registered { account: ADMIN, profile });
    assert_eq!(approved, Approved { account: ADMIN, roles, profile, by: ADMIN });
}

#[ink::test]
fn one_who_registers_is_pending() {
    let mut data = Data::new(ADMIN).0;
    let event = data.register(ALICE, PROFILE).unwrap();
    assert_eq!(event, Registered { account: ALICE, profile: PROFILE });
    assert_eq!(data.participant(ALICE), pending());
    assert_eq!(pending().unwrap().status(), Status::Pending);
    assert!(!data.is_admitted(ALICE));
    assert_eq!(data.count(), 2);
    assert_eq!(data.register(ALICE, REASON), Err(Error::AlreadyRegistered));
    assert_eq!(data.participant(ALICE), pending());
    assert_eq!(data.participant(BOB), None);
    assert!(!data.has_role(BOB, role::ALL));

    Lazy::<u64, ManualKey<0x7061_0003>>::new().set(&u64::MAX);
    assert_eq!(data.register(ALICE, PROFILE), Err(Error::AlreadyRegistered));
    assert_eq!(data.register(BOB, PROFILE), Err(Error::TooMany));
    assert_eq!(data.participant(BOB), None, "a refusal writes nothing");
}

#[ink::test]
fn a_profile_is_replaced_by_its_owner() {
    let mut data = data();
    assert_eq!(data.update_profile(STRANGER, [8; 32]), Err(Error::NotRegistered));
    let event = data.update_profile(ALICE, [8; 32]).unwrap();
    assert_eq!(event, ProfileUpdated { account: ALICE, profile: [8; 32] });
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    data.update_profile(ALICE, [6; 32]).unwrap();
    let suspended = role::TRADER;
    let updated = Participant {
        roles: 0,
        suspended,
        profile: [6; 32],
        confirmed: None,
        guardianship: 0,
        key: None,
    };
    assert_eq!(data.participant(ALICE), Some(updated));
}

#[ink::test]
fn the_status_follows_from_the_roles_that_count() {
    let status = |roles, suspended| {
        Participant {
            roles,
            suspended,
            profile: PROFILE,
            confirmed: None,
            guardianship: 0,
            key: None,
        }
        .status()
    };
    assert_eq!(status(0, 0), Status::Pending);
    assert_eq!(status(0, role::TRADER), Status::Pending);
    assert_eq!(status(role::TRADER, 0), Status::Active);
    assert_eq!(status(role::TRADER, role::EMITTER), Status::Active);
    assert_eq!(status(role::TRADER | role::PROVIDER, role::TRADER), Status::Active);
    assert_eq!(status(role::TRADER, role::TRADER), Status::Suspended);
    assert_eq!(status(role::TRADER, role::TRADER | role::EMITTER), Status::Suspended);
}

#[ink::test]
fn one_answer_tells_how_three_accounts_stand() {
    let mut data = data();
    let roles = role::DATA_OWNER | role::TRADER;
    data.approve(REGULATOR, false, ALICE, roles, PROFILE).unwrap();
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    let alice = Standing { roles: role::DATA_OWNER, admitted: true };
    let regulator = Standing { roles: role::REGULATOR, admitted: true };
    let nobody = Standing::default();
    let stands = |subject, other, caller| (subject, other, caller);
    let admission = |data: &Data, subject, other, caller| {
        let Admission { subject, other, caller, .. } = data.admission(0, subject, other, caller);
        (subject, other, caller)
    };
    assert_eq!(admission(&data, ALICE, REGULATOR, BOB), stands(alice, regulator, nobody));
    assert_eq!(admission(&data, STRANGER, ALICE, REGULATOR), stands(nobody, alice, regulator));
    // Whoever is named twice.
    assert_eq!(admission(&data, ALICE, ALICE, BOB), stands(alice, alice, nobody));
    assert_eq!(admission(&data, ALICE, BOB, ALICE), stands(alice, nobody, alice));
    assert_eq!(admission(&data, BOB, ALICE, ALICE), stands(nobody, alice, alice));
    assert_eq!(admission(&data, ALICE, ALICE, ALICE), stands(alice, alice, alice));
    // One that left, or of which nothing counts, was admitted once all the same.
    data.leave(ALICE, false).unwrap();
    let left = Standing { roles: 0, admitted: true };
    assert_eq!(admission(&data, ALICE, BOB, BOB), stands(left, nobody, nobody));
}

#[ink::test]
fn the_list_is_in_order_and_paged() {
    let mut data = Data::new(ADMIN).0;
    for number in 0..100u8 {
        data.register(AccountId([100 + number; 32]), [number; 32]).unwrap();
    }
    assert_eq!(data.count(), 101);
    let all: Vec<Entry> = [data.list(0, u32::MAX), data.list(MAX_LIST.into(), u32::MAX)]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(data.list(0, u32::MAX).len(), MAX_LIST as usize);
    assert_eq!(all.len(), 101);
    assert_eq!(all[0].account, ADMIN);
    for number in 0..100u8 {
        let entry = &all[usize::from(number) + 1];
        assert_eq!(entry.index, u64::from(number) + 1);
        assert_eq!(entry.account, AccountId([100 + number; 32]));
        assert_eq!(entry.participant.profile, [number; 32]);
    }
    assert_eq!(data.list(99, 1), all[99..100]);
    assert_eq!(data.list(99, 9), all[99..]);
    for (from, limit) in [(0, 0), (101, 1), (102, 1), (u64::MAX, u32::MAX)] {
        assert_eq!(data.list(from, limit), []);
    }
    // A call's answer has room for 16 KiB.
    let page = ink::scale::Encode::encode(&data.list(0, u32::MAX));
    assert!(page.len() < 16 * 1024);
}
