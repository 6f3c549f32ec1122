//! The rules of the token, against a plain model where they are about money, and the selectors.

use crate::data::{Data, TokenEvent};
use crate::errors::TokenError;
use crate::token::Token;
use assent_traits::psp22::{PSP22Error, PSP22Metadata, PSP22};
use ink::env::{test::set_caller, DefaultEnvironment};
use ink::prelude::string::String;
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;
use std::collections::BTreeMap;

const TREASURY: AccountId = AccountId([9; 32]);
const ALICE: AccountId = AccountId([1; 32]);
const BOB: AccountId = AccountId([2; 32]);
const CAROL: AccountId = AccountId([3; 32]);
const ZERO: AccountId = AccountId([0; 32]);

fn receipt(number: u8) -> [u8; 32] {
    [number; 32]
}

#[ink::test]
fn a_receipt_mints_once() {
    let mut data = Data::new();
    assert_eq!(data.mint(ZERO, 0, receipt(1)), Err(TokenError::ZeroAmount));
    assert_eq!(data.mint(ZERO, 5, receipt(1)), Err(TokenError::ZeroRecipient));
    let (minted, transfer) = data.mint(ALICE, 5, receipt(1)).unwrap();
    assert_eq!((minted.to, minted.amount), (ALICE, 5));
    assert_eq!((transfer.from, transfer.to), (None, Some(ALICE)));
    assert_eq!(data.mint(BOB, 5, receipt(1)), Err(TokenError::ReceiptUsed));
    assert_eq!(data.mint(BOB, u128::MAX - 4, receipt(2)), Err(TokenError::SupplyOverflow));
    data.mint(BOB, u128::MAX - 5, receipt(2)).unwrap();
    assert_eq!(data.total_supply(), u128::MAX);
}

