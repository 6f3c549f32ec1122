//! What a guardian does for the owner, and until when it counts.

use super::*;
use crate::choices::Choices;
use crate::denial::Denial;
use crate::grants::{MAX_DELEGATED, MAX_LIVE};
use crate::guardians::Said;
use assent_events::{
    consent::{
        GuardianActed, GuardianDenialLifted, GuardianDenied, GuardianGranted, GuardianRestricted,
        Revoked,
    },
    power,
};

const MOTHER: AccountId = AccountId([0x60; 32]);
const FATHER: AccountId = AccountId([0x61; 32]);
/// Until when the mother is a guardian.
const UNTIL: u64 = NOW + 100;

const fn guards(until: u64) -> Agency {
    Agency { powers: power::GUARDIAN, until, person: Some([0x50; 32]) }
}

/// What is told of a guardian, in this guardianship of his ward.
fn guarding(guardianship: u32) -> Admission {
    Admission { for_subject: guards(UNTIL), guardianship, ..PARTIES }
}

/// The mother acts for the owner.
fn mother() -> Acting {
    Acting::check(OWNER, MOTHER, guards(UNTIL)).unwrap()
}

/// A grant by the mother; gives its number.
#[track_caller]
fn given(data: &mut Data, guardianship: u32, terms: Terms) -> u64 {
    let (event, by_guardian) = data.grant(MOTHER, NOW, guarding(guardianship), terms).unwrap();
    let (grant, owner) = (event.grant, OWNER);
    assert_eq!(by_guardian, Some(GuardianGranted { grant, owner, guardianship }));
    assert_eq!((event.owner, event.by), (OWNER, MOTHER));
    grant
}

/// What [`request`] comes to in this guardianship.
fn decide(data: &Data, guardianship: u32) -> Decision {
    let admission = Admission { guardianship, ..CARE };
    data.decide(NOW, false, admission, &request()).decision
}

#[ink::test]
fn the_owner_acts_himself_and_another_as_a_guardian() {
    assert_eq!(own(OWNER), Acting { owner: OWNER, by: OWNER });
    assert!(!own(OWNER).is_guardian());
    assert_eq!(own(OWNER).acted(NOW), None);
    assert_eq!(mother(), Acting { owner: OWNER, by: MOTHER });
    let acted = GuardianActed { owner: OWNER, guardian: MOTHER, at: NOW };
    assert_eq!(mother().acted(NOW), Some(acted));
    assert_eq!(Acting::check(OWNER, MOTHER, NOTHING), Err(Error::NotAuthorized));
    let staff = Agency { powers: power::ALL, ..guards(UNTIL) };
    assert_eq!(Acting::check(OWNER, MOTHER, staff), Err(Error::NotAuthorized));
}

#[ink::test]
fn he_grants_to_others_and_for_no_longer_than_he_is_one() {
    let mut data = data();
    let number = given(&mut data, 3, terms());
    let stored = Grant { by: MOTHER, guardianship: Some(3), ..stored() };
    assert_eq!((data.grant_of(number), stored.delegate()), (Some(stored), None));
    assert_eq!(decide(&data, 3), Decision::Permit);
    let mut refused = |admission, terms| data.grant(MOTHER, NOW, admission, terms).unwrap_err();
    let longer = Terms { until: UNTIL + 1, ..terms() };
    assert_eq!(refused(guarding(3), longer), Error::OutOfScope);
    // Neither to himself nor to one of whose staff he is, whatever he may do there.
    for his in [Agency::OWN, Agency { powers: power::SIGN, ..guards(UNTIL) }] {
        let own = Admission { for_other: his, ..guarding(3) };
        assert_eq!(refused(own, terms()), Error::OutOfScope);
    }
    let staff = Agency { powers: power::ALL, ..guards(UNTIL) };
    let no_guardian = Admission { for_subject: staff, ..PARTIES };
    assert_eq!(refused(no_guardian, terms()), Error::NotAuthorized);
    // It needs no admission of his, only that of the two.
    let outsider = Admission { caller: Standing::default(), ..guarding(3) };
    assert_eq!(data.grant(MOTHER, NOW, outsider, terms()).unwrap().0.grant, 2);
    let no_owner = Admission { subject: ONCE, ..guarding(3) };
    assert_eq!(data.grant(MOTHER, NOW, no_owner, terms()), Err(Error::NotDataOwner));
}

