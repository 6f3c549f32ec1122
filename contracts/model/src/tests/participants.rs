//! Stories of admission.

use crate::{
    arbitrary::{self, Mix, START},
    power,
    role::{DATA_OWNER, EMITTER, PROVIDER, REGULATOR},
    Agency, Answer, Contract, GovernedMessage, Hash, Mandate, Mandated, Message, Participant,
    ParticipantsMessage, Reply, Status, World, ZERO,
};
use assent_interface::participants::MAX_TERM;
use parity_scale_codec::Encode;

const DONE: Reply = Ok(Answer::Nothing);

fn status(world: &World, account: &[u8; 32]) -> Status {
    world.participants.participants[account].status()
}

#[test]
fn an_approval_names_the_profile_that_was_checked() {
    let mut w = arbitrary::started().0;
    let [a, .., stranger] = arbitrary::setup().accounts[..] else { panic!("eight accounts") };
    w.register(stranger, [1; 32]).unwrap();
    assert_eq!(w.confirm_profile(a, stranger, [1; 32]), Err("NotApproved"));
    w.update_profile(stranger, [2; 32]).unwrap();
    let approve = |w: &mut World, profile| w.approve_participant(a, stranger, PROVIDER, profile);
    assert_eq!(approve(&mut w, [1; 32]), Err("ProfileChanged"));
    assert_eq!(approve(&mut w, [2; 32]), DONE);
    assert_eq!(approve(&mut w, [1; 32]), Err("AlreadyApproved"));
    assert_eq!(w.confirm_profile(a, stranger, [2; 32]), Err("AlreadyConfirmed"));
    w.update_profile(stranger, [3; 32]).unwrap();
    let unconfirmed = w.participants.participants[&stranger];
    assert_eq!((unconfirmed.profile, unconfirmed.confirmed), ([3; 32], Some([2; 32])));
    assert_eq!(w.confirm_profile(a, stranger, [2; 32]), Err("ProfileChanged"));
    assert_eq!(w.confirm_profile(a, stranger, [3; 32]), DONE);
    w.check_invariants().unwrap();
}

#[test]
fn a_suspended_role_passes_no_check_and_no_data_owner_is_suspended() {
    let mut w = arbitrary::started().0;
    let [a, _, both, ..] = arbitrary::setup().accounts[..] else { panic!("eight accounts") };
    assert_eq!(w.suspend(a, both, 0), Err("UnknownRoles"));
    assert_eq!(w.suspend(a, both, DATA_OWNER | PROVIDER), Err("DataOwner"));
    assert_eq!(w.suspend(a, both, PROVIDER | EMITTER), DONE);
    assert_eq!(w.suspend(a, both, PROVIDER), Err("AlreadySuspended"));
    assert!(!w.participants.has_role(&both, PROVIDER | EMITTER));
    assert!(w.participants.has_role(&both, DATA_OWNER));
    assert_eq!(status(&w, &both), Status::Active);
    w.set_roles(a, both, PROVIDER).unwrap();
    assert_eq!(status(&w, &both), Status::Suspended);
    assert!(!w.participants.is_admitted(&both));

    // Who leaves and comes back stays suspended.
    assert_eq!(w.leave(both), DONE);
    assert_eq!(w.leave(both), Err("NothingToLeave"));
    assert_eq!(status(&w, &both), Status::Pending);
    assert!(w.participants.was_admitted(&both));
    let profile = w.participants.participants[&both].profile;
    assert_eq!(w.approve_participant(a, both, PROVIDER, profile), DONE);
    assert!(!w.participants.has_role(&both, PROVIDER));
    assert_eq!(w.reinstate(a, both, PROVIDER | REGULATOR), Err("NotSuspended"));
    assert_eq!(w.reinstate(a, both, PROVIDER), DONE);
    assert!(w.participants.has_role(&both, PROVIDER));
    w.check_invariants().unwrap();
}

#[test]
fn the_office_goes_to_nobody_who_is_suspended_as_a_regulator() {
    let mut w = arbitrary::started().0;
    let [a, owner, .., regulator, _] = arbitrary::setup().accounts[..] else { panic!("eight") };
    assert_eq!(w.suspend(regulator, owner, REGULATOR), Err("NotAdministrator"));
    assert_eq!(w.suspend(a, owner, REGULATOR), DONE);
    let propose = GovernedMessage::ProposeHandover(owner);
    let send = |w: &mut World, caller, now, message: &GovernedMessage| {
        w.apply_governed(Contract::Participants, caller, now, message)
    };
    assert_eq!(send(&mut w, a, START, &propose), Err("NotEligible"));
    assert_eq!(w.reinstate(a, owner, REGULATOR), DONE);
    assert_eq!(send(&mut w, a, START, &propose), DONE);
    assert_eq!(w.suspend(a, owner, REGULATOR), DONE);
    let later = START + arbitrary::HOUR;
    assert_eq!(send(&mut w, owner, later, &GovernedMessage::AcceptHandover), Err("NotEligible"));
    w.check_invariants().unwrap();
}

