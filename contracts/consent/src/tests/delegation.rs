//! Delegates: set, removed, and how far they reach.

use super::*;
use crate::delegation::Delegation;
use assent_events::consent::{DelegateRemoved, DelegateSet};

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
    data.revoke_all(OWNER, NOW).unwrap();
    delegated(&mut data, narrow);
    let stored = Delegation { purposes: 4, categories: 8, until: NOW + 1, epoch: 1 };
    assert_eq!(data.delegation(OWNER, DELEGATE), Some(stored));

    assert_eq!(data.remove_delegate(OWNER, OTHER), Err(Error::NoDelegation));
    assert_eq!(data.remove_delegate(DELEGATE, OWNER), Err(Error::NoDelegation));
    // Also one that no longer counts.
    data.revoke_all(OWNER, NOW).unwrap();
    let event = data.remove_delegate(OWNER, DELEGATE).unwrap();
    assert_eq!(event, DelegateRemoved { owner: OWNER, delegate: DELEGATE });
    assert_eq!(data.delegation(OWNER, DELEGATE), None);
    assert_eq!(data.remove_delegate(OWNER, DELEGATE), Err(Error::NoDelegation));
}

#[ink::test]
fn delegations_refuse_in_order() {
    let mut data = data();
    let mut parties = Parties::default();
    let mut scope = Scope { purposes: 0, categories: 1, until: NOW };
    let mut check = |parties, delegate, scope, error| {
        assert_eq!(data.set_delegate(OWNER, NOW, parties, delegate, scope), Err(error));
    };
    check(parties, OWNER, scope, Error::NotDataOwner);
    parties.owner = true;
    check(parties, OWNER, scope, Error::SelfDelegation);
    check(parties, DELEGATE, scope, Error::EmptyMask);
    scope.purposes = 1;
    scope.categories = 0;
    check(parties, DELEGATE, scope, Error::EmptyMask);
    scope.categories = 1;
    check(parties, DELEGATE, scope, Error::InvalidPeriod);
    scope.until = NOW + 1;
    check(parties, DELEGATE, scope, Error::DelegateNotAdmitted);
    parties.delegate = true;
    assert!(data.set_delegate(OWNER, NOW, parties, DELEGATE, scope).is_ok());
}

#[ink::test]
fn a_delegate_grants_within_his_scope() {
    let mut data = data();
    delegated(&mut data, scope());
    let event = data.grant(DELEGATE, NOW, PARTIES, terms()).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, DELEGATE));
    assert_eq!(data.decide(NOW, BOTH, &request()).decision, Decision::Permit);

    let mut check = |terms, parties, error| {
        assert_eq!(data.grant(DELEGATE, NOW, parties, terms), Err(error));
    };
    let unknown = Parties { grantee: false, ..PARTIES };
    check(Terms { purposes: TREATMENT | 4, ..terms() }, unknown, Error::OutOfScope);
    check(Terms { categories: CARDIOLOGY | 4, ..terms() }, unknown, Error::OutOfScope);
    check(Terms { until: NOW + 101, ..terms() }, unknown, Error::OutOfScope);
    check(Terms { grantee: DELEGATE, ..terms() }, unknown, Error::OutOfScope);
    check(terms(), unknown, Error::GranteeNotAdmitted);
    // What is wrong for everybody is told before what is too much for him.
    check(Terms { purposes: 4, max_uses: Some(0), ..terms() }, PARTIES, Error::ZeroUses);
    check(terms(), Parties { delegate: false, ..PARTIES }, Error::NotAuthorized);
    check(Terms { owner: OTHER, ..terms() }, PARTIES, Error::NotAuthorized);
}

#[ink::test]
fn a_delegation_ends() {
    let mut data = data();
    granted(&mut data, terms());
    delegated(&mut data, Scope { until: NOW + 10, ..scope() });
    let short = Terms { until: NOW + 10, ..terms() };
    assert!(data.grant(DELEGATE, NOW + 9, PARTIES, short.clone()).is_ok());
    let long = Terms { until: NOW + 90, ..short };
    assert_eq!(data.grant(DELEGATE, NOW + 10, PARTIES, long), Err(Error::NotAuthorized));
    assert_eq!(data.revoke(DELEGATE, NOW + 10, 1), Err(Error::NotAuthorized));
    let amended = data.amend(DELEGATE, NOW + 10, PARTIES, 1, amendment());
    assert_eq!(amended, Err(Error::NotAuthorized));
    data.remove_delegate(OWNER, DELEGATE).unwrap();
    assert_eq!(data.revoke(DELEGATE, NOW, 1), Err(Error::NotAuthorized));
}

#[ink::test]
fn a_delegate_amends_what_was_and_will_be_in_his_scope() {
    let mut data = data();
    delegated(&mut data, scope());
    granted(&mut data, terms());
    granted(&mut data, Terms { purposes: TREATMENT | 4, ..terms() });
    granted(&mut data, Terms { categories: CARDIOLOGY | 4, ..terms() });
    granted(&mut data, Terms { grantee: DELEGATE, ..terms() });
    let lasting = granted(&mut data, Terms { until: NOW + 900, ..terms() });

    let mut amend = |parties, number, amendment| {
        data.amend(DELEGATE, NOW, parties, number, amendment).map(|event| event.by)
    };
    let unknown = Parties { grantee: false, ..PARTIES };
    assert_eq!(amend(unknown, 2, amendment()), Err(Error::OutOfScope), "old purposes");
    assert_eq!(amend(unknown, 3, amendment()), Err(Error::OutOfScope), "old categories");
    assert_eq!(amend(unknown, 4, amendment()), Err(Error::OutOfScope), "to himself");
    let wider = Amendment { purposes: 4, ..amendment() };
    assert_eq!(amend(unknown, 1, wider), Err(Error::OutOfScope));
    let wider = Amendment { categories: 4, ..amendment() };
    assert_eq!(amend(unknown, 1, wider), Err(Error::OutOfScope));
    let longer = Amendment { until: NOW + 101, ..amendment() };
    assert_eq!(amend(unknown, 1, longer.clone()), Err(Error::OutOfScope));
    assert_eq!(amend(unknown, 1, Amendment { max_uses: Some(0), ..longer }), Err(Error::ZeroUses));
    assert_eq!(amend(unknown, 1, amendment()), Err(Error::GranteeNotAdmitted));
    let suspended = Parties { delegate: false, ..PARTIES };
    assert_eq!(amend(suspended, 1, amendment()), Err(Error::NotAuthorized));
    assert_eq!(amend(PARTIES, 1, amendment()), Ok(DELEGATE));
    // One that outlasts him may be shortened.
    assert_eq!(amend(PARTIES, lasting, amendment()), Ok(DELEGATE));
}

#[ink::test]
fn a_delegate_revokes_what_is_in_his_scope() {
    let mut data = data();
    delegated(&mut data, Scope { until: NOW + 1, ..scope() });
    granted(&mut data, terms());
    granted(&mut data, Terms { purposes: 4, ..terms() });
    granted(&mut data, Terms { categories: 4, ..terms() });
    data.revoke(OWNER, NOW, 2).unwrap();
    assert_eq!(data.revoke(DELEGATE, NOW, 2), Err(Error::OutOfScope), "before AlreadyRevoked");
    assert_eq!(data.revoke(DELEGATE, NOW, 3), Err(Error::OutOfScope));
    // Also a grant that outlasts his delegation.
    let event = data.revoke(DELEGATE, NOW, 1).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, DELEGATE));
    assert_eq!(data.revoke(DELEGATE, NOW, 1), Err(Error::AlreadyRevoked));
}
