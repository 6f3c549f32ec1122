//! What an owner chooses for everybody at once: emergencies refused, accesses restricted.

use super::*;
use crate::choices::{Choices, Restriction, MAX_EXCEPTIONS};
use crate::guardians::Said;
use assent_events::consent::{
    EmergenciesAllowed, EmergenciesRefused, Excepted, Restricted, RestrictionLifted,
};
use assent_events::Outcome;
use ink::env::{test::get_contract_storage_rw, DefaultEnvironment};
use ink::scale::Encode;

fn decide(data: &Data, request: &Request) -> Decision {
    data.decide(NOW, false, CARE, request).decision
}

/// [`request`] of [`OTHER`], who is a provider as well.
fn other() -> Request {
    Request { requester: OTHER, ..request() }
}

/// How many stored values a decision on a request reads.
fn reads(data: &Data, request: &Request) -> usize {
    let account = ink::env::account_id::<DefaultEnvironment>();
    let (before, _) = get_contract_storage_rw::<DefaultEnvironment>(&account);
    decide(data, request);
    let (after, _) = get_contract_storage_rw::<DefaultEnvironment>(&account);
    after - before
}

/// Restricts cardiology for treatment to [`OTHER`], and has granted it to [`GRANTEE`] and to him.
fn restricted() -> Data {
    let mut data = data();
    granted(&mut data, terms());
    granted(&mut data, Terms { grantee: OTHER, ..terms() });
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![OTHER]).unwrap();
    data
}

#[ink::test]
fn a_refusal_keeps_the_glass_whole_until_it_is_taken_back() {
    let mut data = data();
    assert_eq!(data.choices(OWNER), Choices::default());
    let event = data.refuse_emergencies(OWNER, NOW).unwrap();
    assert_eq!(event, EmergenciesRefused { owner: OWNER, at: NOW });
    assert_eq!(data.choices(OWNER), Choices { refuses_emergencies: true, restriction: None });
    assert_eq!(data.choices(OTHER), Choices::default());
    let broken = |data: &mut Data, patient| {
        data.break_glass(GRANTEE, NOW, CARE, GRANTEE, patient, [5; 32]).map(|event| event.window)
    };
    assert_eq!(broken(&mut data, OWNER), Err(Error::EmergencyRefused));
    assert_eq!(data.open_window(NOW, GRANTEE, OWNER), None);
    assert_eq!(broken(&mut data, OTHER), Ok(1), "of another patient");
    assert_eq!(data.refuse_emergencies(OWNER, NOW), Err(Error::AlreadyRefused));

    let event = data.allow_emergencies(own(OWNER), NOW + 1).unwrap();
    assert_eq!(event, EmergenciesAllowed { owner: OWNER, at: NOW + 1 });
    assert_eq!(broken(&mut data, OWNER), Ok(2));
    assert_eq!(data.allow_emergencies(own(OWNER), NOW), Err(Error::NotRefused));
    assert_eq!(data.allow_emergencies(own(OTHER), NOW), Err(Error::NotRefused), "never refused");
}

#[ink::test]
fn a_refusal_is_told_after_the_admission_and_before_the_window() {
    let mut data = data();
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    data.refuse_emergencies(OWNER, NOW).unwrap();
    let mut broken =
        |now, admission| data.break_glass(GRANTEE, now, admission, GRANTEE, OWNER, [6; 32]);
    let not_admitted = Admission { subject: ONCE, ..CARE };
    assert_eq!(broken(NOW, not_admitted), Err(Error::PatientNotAdmitted));
    assert_eq!(broken(NOW, CARE), Err(Error::EmergencyRefused), "though one is open");
    // Barred, while there is the time to wait as well.
    data.close_break_glass(OWNER, NOW, closing(OWNER), 1).unwrap();
    data.bars.insert(GRANTEE, &1);
    let refused = data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [6; 32]);
    assert_eq!(refused, Err(Error::EmergencyRefused));
}

