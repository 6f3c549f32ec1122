//! Who acts for a data owner that cannot act for himself.

use super::*;
use crate::guardians::MAX_GUARDIANSHIP;
use crate::mandates::Mandate;
use assent_events::{
    participants::{GuardianAppointed, GuardiansChanged, MandateEnded},
    power, Hash,
};
use assent_traits::participants::Agency;

const WARD: AccountId = ALICE;
const MOTHER: AccountId = STRANGER;
const FATHER: AccountId = AccountId([6; 32]);
const NOW: u64 = 1_000;
const UNTIL: u64 = NOW + 100;
const PERSON: Hash = [0x50; 32];

/// Alice is a data owner.
fn owned() -> Data {
    let mut data = data();
    data.approve(REGULATOR, false, WARD, role::DATA_OWNER, PROFILE).unwrap();
    data
}

/// By the regulator, for so long; gives the guardianship that starts.
#[track_caller]
fn appointed(data: &mut Data, guardian: AccountId, until: u64) -> Option<u32> {
    let by = REGULATOR;
    let event = data.appoint_guardian(by, NOW, WARD, guardian, until, PERSON).unwrap();
    let expected = GuardianAppointed { ward: WARD, guardian, until, person: PERSON, by };
    assert_eq!(event.0, expected);
    event.1.map(|changed| {
        assert_eq!(changed.ward, WARD);
        changed.guardianship
    })
}

/// What others are told of the ward's guardianship.
fn guardianship(data: &Data) -> u32 {
    let told = data.admission(NOW, WARD, BOB, BOB).guardianship;
    assert_eq!(data.participant(WARD).unwrap().guardianship, told);
    told
}

fn agency(data: &Data, now: u64, guardian: AccountId) -> Agency {
    data.admission(now, WARD, BOB, guardian).for_subject
}

#[ink::test]
fn a_guardian_acts_for_his_ward_until_his_time_is_over() {
    let mut data = owned();
    assert_eq!(guardianship(&data), 0);
    assert_eq!(appointed(&mut data, MOTHER, UNTIL), None);
    let powers = power::GUARDIAN;
    let appointed_by = Some(REGULATOR);
    let mandate = Mandate { powers, until: UNTIL, person: PERSON, appointed_by };
    assert_eq!(data.mandate(WARD, MOTHER), Some(mandate));

    let acting = Agency { powers, until: UNTIL, person: Some(PERSON) };
    assert_eq!(agency(&data, UNTIL - 1, MOTHER), acting);
    assert!(acting.may(power::GUARDIAN) && Agency::OWN.may(power::GUARDIAN));
    assert!(!acting.may(power::ASK) && !acting.may(power::SIGN), "no member of a staff");
    assert_eq!(agency(&data, UNTIL, MOTHER), Agency::default());
    assert_eq!(agency(&data, NOW, FATHER), Agency::default());
    assert_eq!(data.admission(NOW, MOTHER, BOB, WARD).for_subject, Agency::default());
    // Several at once, each for his own time.
    assert_eq!(appointed(&mut data, FATHER, UNTIL + 1), None);
    assert_eq!(agency(&data, UNTIL, FATHER).powers, powers);
    assert_eq!(guardianship(&data), 0);
    // The number is that of the one whose affair it is.
    assert_eq!(data.admission(NOW, BOB, WARD, WARD).guardianship, 0);
}

