//! The wiring, the tariffs, and the fund with what goes in and comes back.

use assent_interface::rewards;

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, earn, renew};
use crate::ledger::{
    HOSPITAL, INSTITUTE, PATIENT, REGULATOR, STRANGER, Statement, TREATMENT, Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    [administration(), fund(), refund()].concat()
}

fn administration() -> Vec<Case> {
    let consent = |error, prepare| case(rewards::SET_CONSENT, error, prepare);
    let tariff = |error, prepare| case(rewards::SET_TARIFF, error, prepare);
    vec![
        consent(None, |ledger, _| {
            renew(ledger);
            call(REGULATOR, HOSPITAL)
        }),
        consent(None, |ledger, contract| {
            renew(ledger);
            ledger.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        consent(Some("NotAdministrator"), |ledger, _| {
            renew(ledger);
            call(HOSPITAL, HOSPITAL)
        }),
        consent(Some("AlreadySet"), |ledger, _| {
            let consent = ledger.consent.address;
            call(REGULATOR, consent)
        }),
        tariff(None, |_, _| call(REGULATOR, (TREATMENT, TARIFF))),
        tariff(None, |_, _| call(REGULATOR, (31u8, u128::MAX))),
        tariff(None, |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (TREATMENT, 0u128))
        }),
        tariff(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (TREATMENT, TARIFF))
        }),
        tariff(Some("NotAdministrator"), |_, _| call(PATIENT, (TREATMENT, TARIFF))),
        tariff(Some("UnknownPurpose"), |_, _| call(REGULATOR, (32u8, TARIFF))),
        tariff(Some("UnknownPurpose"), |_, _| call(REGULATOR, (u8::MAX, TARIFF))),
    ]
}

fn fund() -> Vec<Case> {
    let case = |error, prepare| case(rewards::FUND, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, FUND)
        }),
        case(None, |ledger, _| {
            ledger.allow(u128::MAX);
            call(INSTITUTE, u128::MAX)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.allow(FUND);
            ledger.pause(contract);
            call(INSTITUTE, FUND)
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, 0u128)
        }),
        // What one funder paid in.
        case(Some("Overflow"), |ledger, _| {
            ledger.fund(1, TARIFF);
            call(INSTITUTE, u128::MAX)
        }),
        // What all of them did.
        case(Some("Overflow"), |ledger, _| {
            ledger.fund(1, TARIFF);
            call(HOSPITAL, u128::MAX)
        }),
        // That and what is owed.
        case(Some("Overflow"), |ledger, _| {
            earn(ledger);
            call(HOSPITAL, u128::MAX - (FUND - TARIFF))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.allow(FUND);
            call(INSTITUTE, FUND + 1)
        }),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.replace_rewards(STRANGER, HOSPITAL);
            call(INSTITUTE, FUND)
        }),
    ]
}

fn refund() -> Vec<Case> {
    let case = |error, prepare| case(rewards::REFUND_UNUSED, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
        case(None, |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            ledger.pause(contract);
            call(REGULATOR, (INSTITUTE, 1u128))
        }),
        // All that was left.
        case(None, |ledger, _| {
            earn(ledger);
            call(REGULATOR, (INSTITUTE, FUND - TARIFF))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, 0u128))
        }),
        case(Some("ExceedsContribution"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, FUND + 1))
        }),
        case(Some("ExceedsContribution"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (HOSPITAL, 1u128))
        }),
        // What was refunded counts no longer.
        case(Some("ExceedsContribution"), |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            ledger.done(REGULATOR, contract, rewards::REFUND_UNUSED, &(INSTITUTE, FUND - 1));
            call(REGULATOR, (INSTITUTE, 2u128))
        }),
        case(Some("ExceedsUnspent"), |ledger, _| {
            earn(ledger);
            call(REGULATOR, (INSTITUTE, FUND - TARIFF + 1))
        }),
        case(Some("Overflow"), |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            let full = Statement { owed: u128::MAX - FUND + 1, paid: 0 };
            ledger.overwrite(contract, &key(STATEMENTS, INSTITUTE), &full);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
        case(Some("Overflow"), |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            let full = Totals { unspent: FUND, owed: u128::MAX - FUND + 1, paid: 0 };
            ledger.overwrite(contract, &key(TOTALS, ()), &full);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
    ]
}
