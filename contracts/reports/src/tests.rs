//! The rules of report series, and what the shell adds to them.

use crate::data::{Data, NewVersion, Version, MAX_BATCH, MAX_PAGE, SCHEMA_VERSION};
use crate::errors::ReportsError as Error;
use crate::reports::Reports;
use assent_events::{
    governance::{HandoverAccepted, HandoverProposed, Paused, Unpaused, UpgradeAnnounced},
    reports::{Anchored, Countersigned, Revoked, Superseded},
    Hash, Party,
};
use assent_governance::{GovernanceError, Governed, MAX_DELAY};
use assent_merkle::{leaf_hash, Sha2, Sha256, Tree};
use ink::{
    env::{test, DefaultEnvironment},
    primitives::AccountId,
    scale::{Decode, Encode},
};

const OWNER: AccountId = AccountId([1; 32]);
const OTHER: AccountId = AccountId([2; 32]);
const PATIENT: AccountId = AccountId([3; 32]);
const DOCTOR: AccountId = AccountId([4; 32]);
const NOW: u64 = 1_800_000_000_000;
const DELAY: u64 = 1_000;
const SERIES: Hash = [5; 32];
const REASON: Hash = [6; 32];

fn new(sequence: u32, previous: Hash) -> NewVersion {
    NewVersion {
        series: SERIES,
        sequence,
        previous,
        root: [10; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [11; 32],
        patient: PATIENT,
        doctor: DOCTOR,
    }
}

/// What is wrong with every field that an error is about, so that the first error wins over all
/// others. Of series [`SERIES`] or another.
fn all_wrong(series: Hash) -> NewVersion {
    NewVersion { series, chunks: 0, byte_length: 0, doctor: PATIENT, ..new(7, [1; 32]) }
}

/// A series of `count` versions, and their heads.
fn series(count: u32) -> (Data, Vec<Hash>) {
    let mut data = Data::new();
    let mut heads = vec![[0; 32]];
    for sequence in 1..=count {
        let previous = heads[heads.len() - 1];
        heads.push(data.anchor(OWNER, NOW, true, &new(sequence, previous)).unwrap().head);
    }
    heads.remove(0);
    (data, heads)
}

/// The documented head: all fields one after the other, numbers little-endian. No two fields of
/// [`new`] are equal, so that none can stand in for another.
fn documented_head(new: &NewVersion) -> Hash {
    Sha2::hash(&[
        &new.series,
        &new.sequence.to_le_bytes(),
        &new.previous,
        &new.root,
        &new.chunks.to_le_bytes(),
        &new.byte_length.to_le_bytes(),
        &new.metadata,
        new.patient.as_ref(),
        new.doctor.as_ref(),
    ])
}

#[ink::test]
fn versions_form_a_chain() {
    let mut data = Data::new();
    assert_eq!(data.head(SERIES), None);
    let first = new(1, [0; 32]);
    let event = data.anchor(OWNER, NOW, true, &first).unwrap();
    let head = documented_head(&first);
    let expected = Anchored {
        series: SERIES,
        owner: OWNER,
        sequence: 1,
        previous: [0; 32],
        head,
        root: [10; 32],
        chunks: 3,
        byte_length: 150_000,
        metadata: [11; 32],
        patient: PATIENT,
        doctor: DOCTOR,
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
        patient: PATIENT,
        doctor: DOCTOR,
        patient_signed: None,
        doctor_signed: None,
        superseded_by: None,
        revoked: None,
        at: NOW,
    };
    assert_eq!(data.head(SERIES), Some(stored.clone()));

    let second = NewVersion { root: [20; 32], ..new(2, head) };
    let event = data.anchor(OWNER, NOW + 1, true, &second).unwrap();
    assert_eq!((event.head, event.at), (documented_head(&second), NOW + 1));
    assert_eq!(data.head(SERIES).unwrap().root, [20; 32]);
    assert_eq!(data.version(SERIES, 1), Some(stored), "an addition supersedes nothing");
    assert_eq!(data.version(SERIES, 3), None);
    assert_eq!(data.head([9; 32]), None);
}

#[ink::test]
fn anchoring_refuses_in_order() {
    let (mut data, heads) = series(1);
    // Each repair uncovers the next error.
    let mut wrong = all_wrong(SERIES);
    assert_eq!(data.anchor(OTHER, NOW, false, &wrong), Err(Error::NotAdmitted));
    assert_eq!(data.anchor(OTHER, NOW, true, &wrong), Err(Error::NotSeriesOwner));
    assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::EmptyReport));
    wrong.byte_length = 1;
    for chunks in [0, 2, u64::MAX] {
        wrong.chunks = chunks;
        assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::InvalidChunks));
    }
    wrong.chunks = 1;
    assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::SameParty));
    wrong.doctor = DOCTOR;
    for sequence in [0, 1, 3, u32::MAX] {
        wrong.sequence = sequence;
        assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::WrongSequence));
    }
    wrong.sequence = 2;
    assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::WrongPrevious));
    wrong.previous = [0; 32];
    assert_eq!(data.anchor(OWNER, NOW, true, &wrong), Err(Error::WrongPrevious));
    assert_eq!(data.head(SERIES).unwrap().sequence, 1, "a refusal writes nothing");
    wrong.previous = heads[0];
    data.anchor(OWNER, NOW, true, &wrong).unwrap();

    let mut first = NewVersion { series: [9; 32], ..new(1, heads[0]) };
    assert_eq!(data.anchor(OTHER, NOW, true, &first), Err(Error::WrongPrevious));
    first.previous = [0; 32];
    data.anchor(OTHER, NOW, true, &first).unwrap();
    assert_eq!(data.head([9; 32]).unwrap().owner, OTHER);
}

