//! The rules of admission, its shell, and that others call the messages by the right selectors.

use crate::data::{Data, Entry, Participant, Status, MAX_LIST, SCHEMA_VERSION};
use crate::errors::ParticipantsError as Error;
use crate::participants::Participants;
use assent_events::{
    governance::{HandoverAccepted, HandoverProposed},
    participants::{Approved, Left, ProfileUpdated, Registered, Reinstated, RolesSet, Suspended},
    role,
};
use assent_governance::{GovernanceError, Governed, MAX_DELAY};
use ink::env::test::{recorded_events, set_block_timestamp, set_caller};
use ink::env::DefaultEnvironment;
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Decode;
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
const DELAY: u64 = 1_000;

/// The administrator, a regulator, and Alice and Bob, who are pending.
fn data() -> Data {
    let mut data = Data::new(ADMIN).0;
    for account in [REGULATOR, ALICE, BOB] {
        data.register(account, PROFILE).unwrap();
    }
    data.approve(ADMIN, true, REGULATOR, role::REGULATOR).unwrap();
    data
}

fn participant(roles: u16, status: Status) -> Option<Participant> {
    Some(Participant { roles, status, profile: PROFILE })
}

#[ink::test]
fn the_deployer_is_the_first_regulator() {
    let (data, registered, approved) = Data::new(ADMIN);
    assert!(data.has_role(ADMIN, role::REGULATOR));
    assert!(data.is_admitted(ADMIN));
    assert_eq!(data.count(), 1);
    let first = Participant { roles: role::REGULATOR, status: Status::Active, profile: [0; 32] };
    assert_eq!(data.list(0, 9), [Entry { index: 0, account: ADMIN, participant: first }]);
    assert_eq!(registered, Registered { account: ADMIN, profile: [0; 32] });
    assert_eq!(approved, Approved { account: ADMIN, roles: role::REGULATOR, by: ADMIN });
}

#[ink::test]
fn one_who_registers_is_pending() {
    let mut data = Data::new(ADMIN).0;
    let event = data.register(ALICE, PROFILE).unwrap();
    assert_eq!(event, Registered { account: ALICE, profile: PROFILE });
    assert_eq!(data.participant(ALICE), participant(0, Status::Pending));
    assert!(!data.is_admitted(ALICE));
    assert_eq!(data.count(), 2);
    assert_eq!(data.register(ALICE, REASON), Err(Error::AlreadyRegistered));
    assert_eq!(data.participant(ALICE), participant(0, Status::Pending));
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
    data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    data.update_profile(ALICE, [6; 32]).unwrap();
    let updated = Participant { roles: 0, status: Status::Suspended, profile: [6; 32] };
    assert_eq!(data.participant(ALICE), Some(updated));
}

