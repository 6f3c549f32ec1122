//! Amendments: of the version that was read, and within what a delegate may.

use super::*;
use assent_events::consent::Amended;

#[ink::test]
fn an_amendment_replaces_the_terms_and_nothing_else() {
    let mut data = data();
    granted(&mut data, terms());
    asked(&mut data, NOW, BOTH, request());
    let event = data.amend(OWNER, NOW + 5, PARTIES, 1, 1, amendment()).unwrap();
    let expected = Amended {
        grant: 1,
        owner: OWNER,
        version: 2,
        purposes: TREATMENT | 2,
        categories: CARDIOLOGY,
        from: NOW + 1,
        until: NOW + 50,
        max_uses: Some(3),
        policy: [9; 32],
        by: OWNER,
        at: NOW + 5,
    };
    assert_eq!(event, expected);
    let amended = Grant {
        purposes: TREATMENT | 2,
        categories: CARDIOLOGY,
        from: NOW + 1,
        until: NOW + 50,
        max_uses: Some(3),
        policy: [9; 32],
        version: 2,
        uses: 1,
        ..stored()
    };
    assert_eq!(data.grant_of(1), Some(amended));
    assert_eq!((data.grant_count(OWNER), data.latest_grant(OWNER, GRANTEE)), (1, Some(1)));

    // The limit lifted, at the last moment before it is over.
    let longer = Amendment { until: NOW + 500, max_uses: None, ..amendment() };
    assert_eq!(data.amend(OWNER, NOW + 49, PARTIES, 1, 2, longer.clone()).unwrap().version, 3);
    assert_eq!(data.decide(NOW + 200, false, BOTH, &request()).decision, Decision::Permit);
    // Expired is over: no amendment revives it.
    let revived = data.amend(OWNER, NOW + 500, PARTIES, 1, 3, longer);
    assert_eq!(revived, Err(Error::GrantOver));
}

#[ink::test]
fn amendments_refuse_in_order() {
    let mut data = data();
    let number = granted(&mut data, Terms { max_uses: Some(2), ..terms() });
    asked(&mut data, NOW, BOTH, request());
    let mut grant = data.grant_of(number).unwrap();
    grant.revoked = true;
    grant.version = u32::MAX;
    data.grants.insert(number, &grant);

    let mut parties = Admission { subject: ONCE, other: ONCE, caller: ONCE, ..CARE };
    let mut wrong =
        Amendment { purposes: 0, from: NOW, until: NOW, max_uses: Some(1), ..amendment() };
    let amend = |data: &mut Data, now, caller, parties, version, wrong: &Amendment, number| {
        data.amend(caller, now, parties, number, version, wrong.clone()).unwrap_err()
    };
    let refused = |data: &mut Data, caller, parties, wrong: &Amendment| {
        amend(data, NOW, caller, parties, u32::MAX, wrong, number)
    };
    let unknown = amend(&mut data, NOW, OTHER, parties, 1, &wrong, 2);
    assert_eq!(unknown, Error::UnknownGrant);
    assert_eq!(refused(&mut data, OTHER, parties, &wrong), Error::NotDataOwner);
    parties.subject = with(role::DATA_OWNER);
    assert_eq!(refused(&mut data, OTHER, parties, &wrong), Error::NotAuthorized);
    // The grantee is a stranger too.
    assert_eq!(refused(&mut data, GRANTEE, parties, &wrong), Error::NotAuthorized);
    // Revoked is told before expired.
    let late = amend(&mut data, NOW + 100, OWNER, parties, 1, &wrong, number);
    assert_eq!(late, Error::AlreadyRevoked);
    grant.revoked = false;
    data.grants.insert(number, &grant);
    let late = amend(&mut data, NOW + 100, OWNER, parties, 1, &wrong, number);
    assert_eq!(late, Error::GrantOver);
    for version in [0, 1, u32::MAX - 1] {
        let stale = amend(&mut data, NOW + 99, OWNER, parties, version, &wrong, number);
        assert_eq!(stale, Error::VersionChanged);
    }
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::EmptyMask);
    wrong.purposes = 1;
    wrong.categories = 0;
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::EmptyMask);
    wrong.categories = 1;
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::InvalidPeriod);
    wrong.from = NOW - 2;
    wrong.until = NOW - 1;
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::InvalidPeriod);
    wrong.until = NOW + 1;
    // One use was made: one is none.
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::ZeroUses);
    wrong.max_uses = Some(0);
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::ZeroUses);
    wrong.max_uses = Some(2);
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::GranteeNotAdmitted);
    parties.other = with(role::PROVIDER);
    assert_eq!(refused(&mut data, OWNER, parties, &wrong), Error::TooMany);
    assert_eq!(data.grant_of(number), Some(grant), "nothing was written");
}