#[ink::test]
fn a_batch_is_anchored_in_order() {
    let (mut data, heads) = series(1);
    let second = new(2, heads[0]);
    let third = new(3, documented_head(&second));
    let elsewhere = NewVersion { series: [9; 32], ..new(1, [0; 32]) };
    let batch = [second, elsewhere, third.clone()];
    let events = data.anchor_batch(OWNER, NOW + 1, true, &batch).unwrap();
    for (event, new) in events.iter().zip(&batch) {
        assert_eq!((event.series, event.sequence, event.at), (new.series, new.sequence, NOW + 1));
        assert_eq!(event.head, documented_head(new));
    }
    assert_eq!(events.len(), 3);
    assert_eq!(data.head(SERIES).unwrap().head, documented_head(&third));
    assert_eq!(data.head([9; 32]).unwrap().sequence, 1);
}

#[ink::test]
fn a_batch_is_anchored_as_a_whole_or_not_at_all() {
    let (mut data, heads) = series(1);
    assert_eq!(data.anchor_batch(OWNER, NOW, false, &[]), Err(Error::BatchSize));
    let full: Vec<NewVersion> =
        (0..=16u8).map(|n| NewVersion { series: [100 + n; 32], ..new(1, [0; 32]) }).collect();
    assert_eq!(data.anchor_batch(OWNER, NOW, false, &full), Err(Error::BatchSize));

    let sound = new(2, heads[0]);
    let not_mine = NewVersion { series: SERIES, ..new(2, heads[0]) };
    for (caller, may_anchor, batch, error) in [
        (OWNER, false, vec![sound.clone(), all_wrong(SERIES)], Error::NotAdmitted),
        (OTHER, true, vec![full[0].clone(), not_mine], Error::NotSeriesOwner),
        (OWNER, true, vec![sound.clone(), all_wrong(SERIES)], Error::EmptyReport),
        (
            OWNER,
            true,
            vec![sound.clone(), NewVersion { chunks: 0, ..new(3, [0; 32]) }, all_wrong(SERIES)],
            Error::InvalidChunks,
        ),
        (
            OWNER,
            true,
            vec![sound.clone(), NewVersion { patient: DOCTOR, ..new(3, [0; 32]) }],
            Error::SameParty,
        ),
        (OWNER, true, vec![sound.clone(), sound.clone()], Error::WrongSequence),
        (OWNER, true, vec![sound, new(3, heads[0])], Error::WrongPrevious),
    ] {
        assert_eq!(data.anchor_batch(caller, NOW, may_anchor, &batch), Err(error));
        assert_eq!(data.head(SERIES).unwrap().sequence, 1, "{error:?} left something behind");
        assert_eq!(data.head(full[0].series), None);
    }
    assert_eq!(data.anchor_batch(OWNER, NOW, true, &full[..MAX_BATCH]).unwrap().len(), MAX_BATCH);
}

