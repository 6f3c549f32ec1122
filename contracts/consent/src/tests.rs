//! The rules of consent and of its log.

use crate::consent::Consent;
use crate::data::{Admission, Data, Request, Terms};
use crate::errors::ConsentError as Error;
use crate::log::{entry_hash, LogHead, MAX_PAGE};
use assent_events::{category, purpose, Decision, DenyReason};
use ink::env::{test::set_caller, DefaultEnvironment};
use ink::primitives::AccountId;
use ink::scale::Encode;

const OWNER: AccountId = AccountId([1; 32]);
const GRANTEE: AccountId = AccountId([2; 32]);
const OTHER: AccountId = AccountId([3; 32]);
const NOW: u64 = 1_000;
const BOTH: Admission = Admission { owner: true, requester: true };

fn terms() -> Terms {
    Terms {
        owner: OWNER,
        grantee: GRANTEE,
        purposes: 1 << purpose::TREATMENT,
        categories: 1 << category::CARDIOLOGY | 1 << 31,
        from: NOW,
        until: NOW + 100,
        max_uses: None,
        record: [7; 32],
    }
}

fn request() -> Request {
    Request {
        requester: GRANTEE,
        owner: OWNER,
        grant: None,
        purpose: purpose::TREATMENT,
        category: category::CARDIOLOGY,
    }
}

fn deny(reason: DenyReason) -> Decision {
    Decision::Deny(reason)
}

#[ink::test]
fn grants_refuse_in_order() {
    let mut data = Data::new();
    let nobody = Admission::default();
    let owner = Admission { owner: true, requester: false };
    let mut terms = Terms { grantee: OWNER, purposes: 0, until: NOW, max_uses: Some(0), ..terms() };
    assert_eq!(data.grant(NOW, nobody, terms.clone()), Err(Error::NotDataOwner));
    assert_eq!(data.grant(NOW, owner, terms.clone()), Err(Error::SelfGrant));
    terms.grantee = GRANTEE;
    assert_eq!(data.grant(NOW, owner, terms.clone()), Err(Error::EmptyMask));
    terms.purposes = 1;
    assert_eq!(data.grant(NOW, owner, terms.clone()), Err(Error::InvalidPeriod));
    terms.from = NOW - 100;
    assert_eq!(
        data.grant(NOW, owner, terms.clone()),
        Err(Error::InvalidPeriod),
        "a period that is over"
    );
    terms.until = NOW + 1;
    assert_eq!(data.grant(NOW, owner, terms.clone()), Err(Error::ZeroUses));
    terms.max_uses = Some(1);
    assert_eq!(data.grant(NOW, owner, terms.clone()), Err(Error::GranteeNotAdmitted));
    terms.categories = 0;
    assert_eq!(data.grant(NOW, BOTH, terms.clone()), Err(Error::EmptyMask));
    terms.categories = 1;
    assert_eq!(data.grant(NOW, BOTH, terms.clone()).unwrap().grant, 1);
    assert_eq!(data.grant(NOW, BOTH, terms).unwrap().grant, 2);
    assert_eq!(data.latest_grant(OWNER, GRANTEE), Some(2));
    assert_eq!(data.latest_grant(GRANTEE, OWNER), None);
}

#[ink::test]
fn a_grant_is_revoked_once_by_its_owner() {
    let mut data = Data::new();
    data.grant(NOW, BOTH, terms()).unwrap();
    assert_eq!(data.revoke(OWNER, NOW, 2), Err(Error::UnknownGrant));
    assert_eq!(data.revoke(GRANTEE, NOW, 1), Err(Error::NotOwner));
    assert_eq!(data.revoke(OWNER, NOW + 1, 1).unwrap().at, NOW + 1);
    assert_eq!(data.revoke(OWNER, NOW, 1), Err(Error::AlreadyRevoked));
    let decided = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!(decided.decision, deny(DenyReason::Revoked));
    assert_eq!(decided.grant, Some(1));
}

