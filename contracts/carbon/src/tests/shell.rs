//! What the shell answers without another contract: pauses, offices, events, views, government.

use super::*;
use crate::carbon::Carbon;
use crate::data::{MAX_COMPLIANCE, SCHEMA_VERSION};
use assent_governance::{GovernanceError, Governed, State, MAX_DELAY, MIN_DELAY};
use assent_traits::carbon::{self as calls, EscrowError};
use ink::env::test::{recorded_events, set_block_timestamp, set_caller};
use ink::env::DefaultEnvironment;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::Decode;

const ADMINISTRATOR: AccountId = REGULATOR;
const PARTICIPANTS: AccountId = AccountId([11; 32]);
const TOKEN: AccountId = AccountId([12; 32]);
const NOW: u64 = 5_000;

fn call_as(caller: AccountId) {
    set_caller::<DefaultEnvironment>(caller);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The latest event, decoded as `T`.
fn latest<T: Decode>() -> T {
    let event = recorded_events().last().unwrap();
    T::decode(&mut &event.data[..]).unwrap()
}

/// The contract with the storage that `prepared` left.
fn contract(prepared: impl FnOnce() -> Data) -> Carbon {
    call_as(ADMINISTRATOR);
    set_block_timestamp::<DefaultEnvironment>(NOW);
    let contract = Carbon::new(PARTICIPANTS, TOKEN, TIMES).unwrap();
    // All of it is behind keys, which both have in common.
    let _ = prepared();
    contract
}

#[ink::test]
fn the_constructor_refuses_wrong_times() {
    call_as(ADMINISTRATOR);
    for times in [
        Times { delay: MIN_DELAY - 1, ..TIMES },
        Times { delay: MAX_DELAY + 1, ..TIMES },
        Times { compliance: 0, ..TIMES },
        Times { compliance: MAX_COMPLIANCE + 1, ..TIMES },
    ] {
        let refused = Carbon::new(PARTICIPANTS, TOKEN, times).err();
        assert_eq!(refused, Some(Error::InvalidTimes), "{times:?}");
    }
    assert_eq!(emitted(), 0);
    let longest = Times { delay: MAX_DELAY, compliance: MAX_COMPLIANCE };
    let contract = Carbon::new(PARTICIPANTS, TOKEN, longest).unwrap();
    assert_eq!(contract.times(), longest);
    assert_eq!(emitted(), 1);
    let created = ClassCreated { class: 1, issuer: None, metadata: [0; 32] };
    assert_eq!(latest::<ClassCreated>(), created);
}

#[ink::test]
fn the_views_show_what_is_kept() {
    let contract = contract(periods);
    let stored = periods();
    assert_eq!((contract.participants(), contract.token()), (PARTICIPANTS, TOKEN));
    assert_eq!((contract.times(), contract.counts()), (TIMES, stored.counts()));
    assert_eq!(contract.class(1), stored.class(1));
    assert_eq!((contract.class(2), contract.project(1)), (None, None));
    assert_eq!((contract.batch(2), contract.batch(4)), (stored.batch(2), None));
    assert_eq!((contract.period(2), contract.period(4)), (stored.period(2), None));
    assert_eq!(contract.penalty(), penalty());
    assert_eq!(contract.totals(1), Totals::default());
    assert_eq!(contract.balance_of(1, ALICE), Holding::default());
    assert_eq!(contract.approval(ALICE, OPERATOR, 1), 0);
    assert_eq!(contract.escrow_of(OPERATOR, ALICE, 1), 0);
    assert!(!contract.is_frozen(ALICE));
    assert_eq!((contract.duty(1, ALICE), contract.report(1, ALICE, 1)), (Duty::default(), None));
    assert_eq!(contract.standing(ALICE), Standing::default());
    assert_eq!(contract.rating(ALICE), 500);
}

#[ink::test]
fn ratings_come_in_their_order() {
    let contract = contract(|| {
        let mut data = periods();
        reported(&mut data, 1, ALICE, 1);
        data.settle_period(settle_from(1), 1, ALICE).unwrap();
        data
    });
    assert_eq!((contract.rating(ALICE), contract.rating(BOB)), (0, 500));
    assert_eq!(contract.ratings(ALICE, BOB), (0, 500));
    assert_eq!(contract.ratings(BOB, ALICE), (500, 0));
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract(credits);
    contract.pause().unwrap();
    call_as(ALICE);
    let before = emitted();
    // Each of these would be refused for another reason, too.
    let paused = Err(Error::Paused);
    assert_eq!(contract.create_class(ALICE, REASON), Err(Error::Paused));
    assert_eq!(contract.set_issuer(9, ALICE), paused);
    assert_eq!(contract.create_project(9, ALICE, REASON), Err(Error::Paused));
    assert_eq!(contract.create_batch(9, 0, 0, 0, 0), Err(Error::Paused));
    assert_eq!(contract.issue(9, ALICE, 0), paused);
    assert_eq!(contract.transfer(9, ALICE, 0), paused);
    assert_eq!(contract.transfer_batch(ALICE, vec![]), paused);
    assert_eq!(contract.approve(ALICE, 9, 1), paused);
    assert_eq!(contract.transfer_from(ALICE, 9, ALICE, 0), paused);
    assert_eq!(contract.escrow(ALICE, 9, 0), Err(EscrowError::Paused));
    assert_eq!(contract.deliver(ALICE, 9, ALICE, 0), Err(EscrowError::Paused));
    assert_eq!(contract.set_penalty(0, ZERO), paused);
    assert_eq!(contract.set_period(1, 1, 0), Err(Error::Paused));
    assert_eq!(contract.allocate(9, ALICE, 0), paused);
    assert_eq!(contract.report_emissions(9, ALICE, 0, REASON), paused);
    assert_eq!(contract.settle_period(9, ALICE), Err(Error::Paused));
    assert_eq!(contract.unfreeze(ALICE), paused);

    // These are not blocked: they are refused for their own reasons, or go on.
    assert_eq!(contract.seal_batch(9), Err(Error::UnknownBatch));
    assert_eq!(contract.approve(ALICE, 9, 0), Err(Error::SelfApproval));
    assert_eq!(contract.release(ALICE, 9, 0), Err(EscrowError::ZeroAmount));
    assert_eq!(contract.surrender(9, 9, 0), Err(Error::ZeroAmount));
    assert_eq!(contract.pay_penalty(9, ALICE), Err(Error::NoPenalty));
    assert_eq!(emitted(), before, "a refusal emits nothing");
    contract.approve(OPERATOR, 1, 0).unwrap();
    contract.retire(1, 1, REASON, BOB).unwrap();
    contract.cancel(1, 2, REASON).unwrap();
    assert_eq!(emitted(), before + 3);
    let holding = Holding { tradable: 97, retired: 1, cancelled: 2, ..Holding::default() };
    assert_eq!(contract.balance_of(1, ALICE), holding);

    call_as(ADMINISTRATOR);
    contract.unpause().unwrap();
    assert_eq!(contract.approve(ADMINISTRATOR, 9, 1), Err(Error::SelfApproval));
    assert_eq!(contract.transfer_batch(ALICE, vec![]), Err(Error::BatchSize));
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    let mut contract = contract(|| {
        let mut data = credits();
        data.approve(ALICE, OPERATOR, 1, 10).unwrap();
        data.escrow(OPERATOR, true, ALICE, 1, 10).unwrap();
        data
    });
    let before = emitted();
    call_as(ALICE);
    contract.approve(BOB, 1, 5).unwrap();
    let approved = OperatorApproved { batch: 1, owner: ALICE, operator: BOB, amount: 5 };
    assert_eq!(latest::<OperatorApproved>(), approved);
    assert_eq!(contract.approval(ALICE, BOB, 1), 5);
    contract.retire(1, 7, REASON, BOB).unwrap();
    let retired = Retired { batch: 1, owner: ALICE, beneficiary: BOB, amount: 7, reason: REASON };
    assert_eq!(latest::<Retired>(), retired);
    contract.cancel(1, 3, REASON).unwrap();
    let cancelled = Cancelled { batch: 1, owner: ALICE, amount: 3, reason: REASON };
    assert_eq!(latest::<Cancelled>(), cancelled);
    assert_eq!(contract.release(ALICE, 1, 1), Err(EscrowError::InsufficientEscrow));
    call_as(OPERATOR);
    contract.release(ALICE, 1, 4).unwrap();
    let released = Released { batch: 1, owner: ALICE, operator: OPERATOR, amount: 4 };
    assert_eq!(latest::<Released>(), released);
    assert_eq!(contract.escrow_of(OPERATOR, ALICE, 1), 6);
    assert_eq!(emitted(), before + 4);
}

#[ink::test]
fn only_the_administrator_sets_the_penalty() {
    let mut contract = contract(data);
    call_as(ALICE);
    assert_eq!(contract.set_penalty(0, ZERO), Err(Error::NotAdministrator));
    call_as(ADMINISTRATOR);
    assert_eq!(contract.set_penalty(0, ZERO), Err(Error::ZeroAmount));
    contract.set_penalty(3, BOB).unwrap();
    let from = NOW + TIMES.delay;
    assert_eq!(latest::<PenaltySet>(), PenaltySet { tariff: 3, collector: BOB, from });
    let next = Next { value: Some(Penalty { tariff: 3, collector: BOB }), from };
    assert_eq!(contract.penalty(), Scheduled { value: None, next: Some(next) });
}

#[ink::test]
fn a_period_is_settled_at_the_time_of_its_block() {
    let mut contract = contract(|| {
        let mut data = periods();
        reported(&mut data, 1, ALICE, 2_000);
        reported(&mut data, 1, BOB, 0);
        data
    });
    call_as(CAROL);
    set_block_timestamp::<DefaultEnvironment>(settle_from(1) - 1);
    assert_eq!(contract.settle_period(1, ALICE), Err(Error::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(settle_from(1));
    let before = emitted();
    assert_eq!(contract.settle_period(1, BOB), Ok(0));
    assert_eq!(emitted(), before + 1);
    assert_eq!(latest::<PeriodSettled>().account, BOB);
    assert_eq!(contract.settle_period(1, ALICE), Ok(2_000));
    assert_eq!(emitted(), before + 3);
    let imposed = PenaltyImposed { period: 1, account: ALICE, deficit: 2_000, amount: 1_000 };
    assert_eq!(latest::<PenaltyImposed>(), imposed);
}

#[ink::test]
fn who_takes_part_surrenders_whatever_his_roles() {
    let mut contract = contract(|| {
        let mut data = periods();
        allocated(&mut data, 1, ALICE, 100);
        data
    });
    contract.pause().unwrap();
    call_as(ALICE);
    contract.surrender(1, 1, 60).unwrap();
    let event = Surrendered { period: 1, batch: 1, account: ALICE, amount: 60 };
    assert_eq!(latest::<Surrendered>(), event);
    assert_eq!(contract.duty(1, ALICE).surrendered_at, Some(NOW));
}

#[ink::test]
fn the_contract_is_governed() {
    let mut contract = contract(data);
    let before = emitted();
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let state = State {
        administrator: ADMINISTRATOR,
        paused: false,
        delay: TIMES.delay,
        handover: None,
        upgrade: None,
    };
    assert_eq!(contract.governance(), state);
    contract.propose_handover(ALICE).unwrap();
    contract.cancel_handover().unwrap();
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.governance(), state);
    assert_eq!(contract.propose_handover(ZERO), Err(GovernanceError::NotEligible));
    // Whoever he is: no role is asked for.
    contract.propose_handover(ALICE).unwrap();
    call_as(ALICE);
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.announce_upgrade([1; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(NOW + TIMES.delay);
    contract.accept_handover().unwrap();
    assert_eq!(contract.governance(), State { administrator: ALICE, ..state });
    contract.set_penalty(1, ALICE).unwrap();
    contract.pause().unwrap();
    contract.unpause().unwrap();
    assert_eq!(emitted(), before + 7);
    call_as(ADMINISTRATOR);
    assert_eq!(contract.set_penalty(1, ALICE), Err(Error::NotAdministrator));
}

#[test]
fn messages_match_what_other_contracts_call() {
    const ESCROW: u32 = ink::selector_id!("escrow");
    const RELEASE: u32 = ink::selector_id!("release");
    const DELIVER: u32 = ink::selector_id!("deliver");
    const RATING: u32 = ink::selector_id!("rating");
    const RATINGS: u32 = ink::selector_id!("ratings");
    const PARTICIPANTS: u32 = ink::selector_id!("participants");
    let _: <Carbon as DispatchableMessageInfo<ESCROW>>::Input = (ALICE, 1_u64, 1_u128);
    let _: <Carbon as DispatchableMessageInfo<RELEASE>>::Input = (ALICE, 1_u64, 1_u128);
    let _: <Carbon as DispatchableMessageInfo<DELIVER>>::Input = (ALICE, 1_u64, BOB, 1_u128);
    let _: <Carbon as DispatchableMessageInfo<RATING>>::Input = ALICE;
    let _: <Carbon as DispatchableMessageInfo<RATINGS>>::Input = (ALICE, BOB);
    let () = <Carbon as DispatchableMessageInfo<PARTICIPANTS>>::Input::default();
    assert_eq!(<Carbon as DispatchableMessageInfo<ESCROW>>::SELECTOR, calls::ESCROW);
    assert_eq!(<Carbon as DispatchableMessageInfo<RELEASE>>::SELECTOR, calls::RELEASE);
    assert_eq!(<Carbon as DispatchableMessageInfo<DELIVER>>::SELECTOR, calls::DELIVER);
    assert_eq!(<Carbon as DispatchableMessageInfo<RATING>>::SELECTOR, calls::RATING);
    assert_eq!(<Carbon as DispatchableMessageInfo<RATINGS>>::SELECTOR, calls::RATINGS);
    assert_eq!(<Carbon as DispatchableMessageInfo<PARTICIPANTS>>::SELECTOR, calls::PARTICIPANTS);
    let rating: fn(&Carbon, AccountId) -> u16 = Carbon::rating;
    let ratings: fn(&Carbon, AccountId, AccountId) -> (u16, u16) = Carbon::ratings;
    type Escrow = fn(&mut Carbon, AccountId, u64, u128) -> Result<(), EscrowError>;
    let _: (Escrow, Escrow) = (Carbon::escrow, Carbon::release);
    let _ = (rating, ratings);
}