#[ink::test]
fn a_correction_marks_what_it_corrects() {
    let (mut data, heads) = series(2);
    let before = data.version(SERIES, 1);
    let third = new(3, heads[1]);
    let (anchored, superseded) = data.supersede(OWNER, NOW + 1, true, &third).unwrap();
    assert_eq!((anchored.sequence, anchored.head), (3, documented_head(&third)));
    assert_eq!(superseded, Superseded { series: SERIES, sequence: 2, by: 3 });
    assert_eq!(data.version(SERIES, 2).unwrap().superseded_by, Some(3));
    assert_eq!(data.version(SERIES, 1), before);
    assert_eq!(data.head(SERIES).unwrap().superseded_by, None);

    // Also one that was revoked.
    data.revoke(OWNER, NOW + 2, SERIES, 3, REASON).unwrap();
    data.supersede(OWNER, NOW + 3, true, &new(4, anchored.head)).unwrap();
    let third = data.version(SERIES, 3).unwrap();
    assert_eq!((third.revoked, third.superseded_by), (Some(NOW + 2), Some(4)));
    assert_eq!(third.head, anchored.head);
}

#[ink::test]
fn a_correction_refuses_in_order() {
    let (mut data, heads) = series(1);
    let mut wrong = all_wrong(SERIES);
    assert_eq!(data.supersede(OTHER, NOW, false, &wrong), Err(Error::NotAdmitted));
    assert_eq!(data.supersede(OTHER, NOW, true, &wrong), Err(Error::NotSeriesOwner));
    let unknown = all_wrong([9; 32]);
    assert_eq!(data.supersede(OTHER, NOW, false, &unknown), Err(Error::NotAdmitted));
    assert_eq!(data.supersede(OTHER, NOW, true, &unknown), Err(Error::NothingToSupersede));
    assert_eq!(data.supersede(OWNER, NOW, true, &wrong), Err(Error::EmptyReport));
    wrong.byte_length = 1;
    assert_eq!(data.supersede(OWNER, NOW, true, &wrong), Err(Error::InvalidChunks));
    wrong.chunks = 1;
    assert_eq!(data.supersede(OWNER, NOW, true, &wrong), Err(Error::SameParty));
    wrong.doctor = DOCTOR;
    assert_eq!(data.supersede(OWNER, NOW, true, &wrong), Err(Error::WrongSequence));
    wrong.sequence = 2;
    assert_eq!(data.supersede(OWNER, NOW, true, &wrong), Err(Error::WrongPrevious));
    assert_eq!(data.head(SERIES).unwrap().superseded_by, None, "a refusal writes nothing");
    wrong.previous = heads[0];
    data.supersede(OWNER, NOW, true, &wrong).unwrap();
}

#[ink::test]
fn a_revoked_version_stays_on_record() {
    let (mut data, heads) = series(2);
    let before = data.version(SERIES, 1).unwrap();
    let event = data.revoke(OWNER, NOW + 1, SERIES, 1, REASON).unwrap();
    assert_eq!(event, Revoked { series: SERIES, sequence: 1, reason: REASON, at: NOW + 1 });
    let expected = Version { revoked: Some(NOW + 1), ..before };
    assert_eq!(data.version(SERIES, 1), Some(expected));
    assert!(data.verify_link(SERIES, 2, heads[0], heads[1]), "the chain holds");

    // The latest one too, and the series goes on.
    data.revoke(OWNER, NOW, SERIES, 2, REASON).unwrap();
    data.anchor(OWNER, NOW, true, &new(3, heads[1])).unwrap();
}

#[ink::test]
fn revoking_refuses_in_order() {
    let (mut data, _) = series(1);
    for (series, sequence) in [(SERIES, 0), (SERIES, 2), ([9; 32], 1)] {
        let refused = data.revoke(OTHER, NOW, series, sequence, REASON);
        assert_eq!(refused, Err(Error::UnknownVersion));
    }
    data.revoke(OWNER, NOW, SERIES, 1, REASON).unwrap();
    assert_eq!(data.revoke(OTHER, NOW, SERIES, 1, REASON), Err(Error::NotSeriesOwner));
    assert_eq!(data.revoke(PATIENT, NOW, SERIES, 1, REASON), Err(Error::NotSeriesOwner));
    assert_eq!(data.revoke(OWNER, NOW + 9, SERIES, 1, REASON), Err(Error::AlreadyRevoked));
    assert_eq!(data.version(SERIES, 1).unwrap().revoked, Some(NOW));
}

