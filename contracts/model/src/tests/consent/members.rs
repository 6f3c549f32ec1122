//! Stories of a hospital's staff that asks and breaks the glass for it.

use super::{deny, Story, DONE};
use crate::{
    arbitrary::{HOUR, START},
    power,
    role::{AUDITOR, PROVIDER, RESEARCHER},
    Account, Answer, Decision, DenyReason, Hash, Outcome, Reply, Request, Terms, World, ZERO,
};
use parity_scale_codec::Encode;

const UNTIL: u64 = START + 5 * HOUR;
const NURSE: Account = [77; 32];
const HER: Hash = [78; 32];

impl Story {
    /// A hospital with a nurse whose key was never registered.
    fn staffed(powers: u16) -> Self {
        let mut story = Self::start();
        let hospital = story.hospital;
        let admitted = story.world.admit_member(hospital, START, NURSE, powers, UNTIL, HER);
        assert_eq!(admitted, DONE);
        story.sound();
        story
    }

    #[track_caller]
    fn nurse_asks(&mut self, now: u64, request: Request) -> Result<Decision, &'static str> {
        let answer = self.world.request_access(NURSE, now, request);
        self.sound();
        answer.map(|answer| match answer {
            Answer::Decision(decision) => decision,
            other => panic!("{other:?}"),
        })
    }

    #[track_caller]
    fn nurse_breaks(&mut self, now: u64, provider: Account) -> Reply {
        let answer = self.world.break_glass(NURSE, now, provider, self.patient, ZERO);
        self.sound();
        answer
    }
}

#[test]
fn a_nurse_asks_for_her_hospital_and_its_grant_and_budget_are_used() {
    let mut s = Story::staffed(power::ASK);
    let grant = s.grant(s.patient, s.terms()).unwrap();
    let request = s.request();
    let (hospital, patient) = (s.hospital, s.patient);
    let budget = |w: &World, of| w.rewards.budgets.get(&of).copied();
    let before = budget(&s.world, hospital).unwrap();
    assert_eq!(s.nurse_asks(START, request), Ok(Decision::Permit));
    let spent = before - budget(&s.world, hospital).unwrap();
    assert_eq!((spent, budget(&s.world, NURSE)), (10, None));

    let entry = s.last_entry();
    let who = (entry.requester, entry.by, entry.person, entry.grant);
    assert_eq!(who, (hospital, NURSE, Some(HER), Some(grant)));
    let who = (s.world.setup.domain(), patient, hospital, NURSE, Some(HER));
    let what = (1_u64, 1_u64, 0_u8, 1_u8, None::<Hash>, Some(grant), None::<u64>);
    let content = crate::blake2b(&(who, what, Decision::Permit, START).encode());
    assert_eq!(s.world.consent.contents[&patient], [content]);

    // The hospital itself is nobody of its staff.
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    let entry = s.last_entry();
    assert_eq!((entry.by, entry.person), (hospital, None));
    assert_eq!(s.world.consent.outsiders, []);
}

#[test]
fn a_nurse_asks_by_no_other_power_and_for_nobody_else_and_leaves_no_trace() {
    let mut s = Story::staffed(power::ALL ^ power::ASK);
    s.grant(s.patient, s.terms()).unwrap();
    let request = s.request();
    let before = s.world.clone();
    assert_eq!(s.nurse_asks(START, request), Err("NotAuthorized"));
    let unknown = Request { category: 32, ..request };
    assert_eq!(s.nurse_asks(START, unknown), Err("UnknownCategory"));
    assert_eq!(s.world, before);

    let admit =
        |w: &mut World, powers| w.admit_member(s.hospital, START, NURSE, powers, UNTIL, HER);
    assert_eq!(admit(&mut s.world, power::ASK), DONE);
    assert_eq!(s.nurse_asks(START, request), Ok(Decision::Permit));
    let for_another = Request { requester: s.administrator, ..request };
    assert_eq!(s.nurse_asks(START, for_another), Err("NotAuthorized"));
    // Nor does the hospital ask for her.
    let for_her = Request { requester: NURSE, ..request };
    assert_eq!(s.world.request_access(s.hospital, START, for_her), Err("NotAuthorized"));
    // For herself she is an outsider.
    assert_eq!(s.nurse_asks(START, for_her), Ok(deny(DenyReason::RequesterNotAdmitted)));
    assert_eq!(s.world.consent.outsiders.len(), 1);
}

