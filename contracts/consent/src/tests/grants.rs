//! Grants: given, amended, revoked, erased, listed.

use super::*;
use crate::grants::{Grant, MAX_BATCH, MAX_GRANTS};
use assent_events::consent::{Amended, Granted, LinkErased, Revoked};
use ink::scale::Encode;

fn stored() -> Grant {
    Grant {
        owner: OWNER,
        grantee: GRANTEE,
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: [7; 32],
        policy: [8; 32],
        version: 1,
        epoch: 0,
        uses: 0,
        revoked: false,
    }
}

#[ink::test]
fn a_grant_is_stored_indexed_and_told() {
    let mut data = data();
    assert_eq!(data.known_grant(1), Err(Error::UnknownGrant));
    let event = data.grant(OWNER, NOW, PARTIES, terms()).unwrap();
    let expected = Granted {
        grant: 1,
        owner: OWNER,
        grantee: GRANTEE,
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: [7; 32],
        policy: [8; 32],
        epoch: 0,
        by: OWNER,
    };
    assert_eq!(event, expected);
    assert_eq!(data.grant_of(1), Some(stored()));
    assert_eq!(data.latest_grant(OWNER, GRANTEE), Some(1));
    assert_eq!(granted(&mut data, Terms { owner: OTHER, ..terms() }), 2);
    assert_eq!(granted(&mut data, terms()), 3);
    assert_eq!(data.latest_grant(OWNER, GRANTEE), Some(3));
    assert_eq!(data.latest_grant(GRANTEE, OWNER), None);
    assert_eq!((data.grant_count(OWNER), data.grant_count(OTHER)), (2, 1));
    assert_eq!(data.grants_of(OWNER, 0, 9), [(1, stored()), (3, stored())]);
}

#[ink::test]
fn grants_refuse_in_order() {
    let mut data = data();
    data.last_grant.set(&u64::MAX);
    // All that can be wrong at once, put right one after the other.
    let mut caller = DELEGATE;
    let mut parties = Parties::default();
    let mut terms = Terms { grantee: OWNER, purposes: 0, until: NOW, max_uses: Some(0), ..terms() };
    let mut check = |caller, parties, terms: &Terms, error| {
        assert_eq!(data.grant(caller, NOW, parties, terms.clone()), Err(error), "{terms:?}");
    };
    check(caller, parties, &terms, Error::NotDataOwner);
    parties.owner = true;
    check(caller, parties, &terms, Error::NotAuthorized);
    caller = OWNER;
    check(caller, parties, &terms, Error::SelfGrant);
    terms.grantee = GRANTEE;
    check(caller, parties, &terms, Error::EmptyMask);
    terms.purposes = 1;
    terms.categories = 0;
    check(caller, parties, &terms, Error::EmptyMask);
    terms.categories = 1;
    check(caller, parties, &terms, Error::InvalidPeriod);
    // A period that is over, and one that ends before it starts.
    terms.from = NOW - 100;
    check(caller, parties, &terms, Error::InvalidPeriod);
    terms.until = NOW + 1;
    terms.from = NOW + 1;
    check(caller, parties, &terms, Error::InvalidPeriod);
    terms.from = NOW;
    check(caller, parties, &terms, Error::ZeroUses);
    terms.max_uses = Some(1);
    check(caller, parties, &terms, Error::GranteeNotAdmitted);
    parties.grantee = true;
    check(caller, parties, &terms, Error::TooMany);

    data.last_grant.set(&0);
    data.counts.insert(OWNER, &u64::MAX);
    assert_eq!(data.grant(caller, NOW, parties, terms.clone()), Err(Error::TooMany));
    assert_eq!(data.latest_grant(OWNER, GRANTEE), None, "nothing was written");
    data.counts.remove(OWNER);
    // The owner needs no admission as a delegate.
    assert_eq!(data.grant(caller, NOW, parties, terms).unwrap().grant, 1);
}

