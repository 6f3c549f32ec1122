//! The budgets of requesters: what goes in, and comes back.

use assent_interface::{rewards, token};

use super::super::{Case, call};
use super::{FUND, TARIFF, ZERO, case, earn};
use crate::ledger::{APPLICANT, HOSPITAL, INSTITUTE, KEY, PATIENT, REGULATOR, STRANGER};

pub(super) fn cases() -> Vec<Case> {
    [fund(), withdraw()].concat()
}

fn fund() -> Vec<Case> {
    let case = |error, prepare| case(rewards::FUND, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
        // Somebody else's.
        case(None, |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, (HOSPITAL, FUND))
        }),
        case(None, |ledger, _| {
            ledger.allow(u128::MAX);
            call(INSTITUTE, (INSTITUTE, u128::MAX))
        }),
        // Of one who has left, and of one whose key was replaced: by his account.
        case(None, |ledger, _| {
            ledger.allow(FUND);
            ledger.leave(HOSPITAL);
            call(INSTITUTE, (HOSPITAL, FUND))
        }),
        case(None, |ledger, _| {
            ledger.allow(FUND);
            ledger.replace_key(HOSPITAL);
            call(INSTITUTE, (HOSPITAL, FUND))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.allow(FUND);
            ledger.pause(contract);
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.allow(FUND);
            ledger.silence_participants();
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
        // Whoever is nobody, was never approved, or is a key that acts for another.
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, (STRANGER, FUND))
        }),
        case(Some("NotAdmitted"), |_, _| call(INSTITUTE, (ZERO, 0u128))),
        case(Some("NotAdmitted"), |_, _| call(APPLICANT, (APPLICANT, FUND))),
        case(Some("NotAdmitted"), |ledger, _| {
            ledger.allow(FUND);
            ledger.replace_key(HOSPITAL);
            call(INSTITUTE, (KEY, FUND))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, (INSTITUTE, 0u128))
        }),
        // What is in one budget.
        case(Some("Overflow"), |ledger, _| {
            ledger.fund(1, TARIFF);
            call(INSTITUTE, (HOSPITAL, u128::MAX))
        }),
        // What is in all of them.
        case(Some("Overflow"), |ledger, _| {
            ledger.fund(1, TARIFF);
            call(INSTITUTE, (INSTITUTE, u128::MAX))
        }),
        // That and what is owed.
        case(Some("Overflow"), |ledger, _| {
            earn(ledger);
            call(HOSPITAL, (INSTITUTE, u128::MAX - (FUND - TARIFF)))
        }),
        // That and what is in a pot.
        case(Some("Overflow"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(HOSPITAL, (INSTITUTE, u128::MAX - FUND + 1))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, (INSTITUTE, FUND + 1))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.replace_rewards(STRANGER, HOSPITAL);
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
    ]
}

fn withdraw() -> Vec<Case> {
    let case = |error, prepare| case(rewards::WITHDRAW_BUDGET, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, FUND)
        }),
        // What is left, in a pause, by whoever is suspended.
        case(None, |ledger, contract| {
            earn(ledger);
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            call(HOSPITAL, FUND - TARIFF)
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, 0u128)
        }),
        case(Some("InsufficientBudget"), |ledger, _| {
            earn(ledger);
            call(HOSPITAL, FUND - TARIFF + 1)
        }),
        // Who paid it in has given it away.
        case(Some("InsufficientBudget"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(INSTITUTE, 1u128)
        }),
        case(Some("InsufficientBudget"), |_, _| call(PATIENT, 1u128)),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            ledger.done(REGULATOR, "token", token::FREEZE, &(HOSPITAL, [0x61u8; 32]));
            call(HOSPITAL, FUND)
        }),
    ]
}
