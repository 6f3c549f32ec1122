//! Faults that were once found on a running chain, each with the right answer.

use super::*;
use crate::denial::Denial;
use assent_events::Outcome;

const MENTAL_HEALTH: u32 = 1 << category::MENTAL_HEALTH;
const GENOMICS: u32 = 1 << category::GENOMICS;
const RESEARCH: u32 = 1 << purpose::RESEARCH;

#[ink::test]
fn a_second_grant_does_not_hide_the_first() {
    let mut data = data();
    let first = granted(&mut data, Terms { categories: CARDIOLOGY, ..terms() });
    granted(&mut data, Terms { purposes: RESEARCH, categories: CARDIOLOGY, ..terms() });
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!((event.decision, event.grant), (Decision::Permit, Some(first)));
}

#[ink::test]
fn an_emergency_does_not_wait_for_an_administrator() {
    let mut data = data();
    let window = data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap().window;
    let answer = data.request_access(at(NOW, true, GRANTEE), CARE, request(), unasked).unwrap();
    let Answer::Decided(event) = answer else { panic!("not in the owner's log") };
    assert_eq!((event.decision, event.grant), (Decision::Permit, None));
    assert_eq!(event.window, Some(window));
    assert_eq!(data.log().head(OWNER).sequence, 1);
    // Only windows count in a pause, and only for treatment.
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    let verdict = data.decide(NOW, true, CARE, &research);
    assert_eq!(verdict.decision, deny(DenyReason::Paused));
    let verdict = data.decide(NOW, true, BOTH, &request());
    assert_eq!(verdict.decision, deny(DenyReason::Paused), "no provider");
}

#[ink::test]
fn a_verdict_ends_the_emergency() {
    let mut data = data();
    let window = data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap().window;
    let wanted = Request { category: category::MENTAL_HEALTH, ..request() };
    assert_eq!(asked(&mut data, NOW, CARE, wanted.clone()).decision, Decision::Permit);
    data.review_break_glass(OTHER, NOW, reviewing(OTHER, true), window, Outcome::Unjustified)
        .unwrap();
    let event = asked(&mut data, NOW, CARE, wanted);
    assert_eq!((event.decision, event.window), (deny(DenyReason::NoGrant), None));
    let again = data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]);
    assert_eq!(again, Err(Error::Barred));
}

#[ink::test]
fn the_link_of_a_live_grant_stays() {
    let mut data = data();
    let grant = granted(&mut data, Terms { record: Some(RECORD), ..terms() });
    assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, grant), Err(Error::GrantLive));
    let wanted = Request { record: Some(RECORD), ..request() };
    assert_eq!(asked(&mut data, NOW, CARE, wanted.clone()).decision, Decision::Permit);
    assert_eq!(data.grant_of(grant).unwrap().record, Record::One(RECORD));
    data.revoke(OWNER, NOW, Agency::OWN, grant).unwrap();
    data.erase_link(OWNER, NOW, Agency::OWN, grant).unwrap();
    assert_eq!(data.grant_of(grant).unwrap().record, Record::Erased, "not a zero record");
    assert_eq!(asked(&mut data, NOW, CARE, wanted).decision, deny(DenyReason::Revoked));
}

#[ink::test]
fn a_second_denial_does_not_lift_the_first() {
    let mut data = data();
    data.deny(own(OWNER), NOW, GRANTEE, TREATMENT, MENTAL_HEALTH).unwrap();
    data.deny(own(OWNER), NOW, GRANTEE, RESEARCH, GENOMICS).unwrap();
    let both = [
        Denial { purpose: purpose::TREATMENT, categories: MENTAL_HEALTH, by_guardians: 0 },
        Denial { purpose: purpose::RESEARCH, categories: GENOMICS, by_guardians: 0 },
    ];
    assert_eq!(data.denials(OWNER, GRANTEE), both);
    granted(&mut data, Terms { purposes: u32::MAX, categories: u32::MAX, ..terms() });
    for (purpose, category, decision) in [
        (purpose::TREATMENT, category::MENTAL_HEALTH, deny(DenyReason::Denied)),
        (purpose::RESEARCH, category::GENOMICS, deny(DenyReason::Denied)),
        // Two denials are not the product of their masks.
        (purpose::TREATMENT, category::GENOMICS, Decision::Permit),
        (purpose::RESEARCH, category::MENTAL_HEALTH, Decision::Permit),
    ] {
        let request = Request { purpose, category, ..request() };
        assert_eq!(data.decide(NOW, false, CARE, &request).decision, decision);
    }
}
