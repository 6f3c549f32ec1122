//! What an access earns its owner.

use assent_interface::{governance, rewards};

use super::super::{Case, call};
use super::{FUND, STATEMENTS, TARIFF, TOTALS, case, renew};
use crate::ledger::{
    DELAY, EARNING, HOSPITAL, Ledger, PATIENT, REGULATOR, RESEARCH, Statement, TREATMENT, Tariff,
    Totals, key,
};

pub(super) fn cases() -> Vec<Case> {
    let case = |error, prepare| case(rewards::ACCRUE, error, prepare);
    vec![
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        // All that there is.
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(TARIFF, TARIFF);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(TARIFF - 1, TARIFF);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        // A second time in the period, and after it.
        case(None, |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let first = (PATIENT, HOSPITAL, TREATMENT, 1u64);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &first);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 2u64))
        }),
        case(None, |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let first = (PATIENT, HOSPITAL, TREATMENT, 1u64);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &first);
            ledger.sandbox.advance(EARNING);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 2u64))
        }),
        // From the pot, and from the budget when the pot's cap is reached.
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.tariff(TARIFF);
            ledger.sponsor(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(None, |ledger, _| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.sponsor(FUND, TARIFF - 1);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        // A required tariff that nobody can pay.
        case(None, |ledger, contract| {
            name_hospital(ledger);
            let tariff = Tariff { amount: TARIFF, required: true };
            ledger.done(REGULATOR, contract, rewards::SET_TARIFF, &(RESEARCH, tariff));
            ledger.sandbox.advance(DELAY);
            call(HOSPITAL, (PATIENT, HOSPITAL, RESEARCH, 1u64))
        }),
        // No tariff, and a purpose that cannot have one.
        case(None, |ledger, _| {
            name_hospital(ledger);
            call(HOSPITAL, (PATIENT, HOSPITAL, RESEARCH, 1u64))
        }),
        case(None, |ledger, _| {
            name_hospital(ledger);
            call(HOSPITAL, (PATIENT, HOSPITAL, u8::MAX, u64::MAX))
        }),
        case(None, |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.pause(contract);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |ledger, _| {
            ledger.fund(FUND, TARIFF);
            call(REGULATOR, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(Some("NotConsent"), |ledger, _| {
            renew(ledger);
            call(REGULATOR, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, HOSPITAL, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 2u64))
        }),
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, HOSPITAL, TREATMENT, 2u64));
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        // Also if it earned nothing, in a pause or without money: what comes later pays nothing.
        case(Some("AlreadyPaid"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            ledger.pause(contract);
            ledger.done(HOSPITAL, contract, rewards::ACCRUE, &(PATIENT, HOSPITAL, TREATMENT, 1u64));
            ledger.done(REGULATOR, contract, governance::UNPAUSE, &());
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(Some("AlreadyPaid"), |ledger, _| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 0u64))
        }),
        case(Some("Overflow"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let full = Statement { owed: u128::MAX - TARIFF + 1, paid: 0 };
            ledger.overwrite(contract, &key(STATEMENTS, PATIENT), &full);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
        case(Some("Overflow"), |ledger, contract| {
            name_hospital(ledger);
            ledger.fund(FUND, TARIFF);
            let owed = u128::MAX - TARIFF + 1;
            let full = Totals { budgets: TARIFF, owed, ..Totals::default() };
            ledger.overwrite(contract, &key(TOTALS, ()), &full);
            call(HOSPITAL, (PATIENT, HOSPITAL, TREATMENT, 1u64))
        }),
    ]
}

/// Replaces the contract by one that takes the hospital, which can call it, for the consent contract.
fn name_hospital(ledger: &mut Ledger) {
    let token = ledger.token.address;
    ledger.replace_rewards(token, HOSPITAL);
}
