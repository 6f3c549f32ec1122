//! The rules of report series.

use crate::data::{Data, NewVersion};
use crate::errors::ReportsError as Error;
use crate::reports::Reports;
use ink::primitives::AccountId;

const OWNER: AccountId = AccountId([1; 32]);
const OTHER: AccountId = AccountId([2; 32]);
const NOW: u64 = 1_800_000_000_000;

fn version(sequence: u32, previous: [u8; 32], digest: [u8; 32]) -> NewVersion {
    NewVersion { series: [5; 32], sequence, previous, digest, byte_length: 1024 }
}

#[ink::test]
fn versions_form_a_chain() {
    let mut data = Data::new();
    assert_eq!(data.head([5; 32]), None);
    let event = data.anchor(OWNER, NOW, true, version(1, [0; 32], [11; 32])).unwrap();
    assert_eq!((event.sequence, event.at), (1, NOW));
    data.anchor(OWNER, NOW + 1, true, version(2, [11; 32], [12; 32])).unwrap();

    let head = data.head([5; 32]).unwrap();
    assert_eq!((head.sequence, head.digest), (2, [12; 32]));
    let first = data.version([5; 32], 1).unwrap();
    assert_eq!((first.digest, first.at, first.owner), ([11; 32], NOW, OWNER));
    assert_eq!(data.version([5; 32], 3), None);
    assert_eq!(data.head([6; 32]), None);
}

#[ink::test]
fn anchoring_refuses_in_order() {
    let mut data = Data::new();
    let empty = NewVersion { byte_length: 0, ..version(7, [1; 32], [1; 32]) };
    assert_eq!(data.anchor(OWNER, NOW, false, empty.clone()), Err(Error::NotAdmitted));
    assert_eq!(data.anchor(OWNER, NOW, true, empty.clone()), Err(Error::EmptyReport));
    for sequence in [0, 2, u32::MAX] {
        assert_eq!(
            data.anchor(OWNER, NOW, true, version(sequence, [1; 32], [1; 32])),
            Err(Error::WrongSequence)
        );
    }
    assert_eq!(
        data.anchor(OWNER, NOW, true, version(1, [1; 32], [1; 32])),
        Err(Error::WrongPrevious)
    );
    data.anchor(OWNER, NOW, true, version(1, [0; 32], [1; 32])).unwrap();
    assert_eq!(data.anchor(OTHER, NOW, true, empty), Err(Error::NotSeriesOwner));
    assert_eq!(
        data.anchor(OWNER, NOW, true, version(1, [0; 32], [1; 32])),
        Err(Error::WrongSequence),
        "a version is anchored once"
    );
    assert_eq!(
        data.anchor(OWNER, NOW, true, version(2, [0; 32], [2; 32])),
        Err(Error::WrongPrevious)
    );
}

#[ink::test]
fn the_shell_knows_its_participants_contract() {
    let contract = Reports::new(OTHER);
    assert_eq!(contract.participants(), OTHER);
    assert_eq!(contract.head([0; 32]), None);
    assert_eq!(contract.version([0; 32], 1), None);
}
