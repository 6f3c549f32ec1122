//! Which key acts for a participant, and how another takes its place.

use super::*;
use crate::succession::{Cancelled, Ruling, Succession, Waiting};
use assent_events::{
    participants::{
        KeyReplaced, ReplacementConfirmed, ReplacementObjected, ReplacementProposed,
        ReplacementRejected, SuccessionCancelled, SuccessorNamed,
    },
    power,
};
use assent_governance::GRACE;
use assent_traits::participants::Agency;

const KEY: AccountId = AccountId([21; 32]);
const NEXT: AccountId = AccountId([22; 32]);
const THIEF: AccountId = AccountId([23; 32]);
const EVIDENCE: [u8; 32] = [24; 32];
const NOW: u64 = 1_000;
const DELAY: u64 = 100;
/// When what is said at [`NOW`] may be accepted.
const DUE: u64 = NOW + DELAY;
const WAITING: Waiting = Waiting { now: NOW, delay: DELAY };

/// As [`super::data`], with Alice as a data owner and Bob as another regulator.
fn data() -> Data {
    let mut data = super::data();
    data.approve(REGULATOR, false, ALICE, role::DATA_OWNER, PROFILE).unwrap();
    data.approve(ADMIN, true, BOB, role::REGULATOR, PROFILE).unwrap();
    data
}

/// Alice acts by [`KEY`].
fn succeeded() -> Data {
    let mut data = data();
    data.name_successor(ALICE, false, WAITING, KEY).unwrap();
    data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    data
}

/// [`REGULATOR`] replaces the key of Alice by [`KEY`].
fn replaced(data: &mut Data) -> Result<ReplacementProposed, Error> {
    data.replace_key(REGULATOR, (false, false), WAITING, ALICE, KEY, EVIDENCE)
}

#[ink::test]
fn a_key_names_its_successor_who_accepts_after_the_delay() {
    let mut data = data();
    let until = DUE + GRACE;
    let event = data.name_successor(ALICE, false, WAITING, KEY).unwrap();
    assert_eq!(event, SuccessorNamed { subject: ALICE, to: KEY, not_before: DUE, until });
    let (to, not_before, by) = (KEY, DUE, None);
    let waits = Succession { to, not_before, until, by, objected: false, confirmed_by: None };
    assert_eq!(data.succession(ALICE), Some(waits));
    assert_eq!(data.subject_of(KEY), Some(KEY), "nobody acts by it yet");

    let mut accept = |key, office, now| data.accept_succession(key, office, now, ALICE);
    assert_eq!(accept(NEXT, true, DUE - 1), Err(Error::NotSuccessor));
    assert_eq!(accept(KEY, true, DUE - 1), Err(Error::TooEarly));
    assert_eq!(accept(KEY, true, DUE), Err(Error::OfficeHolder));
    assert_eq!(accept(KEY, false, until), Err(Error::NoSuccession));
    let event = accept(KEY, false, until - 1).unwrap();
    assert_eq!(event, KeyReplaced { subject: ALICE, from: ALICE, to: KEY });
    assert_eq!(accept(KEY, false, until - 1), Err(Error::NoSuccession));
    assert_eq!(data.participant(ALICE).unwrap().key, Some(KEY));
    assert_eq!((data.subject_of(KEY), data.identity(KEY)), (Some(ALICE), Ok(ALICE)));
    assert_eq!((data.subject_of(ALICE), data.identity(ALICE)), (None, Err(Error::Replaced)));
    assert_eq!((data.key_of(ALICE), data.key_of(KEY)), (Some(KEY), None));
    assert_eq!((data.key_of(BOB), data.key_of(STRANGER)), (None, None));

    // And that one names the next.
    data.name_successor(ALICE, false, WAITING, NEXT).unwrap();
    let event = data.accept_succession(NEXT, false, DUE, ALICE).unwrap();
    assert_eq!(event, KeyReplaced { subject: ALICE, from: KEY, to: NEXT });
    for old in [ALICE, KEY] {
        assert_eq!((data.subject_of(old), data.key_of(old)), (None, Some(NEXT)));
    }
    assert_eq!(data.subject_of(NEXT), Some(ALICE));
}

