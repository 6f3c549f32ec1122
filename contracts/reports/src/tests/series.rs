//! The rules of series.

use super::*;
use crate::data::{Version, MAX_BATCH, MAX_PAGE};
use crate::version::head_hash;
use assent_events::{
    reports::{Anchored, Countersigned, Revoked, Superseded},
    Party,
};
use assent_merkle::{leaf_hash, Tree};
use ink::scale::Encode;

#[ink::test]
fn versions_form_a_chain() {
    let mut data = Data::new(DOMAIN);
    assert_eq!(data.head(OWN), None);
    let first = new(1, [0; 32]);
    let event = data.anchor(OWNER, NOW, own(true), OWNER, &first).unwrap();
    let head = documented_head(DOMAIN, OWNER, &first);
    let expected = Anchored {
        owner: OWNER,
        series: SERIES,
        sequence: 1,
        previous: [0; 32],
        head,
        root: [10; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [11; 32],
        patient: Some(PATIENT),
        doctor: DOCTOR,
        by: OWNER,
        at: NOW,
    };
    assert_eq!(event, expected);
    let stored = Version {
        sequence: 1,
        owner: OWNER,
        previous: [0; 32],
        head,
        root: [10; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [11; 32],
        patient: Some(PATIENT),
        doctor: DOCTOR,
        patient_signed: None,
        doctor_signed: None,
        superseded_by: None,
        revoked: None,
        at: NOW,
    };
    assert_eq!(data.head(OWN), Some(stored.clone()));

    let second = NewVersion { root: [20; 32], ..new(2, head) };
    let event = data.anchor(OWNER, NOW + 1, own(true), OWNER, &second).unwrap();
    assert_eq!((event.head, event.at), (documented_head(DOMAIN, OWNER, &second), NOW + 1));
    assert_eq!(data.head(OWN).unwrap().root, [20; 32]);
    assert_eq!(data.version(of(1)), Some(stored), "an addition supersedes nothing");
    assert_eq!(data.version(of(3)), None);
    assert_eq!(data.head((OWNER, [9; 32])), None);
}

#[ink::test]
fn anchoring_refuses_in_order() {
    let (mut data, heads) = series(1);
    // Each repair uncovers the next error.
    let mut wrong = all_wrong();
    assert_eq!(data.anchor(OWNER, NOW, own(false), OWNER, &wrong), Err(Error::NotAdmitted));
    assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::EmptyReport));
    wrong.byte_length = 1;
    for chunks in [0, 2, u64::MAX] {
        wrong.chunks = chunks;
        assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::InvalidChunks));
    }
    wrong.chunks = 1;
    assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::SameParty));
    wrong.doctor = DOCTOR;
    for sequence in [0, 1, 3, u32::MAX] {
        wrong.sequence = sequence;
        assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::WrongSequence));
    }
    wrong.sequence = 2;
    assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::WrongPrevious));
    wrong.previous = [0; 32];
    assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::WrongPrevious));
    assert_eq!(data.head(OWN).unwrap().sequence, 1, "a refusal writes nothing");
    wrong.previous = heads[0];
    data.anchor(OWNER, NOW, own(true), OWNER, &wrong).unwrap();

    let mut first = NewVersion { series: [9; 32], ..new(1, heads[0]) };
    assert_eq!(data.anchor(OWNER, NOW, own(true), OWNER, &first), Err(Error::WrongPrevious));
    first.previous = [0; 32];
    data.anchor(OWNER, NOW, own(true), OWNER, &first).unwrap();
}

/// Whoever is quick to anchor what another one sent neither takes his series nor gets a signature that
/// was meant for his version.
#[ink::test]
fn a_series_is_nobody_elses() {
    let mut data = Data::new(DOMAIN);
    let (mine, thiefs) = (new(1, [0; 32]), (OTHER, SERIES, 1));
    // The copy lands first.
    let copied = data.anchor(OTHER, NOW, own(true), OTHER, &mine).unwrap();
    let anchored = data.anchor(OWNER, NOW, own(true), OWNER, &mine).unwrap();
    assert_eq!((copied.owner, copied.head), (OTHER, documented_head(DOMAIN, OTHER, &mine)));
    assert_eq!((anchored.owner, anchored.head), (OWNER, documented_head(DOMAIN, OWNER, &mine)));
    assert_ne!(copied.head, anchored.head);

    let misled = data.countersign(PATIENT, NOW, own(true), PATIENT, thiefs, anchored.head);
    assert_eq!(misled, Err(Error::UnknownVersion), "he signs what his doctor anchored");
    data.countersign(PATIENT, NOW, own(true), PATIENT, of(1), anchored.head).unwrap();
    assert_eq!(data.version(thiefs).unwrap().patient_signed, None);

    // Each continues, corrects and revokes his own.
    data.anchor(OWNER, NOW, own(true), OWNER, &new(2, anchored.head)).unwrap();
    assert_eq!(data.head((OTHER, SERIES)).unwrap().sequence, 1);
    data.supersede(OTHER, NOW, own(true), OTHER, &new(2, copied.head)).unwrap();
    assert_eq!(data.version(of(1)).unwrap().superseded_by, None);
    data.revoke(OTHER, NOW, Agency::OWN, (OTHER, SERIES, 1), REASON).unwrap();
    assert_eq!(data.version(of(1)).unwrap().revoked, None);
    assert_eq!(data.history((OTHER, SERIES), 1, 5).len(), 2);
}

