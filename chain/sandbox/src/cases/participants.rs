//! The messages of the participants contract.

use super::{Case, Prepare, call};
use crate::health::{
    APPLICANT, AUDITOR, Health, PATIENT, REGULATOR, RELATIVE, STRANGER, key, role,
};

/// `Lazy<u64>`: how many accounts have registered.
const COUNT: u32 = 0x7061_0003;

const PROFILE: [u8; 32] = [0x41; 32];
const REASON: [u8; 32] = [0x42; 32];

pub(super) fn cases() -> Vec<Case> {
    [registration(), approve(), set_roles(), suspend(), reinstate(), leave()].concat()
}

fn registration() -> Vec<Case> {
    let register = |error, prepare| case("register", error, prepare);
    let update = |error, prepare| case("update_profile", error, prepare);
    vec![
        register(None, |_, _| call(STRANGER, PROFILE)),
        register(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(STRANGER, PROFILE)
        }),
        register(Some("AlreadyRegistered"), |_, _| call(PATIENT, PROFILE)),
        register(Some("AlreadyRegistered"), |_, _| call(APPLICANT, PROFILE)),
        register(Some("TooMany"), |health, contract| {
            health.overwrite(contract, &key(COUNT, ()), &u64::MAX);
            call(STRANGER, PROFILE)
        }),
        update(None, |_, _| call(PATIENT, PROFILE)),
        update(None, |_, _| call(APPLICANT, PROFILE)),
        update(None, |health, _| {
            health.suspend(PATIENT);
            call(PATIENT, PROFILE)
        }),
        update(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(PATIENT, PROFILE)
        }),
        update(Some("NotRegistered"), |_, _| call(STRANGER, PROFILE)),
    ]
}

fn approve() -> Vec<Case> {
    let case = |error, prepare| case("approve", error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::DATA_OWNER))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::ALL))),
        case(None, |health, _| {
            appoint(health);
            call(AUDITOR, (APPLICANT, role::ALL & !role::REGULATOR))
        }),
        // Suspended before he was ever approved: he gets the roles and stays suspended.
        case(None, |health, _| {
            health.suspend(APPLICANT);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER))
        }),
        // Who has left may come back.
        case(None, |health, contract| {
            health.done(PATIENT, contract, "leave", &());
            call(REGULATOR, (PATIENT, role::DATA_OWNER))
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (APPLICANT, role::DATA_OWNER))),
        case(Some("NotRegulator"), |_, _| call(APPLICANT, (APPLICANT, role::DATA_OWNER))),
        case(Some("NotRegulator"), |health, _| {
            appoint(health);
            health.suspend(AUDITOR);
            call(AUDITOR, (APPLICANT, role::DATA_OWNER))
        }),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, role::DATA_OWNER))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, 0u16))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, role::ALL + 1))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, u16::MAX))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, role::DATA_OWNER))),
        case(Some("AlreadyApproved"), |_, _| call(REGULATOR, (PATIENT, role::DATA_OWNER))),
        case(Some("AlreadyApproved"), |health, _| {
            health.suspend(PATIENT);
            call(REGULATOR, (PATIENT, role::DATA_OWNER))
        }),
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(AUDITOR, (APPLICANT, role::REGULATOR | role::DATA_OWNER))
        }),
    ]
}

fn set_roles() -> Vec<Case> {
    let case = |error, prepare| case("set_roles", error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, role::RESEARCHER))),
        case(None, |_, _| call(REGULATOR, (PATIENT, role::REGULATOR))),
        case(None, |health, _| {
            appoint(health);
            call(AUDITOR, (PATIENT, role::ALL & !role::REGULATOR))
        }),
        case(None, |health, _| {
            health.suspend(PATIENT);
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        case(Some("Paused"), |health, contract| {
            health.pause(contract);
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (PATIENT, role::RESEARCHER))),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, role::ALL))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (PATIENT, 0u16))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (PATIENT, role::ALL + 1))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, role::RESEARCHER))),
        case(Some("NotApproved"), |_, _| call(REGULATOR, (APPLICANT, role::RESEARCHER))),
        case(Some("NotApproved"), |health, contract| {
            health.done(PATIENT, contract, "leave", &());
            call(REGULATOR, (PATIENT, role::RESEARCHER))
        }),
        // Neither makes he a regulator nor does he unmake one.
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(AUDITOR, (PATIENT, role::REGULATOR))
        }),
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(AUDITOR, (REGULATOR, role::RESEARCHER))
        }),
    ]
}

