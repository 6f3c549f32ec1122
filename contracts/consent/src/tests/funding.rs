//! Decisions on what a grant permits, as the rewards contract answers.

use super::*;
use crate::log::LogHead;
use assent_traits::{rewards::AccrueError, CallFailed};

/// Whatever the rewards contract may refuse.
const REFUSALS: [AccrueError; 3] =
    [AccrueError::NotConsent, AccrueError::AlreadyPaid, AccrueError::Overflow];
const DECLINED: Accrued = Ok(Ok(Accrual::Declined));
const SILENT: Accrued = Err(CallFailed);

/// A grant for treatment and for research that is good for so many permits.
fn limited(max_uses: u32) -> Data {
    let mut data = data();
    let max_uses = Some(max_uses);
    granted(&mut data, Terms { purposes: u32::MAX, max_uses, ..terms() });
    data
}

fn research() -> Request {
    Request { purpose: purpose::RESEARCH, ..request() }
}

/// The decision when the rewards contract, which is asked once, answers this.
fn decided(
    data: &mut Data,
    admission: Admission,
    request: Request,
    answer: Accrued,
) -> Result<AccessDecided, Error> {
    let mut number = None;
    let accrue = |access| {
        number = Some(access);
        answer
    };
    let decided =
        data.request_access(at(NOW, false, request.requester), admission, request, accrue)?;
    let Answer::Decided(event) = decided else { panic!("not in the owner's log") };
    assert_eq!(number, Some(event.access), "asked about the access that is logged");
    Ok(event)
}

#[ink::test]
fn what_is_paid_or_need_not_be_is_permitted() {
    let mut data = limited(6);
    for request in [request(), research()] {
        for answer in [Accrual::Earned(10), Accrual::Nothing, Accrual::Unfunded] {
            let event = decided(&mut data, BOTH, request.clone(), Ok(Ok(answer))).unwrap();
            assert_eq!((event.decision, event.grant), (Decision::Permit, Some(1)), "{answer:?}");
        }
    }
    assert_eq!(data.grant_of(1).unwrap().uses, 6);
}

#[ink::test]
fn what_is_declined_is_refused_on_record_and_uses_nothing() {
    let mut data = limited(1);
    let before = data.pair(OWNER, GRANTEE);
    for sequence in 1..=2 {
        let event = decided(&mut data, BOTH, research(), DECLINED).unwrap();
        let unfunded = (deny(DenyReason::Unfunded), Some(1), None);
        assert_eq!((event.decision, event.grant, event.window), unfunded);
        assert_eq!((event.access, event.sequence), (sequence, sequence));
        let entry = data.log().page(OWNER, sequence, 1).pop().unwrap();
        assert_eq!((entry.decision, entry.grant), (event.decision, event.grant));
    }
    assert_eq!(data.log().head(OWNER).sequence, 2, "one entry each");
    assert_eq!((data.grant_of(1).unwrap().uses, data.pair(OWNER, GRANTEE)), (0, before));
    // The use that was not made is left.
    let event = decided(&mut data, BOTH, research(), Ok(Ok(Accrual::Earned(10)))).unwrap();
    assert_eq!((event.decision, event.access), (Decision::Permit, 3));
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
}

#[ink::test]
fn a_treatment_is_permitted_whatever_is_refused() {
    let mut data = limited(4);
    decided(&mut data, BOTH, request(), DECLINED).unwrap();
    for error in REFUSALS {
        let event = decided(&mut data, BOTH, request(), Ok(Err(error))).unwrap();
        assert_eq!((event.decision, event.grant), (Decision::Permit, Some(1)), "{error:?}");
    }
    assert_eq!(data.grant_of(1).unwrap().uses, 4);
}

#[ink::test]
fn no_answer_and_refusals_of_other_purposes_leave_no_trace() {
    let mut data = limited(1);
    let before = data.pair(OWNER, GRANTEE);
    let mut answers = vec![(request(), SILENT), (research(), SILENT)];
    answers.extend(REFUSALS.map(|error| (research(), Ok(Err(error)))));
    for (request, answer) in answers {
        let failed = decided(&mut data, BOTH, request, answer);
        assert_eq!(failed, Err(Error::RewardsFailed), "{answer:?}");
    }
    assert_eq!(data.log().head(OWNER), LogHead::default());
    assert_eq!(data.pair(OWNER, GRANTEE), before);
    assert_eq!(asked(&mut data, NOW, BOTH, request()).access, 1);
}

#[ink::test]
fn only_a_permit_by_a_grant_is_asked_about() {
    let mut data = limited(1);
    let unpaid = |data: &mut Data, paused, admission, request: Request| match data
        .request_access(at(NOW, paused, request.requester), admission, request, unasked)
        .unwrap()
    {
        Answer::Decided(event) => event.decision,
        Answer::Refused(_) => deny(DenyReason::RequesterNotAdmitted),
    };
    let elsewhere = Request { owner: OTHER, ..research() };
    assert_eq!(unpaid(&mut data, false, BOTH, elsewhere), deny(DenyReason::NoGrant));
    assert_eq!(unpaid(&mut data, true, BOTH, research()), deny(DenyReason::Paused));
    let stranger = Admission { for_other: Agency::OWN, ..Admission::default() };
    let refused = deny(DenyReason::RequesterNotAdmitted);
    assert_eq!(unpaid(&mut data, false, stranger, research()), refused);
    // By an emergency, in a pause.
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    assert_eq!(unpaid(&mut data, true, CARE, request()), Decision::Permit);
    data.deny(own(OWNER), NOW, GRANTEE, u32::MAX, u32::MAX).unwrap();
    assert_eq!(unpaid(&mut data, false, CARE, request()), deny(DenyReason::Denied));
}

#[ink::test]
fn an_emergency_makes_up_for_no_money() {
    let mut data = limited(1);
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    let event = decided(&mut data, CARE, research(), DECLINED).unwrap();
    assert_eq!((event.decision, event.window), (deny(DenyReason::Unfunded), None));
}

/// The view asks no other contract than that of the participants.
#[ink::test]
fn the_view_permits_what_may_be_declined() {
    let mut data = limited(1);
    let verdict = data.decide(NOW, false, BOTH, &research());
    assert_eq!((verdict.decision, verdict.grant), (Decision::Permit, Some(1)));
    decided(&mut data, BOTH, research(), DECLINED).unwrap();
    assert_eq!(data.decide(NOW, false, BOTH, &research()), verdict);
}

/// Numbers come first, so that no reward is accrued for an access that cannot be logged.
#[ink::test]
fn nothing_is_asked_when_no_numbers_are_left() {
    let mut data = limited(1);
    data.log.set_ends(u64::MAX, OWNER, &LogHead::default());
    let refused = data.request_access(at(NOW, false, GRANTEE), BOTH, request(), unasked);
    assert_eq!(refused, Err(Error::TooMany));
}
