//! Stories of keys that replace others.

use super::started;
use crate::{
    arbitrary::{self, HOUR, START},
    power, Account, Answer, Decision, DenyReason, KeyEvent, Reply, Request, World, TREATMENT,
};

const DONE: Reply = Ok(Answer::Nothing);
/// When what is said at the start may be accepted.
const DUE: u64 = START + HOUR;

fn accounts() -> [Account; 8] {
    arbitrary::setup().accounts.try_into().unwrap()
}

fn keys() -> [Account; 5] {
    arbitrary::setup().keys.try_into().unwrap()
}

/// `subject` acts by the first key.
fn succeeded(subject: Account) -> World {
    let mut world = started();
    let [key, ..] = keys();
    world.name_successor(subject, START, key).unwrap();
    assert_eq!(world.accept_succession(key, DUE - 1, subject), Err("TooEarly"));
    assert_eq!(world.accept_succession(key, DUE, subject), DONE);
    world.check_invariants().unwrap();
    world
}

#[test]
fn a_lost_key_is_replaced_when_nobody_objects() {
    let mut world = started();
    let [a, patient, .., regulator, _] = accounts();
    let [key, thief, ..] = keys();
    world.name_successor(patient, START, thief).unwrap();
    assert_eq!(world.replace_key(regulator, START, regulator, key, [0; 32]), Err("OwnKey"));
    assert_eq!(world.replace_key(regulator, START, a, key, [0; 32]), Err("OfficeHolder"));
    assert_eq!(world.replace_key(regulator, START, patient, key, [0; 32]), DONE);
    assert_eq!(world.name_successor(patient, START, thief), Err("ReplacementPending"));
    assert_eq!(world.accept_succession(thief, DUE, patient), Err("NotSuccessor"));
    assert_eq!(world.accept_succession(key, DUE, patient), DONE);
    assert_eq!(world.update_profile(patient, [1; 32]), Err("Replaced"));
    assert_eq!(world.update_profile(key, [1; 32]), DONE);
    world.check_invariants().unwrap();
}

#[test]
fn an_objection_takes_a_second_regulator() {
    let mut world = started();
    let [a, patient, .., regulator, _] = accounts();
    let [key, other, ..] = keys();
    world.replace_key(regulator, START, patient, key, [0; 32]).unwrap();
    assert_eq!(world.decide_replacement(a, START, patient, key, true), Err("NotObjected"));
    assert_eq!(world.cancel_succession(patient, START), DONE);
    assert_eq!(world.cancel_succession(patient, START), Err("AlreadyObjected"));
    assert_eq!(world.accept_succession(key, DUE, patient), Err("Objected"));
    let decide = |world: &mut World, by, to, confirmed| {
        world.decide_replacement(by, START, patient, to, confirmed)
    };
    assert_eq!(decide(&mut world, regulator, key, true), Err("OwnReplacement"));
    assert_eq!(decide(&mut world, a, other, true), Err("NoSuccession"));
    assert_eq!(decide(&mut world, a, key, true), DONE);
    assert_eq!(decide(&mut world, a, key, true), Err("AlreadyConfirmed"));
    let mut rejected = world.clone();
    assert_eq!(decide(&mut rejected, a, key, false), DONE);
    assert_eq!(rejected.accept_succession(key, DUE, patient), Err("NoSuccession"));
    rejected.check_invariants().unwrap();
    assert_eq!(world.accept_succession(key, DUE, patient), DONE);
    world.check_invariants().unwrap();
}

#[test]
fn all_that_was_the_patients_is_the_successors_to_act_on() {
    let [_, patient, hospital, ..] = accounts();
    let mut world = succeeded(patient);
    let [key, ..] = keys();
    assert_eq!(world.revoke_all(patient, DUE, patient), Err("NotAuthorized"));
    assert_eq!(world.revoke_all(key, DUE, key), Err("NotAuthorized"), "a key is nobody itself");
    assert_eq!(world.revoke_all(key, DUE, patient), DONE);
    assert_eq!(world.refuse_emergencies(patient, DUE), Err("NotAuthorized"));
    assert_eq!(world.refuse_emergencies(key, DUE), DONE);
    assert!(world.consent.refuses_emergencies(&patient));
    assert_eq!(world.deny(key, DUE, patient, hospital, 1, 1), DONE);
    assert_eq!(world.consent.denials(&patient, &hospital).len(), 1);
    world.check_invariants().unwrap();
}

#[test]
fn the_log_names_the_key_of_who_asks() {
    let [_, patient, hospital, ..] = accounts();
    let mut world = succeeded(hospital);
    let [key, ..] = keys();
    let (grant, record, purpose, category) = (None, None, TREATMENT, 1);
    let request = Request { requester: hospital, owner: patient, grant, record, purpose, category };
    assert_eq!(world.request_access(hospital, DUE, request), Err("NotAuthorized"));
    world.request_access(key, DUE, request).unwrap();
    let entry = *world.consent.logs[&patient].last().unwrap();
    assert_eq!((entry.requester, entry.by, entry.person), (hospital, key, None));
    world.check_invariants().unwrap();

    // What is denied to a member of the staff is denied to whichever key he has.
    let [_, _, _, organisation, .., staff] = accounts();
    let mut world = started();
    world.register(staff, [1; 32]).unwrap();
    world.name_successor(staff, START, key).unwrap();
    world.accept_succession(key, DUE, staff).unwrap();
    world.deny(patient, DUE, patient, staff, u32::MAX, u32::MAX).unwrap();
    let request = Request { requester: organisation, ..request };
    let denied = Ok(Answer::Decision(Decision::Deny(DenyReason::Denied)));
    assert_eq!(world.request_access(key, DUE, request), denied);
    assert_eq!(world.participants.agency(&organisation, &staff, DUE).powers, power::ALL);
    world.check_invariants().unwrap();
}

