//! The log of decisions and its chain.

use super::*;
use crate::log::{chain, content, LogEntry, LogHead, MAX_DIGESTS, MAX_ENTRIES};
use assent_events::consent::OutsiderRefused;
use assent_traits::domain;
use ink::env::hash::{Blake2x256, CryptoHash};
use ink::scale::Encode;

fn blake2(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    Blake2x256::hash(bytes, &mut hash);
    hash
}

/// As many decisions on the owner's data.
fn logged(entries: u64) -> Data {
    let mut data = data();
    granted(&mut data, Terms { until: u64::MAX, ..terms() });
    for n in 0..entries {
        asked(&mut data, NOW + n, BOTH, request());
    }
    data
}

#[ink::test]
fn every_decision_is_one_link_of_its_owners_log() {
    let mut data = data();
    granted(&mut data, terms());
    let mut previous = [0; 32];
    for n in 1..=40u64 {
        // Another owner's log in between: sequences are an owner's, access numbers everybody's.
        let elsewhere = Request { owner: OTHER, ..request() };
        let other = asked(&mut data, NOW, BOTH, elsewhere);
        assert_eq!((other.access, other.sequence), (2 * n - 1, n));
        assert_eq!(other.decision, deny(DenyReason::NoGrant));

        let event = asked(&mut data, NOW + n, BOTH, request());
        assert_eq!((event.access, event.sequence), (2 * n, n));
        assert_eq!(event.previous, previous);
        assert_eq!(event.head, chain(previous, event.content));
        let entry = LogEntry {
            requester: GRANTEE,
            by: GRANTEE,
            person: None,
            access: 2 * n,
            sequence: n,
            purpose: purpose::TREATMENT,
            category: category::CARDIOLOGY,
            record: None,
            grant: Some(1),
            window: None,
            decision: Decision::Permit,
            at: NOW + n,
        };
        assert_eq!(event.content, content(DOMAIN, OWNER, &entry));
        assert_eq!(data.log().page(OWNER, n, 1), [entry]);
        previous = event.head;
        assert_eq!(data.log().head(OWNER), LogHead { sequence: n, hash: previous });
    }
}

/// The formulas as the event documents them, written out byte by byte.
#[ink::test]
fn the_hashes_cover_what_is_documented() {
    let mut data = data();
    granted(&mut data, terms());
    data.break_glass(GRANTEE, NOW, CARE, GRANTEE, OWNER, [0; 32]).unwrap();
    let check = |event: assent_events::consent::AccessDecided, options: &[u8], decision: &[u8]| {
        let mut bytes = vec![];
        bytes.extend(DOMAIN);
        bytes.extend([1; 32]);
        bytes.extend([2; 32]);
        // By the requester's own key.
        bytes.extend([2; 32]);
        bytes.extend([0]);
        bytes.extend(event.access.to_le_bytes());
        bytes.extend(event.sequence.to_le_bytes());
        bytes.extend([purpose::TREATMENT, category::CARDIOLOGY]);
        bytes.extend(options);
        bytes.extend(decision);
        bytes.extend(NOW.to_le_bytes());
        assert_eq!(event.content, blake2(&bytes));
        let mut link = event.previous.to_vec();
        link.extend(event.content);
        assert_eq!(event.head, blake2(&link));
    };
    let one = 1u64.to_le_bytes();
    let by_grant = asked(&mut data, NOW, CARE, request());
    check(by_grant, &[&[0, 1][..], &one[..], &[0]].concat(), &[0]);
    data.revoke(OWNER, NOW, Agency::OWN, 1).unwrap();
    let by_window = asked(&mut data, NOW, CARE, request());
    check(by_window, &[&[0, 0, 1][..], &one[..]].concat(), &[0]);
    let refused = asked(&mut data, NOW, BOTH, request());
    let revoked = DenyReason::Revoked as u8;
    check(refused, &[&[0, 1][..], &one[..], &[0]].concat(), &[1, revoked]);
    let wanted = Request { record: Some(RECORD), ..request() };
    let for_one = asked(&mut data, NOW, BOTH, wanted);
    check(for_one, &[&[1][..], &RECORD[..], &[1], &one[..], &[0]].concat(), &[1, revoked]);
}