/// A signature for a version in one contract, or on one chain, is none for it in another.
#[ink::test]
fn a_head_is_of_one_contract() {
    let (data, heads) = series(1);
    assert_eq!(data.domain(), DOMAIN);
    let version = data.version(of(1)).unwrap();
    assert_eq!(head_hash(DOMAIN, SERIES, &version), heads[0]);
    let elsewhere = head_hash([0xe0; 32], SERIES, &version);
    assert_eq!(elsewhere, documented_head([0xe0; 32], OWNER, &new(1, [0; 32])));
    assert_ne!(elsewhere, heads[0]);
    assert!(!Data::new([0xe0; 32]).verify_link(of(1), [0; 32], heads[0]));
}

/// As a clinic's log of releases.
#[ink::test]
fn a_series_may_be_about_nobody() {
    let mut data = Data::new(DOMAIN);
    let first = NewVersion { patient: None, ..new(1, [0; 32]) };
    let event = data.anchor(OWNER, NOW, own(true), OWNER, &first).unwrap();
    assert_eq!((event.patient, event.head), (None, documented_head(DOMAIN, OWNER, &first)));
    assert!(data.verify_link(of(1), [0; 32], event.head));
    let refused = data.countersign(PATIENT, NOW, own(true), PATIENT, of(1), event.head);
    assert_eq!(refused, Err(Error::NotParty));
    let signed = data.countersign(DOCTOR, NOW, own(true), DOCTOR, of(1), event.head).unwrap();
    assert_eq!(signed.party, Party::Doctor);
    // The next version may be about somebody.
    data.anchor(OWNER, NOW, own(true), OWNER, &new(2, event.head)).unwrap();
}

#[ink::test]
fn a_batch_is_anchored_in_order() {
    let (mut data, heads) = series(1);
    let second = new(2, heads[0]);
    let third = new(3, documented_head(DOMAIN, OWNER, &second));
    let elsewhere = NewVersion { series: [9; 32], ..new(1, [0; 32]) };
    let batch = [second, elsewhere, third.clone()];
    let events = data.anchor_batch(OWNER, NOW + 1, own(true), OWNER, &batch).unwrap();
    for (event, new) in events.iter().zip(&batch) {
        assert_eq!((event.series, event.sequence, event.at), (new.series, new.sequence, NOW + 1));
        assert_eq!(event.head, documented_head(DOMAIN, OWNER, new));
    }
    assert_eq!(events.len(), 3);
    assert_eq!(data.head(OWN).unwrap().head, documented_head(DOMAIN, OWNER, &third));
    assert_eq!(data.head((OWNER, [9; 32])).unwrap().sequence, 1);
}

#[ink::test]
fn a_batch_is_anchored_as_a_whole_or_not_at_all() {
    let (mut data, heads) = series(1);
    assert_eq!(data.anchor_batch(OWNER, NOW, own(false), OWNER, &[]), Err(Error::BatchSize));
    let full: Vec<NewVersion> =
        (0..=16u8).map(|n| NewVersion { series: [100 + n; 32], ..new(1, [0; 32]) }).collect();
    assert_eq!(data.anchor_batch(OWNER, NOW, own(false), OWNER, &full), Err(Error::BatchSize));

    let sound = new(2, heads[0]);
    for (may_anchor, batch, error) in [
        (false, vec![sound.clone(), all_wrong()], Error::NotAdmitted),
        (true, vec![sound.clone(), all_wrong()], Error::EmptyReport),
        (
            true,
            vec![sound.clone(), NewVersion { chunks: 0, ..new(3, [0; 32]) }, all_wrong()],
            Error::InvalidChunks,
        ),
        (
            true,
            vec![sound.clone(), NewVersion { patient: Some(DOCTOR), ..new(3, [0; 32]) }],
            Error::SameParty,
        ),
        (true, vec![sound.clone(), sound.clone()], Error::WrongSequence),
        (true, vec![sound, new(3, heads[0])], Error::WrongPrevious),
    ] {
        assert_eq!(data.anchor_batch(OWNER, NOW, own(may_anchor), OWNER, &batch), Err(error));
        assert_eq!(data.head(OWN).unwrap().sequence, 1, "{error:?} left something behind");
        assert_eq!(data.head((OWNER, full[0].series)), None);
    }
    assert_eq!(
        data.anchor_batch(OWNER, NOW, own(true), OWNER, &full[..MAX_BATCH]).unwrap().len(),
        MAX_BATCH
    );
}

