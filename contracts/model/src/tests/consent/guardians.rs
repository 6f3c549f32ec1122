//! Stories of a guardian who acts for a patient.

use super::{deny, Story, DONE};
use crate::{
    arbitrary::{HOUR, START},
    power, Account, Answer, Decision, DenyReason, Terms, World, ZERO,
};

const UNTIL: u64 = START + 2 * HOUR;
const MOTHER: Account = [71; 32];
const FATHER: Account = [72; 32];

impl Story {
    /// A patient with two guardians whose keys were never registered.
    fn guarded() -> Self {
        let mut story = Self::start();
        for guardian in [MOTHER, FATHER] {
            story.appoint(guardian, START, UNTIL);
        }
        story
    }

    #[track_caller]
    fn appoint(&mut self, guardian: Account, now: u64, until: u64) {
        let (by, ward) = (self.administrator, self.patient);
        assert_eq!(self.world.appoint_guardian(by, now, ward, guardian, until, ZERO), DONE);
        self.sound();
    }
}

#[test]
fn a_grant_of_a_guardian_ends_with_the_mandate_of_any_of_them() {
    let mut s = Story::guarded();
    let (patient, administrator) = (s.patient, s.administrator);
    let grant = s.grant(MOTHER, s.terms()).unwrap();
    assert_eq!(s.ask(Some(grant), 0, 1), Decision::Permit);
    // A longer time ends nothing, a shorter one does.
    s.appoint(MOTHER, START, UNTIL + HOUR);
    assert_eq!(s.ask(Some(grant), 0, 1), Decision::Permit);
    s.appoint(FATHER, START, UNTIL - 1);
    assert_eq!(s.ask(Some(grant), 0, 1), deny(DenyReason::Expired));
    assert_eq!(s.world.live_grants(&patient, &s.hospital, START), []);
    assert_eq!(s.world.revoke_grant(patient, START, grant), DONE);

    for by in [FATHER, administrator] {
        let mut s = Story::guarded();
        let own = s.grant(patient, s.terms()).unwrap();
        let grant = s.grant(MOTHER, s.terms()).unwrap();
        assert_eq!(s.world.end_mandate(patient, START, patient, FATHER), Err("NotAuthorized"));
        assert_eq!(s.world.end_mandate(by, START, patient, FATHER), DONE);
        assert_eq!(s.ask(Some(grant), 0, 1), deny(DenyReason::Expired));
        assert_eq!(s.ask(Some(own), 0, 1), Decision::Permit);
        // Who stays in office grants anew.
        let grant = s.grant(MOTHER, s.terms()).unwrap();
        assert_eq!(s.ask(Some(grant), 0, 1), Decision::Permit);
    }
}

#[test]
fn no_grant_outlasts_its_guardian_unless_the_patient_says_so() {
    let mut s = Story::guarded();
    let longer = Terms { until: UNTIL + 1, ..s.terms() };
    assert_eq!(s.grant(MOTHER, longer), Err("OutOfScope"));
    let grant = s.grant(MOTHER, Terms { until: UNTIL, ..s.terms() }).unwrap();
    assert_eq!(s.ask_for(UNTIL - 1, Some(grant), None, 0, 1), Decision::Permit);
    assert_eq!(s.ask_for(UNTIL, Some(grant), None, 0, 1), deny(DenyReason::Expired));

    let mut s = Story::guarded();
    let grant = s.grant(MOTHER, s.terms()).unwrap();
    let Terms { purposes, categories, from, max_uses, policy, .. } = s.terms();
    let until = UNTIL + HOUR;
    let new = crate::Amendment { purposes, categories, from, until, max_uses, policy };
    assert_eq!(s.world.amend(FATHER, START, grant, 1, new), Err("OutOfScope"));
    assert_eq!(s.world.amend(s.patient, START, grant, 1, new), DONE);
    assert_eq!(s.ask_for(UNTIL, Some(grant), None, 0, 1), Decision::Permit);
}

