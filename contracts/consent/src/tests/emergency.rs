//! Emergencies: opened, used, closed, reviewed, overdue.

use super::*;
use crate::emergency::Window;
use assent_events::consent::{GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed};
use assent_events::{Outcome, SanctionReason};
use ink::scale::Encode;

const PROVIDER: AccountId = GRANTEE;
const PATIENT: AccountId = OWNER;

/// A window of [`PROVIDER`] on [`PATIENT`], opened at [`NOW`].
fn broken() -> Data {
    let mut data = data();
    assert_eq!(data.break_glass(PROVIDER, NOW, CARE, PATIENT, [5; 32]).unwrap().window, 1);
    data
}

fn stored() -> Window {
    Window {
        provider: PROVIDER,
        patient: PATIENT,
        justification: [5; 32],
        opened: NOW,
        until: NOW + 100,
        review_by: NOW + 1_000,
        closed: None,
        outcome: None,
        sanctioned: false,
    }
}

fn proposed(reason: SanctionReason, at: u64) -> SuspensionProposed {
    SuspensionProposed { provider: PROVIDER, window: 1, reason, at }
}

#[ink::test]
fn a_glass_is_broken_for_a_time() {
    let mut data = data();
    let event = data.break_glass(PROVIDER, NOW, CARE, PATIENT, [5; 32]).unwrap();
    let expected = GlassBroken {
        window: 1,
        patient: PATIENT,
        provider: PROVIDER,
        justification: [5; 32],
        at: NOW,
        until: NOW + 100,
        review_by: NOW + 1_000,
    };
    assert_eq!(event, expected);
    assert_eq!(data.window(1), Some(stored()));
    assert_eq!(data.window(2), None);
    let open = |now| data.open_window(now, PROVIDER, PATIENT);
    assert_eq!((open(NOW - 1), open(NOW)), (None, Some(1)));
    assert_eq!((open(NOW + 99), open(NOW + 100)), (Some(1), None));
    assert_eq!(data.open_window(NOW, PATIENT, PROVIDER), None);
    assert_eq!(data.open_window(NOW, OTHER, PATIENT), None);
    assert_eq!(data.open_window(NOW, PROVIDER, OTHER), None);
}

#[ink::test]
fn breaking_the_glass_refuses_in_order() {
    let mut data = broken();
    let mut admission = Admission::default();
    let mut check = |admission, patient, error| {
        assert_eq!(data.break_glass(PROVIDER, NOW, admission, patient, [6; 32]), Err(error));
    };
    // A researcher may ask for access, but opens nothing.
    admission.requester = true;
    check(admission, PROVIDER, Error::NotProvider);
    admission.provider = true;
    check(admission, PROVIDER, Error::OwnData);
    check(admission, PATIENT, Error::PatientNotAdmitted);
    admission.owner = true;
    check(admission, PATIENT, Error::WindowOpen);
    data.last_window.set(&u64::MAX);
    let refused = data.break_glass(PROVIDER, NOW, CARE, OTHER, [6; 32]);
    assert_eq!(refused, Err(Error::TooMany));
    data.last_window.set(&1);
    let late = u64::MAX - TIMES.review + 1;
    assert_eq!(data.break_glass(PROVIDER, late, CARE, OTHER, [6; 32]), Err(Error::TooMany));
    assert_eq!(data.open_window(NOW, PROVIDER, OTHER), None, "nothing was written");

    // Others are free to, and so is he when it is over.
    assert_eq!(data.break_glass(PROVIDER, NOW, CARE, OTHER, [6; 32]).unwrap().window, 2);
    assert_eq!(data.break_glass(DELEGATE, NOW, CARE, PATIENT, [6; 32]).unwrap().window, 3);
    assert_eq!(data.break_glass(PROVIDER, NOW + 100, CARE, PATIENT, [6; 32]).unwrap().window, 4);
    assert_eq!(data.open_window(NOW + 100, PROVIDER, PATIENT), Some(4));
}

