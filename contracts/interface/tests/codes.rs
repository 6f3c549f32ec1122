//! Codes keep the numbers that are encoded and the names that are spelled elsewhere.

use std::collections::BTreeSet;

use assent_interface::{
    category, mask_of, purpose, role, Contract, Decision, DenyReason, OrderStatus, Outcome, Party,
    SanctionReason, Status, MASK_BITS,
};
use parity_scale_codec::{Decode, Encode};

/// Checks that the codes are encoded by their place, and that names lead back to them.
macro_rules! spelled {
    ($code:ident: $($name:literal)+) => {
        assert_eq!($code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>(), [$($name),+]);
        for (index, code) in (0u8..).zip($code::ALL) {
            assert_eq!(code.encode(), [index], "{code:?}");
            assert_eq!($code::decode(&mut &[index][..]), Ok(*code));
            assert_eq!($code::from_name(code.as_str()), Some(*code));
            assert_eq!(code.to_string(), code.as_str());
        }
        assert!($code::decode(&mut &[$code::ALL.len() as u8][..]).is_err());
        assert_eq!($code::from_name("something else"), None);
    };
}

#[test]
fn codes_are_encoded_by_their_place_and_have_these_names() {
    spelled!(DenyReason:
        "RequesterNotAdmitted" "OwnerNotAdmitted" "Denied" "NoGrant" "Revoked" "NotYetValid"
        "Expired" "PurposeNotGranted" "CategoryNotGranted" "UsesExhausted" "RecordNotGranted"
        "Paused" "Unfunded"
    );
    spelled!(Outcome: "justified" "unjustified");
    spelled!(SanctionReason: "unjustified" "unreviewed");
    spelled!(Party: "patient" "doctor");
    spelled!(Status: "pending" "active" "suspended");
    spelled!(OrderStatus: "open" "filled" "cancelled" "expired");
}

#[test]
fn a_decision_is_a_permit_or_a_reason() {
    assert_eq!(Decision::Permit.encode(), [0]);
    for (index, reason) in (0u8..).zip(DenyReason::ALL) {
        assert_eq!(Decision::Deny(*reason).encode(), [1, index]);
    }
}

#[test]
fn numbers_of_one_kind_have_names_of_their_own() {
    let names = role::NAMES.iter().map(|(_, name)| *name);
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 9);
    for (at, (bit, name)) in (0..).zip(role::NAMES) {
        assert_eq!(
            (*bit, role::name(*bit), role::from_name(name)),
            (1 << at, Some(*name), Some(*bit))
        );
    }
    for (at, (index, name)) in (0..).zip(purpose::NAMES) {
        assert_eq!(
            (*index, purpose::name(at), purpose::from_name(name)),
            (at, Some(*name), Some(at))
        );
    }
    for (at, (index, name)) in (0..).zip(category::NAMES) {
        let found = (category::name(at), category::from_name(name));
        assert_eq!((*index, found), (at, (Some(*name), Some(at))));
    }
    assert_eq!(role::NAMES.iter().fold(0, |mask, (bit, _)| mask | bit), role::ALL);
    assert_eq!((role::name(0x200), role::from_name("Regulator")), (None, None));
    assert_eq!((purpose::name(4), category::name(7)), (None, None));
}

#[test]
fn a_mask_has_room_for_32() {
    assert_eq!((mask_of(0), mask_of(3), mask_of(MASK_BITS - 1)), (1, 8, 1 << 31));
    assert_eq!((mask_of(MASK_BITS), mask_of(u8::MAX)), (0, 0));
}

#[test]
fn contracts_have_names() {
    assert_eq!(Contract::ALL.map(Contract::name), Contract::NAMES);
    for contract in Contract::ALL {
        assert_eq!(Contract::from_name(contract.name()), Some(contract));
        assert_eq!(format!("{contract:<13}|"), format!("{:<13}|", contract.name()));
    }
    assert_eq!(Contract::from_name("Consent"), None);
}
