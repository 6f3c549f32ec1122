//! Where a grant stands.

use super::*;

#[track_caller]
fn stands(facts: &Facts, status: Status, because: &[Because]) {
    let standing = standing(facts, &facts.grants[0]);
    assert_eq!((standing.status, standing.because.as_slice()), (status, because));
    assert!(!standing.partly_denied);
    agrees(facts, &facts.grants[0]);
}

/// What the contract would decide, of each purpose and category of a grant, is as it stands.
#[track_caller]
fn agrees(facts: &Facts, grant: &GrantFacts) {
    let Standing { status, because, partly_denied } = standing(facts, grant);
    let record = match grant.record {
        Record::One(record) => Some(record),
        Record::All | Record::Erased => None,
    };
    let (mut permitted, mut refused) = (0, 0);
    for (purpose, category) in (0..32).flat_map(|purpose| (0..32).map(move |c| (purpose, c))) {
        if !has(grant.purposes, purpose) || !has(grant.categories, category) {
            continue;
        }
        let request = Request { grant: Some(grant.number), record, purpose, category };
        match decide(facts, &request).decision {
            Decision::Permit => permitted += 1,
            Decision::Deny(reason) => {
                refused += 1;
                let expected = match status {
                    Status::Active | Status::Blocked => {
                        (partly_denied && reason == DenyReason::Denied)
                            || because.iter().any(|because| because.reason() == reason)
                    }
                    Status::Exhausted => reason == DenyReason::UsesExhausted,
                    Status::Pending => reason == DenyReason::NotYetValid,
                    Status::Expired => reason == DenyReason::Expired,
                    Status::Revoked => reason == DenyReason::Revoked,
                };
                assert!(expected, "{reason} of one that is {status:?} because {because:?}");
            }
        }
    }
    assert_eq!(permitted > 0, status == Status::Active);
    assert_eq!(because.is_empty(), status != Status::Blocked);
    if status == Status::Active {
        assert_eq!(refused > 0, partly_denied);
    }
}

#[test]
fn a_grant_that_gives_access_is_active() {
    stands(&facts(vec![grant(5)]), Status::Active, &[]);
    let one = GrantFacts { record: Record::One(RECORD), max_uses: Some(2), uses: 1, ..grant(5) };
    stands(&facts(vec![one]), Status::Active, &[]);
}

#[test]
fn a_grant_that_is_over_stands_as_the_first_reason_says() {
    let early = GrantFacts { from: NOW + 1, ..grant(5) };
    stands(&facts(vec![early]), Status::Pending, &[]);
    let used_up = GrantFacts { max_uses: Some(2), uses: 2, ..grant(5) };
    stands(&facts(vec![used_up]), Status::Exhausted, &[]);
    let over = GrantFacts { until: NOW, ..used_up };
    stands(&facts(vec![over]), Status::Expired, &[]);
    let dismissed = GrantFacts { guardianship: Some(2), ..early };
    stands(&facts(vec![dismissed]), Status::Expired, &[]);
    let revoked = GrantFacts { revoked: true, ..over };
    stands(&facts(vec![revoked]), Status::Revoked, &[]);
    let with_all = GrantFacts { epoch: 1, ..over };
    stands(&facts(vec![with_all]), Status::Revoked, &[]);
}

#[test]
fn a_grant_of_which_all_is_refused_is_blocked() {
    let granted = facts(vec![grant(5)]);
    let suspended = Facts { requester_roles: 0, ..granted.clone() };
    stands(&suspended, Status::Blocked, &[Because::RequesterNotAdmitted]);
    let left = Facts { owner_roles: 0, ..granted.clone() };
    stands(&left, Status::Blocked, &[Because::OwnerNotAdmitted]);
    let paused = Facts { paused: true, ..granted.clone() };
    stands(&paused, Status::Blocked, &[Because::Paused]);
    // What guardians deny, too.
    let denial = |purpose, categories, by_guardians| Denial { purpose, categories, by_guardians };
    let denials = vec![denial(0, 0b01, 0b10), denial(1, u32::MAX, 0)];
    let denied = Facts { denials, ..granted.clone() };
    stands(&denied, Status::Blocked, &[Because::Denied]);
    let all = Restriction { purposes: u32::MAX, categories: 0b11, ..restriction() };
    let restricted = Facts { restriction: Some(all), ..granted.clone() };
    stands(&restricted, Status::Blocked, &[Because::Restricted]);
    let excepted = Restriction { excepts_requester: true, ..all };
    stands(&Facts { restriction: Some(excepted), ..granted.clone() }, Status::Active, &[]);
    // Together.
    let some = Restriction { purposes: 0b10, ..all };
    let denials = vec![denial(0, 0b11, 0)];
    let both = Facts { denials, restriction: Some(some), ..granted };
    stands(&both, Status::Blocked, &[Because::Denied, Because::Restricted]);
    let everything = Facts { requester_roles: 0, owner_roles: 0, paused: true, ..both };
    stands(&everything, Status::Blocked, Because::ALL);
}

#[test]
fn a_grant_that_is_over_is_not_blocked() {
    let revoked = GrantFacts { revoked: true, ..grant(5) };
    let paused = Facts { paused: true, restriction: Some(restriction()), ..facts(vec![revoked]) };
    let expected = Standing { status: Status::Revoked, because: Vec::new(), partly_denied: false };
    assert_eq!(standing(&paused, &revoked), expected);
}

#[test]
fn a_grant_of_which_some_is_refused_is_partly_denied() {
    let granted = facts(vec![grant(5)]);
    let partly = |facts: &Facts, status, because: &[Because]| {
        let standing = standing(facts, &facts.grants[0]);
        assert_eq!((standing.status, standing.because.as_slice()), (status, because));
        assert!(standing.partly_denied);
        agrees(facts, &facts.grants[0]);
    };
    let denials = vec![Denial { purpose: 1, categories: 0, by_guardians: 0b10 }];
    let denied = Facts { denials, ..granted.clone() };
    partly(&denied, Status::Active, &[]);
    let restricted = Facts { restriction: Some(restriction()), ..granted.clone() };
    partly(&restricted, Status::Active, &[]);
    // A pause blocks all of it.
    partly(&Facts { paused: true, ..denied }, Status::Blocked, &[Because::Paused]);
    // What it is not for does not matter.
    let denials = vec![Denial { purpose: 2, categories: u32::MAX, by_guardians: u32::MAX }];
    let restriction = Some(Restriction { categories: 0b100, ..restriction() });
    stands(&Facts { denials, restriction, ..granted }, Status::Active, &[]);
}

#[test]
fn each_has_its_word() {
    let statuses = Status::ALL.iter().map(|status| status.as_str());
    let words = ["active", "blocked", "exhausted", "pending", "expired", "revoked"];
    assert_eq!(statuses.collect::<Vec<_>>(), words);
    let because = Because::ALL.iter().map(|because| because.as_str());
    let words = ["requester_not_admitted", "owner_not_admitted", "denied", "restricted", "paused"];
    assert_eq!(because.collect::<Vec<_>>(), words);
}