#[ink::test]
fn a_refusal_gives_the_first_reason_that_holds() {
    let mut data = Data::new();
    // A grant for which every reason holds in turn, first to last.
    let narrow = Terms { purposes: 2, categories: 2, max_uses: Some(1), ..terms() };
    data.grant(NOW, BOTH, narrow).unwrap();
    let asked = Request { purpose: 0, category: 0, ..request() };
    let right = Request { purpose: 1, category: 1, ..request() };
    let stranger = Request { requester: OTHER, grant: Some(1), ..asked.clone() };
    let decide = |data: &Data, now, admission, request: &Request| {
        let (decision, applied) = data.decide(now, admission, request);
        (decision, applied.map(|(number, _)| number))
    };
    let neither = Admission::default();
    let no_owner = Admission { owner: false, requester: true };
    let check = |data: &Data, now, admission, request: &Request, reason, grant| {
        let decided = decide(data, now, admission, request);
        assert_eq!(decided, (deny(reason), grant));
    };
    use DenyReason::*;
    check(&data, 0, neither, &stranger, RequesterNotAdmitted, None);
    check(&data, 0, no_owner, &stranger, OwnerNotAdmitted, None);
    check(&data, 0, BOTH, &stranger, NoGrant, None);
    let unknown = Request { grant: Some(9), ..asked.clone() };
    check(&data, 0, BOTH, &unknown, NoGrant, None);
    check(&data, NOW - 1, BOTH, &asked, NotYetValid, Some(1));
    check(&data, NOW + 100, BOTH, &asked, Expired, Some(1));
    check(&data, NOW, BOTH, &asked, PurposeNotGranted, Some(1));
    let wrong_category = Request { purpose: 1, ..asked.clone() };
    check(&data, NOW, BOTH, &wrong_category, CategoryNotGranted, Some(1));
    let beyond = Request { purpose: 32, ..asked.clone() };
    check(&data, NOW, BOTH, &beyond, PurposeNotGranted, Some(1));
    assert_eq!(decide(&data, NOW, BOTH, &right), (Decision::Permit, Some(1)));
    data.request_access(NOW, BOTH, right.clone()).unwrap();
    check(&data, NOW, BOTH, &right, UsesExhausted, Some(1));
    data.revoke(OWNER, NOW, 1).unwrap();
    check(&data, NOW - 1, BOTH, &asked, Revoked, Some(1));
}

#[ink::test]
fn a_permit_uses_the_grant_and_a_refusal_does_not() {
    let mut data = Data::new();
    let limited = Terms { max_uses: Some(2), ..terms() };
    data.grant(NOW, BOTH, limited).unwrap();
    let wrong = Request { purpose: purpose::RESEARCH, ..request() };
    data.request_access(NOW, BOTH, wrong).unwrap();
    assert_eq!(data.grant_of(1).unwrap().uses, 0);
    for uses in 1..=2 {
        let decided = data.request_access(NOW, BOTH, request()).unwrap();
        assert_eq!(decided.decision, Decision::Permit);
        assert_eq!(data.grant_of(1).unwrap().uses, uses);
    }
    let decided = data.request_access(NOW, BOTH, request()).unwrap();
    assert_eq!(decided.decision, deny(DenyReason::UsesExhausted));
    assert_eq!(data.grant_of(1).unwrap().uses, 2);
}

#[ink::test]
fn an_older_grant_applies_when_it_is_named() {
    let mut data = Data::new();
    data.grant(NOW, BOTH, terms()).unwrap();
    data.grant(NOW, BOTH, terms()).unwrap();
    data.revoke(OWNER, NOW, 2).unwrap();
    assert_eq!(
        data.decide(NOW, BOTH, &request()).0,
        deny(DenyReason::Revoked),
        "the latest grant, not the best one"
    );
    let named = Request { grant: Some(1), ..request() };
    assert_eq!(data.decide(NOW, BOTH, &named).0, Decision::Permit);
}

