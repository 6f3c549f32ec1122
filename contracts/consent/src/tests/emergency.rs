//! Emergencies: opened, used, closed, reviewed, overdue.

use super::*;
use crate::emergency::{Review, Window};
use assent_events::consent::{
    BarLifted, EmergencyBarred, GlassBroken, GlassClosed, GlassReviewed, SuspensionProposed,
};
use assent_events::{Outcome, SanctionReason};
use ink::scale::Encode;

const PROVIDER: AccountId = GRANTEE;
const PATIENT: AccountId = OWNER;

/// A window of [`PROVIDER`] on [`PATIENT`], opened at [`NOW`].
fn broken() -> Data {
    let mut data = data();
    assert_eq!(
        data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [5; 32]).unwrap().window,
        1
    );
    data
}

fn stored() -> Window {
    Window {
        provider: PROVIDER,
        patient: PATIENT,
        by: PROVIDER,
        person: None,
        justification: [5; 32],
        opened: NOW,
        until: NOW + 100,
        review_by: NOW + 1_000,
        closed: None,
        closed_by: None,
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
    let event = data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [5; 32]).unwrap();
    let expected = GlassBroken {
        window: 1,
        patient: PATIENT,
        provider: PROVIDER,
        by: PROVIDER,
        person: None,
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
    let mut admission = Admission { subject: ONCE, other: ONCE, caller: ONCE, ..CARE };
    let mut check = |admission, patient, error| {
        assert_eq!(
            data.break_glass(PROVIDER, NOW, admission, PROVIDER, patient, [6; 32]),
            Err(error)
        );
    };
    // A researcher may ask for access, but opens nothing.
    admission.other = with(!role::PROVIDER);
    check(admission, PROVIDER, Error::NotProvider);
    admission.other = with(role::PROVIDER);
    check(admission, PROVIDER, Error::OwnData);
    check(admission, PATIENT, Error::PatientNotAdmitted);
    admission.subject = with(role::DATA_OWNER);
    check(admission, PATIENT, Error::WindowOpen);
    // Barred, while the time to wait is not over either, and there is no number left.
    data.close_break_glass(PATIENT, NOW, closing(PATIENT), 1).unwrap();
    data.last_window.set(&u64::MAX);
    data.bars.insert(PROVIDER, &1);
    let again =
        |data: &mut Data, now| data.break_glass(PROVIDER, now, CARE, PROVIDER, PATIENT, [6; 32]);
    assert_eq!(again(&mut data, NOW), Err(Error::Barred));
    data.bars.remove(PROVIDER);
    assert_eq!(again(&mut data, NOW), Err(Error::CoolingDown));
    assert_eq!(again(&mut data, NOW + 9), Err(Error::CoolingDown));
    assert_eq!(again(&mut data, NOW + 10), Err(Error::TooMany));
    let refused = data.break_glass(PROVIDER, NOW, CARE, PROVIDER, OTHER, [6; 32]);
    assert_eq!(refused, Err(Error::TooMany));
    data.last_window.set(&1);
    let late = u64::MAX - TIMES.review + 1;
    assert_eq!(
        data.break_glass(PROVIDER, late, CARE, PROVIDER, OTHER, [6; 32]),
        Err(Error::TooMany)
    );
    assert_eq!(data.open_window(NOW, PROVIDER, OTHER), None, "nothing was written");

    // Others are free to, and so is he when it is over.
    assert_eq!(data.break_glass(PROVIDER, NOW, CARE, PROVIDER, OTHER, [6; 32]).unwrap().window, 2);
    assert_eq!(
        data.break_glass(DELEGATE, NOW, CARE, DELEGATE, PATIENT, [6; 32]).unwrap().window,
        3
    );
    assert_eq!(
        data.break_glass(PROVIDER, NOW + 100, CARE, PROVIDER, PATIENT, [6; 32]).unwrap().window,
        4
    );
    assert_eq!(data.open_window(NOW + 100, PROVIDER, PATIENT), Some(4));
}

#[ink::test]
fn an_open_window_permits_treatment_without_a_grant() {
    let mut data = broken();
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!(event.decision, Decision::Permit);
    assert_eq!((event.grant, event.window), (None, Some(1)));
    assert_eq!(data.log().page(PATIENT, 1, 1)[0].window, Some(1));
    // Also any other category, and when a grant is named that there is not.
    let other = Request { category: category::GENOMICS, grant: Some(9), ..request() };
    assert_eq!(data.decide(NOW, false, CARE, &other).window, Some(1));

    let check = |now, admission, request: &Request, reason| {
        let verdict = data.decide(now, false, admission, request);
        assert_eq!((verdict.decision, verdict.window), (deny(reason), None));
    };
    check(NOW + 100, CARE, &request(), DenyReason::NoGrant);
    let research = Request { purpose: purpose::RESEARCH, ..request() };
    check(NOW, CARE, &research, DenyReason::NoGrant);
    // No longer a provider, though still a researcher.
    check(NOW, BOTH, &request(), DenyReason::NoGrant);
    let no_requester = Admission { other: ONCE, ..CARE };
    check(NOW, no_requester, &request(), DenyReason::RequesterNotAdmitted);
    check(NOW, Admission { subject: ONCE, ..CARE }, &request(), DenyReason::OwnerNotAdmitted);
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
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!((event.grant, event.window), (Some(1), None));
    // Used up: the window makes up for it, and the grant is not used more often than it permitted.
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!(event.decision, Decision::Permit);
    assert_eq!((event.grant, event.window), (None, Some(1)));
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    // Who is no provider gets the grant's reason, with the grant.
    let event = asked(&mut data, NOW, BOTH, request());
    assert_eq!(event.decision, deny(DenyReason::UsesExhausted));
    assert_eq!((event.grant, event.window), (Some(1), None));
    data.deny(own(PATIENT), NOW, PROVIDER, TREATMENT, CARDIOLOGY).unwrap();
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!(event.decision, deny(DenyReason::Denied));
    assert_eq!((event.grant, event.window), (None, None));
}

#[ink::test]
fn revoking_all_does_not_close_a_window() {
    let mut data = broken();
    granted(&mut data, terms());
    data.revoke_all(own(PATIENT), NOW).unwrap();
    assert_eq!(data.decide(NOW, false, CARE, &request()).window, Some(1));
}

#[ink::test]
fn the_provider_or_the_patient_closes_a_window() {
    let mut data = broken();
    assert_eq!(
        data.close_break_glass(PROVIDER, NOW, closing(PROVIDER), 2),
        Err(Error::UnknownWindow)
    );
    assert_eq!(
        data.close_break_glass(OTHER, NOW + 100, closing(OTHER), 1),
        Err(Error::NotAuthorized)
    );
    assert_eq!(
        data.close_break_glass(PROVIDER, NOW + 100, closing(PROVIDER), 1),
        Err(Error::WindowClosed)
    );
    let event = data.close_break_glass(PATIENT, NOW + 99, closing(PATIENT), 1).unwrap();
    assert_eq!(event, GlassClosed { window: 1, by: PATIENT, at: NOW + 99 });
    assert_eq!(
        data.window(1),
        Some(Window { closed: Some(NOW + 99), closed_by: Some(PATIENT), ..stored() })
    );
    assert_eq!(
        data.close_break_glass(PATIENT, NOW + 99, closing(PATIENT), 1),
        Err(Error::WindowClosed)
    );
    assert_eq!(data.open_window(NOW + 99, PROVIDER, PATIENT), None);
    assert_eq!(data.decide(NOW + 99, false, CARE, &request()).decision, deny(DenyReason::NoGrant));
    let again =
        |data: &mut Data, now| data.break_glass(PROVIDER, now, CARE, PROVIDER, PATIENT, [6; 32]);
    // Closed by the patient, so that he waits; others do not, nor does he for other patients.
    assert_eq!(again(&mut data, NOW + 108), Err(Error::CoolingDown));
    assert!(data.break_glass(OTHER, NOW + 108, CARE, OTHER, PATIENT, [6; 32]).is_ok());
    assert!(data.break_glass(PROVIDER, NOW + 108, CARE, PROVIDER, OTHER, [6; 32]).is_ok());
    assert_eq!(again(&mut data, NOW + 109).unwrap().window, 4);
    // One that he closed himself he may open again at once.
    assert_eq!(
        data.close_break_glass(PROVIDER, NOW + 109, closing(PROVIDER), 4).unwrap().by,
        PROVIDER
    );
    assert_eq!(data.window(4).unwrap().closed_by, Some(PROVIDER));
    assert_eq!(again(&mut data, NOW + 109).unwrap().window, 5);
}

#[ink::test]
fn the_time_to_wait_ends_with_time_itself() {
    let mut data = Data::new(Times { cooldown: MAX_COOLDOWN, ..TIMES }).unwrap();
    data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [5; 32]).unwrap();
    let mut window = data.window(1).unwrap();
    window.closed = Some(u64::MAX - 1);
    window.closed_by = Some(PATIENT);
    data.windows.insert(1, &window);
    let refused = data.break_glass(PROVIDER, u64::MAX - 1, CARE, PROVIDER, PATIENT, [6; 32]);
    assert_eq!(refused, Err(Error::CoolingDown));
}

