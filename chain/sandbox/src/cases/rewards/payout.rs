//! What data owners earn, and how they are paid.

use assent_interface::{governance, rewards, token};

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, earn, renew};
use crate::ledger::{
    HOSPITAL, INSTITUTE, Ledger, PATIENT, REGULATOR, RESEARCH, STRANGER, Statement, TREATMENT,
    Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    [accrue(), withdraw(), withdraw_to()].concat()
}

fn accrue() -> Vec<Case> {
    let case = |error, prepare| case(rewards::ACCRUE, error, prepare);
    vec![
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // All that there is.
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(TARIFF, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(TARIFF - 1, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // No tariff, and a purpose that cannot have one.
        case(None, |ledger, _| {
            name_hospital(ledger);
            call(HOSPITAL, (PATIENT, RESEARCH, 1u64))
        }),
        case(None, |ledger, _| {
            name_hospital(ledger);
            call(HOSPITAL, (PATIENT, u8::MAX, u64::MAX))
        }),
        case(None, |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.pause(contract);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |ledger, _| {
            renew(ledger);
            call(REGULATOR, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, TREATMENT, 2u64))
        }),
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // Also if it earned nothing, in a pause or without money: what comes later pays nothing.
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.pause(contract);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, TREATMENT, 1u64));
            ledger.done(REGULATOR, contract, governance::UNPAUSE, &());
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |ledger, _| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 0u64))
        }),
        case(Some("Overflow"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let full = Statement { owed: u128::MAX - TARIFF + 1, paid: 0 };
            ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &full);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("Overflow"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let full = Totals { unspent: TARIFF, owed: u128::MAX - TARIFF + 1, paid: 0 };
            ledger.overwrite(contract, &key(TOTALS, ()), &full);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
    ]
}

fn withdraw() -> Vec<Case> {
    let case = |error, prepare| case(rewards::WITHDRAW, error, prepare);
    vec![
        case(None, |ledger, _| {
            earn(ledger);
            call(PATIENT, ())
        }),
        // By whoever is suspended, and in a pause.
        case(None, |ledger, contract| {
            earn(ledger);
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(PATIENT, ())
        }),
        case(None, |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            ledger.done(REGULATOR, contract, rewards::REFUND_UNUSED, &(INSTITUTE, FUND));
            call(INSTITUTE, ())
        }),
        // What was paid only informs: it stops at the greatest amount.
        case(None, |ledger, contract| {
            earn(ledger);
            let paid = Statement { owed: TARIFF, paid: u128::MAX };
            ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &paid);
            let totals = Totals { unspent: FUND - TARIFF, owed: TARIFF, paid: u128::MAX };
            ledger.overwrite(contract, &key(TOTALS, ()), &totals);
            call(PATIENT, ())
        }),
        case(Some("NothingOwed"), |ledger, _| {
            earn(ledger);
            call(HOSPITAL, ())
        }),
        case(Some("NothingOwed"), |ledger, contract| {
            earn(ledger);
            ledger.done(PATIENT, contract, rewards::WITHDRAW, &());
            call(PATIENT, ())
        }),
        case(Some("TokenFailed"), |ledger, _| {
            owe_without_token(ledger);
            call(PATIENT, ())
        }),
        // The token refuses: it has less for this contract than it owes.
        case(Some("TokenFailed"), |ledger, contract| {
            owe_too_much(ledger, contract);
            call(PATIENT, ())
        }),
    ]
}

fn withdraw_to() -> Vec<Case> {
    let case = |error, prepare| case(rewards::WITHDRAW_TO, error, prepare);
    vec![
        case(None, |ledger, _| {
            earn(ledger);
            call(PATIENT, STRANGER)
        }),
        case(None, |ledger, contract| {
            earn(ledger);
            ledger.leave(PATIENT);
            ledger.pause(contract);
            call(PATIENT, PATIENT)
        }),
        case(Some("InvalidRecipient"), |ledger, _| {
            earn(ledger);
            call(PATIENT, [0u8; 32])
        }),
        case(Some("InvalidRecipient"), |ledger, _| {
            earn(ledger);
            let rewards = ledger.rewards.address;
            call(PATIENT, rewards)
        }),
        case(Some("InvalidRecipient"), |_, _| call(STRANGER, [0u8; 32])),
        case(Some("NothingOwed"), |ledger, _| {
            earn(ledger);
            call(HOSPITAL, PATIENT)
        }),
        // What is frozen stays where it is.
        case(Some("Frozen"), |ledger, _| {
            earn(ledger);
            ledger.done(REGULATOR, "token", token::FREEZE, &(PATIENT, [0x61u8; 32]));
            call(PATIENT, STRANGER)
        }),
        case(Some("TokenFailed"), |ledger, _| {
            owe_without_token(ledger);
            call(PATIENT, STRANGER)
        }),
        case(Some("TokenFailed"), |ledger, contract| {
            owe_too_much(ledger, contract);
            call(PATIENT, STRANGER)
        }),
    ]
}

/// Replaces the contract by one that takes the hospital, which can call it, for the consent contract.
fn name_hospital(ledger: &mut Ledger) {
    let token = ledger.token.address;
    ledger.replace_rewards(token, HOSPITAL);
}

/// Replaces the contract by one that owes the patient something, of a token that is none.
fn owe_without_token(ledger: &mut Ledger) {
    ledger.replace_rewards(STRANGER, HOSPITAL);
    owe_too_much(ledger, "rewards");
}

/// Makes the contract owe the patient what nobody paid in.
fn owe_too_much(ledger: &mut Ledger, contract: &str) {
    let totals = Totals { unspent: 0, owed: TARIFF, paid: 0 };
    ledger.overwrite(contract, &key(TOTALS, ()), &totals);
    let statement = Statement { owed: TARIFF, paid: 0 };
    ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &statement);
}