#[ink::test]
fn whoever_knows_a_head_can_check_a_later_one() {
    let mut data = logged(0);
    let mut heads = vec![data.log().head(OWNER)];
    for n in 0..300 {
        asked(&mut data, NOW + n, BOTH, request());
        heads.push(data.log().head(OWNER));
    }
    let latest = heads[300].hash;
    for known in [0usize, 1, 44, 150, 299, 300] {
        // As a client does: page by page until nothing is left.
        let mut head = heads[known].clone();
        loop {
            let digests = data.log().digests(DOMAIN, OWNER, head.sequence + 1, u32::MAX);
            if digests.is_empty() {
                break;
            }
            for digest in digests {
                let hash = blake2(&[head.hash, digest].concat());
                head = LogHead { sequence: head.sequence + 1, hash };
                assert_eq!(head, heads[head.sequence as usize]);
            }
        }
        assert_eq!((head.sequence, head.hash), (300, latest));
    }
    // A digest that is left out, changed or swapped arrives elsewhere.
    let digests = data.log().digests(DOMAIN, OWNER, 51, 250);
    let fold = |digests: &[Hash]| digests.iter().fold(heads[50].hash, |head, d| chain(head, *d));
    assert_eq!(fold(&digests), latest);
    assert_ne!(fold(&digests[1..]), latest);
    let mut changed = digests.clone();
    changed[7][0] ^= 1;
    assert_ne!(fold(&changed), latest);
    let mut swapped = digests.clone();
    swapped.swap(3, 4);
    assert_ne!(fold(&swapped), latest);
}

#[ink::test]
fn the_digests_are_those_of_the_entries() {
    let data = logged(5);
    let entries = data.log().page(OWNER, 1, 5);
    let digests: Vec<_> = entries.iter().map(|entry| content(DOMAIN, OWNER, entry)).collect();
    assert_eq!(data.log().digests(DOMAIN, OWNER, 1, 5), digests);
    assert!(entries
        .iter()
        .all(|entry| content(DOMAIN, OTHER, entry) != content(DOMAIN, OWNER, entry)));
}

#[ink::test]
fn pages_are_bounded() {
    let data = logged(300);
    let log = data.log();
    let page = log.page(OWNER, 0, u32::MAX);
    assert_eq!(page.len(), MAX_ENTRIES as usize);
    assert_eq!(page[0].sequence, 1);
    // The largest there can be: an entry with a grant, a window and a reason.
    let decision = deny(DenyReason::UsesExhausted);
    let full = page.into_iter().map(|entry| LogEntry {
        record: Some(RECORD),
        grant: Some(1),
        window: Some(1),
        decision,
        ..entry
    });
    let full: Vec<_> = full.collect();
    assert!(full[0].encode().len() < 1024);
    assert!(full.encode().len() < 16 * 1024);
    let digests = log.digests(DOMAIN, OWNER, 0, u32::MAX);
    assert_eq!(digests.len(), MAX_DIGESTS as usize);
    assert!(digests.encode().len() < 16 * 1024);

    assert_eq!(log.page(OWNER, 293, 32).len(), 8);
    assert_eq!(log.page(OWNER, 299, 1).len(), 1);
    assert!(log.page(OWNER, 301, 32).is_empty());
    assert!(log.page(OWNER, u64::MAX, 32).is_empty());
    assert!(log.page(OWNER, 1, 0).is_empty());
    assert!(log.page(OTHER, 1, 32).is_empty());
    assert_eq!(log.digests(DOMAIN, OWNER, 45, 256).len(), 256);
    assert_eq!(log.digests(DOMAIN, OWNER, 46, 256).len(), 255);
    assert!(log.digests(DOMAIN, OWNER, 301, 1).is_empty());
    assert!(log.digests(DOMAIN, OWNER, u64::MAX, 256).is_empty());
    assert!(log.digests(DOMAIN, OWNER, 1, 0).is_empty());
}

#[ink::test]
fn a_log_without_numbers_left_takes_no_entry() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    let full = LogHead { sequence: u64::MAX, hash: [1; 32] };
    data.log.set_ends(0, OWNER, &full);
    assert_eq!(
        data.request_access(at(NOW, false, GRANTEE), BOTH, request(), unasked),
        Err(Error::TooMany)
    );
    data.log.set_ends(u64::MAX, OWNER, &LogHead::default());
    assert_eq!(
        data.request_access(at(NOW, false, GRANTEE), BOTH, request(), unasked),
        Err(Error::TooMany)
    );
    assert_eq!(data.grant_of(1).unwrap().uses, 0, "nothing was written");
    data.log.set_ends(u64::MAX - 1, OWNER, &LogHead::default());
    assert_eq!(asked(&mut data, NOW, BOTH, request()).access, u64::MAX);
}

