//! The token on the chain: what leaves nothing, what a freeze holds fast, the way of money from the
//! bank and back to it, and the same answers as a token that is made with the published crate.

use std::sync::Arc;

use assent_interface::governance::{Next, Scheduled};
use assent_interface::token::Treasury;
use assent_interface::{governance, rewards, token};
use assent_sandbox::ledger::{
    DELAY, EARNING, HOSPITAL, INSTITUTE, Ledger, PATIENT, REGULATOR, RELATIVE, STRANGER, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Executed, Outcome};
use parity_scale_codec::Encode;

const FROZEN: &str = "Custom(\"Frozen\")";

/// A transfer carries no data here.
const NO_DATA: Vec<u8> = Vec::new();

fn balance(ledger: &mut Ledger, owner: Account) -> u128 {
    ledger.view("token", token::BALANCE_OF, &owner)
}

fn supply(ledger: &mut Ledger) -> u128 {
    ledger.view("token", token::TOTAL_SUPPLY, &())
}

fn mint(ledger: &mut Ledger, to: Account, amount: u128, receipt: u8) -> Executed {
    ledger.done(REGULATOR, "token", token::MINT, &(to, amount, [receipt; 32]))
}

fn freeze(ledger: &mut Ledger, account: Account) {
    let frozen = ledger.done(REGULATOR, "token", token::FREEZE, &(account, [0x53u8; 32]));
    assert_eq!(ledger.event_names(&frozen), ["AccountFrozen"]);
    assert!(ledger.view::<bool>("token", token::IS_FROZEN, &account));
}

fn unfreeze(ledger: &mut Ledger, account: Account) {
    let unfrozen = ledger.done(REGULATOR, "token", token::UNFREEZE, &account);
    assert_eq!(ledger.event_names(&unfrozen), ["AccountUnfrozen"]);
    assert!(!ledger.view::<bool>("token", token::IS_FROZEN, &account));
}

#[test]
fn what_would_change_nothing_succeeds_and_leaves_nothing() {
    let mut ledger = Ledger::new();
    mint(&mut ledger, PATIENT, 100, 1);
    ledger.done(PATIENT, "token", token::APPROVE, &(HOSPITAL, 100u128));
    let nothings = [
        (PATIENT, token::TRANSFER, (PATIENT, 100u128, NO_DATA).encode()),
        // Also more than he holds.
        (PATIENT, token::TRANSFER, (PATIENT, 101u128, NO_DATA).encode()),
        (PATIENT, token::TRANSFER, (HOSPITAL, 0u128, NO_DATA).encode()),
        (HOSPITAL, token::TRANSFER_FROM, (PATIENT, PATIENT, 100u128, NO_DATA).encode()),
        (HOSPITAL, token::TRANSFER_FROM, (PATIENT, RELATIVE, 0u128, NO_DATA).encode()),
        // Without an allowance.
        (STRANGER, token::TRANSFER_FROM, (PATIENT, PATIENT, 1u128, NO_DATA).encode()),
        (PATIENT, token::APPROVE, (PATIENT, 100u128).encode()),
        (PATIENT, token::INCREASE_ALLOWANCE, (PATIENT, 100u128).encode()),
        (PATIENT, token::INCREASE_ALLOWANCE, (HOSPITAL, 0u128).encode()),
        (PATIENT, token::DECREASE_ALLOWANCE, (PATIENT, 100u128).encode()),
        (PATIENT, token::DECREASE_ALLOWANCE, (HOSPITAL, 0u128).encode()),
    ];
    let token = ledger.token.clone();
    // Nor does it matter then who is frozen.
    for frozen in [None, Some(PATIENT), Some(HOSPITAL)] {
        if let Some(account) = frozen {
            freeze(&mut ledger, account);
        }
        for (caller, label, arguments) in &nothings {
            let before = ledger.root();
            let executed = send(&mut ledger, *caller, &token, label, arguments);
            assert_eq!(executed.outcome, Outcome::Returned(vec![]), "{label}");
            assert!(executed.events.is_empty(), "{label}");
            assert_eq!(ledger.root(), before, "{label}");
        }
    }
}

