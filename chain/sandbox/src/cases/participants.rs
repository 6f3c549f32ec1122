//! The messages of the participants contract.

mod guardians;

use assent_interface::{participants, power};

use super::{Call, Case, Prepare, call};
use crate::Account;
use crate::ledger::{
    APPLICANT, AUDITOR, HOSPITAL, Ledger, PATIENT, REGULATOR, RELATIVE, STRANGER, SUSPENDED, key,
    role,
};

/// `Lazy<u64>`: how many accounts have registered.
const COUNT: u32 = 0x7061_0003;

const PROFILE: [u8; 32] = [0x41; 32];
const REASON: [u8; 32] = [0x42; 32];

pub(super) fn cases() -> Vec<Case> {
    let roles =
        [registration(), approve(), confirm(), set_roles(), suspend(), reinstate(), leave()];
    [roles.concat(), admit_member(), end_mandate(), guardians::cases()].concat()
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
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::ALL, profile(APPLICANT)))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (APPLICANT, role::ALL & !role::REGULATOR, profile(APPLICANT)))
        }),
        // Suspended before he was ever approved: he gets the roles and stays suspended.
        case(None, |ledger, _| {
            ledger.suspend(APPLICANT);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        // Suspended in one of the roles: it gets them all, and this one does not count.
        case(None, |ledger, contract| {
            let suspension = (APPLICANT, role::TRADER, REASON);
            ledger.done(REGULATOR, contract, participants::SUSPEND, &suspension);
            call(REGULATOR, (APPLICANT, role::TRADER | role::DATA_OWNER, profile(APPLICANT)))
        }),
        // Who has left may come back.
        case(None, |ledger, contract| {
            ledger.done(PATIENT, contract, participants::LEAVE, &());
            call(REGULATOR, (PATIENT, role::DATA_OWNER, profile(PATIENT)))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        case(Some("NotRegulator"), |_, _| {
            call(AUDITOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        case(Some("NotRegulator"), |_, _| {
            call(APPLICANT, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        case(Some("OwnRoles"), |_, _| {
            call(REGULATOR, (REGULATOR, role::DATA_OWNER, profile(REGULATOR)))
        }),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (APPLICANT, 0u16, profile(APPLICANT)))),
        case(Some("UnknownRoles"), |_, _| {
            call(REGULATOR, (APPLICANT, role::ALL + 1, profile(APPLICANT)))
        }),
        case(Some("UnknownRoles"), |_, _| {
            call(REGULATOR, (APPLICANT, u16::MAX, profile(APPLICANT)))
        }),
        case(Some("NotRegistered"), |_, _| {
            call(REGULATOR, (STRANGER, role::DATA_OWNER, profile(STRANGER)))
        }),
        case(Some("AlreadyApproved"), |_, _| {
            call(REGULATOR, (PATIENT, role::DATA_OWNER, profile(PATIENT)))
        }),
        case(Some("AlreadyApproved"), |ledger, _| {
            ledger.suspend(PATIENT);
            call(REGULATOR, (PATIENT, role::DATA_OWNER, profile(PATIENT)))
        }),
        // What was checked is not what stands there.
        case(Some("ProfileChanged"), |_, _| {
            call(REGULATOR, (APPLICANT, role::DATA_OWNER, PROFILE))
        }),
        case(Some("ProfileChanged"), |ledger, contract| {
            ledger.done(APPLICANT, contract, participants::UPDATE_PROFILE, &PROFILE);
            call(REGULATOR, (APPLICANT, role::DATA_OWNER, profile(APPLICANT)))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (APPLICANT, role::REGULATOR | role::DATA_OWNER, profile(APPLICANT)))
        }),
    ]
}

fn confirm() -> Vec<Case> {
    let case = |error, prepare| case(participants::CONFIRM_PROFILE, error, prepare);
    vec![
        case(None, |ledger, _| {
            changed(ledger);
            call(REGULATOR, (PATIENT, PROFILE))
        }),
        // Also of one who has left, and of a regulator.
        case(None, |ledger, _| {
            changed(ledger);
            ledger.leave(PATIENT);
            call(REGULATOR, (PATIENT, PROFILE))
        }),
        case(None, |ledger, contract| {
            appoint(ledger);
            ledger.done(REGULATOR, contract, participants::UPDATE_PROFILE, &PROFILE);
            call(AUDITOR, (REGULATOR, PROFILE))
        }),
        case(Some("Paused"), |ledger, contract| {
            changed(ledger);
            ledger.pause(contract);
            call(REGULATOR, (PATIENT, PROFILE))
        }),
        case(Some("NotRegulator"), |ledger, _| {
            changed(ledger);
            call(PATIENT, (PATIENT, PROFILE))
        }),
        case(Some("OwnRoles"), |ledger, contract| {
            ledger.done(REGULATOR, contract, participants::UPDATE_PROFILE, &PROFILE);
            call(REGULATOR, (REGULATOR, PROFILE))
        }),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, PROFILE))),
        case(Some("NotApproved"), |_, _| call(REGULATOR, (APPLICANT, profile(APPLICANT)))),
        case(Some("ProfileChanged"), |ledger, _| {
            changed(ledger);
            call(REGULATOR, (PATIENT, profile(PATIENT)))
        }),
        case(Some("AlreadyConfirmed"), |_, _| call(REGULATOR, (PATIENT, profile(PATIENT)))),
        case(Some("AlreadyConfirmed"), |ledger, contract| {
            changed(ledger);
            ledger.done(REGULATOR, contract, participants::CONFIRM_PROFILE, &(PATIENT, PROFILE));
            call(REGULATOR, (PATIENT, PROFILE))
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
        case(None, |_, _| call(REGULATOR, (HOSPITAL, role::PROVIDER, REASON))),
        // What it does not hold, before it is approved, in a pause.
        case(None, |_, _| call(REGULATOR, (PATIENT, SUSPENDED, REASON))),
        case(None, |_, _| call(REGULATOR, (APPLICANT, role::TRADER, REASON))),
        case(None, |ledger, _| {
            appoint(ledger);
            call(REGULATOR, (AUDITOR, role::REGULATOR, REASON))
        }),
        case(None, |ledger, contract| {
            ledger.pause(contract);
            call(REGULATOR, (HOSPITAL, role::PROVIDER, REASON))
        }),
        // One role after the other, by a regulator who is not the administrator.
        case(None, |ledger, contract| {
            appoint(ledger);
            let first = (HOSPITAL, role::PROVIDER, REASON);
            ledger.done(AUDITOR, contract, participants::SUSPEND, &first);
            call(AUDITOR, (HOSPITAL, role::TRADER, REASON))
        }),
        case(Some("NotRegulator"), |_, _| call(AUDITOR, (HOSPITAL, role::PROVIDER, REASON))),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, role::TRADER, REASON))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (HOSPITAL, 0u16, REASON))),
        case(Some("UnknownRoles"), |_, _| call(REGULATOR, (HOSPITAL, role::ALL + 1, REASON))),
        // Nobody is suspended from being cared for.
        case(Some("DataOwner"), |_, _| call(REGULATOR, (PATIENT, role::DATA_OWNER, REASON))),
        case(Some("DataOwner"), |_, _| call(REGULATOR, (PATIENT, role::ALL, REASON))),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, role::TRADER, REASON))),
        case(Some("AlreadySuspended"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(REGULATOR, (HOSPITAL, role::PROVIDER, REASON))
        }),
        // One of the two is.
        case(Some("AlreadySuspended"), |ledger, contract| {
            let first = (HOSPITAL, role::PROVIDER, REASON);
            ledger.done(REGULATOR, contract, participants::SUSPEND, &first);
            call(REGULATOR, (HOSPITAL, role::PROVIDER | role::TRADER, REASON))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (REGULATOR, role::TRADER, REASON))
        }),
        // Nor does he keep somebody from becoming one.
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            call(AUDITOR, (HOSPITAL, role::REGULATOR, REASON))
        }),
    ]
}