/// The log of one contract on one chain is no other's.
#[ink::test]
fn the_domain_is_of_the_contract_and_its_chain() {
    let (genesis, contract) = ([1; 32], AccountId([2; 32]));
    let here = domain(genesis, contract);
    assert_eq!(here, blake2(&[[1; 32], [2; 32]].concat()));
    assert_ne!(here, domain([3; 32], contract));
    assert_ne!(here, domain(genesis, AccountId([3; 32])));
    let data = logged(1);
    let entry = &data.log().page(OWNER, 1, 1)[0];
    assert_ne!(content(here, OWNER, entry), content(DOMAIN, OWNER, entry));
}

#[ink::test]
fn who_was_never_admitted_appends_to_no_owners_log() {
    let mut data = data();
    let nobody = Admission { other: Standing::default(), caller: Standing::default(), ..CARE };
    let wanted = Request { record: Some(RECORD), grant: Some(1), ..request() };
    let mut refuse = |requester, now, paused| {
        let request = Request { requester, ..wanted.clone() };
        match data
            .request_access(at(now, paused, request.requester), nobody, request, unasked)
            .unwrap()
        {
            Answer::Refused(event) => event,
            Answer::Decided(event) => panic!("in the owner's log: {event:?}"),
        }
    };
    let first = refuse(GRANTEE, NOW, false);
    let mut bytes = vec![];
    bytes.extend(DOMAIN);
    bytes.extend([2; 32]);
    bytes.extend([1; 32]);
    bytes.extend(1u64.to_le_bytes());
    bytes.extend([purpose::TREATMENT, category::CARDIOLOGY, 1]);
    bytes.extend(RECORD);
    bytes.extend(NOW.to_le_bytes());
    let content = blake2(&bytes);
    let expected = OutsiderRefused {
        requester: GRANTEE,
        owner: OWNER,
        sequence: 1,
        purpose: purpose::TREATMENT,
        category: category::CARDIOLOGY,
        record: Some(RECORD),
        at: NOW,
        previous: [0; 32],
        content,
        head: blake2(&[[0; 32], content].concat()),
    };
    assert_eq!(first, expected);
    // One chain for all of them, also in a pause.
    let second = refuse(OTHER, NOW + 1, true);
    assert_eq!((second.sequence, second.previous), (2, first.head));
    assert_eq!(second.head, chain(first.head, second.content));
    assert_eq!(data.log().refusals(), LogHead { sequence: 2, hash: second.head });
    assert_eq!(data.log().head(OWNER), LogHead::default());
    assert!(data.log().page(OWNER, 1, 32).is_empty());

    // Who was admitted once is logged where the owner sees it, and no number was used before.
    let once = Admission { other: ONCE, caller: ONCE, ..CARE };
    let event = asked(&mut data, NOW, once, wanted.clone());
    assert_eq!(event.decision, deny(DenyReason::RequesterNotAdmitted));
    assert_eq!((event.access, event.sequence, event.grant), (1, 1, None));
    assert_eq!(data.log().refusals().sequence, 2);
    // The view gives the same reason to both.
    for admission in [nobody, once] {
        let decision = data.decide(NOW, false, admission, &wanted).decision;
        assert_eq!(decision, deny(DenyReason::RequesterNotAdmitted));
    }
}

#[ink::test]
fn refusals_without_numbers_left_are_errors() {
    let mut data = data();
    let nobody = Admission { for_other: Agency::OWN, ..Admission::default() };
    data.log.set_refusals(&LogHead { sequence: u64::MAX, hash: [1; 32] });
    let refused = data.request_access(at(NOW, false, GRANTEE), nobody, request(), unasked);
    assert_eq!(refused, Err(Error::TooMany));
    assert_eq!(data.log().refusals().sequence, u64::MAX);
    data.log.set_refusals(&LogHead { sequence: u64::MAX - 1, hash: [1; 32] });
    assert!(data.request_access(at(NOW, false, GRANTEE), nobody, request(), unasked).is_ok());
    assert_eq!(data.log().refusals().sequence, u64::MAX);
    // What makes no sense leaves no trace here either.
    let nonsense = Request { purpose: 32, ..request() };
    let refused =
        data.request_access(at(NOW, false, nonsense.requester), nobody, nonsense, unasked);
    assert_eq!(refused, Err(Error::UnknownPurpose));
}
