//! The shell: it takes the caller, asks who governs, and emits; and others call it by the right
//! selectors.

use super::*;
use crate::data::SCHEMA_VERSION;
use crate::participants::Participants;
use assent_events::{
    governance::{HandoverAccepted, HandoverProposed},
    participants::{
        GuardianAppointed, GuardiansChanged, Left, MandateEnded, MemberAdmitted, ProfileConfirmed,
        Reinstated, RolesSet, Suspended,
    },
    power,
};
use assent_governance::{GovernanceError, Governed, GRACE, MAX_DELAY, MIN_DELAY};
use assent_traits::participants::Agency;
use ink::env::test::{recorded_events, set_block_timestamp, set_caller};
use ink::env::DefaultEnvironment;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Decode;

const DELAY: u64 = 1_000;

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
    contract.approve(REGULATOR, role::REGULATOR, PROFILE).unwrap();
    contract.approve(ALICE, role::PROVIDER, PROFILE).unwrap();
    contract
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    calls(ADMIN);
    for delay in [MIN_DELAY - 1, MAX_DELAY + 1] {
        assert_eq!(Participants::new(delay).err(), Some(GovernanceError::InvalidDelay));
    }
    assert_eq!(emitted(), 0);
    let mut contract = contract();
    assert_eq!(emitted(), 7);
    assert_eq!(contract.count(), 4);
    assert_eq!(contract.list(2, 1)[0].account, ALICE);
    assert_eq!(contract.status(ALICE), Some(Status::Active));
    assert_eq!(contract.status(STRANGER), None);
    assert_eq!(contract.participant(BOB), pending());
    assert!(contract.has_role(ALICE, role::PROVIDER));
    assert!(contract.is_admitted(ALICE));
    let alice = Standing { roles: role::PROVIDER, admitted: true };
    let admission = contract.admission(BOB, ALICE, STRANGER);
    let acting = Some(STRANGER);
    assert_eq!(admission, Admission { other: alice, acting, ..Admission::default() });
    assert_eq!(contract.admission(BOB, ALICE, BOB).for_subject, Agency::OWN);

    calls(REGULATOR);
    assert_eq!(contract.approve(BOB, role::REGULATOR, PROFILE), Err(Error::NotAdministrator));
    assert_eq!(contract.set_roles(ALICE, role::REGULATOR), Err(Error::NotAdministrator));
    assert_eq!(contract.suspend(ADMIN, role::TRADER, REASON), Err(Error::NotAdministrator));
    assert_eq!(contract.reinstate(ALICE, role::TRADER), Err(Error::NotSuspended));
    assert_eq!(emitted(), 7, "a refusal emits nothing");

    contract.set_roles(ALICE, role::TRADER).unwrap();
    assert_eq!(
        latest::<RolesSet>(),
        RolesSet { account: ALICE, roles: role::TRADER, by: REGULATOR }
    );
    let roles = role::TRADER;
    contract.suspend(ALICE, roles, REASON).unwrap();
    let suspended = Suspended { account: ALICE, roles, reason: REASON, by: REGULATOR };
    assert_eq!(latest::<Suspended>(), suspended);
    assert_eq!(contract.status(ALICE), Some(Status::Suspended));
    contract.reinstate(ALICE, roles).unwrap();
    assert_eq!(latest::<Reinstated>(), Reinstated { account: ALICE, roles, by: REGULATOR });
    calls(ALICE);
    contract.update_profile([8; 32]).unwrap();
    assert_eq!(latest::<ProfileUpdated>(), ProfileUpdated { account: ALICE, profile: [8; 32] });
    calls(REGULATOR);
    contract.confirm_profile(ALICE, [8; 32]).unwrap();
    let confirmed = ProfileConfirmed { account: ALICE, profile: [8; 32], by: REGULATOR };
    assert_eq!(latest::<ProfileConfirmed>(), confirmed);
    calls(ALICE);
    contract.leave().unwrap();
    assert_eq!(latest::<Left>(), Left { account: ALICE });
    assert_eq!(contract.leave(), Err(Error::NothingToLeave));
    assert_eq!(emitted(), 13);

    // Who is the administrator is for the shell to know.
    calls(ADMIN);
    assert_eq!(contract.leave(), Err(Error::OfficeHolder));
    contract.suspend(REGULATOR, role::REGULATOR, REASON).unwrap();
    contract.reinstate(REGULATOR, role::REGULATOR).unwrap();
    contract.set_roles(REGULATOR, role::AUDITOR).unwrap();
    assert!(!contract.has_role(REGULATOR, role::REGULATOR));
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract();
    calls(ALICE);
    contract.admit_member(BOB, power::ALL, 5, REASON).unwrap();
    calls(REGULATOR);
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    contract.pause().unwrap();
    assert!(contract.governance().paused);
    let before = emitted();

    // Each of these would be refused for another reason, too.
    calls(STRANGER);
    assert_eq!(contract.update_profile(PROFILE), Err(Error::Paused));
    assert_eq!(contract.approve(STRANGER, 0, REASON), Err(Error::Paused));
    assert_eq!(contract.set_roles(STRANGER, 0), Err(Error::Paused));
    assert_eq!(contract.confirm_profile(STRANGER, REASON), Err(Error::Paused));
    assert_eq!(contract.reinstate(STRANGER, 0), Err(Error::Paused));
    calls(ALICE);
    assert_eq!(contract.register(PROFILE), Err(Error::Paused));
    assert_eq!(emitted(), before);

    calls(ALICE);
    assert_eq!(contract.admit_member(ALICE, 0, 0, REASON), Err(Error::Paused));
    assert_eq!(contract.appoint_guardian(ALICE, ALICE, 0, REASON), Err(Error::Paused));
    contract.end_mandate(ALICE, BOB).unwrap();
    contract.leave().unwrap();
    assert_eq!(contract.status(ALICE), Some(Status::Pending));
    calls(REGULATOR);
    contract.suspend(ALICE, role::PROVIDER, REASON).unwrap();
    assert_eq!(contract.participant(ALICE).unwrap().suspended, role::PROVIDER);
}

