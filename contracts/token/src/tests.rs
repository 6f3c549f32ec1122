//! The rules of the token, against a plain model where they are about money, and their shell.

mod succession;
mod treasury;

use crate::data::{Data, Holding, Labels, Settings, TokenEvent, MAX_LABEL_BYTES, SCHEMA_VERSION};
use crate::errors::{frozen, paused, TokenError as Error};
use crate::token::Token;
use crate::treasury::Treasury;
use assent_events::token::{
    AccountFrozen, AccountUnfrozen, Approval, Burned, Minted, MintingStopped, Transfer, TreasurySet,
};
use assent_governance::{GovernanceError, Governed, Next, Scheduled, MAX_DELAY, MIN_DELAY};
use assent_traits::psp22::{PSP22Error, PSP22Metadata, PSP22};
use ink::env::test::{
    count_used_storage_cells, recorded_events, set_block_timestamp, set_callee, set_caller,
};
use ink::env::DefaultEnvironment;
use ink::prelude::string::String;
use ink::primitives::AccountId;
use ink::reflect::DispatchableMessageInfo;
use ink::scale::{Decode, Encode};
use std::collections::BTreeMap;

/// The contract that knows which key replaced which.
const PARTICIPANTS: AccountId = AccountId([7; 32]);
const ADMIN: AccountId = AccountId([8; 32]);
const TREASURY: AccountId = AccountId([9; 32]);
const ALICE: AccountId = AccountId([1; 32]);
const BOB: AccountId = AccountId([2; 32]);
const CAROL: AccountId = AccountId([3; 32]);
const ZERO: AccountId = AccountId([0; 32]);
const REASON: [u8; 32] = [4; 32];
const DELAY: u64 = 1_000;
const NOW: u64 = 5;
/// First moment at which what is set at [`NOW`] takes effect.
const OVER: u64 = NOW + DELAY;

fn receipt(number: u32) -> [u8; 32] {
    let mut receipt = [0; 32];
    receipt[..4].copy_from_slice(&number.to_le_bytes());
    receipt
}

fn labels() -> Labels {
    Labels { name: None, symbol: None, decimals: 6 }
}

fn with_cap(cap: Option<u128>) -> Data {
    Data::new(TREASURY, NOW, cap, &labels()).unwrap().0
}

/// No units, no cap.
fn data() -> Data {
    with_cap(None)
}

fn mint(data: &mut Data, to: AccountId, amount: u128, number: u32) {
    data.mint(TREASURY, NOW, to, amount, receipt(number)).unwrap();
}

fn freeze(data: &mut Data, account: AccountId) {
    data.freeze(ADMIN, account, REASON).unwrap();
}

fn unfreeze(data: &mut Data, account: AccountId) {
    data.unfreeze(ADMIN, account).unwrap();
}

#[ink::test]
fn a_token_is_made_of_sound_settings() {
    let long = || Some("x".repeat(MAX_LABEL_BYTES + 1));
    let fits = || Some("x".repeat(MAX_LABEL_BYTES));
    for (name, symbol, cap, error) in [
        (long(), long(), Some(0), Some(Error::NameTooLong)),
        (fits(), long(), Some(0), Some(Error::SymbolTooLong)),
        (fits(), fits(), Some(0), Some(Error::ZeroCap)),
        (fits(), fits(), Some(1), None),
        (None, None, None, None),
    ] {
        let labels = Labels { name, symbol, decimals: 6 };
        let data = Data::new(TREASURY, NOW, cap, &labels);
        assert_eq!(data.as_ref().err().copied(), error);
        if let Ok((data, named)) = data {
            assert_eq!(named, TreasurySet { treasury: TREASURY, from: NOW, by: TREASURY });
            let treasury = Scheduled::now(Treasury { account: TREASURY, confirmed: true });
            assert_eq!((data.treasury(), data.cap(), data.labels()), (treasury, cap, labels));
        }
    }
}

