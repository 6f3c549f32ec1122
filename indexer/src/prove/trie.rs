//! Values of a state, proven by nodes of its trie against the root that a header names.

use assent_client::Hash;
use sp_core::{Blake2Hasher, H256};
use sp_trie::accessed_nodes_tracker::AccessedNodesTracker;
use sp_trie::{LayoutV1, StorageProof, Trie as _, TrieDBBuilder, TrieError};

use super::CheckError;

/// How the chain's state is laid out. A trie of the layout before it is read as well.
type Layout = LayoutV1<Blake2Hasher>;

/// A key of the state, and how it is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Pallet and entry.
    pub(super) name: &'static str,
    /// XX128(pallet) and XX128(entry), one after the other.
    pub(super) bytes: [u8; 32],
}

/// The records of a block.
pub(super) const EVENTS: Key = Key {
    name: "System.Events",
    bytes: [
        0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce,
        0xf7, 0x80, 0xd4, 0x1e, 0x5e, 0x16, 0x05, 0x67, 0x65, 0xbc, 0x84, 0x61, 0x85, 0x10, 0x72,
        0xc9, 0xd7,
    ],
};

/// The version of the runtime that made a block.
pub(super) const LAST_UPGRADE: Key = Key {
    name: "System.LastRuntimeUpgrade",
    bytes: [
        0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce,
        0xf7, 0xf9, 0xcc, 0xe9, 0xc8, 0x88, 0x46, 0x9b, 0xb1, 0xa0, 0xdc, 0xea, 0xa1, 0x29, 0x67,
        0x2e, 0xf8,
    ],
};

/// The values of keys in the state with this root, as the nodes prove them. Each node has to be needed for
/// that, and to be there once.
///
/// Errors: [`CheckError`].
pub(super) fn values<const N: usize>(
    state_root: Hash,
    nodes: &[Vec<u8>],
    keys: [Key; N],
) -> Result<[Vec<u8>; N], CheckError> {
    let proof = StorageProof::new_with_duplicate_nodes_check(nodes.iter().cloned())
        .map_err(|_| CheckError::RepeatedNode)?;
    let mut used = AccessedNodesTracker::<H256>::new(proof.len());
    let root = H256(state_root.0);
    // Nodes are found by their hashes: another node in place of one is not found.
    let db = proof.into_memory_db::<Blake2Hasher>();
    let mut values = [const { Vec::new() }; N];
    {
        let trie = TrieDBBuilder::<Layout>::new(&db, &root).with_recorder(&mut used).build();
        for (value, key) in values.iter_mut().zip(keys) {
            let found = trie.get(&key.bytes).map_err(|error| CheckError::Trie {
                key: key.name,
                state_root,
                reason: words(&error),
            })?;
            *value = found.ok_or(CheckError::Absent { key: key.name })?;
        }
    }
    used.ensure_no_unused_nodes().map_err(|_| CheckError::UnusedNode)?;
    Ok(values)
}

/// What is wrong with nodes, in words: the library has some only for programs that take all of it.
fn words(error: &TrieError<Layout>) -> String {
    match error {
        TrieError::<Layout>::InvalidStateRoot(_) => "no node has its hash".to_owned(),
        TrieError::<Layout>::IncompleteDatabase(hash) => format!("no node has the hash {hash:?}"),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use sp_trie::recorder_ext::RecorderExt as _;
    use sp_trie::{MemoryDB, Recorder, TrieDBMutBuilder, TrieMut as _};

    use super::*;

    /// A state with two values of blocks among others, its root, and the nodes that lead to the two.
    fn state() -> (Hash, Vec<Vec<u8>>) {
        let (mut db, mut root) = (MemoryDB::<Blake2Hasher>::new(&[0]), H256::default());
        {
            let mut trie = TrieDBMutBuilder::<Layout>::new(&mut db, &mut root).build();
            for other in 0..200_u8 {
                trie.insert(&[other; 32], &[other; 40]).unwrap();
            }
            // Long, so a node of its own; and short.
            trie.insert(&EVENTS.bytes, &[7; 500]).unwrap();
            trie.insert(&LAST_UPGRADE.bytes, &[8; 5]).unwrap();
        }
        let mut recorder = Recorder::<Layout>::new();
        {
            let trie =
                TrieDBBuilder::<Layout>::new(&db, &root).with_recorder(&mut recorder).build();
            for key in [EVENTS, LAST_UPGRADE] {
                assert!(trie.get(&key.bytes).unwrap().is_some());
            }
        }
        (Hash(root.0), recorder.into_raw_storage_proof())
    }

    #[test]
    fn the_nodes_lead_from_the_root_to_the_values() {
        let (root, nodes) = state();
        assert!(nodes.len() > 3, "a path has several nodes");
        let found = values(root, &nodes, [EVENTS, LAST_UPGRADE]);
        assert_eq!(found, Ok([vec![7; 500], vec![8; 5]]));
        // Their order says nothing.
        let reversed: Vec<_> = nodes.iter().rev().cloned().collect();
        assert_eq!(values(root, &reversed, [EVENTS, LAST_UPGRADE]), found);
    }

    #[test]
    fn a_bit_in_any_node_or_in_the_root_breaks_the_proof() {
        let (root, nodes) = state();
        for (nth, node) in nodes.iter().enumerate() {
            for byte in 0..node.len() {
                let mut wrong = nodes.clone();
                wrong[nth][byte] ^= 1;
                let found = values(root, &wrong, [EVENTS, LAST_UPGRADE]);
                assert!(found.is_err(), "byte {byte} of node {nth}");
            }
        }
        let mut other = root;
        other.0[31] ^= 1;
        let found = values(other, &nodes, [EVENTS, LAST_UPGRADE]);
        assert!(matches!(found, Err(CheckError::Trie { key: "System.Events", .. })), "{found:?}");
    }

    #[test]
    fn no_node_may_be_missing_repeated_or_of_no_use() {
        let (root, nodes) = state();
        for nth in 0..nodes.len() {
            let mut fewer = nodes.clone();
            fewer.remove(nth);
            assert!(values(root, &fewer, [EVENTS, LAST_UPGRADE]).is_err(), "without node {nth}");
        }
        let mut repeated = nodes.clone();
        repeated.push(nodes[0].clone());
        let found = values(root, &repeated, [EVENTS, LAST_UPGRADE]);
        assert_eq!(found, Err(CheckError::RepeatedNode));
        let mut more = nodes.clone();
        more.push(vec![1, 2, 3]);
        let found = values(root, &more, [EVENTS, LAST_UPGRADE]);
        assert_eq!(found, Err(CheckError::UnusedNode));
    }

    #[test]
    fn what_is_not_there_is_proven_to_be_absent() {
        let (root, nodes) = state();
        let absent = Key { name: "System.Nothing", bytes: [0xff; 32] };
        let found = values(root, &nodes, [EVENTS, LAST_UPGRADE, absent]);
        // The node below which it would be is among those that lead to the others.
        assert_eq!(found, Err(CheckError::Absent { key: "System.Nothing" }));
    }
}
