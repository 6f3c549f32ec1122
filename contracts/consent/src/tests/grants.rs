//! Grants: given and listed.

use super::*;
use crate::grants::{MAX_BATCH, MAX_GRANTS};
use assent_events::consent::Granted;
use ink::scale::Encode;

#[ink::test]
fn a_grant_is_stored_indexed_and_told() {
    let mut data = data();
    assert_eq!(data.known_grant(1), Err(Error::UnknownGrant));
    let event = data.given(OWNER, NOW, PARTIES, terms()).unwrap();
    let expected = Granted {
        grant: 1,
        owner: OWNER,
        grantee: GRANTEE,
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: None,
        policy: [8; 32],
        epoch: 0,
        by: OWNER,
    };
    assert_eq!(event, expected);
    assert_eq!(data.grant_of(1), Some(stored()));
    assert_eq!(data.latest_grant(OWNER, GRANTEE), Some(1));
    assert_eq!(granted(&mut data, Terms { owner: OTHER, ..terms() }), 2);
    let one = Terms { record: Some(RECORD), ..terms() };
    let event = data.given(OWNER, NOW, PARTIES, one).unwrap();
    assert_eq!((event.grant, event.record), (3, Some(RECORD)));
    assert_eq!(data.latest_grant(OWNER, GRANTEE), Some(3));
    assert_eq!(data.latest_grant(GRANTEE, OWNER), None);
    assert_eq!((data.grant_count(OWNER), data.grant_count(OTHER)), (2, 1));
    assert_eq!(
        data.grants_of(OWNER, 0, 9),
        [(1, stored()), (3, Grant { record: Record::One(RECORD), ..stored() })]
    );
}

#[ink::test]
fn grants_refuse_in_order() {
    let mut data = data();
    data.last_grant.set(&u64::MAX);
    // All that can be wrong at once, put right one after the other.
    let mut caller = DELEGATE;
    let mut parties = Admission { subject: ONCE, other: ONCE, caller: ONCE, ..CARE };
    let mut terms = Terms { grantee: OWNER, purposes: 0, until: NOW, max_uses: Some(0), ..terms() };
    let mut check = |caller, parties, terms: &Terms, error| {
        assert_eq!(data.given(caller, NOW, parties, terms.clone()), Err(error), "{terms:?}");
    };
    check(caller, parties, &terms, Error::NotDataOwner);
    parties.subject = with(role::DATA_OWNER);
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
    parties.other = with(role::RESEARCHER);
    check(caller, parties, &terms, Error::TooMany);

    data.last_grant.set(&0);
    data.counts.insert(OWNER, &u64::MAX);
    assert_eq!(data.given(caller, NOW, parties, terms.clone()), Err(Error::TooMany));
    assert_eq!(data.latest_grant(OWNER, GRANTEE), None, "nothing was written");
    data.counts.remove(OWNER);
    // The owner needs no admission as a delegate.
    assert_eq!(data.given(caller, NOW, parties, terms).unwrap().grant, 1);
}

#[ink::test]
fn pages_of_grants_are_bounded() {
    let mut data = data();
    let limited = Terms { max_uses: Some(u32::MAX), record: Some(RECORD), ..terms() };
    for n in 0..40 {
        let grantee = AccountId([100 + n / 8; 32]);
        granted(&mut data, Terms { grantee, ..limited.clone() });
        granted(&mut data, Terms { grantee, owner: OTHER, ..terms() });
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
    let record = Record::One(RECORD);
    assert!(Grant { max_uses: Some(1), record, ..stored() }.encode().len() < 1024);
    let limited = Terms { max_uses: Some(1), record: Some(RECORD), ..terms() };
    assert!(vec![limited; MAX_BATCH].encode().len() < 16 * 1024 - 4);
}
