//! What the administrator sets: the consent contract, tariffs, sponsors.

use assent_interface::rewards;

use super::super::{Case, call};
use super::{FUND, TARIFF, TOTALS, ZERO, case, renew};
use crate::ledger::{
    HOSPITAL, INSTITUTE, PATIENT, REGULATOR, RESEARCH, STRANGER, TREATMENT, Tariff, Totals, key,
};

/// It earns this much, and is permitted also if nobody can pay it.
const OPTIONAL: Tariff = Tariff { amount: TARIFF, required: false };
/// It earns this much, or is refused.
const REQUIRED: Tariff = Tariff { amount: TARIFF, required: true };

pub(super) fn cases() -> Vec<Case> {
    [consent(), tariff(), sponsor()].concat()
}

fn consent() -> Vec<Case> {
    let case = |error, prepare| case(rewards::SET_CONSENT, error, prepare);
    vec![
        case(None, |ledger, _| {
            renew(ledger);
            call(REGULATOR, HOSPITAL)
        }),
        case(None, |ledger, contract| {
            renew(ledger);
            ledger.pause(contract);
            call(REGULATOR, HOSPITAL)
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            renew(ledger);
            call(HOSPITAL, HOSPITAL)
        }),
        case(Some("AlreadySet"), |ledger, _| {
            let consent = ledger.consent.address;
            call(REGULATOR, consent)
        }),
    ]
}

fn tariff() -> Vec<Case> {
    let case = |error, prepare| case(rewards::SET_TARIFF, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (TREATMENT, OPTIONAL))),
        case(None, |_, _| call(REGULATOR, (RESEARCH, REQUIRED))),
        case(None, |_, _| call(REGULATOR, (31u8, Tariff { amount: u128::MAX, required: true }))),
        // In place of one that holds, and of one that waits.
        case(None, |ledger, contract| {
            ledger.fund(FUND, TARIFF);
            ledger.done(REGULATOR, contract, rewards::SET_TARIFF, &(TREATMENT, OPTIONAL));
            call(REGULATOR, (TREATMENT, Tariff::default()))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (TREATMENT, OPTIONAL))
        }),
        case(Some("NotAdministrator"), |_, _| call(PATIENT, (TREATMENT, OPTIONAL))),
        case(Some("UnknownPurpose"), |_, _| call(REGULATOR, (32u8, OPTIONAL))),
        case(Some("UnknownPurpose"), |_, _| call(REGULATOR, (u8::MAX, REQUIRED))),
        // Care never waits for money.
        case(Some("RequiredForCare"), |_, _| call(REGULATOR, (TREATMENT, REQUIRED))),
    ]
}

fn sponsor() -> Vec<Case> {
    let case = |error, prepare| case(rewards::SET_SPONSOR, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (TREATMENT, Some(INSTITUTE)))),
        // In place of another one, and of nobody's.
        case(None, |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(REGULATOR, (TREATMENT, Some(STRANGER)))
        }),
        case(None, |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(REGULATOR, (TREATMENT, None::<crate::Account>))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (TREATMENT, Some(INSTITUTE)))
        }),
        case(Some("NotAdministrator"), |_, _| call(INSTITUTE, (TREATMENT, Some(INSTITUTE)))),
        case(Some("UnknownPurpose"), |_, _| call(REGULATOR, (32u8, Some(INSTITUTE)))),
        case(Some("ZeroAccount"), |_, _| call(REGULATOR, (TREATMENT, Some(ZERO)))),
        case(Some("AlreadySponsor"), |_, _| call(REGULATOR, (TREATMENT, None::<crate::Account>))),
        case(Some("AlreadySponsor"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(REGULATOR, (TREATMENT, Some(INSTITUTE)))
        }),
        case(Some("Overflow"), |ledger, contract| {
            ledger.sponsor(FUND, TARIFF);
            let owed = u128::MAX - FUND + 1;
            let full = Totals { pots: FUND, owed, ..Totals::default() };
            ledger.overwrite(contract, &key(TOTALS, ()), &full);
            call(REGULATOR, (TREATMENT, None::<crate::Account>))
        }),
    ]
}