#[ink::test]
fn requests_beyond_the_masks_are_errors_without_a_trace() {
    let mut data = Data::new();
    let purpose = Request { purpose: 32, category: 32, ..request() };
    let category = Request { category: 32, ..request() };
    assert_eq!(data.request_access(NOW, BOTH, purpose), Err(Error::UnknownPurpose));
    assert_eq!(data.request_access(NOW, BOTH, category), Err(Error::UnknownCategory));
    assert_eq!(data.log().head(OWNER), LogHead::default());
}

#[ink::test]
fn every_decision_is_one_link_of_its_owners_log() {
    let mut data = Data::new();
    data.grant(NOW, BOTH, terms()).unwrap();
    let mut previous = [0; 32];
    for n in 1..=40u64 {
        // Another owner's log in between: sequences are an owner's, access numbers everybody's.
        let elsewhere = Request { owner: OTHER, ..request() };
        let other = data.request_access(NOW, BOTH, elsewhere).unwrap();
        assert_eq!((other.access, other.sequence), (2 * n - 1, n));

        let event = data.request_access(NOW + n, BOTH, request()).unwrap();
        assert_eq!((event.access, event.sequence), (2 * n, n));
        assert_eq!(event.previous, previous);
        assert_eq!(event.entry, entry_hash(&event));
        previous = event.entry;
    }
    let head = data.log().head(OWNER);
    assert_eq!((head.sequence, head.hash), (40, previous));

    let page = data.log().page(OWNER, 0, u32::MAX);
    assert_eq!(page.len(), MAX_PAGE as usize);
    assert!(page.encode().len() < 16 * 1024);
    assert!(page.windows(2).all(|w| w[1].previous == w[0].entry));
    let rest = data.log().page(OWNER, 33, 32);
    assert_eq!(rest.len(), 8);
    assert_eq!(rest[0].previous, page[31].entry);
    assert_eq!(rest[7].entry, head.hash);
    assert_eq!(data.log().page(OWNER, 39, 1).len(), 1);
    assert!(data.log().page(OWNER, 41, 32).is_empty());
    assert!(data.log().page(OWNER, u64::MAX, 32).is_empty());
    assert!(data.log().page(OWNER, 1, 0).is_empty());
}

/// The formula as the event documents it, written out byte by byte.
#[ink::test]
fn the_entry_hash_covers_what_is_documented() {
    let mut data = Data::new();
    data.grant(NOW, BOTH, terms()).unwrap();
    let event = data.request_access(NOW, BOTH, request()).unwrap();
    let mut bytes = vec![0u8; 32];
    bytes.extend([1; 32]);
    bytes.extend([2; 32]);
    bytes.extend(1u64.to_le_bytes());
    bytes.extend(1u64.to_le_bytes());
    bytes.extend([purpose::TREATMENT, category::CARDIOLOGY]);
    bytes.push(1);
    bytes.extend(1u64.to_le_bytes());
    bytes.push(0);
    bytes.extend(NOW.to_le_bytes());
    let mut expected = [0; 32];
    ink::env::hash_bytes::<ink::env::hash::Blake2x256>(&bytes, &mut expected);
    assert_eq!(event.entry, expected);
}

#[ink::test]
fn the_shell_answers_what_needs_no_other_contract() {
    let mut contract = Consent::new(OTHER, GRANTEE);
    assert_eq!(contract.participants(), OTHER);
    assert_eq!(contract.rewards(), GRANTEE);
    set_caller::<DefaultEnvironment>(OWNER);
    assert_eq!(contract.revoke(1), Err(Error::UnknownGrant));
    assert_eq!(contract.request_access(OWNER, None, 32, 0), Err(Error::UnknownPurpose));
    assert_eq!(contract.grant_of(1), None);
    assert_eq!(contract.latest_grant(OWNER, GRANTEE), None);
    assert_eq!(contract.log_head(OWNER), LogHead::default());
    assert!(contract.log(OWNER, 1, 32).is_empty());
}
