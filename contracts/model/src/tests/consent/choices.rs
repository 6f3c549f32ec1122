//! Stories of what a patient chooses at large.

use super::{deny, Story, DONE};
use crate::{
    arbitrary::START, Answer, Choice, Choices, Decision, DenyReason, Restriction, World, ZERO,
};
use parity_scale_codec::Encode;

#[test]
fn who_refuses_emergencies_is_asked_by_nobody_in_one() {
    let mut s = Story::start();
    let (hospital, patient) = (s.hospital, s.patient);
    assert_eq!(s.world.allow_emergencies(patient, START, patient), Err("NotRefused"));
    assert_eq!(
        s.world.break_glass(hospital, START, hospital, patient, ZERO),
        Ok(Answer::Number(1))
    );
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);

    // What is open stays open, and permits nothing.
    assert_eq!(s.world.refuse_emergencies(patient, START), DONE);
    assert_eq!(s.world.refuse_emergencies(patient, START), Err("AlreadyRefused"));
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::NoGrant));
    assert_eq!(s.world.consent.open_window(&hospital, &patient, START), Some(1));
    // This refusal comes before that of a window that is open.
    let another = s.world.break_glass(hospital, START, hospital, patient, ZERO);
    assert_eq!(another, Err("EmergencyRefused"));

    assert_eq!(s.world.allow_emergencies(patient, START, patient), DONE);
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.world.refuse_emergencies(patient, START), DONE);
    assert_eq!(s.world.close_break_glass(hospital, START, 1), DONE);
    // A grant counts as ever.
    s.grant(patient, s.terms()).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.last_entry().window, None);
}

#[test]
fn a_restriction_denies_everybody_but_those_whom_it_excepts() {
    let mut s = Story::start();
    let patient = s.patient;
    s.grant(patient, s.terms()).unwrap();
    s.world.break_glass(s.hospital, START, s.hospital, patient, ZERO).unwrap();
    assert_eq!(s.world.restrict(patient, START, patient, 0b1, 0b10, &[]), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    let entry = s.last_entry();
    assert_eq!((entry.grant, entry.window), (None, None));
    // Only both masks together are denied.
    assert_eq!(s.ask(None, 0, 2), Decision::Permit);
    assert_eq!(s.ask(None, 1, 1), deny(DenyReason::PurposeNotGranted));
    assert_eq!(
        s.world.restrict(patient, START, patient, 0b1, 0b10, &[s.hospital]),
        Err("AlreadyRestricted")
    );

    assert_eq!(s.world.lift_restriction(patient, START, patient), DONE);
    assert_eq!(s.world.lift_restriction(patient, START, patient), Err("NotRestricted"));
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);

    // An exception permits nothing by itself, and a denial of the pair still denies.
    assert_eq!(s.world.restrict(patient, START, patient, 0b11, 0b10, &[s.hospital]), DONE);
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.ask(None, 1, 1), deny(DenyReason::PurposeNotGranted));
    assert_eq!(s.world.deny(patient, START, patient, s.hospital, 0b1, 0b10), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    assert_eq!(s.world.lift_restriction(patient, START, patient), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
}

#[test]
fn a_restriction_says_something_and_excepts_few_and_nobody_twice() {
    let mut s = Story::start();
    let many: Vec<_> = (0..17).map(|n| [n; 32]).collect();
    let twice = [[1; 32], [2; 32], [1; 32]];
    assert_eq!(s.world.restrict(s.patient, START, s.patient, 0, 1, &many), Err("EmptyMask"));
    assert_eq!(s.world.restrict(s.patient, START, s.patient, 1, 0, &[]), Err("EmptyMask"));
    assert_eq!(
        s.world.restrict(s.patient, START, s.patient, 1, 1, &[[1; 32]; 17]),
        Err("TooManyExceptions")
    );
    assert_eq!(
        s.world.restrict(s.patient, START, s.patient, 1, 1, &twice),
        Err("RepeatedException")
    );
    assert_eq!(s.world.restrict(s.patient, START, s.patient, 1, 1, &many[..16]), DONE);
    assert_eq!(
        s.world.restrict(s.patient, START, s.patient, 1, 1, &twice),
        Err("RepeatedException")
    );
    s.sound();
}

#[test]
fn a_pause_keeps_nobody_from_choosing_less_and_everybody_from_choosing_more() {
    let mut s = Story::start();
    s.pause();
    assert_eq!(s.world.refuse_emergencies(s.patient, START), DONE);
    assert_eq!(s.world.restrict(s.patient, START, s.patient, 1, 1, &[]), DONE);
    assert_eq!(s.world.allow_emergencies(s.patient, START, s.patient), Err("Paused"));
    assert_eq!(s.world.lift_restriction(s.patient, START, s.patient), Err("Paused"));
    // The pause is the first reason.
    assert_eq!(s.world.allow_emergencies(s.hospital, START, s.hospital), Err("Paused"));
    assert_eq!(s.world.lift_restriction(s.hospital, START, s.hospital), Err("Paused"));
    s.sound();
}

#[test]
fn everybody_chooses_for_himself_and_also_a_delegate() {
    let mut s = Story::start();
    s.delegation();
    assert_eq!(s.world.refuse_emergencies(s.delegate, START), DONE);
    assert_eq!(s.world.restrict(s.outsider, START, s.outsider, 1, 2, &[s.patient]), DONE);
    assert_eq!(s.world.consent.choices(&s.patient), Choices::default());
    assert!(s.world.consent.choices(&s.delegate).refuses_emergencies);
    let shown = s.world.consent.choices(&s.outsider);
    let restriction = (1_u32, 2_u32, vec![s.patient], false);
    assert_eq!(shown.encode(), (false, Some(restriction)).encode());
    s.sound();
}

#[test]
fn a_broken_choice_is_noticed() {
    let mut s = Story::start();
    let patient = s.patient;
    s.world.break_glass(s.hospital, START, s.hospital, patient, ZERO).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    s.world.refuse_emergencies(patient, START).unwrap();
    s.world.restrict(patient, START, patient, 1, 0b100, &[]).unwrap();
    s.sound();

    let good = &s.world;
    let broken = |damage: fn(&mut World)| {
        let mut world = good.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|w| w.consent.choices.clear()));
    assert!(broken(|w| w.consent.chosen.clear()));
    assert!(broken(|w| w.consent.chosen[0].choice = Choice::Emergencies));
    assert!(broken(|w| w.consent.openings.get_mut(&1).unwrap().chosen = 1));
    assert!(broken(|w| w.consent.permits[0].chosen = 1));
    assert!(broken(|w| w.consent.last.as_mut().unwrap().chosen = 2));
    let restricts_all = |w: &mut World| {
        let owner = w.consent.chosen[1].deed.subject;
        let (purposes, categories, except) = (1, u32::MAX, Vec::new());
        let all = Restriction { purposes, categories, except, by_guardian: false };
        w.consent.chosen[1].choice = Choice::Restricted(all.clone());
        w.consent.choices.get_mut(&owner).unwrap().restriction = Some(all);
    };
    assert!(!broken(restricts_all));
    let mut world = good.clone();
    restricts_all(&mut world);
    world.consent.chosen.remove(0);
    world.consent.choices.get_mut(&patient).unwrap().refuses_emergencies = false;
    assert!(world.check_invariants().is_ok());
    // Had it been restricted before, the permit would have been none.
    world.consent.permits[0].chosen = 1;
    assert!(world.check_invariants().is_err());
}
