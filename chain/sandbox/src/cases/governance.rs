//! The messages of `Governed`, which are the same in every contract.

use assent_interface::governance::{
    ACCEPT_HANDOVER, ANNOUNCE_UPGRADE, APPLY_UPGRADE, CANCEL_HANDOVER, CANCEL_UPGRADE, PAUSE,
    PROPOSE_HANDOVER, UNPAUSE,
};
use assent_interface::participants;

use super::{Call, Case, call};
use crate::Account;
use crate::ledger::{APPLICANT, DELAY, HOSPITAL, Ledger, PATIENT, REGULATOR, STRANGER, role};

/// The end of time, less than [`DELAY`] before which nothing can be announced any more.
const END: u64 = u64::MAX;

pub(super) fn cases(contract: &'static str) -> Vec<Case> {
    let case = |message, error, prepare| Case { contract, message, error, prepare };
    let mut cases = vec![
        case(PAUSE, None, |_, _| call(REGULATOR, ())),
        case(PAUSE, Some("NotAdministrator"), |_, _| call(PATIENT, ())),
        case(PAUSE, Some("AlreadyPaused"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PAUSE, &());
            call(REGULATOR, ())
        }),
        case(UNPAUSE, None, |ledger, contract| {
            ledger.done(REGULATOR, contract, PAUSE, &());
            call(REGULATOR, ())
        }),
        case(UNPAUSE, Some("NotAdministrator"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PAUSE, &());
            call(PATIENT, ())
        }),
        case(UNPAUSE, Some("NotPaused"), |_, _| call(REGULATOR, ())),
        case(PROPOSE_HANDOVER, None, |_, _| call(REGULATOR, HOSPITAL)),
        case(PROPOSE_HANDOVER, Some("NotAdministrator"), |_, _| call(HOSPITAL, HOSPITAL)),
        case(PROPOSE_HANDOVER, Some("AlreadyAdministrator"), |_, _| call(REGULATOR, REGULATOR)),
        case(PROPOSE_HANDOVER, Some("NotEligible"), |_, _| call(REGULATOR, [0u8; 32])),
        case(PROPOSE_HANDOVER, Some("Overflow"), |ledger, _| {
            at_the_end(ledger, REGULATOR, HOSPITAL)
        }),
        case(CANCEL_HANDOVER, None, |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            call(REGULATOR, ())
        }),
        case(CANCEL_HANDOVER, Some("NotAdministrator"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            call(HOSPITAL, ())
        }),
        case(CANCEL_HANDOVER, Some("NoHandover"), |_, _| call(REGULATOR, ())),
        case(ACCEPT_HANDOVER, None, |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY);
            call(HOSPITAL, ())
        }),
        case(ACCEPT_HANDOVER, Some("NoHandover"), |_, _| call(HOSPITAL, ())),
        case(ACCEPT_HANDOVER, Some("NotSuccessor"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY);
            call(PATIENT, ())
        }),
        case(ACCEPT_HANDOVER, Some("TooEarly"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY - 1);
            call(HOSPITAL, ())
        }),
        case(ANNOUNCE_UPGRADE, None, |_, _| call(REGULATOR, [9u8; 32])),
        case(ANNOUNCE_UPGRADE, Some("NotAdministrator"), |_, _| call(HOSPITAL, [9u8; 32])),
        case(ANNOUNCE_UPGRADE, Some("Overflow"), |ledger, _| {
            at_the_end(ledger, REGULATOR, [9u8; 32])
        }),
        case(CANCEL_UPGRADE, None, |ledger, contract| {
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &[9u8; 32]);
            call(REGULATOR, ())
        }),
        case(CANCEL_UPGRADE, Some("NotAdministrator"), |ledger, contract| {
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &[9u8; 32]);
            call(HOSPITAL, ())
        }),
        case(CANCEL_UPGRADE, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY_UPGRADE, None, |ledger, contract| {
            // Any other code on the chain will do.
            let other = if contract == "token" { "rewards" } else { "token" };
            let other = ledger.contract(other).clone();
            let code = ledger.sandbox.code_hash(&other);
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &code);
            ledger.sandbox.advance(DELAY);
            call(REGULATOR, ())
        }),
        case(APPLY_UPGRADE, Some("NotAdministrator"), |ledger, contract| {
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &[9u8; 32]);
            ledger.sandbox.advance(DELAY);
            call(HOSPITAL, ())
        }),
        case(APPLY_UPGRADE, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY_UPGRADE, Some("TooEarly"), |ledger, contract| {
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &[9u8; 32]);
            ledger.sandbox.advance(DELAY - 1);
            call(REGULATOR, ())
        }),
        case(APPLY_UPGRADE, Some("UnknownCode"), |ledger, contract| {
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &[9u8; 32]);
            ledger.sandbox.advance(DELAY);
            call(REGULATOR, ())
        }),
    ];
    if contract == "participants" {
        cases.extend([
            case(PROPOSE_HANDOVER, Some("NotEligible"), |_, _| call(REGULATOR, APPLICANT)),
            case(PROPOSE_HANDOVER, Some("NotEligible"), |_, _| call(REGULATOR, STRANGER)),
            case(ACCEPT_HANDOVER, Some("NotEligible"), |ledger, contract| {
                ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
                ledger.suspend(HOSPITAL);
                ledger.sandbox.advance(DELAY);
                call(HOSPITAL, ())
            }),
            // Admitted, but the one role that he would take over does not count.
            case(PROPOSE_HANDOVER, Some("NotEligible"), |ledger, contract| {
                let suspension = (HOSPITAL, role::REGULATOR, [0u8; 32]);
                ledger.done(REGULATOR, contract, participants::SUSPEND, &suspension);
                call(REGULATOR, HOSPITAL)
            }),
        ]);
    }
    cases
}

fn at_the_end(ledger: &mut Ledger, caller: Account, arguments: [u8; 32]) -> Call {
    ledger.sandbox.advance(END - ledger.sandbox.now());
    call(caller, arguments)
}