#[ink::test]
fn patient_and_doctor_sign_once_each() {
    let (mut data, heads) = series(1);
    let before = data.head(SERIES).unwrap();
    for (caller, at, party) in
        [(DOCTOR, NOW + 1, Party::Doctor), (PATIENT, NOW + 2, Party::Patient)]
    {
        let event = data.countersign(caller, at, true, SERIES, 1, heads[0]).unwrap();
        assert_eq!(event, Countersigned { series: SERIES, sequence: 1, party, by: caller, at });
        let again = data.countersign(caller, at + 9, true, SERIES, 1, heads[0]);
        assert_eq!(again, Err(Error::AlreadySigned));
    }
    let expected =
        Version { patient_signed: Some(NOW + 2), doctor_signed: Some(NOW + 1), ..before };
    assert_eq!(data.head(SERIES), Some(expected));

    // A correction is signed anew.
    let (corrected, _) = data.supersede(OWNER, NOW, true, &new(2, heads[0])).unwrap();
    assert_eq!(data.head(SERIES).unwrap().patient_signed, None);
    data.countersign(PATIENT, NOW, true, SERIES, 2, corrected.head).unwrap();
}

#[ink::test]
fn signing_refuses_in_order() {
    let (mut data, heads) = series(2);
    data.countersign(PATIENT, NOW, true, SERIES, 1, heads[0]).unwrap();
    data.revoke(OWNER, NOW, SERIES, 1, REASON).unwrap();
    let mut sign = |caller, admitted, series, sequence, head| {
        data.countersign(caller, NOW + 1, admitted, series, sequence, head).unwrap_err()
    };
    assert_eq!(sign(OTHER, false, [9; 32], 1, heads[1]), Error::NotAdmitted);
    assert_eq!(sign(OTHER, true, [9; 32], 1, heads[0]), Error::UnknownVersion);
    assert_eq!(sign(OTHER, true, SERIES, 3, heads[1]), Error::UnknownVersion);
    assert_eq!(sign(PATIENT, true, SERIES, 2, heads[0]), Error::UnknownVersion, "another head");
    assert_eq!(sign(OTHER, true, SERIES, 1, heads[0]), Error::NotParty);
    assert_eq!(sign(OWNER, true, SERIES, 2, heads[1]), Error::NotParty);
    assert_eq!(sign(PATIENT, true, SERIES, 1, heads[0]), Error::AlreadyRevoked);
    assert_eq!(sign(DOCTOR, true, SERIES, 1, heads[0]), Error::AlreadyRevoked);
    data.countersign(DOCTOR, NOW, true, SERIES, 2, heads[1]).unwrap();
    let again = data.countersign(DOCTOR, NOW, true, SERIES, 2, heads[1]);
    assert_eq!(again, Err(Error::AlreadySigned));
    assert_eq!(data.version(SERIES, 1).unwrap().doctor_signed, None);
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
    let mut data = Data::new();
    let version = NewVersion { root, chunks: 5, byte_length: 5, ..new(1, [0; 32]) };
    data.anchor(OWNER, NOW, true, &version).unwrap();
    for index in 0..5 {
        let proof = tree(index).proof().unwrap();
        let leaf = leaves[index as usize];
        assert!(data.verify_chunk(SERIES, 1, index, leaf, &proof));
        assert!(!data.verify_chunk(SERIES, 1, (index + 1) % 5, leaf, &proof));
        assert!(!data.verify_chunk(SERIES, 1, index, [0; 32], &proof));
        assert!(!data.verify_chunk(SERIES, 1, index, leaf, &[]));
        assert!(!data.verify_chunk(SERIES, 2, index, leaf, &proof));
        assert!(!data.verify_chunk([9; 32], 1, index, leaf, &proof));
        let mut longer = proof.clone();
        longer.resize(65, [0; 32]);
        assert!(!data.verify_chunk(SERIES, 1, index, leaf, &longer));
    }
    assert!(!data.verify_chunk(SERIES, 1, u64::MAX, leaves[0], &[]));
}

