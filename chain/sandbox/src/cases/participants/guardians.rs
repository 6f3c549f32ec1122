//! Guardians: a regulator appoints and dismisses them.

use assent_interface::{participants, power};

use super::super::{Call, Case, call};
use super::{PROFILE, REASON, appoint, case, member, profile};
use crate::Account;
use crate::ledger::{
    APPLICANT, AUDITOR, HOSPITAL, Ledger, PATIENT, Participant, REGULATOR, RELATIVE, STRANGER, key,
    role,
};

/// Participants by account.
const PARTICIPANTS: u32 = 0x7061_0001;

pub(super) fn cases() -> Vec<Case> {
    [appoint_guardian(), admit_member(), end_mandate()].concat()
}

fn appoint_guardian() -> Vec<Case> {
    let case = |error, prepare| case(participants::APPOINT_GUARDIAN, error, prepare);
    vec![
        // A key that is not registered, and a participant's.
        case(None, |ledger, _| appointed(ledger, PATIENT, STRANGER)),
        case(None, |ledger, _| appointed(ledger, PATIENT, HOSPITAL)),
        // Until a child comes of age.
        case(None, |ledger, _| {
            let until = ledger.sandbox.now() + participants::MAX_GUARDIANSHIP;
            call(REGULATOR, (PATIENT, STRANGER, until, REASON))
        }),
        // Another one, and the same again: for longer, for a shorter time, and when it is over.
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            appointed(ledger, PATIENT, RELATIVE)
        }),
        case(None, |ledger, _| {
            ledger.appoint_guardian_until(PATIENT, STRANGER, ledger.sandbox.now() + 1);
            ledger.appoint_guardian(PATIENT, RELATIVE);
            let until = ledger.sandbox.now() + 2;
            call(REGULATOR, (PATIENT, STRANGER, until, REASON))
        }),
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            appointed(ledger, PATIENT, STRANGER)
        }),
        case(None, |ledger, _| {
            ledger.appoint_guardian_until(PATIENT, STRANGER, ledger.sandbox.now() + 1);
            ledger.sandbox.advance(1);
            appointed(ledger, PATIENT, STRANGER)
        }),
        // By a regulator who is not the administrator, for one whose other roles are suspended.
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.suspend(PATIENT);
            let until = ledger.sandbox.now() + 1;
            call(AUDITOR, (PATIENT, STRANGER, until, REASON))
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.pause(contract);
            appointed(ledger, PATIENT, STRANGER)
        }),
        case(Some("NotRegulator"), |_, _| call(PATIENT, (PATIENT, STRANGER, 0u64, REASON))),
        case(Some("NotRegulator"), |_, _| call(HOSPITAL, (PATIENT, HOSPITAL, 0u64, REASON))),
        case(Some("OwnGuardianship"), |_, _| call(REGULATOR, (PATIENT, REGULATOR, 0u64, REASON))),
        case(Some("OwnGuardianship"), |_, _| call(REGULATOR, (REGULATOR, STRANGER, 0u64, REASON))),
        // He is the ward's guardian himself.
        case(Some("OwnGuardianship"), |ledger, _| {
            appoint(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, STRANGER, 0u64, REASON))
        }),
        case(Some("OwnMandate"), |_, _| call(REGULATOR, (APPLICANT, APPLICANT, 0u64, REASON))),
        case(Some("NotDataOwner"), |_, _| call(REGULATOR, (HOSPITAL, STRANGER, 0u64, REASON))),
        case(Some("NotDataOwner"), |_, _| call(REGULATOR, (APPLICANT, STRANGER, 0u64, REASON))),
        case(Some("NotDataOwner"), |ledger, _| {
            ledger.leave(PATIENT);
            appointed(ledger, PATIENT, STRANGER)
        }),
        case(Some("InvalidTerm"), |ledger, _| {
            call(REGULATOR, (PATIENT, STRANGER, ledger.sandbox.now(), REASON))
        }),
        case(Some("InvalidTerm"), |ledger, _| {
            let until = ledger.sandbox.now() + participants::MAX_GUARDIANSHIP + 1;
            call(REGULATOR, (PATIENT, STRANGER, until, REASON))
        }),
        // He is of the ward's staff, also when that is over.
        case(Some("OtherMandate"), |ledger, _| {
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::PROVIDER);
            ledger.admit_member(PATIENT, STRANGER, power::ASK);
            ledger.sandbox.advance(participants::MAX_TERM);
            appointed(ledger, PATIENT, STRANGER)
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            changed_often(ledger, contract);
            appointed(ledger, PATIENT, STRANGER)
        }),
    ]
}

fn admit_member() -> Vec<Case> {
    let case = |error, prepare| case(participants::ADMIT_MEMBER, error, prepare);
    vec![
        // A guardian's power is no organisation's to give, and his mandate not to replace.
        case(Some("UnknownPowers"), |ledger, _| {
            member(ledger, HOSPITAL, STRANGER, power::ASK | power::GUARDIAN)
        }),
        case(Some("OtherMandate"), |ledger, _| {
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::PROVIDER);
            ledger.appoint_guardian(PATIENT, STRANGER);
            member(ledger, PATIENT, STRANGER, power::ASK)
        }),
        // Once it was ended it may.
        case(None, |ledger, _| {
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::PROVIDER);
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            member(ledger, PATIENT, STRANGER, power::ASK)
        }),
    ]
}

fn end_mandate() -> Vec<Case> {
    let case = |error, prepare| case(participants::END_MANDATE, error, prepare);
    vec![
        // A regulator, also another one than who appointed him; and he himself, in a pause, over.
        case(None, |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(REGULATOR, (PATIENT, STRANGER))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(AUDITOR, (PATIENT, STRANGER))
        }),
        case(None, |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.sandbox.advance(participants::MAX_GUARDIANSHIP);
            ledger.pause(contract);
            call(STRANGER, (PATIENT, STRANGER))
        }),
        // A ward does not rid himself of his guardian, also as a regulator.
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(PATIENT, (PATIENT, STRANGER))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::REGULATOR);
            call(PATIENT, (PATIENT, STRANGER))
        }),
        case(Some("NotAuthorized"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(RELATIVE, (PATIENT, STRANGER))
        }),
        // Nor one guardian of another, also as a regulator; he himself may go.
        case(Some("NotAuthorized"), |ledger, _| {
            appoint(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            ledger.appoint_guardian(PATIENT, STRANGER);
            call(AUDITOR, (PATIENT, STRANGER))
        }),
        case(None, |ledger, _| {
            appoint(ledger);
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, AUDITOR))
        }),
        case(Some("NoMandate"), |ledger, _| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            ledger.dismiss_guardian(PATIENT, STRANGER);
            call(STRANGER, (PATIENT, STRANGER))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.appoint_guardian(PATIENT, STRANGER);
            changed_often(ledger, contract);
            call(REGULATOR, (PATIENT, STRANGER))
        }),
    ]
}

/// The regulator appoints a guardian until the next moment.
fn appointed(ledger: &Ledger, ward: Account, guardian: Account) -> Call {
    call(REGULATOR, (ward, guardian, ledger.sandbox.now() + 1, PROFILE))
}

/// The patient's guardians lost time so often that there is no number left.
fn changed_often(ledger: &mut Ledger, contract: &str) {
    let checked = profile(PATIENT);
    let patient = Participant {
        roles: role::DATA_OWNER,
        suspended: 0,
        profile: checked,
        confirmed: Some(checked),
        guardianship: u32::MAX,
        key: None,
    };
    ledger.overwrite(contract, &key(PARTICIPANTS, PATIENT), &patient);
}