#[test]
fn an_organisation_admits_staff_and_a_mere_data_owner_does_not() {
    let mut w = arbitrary::started().0;
    let [a, patient, both, hospital, .., stranger] = arbitrary::setup().accounts[..] else {
        panic!("eight accounts")
    };
    let (nurse, person, until) = ([77; 32], [78; 32], START + 1);
    let admit = |w: &mut World, by, agent, powers, until| {
        w.admit_member(by, START, agent, powers, until, person)
    };
    assert_eq!(w.set_roles(a, patient, DATA_OWNER), DONE);
    // The first of these reasons is the one that is told.
    assert_eq!(admit(&mut w, patient, patient, 0, 0), Err("NotOrganisation"));
    assert_eq!(admit(&mut w, stranger, stranger, 0, 0), Err("NotOrganisation"));
    assert_eq!(admit(&mut w, hospital, hospital, 0, 0), Err("OwnMandate"));
    assert_eq!(admit(&mut w, hospital, nurse, 0, 0), Err("UnknownPowers"));
    assert_eq!(admit(&mut w, hospital, nurse, power::ALL + 1, 0), Err("UnknownPowers"));
    assert_eq!(admit(&mut w, hospital, nurse, 1, START), Err("InvalidTerm"));
    assert_eq!(admit(&mut w, hospital, nurse, 1, START + MAX_TERM + 1), Err("InvalidTerm"));
    assert_eq!(admit(&mut w, hospital, nurse, 1, START + MAX_TERM), DONE);
    assert_eq!(admit(&mut w, hospital, nurse, power::ALL, until), DONE);
    let mandate = Mandate { powers: power::ALL, until, person, appointed_by: None };
    assert_eq!(w.participants.mandates[&(hospital, nurse)], mandate);

    // A data owner who is more besides has staff, until that does not count.
    assert_eq!(admit(&mut w, both, nurse, power::SIGN, until), DONE);
    assert_eq!(w.suspend(a, both, PROVIDER | EMITTER), DONE);
    assert_eq!(admit(&mut w, both, nurse, power::SIGN, until), Err("NotOrganisation"));
    let of = |w: &World, subject, now| w.participants.agency(&subject, &nurse, now);
    let signs = Agency { powers: power::SIGN, until, person: Some(person) };
    assert_eq!(of(&w, both, START), signs);
    assert_eq!(of(&w, both, until), Agency::NONE);
    assert_eq!(of(&w, nurse, until), Agency::OWN);
    assert_eq!(w.participants.agency(&nurse, &hospital, START), Agency::NONE);

    let shown = w.participants.admission(START, &hospital, &both, &nurse);
    let all = Agency { powers: power::ALL, until, person: Some(person) };
    assert_eq!((shown.for_subject, shown.for_other), (all, signs));
    let shown = w.participants.admission(START, &nurse, &nurse, &nurse).encode();
    let (nobody, own) = ((0_u16, false), (u16::MAX, u64::MAX, None::<Hash>));
    assert_eq!(shown, (nobody, nobody, nobody, own, own, 0_u32, Some(nurse)).encode());
    w.participants.governance.paused = true;
    assert_eq!(admit(&mut w, patient, patient, 0, 0), Err("Paused"));
    w.check_invariants().unwrap();
}

#[test]
fn either_side_ends_a_mandate_also_one_that_is_over() {
    let mut w = arbitrary::started().0;
    let [a, _, _, hospital, ..] = arbitrary::setup().accounts[..] else { panic!("eight") };
    let (nurse, other) = ([77; 32], [79; 32]);
    for agent in [nurse, other] {
        w.admit_member(hospital, START, agent, 1, START + 1, ZERO).unwrap();
    }
    let end = |w: &mut World, by, agent| w.end_mandate(by, START + 2, hospital, agent);
    assert_eq!(end(&mut w, a, nurse), Err("NotAuthorized"));
    assert_eq!(end(&mut w, other, nurse), Err("NotAuthorized"));
    assert_eq!(end(&mut w, hospital, [80; 32]), Err("NoMandate"));
    w.participants.governance.paused = true;
    w.suspend(a, hospital, PROVIDER).unwrap();
    assert_eq!(end(&mut w, hospital, nurse), DONE);
    assert_eq!(end(&mut w, nurse, nurse), Err("NoMandate"));
    assert_eq!(end(&mut w, other, other), DONE);
    w.check_invariants().unwrap();
}

