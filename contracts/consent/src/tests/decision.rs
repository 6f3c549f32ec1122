//! Decisions on requests.

use super::*;
use crate::log::LogHead;

#[ink::test]
fn a_refusal_gives_the_first_reason_that_holds() {
    let mut data = data();
    // A grant for which every reason holds in turn, first to last.
    let narrow = Terms { purposes: 2, categories: 2, max_uses: Some(1), ..terms() };
    granted(&mut data, narrow);
    data.deny(OWNER, NOW, OTHER, 1, 1).unwrap();
    let asked = Request { purpose: 0, category: 0, ..request() };
    let right = Request { purpose: 1, category: 1, ..request() };
    let stranger = Request { requester: OTHER, grant: Some(1), ..asked.clone() };
    let neither = Admission::default();
    let no_owner = Admission { requester: true, ..neither };
    let decide = |data: &Data, now, admission, request: &Request| {
        let verdict = data.decide(now, admission, request);
        assert_eq!(verdict.window, None);
        (verdict.decision, verdict.grant.map(|(number, _)| number))
    };
    let check = |data: &Data, now, admission, request: &Request, reason, grant| {
        let decided = decide(data, now, admission, request);
        assert_eq!(decided, (deny(reason), grant));
    };
    use DenyReason::*;
    check(&data, 0, neither, &stranger, RequesterNotAdmitted, None);
    check(&data, 0, no_owner, &stranger, OwnerNotAdmitted, None);
    check(&data, 0, BOTH, &stranger, Denied, None);
    data.lift_denial(OWNER, NOW, OTHER).unwrap();
    check(&data, 0, BOTH, &stranger, NoGrant, None);
    let unnamed = Request { grant: None, ..stranger };
    check(&data, 0, BOTH, &unnamed, NoGrant, None);
    let unknown = Request { grant: Some(9), ..asked.clone() };
    check(&data, 0, BOTH, &unknown, NoGrant, None);
    let elsewhere = Request { owner: OTHER, grant: Some(1), ..asked.clone() };
    check(&data, 0, BOTH, &elsewhere, NoGrant, None);
    check(&data, NOW - 1, BOTH, &asked, NotYetValid, Some(1));
    check(&data, NOW + 100, BOTH, &asked, Expired, Some(1));
    check(&data, NOW + 99, BOTH, &asked, PurposeNotGranted, Some(1));
    check(&data, NOW, BOTH, &asked, PurposeNotGranted, Some(1));
    let wrong_category = Request { purpose: 1, ..asked.clone() };
    check(&data, NOW, BOTH, &wrong_category, CategoryNotGranted, Some(1));
    let beyond = Request { purpose: 32, ..right.clone() };
    check(&data, NOW, BOTH, &beyond, PurposeNotGranted, Some(1));
    let beyond = Request { category: u8::MAX, ..right.clone() };
    check(&data, NOW, BOTH, &beyond, CategoryNotGranted, Some(1));
    assert_eq!(decide(&data, NOW, BOTH, &right), (Decision::Permit, Some(1)));
    data.request_access(NOW, BOTH, right.clone()).unwrap();
    check(&data, NOW, BOTH, &right, UsesExhausted, Some(1));
    check(&data, NOW, BOTH, &asked, PurposeNotGranted, Some(1));
    check(&data, NOW, BOTH, &wrong_category, CategoryNotGranted, Some(1));
    data.revoke(OWNER, NOW, 1).unwrap();
    check(&data, NOW - 1, BOTH, &asked, Revoked, Some(1));
    // A denial is told even where there is no grant that it would win over.
    data.deny(OWNER, NOW, GRANTEE, 1, 1).unwrap();
    check(&data, NOW - 1, BOTH, &asked, Denied, None);
}

#[ink::test]
fn a_permit_uses_the_grant_and_a_refusal_does_not() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(2), ..terms() });
    let wrong = Request { purpose: purpose::RESEARCH, ..request() };
    data.request_access(NOW, BOTH, wrong).unwrap();
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    for uses in 1..=2 {
        let decided = data.request_access(NOW, BOTH, request()).unwrap();
        assert_eq!(decided.decision, Decision::Permit);
        assert_eq!((decided.grant, decided.window), (Some(1), None));
        assert_eq!(data.grant_of(1).unwrap().uses, uses);
    }
    let decided = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!(decided.decision, deny(DenyReason::UsesExhausted));
    assert_eq!(data.grant_of(1).unwrap().uses, 2);
    // More uses by an amendment, of which it has made two.
    let more = Amendment { max_uses: Some(3), from: NOW, ..amendment() };
    data.amend(OWNER, NOW, PARTIES, 1, more).unwrap();
    assert_eq!(data.request_access(NOW, BOTH, request()).unwrap().decision, Decision::Permit);
    let decided = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!(decided.decision, deny(DenyReason::UsesExhausted));
}

#[ink::test]
fn the_count_of_an_unlimited_grant_stops_at_its_end() {
    let mut data = data();
    granted(&mut data, terms());
    let mut grant = data.grant_of(1).unwrap();
    grant.uses = u32::MAX;
    data.grants.insert(1, &grant);
    assert_eq!(data.request_access(NOW, BOTH, request()).unwrap().decision, Decision::Permit);
    assert_eq!(data.grant_of(1), Some(grant));
}

#[ink::test]
fn an_older_grant_applies_when_it_is_named() {
    let mut data = data();
    granted(&mut data, terms());
    granted(&mut data, terms());
    data.revoke(OWNER, NOW, 2).unwrap();
    assert_eq!(
        data.decide(NOW, BOTH, &request()).decision,
        deny(DenyReason::Revoked),
        "the latest grant, not the best one"
    );
    let named = Request { grant: Some(1), ..request() };
    assert_eq!(data.decide(NOW, BOTH, &named).decision, Decision::Permit);
}

#[ink::test]
fn an_amendment_counts_from_the_next_request_on() {
    let mut data = data();
    granted(&mut data, terms());
    let other = Amendment { purposes: 2, from: NOW, ..amendment() };
    data.amend(OWNER, NOW, PARTIES, 1, other).unwrap();
    assert_eq!(data.decide(NOW, BOTH, &request()).decision, deny(DenyReason::PurposeNotGranted));
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    assert_eq!(data.decide(NOW, BOTH, &research).decision, Decision::Permit);
}

#[ink::test]
fn requests_beyond_the_masks_are_errors_without_a_trace() {
    let mut data = data();
    let purpose = Request { purpose: 32, category: 32, ..request() };
    let category = Request { category: 32, ..request() };
    assert_eq!(data.request_access(NOW, BOTH, purpose), Err(Error::UnknownPurpose));
    assert_eq!(data.request_access(NOW, BOTH, category), Err(Error::UnknownCategory));
    assert_eq!(data.log().head(OWNER), LogHead::default());
}
