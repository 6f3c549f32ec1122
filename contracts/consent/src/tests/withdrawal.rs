//! Grants revoked, one or all of a grantee, and cut off from their record.

use super::*;
use assent_events::consent::{LinkErased, Revoked};

#[ink::test]
fn a_grant_is_revoked_once() {
    let mut data = data();
    granted(&mut data, terms());
    asked(&mut data, NOW, BOTH, request());
    assert_eq!(data.revoke(OWNER, NOW, Agency::OWN, 2), Err(Error::UnknownGrant));
    assert_eq!(data.revoke(GRANTEE, NOW, NOTHING, 1), Err(Error::NotAuthorized));
    let event = data.revoke(OWNER, NOW + 1, Agency::OWN, 1).unwrap();
    assert_eq!(event, Revoked { grant: 1, owner: OWNER, by: OWNER, at: NOW + 1 });
    // With the use that was counted elsewhere.
    assert_eq!(data.grant_of(1), Some(Grant { revoked: true, uses: 1, ..stored() }));
    assert_eq!(data.revoke(OWNER, NOW, Agency::OWN, 1), Err(Error::AlreadyRevoked));
    let decided = asked(&mut data, NOW, BOTH, request());
    assert_eq!((decided.decision, decided.grant), (deny(DenyReason::Revoked), Some(1)));
}

#[ink::test]
fn what_is_over_is_revoked_all_the_same() {
    let mut data = data();
    // Used up and expired, still in the entry of its pair and moved out of it by the next.
    for moved in [false, true] {
        for (now, max_uses) in [(NOW, Some(1)), (NOW + 100, None)] {
            let number = granted(&mut data, Terms { max_uses, ..terms() });
            asked(&mut data, NOW, BOTH, Request { grant: Some(number), ..request() });
            if moved {
                data.given(OWNER, now, PARTIES, Terms { until: now + 1, ..terms() }).unwrap();
            }
            assert_eq!(data.revoke(OWNER, now, Agency::OWN, number).unwrap().grant, number);
            let grant = data.grant_of(number).unwrap();
            assert_eq!((grant.revoked, grant.uses), (true, 1));
            let named = Request { grant: Some(number), ..request() };
            let decision = data.decide(now, false, BOTH, &named).decision;
            assert_eq!(decision, deny(DenyReason::Revoked));
        }
    }
}

#[ink::test]
fn all_live_grants_of_a_grantee_are_revoked_at_once() {
    let mut data = data();
    assert_eq!(data.revoke_all_for(own(OWNER), NOW, GRANTEE), Err(Error::NoLiveGrant));
    delegated(&mut data, scope());
    let expired = granted(&mut data, Terms { until: NOW + 1, ..terms() });
    let later = granted(&mut data, Terms { from: NOW + 50, ..terms() });
    let his = data.given(DELEGATE, NOW, PARTIES, terms()).unwrap().grant;
    let revoked = granted(&mut data, terms());
    let used_up = granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    let elsewhere = granted(&mut data, Terms { grantee: OTHER, ..terms() });
    data.revoke(OWNER, NOW, Agency::OWN, revoked).unwrap();
    for number in [used_up, his] {
        asked(&mut data, NOW, BOTH, Request { grant: Some(number), ..request() });
    }

    let now = NOW + 1;
    assert_eq!(data.revoke_all_for(own(GRANTEE), now, OWNER), Err(Error::NoLiveGrant));
    let event = |grant| Revoked { grant, owner: OWNER, by: OWNER, at: now };
    assert_eq!(data.revoke_all_for(own(OWNER), now, GRANTEE), Ok(vec![event(later), event(his)]));
    let state = |number| {
        let grant = data.grant_of(number).unwrap();
        (grant.revoked, grant.uses)
    };
    assert_eq!([later, his].map(state), [(true, 0), (true, 1)]);
    assert_eq!([expired, used_up, elsewhere].map(state), [(false, 0), (false, 1), (false, 0)]);
    // The latest is used up, and that stays the reason.
    let verdict = data.decide(now, false, BOTH, &request());
    assert_eq!((verdict.decision, verdict.grant), (deny(DenyReason::UsesExhausted), Some(used_up)));
    assert_eq!(data.revoke_all_for(own(OWNER), now, GRANTEE), Err(Error::NoLiveGrant));

    // What its epoch or a mark has voided does not live.
    granted(&mut data, terms());
    data.revoke_all(own(OWNER), now).unwrap();
    assert_eq!(data.revoke_all_for(own(OWNER), now, GRANTEE), Err(Error::NoLiveGrant));
    delegated(&mut data, scope());
    data.given(DELEGATE, now, PARTIES, terms()).unwrap();
    data.remove_delegate(own(OWNER), DELEGATE, true).unwrap();
    assert_eq!(data.revoke_all_for(own(OWNER), now, GRANTEE), Err(Error::NoLiveGrant));
}

