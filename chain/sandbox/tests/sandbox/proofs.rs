//! Chunks of a report's file are proven to the chain by RFC 9162, and versions by their links.

use assent_interface::reports;
use assent_sandbox::Account;
use assent_sandbox::ledger::{HOSPITAL, Hash, Ledger, NewVersion, PATIENT, Version, key, report};
use polkadot_sdk::sp_io::hashing::sha2_256;

fn leaf(chunk: &[u8]) -> Hash {
    sha2_256(&[&[0], chunk].concat())
}

fn node(left: Hash, right: Hash) -> Hash {
    sha2_256(&[&[1][..], &left, &right].concat())
}

/// Whether the chain accepts that version 1 has this leaf with this index.
fn accepts(ledger: &mut Ledger, index: u64, leaf: Hash, proof: &[Hash]) -> bool {
    let question = (HOSPITAL, report().series, 1u32, index, leaf, proof.to_vec());
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
    let second = ledger.following(HOSPITAL, &report());
    let third = ledger.following(HOSPITAL, &second);
    ledger.anchor(&report());
    ledger.anchor(&second);
    let [one, two, three] = [report(), second, third].map(|of| ledger.head(HOSPITAL, &of));
    let mut linked = |question: &(Account, Hash, u32, Hash, Hash)| -> bool {
        ledger.view("reports", reports::VERIFY_LINK, question)
    };
    let series = report().series;
    assert!(linked(&(HOSPITAL, series, 1, [0; 32], one)));
    assert!(linked(&(HOSPITAL, series, 2, one, two)));
    for question in [
        (HOSPITAL, series, 0, [0; 32], one),
        (HOSPITAL, series, 1, one, one),
        (HOSPITAL, series, 1, [0; 32], two),
        (HOSPITAL, series, 2, [0; 32], two),
        (HOSPITAL, series, 2, one, one),
        (HOSPITAL, series, 3, two, three),
        (HOSPITAL, [7; 32], 1, [0; 32], one),
        (PATIENT, series, 1, [0; 32], one),
    ] {
        assert!(!linked(&question), "{question:x?}");
    }
    // Revoked and superseded, a version is as it was.
    ledger.done(HOSPITAL, "reports", reports::REVOKE, &(HOSPITAL, series, 2u32, [1u8; 32]));
    ledger.done(HOSPITAL, "reports", reports::SUPERSEDE, &(HOSPITAL, third));
    let link = (HOSPITAL, series, 2u32, one, two);
    assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link));
}

/// What one signs cannot be passed off as another's, here or elsewhere.
#[test]
fn the_same_report_has_another_head_with_another_owner_and_in_another_contract() {
    let mut ledger = Ledger::new();
    ledger.anchor(&report());
    ledger.done(PATIENT, "reports", reports::ANCHOR, &(PATIENT, report()));
    let mut heads = Vec::new();
    for owner in [HOSPITAL, PATIENT] {
        let kept = ledger.view("reports", reports::HEAD, &(owner, report().series));
        let kept: Version = Option::expect(kept, "it was anchored");
        assert_eq!((kept.owner, kept.head), (owner, ledger.head(owner, &report())));
        heads.push(kept.head);
    }
    let domain: Hash = ledger.view("reports", reports::DOMAIN, &());
    ledger.replace_reports(ledger.participants.address);
    assert_ne!(ledger.view::<Hash>("reports", reports::DOMAIN, &()), domain);
    ledger.anchor(&report());
    let kept = ledger.view("reports", reports::HEAD, &(HOSPITAL, report().series));
    heads.push(Option::<Version>::expect(kept, "it was anchored").head);
    let distinct: std::collections::BTreeSet<&Hash> = heads.iter().collect();
    assert_eq!(distinct.len(), 3, "{heads:x?}");
    // The patient saw the head of the hospital's version and signs that one.
    let copied = (PATIENT, report().series, 1u32, heads[0]);
    ledger.refused(
        HOSPITAL,
        "reports",
        reports::COUNTERSIGN,
        &(HOSPITAL, copied),
        "UnknownVersion",
    );
}

#[test]
fn a_link_is_computed_anew_and_not_believed() {
    let mut ledger = Ledger::new();
    ledger.anchor(&report());
    let versions = 0x7265_0002;
    let place = key(versions, (HOSPITAL, report().series, 1u32));
    let head = ledger.head(HOSPITAL, &report());
    let link = (HOSPITAL, report().series, 1u32, [0u8; 32], head);
    let asked = (HOSPITAL, report().series);
    let kept: Option<Version> = ledger.view("reports", reports::HEAD, &asked);
    let kept = kept.expect("it was anchored");
    for forged in [
        Version { root: [1; 32], ..kept },
        Version { chunks: kept.chunks + 1, ..kept },
        Version { byte_length: kept.byte_length + 1, ..kept },
        Version { metadata: [1; 32], ..kept },
        Version { patient: Some(kept.doctor), ..kept },
        Version { patient: None, ..kept },
        Version { doctor: PATIENT, ..kept },
    ] {
        ledger.overwrite("reports", &place, &forged);
        assert!(!ledger.view::<bool>("reports", reports::VERIFY_LINK, &link), "{forged:x?}");
    }
    ledger.overwrite("reports", &place, &Version { at: kept.at + 1, ..kept });
    assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link), "not a part of the head");
}