#[ink::test]
fn without_a_time_to_wait_there_is_none() {
    let mut data = Data::new(Times { cooldown: 0, ..TIMES }).unwrap();
    data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [5; 32]).unwrap();
    data.close_break_glass(PATIENT, NOW, closing(PATIENT), 1).unwrap();
    assert!(data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [6; 32]).is_ok());
}

#[ink::test]
fn a_justified_emergency_is_reviewed_once_and_as_a_whole() {
    let mut data = broken();
    let review = |data: &mut Data, now, outcome| {
        data.review_break_glass(OTHER, now, reviewing(OTHER, true), 1, outcome)
    };
    let open = review(&mut data, NOW + 99, Outcome::Justified);
    assert_eq!(open, Err(Error::WindowOpen));
    assert_eq!(data.window(1), Some(stored()), "nothing was written");
    let late = NOW + 2_000;
    let reviewed = GlassReviewed { window: 1, by: OTHER, outcome: Outcome::Justified, at: late };
    let expected = Review { closed: None, reviewed, barred: None, proposed: None };
    assert_eq!(review(&mut data, late, Outcome::Justified), Ok(expected));
    assert_eq!(data.window(1), Some(Window { outcome: Some(Outcome::Justified), ..stored() }));
    assert_eq!(data.bar(PROVIDER), None);
    let again = review(&mut data, late, Outcome::Unjustified);
    assert_eq!(again, Err(Error::AlreadyReviewed));
    assert_eq!(data.sanction_overdue(late, 1), Err(Error::AlreadyReviewed));

    // One that was closed is over before its time.
    data.break_glass(PROVIDER, late, CARE, PROVIDER, PATIENT, [6; 32]).unwrap();
    data.close_break_glass(PROVIDER, late, closing(PROVIDER), 2).unwrap();
    assert!(data
        .review_break_glass(OTHER, late, reviewing(OTHER, true), 2, Outcome::Justified)
        .is_ok());
}

