//! Denials: added up, narrowed, lifted.

use super::*;
use crate::denial::Denial;
use crate::guardians::Said;
use assent_events::consent::{DenialLifted, Denied};

fn denial(purpose: u8, categories: u32) -> Denial {
    Denial { purpose, categories, by_guardians: 0 }
}

#[ink::test]
fn denials_add_up() {
    let mut data = data();
    assert_eq!(data.denials(OWNER, GRANTEE), []);
    let event = data.deny(own(OWNER), NOW, GRANTEE, 1 << 4, 2).unwrap();
    let expected =
        Denied { owner: OWNER, requester: GRANTEE, purposes: 1 << 4, categories: 2, at: NOW };
    assert_eq!(event, Said::Owner(expected));
    assert_eq!(data.denials(OWNER, GRANTEE), [denial(4, 2)]);
    assert_eq!(data.denials(GRANTEE, OWNER), []);
    // The event is what was added, the list is all there is, by purpose.
    let event = data.deny(own(OWNER), NOW, GRANTEE, 1 | 1 << 4 | 1 << 31, 9).unwrap();
    let Said::Owner(event) = event else { panic!("by the owner himself") };
    assert_eq!((event.purposes, event.categories), (1 | 1 << 4 | 1 << 31, 9));
    let all = [denial(0, 9), denial(4, 11), denial(31, 9)];
    assert_eq!(data.denials(OWNER, GRANTEE), all);
    data.deny(own(OWNER), NOW, GRANTEE, 1 << 4, 3).unwrap();
    assert_eq!(data.denials(OWNER, GRANTEE), all, "denied already");
    data.deny(own(OWNER), NOW, OTHER, 1, 1).unwrap();
    assert_eq!(data.denials(OWNER, GRANTEE), all);
}

#[ink::test]
fn only_lifting_narrows_and_says_what_is_left() {
    let mut data = data();
    data.deny(own(OWNER), NOW, GRANTEE, 1 | 2, 1 | 2).unwrap();
    let (event, left) = data.lift_denial(own(OWNER), NOW + 1, GRANTEE, 1 | 4, 2 | 8).unwrap();
    let expected = DenialLifted {
        owner: OWNER,
        requester: GRANTEE,
        purposes: 1 | 4,
        categories: 2 | 8,
        at: NOW + 1,
    };
    assert_eq!(event, Said::Owner(expected));
    assert_eq!(left, [denial(0, 1), denial(1, 3)]);
    assert_eq!(data.denials(OWNER, GRANTEE), left);
    // A purpose of which nothing is left is not in the list.
    let (_, left) = data.lift_denial(own(OWNER), NOW, GRANTEE, 1, u32::MAX).unwrap();
    assert_eq!(left, [denial(1, 3)]);
    let (_, left) = data.lift_denial(own(OWNER), NOW, GRANTEE, u32::MAX, u32::MAX).unwrap();
    assert_eq!(left, []);
    assert!(!data.denials.contains((OWNER, GRANTEE)), "nothing is kept");
}

#[ink::test]
fn denials_refuse_in_order() {
    let mut data = data();
    assert_eq!(data.deny(own(OWNER), NOW, OWNER, 0, 0), Err(Error::SelfDenial));
    assert_eq!(data.deny(own(OWNER), NOW, GRANTEE, 0, 1), Err(Error::EmptyMask));
    assert_eq!(data.deny(own(OWNER), NOW, GRANTEE, 1, 0), Err(Error::EmptyMask));
    assert_eq!(data.denials(OWNER, GRANTEE), []);
}

#[ink::test]
fn liftings_refuse_in_order() {
    let mut data = data();
    let mut refused = |caller, requester, purposes, categories| {
        data.lift_denial(own(caller), NOW, requester, purposes, categories).unwrap_err()
    };
    assert_eq!(refused(OWNER, GRANTEE, 0, 1), Error::EmptyMask);
    assert_eq!(refused(OWNER, GRANTEE, 1, 0), Error::EmptyMask);
    assert_eq!(refused(OWNER, GRANTEE, 1, 1), Error::NoDenial);
    data.deny(own(OWNER), NOW, GRANTEE, 1 | 2, 4).unwrap();
    data.deny(own(OWNER), NOW, GRANTEE, 4, 8).unwrap();
    let mut refused = |caller, requester, purposes, categories| {
        data.lift_denial(own(caller), NOW, requester, purposes, categories).unwrap_err()
    };
    assert_eq!(refused(OWNER, OTHER, 1, 4), Error::NoDenial);
    assert_eq!(refused(GRANTEE, OWNER, 1, 4), Error::NoDenial);
    // Neither the purpose alone nor the category alone, nor one of each that do not go together.
    assert_eq!(refused(OWNER, GRANTEE, 1, !4), Error::NoDenial);
    assert_eq!(refused(OWNER, GRANTEE, !7, u32::MAX), Error::NoDenial);
    assert_eq!(refused(OWNER, GRANTEE, 4, 4), Error::NoDenial);
    assert_eq!(data.denials(OWNER, GRANTEE), [denial(0, 4), denial(1, 4), denial(2, 8)]);
}

#[ink::test]
fn a_denial_needs_both_the_purpose_and_the_category() {
    let mut data = data();
    granted(&mut data, terms());
    let decide = |data: &Data| data.decide(NOW, false, BOTH, &request()).decision;
    data.deny(own(OWNER), NOW, GRANTEE, !TREATMENT, u32::MAX).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(own(OWNER), NOW, GRANTEE, u32::MAX, !CARDIOLOGY).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(own(OWNER), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data), deny(DenyReason::Denied));
    data.lift_denial(own(OWNER), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data), Decision::Permit);
    data.deny(own(OWNER), NOW, OTHER, u32::MAX, u32::MAX).unwrap();
    data.deny(own(OTHER), NOW, GRANTEE, u32::MAX, u32::MAX).unwrap();
    assert_eq!(decide(&data), Decision::Permit, "those of others");
}