#[ink::test]
fn an_open_window_permits_nothing_while_emergencies_are_refused() {
    let mut data = data();
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    let window = data.window(1);
    assert_eq!(decide(&data, &request()), Decision::Permit);
    data.refuse_emergencies(OWNER, NOW).unwrap();
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!(event.decision, deny(DenyReason::NoGrant));
    assert_eq!((event.grant, event.window), (None, None));
    let paused = data.decide(NOW, true, CARE, &request());
    assert_eq!((paused.decision, paused.window), (deny(DenyReason::Paused), None));
    // It is as it was, and open.
    assert_eq!((data.window(1), data.open_window(NOW, GRANTEE, OWNER)), (window, Some(1)));
    data.allow_emergencies(own(OWNER), NOW).unwrap();
    assert_eq!(data.decide(NOW, false, CARE, &request()).window, Some(1));
}

#[ink::test]
fn a_window_on_one_who_refuses_is_closed_reviewed_and_sanctioned_as_any() {
    let mut data = data();
    for (number, provider) in [(1, GRANTEE), (2, OTHER), (3, DELEGATE)] {
        let event = data.break_glass(provider, NOW, CARE, provider, OWNER, [5; 32]).unwrap();
        assert_eq!(event.window, number);
    }
    data.refuse_emergencies(OWNER, NOW).unwrap();
    assert_eq!(data.close_break_glass(GRANTEE, NOW, closing(GRANTEE), 1).unwrap().window, 1);
    let review = data
        .review_break_glass(
            AccountId([9; 32]),
            NOW,
            reviewing(AccountId([9; 32]), true),
            2,
            Outcome::Unjustified,
        )
        .unwrap();
    assert!(review.closed.is_some() && review.barred.is_some());
    assert_eq!(data.sanction_overdue(NOW + TIMES.review, 3).unwrap().window, 3);
}

#[ink::test]
fn refused_emergencies_leave_the_grants_alone() {
    let mut data = data();
    granted(&mut data, terms());
    data.refuse_emergencies(OWNER, NOW).unwrap();
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!((event.decision, event.grant), (Decision::Permit, Some(1)));
}

#[ink::test]
fn a_restriction_denies_everybody_but_those_whom_it_excepts() {
    let mut data = restricted();
    let except = vec![OTHER];
    let (purposes, categories) = (TREATMENT, CARDIOLOGY);
    let restriction =
        Some(Restriction { purposes, categories, except: except.clone(), by_guardian: false });
    assert_eq!(data.choices(OWNER), Choices { refuses_emergencies: false, restriction });
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!(event.decision, deny(DenyReason::Denied));
    assert_eq!((event.grant, event.window), (None, None));
    assert_eq!(decide(&data, &Request { grant: Some(1), ..request() }), deny(DenyReason::Denied));
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    let event = asked(&mut data, NOW, CARE, other());
    assert_eq!((event.decision, event.grant), (Decision::Permit, Some(2)));

    let event = data.lift_restriction(own(OWNER), NOW + 1).unwrap();
    assert_eq!(event, RestrictionLifted { owner: OWNER, at: NOW + 1 });
    assert_eq!(decide(&data, &request()), Decision::Permit);
    let events = data.restrict(own(OWNER), NOW, purposes, categories, except).unwrap();
    let restricted = Restricted { owner: OWNER, purposes, categories, at: NOW };
    assert_eq!(events, (Said::Owner(restricted), vec![Excepted { owner: OWNER, account: OTHER }]));
}

#[ink::test]
fn a_restriction_without_exceptions_is_for_everybody() {
    let mut data = restricted();
    data.lift_restriction(own(OWNER), NOW).unwrap();
    data.restrict(own(OWNER), NOW, u32::MAX, u32::MAX, vec![]).unwrap();
    for request in [request(), other()] {
        assert_eq!(decide(&data, &request), deny(DenyReason::Denied));
    }
    granted(&mut data, Terms { owner: DELEGATE, ..terms() });
    let elsewhere = Request { owner: DELEGATE, ..request() };
    assert_eq!(decide(&data, &elsewhere), Decision::Permit, "of another owner");
    // No mask has room for it.
    let beyond = Request { category: 32, ..request() };
    assert_eq!(decide(&data, &beyond), deny(DenyReason::CategoryNotGranted));
}