#[ink::test]
fn an_open_window_permits_treatment_without_a_grant() {
    let mut data = broken();
    let event = data.request_access(NOW, CARE, request()).unwrap();
    assert_eq!(event.decision, Decision::Permit);
    assert_eq!((event.grant, event.window), (None, Some(1)));
    assert_eq!(data.log().page(PATIENT, 1, 1)[0].window, Some(1));
    // Also any other category, and when a grant is named that there is not.
    let other = Request { category: category::GENOMICS, grant: Some(9), ..request() };
    assert_eq!(data.decide(NOW, CARE, &other).window, Some(1));

    let check = |now, admission, request: &Request, reason| {
        let verdict = data.decide(now, admission, request);
        assert_eq!((verdict.decision, verdict.window), (deny(reason), None));
    };
    check(NOW + 100, CARE, &request(), DenyReason::NoGrant);
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    check(NOW, CARE, &research, DenyReason::NoGrant);
    // No longer a provider, though still a researcher.
    check(NOW, BOTH, &request(), DenyReason::NoGrant);
    let no_requester = Admission { requester: false, ..CARE };
    check(NOW, no_requester, &request(), DenyReason::RequesterNotAdmitted);
    check(NOW, Admission { owner: false, ..CARE }, &request(), DenyReason::OwnerNotAdmitted);
    check(NOW, CARE, &Request { requester: OTHER, ..request() }, DenyReason::NoGrant);
    check(NOW, CARE, &Request { owner: OTHER, ..request() }, DenyReason::NoGrant);
    // No mask has room for it, so nothing can permit it.
    check(NOW, CARE, &Request { category: 32, ..request() }, DenyReason::NoGrant);
    check(NOW, CARE, &Request { purpose: 32, ..request() }, DenyReason::NoGrant);
}

#[ink::test]
fn a_grant_comes_before_a_window_and_a_denial_before_both() {
    let mut data = broken();
    granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    let event = data.request_access(NOW, CARE, request()).unwrap();
    assert_eq!((event.grant, event.window), (Some(1), None));
    // Used up: the window makes up for it, and the grant is not used more often than it permitted.
    let event = data.request_access(NOW, CARE, request()).unwrap();
    assert_eq!(event.decision, Decision::Permit);
    assert_eq!((event.grant, event.window), (None, Some(1)));
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    // Who is no provider gets the grant's reason, with the grant.
    let event = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!(event.decision, deny(DenyReason::UsesExhausted));
    assert_eq!((event.grant, event.window), (Some(1), None));
    data.deny(PATIENT, NOW, PROVIDER, TREATMENT, CARDIOLOGY).unwrap();
    let event = data.request_access(NOW, CARE, request()).unwrap();
    assert_eq!(event.decision, deny(DenyReason::Denied));
    assert_eq!((event.grant, event.window), (None, None));
}

#[ink::test]
fn revoking_all_does_not_close_a_window() {
    let mut data = broken();
    granted(&mut data, terms());
    data.revoke_all(PATIENT, NOW).unwrap();
    assert_eq!(data.decide(NOW, CARE, &request()).window, Some(1));
}

#[ink::test]
fn the_provider_or_the_patient_closes_a_window() {
    let mut data = broken();
    assert_eq!(data.close_break_glass(PROVIDER, NOW, 2), Err(Error::UnknownWindow));
    assert_eq!(data.close_break_glass(OTHER, NOW + 100, 1), Err(Error::NotAuthorized));
    assert_eq!(data.close_break_glass(PROVIDER, NOW + 100, 1), Err(Error::WindowClosed));
    let event = data.close_break_glass(PATIENT, NOW + 99, 1).unwrap();
    assert_eq!(event, GlassClosed { window: 1, by: PATIENT, at: NOW + 99 });
    assert_eq!(data.window(1), Some(Window { closed: Some(NOW + 99), ..stored() }));
    assert_eq!(data.close_break_glass(PATIENT, NOW + 99, 1), Err(Error::WindowClosed));
    assert_eq!(data.open_window(NOW + 99, PROVIDER, PATIENT), None);
    assert_eq!(data.decide(NOW + 99, CARE, &request()).decision, deny(DenyReason::NoGrant));
    // Closed, so that he may open another one, and close that himself.
    assert_eq!(data.break_glass(PROVIDER, NOW + 99, CARE, PATIENT, [6; 32]).unwrap().window, 2);
    assert_eq!(data.close_break_glass(PROVIDER, NOW + 99, 2).unwrap().by, PROVIDER);
}