#[ink::test]
fn transfers_refuse_and_ignore_in_order() {
    let mut data = Data::new();
    data.mint(ALICE, 10, receipt(1)).unwrap();
    assert_eq!(data.transfer(ALICE, ZERO, 11), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(data.transfer(ALICE, ALICE, 11), Ok(vec![]));
    assert_eq!(data.transfer(ALICE, BOB, 0), Ok(vec![]));
    assert_eq!(data.transfer(ALICE, BOB, 11), Err(PSP22Error::InsufficientBalance));
    assert_eq!(data.transfer(ALICE, BOB, 10).unwrap().len(), 1);
    assert_eq!((data.balance_of(ALICE), data.balance_of(BOB)), (0, 10));
}

#[ink::test]
fn allowances_are_used_up() {
    let mut data = Data::new();
    data.mint(ALICE, 10, receipt(1)).unwrap();
    assert_eq!(data.transfer_from(BOB, ZERO, CAROL, 1), Err(PSP22Error::ZeroSenderAddress));
    assert_eq!(data.transfer_from(BOB, ALICE, ZERO, 1), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(data.transfer_from(BOB, ALICE, CAROL, 1), Err(PSP22Error::InsufficientAllowance));
    data.approve(ALICE, BOB, 20).unwrap();
    assert_eq!(data.transfer_from(BOB, ALICE, CAROL, 11), Err(PSP22Error::InsufficientBalance));
    assert_eq!(data.allowance(ALICE, BOB), 20, "a refusal writes nothing");
    let events = data.transfer_from(BOB, ALICE, CAROL, 4).unwrap();
    assert!(matches!(&events[..], [TokenEvent::Approval(a), TokenEvent::Transfer(t)]
        if a.amount == 16 && t.value == 4));
    assert_eq!(data.balance_of(CAROL), 4);

    // The owner himself needs no allowance, and uses none.
    assert_eq!(data.transfer_from(ALICE, ALICE, BOB, 6).unwrap().len(), 1);
    assert_eq!(data.allowance(ALICE, BOB), 16);

    assert_eq!(data.decrease_allowance(ALICE, BOB, 17), Err(PSP22Error::InsufficientAllowance));
    data.decrease_allowance(ALICE, BOB, 16).unwrap();
    assert_eq!(data.allowance(ALICE, BOB), 0);
    data.increase_allowance(ALICE, BOB, 3).unwrap();
    data.increase_allowance(ALICE, BOB, u128::MAX).unwrap();
    assert_eq!(data.allowance(ALICE, BOB), u128::MAX);
    assert_eq!(data.approve(ALICE, ALICE, 1), Ok(vec![]));
    assert_eq!(data.approve(ALICE, ZERO, 1), Err(PSP22Error::ZeroRecipientAddress));
}

/// A thousand pseudo-random operations: balances stay those of a plain model, and add up.
#[ink::test]
fn supply_is_the_sum_of_balances() {
    let accounts = [ALICE, BOB, CAROL, TREASURY];
    let mut data = Data::new();
    let mut model: BTreeMap<AccountId, u128> = BTreeMap::new();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    for step in 0..1_000u32 {
        let from = accounts[random(4) as usize];
        let to = accounts[random(4) as usize];
        let amount = u128::from(random(50));
        if random(5) == 0 {
            let mut receipt = [0; 32];
            receipt[..4].copy_from_slice(&step.to_le_bytes());
            if data.mint(to, amount, receipt).is_ok() {
                *model.entry(to).or_default() += amount;
            }
        } else {
            let spender = accounts[random(4) as usize];
            if random(2) == 0 {
                data.approve(from, spender, amount * 2).unwrap();
            }
            let allowed = spender == from || data.allowance(from, spender) >= amount;
            let moved = data.transfer_from(spender, from, to, amount);
            let held = model.get(&from).copied().unwrap_or_default();
            if from == to || amount == 0 {
                assert_eq!(moved, Ok(vec![]));
            } else if !allowed {
                assert_eq!(moved, Err(PSP22Error::InsufficientAllowance));
            } else if held < amount {
                assert_eq!(moved, Err(PSP22Error::InsufficientBalance));
            } else {
                moved.unwrap();
                *model.entry(from).or_default() -= amount;
                *model.entry(to).or_default() += amount;
            }
        }
        let sum: u128 = accounts.iter().map(|a| data.balance_of(*a)).sum();
        assert_eq!(sum, data.total_supply());
        for account in accounts {
            let expected = model.get(&account).copied().unwrap_or_default();
            assert_eq!(data.balance_of(account), expected);
        }
    }
}

#[ink::test]
fn the_shell_bounds_labels_and_guards_the_mint() {
    set_caller::<DefaultEnvironment>(TREASURY);
    let long = || Some("x".repeat(65));
    let fits = || Some("x".repeat(64));
    assert_eq!(Token::new(long(), long(), 6).err(), Some(TokenError::NameTooLong));
    assert_eq!(Token::new(fits(), long(), 6).err(), Some(TokenError::SymbolTooLong));
    let mut token = Token::new(fits(), Some(String::from("AEUR")), 6).unwrap();
    assert_eq!(token.treasury(), TREASURY);
    assert_eq!(token.token_name(), fits());
    assert_eq!(token.token_symbol().as_deref(), Some("AEUR"));
    assert_eq!(token.token_decimals(), 6);

    set_caller::<DefaultEnvironment>(ALICE);
    assert_eq!(token.mint(ALICE, 0, receipt(1)), Err(TokenError::NotTreasury));
    set_caller::<DefaultEnvironment>(TREASURY);
    token.mint(ALICE, 10, receipt(1)).unwrap();
    set_caller::<DefaultEnvironment>(ALICE);
    token.transfer(BOB, 4, vec![]).unwrap();
    assert_eq!((token.balance_of(ALICE), token.balance_of(BOB)), (6, 4));
    // Minted, Transfer, Transfer.
    assert_eq!(ink::env::test::recorded_events().count(), 3);
}

#[test]
fn messages_match_the_standard_and_what_other_contracts_call() {
    use assent_traits::psp22;
    const TRANSFER: u32 = u32::from_be_bytes(psp22::TRANSFER);
    const TRANSFER_FROM: u32 = u32::from_be_bytes(psp22::TRANSFER_FROM);
    let _: <Token as DispatchableMessageInfo<TRANSFER>>::Input = (ALICE, 1u128, vec![0u8]);
    let _: <Token as DispatchableMessageInfo<TRANSFER_FROM>>::Input =
        (ALICE, BOB, 1u128, vec![0u8]);
    // The standard's selectors are the first bytes of the hashed names.
    assert_eq!(psp22::TRANSFER, ink::selector_bytes!("PSP22::transfer"));
    assert_eq!(psp22::TRANSFER_FROM, ink::selector_bytes!("PSP22::transfer_from"));
}
