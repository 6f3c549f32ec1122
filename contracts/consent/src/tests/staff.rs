//! What an organisation's staff may do for it.

use super::*;
use crate::log::LogHead;
use assent_events::{power, Outcome};

const HOSPITAL: AccountId = GRANTEE;
const PATIENT: AccountId = OWNER;
const NURSE: AccountId = AccountId([8; 32]);
const PERSON: Hash = [0x50; 32];

/// The caller acts for the hospital with these powers, and has no roles of his own.
fn acting(powers: u16) -> Admission {
    let for_other = Agency { powers, until: u64::MAX, person: Some(PERSON) };
    Admission { caller: Standing::default(), for_other, ..CARE }
}

#[ink::test]
fn a_member_asks_for_its_organisation() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(2), ..terms() });
    let may = acting(power::ASK);
    let answer = data.request_access(at(NOW, false, NURSE), may, request(), free).unwrap();
    let Answer::Decided(event) = answer else { panic!("not in the owner's log") };
    assert_eq!((event.decision, event.grant), (Decision::Permit, Some(1)));
    assert_eq!((event.requester, event.by, event.person), (HOSPITAL, NURSE, Some(PERSON)));
    let entry = &data.log().page(PATIENT, 1, 1)[0];
    assert_eq!((entry.requester, entry.by, entry.person), (HOSPITAL, NURSE, Some(PERSON)));
    // The content covers the key and the person: byte by byte, after owner and requester.
    let mut bytes = vec![];
    bytes.extend(DOMAIN);
    bytes.extend([[1; 32], [2; 32], [8; 32]].concat());
    bytes.extend([1]);
    bytes.extend(PERSON);
    bytes.extend([1u64.to_le_bytes(), 1u64.to_le_bytes()].concat());
    bytes.extend([purpose::TREATMENT, category::CARDIOLOGY, 0, 1]);
    bytes.extend(1u64.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(NOW.to_le_bytes());
    let mut content = [0; 32];
    use ink::env::hash::{Blake2x256, CryptoHash};
    Blake2x256::hash(&bytes, &mut content);
    assert_eq!(event.content, content);
    // Its own key asks as before, and names nobody.
    let own = asked(&mut data, NOW, CARE, request());
    assert_eq!((own.by, own.person), (HOSPITAL, None));
    assert_eq!(data.grant_of(1).unwrap().uses, 2, "it uses the organisation's grant");
}

#[ink::test]
fn who_may_not_ask_leaves_no_trace() {
    let mut data = data();
    granted(&mut data, terms());
    let nobody = Admission { other: Standing::default(), ..acting(0) };
    for admission in [acting(power::ALL & !power::ASK), acting(0), nobody] {
        let refused = data.request_access(at(NOW, false, NURSE), admission, request(), unasked);
        assert_eq!(refused, Err(Error::NotAuthorized));
    }
    // Told after what makes no sense, and before that no numbers are left.
    let nonsense = Request { purpose: 32, ..request() };
    let refused = data.request_access(at(NOW, false, NURSE), acting(0), nonsense, unasked);
    assert_eq!(refused, Err(Error::UnknownPurpose));
    data.log.set_ends(u64::MAX, PATIENT, &LogHead::default());
    let refused = data.request_access(at(NOW, false, NURSE), acting(0), request(), unasked);
    assert_eq!(refused, Err(Error::NotAuthorized));
    assert_eq!(data.log().refusals(), LogHead::default());
}

