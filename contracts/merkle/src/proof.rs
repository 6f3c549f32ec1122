//! Checks of proofs, which may come from anyone.

use crate::{node_hash, Hash, Sha256};

/// Whether `leaf` is the leaf with `index` (from 0) of the tree with `root` over `chunks` leaves.
///
/// The caller trusts `root` and `chunks`, which have to come from the same place, since a root alone
/// does not tell how many leaves it is over; the rest may come from anyone. A proof that is longer or
/// shorter than `chunks` and `index` determine is refused.
pub fn verify_inclusion<H: Sha256>(
    root: &Hash,
    chunks: u64,
    index: u64,
    leaf: &Hash,
    proof: &[Hash],
) -> bool {
    root_from_inclusion_proof::<H>(chunks, index, leaf, proof).as_ref() == Some(root)
}

/// The root of the tree over `chunks` leaves that has `leaf` with `index`, by `proof`; `None` if
/// there is no such index or its proof has another length.
///
/// The algorithm of RFC 9162, section 2.1.3.2. It hashes at most
/// [`MAX_PROOF_LEN`](crate::MAX_PROOF_LEN) times, however long `proof` is.
pub fn root_from_inclusion_proof<H: Sha256>(
    chunks: u64,
    index: u64,
    leaf: &Hash,
    proof: &[Hash],
) -> Option<Hash> {
    if index >= chunks {
        return None;
    }
    // The RFC's fn, sn and r: on each level the index of the node above the leaf, the index of the
    // last node, and the hash of the former.
    let (mut node, mut last) = (index, chunks.checked_sub(1)?);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            // This is the root already: the proof is too long.
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash::<H>(sibling, &hash);
            // The last node of a level has no sibling if its index is even, and is on the next one
            // as it is. Neither is 0 here, so there is a level on which it has one.
            let alone = if node & 1 == 0 { node.trailing_zeros() } else { 0 };
            node = node.checked_shr(alone)?;
            last = last.checked_shr(alone)?;
        } else {
            hash = node_hash::<H>(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}