#[ink::test]
fn reviews_refuse_in_order() {
    let mut data = broken();
    data.close_break_glass(PROVIDER, NOW, closing(PROVIDER), 1).unwrap();
    data.review_break_glass(OTHER, NOW, reviewing(OTHER, true), 1, Outcome::Justified).unwrap();
    let mut check = |caller, reviewer, number, error| {
        let refused = data.review_break_glass(
            caller,
            NOW,
            reviewing(caller, reviewer),
            number,
            Outcome::Justified,
        );
        assert_eq!(refused, Err(error));
    };
    check(PROVIDER, false, 2, Error::UnknownWindow);
    check(PROVIDER, false, 1, Error::NotReviewer);
    check(PROVIDER, true, 1, Error::OwnReview);
    check(PATIENT, true, 1, Error::OwnReview);
    check(OTHER, true, 1, Error::AlreadyReviewed);
    let open = data.break_glass(PROVIDER, NOW, CARE, PROVIDER, PATIENT, [6; 32]).unwrap().window;
    let refused =
        data.review_break_glass(OTHER, NOW, reviewing(OTHER, true), open, Outcome::Justified);
    assert_eq!(refused, Err(Error::WindowOpen));
    assert_eq!(data.known_window(3), Err(Error::UnknownWindow));
}

#[ink::test]
fn an_unjustified_emergency_ends_and_bars_the_key() {
    let mut data = broken();
    let at = NOW + 1;
    let review = data
        .review_break_glass(OTHER, at, reviewing(OTHER, true), 1, Outcome::Unjustified)
        .unwrap();
    let outcome = Outcome::Unjustified;
    let expected = Review {
        closed: Some(GlassClosed { window: 1, by: OTHER, at }),
        reviewed: GlassReviewed { window: 1, by: OTHER, outcome, at },
        barred: Some(EmergencyBarred { key: PROVIDER, window: 1, at }),
        proposed: Some(proposed(SanctionReason::Unjustified, at)),
    };
    assert_eq!(review, expected);
    let (closed, closed_by, outcome) = (Some(at), Some(OTHER), Some(outcome));
    let judged = Window { closed, closed_by, outcome, sanctioned: true, ..stored() };
    assert_eq!(data.window(1), Some(judged));
    assert_eq!(data.open_window(at, PROVIDER, PATIENT), None);
    assert_eq!(data.decide(at, false, CARE, &request()).decision, deny(DenyReason::NoGrant));
    assert_eq!(data.sanction_overdue(NOW + 1_000, 1), Err(Error::AlreadyReviewed));
    // On no patient, however long he waits; other keys may.
    assert_eq!(data.bar(PROVIDER), Some(1));
    for (now, patient) in [(at, PATIENT), (at, OTHER), (NOW + 9_999, PATIENT)] {
        let barred = data.break_glass(PROVIDER, now, CARE, PROVIDER, patient, [6; 32]);
        assert_eq!(barred, Err(Error::Barred));
    }
    assert!(data.break_glass(OTHER, at, CARE, OTHER, PATIENT, [6; 32]).is_ok());
}