#[ink::test]
fn a_lost_update_is_refused() {
    let mut data = data();
    granted(&mut data, terms());
    // Two read version 1: the one who comes second does not undo what the first did.
    let first = Amendment { until: NOW + 20, ..amendment() };
    data.amend(OWNER, NOW, PARTIES, 1, 1, first.clone()).unwrap();
    let second = data.amend(OWNER, NOW, PARTIES, 1, 1, amendment());
    assert_eq!(second, Err(Error::VersionChanged));
    assert_eq!(data.grant_of(1).unwrap().until, first.until);
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 3, amendment()), Err(Error::VersionChanged));
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 2, amendment()).unwrap().version, 3);
}

#[ink::test]
fn an_unused_grant_is_not_amended_to_zero_uses() {
    let mut data = data();
    granted(&mut data, terms());
    let none = Amendment { max_uses: Some(0), ..amendment() };
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 1, none), Err(Error::ZeroUses));
    let one = Amendment { max_uses: Some(1), ..amendment() };
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 1, one).unwrap().max_uses, Some(1));
}

#[ink::test]
fn a_delegate_amends_what_he_gave_within_his_scope() {
    let mut data = data();
    delegated(&mut data, scope());
    let his = data.given(DELEGATE, NOW, PARTIES, Terms { max_uses: Some(1), ..terms() });
    assert_eq!(his.unwrap().grant, 1);
    let mut version = 1;
    let mut amend = |parties, amendment| {
        let amended = data.amend(DELEGATE, NOW, parties, 1, version, amendment);
        version += u32::from(amended.is_ok());
        amended.map(|event| event.by)
    };
    let unknown = Admission { other: ONCE, ..PARTIES };
    let wider = Amendment { purposes: 4, ..amendment() };
    assert_eq!(amend(unknown, wider), Err(Error::OutOfScope));
    let wider = Amendment { categories: 4, ..amendment() };
    assert_eq!(amend(unknown, wider), Err(Error::OutOfScope));
    let longer = Amendment { until: NOW + 101, ..amendment() };
    assert_eq!(amend(unknown, longer.clone()), Err(Error::OutOfScope));
    assert_eq!(amend(unknown, Amendment { max_uses: Some(0), ..longer }), Err(Error::ZeroUses));
    assert_eq!(amend(unknown, amendment()), Err(Error::GranteeNotAdmitted));
    let suspended = Admission { caller: ONCE, ..PARTIES };
    assert_eq!(amend(suspended, amendment()), Err(Error::NotAuthorized));
    // Other purposes, more uses, another policy, and longer again: it is his to loosen.
    assert_eq!(amend(PARTIES, amendment()), Ok(DELEGATE));
    let loose = Amendment { until: NOW + 100, from: NOW, max_uses: None, ..amendment() };
    assert_eq!(amend(PARTIES, loose), Ok(DELEGATE));
}