#[ink::test]
fn a_successor_is_nobody_yet() {
    let mut data = data();
    let name = |data: &mut Data, to| data.name_successor(ALICE, false, WAITING, to);
    assert_eq!(data.name_successor(STRANGER, true, WAITING, ALICE), Err(Error::NotRegistered));
    assert_eq!(data.name_successor(ADMIN, true, WAITING, ALICE), Err(Error::OfficeHolder));
    for known in [ALICE, BOB, ADMIN] {
        assert_eq!(name(&mut data, known), Err(Error::KeyTaken));
    }
    // Who acts for him by a mandate; of another's it says nothing.
    let guardian = |data: &mut Data, ward, agent| {
        data.appoint_guardian(REGULATOR, NOW, ward, agent, NOW + 9, PROFILE).unwrap();
    };
    guardian(&mut data, ALICE, STRANGER);
    assert_eq!(name(&mut data, STRANGER), Err(Error::KeyTaken));
    name(&mut data, KEY).unwrap();
    name(&mut data, NEXT).unwrap();
    assert_eq!(data.succession(ALICE).unwrap().to, NEXT, "in place of the one before");
    assert_eq!(data.accept_succession(KEY, false, DUE, ALICE), Err(Error::NotSuccessor));
    data.accept_succession(NEXT, false, DUE, ALICE).unwrap();
    let again = data.name_successor(BOB, false, WAITING, NEXT);
    assert_eq!(again, Err(Error::KeyTaken), "the key of one is not that of another");

    // Who became somebody before he accepts.
    name(&mut data, KEY).unwrap();
    data.name_successor(BOB, false, WAITING, KEY).unwrap();
    data.name_successor(REGULATOR, false, WAITING, THIEF).unwrap();
    data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    assert_eq!(data.accept_succession(KEY, false, DUE, BOB), Err(Error::KeyTaken));
    data.register(THIEF, PROFILE).unwrap();
    assert_eq!(data.accept_succession(THIEF, false, DUE, REGULATOR), Err(Error::KeyTaken));
    // Nor does a key return.
    assert_eq!(name(&mut data, NEXT), Err(Error::KeyTaken));
    assert_eq!(name(&mut data, ALICE), Err(Error::KeyTaken));
}

