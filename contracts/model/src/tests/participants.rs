//! Stories of admission.

use crate::{
    arbitrary::{self, Mix, START},
    role::{DATA_OWNER, EMITTER, PROVIDER, REGULATOR},
    Answer, Contract, GovernedMessage, Participant, Reply, Status, World, ZERO,
};

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

/// What the rules of participants may refuse a random message for.
const REFUSALS: [&str; 17] = [
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
];

#[test]
fn random_steps_meet_every_refusal_of_participants() {
    let mix = Mix { participants: 40, governed: 10, ..Mix::NONE };
    super::meets(mix, "participants", &REFUSALS);
}