#[ink::test]
fn a_delegate_only_tightens_what_somebody_else_gave() {
    let mut data = data();
    delegated(&mut data, scope());
    data.set_delegate(OWNER, NOW, PARTIES, OTHER, scope()).unwrap();
    let given = Terms { max_uses: Some(5), until: NOW + 90, ..terms() };
    // By the owner, and by another delegate.
    let by_owner = granted(&mut data, given.clone());
    let by_other = data.given(OTHER, NOW, PARTIES, given).unwrap().grant;
    let same = Amendment {
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 90,
        max_uses: Some(5),
        policy: [8; 32],
    };
    for number in [by_owner, by_other] {
        let mut amend = |amendment: Amendment| {
            let version = data.grant_of(number).unwrap().version;
            let amended = data.amend(DELEGATE, NOW, PARTIES, number, version, amendment);
            amended.map(|event| event.by)
        };
        // Each of these is within his scope, and would be the owner's to do.
        for looser in [
            Amendment { purposes: TREATMENT | 2, ..same.clone() },
            Amendment { purposes: 2, ..same.clone() },
            Amendment { from: NOW - 1, ..same.clone() },
            Amendment { until: NOW + 91, ..same.clone() },
            Amendment { max_uses: Some(6), ..same.clone() },
            Amendment { max_uses: None, ..same.clone() },
            Amendment { policy: [9; 32], ..same.clone() },
        ] {
            assert_eq!(amend(looser.clone()), Err(Error::OutOfScope), "{looser:?}");
        }
        assert_eq!(amend(same.clone()), Ok(DELEGATE));
        let tighter = Amendment {
            categories: CARDIOLOGY,
            from: NOW + 1,
            until: NOW + 89,
            max_uses: Some(4),
            ..same.clone()
        };
        assert_eq!(amend(tighter), Ok(DELEGATE));
        // What is gone he does not give back.
        assert_eq!(amend(same.clone()), Err(Error::OutOfScope));
    }
    // Of whoever amends it nothing changes in who gave it.
    assert_eq!(data.grant_of(by_owner).unwrap().by, OWNER);
    assert_eq!(data.grant_of(by_other).unwrap().by, OTHER);
    // The owner may loosen what his delegate gave.
    let looser = Amendment { max_uses: None, policy: [9; 32], ..same };
    assert!(data.amend(OWNER, NOW, PARTIES, by_other, 3, looser).is_ok());
    assert_eq!(data.grant_of(by_other).unwrap().by, OTHER);
}

#[ink::test]
fn a_grant_without_a_limit_may_get_one_from_a_delegate() {
    let mut data = data();
    delegated(&mut data, scope());
    granted(&mut data, terms());
    let limit = Amendment {
        purposes: TREATMENT,
        categories: CARDIOLOGY,
        from: NOW,
        until: NOW + 100,
        max_uses: Some(u32::MAX),
        policy: [8; 32],
    };
    assert!(data.amend(DELEGATE, NOW, PARTIES, 1, 1, limit).is_ok());
}

#[ink::test]
fn what_a_delegate_tightens_was_in_his_scope() {
    let mut data = data();
    delegated(&mut data, scope());
    granted(&mut data, Terms { purposes: TREATMENT | 4, ..terms() });
    granted(&mut data, Terms { categories: CARDIOLOGY | 4, ..terms() });
    granted(&mut data, terms());
    let lasting = granted(&mut data, Terms { until: NOW + 900, ..terms() });
    let tight = Amendment {
        purposes: TREATMENT,
        categories: CARDIOLOGY,
        policy: [8; 32],
        from: NOW,
        ..amendment()
    };
    let unknown = Admission { other: ONCE, ..PARTIES };
    let mut amend = |number, admission, amendment| {
        data.amend(DELEGATE, NOW, admission, number, 1, amendment).unwrap_err()
    };
    assert_eq!(amend(1, unknown, tight.clone()), Error::OutOfScope, "old purposes");
    assert_eq!(amend(2, unknown, tight.clone()), Error::OutOfScope, "old categories");
    let his = Admission { for_other: Agency::OWN, ..unknown };
    assert_eq!(amend(3, his, tight.clone()), Error::OutOfScope, "to himself");
    // One that outlasts him may be shortened, to what he reaches.
    let still = Amendment { until: NOW + 101, ..tight.clone() };
    assert_eq!(amend(lasting, unknown, still), Error::OutOfScope);
    assert!(data.amend(DELEGATE, NOW, PARTIES, lasting, 1, tight).is_ok());
}
