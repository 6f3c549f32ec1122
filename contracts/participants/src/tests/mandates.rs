//! Who acts for whom.

use super::*;
use crate::mandates::{Mandate, MAX_TERM};
use assent_events::{
    participants::{MandateEnded, MemberAdmitted},
    power, Hash,
};
use assent_traits::participants::Agency;

const HOSPITAL: AccountId = ALICE;
const NURSE: AccountId = STRANGER;
const NOW: u64 = 1_000;
const PERSON: Hash = [6; 32];

const fn mandate() -> Mandate {
    let powers = power::ASK | power::SIGN;
    Mandate { powers, until: NOW + 10, person: PERSON, appointed_by: None }
}

fn admit(
    data: &mut Data,
    caller: AccountId,
    now: u64,
    agent: AccountId,
    mandate: Mandate,
) -> Result<MemberAdmitted, Error> {
    data.admit_member(caller, now, agent, mandate.powers, mandate.until, mandate.person)
}

/// Alice is a provider.
fn staffed() -> Data {
    let mut data = data();
    data.approve(REGULATOR, false, HOSPITAL, role::PROVIDER, PROFILE).unwrap();
    data
}

/// What `caller` may do for `subject`.
fn agency(data: &Data, now: u64, subject: AccountId, caller: AccountId) -> Agency {
    let admission = data.admission(now, subject, ADMIN, caller);
    assert_eq!(data.admission(now, ADMIN, subject, caller).for_other, admission.for_subject);
    assert_eq!(data.admission(now, subject, subject, caller).for_other, admission.for_subject);
    admission.for_subject
}

#[ink::test]
fn a_member_acts_for_its_organisation_until_the_term_is_over() {
    let mut data = staffed();
    assert_eq!(agency(&data, NOW, HOSPITAL, NURSE), Agency::default());
    let event = admit(&mut data, HOSPITAL, NOW, NURSE, mandate()).unwrap();
    let Mandate { powers, until, person, .. } = mandate();
    let expected = MemberAdmitted { organisation: HOSPITAL, agent: NURSE, powers, until, person };
    assert_eq!(event, expected);
    assert_eq!(data.mandate(HOSPITAL, NURSE), Some(mandate()));

    let acting = Agency { powers, until, person: Some(PERSON) };
    assert_eq!(agency(&data, until - 1, HOSPITAL, NURSE), acting);
    assert!(acting.may(power::ASK) && acting.may(power::ASK | power::SIGN));
    assert!(!acting.may(power::BREAK_GLASS) && !acting.may(power::ASK | power::ANCHOR));
    assert_eq!(agency(&data, until, HOSPITAL, NURSE), Agency::default());
    // It goes in one direction, and for this organisation only.
    assert_eq!(agency(&data, NOW, NURSE, HOSPITAL), Agency::default());
    assert_eq!(agency(&data, NOW, BOB, NURSE), Agency::default());
    assert_eq!(agency(&data, NOW, HOSPITAL, BOB), Agency::default());
    // Everybody acts for himself, also one who has not registered.
    for account in [HOSPITAL, NURSE] {
        assert_eq!(agency(&data, NOW, account, account), Agency::OWN);
    }
    assert!(Agency::OWN.may(power::ALL) && Agency::OWN.is_some());
    assert!(!Agency::default().is_some());
    // One who acts for the one may be the other himself.
    let both = data.admission(NOW, NURSE, HOSPITAL, NURSE);
    assert_eq!((both.for_subject, both.for_other), (Agency::OWN, acting));
}

#[ink::test]
fn a_mandate_takes_the_place_of_the_one_before() {
    let mut data = staffed();
    admit(&mut data, HOSPITAL, NOW, NURSE, mandate()).unwrap();
    let narrower = Mandate { powers: power::SIGN, until: NOW + 1, person: [7; 32], ..mandate() };
    admit(&mut data, HOSPITAL, NOW, NURSE, narrower).unwrap();
    assert_eq!(data.mandate(HOSPITAL, NURSE), Some(narrower));
    // One key for two organisations.
    data.approve(REGULATOR, false, BOB, role::RESEARCHER | role::DATA_OWNER, PROFILE).unwrap();
    admit(&mut data, BOB, NOW, NURSE, mandate()).unwrap();
    assert_eq!(agency(&data, NOW, BOB, NURSE).powers, mandate().powers);
    assert_eq!(agency(&data, NOW, HOSPITAL, NURSE).powers, power::SIGN);
}

