//! What is anchored of a file, and proofs that it has a chunk: computed from the file as it lies on
//! the disk, once and chunk by chunk, however large it is.
//!
//! The tree is that of RFC 9162 over chunks of equal length, of which the last may be shorter: the one
//! that the reports contract checks with `verify_chunk`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use assent_client::Hash;
use assent_merkle::{ChunkProof, Sha2, Summary, chunk_proof, chunked, leaf_hash, verify_inclusion};
use serde::{Deserialize, Serialize};

/// The longest chunks that are read: a chunk is held in memory.
pub const MAX_CHUNK_BYTES: u32 = 64 * 1024 * 1024;

/// What is anchored of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Root of the tree over its chunks.
    pub root: Hash,
    /// How many chunks it has.
    pub chunks: u64,
    /// Its length in bytes.
    pub byte_length: u64,
    /// Length of every chunk but the last.
    pub chunk_bytes: u64,
}

/// What proves that a file has a chunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The file.
    #[serde(flatten)]
    pub file: Root,
    /// Number of the chunk, from 0.
    pub chunk: u64,
    /// Hash of the chunk: SHA-256 of a zero byte and its bytes.
    pub leaf: Hash,
    /// The neighbours on the way up to the root.
    pub proof: Vec<Hash>,
}

/// Why there is no root or proof.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file is absent or unreadable.
    #[error("the file {path} cannot be read ({reason})")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// There is nothing in it.
    #[error("the file {0} is empty: the reports contract takes none without a chunk")]
    Empty(PathBuf),
    /// It has fewer chunks.
    #[error("the file {path} has {chunks} chunks, from 0: there is no --chunk {chunk}")]
    NoChunk {
        /// The file.
        path: PathBuf,
        /// How many it has.
        chunks: u64,
        /// Which was asked for.
        chunk: u64,
    },
    /// Not what `report proof` prints.
    #[error("{path} is not a proof ({reason}): `assent-deploy report proof` prints one")]
    Proof {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: serde_json::Error,
    },
}

/// What a proof shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The chunk is in the tree, in its place.
    Proven,
    /// The proof does not lead to the root.
    OtherRoot,
    /// The bytes are not those of the chunk.
    OtherBytes,
}

/// Reads a file once for its root.
///
/// # Errors
/// [`ReportError::Read`] and [`ReportError::Empty`].
pub fn root(path: &Path, chunk_bytes: u32) -> Result<Root, ReportError> {
    let file = open(path)?;
    let summary = chunked(file, length(chunk_bytes)).map_err(read(path))?;
    summarize(path, summary, chunk_bytes)
}

/// Reads a file once for the proof of a chunk, counted from 0.
///
/// # Errors
/// [`ReportError`]; `NoChunk` when the file is not so long.
pub fn proof(path: &Path, chunk_bytes: u32, chunk: u64) -> Result<Proof, ReportError> {
    let found = chunk_proof(open(path)?, length(chunk_bytes), chunk).map_err(read(path))?;
    let Some(ChunkProof { summary, leaf, proof }) = found else {
        let chunks = root(path, chunk_bytes)?.chunks;
        return Err(ReportError::NoChunk { path: path.into(), chunks, chunk });
    };
    let file = summarize(path, summary, chunk_bytes)?;
    Ok(Proof { file, chunk, leaf: Hash(leaf), proof: proof.into_iter().map(Hash).collect() })
}

/// Reads what [`proof`] gave, as JSON.
///
/// # Errors
/// [`ReportError::Read`] and [`ReportError::Proof`].
pub fn load_proof(path: &Path) -> Result<Proof, ReportError> {
    let bytes = std::fs::read(path).map_err(read(path))?;
    serde_json::from_slice(&bytes)
        .map_err(|reason| ReportError::Proof { path: path.into(), reason })
}

/// Checks a proof, which may come from anyone, against the root and the number of chunks that were
/// anchored; and the bytes of the chunk, if they are given.
///
/// # Errors
/// [`ReportError::Read`] when the bytes cannot be read.
pub fn verify(
    anchored: &Hash,
    chunks: u64,
    proof: &Proof,
    bytes: Option<&Path>,
) -> Result<Verdict, ReportError> {
    if let Some(path) = bytes {
        // One byte more than a chunk has tells that it is none. The length in the proof may come from
        // anyone.
        let most = proof.file.chunk_bytes.min(MAX_CHUNK_BYTES.into()).saturating_add(1);
        let mut chunk = Vec::new();
        open(path)?.take(most).read_to_end(&mut chunk).map_err(read(path))?;
        if leaf_hash::<Sha2>(&chunk) != proof.leaf.0 {
            return Ok(Verdict::OtherBytes);
        }
    }
    let path: Vec<_> = proof.proof.iter().map(|hash| hash.0).collect();
    let leads = verify_inclusion::<Sha2>(&anchored.0, chunks, proof.chunk, &proof.leaf.0, &path);
    Ok(if leads { Verdict::Proven } else { Verdict::OtherRoot })
}

fn open(path: &Path) -> Result<File, ReportError> {
    File::open(path).map_err(read(path))
}

fn read(path: &Path) -> impl FnOnce(std::io::Error) -> ReportError {
    move |reason| ReportError::Read { path: path.into(), reason }
}

fn length(chunk_bytes: u32) -> usize {
    usize::try_from(chunk_bytes).unwrap_or(usize::MAX)
}

fn summarize(path: &Path, summary: Summary, chunk_bytes: u32) -> Result<Root, ReportError> {
    let Summary { root, chunks, byte_length } = summary;
    if chunks == 0 {
        return Err(ReportError::Empty(path.into()));
    }
    Ok(Root { root: Hash(root), chunks, byte_length, chunk_bytes: chunk_bytes.into() })
}
