//! Files, read once and chunk by chunk.

use crate::{leaf_hash, Hash, Sha2, Tree, CHUNK_LEN};
use std::io::{Error, ErrorKind, Read, Result};

/// What is anchored of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Root of the tree over its chunks.
    pub root: Hash,
    /// How many chunks it has.
    pub chunks: u64,
    /// Its length in bytes.
    pub byte_length: u64,
}

/// What proves that a file has a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkProof {
    /// The file.
    pub summary: Summary,
    /// Hash of the chunk.
    pub leaf: Hash,
    /// The proof.
    pub proof: Vec<Hash>,
}

/// Hashes all that `reader` gives, in chunks of `chunk_len` bytes, of which the last may be shorter.
/// A buffer makes nothing faster: it reads whole chunks.
///
/// # Errors
///
/// Those of `reader`, and [`ErrorKind::InvalidInput`] if `chunk_len` is zero.
pub fn chunked(reader: impl Read, chunk_len: usize) -> Result<Summary> {
    let mut tree = Tree::new();
    let byte_length = read_leaves(reader, chunk_len, |leaf| tree.push(leaf))?;
    Ok(summary(&tree, byte_length))
}

/// Like [`chunked`], and proves the chunk with `index` (from 0); `None` if there are not so many.
///
/// # Errors
///
/// Those of `reader`, and [`ErrorKind::InvalidInput`] if `chunk_len` is zero.
pub fn chunk_proof(reader: impl Read, chunk_len: usize, index: u64) -> Result<Option<ChunkProof>> {
    let mut tree = Tree::proving(index);
    let mut proven = None;
    let byte_length = read_leaves(reader, chunk_len, |leaf| {
        if tree.len() == index {
            proven = Some(leaf);
        }
        tree.push(leaf);
    })?;
    Ok(proven.zip(tree.proof()).map(|(leaf, proof)| ChunkProof {
        summary: summary(&tree, byte_length),
        leaf,
        proof,
    }))
}

fn summary(tree: &Tree<Sha2>, byte_length: u64) -> Summary {
    Summary { root: tree.root(), chunks: tree.len(), byte_length }
}

/// Hands the hash of each chunk on, and gives the number of bytes.
fn read_leaves(
    mut reader: impl Read,
    chunk_len: usize,
    mut on_leaf: impl FnMut(Hash),
) -> Result<u64> {
    if chunk_len == 0 {
        return Err(Error::new(ErrorKind::InvalidInput, "chunks of length 0"));
    }
    let limit = u64::try_from(chunk_len).map_err(Error::other)?;
    // Longer chunks grow it: a length that somebody else chose must not take the memory at once.
    let mut chunk = Vec::with_capacity(chunk_len.min(CHUNK_LEN));
    let mut byte_length: u64 = 0;
    loop {
        chunk.clear();
        // Goes on after a short read and an interruption, so that chunks do not depend on them.
        let read = reader.by_ref().take(limit).read_to_end(&mut chunk)?;
        if read == 0 {
            return Ok(byte_length);
        }
        on_leaf(leaf_hash::<Sha2>(&chunk));
        let read = u64::try_from(read).map_err(Error::other)?;
        byte_length =
            byte_length.checked_add(read).ok_or_else(|| Error::other("more than 2^64 bytes"))?;
    }
}