#[ink::test]
fn admitting_refuses_in_order() {
    let mut data = staffed();
    let mut check = |caller, agent, mandate, error| {
        assert_eq!(admit(&mut data, caller, NOW, agent, mandate), Err(error));
        assert_eq!(data.mandate(caller, agent), None, "a refusal writes nothing");
    };
    let wrong = |powers, until| Mandate { powers, until, ..mandate() };
    // Not registered, and pending.
    check(STRANGER, STRANGER, wrong(0, 0), Error::NotOrganisation);
    check(BOB, BOB, wrong(0, 0), Error::NotOrganisation);
    check(HOSPITAL, HOSPITAL, wrong(0, 0), Error::OwnMandate);
    for powers in [0, power::GUARDIAN, power::ALL | power::GUARDIAN, 1 << 5] {
        check(HOSPITAL, NURSE, wrong(powers, 0), Error::UnknownPowers);
    }
    // Over, in seconds, beyond five years, in microseconds.
    for until in [0, NOW, NOW + MAX_TERM + 1, u64::MAX] {
        check(HOSPITAL, NURSE, wrong(power::ALL, until), Error::InvalidTerm);
    }
    for until in [NOW + 1, NOW + MAX_TERM] {
        admit(&mut data, HOSPITAL, NOW, NURSE, wrong(power::ALL, until)).unwrap();
    }
    let last = Mandate { until: u64::MAX, ..mandate() };
    admit(&mut data, HOSPITAL, u64::MAX - 1, NURSE, last).unwrap();
}

#[ink::test]
fn only_what_counts_of_another_role_than_data_owner_makes_an_organisation() {
    let mut data = staffed();
    data.approve(REGULATOR, false, BOB, role::DATA_OWNER, PROFILE).unwrap();
    assert_eq!(admit(&mut data, BOB, NOW, NURSE, mandate()), Err(Error::NotOrganisation));
    data.set_roles(REGULATOR, false, BOB, role::DATA_OWNER | role::TRADER).unwrap();
    admit(&mut data, BOB, NOW, NURSE, mandate()).unwrap();
    data.suspend(REGULATOR, false, BOB, role::TRADER, REASON).unwrap();
    assert_eq!(admit(&mut data, BOB, NOW, NURSE, mandate()), Err(Error::NotOrganisation));
    // What it gave before is still there; whether it counts for anything its roles decide.
    assert_eq!(data.mandate(BOB, NURSE), Some(mandate()));
}

#[ink::test]
fn either_of_the_two_ends_a_mandate() {
    let mut data = staffed();
    for by in [HOSPITAL, NURSE] {
        admit(&mut data, HOSPITAL, NOW, NURSE, mandate()).unwrap();
        for caller in [ADMIN, REGULATOR, BOB] {
            assert_eq!(data.end_mandate(caller, NOW, HOSPITAL, NURSE), Err(Error::NotAuthorized));
        }
        let ended = data.end_mandate(by, NOW, HOSPITAL, NURSE).unwrap();
        assert_eq!(ended, (MandateEnded { subject: HOSPITAL, agent: NURSE, by }, None));
        assert_eq!(data.mandate(HOSPITAL, NURSE), None);
        assert_eq!(agency(&data, NOW, HOSPITAL, NURSE), Agency::default());
        assert_eq!(data.end_mandate(by, NOW, HOSPITAL, NURSE), Err(Error::NoMandate));
    }
    assert_eq!(data.end_mandate(BOB, NOW, HOSPITAL, NURSE), Err(Error::NotAuthorized));
    // Also of one who is suspended, or left.
    admit(&mut data, HOSPITAL, NOW, NURSE, mandate()).unwrap();
    data.suspend(REGULATOR, false, HOSPITAL, role::PROVIDER, REASON).unwrap();
    data.end_mandate(HOSPITAL, NOW, HOSPITAL, NURSE).unwrap();
}