#[test]
fn a_patient_denies_one_of_the_staff_alone() {
    let mut s = Story::staffed(power::ALL);
    s.grant(s.patient, s.terms()).unwrap();
    let (patient, hospital, request) = (s.patient, s.hospital, s.request());
    let colleague = [79; 32];
    let admitted = s.world.admit_member(hospital, START, colleague, power::ASK, UNTIL, HER);
    assert_eq!(admitted, DONE);
    assert_eq!(s.world.deny(patient, START, patient, NURSE, 0b1, 0b10), DONE);
    let denied = Ok(deny(DenyReason::Denied));
    assert_eq!(s.nurse_asks(START, request), denied);
    // Neither the hospital nor a colleague.
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    let answer = s.world.request_access(colleague, START, request);
    assert_eq!(answer, Ok(Answer::Decision(Decision::Permit)));
    // Also in an emergency that she opened herself.
    assert_eq!(s.nurse_breaks(START, hospital), Ok(Answer::Number(1)));
    assert_eq!(s.nurse_asks(START, request), denied);
    // What is denied to the hospital is to all of its staff.
    assert!(s.world.lift_denial(patient, START, patient, NURSE, 0b1, 0b10).is_ok());
    assert_eq!(s.nurse_asks(START, request), Ok(Decision::Permit));
    assert_eq!(s.world.deny(patient, START, patient, hospital, 0b1, 0b10), DONE);
    assert_eq!(s.nurse_asks(START, request), denied);
}

#[test]
fn a_mandate_counts_until_its_date_or_until_either_side_ends_it() {
    let mut s = Story::staffed(power::ASK);
    s.grant(s.patient, Terms { until: UNTIL + HOUR, ..s.terms() }).unwrap();
    let request = s.request();
    assert_eq!(s.nurse_asks(UNTIL - 1, request), Ok(Decision::Permit));
    assert_eq!(s.nurse_asks(UNTIL, request), Err("NotAuthorized"));

    for by in [s.hospital, NURSE] {
        let mut ended = Story::staffed(power::ASK);
        ended.grant(s.patient, s.terms()).unwrap();
        assert_eq!(ended.nurse_asks(START, request), Ok(Decision::Permit));
        assert_eq!(ended.world.end_mandate(by, START, s.hospital, NURSE), DONE);
        assert_eq!(ended.nurse_asks(START, request), Err("NotAuthorized"));
        // What she did before stays sound, and hers.
        assert_eq!(ended.last_entry().by, NURSE);
    }
}

#[test]
fn the_staff_of_a_suspended_hospital_can_do_nothing_either() {
    let mut s = Story::staffed(power::ALL);
    s.grant(s.patient, s.terms()).unwrap();
    assert_eq!(s.nurse_breaks(START, s.hospital), Ok(Answer::Number(1)));
    let trader = crate::role::TRADER;
    assert_eq!(s.world.suspend(s.administrator, s.hospital, PROVIDER | trader), DONE);
    let request = s.request();
    let refused = Ok(deny(DenyReason::RequesterNotAdmitted));
    assert_eq!(s.nurse_asks(START, request), refused);
    assert_eq!((s.last_entry().by, s.last_entry().person), (NURSE, Some(HER)));
    let (hospital, other) = (s.hospital, s.delegate);
    let broken = s.world.break_glass(NURSE, START, hospital, other, ZERO);
    assert_eq!(broken, Err("NotProvider"));
    // It can close what it opened.
    assert_eq!(s.world.close_break_glass(NURSE, START, 1), DONE);

    assert_eq!(s.world.reinstate(s.administrator, s.hospital, PROVIDER), DONE);
    assert_eq!(s.nurse_asks(START, request), Ok(Decision::Permit));
}

