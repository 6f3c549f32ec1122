//! Audits: whether the file of a version is still kept, whole.

use assent_interface::{power, reports};
use assent_model::sha256;

use super::super::{Case, call};
use super::case;
use crate::ledger::{AUDITOR, HOSPITAL, Hash, Ledger, NewVersion, PATIENT, STRANGER, report, role};

/// What the auditor draws from, and what he commits to.
const NONCE: Hash = [0x44; 32];
/// The hash of a block, as he says.
const BLOCK: Hash = [0x45; 32];
/// Commitment to the evidence.
const EVIDENCE: Hash = [0x46; 32];
/// Audits by number.
const LAST_AUDIT: u32 = 0x7265_0003;

pub(super) fn cases() -> Vec<Case> {
    [open_audit(), record_audit()].concat()
}

fn open_audit() -> Vec<Case> {
    let case = |error, prepare| case(reports::OPEN_AUDIT, error, prepare);
    vec![
        case(None, |ledger, _| {
            ledger.anchor(&report());
            call(AUDITOR, first())
        }),
        // Also of what was revoked, and once more.
        case(None, |ledger, contract| {
            opened(ledger, contract);
            ledger.done(
                HOSPITAL,
                contract,
                reports::REVOKE,
                &(HOSPITAL, report().series, 1u32, [0u8; 32]),
            );
            call(AUDITOR, first())
        }),
        // Of what is about nobody.
        case(None, |ledger, _| {
            ledger.anchor(&NewVersion { patient: None, ..report() });
            call(AUDITOR, first())
        }),
        case(Some("Paused"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.pause(contract);
            call(AUDITOR, first())
        }),
        case(Some("ParticipantsFailed"), |ledger, _| {
            ledger.anchor(&report());
            ledger.silence_participants();
            call(AUDITOR, first())
        }),
        case(Some("NotAuditor"), |ledger, _| {
            ledger.anchor(&report());
            call(STRANGER, first())
        }),
        case(Some("NotAuditor"), |ledger, _| {
            ledger.anchor(&report());
            ledger.suspend(AUDITOR);
            call(AUDITOR, first())
        }),
        case(Some("UnknownVersion"), |_, _| call(AUDITOR, first())),
        case(Some("UnknownVersion"), |ledger, _| {
            ledger.anchor(&report());
            call(AUDITOR, (HOSPITAL, report().series, 2u32, sha256(&NONCE)))
        }),
        // Whoever anchored it, answers for it or is its subject.
        case(Some("OwnAudit"), |ledger, _| {
            ledger.anchor(&report());
            ledger.set_roles(HOSPITAL, role::PROVIDER | role::AUDITOR);
            call(HOSPITAL, first())
        }),
        case(Some("OwnAudit"), |ledger, _| {
            ledger.anchor(&NewVersion { doctor: AUDITOR, ..report() });
            call(AUDITOR, first())
        }),
        case(Some("OwnAudit"), |ledger, _| {
            ledger.anchor(&report());
            ledger.set_roles(PATIENT, role::DATA_OWNER | role::AUDITOR);
            call(PATIENT, first())
        }),
        // Who acts for the owner in anything.
        case(Some("OwnAudit"), |ledger, _| {
            ledger.anchor(&report());
            ledger.admit_member(HOSPITAL, AUDITOR, power::ASK);
            call(AUDITOR, first())
        }),
        case(Some("OwnAudit"), |ledger, contract| {
            ledger.done(PATIENT, contract, reports::ANCHOR, &(PATIENT, report()));
            ledger.appoint_guardian(PATIENT, AUDITOR);
            call(AUDITOR, (PATIENT, report().series, 1u32, sha256(&NONCE)))
        }),
        case(Some("TooMany"), |ledger, contract| {
            ledger.anchor(&report());
            ledger.overwrite(contract, &crate::ledger::key(LAST_AUDIT, ()), &u64::MAX);
            call(AUDITOR, first())
        }),
    ]
}

fn record_audit() -> Vec<Case> {
    let case = |error, prepare| case(reports::RECORD_AUDIT, error, prepare);
    vec![
        case(None, |ledger, contract| {
            due(ledger, contract);
            call(AUDITOR, (1u64, NONCE, BLOCK, true, EVIDENCE))
        }),
        // By whoever is suspended, in a pause, and with a bad end.
        case(None, |ledger, contract| {
            due(ledger, contract);
            ledger.suspend(AUDITOR);
            ledger.pause(contract);
            call(AUDITOR, (1u64, NONCE, BLOCK, false, EVIDENCE))
        }),
        case(Some("UnknownAudit"), |_, _| call(AUDITOR, (1u64, NONCE, BLOCK, true, EVIDENCE))),
        case(Some("UnknownAudit"), |ledger, contract| {
            due(ledger, contract);
            call(AUDITOR, (0u64, NONCE, BLOCK, true, EVIDENCE))
        }),
        case(Some("NotAuditor"), |ledger, contract| {
            due(ledger, contract);
            call(HOSPITAL, (1u64, NONCE, BLOCK, true, EVIDENCE))
        }),
        case(Some("AlreadyRecorded"), |ledger, contract| {
            due(ledger, contract);
            let record = (1u64, NONCE, BLOCK, false, EVIDENCE);
            ledger.done(AUDITOR, contract, reports::RECORD_AUDIT, &record);
            call(AUDITOR, (1u64, NONCE, BLOCK, true, EVIDENCE))
        }),
        // In the block whose hash he needs, which is not known there.
        case(Some("TooEarly"), |ledger, contract| {
            opened(ledger, contract);
            ledger.sandbox.next_block();
            call(AUDITOR, (1u64, NONCE, BLOCK, true, EVIDENCE))
        }),
        case(Some("WrongNonce"), |ledger, contract| {
            due(ledger, contract);
            call(AUDITOR, (1u64, BLOCK, BLOCK, true, EVIDENCE))
        }),
    ]
}

/// The first version of [`report`] is to be audited.
fn first() -> (crate::Account, Hash, u32, Hash) {
    (HOSPITAL, report().series, 1, sha256(&NONCE))
}

/// The auditor has opened an audit of the hospital's first version.
fn opened(ledger: &mut Ledger, contract: &str) {
    ledger.anchor(&report());
    ledger.done(AUDITOR, contract, reports::OPEN_AUDIT, &first());
}

/// As [`opened`], and the block is known whose hash is drawn from.
fn due(ledger: &mut Ledger, contract: &str) {
    opened(ledger, contract);
    ledger.sandbox.next_block();
    ledger.sandbox.next_block();
}