#[test]
fn money_comes_from_the_bank_and_goes_back_to_it() {
    let mut ledger = Ledger::new();
    let asked = ledger.participants.address;
    let limited = (asked, Some("Assent Euro"), Some("AEUR"), 6u8, Some(100u128), DELAY);
    ledger.token = ledger.another("token", &limited);
    assert_eq!(ledger.view::<Option<u128>>("token", token::CAP, &()), Some(100));
    let treasury: Scheduled<Treasury<Account>> = ledger.view("token", token::TREASURY, &());
    let first = Treasury { account: REGULATOR, confirmed: true };
    assert_eq!(treasury, Scheduled { value: first, next: None });

    let minted = mint(&mut ledger, PATIENT, 100, 1);
    assert_eq!(ledger.event_names(&minted), ["Minted", "Transfer"]);
    assert!(ledger.view::<bool>("token", token::RECEIPT_USED, &[1u8; 32]));
    assert!(!ledger.view::<bool>("token", token::RECEIPT_USED, &[2u8; 32]));
    ledger.refused(REGULATOR, "token", token::MINT, &(PATIENT, 1u128, [2u8; 32]), "CapExceeded");

    // Another treasury pays out; the administrator no longer does.
    let set = ledger.done(REGULATOR, "token", token::SET_TREASURY, &HOSPITAL);
    assert_eq!(ledger.event_names(&set), ["TreasurySet"]);
    let treasury: Scheduled<Treasury<Account>> = ledger.view("token", token::TREASURY, &());
    let value = Treasury { account: HOSPITAL, confirmed: true };
    let next = Next { value, from: ledger.sandbox.now() + DELAY };
    assert_eq!(treasury, Scheduled { value: first, next: Some(next) });
    ledger.refused(HOSPITAL, "token", token::BURN, &(1u128, [2u8; 32]), "NotTreasury");
    ledger.sandbox.advance(DELAY);
    let moved = ledger.done(PATIENT, "token", token::TRANSFER, &(HOSPITAL, 70u128, NO_DATA));
    assert_eq!(ledger.event_names(&moved), ["Transfer"]);
    ledger.refused(REGULATOR, "token", token::BURN, &(1u128, [2u8; 32]), "NotTreasury");
    let burned = ledger.done(HOSPITAL, "token", token::BURN, &(60u128, [2u8; 32]));
    assert_eq!(ledger.event_names(&burned), ["Burned", "Transfer"]);
    assert_eq!(supply(&mut ledger), 40);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, HOSPITAL)), (30, 10));

    // What was burned may be minted again, up to the cap, against other receipts.
    for receipt in [1u8, 2] {
        let again = (PATIENT, 60u128, [receipt; 32]);
        ledger.refused(HOSPITAL, "token", token::MINT, &again, "ReceiptUsed");
    }
    ledger.refused(HOSPITAL, "token", token::MINT, &(PATIENT, 61u128, [3u8; 32]), "CapExceeded");
    ledger.done(HOSPITAL, "token", token::MINT, &(PATIENT, 60u128, [3u8; 32]));
    assert_eq!((supply(&mut ledger), balance(&mut ledger, PATIENT)), (100, 90));
}

#[test]
fn what_a_frozen_account_holds_stays_until_it_is_unfrozen() {
    let mut ledger = Ledger::new();
    mint(&mut ledger, PATIENT, 100, 1);
    mint(&mut ledger, RELATIVE, 100, 2);
    for owner in [PATIENT, RELATIVE] {
        ledger.done(owner, "token", token::APPROVE, &(HOSPITAL, 100u128));
    }
    freeze(&mut ledger, PATIENT);
    let out = (STRANGER, 1u128, NO_DATA);
    ledger.refused(PATIENT, "token", token::TRANSFER, &out, FROZEN);
    let taken = (PATIENT, STRANGER, 1u128, NO_DATA);
    ledger.refused(HOSPITAL, "token", token::TRANSFER_FROM, &taken, FROZEN);
    ledger.refused(RELATIVE, "token", token::TRANSFER, &(PATIENT, 1u128, NO_DATA), FROZEN);
    ledger.refused(REGULATOR, "token", token::MINT, &(PATIENT, 1u128, [3u8; 32]), "Frozen");
    // What it allows it may still change, since nobody can spend it.
    ledger.done(PATIENT, "token", token::DECREASE_ALLOWANCE, &(HOSPITAL, 90u128));
    assert_eq!(balance(&mut ledger, PATIENT), 100);

    unfreeze(&mut ledger, PATIENT);
    ledger.done(PATIENT, "token", token::TRANSFER, &out);
    let lent = (PATIENT, STRANGER, 10u128, NO_DATA);
    let spent = ledger.done(HOSPITAL, "token", token::TRANSFER_FROM, &lent);
    assert_eq!(ledger.event_names(&spent), ["Approval", "Transfer"]);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, STRANGER)), (89, 11));

    // Who spends what is another's is stopped, too.
    freeze(&mut ledger, HOSPITAL);
    let lent = (RELATIVE, STRANGER, 1u128, NO_DATA);
    ledger.refused(HOSPITAL, "token", token::TRANSFER_FROM, &lent, FROZEN);
    assert_eq!(balance(&mut ledger, RELATIVE), 100);
}