#[test]
fn a_window_is_its_providers_whichever_key_opened_it() {
    let mut s = Story::staffed(power::BREAK_GLASS);
    let (hospital, patient) = (s.hospital, s.patient);
    assert_eq!(s.nurse_breaks(START, s.administrator), Err("NotAuthorized"));
    assert_eq!(s.nurse_breaks(START, hospital), Ok(Answer::Number(1)));
    let window = s.world.consent.windows[&1];
    assert_eq!((window.provider, window.by, window.person), (hospital, NURSE, Some(HER)));
    assert_eq!(s.world.break_glass(hospital, START, hospital, patient, ZERO), Err("WindowOpen"));
    // She may open, and not ask; another key of the hospital may.
    assert_eq!(s.nurse_asks(START, s.request()), Err("NotAuthorized"));
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    let entry = s.last_entry();
    assert_eq!((entry.window, entry.by, entry.person), (Some(1), hospital, None));

    let colleague = [79; 32];
    let admit =
        |w: &mut World, powers| w.admit_member(hospital, START, colleague, powers, UNTIL, ZERO);
    assert_eq!(admit(&mut s.world, power::ASK), DONE);
    assert_eq!(s.world.close_break_glass(colleague, START, 1), Err("NotAuthorized"));
    assert_eq!(s.world.close_break_glass(colleague, START, 2), Err("UnknownWindow"));
    assert_eq!(admit(&mut s.world, power::BREAK_GLASS), DONE);
    assert_eq!(s.world.close_break_glass(colleague, START, 1), DONE);
    assert_eq!(s.world.close_break_glass(colleague, START, 1), Err("WindowClosed"));
    assert_eq!(s.world.consent.windows[&1].closed_by, Some(colleague));
    s.sound();
}

#[test]
fn nobody_breaks_the_glass_on_his_own_data_also_for_a_hospital() {
    let mut s = Story::staffed(power::ALL);
    let (hospital, patient) = (s.hospital, s.patient);
    let admit = s.world.admit_member(hospital, START, patient, power::ALL, UNTIL, ZERO);
    assert_eq!(admit, DONE);
    assert_eq!(s.world.break_glass(patient, START, hospital, patient, ZERO), Err("OwnData"));
    assert_eq!(s.nurse_breaks(START, hospital), Ok(Answer::Number(1)));
    // As the patient he closes it, whatever he is besides.
    assert_eq!(s.world.close_break_glass(patient, START, 1), DONE);
    assert_eq!(s.nurse_breaks(START, hospital), Err("CoolingDown"));
    s.sound();
}

#[test]
fn a_bar_and_a_wait_hit_the_key_and_not_the_hospitals_other_keys() {
    let mut s = Story::staffed(power::ALL);
    let (hospital, patient, auditor) = (s.hospital, s.patient, s.auditor);
    let other = s.world.setup.accounts[4];
    assert_eq!(s.world.admit_member(other, START, NURSE, power::ALL, UNTIL, HER), DONE);
    assert_eq!(s.nurse_breaks(START, hospital), Ok(Answer::Number(1)));
    assert_eq!(s.world.close_break_glass(patient, START, 1), DONE);
    // She waits for whomever, the hospital does not.
    assert_eq!(s.nurse_breaks(START, hospital), Err("CoolingDown"));
    assert_eq!(s.nurse_breaks(START, other), Err("CoolingDown"));
    let itself = |w: &mut World, now| w.break_glass(hospital, now, hospital, patient, ZERO);
    assert_eq!(itself(&mut s.world, START), Ok(Answer::Number(2)));
    assert_eq!(s.nurse_breaks(START + 2 * HOUR, other), Ok(Answer::Number(3)));

    let review = |w: &mut World, window| {
        w.review_break_glass(auditor, START + 2 * HOUR, window, Outcome::Unjustified)
    };
    assert_eq!(review(&mut s.world, 1), DONE);
    assert_eq!(s.world.consent.bar(&NURSE), Some(1));
    assert_eq!(s.world.consent.bar(&hospital), None);
    assert_eq!(s.nurse_breaks(START + 2 * HOUR, other), Err("WindowOpen"));
    assert_eq!(s.world.close_break_glass(NURSE, START + 2 * HOUR, 3), DONE);
    assert_eq!(s.nurse_breaks(START + 2 * HOUR, other), Err("Barred"));
    assert_eq!(s.world.close_break_glass(hospital, START + 2 * HOUR, 2), DONE);
    assert_eq!(itself(&mut s.world, START + 2 * HOUR), Ok(Answer::Number(4)));
    assert_eq!(s.world.lift_bar(s.administrator, hospital), Err("NotBarred"));
    assert_eq!(s.world.lift_bar(s.administrator, NURSE), DONE);
    assert_eq!(s.nurse_breaks(START + 2 * HOUR, other), Ok(Answer::Number(5)));
    s.sound();
}