#[ink::test]
fn links_are_verified() {
    let (mut data, heads) = series(3);
    let zero = [0; 32];
    assert!(data.verify_link(SERIES, 1, zero, heads[0]));
    assert!(data.verify_link(SERIES, 2, heads[0], heads[1]));
    assert!(data.verify_link(SERIES, 3, heads[1], heads[2]));
    for (series, sequence, previous, head) in [
        (SERIES, 0, zero, zero),
        (SERIES, 0, zero, heads[0]),
        (SERIES, 1, zero, heads[1]),
        (SERIES, 1, heads[0], heads[0]),
        (SERIES, 2, zero, heads[1]),
        (SERIES, 2, heads[0], heads[2]),
        (SERIES, 3, heads[0], heads[2]),
        (SERIES, 4, heads[2], zero),
        (SERIES, u32::MAX, zero, zero),
        ([9; 32], 1, zero, zero),
        ([9; 32], 1, zero, heads[0]),
    ] {
        assert!(!data.verify_link(series, sequence, previous, head), "{sequence}");
    }
    // Signatures and marks are not part of it.
    data.countersign(PATIENT, NOW, true, SERIES, 3, heads[2]).unwrap();
    data.supersede(OWNER, NOW, true, &new(4, heads[2])).unwrap();
    assert!(data.verify_link(SERIES, 3, heads[1], heads[2]));
}

#[ink::test]
fn history_comes_in_pages() {
    let (data, heads) = series(40);
    let sequences = |from, limit| -> Vec<u32> {
        data.history(SERIES, from, limit).iter().map(|version| version.sequence).collect()
    };
    assert_eq!(sequences(0, 3), [1, 2, 3], "0 is before the first");
    assert_eq!(sequences(1, 3), [1, 2, 3]);
    assert_eq!(sequences(39, 5), [39, 40]);
    assert_eq!(sequences(41, 5), [0; 0]);
    assert_eq!(sequences(u32::MAX, u32::MAX), [0; 0]);
    assert_eq!(sequences(1, 0), [0; 0]);
    assert_eq!(sequences(1, u32::MAX), (1..=MAX_PAGE).collect::<Vec<_>>());
    assert_eq!(sequences(33, u32::MAX), (33..=40).collect::<Vec<_>>());
    assert_eq!(data.history([9; 32], 1, 5), []);
    assert_eq!(data.history(SERIES, 7, 1)[0].head, heads[6]);
}

#[ink::test]
fn the_longest_values_fit() {
    let (mut data, heads) = series(1);
    data.countersign(PATIENT, NOW, true, SERIES, 1, heads[0]).unwrap();
    data.countersign(DOCTOR, NOW, true, SERIES, 1, heads[0]).unwrap();
    data.revoke(OWNER, NOW, SERIES, 1, REASON).unwrap();
    data.supersede(OWNER, NOW, true, &new(2, heads[0])).unwrap();
    let longest = data.version(SERIES, 1).unwrap();
    assert!(longest.encoded_size() < 1024);
    // The buffer of 16 KiB that holds what a message takes and gives.
    let page = vec![longest; MAX_PAGE as usize];
    assert!(page.encoded_size() < 15 * 1024);
    let batch = vec![new(1, [0; 32]); MAX_BATCH];
    assert!(batch.encoded_size() < 15 * 1024);
    let proof = vec![[0u8; 32]; assent_merkle::MAX_PROOF_LEN];
    assert!(proof.encoded_size() < 15 * 1024);
}

/// A contract of [`OWNER`].
fn contract() -> Reports {
    call_as(OWNER);
    Reports::new(OTHER, DELAY).unwrap()
}

fn call_as(caller: AccountId) {
    test::set_caller::<DefaultEnvironment>(caller);
}

/// The event that was emitted last.
fn last_event<E: Decode>() -> E {
    let event = test::recorded_events().last().expect("an event");
    E::decode(&mut &event.data[..]).unwrap()
}

