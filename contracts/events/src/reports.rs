//! Anchored reports, in series that only their owner continues.

use crate::{AccountId, Hash, Party};

events! {
    /// A version of a report was anchored.
    #[signature("ccb65f186235cda3e3617f306049f6a3a8a173ab6763d73cd3d424d82edec484")]
    pub struct Anchored {
        /// Identifier of the series, chosen by its owner.
        #[ink(topic)]
        pub series: Hash,
        /// Who anchored it.
        #[ink(topic)]
        pub owner: AccountId,
        /// Number of the version; counts from 1.
        pub sequence: u32,
        /// Head of the series before this version; zero for the first.
        pub previous: Hash,
        /// Head of the series after this version: SHA-256 over the SCALE tuple (series, sequence, previous, root, chunks, byte_length, metadata, patient, doctor).
        pub head: Hash,
        /// Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
        pub root: Hash,
        /// How many chunks the file has.
        pub chunks: u64,
        /// Length of the encrypted file in bytes.
        pub byte_length: u64,
        /// Salted commitment to the metadata.
        pub metadata: Hash,
        /// Whom the report is about; may countersign.
        #[ink(topic)]
        pub patient: AccountId,
        /// Who answers for it; may countersign.
        pub doctor: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A version was replaced by a later one, which corrects it.
    #[signature("d784e51ff5340f4a38ab2e49f28e45e06dc5b71dcdd7ffe9fba8e40421ff7397")]
    pub struct Superseded {
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version that no longer holds.
        #[ink(topic)]
        pub sequence: u32,
        /// The version that replaces it.
        pub by: u32,
    }

    /// The owner of a series revoked a version; it stays on record.
    #[signature("273a81be1908cfc3b2eb2823a80c9e9ffe4d3f5080b6dfee86399b104d80346d")]
    pub struct Revoked {
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version.
        #[ink(topic)]
        pub sequence: u32,
        /// Salted commitment to the reason.
        pub reason: Hash,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The patient or the doctor of a version signed for it.
    #[signature("fd71cc07e5118346dbd9245c903dcccc127542449a40725b9592bb0a97811c7c")]
    pub struct Countersigned {
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version.
        #[ink(topic)]
        pub sequence: u32,
        /// As what.
        pub party: Party,
        /// Who signed.
        #[ink(topic)]
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }
}
