//! Every reason and every status, from facts that are written down.

mod gather;
mod standing;

use assent_events::{Decision, DenyReason, Hash, purpose, role};

use super::*;

const RECORD: Hash = [7; 32];
const NOW: u64 = 1_000;

/// For two purposes and two categories, valid now, given by the owner.
fn grant(number: i64) -> GrantFacts {
    GrantFacts {
        number,
        purposes: 0b11,
        categories: 0b11,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        uses: 0,
        record: Record::All,
        epoch: 2,
        guardianship: None,
        revoked: false,
    }
}

/// A provider and a data owner, and these grants.
fn facts(grants: Vec<GrantFacts>) -> Facts {
    Facts {
        now: NOW,
        requester_roles: role::PROVIDER,
        owner_roles: role::DATA_OWNER,
        guardianship: 3,
        epoch: 2,
        grants,
        ..Facts::default()
    }
}

fn restriction() -> Restriction {
    Restriction { purposes: 1, categories: 1, by_guardian: false, excepts_requester: false }
}

/// To treat, and for the lowest category.
const REQUEST: Request =
    Request { grant: None, record: None, purpose: purpose::TREATMENT, category: 0 };

#[track_caller]
fn permits(facts: &Facts, request: Request, grant: i64) {
    let expected = Verdict { decision: Decision::Permit, grant: Some(grant), window: None };
    assert_eq!(decide(facts, &request), expected);
}

#[track_caller]
fn denies(facts: &Facts, request: Request, reason: DenyReason, grant: Option<i64>) {
    let expected = Verdict { decision: Decision::Deny(reason), grant, window: None };
    assert_eq!(decide(facts, &request), expected);
}

/// Whether or not a request names the grant, which is the only one.
#[track_caller]
fn denies_by_the_grant(facts: &Facts, request: Request, reason: DenyReason) {
    let number = facts.grants[0].number;
    denies(facts, request, reason, Some(number));
    denies(facts, Request { grant: Some(number), ..request }, reason, Some(number));
}

#[test]
fn a_live_grant_that_covers_a_request_permits_it() {
    let facts = facts(vec![grant(5)]);
    permits(&facts, REQUEST, 5);
    permits(&facts, Request { grant: Some(5), ..REQUEST }, 5);
    permits(&facts, Request { record: Some(RECORD), purpose: 1, category: 1, ..REQUEST }, 5);
}

#[test]
fn the_requester_has_to_be_an_active_provider_or_researcher() {
    let active = facts(vec![grant(5)]);
    for requester_roles in [role::PROVIDER, role::RESEARCHER, u16::MAX] {
        permits(&Facts { requester_roles, ..active.clone() }, REQUEST, 5);
    }
    for requester_roles in [0, !(role::PROVIDER | role::RESEARCHER)] {
        let facts = Facts { requester_roles, ..active.clone() };
        denies(&facts, REQUEST, DenyReason::RequesterNotAdmitted, None);
    }
}

#[test]
fn the_owner_has_to_be_an_active_data_owner() {
    let active = facts(vec![grant(5)]);
    let facts = Facts { owner_roles: !role::DATA_OWNER, ..active };
    denies(&facts, REQUEST, DenyReason::OwnerNotAdmitted, None);
    // Of both the requester comes first.
    let neither = Facts { requester_roles: 0, ..facts };
    denies(&neither, REQUEST, DenyReason::RequesterNotAdmitted, None);
}

#[test]
fn what_is_denied_is_refused_also_in_an_emergency_unless_a_guardian_denied_it() {
    for (categories, by_guardians) in [(1, 0), (0, 1), (1, 1)] {
        let denials = vec![Denial { purpose: 0, categories, by_guardians }];
        let granted = Facts { denials, ..facts(vec![grant(5)]) };
        denies(&granted, REQUEST, DenyReason::Denied, None);
        denies(&granted, Request { grant: Some(5), ..REQUEST }, DenyReason::Denied, None);
        permits(&granted, Request { category: 1, ..REQUEST }, 5);
        permits(&granted, Request { purpose: 1, ..REQUEST }, 5);
        let window = Some(9);
        let verdict = decide(&Facts { window, ..granted }, &REQUEST);
        let by_window = Verdict { decision: Decision::Permit, grant: None, window };
        assert_eq!(verdict == by_window, categories == 0);
    }
    // Of several for a purpose each counts: to the requester, and to who asks for it.
    let denial = |categories| Denial { purpose: 0, categories, by_guardians: 0 };
    let facts = Facts { denials: vec![denial(2), denial(1)], ..facts(vec![grant(5)]) };
    denies(&facts, REQUEST, DenyReason::Denied, None);
}