fn reinstate() -> Vec<Case> {
    let case = |error, prepare| case(participants::REINSTATE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(REGULATOR, (HOSPITAL, SUSPENDED))
        }),
        // A part of what is suspended.
        case(None, |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(REGULATOR, (HOSPITAL, role::PROVIDER))
        }),
        case(None, |ledger, _| {
            ledger.suspend(APPLICANT);
            call(REGULATOR, (APPLICANT, SUSPENDED))
        }),
        // Who has left may be reinstated.
        case(None, |ledger, _| {
            ledger.suspend(HOSPITAL);
            ledger.leave(HOSPITAL);
            call(REGULATOR, (HOSPITAL, SUSPENDED))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(REGULATOR, (AUDITOR, role::REGULATOR))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            call(REGULATOR, (HOSPITAL, SUSPENDED))
        }),
        case(Some("NotRegulator"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(AUDITOR, (HOSPITAL, SUSPENDED))
        }),
        case(Some("NotRegulator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(AUDITOR);
            call(AUDITOR, (AUDITOR, SUSPENDED))
        }),
        case(Some("OwnRoles"), |_, _| call(REGULATOR, (REGULATOR, SUSPENDED))),
        case(Some("UnknownRoles"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(REGULATOR, (HOSPITAL, 0u16))
        }),
        case(Some("UnknownRoles"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(REGULATOR, (HOSPITAL, u16::MAX))
        }),
        case(Some("NotRegistered"), |_, _| call(REGULATOR, (STRANGER, SUSPENDED))),
        case(Some("NotSuspended"), |_, _| call(REGULATOR, (HOSPITAL, role::PROVIDER))),
        // One of the two is not.
        case(Some("NotSuspended"), |ledger, contract| {
            let first = (HOSPITAL, role::PROVIDER, REASON);
            ledger.done(REGULATOR, contract, participants::SUSPEND, &first);
            call(REGULATOR, (HOSPITAL, role::PROVIDER | role::TRADER))
        }),
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            ledger.set_roles(RELATIVE, role::REGULATOR);
            ledger.suspend(RELATIVE);
            call(AUDITOR, (RELATIVE, role::TRADER))
        }),
        // Also when it no longer holds the role.
        case(Some("NotAdministrator"), |ledger, _| {
            appoint(ledger);
            ledger.suspend(HOSPITAL);
            call(AUDITOR, (HOSPITAL, role::REGULATOR))
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
        // The black list goes with him.
        case(None, |ledger, _| {
            ledger.suspend(HOSPITAL);
            call(HOSPITAL, ())
        }),
        case(Some("NotRegistered"), |_, _| call(STRANGER, ())),
        case(Some("OfficeHolder"), |_, _| call(REGULATOR, ())),
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

fn admit_member() -> Vec<Case> {
    let case = |error, prepare| case(participants::ADMIT_MEMBER, error, prepare);
    vec![
        case(None, |ledger, _| member(ledger, HOSPITAL, STRANGER, power::ALL)),
        // Again, with fewer powers; and the key of a patient, who is somebody else then.
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            member(ledger, HOSPITAL, STRANGER, power::SIGN)
        }),
        case(None, |ledger, _| member(ledger, HOSPITAL, PATIENT, power::ASK)),
        case(None, |ledger, _| {
            let until = ledger.sandbox.now() + participants::MAX_TERM;
            call(HOSPITAL, (STRANGER, power::ASK, until, REASON))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            member(ledger, HOSPITAL, STRANGER, power::ALL)
        }),
        case(Some("NotOrganisation"), |ledger, _| member(ledger, PATIENT, STRANGER, power::ASK)),
        case(Some("NotOrganisation"), |ledger, _| member(ledger, APPLICANT, APPLICANT, 0)),
        case(Some("NotOrganisation"), |ledger, _| {
            ledger.suspend(HOSPITAL);
            member(ledger, HOSPITAL, STRANGER, power::ASK)
        }),
        case(Some("OwnMandate"), |ledger, _| member(ledger, HOSPITAL, HOSPITAL, 0)),
        case(Some("UnknownPowers"), |_, _| call(HOSPITAL, (STRANGER, 0u16, 0u64, REASON))),
        case(Some("UnknownPowers"), |ledger, _| member(ledger, HOSPITAL, STRANGER, power::ALL + 1)),
        case(Some("InvalidTerm"), |ledger, _| {
            let now = ledger.sandbox.now();
            call(HOSPITAL, (STRANGER, power::ASK, now, REASON))
        }),
        case(Some("InvalidTerm"), |ledger, _| {
            let until = ledger.sandbox.now() + participants::MAX_TERM + 1;
            call(HOSPITAL, (STRANGER, power::ASK, until, REASON))
        }),
    ]
}

