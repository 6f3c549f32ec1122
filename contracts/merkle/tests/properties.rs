//! Streaming trees and proofs against the recursive definitions of RFC 9162, section 2.1.

use assent_merkle::{
    inclusion_proof, leaf_hash, node_hash, root_from_inclusion_proof, verify_inclusion, Hash, Sha2,
    Sha256, Tree, MAX_PROOF_LEN,
};
use proptest::prelude::*;

/// The largest power of two smaller than `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// `MTH(D[n])` of the RFC, over leaf hashes.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha2::hash(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
            node_hash::<Sha2>(&naive_root(left), &naive_root(right))
        }
    }
}

/// `PATH(m, D[n])` of the RFC.
fn naive_path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
    let (mut path, other) = if index < left.len() {
        (naive_path(left, index), naive_root(right))
    } else {
        (naive_path(right, index - left.len()), naive_root(left))
    };
    path.push(other);
    path
}

/// The root by a path, from its definition and from the top; for any number of leaves there may be.
fn naive_fold(count: u64, index: u64, leaf: &Hash, path: &[Hash]) -> Option<Hash> {
    if count == 1 {
        return path.is_empty().then_some(*leaf);
    }
    let (other, path) = path.split_last()?;
    let middle = split(count);
    Some(if index < middle {
        node_hash::<Sha2>(&naive_fold(middle, index, leaf, path)?, other)
    } else {
        node_hash::<Sha2>(other, &naive_fold(count - middle, index - middle, leaf, path)?)
    })
}

/// How long a path is.
fn naive_path_len(count: u64, index: u64) -> usize {
    if count == 1 {
        return 0;
    }
    let middle = split(count);
    1 + if index < middle {
        naive_path_len(middle, index)
    } else {
        naive_path_len(count - middle, index - middle)
    }
}

/// Leaves that all differ: equal ones would make some proofs interchangeable, and rightly so.
fn leaves(seed: u64, count: usize) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash::<Sha2>(format!("{seed} {n}").as_bytes())).collect()
}

fn tree(leaves: &[Hash]) -> Tree<Sha2> {
    let mut tree = Tree::new();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree
}

#[test]
fn every_proof_of_every_small_tree_is_the_one_by_definition() {
    let all = leaves(0, 40);
    for count in 1..=all.len() {
        let leaves = &all[..count];
        let root = naive_root(leaves);
        assert_eq!(tree(leaves).root(), root, "{count} leaves");
        for index in 0..count {
            let path = naive_path(leaves, index);
            let proof = inclusion_proof::<Sha2>(leaves.iter().copied(), index as u64);
            assert_eq!(proof.as_ref(), Some(&path), "{index} of {count}");
            for other in 0..count + 2 {
                let verified = verify_inclusion::<Sha2>(
                    &root,
                    count as u64,
                    other as u64,
                    &leaves[index],
                    &path,
                );
                assert_eq!(verified, other == index, "{index} as {other} of {count}");
            }
        }
    }
}

#[test]
fn the_longest_proof_has_its_bound() {
    let leaf = [1; 32];
    for (count, index, length) in [
        (u64::MAX, 0, 64),
        (u64::MAX, u64::MAX - 1, 63),
        ((1 << 63) + 1, 0, 64),
        ((1 << 63) + 1, 1 << 63, 1),
        (1 << 63, (1 << 63) - 1, 63),
    ] {
        let proof = vec![[2; 32]; 200];
        for given in 0..proof.len() {
            let root = root_from_inclusion_proof::<Sha2>(count, index, &leaf, &proof[..given]);
            assert_eq!(root.is_some(), given == length, "{given} hashes, {index} of {count}");
        }
        assert!(length <= MAX_PROOF_LEN);
    }
}

/// A number of leaves from 1 on, all magnitudes alike, and an index.
fn place() -> impl Strategy<Value = (u64, u64)> {
    (0u32..64, any::<u64>(), any::<u64>(), any::<bool>()).prop_map(|(shift, count, index, last)| {
        let count = (count >> shift).max(1);
        (count, if last { count - 1 } else { index % count })
    })
}

proptest! {
    #[test]
    fn a_streamed_root_is_the_recursive_one(seed: u64, count in 0usize..300, cut in 0usize..300) {
        let leaves = leaves(seed, count);
        let mut tree = tree(&leaves[..cut.min(count)]);
        // Asking on the way changes nothing.
        prop_assert_eq!(tree.root(), naive_root(&leaves[..cut.min(count)]));
        leaves[cut.min(count)..].iter().for_each(|leaf| tree.push(*leaf));
        prop_assert_eq!(tree.root(), naive_root(&leaves));
        prop_assert_eq!(tree.len(), count as u64);
    }

    #[test]
    fn a_streamed_proof_passes_for_its_leaf_and_nothing_else(
        seed: u64,
        count in 1usize..300,
        index: prop::sample::Index,
        other: prop::sample::Index,
        place: prop::sample::Index,
        bit in 0usize..256,
        extra: Hash,
    ) {
        let leaves = leaves(seed, count);
        let (root, index, other) = (naive_root(&leaves), index.index(count), other.index(count));
        let mut tree = Tree::<Sha2>::proving(index as u64);
        for leaf in &leaves {
            tree.push(*leaf);
        }
        prop_assert_eq!(tree.root(), root);
        let proof = tree.proof().unwrap();
        prop_assert_eq!(&proof, &naive_path(&leaves, index));

        let leaf = &leaves[index];
        let check = |index: usize, leaf: &Hash, proof: &[Hash]| {
            verify_inclusion::<Sha2>(&root, count as u64, index as u64, leaf, proof)
        };
        prop_assert!(check(index, leaf, &proof));
        prop_assert_eq!(check(other, leaf, &proof), other == index);
        prop_assert_eq!(check(index, &leaves[other], &proof), other == index);
        prop_assert!(!check(count, leaf, &proof));

        let mut flipped = *leaf;
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!check(index, &flipped, &proof));
        let mut flipped = root;
        flipped[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_inclusion::<Sha2>(&flipped, count as u64, index as u64, leaf, &proof));
        if !proof.is_empty() {
            let place = place.index(proof.len());
            let mut flipped = proof.clone();
            flipped[place][bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!check(index, leaf, &flipped));
            let mut shorter = proof.clone();
            shorter.remove(place);
            prop_assert!(!check(index, leaf, &shorter));
        }
        let mut longer = proof.clone();
        longer.insert(place.index(proof.len() + 1), extra);
        prop_assert!(!check(index, leaf, &longer));
    }

    #[test]
    fn a_check_is_the_definition_for_any_number_of_leaves(
        (count, index) in place(),
        leaf: Hash,
        path in prop::collection::vec(any::<Hash>(), 66),
        given in 0usize..66,
    ) {
        let length = naive_path_len(count, index);
        prop_assert!(length <= MAX_PROOF_LEN);
        let root = root_from_inclusion_proof::<Sha2>(count, index, &leaf, &path[..length]);
        prop_assert!(root.is_some());
        prop_assert_eq!(root, naive_fold(count, index, &leaf, &path[..length]));
        let root = root_from_inclusion_proof::<Sha2>(count, index, &leaf, &path[..given]);
        prop_assert_eq!(root.is_some(), given == length);
    }
}
