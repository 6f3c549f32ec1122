//! Which chunks an audit asks for.

use crate::{Hash, Sha256};

/// The indices of `count` chunks out of `chunks`, drawn from the `nonce` that an auditor committed to
/// and from the hash of a block that was made afterwards: neither he nor whoever keeps the file can
/// choose them.
///
/// The one with number i, from 0, is the first 8 bytes of SHA-256(nonce || block_hash || i), with i as
/// 4 bytes and the least significant byte first in both, modulo `chunks`. An index may come more than
/// once: then its chunk was drawn so often, and is to be shown once. A file without chunks has none.
///
/// A remainder of 2^64 favours the lower indices, by less than one part in 2^32 as long as there are
/// fewer than 2^32 chunks.
pub fn challenge<H: Sha256>(
    nonce: &Hash,
    block_hash: &Hash,
    chunks: u64,
    count: u32,
) -> impl Iterator<Item = u64> {
    let (nonce, block_hash) = (*nonce, *block_hash);
    (0..count).map_while(move |number| {
        let drawn = H::hash(&[&nonce, &block_hash, &number.to_le_bytes()]);
        let [a, b, c, d, e, f, g, h, ..] = drawn;
        u64::from_le_bytes([a, b, c, d, e, f, g, h]).checked_rem(chunks)
    })
}