#[ink::test]
fn what_he_granted_ends_with_the_guardianship() {
    let mut data = data();
    let first = given(&mut data, 3, Terms { max_uses: Some(2), ..terms() });
    assert_eq!(decide(&data, 3), Decision::Permit);
    assert_eq!(decide(&data, 4), deny(DenyReason::Expired));
    let named = |data: &Data, now, guardianship, grant| {
        let admission = Admission { guardianship, ..CARE };
        let request = Request { grant: Some(grant), ..request() };
        data.decide(now, false, admission, &request).decision
    };
    assert_eq!(named(&data, NOW, 3, first), Decision::Permit);
    // Told before what else it lacks, also when it has left the entry of the pair.
    assert_eq!(named(&data, NOW - 1, 4, first), deny(DenyReason::Expired));
    let second = given(&mut data, 4, terms());
    assert!(data.pair(OWNER, GRANTEE).unwrap().find(first).is_none());
    assert_eq!(named(&data, NOW - 1, 4, first), deny(DenyReason::Expired));
    assert_eq!(named(&data, NOW, 4, second), Decision::Permit);
    // The owner's own goes on.
    let third = granted(&mut data, terms());
    assert_eq!(named(&data, NOW, 9, third), Decision::Permit);
    assert_eq!(decide(&data, 9), Decision::Permit);
    data.revoke(OWNER, NOW, Agency::OWN, third).unwrap();
    assert_eq!(decide(&data, 9), deny(DenyReason::Revoked), "of the latest");
}

#[ink::test]
fn of_those_that_live_none_is_of_a_guardianship_that_is_over() {
    let mut data = data();
    let own = granted(&mut data, terms());
    let listed = |data: &Data, answer| {
        let live = data.live_grants(NOW, OWNER, GRANTEE, || answer);
        live.into_iter().map(|(number, _)| number).collect::<Vec<_>>()
    };
    let unasked = data.live_grants(NOW, OWNER, GRANTEE, || panic!("no guardian gave any"));
    assert_eq!(unasked.len(), 1);
    let his = given(&mut data, 3, terms());
    assert_eq!(listed(&data, Some(3)), [own, his]);
    for answer in [Some(2), Some(4), None] {
        assert_eq!(listed(&data, answer), [own]);
    }
}

#[ink::test]
fn he_fills_what_the_owner_fills_and_what_is_over_makes_room() {
    let mut data = data();
    delegated(&mut data, scope());
    for _ in 0..MAX_DELEGATED {
        data.given(DELEGATE, NOW, PARTIES, terms()).unwrap();
    }
    for _ in MAX_DELEGATED..MAX_LIVE {
        given(&mut data, 3, terms());
    }
    let full = data.grant(MOTHER, NOW, guarding(3), terms());
    assert_eq!(full, Err(Error::TooManyGrants));
    for _ in MAX_DELEGATED..MAX_LIVE {
        given(&mut data, 4, terms());
    }
    let full = data.given(OWNER, NOW, Admission { guardianship: 4, ..PARTIES }, terms());
    assert_eq!(full, Err(Error::TooManyGrants));
}

#[ink::test]
fn he_amends_what_guardians_gave_and_nothing_of_the_owners() {
    let mut data = data();
    delegated(&mut data, scope());
    let his = given(&mut data, 0, terms());
    let own = granted(&mut data, terms());
    let delegates = data.given(DELEGATE, NOW, PARTIES, terms()).unwrap().grant;
    let father = Admission { for_subject: guards(UNTIL - 10), guardianship: 0, ..PARTIES };
    let mut amend = |number, version, amendment: &Amendment, admission| {
        data.amend(FATHER, NOW, admission, number, version, amendment.clone())
    };
    // Not even to less; and no longer than he is one himself.
    let less = Amendment { policy: [8; 32], purposes: TREATMENT, ..amendment() };
    for number in [own, delegates] {
        assert_eq!(amend(number, 1, &less, father), Err(Error::OutOfScope));
    }
    for for_other in [Agency::OWN, Agency { powers: power::SIGN, ..guards(UNTIL) }] {
        let own = Admission { for_other, ..father };
        assert_eq!(amend(his, 1, &less, own), Err(Error::OutOfScope), "to himself");
    }
    let longer = Amendment { until: UNTIL - 9, ..amendment() };
    assert_eq!(amend(his, 1, &longer, father), Err(Error::OutOfScope));
    let over = Admission { guardianship: 1, ..father };
    assert_eq!(amend(his, 1, &amendment(), over), Err(Error::GrantOver));
    let event = amend(his, 1, &amendment(), father).unwrap();
    assert_eq!((event.by, event.version), (FATHER, 2));
    // The owner may, and as long as he likes; it ends with the guardianship all the same.
    let parties = Admission { guardianship: 0, ..PARTIES };
    let longest = Amendment { until: UNTIL + 900, from: NOW, ..amendment() };
    data.amend(OWNER, NOW, parties, his, 2, longest).unwrap();
    let amended = data.grant_of(his).unwrap();
    assert_eq!((amended.by, amended.guardianship), (MOTHER, Some(0)));
    for number in [own, delegates] {
        data.revoke(OWNER, NOW, Agency::OWN, number).unwrap();
    }
    assert_eq!(decide(&data, 0), Decision::Permit);
    assert_eq!(decide(&data, 1), deny(DenyReason::Revoked), "of the latest");
}

