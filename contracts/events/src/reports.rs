//! Anchored report hashes, in series that only their owner continues.

use crate::types::Hash;
use ink::primitives::AccountId;

/// A version of a report was anchored.
#[ink::event(signature_topic = "ccb65f186235cda3e3617f306049f6a3a8a173ab6763d73cd3d424d82edec484")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchored {
    /// Identifier of the series, chosen by its owner.
    #[ink(topic)]
    pub series: Hash,
    /// Who anchored it.
    #[ink(topic)]
    pub owner: AccountId,
    /// Number of the version; counts from 1.
    pub sequence: u32,
    /// Digest of the previous version; zero for the first.
    pub previous: Hash,
    /// SHA-256 of the file.
    pub digest: Hash,
    /// Length of the file in bytes.
    pub byte_length: u64,
    /// Block time, ms since 1970.
    pub at: u64,
}