#[ink::test]
fn a_mint_is_refused_in_order() {
    let mut data = with_cap(Some(100));
    mint(&mut data, ALICE, 60, 1);
    freeze(&mut data, ALICE);
    for (caller, to, amount, number, error) in [
        (ALICE, ZERO, 0, 1, Error::NotTreasury),
        (TREASURY, ZERO, 0, 1, Error::ZeroAmount),
        (TREASURY, ZERO, 41, 1, Error::ZeroAccount),
        (TREASURY, ALICE, 41, 1, Error::Frozen),
        (TREASURY, BOB, 41, 1, Error::ReceiptUsed),
        (TREASURY, BOB, 41, 2, Error::CapExceeded),
        (TREASURY, BOB, u128::MAX, 2, Error::CapExceeded),
    ] {
        assert_eq!(data.mint(caller, NOW, to, amount, receipt(number)), Err(error));
    }
    assert!(!data.receipt_used(receipt(2)), "a refusal writes nothing");
    assert_eq!((data.total_supply(), data.balance_of(BOB)), (60, 0));

    let (minted, transfer) = data.mint(TREASURY, NOW, BOB, 40, receipt(2)).unwrap();
    assert_eq!(minted, Minted { to: BOB, amount: 40, receipt: receipt(2) });
    assert_eq!(transfer, Transfer { from: None, to: Some(BOB), value: 40 });
    assert!(data.receipt_used(receipt(2)));
    assert_eq!((data.total_supply(), data.balance_of(BOB)), (100, 40));
    assert_eq!(data.mint(TREASURY, NOW, BOB, 1, receipt(3)), Err(Error::CapExceeded), "reached");
}

#[ink::test]
fn without_a_cap_the_supply_is_bounded_by_its_type() {
    let mut data = data();
    mint(&mut data, ALICE, 5, 1);
    let refused = data.mint(TREASURY, NOW, BOB, u128::MAX - 4, receipt(1));
    assert_eq!(refused, Err(Error::ReceiptUsed));
    let refused = data.mint(TREASURY, NOW, BOB, u128::MAX - 4, receipt(2));
    assert_eq!(refused, Err(Error::SupplyOverflow));
    mint(&mut data, BOB, u128::MAX - 5, 2);
    assert_eq!(data.total_supply(), u128::MAX);
    assert_eq!(data.mint(TREASURY, NOW, BOB, 1, receipt(3)), Err(Error::SupplyOverflow));
    data.transfer(BOB, ALICE, u128::MAX - 5).unwrap();
    assert_eq!((data.balance_of(ALICE), data.balance_of(BOB)), (u128::MAX, 0));

    // A cap of everything is a cap.
    let mut capped = with_cap(Some(u128::MAX));
    assert_eq!(capped.mint(TREASURY, NOW, BOB, 1, receipt(3)), Err(Error::CapExceeded));
}

#[ink::test]
fn a_burn_is_refused_in_order() {
    let mut data = with_cap(Some(100));
    mint(&mut data, TREASURY, 60, 1);
    mint(&mut data, ALICE, 40, 2);
    freeze(&mut data, TREASURY);
    for (caller, amount, number, error) in [
        (ALICE, 0, 1, Error::NotTreasury),
        (TREASURY, 0, 1, Error::ZeroAmount),
        (TREASURY, 61, 1, Error::Frozen),
    ] {
        assert_eq!(data.burn(caller, NOW, amount, receipt(number)), Err(error));
    }
    unfreeze(&mut data, TREASURY);
    assert_eq!(data.burn(TREASURY, NOW, 61, receipt(1)), Err(Error::ReceiptUsed), "by a mint");
    assert_eq!(data.burn(TREASURY, NOW, 61, receipt(3)), Err(Error::InsufficientBalance));
    assert!(!data.receipt_used(receipt(3)), "a refusal writes nothing");
    assert_eq!((data.total_supply(), data.balance_of(TREASURY)), (100, 60));

    let (burned, transfer) = data.burn(TREASURY, NOW, 25, receipt(3)).unwrap();
    assert_eq!(burned, Burned { from: TREASURY, amount: 25, receipt: receipt(3) });
    assert_eq!(transfer, Transfer { from: Some(TREASURY), to: None, value: 25 });
    assert_eq!((data.total_supply(), data.balance_of(TREASURY)), (75, 35));
    assert_eq!(data.burn(TREASURY, NOW, 25, receipt(3)), Err(Error::ReceiptUsed), "by a burn");
    assert_eq!(data.mint(TREASURY, NOW, BOB, 25, receipt(3)), Err(Error::ReceiptUsed));
    mint(&mut data, BOB, 25, 4);
    assert_eq!(data.total_supply(), 100, "what was burned leaves room under the cap");
}

