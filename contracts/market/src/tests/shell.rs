//! What the shell answers without carbon and the token: pauses, offices, refusals, views.

use super::*;
use crate::data::SCHEMA_VERSION;
use crate::market::Market;
use assent_events::market::{FeeSet, LimitsSet};
use assent_governance::{GovernanceError, Governed, MAX_DELAY, MIN_DELAY};
use ink::env::test::{recorded_events, set_block_timestamp, set_callee, set_caller};
use ink::env::DefaultEnvironment;
use ink::scale::Decode;

const ADMINISTRATOR: AccountId = AccountId([9; 32]);
const CARBON: AccountId = AccountId([8; 32]);
const TOKEN: AccountId = AccountId([7; 32]);
/// This contract.
const CONTRACT: AccountId = AccountId([6; 32]);

fn call_as(caller: AccountId) {
    set_caller::<DefaultEnvironment>(caller);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The first event, which has to be one of these.
fn first<E: Decode>() -> E {
    let event = recorded_events().next().unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

/// The latest event, which has to be one of these.
fn latest<E: Decode>() -> E {
    let event = recorded_events().last().unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

fn contract() -> Market {
    set_callee::<DefaultEnvironment>(CONTRACT);
    call_as(ADMINISTRATOR);
    set_block_timestamp::<DefaultEnvironment>(NOW);
    Market::new(CARBON, TOKEN, LIMITS, DELAY).unwrap()
}

/// Puts [`OFFER`] on record, which takes a call to carbon that these tests cannot make.
fn force_order() -> u64 {
    placed(&mut Data::new(NOW, LIMITS, ADMINISTRATOR).unwrap().0, OFFER)
}

#[ink::test]
fn the_constructor_refuses_wrong_limits_first() {
    call_as(ADMINISTRATOR);
    let none = Limits { floor: 0, ceiling: 0 };
    let refused = |limits, delay| Market::new(CARBON, TOKEN, limits, delay).err();
    assert_eq!(refused(none, MAX_DELAY + 1), Some(Error::InvalidLimits));
    assert_eq!(refused(LIMITS, MAX_DELAY + 1), Some(Error::InvalidDelay));
    assert_eq!(refused(LIMITS, MIN_DELAY - 1), Some(Error::InvalidDelay));
    assert_eq!(emitted(), 0, "a refusal emits nothing");
    assert_eq!(refused(LIMITS, MAX_DELAY), None);
}

#[ink::test]
fn the_shell_shows_what_there_is() {
    let contract = contract();
    assert_eq!((contract.carbon(), contract.token()), (CARBON, TOKEN));
    assert_eq!(contract.participants(), PARTICIPANTS);
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let free = Scheduled::now(Fee { fee_bps: 0, collector: ADMINISTRATOR });
    assert_eq!(contract.settings(), Settings { fee: free, limits: LIMITS });
    // Who replays the events knows them, too.
    let fee = FeeSet { fee_bps: 0, collector: ADMINISTRATOR, from: NOW };
    assert_eq!(first::<FeeSet>(), fee);
    let Limits { floor, ceiling } = LIMITS;
    assert_eq!(latest::<LimitsSet>(), LimitsSet { floor, ceiling });
    assert_eq!(emitted(), 2);
    assert_eq!((contract.order_count(), contract.order(1)), (0, None));
    assert_eq!(contract.quote(1, 1), Err(Error::UnknownOrder));

    let order = force_order();
    let free = Order { fee_bps: 0, ..stored() };
    assert_eq!((contract.order_count(), contract.order(order)), (1, Some(free)));
    assert_eq!(contract.orders(1, 32), [(1, free)]);
    let quote = Quote { payment: 6_004, fee: 0, proceeds: 6_004 };
    assert_eq!(contract.quote(order, 4_000), Ok(quote));
}

#[ink::test]
fn only_the_administrator_sets_fee_and_limits() {
    let mut contract = contract();
    call_as(SELLER);
    assert_eq!(contract.set_fee(501, ZERO), Err(Error::NotAdministrator));
    let none = Limits { floor: 0, ceiling: 0 };
    assert_eq!(contract.set_limits(none), Err(Error::NotAdministrator));
    call_as(ADMINISTRATOR);
    assert_eq!(contract.set_fee(501, ZERO), Err(Error::FeeTooHigh));
    assert_eq!(contract.set_fee(500, ZERO), Err(Error::ZeroAccount));
    assert_eq!(contract.set_limits(none), Err(Error::InvalidLimits));
    assert_eq!(emitted(), 2, "a refusal emits nothing");
    contract.set_fee(250, COLLECTOR).unwrap();
    let from = NOW + DELAY;
    assert_eq!(latest::<FeeSet>(), FeeSet { fee_bps: 250, collector: COLLECTOR, from });
    let limits = Limits { floor: 2, ceiling: 3 };
    contract.set_limits(limits).unwrap();
    assert_eq!(latest::<LimitsSet>(), LimitsSet { floor: 2, ceiling: 3 });
    let value = Fee { fee_bps: 0, collector: ADMINISTRATOR };
    let next = Some(Next { value: Fee { fee_bps: 250, collector: COLLECTOR }, from });
    assert_eq!(contract.settings(), Settings { fee: Scheduled { value, next }, limits });
}

/// The caller and the time are those of the call, and what is refused here asks carbon nothing.
#[ink::test]
fn the_shell_takes_the_caller_and_the_time() {
    let mut contract = contract();
    let order = force_order();
    call_as(SELLER);
    assert_eq!(contract.place(SELLER, BATCH, 0, 0, 0), Err(Error::ZeroAmount));
    assert_eq!(contract.place(SELLER, BATCH, 1, 1, NOW), Err(Error::InvalidExpiry));
    assert_eq!(contract.update(2, 1, 1, NOW), Err(Error::UnknownOrder));
    assert_eq!(contract.update(order, 1, 1, NOW), Err(Error::InvalidExpiry));
    assert_eq!(contract.fill(SELLER, order, 1, 2), Err(Error::SelfTrade));
    assert_eq!(contract.prune_expired(vec![]), Err(Error::BatchSize));
    assert_eq!(contract.prune_expired(vec![order; 16]), Ok(0), "it is not over");
    call_as(BUYER);
    assert_eq!(contract.place(SELLER, BATCH, 0, 0, 0), Err(Error::NotAuthorized));
    assert_eq!(contract.update(order, 1, 1, NOW), Err(Error::NotAuthorized));
    assert_eq!(contract.cancel(order), Err(Error::NotAuthorized));
    assert_eq!(contract.cancel(2), Err(Error::UnknownOrder));
    assert_eq!(contract.fill(OTHER, order, 1, 1), Err(Error::NotAuthorized));
    assert_eq!(contract.fill(BUYER, 2, 1, 1), Err(Error::UnknownOrder));
    assert_eq!(contract.fill(BUYER, order, 1, 1), Err(Error::TooExpensive));
    set_block_timestamp::<DefaultEnvironment>(OFFER.expiry);
    assert_eq!(contract.fill(BUYER, order, 1, 1), Err(Error::Expired));
    assert_eq!(emitted(), 2, "those of the constructor");
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut contract = contract();
    force_order();
    contract.pause().unwrap();
    let before = emitted();
    // Each of these would be refused for another reason, too.
    call_as(BUYER);
    assert_eq!(contract.place(BUYER, BATCH, 0, 0, 0), Err(Error::Paused));
    assert_eq!(contract.update(2, 0, 0, 0), Err(Error::Paused));
    assert_eq!(contract.fill(BUYER, 2, 0, 0), Err(Error::Paused));
    assert_eq!(contract.set_fee(501, ZERO), Err(Error::Paused));
    assert_eq!(contract.set_limits(Limits { floor: 0, ceiling: 0 }), Err(Error::Paused));
    // These are not blocked: they are refused for their own reasons, or go on.
    assert_eq!(contract.cancel(1), Err(Error::NotAuthorized));
    assert_eq!(contract.prune_expired(vec![]), Err(Error::BatchSize));
    assert_eq!(contract.prune_expired(vec![1]), Ok(0));
    assert_eq!(contract.quote(1, 4_000).map(|quote| quote.payment), Ok(6_004));
    assert_eq!(emitted(), before);
    call_as(ADMINISTRATOR);
    contract.unpause().unwrap();
    assert_eq!(contract.set_fee(501, ZERO), Err(Error::FeeTooHigh));
}

#[ink::test]
fn the_office_goes_over_with_its_powers() {
    let mut contract = contract();
    assert_eq!(contract.propose_handover(ZERO), Err(GovernanceError::NotEligible));
    contract.propose_handover(OTHER).unwrap();
    contract.cancel_handover().unwrap();
    contract.propose_handover(BUYER).unwrap();
    call_as(BUYER);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_block_timestamp::<DefaultEnvironment>(NOW + DELAY);
    call_as(OTHER);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::NotSuccessor));
    call_as(BUYER);
    contract.accept_handover().unwrap();
    assert_eq!(contract.governance().administrator, BUYER);
    contract.set_fee(1, BUYER).unwrap();
    call_as(ADMINISTRATOR);
    assert_eq!(contract.set_fee(2, BUYER), Err(Error::NotAdministrator));

    assert_eq!(contract.announce_upgrade([4; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NotAdministrator));
    call_as(BUYER);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
}
