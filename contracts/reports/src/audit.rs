//! Audits: a third party tests whether the encrypted file of a version is still kept, whole.
//!
//! The auditor commits to a nonce. The challenge, which chunks he asks for, is drawn from the nonce and
//! from the hash of a block that did not exist yet, so that neither he nor whoever keeps the file can
//! choose it: [`assent_merkle::challenge`]. What it came to is on record for good, and an audit that was
//! opened and has no result is seen by everybody.

use crate::data::Data;
use crate::errors::ReportsError;
use crate::version::{ChainSha256, VersionKey};
use assent_events::{
    reports::{AuditOpened, AuditRecorded},
    role, Hash,
};
use assent_merkle::Sha256;
use assent_traits::participants::Admission;
use ink::primitives::AccountId;

/// An audit of a version's file. All but the result never changes, and that is given once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Audit {
    /// Whose series.
    pub owner: AccountId,
    /// The series.
    pub series: Hash,
    /// The version.
    pub sequence: u32,
    /// Who audits.
    pub auditor: AccountId,
    /// SHA-256 of the nonce.
    pub commitment: Hash,
    /// Number of the block whose hash the challenge is drawn from.
    pub block: u32,
    /// When it was opened, ms since 1970.
    pub opened: u64,
    /// What it came to; `None`: nothing so far.
    pub result: Option<AuditResult>,
}

/// What an audit came to, as the auditor says; the nonce alone is checked by the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct AuditResult {
    /// What the auditor had committed to.
    pub nonce: Hash,
    /// Hash of the block that the challenge is drawn from: whoever knows the chain can tell.
    pub block_hash: Hash,
    /// Whether every chunk that the challenge names was there.
    pub passed: bool,
    /// Salted commitment to the challenge, the chunks' leaves and their proofs.
    pub evidence: Hash,
    /// When it was recorded, ms since 1970.
    pub at: u64,
}

impl Data {
    /// Opens an audit by `caller` of the version with this `key`, in the block with number `block`.
    /// The admission's subject is the version's owner, the other is its doctor.
    pub fn open_audit(
        &mut self,
        caller: AccountId,
        now: u64,
        block: u32,
        admission: Admission,
        key: VersionKey,
        commitment: Hash,
    ) -> Result<AuditOpened, ReportsError> {
        let version = self.known_version(key)?;
        if !admission.caller.has(role::AUDITOR) {
            return Err(ReportsError::NotAuditor);
        }
        let (owner, series, sequence) = key;
        let acts_for_one = admission.for_subject.is_some() || admission.for_other.is_some();
        if acts_for_one || version.patient == Some(caller) {
            return Err(ReportsError::OwnAudit);
        }
        let last = self.last_audit.get_or_default();
        let audit = last.checked_add(1).ok_or(ReportsError::TooMany)?;
        let block = block.checked_add(1).ok_or(ReportsError::TooMany)?;

        self.last_audit.set(&audit);
        let opened = Audit {
            owner,
            series,
            sequence,
            auditor: caller,
            commitment,
            block,
            opened: now,
            result: None,
        };
        self.audits.insert(audit, &opened);
        let auditor = caller;
        Ok(AuditOpened { audit, owner, series, sequence, auditor, commitment, block, at: now })
    }

    /// Records what `caller` says, in the block with number `block`, that an audit of his came to.
    pub fn record_audit(
        &mut self,
        caller: AccountId,
        now: u64,
        block: u32,
        audit: u64,
        finding: Finding,
    ) -> Result<AuditRecorded, ReportsError> {
        let mut opened = self.audit(audit).ok_or(ReportsError::UnknownAudit)?;
        if opened.auditor != caller {
            return Err(ReportsError::NotAuditor);
        }
        if opened.result.is_some() {
            return Err(ReportsError::AlreadyRecorded);
        }
        // A block's hash is known to the blocks after it.
        if block <= opened.block {
            return Err(ReportsError::TooEarly);
        }
        let Finding { nonce, block_hash, passed, evidence } = finding;
        if ChainSha256::hash(&[&nonce]) != opened.commitment {
            return Err(ReportsError::WrongNonce);
        }

        opened.result = Some(AuditResult { nonce, block_hash, passed, evidence, at: now });
        self.audits.insert(audit, &opened);
        Ok(AuditRecorded { audit, auditor: caller, nonce, block_hash, passed, evidence, at: now })
    }

    /// An audit by its number.
    pub fn audit(&self, audit: u64) -> Option<Audit> {
        self.audits.get(audit)
    }
}

/// What an auditor says that an audit came to; the fields are those of [`AuditResult`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What he had committed to.
    pub nonce: Hash,
    /// Hash of the block that the challenge is drawn from.
    pub block_hash: Hash,
    /// Whether every chunk that the challenge names was there.
    pub passed: bool,
    /// Salted commitment to the evidence.
    pub evidence: Hash,
}