#[ink::test]
fn mandates_are_given_and_ended_at_block_time() {
    let mut contract = contract();
    set_block_timestamp::<DefaultEnvironment>(5);
    calls(ALICE);
    assert_eq!(contract.admit_member(BOB, power::ASK, 5, REASON), Err(Error::InvalidTerm));
    contract.admit_member(BOB, power::ASK, 6, REASON).unwrap();
    let expected = MemberAdmitted {
        organisation: ALICE,
        agent: BOB,
        powers: power::ASK,
        until: 6,
        person: REASON,
    };
    assert_eq!(latest::<MemberAdmitted>(), expected);
    let for_alice = |contract: &Participants| contract.admission(ADMIN, ALICE, BOB).for_other;
    assert_eq!(for_alice(&contract), Agency { powers: power::ASK, until: 6, person: Some(REASON) });
    set_block_timestamp::<DefaultEnvironment>(6);
    assert_eq!(for_alice(&contract), Agency::default());
    assert!(contract.mandate(ALICE, BOB).is_some(), "what is over stays on record");
    calls(BOB);
    contract.end_mandate(ALICE, BOB).unwrap();
    let ended = MandateEnded { subject: ALICE, agent: BOB, by: BOB };
    assert_eq!(latest::<MandateEnded>(), ended);
    assert_eq!(contract.mandate(ALICE, BOB), None);
}

#[ink::test]
fn guardians_are_appointed_and_dismissed_at_block_time() {
    let mut contract = contract();
    calls(ADMIN);
    contract.approve(BOB, role::DATA_OWNER, PROFILE).unwrap();
    set_block_timestamp::<DefaultEnvironment>(5);
    calls(REGULATOR);
    let before = emitted();
    assert_eq!(contract.appoint_guardian(BOB, ALICE, 5, REASON), Err(Error::InvalidTerm));
    contract.appoint_guardian(BOB, ALICE, 7, REASON).unwrap();
    let (ward, guardian, person, by) = (BOB, ALICE, REASON, REGULATOR);
    let appointed = GuardianAppointed { ward, guardian, until: 7, person, by };
    assert_eq!((latest::<GuardianAppointed>(), emitted()), (appointed, before + 1));
    contract.appoint_guardian(BOB, ALICE, 6, REASON).unwrap();
    let changed = GuardiansChanged { ward, guardianship: 1 };
    assert_eq!((latest::<GuardiansChanged>(), emitted()), (changed, before + 3));
    let told = contract.admission(BOB, ADMIN, ALICE);
    let acting = Agency { powers: power::GUARDIAN, until: 6, person: Some(REASON) };
    assert_eq!((told.for_subject, told.guardianship), (acting, 1));
    // Also in a pause, and the ward does not.
    calls(ADMIN);
    contract.pause().unwrap();
    calls(BOB);
    assert_eq!(contract.end_mandate(BOB, ALICE), Err(Error::NotAuthorized));
    calls(ALICE);
    contract.end_mandate(BOB, ALICE).unwrap();
    let changed = GuardiansChanged { ward, guardianship: 2 };
    assert_eq!(latest::<GuardiansChanged>(), changed);
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
    let until = not_before + GRACE;
    assert_eq!(
        latest::<HandoverProposed>(),
        HandoverProposed { from: ADMIN, to: ALICE, not_before, until }
    );

    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(until);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::Expired));
    set_block_timestamp::<DefaultEnvironment>(not_before);
    calls(REGULATOR);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotSuccessor));
    contract.suspend(ALICE, role::PROVIDER, REASON).unwrap();
    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotEligible));
    calls(REGULATOR);
    contract.reinstate(ALICE, role::PROVIDER).unwrap();
    // One who is active, but not to be a regulator, is no successor either.
    calls(ADMIN);
    contract.suspend(ALICE, role::REGULATOR, REASON).unwrap();
    assert_eq!(contract.propose_handover(ALICE), Err(GovernanceError::NotEligible));
    calls(ALICE);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotEligible));
    calls(ADMIN);
    contract.reinstate(ALICE, role::REGULATOR).unwrap();
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
    assert_eq!(contract.suspend(BOB, role::TRADER, REASON), Err(Error::NotRegulator));
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
}

