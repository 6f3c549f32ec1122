//! `assent-deploy report`: root and proofs of a file, and what an audit asks for.

use std::path::PathBuf;

use anyhow::bail;
use assent_client::Hash;
use assent_deploy::report::{self, MAX_CHUNK_BYTES, Verdict};
use assent_merkle::{Sha2, challenge};
use clap::{Args, Subcommand};

/// What to do with a file.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// Print, as JSON, what is anchored of a file: root, number of chunks and length.
    ///
    /// Anchor what is encrypted, never a report in clear: who guesses a file could check the guess.
    Root {
        #[command(flatten)]
        file: Chunked,
    },
    /// Print, as JSON, the proof that a file has a chunk.
    ///
    /// Whoever gets the chunk and this needs nothing else of the file: `report verify`, or the message
    /// `verify_chunk` of the reports contract, checks it.
    Proof {
        #[command(flatten)]
        file: Chunked,
        /// Number of the chunk, from 0.
        #[arg(long, value_name = "N")]
        chunk: u64,
    },
    /// Check what `report proof` printed against what is anchored; exit with 1 when it does not hold.
    Verify {
        /// The proof, as a file of JSON.
        proof: PathBuf,
        /// The root that was anchored: from the chain or the API, not from whoever gave the proof.
        #[arg(long)]
        root: Hash,
        /// How many chunks were anchored, from where the root is.
        #[arg(long, value_name = "N")]
        chunks: u64,
        /// A file with the bytes of the chunk alone, to check that it is that one.
        #[arg(long, value_name = "FILE")]
        chunk_file: Option<PathBuf>,
    },
    /// Print the numbers of the chunks that an audit asks for, one a line; one may come twice.
    ///
    /// A file that has lost one chunk in a hundred shows all of 459 of them once in a hundred audits.
    Challenge {
        /// The nonce that the auditor committed to.
        #[arg(long)]
        nonce: Hash,
        /// The hash of the audit's block: from a node, when it is final.
        #[arg(long)]
        block_hash: Hash,
        /// How many chunks were anchored, from the chain or the API.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
        chunks: u64,
        /// How many to draw.
        #[arg(long, value_name = "N", default_value_t = 459,
            value_parser = clap::value_parser!(u32).range(1..))]
        count: u32,
    },
}

/// A file and its chunks.
#[derive(Debug, Args)]
pub struct Chunked {
    /// The file; it is read once and never held in memory as a whole.
    file: PathBuf,
    /// Length of every chunk but the last: what the version was anchored with, at most 64 MiB.
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_CHUNK_BYTES)))]
    chunk_bytes: u32,
}

/// Does it, without a node.
pub fn run(report: &Report) -> anyhow::Result<()> {
    match report {
        Report::Root { file: Chunked { file, chunk_bytes } } => {
            let root = report::root(file, *chunk_bytes)?;
            println!("{}", serde_json::to_string_pretty(&root)?);
        }
        Report::Proof { file: Chunked { file, chunk_bytes }, chunk } => {
            let proof = report::proof(file, *chunk_bytes, *chunk)?;
            println!("{}", serde_json::to_string_pretty(&proof)?);
        }
        Report::Verify { proof, root, chunks, chunk_file } => {
            let proof = report::load_proof(proof)?;
            let chunk = proof.chunk;
            match report::verify(root, *chunks, &proof, chunk_file.as_deref())? {
                Verdict::Proven if chunk_file.is_some() => {
                    println!("proven: the bytes are chunk {chunk} of the file with root {root}");
                }
                Verdict::Proven => println!(
                    "proven: {} is the hash of chunk {chunk} of the file with root {root}; give \
                     --chunk-file to check its bytes",
                    proof.leaf
                ),
                Verdict::OtherBytes => bail!(
                    "the bytes of --chunk-file are not those of chunk {chunk}: they have another \
                     hash than the proof's `leaf`"
                ),
                Verdict::OtherRoot => bail!(
                    "the proof does not hold: chunk {chunk} of {chunks} with the hash {} does not \
                     lead to the root {root}",
                    proof.leaf
                ),
            }
        }
        Report::Challenge { nonce, block_hash, chunks, count } => {
            for chunk in challenge::<Sha2>(&nonce.0, &block_hash.0, *chunks, *count) {
                println!("{chunk}");
            }
        }
    }
    Ok(())
}