#[test]
fn a_frozen_owner_is_not_paid_and_loses_nothing() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    freeze(&mut ledger, PATIENT);
    ledger.refused(PATIENT, "rewards", rewards::WITHDRAW, &(), "TokenFailed");
    assert_eq!(ledger.view::<u128>("rewards", rewards::OWED, &PATIENT), 10);
    unfreeze(&mut ledger, PATIENT);
    assert_eq!(ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 10);

    // The contract that pays is an account like others.
    ledger.sandbox.advance(EARNING);
    ledger.request(HOSPITAL, PATIENT);
    let rewards = ledger.rewards.address;
    freeze(&mut ledger, rewards);
    ledger.refused(PATIENT, "rewards", rewards::WITHDRAW, &(), "TokenFailed");
    ledger.allow(1);
    ledger.refused(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 1u128), "TokenFailed");
    unfreeze(&mut ledger, rewards);
    assert_eq!(ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 10);
}

#[test]
fn who_gives_everything_away_gets_his_deposit_back() {
    let mut ledger = Ledger::new();
    let token = ledger.token.clone();
    mint(&mut ledger, HOSPITAL, 1, 1);
    let without = ledger.sandbox.entries(&token).len();
    let came = ledger.done(HOSPITAL, "token", token::TRANSFER, &(PATIENT, 1u128, NO_DATA));
    // One entry goes and one comes.
    assert_eq!((came.deposit, ledger.sandbox.entries(&token).len()), (0, without));
    mint(&mut ledger, HOSPITAL, 1, 2);
    let with_both = ledger.sandbox.entries(&token).len();
    let went = ledger.done(PATIENT, "token", token::TRANSFER, &(HOSPITAL, 1u128, NO_DATA));
    assert_eq!(ledger.sandbox.entries(&token).len(), with_both - 1);
    assert!(went.deposit < 0, "{}", went.deposit);

    // A freeze of an account that holds nothing is stored as long as it lasts, an allowance as long
    // as there is one.
    let before = ledger.sandbox.entries(&token);
    freeze(&mut ledger, STRANGER);
    ledger.done(HOSPITAL, "token", token::APPROVE, &(STRANGER, 1u128));
    assert_eq!(ledger.sandbox.entries(&token).len(), before.len() + 2);
    unfreeze(&mut ledger, STRANGER);
    ledger.done(HOSPITAL, "token", token::APPROVE, &(STRANGER, 0u128));
    assert_eq!(ledger.sandbox.entries(&token), before);
}

#[test]
fn who_uses_up_what_another_allows_does_not_get_his_deposit() {
    let mut ledger = Ledger::new();
    mint(&mut ledger, PATIENT, 5, 1);
    mint(&mut ledger, HOSPITAL, 1, 2);
    ledger.done(PATIENT, "token", token::APPROVE, &(HOSPITAL, 5u128));
    let taken = (PATIENT, HOSPITAL, 5u128, NO_DATA);
    let taken = ledger.done(HOSPITAL, "token", token::TRANSFER_FROM, &taken);
    assert_eq!(taken.deposit, 0);
    // The entry is the owner's to give up.
    let taken_back = ledger.done(PATIENT, "token", token::APPROVE, &(HOSPITAL, 0u128));
    assert!(taken_back.deposit < 0, "{}", taken_back.deposit);
}