#[test]
fn money_goes_to_the_key_and_stays_frozen() {
    let [a, owner, .., collector] = accounts();
    let mut world = succeeded(owner);
    let [key, next, ..] = keys();
    let before = world.token.balance(&owner);
    assert!(before > 0, "the prologue gave him some");
    world.token.freeze(a, owner).unwrap();
    let take = |world: &mut World, from| {
        let key = world.participants.key_of(&from).ok_or("NotReplaced")?;
        world.token.take_over(from, key).map(|()| Answer::Nothing)
    };
    assert_eq!(take(&mut world, collector), Err("NotReplaced"));
    assert_eq!(take(&mut world, owner), DONE);
    assert_eq!(take(&mut world, owner), Err("AlreadyTakenOver"));
    assert_eq!((world.token.balance(&owner), world.token.balance(&key)), (0, before));
    assert!(world.token.is_frozen(&key));
    assert_eq!(world.token.transfer(owner, collector, 1), Err("Custom(\"Replaced\")"));
    assert_eq!(world.token.transfer(key, collector, 1), Err("Custom(\"Frozen\")"));
    assert_eq!(world.withdraw(owner), Err("Replaced"));
    world.check_invariants().unwrap();
    world.token.unfreeze(a, owner).unwrap();
    world.name_successor(key, DUE, next).unwrap();
    world.accept_succession(next, DUE + HOUR, owner).unwrap();
    assert_eq!(take(&mut world, owner), DONE);
    assert_eq!((world.token.balance(&key), world.token.balance(&next)), (0, before));
    world.check_invariants().unwrap();
}

#[test]
fn what_went_to_another_than_the_key_is_noticed() {
    let [a, owner, ..] = accounts();
    let mut world = succeeded(owner);
    let [key, next, ..] = keys();
    world.token.freeze(a, owner).unwrap();
    world.token.take_over(owner, key).unwrap();
    let broken = |damage: fn(&mut World)| {
        let mut world = world.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|w| w.token.moved.extend([(accounts()[2], keys()[0])])), "of another");
    assert!(broken(|w| w.token.moved.extend([(keys()[0], accounts()[1])])), "back");
    assert!(broken(|w| w.token.takeovers.clear()));
    assert!(broken(|w| w.token.takeovers[0].stays = false));
    assert!(broken(|w| {
        let balance = w.token.balances.remove(&keys()[0]).unwrap();
        w.token.balances.insert(accounts()[1], balance);
        w.token.frozen.clear();
    }));
    world.name_successor(key, DUE, next).unwrap();
    world.accept_succession(next, DUE + HOUR, owner).unwrap();
    world.token.take_over(key, next).unwrap();
    world.check_invariants().unwrap();
    assert!(world.token.is_frozen(&owner) && world.token.is_frozen(&next));
}

#[test]
fn a_guardian_has_no_say_in_his_wards_key() {
    let mut world = started();
    let [a, patient, .., regulator, _] = accounts();
    let [key, ..] = keys();
    world.appoint_guardian(a, START, patient, regulator, DUE, [0; 32]).unwrap();
    assert_eq!(world.replace_key(regulator, START, patient, key, [0; 32]), Err("OwnKey"));
    world.replace_key(a, START, patient, key, [0; 32]).unwrap();
    for confirmed in [true, false] {
        let decided = world.decide_replacement(regulator, START, patient, key, confirmed);
        assert_eq!(decided, Err("OwnKey"));
    }
    // A key that stands as another's word, whoever he is, ends without an objection.
    assert_eq!(world.decide_replacement(regulator, DUE, patient, key, false), DONE);
    world.check_invariants().unwrap();
}

#[test]
fn a_key_without_its_word_is_noticed() {
    let [_, patient, ..] = accounts();
    let world = succeeded(patient);
    let broken = |damage: fn(&mut World)| {
        let mut world = world.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|w| w.participants.keyed.clear()));
    assert!(broken(|w| w.participants.subjects.clear()));
    assert!(broken(|w| w.participants.keyed[0].by = accounts()[0]));
    assert!(broken(|w| w.participants.keyed[0].event = KeyEvent::Proposed));
    assert!(broken(|w| w.participants.keyed[1].at = DUE - 1));
    assert!(broken(|w| {
        w.participants.participants.get_mut(&accounts()[1]).unwrap().key = Some(keys()[1]);
    }));
    assert!(broken(|w| w.participants.governance.administrator = accounts()[1]));
}
