//! The token on the chain: what leaves nothing, what a freeze holds fast, the way of money from the
//! bank and back to it, and the same answers as a token that is made with the published crate.

use std::sync::Arc;

use assent_sandbox::ledger::{
    DELAY, HOSPITAL, INSTITUTE, Ledger, PATIENT, REGULATOR, RELATIVE, STRANGER, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Executed, Outcome};
use parity_scale_codec::Encode;

const TRANSFER: &str = "PSP22::transfer";
const TRANSFER_FROM: &str = "PSP22::transfer_from";
const APPROVE: &str = "PSP22::approve";
const INCREASE: &str = "PSP22::increase_allowance";
const DECREASE: &str = "PSP22::decrease_allowance";

const FROZEN: &str = "Custom(\"Frozen\")";

/// A transfer carries no data here.
const NO_DATA: Vec<u8> = Vec::new();

fn balance(ledger: &mut Ledger, owner: Account) -> u128 {
    ledger.view("token", "PSP22::balance_of", &owner)
}

fn supply(ledger: &mut Ledger) -> u128 {
    ledger.view("token", "PSP22::total_supply", &())
}

fn mint(ledger: &mut Ledger, to: Account, amount: u128, receipt: u8) -> Executed {
    ledger.done(REGULATOR, "token", "mint", &(to, amount, [receipt; 32]))
}

fn freeze(ledger: &mut Ledger, account: Account) {
    let frozen = ledger.done(REGULATOR, "token", "freeze", &(account, [0x53u8; 32]));
    assert_eq!(ledger.event_names(&frozen), ["AccountFrozen"]);
    assert!(ledger.view::<bool>("token", "is_frozen", &account));
}

fn unfreeze(ledger: &mut Ledger, account: Account) {
    let unfrozen = ledger.done(REGULATOR, "token", "unfreeze", &account);
    assert_eq!(ledger.event_names(&unfrozen), ["AccountUnfrozen"]);
    assert!(!ledger.view::<bool>("token", "is_frozen", &account));
}

#[test]
fn what_would_change_nothing_succeeds_and_leaves_nothing() {
    let mut ledger = Ledger::new();
    mint(&mut ledger, PATIENT, 100, 1);
    ledger.done(PATIENT, "token", APPROVE, &(HOSPITAL, 100u128));
    let nothings = [
        (PATIENT, TRANSFER, (PATIENT, 100u128, NO_DATA).encode()),
        // Also more than he holds.
        (PATIENT, TRANSFER, (PATIENT, 101u128, NO_DATA).encode()),
        (PATIENT, TRANSFER, (HOSPITAL, 0u128, NO_DATA).encode()),
        (HOSPITAL, TRANSFER_FROM, (PATIENT, PATIENT, 100u128, NO_DATA).encode()),
        (HOSPITAL, TRANSFER_FROM, (PATIENT, RELATIVE, 0u128, NO_DATA).encode()),
        // Without an allowance.
        (STRANGER, TRANSFER_FROM, (PATIENT, PATIENT, 1u128, NO_DATA).encode()),
        (PATIENT, APPROVE, (PATIENT, 100u128).encode()),
        (PATIENT, INCREASE, (PATIENT, 100u128).encode()),
        (PATIENT, INCREASE, (HOSPITAL, 0u128).encode()),
        (PATIENT, DECREASE, (PATIENT, 100u128).encode()),
        (PATIENT, DECREASE, (HOSPITAL, 0u128).encode()),
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
    let limited = (Some("Assent Euro"), Some("AEUR"), 6u8, Some(100u128), DELAY);
    ledger.token = ledger.another("token", &limited);
    assert_eq!(ledger.view::<Option<u128>>("token", "cap", &()), Some(100));
    assert_eq!(ledger.view::<Account>("token", "treasury", &()), REGULATOR);

    let minted = mint(&mut ledger, PATIENT, 100, 1);
    assert_eq!(ledger.event_names(&minted), ["Minted", "Transfer"]);
    assert!(ledger.view::<bool>("token", "receipt_used", &[1u8; 32]));
    assert!(!ledger.view::<bool>("token", "receipt_used", &[2u8; 32]));
    ledger.refused(REGULATOR, "token", "mint", &(PATIENT, 1u128, [2u8; 32]), "CapExceeded");

    // Another treasury pays out; the administrator no longer does.
    let set = ledger.done(REGULATOR, "token", "set_treasury", &HOSPITAL);
    assert_eq!(ledger.event_names(&set), ["TreasurySet"]);
    let moved = ledger.done(PATIENT, "token", TRANSFER, &(HOSPITAL, 70u128, NO_DATA));
    assert_eq!(ledger.event_names(&moved), ["Transfer"]);
    ledger.refused(REGULATOR, "token", "burn", &(1u128, [2u8; 32]), "NotTreasury");
    let burned = ledger.done(HOSPITAL, "token", "burn", &(60u128, [2u8; 32]));
    assert_eq!(ledger.event_names(&burned), ["Burned", "Transfer"]);
    assert_eq!(supply(&mut ledger), 40);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, HOSPITAL)), (30, 10));

    // What was burned may be minted again, up to the cap, against other receipts.
    for receipt in [1u8, 2] {
        let again = (PATIENT, 60u128, [receipt; 32]);
        ledger.refused(HOSPITAL, "token", "mint", &again, "ReceiptUsed");
    }
    ledger.refused(HOSPITAL, "token", "mint", &(PATIENT, 61u128, [3u8; 32]), "CapExceeded");
    ledger.done(HOSPITAL, "token", "mint", &(PATIENT, 60u128, [3u8; 32]));
    assert_eq!((supply(&mut ledger), balance(&mut ledger, PATIENT)), (100, 90));
}

