//! Decisions on requests.

use super::*;
use crate::log::LogHead;

#[ink::test]
fn a_refusal_gives_the_first_reason_that_holds() {
    let mut data = data();
    // A grant for which every reason holds in turn, first to last.
    let record = Some(RECORD);
    let narrow = Terms { purposes: 2, categories: 2, max_uses: Some(1), record, ..terms() };
    granted(&mut data, narrow);
    data.deny(own(OWNER), NOW, OTHER, 1, 1).unwrap();
    let wrong = Request { purpose: 0, category: 0, grant: Some(1), ..request() };
    let right = Request { purpose: 1, category: 1, record, ..wrong.clone() };
    let stranger = Request { requester: OTHER, grant: Some(1), ..wrong.clone() };
    let neither = Admission { subject: ONCE, other: ONCE, caller: ONCE, ..CARE };
    let no_owner = Admission { subject: ONCE, ..BOTH };
    // A data owner and a trader, neither of whom may ask.
    let no_requester = Admission { other: with(!crate::grants::GRANTEES), ..BOTH };
    let decide = |data: &Data, now, admission, request: &Request| {
        let verdict = data.decide(now, false, admission, request);
        assert_eq!(verdict.window, None);
        (verdict.decision, verdict.grant)
    };
    let check = |data: &Data, now, admission, request: &Request, reason, grant| {
        let decided = decide(data, now, admission, request);
        assert_eq!(decided, (deny(reason), grant));
    };
    use DenyReason::*;
    check(&data, 0, neither, &stranger, RequesterNotAdmitted, None);
    check(&data, 0, no_requester, &stranger, RequesterNotAdmitted, None);
    check(&data, 0, no_owner, &stranger, OwnerNotAdmitted, None);
    check(&data, 0, BOTH, &stranger, Denied, None);
    data.lift_denial(own(OWNER), NOW, OTHER, 1, 1).unwrap();
    check(&data, 0, BOTH, &stranger, NoGrant, None);
    let unnamed = Request { grant: None, ..stranger };
    check(&data, 0, BOTH, &unnamed, NoGrant, None);
    let unknown = Request { grant: Some(9), ..wrong.clone() };
    check(&data, 0, BOTH, &unknown, NoGrant, None);
    let elsewhere = Request { owner: OTHER, grant: Some(1), ..wrong.clone() };
    check(&data, 0, BOTH, &elsewhere, NoGrant, None);
    check(&data, NOW - 1, BOTH, &wrong, NotYetValid, Some(1));
    check(&data, NOW + 100, BOTH, &wrong, Expired, Some(1));
    check(&data, NOW + 99, BOTH, &wrong, RecordNotGranted, Some(1));
    let wrong_record = Request { record: Some([6; 32]), ..wrong.clone() };
    check(&data, NOW, BOTH, &wrong_record, RecordNotGranted, Some(1));
    let wrong_purpose = Request { record, ..wrong.clone() };
    check(&data, NOW, BOTH, &wrong_purpose, PurposeNotGranted, Some(1));
    let wrong_category = Request { purpose: 1, ..wrong_purpose.clone() };
    check(&data, NOW, BOTH, &wrong_category, CategoryNotGranted, Some(1));
    let beyond = Request { purpose: 32, ..right.clone() };
    check(&data, NOW, BOTH, &beyond, PurposeNotGranted, Some(1));
    let beyond = Request { category: u8::MAX, ..right.clone() };
    check(&data, NOW, BOTH, &beyond, CategoryNotGranted, Some(1));
    assert_eq!(decide(&data, NOW, BOTH, &right), (Decision::Permit, Some(1)));
    asked(&mut data, NOW, BOTH, right.clone());
    check(&data, NOW, BOTH, &right, UsesExhausted, Some(1));
    check(&data, NOW, BOTH, &wrong, RecordNotGranted, Some(1));
    check(&data, NOW, BOTH, &wrong_purpose, PurposeNotGranted, Some(1));
    check(&data, NOW, BOTH, &wrong_category, CategoryNotGranted, Some(1));
    data.revoke(OWNER, NOW, Agency::OWN, 1).unwrap();
    check(&data, NOW - 1, BOTH, &wrong, Revoked, Some(1));
    // A denial is told even where there is no grant that it would win over.
    data.deny(own(OWNER), NOW, GRANTEE, 1, 1).unwrap();
    check(&data, NOW - 1, BOTH, &wrong, Denied, None);
}

#[ink::test]
fn a_permit_uses_the_grant_and_a_refusal_does_not() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(2), ..terms() });
    let wrong = Request { purpose: purpose::RESEARCH, ..request() };
    asked(&mut data, NOW, BOTH, wrong);
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    for uses in 1..=2 {
        let decided = asked(&mut data, NOW, BOTH, request());
        assert_eq!(decided.decision, Decision::Permit);
        assert_eq!((decided.grant, decided.window), (Some(1), None));
        assert_eq!(data.grant_of(1).unwrap().uses, uses);
    }
    let decided = asked(&mut data, NOW, BOTH, request());
    assert_eq!(decided.decision, deny(DenyReason::UsesExhausted));
    assert_eq!(data.grant_of(1).unwrap().uses, 2);
    // Used up is over: no amendment revives it.
    let more = Amendment { max_uses: Some(3), from: NOW, ..amendment() };
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 1, more), Err(Error::GrantOver));
}