#[ink::test]
fn an_approval_admits() {
    let mut data = data();
    let roles = role::DATA_OWNER | role::AUDITOR;
    let event = data.approve(REGULATOR, false, ALICE, roles).unwrap();
    assert_eq!(event, Approved { account: ALICE, roles, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(roles, Status::Active));
    assert!(data.is_admitted(ALICE));
    assert!(data.has_role(ALICE, role::DATA_OWNER | role::PROVIDER), "any of them");
    assert!(!data.has_role(ALICE, role::PROVIDER));
    assert!(!data.has_role(ALICE, 0));
}

#[ink::test]
fn approval_refuses_in_order() {
    let mut data = data();
    let approve = |data: &mut Data, caller, account, roles| {
        data.approve(caller, caller == ADMIN, account, roles).err()
    };
    data.approve(REGULATOR, false, BOB, role::TRADER).unwrap();
    for (caller, account, roles, error) in [
        (STRANGER, STRANGER, 0, Error::NotRegulator),
        (ALICE, STRANGER, 0, Error::NotRegulator),
        (BOB, STRANGER, 0, Error::NotRegulator),
        (REGULATOR, REGULATOR, 0, Error::OwnRoles),
        (ADMIN, ADMIN, 0, Error::OwnRoles),
        (REGULATOR, STRANGER, 0, Error::UnknownRoles),
        (REGULATOR, BOB, role::ALL + 1, Error::UnknownRoles),
        (REGULATOR, ALICE, role::TRADER | (role::ALL + 1), Error::UnknownRoles),
        (REGULATOR, STRANGER, role::REGULATOR, Error::NotRegistered),
        (REGULATOR, BOB, role::REGULATOR, Error::AlreadyApproved),
        (ADMIN, BOB, role::TRADER, Error::AlreadyApproved),
        (REGULATOR, ADMIN, role::TRADER, Error::AlreadyApproved),
        (REGULATOR, ALICE, role::REGULATOR, Error::NotAdministrator),
        (REGULATOR, ALICE, role::ALL, Error::NotAdministrator),
    ] {
        assert_eq!(approve(&mut data, caller, account, roles), Some(error));
    }
    assert_eq!(data.participant(ALICE), participant(0, Status::Pending));
    assert_eq!(approve(&mut data, ADMIN, ALICE, role::ALL), None);

    data.suspend(ADMIN, true, ALICE, REASON).unwrap();
    assert_eq!(
        approve(&mut data, ALICE, STRANGER, 0),
        Some(Error::NotRegulator),
        "a suspended regulator admits nobody"
    );
}

#[ink::test]
fn an_approval_does_not_lift_a_suspension() {
    let mut data = data();
    data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    let event = data.approve(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    assert_eq!(event, Approved { account: ALICE, roles: role::PROVIDER, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(role::PROVIDER, Status::Suspended));
    assert!(!data.is_admitted(ALICE));
    data.reinstate(REGULATOR, false, ALICE).unwrap();
    assert_eq!(data.participant(ALICE), participant(role::PROVIDER, Status::Active));
}

#[ink::test]
fn roles_are_replaced() {
    let mut data = data();
    data.approve(REGULATOR, false, ALICE, role::DATA_OWNER).unwrap();
    let event = data.set_roles(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    assert_eq!(event, RolesSet { account: ALICE, roles: role::PROVIDER, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(role::PROVIDER, Status::Active));
    assert!(!data.has_role(ALICE, role::DATA_OWNER));

    data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    data.set_roles(REGULATOR, false, ALICE, role::TRADER).unwrap();
    assert_eq!(data.participant(ALICE), participant(role::TRADER, Status::Suspended));
    assert!(!data.has_role(ALICE, role::TRADER));
}

#[ink::test]
fn setting_roles_refuses_in_order() {
    let mut data = data();
    let set = |data: &mut Data, caller, account, roles| {
        data.set_roles(caller, caller == ADMIN, account, roles).err()
    };
    data.approve(REGULATOR, false, BOB, role::TRADER).unwrap();
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
    assert_eq!(data.participant(BOB), participant(role::TRADER, Status::Active));
    assert!(data.has_role(ADMIN, role::REGULATOR));

    // The administrator makes a regulator, and unmakes one.
    assert_eq!(set(&mut data, ADMIN, BOB, role::REGULATOR), None);
    assert!(data.has_role(BOB, role::REGULATOR));
    assert_eq!(set(&mut data, ADMIN, REGULATOR, role::TRADER), None);
    assert_eq!(set(&mut data, REGULATOR, ALICE, role::TRADER), Some(Error::NotRegulator));
}

#[ink::test]
fn a_suspended_participant_passes_no_check() {
    let mut data = data();
    let roles = role::ALL & !role::REGULATOR;
    data.approve(REGULATOR, false, ALICE, roles).unwrap();
    let event = data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    assert_eq!(event, Suspended { account: ALICE, reason: REASON, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(roles, Status::Suspended));
    assert!(!data.is_admitted(ALICE));
    assert!(!data.has_role(ALICE, role::ALL));

    let event = data.reinstate(REGULATOR, false, ALICE).unwrap();
    assert_eq!(event, Reinstated { account: ALICE, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(roles, Status::Active));
}

#[ink::test]
fn one_suspended_before_approval_returns_to_pending() {
    let mut data = data();
    data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    assert_eq!(data.participant(ALICE), participant(0, Status::Suspended));
    data.reinstate(REGULATOR, false, ALICE).unwrap();
    assert_eq!(data.participant(ALICE), participant(0, Status::Pending));
    assert!(!data.is_admitted(ALICE));
}

#[ink::test]
fn suspension_and_reinstatement_refuse_in_order() {
    let mut data = data();
    let suspend =
        |data: &mut Data, caller, account| data.suspend(caller, caller == ADMIN, account, REASON);
    let reinstate =
        |data: &mut Data, caller, account| data.reinstate(caller, caller == ADMIN, account);

    assert_eq!(suspend(&mut data, STRANGER, STRANGER), Err(Error::NotRegulator));
    assert_eq!(suspend(&mut data, REGULATOR, REGULATOR), Err(Error::OwnRoles));
    assert_eq!(suspend(&mut data, ADMIN, ADMIN), Err(Error::OwnRoles));
    assert_eq!(suspend(&mut data, REGULATOR, STRANGER), Err(Error::NotRegistered));
    assert_eq!(suspend(&mut data, REGULATOR, ADMIN), Err(Error::NotAdministrator));
    suspend(&mut data, REGULATOR, ALICE).unwrap();
    assert_eq!(suspend(&mut data, REGULATOR, ALICE), Err(Error::AlreadySuspended));

    data.approve(ADMIN, true, BOB, role::REGULATOR).unwrap();
    assert_eq!(suspend(&mut data, BOB, REGULATOR), Err(Error::NotAdministrator));
    assert_eq!(reinstate(&mut data, BOB, REGULATOR), Err(Error::NotSuspended));
    suspend(&mut data, ADMIN, REGULATOR).unwrap();
    assert_eq!(suspend(&mut data, BOB, REGULATOR), Err(Error::AlreadySuspended));
    assert_eq!(suspend(&mut data, REGULATOR, ALICE), Err(Error::NotRegulator));

    assert_eq!(reinstate(&mut data, REGULATOR, REGULATOR), Err(Error::NotRegulator));
    assert_eq!(reinstate(&mut data, BOB, BOB), Err(Error::OwnRoles));
    assert_eq!(reinstate(&mut data, BOB, STRANGER), Err(Error::NotRegistered));
    assert_eq!(reinstate(&mut data, BOB, ADMIN), Err(Error::NotSuspended));
    assert_eq!(reinstate(&mut data, BOB, REGULATOR), Err(Error::NotAdministrator));
    reinstate(&mut data, BOB, ALICE).unwrap();
    reinstate(&mut data, ADMIN, REGULATOR).unwrap();
    assert!(data.has_role(REGULATOR, role::REGULATOR));
}

#[ink::test]
fn one_who_leaves_holds_nothing_and_may_come_back() {
    let mut data = data();
    assert_eq!(data.leave(STRANGER, false), Err(Error::NotRegistered));
    assert_eq!(data.leave(ADMIN, true), Err(Error::OfficeHolder));
    assert_eq!(data.leave(ALICE, false), Err(Error::NothingToLeave));
    data.approve(REGULATOR, false, ALICE, role::TRADER).unwrap();
    assert_eq!(data.leave(ALICE, false), Ok(Left { account: ALICE }));
    assert_eq!(data.participant(ALICE), participant(0, Status::Pending));
    assert_eq!(data.leave(ALICE, false), Err(Error::NothingToLeave));
    assert_eq!(data.register(ALICE, PROFILE), Err(Error::AlreadyRegistered));
    let set = data.set_roles(REGULATOR, false, ALICE, role::TRADER);
    assert_eq!(set, Err(Error::NotApproved));
    data.approve(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    assert_eq!(data.participant(ALICE), participant(role::PROVIDER, Status::Active));

    data.leave(REGULATOR, false).unwrap();
    assert!(!data.has_role(REGULATOR, role::ALL));
    let back = data.approve(ADMIN, true, REGULATOR, role::REGULATOR);
    assert!(back.is_ok());
}

#[ink::test]
fn nobody_leaves_the_black_list() {
    let mut data = data();
    data.suspend(REGULATOR, false, ALICE, REASON).unwrap();
    assert_eq!(data.leave(ALICE, false), Err(Error::AlreadySuspended), "also without roles");
    data.suspend(ADMIN, true, REGULATOR, REASON).unwrap();
    assert_eq!(data.leave(REGULATOR, false), Err(Error::AlreadySuspended));
    let reinstated = data.reinstate(REGULATOR, false, REGULATOR);
    assert!(reinstated.is_err());
    assert_eq!(data.participant(REGULATOR), participant(role::REGULATOR, Status::Suspended));
}

#[ink::test]
fn the_office_takes_its_role_along() {
    let mut data = data();
    data.approve(REGULATOR, false, ALICE, role::TRADER).unwrap();
    let (old, new) = data.succeed(ADMIN, ALICE);
    assert_eq!(old, RolesSet { account: ADMIN, roles: 0, by: ALICE });
    let roles = role::TRADER | role::REGULATOR;
    assert_eq!(new, RolesSet { account: ALICE, roles, by: ALICE });
    assert_eq!(data.participant(ADMIN).unwrap().status, Status::Pending);
    assert_eq!(data.participant(ALICE), participant(roles, Status::Active));

    // One with other roles keeps them; one who is a regulator already stays it.
    let (old, new) = data.succeed(ALICE, REGULATOR);
    assert_eq!(old, RolesSet { account: ALICE, roles: role::TRADER, by: REGULATOR });
    assert_eq!(new, RolesSet { account: REGULATOR, roles: role::REGULATOR, by: REGULATOR });
    assert_eq!(data.participant(ALICE), participant(role::TRADER, Status::Active));
    assert_eq!(data.participant(REGULATOR), participant(role::REGULATOR, Status::Active));
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

fn calls(account: AccountId) {
    set_caller::<DefaultEnvironment>(account);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The latest event, which has to be one of these.
fn latest<E: Decode>() -> E {
    let event = recorded_events().last().unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

/// The contract, with Alice approved as a provider.
fn contract() -> Participants {
    calls(ADMIN);
    let mut contract = Participants::new(DELAY).unwrap();
    for account in [REGULATOR, ALICE, BOB] {
        calls(account);
        contract.register(PROFILE).unwrap();
    }
    calls(ADMIN);
    contract.approve(REGULATOR, role::REGULATOR).unwrap();
    contract.approve(ALICE, role::PROVIDER).unwrap();
    contract
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    calls(ADMIN);
    assert_eq!(Participants::new(MAX_DELAY + 1).err(), Some(GovernanceError::DelayTooLong));
    assert_eq!(emitted(), 0);
    let mut contract = contract();
    assert_eq!(emitted(), 7);
    assert_eq!(contract.count(), 4);
    assert_eq!(contract.list(2, 1)[0].account, ALICE);
    assert_eq!(contract.status(ALICE), Some(Status::Active));
    assert_eq!(contract.status(STRANGER), None);
    assert_eq!(contract.participant(BOB), participant(0, Status::Pending));
    assert!(contract.has_role(ALICE, role::PROVIDER));
    assert!(contract.is_admitted(ALICE));

    calls(REGULATOR);
    assert_eq!(contract.approve(BOB, role::REGULATOR), Err(Error::NotAdministrator));
    assert_eq!(contract.set_roles(ALICE, role::REGULATOR), Err(Error::NotAdministrator));
    assert_eq!(contract.suspend(ADMIN, REASON), Err(Error::NotAdministrator));
    assert_eq!(contract.reinstate(ALICE), Err(Error::NotSuspended));
    assert_eq!(emitted(), 7, "a refusal emits nothing");

    contract.set_roles(ALICE, role::TRADER).unwrap();
    assert_eq!(
        latest::<RolesSet>(),
        RolesSet { account: ALICE, roles: role::TRADER, by: REGULATOR }
    );
    contract.suspend(ALICE, REASON).unwrap();
    assert_eq!(latest::<Suspended>(), Suspended { account: ALICE, reason: REASON, by: REGULATOR });
    contract.reinstate(ALICE).unwrap();
    assert_eq!(latest::<Reinstated>(), Reinstated { account: ALICE, by: REGULATOR });
    calls(ALICE);
    contract.update_profile([8; 32]).unwrap();
    assert_eq!(latest::<ProfileUpdated>(), ProfileUpdated { account: ALICE, profile: [8; 32] });
    contract.leave().unwrap();
    assert_eq!(latest::<Left>(), Left { account: ALICE });
    assert_eq!(contract.leave(), Err(Error::NothingToLeave));
    assert_eq!(emitted(), 12);

    // Who is the administrator is for the shell to know.
    calls(ADMIN);
    assert_eq!(contract.leave(), Err(Error::OfficeHolder));
    contract.suspend(REGULATOR, REASON).unwrap();
    contract.reinstate(REGULATOR).unwrap();
    contract.set_roles(REGULATOR, role::AUDITOR).unwrap();
    assert!(!contract.has_role(REGULATOR, role::REGULATOR));
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract();
    calls(REGULATOR);
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    contract.pause().unwrap();
    assert!(contract.governance().paused);
    let before = emitted();

    // Each of these would be refused for another reason, too.
    calls(STRANGER);
    assert_eq!(contract.update_profile(PROFILE), Err(Error::Paused));
    assert_eq!(contract.approve(STRANGER, 0), Err(Error::Paused));
    assert_eq!(contract.set_roles(STRANGER, 0), Err(Error::Paused));
    assert_eq!(contract.reinstate(STRANGER), Err(Error::Paused));
    calls(ALICE);
    assert_eq!(contract.register(PROFILE), Err(Error::Paused));
    assert_eq!(emitted(), before);

    calls(ALICE);
    contract.leave().unwrap();
    assert_eq!(contract.status(ALICE), Some(Status::Pending));
    calls(REGULATOR);
    contract.suspend(ALICE, REASON).unwrap();
    assert_eq!(contract.status(ALICE), Some(Status::Suspended));
}

#[ink::test]
fn a_handover_needs_an_active_participant_twice() {
    let mut contract = contract();
    set_block_timestamp::<DefaultEnvironment>(5);
    calls(ADMIN);
    for refused in [BOB, STRANGER, AccountId([0; 32])] {
        assert_eq!(contract.propose_handover(refused), Err(GovernanceError::NotEligible));
    }
    let itself = contract.propose_handover(ADMIN);
    assert_eq!(itself, Err(GovernanceError::AlreadyAdministrator));
    contract.propose_handover(ALICE).unwrap();
    contract.cancel_handover().unwrap();
    assert_eq!(contract.cancel_handover(), Err(GovernanceError::NoHandover));
    contract.propose_handover(ALICE).unwrap();
    let not_before = 5 + DELAY;
    assert_eq!(
        latest::<HandoverProposed>(),
        HandoverProposed { from: ADMIN, to: ALICE, not_before }
    );

    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(not_before);
    calls(REGULATOR);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotSuccessor));
    contract.suspend(ALICE, REASON).unwrap();
    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotEligible));
    calls(REGULATOR);
    contract.reinstate(ALICE).unwrap();
    // A pause stops no handover.
    calls(ADMIN);
    contract.pause().unwrap();
    calls(ALICE);
    let before = emitted();
    contract.accept_handover().unwrap();

    let events: Vec<_> = recorded_events().skip(before).map(|event| event.data).collect();
    let [accepted, old, new] = &events[..] else { panic!("three events") };
    let roles = role::PROVIDER | role::REGULATOR;
    assert_eq!(
        HandoverAccepted::decode(&mut &accepted[..]).unwrap(),
        HandoverAccepted { from: ADMIN, to: ALICE }
    );
    assert_eq!(
        RolesSet::decode(&mut &old[..]).unwrap(),
        RolesSet { account: ADMIN, roles: 0, by: ALICE }
    );
    assert_eq!(
        RolesSet::decode(&mut &new[..]).unwrap(),
        RolesSet { account: ALICE, roles, by: ALICE }
    );
    assert_eq!(contract.governance().administrator, ALICE);
    assert!(contract.has_role(ALICE, role::REGULATOR));
    assert_eq!(contract.status(ADMIN), Some(Status::Pending));

    contract.unpause().unwrap();
    assert_eq!(contract.leave(), Err(Error::OfficeHolder));
    calls(ADMIN);
    assert_eq!(contract.leave(), Err(Error::NothingToLeave));
    assert_eq!(contract.suspend(BOB, REASON), Err(Error::NotRegulator));
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
}

#[ink::test]
fn the_government_is_asked_about_the_code() {
    let mut contract = contract();
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    calls(REGULATOR);
    assert_eq!(contract.announce_upgrade(REASON), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    contract.announce_upgrade(REASON).unwrap();
    assert_eq!(contract.governance().upgrade.unwrap().code_hash, REASON);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::TooEarly));
    contract.cancel_upgrade().unwrap();
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
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
