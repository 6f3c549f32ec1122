//! Events of the reports contract.

use assent_client::EmittedEvent;
use sha2::{Digest, Sha256};
use subxt::ext::codec::Encode;

use crate::{account, event};

/// The series of a [`Version`] that names no other.
pub const SERIES: [u8; 32] = [0x5e; 32];
/// Who signs: the patient.
pub const PATIENT: u8 = 0;
/// Who signs: the doctor.
pub const DOCTOR: u8 = 1;

/// A version of a series of account 1, about patient 3, by doctor 4.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "the fields are those of the event")]
pub struct Version {
    pub series: [u8; 32],
    pub owner: u8,
    pub sequence: u32,
    pub previous: [u8; 32],
    pub root: [u8; 32],
    pub chunks: u64,
    pub byte_length: u64,
    pub patient: u8,
    pub doctor: u8,
    /// `None`: the right one.
    pub head: Option<[u8; 32]>,
}

impl Version {
    /// The first version of [`SERIES`].
    #[must_use]
    pub fn first() -> Self {
        Self {
            series: SERIES,
            owner: 1,
            sequence: 1,
            previous: [0; 32],
            root: [0x11; 32],
            chunks: 2,
            byte_length: 100,
            patient: 3,
            doctor: 4,
            head: None,
        }
    }

    /// The version that follows this one.
    #[must_use]
    pub fn next(&self, root: u8) -> Self {
        let root = [root; 32];
        Self { sequence: self.sequence + 1, previous: self.head(), root, head: None, ..*self }
    }

    /// Its head.
    #[must_use]
    pub fn head(&self) -> [u8; 32] {
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (account(self.patient), account(self.doctor));
        let linked = (self.series, self.sequence, self.previous, file, parties).encode();
        self.head.unwrap_or_else(|| Sha256::digest(linked).into())
    }

    /// It is anchored, at 5,000 ms.
    #[must_use]
    pub fn event(&self) -> EmittedEvent {
        let link = (self.series, account(self.owner), self.sequence, self.previous, self.head());
        let file = (self.root, self.chunks, self.byte_length, [0x3e_u8; 32]);
        let parties = (account(self.patient), account(self.doctor));
        event("reports", "Anchored", (link, file, parties, 5_000_u64))
    }
}

/// A version of [`SERIES`] is corrected by a later one.
#[must_use]
pub fn superseded(sequence: u32, by: u32) -> EmittedEvent {
    event("reports", "Superseded", (SERIES, sequence, by))
}

/// A version of [`SERIES`] is revoked for the reason 0xee, at 7,000 ms.
#[must_use]
pub fn revoked(sequence: u32) -> EmittedEvent {
    event("reports", "Revoked", (SERIES, sequence, [0xee_u8; 32], 7_000_u64))
}

/// A party signs for a version of [`SERIES`], at 6,000 ms.
#[must_use]
pub fn signed(sequence: u32, party: u8, by: u8) -> EmittedEvent {
    signed_at(sequence, party, by, 6_000)
}

/// A party signs for a version of [`SERIES`].
#[must_use]
pub fn signed_at(sequence: u32, party: u8, by: u8, at: u64) -> EmittedEvent {
    event("reports", "Countersigned", (SERIES, sequence, party, account(by), at))
}