#[test]
fn a_guardian_speaks_for_the_patient_and_keeps_no_doctor_out() {
    let mut s = Story::guarded();
    let (patient, hospital) = (s.patient, s.hospital);
    let stranger = [73; 32];
    s.grant(patient, s.terms()).unwrap();
    let w = &mut s.world;
    assert_eq!(w.deny(stranger, START, patient, hospital, 1, 2), Err("NotAuthorized"));
    assert_eq!(w.deny(MOTHER, START, patient, patient, 1, 2), Err("SelfDenial"));
    assert_eq!(w.deny(MOTHER, START, patient, hospital, 1, 2), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    let broken = s.world.break_glass(hospital, START, hospital, patient, ZERO);
    assert_eq!(broken, Ok(Answer::Number(1)));
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.world.restrict(FATHER, START, patient, 1, 2, &[]), DONE);
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    // What the patient says himself binds, and is not for a guardian to lift.
    assert_eq!(s.world.deny(patient, START, patient, hospital, 1, 2), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    assert!(s.world.lift_denial(MOTHER, START, patient, hospital, 1, 2).is_ok());
    assert_eq!(s.world.lift_denial(MOTHER, START, patient, hospital, 1, 2), Err("NoDenial"));
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    // Nobody has to wait after a guardian.
    assert_eq!(s.world.close_break_glass(stranger, START, 1), Err("NotAuthorized"));
    assert_eq!(s.world.close_break_glass(MOTHER, START, 1), DONE);
    let again = s.world.break_glass(hospital, START, hospital, patient, ZERO);
    assert_eq!(again, Ok(Answer::Number(2)));
    assert_eq!(s.world.lift_restriction(MOTHER, START, patient), DONE);
    assert_eq!(s.world.restrict(patient, START, patient, 1, 2, &[]), DONE);
    assert_eq!(s.world.lift_restriction(MOTHER, START, patient), Err("NotRestricted"));
    assert_eq!(s.world.refuse_emergencies(patient, START), DONE);
    assert_eq!(s.world.allow_emergencies(MOTHER, START, patient), DONE);
    assert_eq!(s.world.revoke_all_for(MOTHER, START, patient, hospital), Ok(Answer::Count(1)));
    assert_eq!(s.world.revoke_all(MOTHER, START, patient), DONE);
    s.sound();
    // When the time is over, so is all of it.
    assert_eq!(s.world.revoke_all(MOTHER, UNTIL, patient), Err("NotAuthorized"));
    s.world.participants.governance.paused = true;
    let late = s.world.appoint_guardian(s.administrator, UNTIL, patient, MOTHER, 0, ZERO);
    assert_eq!(late, Err("Paused"));
}

#[test]
fn a_guardian_is_on_no_other_side() {
    let mut s = Story::start();
    let (patient, hospital) = (s.patient, s.hospital);
    s.appoint(hospital, START, UNTIL);
    assert_eq!(s.grant(hospital, s.terms()), Err("OutOfScope"), "to himself");
    let broken = s.world.break_glass(hospital, START, hospital, patient, ZERO);
    assert_eq!(broken, Err("OwnData"));
    let nurse = [77; 32];
    s.appoint(nurse, START, UNTIL);
    let all = power::ALL;
    assert_eq!(s.world.admit_member(hospital, START, nurse, all, UNTIL, ZERO), DONE);
    let broken = s.world.break_glass(nurse, START, hospital, patient, ZERO);
    assert_eq!(broken, Err("OwnData"));
    // The patient is an organisation, too, and does not make a member of his guardian.
    let member = s.world.admit_member(patient, START, nurse, all, UNTIL, ZERO);
    assert_eq!(member, Err("OtherMandate"));
    let own = s.world.propose(nurse, START, s.terms(), START + 1);
    assert_eq!(own, Err("NotAuthorized"));
    s.sound();
}

#[test]
fn who_guarded_without_a_mandate_is_noticed() {
    let mut s = Story::guarded();
    let (patient, hospital) = (s.patient, s.hospital);
    let grant = s.grant(MOTHER, s.terms()).unwrap();
    assert_eq!(s.ask(Some(grant), 0, 1), Decision::Permit);
    assert_eq!(s.world.deny(MOTHER, START, patient, hospital, 2, 2), DONE);
    assert_eq!(s.world.restrict(MOTHER, START, patient, 2, 2, &[]), DONE);
    assert_eq!(s.world.revoke_all(MOTHER, START, patient), DONE);
    s.sound();
    let good = &s.world;
    let damages: [fn(&mut World); 16] = [
        |w| w.consent.guarded[0].deed.by = [1; 32],
        |w| w.consent.guarded[0].after.as_mut().unwrap().until = UNTIL + 1,
        |w| w.consent.guarded[0].after.as_mut().unwrap().grantee = MOTHER,
        |w| w.consent.guarded[0].after.as_mut().unwrap().guardianship = None,
        |w| w.consent.grants.values_mut().for_each(|g| g.owner = MOTHER),
        |w| w.consent.permits.last_mut().unwrap().mandates = 0,
        |w| w.consent.permits.last_mut().unwrap().answers = Some([1; 32]),
        |w| w.consent.permits.last_mut().unwrap().grant.as_mut().unwrap().1.guardianship = Some(1),
        |w| w.consent.denied.last_mut().unwrap().deed.by = [1; 32],
        |w| w.consent.chosen.last_mut().unwrap().deed.by = [1; 32],
        |w| w.consent.deeds.last_mut().unwrap().by = [1; 32],
        |w| w.consent.deeds.last_mut().unwrap().power = power::ASK,
        |w| w.consent.guardians_denials.clear(),
        |w| w.consent.answers.clear(),
        |w| w.consent.choices.values_mut().for_each(|c| c.restriction = None),
        |w| w.participants.participants.values_mut().for_each(|p| p.guardianship += 1),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let mut world = good.clone();
        damage(&mut world);
        assert!(world.check_invariants().is_err(), "number {number} is not noticed");
    }
    // Had she not been appointed so, or by another, she had acted without a mandate.
    let mandated = |damage: fn(&mut crate::Mandated)| {
        let mut world = good.clone();
        let given = world.participants.mandated.iter_mut().find(|m| m.agent == MOTHER).unwrap();
        damage(given);
        let mandate = given.mandate.unwrap();
        world.participants.mandates.insert((patient, MOTHER), mandate);
        world.check_invariants()
    };
    assert_eq!(mandated(|_| ()), Ok(()));
    assert!(mandated(|m| m.by_is = None).is_err());
    assert!(mandated(|m| m.by = m.subject).is_err());
    assert!(mandated(|m| m.subject_is = None).is_err());
    assert!(mandated(|m| m.mandate.as_mut().unwrap().powers |= power::ASK).is_err());
    assert!(mandated(|m| m.mandate.as_mut().unwrap().appointed_by = None).is_err());
    assert!(mandated(|m| m.mandate.as_mut().unwrap().until = START + HOUR - 1).is_err());
    assert!(mandated(|m| m.mandate.as_mut().unwrap().until += 18 * 366 * 24 * HOUR).is_err());
}