/// What may stand in place of an end.
const GIVEN: Mandate = Mandate { powers: 1, until: 1, person: ZERO, appointed_by: None };

#[test]
fn a_broken_mandate_is_noticed() {
    let mut world = arbitrary::started().0;
    let hospital = arbitrary::setup().accounts[3];
    world.admit_member(hospital, START, [77; 32], 1, START + 1, ZERO).unwrap();
    world.admit_member(hospital, START, [79; 32], 1, START + 1, ZERO).unwrap();
    world.end_mandate([79; 32], START, hospital, [79; 32]).unwrap();
    let last = world.participants.mandated.len() - 1;
    let broken = |damage: fn(&mut Mandated, &mut Mandated)| {
        let mut world = world.clone();
        let (given, ended) = world.participants.mandated.split_at_mut(last);
        damage(given.last_mut().unwrap(), &mut ended[0]);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_, _| ()));
    assert!(broken(|given, _| given.by = given.agent));
    assert!(broken(|given, _| given.agent = given.subject));
    assert!(broken(|given, _| given.subject_is = None));
    assert!(broken(|given, _| given.subject_is.as_mut().unwrap().roles = DATA_OWNER));
    assert!(broken(|given, _| given.mandate.as_mut().unwrap().powers = 0));
    assert!(broken(|given, _| given.mandate.as_mut().unwrap().powers = 1 << 5));
    assert!(broken(|given, _| given.mandate.as_mut().unwrap().until = START));
    assert!(broken(|given, _| given.mandate.as_mut().unwrap().until = START + MAX_TERM + 1));
    assert!(broken(|_, ended| ended.by = ZERO));
    assert!(broken(|_, ended| ended.agent = [78; 32]));
    assert!(broken(|_, ended| ended.mandate = Some(GIVEN)));
    let mut forgotten = world.clone();
    forgotten.participants.mandates.clear();
    assert!(forgotten.check_invariants().is_err());
}

#[test]
fn a_broken_admission_is_noticed() {
    let mut world = arbitrary::started().0;
    let accounts = arbitrary::setup().accounts;
    world.suspend(accounts[0], accounts[3], PROVIDER).unwrap();
    let broken = |damage: fn(&mut Participant)| {
        let mut world = world.clone();
        damage(world.participants.participants.get_mut(&accounts[3]).unwrap());
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|p| p.suspended = 0));
    assert!(broken(|p| p.suspended |= DATA_OWNER));
    assert!(broken(|p| p.confirmed = None));
    assert!(broken(|p| p.confirmed = Some(ZERO)));
    assert!(broken(|p| p.roles |= REGULATOR));
}

#[test]
fn a_mandate_has_its_arguments_in_their_order() {
    use ParticipantsMessage as M;
    let arguments = |message| Message::Participants(message).arguments();
    let admitted = arguments(M::AdmitMember([1; 32], 2, 3, [4; 32]));
    assert_eq!(admitted, ([1_u8; 32], 2_u16, 3_u64, [4_u8; 32]).encode());
    let ended = arguments(M::EndMandate([1; 32], [2; 32]));
    assert_eq!(ended, ([1_u8; 32], [2_u8; 32]).encode());
}

/// What the rules of participants may refuse a random message for.
const REFUSALS: [&str; 37] = [
    "Paused",
    "AlreadyRegistered",
    "NotRegistered",
    "NotRegulator",
    "OwnRoles",
    "UnknownRoles",
    "AlreadyApproved",
    "ProfileChanged",
    "NotApproved",
    "NotAdministrator",
    "AlreadyConfirmed",
    "DataOwner",
    "AlreadySuspended",
    "NotSuspended",
    "OfficeHolder",
    "NothingToLeave",
    "NotEligible",
    "NotOrganisation",
    "OwnMandate",
    "UnknownPowers",
    "InvalidTerm",
    "NotAuthorized",
    "NoMandate",
    "OwnGuardianship",
    "NotDataOwner",
    "OtherMandate",
    "Replaced",
    "KeyTaken",
    "OwnKey",
    "ReplacementPending",
    "NoSuccession",
    "NotSuccessor",
    "TooEarly",
    "Objected",
    "AlreadyObjected",
    "NotObjected",
    "OwnReplacement",
];

#[test]
fn random_steps_meet_every_refusal_of_participants() {
    let mix = Mix { participants: 40, governed: 10, ..Mix::NONE };
    super::meets(mix, "participants", &REFUSALS);
}
