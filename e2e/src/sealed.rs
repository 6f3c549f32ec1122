//! Files are encrypted before anything of them is anchored: the ledger commits to ciphertext.
//!
//! Each chunk of [`CHUNK_LEN`] bytes is AES-256-GCM over the next piece of the file. Its nonce says
//! which chunk it is and whether it is the last one, so that none can be moved, left out or added;
//! therefore a key is for one file only.

use aes_gcm::{Aes256Gcm, KeyInit, aead::Aead};
use assent_merkle::CHUNK_LEN;
use std::io::{Error, Read, Result};

/// What the authentication of a chunk takes.
const TAG_LEN: usize = 16;
/// How much of the file is in one chunk.
pub const PIECE_LEN: usize = CHUNK_LEN - TAG_LEN;

/// Reads a file encrypted, holding two chunks of it at most.
pub struct Sealed<R> {
    source: R,
    cipher: Aes256Gcm,
    /// Number of the next chunk.
    index: u64,
    /// The piece of the file that comes next; empty at the end.
    ahead: Vec<u8>,
    /// What of the last chunk was not read yet, from `read` on.
    chunk: Vec<u8>,
    read: usize,
}

impl<R: Read> Sealed<R> {
    /// Encrypts what `source` gives under a key that is used for nothing else.
    ///
    /// # Errors
    /// Those of `source`.
    pub fn new(mut source: R, key: &[u8; 32]) -> Result<Self> {
        let ahead = piece(&mut source)?;
        let cipher = Aes256Gcm::new(key.into());
        Ok(Self { source, cipher, index: 0, ahead, chunk: Vec::new(), read: 0 })
    }

    fn seal_next(&mut self) -> Result<()> {
        let next = piece(&mut self.source)?;
        let current = std::mem::replace(&mut self.ahead, next);
        let nonce = nonce(self.index, self.ahead.is_empty());
        self.index = self.index.saturating_add(1);
        self.chunk = self
            .cipher
            .encrypt(&nonce.into(), &current[..])
            .map_err(|_| Error::other("a piece of the file is too long to encrypt"))?;
        self.read = 0;
        Ok(())
    }
}

impl<R: Read> Read for Sealed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.read == self.chunk.len() && !self.ahead.is_empty() {
            self.seal_next()?;
        }
        let rest = &self.chunk[self.read..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}

/// The piece of the file in a chunk; `None` when the key is another, or the chunk is not this one.
pub fn open(key: &[u8; 32], index: u64, is_last: bool, chunk: &[u8]) -> Option<Vec<u8>> {
    Aes256Gcm::new(key.into()).decrypt(&nonce(index, is_last).into(), chunk).ok()
}

fn nonce(index: u64, is_last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&index.to_be_bytes());
    nonce[11] = is_last.into();
    nonce
}

fn piece(source: &mut impl Read) -> Result<Vec<u8>> {
    let mut piece = Vec::new();
    let limit = u64::try_from(PIECE_LEN).map_err(Error::other)?;
    source.take(limit).read_to_end(&mut piece)?;
    Ok(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed(file: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        Sealed::new(file, &KEY).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn every_chunk_opens_in_its_own_place_only() {
        for length in [1, PIECE_LEN - 1, PIECE_LEN, PIECE_LEN + 1, 3 * PIECE_LEN] {
            let file: Vec<u8> = (0..length).map(|n| (n % 251).to_le_bytes()[0]).collect();
            let sealed = sealed(&file);
            let chunks: Vec<_> = sealed.chunks(CHUNK_LEN).collect();
            assert_eq!(chunks.len(), length.div_ceil(PIECE_LEN), "{length}");
            let mut opened = Vec::new();
            for (index, chunk) in (0..).zip(&chunks) {
                let is_last = opened.len() + chunk.len() - TAG_LEN == length;
                assert_eq!(open(&KEY, index, !is_last, chunk), None, "{length}");
                assert_eq!(open(&KEY, index + 1, is_last, chunk), None, "{length}");
                opened.extend(open(&KEY, index, is_last, chunk).unwrap());
            }
            assert_eq!(opened, file, "{length}");
        }
        assert!(sealed(&[]).is_empty());
        assert_eq!(open(&[8; 32], 0, true, &sealed(b"secret")), None);
    }
}
