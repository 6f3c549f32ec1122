//! Which of several grants between two applies, how many may live, and what their entry holds.

use super::*;
use crate::grants::{MAX_DELEGATED, MAX_LIVE};
use ink::scale::Encode;

/// What the grants come to now, when none is named.
fn any(data: &Data, now: u64) -> (Decision, Option<u64>) {
    let verdict = data.decide(now, false, BOTH, &request());
    assert_eq!(verdict.window, None);
    (verdict.decision, verdict.grant)
}

#[ink::test]
fn any_live_grant_that_covers_permits() {
    let mut data = data();
    granted(&mut data, terms());
    granted(&mut data, Terms { purposes: 2, ..terms() });
    granted(&mut data, Terms { categories: 4, ..terms() });
    granted(&mut data, Terms { from: NOW + 1, ..terms() });
    granted(&mut data, Terms { record: Some(RECORD), ..terms() });
    assert_eq!(any(&data, NOW), (Decision::Permit, Some(1)));
    granted(&mut data, terms());
    data.revoke(OWNER, NOW, Agency::OWN, 1).unwrap();
    assert_eq!(any(&data, NOW), (Decision::Permit, Some(6)));
}

#[ink::test]
fn one_without_a_limit_is_applied_first_and_else_the_lowest() {
    let mut data = data();
    let limited = Terms { max_uses: Some(2), ..terms() };
    for _ in 0..2 {
        granted(&mut data, limited.clone());
    }
    assert_eq!(any(&data, NOW), (Decision::Permit, Some(1)));
    for _ in 0..2 {
        granted(&mut data, terms());
    }
    // The lowest also of those without, and the limited ones are spared.
    assert_eq!(asked(&mut data, NOW, BOTH, request()).grant, Some(3));
    assert_eq!(data.grant_of(3).unwrap().uses, 1);
    data.revoke(OWNER, NOW, Agency::OWN, 3).unwrap();
    assert_eq!(any(&data, NOW), (Decision::Permit, Some(4)));
    data.revoke(OWNER, NOW, Agency::OWN, 4).unwrap();
    // Used up it is over, and the next one takes its place.
    for number in [1, 1, 2, 2] {
        let event = asked(&mut data, NOW, BOTH, request());
        assert_eq!((event.decision, event.grant), (Decision::Permit, Some(number)));
    }
    // None lives: the reason is the latest's, which was revoked.
    assert_eq!(any(&data, NOW), (deny(DenyReason::Revoked), Some(4)));
}

#[ink::test]
fn the_reason_is_that_of_the_grant_that_came_furthest() {
    let mut data = data();
    use DenyReason::*;
    let far = Terms { until: NOW + 1_000, ..terms() };
    let not_yet = Terms { from: NOW + 500, ..far.clone() };
    let record = Terms { record: Some(RECORD), ..far.clone() };
    let purpose = Terms { purposes: 2, ..far.clone() };
    let category = Terms { categories: 4, ..far };
    granted(&mut data, not_yet.clone());
    granted(&mut data, not_yet.clone());
    assert_eq!(any(&data, NOW), (deny(NotYetValid), Some(1)));
    let first = granted(&mut data, record.clone());
    assert_eq!(any(&data, NOW), (deny(RecordNotGranted), Some(first)));
    let second = granted(&mut data, purpose.clone());
    assert_eq!(any(&data, NOW), (deny(PurposeNotGranted), Some(second)));
    let third = granted(&mut data, category.clone());
    assert_eq!(any(&data, NOW), (deny(CategoryNotGranted), Some(third)));
    // Those that came less far change nothing, nor does another that came as far.
    for terms in [not_yet, record, category] {
        granted(&mut data, terms);
        assert_eq!(any(&data, NOW), (deny(CategoryNotGranted), Some(third)));
    }
    // Nor does one that is over, whatever it would have covered.
    data.revoke(OWNER, NOW, Agency::OWN, third).unwrap();
    granted(&mut data, Terms { until: NOW + 1, ..terms() });
    assert_eq!(any(&data, NOW + 1), (deny(CategoryNotGranted), Some(8)));
    data.revoke(OWNER, NOW, Agency::OWN, 8).unwrap();
    assert_eq!(any(&data, NOW + 1), (deny(PurposeNotGranted), Some(second)));
}