#[ink::test]
fn a_freeze_holds_until_it_is_ended() {
    let mut data = data();
    mint(&mut data, ALICE, 10, 1);
    assert_eq!(data.freeze(ADMIN, ZERO, REASON), Err(Error::ZeroAccount));
    assert_eq!(data.unfreeze(ADMIN, ALICE), Err(Error::NotFrozen));
    assert_eq!(data.unfreeze(ADMIN, ZERO), Err(Error::NotFrozen));
    let event = data.freeze(ADMIN, ALICE, REASON).unwrap();
    assert_eq!(event, AccountFrozen { account: ALICE, reason: REASON, by: ADMIN });
    assert_eq!(data.freeze(ADMIN, ALICE, [5; 32]), Err(Error::AlreadyFrozen));
    assert_eq!((data.is_frozen(ALICE), data.is_frozen(BOB)), (true, false));
    assert_eq!(data.balance_of(ALICE), 10);
    let event = data.unfreeze(ADMIN, ALICE).unwrap();
    assert_eq!(event, AccountUnfrozen { account: ALICE, by: ADMIN });
    assert!(!data.is_frozen(ALICE));
    assert_eq!(data.balance_of(ALICE), 10);
    assert_eq!(data.unfreeze(ADMIN, ALICE), Err(Error::NotFrozen));
    data.transfer(ALICE, BOB, 10).unwrap();
}

#[ink::test]
fn a_frozen_account_neither_sends_nor_receives_nor_spends() {
    let mut data = data();
    mint(&mut data, ALICE, 10, 1);
    mint(&mut data, BOB, 10, 2);
    data.approve(ALICE, BOB, 5).unwrap();
    data.approve(ALICE, CAROL, 5).unwrap();
    data.approve(BOB, ALICE, 5).unwrap();
    freeze(&mut data, ALICE);
    assert_eq!(data.transfer(ALICE, BOB, 1), Err(frozen()));
    assert_eq!(data.transfer(BOB, ALICE, 1), Err(frozen()));
    assert_eq!(data.transfer_from(BOB, ALICE, CAROL, 1), Err(frozen()), "from");
    assert_eq!(data.transfer_from(CAROL, BOB, ALICE, 1), Err(frozen()), "to");
    assert_eq!(data.transfer_from(ALICE, BOB, CAROL, 1), Err(frozen()), "the caller");
    assert_eq!(data.transfer_from(ALICE, BOB, ALICE, 1), Err(frozen()), "caller and to");
    assert_eq!(data.transfer_from(ALICE, ALICE, BOB, 1), Err(frozen()), "caller and from");
    assert_eq!(data.balance_of(ALICE), 10);
    assert_eq!(data.allowance(BOB, ALICE), 5, "a refusal writes nothing");

    // What does nothing is not refused.
    assert_eq!(data.transfer(ALICE, ALICE, 11), Ok(vec![]));
    assert_eq!(data.transfer(ALICE, BOB, 0), Ok(vec![]));
    assert_eq!(data.transfer_from(BOB, ALICE, ALICE, 11), Ok(vec![]));
    assert_eq!(data.transfer_from(ALICE, BOB, CAROL, 0), Ok(vec![]));
    // Approvals go on: nobody can spend them.
    data.approve(ALICE, BOB, 7).unwrap();
    data.increase_allowance(ALICE, BOB, 1).unwrap();
    data.decrease_allowance(ALICE, BOB, 2).unwrap();
    data.approve(BOB, ALICE, 1).unwrap();
    assert_eq!((data.allowance(ALICE, BOB), data.allowance(BOB, ALICE)), (6, 1));
    assert_eq!(data.transfer_from(BOB, ALICE, CAROL, 6), Err(frozen()));
    data.transfer(BOB, CAROL, 1).unwrap();

    unfreeze(&mut data, ALICE);
    data.transfer_from(BOB, ALICE, CAROL, 6).unwrap();
    data.transfer_from(ALICE, BOB, CAROL, 1).unwrap();
}

