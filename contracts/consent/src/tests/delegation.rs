//! Delegates: set, removed, and how far they reach.

use super::*;
use crate::delegation::Delegation;
use assent_events::{
    consent::{DelegateRemoved, DelegateSet},
    power,
};

#[ink::test]
fn a_delegation_is_set_replaced_and_removed() {
    let mut data = data();
    assert_eq!(data.delegation(OWNER, DELEGATE), None);
    let event = data.set_delegate(OWNER, NOW, PARTIES, DELEGATE, scope()).unwrap();
    let Scope { purposes, categories, until } = scope();
    let expected =
        DelegateSet { owner: OWNER, delegate: DELEGATE, purposes, categories, until, epoch: 0 };
    assert_eq!(event, expected);
    let stored = Delegation { purposes, categories, until, epoch: 0 };
    assert_eq!(data.delegation(OWNER, DELEGATE), Some(stored));
    assert_eq!(data.delegation(DELEGATE, OWNER), None);

    let narrow = Scope { purposes: 4, categories: 8, until: NOW + 1 };
    data.revoke_all(own(OWNER), NOW).unwrap();
    delegated(&mut data, narrow);
    let stored = Delegation { purposes: 4, categories: 8, until: NOW + 1, epoch: 1 };
    assert_eq!(data.delegation(OWNER, DELEGATE), Some(stored));

    assert_eq!(data.remove_delegate(own(OWNER), OTHER, false), Err(Error::NoDelegation));
    assert_eq!(data.remove_delegate(own(DELEGATE), OWNER, false), Err(Error::NoDelegation));
    // Also one that no longer counts.
    data.revoke_all(own(OWNER), NOW).unwrap();
    let event = data.remove_delegate(own(OWNER), DELEGATE, false).unwrap();
    assert_eq!(event, DelegateRemoved { owner: OWNER, delegate: DELEGATE, revoked_up_to: None });
    assert_eq!(data.delegation(OWNER, DELEGATE), None);
    assert_eq!(data.remove_delegate(own(OWNER), DELEGATE, false), Err(Error::NoDelegation));
}

#[ink::test]
fn delegations_refuse_in_order() {
    let mut data = data();
    let mut parties = Admission { subject: ONCE, other: ONCE, caller: ONCE, ..CARE };
    let mut scope = Scope { purposes: 0, categories: 1, until: NOW };
    let mut check = |parties, delegate, scope, error| {
        assert_eq!(data.set_delegate(OWNER, NOW, parties, delegate, scope), Err(error));
    };
    check(parties, OWNER, scope, Error::NotDataOwner);
    parties.caller = with(role::DATA_OWNER);
    check(parties, OWNER, scope, Error::SelfDelegation);
    check(parties, DELEGATE, scope, Error::EmptyMask);
    scope.purposes = 1;
    scope.categories = 0;
    check(parties, DELEGATE, scope, Error::EmptyMask);
    scope.categories = 1;
    check(parties, DELEGATE, scope, Error::InvalidPeriod);
    scope.until = NOW + 1;
    check(parties, DELEGATE, scope, Error::DelegateNotAdmitted);
    parties.other = with(role::TRADER);
    assert!(data.set_delegate(OWNER, NOW, parties, DELEGATE, scope).is_ok());
}

#[ink::test]
fn a_delegate_grants_within_his_scope() {
    let mut data = data();
    delegated(&mut data, scope());
    let event = data.given(DELEGATE, NOW, PARTIES, terms()).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, DELEGATE));
    assert_eq!(data.decide(NOW, false, BOTH, &request()).decision, Decision::Permit);

    let mut check = |terms, parties, error| {
        assert_eq!(data.given(DELEGATE, NOW, parties, terms), Err(error));
    };
    let unknown = Admission { other: ONCE, ..PARTIES };
    check(Terms { purposes: TREATMENT | 4, ..terms() }, unknown, Error::OutOfScope);
    check(Terms { categories: CARDIOLOGY | 4, ..terms() }, unknown, Error::OutOfScope);
    check(Terms { until: NOW + 101, ..terms() }, unknown, Error::OutOfScope);
    // Neither to himself nor to one of whose staff he is, whatever he may do there.
    let staff = Agency { powers: power::SIGN, until: u64::MAX, person: None };
    for for_other in [Agency::OWN, staff] {
        check(terms(), Admission { for_other, ..unknown }, Error::OutOfScope);
    }
    check(terms(), unknown, Error::GranteeNotAdmitted);
    // What is wrong for everybody is told before what is too much for him.
    check(Terms { purposes: 4, max_uses: Some(0), ..terms() }, PARTIES, Error::ZeroUses);
    check(terms(), Admission { caller: ONCE, ..PARTIES }, Error::NotAuthorized);
    check(Terms { owner: OTHER, ..terms() }, PARTIES, Error::NotAuthorized);
}