#[test]
fn what_a_frozen_account_holds_stays_until_it_is_unfrozen() {
    let mut ledger = Ledger::new();
    mint(&mut ledger, PATIENT, 100, 1);
    mint(&mut ledger, RELATIVE, 100, 2);
    for owner in [PATIENT, RELATIVE] {
        ledger.done(owner, "token", APPROVE, &(HOSPITAL, 100u128));
    }
    freeze(&mut ledger, PATIENT);
    let out = (STRANGER, 1u128, NO_DATA);
    ledger.refused(PATIENT, "token", TRANSFER, &out, FROZEN);
    ledger.refused(HOSPITAL, "token", TRANSFER_FROM, &(PATIENT, STRANGER, 1u128, NO_DATA), FROZEN);
    ledger.refused(RELATIVE, "token", TRANSFER, &(PATIENT, 1u128, NO_DATA), FROZEN);
    ledger.refused(REGULATOR, "token", "mint", &(PATIENT, 1u128, [3u8; 32]), "Frozen");
    // What it allows it may still change, since nobody can spend it.
    ledger.done(PATIENT, "token", DECREASE, &(HOSPITAL, 90u128));
    assert_eq!(balance(&mut ledger, PATIENT), 100);

    unfreeze(&mut ledger, PATIENT);
    ledger.done(PATIENT, "token", TRANSFER, &out);
    let lent = (PATIENT, STRANGER, 10u128, NO_DATA);
    let spent = ledger.done(HOSPITAL, "token", TRANSFER_FROM, &lent);
    assert_eq!(ledger.event_names(&spent), ["Approval", "Transfer"]);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, STRANGER)), (89, 11));

    // Who spends what is another's is stopped, too.
    freeze(&mut ledger, HOSPITAL);
    let lent = (RELATIVE, STRANGER, 1u128, NO_DATA);
    ledger.refused(HOSPITAL, "token", TRANSFER_FROM, &lent, FROZEN);
    assert_eq!(balance(&mut ledger, RELATIVE), 100);
}