#[test]
fn nobody_reviews_what_he_opened_or_what_his_own_side_did() {
    let s = Story::start();
    let (administrator, hospital, patient) = (s.administrator, s.hospital, s.patient);
    let auditor = s.auditor;
    let admit = |w: &mut World, by, powers| w.admit_member(by, START, auditor, powers, UNTIL, HER);
    let review = |w: &mut World, now| w.review_break_glass(auditor, now, 1, Outcome::Unjustified);
    // By a mandate of either side, whatever it is for, as long as it counts.
    for side in [hospital, patient] {
        let mut w = s.world.clone();
        w.break_glass(hospital, START, hospital, patient, ZERO).unwrap();
        assert_eq!(admit(&mut w, side, power::SIGN), DONE);
        assert_eq!(review(&mut w, START), Err("OwnReview"));
        assert_eq!(review(&mut w, UNTIL), DONE);
        w.check_invariants().unwrap();
    }
    // By having opened it, also when that is over.
    let mut w = s.world.clone();
    assert_eq!(admit(&mut w, hospital, power::BREAK_GLASS), DONE);
    let broken = w.break_glass(auditor, START, hospital, patient, ZERO);
    assert_eq!(broken, Ok(Answer::Number(1)));
    assert_eq!(w.end_mandate(hospital, START, hospital, auditor), DONE);
    assert_eq!(review(&mut w, START), Err("OwnReview"));
    assert_eq!(w.set_roles(administrator, auditor, RESEARCHER), DONE);
    assert_eq!(review(&mut w, START), Err("NotReviewer"));
    assert_eq!(w.set_roles(administrator, auditor, AUDITOR), DONE);
    w.check_invariants().unwrap();
}

#[test]
fn who_acted_without_a_mandate_is_noticed() {
    let mut s = Story::staffed(power::ALL);
    s.grant(s.patient, s.terms()).unwrap();
    assert_eq!(s.nurse_asks(START, s.request()), Ok(Decision::Permit));
    assert_eq!(s.nurse_breaks(START, s.hospital), Ok(Answer::Number(1)));
    assert_eq!(s.world.close_break_glass(NURSE, START, 1), DONE);
    s.world.review_break_glass(s.auditor, START, 1, Outcome::Unjustified).unwrap();
    s.sound();

    let good = &s.world;
    let last = good.participants.mandated.len() - 1;
    let damages: [fn(&mut World); 10] = [
        |w| w.consent.asked.clear(),
        |w| w.consent.asked.get_mut(&1).unwrap().mandates -= 1,
        |w| w.consent.asked.get_mut(&1).unwrap().by = [1; 32],
        |w| w.consent.openings.get_mut(&1).unwrap().broken.mandates -= 1,
        |w| w.consent.windows.get_mut(&1).unwrap().person = None,
        |w| w.consent.windows.get_mut(&1).unwrap().by = [1; 32],
        |w| w.consent.closings.get_mut(&1).unwrap().mandates -= 1,
        |w| w.consent.closings.clear(),
        |w| w.consent.reviews.get_mut(&1).unwrap().by = NURSE,
        |w| w.consent.logs.values_mut().for_each(|log| log[0].person = None),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let mut world = good.clone();
        damage(&mut world);
        assert!(world.check_invariants().is_err(), "number {number} is not noticed");
    }
    // Had the mandate been another, or over, she had acted without one.
    let mandated = |damage: fn(&mut crate::Mandate)| {
        let mut world = good.clone();
        damage(world.participants.mandated[last].mandate.as_mut().unwrap());
        damage(world.participants.mandates.get_mut(&(s.hospital, NURSE)).unwrap());
        world.check_invariants()
    };
    assert_eq!(mandated(|m| m.until -= 1), Ok(()));
    assert_eq!(mandated(|m| m.powers &= power::ASK | power::BREAK_GLASS), Ok(()));
    assert!(mandated(|m| m.person = ZERO).is_err());
    assert!(mandated(|m| m.powers = power::ASK).is_err());
    assert!(mandated(|m| m.powers = power::BREAK_GLASS).is_err());
}