#[ink::test]
fn the_government_is_asked_about_the_code() {
    let mut contract = contract();
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    calls(REGULATOR);
    assert_eq!(contract.announce_upgrade(REASON), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
}

/// A message as its callers in `assent-traits` see it.
type Message<const ID: u32> = <Participants as DispatchableMessageInfo<ID>>::Input;

#[test]
fn messages_match_what_other_contracts_call() {
    use assent_traits::participants as calls;
    const SUBJECT_OF: u32 = ink::selector_id!("subject_of");
    const KEY_OF: u32 = ink::selector_id!("key_of");
    const ADMISSION: u32 = ink::selector_id!("admission");
    let _: Message<SUBJECT_OF> = ALICE;
    let _: Message<KEY_OF> = ALICE;
    let _: Message<ADMISSION> = (ALICE, BOB, STRANGER);
    let selector = <Participants as DispatchableMessageInfo<SUBJECT_OF>>::SELECTOR;
    assert_eq!(selector, calls::SUBJECT_OF);
    assert_eq!(<Participants as DispatchableMessageInfo<KEY_OF>>::SELECTOR, calls::KEY_OF);
    assert_eq!(<Participants as DispatchableMessageInfo<ADMISSION>>::SELECTOR, calls::ADMISSION);
}

/// The keys, the pauses and the times are those of the calls.
#[ink::test]
fn a_key_is_replaced_through_the_shell() {
    let mut contract = Participants::new(1_000).unwrap();
    let admin = contract.governance().administrator;
    let call = calls;
    let key = AccountId([77; 32]);
    assert_eq!(contract.name_successor(key), Err(Error::OfficeHolder));
    call(ALICE);
    contract.register(PROFILE).unwrap();
    set_block_timestamp::<DefaultEnvironment>(10);
    contract.name_successor(key).unwrap();
    let waits = contract.succession(ALICE).unwrap();
    assert_eq!((waits.to, waits.not_before, waits.by), (key, 1_010, None));
    call(key);
    set_block_timestamp::<DefaultEnvironment>(1_009);
    assert_eq!(contract.accept_succession(ALICE), Err(Error::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(1_010);
    contract.accept_succession(ALICE).unwrap();
    assert_eq!((contract.subject_of(key), contract.subject_of(ALICE)), (Some(ALICE), None));
    assert_eq!((contract.key_of(ALICE), contract.key_of(key)), (Some(key), None));
    assert_eq!(contract.register(PROFILE), Err(Error::AlreadyRegistered));
    contract.update_profile([8; 32]).unwrap();
    assert_eq!(contract.participant(ALICE).unwrap().profile, [8; 32]);
    call(ALICE);
    assert_eq!(contract.update_profile([9; 32]), Err(Error::Replaced));
    assert_eq!(contract.register(PROFILE), Err(Error::Replaced));
    assert_eq!(contract.leave(), Err(Error::Replaced));
    assert_eq!(contract.end_mandate(ALICE, BOB), Err(Error::Replaced));
    assert_eq!(contract.cancel_succession(), Err(Error::Replaced));

    call(admin);
    let next = AccountId([78; 32]);
    contract.replace_key(ALICE, next, [1; 32]).unwrap();
    contract.pause().unwrap();
    assert_eq!(contract.replace_key(ALICE, next, [1; 32]), Err(Error::Paused));
    call(key);
    assert_eq!(contract.name_successor(next), Err(Error::Paused));
    assert_eq!(contract.accept_succession(ALICE), Err(Error::Paused));
    contract.cancel_succession().unwrap();
    assert!(contract.succession(ALICE).unwrap().objected);
    call(admin);
    assert_eq!(contract.decide_replacement(ALICE, next, true), Err(Error::OwnReplacement));
    contract.decide_replacement(ALICE, next, false).unwrap();
    assert_eq!(contract.succession(ALICE), None);
    contract.unpause().unwrap();
    assert_eq!(contract.propose_handover(ALICE), Err(GovernanceError::NotEligible));
}