#[ink::test]
fn when_none_lives_the_latest_gives_the_reason() {
    let mut data = data();
    assert_eq!(any(&data, NOW), (deny(DenyReason::NoGrant), None));
    granted(&mut data, Terms { until: NOW + 1, ..terms() });
    granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    data.revoke(OWNER, NOW, Agency::OWN, 1).unwrap();
    asked(&mut data, NOW, BOTH, request());
    assert_eq!(any(&data, NOW), (deny(DenyReason::UsesExhausted), Some(2)));
    // Expired is told before used up, and revoked before both.
    assert_eq!(any(&data, NOW + 100), (deny(DenyReason::Expired), Some(2)));
    data.revoke(OWNER, NOW, Agency::OWN, 2).unwrap();
    assert_eq!(any(&data, NOW + 100), (deny(DenyReason::Revoked), Some(2)));
    granted(&mut data, Terms { until: NOW + 1, ..terms() });
    assert_eq!(any(&data, NOW + 1), (deny(DenyReason::Expired), Some(3)));
    data.revoke_all(own(OWNER), NOW).unwrap();
    assert_eq!(any(&data, NOW + 1), (deny(DenyReason::Revoked), Some(3)));
}

#[ink::test]
fn a_grant_that_is_over_can_be_named_after_it_left_the_entry() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(1), until: NOW + 50, ..terms() });
    asked(&mut data, NOW, BOTH, request());
    granted(&mut data, terms());
    assert!(data.pair(OWNER, GRANTEE).unwrap().find(1).is_none());
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    let named = |now, purpose| {
        let request = Request { grant: Some(1), purpose, ..request() };
        let verdict = data.decide(now, false, BOTH, &request);
        (verdict.decision, verdict.grant)
    };
    let of_first = |reason| (deny(reason), Some(1));
    assert_eq!(named(NOW, purpose::TREATMENT), of_first(DenyReason::UsesExhausted));
    assert_eq!(named(NOW, purpose::RESEARCH), of_first(DenyReason::PurposeNotGranted));
    assert_eq!(named(NOW - 1, purpose::TREATMENT), of_first(DenyReason::NotYetValid));
    assert_eq!(named(NOW + 50, purpose::TREATMENT), of_first(DenyReason::Expired));
}

#[ink::test]
fn at_most_eight_grants_of_a_pair_live() {
    let mut data = data();
    for _ in 0..MAX_LIVE {
        granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    }
    let refused = data.given(OWNER, NOW, PARTIES, terms());
    assert_eq!(refused, Err(Error::TooManyGrants));
    // It is the last check but that of the numbers.
    let unknown = Admission { other: ONCE, ..PARTIES };
    assert_eq!(data.given(OWNER, NOW, unknown, terms()), Err(Error::GranteeNotAdmitted));
    data.last_grant.set(&u64::MAX);
    assert_eq!(data.given(OWNER, NOW, PARTIES, terms()), Err(Error::TooManyGrants));
    data.last_grant.set(&8);
    assert_eq!(data.grant_count(OWNER), 8, "nothing was written");
    // Other pairs are others.
    granted(&mut data, Terms { grantee: OTHER, ..terms() });
    granted(&mut data, Terms { owner: OTHER, ..terms() });

    // Each way in which one ends makes room for one more: revoked, used up, expired.
    let one_more = |data: &mut Data, now| {
        data.given(OWNER, now, PARTIES, Terms { until: now + 100, ..terms() }).unwrap();
    };
    let full = |data: &mut Data, now| {
        let refused = data.given(OWNER, now, PARTIES, Terms { until: now + 100, ..terms() });
        assert_eq!(refused, Err(Error::TooManyGrants));
    };
    data.revoke(OWNER, NOW, Agency::OWN, 3).unwrap();
    one_more(&mut data, NOW);
    full(&mut data, NOW);
    let fourth = Request { grant: Some(4), ..request() };
    assert_eq!(asked(&mut data, NOW, BOTH, fourth).decision, Decision::Permit);
    one_more(&mut data, NOW + 99);
    full(&mut data, NOW + 99);
    // All but that one.
    for _ in 1..MAX_LIVE {
        one_more(&mut data, NOW + 100);
    }
    full(&mut data, NOW + 100);
}

#[ink::test]
fn all_of_an_earlier_epoch_make_room() {
    let mut data = data();
    for _ in 0..MAX_LIVE {
        granted(&mut data, terms());
    }
    asked(&mut data, NOW, BOTH, request());
    data.revoke_all(own(OWNER), NOW).unwrap();
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    for _ in 0..MAX_LIVE {
        granted(&mut data, terms());
    }
    assert_eq!(data.given(OWNER, NOW, PARTIES, terms()), Err(Error::TooManyGrants));
    assert_eq!(data.grant_of(1).unwrap().uses, 1, "written back");
    assert_eq!(any(&data, NOW), (Decision::Permit, Some(9)));
}