fn end_mandate() -> Vec<Case> {
    let case = |error, prepare| case(participants::END_MANDATE, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            call(HOSPITAL, (HOSPITAL, STRANGER))
        }),
        // By who acts, over, of one who is suspended, in a pause.
        case(None, |ledger, contract| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            ledger.sandbox.advance(2 * participants::MAX_TERM);
            ledger.suspend(HOSPITAL);
            ledger.pause(contract);
            call(STRANGER, (HOSPITAL, STRANGER))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            call(REGULATOR, (HOSPITAL, STRANGER))
        }),
        case(Some("NoMandate"), |_, _| call(HOSPITAL, (HOSPITAL, STRANGER))),
        // It goes in one direction.
        case(Some("NoMandate"), |ledger, _| {
            ledger.admit_member(HOSPITAL, STRANGER, power::ALL);
            call(HOSPITAL, (STRANGER, HOSPITAL))
        }),
    ]
}

/// `organisation` has `agent` act for it, until a moment that is all right.
fn member(ledger: &Ledger, organisation: Account, agent: Account, powers: u16) -> Call {
    call(organisation, (agent, powers, ledger.sandbox.now() + 1, REASON))
}

/// The profile with which an account of the deployment has registered.
fn profile(account: Account) -> [u8; 32] {
    [account[0]; 32]
}

/// The patient has replaced the profile that was checked.
fn changed(ledger: &mut Ledger) {
    ledger.done(PATIENT, "participants", participants::UPDATE_PROFILE, &PROFILE);
}

/// Makes the auditor a regulator, who is not the administrator.
fn appoint(ledger: &mut Ledger) {
    ledger.set_roles(AUDITOR, role::REGULATOR);
}
