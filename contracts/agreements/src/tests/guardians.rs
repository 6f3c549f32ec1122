//! What a guardian does for the owner.

use super::*;
use crate::proposals::Ending;
use assent_events::agreements::GuardianActed;

const GUARDIAN: AccountId = AccountId([0x60; 32]);
const ACTED: GuardianActed = GuardianActed { owner: OWNER, guardian: GUARDIAN, at: NOW };

/// What a guardian may do for the owner, and with more powers than he has.
const fn agency(powers: u16) -> Agency {
    Agency { powers, until: u64::MAX, person: Some(PERSON) }
}

fn guardian() -> Admission {
    acting(agency(power::GUARDIAN))
}

/// One who may do all but that.
fn no_guardian() -> Admission {
    acting(agency(power::ALL))
}

/// Proposal 1 is open.
fn proposed(by: AccountId) -> Data {
    let mut data = data();
    data.last_proposal.set(&0);
    let admission = Admission { for_other: nurse(power::SIGN), ..PARTIES };
    data.propose(by, NOW, admission, terms(), NOW + 50).unwrap();
    data
}

#[ink::test]
fn he_accepts_by_a_grant_of_the_owner_or_of_a_guardian() {
    let given = Grant { by: GUARDIAN, guardianship: Some(3), ..grant() };
    for grant in [grant(), given.clone()] {
        let mut data = proposed(HOSPITAL);
        let live = |_: &Terms| Ok(vec![(7, grant)]);
        let (event, acted) = data.accept(GUARDIAN, NOW, guardian(), live, 1, None).unwrap();
        assert_eq!((event.owner, event.grant, acted), (OWNER, 7, Some(ACTED)));
        assert_eq!(data.proposal(1).unwrap().ending, Some(Ending::Accepted(7)));
    }
    // So does the owner himself, by what his guardian gave; a delegate's is no such grant.
    let mut data = proposed(HOSPITAL);
    let delegates = Grant { guardianship: None, ..given.clone() };
    let by_delegate = |_: &Terms| Ok(vec![(7, delegates)]);
    let refused = data.accept(GUARDIAN, NOW, guardian(), by_delegate, 1, None);
    assert_eq!(refused, Err(Error::NotGranted));
    let accepted = data.accept(OWNER, NOW, OWN, |_| Ok(vec![(7, given)]), 1, None);
    assert_eq!(accepted.unwrap().1, None);
}

#[ink::test]
fn he_declines_and_one_who_is_none_does_not() {
    let mut data = proposed(HOSPITAL);
    assert_eq!(data.decline(GUARDIAN, NOW, no_guardian(), 1, None), Err(Error::NotOwner));
    let live = |_: &Terms| unasked::<Live>();
    let refused = data.accept(GUARDIAN, NOW, no_guardian(), live, 1, None);
    assert_eq!(refused, Err(Error::NotOwner));
    let (event, acted) = data.decline(GUARDIAN, NOW, guardian(), 1, None).unwrap();
    assert_eq!((event.owner, acted), (OWNER, Some(ACTED)));
    assert_eq!(data.proposal(1).unwrap().ending, Some(Ending::Declined));
}

#[ink::test]
fn he_is_on_one_side_only() {
    let mut data = data();
    let own = Admission { for_subject: agency(power::GUARDIAN), ..PARTIES };
    let refused = data.propose(GUARDIAN, NOW, own, terms(), NOW + 50);
    assert_eq!(refused, Err(Error::NotAuthorized));
    // Who proposed and became a guardian since, and who could have proposed.
    let live = |_: &Terms| unasked::<Live>();
    let works = |for_other| Admission { for_other, ..guardian() };
    let nothing = Agency::default();
    for (by, for_other) in
        [(GUARDIAN, nothing), (HOSPITAL, nurse(power::SIGN)), (HOSPITAL, Agency::OWN)]
    {
        let mut data = proposed(by);
        let refused = data.accept(GUARDIAN, NOW, works(for_other), live, 1, None);
        assert_eq!(refused, Err(Error::NotOwner));
        let refused = data.decline(GUARDIAN, NOW, works(for_other), 1, None);
        assert_eq!(refused, Err(Error::NotOwner));
    }
    // Who may do something else for it is on no other side.
    let mut data = proposed(HOSPITAL);
    data.decline(GUARDIAN, NOW, works(nurse(power::ALL & !power::SIGN)), 1, None).unwrap();
    // The owner himself answers, whatever he may do for it.
    let mut data = proposed(HOSPITAL);
    let staff = Admission { for_other: nurse(power::SIGN), ..OWN };
    data.decline(OWNER, NOW, staff, 1, None).unwrap();
}

#[ink::test]
fn he_asks_for_erasure_and_answers_none() {
    let mut data = data();
    let ask = |data: &mut Data, caller, powers, requester| {
        let admission = Admission { for_subject: agency(powers), ..PARTIES };
        data.request_erasure(caller, NOW, admission, || Ok(false), OWNER, requester)
    };
    let refused = ask(&mut data, GUARDIAN, power::ALL, HOSPITAL);
    assert_eq!(refused, Err(Error::NotAuthorized));
    let own = ask(&mut data, HOSPITAL, power::GUARDIAN, HOSPITAL);
    assert_eq!(own, Err(Error::SelfErasure), "of himself");
    let (event, acted) = ask(&mut data, GUARDIAN, power::GUARDIAN, HOSPITAL).unwrap();
    assert_eq!((event.owner, event.requester, acted), (OWNER, HOSPITAL, Some(ACTED)));
    assert_eq!(data.latest_erasure(OWNER, HOSPITAL), Some(1));
    assert_eq!(data.latest_erasure(GUARDIAN, HOSPITAL), None);
    // As one of the hospital's staff he tells nobody that his ward's data are erased.
    let both =
        Admission { for_subject: agency(power::GUARDIAN), for_other: nurse(power::ALL), ..PARTIES };
    let answered = data.answer_erasure(GUARDIAN, NOW, both, 1, None, EVIDENCE);
    assert_eq!(answered, Err(Error::NotAuthorized));
    // The hospital itself answers, also when it is the guardian.
    let itself = Admission { for_other: Agency::OWN, ..both };
    data.answer_erasure(HOSPITAL, NOW, itself, 1, None, EVIDENCE).unwrap();
}