#[ink::test]
fn more_uses_by_an_amendment_count_those_that_were_made() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(2), ..terms() });
    asked(&mut data, NOW, BOTH, request());
    let more = Amendment { max_uses: Some(3), from: NOW, ..amendment() };
    data.amend(OWNER, NOW, PARTIES, 1, 1, more).unwrap();
    for decision in [Decision::Permit, Decision::Permit, deny(DenyReason::UsesExhausted)] {
        assert_eq!(asked(&mut data, NOW, BOTH, request()).decision, decision);
    }
    assert_eq!(data.grant_of(1).unwrap().uses, 3);
}

#[ink::test]
fn the_count_of_an_unlimited_grant_stops_at_its_end() {
    let mut data = data();
    granted(&mut data, terms());
    let mut pair = data.pair(OWNER, GRANTEE).unwrap();
    pair.live[0].uses = u32::MAX;
    data.pairs.insert((OWNER, GRANTEE), &pair);
    assert_eq!(asked(&mut data, NOW, BOTH, request()).decision, Decision::Permit);
    assert_eq!(data.grant_of(1).unwrap().uses, u32::MAX);
    assert_eq!(data.pair(OWNER, GRANTEE), Some(pair));
}

#[ink::test]
fn an_amendment_counts_from_the_next_request_on() {
    let mut data = data();
    granted(&mut data, terms());
    let other = Amendment { purposes: 2, from: NOW, ..amendment() };
    data.amend(OWNER, NOW, PARTIES, 1, 1, other).unwrap();
    assert_eq!(
        data.decide(NOW, false, BOTH, &request()).decision,
        deny(DenyReason::PurposeNotGranted)
    );
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &research).decision, Decision::Permit);
}

#[ink::test]
fn requests_beyond_the_masks_are_errors_without_a_trace() {
    let mut data = data();
    let purpose = Request { purpose: 32, category: 32, ..request() };
    let category = Request { category: 32, ..request() };
    assert_eq!(
        data.request_access(at(NOW, false, purpose.requester), BOTH, purpose, unasked),
        Err(Error::UnknownPurpose)
    );
    assert_eq!(
        data.request_access(at(NOW, false, category.requester), BOTH, category, unasked),
        Err(Error::UnknownCategory)
    );
    assert_eq!(data.log().head(OWNER), LogHead::default());
}

#[ink::test]
fn a_request_asks_for_one_record_or_for_none_in_particular() {
    let mut data = data();
    granted(&mut data, Terms { record: Some(RECORD), ..terms() });
    let decide = |data: &Data, record| {
        data.decide(NOW, false, BOTH, &Request { record, ..request() }).decision
    };
    assert_eq!(decide(&data, Some(RECORD)), Decision::Permit);
    assert_eq!(decide(&data, Some([6; 32])), deny(DenyReason::RecordNotGranted));
    assert_eq!(decide(&data, None), deny(DenyReason::RecordNotGranted));
    // The zero record is one as any other.
    assert_eq!(decide(&data, Some([0; 32])), deny(DenyReason::RecordNotGranted));
    granted(&mut data, terms());
    for record in [None, Some(RECORD), Some([6; 32]), Some([0; 32])] {
        assert_eq!(decide(&data, record), Decision::Permit);
    }
    let event = asked(&mut data, NOW, BOTH, Request { record: Some([6; 32]), ..request() });
    assert_eq!((event.record, event.grant), (Some([6; 32]), Some(2)));
}

#[ink::test]
fn in_a_pause_no_grant_counts() {
    let mut data = data();
    granted(&mut data, terms());
    let decide = |data: &Data, admission, request: &Request| {
        let verdict = data.decide(NOW, true, admission, request);
        (verdict.decision, verdict.grant, verdict.window)
    };
    let paused = (deny(DenyReason::Paused), None, None);
    assert_eq!(decide(&data, CARE, &request()), paused);
    let named = Request { grant: Some(1), ..request() };
    assert_eq!(decide(&data, CARE, &named), paused);
    let elsewhere = Request { owner: OTHER, ..request() };
    assert_eq!(decide(&data, CARE, &elsewhere), paused, "also where there is none");
    // It is on record, and uses nothing.
    let answer = data.request_access(at(NOW, true, GRANTEE), CARE, request(), unasked).unwrap();
    let Answer::Decided(event) = answer else { panic!("not in the owner's log") };
    assert_eq!((event.decision, event.sequence), (deny(DenyReason::Paused), 1));
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    // What comes before the grants is told before the pause.
    let once = Admission { other: ONCE, ..CARE };
    assert_eq!(decide(&data, once, &request()).0, deny(DenyReason::RequesterNotAdmitted));
    let no_owner = Admission { subject: ONCE, ..CARE };
    assert_eq!(decide(&data, no_owner, &request()).0, deny(DenyReason::OwnerNotAdmitted));
    data.deny(own(OWNER), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data, CARE, &request()).0, deny(DenyReason::Denied));
}
