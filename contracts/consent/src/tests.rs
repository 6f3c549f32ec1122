//! The rules of consent and of its log, and what of the shell needs no other contract.

mod amendment;
mod cases;
mod choices;
mod decision;
mod delegation;
mod denial;
mod emergency;
mod funding;
mod grants;
mod guardians;
mod live;
mod log;
mod shell;
mod staff;
mod withdrawal;

use crate::choices::Owner;
use crate::data::{Data, Times, MAX_COOLDOWN, MAX_REVIEW, MAX_WINDOW};
use crate::decision::{Accrued, Answer, Circumstances, Request};
use crate::delegation::Scope;
use crate::errors::ConsentError as Error;
use crate::grants::{Amendment, Grant, Record, Terms};
use crate::guardians::Acting;
use assent_events::{
    category,
    consent::{AccessDecided, AllRevoked, Granted},
    purpose, role, Decision, DenyReason, Hash,
};
use assent_traits::{
    participants::{Admission, Agency, Standing},
    rewards::Accrual,
};
use ink::primitives::AccountId;

const OWNER: AccountId = AccountId([1; 32]);
const GRANTEE: AccountId = AccountId([2; 32]);
const OTHER: AccountId = AccountId([3; 32]);
const DELEGATE: AccountId = AccountId([4; 32]);
const NOW: u64 = 1_000;
const TIMES: Times = Times { delay: 1_000, window: 100, review: 1_000, cooldown: 10 };
/// What the contents of the logs begin with.
const DOMAIN: Hash = [0xd0; 32];
/// The record that [`terms`] are for.
const RECORD: Hash = [7; 32];

const fn with(roles: u16) -> Standing {
    Standing { roles, admitted: true }
}

/// Nothing of it counts, but it was admitted once.
const ONCE: Standing = with(0);
/// Without a mandate.
const NOTHING: Agency = Agency { powers: 0, until: 0, person: None };
/// Everybody is admitted, as whatever is asked for, and acts for himself.
const PARTIES: Admission = Admission {
    subject: with(role::ALL),
    other: with(role::ALL),
    caller: with(role::ALL),
    for_subject: NOTHING,
    for_other: NOTHING,
    guardianship: 0,
    acting: None,
};
/// Both parties are admitted, and the requester is no provider.
const BOTH: Admission = Admission {
    subject: with(role::DATA_OWNER),
    other: with(role::RESEARCHER),
    caller: with(role::RESEARCHER),
    for_subject: NOTHING,
    for_other: Agency::OWN,
    guardianship: 0,
    acting: None,
};
/// Both parties are admitted, and the requester is a provider.
const CARE: Admission = Admission {
    subject: with(role::DATA_OWNER),
    other: with(role::PROVIDER),
    caller: with(role::PROVIDER),
    for_subject: NOTHING,
    for_other: Agency::OWN,
    guardianship: 0,
    acting: None,
};

const TREATMENT: u32 = 1 << purpose::TREATMENT;
const CARDIOLOGY: u32 = 1 << category::CARDIOLOGY;

fn data() -> Data {
    Data::new(TIMES).unwrap()
}

fn terms() -> Terms {
    Terms {
        owner: OWNER,
        grantee: GRANTEE,
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: None,
        policy: [8; 32],
    }
}

/// What is stored of [`terms`].
fn stored() -> Grant {
    Grant {
        owner: OWNER,
        grantee: GRANTEE,
        purposes: TREATMENT,
        categories: CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: Record::All,
        policy: [8; 32],
        version: 1,
        epoch: 0,
        uses: 0,
        revoked: false,
        by: OWNER,
        guardianship: None,
    }
}

fn amendment() -> Amendment {
    Amendment {
        purposes: TREATMENT | 2,
        categories: CARDIOLOGY,
        from: NOW + 1,
        until: NOW + 50,
        max_uses: Some(3),
        policy: [9; 32],
    }
}

/// As far as the terms and the amendment go.
fn scope() -> Scope {
    Scope { purposes: TREATMENT | 2, categories: CARDIOLOGY | 1 << 31, until: NOW + 100 }
}

fn request() -> Request {
    Request {
        requester: GRANTEE,
        owner: OWNER,
        grant: None,
        record: None,
        purpose: purpose::TREATMENT,
        category: category::CARDIOLOGY,
    }
}

fn deny(reason: DenyReason) -> Decision {
    Decision::Deny(reason)
}

/// The rewards contract has no tariff.
fn free(_access: u64) -> Accrued {
    Ok(Ok(Accrual::Nothing))
}

/// For what has to be decided without the rewards contract.
fn unasked(access: u64) -> Accrued {
    panic!("asked for access {access}")
}

/// Nothing is known of a guardianship.
fn unanswered() -> Option<u32> {
    None
}

/// By his own key.
fn own(owner: AccountId) -> Acting {
    Acting::check(owner, owner, Agency::OWN).unwrap()
}

/// What the participants contract tells of who closes a window of [`GRANTEE`] on [`OWNER`] by his own
/// key.
fn closing(caller: AccountId) -> Admission {
    let acts = |party| if caller == party { Agency::OWN } else { NOTHING };
    Admission { for_subject: acts(OWNER), for_other: acts(GRANTEE), ..CARE }
}