#[ink::test]
fn no_mandate_given_meanwhile_keeps_a_key_from_it() {
    let mut data = data();
    replaced(&mut data).unwrap();
    data.set_roles(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    data.admit_member(ALICE, NOW, KEY, power::ASK, DUE + 9, PROFILE).unwrap();
    data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    let admission = data.admission(DUE, ALICE, ALICE, KEY);
    assert_eq!(admission.for_subject, Agency::OWN, "by no mandate");
}

#[ink::test]
fn a_regulator_replaces_a_key_and_not_his_own() {
    let mut data = data();
    let by = |data: &mut Data, caller, offices, subject, to| {
        data.replace_key(caller, offices, WAITING, subject, to, EVIDENCE)
    };
    let no = (false, false);
    assert_eq!(by(&mut data, ALICE, no, ALICE, ADMIN), Err(Error::NotRegulator));
    assert_eq!(by(&mut data, BOB, no, BOB, ADMIN), Err(Error::OwnKey));
    assert_eq!(by(&mut data, BOB, (false, true), STRANGER, ADMIN), Err(Error::NotRegistered));
    assert_eq!(by(&mut data, BOB, (false, true), ADMIN, ADMIN), Err(Error::OfficeHolder));
    assert_eq!(by(&mut data, BOB, no, REGULATOR, ADMIN), Err(Error::NotAdministrator));
    assert_eq!(by(&mut data, BOB, no, ALICE, ADMIN), Err(Error::KeyTaken));
    by(&mut data, ADMIN, (true, false), REGULATOR, NEXT).unwrap();

    // In place of what a thief named by the key that he has.
    data.name_successor(ALICE, false, WAITING, THIEF).unwrap();
    let event = replaced(&mut data).unwrap();
    let (subject, to, evidence) = (ALICE, KEY, EVIDENCE);
    let (not_before, until, by) = (DUE, DUE + GRACE, REGULATOR);
    let proposed = ReplacementProposed { subject, to, evidence, not_before, until, by };
    assert_eq!(event, proposed);
    assert_eq!(data.accept_succession(THIEF, false, DUE, ALICE), Err(Error::NotSuccessor));
    let later = Waiting { now: until - 1, delay: DELAY };
    let pending = Err(Error::ReplacementPending);
    assert_eq!(data.name_successor(ALICE, false, later, THIEF), pending);
    let other = data.replace_key(BOB, (false, false), later, ALICE, NEXT, EVIDENCE);
    assert_eq!(other, Err(Error::ReplacementPending));
    // Nothing lasts for ever.
    let over = Waiting { now: until, delay: DELAY };
    data.name_successor(ALICE, false, over, NEXT).unwrap();
    assert_eq!(data.succession(ALICE).unwrap().by, None);

    replaced(&mut data).unwrap();
    let event = data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    assert_eq!(event, KeyReplaced { subject: ALICE, from: ALICE, to: KEY });
}

#[ink::test]
fn what_a_key_said_it_takes_back() {
    let mut data = data();
    assert_eq!(data.cancel_succession(ALICE, NOW), Err(Error::NoSuccession));
    data.name_successor(ALICE, false, WAITING, KEY).unwrap();
    let over = DUE + GRACE;
    assert_eq!(data.cancel_succession(ALICE, over), Err(Error::NoSuccession));
    let event = Cancelled::Own(SuccessionCancelled { subject: ALICE, to: KEY });
    assert_eq!(data.cancel_succession(ALICE, over - 1), Ok(event));
    assert_eq!(data.succession(ALICE), None);
    assert_eq!(data.accept_succession(KEY, false, DUE, ALICE), Err(Error::NoSuccession));
}

#[ink::test]
fn an_objection_calls_for_a_second_regulator() {
    let mut data = data();
    replaced(&mut data).unwrap();
    let decide = |data: &mut Data, caller, to, confirmed| {
        data.decide_replacement(caller, DUE, ALICE, to, confirmed)
    };
    assert_eq!(decide(&mut data, BOB, KEY, true), Err(Error::NotObjected));
    let event = Cancelled::Objected(ReplacementObjected { subject: ALICE, to: KEY });
    assert_eq!(data.cancel_succession(ALICE, NOW), Ok(event));
    assert_eq!(data.cancel_succession(ALICE, NOW), Err(Error::AlreadyObjected));
    assert_eq!(data.accept_succession(KEY, true, DUE, ALICE), Err(Error::Objected));

    assert_eq!(decide(&mut data, ALICE, NEXT, true), Err(Error::NotRegulator));
    let own = data.decide_replacement(BOB, DUE, BOB, KEY, true);
    assert_eq!(own, Err(Error::OwnKey));
    assert_eq!(decide(&mut data, BOB, NEXT, true), Err(Error::NoSuccession), "another key");
    assert_eq!(decide(&mut data, REGULATOR, KEY, true), Err(Error::OwnReplacement));
    let (subject, to, by) = (ALICE, KEY, BOB);
    let confirmed = Ruling::Confirmed(ReplacementConfirmed { subject, to, by });
    assert_eq!(decide(&mut data, BOB, KEY, true), Ok(confirmed));
    assert_eq!(decide(&mut data, ADMIN, KEY, true), Err(Error::AlreadyConfirmed));
    assert_eq!(data.cancel_succession(ALICE, DUE), Err(Error::AlreadyObjected));
    data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    assert_eq!(data.identity(ALICE), Err(Error::Replaced));

    // Or it ends.
    let again = |data: &mut Data| {
        data.replace_key(REGULATOR, (false, false), WAITING, ALICE, NEXT, EVIDENCE).unwrap();
        data.cancel_succession(ALICE, NOW).unwrap();
    };
    again(&mut data);
    let rejected = Ruling::Rejected(ReplacementRejected { subject, to: NEXT, by });
    assert_eq!(decide(&mut data, BOB, NEXT, false), Ok(rejected));
    assert_eq!(data.succession(ALICE), None);
    again(&mut data);
    let over = data.decide_replacement(BOB, DUE + GRACE, ALICE, NEXT, true);
    assert_eq!(over, Err(Error::NoSuccession));
}

#[ink::test]
fn who_proposed_it_takes_it_back_and_nobody_decides_on_a_keys_own_word() {
    let mut data = data();
    replaced(&mut data).unwrap();
    let (subject, to, by) = (ALICE, KEY, REGULATOR);
    let rejected = Ruling::Rejected(ReplacementRejected { subject, to, by });
    assert_eq!(data.decide_replacement(REGULATOR, NOW, ALICE, KEY, false), Ok(rejected));
    assert_eq!(data.succession(ALICE), None);
    data.name_successor(ALICE, false, WAITING, KEY).unwrap();
    let refused = data.decide_replacement(REGULATOR, NOW, ALICE, KEY, false);
    assert_eq!(refused, Err(Error::NoSuccession));
}

#[ink::test]
fn another_regulator_ends_it_without_an_objection() {
    let mut data = data();
    replaced(&mut data).unwrap();
    // Also when it is the word of one who is none any more.
    data.suspend(ADMIN, true, REGULATOR, role::REGULATOR, REASON).unwrap();
    let take_back = data.decide_replacement(REGULATOR, NOW, ALICE, KEY, false);
    assert_eq!(take_back, Err(Error::NotRegulator));
    let (subject, to, by) = (ALICE, KEY, BOB);
    let rejected = Ruling::Rejected(ReplacementRejected { subject, to, by });
    assert_eq!(data.decide_replacement(BOB, NOW, ALICE, KEY, false), Ok(rejected));
    assert_eq!(data.accept_succession(KEY, false, DUE, ALICE), Err(Error::NoSuccession));
}

#[ink::test]
fn a_guardian_has_no_say_in_his_wards_key() {
    let mut data = data();
    data.appoint_guardian(REGULATOR, NOW, ALICE, BOB, DUE, PROFILE).unwrap();
    let propose = |data: &mut Data, now| {
        let waiting = Waiting { now, delay: DELAY };
        data.replace_key(BOB, (false, false), waiting, ALICE, KEY, EVIDENCE)
    };
    assert_eq!(propose(&mut data, NOW), Err(Error::OwnKey));
    replaced(&mut data).unwrap();
    data.cancel_succession(ALICE, NOW).unwrap();
    for confirmed in [true, false] {
        let decided = data.decide_replacement(BOB, NOW, ALICE, KEY, confirmed);
        assert_eq!(decided, Err(Error::OwnKey));
    }
    // Not when his time is over; and whoever is on her staff has a say.
    assert!(data.decide_replacement(BOB, DUE, ALICE, KEY, false).is_ok());
    assert!(propose(&mut data, DUE).is_ok());
    data.set_roles(REGULATOR, false, ALICE, role::PROVIDER).unwrap();
    data.decide_replacement(BOB, DUE, ALICE, KEY, false).unwrap();
    data.admit_member(ALICE, DUE, REGULATOR, power::ALL, DUE + 9, PROFILE).unwrap();
    assert!(replaced(&mut data).is_ok());
}

#[ink::test]
fn a_pending_word_counts_for_nothing_after_a_time_past_the_end() {
    let mut data = data();
    let late = Waiting { now: u64::MAX - 1, delay: DELAY };
    data.name_successor(ALICE, false, late, KEY).unwrap();
    let refused = data.accept_succession(KEY, false, u64::MAX, ALICE);
    assert_eq!(refused, Err(Error::NoSuccession));
}

#[ink::test]
fn the_admission_answers_as_whom_a_key_acts() {
    let mut data = succeeded();
    let alice = Standing { roles: role::DATA_OWNER, admitted: true };
    let by = |data: &Data, subject, other, key| data.admission(DUE, subject, other, key);
    for (subject, other) in [(ALICE, BOB), (BOB, ALICE), (BOB, BOB), (ALICE, ALICE), (KEY, KEY)] {
        let Admission { caller, acting, for_subject, for_other, .. } =
            by(&data, subject, other, KEY);
        assert_eq!((caller, acting), (alice, Some(ALICE)));
        let own = |party| if party == ALICE { Agency::OWN } else { Agency::default() };
        assert_eq!((for_subject, for_other), (own(subject), own(other)));
        // The key before is nobody's, whoever it asks about.
        let before = by(&data, subject, other, ALICE);
        assert_eq!((before.caller, before.acting), (Standing::default(), None));
        let nothing = Agency::default();
        assert_eq!((before.for_subject, before.for_other), (nothing, nothing));
    }
    assert_eq!(by(&data, ALICE, KEY, STRANGER).subject, alice, "she stands as before");
    assert_eq!(by(&data, ALICE, KEY, STRANGER).other, Standing::default());
    assert_eq!(by(&data, ALICE, BOB, STRANGER).acting, Some(STRANGER));

    // Mandates are of the one who was given them, whichever key he has.
    data.admit_member(BOB, DUE, ALICE, power::ALL, DUE + 9, PROFILE).unwrap();
    assert_eq!(by(&data, BOB, BOB, KEY).for_subject.powers, power::ALL);
    assert_eq!(by(&data, BOB, BOB, ALICE).for_subject, Agency::default());
}

#[ink::test]
fn roles_and_suspensions_stay_and_the_office_does_not_act_by_another_key() {
    let mut data = data();
    data.suspend(REGULATOR, false, ALICE, role::TRADER, REASON).unwrap();
    data.name_successor(ALICE, false, WAITING, KEY).unwrap();
    data.name_successor(BOB, false, WAITING, NEXT).unwrap();
    assert!(data.is_eligible(BOB));
    data.accept_succession(KEY, false, DUE, ALICE).unwrap();
    data.accept_succession(NEXT, false, DUE, BOB).unwrap();
    let alice = data.participant(ALICE).unwrap();
    assert_eq!((alice.roles, alice.suspended), (role::DATA_OWNER, role::TRADER));
    assert!(data.has_role(ALICE, role::DATA_OWNER) && !data.has_role(KEY, role::ALL));
    assert!(!data.is_eligible(BOB), "his own key acts for him no more");
    assert_eq!(data.participant(KEY), None);
}
