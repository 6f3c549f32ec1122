//! Proposals of grants.

use super::*;
use crate::proposals::{Ending, Proposal};
use assent_events::agreements::{ProposalAccepted, ProposalDeclined, ProposalWithdrawn, Proposed};

const EXPIRES: u64 = NOW + 50;

/// What ends proposal 1.
type End = fn(&mut Data) -> Result<(), Error>;

/// Proposal 1 is open.
fn proposed() -> Data {
    let mut data = data();
    // Whatever another one of the same test left in the storage.
    data.last_proposal.set(&0);
    data.propose(HOSPITAL, NOW, PARTIES, terms(), EXPIRES).unwrap();
    data
}

/// The owner accepts proposal 1 when these live.
fn accept(data: &mut Data, live: Live, grant: Option<u64>) -> Result<ProposalAccepted, Error> {
    let accepted = data.accept(OWNER, NOW + 1, OWN, |_| Ok(live), 1, grant);
    accepted.map(|(event, acted)| {
        assert_eq!(acted, None);
        event
    })
}

/// For a stranger.
const NOTHING: Admission = acting(Agency { powers: 0, until: 0, person: None });

#[ink::test]
fn a_member_of_the_staff_proposes_and_the_event_says_so() {
    let mut data = data();
    let admission = Admission { for_other: nurse(power::SIGN), ..PARTIES };
    let event = data.propose(NURSE, NOW, admission, terms(), EXPIRES).unwrap();
    let expected = Proposed {
        proposal: 1,
        owner: OWNER,
        requester: HOSPITAL,
        by: NURSE,
        person: Some(PERSON),
        purposes: 1,
        categories: 6,
        from: NOW,
        until: NOW + 500,
        max_uses: Some(3),
        record: Some([5; 32]),
        policy: POLICY,
        expires: EXPIRES,
        at: NOW,
    };
    assert_eq!(event, expected);
    let stored = Proposal {
        terms: terms(),
        by: NURSE,
        person: Some(PERSON),
        at: NOW,
        expires: EXPIRES,
        ending: None,
    };
    assert_eq!(data.proposal(1), Some(stored));
    // The next has the next number, and the hospital's own key no person.
    let event = data.propose(HOSPITAL, NOW, PARTIES, terms(), EXPIRES).unwrap();
    assert_eq!((event.proposal, event.by, event.person), (2, HOSPITAL, None));
}