#[ink::test]
fn a_verdict_on_a_window_that_is_over_closes_nothing() {
    let mut data = broken();
    assert_eq!(data.break_glass(PROVIDER, NOW, CARE, PROVIDER, OTHER, [6; 32]).unwrap().window, 2);
    let patients = Admission { for_subject: Agency::OWN, for_other: NOTHING, ..CARE };
    data.close_break_glass(OTHER, NOW + 5, patients, 2).unwrap();
    for (number, closed, closed_by) in [(1, None, None), (2, Some(NOW + 5), Some(OTHER))] {
        let at = NOW + 100;
        let review = data.review_break_glass(
            DELEGATE,
            at,
            reviewing(DELEGATE, true),
            number,
            Outcome::Unjustified,
        );
        let review = review.unwrap();
        assert_eq!(review.closed, None);
        assert!(review.barred.is_some());
        let window = data.window(number).unwrap();
        assert_eq!((window.closed, window.closed_by), (closed, closed_by));
    }
}

#[ink::test]
fn the_latest_verdict_bars_and_does_not_close_other_windows() {
    let mut data = broken();
    assert_eq!(data.break_glass(PROVIDER, NOW, CARE, PROVIDER, OTHER, [6; 32]).unwrap().window, 2);
    data.review_break_glass(DELEGATE, NOW, reviewing(DELEGATE, true), 2, Outcome::Unjustified)
        .unwrap();
    assert_eq!(data.bar(PROVIDER), Some(2));
    assert_eq!(data.open_window(NOW, PROVIDER, PATIENT), Some(1));
    data.review_break_glass(DELEGATE, NOW, reviewing(DELEGATE, true), 1, Outcome::Unjustified)
        .unwrap();
    assert_eq!(data.bar(PROVIDER), Some(1));
}

#[ink::test]
fn a_regulator_lifts_a_bar() {
    let mut data = broken();
    data.review_break_glass(OTHER, NOW, reviewing(OTHER, true), 1, Outcome::Unjustified).unwrap();
    let lift =
        |data: &mut Data, caller, regulator, key| data.lift_bar(caller, NOW + 1, regulator, key);
    assert_eq!(lift(&mut data, PROVIDER, false, DELEGATE), Err(Error::NotRegulator));
    assert_eq!(lift(&mut data, DELEGATE, true, DELEGATE), Err(Error::NotBarred));
    assert_eq!(lift(&mut data, PROVIDER, true, PROVIDER), Err(Error::OwnBar));
    let event = lift(&mut data, OTHER, true, PROVIDER).unwrap();
    assert_eq!(event, BarLifted { key: PROVIDER, by: OTHER, at: NOW + 1 });
    assert_eq!(data.bar(PROVIDER), None);
    assert_eq!(lift(&mut data, OTHER, true, PROVIDER), Err(Error::NotBarred));
    // A reviewer closed the window, not the patient: there is no time to wait.
    assert!(data.break_glass(PROVIDER, NOW + 1, CARE, PROVIDER, PATIENT, [6; 32]).is_ok());
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
    // An idle reviewer locks nobody out.
    assert_eq!(data.bar(PROVIDER), None);
    assert!(data.break_glass(PROVIDER, NOW + 1_001, CARE, PROVIDER, PATIENT, [6; 32]).is_ok());
    // The late review stands, and proposes nothing twice.
    let review = data
        .review_break_glass(OTHER, NOW + 1_002, reviewing(OTHER, true), 1, Outcome::Unjustified)
        .unwrap();
    assert_eq!(review.proposed, None);
    assert!(review.barred.is_some());
    assert_eq!(data.sanction_overdue(NOW + 1_003, 1), Err(Error::AlreadyReviewed));
}

#[ink::test]
fn a_window_is_small() {
    let closed = Some(NOW);
    let outcome = Some(Outcome::Justified);
    assert!(Window { closed, closed_by: Some(OTHER), outcome, ..stored() }.encode().len() < 1024);
}