#[ink::test]
fn an_amendment_replaces_the_terms_and_nothing_else() {
    let mut data = data();
    granted(&mut data, terms());
    data.request_access(NOW, BOTH, request()).unwrap();
    let event = data.amend(OWNER, NOW + 5, PARTIES, 1, amendment()).unwrap();
    let expected = Amended {
        grant: 1,
        owner: OWNER,
        version: 2,
        purposes: TREATMENT | 2,
        categories: CARDIOLOGY,
        from: NOW + 1,
        until: NOW + 50,
        max_uses: Some(3),
        policy: [9; 32],
        by: OWNER,
        at: NOW + 5,
    };
    assert_eq!(event, expected);
    let amended = Grant {
        purposes: TREATMENT | 2,
        categories: CARDIOLOGY,
        from: NOW + 1,
        until: NOW + 50,
        max_uses: Some(3),
        policy: [9; 32],
        version: 2,
        uses: 1,
        ..stored()
    };
    assert_eq!(data.grant_of(1), Some(amended));
    assert_eq!((data.grant_count(OWNER), data.latest_grant(OWNER, GRANTEE)), (1, Some(1)));

    // An expired grant may be prolonged, and the limit lifted.
    let longer = Amendment { until: NOW + 500, max_uses: None, ..amendment() };
    assert_eq!(data.amend(OWNER, NOW + 200, PARTIES, 1, longer).unwrap().version, 3);
    assert_eq!(data.decide(NOW + 200, BOTH, &request()).decision, Decision::Permit);
}

#[ink::test]
fn amendments_refuse_in_order() {
    let mut data = data();
    let number = granted(&mut data, terms());
    data.request_access(NOW, BOTH, request()).unwrap();
    let mut grant = data.grant_of(number).unwrap();
    grant.revoked = true;
    grant.version = u32::MAX;
    data.grants.insert(number, &grant);

    let mut parties = Parties::default();
    let mut wrong =
        Amendment { purposes: 0, from: NOW, until: NOW, max_uses: Some(1), ..amendment() };
    let check = |data: &mut Data, caller, parties, wrong: &Amendment, number, error| {
        let refused = data.amend(caller, NOW, parties, number, wrong.clone());
        assert_eq!(refused, Err(error), "{wrong:?}");
    };
    check(&mut data, OTHER, parties, &wrong, 2, Error::UnknownGrant);
    check(&mut data, OTHER, parties, &wrong, 1, Error::NotDataOwner);
    parties.owner = true;
    check(&mut data, OTHER, parties, &wrong, 1, Error::NotAuthorized);
    // The grantee is a stranger too.
    check(&mut data, GRANTEE, parties, &wrong, 1, Error::NotAuthorized);
    check(&mut data, OWNER, parties, &wrong, 1, Error::AlreadyRevoked);
    grant.revoked = false;
    data.grants.insert(number, &grant);
    check(&mut data, OWNER, parties, &wrong, 1, Error::EmptyMask);
    wrong.purposes = 1;
    wrong.categories = 0;
    check(&mut data, OWNER, parties, &wrong, 1, Error::EmptyMask);
    wrong.categories = 1;
    check(&mut data, OWNER, parties, &wrong, 1, Error::InvalidPeriod);
    wrong.from = NOW - 2;
    wrong.until = NOW - 1;
    check(&mut data, OWNER, parties, &wrong, 1, Error::InvalidPeriod);
    wrong.until = NOW + 1;
    // One use was made: one is none.
    check(&mut data, OWNER, parties, &wrong, 1, Error::ZeroUses);
    wrong.max_uses = Some(0);
    check(&mut data, OWNER, parties, &wrong, 1, Error::ZeroUses);
    wrong.max_uses = Some(2);
    check(&mut data, OWNER, parties, &wrong, 1, Error::GranteeNotAdmitted);
    parties.grantee = true;
    check(&mut data, OWNER, parties, &wrong, 1, Error::TooMany);
    assert_eq!(data.grant_of(number), Some(grant), "nothing was written");
}