#[ink::test]
fn a_delegation_ends() {
    let mut data = data();
    granted(&mut data, terms());
    delegated(&mut data, Scope { until: NOW + 10, ..scope() });
    let short = Terms { until: NOW + 10, ..terms() };
    assert!(data.given(DELEGATE, NOW + 9, PARTIES, short.clone()).is_ok());
    let long = Terms { until: NOW + 90, ..short };
    assert_eq!(data.given(DELEGATE, NOW + 10, PARTIES, long), Err(Error::NotAuthorized));
    assert_eq!(data.revoke(DELEGATE, NOW + 10, NOTHING, 1), Err(Error::NotAuthorized));
    let amended = data.amend(DELEGATE, NOW + 10, PARTIES, 1, 1, amendment());
    assert_eq!(amended, Err(Error::NotAuthorized));
    data.remove_delegate(own(OWNER), DELEGATE, false).unwrap();
    assert_eq!(data.revoke(DELEGATE, NOW, NOTHING, 1), Err(Error::NotAuthorized));
}

#[ink::test]
fn a_delegate_revokes_what_is_in_his_scope() {
    let mut data = data();
    delegated(&mut data, Scope { until: NOW + 1, ..scope() });
    granted(&mut data, terms());
    granted(&mut data, Terms { purposes: 4, ..terms() });
    granted(&mut data, Terms { categories: 4, ..terms() });
    data.revoke(OWNER, NOW, Agency::OWN, 2).unwrap();
    assert_eq!(
        data.revoke(DELEGATE, NOW, NOTHING, 2),
        Err(Error::OutOfScope),
        "before AlreadyRevoked"
    );
    assert_eq!(data.revoke(DELEGATE, NOW, NOTHING, 3), Err(Error::OutOfScope));
    // Also a grant that outlasts his delegation.
    let event = data.revoke(DELEGATE, NOW, NOTHING, 1).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, DELEGATE));
    assert_eq!(data.revoke(DELEGATE, NOW, NOTHING, 1), Err(Error::AlreadyRevoked));
}

#[ink::test]
fn removing_a_delegate_can_revoke_what_he_gave() {
    let mut data = data();
    delegated(&mut data, scope());
    let his = |data: &mut Data| data.given(DELEGATE, NOW, PARTIES, terms()).unwrap().grant;
    let (first, second) = (his(&mut data), his(&mut data));
    let his_own = granted(&mut data, Terms { purposes: 2, ..terms() });
    let for_other = Terms { owner: OTHER, ..terms() };
    data.set_delegate(OTHER, NOW, PARTIES, DELEGATE, scope()).unwrap();
    let others = data.given(DELEGATE, NOW, PARTIES, for_other).unwrap().grant;
    assert_eq!(data.revoked_up_to(OWNER, DELEGATE), 0);

    let event = data.remove_delegate(own(OWNER), DELEGATE, true).unwrap();
    let revoked_up_to = Some(others);
    assert_eq!(event, DelegateRemoved { owner: OWNER, delegate: DELEGATE, revoked_up_to });
    assert_eq!(data.revoked_up_to(OWNER, DELEGATE), others);
    assert_eq!((data.revoked_up_to(OTHER, DELEGATE), data.revoked_up_to(OWNER, OTHER)), (0, 0));
    for number in [first, second] {
        let named = Request { grant: Some(number), ..request() };
        let verdict = data.decide(NOW, false, BOTH, &named);
        assert_eq!((verdict.decision, verdict.grant), (deny(DenyReason::Revoked), Some(number)));
        assert!(!data.grant_of(number).unwrap().revoked, "by the mark, not alone");
        assert_eq!(data.revoke(OWNER, NOW, Agency::OWN, number), Err(Error::AlreadyRevoked));
        let amended = data.amend(OWNER, NOW, PARTIES, number, 1, amendment());
        assert_eq!(amended, Err(Error::AlreadyRevoked));
    }
    // What the owner gave stays, and so does what the delegate gave for somebody else.
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &research).grant, Some(his_own));
    let elsewhere = Request { owner: OTHER, ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &elsewhere).decision, Decision::Permit);

    // Set again he starts clean: what he gives now counts, and what he gave does not.
    delegated(&mut data, scope());
    assert_eq!(
        data.decide(NOW, false, BOTH, &request()).decision,
        deny(DenyReason::PurposeNotGranted)
    );
    let third = his(&mut data);
    assert_eq!(data.decide(NOW, false, BOTH, &request()).grant, Some(third));
    let named = Request { grant: Some(first), ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &named).decision, deny(DenyReason::Revoked));
    // And removed without it, he leaves what he gave, and what was revoked stays so.
    data.remove_delegate(own(OWNER), DELEGATE, false).unwrap();
    assert_eq!(data.revoked_up_to(OWNER, DELEGATE), others);
    assert_eq!(data.decide(NOW, false, BOTH, &request()).grant, Some(third));
    assert_eq!(data.decide(NOW, false, BOTH, &named).decision, deny(DenyReason::Revoked));
}

#[ink::test]
fn the_mark_is_the_reason_when_nothing_lives() {
    let mut data = data();
    delegated(&mut data, scope());
    data.given(DELEGATE, NOW, PARTIES, terms()).unwrap();
    data.remove_delegate(own(OWNER), DELEGATE, true).unwrap();
    let verdict = data.decide(NOW + 100, false, BOTH, &request());
    // Expired as well by now: revoked comes first.
    assert_eq!((verdict.decision, verdict.grant), (deny(DenyReason::Revoked), Some(1)));
    assert_eq!(data.remove_delegate(own(OWNER), DELEGATE, true), Err(Error::NoDelegation));
}