#[ink::test]
fn a_shorter_time_starts_the_next_guardianship_and_a_longer_one_does_not() {
    let mut data = owned();
    appointed(&mut data, MOTHER, UNTIL);
    appointed(&mut data, FATHER, UNTIL);
    assert_eq!(appointed(&mut data, MOTHER, UNTIL), None, "as long");
    assert_eq!(appointed(&mut data, MOTHER, UNTIL + 1), None);
    assert_eq!(guardianship(&data), 0);
    assert_eq!(appointed(&mut data, MOTHER, UNTIL), Some(1));
    assert_eq!(guardianship(&data), 1);
    assert_eq!(data.admission(NOW, BOB, WARD, WARD).guardianship, 0, "of another");
    assert_eq!(agency(&data, NOW, FATHER).until, UNTIL, "who stays in office");
    // What a profile, roles or a suspension do to the ward does not touch it.
    data.update_profile(WARD, [8; 32]).unwrap();
    data.confirm_profile(REGULATOR, WARD, [8; 32]).unwrap();
    data.suspend(REGULATOR, false, WARD, role::TRADER, REASON).unwrap();
    data.leave(WARD, false).unwrap();
    assert_eq!(guardianship(&data), 1);
}

#[ink::test]
fn he_himself_or_a_regulator_ends_it_and_not_the_ward() {
    let mut data = owned();
    let mut number = 0;
    for by in [MOTHER, REGULATOR, ADMIN] {
        appointed(&mut data, MOTHER, UNTIL);
        appointed(&mut data, FATHER, UNTIL);
        for caller in [WARD, BOB, FATHER] {
            let refused = data.end_mandate(caller, NOW, WARD, MOTHER);
            assert_eq!(refused, Err(Error::NotAuthorized));
        }
        number += 1;
        let ended = data.end_mandate(by, UNTIL - 1, WARD, MOTHER).unwrap();
        let changed = GuardiansChanged { ward: WARD, guardianship: number };
        assert_eq!(ended, (MandateEnded { subject: WARD, agent: MOTHER, by }, Some(changed)));
        assert_eq!((data.mandate(WARD, MOTHER), guardianship(&data)), (None, number));
        assert_eq!(agency(&data, NOW, FATHER).powers, power::GUARDIAN);
    }
    // Nor does a regulator who is a guardian himself rule over the others, until he is none.
    appointed(&mut data, MOTHER, UNTIL);
    data.appoint_guardian(ADMIN, NOW, WARD, REGULATOR, UNTIL, PERSON).unwrap();
    let by = REGULATOR;
    assert_eq!(data.end_mandate(by, NOW, WARD, MOTHER), Err(Error::NotAuthorized));
    let accomplice = data.appoint_guardian(by, NOW, WARD, BOB, UNTIL, PERSON);
    assert_eq!(accomplice, Err(Error::OwnGuardianship));
    data.end_mandate(by, UNTIL, WARD, MOTHER).unwrap();
    data.end_mandate(by, UNTIL, WARD, REGULATOR).unwrap();
    // A regulator has no say about who was nobody's guardian.
    assert_eq!(data.end_mandate(REGULATOR, NOW, WARD, MOTHER), Err(Error::NotAuthorized));
    assert_eq!(data.end_mandate(MOTHER, NOW, WARD, MOTHER), Err(Error::NoMandate));
    // Nothing ends early with one that is over.
    let ended = data.end_mandate(FATHER, UNTIL, WARD, FATHER).unwrap();
    assert_eq!((ended.1, guardianship(&data)), (None, number));
}

#[ink::test]
fn a_ward_who_is_a_regulator_keeps_his_guardian() {
    let mut data = owned();
    appointed(&mut data, MOTHER, UNTIL);
    data.set_roles(ADMIN, true, WARD, role::DATA_OWNER | role::REGULATOR).unwrap();
    assert_eq!(data.end_mandate(WARD, NOW, WARD, MOTHER), Err(Error::NotAuthorized));
    data.suspend(ADMIN, true, REGULATOR, role::REGULATOR, REASON).unwrap();
    assert_eq!(data.end_mandate(REGULATOR, NOW, WARD, MOTHER), Err(Error::NotAuthorized));
}

