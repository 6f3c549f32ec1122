//! The pots of sponsors: what goes in, and comes back.

use assent_interface::{rewards, token};

use super::super::{Case, call};
use super::{FUND, TARIFF, case};
use crate::ledger::{HOSPITAL, INSTITUTE, Ledger, REGULATOR, RESEARCH, STRANGER, TREATMENT};

pub(super) fn cases() -> Vec<Case> {
    [sponsor(), withdraw()].concat()
}

/// The institute may fill the pot of treatments, and has the money for it.
fn name(ledger: &mut Ledger) {
    ledger.done(REGULATOR, "rewards", rewards::SET_SPONSOR, &(TREATMENT, Some(INSTITUTE)));
    ledger.allow(FUND);
}

fn sponsor() -> Vec<Case> {
    let case = |error, prepare| case(rewards::SPONSOR, error, prepare);
    vec![
        case(None, |ledger, _| {
            name(ledger);
            call(INSTITUTE, (TREATMENT, FUND, TARIFF))
        }),
        // Nothing but the cap.
        case(None, |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(INSTITUTE, (TREATMENT, 0u128, u128::MAX))
        }),
        case(Some("Paused"), |ledger, contract| {
            name(ledger);
            ledger.pause(contract);
            call(INSTITUTE, (TREATMENT, FUND, TARIFF))
        }),
        case(Some("NotSponsor"), |ledger, _| {
            name(ledger);
            call(HOSPITAL, (TREATMENT, FUND, TARIFF))
        }),
        // Of another purpose, and of one that there cannot be.
        case(Some("NotSponsor"), |ledger, _| {
            name(ledger);
            call(INSTITUTE, (RESEARCH, FUND, TARIFF))
        }),
        case(Some("NotSponsor"), |ledger, _| {
            name(ledger);
            call(INSTITUTE, (u8::MAX, FUND, TARIFF))
        }),
        // Whoever was replaced.
        case(Some("NotSponsor"), |ledger, contract| {
            name(ledger);
            let next = (TREATMENT, Some(STRANGER));
            ledger.done(REGULATOR, contract, rewards::SET_SPONSOR, &next);
            call(INSTITUTE, (TREATMENT, FUND, TARIFF))
        }),
        case(Some("Overflow"), |ledger, _| {
            ledger.sponsor(1, TARIFF);
            call(INSTITUTE, (TREATMENT, u128::MAX, TARIFF))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            name(ledger);
            call(INSTITUTE, (TREATMENT, FUND + 1, TARIFF))
        }),
    ]
}

fn withdraw() -> Vec<Case> {
    let case = |error, prepare| case(rewards::WITHDRAW_POT, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(INSTITUTE, (TREATMENT, FUND))
        }),
        case(None, |ledger, contract| {
            ledger.sponsor(FUND, TARIFF);
            ledger.pause(contract);
            call(INSTITUTE, (TREATMENT, 1u128))
        }),
        case(Some("NotSponsor"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(HOSPITAL, (TREATMENT, FUND))
        }),
        case(Some("NotSponsor"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(INSTITUTE, (RESEARCH, FUND))
        }),
        case(Some("ZeroAmount"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(INSTITUTE, (TREATMENT, 0u128))
        }),
        case(Some("InsufficientPot"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            call(INSTITUTE, (TREATMENT, FUND + 1))
        }),
        case(Some("TokenFailed"), |ledger, _| {
            ledger.sponsor(FUND, TARIFF);
            ledger.done(REGULATOR, "token", token::FREEZE, &(INSTITUTE, [0x61u8; 32]));
            call(INSTITUTE, (TREATMENT, FUND))
        }),
    ]
}