#[ink::test]
fn delegates_fill_at_most_a_half() {
    let mut data = data();
    for delegate in [DELEGATE, OTHER] {
        data.set_delegate(OWNER, NOW, PARTIES, delegate, scope()).unwrap();
    }
    let by = |data: &mut Data, delegate| {
        data.given(delegate, NOW, PARTIES, terms()).map(|event| event.grant)
    };
    // All delegates together.
    for n in 0..MAX_DELEGATED {
        by(&mut data, if n % 2 == 0 { DELEGATE } else { OTHER }).unwrap();
    }
    for delegate in [DELEGATE, OTHER] {
        assert_eq!(by(&mut data, delegate), Err(Error::TooManyGrants));
    }
    // The rest is the owner's, and he may fill it all.
    for _ in 0..MAX_LIVE - MAX_DELEGATED {
        granted(&mut data, terms());
    }
    assert_eq!(by(&mut data, OWNER), Err(Error::TooManyGrants));
    data.revoke(OWNER, NOW, Agency::OWN, 5).unwrap();
    assert_eq!(by(&mut data, DELEGATE), Err(Error::TooManyGrants), "room, but not for him");
    data.revoke(OWNER, NOW, Agency::OWN, 1).unwrap();
    assert!(by(&mut data, DELEGATE).is_ok());
    // What was revoked with one's delegation is over.
    data.remove_delegate(own(OWNER), OTHER, true).unwrap();
    assert!(by(&mut data, DELEGATE).is_ok());
}

#[ink::test]
fn a_permit_writes_the_entry_and_not_the_grant() {
    let mut data = data();
    granted(&mut data, terms());
    asked(&mut data, NOW, BOTH, request());
    assert_eq!(data.grants.get(1).unwrap().uses, 0);
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    assert_eq!(data.grants_of(OWNER, 0, 1)[0].1.uses, 1);
    // An amendment keeps what was counted.
    data.amend(OWNER, NOW, PARTIES, 1, 1, Amendment { from: NOW, ..amendment() }).unwrap();
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    asked(&mut data, NOW, BOTH, request());
    assert_eq!(data.grant_of(1).unwrap().uses, 2);
}

/// It is read and written with its key through a buffer of 16 KiB, on every request.
#[ink::test]
fn the_fullest_entry_is_small() {
    let mut data = data();
    delegated(&mut data, scope());
    let largest = Terms { max_uses: Some(1), record: Some(RECORD), ..terms() };
    for _ in 0..MAX_DELEGATED {
        data.given(DELEGATE, NOW, PARTIES, largest.clone()).unwrap();
    }
    for _ in MAX_DELEGATED..MAX_LIVE {
        granted(&mut data, largest.clone());
    }
    let pair = data.pair(OWNER, GRANTEE).unwrap();
    assert_eq!(pair.live.len(), MAX_LIVE);
    assert!(pair.encode().len() < 1024);
}

#[ink::test]
fn those_that_live_are_listed_by_number() {
    let mut data = data();
    for _ in 0..5 {
        granted(&mut data, terms());
    }
    // Not yet valid, it lives.
    granted(&mut data, Terms { from: NOW + 90, ..terms() });
    let used_up = granted(&mut data, Terms { max_uses: Some(1), purposes: 2, ..terms() });
    let ends = granted(&mut data, Terms { until: NOW + 10, ..terms() });
    assert_eq!((used_up, ends), (7, 8));
    granted(&mut data, Terms { grantee: OTHER, ..terms() });
    data.revoke(OWNER, NOW, Agency::OWN, 2).unwrap();
    let research = Request { purpose: 1, ..request() };
    assert_eq!(asked(&mut data, NOW, BOTH, research).grant, Some(used_up));
    let listed = |data: &Data, now| -> Vec<u64> {
        let live = data.live_grants(now, OWNER, GRANTEE, unanswered);
        for (number, grant) in &live {
            assert_eq!(data.grant_of(*number).as_ref(), Some(grant));
        }
        live.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(listed(&data, NOW), [1, 3, 4, 5, 6, ends]);
    assert_eq!(listed(&data, NOW + 10), [1, 3, 4, 5, 6]);
    data.revoke_all(own(OWNER), NOW).unwrap();
    assert!(listed(&data, NOW).is_empty());
    assert!(data.live_grants(NOW, GRANTEE, OWNER, unanswered).is_empty());
}