#[ink::test]
fn a_patient_denies_one_of_the_staff_alone() {
    let mut data = data();
    granted(&mut data, terms());
    data.deny(own(PATIENT), NOW, NURSE, TREATMENT, CARDIOLOGY).unwrap();
    let may = acting(power::ALL);
    let ask = |data: &mut Data, caller, admission, request| match data.request_access(
        at(NOW, false, caller),
        admission,
        request,
        free,
    ) {
        Ok(Answer::Decided(event)) => event.decision,
        other => panic!("not in the owner's log: {other:?}"),
    };
    assert_eq!(ask(&mut data, NURSE, may, request()), deny(DenyReason::Denied));
    let elsewhere = Request { requester: OTHER, ..request() };
    assert_eq!(ask(&mut data, NURSE, may, elsewhere), deny(DenyReason::Denied));
    // Her colleagues, and what is not denied to her.
    assert_eq!(ask(&mut data, DELEGATE, may, request()), Decision::Permit);
    assert_eq!(ask(&mut data, HOSPITAL, CARE, request()), Decision::Permit);
    let other = Request { category: 31, ..request() };
    assert_eq!(ask(&mut data, NURSE, may, other), Decision::Permit);
    // Nor in an emergency that a colleague opened.
    data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]).unwrap();
    assert_eq!(ask(&mut data, NURSE, may, request()), deny(DenyReason::Denied));
    // What is denied to the organisation is to each of its staff.
    data.lift_denial(own(PATIENT), NOW, NURSE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(ask(&mut data, NURSE, may, request()), Decision::Permit);
    data.deny(own(PATIENT), NOW, HOSPITAL, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(ask(&mut data, NURSE, may, request()), deny(DenyReason::Denied));
}

/// Whether the organisation may is another question, and has its place in the log.
#[ink::test]
fn a_member_of_a_suspended_organisation_is_refused_on_record() {
    let mut data = data();
    granted(&mut data, terms());
    let suspended = Admission { other: ONCE, ..acting(power::ASK) };
    let answer = data.request_access(at(NOW, false, NURSE), suspended, request(), unasked);
    let Ok(Answer::Decided(event)) = answer else { panic!("not in the owner's log") };
    assert_eq!(event.decision, deny(DenyReason::RequesterNotAdmitted));
    assert_eq!((event.by, event.person), (NURSE, Some(PERSON)));
}

#[ink::test]
fn a_member_breaks_the_glass_for_its_organisation() {
    let mut data = data();
    for powers in [0, power::ALL & !power::BREAK_GLASS] {
        // Before what the organisation lacks.
        let refused = Admission { other: ONCE, ..acting(powers) };
        let refused = data.break_glass(NURSE, NOW, refused, HOSPITAL, PATIENT, [5; 32]);
        assert_eq!(refused, Err(Error::NotAuthorized));
    }
    let may = acting(power::BREAK_GLASS);
    let own = data.break_glass(NURSE, NOW, may, HOSPITAL, NURSE, [5; 32]);
    assert_eq!(own, Err(Error::OwnData), "nor to her own data");
    let event = data.break_glass(NURSE, NOW, may, HOSPITAL, PATIENT, [5; 32]).unwrap();
    assert_eq!((event.provider, event.by, event.person), (HOSPITAL, NURSE, Some(PERSON)));
    let window = data.window(1).unwrap();
    assert_eq!((window.provider, window.by, window.person), (HOSPITAL, NURSE, Some(PERSON)));
    // It is the organisation's: one at a time, and good for each of its keys.
    assert_eq!(data.open_window(NOW, HOSPITAL, PATIENT), Some(1));
    assert_eq!(data.open_window(NOW, NURSE, PATIENT), None);
    let again = data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]);
    assert_eq!(again, Err(Error::WindowOpen));
    assert_eq!(asked(&mut data, NOW, CARE, request()).window, Some(1));
}

#[ink::test]
fn a_member_closes_a_window_of_its_organisation() {
    let mut data = data();
    data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]).unwrap();
    let all_but = acting(power::ALL & !power::BREAK_GLASS);
    assert_eq!(data.close_break_glass(NURSE, NOW, all_but, 1), Err(Error::NotAuthorized));
    assert_eq!(data.close_break_glass(NURSE, NOW, all_but, 2), Err(Error::UnknownWindow));
    let event = data.close_break_glass(NURSE, NOW, acting(power::BREAK_GLASS), 1).unwrap();
    assert_eq!(event.by, NURSE);
    // It was not the patient: there is no time to wait.
    assert!(data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]).is_ok());
}

#[ink::test]
fn the_time_to_wait_is_the_keys_whichever_organisation_it_acts_for() {
    let mut data = data();
    let may = acting(power::BREAK_GLASS);
    data.break_glass(NURSE, NOW, may, HOSPITAL, PATIENT, [5; 32]).unwrap();
    data.close_break_glass(PATIENT, NOW, closing(PATIENT), 1).unwrap();
    for provider in [HOSPITAL, OTHER] {
        let again = data.break_glass(NURSE, NOW + 9, may, provider, PATIENT, [5; 32]);
        assert_eq!(again, Err(Error::CoolingDown));
    }
    // Another key of the same hospital may at once, and does not end her waiting.
    data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]).unwrap();
    data.close_break_glass(HOSPITAL, NOW + 1, closing(HOSPITAL), 2).unwrap();
    let again = data.break_glass(NURSE, NOW + 9, may, HOSPITAL, PATIENT, [5; 32]);
    assert_eq!(again, Err(Error::CoolingDown));
    assert!(data.break_glass(NURSE, NOW + 10, may, HOSPITAL, PATIENT, [5; 32]).is_ok());
}