#[ink::test]
fn proposing_refuses_in_order() {
    let mut data = data();
    let mut check = |admission, terms: Terms, expires, error| {
        let refused = data.propose(HOSPITAL, NOW, admission, terms, expires);
        assert_eq!(refused, Err(error));
        assert_eq!(data.proposal(1), None, "a refusal writes nothing");
    };
    let none = Admission::default();
    let nothing = Terms {
        owner: HOSPITAL,
        purposes: 0,
        categories: 0,
        from: NOW,
        until: NOW,
        max_uses: Some(0),
        ..terms()
    };
    check(none, nothing.clone(), 0, Error::SelfProposal);
    let nothing = Terms { owner: OWNER, ..nothing };
    check(none, nothing.clone(), 0, Error::EmptyMask);
    check(none, Terms { purposes: 1, ..nothing.clone() }, 0, Error::EmptyMask);
    check(none, Terms { categories: 1, ..nothing.clone() }, 0, Error::EmptyMask);
    let masks = Terms { purposes: 1, categories: 1, ..nothing };
    check(none, masks.clone(), 0, Error::InvalidPeriod);
    check(none, Terms { from: 0, ..masks.clone() }, 0, Error::InvalidPeriod);
    check(none, Terms { from: 9, until: 8, ..masks.clone() }, 0, Error::InvalidPeriod);
    check(none, Terms { until: NOW + 1, ..masks }, 0, Error::ZeroUses);
    for expires in [0, NOW, NOW + 501] {
        check(none, terms(), expires, Error::InvalidExpiry);
    }
    let long = Terms { until: u64::MAX, ..terms() };
    for expires in [NOW + MAX_OPEN + 1, u64::MAX] {
        check(none, long.clone(), expires, Error::InvalidExpiry);
    }
    check(none, terms(), EXPIRES, Error::NotAuthorized);
    let without = Admission { for_other: nurse(power::ALL & !power::SIGN), ..PARTIES };
    check(without, terms(), EXPIRES, Error::NotAuthorized);
    let own = Admission { for_other: Agency::OWN, ..none };
    check(own, terms(), EXPIRES, Error::RequesterNotAdmitted);
    let others = role::ALL & !role::PROVIDER & !role::RESEARCHER;
    let other = Admission { other: with(others), ..PARTIES };
    check(other, terms(), EXPIRES, Error::RequesterNotAdmitted);
    let no_owner = Admission { subject: with(role::ALL & !role::DATA_OWNER), ..PARTIES };
    check(no_owner, terms(), EXPIRES, Error::OwnerNotAdmitted);

    // By a member of the staff who is the owner.
    let staff = Admission { for_other: nurse(power::SIGN), ..PARTIES };
    let by_owner = data.propose(OWNER, NOW, staff, terms(), EXPIRES);
    assert_eq!(by_owner, Err(Error::SelfProposal));
    for expires in [NOW + 1, NOW + 500] {
        data.propose(HOSPITAL, NOW, PARTIES, terms(), expires).unwrap();
    }
    data.propose(HOSPITAL, NOW, PARTIES, long, NOW + MAX_OPEN).unwrap();
    data.last_proposal.set(&u64::MAX);
    let last = data.propose(HOSPITAL, NOW, PARTIES, terms(), EXPIRES);
    assert_eq!(last, Err(Error::TooMany));
}

#[ink::test]
fn the_owner_accepts_by_a_grant_that_carries_the_terms() {
    let mut data = proposed();
    let other = Grant { policy: [0; 32], ..grant() };
    let live = || vec![(3, other.clone()), (5, grant())];
    let refused = accept(&mut data, live(), Some(3));
    assert_eq!(refused, Err(Error::NotGranted));
    let event = accept(&mut data, live(), None).unwrap();
    let expected = ProposalAccepted {
        proposal: 1,
        owner: OWNER,
        requester: HOSPITAL,
        grant: 5,
        policy: POLICY,
        at: NOW + 1,
    };
    assert_eq!(event, expected);
    assert_eq!(data.proposal(1).unwrap().ending, Some(Ending::Accepted(5)));
    // By name it need not be the newest.
    let mut data = proposed();
    let live = vec![(3, grant()), (5, other)];
    assert_eq!(accept(&mut data, live.clone(), None), Err(Error::NotGranted));
    assert_eq!(accept(&mut data, live, Some(3)).unwrap().grant, 3);
}

#[ink::test]
fn a_grant_on_other_terms_or_by_another_is_no_acceptance() {
    let mut data = proposed();
    let others = [
        Grant { by: OTHER, ..grant() },
        Grant { owner: OTHER, ..grant() },
        Grant { grantee: OTHER, ..grant() },
        Grant { purposes: 3, ..grant() },
        Grant { categories: 7, ..grant() },
        Grant { from: NOW + 1, ..grant() },
        Grant { until: NOW + 501, ..grant() },
        Grant { max_uses: None, ..grant() },
        Grant { record: Record::All, ..grant() },
        Grant { record: Record::One([0; 32]), ..grant() },
        Grant { record: Record::Erased, ..grant() },
        Grant { policy: [0; 32], ..grant() },
    ];
    for other in others {
        let refused = accept(&mut data, vec![(1, other.clone())], None);
        assert_eq!(refused, Err(Error::NotGranted), "{other:?}");
    }
    assert_eq!(accept(&mut data, vec![], None), Err(Error::NotGranted));
    assert_eq!(accept(&mut data, vec![(1, grant())], Some(2)), Err(Error::NotGranted));
    assert_eq!(data.proposal(1).unwrap().ending, None);
    // What is for all records is accepted by a grant for all.
    data.propose(HOSPITAL, NOW, PARTIES, Terms { record: None, ..terms() }, EXPIRES).unwrap();
    let all = Grant { record: Record::All, ..grant() };
    let mut second = |grant| data.accept(OWNER, NOW, OWN, |_| Ok(vec![(1, grant)]), 2, None);
    assert_eq!(second(grant()), Err(Error::NotGranted));
    assert_eq!(second(all).unwrap().0.grant, 1);
}