#[test]
fn what_is_restricted_is_refused_to_whom_it_does_not_except() {
    for by_guardian in [false, true] {
        let restriction = Restriction { by_guardian, ..restriction() };
        let granted = Facts { restriction: Some(restriction), ..facts(vec![grant(5)]) };
        denies(&granted, REQUEST, DenyReason::Denied, None);
        permits(&granted, Request { category: 1, ..REQUEST }, 5);
        permits(&granted, Request { purpose: 1, ..REQUEST }, 5);
        let in_emergency = Facts { window: Some(9), ..granted.clone() };
        assert_eq!(decide(&in_emergency, &REQUEST).window, by_guardian.then_some(9));
        let excepted = Restriction { excepts_requester: true, ..restriction };
        permits(&Facts { restriction: Some(excepted), ..granted }, REQUEST, 5);
    }
}

#[test]
fn in_a_pause_no_grant_counts() {
    let paused = Facts { paused: true, ..facts(vec![grant(5)]) };
    denies(&paused, REQUEST, DenyReason::Paused, None);
    denies(&paused, Request { grant: Some(6), ..REQUEST }, DenyReason::Paused, None);
    // What is denied comes first.
    let restricted = Facts { restriction: Some(restriction()), ..paused.clone() };
    denies(&restricted, REQUEST, DenyReason::Denied, None);
    let in_emergency = Facts { window: Some(9), ..paused };
    assert_eq!(decide(&in_emergency, &REQUEST).window, Some(9));
}

#[test]
fn without_a_grant_between_the_two_there_is_none() {
    denies(&facts(Vec::new()), REQUEST, DenyReason::NoGrant, None);
    let unknown = Request { grant: Some(6), ..REQUEST };
    denies(&facts(vec![grant(5)]), unknown, DenyReason::NoGrant, None);
}

#[test]
fn what_is_revoked_alone_with_its_delegate_or_with_its_epoch_is_revoked() {
    let alone = GrantFacts { revoked: true, ..grant(5) };
    denies_by_the_grant(&facts(vec![alone]), REQUEST, DenyReason::Revoked);
    for epoch in [1, 3] {
        let with_all = GrantFacts { epoch, ..grant(5) };
        denies_by_the_grant(&facts(vec![with_all]), REQUEST, DenyReason::Revoked);
    }
}

#[test]
fn what_is_not_valid_yet_permits_nothing() {
    let early = GrantFacts { from: NOW + 1, ..grant(5) };
    denies_by_the_grant(&facts(vec![early]), REQUEST, DenyReason::NotYetValid);
}

#[test]
fn what_is_over_by_its_date_or_with_its_guardianship_has_expired() {
    let last = GrantFacts { from: 0, until: NOW + 1, ..grant(5) };
    permits(&facts(vec![last]), REQUEST, 5);
    let over = GrantFacts { until: NOW, ..last };
    denies_by_the_grant(&facts(vec![over]), REQUEST, DenyReason::Expired);
    let guardians = GrantFacts { guardianship: Some(3), ..grant(5) };
    permits(&facts(vec![guardians]), REQUEST, 5);
    // Also when it would not be valid yet.
    let dismissed = GrantFacts { guardianship: Some(2), from: NOW + 1, ..grant(5) };
    denies_by_the_grant(&facts(vec![dismissed]), REQUEST, DenyReason::Expired);
}

#[test]
fn a_grant_for_one_record_is_for_no_other_and_not_for_all() {
    let one = GrantFacts { record: Record::One(RECORD), ..grant(5) };
    permits(&facts(vec![one]), Request { record: Some(RECORD), ..REQUEST }, 5);
    for record in [None, Some([8; 32])] {
        let request = Request { record, ..REQUEST };
        denies_by_the_grant(&facts(vec![one]), request, DenyReason::RecordNotGranted);
        let erased = GrantFacts { record: Record::Erased, ..grant(5) };
        denies_by_the_grant(&facts(vec![erased]), request, DenyReason::RecordNotGranted);
    }
}