#[ink::test]
fn transfers_refuse_and_ignore_in_order() {
    let mut data = data();
    mint(&mut data, ALICE, 10, 1);
    freeze(&mut data, CAROL);
    assert_eq!(data.transfer(ALICE, ZERO, 11), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(data.transfer(CAROL, ZERO, 0), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(data.transfer(ALICE, ALICE, 11), Ok(vec![]));
    assert_eq!(data.transfer(ALICE, CAROL, 0), Ok(vec![]));
    assert_eq!(data.transfer(ALICE, CAROL, 11), Err(frozen()));
    assert_eq!(data.transfer(CAROL, ALICE, 11), Err(frozen()));
    assert_eq!(data.transfer(ALICE, BOB, 11), Err(PSP22Error::InsufficientBalance));
    let transfer = Transfer { from: Some(ALICE), to: Some(BOB), value: 10 };
    assert_eq!(data.transfer(ALICE, BOB, 10), Ok(vec![TokenEvent::Transfer(transfer)]));
    assert_eq!((data.balance_of(ALICE), data.balance_of(BOB)), (0, 10));
    assert_eq!(data.total_supply(), 10);
}

#[ink::test]
fn transfers_on_an_allowance_refuse_and_ignore_in_order() {
    let mut data = data();
    mint(&mut data, ALICE, 10, 1);
    freeze(&mut data, CAROL);
    assert_eq!(data.transfer_from(CAROL, ZERO, ZERO, 0), Err(PSP22Error::ZeroSenderAddress));
    assert_eq!(data.transfer_from(CAROL, ALICE, ZERO, 0), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(data.transfer_from(CAROL, ALICE, ALICE, 11), Ok(vec![]));
    assert_eq!(data.transfer_from(CAROL, ALICE, BOB, 0), Ok(vec![]));
    for (caller, from, to) in
        [(BOB, CAROL, ALICE), (BOB, ALICE, CAROL), (CAROL, ALICE, BOB), (CAROL, CAROL, ALICE)]
    {
        assert_eq!(data.transfer_from(caller, from, to, 11), Err(frozen()));
    }
    let refused = data.transfer_from(BOB, ALICE, TREASURY, 11);
    assert_eq!(refused, Err(PSP22Error::InsufficientAllowance));
    data.approve(ALICE, BOB, 20).unwrap();
    let refused = data.transfer_from(BOB, ALICE, TREASURY, 11);
    assert_eq!(refused, Err(PSP22Error::InsufficientBalance));
    assert_eq!(data.allowance(ALICE, BOB), 20, "a refusal writes nothing");

    let approval = Approval { owner: ALICE, spender: BOB, amount: 16 };
    let transfer = Transfer { from: Some(ALICE), to: Some(TREASURY), value: 4 };
    assert_eq!(
        data.transfer_from(BOB, ALICE, TREASURY, 4),
        Ok(vec![TokenEvent::Approval(approval), TokenEvent::Transfer(transfer)])
    );
    // To the spender himself, as the rewards contract does it.
    assert_eq!(data.transfer_from(BOB, ALICE, BOB, 1).unwrap().len(), 2);
    // The owner himself needs no allowance, and uses none.
    let transfer = Transfer { from: Some(ALICE), to: Some(BOB), value: 5 };
    assert_eq!(data.transfer_from(ALICE, ALICE, BOB, 5), Ok(vec![TokenEvent::Transfer(transfer)]));
    let refused = data.transfer_from(ALICE, ALICE, BOB, 1);
    assert_eq!(refused, Err(PSP22Error::InsufficientBalance));
    assert_eq!(data.allowance(ALICE, BOB), 15);
    assert_eq!((data.balance_of(BOB), data.balance_of(TREASURY)), (6, 4));
}

#[ink::test]
fn allowances_are_set_raised_and_lowered() {
    let mut data = data();
    let approved =
        |amount| Ok(vec![TokenEvent::Approval(Approval { owner: ALICE, spender: BOB, amount })]);
    let zero = Err(PSP22Error::ZeroRecipientAddress);
    assert_eq!(data.approve(ALICE, ZERO, 1), zero);
    assert_eq!(data.increase_allowance(ALICE, ZERO, 0), zero);
    assert_eq!(data.decrease_allowance(ALICE, ZERO, 0), zero);
    for spender in [ALICE, BOB] {
        assert_eq!(data.increase_allowance(ALICE, spender, 0), Ok(vec![]));
        assert_eq!(data.decrease_allowance(ALICE, spender, 0), Ok(vec![]));
    }
    assert_eq!(data.approve(ALICE, ALICE, 1), Ok(vec![]));
    assert_eq!(data.increase_allowance(ALICE, ALICE, 1), Ok(vec![]));
    assert_eq!(data.decrease_allowance(ALICE, ALICE, 1), Ok(vec![]));

    let refused = data.decrease_allowance(ALICE, BOB, 1);
    assert_eq!(refused, Err(PSP22Error::InsufficientAllowance));
    assert_eq!(data.approve(ALICE, BOB, 16), approved(16));
    let refused = data.decrease_allowance(ALICE, BOB, 17);
    assert_eq!(refused, Err(PSP22Error::InsufficientAllowance));
    assert_eq!(data.decrease_allowance(ALICE, BOB, 10), approved(6));
    assert_eq!(data.increase_allowance(ALICE, BOB, 3), approved(9));
    assert_eq!(data.increase_allowance(ALICE, BOB, u128::MAX), approved(u128::MAX));
    assert_eq!(data.approve(ALICE, BOB, 0), approved(0));
    assert_eq!((data.allowance(ALICE, BOB), data.allowance(BOB, ALICE)), (0, 0));
}

/// A stored value holds its deposit: what says nothing is not stored.
#[ink::test]
fn nothing_is_stored_as_nothing() {
    let mut contract = contract();
    set_callee::<DefaultEnvironment>(CAROL);
    let cells = || count_used_storage_cells::<DefaultEnvironment>(&CAROL).unwrap();
    calls(TREASURY);
    contract.mint(ALICE, 10, receipt(1)).unwrap();
    let alone = cells();
    calls(ALICE);
    contract.transfer(BOB, 10, vec![]).unwrap();
    assert_eq!(cells(), alone, "one account for another");
    contract.approve(BOB, 5).unwrap();
    assert_eq!(cells(), alone + 1);
    contract.decrease_allowance(BOB, 5).unwrap();
    assert_eq!(cells(), alone);
    calls(ADMIN);
    contract.freeze(ALICE, REASON).unwrap();
    contract.freeze(BOB, REASON).unwrap();
    assert_eq!(cells(), alone + 1, "a frozen account without units");
    contract.unfreeze(ALICE).unwrap();
    contract.unfreeze(BOB).unwrap();
    assert_eq!(cells(), alone);
}

/// A spender does not collect the deposit of what he uses up; its owner does.
#[ink::test]
fn what_a_spender_uses_up_stays_stored() {
    let mut contract = contract();
    set_callee::<DefaultEnvironment>(CAROL);
    let cells = || count_used_storage_cells::<DefaultEnvironment>(&CAROL).unwrap();
    calls(TREASURY);
    contract.mint(ALICE, 10, receipt(1)).unwrap();
    contract.mint(BOB, 1, receipt(2)).unwrap();
    calls(ALICE);
    contract.approve(BOB, 10).unwrap();
    let before = cells();
    calls(BOB);
    contract.transfer_from(ALICE, BOB, 10, vec![]).unwrap();
    assert_eq!(cells(), before, "an allowance and a holding of nothing");
    assert_eq!((contract.allowance(ALICE, BOB), contract.balance_of(ALICE)), (0, 0));
    calls(ALICE);
    contract.approve(BOB, 0).unwrap();
    assert_eq!(cells(), before - 1);
}

/// Two thousand pseudo-random operations: balances stay those of a plain model, and add up to what
/// was minted less what was burned.
#[ink::test]
fn supply_is_the_sum_of_balances() {
    let accounts = [ALICE, BOB, CAROL, TREASURY];
    let mut data = with_cap(Some(2_000));
    let mut model: BTreeMap<AccountId, u128> = BTreeMap::new();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let (mut minted, mut burned) = (0u128, 0u128);
    for step in 0..2_000u32 {
        let from = accounts[random(4) as usize];
        let to = accounts[random(4) as usize];
        let amount = u128::from(random(50));
        match random(8) {
            0 => {
                if data.mint(TREASURY, NOW, to, amount, receipt(step)).is_ok() {
                    *model.entry(to).or_default() += amount;
                    minted += amount;
                }
            }
            1 => {
                if data.burn(TREASURY, NOW, amount, receipt(step)).is_ok() {
                    *model.entry(TREASURY).or_default() -= amount;
                    burned += amount;
                }
            }
            2 => drop(data.freeze(ADMIN, to, REASON)),
            3 | 4 => drop(data.unfreeze(ADMIN, to)),
            _ => {
                let spender = accounts[random(4) as usize];
                if random(2) == 0 {
                    data.approve(from, spender, amount * 2).unwrap();
                }
                let allowed = spender == from || data.allowance(from, spender) >= amount;
                let stopped = [from, to, spender].iter().any(|a| data.is_frozen(*a));
                let moved = data.transfer_from(spender, from, to, amount);
                let held = model.get(&from).copied().unwrap_or_default();
                if from == to || amount == 0 {
                    assert_eq!(moved, Ok(vec![]));
                } else if stopped {
                    assert_eq!(moved, Err(frozen()));
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
        }
        let sum: u128 = accounts.iter().map(|a| data.balance_of(*a)).sum();
        assert_eq!(sum, data.total_supply());
        assert_eq!(sum, minted - burned);
        assert!(sum <= 2_000);
        for account in accounts {
            let expected = model.get(&account).copied().unwrap_or_default();
            assert_eq!(data.balance_of(account), expected);
        }
    }
    assert!(burned > 0);
}

fn calls(account: AccountId) {
    set_caller::<DefaultEnvironment>(account);
}

fn emitted() -> usize {
    recorded_events().count()
}

/// The event that was emitted `back` events before the latest, which has to be one of these.
fn event<E: Decode>(back: usize) -> E {
    let event = recorded_events().nth(emitted() - 1 - back).unwrap();
    E::decode(&mut &event.data[..]).unwrap()
}

fn at(now: u64) {
    set_block_timestamp::<DefaultEnvironment>(now);
}

/// The contract of the administrator at [`OVER`], with a treasury of its own that has just taken
/// over, and room for a hundred units.
fn contract() -> Token {
    // Its storage is where the accounts' is not.
    set_callee::<DefaultEnvironment>(CAROL);
    calls(ADMIN);
    at(NOW);
    let mut contract = Token::new(PARTICIPANTS, None, None, 6, Some(100), DELAY).unwrap();
    contract.set_treasury(TREASURY).unwrap();
    at(OVER);
    contract
}

#[ink::test]
fn the_deployer_is_administrator_and_first_treasury() {
    calls(ADMIN);
    let long = || Some("x".repeat(65));
    let fits = || Some("x".repeat(64));
    let late = MAX_DELAY + 1;
    at(NOW);
    for (name, symbol, cap, delay, error) in [
        (long(), long(), Some(0), late, Error::NameTooLong),
        (fits(), long(), Some(0), late, Error::SymbolTooLong),
        (fits(), fits(), Some(0), late, Error::ZeroCap),
        (fits(), fits(), None, late, Error::InvalidDelay),
        (fits(), fits(), None, MIN_DELAY - 1, Error::InvalidDelay),
    ] {
        assert_eq!(Token::new(PARTICIPANTS, name, symbol, 6, cap, delay).err(), Some(error));
    }
    let symbol = Some(String::from("AEUR"));
    let token = Token::new(PARTICIPANTS, fits(), symbol.clone(), 6, Some(7), MAX_DELAY).unwrap();
    let treasury = Scheduled::now(Treasury { account: ADMIN, confirmed: true });
    assert_eq!((token.treasury(), token.cap()), (treasury, Some(7)));
    assert_eq!((token.token_name(), token.token_symbol()), (fits(), symbol));
    assert_eq!((token.token_decimals(), token.total_supply()), (6, 0));
    assert_eq!(token.governance().administrator, ADMIN);
    assert_eq!(token.governance().delay, MAX_DELAY);
    assert_eq!(token.schema_version(), SCHEMA_VERSION);
    // The refusals emitted nothing.
    assert_eq!(emitted(), 1);
    assert_eq!(event::<TreasurySet>(0), TreasurySet { treasury: ADMIN, from: NOW, by: ADMIN });
}

#[ink::test]
fn the_shell_takes_the_caller_and_emits() {
    let mut token = contract();
    assert_eq!(event::<TreasurySet>(0), TreasurySet { treasury: TREASURY, from: OVER, by: ADMIN });
    calls(ALICE);
    assert_eq!(token.mint(ZERO, 0, receipt(1)), Err(Error::NotTreasury));
    assert_eq!(token.burn(0, receipt(1)), Err(Error::NotTreasury));
    assert_eq!(token.set_treasury(ZERO), Err(Error::NotAdministrator));
    assert_eq!(token.freeze(ZERO, REASON), Err(Error::NotAdministrator));
    assert_eq!(token.unfreeze(ALICE), Err(Error::NotAdministrator));
    assert_eq!(emitted(), 2, "a refusal emits nothing");
    calls(ADMIN);
    assert_eq!(token.mint(ALICE, 10, receipt(1)), Err(Error::NotTreasury), "nor may he");

    calls(TREASURY);
    assert_eq!(token.freeze(ALICE, REASON), Err(Error::NotAdministrator));
    assert_eq!(token.mint(ALICE, 101, receipt(1)), Err(Error::CapExceeded));
    token.mint(ALICE, 10, receipt(1)).unwrap();
    assert_eq!(event::<Minted>(1), Minted { to: ALICE, amount: 10, receipt: receipt(1) });
    assert_eq!(event::<Transfer>(0), Transfer { from: None, to: Some(ALICE), value: 10 });
    assert!(token.receipt_used(receipt(1)) && !token.receipt_used(receipt(2)));

    calls(ALICE);
    token.transfer(TREASURY, 4, vec![1]).unwrap();
    assert_eq!(event::<Transfer>(0), Transfer { from: Some(ALICE), to: Some(TREASURY), value: 4 });
    token.approve(BOB, 3).unwrap();
    token.increase_allowance(BOB, 3).unwrap();
    token.decrease_allowance(BOB, 1).unwrap();
    assert_eq!(event::<Approval>(0), Approval { owner: ALICE, spender: BOB, amount: 5 });
    calls(BOB);
    token.transfer_from(ALICE, BOB, 2, vec![]).unwrap();
    assert_eq!(event::<Approval>(1), Approval { owner: ALICE, spender: BOB, amount: 3 });
    assert_eq!(event::<Transfer>(0), Transfer { from: Some(ALICE), to: Some(BOB), value: 2 });
    assert_eq!(token.allowance(ALICE, BOB), 3);

    calls(TREASURY);
    token.burn(4, receipt(2)).unwrap();
    assert_eq!(event::<Burned>(1), Burned { from: TREASURY, amount: 4, receipt: receipt(2) });
    assert_eq!(event::<Transfer>(0), Transfer { from: Some(TREASURY), to: None, value: 4 });
    assert_eq!(token.total_supply(), 6);
    assert_eq!((token.balance_of(ALICE), token.balance_of(BOB)), (4, 2));

    calls(ADMIN);
    token.freeze(ALICE, REASON).unwrap();
    let event_of_freeze = AccountFrozen { account: ALICE, reason: REASON, by: ADMIN };
    assert_eq!(event::<AccountFrozen>(0), event_of_freeze);
    assert!(token.is_frozen(ALICE));
    calls(ALICE);
    assert_eq!(token.transfer(BOB, 1, vec![]), Err(frozen()));
    calls(ADMIN);
    token.unfreeze(ALICE).unwrap();
    assert_eq!(event::<AccountUnfrozen>(0), AccountUnfrozen { account: ALICE, by: ADMIN });
    assert!(!token.is_frozen(ALICE));
    // TreasurySet twice, Minted + Transfer, Transfer, 3 Approvals, Approval + Transfer, Burned + Transfer,
    // AccountFrozen, AccountUnfrozen.
    assert_eq!(emitted(), 14);
}

#[ink::test]
fn a_pause_blocks_first_and_leaves_the_way_out_open() {
    let mut token = contract();
    calls(TREASURY);
    token.mint(ALICE, 10, receipt(1)).unwrap();
    calls(ALICE);
    token.approve(BOB, 5).unwrap();
    token.approve(CAROL, 5).unwrap();
    assert_eq!(token.pause(), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    token.freeze(ALICE, REASON).unwrap();
    token.pause().unwrap();
    assert!(token.governance().paused);

    // Each of these would be refused for another reason, too, or do nothing.
    calls(ALICE);
    assert_eq!(token.mint(ZERO, 0, receipt(1)), Err(Error::Paused));
    assert_eq!(token.burn(0, receipt(1)), Err(Error::Paused));
    assert_eq!(token.unfreeze(BOB), Err(Error::Paused));
    assert_eq!(token.transfer(ZERO, 0, vec![]), Err(paused()));
    assert_eq!(token.transfer(ALICE, 0, vec![]), Err(paused()));
    assert_eq!(token.transfer_from(ZERO, ZERO, 0, vec![]), Err(paused()));
    assert_eq!(token.approve(ZERO, 1), Err(paused()));
    assert_eq!(token.approve(ALICE, 1), Err(paused()));
    assert_eq!(token.approve(BOB, 1), Err(paused()), "also of less than before");
    assert_eq!(token.increase_allowance(ZERO, 0), Err(paused()));

    // These are not blocked: they are refused for their own reasons, or go on.
    assert_eq!(token.set_treasury(ZERO), Err(Error::NotAdministrator));
    assert_eq!(token.freeze(ZERO, REASON), Err(Error::NotAdministrator));
    assert_eq!(token.approve(ZERO, 0), Err(PSP22Error::ZeroRecipientAddress));
    token.approve(BOB, 0).unwrap();
    assert_eq!(token.decrease_allowance(ZERO, 1), Err(PSP22Error::ZeroRecipientAddress));
    assert_eq!(token.decrease_allowance(CAROL, 6), Err(PSP22Error::InsufficientAllowance));
    token.decrease_allowance(CAROL, 2).unwrap();
    assert_eq!((token.allowance(ALICE, BOB), token.allowance(ALICE, CAROL)), (0, 3));
    calls(ADMIN);
    token.freeze(BOB, REASON).unwrap();
    token.set_treasury(ALICE).unwrap();
    assert_eq!(token.unfreeze(BOB), Err(Error::Paused));
    let next = Next { value: Treasury { account: ALICE, confirmed: true }, from: OVER + DELAY };
    assert_eq!((token.balance_of(ALICE), token.treasury().next), (10, Some(next)));

    token.unpause().unwrap();
    token.unfreeze(ALICE).unwrap();
    token.unfreeze(BOB).unwrap();
    calls(ALICE);
    token.transfer(BOB, 10, vec![]).unwrap();
}

#[ink::test]
fn the_office_goes_over_with_its_powers() {
    let mut token = contract();
    calls(ALICE);
    assert_eq!(token.propose_handover(ALICE), Err(GovernanceError::NotAdministrator));
    calls(ADMIN);
    assert_eq!(token.propose_handover(ZERO), Err(GovernanceError::NotEligible));
    token.propose_handover(BOB).unwrap();
    token.cancel_handover().unwrap();
    token.propose_handover(ALICE).unwrap();
    calls(ALICE);
    assert_eq!(token.accept_handover(), Err(GovernanceError::TooEarly));
    at(OVER + DELAY);
    calls(BOB);
    assert_eq!(token.accept_handover(), Err(GovernanceError::NotSuccessor));
    let before = token.treasury();
    calls(ALICE);
    token.accept_handover().unwrap();
    assert_eq!(token.governance().administrator, ALICE);
    assert_eq!(before.at(OVER + DELAY), Treasury { account: TREASURY, confirmed: true });
    let unconfirmed = Treasury { account: TREASURY, confirmed: false };
    assert_eq!(token.treasury(), Scheduled::now(unconfirmed), "another office");
    token.freeze(BOB, REASON).unwrap();
    calls(ADMIN);
    assert_eq!(token.unfreeze(BOB), Err(Error::NotAdministrator));

    assert_eq!(token.announce_upgrade([4; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(token.cancel_upgrade(), Err(GovernanceError::NotAdministrator));
    assert_eq!(token.apply_upgrade(), Err(GovernanceError::NotAdministrator));
    calls(ALICE);
    assert_eq!(token.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(token.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
}

/// What the old administrator trusted mints nothing for the new one, who decides at once.
#[ink::test]
fn a_handover_stops_minting_until_the_treasury_is_named() {
    let mut token = contract();
    calls(TREASURY);
    token.mint(TREASURY, 10, receipt(1)).unwrap();
    calls(ADMIN);
    token.propose_handover(ALICE).unwrap();
    at(OVER + DELAY);
    token.set_treasury(BOB).unwrap();
    calls(ALICE);
    token.accept_handover().unwrap();
    assert_eq!(event::<MintingStopped>(0), MintingStopped { treasury: TREASURY, by: ALICE });
    let accepted = assent_events::governance::HandoverAccepted { from: ADMIN, to: ALICE };
    assert_eq!(event::<assent_events::governance::HandoverAccepted>(1), accepted);

    calls(TREASURY);
    assert_eq!(token.mint(ALICE, 0, receipt(2)), Err(Error::TreasuryUnconfirmed));
    token.burn(4, receipt(2)).unwrap();
    at(OVER + 2 * DELAY);
    calls(BOB);
    assert_eq!(token.mint(ALICE, 0, receipt(3)), Err(Error::NotTreasury), "nor takes he over");
    calls(ALICE);
    token.set_treasury(TREASURY).unwrap();
    let named = TreasurySet { treasury: TREASURY, from: OVER + 2 * DELAY, by: ALICE };
    assert_eq!(event::<TreasurySet>(0), named);
    calls(TREASURY);
    token.mint(ALICE, 1, receipt(3)).unwrap();
}

#[test]
fn stored_values_are_small() {
    let label = Some("x".repeat(MAX_LABEL_BYTES));
    let longest = Labels { name: label.clone(), symbol: label, decimals: u8::MAX };
    assert!(longest.encoded_size() < 1024);
    let treasury = Treasury { account: ALICE, confirmed: true };
    let mut treasury = Scheduled::now(treasury);
    treasury.set(NOW, DELAY, treasury.value);
    assert!(Settings { treasury, cap: Some(u128::MAX) }.encoded_size() < 1024);
    let largest = Holding { balance: u128::MAX, frozen: true, moved_to: Some(ADMIN) };
    assert_eq!(largest.encoded_size(), 50);
}

#[test]
fn messages_match_the_standard_and_what_other_contracts_call() {
    use assent_traits::psp22;
    const BALANCE_OF: u32 = u32::from_be_bytes(psp22::BALANCE_OF);
    const TRANSFER: u32 = u32::from_be_bytes(psp22::TRANSFER);
    const TRANSFER_FROM: u32 = u32::from_be_bytes(psp22::TRANSFER_FROM);
    let _: <Token as DispatchableMessageInfo<BALANCE_OF>>::Input = ALICE;
    let _: <Token as DispatchableMessageInfo<TRANSFER>>::Input = (ALICE, 1u128, vec![0u8]);
    let _: <Token as DispatchableMessageInfo<TRANSFER_FROM>>::Input =
        (ALICE, BOB, 1u128, vec![0u8]);
    // The standard's selectors are the first bytes of the hashed names.
    assert_eq!(psp22::TRANSFER, ink::selector_bytes!("PSP22::transfer"));
    assert_eq!(psp22::TRANSFER_FROM, ink::selector_bytes!("PSP22::transfer_from"));
}
