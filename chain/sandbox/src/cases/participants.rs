//! The messages of the participants contract.

use assent_interface::participants;

use super::{Case, Prepare, call};
use crate::ledger::{
    APPLICANT, AUDITOR, Ledger, PATIENT, REGULATOR, RELATIVE, STRANGER, key, role,
};

/// `Lazy<u64>`: how many accounts have registered.
const COUNT: u32 = 0x7061_0003;

const PROFILE: [u8; 32] = [0x41; 32];
const REASON: [u8; 32] = [0x42; 32];

pub(super) fn cases() -> Vec<Case> {
    [registration(), approve(), set_roles(), suspend(), reinstate(), leave()].concat()
}

fn registration() -> Vec<Case> {
    let register = |error, prepare| case(participants::REGISTER, error, prepare);
    let update = |error, prepare| case(participants::UPDATE_PROFILE, error, prepare);
    vec![
        register(None, |_, _| call(STRANGER, PROFILE)),
        register(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(STRANGER, PROFILE)
        }),
        register(Some("AlreadyRegistered"), |_, _| call(PATIENT, PROFILE)),
        register(Some("AlreadyRegistered"), |_, _| call(APPLICANT, PROFILE)),
        register(Some("TooMany"), |ledger, contract| {
            ledger.overwrite(contract, &key(COUNT, ()), &u64::MAX);
            call(STRANGER, PROFILE)
        }),
        update(None, |_, _| call(PATIENT, PROFILE)),
        update(None, |_, _| call(APPLICANT, PROFILE)),
        update(None, |ledger, _| {
            ledger.suspend(PATIENT);
            call(PATIENT, PROFILE)
        }),
        update(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, PROFILE)
        }),
        update(Some("NotRegistered"), |_, _| call(STRANGER, PROFILE)),
    ]
}

fn approve() -> Vec<Case> {
    let case = |error, prepare| case(participants::APPROVE, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::DATA_OWNER))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::ALL))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (APPLICANT, role::ALL & !role::REGULATOR))
        }),
        // Suspended before he was ever approved: he gets the roles and stays suspended.
        case(None, |ledger, _| {
            ledger.suspend(APPLICANT);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER))
        }),
        // Who has left may come back.
        case(None, |ledger, contract| {
            ledger.done(PATIENT, contract, participants::LEAVE, &());
            call(REGULATOR, (PATIENT, role::DATA_OWNER))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (APPLICANT, role::DATA_OWNER))),
        case(Some("NotRegulator"), |_, _| call(APPLICANT, (APPLICANT, role::DATA_OWNER))),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (APPLICANT, role::DATA_OWNER))
        }),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, role::DATA_OWNER))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, 0u16))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, role::ALL + 1))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, u16::MAX))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, role::DATA_OWNER))),
        case(Some("AlreadyApproved"), |_, _| call(REGULATOR, (PATIENT, role::DATA_OWNER))),
        case(Some("AlreadyApproved"), |ledger, _| {
            ledger.suspend(PATIENT);
            call(REGULATOR, (PATIENT, role::DATA_OWNER))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (APPLICANT, role::REGULATOR | role::DATA_OWNER))
        }),
    ]
}

fn set_roles() -> Vec<Case> {
    let case = |error, prepare| case(participants::SET_ROLES, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, role::RESEARCHER))),
        case(None, |_, _| call(REGULATOR, (PATIENT, role::REGULATOR))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (PATIENT, role::ALL & !role::REGULATOR))
        }),
        case(None, |ledger, _| {
            ledger.suspend(PATIENT);
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (PATIENT, role::RESEARCHER))),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, role::ALL))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (PATIENT, 0u16))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (PATIENT, role::ALL + 1))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, role::RESEARCHER))),
        case(Some("NotApproved"), |_, _| call(REGULATOR, (APPLICANT, role::RESEARCHER))),
        case(Some("NotApproved"), |ledger, contract| {
            ledger.done(PATIENT, contract, participants::LEAVE, &());
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        // Neither makes he a regulator nor does he unmake one.
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (PATIENT, role::REGULATOR))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (REGULATOR, role::RESEARCHER))
        }),
    ]
}

fn suspend() -> Vec<Case> {
    let case = |error, prepare| case(participants::SUSPEND, error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, REASON))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, REASON))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(REGULATOR, (AUDITOR, REASON))
        }),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (PATIENT, REASON))),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, REASON))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, REASON))),
        case(Some("AlreadySuspended"), |ledger, _| {
            ledger.suspend(PATIENT);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (REGULATOR, REASON))
        }),
    ]
}

fn reinstate() -> Vec<Case> {
    let case = |error, prepare| case(participants::REINSTATE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.suspend(PATIENT);
            call(REGULATOR, PATIENT)
        }),
        case(None, |ledger, _| {
            ledger.suspend(APPLICANT);
            call(REGULATOR, APPLICANT)
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(REGULATOR, AUDITOR)
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.suspend(PATIENT);
            ledger.pause(contract);
            call(REGULATOR, PATIENT)
        }),
        case(Some("NotRegulator"), |ledger, _| {
            ledger.suspend(PATIENT);
            call(AUDITOR, PATIENT)
        }),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, AUDITOR)
        }),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, REGULATOR)),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, STRANGER)),
        case(Some("NotSuspended"), |_, _| call(REGULATOR, PATIENT)),
        case(Some("NotSuspended"), |_, _| call(REGULATOR, APPLICANT)),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            ledger.set_roles(RELATIVE, role::REGULATOR);
            ledger.suspend(RELATIVE);
            call(AUDITOR, RELATIVE)
        }),
    ]
}

fn leave() -> Vec<Case> {
    let case = |error, prepare| case(participants::LEAVE, error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, ())),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, ())
        }),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            call(PATIENT, ())
        }),
        case(Some("NotRegistered"), |_, _| call(STRANGER, ())),
        case(Some("OfficeHolder"), |_, _| call(REGULATOR, ())),
        // Nobody leaves the black list, whether or not he has roles to give up.
        case(Some("AlreadySuspended"), |ledger, _| {
            ledger.suspend(PATIENT);
            call(PATIENT, ())
        }),
        case(Some("AlreadySuspended"), |ledger, _| {
            ledger.suspend(APPLICANT);
            call(APPLICANT, ())
        }),
        case(Some("NothingToLeave"), |_, _| call(APPLICANT, ())),
        case(Some("NothingToLeave"), |ledger, contract| {
            ledger.done(PATIENT, contract, participants::LEAVE, &());
            call(PATIENT, ())
        }),
    ]
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "participants", message, error, prepare }
}

/// Makes the auditor a regulator, who is not the administrator.
fn appoint(ledger: &mut Ledger) {
    ledger.set_roles(AUDITOR, role::REGULATOR);
}