#[ink::test]
fn a_justified_emergency_is_reviewed_once() {
    let mut data = broken();
    let late = NOW + 2_000;
    let (reviewed, sanction) =
        data.review_break_glass(OTHER, late, true, 1, Outcome::Justified).unwrap();
    let expected = GlassReviewed { window: 1, by: OTHER, outcome: Outcome::Justified, at: late };
    assert_eq!((reviewed, sanction), (expected, None));
    assert_eq!(data.window(1), Some(Window { outcome: Some(Outcome::Justified), ..stored() }));
    let again = data.review_break_glass(OTHER, late, true, 1, Outcome::Unjustified);
    assert_eq!(again, Err(Error::AlreadyReviewed));
    assert_eq!(data.sanction_overdue(late, 1), Err(Error::AlreadyReviewed));
}

#[ink::test]
fn reviews_refuse_in_order() {
    let mut data = broken();
    data.review_break_glass(OTHER, NOW, true, 1, Outcome::Justified).unwrap();
    let mut check = |caller, reviewer, number, error| {
        let refused = data.review_break_glass(caller, NOW, reviewer, number, Outcome::Unjustified);
        assert_eq!(refused, Err(error));
    };
    check(PROVIDER, false, 2, Error::UnknownWindow);
    check(PROVIDER, false, 1, Error::NotReviewer);
    check(PROVIDER, true, 1, Error::OwnReview);
    check(PATIENT, true, 1, Error::OwnReview);
    check(OTHER, true, 1, Error::AlreadyReviewed);
    assert_eq!(data.known_window(2), Err(Error::UnknownWindow));
}

#[ink::test]
fn an_unjustified_emergency_is_sanctioned() {
    let mut data = broken();
    let at = NOW + 1;
    let (reviewed, sanction) =
        data.review_break_glass(OTHER, at, true, 1, Outcome::Unjustified).unwrap();
    assert_eq!(reviewed.outcome, Outcome::Unjustified);
    assert_eq!(sanction, Some(proposed(SanctionReason::Unjustified, at)));
    let outcome = Some(Outcome::Unjustified);
    assert_eq!(data.window(1), Some(Window { outcome, sanctioned: true, ..stored() }));
    assert_eq!(data.sanction_overdue(NOW + 1_000, 1), Err(Error::AlreadyReviewed));
    // A review judges what was, and closes nothing: that is for the provider and the patient.
    assert_eq!(data.open_window(at, PROVIDER, PATIENT), Some(1));
}

#[ink::test]
fn a_missing_review_is_sanctioned_once() {
    let mut data = broken();
    assert_eq!(data.sanction_overdue(NOW + 1_000, 2), Err(Error::UnknownWindow));
    assert_eq!(data.sanction_overdue(NOW + 999, 1), Err(Error::NotOverdue));
    let event = data.sanction_overdue(NOW + 1_000, 1).unwrap();
    assert_eq!(event, proposed(SanctionReason::Unreviewed, NOW + 1_000));
    assert_eq!(data.window(1), Some(Window { sanctioned: true, ..stored() }));
    assert_eq!(data.sanction_overdue(NOW + 1_001, 1), Err(Error::AlreadySanctioned));
    // The late review stands, and proposes nothing twice.
    let (_, sanction) =
        data.review_break_glass(OTHER, NOW + 1_002, true, 1, Outcome::Unjustified).unwrap();
    assert_eq!(sanction, None);
    assert_eq!(data.sanction_overdue(NOW + 1_003, 1), Err(Error::AlreadyReviewed));
}

#[ink::test]
fn a_window_is_small() {
    let closed = Some(NOW);
    let outcome = Some(Outcome::Justified);
    assert!(Window { closed, outcome, ..stored() }.encode().len() < 1024);
}