#[ink::test]
fn answering_refuses_in_order() {
    let mut data = proposed();
    let live = |_: &Terms| unasked::<Live>();
    assert_eq!(data.accept(OTHER, NOW, NOTHING, live, 2, None), Err(Error::UnknownProposal));
    assert_eq!(data.decline(OTHER, NOW, NOTHING, 0, None), Err(Error::UnknownProposal));
    for caller in [OTHER, HOSPITAL] {
        assert_eq!(data.accept(caller, EXPIRES, NOTHING, live, 1, None), Err(Error::NotOwner));
        assert_eq!(data.decline(caller, EXPIRES, NOTHING, 1, None), Err(Error::NotOwner));
    }
    assert_eq!(data.accept(OWNER, EXPIRES, OWN, live, 1, None), Err(Error::ProposalClosed));
    assert_eq!(data.decline(OWNER, EXPIRES, OWN, 1, None), Err(Error::ProposalClosed));
    let failed = data.accept(OWNER, EXPIRES - 1, OWN, |_| Err(Error::ConsentFailed), 1, None);
    assert_eq!(failed, Err(Error::ConsentFailed));
    accept(&mut data, vec![(1, grant())], None).unwrap();
}

#[ink::test]
fn the_owner_declines_and_the_requester_withdraws() {
    let mut data = proposed();
    let event = data.decline(OWNER, NOW + 2, OWN, 1, Some(EVIDENCE)).unwrap();
    let (owner, requester, reason) = (OWNER, HOSPITAL, Some(EVIDENCE));
    let expected = ProposalDeclined { proposal: 1, owner, requester, reason, at: NOW + 2 };
    assert_eq!(event, (expected, None));
    assert_eq!(data.proposal(1).unwrap().ending, Some(Ending::Declined));

    let mut data = proposed();
    let own = Agency::OWN;
    assert_eq!(data.withdraw(HOSPITAL, NOW, own, 2), Err(Error::UnknownProposal));
    let without = nurse(power::ALL & !power::SIGN);
    assert_eq!(data.withdraw(NURSE, EXPIRES, without, 1), Err(Error::NotAuthorized));
    assert_eq!(data.withdraw(HOSPITAL, EXPIRES, own, 1), Err(Error::ProposalClosed));
    let event = data.withdraw(NURSE, NOW + 3, nurse(power::SIGN), 1).unwrap();
    let withdrawn = ProposalWithdrawn { proposal: 1, owner, requester, by: NURSE, at: NOW + 3 };
    assert_eq!(event, withdrawn);
    assert_eq!(data.proposal(1).unwrap().ending, Some(Ending::Withdrawn));
}

#[ink::test]
fn what_ended_ends_no_second_time() {
    let endings: [End; 3] = [
        |data| accept(data, vec![(1, grant())], None).map(|_| ()),
        |data| data.decline(OWNER, NOW + 1, OWN, 1, None).map(|_| ()),
        |data| data.withdraw(HOSPITAL, NOW + 1, Agency::OWN, 1).map(|_| ()),
    ];
    for first in endings {
        let mut data = proposed();
        first(&mut data).unwrap();
        let before = data.proposal(1);
        // Which record it was for is forgotten, and nothing else.
        let ended = before.clone().unwrap().terms;
        assert_eq!(ended, Terms { record: None, ..terms() });
        for second in endings {
            assert_eq!(second(&mut data), Err(Error::ProposalClosed));
        }
        assert_eq!(data.proposal(1), before);
    }
}
