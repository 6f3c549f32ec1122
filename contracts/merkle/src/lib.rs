#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(missing_docs, clippy::arithmetic_side_effects)]

extern crate alloc;

mod challenge;
#[cfg(feature = "std")]
mod chunks;
mod proof;
mod tree;

pub use challenge::challenge;
#[cfg(feature = "std")]
pub use chunks::{chunk_proof, chunked, ChunkProof, Summary};
pub use proof::{root_from_inclusion_proof, verify_inclusion};
pub use tree::{inclusion_proof, Tree};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Length of all chunks of a file but the last, unless its owner chose another: 64 KiB.
pub const CHUNK_LEN: usize = 64 * 1024;

/// Most hashes of a proof: a tree with fewer than 2^64 leaves has no more levels above them.
pub const MAX_PROOF_LEN: usize = 64;

/// What computes SHA-256: a contract asks the chain, since Wasm is dear; hosts use [`Sha2`].
pub trait Sha256 {
    /// SHA-256 of `parts`, one after the other.
    fn hash(parts: &[&[u8]]) -> Hash;
}

/// SHA-256 of the crate `sha2`.
#[cfg(feature = "std")]
#[derive(Debug, Clone, Copy)]
pub struct Sha2;

#[cfg(feature = "std")]
impl Sha256 for Sha2 {
    fn hash(parts: &[&[u8]]) -> Hash {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}

/// The hash of a chunk.
pub fn leaf_hash<H: Sha256>(chunk: &[u8]) -> Hash {
    H::hash(&[&[0x00], chunk])
}

/// The hash of two neighbours.
pub fn node_hash<H: Sha256>(left: &Hash, right: &Hash) -> Hash {
    H::hash(&[&[0x01], left, right])
}