#[ink::test]
fn a_delegate_only_tightens_what_he_gave_as_a_guardian() {
    let mut data = data();
    let his = given(&mut data, 3, Terms { categories: CARDIOLOGY, ..terms() });
    data.set_delegate(OWNER, NOW, PARTIES, MOTHER, scope()).unwrap();
    let staff = Admission { guardianship: 3, ..PARTIES };
    let looser = data.amend(MOTHER, NOW, staff, his, 1, amendment());
    assert_eq!(looser, Err(Error::OutOfScope));
    let tighter = Amendment { policy: [8; 32], purposes: TREATMENT, ..amendment() };
    data.amend(MOTHER, NOW, staff, his, 1, tighter).unwrap();
    // What goes with his delegation is what he gave as a delegate.
    data.remove_delegate(mother(), MOTHER, true).unwrap();
    let admission = Admission { guardianship: 3, ..CARE };
    let decided = data.decide(NOW + 1, false, admission, &request()).decision;
    assert_eq!(decided, Decision::Permit);
}

#[ink::test]
fn no_delegation_narrows_what_he_may() {
    let mut data = data();
    let narrow = Scope { purposes: 1 << 9, categories: 1, until: NOW + 1 };
    data.set_delegate(OWNER, NOW, PARTIES, MOTHER, narrow).unwrap();
    let own = granted(&mut data, terms());
    given(&mut data, 3, terms());
    let event = data.revoke(MOTHER, NOW, guards(UNTIL), own).unwrap();
    assert_eq!(event, Revoked { grant: own, owner: OWNER, by: MOTHER, at: NOW });
}

#[ink::test]
fn he_revokes_whatever_was_given_for_his_ward() {
    let mut data = data();
    delegated(&mut data, scope());
    let own = granted(&mut data, terms());
    let delegates = data.given(DELEGATE, NOW, PARTIES, terms()).unwrap().grant;
    assert_eq!(data.revoke(MOTHER, NOW, NOTHING, 99), Err(Error::UnknownGrant));
    assert_eq!(data.revoke(MOTHER, NOW, NOTHING, own), Err(Error::NotAuthorized));
    for number in [own, delegates] {
        assert_eq!(data.revoke(MOTHER, NOW, guards(UNTIL), number).unwrap().by, MOTHER);
    }
    let linked = granted(&mut data, Terms { record: Some(RECORD), ..terms() });
    let revoked = data.revoke_all_for(mother(), NOW, GRANTEE).unwrap();
    let event = Revoked { grant: linked, owner: OWNER, by: MOTHER, at: NOW };
    assert_eq!(revoked, [event]);
    let refused = data.erase_link(MOTHER, NOW, NOTHING, linked);
    assert_eq!(refused, Err(Error::NotAuthorized));
    let (event, acting) = data.erase_link(MOTHER, NOW, guards(UNTIL), linked).unwrap();
    assert_eq!((event.grant, event.owner, acting), (linked, OWNER, mother()));
    assert_eq!(data.remove_delegate(mother(), DELEGATE, true).unwrap().owner, OWNER);
    assert_eq!(data.delegation(OWNER, DELEGATE), None);
    assert_eq!(data.revoke_all(mother(), NOW).unwrap().owner, OWNER);
    assert_eq!((data.epoch(OWNER), data.epoch(MOTHER)), (1, 0));
}

