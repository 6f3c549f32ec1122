//! The reference vectors of Certificate Transparency: eight entries, the roots over the first 0 to 8
//! of them, and inclusion paths.

use assent_merkle::{
    inclusion_proof, leaf_hash, node_hash, root_from_inclusion_proof, verify_inclusion, Hash, Sha2,
    Tree,
};

const ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// The hashes of the entries.
const LEAVES: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
];

/// Index, number of leaves, path.
const PATHS: [(u64, usize, &[&str]); 6] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        7,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
];

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hash(hex: &str) -> Hash {
    bytes(hex).try_into().unwrap()
}

fn leaves() -> Vec<Hash> {
    ENTRIES.iter().map(|entry| leaf_hash::<Sha2>(&bytes(entry))).collect()
}

#[test]
fn leaves_and_roots_are_those_of_the_reference() {
    let mut tree = Tree::<Sha2>::new();
    assert!(tree.is_empty());
    assert_eq!(tree.root(), hash(ROOTS[0]));
    for (count, leaf) in leaves().into_iter().enumerate() {
        assert_eq!(leaf, hash(LEAVES[count]));
        tree.push(leaf);
        assert_eq!(tree.root(), hash(ROOTS[count + 1]), "{} leaves", count + 1);
    }
    assert_eq!(tree.len(), 8);
}

#[test]
fn paths_are_those_of_the_reference() {
    for (index, count, path) in PATHS {
        let path: Vec<Hash> = path.iter().map(|node| hash(node)).collect();
        let leaves = &leaves()[..count];
        let proof = inclusion_proof::<Sha2>(leaves.iter().copied(), index);
        assert_eq!(proof, Some(path.clone()), "{index} of {count}");
        let (leaf, root) = (leaves[index as usize], hash(ROOTS[count]));
        assert!(verify_inclusion::<Sha2>(&root, count as u64, index, &leaf, &path));
    }
}

#[test]
fn no_flipped_bit_passes() {
    let flipped = |hash: &Hash, bit: usize| {
        let mut hash = *hash;
        hash[bit / 8] ^= 1 << (bit % 8);
        hash
    };
    for (index, count, path) in PATHS {
        let path: Vec<Hash> = path.iter().map(|node| hash(node)).collect();
        let (leaf, root, count) = (leaves()[index as usize], hash(ROOTS[count]), count as u64);
        for bit in 0..256 {
            let other = flipped(&root, bit);
            assert!(!verify_inclusion::<Sha2>(&other, count, index, &leaf, &path));
            let other = flipped(&leaf, bit);
            assert!(!verify_inclusion::<Sha2>(&root, count, index, &other, &path));
            for place in 0..path.len() {
                let mut other = path.clone();
                other[place] = flipped(&path[place], bit);
                assert!(!verify_inclusion::<Sha2>(&root, count, index, &leaf, &other));
            }
        }
    }
}

#[test]
fn a_node_is_no_chunk_and_a_chunk_no_node() {
    let leaves = leaves();
    let root = hash(ROOTS[2]);
    let joined: Vec<u8> = leaves[..2].concat();
    // The two leaf hashes as the only chunk: without the prefixes this would be the same root.
    let forged = leaf_hash::<Sha2>(&joined);
    assert_ne!(forged, root);
    assert!(!verify_inclusion::<Sha2>(&root, 1, 0, &forged, &[]));
    // A chunk that looks like the input of a node.
    let forged = leaf_hash::<Sha2>(&[&[0x01][..], &joined].concat());
    assert_ne!(forged, node_hash::<Sha2>(&leaves[0], &leaves[1]));
    assert_ne!(forged, root);
    // A node passes for a leaf only if the number of leaves is wrong, which is not the prover's to say.
    let node = node_hash::<Sha2>(&leaves[0], &leaves[1]);
    let sibling = node_hash::<Sha2>(&leaves[2], &leaves[3]);
    assert_eq!(node_hash::<Sha2>(&node, &sibling), hash(ROOTS[4]));
    for index in 0..4 {
        assert!(!verify_inclusion::<Sha2>(&hash(ROOTS[4]), 4, index, &node, &[sibling]));
    }
}

#[test]
fn an_empty_tree_and_an_index_outside_have_no_proof() {
    let leaf = hash(LEAVES[0]);
    assert_eq!(root_from_inclusion_proof::<Sha2>(0, 0, &leaf, &[]), None);
    assert_eq!(root_from_inclusion_proof::<Sha2>(1, 1, &leaf, &[]), None);
    assert_eq!(root_from_inclusion_proof::<Sha2>(1, 0, &leaf, &[]), Some(leaf));
    assert_eq!(root_from_inclusion_proof::<Sha2>(1, 0, &leaf, &[leaf]), None);
    assert_eq!(root_from_inclusion_proof::<Sha2>(1, u64::MAX, &leaf, &[]), None);
    assert_eq!(inclusion_proof::<Sha2>([], 0), None);
    assert_eq!(inclusion_proof::<Sha2>(leaves(), 8), None);
    let mut tree = Tree::<Sha2>::default();
    tree.push(leaf);
    assert_eq!(tree.proof(), None, "nobody asked for one");
}
