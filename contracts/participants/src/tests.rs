//! The rules of admission, and that others call the messages by the right selectors.

use crate::data::{Data, Status};
use crate::errors::ParticipantsError as Error;
use crate::participants::Participants;
use assent_events::role;
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;

const REGULATOR: AccountId = AccountId([1; 32]);
const ALICE: AccountId = AccountId([2; 32]);
const BOB: AccountId = AccountId([3; 32]);
const PROFILE: [u8; 32] = [7; 32];

fn data() -> Data {
    Data::new(REGULATOR).0
}

#[ink::test]
fn the_deployer_is_the_first_regulator() {
    let (data, registered, approved) = Data::new(REGULATOR);
    assert!(data.has_role(REGULATOR, role::REGULATOR));
    assert!(data.is_admitted(REGULATOR));
    assert_eq!(registered.profile, [0; 32]);
    assert_eq!(approved.roles, role::REGULATOR);
    assert_eq!(approved.by, REGULATOR);
}

#[ink::test]
fn registration_is_pending_until_approved() {
    let mut data = data();
    data.register(ALICE, PROFILE).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().status, Status::Pending);
    assert!(!data.is_admitted(ALICE));
    assert_eq!(data.register(ALICE, PROFILE), Err(Error::AlreadyRegistered));

    data.approve(REGULATOR, ALICE, role::DATA_OWNER | role::AUDITOR).unwrap();
    assert!(data.has_role(ALICE, role::DATA_OWNER | role::PROVIDER));
    assert!(!data.has_role(ALICE, role::PROVIDER));

    data.approve(REGULATOR, ALICE, role::PROVIDER).unwrap();
    assert!(!data.has_role(ALICE, role::DATA_OWNER), "roles are replaced");
    assert_eq!(data.participant(ALICE).unwrap().profile, PROFILE);
}

#[ink::test]
fn approval_refuses_in_order() {
    let mut data = data();
    assert_eq!(data.approve(ALICE, ALICE, 0), Err(Error::NotRegulator));
    assert_eq!(data.approve(REGULATOR, REGULATOR, 0), Err(Error::OwnRoles));
    assert_eq!(data.approve(REGULATOR, ALICE, 0), Err(Error::UnknownRoles));
    assert_eq!(data.approve(REGULATOR, ALICE, role::ALL + 1), Err(Error::UnknownRoles));
    assert_eq!(data.approve(REGULATOR, ALICE, 1), Err(Error::NotRegistered));
}

#[ink::test]
fn a_suspended_participant_passes_no_check() {
    let mut data = data();
    data.register(ALICE, PROFILE).unwrap();
    data.approve(REGULATOR, ALICE, role::ALL).unwrap();
    assert_eq!(data.reinstate(REGULATOR, ALICE), Err(Error::NotSuspended));
    data.suspend(REGULATOR, ALICE, [9; 32]).unwrap();
    assert_eq!(data.suspend(REGULATOR, ALICE, [9; 32]), Err(Error::AlreadySuspended));
    assert!(!data.is_admitted(ALICE));
    assert!(!data.has_role(ALICE, role::ALL));
    assert_eq!(
        data.approve(ALICE, BOB, role::TRADER),
        Err(Error::NotRegulator),
        "a suspended regulator admits nobody"
    );

    data.approve(REGULATOR, ALICE, role::TRADER).unwrap();
    assert!(!data.is_admitted(ALICE), "approval does not reinstate");
    data.reinstate(REGULATOR, ALICE).unwrap();
    assert!(data.has_role(ALICE, role::TRADER));
    assert!(!data.has_role(ALICE, role::REGULATOR));
}

#[ink::test]
fn one_suspended_before_approval_returns_to_pending() {
    let mut data = data();
    assert_eq!(data.suspend(REGULATOR, ALICE, [9; 32]), Err(Error::NotRegistered));
    data.register(ALICE, PROFILE).unwrap();
    data.suspend(REGULATOR, ALICE, [9; 32]).unwrap();
    data.reinstate(REGULATOR, ALICE).unwrap();
    assert_eq!(data.participant(ALICE).unwrap().status, Status::Pending);
    assert!(!data.is_admitted(ALICE));
}

#[ink::test]
fn a_regulator_remains_whatever_is_tried() {
    let mut data = data();
    data.register(ALICE, PROFILE).unwrap();
    data.approve(REGULATOR, ALICE, role::REGULATOR).unwrap();
    data.suspend(ALICE, REGULATOR, [9; 32]).unwrap();
    assert_eq!(data.suspend(ALICE, ALICE, [9; 32]), Err(Error::OwnRoles));
    assert_eq!(data.approve(ALICE, ALICE, role::TRADER), Err(Error::OwnRoles));
    assert_eq!(data.reinstate(REGULATOR, REGULATOR), Err(Error::NotRegulator));
    assert!(data.has_role(ALICE, role::REGULATOR));
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    ink::env::test::set_caller::<ink::env::DefaultEnvironment>(REGULATOR);
    let mut contract = Participants::new();
    ink::env::test::set_caller::<ink::env::DefaultEnvironment>(ALICE);
    contract.register(PROFILE).unwrap();
    assert_eq!(contract.approve(ALICE, 1), Err(Error::NotRegulator));
    ink::env::test::set_caller::<ink::env::DefaultEnvironment>(REGULATOR);
    contract.approve(ALICE, role::PROVIDER).unwrap();
    assert!(contract.has_role(ALICE, role::PROVIDER));
    // Registered and Approved of the regulator and of Alice; the refusal emitted nothing.
    assert_eq!(ink::env::test::recorded_events().count(), 4);
}

/// A message as its callers in `assent-traits` see it.
type Message<const ID: u32> = <Participants as DispatchableMessageInfo<ID>>::Input;

#[test]
fn messages_match_what_other_contracts_call() {
    use assent_traits::participants as calls;
    const HAS_ROLE: u32 = ink::selector_id!("has_role");
    const IS_ADMITTED: u32 = ink::selector_id!("is_admitted");
    let _: Message<HAS_ROLE> = (ALICE, 1u16);
    let _: Message<IS_ADMITTED> = ALICE;
    assert_eq!(<Participants as DispatchableMessageInfo<HAS_ROLE>>::SELECTOR, calls::HAS_ROLE);
    assert_eq!(
        <Participants as DispatchableMessageInfo<IS_ADMITTED>>::SELECTOR,
        calls::IS_ADMITTED
    );
}
