//! The messages of `Governed`, which are the same in every contract.

use assent_interface::governance::{
    ACCEPT_HANDOVER, ANNOUNCE_UPGRADE, APPLY_UPGRADE, CANCEL_HANDOVER, CANCEL_UPGRADE, PAUSE,
    PROPOSE_HANDOVER, UNPAUSE,
};
use assent_interface::participants;

use super::{Call, Case, call};
use crate::ledger::{
    APPLICANT, DELAY, GRACE, HOSPITAL, Hash, Ledger, PATIENT, REGULATOR, STRANGER, role,
};
use crate::{Account, Bundle};

/// The end of time, less than [`DELAY`] and [`GRACE`] before which nothing can be announced any more.
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
        case(ACCEPT_HANDOVER, Some("Expired"), |ledger, contract| {
            ledger.done(REGULATOR, contract, PROPOSE_HANDOVER, &HOSPITAL);
            ledger.sandbox.advance(DELAY + GRACE);
            call(HOSPITAL, ())
        }),
        case(ANNOUNCE_UPGRADE, None, |ledger, contract| {
            let code = other(ledger, contract);
            call(REGULATOR, code)
        }),
        // In place of another one, and of the same one.
        case(ANNOUNCE_UPGRADE, None, |ledger, contract| {
            announce(ledger, contract);
            let code = third(ledger, contract);
            call(REGULATOR, code)
        }),
        case(ANNOUNCE_UPGRADE, None, |ledger, contract| {
            let code = announce(ledger, contract);
            call(REGULATOR, code)
        }),
        case(ANNOUNCE_UPGRADE, Some("NotAdministrator"), |ledger, contract| {
            let code = other(ledger, contract);
            call(HOSPITAL, code)
        }),
        case(ANNOUNCE_UPGRADE, Some("SameCode"), |ledger, contract| {
            let own = ledger.contract(contract).clone();
            let code = ledger.sandbox.code_hash(&own);
            call(REGULATOR, code)
        }),
        case(ANNOUNCE_UPGRADE, Some("Overflow"), |ledger, contract| {
            let code = other(ledger, contract);
            at_the_end(ledger, REGULATOR, code)
        }),
        case(CANCEL_UPGRADE, None, |ledger, contract| {
            announce(ledger, contract);
            call(REGULATOR, ())
        }),
        case(CANCEL_UPGRADE, Some("NotAdministrator"), |ledger, contract| {
            announce(ledger, contract);
            call(HOSPITAL, ())
        }),
        case(CANCEL_UPGRADE, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY_UPGRADE, None, |ledger, contract| {
            announce(ledger, contract);
            ledger.sandbox.advance(DELAY);
            call(REGULATOR, ())
        }),
        // To the last moment.
        case(APPLY_UPGRADE, None, |ledger, contract| {
            announce(ledger, contract);
            ledger.sandbox.advance(DELAY + GRACE - 1);
            call(REGULATOR, ())
        }),
        case(APPLY_UPGRADE, Some("NotAdministrator"), |ledger, contract| {
            announce(ledger, contract);
            ledger.sandbox.advance(DELAY);
            call(HOSPITAL, ())
        }),
        case(APPLY_UPGRADE, Some("NoUpgrade"), |_, _| call(REGULATOR, ())),
        case(APPLY_UPGRADE, Some("TooEarly"), |ledger, contract| {
            announce(ledger, contract);
            ledger.sandbox.advance(DELAY - 1);
            call(REGULATOR, ())
        }),
        case(APPLY_UPGRADE, Some("Expired"), |ledger, contract| {
            announce(ledger, contract);
            ledger.sandbox.advance(DELAY + GRACE);
            call(REGULATOR, ())
        }),
        // A code that is none of a governed contract: it knows no `schema_version`.
        case(APPLY_UPGRADE, Some("WrongSchema"), |ledger, contract| {
            let stranger = Bundle::committed("fixtures/twin");
            let code = ledger.sandbox.upload(REGULATOR, &stranger);
            ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &code);
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

/// Another code of the contract, which is on the chain.
fn other(ledger: &mut Ledger, contract: &str) -> Hash {
    let twin = ledger.contract(contract).bundle.twin();
    ledger.sandbox.upload(REGULATOR, &twin)
}

/// The code of another contract.
fn third(ledger: &mut Ledger, contract: &str) -> Hash {
    let third = if contract == "rewards" { "market" } else { "rewards" };
    let third = ledger.contract(third).clone();
    ledger.sandbox.code_hash(&third)
}

/// The administrator announces the code of [`other`], and gives it.
fn announce(ledger: &mut Ledger, contract: &str) -> Hash {
    let code = other(ledger, contract);
    ledger.done(REGULATOR, contract, ANNOUNCE_UPGRADE, &code);
    code
}

fn at_the_end(ledger: &mut Ledger, caller: Account, arguments: [u8; 32]) -> Call {
    ledger.sandbox.advance(END - ledger.sandbox.now());
    call(caller, arguments)
}