#[ink::test]
fn a_verdict_bars_the_key_that_acted_and_not_its_organisation() {
    let mut data = data();
    let may = acting(power::BREAK_GLASS);
    data.break_glass(NURSE, NOW, may, HOSPITAL, PATIENT, [5; 32]).unwrap();
    let review =
        data.review_break_glass(OTHER, NOW, reviewing(OTHER, true), 1, Outcome::Unjustified);
    let barred = review.unwrap().barred.unwrap();
    assert_eq!((barred.key, barred.window), (NURSE, 1));
    assert_eq!((data.bar(NURSE), data.bar(HOSPITAL)), (Some(1), None));
    for provider in [HOSPITAL, OTHER] {
        let again = data.break_glass(NURSE, NOW, may, provider, PATIENT, [5; 32]);
        assert_eq!(again, Err(Error::Barred), "for no organisation");
    }
    assert!(data.break_glass(HOSPITAL, NOW, CARE, HOSPITAL, PATIENT, [5; 32]).is_ok());
    assert_eq!(data.lift_bar(OTHER, NOW, true, NURSE).unwrap().key, NURSE);
}

#[ink::test]
fn nobody_reviews_what_he_did_or_those_for_whom_he_acts() {
    let mut data = data();
    let may = acting(power::BREAK_GLASS);
    data.break_glass(NURSE, NOW, may, HOSPITAL, PATIENT, [5; 32]).unwrap();
    let some = Agency { powers: power::SIGN, until: u64::MAX, person: Some(PERSON) };
    let mut check = |caller, admission| {
        let refused = data.review_break_glass(caller, NOW, admission, 1, Outcome::Unjustified);
        assert_eq!(refused, Err(Error::OwnReview));
    };
    // Whoever opened it, also when he left; and whoever acts for a party in anything.
    check(NURSE, reviewing(NURSE, true));
    check(OTHER, Admission { for_other: some, ..reviewing(OTHER, true) });
    check(OTHER, Admission { for_subject: some, ..reviewing(OTHER, true) });
}

/// Whoever it is, the log names the key; what is denied to somebody is denied to whichever key he has.
#[ink::test]
fn the_log_names_the_key_and_a_denial_is_of_who_has_it() {
    let key = AccountId([0x4e; 32]);
    let mut data = data();
    granted(&mut data, terms());
    let ask = |data: &mut Data, admission| {
        let answer = data.request_access(at(NOW, false, key), admission, request(), free).unwrap();
        let Answer::Decided(event) = answer else { panic!("not in the owner's log") };
        assert_eq!(event.by, key);
        assert_eq!(data.log().page(PATIENT, event.sequence, 1)[0].by, key);
        event
    };
    let own = ask(&mut data, Admission { acting: Some(HOSPITAL), ..CARE });
    assert_eq!((own.decision, own.person), (Decision::Permit, None));
    let nurse = Admission { acting: Some(NURSE), ..acting(power::ASK) };
    assert_eq!(ask(&mut data, nurse).decision, Decision::Permit);
    let patient = Acting { owner: PATIENT, by: PATIENT };
    data.deny(patient, NOW, NURSE, u32::MAX, u32::MAX).unwrap();
    assert_eq!(ask(&mut data, nurse).decision, Decision::Deny(DenyReason::Denied));
    let own = ask(&mut data, Admission { acting: Some(HOSPITAL), ..CARE });
    assert_eq!(own.decision, Decision::Permit, "she alone");
    // What is denied to the key that the log shows is denied to whoever has it.
    data.deny(patient, NOW, key, u32::MAX, u32::MAX).unwrap();
    let own = ask(&mut data, Admission { acting: Some(HOSPITAL), ..CARE });
    assert_eq!(own.decision, Decision::Deny(DenyReason::Denied));
}
