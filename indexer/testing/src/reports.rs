//! Events of the reports contract.

use assent_client::EmittedEvent;
use assent_client::bundle::blake2_256;
use sha2::{Digest, Sha256};
use subxt::ext::codec::Encode;

use crate::{GENESIS, account, address, event};

/// The series of a [`Version`] that names no other.
pub const SERIES: [u8; 32] = [0x5e; 32];
/// Who signs: the patient.
pub const PATIENT: u8 = 0;
/// Who signs: the doctor.
pub const DOCTOR: u8 = 1;
/// Who audits.
pub const AUDITOR: u8 = 6;

/// A version of a series of account 1, about patient 3, by doctor 4, that the owner anchors itself.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Version {
    pub owner: u8,
    pub series: [u8; 32],
    pub sequence: u32,
    pub previous: [u8; 32],
    pub root: [u8; 32],
    pub chunks: u64,
    pub byte_length: u64,
    pub patient: Option<u8>,
    pub doctor: u8,
    /// The key of the owner's staff that anchors it; `None`: the owner's own.
    pub staff: Option<u8>,
    /// `None`: the right one.
    pub head: Option<[u8; 32]>,
}

impl Version {
    /// The first version of [`SERIES`].
    #[must_use]
    pub fn first() -> Self {
        Self {
            owner: 1,
            series: SERIES,
            sequence: 1,
            previous: [0; 32],
            root: [0x11; 32],
            chunks: 2,
            byte_length: 100,
            patient: Some(3),
            doctor: 4,
            staff: None,
            head: None,
        }
    }

    /// The version that follows this one, anchored by the same key.
    #[must_use]
    pub fn next(&self, root: u8) -> Self {
        let root = [root; 32];
        Self { sequence: self.sequence + 1, previous: self.head(), root, head: None, ..*self }
    }

    /// What its head is the hash of: on which chain and of which contract it is, and all its fields.
    #[must_use]
    pub fn preimage(&self) -> Vec<u8> {
        let domain = blake2_256(&[GENESIS.0, address("reports")].concat());
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (self.patient.map(account), account(self.doctor));
        let link = (account(self.owner), self.series, self.sequence, self.previous);
        (domain, link, file, parties).encode()
    }

    /// Its head.
    #[must_use]
    pub fn head(&self) -> [u8; 32] {
        self.head.unwrap_or_else(|| Sha256::digest(self.preimage()).into())
    }

    /// It is anchored, at 5,000 ms.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let link = (account(self.owner), self.series, self.sequence, self.previous, self.head());
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (self.patient.map(account), account(self.doctor));
        let by = account(self.staff.unwrap_or(self.owner));
        event("reports", "Anchored", (link, file, parties, by, 5_000_u64))
    }
}

// What follows is of the series `SERIES` of account 1.

/// A version is corrected by a later one.
#[must_use]
pub fn superseded(sequence: u32, by: u32) -> EmittedEvent {
    event("reports", "Superseded", (account(1), SERIES, sequence, by))
}

/// A version is revoked for the reason 0xee, at 7,000 ms.
#[must_use]
pub fn revoked(sequence: u32) -> EmittedEvent {
    revoked_at(sequence, 7_000)
}

/// A version is revoked for the reason 0xee.
#[must_use]
pub fn revoked_at(sequence: u32, at: u64) -> EmittedEvent {
    revoked_by(1, sequence, at)
}

/// The same by this key, the owner's or that of one of its staff.
#[must_use]
pub fn revoked_by(by: u8, sequence: u32, at: u64) -> EmittedEvent {
    let what = (account(1), SERIES, sequence, [0xee_u8; 32]);
    event("reports", "Revoked", (what, account(by), at))
}

/// A party signs for a version, at 6,000 ms.
#[must_use]
pub fn signed(sequence: u32, party: u8, signer: u8) -> EmittedEvent {
    signed_at(sequence, party, signer, 6_000)
}

/// A party signs for a version.
#[must_use]
pub fn signed_at(sequence: u32, party: u8, signer: u8, at: u64) -> EmittedEvent {
    signed_by(signer, sequence, party, signer, at)
}

/// The same by this key, the signer's or that of one of his staff.
#[must_use]
pub fn signed_by(by: u8, sequence: u32, party: u8, signer: u8, at: u64) -> EmittedEvent {
    let what = (account(1), SERIES, sequence, party);
    event("reports", "Countersigned", (what, account(signer), account(by), at))
}

/// [`AUDITOR`] commits to the [`nonce`] of an audit, at 6,000 ms; `block` is the one whose hash the
/// challenge is drawn from.
#[must_use]
pub fn audit_opened(audit: u64, sequence: u32, block: u32) -> EmittedEvent {
    audit_opened_by(AUDITOR, audit, (1, SERIES), sequence, block)
}

/// The same by any account, of any series.
#[must_use]
pub fn audit_opened_by(
    auditor: u8,
    audit: u64,
    (owner, series): (u8, [u8; 32]),
    sequence: u32,
    block: u32,
) -> EmittedEvent {
    let commitment: [u8; 32] = Sha256::digest(nonce(audit)).into();
    let what = (audit, account(owner), series, sequence);
    event("reports", "AuditOpened", (what, account(auditor), commitment, block, 6_000_u64))
}

/// The auditor says what came of it, at 7,000 ms; the evidence is 0xed.
#[must_use]
pub fn audit_recorded(audit: u64, block_hash: [u8; 32], passed: bool) -> EmittedEvent {
    audit_recorded_by(AUDITOR, audit, nonce(audit), block_hash, passed)
}

/// The same by any account, with any nonce.
#[must_use]
pub fn audit_recorded_by(
    auditor: u8,
    audit: u64,
    nonce: [u8; 32],
    block_hash: [u8; 32],
    passed: bool,
) -> EmittedEvent {
    let result = (nonce, block_hash, passed, [0xed_u8; 32], 7_000_u64);
    event("reports", "AuditRecorded", (audit, account(auditor), result))
}

/// The nonce of an audit.
#[must_use]
pub fn nonce(audit: u64) -> [u8; 32] {
    [u8::try_from(audit).expect("few audits"); 32]
}
