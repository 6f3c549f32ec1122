//! The rules of audits.

use super::*;
use crate::audit::{Audit, AuditResult, Finding};
use assent_events::reports::{AuditOpened, AuditRecorded};
use ink::scale::Encode;

const AUDITOR: AccountId = AccountId([7; 32]);
/// The block that audits are opened in.
const BLOCK: u32 = 70;
const NONCE: Hash = [8; 32];
const EVIDENCE: Hash = [9; 32];

fn commitment() -> Hash {
    Sha2::hash(&[&NONCE])
}

fn finding() -> Finding {
    Finding { nonce: NONCE, block_hash: [12; 32], passed: true, evidence: EVIDENCE }
}

/// An audit of the first of two versions.
fn opened() -> Data {
    let (mut data, _) = series(2);
    data.open_audit(AUDITOR, NOW, BLOCK, auditing(AUDITOR, true), of(1), commitment()).unwrap();
    data
}

#[ink::test]
fn an_audit_is_opened_and_its_result_put_on_record() {
    let (mut data, _) = series(2);
    assert_eq!(data.audit(1), None);
    let event = data
        .open_audit(AUDITOR, NOW + 1, BLOCK, auditing(AUDITOR, true), of(2), commitment())
        .unwrap();
    let expected = AuditOpened {
        audit: 1,
        owner: OWNER,
        series: SERIES,
        sequence: 2,
        auditor: AUDITOR,
        commitment: commitment(),
        block: BLOCK + 1,
        at: NOW + 1,
    };
    assert_eq!(event, expected);
    let stored = Audit {
        owner: OWNER,
        series: SERIES,
        sequence: 2,
        auditor: AUDITOR,
        commitment: commitment(),
        block: BLOCK + 1,
        opened: NOW + 1,
        result: None,
    };
    assert_eq!(data.audit(1), Some(stored.clone()));

    let event = data.record_audit(AUDITOR, NOW + 2, BLOCK + 2, 1, finding()).unwrap();
    let expected = AuditRecorded {
        audit: 1,
        auditor: AUDITOR,
        nonce: NONCE,
        block_hash: [12; 32],
        passed: true,
        evidence: EVIDENCE,
        at: NOW + 2,
    };
    assert_eq!(event, expected);
    let result = AuditResult {
        nonce: NONCE,
        block_hash: [12; 32],
        passed: true,
        evidence: EVIDENCE,
        at: NOW + 2,
    };
    assert_eq!(data.audit(1), Some(Audit { result: Some(result), ..stored }));
    assert_eq!(data.audit(0), None);
    assert_eq!(data.audit(2), None);
}

#[ink::test]
fn a_failed_audit_is_on_record_too() {
    let mut data = opened();
    let failed = Finding { passed: false, ..finding() };
    assert!(!data.record_audit(AUDITOR, NOW, BLOCK + 2, 1, failed).unwrap().passed);
    assert!(!data.audit(1).unwrap().result.unwrap().passed);
    let again = data.record_audit(AUDITOR, NOW, BLOCK + 2, 1, finding());
    assert_eq!(again, Err(Error::AlreadyRecorded));
    assert!(!data.audit(1).unwrap().result.unwrap().passed);
}

#[ink::test]
fn audits_have_numbers_of_their_own() {
    let mut data = opened();
    data.anchor(OTHER, NOW, own(true), OTHER, &new(1, [0; 32])).unwrap();
    // Of another owner's series with the same name, and once more of the same version.
    for (audit, key) in [(2, (OTHER, SERIES, 1)), (3, of(1))] {
        let event = data
            .open_audit(AUDITOR, NOW, BLOCK, auditing(AUDITOR, true), key, commitment())
            .unwrap();
        assert_eq!((event.audit, event.owner), (audit, key.0));
    }
    data.record_audit(AUDITOR, NOW, BLOCK + 2, 2, finding()).unwrap();
    let has_result = |audit| data.audit(audit).unwrap().result.is_some();
    assert_eq!([1, 2, 3].map(has_result), [false, true, false]);
}