#[ink::test]
fn erasing_a_link_refuses_in_order() {
    let mut data = data();
    let all = granted(&mut data, terms());
    let one = granted(&mut data, Terms { record: Some(RECORD), ..terms() });
    delegated(&mut data, scope());
    assert_eq!(data.erase_link(GRANTEE, NOW, NOTHING, 3), Err(Error::UnknownGrant));
    assert_eq!(data.erase_link(GRANTEE, NOW, NOTHING, all), Err(Error::NotAuthorized));
    assert_eq!(data.erase_link(DELEGATE, NOW, NOTHING, one), Err(Error::NotAuthorized));
    assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, all), Err(Error::NoLink));
    assert_eq!(
        data.erase_link(OWNER, NOW - 1, Agency::OWN, one),
        Err(Error::GrantLive),
        "before it starts"
    );
    assert_eq!(data.erase_link(OWNER, NOW + 99, Agency::OWN, one), Err(Error::GrantLive));
    let event = data.erase_link(OWNER, NOW + 100, Agency::OWN, one).unwrap();
    assert_eq!(event, (LinkErased { grant: one, owner: OWNER }, own(OWNER)));
    assert_eq!(data.grant_of(one), Some(Grant { record: Record::Erased, ..stored() }));
    assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, one), Err(Error::AlreadyErased));
    assert_eq!(
        data.erase_link(OWNER, NOW + 100, Agency::OWN, all),
        Err(Error::NoLink),
        "over, too"
    );
}

/// However a grant came to its end, it is over, and its link can be erased.
#[ink::test]
fn the_link_of_a_grant_that_is_over_is_erased() {
    let mut data = data();
    let wanted = Request { record: Some(RECORD), ..request() };
    let give = |data: &mut Data| {
        delegated(data, scope());
        let terms = Terms { record: Some(RECORD), ..terms() };
        let number = data.given(DELEGATE, NOW, PARTIES, terms).unwrap().grant;
        assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, number), Err(Error::GrantLive));
        number
    };
    let alone = give(&mut data);
    data.revoke(OWNER, NOW, Agency::OWN, alone).unwrap();
    let by_mark = give(&mut data);
    data.remove_delegate(own(OWNER), DELEGATE, true).unwrap();
    let by_epoch = give(&mut data);
    data.revoke_all(own(OWNER), NOW).unwrap();
    for number in [alone, by_mark, by_epoch] {
        assert_eq!(data.erase_link(OWNER, NOW, Agency::OWN, number).unwrap().0.grant, number);
        assert_eq!(data.grant_of(number).unwrap().record, Record::Erased);
        let named = Request { grant: Some(number), ..wanted.clone() };
        let decision = data.decide(NOW, false, BOTH, &named).decision;
        assert_eq!(decision, deny(DenyReason::Revoked));
    }
}

#[ink::test]
fn an_erased_grant_keeps_its_end_as_the_reason() {
    let mut data = data();
    let terms = Terms { record: Some(RECORD), max_uses: Some(1), ..terms() };
    granted(&mut data, terms.clone());
    let wanted = Request { record: Some(RECORD), ..request() };
    assert_eq!(asked(&mut data, NOW, BOTH, wanted.clone()).decision, Decision::Permit);
    data.erase_link(OWNER, NOW, Agency::OWN, 1).unwrap();
    assert_eq!(data.grant_of(1).unwrap().uses, 1);
    let verdict = data.decide(NOW, false, BOTH, &wanted);
    assert_eq!((verdict.decision, verdict.grant), (deny(DenyReason::UsesExhausted), Some(1)));
    // Named, it is for no record any more.
    let named = Request { grant: Some(1), ..wanted };
    let refused = deny(DenyReason::RecordNotGranted);
    assert_eq!(data.decide(NOW, false, BOTH, &named).decision, refused);
    // Also after it has left the entry of its pair.
    granted(&mut data, terms);
    assert_eq!(data.decide(NOW, false, BOTH, &named).decision, refused);
    assert_eq!(data.grant_of(1).unwrap().record, Record::Erased);
}
