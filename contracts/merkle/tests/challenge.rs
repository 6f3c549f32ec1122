//! What an audit asks for, against vectors that Python's hashlib computed:
//!
//! ```python
//! def challenge(nonce, block_hash, chunks, count):
//!     drawn = lambda i: sha256(nonce + block_hash + i.to_bytes(4, "little")).digest()[:8]
//!     return [int.from_bytes(drawn(i), "little") % chunks for i in range(count)]
//! ```

use assent_merkle::{challenge, Hash, Sha2, Sha256};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// 0, 1, 2 to 31.
const RISING: Hash = {
    let mut bytes = [0; 32];
    let mut n = 0;
    while n < 32 {
        bytes[n] = n as u8;
        n += 1;
    }
    bytes
};

/// 255, 254 to 224.
const FALLING: Hash = {
    let mut bytes = [0; 32];
    let mut n = 0;
    while n < 32 {
        bytes[n] = 255 - n as u8;
        n += 1;
    }
    bytes
};

/// Nonce, block hash, number of chunks, what is drawn.
const VECTORS: [(Hash, Hash, u64, &[u64]); 9] = [
    ([0; 32], [0; 32], 1, &[0, 0, 0]),
    ([0; 32], [0; 32], 5, &[0, 0, 2, 4, 4, 3, 2, 0]),
    ([0; 32], [0; 32], 1_000, &[335, 440, 187, 274, 9, 773]),
    (RISING, FALLING, 5, &[0, 3, 1, 3, 0, 2, 1, 4]),
    (RISING, FALLING, 1_000, &[475, 583, 521, 503, 355, 812]),
    (RISING, FALLING, (1 << 32) + 1, &[717863160, 3154734252, 216894024, 1508261499]),
    (RISING, FALLING, u64::MAX, &[963504595867846475, 5240807244567970583, 249879483864402521]),
    // The nonce comes first.
    (FALLING, RISING, 1_000, &[755, 731, 614, 407, 197, 923]),
    (FALLING, RISING, u64::MAX, &[10985092163061998755, 10897750543269969731, 3217044562928360614]),
];

fn drawn(nonce: &Hash, block_hash: &Hash, chunks: u64, count: u32) -> Vec<u64> {
    challenge::<Sha2>(nonce, block_hash, chunks, count).collect()
}

#[test]
fn what_is_drawn_is_what_others_draw() {
    for (nonce, block_hash, chunks, expected) in VECTORS {
        let count = expected.len() as u32;
        assert_eq!(drawn(&nonce, &block_hash, chunks, count), expected, "of {chunks}");
    }
}

#[test]
fn the_number_of_an_index_has_four_bytes() {
    let all = drawn(&RISING, &FALLING, u64::MAX, 65_538);
    let second_byte = [5263542193805996776, 16812133884282453935, 14070406768949816793];
    assert_eq!(all[255..258], second_byte);
    assert_eq!(all[65_536..], [15176159095865921449, 8297243947194699647]);
}

#[test]
fn nothing_is_drawn_from_a_file_without_chunks_or_when_nothing_is_asked_for() {
    assert_eq!(drawn(&RISING, &FALLING, 0, 8), [0; 0]);
    assert_eq!(drawn(&RISING, &FALLING, 8, 0), [0; 0]);
}

/// Not SHA-256 at all.
struct Ones;

impl Sha256 for Ones {
    fn hash(parts: &[&[u8]]) -> Hash {
        assert_eq!(parts.concat().len(), 32 + 32 + 4);
        [0xff; 32]
    }
}

#[test]
fn the_hash_function_is_the_callers() {
    let drawn: Vec<_> = challenge::<Ones>(&RISING, &FALLING, 1_000, 2).collect();
    // (2^64 - 1) modulo 1,000.
    assert_eq!(drawn, [615, 615]);
}

#[test]
fn every_chunk_of_a_small_file_is_drawn_in_the_long_run() {
    let drawn: BTreeSet<_> = drawn(&RISING, &FALLING, 50, 1_000).into_iter().collect();
    assert_eq!(drawn, (0..50).collect());
}

proptest! {
    #[test]
    fn what_is_drawn_is_in_the_file(
        nonce: Hash,
        block_hash: Hash,
        chunks: u64,
        shift in 0u32..64,
        count in 0u32..40,
    ) {
        let chunks = (chunks >> shift).max(1);
        let drawn = drawn(&nonce, &block_hash, chunks, count);
        prop_assert_eq!(drawn.len(), count as usize);
        prop_assert!(drawn.iter().all(|index| *index < chunks), "{:?} of {}", drawn, chunks);
    }

    /// A longer challenge begins as a shorter one, and another nonce or block draws others.
    #[test]
    fn what_is_drawn_depends_on_nothing_else(
        nonce: Hash,
        block_hash: Hash,
        count in 0u32..40,
        bit in 0usize..256,
    ) {
        let all = drawn(&nonce, &block_hash, u64::MAX, 40);
        prop_assert_eq!(&drawn(&nonce, &block_hash, u64::MAX, count)[..], &all[..count as usize]);
        let flipped = |hash: &Hash| {
            let mut hash = *hash;
            hash[bit / 8] ^= 1 << (bit % 8);
            hash
        };
        prop_assert_ne!(&drawn(&flipped(&nonce), &block_hash, u64::MAX, 40), &all);
        prop_assert_ne!(&drawn(&nonce, &flipped(&block_hash), u64::MAX, 40), &all);
    }
}