fn suspend() -> Vec<Case> {
    let case = |error, prepare| case("suspend", error, prepare);
    vec![
        case(None, |_, _| call(REGULATOR, (PATIENT, REASON))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, REASON))),
        case(None, |health, _| {
            appoint(health);
            call(REGULATOR, (AUDITOR, REASON))
        }),
        case(None, |health, contract| {
            health.pause(contract);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (PATIENT, REASON))),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, REASON))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, REASON))),
        case(Some("AlreadySuspended"), |health, _| {
            health.suspend(PATIENT);
            call(REGULATOR, (PATIENT, REASON))
        }),
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            call(AUDITOR, (REGULATOR, REASON))
        }),
    ]
}

fn reinstate() -> Vec<Case> {
    let case = |error, prepare| case("reinstate", error, prepare);
    vec![
        case(None, |health, _| {
            health.suspend(PATIENT);
            call(REGULATOR, PATIENT)
        }),
        case(None, |health, _| {
            health.suspend(APPLICANT);
            call(REGULATOR, APPLICANT)
        }),
        case(None, |health, _| {
            appoint(health);
            health.suspend(AUDITOR);
            call(REGULATOR, AUDITOR)
        }),
        case(Some("Paused"), |health, contract| {
            health.suspend(PATIENT);
            health.pause(contract);
            call(REGULATOR, PATIENT)
        }),
        case(Some("NotRegulator"), |health, _| {
            health.suspend(PATIENT);
            call(AUDITOR, PATIENT)
        }),
        case(Some("NotRegulator"), |health, _| {
            appoint(health);
            health.suspend(AUDITOR);
            call(AUDITOR, AUDITOR)
        }),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, REGULATOR)),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, STRANGER)),
        case(Some("NotSuspended"), |_, _| call(REGULATOR, PATIENT)),
        case(Some("NotSuspended"), |_, _| call(REGULATOR, APPLICANT)),
        case(Some("NotAdministrator"), |health, _| {
            appoint(health);
            health.set_roles(RELATIVE, role::REGULATOR);
            health.suspend(RELATIVE);
            call(AUDITOR, RELATIVE)
        }),
    ]
}

fn leave() -> Vec<Case> {
    let case = |error, prepare| case("leave", error, prepare);
    vec![
        case(None, |_, _| call(PATIENT, ())),
        case(None, |health, _| {
            appoint(health);
            call(AUDITOR, ())
        }),
        case(None, |health, contract| {
            health.pause(contract);
            call(PATIENT, ())
        }),
        case(Some("NotRegistered"), |_, _| call(STRANGER, ())),
        case(Some("OfficeHolder"), |_, _| call(REGULATOR, ())),
        // Nobody leaves the black list, whether or not he has roles to give up.
        case(Some("AlreadySuspended"), |health, _| {
            health.suspend(PATIENT);
            call(PATIENT, ())
        }),
        case(Some("AlreadySuspended"), |health, _| {
            health.suspend(APPLICANT);
            call(APPLICANT, ())
        }),
        case(Some("NothingToLeave"), |_, _| call(APPLICANT, ())),
        case(Some("NothingToLeave"), |health, contract| {
            health.done(PATIENT, contract, "leave", &());
            call(PATIENT, ())
        }),
    ]
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "participants", message, error, prepare }
}

/// Makes the auditor a regulator, who is not the administrator.
fn appoint(health: &mut Health) {
    health.set_roles(AUDITOR, role::REGULATOR);
}