#[ink::test]
fn a_restriction_needs_both_the_purpose_and_the_category() {
    let mut data = data();
    granted(&mut data, terms());
    for (purposes, categories, decision) in [
        (!TREATMENT, u32::MAX, Decision::Permit),
        (u32::MAX, !CARDIOLOGY, Decision::Permit),
        (TREATMENT, CARDIOLOGY, deny(DenyReason::Denied)),
    ] {
        data.restrict(own(OWNER), NOW, purposes, categories, vec![OTHER]).unwrap();
        assert_eq!(decide(&data, &request()), decision, "{purposes:#x} {categories:#x}");
        data.lift_restriction(own(OWNER), NOW).unwrap();
    }
}

#[ink::test]
fn a_restriction_wins_over_an_emergency() {
    let mut data = data();
    for provider in [GRANTEE, OTHER] {
        data.break_glass(provider, NOW, CARE, provider, OWNER, [5; 32]).unwrap();
    }
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![OTHER]).unwrap();
    let event = asked(&mut data, NOW, CARE, request());
    assert_eq!((event.decision, event.window), (deny(DenyReason::Denied), None));
    let paused = data.decide(NOW, true, CARE, &request()).decision;
    assert_eq!(paused, deny(DenyReason::Denied));
    let event = asked(&mut data, NOW, CARE, other());
    assert_eq!((event.decision, event.window), (Decision::Permit, Some(2)));
    // What it does not concern is open as before, and one may still be opened.
    let genomics = Request { category: category::GENOMICS, ..request() };
    assert_eq!(data.decide(NOW, false, CARE, &genomics).window, Some(1));
    assert!(data.break_glass(DELEGATE, NOW, CARE, DELEGATE, OWNER, [5; 32]).is_ok());
}

#[ink::test]
fn to_be_excepted_permits_nothing() {
    let mut data = data();
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![OTHER]).unwrap();
    assert_eq!(decide(&data, &other()), deny(DenyReason::NoGrant));
    granted(&mut data, Terms { grantee: OTHER, ..terms() });
    assert_eq!(decide(&data, &other()), Decision::Permit);
    // Nor does it lift what is denied to him, and neither ends with the other.
    data.deny(own(OWNER), NOW, OTHER, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data, &other()), deny(DenyReason::Denied));
    data.lift_restriction(own(OWNER), NOW).unwrap();
    assert_eq!(decide(&data, &other()), deny(DenyReason::Denied));
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![]).unwrap();
    data.lift_denial(own(OWNER), NOW, OTHER, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data, &other()), deny(DenyReason::Denied));
}

#[ink::test]
fn what_comes_before_a_restriction_is_told_first() {
    let data = restricted();
    let decide = |admission| data.decide(NOW, false, admission, &request()).decision;
    let no_requester = Admission { other: ONCE, ..CARE };
    assert_eq!(decide(no_requester), deny(DenyReason::RequesterNotAdmitted));
    assert_eq!(decide(Admission { subject: ONCE, ..CARE }), deny(DenyReason::OwnerNotAdmitted));
    assert_eq!(data.decide(NOW, true, CARE, &request()).decision, deny(DenyReason::Denied));
}

