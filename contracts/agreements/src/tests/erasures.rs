//! Requests for erasure.

use super::*;
use crate::data::MAX_RETENTION;
use crate::erasures::{Answer, Erasure};
use assent_events::agreements::{ErasureAnswered, ErasureRequested};

/// The hospital is asked by the owner, who left.
const ONCE: Admission =
    Admission { subject: with(0), other: with(0), for_subject: Agency::OWN, ..PARTIES };

fn request(data: &mut Data, now: u64) -> Result<ErasureRequested, Error> {
    ask(data, now, ONCE, || Ok(false), HOSPITAL)
}

/// The owner asks by his own key.
fn ask(
    data: &mut Data,
    now: u64,
    admission: Admission,
    granted: impl FnOnce() -> Result<bool, Error>,
    requester: AccountId,
) -> Result<ErasureRequested, Error> {
    let asked = data.request_erasure(OWNER, now, admission, granted, OWNER, requester);
    asked.map(|(event, acted)| {
        assert_eq!(acted, None);
        event
    })
}

/// The nurse may do this for the hospital.
fn staff(powers: u16) -> Admission {
    Admission { for_other: nurse(powers), ..PARTIES }
}

/// The hospital's own key answers request 1.
fn answer(data: &mut Data, now: u64, until: Option<u64>) -> Result<ErasureAnswered, Error> {
    data.answer_erasure(HOSPITAL, now, PARTIES, 1, until, EVIDENCE)
}

#[ink::test]
fn an_owner_asks_when_no_grant_lives() {
    let mut data = data();
    let granted = ask(&mut data, NOW, ONCE, || Ok(true), HOSPITAL);
    assert_eq!(granted, Err(Error::GrantLive));
    assert_eq!(data.latest_erasure(OWNER, HOSPITAL), None);
    let event = request(&mut data, NOW).unwrap();
    let (owner, requester, due) = (OWNER, HOSPITAL, NOW + TIMES.answer);
    let expected = ErasureRequested { erasure: 1, owner, requester, due, at: NOW };
    assert_eq!(event, expected);
    let stored = Erasure { owner, requester, at: NOW, due, answer: None };
    assert_eq!(data.erasure(1), Some(stored));
    assert_eq!(data.latest_erasure(OWNER, HOSPITAL), Some(1));
    // Another requester is another matter.
    let other = ask(&mut data, NOW, ONCE, || Ok(false), OTHER).unwrap();
    assert_eq!(other.erasure, 2);
}

#[ink::test]
fn asking_refuses_in_order() {
    let mut data = data();
    let mut refused =
        |admission, requester| ask(&mut data, NOW, admission, unasked, requester).unwrap_err();
    assert_eq!(refused(Admission::default(), OWNER), Error::SelfErasure);
    assert_eq!(refused(Admission::default(), HOSPITAL), Error::NotAuthorized);
    let nobody = Admission { for_subject: Agency::OWN, ..Admission::default() };
    assert_eq!(refused(nobody, HOSPITAL), Error::OwnerNotAdmitted);
    let unknown = Admission { subject: with(0), ..nobody };
    assert_eq!(refused(unknown, HOSPITAL), Error::RequesterNotAdmitted);
    let failed = || Err(Error::ConsentFailed);
    let refused = ask(&mut data, NOW, ONCE, failed, HOSPITAL);
    assert_eq!(refused, Err(Error::ConsentFailed));

    request(&mut data, NOW).unwrap();
    let again = ask(&mut data, u64::MAX, ONCE, unasked, HOSPITAL);
    assert_eq!(again, Err(Error::AlreadyRequested));
    answer(&mut data, NOW, Some(NOW + 7)).unwrap();
    // Data that came later are not retained: it is asked anew, whatever was said of the ones before.
    assert_eq!(request(&mut data, NOW + 6).unwrap().erasure, 2);
    data.last_erasure.set(&u64::MAX);
    let last = ask(&mut data, NOW, ONCE, || Ok(false), OTHER);
    assert_eq!(last, Err(Error::TooMany));
}

#[ink::test]
fn the_requester_answers_once_also_when_it_is_late() {
    let mut data = data();
    let due = request(&mut data, NOW).unwrap().due;
    let staff = staff(power::SIGN);
    let event = data.answer_erasure(NURSE, due + 1, staff, 1, None, EVIDENCE).unwrap();
    let expected = ErasureAnswered {
        erasure: 1,
        owner: OWNER,
        requester: HOSPITAL,
        retained_until: None,
        evidence: EVIDENCE,
        by: NURSE,
        person: Some(PERSON),
        at: due + 1,
    };
    assert_eq!(event, expected);
    let stored = Answer { retained_until: None, evidence: EVIDENCE, by: NURSE, at: due + 1 };
    assert_eq!(data.erasure(1).unwrap().answer, Some(stored));
    assert_eq!(answer(&mut data, due + 2, Some(0)), Err(Error::AlreadyAnswered));
    // When data come together anew, it is asked anew.
    assert_eq!(request(&mut data, due + 3).unwrap().erasure, 2);
    assert_eq!(data.latest_erasure(OWNER, HOSPITAL), Some(2));
}

#[ink::test]
fn answering_refuses_in_order() {
    let mut data = data();
    request(&mut data, NOW).unwrap();
    let by = |data: &mut Data, powers, number| {
        data.answer_erasure(NURSE, NOW, staff(powers), number, Some(0), EVIDENCE)
    };
    assert_eq!(by(&mut data, 0, 2), Err(Error::UnknownErasure));
    for powers in [0, power::ALL & !power::SIGN] {
        assert_eq!(by(&mut data, powers, 1), Err(Error::NotAuthorized));
    }
    // Not by the owner's own key, also when it is one of the staff's.
    let may = Admission { for_subject: Agency::OWN, ..staff(power::ALL) };
    let own = data.answer_erasure(OWNER, NOW, may, 1, None, EVIDENCE);
    assert_eq!(own, Err(Error::NotAuthorized));
    for until in [0, NOW, NOW + MAX_RETENTION + 1, u64::MAX] {
        assert_eq!(answer(&mut data, NOW, Some(until)), Err(Error::InvalidRetention));
    }
    assert_eq!(data.erasure(1).unwrap().answer, None);
    let event = answer(&mut data, NOW, Some(NOW + MAX_RETENTION)).unwrap();
    assert_eq!((event.by, event.person), (HOSPITAL, None));
}
