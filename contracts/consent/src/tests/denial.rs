//! Denials: set, replaced, lifted.

use super::*;
use crate::denial::Denial;
use assent_events::consent::{DenialLifted, Denied};

#[ink::test]
fn a_denial_is_set_replaced_and_lifted() {
    let mut data = data();
    assert_eq!(data.denial(OWNER, GRANTEE), None);
    let event = data.deny(OWNER, NOW, GRANTEE, 1, 2).unwrap();
    let expected = Denied { owner: OWNER, requester: GRANTEE, purposes: 1, categories: 2, at: NOW };
    assert_eq!(event, expected);
    assert_eq!(data.denial(OWNER, GRANTEE), Some(Denial { purposes: 1, categories: 2 }));
    assert_eq!(data.denial(GRANTEE, OWNER), None);
    data.deny(OWNER, NOW, GRANTEE, 4, 8).unwrap();
    assert_eq!(data.denial(OWNER, GRANTEE), Some(Denial { purposes: 4, categories: 8 }));

    assert_eq!(data.lift_denial(OWNER, NOW, OTHER), Err(Error::NoDenial));
    assert_eq!(data.lift_denial(GRANTEE, NOW, OWNER), Err(Error::NoDenial));
    let event = data.lift_denial(OWNER, NOW + 1, GRANTEE).unwrap();
    assert_eq!(event, DenialLifted { owner: OWNER, requester: GRANTEE, at: NOW + 1 });
    assert_eq!(data.denial(OWNER, GRANTEE), None);
    assert_eq!(data.lift_denial(OWNER, NOW, GRANTEE), Err(Error::NoDenial));
}

#[ink::test]
fn denials_refuse_in_order() {
    let mut data = data();
    assert_eq!(data.deny(OWNER, NOW, OWNER, 0, 0), Err(Error::SelfDenial));
    assert_eq!(data.deny(OWNER, NOW, GRANTEE, 0, 1), Err(Error::EmptyMask));
    assert_eq!(data.deny(OWNER, NOW, GRANTEE, 1, 0), Err(Error::EmptyMask));
    assert_eq!(data.denial(OWNER, GRANTEE), None);
}

#[ink::test]
fn a_denial_needs_both_the_purpose_and_the_category() {
    let mut data = data();
    granted(&mut data, terms());
    let decide = |data: &Data| data.decide(NOW, BOTH, &request()).decision;
    data.deny(OWNER, NOW, GRANTEE, !TREATMENT, u32::MAX).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(OWNER, NOW, GRANTEE, u32::MAX, !CARDIOLOGY).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(OWNER, NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data), deny(DenyReason::Denied));
    data.lift_denial(OWNER, NOW, GRANTEE).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(OWNER, NOW, OTHER, u32::MAX, u32::MAX).unwrap();
    data.deny(OTHER, NOW, GRANTEE, u32::MAX, u32::MAX).unwrap();
    assert_eq!(decide(&data), Decision::Permit, "those of others");
}