#[ink::test]
fn appointing_refuses_in_order() {
    let mut data = owned();
    data.suspend(ADMIN, true, BOB, role::REGULATOR, REASON).unwrap();
    let mut check = |caller, ward, guardian, until, error| {
        let refused = data.appoint_guardian(caller, NOW, ward, guardian, until, PERSON);
        assert_eq!(refused, Err(error));
        assert_eq!(data.mandate(ward, guardian), None, "a refusal writes nothing");
    };
    for caller in [WARD, MOTHER, BOB] {
        check(caller, caller, caller, 0, Error::NotRegulator);
    }
    check(REGULATOR, REGULATOR, REGULATOR, 0, Error::OwnGuardianship);
    check(REGULATOR, REGULATOR, MOTHER, 0, Error::OwnGuardianship);
    check(REGULATOR, WARD, REGULATOR, 0, Error::OwnGuardianship);
    check(REGULATOR, BOB, BOB, 0, Error::OwnMandate);
    // Pending, not registered, and without that role.
    for ward in [BOB, STRANGER, ADMIN] {
        check(REGULATOR, ward, FATHER, 0, Error::NotDataOwner);
    }
    for until in [0, NOW, NOW + MAX_GUARDIANSHIP + 1, u64::MAX] {
        check(REGULATOR, WARD, MOTHER, until, Error::InvalidTerm);
    }
    for until in [NOW + 1, NOW + MAX_GUARDIANSHIP] {
        appointed(&mut data, MOTHER, until);
    }
}

#[ink::test]
fn one_has_the_mandate_of_a_guardian_or_of_a_member_and_not_both() {
    let mut data = owned();
    data.set_roles(REGULATOR, false, WARD, role::DATA_OWNER | role::PROVIDER).unwrap();
    let admit = |data: &mut Data, agent, until| {
        data.admit_member(WARD, NOW, agent, power::ALL, until, PERSON)
    };
    admit(&mut data, FATHER, NOW + 1).unwrap();
    appointed(&mut data, MOTHER, NOW + 1);
    let kept = [MOTHER, FATHER].map(|agent| data.mandate(WARD, agent));
    // Also when it is over: the ward neither gives nor replaces a guardian's.
    assert_eq!(admit(&mut data, MOTHER, NOW), Err(Error::InvalidTerm));
    assert_eq!(admit(&mut data, MOTHER, UNTIL), Err(Error::OtherMandate));
    let refused = data.appoint_guardian(REGULATOR, NOW, WARD, FATHER, UNTIL, PERSON);
    assert_eq!(refused, Err(Error::OtherMandate));
    let late = data.admit_member(WARD, NOW + 1, MOTHER, power::ALL, UNTIL, PERSON);
    assert_eq!(late, Err(Error::OtherMandate));
    let late = data.appoint_guardian(REGULATOR, NOW + 1, WARD, FATHER, UNTIL, PERSON);
    assert_eq!(late, Err(Error::OtherMandate));
    assert_eq!([MOTHER, FATHER].map(|agent| data.mandate(WARD, agent)), kept);
    // Ended, it makes room for the other kind.
    data.end_mandate(FATHER, NOW, WARD, FATHER).unwrap();
    assert_eq!(appointed(&mut data, FATHER, UNTIL), None);
    data.end_mandate(MOTHER, NOW, WARD, MOTHER).unwrap();
    admit(&mut data, MOTHER, UNTIL).unwrap();
}

#[ink::test]
fn there_is_a_last_guardianship() {
    let mut data = owned();
    appointed(&mut data, MOTHER, UNTIL);
    let last = Participant { guardianship: u32::MAX, ..data.participant(WARD).unwrap() };
    data.participants.insert(WARD, &last);
    let shorter = data.appoint_guardian(REGULATOR, NOW, WARD, MOTHER, UNTIL - 1, PERSON);
    assert_eq!(shorter, Err(Error::TooMany));
    assert_eq!(data.end_mandate(MOTHER, NOW, WARD, MOTHER), Err(Error::TooMany));
    assert_eq!(agency(&data, UNTIL - 1, MOTHER).until, UNTIL, "a refusal writes nothing");
    // What ends nothing needs no number.
    assert_eq!(appointed(&mut data, MOTHER, UNTIL + 1), None);
}