/// The same of a reviewer, or of one who is none.
fn reviewing(caller: AccountId, reviewer: bool) -> Admission {
    let stands = if reviewer { with(role::AUDITOR) } else { ONCE };
    Admission { caller: stands, ..closing(caller) }
}

/// What a request is made in.
fn at(now: u64, paused: bool, by: AccountId) -> Circumstances {
    Circumstances { domain: DOMAIN, now, paused, by }
}

/// What is logged of a request of one who was admitted once, and that nobody pays for.
#[track_caller]
fn asked(data: &mut Data, now: u64, admission: Admission, request: Request) -> AccessDecided {
    match data.request_access(at(now, false, request.requester), admission, request, free) {
        Ok(Answer::Decided(event)) => event,
        other => panic!("not in the owner's log: {other:?}"),
    }
}

/// A grant by its owner; gives its number.
fn granted(data: &mut Data, terms: Terms) -> u64 {
    data.given(terms.owner, NOW, PARTIES, terms).unwrap().grant
}

impl Data {
    /// A grant that no guardian gives.
    fn given(
        &mut self,
        caller: AccountId,
        now: u64,
        admission: Admission,
        terms: Terms,
    ) -> Result<Granted, Error> {
        let (event, by_guardian) = self.grant(caller, now, admission, terms)?;
        assert_eq!(by_guardian, None);
        Ok(event)
    }
}

/// Lets [`DELEGATE`] act for [`OWNER`].
fn delegated(data: &mut Data, scope: Scope) {
    data.set_delegate(OWNER, NOW, PARTIES, DELEGATE, scope).unwrap();
}

#[ink::test]
fn times_have_bounds() {
    let wrong = |window, review, cooldown| {
        let times = Times { delay: 0, window, review, cooldown };
        assert_eq!(Data::new(times).err(), Some(Error::InvalidTimes), "{times:?}");
    };
    wrong(0, 1, 0);
    wrong(MAX_WINDOW + 1, MAX_REVIEW, 0);
    wrong(2, 1, 0);
    wrong(1, MAX_REVIEW + 1, 0);
    wrong(1, 1, MAX_COOLDOWN + 1);
    for (window, review, cooldown) in
        [(1, 1, 0), (MAX_WINDOW, MAX_WINDOW, 1), (MAX_WINDOW, MAX_REVIEW, MAX_COOLDOWN)]
    {
        let times = Times { delay: 5, window, review, cooldown };
        assert_eq!(Data::new(times).unwrap().times(), times);
    }
}

#[ink::test]
fn an_epoch_voids_what_its_owner_gave_before() {
    let mut data = data();
    assert_eq!(data.epoch(OWNER), 0);
    granted(&mut data, terms());
    granted(&mut data, Terms { owner: OTHER, ..terms() });
    delegated(&mut data, scope());

    let event = data.revoke_all(own(OWNER), NOW + 1).unwrap();
    assert_eq!(event, AllRevoked { owner: OWNER, epoch: 1, at: NOW + 1 });
    assert_eq!((data.epoch(OWNER), data.epoch(OTHER)), (1, 0));
    assert_eq!(data.decide(NOW, false, BOTH, &request()).decision, deny(DenyReason::Revoked));
    let elsewhere = Request { owner: OTHER, ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &elsewhere).decision, Decision::Permit);
    // Neither grants nor revokes by the delegate, and the owner has nothing left to revoke.
    assert_eq!(data.given(DELEGATE, NOW, PARTIES, terms()), Err(Error::NotAuthorized));
    assert_eq!(data.revoke(DELEGATE, NOW, NOTHING, 1), Err(Error::NotAuthorized));
    assert_eq!(data.revoke(OWNER, NOW, Agency::OWN, 1), Err(Error::AlreadyRevoked));
    assert_eq!(data.amend(OWNER, NOW, PARTIES, 1, 1, amendment()), Err(Error::AlreadyRevoked));

    // What is given in the new epoch counts.
    let event = data.given(OWNER, NOW, PARTIES, terms()).unwrap();
    assert_eq!((event.grant, event.epoch), (3, 1));
    assert_eq!(data.decide(NOW, false, BOTH, &request()).decision, Decision::Permit);
    let event = data.set_delegate(OWNER, NOW, PARTIES, DELEGATE, scope()).unwrap();
    assert_eq!(event.epoch, 1);
    assert_eq!(data.revoke(DELEGATE, NOW, NOTHING, 3).unwrap().by, DELEGATE);
    // And what does not count any more can be named, but not revived.
    let old = Request { grant: Some(1), ..request() };
    assert_eq!(data.decide(NOW, false, BOTH, &old).decision, deny(DenyReason::Revoked));

    data.owners.insert(OWNER, &Owner { epoch: u32::MAX, ..Owner::default() });
    assert_eq!(data.revoke_all(own(OWNER), NOW), Err(Error::TooMany));
    assert_eq!(data.epoch(OWNER), u32::MAX);
}

#[ink::test]
fn denials_outlast_an_epoch() {
    let mut data = data();
    data.deny(own(OWNER), NOW, GRANTEE, 1, u32::MAX).unwrap();
    data.revoke_all(own(OWNER), NOW).unwrap();
    granted(&mut data, terms());
    assert_eq!(data.decide(NOW, false, BOTH, &request()).decision, deny(DenyReason::Denied));
}