#[test]
fn a_purpose_or_a_category_that_the_masks_do_not_have_is_not_granted() {
    let granted = facts(vec![GrantFacts { purposes: 1 << 31, categories: 1 << 31, ..grant(5) }]);
    let last = Request { purpose: 31, category: 31, ..REQUEST };
    permits(&granted, last, 5);
    for other in [0, 30, 32, 63, u8::MAX] {
        let request = Request { purpose: other, ..last };
        denies_by_the_grant(&granted, request, DenyReason::PurposeNotGranted);
        let request = Request { category: other, ..last };
        denies_by_the_grant(&granted, request, DenyReason::CategoryNotGranted);
    }
}

#[test]
fn what_is_used_up_permits_nothing() {
    let last = GrantFacts { max_uses: Some(2), uses: 1, ..grant(5) };
    permits(&facts(vec![last]), REQUEST, 5);
    let used_up = GrantFacts { uses: 2, ..last };
    denies_by_the_grant(&facts(vec![used_up]), REQUEST, DenyReason::UsesExhausted);
    // Of one that is named it is the last reason; of the latest, when none lives, the only one.
    let other = Request { purpose: 2, ..REQUEST };
    denies(&facts(vec![used_up]), other, DenyReason::UsesExhausted, Some(5));
    let named = Request { grant: Some(5), ..other };
    denies(&facts(vec![used_up]), named, DenyReason::PurposeNotGranted, Some(5));
}

#[test]
fn of_several_the_first_without_a_limit_permits_or_else_the_first() {
    let limited = |number| GrantFacts { max_uses: Some(1), ..grant(number) };
    permits(&facts(vec![limited(5), limited(6)]), REQUEST, 5);
    // Whatever their order.
    permits(&facts(vec![grant(8), limited(6), grant(7), limited(5)]), REQUEST, 7);
    permits(&facts(vec![limited(5), grant(7)]), Request { grant: Some(5), ..REQUEST }, 5);
}

#[test]
fn when_none_covers_a_request_the_one_that_came_closest_says_why() {
    let early = GrantFacts { from: NOW + 1, ..grant(5) };
    let record = |number| GrantFacts { record: Record::One(RECORD), ..grant(number) };
    let purpose = GrantFacts { purposes: 2, ..grant(8) };
    let category = GrantFacts { categories: 2, ..grant(9) };
    let mut grants = vec![early];
    denies(&facts(grants.clone()), REQUEST, DenyReason::NotYetValid, Some(5));
    grants.extend([record(6), record(7)]);
    denies(&facts(grants.clone()), REQUEST, DenyReason::RecordNotGranted, Some(6));
    grants.push(purpose);
    denies(&facts(grants.clone()), REQUEST, DenyReason::PurposeNotGranted, Some(8));
    grants.push(category);
    denies(&facts(grants.clone()), REQUEST, DenyReason::CategoryNotGranted, Some(9));
    // What is over says nothing while another lives, not even the latest.
    grants.push(GrantFacts { revoked: true, ..grant(10) });
    denies(&facts(grants.clone()), REQUEST, DenyReason::CategoryNotGranted, Some(9));
    // When none lives the latest does.
    for grant in &mut grants {
        grant.revoked = true;
    }
    grants.push(GrantFacts { until: NOW, ..grant(11) });
    denies(&facts(grants), REQUEST, DenyReason::Expired, Some(11));
}

#[test]
fn an_open_window_permits_a_provider_to_treat_whatever_the_grants_come_to() {
    let open = Facts { window: Some(9), ..facts(Vec::new()) };
    let by_window = Verdict { decision: Decision::Permit, grant: None, window: Some(9) };
    assert_eq!(decide(&open, &REQUEST), by_window);
    assert_eq!(decide(&open, &Request { grant: Some(5), category: 31, ..REQUEST }), by_window);
    let revoked = GrantFacts { revoked: true, ..grant(5) };
    assert_eq!(decide(&Facts { grants: vec![revoked], ..open.clone() }, &REQUEST), by_window);
    // A grant comes first.
    permits(&Facts { grants: vec![grant(5)], ..open.clone() }, REQUEST, 5);
    let none = DenyReason::NoGrant;
    denies(&open, Request { purpose: purpose::RESEARCH, ..REQUEST }, none, None);
    denies(&open, Request { category: 32, ..REQUEST }, none, None);
    let researcher = Facts { requester_roles: role::RESEARCHER, ..open.clone() };
    denies(&researcher, REQUEST, none, None);
    denies(&Facts { refuses_emergencies: true, ..open }, REQUEST, none, None);
}
