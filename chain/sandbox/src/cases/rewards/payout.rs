//! What data owners earn, and how they are paid.

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, earn, renew};
use crate::health::{
    HOSPITAL, Health, INSTITUTE, PATIENT, REGULATOR, RESEARCH, STRANGER, Statement, TREATMENT,
    Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    [accrue(), withdraw(), withdraw_to()].concat()
}

fn accrue() -> Vec<Case> {
    let case = |error, prepare| case("accrue", error, prepare);
    vec![
        case(None, |health, _| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // All that there is.
        case(None, |health, _| {
            name_hospital(health);
            health.fund(TARIFF, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(None, |health, _| {
            name_hospital(health);
            health.fund(TARIFF - 1, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // No tariff, and a purpose that cannot have one.
        case(None, |health, _| {
            name_hospital(health);
            call(HOSPITAL, (PATIENT, RESEARCH, 1u64))
        }),
        case(None, |health, _| {
            name_hospital(health);
            call(HOSPITAL, (PATIENT, u8::MAX, u64::MAX))
        }),
        case(None, |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            health.pause(contract);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |health, _| {
            renew(health);
            call(REGULATOR, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            health.done(HOSPITAL, contract, "accrue", &(PATIENT, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, TREATMENT, 2u64))
        }),
        case(Some("AlreadyPaid"), |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            health.done(HOSPITAL, contract, "accrue", &(PATIENT, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        // Also if it earned nothing, in a pause or without money: what comes later pays nothing.
        case(Some("AlreadyPaid"), |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            health.pause(contract);
            health.done(HOSPITAL, contract, "accrue", &(PATIENT, TREATMENT, 1u64));
            health.done(REGULATOR, contract, "Governed::unpause", &());
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |health, _| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, TREATMENT, 0u64))
        }),
        case(Some("Overflow"), |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            let full = Statement { owed: u128::MAX - TARIFF + 1, paid: 0 };
            health.overwrite(contract, &key(STATEMENTS, PATIENT), &full);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
        case(Some("Overflow"), |health, contract| {
            name_hospital(health);
            health.fund(FUND, TARIFF);
            let full = Totals { unspent: TARIFF, owed: u128::MAX - TARIFF + 1, paid: 0 };
            health.overwrite(contract, &key(TOTALS, ()), &full);
            call(HOSPITAL, (PATIENT, TREATMENT, 1u64))
        }),
    ]
}

fn withdraw() -> Vec<Case> {
    let case = |error, prepare| case("withdraw", error, prepare);
    vec![
        case(None, |health, _| {
            earn(health);
            call(PATIENT, ())
        }),
        // By whoever is suspended, and in a pause.
        case(None, |health, contract| {
            earn(health);
            health.suspend(PATIENT);
            health.pause(contract);
            call(PATIENT, ())
        }),
        case(None, |health, contract| {
            health.fund(FUND, TARIFF);
            health.done(REGULATOR, contract, "refund_unused", &(INSTITUTE, FUND));
            call(INSTITUTE, ())
        }),
        // What was paid only informs: it stops at the greatest amount.
        case(None, |health, contract| {
            earn(health);
            let paid = Statement { owed: TARIFF, paid: u128::MAX };
            health.overwrite(contract, &key(STATEMENTS, PATIENT), &paid);
            let totals = Totals { unspent: FUND - TARIFF, owed: TARIFF, paid: u128::MAX };
            health.overwrite(contract, &key(TOTALS, ()), &totals);
            call(PATIENT, ())
        }),
        case(Some("NothingOwed"), |health, _| {
            earn(health);
            call(HOSPITAL, ())
        }),
        case(Some("NothingOwed"), |health, contract| {
            earn(health);
            health.done(PATIENT, contract, "withdraw", &());
            call(PATIENT, ())
        }),
        case(Some("TokenFailed"), |health, _| {
            owe_without_token(health);
            call(PATIENT, ())
        }),
        // The token refuses: it has less for this contract than it owes.
        case(Some("TokenFailed"), |health, contract| {
            owe_too_much(health, contract);
            call(PATIENT, ())
        }),
    ]
}

fn withdraw_to() -> Vec<Case> {
    let case = |error, prepare| case("withdraw_to", error, prepare);
    vec![
        case(None, |health, _| {
            earn(health);
            call(PATIENT, STRANGER)
        }),
        case(None, |health, contract| {
            earn(health);
            health.suspend(PATIENT);
            health.pause(contract);
            call(PATIENT, PATIENT)
        }),
        case(Some("InvalidRecipient"), |health, _| {
            earn(health);
            call(PATIENT, [0u8; 32])
        }),
        case(Some("InvalidRecipient"), |health, _| {
            earn(health);
            let rewards = health.rewards.address;
            call(PATIENT, rewards)
        }),
        case(Some("InvalidRecipient"), |_, _| call(STRANGER, [0u8; 32])),
        case(Some("NothingOwed"), |health, _| {
            earn(health);
            call(HOSPITAL, PATIENT)
        }),
        case(Some("TokenFailed"), |health, _| {
            owe_without_token(health);
            call(PATIENT, STRANGER)
        }),
        case(Some("TokenFailed"), |health, contract| {
            owe_too_much(health, contract);
            call(PATIENT, STRANGER)
        }),
    ]
}

/// Replaces the contract by one that takes the hospital, which can call it, for the consent contract.
fn name_hospital(health: &mut Health) {
    let token = health.token.address;
    health.replace_rewards(token, HOSPITAL);
}

/// Replaces the contract by one that owes the patient something, of a token that is none.
fn owe_without_token(health: &mut Health) {
    health.replace_rewards(STRANGER, HOSPITAL);
    owe_too_much(health, "rewards");
}

/// Makes the contract owe the patient what nobody paid in.
fn owe_too_much(health: &mut Health, contract: &str) {
    let totals = Totals { unspent: 0, owed: TARIFF, paid: 0 };
    health.overwrite(contract, &key(TOTALS, ()), &totals);
    let statement = Statement { owed: TARIFF, paid: 0 };
    health.overwrite(contract, &key(STATEMENTS, PATIENT), &statement);
}
