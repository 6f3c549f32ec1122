//! The messages of `Governed`, which are the same in every contract.

use super::{Call, Case, call};
use crate::Account;
use crate::health::{APPLICANT, DELAY, HOSPITAL, Health, PATIENT, REGULATOR, STRANGER};

const PAUSE: &str = "Governed::pause";
const UNPAUSE: &str = "Governed::unpause";
const PROPOSE: &str = "Governed::propose_handover";
const CANCEL_HANDOVER: &str = "Governed::cancel_handover";
const ACCEPT: &str = "Governed::accept_handover";
const ANNOUNCE: &str = "Governed::announce_upgrade";
const CANCEL_UPGRADE: &str = "Governed::cancel_upgrade";
const APPLY: &str = "Governed::apply_upgrade";

/// The end of time, less than [`DELAY`] before which nothing can be announced any more.
const END: u64 = u64::MAX;

pub(super) fn cases(contract: &'static str) -> Vec<Case> {
    let case = |message, error, prepare| Case { contract, message, error, prepare };
    let mut cases = vec![
        case(PAUSE, None, |_, _| call(REGULATOR, ())),
        case(PAUSE, Some("NotAdministrator"), |_, _| call(PATIENT, ())),
        case(PAUSE, Some("AlreadyPaused"), |health, contract| {
            health.done(REGULATOR, contract, PAUSE, &());
            call(REGULATOR, ())
        }),
        case(UNPAUSE, None, |health, contract| {
            health.done(REGULATOR, contract, PAUSE, &());
            call(REGULATOR, ())
        }),
        case(UNPAUSE, Some("NotAdministrator"), |health, contract| {
            health.done(REGULATOR, contract, PAUSE, &());
            call(PATIENT, ())
        }),
        case(UNPAUSE, Some("NotPaused"), |_, _| call(REGULATOR, ())),
        case(PROPOSE, None, |_, _| call(REGULATOR, HOSPITAL)),
        case(PROPOSE, Some("NotAdministrator"), |_, _| call(HOSPITAL, HOSPITAL)),
        case(PROPOSE, Some("AlreadyAdministrator"), |_, _| call(REGULATOR, REGULATOR)),
        case(PROPOSE, Some("NotEligible"), |_, _| call(REGULATOR, [0u8; 32])),
        case(PROPOSE, Some("Overflow"), |health, _| at_the_end(health, REGULATOR, HOSPITAL)),
        case(CANCEL_HANDOVER, None, |health, contract| {
            health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
            call(REGULATOR, ())
        }),
        case(CANCEL_HANDOVER, Some("NotAdministrator"), |health, contract| {
            health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
            call(HOSPITAL, ())
        }),
        case(CANCEL_HANDOVER, Some("NoHandover"), |_, _| call(REGULATOR, ())),
        case(ACCEPT, None, |health, contract| {
            health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
            health.sandbox.advance(DELAY);
            call(HOSPITAL, ())
        }),
        case(ACCEPT, Some("NoHandover"), |_, _| call(HOSPITAL, ())),
        case(ACCEPT, Some("NotSuccessor"), |health, contract| {
            health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
            health.sandbox.advance(DELAY);
            call(PATIENT, ())
        }),
        case(ACCEPT, Some("TooEarly"), |health, contract| {
            health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
            health.sandbox.advance(DELAY - 1);
            call(HOSPITAL, ())
        }),
        case(ANNOUNCE, None, |_, _| call(REGULATOR, [9u8; 32])),
        case(ANNOUNCE, Some("NotAdministrator"), |_, _| call(HOSPITAL, [9u8; 32])),
        case(ANNOUNCE, Some("Overflow"), |health, _| at_the_end(health, REGULATOR, [9u8; 32])),
        case(CANCEL_UPGRADE, None, |health, contract| {
            health.done(REGULATOR, contract, ANNOUNCE, &[9u8; 32]);
            call(REGULATOR, ())
        }),
        case(CANCEL_UPGRADE, Some("NotAdministrator"), |health, contract| {
            health.done(REGULATOR, contract, ANNOUNCE, &[9u8; 32]);
            call(HOSPITAL, ())
        }),
        case(CANCEL_UPGRADE, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY, None, |health, contract| {
            // Any other code on the chain will do.
            let other = if contract == "token" { "rewards" } else { "token" };
            let other = health.contract(other).clone();
            let code = health.sandbox.code_hash(&other);
            health.done(REGULATOR, contract, ANNOUNCE, &code);
            health.sandbox.advance(DELAY);
            call(REGULATOR, ())
        }),
        case(APPLY, Some("NotAdministrator"), |health, contract| {
            health.done(REGULATOR, contract, ANNOUNCE, &[9u8; 32]);
            health.sandbox.advance(DELAY);
            call(HOSPITAL, ())
        }),
        case(APPLY, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY, Some("TooEarly"), |health, contract| {
            health.done(REGULATOR, contract, ANNOUNCE, &[9u8; 32]);
            health.sandbox.advance(DELAY - 1);
            call(REGULATOR, ())
        }),
        case(APPLY, Some("UnknownCode"), |health, contract| {
            health.done(REGULATOR, contract, ANNOUNCE, &[9u8; 32]);
            health.sandbox.advance(DELAY);
            call(REGULATOR, ())
        }),
    ];
    if contract == "participants" {
        cases.extend([
            case(PROPOSE, Some("NotEligible"), |_, _| call(REGULATOR, APPLICANT)),
            case(PROPOSE, Some("NotEligible"), |_, _| call(REGULATOR, STRANGER)),
            case(ACCEPT, Some("NotEligible"), |health, contract| {
                health.done(REGULATOR, contract, PROPOSE, &HOSPITAL);
                health.done(REGULATOR, contract, "suspend", &(HOSPITAL, [0u8; 32]));
                health.sandbox.advance(DELAY);
                call(HOSPITAL, ())
            }),
        ]);
    }
    cases
}

fn at_the_end(health: &mut Health, caller: Account, arguments: [u8; 32]) -> Call {
    health.sandbox.advance(END - health.sandbox.now());
    call(caller, arguments)
}
