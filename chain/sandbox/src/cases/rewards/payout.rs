//! What data owners earn, and how they are paid.

use assent_interface::{rewards, token};

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, earn};
use crate::ledger::{
    HOSPITAL, INSTITUTE, Ledger, PATIENT, REGULATOR, STRANGER, Statement, TREATMENT, Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    [withdraw(), withdraw_to()].concat()
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
        // What a sponsor's pot held who was replaced.
        case(None, |ledger, contract| {
            ledger.sponsor(FUND, TARIFF);
            let nobody = (TREATMENT, None::<crate::Account>);
            ledger.done(REGULATOR, contract, rewards::SET_SPONSOR, &nobody);
            call(INSTITUTE, ())
        }),
        // What was paid only informs: it stops at the greatest amount.
        case(None, |ledger, contract| {
            earn(ledger);
            let paid = Statement { owed: TARIFF, paid: u128::MAX };
            ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &paid);
            let budgets = FUND - TARIFF;
            let totals = Totals { budgets, pots: 0, owed: TARIFF, paid: u128::MAX };
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

/// Replaces the contract by one that owes the patient something, of a token that is none.
fn owe_without_token(ledger: &mut Ledger) {
    ledger.replace_rewards(STRANGER, HOSPITAL);
    owe_too_much(ledger, "rewards");
}

/// Makes the contract owe the patient what nobody paid in.
fn owe_too_much(ledger: &mut Ledger, contract: &str) {
    let totals = Totals { owed: TARIFF, ..Totals::default() };
    ledger.overwrite(contract, &key(TOTALS, ()), &totals);
    let statement = Statement { owed: TARIFF, paid: 0 };
    ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &statement);
}