#[ink::test]
fn the_shell_starts_empty() {
    let contract = contract();
    assert_eq!(contract.participants(), OTHER);
    assert_eq!(contract.head(SERIES), None);
    assert_eq!(contract.version(SERIES, 1), None);
    assert_eq!(contract.history(SERIES, 1, 32), []);
    assert!(!contract.verify_chunk(SERIES, 1, 0, [0; 32], Vec::new()));
    assert!(!contract.verify_link(SERIES, 1, [0; 32], [0; 32]));
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let state = contract.governance();
    assert_eq!((state.administrator, state.delay, state.paused), (OWNER, DELAY, false));
    assert_eq!(Reports::new(OTHER, MAX_DELAY + 1).err(), Some(GovernanceError::DelayTooLong));
}

#[ink::test]
fn a_pause_stops_all_but_revoking() {
    let mut contract = contract();
    // Comes before the question to the participants contract.
    assert_eq!(contract.anchor_batch(Vec::new()), Err(Error::BatchSize));
    contract.pause().unwrap();
    assert_eq!(last_event::<Paused>(), Paused { by: OWNER });

    call_as(OTHER);
    assert_eq!(contract.anchor(all_wrong(SERIES)), Err(Error::Paused));
    assert_eq!(contract.anchor_batch(Vec::new()), Err(Error::Paused));
    assert_eq!(contract.supersede(all_wrong(SERIES)), Err(Error::Paused));
    assert_eq!(contract.countersign(SERIES, 1, [0; 32]), Err(Error::Paused));
    assert_eq!(contract.revoke(SERIES, 1, REASON), Err(Error::UnknownVersion));
    assert_eq!(contract.unpause(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));

    call_as(OWNER);
    assert_eq!(contract.pause(), Err(GovernanceError::AlreadyPaused));
    contract.unpause().unwrap();
    assert_eq!(last_event::<Unpaused>(), Unpaused { by: OWNER });
    assert_eq!(contract.anchor_batch(Vec::new()), Err(Error::BatchSize));
}

#[ink::test]
fn the_shell_revokes_at_block_time() {
    let mut contract = contract();
    // What `anchor` would write, into the same storage: unit tests cannot ask the participants
    // contract.
    let (mut data, heads) = series(1);
    contract.pause().unwrap();
    test::set_block_timestamp::<DefaultEnvironment>(NOW + 5);
    call_as(OTHER);
    assert_eq!(contract.revoke(SERIES, 1, REASON), Err(Error::NotSeriesOwner));
    call_as(OWNER);
    contract.revoke(SERIES, 1, REASON).unwrap();
    let event = Revoked { series: SERIES, sequence: 1, reason: REASON, at: NOW + 5 };
    assert_eq!(last_event::<Revoked>(), event);
    assert_eq!(data.revoke(OWNER, NOW, SERIES, 1, REASON), Err(Error::AlreadyRevoked));
    assert!(contract.verify_link(SERIES, 1, [0; 32], heads[0]));
    assert_eq!(contract.head(SERIES), contract.version(SERIES, 1));
    assert_eq!(contract.history(SERIES, 1, 1).len(), 1);
}

#[ink::test]
fn the_office_is_handed_over_and_a_code_announced() {
    let mut contract = contract();
    test::set_block_timestamp::<DefaultEnvironment>(NOW);
    contract.propose_handover(OTHER).unwrap();
    let proposed = HandoverProposed { from: OWNER, to: OTHER, not_before: NOW + DELAY };
    assert_eq!(last_event::<HandoverProposed>(), proposed);
    contract.cancel_handover().unwrap();
    assert_eq!(contract.cancel_handover(), Err(GovernanceError::NoHandover));
    contract.propose_handover(OTHER).unwrap();

    call_as(OTHER);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    test::set_block_timestamp::<DefaultEnvironment>(NOW + DELAY);
    contract.accept_handover().unwrap();
    assert_eq!(last_event::<HandoverAccepted>(), HandoverAccepted { from: OWNER, to: OTHER });

    let announced = UpgradeAnnounced { code_hash: [7; 32], not_before: NOW + 2 * DELAY, by: OTHER };
    contract.announce_upgrade([7; 32]).unwrap();
    assert_eq!(last_event::<UpgradeAnnounced>(), announced);
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::TooEarly));
    contract.cancel_upgrade().unwrap();
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
}