#[ink::test]
fn a_correction_marks_what_it_corrects() {
    let (mut data, heads) = series(2);
    let before = data.version(of(1));
    let third = new(3, heads[1]);
    let (anchored, superseded) = data.supersede(OWNER, NOW + 1, own(true), OWNER, &third).unwrap();
    assert_eq!((anchored.sequence, anchored.head), (3, documented_head(DOMAIN, OWNER, &third)));
    assert_eq!(superseded, Superseded { owner: OWNER, series: SERIES, sequence: 2, by: 3 });
    assert_eq!(data.version(of(2)).unwrap().superseded_by, Some(3));
    assert_eq!(data.version(of(1)), before);
    assert_eq!(data.head(OWN).unwrap().superseded_by, None);

    // Also one that was revoked.
    data.revoke(OWNER, NOW + 2, Agency::OWN, of(3), REASON).unwrap();
    data.supersede(OWNER, NOW + 3, own(true), OWNER, &new(4, anchored.head)).unwrap();
    let third = data.version(of(3)).unwrap();
    assert_eq!((third.revoked, third.superseded_by), (Some(NOW + 2), Some(4)));
    assert_eq!(third.head, anchored.head);
}

#[ink::test]
fn a_correction_refuses_in_order() {
    let (mut data, heads) = series(1);
    let mut wrong = all_wrong();
    assert_eq!(data.supersede(OWNER, NOW, own(false), OWNER, &wrong), Err(Error::NotAdmitted));
    let unknown = NewVersion { series: [9; 32], ..all_wrong() };
    assert_eq!(data.supersede(OWNER, NOW, own(false), OWNER, &unknown), Err(Error::NotAdmitted));
    assert_eq!(
        data.supersede(OWNER, NOW, own(true), OWNER, &unknown),
        Err(Error::NothingToSupersede)
    );
    // What others have of that name is not the caller's.
    assert_eq!(
        data.supersede(OTHER, NOW, own(true), OTHER, &wrong),
        Err(Error::NothingToSupersede)
    );
    assert_eq!(data.supersede(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::EmptyReport));
    wrong.byte_length = 1;
    assert_eq!(data.supersede(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::InvalidChunks));
    wrong.chunks = 1;
    assert_eq!(data.supersede(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::SameParty));
    wrong.doctor = DOCTOR;
    assert_eq!(data.supersede(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::WrongSequence));
    wrong.sequence = 2;
    assert_eq!(data.supersede(OWNER, NOW, own(true), OWNER, &wrong), Err(Error::WrongPrevious));
    assert_eq!(data.head(OWN).unwrap().superseded_by, None, "a refusal writes nothing");
    wrong.previous = heads[0];
    data.supersede(OWNER, NOW, own(true), OWNER, &wrong).unwrap();
}

#[ink::test]
fn a_revoked_version_stays_on_record() {
    let (mut data, heads) = series(2);
    let before = data.version(of(1)).unwrap();
    let event = data.revoke(OWNER, NOW + 1, Agency::OWN, of(1), REASON).unwrap();
    assert_eq!(
        event,
        Revoked {
            owner: OWNER,
            series: SERIES,
            sequence: 1,
            reason: REASON,
            by: OWNER,
            at: NOW + 1
        }
    );
    let expected = Version { revoked: Some(NOW + 1), ..before };
    assert_eq!(data.version(of(1)), Some(expected));
    assert!(data.verify_link(of(2), heads[0], heads[1]), "the chain holds");

    // The latest one too, and the series goes on.
    data.revoke(OWNER, NOW, Agency::OWN, of(2), REASON).unwrap();
    data.anchor(OWNER, NOW, own(true), OWNER, &new(3, heads[1])).unwrap();
}