/// The owner's own key waits for nobody, so that it does not know whose mandate has ended.
#[ink::test]
fn what_only_ended_with_a_guardianship_is_the_owners_to_revoke() {
    let mut data = data();
    let first = given(&mut data, 3, Terms { record: Some(RECORD), ..terms() });
    assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, first), Err(Error::GrantLive));
    data.revoke(OWNER, NOW, Agency::OWN, first).unwrap();
    data.erase_link(OWNER, NOW, Agency::OWN, first).unwrap();
    let second = given(&mut data, 3, terms());
    let revoked = data.revoke_all_for(own(OWNER), NOW, GRANTEE).unwrap();
    assert_eq!(revoked.iter().map(|event| event.grant).collect::<Vec<_>>(), [second]);
}

#[ink::test]
fn his_denials_are_kept_apart_and_he_lifts_no_others() {
    let mut data = data();
    let (owner, requester, by, at) = (OWNER, GRANTEE, MOTHER, NOW);
    data.deny(own(OWNER), NOW, GRANTEE, 1, 1 | 2).unwrap();
    let event = data.deny(mother(), NOW, GRANTEE, 1 | 2, 2 | 4).unwrap();
    let (purposes, categories) = (1 | 2, 2 | 4);
    let denied = GuardianDenied { owner, requester, purposes, categories, by, at };
    assert_eq!(event, Said::Guardian(denied));
    let denial = |purpose, categories, by_guardians| Denial { purpose, categories, by_guardians };
    assert_eq!(data.denials(OWNER, GRANTEE), [denial(0, 3, 6), denial(1, 0, 6)]);
    assert_eq!(data.deny(mother(), NOW, OWNER, 1, 1), Err(Error::SelfDenial));
    assert_eq!(data.deny(mother(), NOW, GRANTEE, 0, 1), Err(Error::EmptyMask));
    // His own, all of them, and not the owner's.
    assert_eq!(data.lift_denial(mother(), NOW, GRANTEE, 1, 1), Err(Error::NoDenial));
    let (event, left) = data.lift_denial(mother(), NOW, GRANTEE, 1, u32::MAX).unwrap();
    let (purposes, categories) = (1, u32::MAX);
    let lifted = GuardianDenialLifted { owner, requester, purposes, categories, by, at };
    assert_eq!(event, Said::Guardian(lifted));
    assert_eq!(left, [denial(0, 3, 0), denial(1, 0, 6)]);
    // Nor what is denied to himself, which another guardian did.
    data.deny(mother(), NOW, MOTHER, 1, 1).unwrap();
    let refused = data.lift_denial(mother(), NOW, MOTHER, 1, 1);
    assert_eq!(refused, Err(Error::NotAuthorized));
    // The owner lifts both kinds.
    let (event, left) = data.lift_denial(own(OWNER), NOW, GRANTEE, u32::MAX, 2).unwrap();
    assert!(matches!(event, Said::Owner(_)));
    assert_eq!(left, [denial(0, 1, 0), denial(1, 0, 4)]);
    data.lift_denial(own(OWNER), NOW, GRANTEE, u32::MAX, u32::MAX).unwrap();
    assert!(!data.denials.contains((OWNER, GRANTEE)), "nothing is kept");
}

