//! Chunks of a report's file are proven to the chain by RFC 9162, and versions by their links.

use assent_interface::reports;
use assent_sandbox::ledger::{
    Chained as _, HOSPITAL, Hash, Ledger, NewVersion, Version, key, report,
};
use polkadot_sdk::sp_io::hashing::sha2_256;

fn leaf(chunk: &[u8]) -> Hash {
    sha2_256(&[&[0], chunk].concat())
}

fn node(left: Hash, right: Hash) -> Hash {
    sha2_256(&[&[1][..], &left, &right].concat())
}

/// Whether the chain accepts that version 1 has this leaf with this index.
fn accepts(ledger: &mut Ledger, index: u64, leaf: Hash, proof: &[Hash]) -> bool {
    let question = (report().series, 1u32, index, leaf, proof.to_vec());
    ledger.view("reports", reports::VERIFY_CHUNK, &question)
}

#[test]
fn a_chunk_is_proven_by_the_hashes_beside_its_way_to_the_root() {
    let leaves = [leaf(b"one"), leaf(b"two"), leaf(b"three")];
    let [first, second, third] = leaves;
    let pair = node(first, second);
    let mut ledger = Ledger::new();
    ledger.anchor(&NewVersion { root: node(pair, third), chunks: 3, byte_length: 11, ..report() });

    let proofs = [vec![second, third], vec![first, third], vec![pair]];
    for (index, (leaf, proof)) in (0u64..).zip(leaves.iter().zip(&proofs)) {
        assert!(accepts(&mut ledger, index, *leaf, proof));
        for other in 0..5 {
            let is_its_own = other == index;
            assert_eq!(accepts(&mut ledger, other, *leaf, proof), is_its_own, "{index} as {other}");
        }
        let longer = [&proof[..], &[third]].concat();
        assert!(!accepts(&mut ledger, index, *leaf, &longer));
        assert!(!accepts(&mut ledger, index, *leaf, &proof[1..]));
        assert!(!accepts(&mut ledger, index, [1; 32], proof));
    }
    // A node of the tree is no leaf, and a proof is no longer than a tree is high.
    assert!(!accepts(&mut ledger, 0, pair, &[third]));
    assert!(!accepts(&mut ledger, 0, first, &[second; 64]));
    assert!(!accepts(&mut ledger, 0, first, &[second; 65]));
    assert!(!accepts(&mut ledger, u64::MAX, third, &[pair]));
}

#[test]
fn a_proof_of_the_highest_tree_fits() {
    // The leftmost way up a tree of 2^63 + 1 leaves.
    let proof: Vec<Hash> = (0u8..64).map(|level| [level; 32]).collect();
    let root = proof.iter().fold(leaf(b"one"), |hash, sibling| node(hash, *sibling));
    let chunks = (1u64 << 63) + 1;
    let mut ledger = Ledger::new();
    ledger.anchor(&NewVersion { root, chunks, byte_length: u64::MAX, ..report() });
    assert!(accepts(&mut ledger, 0, leaf(b"one"), &proof));
    assert!(!accepts(&mut ledger, 1, leaf(b"one"), &proof));
}

#[test]
fn a_version_without_a_file_proves_nothing() {
    let mut ledger = Ledger::new();
    let single = leaf(b"one");
    assert!(!accepts(&mut ledger, 0, single, &[]));
    ledger.anchor(&NewVersion { root: single, chunks: 1, byte_length: 3, ..report() });
    assert!(accepts(&mut ledger, 0, single, &[]));
    assert!(!accepts(&mut ledger, 0, single, &[single]));
}

#[test]
fn a_link_holds_for_its_own_version_only() {
    let mut ledger = Ledger::new();
    let first = report();
    let second = first.next();
    ledger.anchor(&first);
    ledger.anchor(&second);
    let mut linked = |question: &(Hash, u32, Hash, Hash)| -> bool {
        ledger.view("reports", reports::VERIFY_LINK, question)
    };
    let series = first.series;
    assert!(linked(&(series, 1, [0; 32], first.head())));
    assert!(linked(&(series, 2, first.head(), second.head())));
    for question in [
        (series, 0, [0; 32], first.head()),
        (series, 1, first.head(), first.head()),
        (series, 1, [0; 32], second.head()),
        (series, 2, [0; 32], second.head()),
        (series, 2, first.head(), first.head()),
        (series, 3, second.head(), second.next().head()),
        ([7; 32], 1, [0; 32], first.head()),
    ] {
        assert!(!linked(&question), "{question:x?}");
    }
    // Revoked and superseded, a version is as it was.
    ledger.done(HOSPITAL, "reports", reports::REVOKE, &(series, 2u32, [1u8; 32]));
    ledger.done(HOSPITAL, "reports", reports::SUPERSEDE, &second.next());
    let link = (series, 2u32, first.head(), second.head());
    assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link));
}

#[test]
fn a_link_is_computed_anew_and_not_believed() {
    let mut ledger = Ledger::new();
    ledger.anchor(&report());
    let versions = 0x7265_0002;
    let place = key(versions, (report().series, 1u32));
    let link = (report().series, 1u32, [0u8; 32], report().head());
    let kept: Option<Version> = ledger.view("reports", reports::HEAD, &report().series);
    let kept = kept.expect("it was anchored");
    for forged in [
        Version { root: [1; 32], ..kept },
        Version { chunks: kept.chunks + 1, ..kept },
        Version { byte_length: kept.byte_length + 1, ..kept },
        Version { metadata: [1; 32], ..kept },
        Version { patient: kept.doctor, ..kept },
        Version { doctor: kept.patient, ..kept },
    ] {
        ledger.overwrite("reports", &place, &forged);
        assert!(!ledger.view::<bool>("reports", reports::VERIFY_LINK, &link), "{forged:x?}");
    }
    ledger.overwrite("reports", &place, &Version { at: kept.at + 1, ..kept });
    assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link), "not a part of the head");
}
