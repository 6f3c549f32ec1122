//! Anchored reports, in series that only their owner continues.

use crate::{AccountId, Hash, Party};

events! {
    /// A version of a report was anchored.
    #[signature("ccb65f186235cda3e3617f306049f6a3a8a173ab6763d73cd3d424d82edec484")]
    pub struct Anchored {
        /// Whose series.
        #[ink(topic)]
        pub owner: AccountId,
        /// Identifier of the series among those of its owner, chosen by him.
        #[ink(topic)]
        pub series: Hash,
        /// Number of the version; counts from 1.
        pub sequence: u32,
        /// Head of the series before this version; zero for the first.
        pub previous: Hash,
        /// Head of the series after this version: SHA-256 over the SCALE tuple (domain, owner, series, sequence, previous, root, chunks, byte_length, metadata, patient, doctor), where the domain is BLAKE2b-256 of the genesis hash and the contract's account.
        pub head: Hash,
        /// Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
        pub root: Hash,
        /// How many chunks the file has.
        pub chunks: u64,
        /// Length of the encrypted file in bytes.
        pub byte_length: u64,
        /// Salted commitment to the metadata.
        pub metadata: Hash,
        /// Whom the report is about, as its owner says: a claim, until he countersigns. `None`: nobody.
        #[ink(topic)]
        pub patient: Option<AccountId>,
        /// Who answers for it; may countersign.
        pub doctor: AccountId,
        /// Who anchored it: the owner, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// A version was replaced by a later one, which corrects it.
    #[signature("d784e51ff5340f4a38ab2e49f28e45e06dc5b71dcdd7ffe9fba8e40421ff7397")]
    pub struct Superseded {
        /// Whose series.
        #[ink(topic)]
        pub owner: AccountId,
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
        /// Whose series.
        #[ink(topic)]
        pub owner: AccountId,
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version.
        #[ink(topic)]
        pub sequence: u32,
        /// Salted commitment to the reason.
        pub reason: Hash,
        /// Who revoked it: the owner, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The patient or the doctor of a version signed for it.
    #[signature("fd71cc07e5118346dbd9245c903dcccc127542449a40725b9592bb0a97811c7c")]
    pub struct Countersigned {
        /// Whose series.
        #[ink(topic)]
        pub owner: AccountId,
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version.
        pub sequence: u32,
        /// As what.
        pub party: Party,
        /// The patient or the doctor.
        #[ink(topic)]
        pub signer: AccountId,
        /// Who signed: the signer, or one of its staff, whichever key he has.
        pub by: AccountId,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// An auditor undertook to test whether the encrypted file of a version is still kept, whole. What he asks for is drawn from his nonce and the hash of a block that nobody knew when he committed to it.
    #[signature("2d0770eec5331c18aa14014b835deacad78a15cb1cd36642532a290c34dc2ad8")]
    pub struct AuditOpened {
        /// Its number, from 1.
        #[ink(topic)]
        pub audit: u64,
        /// Whose series.
        #[ink(topic)]
        pub owner: AccountId,
        /// The series.
        #[ink(topic)]
        pub series: Hash,
        /// The version.
        pub sequence: u32,
        /// Who audits.
        pub auditor: AccountId,
        /// SHA-256 of the nonce.
        pub commitment: Hash,
        /// Number of the block whose hash the challenge is drawn from: the one after that of this event.
        pub block: u32,
        /// Block time, ms since 1970.
        pub at: u64,
    }

    /// The auditor put on record what an audit came to.
    #[signature("09bd258d50b9a3f4d6ad4327e658fc639d9b4a413939deecfb43ad8d0c0cb055")]
    pub struct AuditRecorded {
        /// The audit.
        #[ink(topic)]
        pub audit: u64,
        /// Who audited.
        #[ink(topic)]
        pub auditor: AccountId,
        /// The nonce that he had committed to.
        pub nonce: Hash,
        /// Hash of the block that the challenge is drawn from, as he says; whoever knows the chain can tell.
        pub block_hash: Hash,
        /// Whether every chunk that the challenge names was there.
        pub passed: bool,
        /// Salted commitment to the evidence: the challenge, the chunks' leaves and their proofs.
        pub evidence: Hash,
        /// Block time, ms since 1970.
        pub at: u64,
    }
}
