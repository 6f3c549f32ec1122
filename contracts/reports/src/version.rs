//! A version of a report, and the head that a series has with it.

use assent_events::Hash;
use assent_merkle::Sha256;
use ink::{
    env::hash::{CryptoHash, Sha2x256},
    primitives::AccountId,
    scale::Encode,
};

/// A version of a report. All but who signed, what superseded it and whether it was revoked never
/// changes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Version {
    /// Number in its series; counts from 1.
    pub sequence: u32,
    /// Who anchored it.
    pub owner: AccountId,
    /// Head of the version before; zero for the first.
    pub previous: Hash,
    /// SHA-256 over the SCALE tuple (domain, owner, series, sequence, previous, root, chunks,
    /// byte_length, metadata, patient, doctor).
    pub head: Hash,
    /// Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
    pub root: Hash,
    /// How many chunks the file has.
    pub chunks: u64,
    /// Length of the encrypted file in bytes.
    pub byte_length: u64,
    /// Salted commitment to the metadata.
    pub metadata: Hash,
    /// Whom the report is about, as its owner says: a claim, until he signs. `None`: nobody.
    pub patient: Option<AccountId>,
    /// Who answers for it.
    pub doctor: AccountId,
    /// When the patient signed, ms since 1970.
    pub patient_signed: Option<u64>,
    /// When the doctor signed, ms since 1970.
    pub doctor_signed: Option<u64>,
    /// Number of the version that corrects it.
    pub superseded_by: Option<u32>,
    /// When it was revoked, ms since 1970.
    pub revoked: Option<u64>,
    /// Block time at which it was anchored, ms since 1970.
    pub at: u64,
}

/// What a caller wants to anchor; the fields are those of [`Version`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub struct NewVersion {
    /// Identifier of the series among those of the caller, chosen by him.
    pub series: Hash,
    /// Number in the series.
    pub sequence: u32,
    /// Head of the version before; zero for the first.
    pub previous: Hash,
    /// Root of the Merkle tree over the chunks of the encrypted file.
    pub root: Hash,
    /// How many chunks the file has.
    pub chunks: u64,
    /// Length of the encrypted file in bytes.
    pub byte_length: u64,
    /// Salted commitment to the metadata.
    pub metadata: Hash,
    /// Whom the report is about; `None` for nobody.
    pub patient: Option<AccountId>,
    /// Who answers for it.
    pub doctor: AccountId,
}

/// A series by whose it is and what he calls it.
pub type SeriesKey = (AccountId, Hash);
/// A version by whose series it is in, what he calls that, and its number.
pub type VersionKey = (AccountId, Hash, u32);

/// The head that a series has with `version`, in the contract with this `domain`; the order of the
/// fields is written down with it.
///
/// The owner is part of it, so that a copy of what somebody else anchored has another head, and a
/// signature for one is none for the other.
pub fn head_hash(domain: Hash, series: Hash, version: &Version) -> Hash {
    let fields = (
        domain,
        version.owner,
        series,
        version.sequence,
        version.previous,
        version.root,
        version.chunks,
        version.byte_length,
        version.metadata,
        version.patient,
        version.doctor,
    );
    ChainSha256::hash(&[&fields.encode()])
}

/// SHA-256 by the chain: a host function instead of Wasm.
#[derive(Debug)]
pub struct ChainSha256;

impl Sha256 for ChainSha256 {
    fn hash(parts: &[&[u8]]) -> Hash {
        let mut hash = [0; 32];
        Sha2x256::hash(&parts.concat(), &mut hash);
        hash
    }
}
