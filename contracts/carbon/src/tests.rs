//! The rules of carbon batches, against a plain model.

use crate::carbon::Carbon;
use crate::data::{Data, Holding, NewBatch};
use crate::errors::CarbonError as Error;
use ink::env::{test::set_caller, DefaultEnvironment};
use ink::primitives::AccountId;

const REGISTRY: AccountId = AccountId([9; 32]);
const ALICE: AccountId = AccountId([1; 32]);
const BOB: AccountId = AccountId([2; 32]);
const CAROL: AccountId = AccountId([3; 32]);
const REASON: [u8; 32] = [4; 32];

fn batch(to: AccountId, amount: u128) -> NewBatch {
    NewBatch { to, project: [8; 32], vintage_start: 10, vintage_end: 20, amount }
}

#[ink::test]
fn serial_ranges_follow_each_other() {
    let mut data = Data::new();
    let first = data.issue(true, batch(ALICE, 100)).unwrap();
    let second = data.issue(true, batch(BOB, 1)).unwrap();
    assert_eq!((first.batch, first.serial_start, first.serial_end), (1, 1, 100));
    assert_eq!((second.batch, second.serial_start, second.serial_end), (2, 101, 101));
    assert_eq!(data.batch(1).unwrap().issued, 100);
    assert_eq!(data.batch(3), None);
    assert_eq!(data.issue(true, batch(ALICE, u128::MAX - 100)), Err(Error::SerialsExhausted));
    data.issue(true, batch(ALICE, u128::MAX - 101)).unwrap();
    assert_eq!(data.issue(true, batch(ALICE, 1)), Err(Error::SerialsExhausted));
}

#[ink::test]
fn issuing_refuses_in_order() {
    let mut data = Data::new();
    let backwards = NewBatch { vintage_end: 10, ..batch(ALICE, 0) };
    assert_eq!(data.issue(false, backwards), Err(Error::InvalidVintage));
    assert_eq!(data.issue(false, batch(ALICE, 0)), Err(Error::ZeroAmount));
    assert_eq!(data.issue(false, batch(ALICE, 1)), Err(Error::NotAdmitted));
}

#[ink::test]
fn transfers_refuse_in_order() {
    let mut data = Data::new();
    data.issue(true, batch(ALICE, 10)).unwrap();
    let mut transfer =
        |admitted, batch, to, amount| data.transfer(ALICE, admitted, batch, to, amount).err();
    assert_eq!(transfer(false, 9, ALICE, 0), Some(Error::NotAdmitted));
    assert_eq!(transfer(true, 9, ALICE, 0), Some(Error::ZeroAmount));
    assert_eq!(transfer(true, 9, ALICE, 11), Some(Error::SelfTransfer));
    assert_eq!(transfer(true, 9, BOB, 11), Some(Error::UnknownBatch));
    assert_eq!(transfer(true, 1, BOB, 11), Some(Error::InsufficientBalance));
    assert_eq!(transfer(true, 1, BOB, 10), None);
}

#[ink::test]
fn retired_units_are_gone() {
    let mut data = Data::new();
    data.issue(true, batch(ALICE, 10)).unwrap();
    assert_eq!(data.retire(ALICE, 9, 0, REASON), Err(Error::ZeroAmount));
    assert_eq!(data.retire(ALICE, 9, 11, REASON), Err(Error::UnknownBatch));
    assert_eq!(data.retire(ALICE, 1, 11, REASON), Err(Error::InsufficientBalance));
    data.retire(ALICE, 1, 7, REASON).unwrap();
    assert_eq!(data.balance_of(1, ALICE), Holding { tradable: 3, retired: 7 });
    assert_eq!(data.transfer(ALICE, true, 1, BOB, 4), Err(Error::InsufficientBalance));
    assert_eq!(data.batch(1).unwrap().retired, 7);
}

/// A thousand pseudo-random operations: issued = tradable + retired, per batch, and retired units
/// never fall.
#[ink::test]
fn issued_units_are_tradable_or_retired() {
    let accounts = [ALICE, BOB, CAROL];
    let mut data = Data::new();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let mut batches = 0;
    let mut retired_before = [0u128; 16];
    for _ in 0..1_000 {
        let from = accounts[random(3) as usize];
        let to = accounts[random(3) as usize];
        let amount = u128::from(random(60));
        let id = random(8);
        // Refusals are part of the game: they must change nothing.
        match random(4) {
            0 if batches < 10 => {
                if let Ok(event) = data.issue(true, batch(to, amount * 10)) {
                    batches = event.batch;
                }
            }
            1 => drop(data.retire(from, id, amount, REASON)),
            _ => drop(data.transfer(from, true, id, to, amount)),
        }
        for id in 1..=batches {
            let batch = data.batch(id).unwrap();
            let held = accounts.map(|account| data.balance_of(id, account));
            let tradable: u128 = held.iter().map(|h| h.tradable).sum();
            let retired: u128 = held.iter().map(|h| h.retired).sum();
            assert_eq!(batch.issued, tradable + retired);
            assert_eq!(batch.retired, retired);
            let before = &mut retired_before[id as usize];
            assert!(retired >= *before);
            *before = retired;
        }
    }
    assert_eq!(batches, 10);
}

#[ink::test]
fn only_the_registry_issues() {
    set_caller::<DefaultEnvironment>(REGISTRY);
    let mut contract = Carbon::new(CAROL);
    assert_eq!(contract.registry(), REGISTRY);
    assert_eq!(contract.participants(), CAROL);
    assert_eq!(contract.issue_batch(ALICE, [8; 32], 10, 10, 1), Err(Error::InvalidVintage));
    set_caller::<DefaultEnvironment>(ALICE);
    assert_eq!(contract.issue_batch(ALICE, [8; 32], 10, 10, 1), Err(Error::NotRegistry));
    assert_eq!(contract.retire(1, 1, REASON), Err(Error::UnknownBatch));
    assert_eq!(contract.balance_of(1, ALICE), Holding::default());
}
