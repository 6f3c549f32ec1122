//! The wiring, the tariffs, and the fund with what goes in and comes back.

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, earn, renew};
use crate::health::{
    HOSPITAL, INSTITUTE, PATIENT, REGULATOR, STRANGER, Statement, TREATMENT, Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    [administration(), fund(), refund()].concat()
}

fn administration() -> Vec<Case> {
    let consent = |error, prepare| case("set_consent", error, prepare);
    let tariff = |error, prepare| case("set_tariff", error, prepare);
    vec![
        consent(None, |health, _| {
            renew(health);
            call(REGULATOR, HOSPITAL)
        }),
        consent(None, |health, contract| {
            renew(health);
            health.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        consent(Some("NotAdministrator"), |health, _| {
            renew(health);
            call(HOSPITAL, HOSPITAL)
        }),
        consent(Some("AlreadySet"), |health, _| {
            let consent = health.consent.address;
            call(REGULATOR, consent)
        }),
        tariff(None, |_, _| call(REGULATOR, (TREATMENT, TARIFF))),
        tariff(None, |_, _| call(REGULATOR, (31u8, u128::MAX))),
        tariff(None, |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (TREATMENT, 0u128))
        }),
        tariff(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(REGULATOR, (TREATMENT, TARIFF))
        }),
        tariff(Some("NotAdministrator"), |_, _| call(PATIENT, (TREATMENT, TARIFF))),
        tariff(Some("UnknownPurpose"), |_, _| call(REGULATOR, (32u8, TARIFF))),
        tariff(Some("UnknownPurpose"), |_, _| call(REGULATOR, (u8::MAX, TARIFF))),
    ]
}

fn fund() -> Vec<Case> {
    let case = |error, prepare| case("fund", error, prepare);
    vec![
        case(None, |health, _| {
            health.allow(FUND);
            call(INSTITUTE, FUND)
        }),
        case(None, |health, _| {
            health.allow(u128::MAX);
            call(INSTITUTE, u128::MAX)
        }),
        case(Some("Paused"), |health, contract| {
            health.allow(FUND);
            health.pause(contract);
            call(INSTITUTE, FUND)
        }),
        case(Some("ZeroAmount"), |health, _| {
            health.allow(FUND);
            call(INSTITUTE, 0u128)
        }),
        // What one funder paid in.
        case(Some("Overflow"), |health, _| {
            health.fund(1, TARIFF);
            call(INSTITUTE, u128::MAX)
        }),
        // What all of them did.
        case(Some("Overflow"), |health, _| {
            health.fund(1, TARIFF);
            call(HOSPITAL, u128::MAX)
        }),
        // That and what is owed.
        case(Some("Overflow"), |health, _| {
            earn(health);
            call(HOSPITAL, u128::MAX - (FUND - TARIFF))
        }),
        case(Some("TokenFailed"), |health, _| {
            health.allow(FUND);
            call(INSTITUTE, FUND + 1)
        }),
        case(Some("TokenFailed"), |health, _| {
            health.replace_rewards(STRANGER, HOSPITAL);
            call(INSTITUTE, FUND)
        }),
    ]
}

fn refund() -> Vec<Case> {
    let case = |error, prepare| case("refund_unused", error, prepare);
    vec![
        case(None, |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
        case(None, |health, contract| {
            health.fund(FUND, TARIFF);
            health.pause(contract);
            call(REGULATOR, (INSTITUTE, 1u128))
        }),
        // All that was left.
        case(None, |health, _| {
            earn(health);
            call(REGULATOR, (INSTITUTE, FUND - TARIFF))
        }),
        case(Some("NotAdministrator"), |health, _| {
            health.fund(FUND, TARIFF);
            call(INSTITUTE, (INSTITUTE, FUND))
        }),
        case(Some("ZeroAmount"), |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, 0u128))
        }),
        case(Some("ExceedsContribution"), |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (INSTITUTE, FUND + 1))
        }),
        case(Some("ExceedsContribution"), |health, _| {
            health.fund(FUND, TARIFF);
            call(REGULATOR, (HOSPITAL, 1u128))
        }),
        // What was refunded counts no longer.
        case(Some("ExceedsContribution"), |health, contract| {
            health.fund(FUND, TARIFF);
            health.done(REGULATOR, contract, "refund_unused", &(INSTITUTE, FUND - 1));
            call(REGULATOR, (INSTITUTE, 2u128))
        }),
        case(Some("ExceedsUnspent"), |health, _| {
            earn(health);
            call(REGULATOR, (INSTITUTE, FUND - TARIFF + 1))
        }),
        case(Some("Overflow"), |health, contract| {
            health.fund(FUND, TARIFF);
            let full = Statement { owed: u128::MAX - FUND + 1, paid: 0 };
            health.overwrite(contract, &key(STATEMENTS, INSTITUTE), &full);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
        case(Some("Overflow"), |health, contract| {
            health.fund(FUND, TARIFF);
            let full = Totals { unspent: FUND, owed: u128::MAX - FUND + 1, paid: 0 };
            health.overwrite(contract, &key(TOTALS, ()), &full);
            call(REGULATOR, (INSTITUTE, FUND))
        }),
    ]
}