#[ink::test]
fn restrictions_refuse_in_order() {
    let mut data = data();
    let some = |count| (1..=count).map(|n| AccountId([n as u8; 32])).collect::<Vec<_>>();
    let (most, more) = (some(MAX_EXCEPTIONS), some(MAX_EXCEPTIONS + 1));
    let twice = vec![GRANTEE, OTHER, GRANTEE];
    assert_eq!(data.lift_restriction(own(OWNER), NOW), Err(Error::NotRestricted));
    data.restrict(own(OWNER), NOW, 1, 2, most.clone()).unwrap();
    let kept = data.choices(OWNER);
    let mut refused = |purposes, categories, except: &Vec<AccountId>| {
        data.restrict(own(OWNER), NOW, purposes, categories, except.clone()).unwrap_err()
    };
    assert_eq!(refused(0, 1, &more), Error::EmptyMask);
    assert_eq!(refused(1, 0, &more), Error::EmptyMask);
    assert_eq!(refused(1, 1, &more), Error::TooManyExceptions);
    assert_eq!(refused(1, 1, &twice), Error::RepeatedException);
    assert_eq!(refused(1, 1, &most), Error::AlreadyRestricted);
    assert_eq!(data.choices(OWNER), kept, "none takes its place");
    assert_eq!(
        data.lift_restriction(own(OTHER), NOW),
        Err(Error::NotRestricted),
        "of another owner"
    );
}

#[ink::test]
fn a_delegate_chooses_for_himself_only() {
    let mut data = data();
    delegated(&mut data, scope());
    data.refuse_emergencies(DELEGATE, NOW).unwrap();
    data.restrict(own(DELEGATE), NOW, 1, 1, vec![]).unwrap();
    assert_eq!(data.choices(OWNER), Choices::default());
    data.refuse_emergencies(OWNER, NOW).unwrap();
    data.restrict(own(OWNER), NOW, 1, 1, vec![]).unwrap();
    let chosen = data.choices(OWNER);
    data.allow_emergencies(own(DELEGATE), NOW).unwrap();
    data.lift_restriction(own(DELEGATE), NOW).unwrap();
    assert_eq!(data.choices(OWNER), chosen);
}

#[ink::test]
fn choices_and_the_epoch_do_not_touch_each_other() {
    let mut data = data();
    data.refuse_emergencies(OWNER, NOW).unwrap();
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![OTHER]).unwrap();
    let chosen = data.choices(OWNER);
    data.revoke_all(own(OWNER), NOW).unwrap();
    assert_eq!((data.epoch(OWNER), data.choices(OWNER)), (1, chosen));
    data.allow_emergencies(own(OWNER), NOW).unwrap();
    data.lift_restriction(own(OWNER), NOW).unwrap();
    assert_eq!((data.epoch(OWNER), data.choices(OWNER)), (1, Choices::default()));
}

#[ink::test]
fn an_entry_that_says_nothing_is_not_kept() {
    let mut data = data();
    data.refuse_emergencies(OWNER, NOW).unwrap();
    data.restrict(own(OWNER), NOW, 1, 1, vec![]).unwrap();
    data.allow_emergencies(own(OWNER), NOW).unwrap();
    assert!(data.owners.contains(OWNER));
    data.lift_restriction(own(OWNER), NOW).unwrap();
    assert!(!data.owners.contains(OWNER));
}

#[ink::test]
fn a_decision_reads_the_entry_of_the_owner_once() {
    let mut data = restricted();
    // The grants of the two, what is denied between them, and the owner.
    assert_eq!(reads(&data, &request()), 3, "restricted");
    assert_eq!(reads(&data, &other()), 3, "by any grant");
    let named = Request { grant: Some(2), ..other() };
    assert_eq!(reads(&data, &named), 3, "by a named one");
    data.revoke(OWNER, NOW, Agency::OWN, 2).unwrap();
    data.refuse_emergencies(OWNER, NOW).unwrap();
    assert_eq!(reads(&data, &named), 4, "and the named one itself, which has left the entry");
}

#[ink::test]
fn the_entry_of_an_owner_is_small() {
    let except = vec![OTHER; MAX_EXCEPTIONS];
    let (purposes, categories) = (u32::MAX, u32::MAX);
    let restriction = Some(Restriction { purposes, categories, except, by_guardian: false });
    let choices = Choices { refuses_emergencies: true, restriction };
    assert!(Owner { epoch: u32::MAX, choices }.encode().len() < 1024);
}