#[test]
fn a_frozen_owner_is_not_paid_and_loses_nothing() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    freeze(&mut ledger, PATIENT);
    ledger.refused(PATIENT, "rewards", "withdraw", &(), "TokenFailed");
    assert_eq!(ledger.view::<u128>("rewards", "owed", &PATIENT), 10);
    unfreeze(&mut ledger, PATIENT);
    assert_eq!(ledger.done(PATIENT, "rewards", "withdraw", &()).value::<u128>(), 10);

    // The contract that pays is an account like others.
    ledger.request(HOSPITAL, PATIENT);
    let rewards = ledger.rewards.address;
    freeze(&mut ledger, rewards);
    ledger.refused(PATIENT, "rewards", "withdraw", &(), "TokenFailed");
    ledger.allow(1);
    ledger.refused(INSTITUTE, "rewards", "fund", &1u128, "TokenFailed");
    unfreeze(&mut ledger, rewards);
    assert_eq!(ledger.done(PATIENT, "rewards", "withdraw", &()).value::<u128>(), 10);
}

#[test]
fn who_gives_everything_away_gets_his_deposit_back() {
    let mut ledger = Ledger::new();
    let token = ledger.token.clone();
    mint(&mut ledger, HOSPITAL, 1, 1);
    let without = ledger.sandbox.entries(&token).len();
    let came = ledger.done(HOSPITAL, "token", TRANSFER, &(PATIENT, 1u128, NO_DATA));
    // One entry goes and one comes.
    assert_eq!((came.deposit, ledger.sandbox.entries(&token).len()), (0, without));
    mint(&mut ledger, HOSPITAL, 1, 2);
    let with_both = ledger.sandbox.entries(&token).len();
    let went = ledger.done(PATIENT, "token", TRANSFER, &(HOSPITAL, 1u128, NO_DATA));
    assert_eq!(ledger.sandbox.entries(&token).len(), with_both - 1);
    assert!(went.deposit < 0, "{}", went.deposit);

    // A freeze of an account that holds nothing is stored as long as it lasts, an allowance as long
    // as there is one.
    let before = ledger.sandbox.entries(&token);
    freeze(&mut ledger, STRANGER);
    ledger.done(HOSPITAL, "token", APPROVE, &(STRANGER, 1u128));
    assert_eq!(ledger.sandbox.entries(&token).len(), before.len() + 2);
    unfreeze(&mut ledger, STRANGER);
    ledger.done(HOSPITAL, "token", APPROVE, &(STRANGER, 0u128));
    assert_eq!(ledger.sandbox.entries(&token), before);
}

#[test]
fn an_office_that_is_handed_over_takes_the_treasury_along_only_when_told() {
    let mut ledger = Ledger::new();
    ledger.done(REGULATOR, "token", "Governed::propose_handover", &HOSPITAL);
    ledger.sandbox.advance(DELAY);
    ledger.done(HOSPITAL, "token", "Governed::accept_handover", &());
    mint(&mut ledger, PATIENT, 1, 1);
    ledger.refused(REGULATOR, "token", "set_treasury", &PATIENT, "NotAdministrator");
    ledger.refused(REGULATOR, "token", "freeze", &(PATIENT, [0u8; 32]), "NotAdministrator");
    ledger.refused(HOSPITAL, "token", "mint", &(PATIENT, 1u128, [2u8; 32]), "NotTreasury");
    ledger.done(HOSPITAL, "token", "set_treasury", &HOSPITAL);
    ledger.done(HOSPITAL, "token", "mint", &(PATIENT, 1u128, [2u8; 32]));
    ledger.refused(REGULATOR, "token", "mint", &(PATIENT, 1u128, [3u8; 32]), "NotTreasury");
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
                    (APPROVE, (b, value).encode()),
                    (TRANSFER, (b, value, NO_DATA).encode()),
                    (INCREASE, (b, value / 2).encode()),
                    (DECREASE, (b, value / 3).encode()),
                ];
                calls.extend(parties.map(|c| (TRANSFER_FROM, (c, b, value / 4, NO_DATA).encode())));
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
                for label in ["PSP22::balance_of", "PSP22::allowance"] {
                    let arguments = (b, a).encode();
                    let taken = if label == "PSP22::allowance" { 64 } else { 32 };
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