#[ink::test]
fn revoking_refuses_in_order() {
    let (mut data, _) = series(1);
    data.revoke(OWNER, NOW, Agency::OWN, of(1), REASON).unwrap();
    for (caller, series, sequence) in [
        (OWNER, SERIES, 0),
        (OWNER, SERIES, 2),
        (OWNER, [9; 32], 1),
        (OTHER, SERIES, 1),
        (PATIENT, SERIES, 1),
    ] {
        let refused = data.revoke(caller, NOW, Agency::OWN, (caller, series, sequence), REASON);
        assert_eq!(refused, Err(Error::UnknownVersion));
    }
    assert_eq!(data.revoke(OWNER, NOW + 9, Agency::OWN, of(1), REASON), Err(Error::AlreadyRevoked));
    assert_eq!(data.version(of(1)).unwrap().revoked, Some(NOW));
}

#[ink::test]
fn patient_and_doctor_sign_once_each() {
    let (mut data, heads) = series(1);
    let before = data.head(OWN).unwrap();
    for (caller, at, party) in
        [(DOCTOR, NOW + 1, Party::Doctor), (PATIENT, NOW + 2, Party::Patient)]
    {
        let event = data.countersign(caller, at, own(true), caller, of(1), heads[0]).unwrap();
        assert_eq!(
            event,
            Countersigned {
                owner: OWNER,
                series: SERIES,
                sequence: 1,
                party,
                signer: caller,
                by: caller,
                at
            }
        );
        let again = data.countersign(caller, at + 9, own(true), caller, of(1), heads[0]);
        assert_eq!(again, Err(Error::AlreadySigned));
    }
    let expected =
        Version { patient_signed: Some(NOW + 2), doctor_signed: Some(NOW + 1), ..before };
    assert_eq!(data.head(OWN), Some(expected));

    // A correction is signed anew.
    let (corrected, _) = data.supersede(OWNER, NOW, own(true), OWNER, &new(2, heads[0])).unwrap();
    assert_eq!(data.head(OWN).unwrap().patient_signed, None);
    data.countersign(PATIENT, NOW, own(true), PATIENT, of(2), corrected.head).unwrap();
}

#[ink::test]
fn signing_refuses_in_order() {
    let (mut data, heads) = series(2);
    data.countersign(PATIENT, NOW, own(true), PATIENT, of(1), heads[0]).unwrap();
    data.revoke(OWNER, NOW, Agency::OWN, of(1), REASON).unwrap();
    let mut sign = |caller, admitted, key, head| {
        data.countersign(caller, NOW + 1, own(admitted), caller, key, head).unwrap_err()
    };
    let unknown = (OWNER, [9; 32], 1);
    assert_eq!(sign(OTHER, false, unknown, heads[1]), Error::NotAdmitted);
    assert_eq!(sign(OTHER, true, unknown, heads[0]), Error::UnknownVersion);
    assert_eq!(sign(PATIENT, true, (OTHER, SERIES, 1), heads[0]), Error::UnknownVersion);
    assert_eq!(sign(OTHER, true, of(3), heads[1]), Error::UnknownVersion);
    assert_eq!(sign(PATIENT, true, of(2), heads[0]), Error::UnknownVersion, "another head");
    assert_eq!(sign(OTHER, true, of(1), heads[0]), Error::NotParty);
    assert_eq!(sign(OWNER, true, of(2), heads[1]), Error::NotParty);
    assert_eq!(sign(PATIENT, true, of(1), heads[0]), Error::AlreadyRevoked);
    assert_eq!(sign(DOCTOR, true, of(1), heads[0]), Error::AlreadyRevoked);
    data.countersign(DOCTOR, NOW, own(true), DOCTOR, of(2), heads[1]).unwrap();
    let again = data.countersign(DOCTOR, NOW, own(true), DOCTOR, of(2), heads[1]);
    assert_eq!(again, Err(Error::AlreadySigned));
    assert_eq!(data.version(of(1)).unwrap().doctor_signed, None);
}

