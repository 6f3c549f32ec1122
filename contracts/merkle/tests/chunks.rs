//! Files: chunk boundaries, short reads, errors.

use assent_merkle::{
    chunk_proof, chunked, leaf_hash, verify_inclusion, Hash, Sha2, Summary, Tree, CHUNK_LEN,
};
use std::io::{Error, ErrorKind, Read, Result};

/// Gives a file in pieces of 1 to 1,000 bytes, and is interrupted before every third.
struct Slow<'a> {
    file: &'a [u8],
    calls: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.calls += 1;
        if self.calls % 3 == 0 {
            return Err(ErrorKind::Interrupted.into());
        }
        let piece = (self.calls * 37 % 1_000 + 1).min(buffer.len());
        self.file.read(&mut buffer[..piece])
    }
}

fn file(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

fn summary_of(file: &[u8], chunk_len: usize) -> Summary {
    let mut tree = Tree::<Sha2>::new();
    file.chunks(chunk_len).for_each(|chunk| tree.push(leaf_hash::<Sha2>(chunk)));
    Summary { root: tree.root(), chunks: tree.len(), byte_length: file.len() as u64 }
}

#[test]
fn chunks_have_their_length_and_the_last_one_the_rest() {
    for (length, chunks) in
        [(0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (2_000, 2), (12_345, 13)]
    {
        let file = file(length);
        let summary = chunked(&file[..], 1_000).unwrap();
        assert_eq!((summary.chunks, summary.byte_length), (chunks, length as u64));
        assert_eq!(summary, summary_of(&file, 1_000));
    }
}

#[test]
fn short_reads_and_interruptions_move_no_boundary() {
    let file = file(3 * CHUNK_LEN + 17);
    let slow = chunked(Slow { file: &file, calls: 0 }, CHUNK_LEN).unwrap();
    assert_eq!(slow, summary_of(&file, CHUNK_LEN));
    assert_eq!(slow.chunks, 4);
}

#[test]
fn every_chunk_is_proven() {
    let file = file(7_777);
    let summary = chunked(&file[..], 1_000).unwrap();
    for (index, chunk) in file.chunks(1_000).enumerate() {
        let index = index as u64;
        let proven = chunk_proof(&file[..], 1_000, index).unwrap().unwrap();
        assert_eq!(proven.summary, summary);
        assert_eq!(proven.leaf, leaf_hash::<Sha2>(chunk));
        let check = |leaf: &Hash| {
            verify_inclusion::<Sha2>(&summary.root, summary.chunks, index, leaf, &proven.proof)
        };
        assert!(check(&proven.leaf));
        let mut changed = chunk.to_vec();
        changed[0] ^= 1;
        assert!(!check(&leaf_hash::<Sha2>(&changed)));
    }
    assert_eq!(chunk_proof(&file[..], 1_000, 8).unwrap(), None);
    assert_eq!(chunk_proof(&[][..], 1_000, 0).unwrap(), None);
}

#[test]
fn an_empty_file_has_the_root_of_no_leaves() {
    let summary = chunked(&[][..], CHUNK_LEN).unwrap();
    assert_eq!(summary, Summary { root: Tree::<Sha2>::new().root(), chunks: 0, byte_length: 0 });
}

#[test]
fn errors_are_handed_on() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> Result<usize> {
            Err(Error::from(ErrorKind::BrokenPipe))
        }
    }
    let broken = file(1_500);
    let broken = || Read::chain(&broken[..], Broken);
    assert_eq!(chunked(broken(), 1_000).unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(chunk_proof(broken(), 1_000, 0).unwrap_err().kind(), ErrorKind::BrokenPipe);
    assert_eq!(chunked(&[1][..], 0).unwrap_err().kind(), ErrorKind::InvalidInput);
}