#[test]
fn nothing_is_minted_after_a_handover_until_the_treasury_is_named() {
    let mut ledger = Ledger::new();
    ledger.done(REGULATOR, "token", governance::PROPOSE_HANDOVER, &HOSPITAL);
    ledger.sandbox.advance(DELAY);
    let accepted = ledger.done(HOSPITAL, "token", governance::ACCEPT_HANDOVER, &());
    assert_eq!(ledger.event_names(&accepted), ["HandoverAccepted", "MintingStopped"]);
    let one = (PATIENT, 1u128, [1u8; 32]);
    ledger.refused(REGULATOR, "token", token::MINT, &one, "TreasuryUnconfirmed");
    ledger.done(HOSPITAL, "token", token::SET_TREASURY, &REGULATOR);
    mint(&mut ledger, PATIENT, 1, 1);
    ledger.refused(REGULATOR, "token", token::SET_TREASURY, &PATIENT, "NotAdministrator");
    ledger.refused(REGULATOR, "token", token::FREEZE, &(PATIENT, [0u8; 32]), "NotAdministrator");
    ledger.refused(HOSPITAL, "token", token::MINT, &(PATIENT, 1u128, [2u8; 32]), "NotTreasury");
    ledger.done(HOSPITAL, "token", token::SET_TREASURY, &HOSPITAL);
    ledger.sandbox.advance(DELAY - 1);
    ledger.refused(HOSPITAL, "token", token::MINT, &(PATIENT, 1u128, [2u8; 32]), "NotTreasury");
    ledger.sandbox.advance(1);
    ledger.done(HOSPITAL, "token", token::MINT, &(PATIENT, 1u128, [2u8; 32]));
    ledger.refused(REGULATOR, "token", token::MINT, &(PATIENT, 1u128, [3u8; 32]), "NotTreasury");
}

/// All but what is about the zero account, a pause or a freeze, which the crate does not know.
#[test]
fn the_token_answers_like_the_published_crate() {
    const UNITS: u128 = 100;
    let mut ledger = Ledger::bare();
    let bundle = Arc::new(Bundle::committed("fixtures/twin"));
    let twin = ledger.sandbox.instantiate(REGULATOR, &bundle, &UNITS).expect("it refuses nothing");
    let token = ledger.token.clone();
    mint(&mut ledger, REGULATOR, UNITS, 1);

    let parties = [REGULATOR, PATIENT, HOSPITAL];
    let (mut done, mut refused) = (0, 0);
    for value in [0, 1, 40, 100, 7, u128::MAX, 25, 60] {
        for a in parties {
            for b in parties {
                let mut calls = vec![
                    (token::APPROVE, (b, value).encode()),
                    (token::TRANSFER, (b, value, NO_DATA).encode()),
                    (token::INCREASE_ALLOWANCE, (b, value / 2).encode()),
                    (token::DECREASE_ALLOWANCE, (b, value / 3).encode()),
                ];
                calls.extend(
                    parties.map(|c| (token::TRANSFER_FROM, (c, b, value / 4, NO_DATA).encode())),
                );
                for (label, arguments) in calls {
                    let [ours, theirs] = [&token, &twin].map(|contract| {
                        let executed = send(&mut ledger, a, contract, label, &arguments);
                        let events = executed.events.into_iter().map(|event| event.data);
                        (executed.outcome, events.collect::<Vec<_>>())
                    });
                    assert_eq!(ours, theirs, "{label} by {} with {arguments:?}", a[0]);
                    match ours.0 {
                        Outcome::Returned(_) => done += 1,
                        _ => refused += 1,
                    }
                }
                for label in [token::BALANCE_OF, token::ALLOWANCE] {
                    let arguments = (b, a).encode();
                    let taken = if label == token::ALLOWANCE { 64 } else { 32 };
                    let [ours, theirs] = [&token, &twin]
                        .map(|contract| send(&mut ledger, a, contract, label, &arguments[..taken]));
                    assert_eq!(ours.outcome, theirs.outcome, "{label} of {}", b[0]);
                }
            }
        }
    }
    assert!(done > 100 && refused > 50, "{done} done, {refused} refused");
    assert_eq!(supply(&mut ledger), UNITS);
    let held = parties.map(|party| balance(&mut ledger, party));
    assert_eq!(held.iter().sum::<u128>(), UNITS);
}

fn send(
    ledger: &mut Ledger,
    caller: Account,
    contract: &Contract,
    label: &str,
    arguments: &[u8],
) -> Executed {
    let input = [&contract.bundle.message(label).selector[..], arguments].concat();
    ledger.sandbox.call_raw(caller, contract, label, input)
}
