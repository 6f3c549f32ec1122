//! What a key takes over of an account whose key it replaced.

use super::*;
use crate::errors::replaced;
use assent_events::token::TakenOver;

const OLD: AccountId = AccountId([51; 32]);
const KEY: AccountId = AccountId([52; 32]);
const NEXT: AccountId = AccountId([53; 32]);
const OTHER: AccountId = AccountId([54; 32]);

fn all(data: &Data) -> u128 {
    [OLD, KEY, NEXT, OTHER].iter().map(|account| data.balance_of(*account)).sum()
}

fn held() -> Data {
    let mut data = super::data();
    for (number, (to, amount)) in [(OLD, 100), (KEY, 5), (OTHER, 50)].into_iter().enumerate() {
        mint(&mut data, to, amount, number as u32);
    }
    data
}

fn moved(from: AccountId, to: AccountId, value: u128) -> Vec<TokenEvent> {
    vec![TokenEvent::Transfer(Transfer { from: Some(from), to: Some(to), value })]
}

#[ink::test]
fn a_key_takes_all_over_and_what_comes_later() {
    let mut data = held();
    data.approve(OLD, OTHER, 9).unwrap();
    let transfer = Transfer { from: Some(OLD), to: Some(KEY), value: 100 };
    let taken = TakenOver { account: OLD, to: KEY };
    assert_eq!(data.take_over(OLD, KEY), Ok(vec![(Some(transfer), taken)]));
    assert_eq!((data.balance_of(OLD), data.balance_of(KEY)), (0, 105));
    assert_eq!(data.take_over(OLD, KEY), Err(Error::AlreadyTakenOver));

    assert_eq!(data.transfer(OTHER, OLD, 10), Ok(moved(OTHER, KEY, 10)));
    let (minted, transfer) = data.mint(TREASURY, NOW, OLD, 7, [9; 32]).unwrap();
    assert_eq!((minted.to, transfer.to), (KEY, Some(KEY)));
    assert_eq!((data.balance_of(OLD), data.balance_of(KEY)), (0, 122));
    assert_eq!(data.transfer(KEY, OLD, 1), Ok(vec![]), "to itself");
    assert_eq!((all(&data), data.total_supply()), (162, 162));

    // The old one spends nothing more, nor does anyone for it.
    assert_eq!(data.transfer(OLD, OTHER, 1), Err(replaced()));
    assert_eq!(data.approve(OLD, OTHER, 1), Err(replaced()));
    assert_eq!(data.approve(OLD, OTHER, 0), Err(replaced()));
    assert_eq!(data.increase_allowance(OLD, OTHER, 1), Err(replaced()));
    assert_eq!(data.decrease_allowance(OLD, OTHER, 1), Err(replaced()));
    assert_eq!(data.transfer_from(OTHER, OLD, OTHER, 1), Err(replaced()));
    assert_eq!(data.allowance(KEY, OTHER), 0, "what it allowed does not go over");
    assert_eq!(data.transfer_from(OTHER, KEY, OTHER, 1), Err(PSP22Error::InsufficientAllowance));
    // Nor does it spend what others allowed it.
    data.approve(OTHER, OLD, 9).unwrap();
    assert_eq!(data.transfer_from(OLD, OTHER, NEXT, 1), Err(replaced()));
    data.approve(KEY, OTHER, 9).unwrap();
    data.transfer_from(OTHER, KEY, NEXT, 9).unwrap();
    assert_eq!(data.balance_of(NEXT), 9);
}

#[ink::test]
fn what_is_frozen_goes_over_frozen() {
    let mut data = held();
    data.freeze(ADMIN, OLD, [1; 32]).unwrap();
    data.take_over(OLD, KEY).unwrap();
    assert!(data.is_frozen(OLD) && data.is_frozen(KEY));
    assert_eq!(data.balance_of(KEY), 105);
    assert_eq!(data.transfer(KEY, OTHER, 1), Err(frozen()));
    assert_eq!(data.transfer(OTHER, OLD, 1), Err(frozen()));
    assert_eq!(data.freeze(ADMIN, OLD, [1; 32]), Err(Error::AlreadyFrozen));
    let event = data.unfreeze(ADMIN, OLD).unwrap();
    assert_eq!(event, AccountUnfrozen { account: KEY, by: ADMIN });
    data.transfer(KEY, OTHER, 1).unwrap();
    assert_eq!(data.freeze(ADMIN, OLD, [1; 32]).unwrap().account, KEY);
    // A key that is frozen stays so, whatever it takes over.
    data.take_over(KEY, NEXT).unwrap();
    assert!(data.is_frozen(NEXT));
}

#[ink::test]
fn the_keys_between_are_taken_over_with_it() {
    let mut data = held();
    data.take_over(OLD, KEY).unwrap();
    data.transfer(OTHER, KEY, 20).unwrap();
    let taken = data.take_over(OLD, NEXT).unwrap();
    let transfer = Transfer { from: Some(KEY), to: Some(NEXT), value: 125 };
    let each = [(None, OLD), (Some(transfer), KEY)];
    let each = each.map(|(transfer, account)| (transfer, TakenOver { account, to: NEXT }));
    assert_eq!(taken, each);
    assert_eq!((data.balance_of(KEY), data.balance_of(NEXT)), (0, 125));
    for old in [OLD, KEY] {
        assert_eq!(data.transfer(OTHER, old, 1), Ok(moved(OTHER, NEXT, 1)));
        assert_eq!(data.transfer(old, OTHER, 1), Err(replaced()));
        assert_eq!(data.take_over(old, NEXT), Err(Error::AlreadyTakenOver));
    }
    assert_eq!(all(&data), 155);
}

#[ink::test]
fn a_key_that_was_passed_over_is_taken_over_later() {
    let mut data = held();
    data.take_over(OLD, NEXT).unwrap();
    assert_eq!(data.balance_of(KEY), 5);
    data.take_over(KEY, NEXT).unwrap();
    assert_eq!((data.balance_of(KEY), data.balance_of(NEXT)), (0, 105));
}

#[ink::test]
fn what_went_to_a_key_before_is_not_named_again() {
    let mut data = held();
    data.take_over(OLD, KEY).unwrap();
    data.take_over(KEY, NEXT).unwrap();
    let taken = data.take_over(OLD, NEXT);
    assert_eq!(taken, Ok(vec![(None, TakenOver { account: OLD, to: NEXT })]));
}

#[ink::test]
fn the_shell_asks_whose_key_it_is() {
    set_caller::<DefaultEnvironment>(ADMIN);
    let mut contract = Token::new(PARTICIPANTS, None, None, 6, None, DELAY).unwrap();
    assert_eq!(contract.participants(), PARTICIPANTS);
    // Natively no key was ever replaced.
    assert_eq!(contract.take_over(OLD), Err(Error::NotReplaced));
    contract.pause().unwrap();
    assert_eq!(contract.take_over(OLD), Err(Error::Paused));
}