#[ink::test]
fn chunks_are_verified_with_the_chains_sha_256() {
    let leaves: Vec<Hash> = (0..5u8).map(|n| leaf_hash::<Sha2>(&[n])).collect();
    let tree = |index| {
        let mut tree = Tree::<Sha2>::proving(index);
        leaves.iter().for_each(|leaf| tree.push(*leaf));
        tree
    };
    let root = tree(0).root();
    let mut data = Data::new(DOMAIN);
    let version = NewVersion { root, chunks: 5, byte_length: 5, ..new(1, [0; 32]) };
    data.anchor(OWNER, NOW, own(true), OWNER, &version).unwrap();
    for index in 0..5 {
        let proof = tree(index).proof().unwrap();
        let leaf = leaves[index as usize];
        assert!(data.verify_chunk(of(1), index, leaf, &proof));
        assert!(!data.verify_chunk(of(1), (index + 1) % 5, leaf, &proof));
        assert!(!data.verify_chunk(of(1), index, [0; 32], &proof));
        assert!(!data.verify_chunk(of(1), index, leaf, &[]));
        assert!(!data.verify_chunk(of(2), index, leaf, &proof));
        assert!(!data.verify_chunk((OWNER, [9; 32], 1), index, leaf, &proof));
        let mut longer = proof.clone();
        longer.resize(65, [0; 32]);
        assert!(!data.verify_chunk(of(1), index, leaf, &longer));
    }
    assert!(!data.verify_chunk(of(1), u64::MAX, leaves[0], &[]));
}

#[ink::test]
fn links_are_verified() {
    let (mut data, heads) = series(3);
    let zero = [0; 32];
    assert!(data.verify_link(of(1), zero, heads[0]));
    assert!(data.verify_link(of(2), heads[0], heads[1]));
    assert!(data.verify_link(of(3), heads[1], heads[2]));
    let elsewhere = (OWNER, [9; 32], 1);
    for (key, previous, head) in [
        (of(0), zero, zero),
        (of(0), zero, heads[0]),
        (of(1), zero, heads[1]),
        (of(1), heads[0], heads[0]),
        (of(2), zero, heads[1]),
        (of(2), heads[0], heads[2]),
        (of(3), heads[0], heads[2]),
        (of(4), heads[2], zero),
        (of(u32::MAX), zero, zero),
        (elsewhere, zero, zero),
        (elsewhere, zero, heads[0]),
        ((OTHER, SERIES, 1), zero, heads[0]),
    ] {
        assert!(!data.verify_link(key, previous, head), "{}", key.2);
    }
    // Signatures and marks are not part of it.
    data.countersign(PATIENT, NOW, own(true), PATIENT, of(3), heads[2]).unwrap();
    data.supersede(OWNER, NOW, own(true), OWNER, &new(4, heads[2])).unwrap();
    assert!(data.verify_link(of(3), heads[1], heads[2]));
}

#[ink::test]
fn history_comes_in_pages() {
    let (data, heads) = series(40);
    let sequences = |from, limit| -> Vec<u32> {
        data.history(OWN, from, limit).iter().map(|version| version.sequence).collect()
    };
    assert_eq!(sequences(0, 3), [1, 2, 3], "0 is before the first");
    assert_eq!(sequences(1, 3), [1, 2, 3]);
    assert_eq!(sequences(39, 5), [39, 40]);
    assert_eq!(sequences(41, 5), [0; 0]);
    assert_eq!(sequences(u32::MAX, u32::MAX), [0; 0]);
    assert_eq!(sequences(1, 0), [0; 0]);
    assert_eq!(sequences(1, u32::MAX), (1..=MAX_PAGE).collect::<Vec<_>>());
    assert_eq!(sequences(33, u32::MAX), (33..=40).collect::<Vec<_>>());
    assert_eq!(data.history((OWNER, [9; 32]), 1, 5), []);
    assert_eq!(data.history((OTHER, SERIES), 1, 5), []);
    assert_eq!(data.history(OWN, 7, 1)[0].head, heads[6]);
}

#[ink::test]
fn the_longest_values_fit() {
    let (mut data, heads) = series(1);
    data.countersign(PATIENT, NOW, own(true), PATIENT, of(1), heads[0]).unwrap();
    data.countersign(DOCTOR, NOW, own(true), DOCTOR, of(1), heads[0]).unwrap();
    data.revoke(OWNER, NOW, Agency::OWN, of(1), REASON).unwrap();
    data.supersede(OWNER, NOW, own(true), OWNER, &new(2, heads[0])).unwrap();
    let longest = data.version(of(1)).unwrap();
    assert!(longest.encoded_size() < 1024);
    // The buffer of 16 KiB that holds what a message takes and gives.
    let page = vec![longest; MAX_PAGE as usize];
    assert!(page.encoded_size() < 15 * 1024);
    let batch = vec![new(1, [0; 32]); MAX_BATCH];
    assert!(batch.encoded_size() < 15 * 1024);
    let proof = vec![[0u8; 32]; assent_merkle::MAX_PROOF_LEN];
    assert!(proof.encoded_size() < 15 * 1024);
}