#[ink::test]
fn what_he_denies_binds_requests_and_no_emergency() {
    let mut data = data();
    granted(&mut data, terms());
    let decide = |data: &Data, paused| {
        let verdict = data.decide(NOW, paused, CARE, &request());
        (verdict.decision, verdict.window)
    };
    assert_eq!(decide(&data, false), (Decision::Permit, None));
    data.deny(mother(), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    // Told before a pause.
    for paused in [false, true] {
        assert_eq!(decide(&data, paused), (deny(DenyReason::Denied), None));
    }
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    assert_eq!(decide(&data, false), (Decision::Permit, Some(1)));
    let entry = asked(&mut data, NOW, CARE, request());
    assert_eq!((entry.decision, entry.grant, entry.window), (Decision::Permit, None, Some(1)));
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    // Nor does one of the key that asks; and the owner's own binds both.
    data.lift_denial(mother(), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    data.deny(mother(), NOW, DELEGATE, TREATMENT, CARDIOLOGY).unwrap();
    let answer = data.request_access(at(NOW, false, DELEGATE), CARE, request(), unasked).unwrap();
    let Answer::Decided(event) = answer else { panic!("not in the owner's log") };
    assert_eq!((event.decision, event.window), (Decision::Permit, Some(1)));
    data.deny(own(OWNER), NOW, GRANTEE, TREATMENT, CARDIOLOGY).unwrap();
    assert_eq!(decide(&data, false), (deny(DenyReason::Denied), None));
}

#[ink::test]
fn what_he_restricts_binds_no_emergency_and_he_lifts_no_other() {
    let mut data = data();
    granted(&mut data, terms());
    let (restricted, excepted) =
        data.restrict(mother(), NOW, TREATMENT, CARDIOLOGY, vec![OTHER]).unwrap();
    let (owner, purposes, categories, by) = (OWNER, TREATMENT, CARDIOLOGY, MOTHER);
    let event = GuardianRestricted { owner, purposes, categories, by, at: NOW };
    assert_eq!((restricted, excepted.len()), (Said::Guardian(event), 1));
    assert!(data.choices(OWNER).restriction.unwrap().by_guardian);
    assert_eq!(decide(&data, 0), deny(DenyReason::Denied));
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    assert_eq!(decide(&data, 0), Decision::Permit);
    // One at a time, whoever made it; the owner lifts any.
    for acting in [own(OWNER), mother()] {
        let second = data.restrict(acting, NOW, 1, 1, vec![]);
        assert_eq!(second, Err(Error::AlreadyRestricted));
    }
    data.lift_restriction(own(OWNER), NOW).unwrap();
    data.restrict(own(OWNER), NOW, TREATMENT, CARDIOLOGY, vec![]).unwrap();
    let kept = data.choices(OWNER);
    assert_eq!(data.lift_restriction(mother(), NOW), Err(Error::NotRestricted));
    assert_eq!(data.choices(OWNER), kept, "a refusal writes nothing");
    assert_eq!(decide(&data, 0), deny(DenyReason::Denied), "of the owner's own");
    data.lift_restriction(own(OWNER), NOW).unwrap();
    data.restrict(mother(), NOW, TREATMENT, CARDIOLOGY, vec![]).unwrap();
    assert_eq!(data.lift_restriction(mother(), NOW).unwrap().owner, OWNER);
    assert_eq!(data.choices(OWNER), Choices::default());
}

#[ink::test]
fn he_allows_emergencies_and_refuses_only_his_own() {
    let mut data = data();
    data.refuse_emergencies(MOTHER, NOW).unwrap();
    assert_eq!(data.choices(OWNER), Choices::default());
    assert_eq!(data.allow_emergencies(mother(), NOW), Err(Error::NotRefused));
    data.refuse_emergencies(OWNER, NOW).unwrap();
    assert_eq!(data.allow_emergencies(mother(), NOW).unwrap().owner, OWNER);
    assert_eq!(data.choices(OWNER), Choices::default());
}

#[ink::test]
fn he_breaks_no_glass_on_his_ward() {
    let mut data = data();
    // As a provider himself, and as one of the staff.
    let own = Admission { for_subject: guards(UNTIL), ..CARE };
    for (caller, provider) in [(MOTHER, MOTHER), (MOTHER, GRANTEE)] {
        let refused = data.break_glass(caller, NOW, own, provider, OWNER, [5; 32]);
        assert_eq!(refused, Err(Error::OwnData));
    }
    let no_patient = Admission { subject: ONCE, ..own };
    let refused = data.break_glass(MOTHER, NOW, no_patient, GRANTEE, OWNER, [5; 32]);
    assert_eq!(refused, Err(Error::OwnData), "before what the ward lacks");
}

#[ink::test]
fn he_closes_a_window_and_keeps_no_doctor_waiting() {
    let mut data = data();
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
    let with = |for_subject| Admission { for_subject, for_other: NOTHING, ..CARE };
    let staff = Agency { powers: power::ALL, ..guards(UNTIL) };
    let refused = data.close_break_glass(MOTHER, NOW, with(staff), 1);
    assert_eq!(refused, Err(Error::NotAuthorized), "another mandate of the patient");
    let event = data.close_break_glass(MOTHER, NOW, with(guards(UNTIL)), 1).unwrap();
    assert_eq!(event.by, MOTHER);
    assert_eq!(data.window(1).unwrap().closed_by, Some(MOTHER));
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [5; 32]).unwrap();
}