#[ink::test]
fn an_unused_grant_is_not_amended_to_zero_uses() {
    let mut data = data();
    granted(&mut data, terms());
    let none = Amendment { max_uses: Some(0), ..amendment() };
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, none), Err(Error::ZeroUses));
    let one = Amendment { max_uses: Some(1), ..amendment() };
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, one).unwrap().max_uses, Some(1));
}

#[ink::test]
fn a_grant_is_revoked_once() {
    let mut data = data();
    granted(&mut data, terms());
    assert_eq!(data.revoke(OWNER, NOW, 2), Err(Error::UnknownGrant));
    assert_eq!(data.revoke(GRANTEE, NOW, 1), Err(Error::NotAuthorized));
    let event = data.revoke(OWNER, NOW + 1, 1).unwrap();
    assert_eq!(event, Revoked { grant: 1, owner: OWNER, by: OWNER, at: NOW + 1 });
    assert_eq!(data.grant_of(1), Some(Grant { revoked: true, ..stored() }));
    assert_eq!(data.revoke(OWNER, NOW, 1), Err(Error::AlreadyRevoked));
    let decided = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!((decided.decision, decided.grant), (deny(DenyReason::Revoked), Some(1)));
}

#[ink::test]
fn a_link_is_erased_once_by_its_owner() {
    let mut data = data();
    granted(&mut data, terms());
    delegated(&mut data, scope());
    assert_eq!(data.erase_link(OWNER, 2), Err(Error::UnknownGrant));
    assert_eq!(data.erase_link(GRANTEE, 1), Err(Error::NotAuthorized));
    assert_eq!(data.erase_link(DELEGATE, 1), Err(Error::NotAuthorized));
    assert_eq!(data.erase_link(OWNER, 1).unwrap(), LinkErased { grant: 1, owner: OWNER });
    assert_eq!(data.grant_of(1), Some(Grant { record: [0; 32], ..stored() }));
    assert_eq!(data.erase_link(OWNER, 1), Err(Error::AlreadyErased));
    // An amendment does not bring it back, and the link of a revoked grant is erased all the same.
    data.amend(OWNER, NOW, PARTIES, 1, amendment()).unwrap();
    assert_eq!(data.erase_link(OWNER, 1), Err(Error::AlreadyErased));
    granted(&mut data, terms());
    data.revoke_all(OWNER, NOW).unwrap();
    assert_eq!(data.erase_link(OWNER, 2).unwrap().grant, 2);
    granted(&mut data, Terms { record: [0; 32], ..terms() });
    assert_eq!(data.erase_link(OWNER, 3), Err(Error::AlreadyErased), "there never was one");
}

#[ink::test]
fn pages_of_grants_are_bounded() {
    let mut data = data();
    let limited = Terms { max_uses: Some(u32::MAX), ..terms() };
    for _ in 0..40 {
        granted(&mut data, limited.clone());
        granted(&mut data, Terms { owner: OTHER, ..terms() });
    }
    let numbers = |from, limit| -> Vec<u64> {
        data.grants_of(OWNER, from, limit).into_iter().map(|(number, _)| number).collect()
    };
    let page = data.grants_of(OWNER, 0, u32::MAX);
    assert_eq!(page.len(), MAX_GRANTS as usize);
    assert!(page.encode().len() < 16 * 1024);
    assert_eq!(numbers(0, 3), [1, 3, 5]);
    assert_eq!(numbers(38, 32), [77, 79]);
    assert!(numbers(40, 32).is_empty());
    assert!(numbers(u64::MAX, 32).is_empty());
    assert!(numbers(0, 0).is_empty());
    assert!(data.grants_of(GRANTEE, 0, 32).is_empty());
}

/// A value is read and written with its key through a buffer of 16 KiB, and a batch is read from it.
#[ink::test]
fn values_and_batches_are_small() {
    assert!(Grant { max_uses: Some(1), ..stored() }.encode().len() < 1024);
    let limited = Terms { max_uses: Some(1), ..terms() };
    assert!(vec![limited; MAX_BATCH].encode().len() < 16 * 1024 - 4);
}