#[ink::test]
fn what_was_superseded_or_revoked_is_audited_too() {
    let (mut data, heads) = series(1);
    data.supersede(OWNER, NOW, own(true), OWNER, &new(2, heads[0])).unwrap();
    data.revoke(OWNER, NOW, Agency::OWN, of(2), REASON).unwrap();
    for sequence in [1, 2] {
        data.open_audit(AUDITOR, NOW, BLOCK, auditing(AUDITOR, true), of(sequence), commitment())
            .unwrap();
    }
}

#[ink::test]
fn opening_refuses_in_order() {
    let (mut data, _) = series(1);
    data.last_audit.set(&u64::MAX);
    let mut open = |caller, block, is_auditor, key| {
        data.open_audit(caller, NOW, block, auditing(caller, is_auditor), key, commitment())
            .unwrap_err()
    };
    for key in [of(0), of(2), (OWNER, [9; 32], 1), (OTHER, SERIES, 1)] {
        assert_eq!(open(OWNER, u32::MAX, false, key), Error::UnknownVersion);
    }
    assert_eq!(open(OWNER, u32::MAX, false, of(1)), Error::NotAuditor);
    for party in [OWNER, PATIENT, DOCTOR] {
        assert_eq!(open(party, u32::MAX, true, of(1)), Error::OwnAudit);
    }
    // No number left for the audit; then none for the block.
    assert_eq!(open(AUDITOR, BLOCK, true, of(1)), Error::TooMany);
    data.last_audit.set(&(u64::MAX - 1));
    let mut open =
        |block| data.open_audit(AUDITOR, NOW, block, auditing(AUDITOR, true), of(1), commitment());
    assert_eq!(open(u32::MAX), Err(Error::TooMany));
    let last = open(u32::MAX - 1).unwrap();
    assert_eq!((last.audit, last.block), (u64::MAX, u32::MAX));
    assert_eq!(open(BLOCK), Err(Error::TooMany));
}

/// Nobody is nobody's party.
#[ink::test]
fn a_series_without_a_patient_is_audited_too() {
    let mut data = Data::new(DOMAIN);
    let nobody = NewVersion { patient: None, ..new(1, [0; 32]) };
    data.anchor(OWNER, NOW, own(true), OWNER, &nobody).unwrap();
    let mut open =
        |caller| data.open_audit(caller, NOW, BLOCK, auditing(caller, true), of(1), commitment());
    for party in [OWNER, DOCTOR] {
        assert_eq!(open(party), Err(Error::OwnAudit));
    }
    open(PATIENT).unwrap();
}

#[ink::test]
fn recording_refuses_in_order() {
    let mut data = opened();
    let wrong = Finding { nonce: [0; 32], ..finding() };
    let mut record = |caller, block, audit| data.record_audit(caller, NOW, block, audit, wrong);
    for audit in [0, 2, u64::MAX] {
        assert_eq!(record(OTHER, BLOCK, audit), Err(Error::UnknownAudit));
    }
    for caller in [OTHER, OWNER, PATIENT, DOCTOR] {
        assert_eq!(record(caller, BLOCK, 1), Err(Error::NotAuditor));
    }
    // The audit's block is not over; then its hash is known.
    for block in [0, BLOCK, BLOCK + 1] {
        assert_eq!(record(AUDITOR, block, 1), Err(Error::TooEarly));
    }
    assert_eq!(record(AUDITOR, BLOCK + 2, 1), Err(Error::WrongNonce));
    assert_eq!(data.audit(1).unwrap().result, None, "a refusal writes nothing");
    data.record_audit(AUDITOR, NOW, u32::MAX, 1, finding()).unwrap();
    assert_eq!(
        data.record_audit(OTHER, NOW, BLOCK, 1, wrong),
        Err(Error::NotAuditor),
        "also when there is a result"
    );
    assert_eq!(data.record_audit(AUDITOR, NOW, BLOCK, 1, wrong), Err(Error::AlreadyRecorded));
}

#[ink::test]
fn the_longest_audit_fits() {
    let mut data = opened();
    data.record_audit(AUDITOR, NOW, BLOCK + 2, 1, finding()).unwrap();
    assert!(data.audit(1).unwrap().encoded_size() < 1024);
}
