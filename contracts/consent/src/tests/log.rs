//! The log of decisions and its chain.

use super::*;
use crate::log::{chain, content, LogEntry, LogHead, MAX_DIGESTS, MAX_ENTRIES};
use assent_events::Hash;
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
        data.request_access(NOW + n, BOTH, request()).unwrap();
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
        let other = data.request_access(NOW, BOTH, elsewhere).unwrap();
        assert_eq!((other.access, other.sequence), (2 * n - 1, n));
        assert_eq!(other.decision, deny(DenyReason::NoGrant));

        let event = data.request_access(NOW + n, BOTH, request()).unwrap();
        assert_eq!((event.access, event.sequence), (2 * n, n));
        assert_eq!(event.previous, previous);
        assert_eq!(event.head, chain(previous, event.content));
        let entry = LogEntry {
            requester: GRANTEE,
            access: 2 * n,
            sequence: n,
            purpose: purpose::TREATMENT,
            category: category::CARDIOLOGY,
            grant: Some(1),
            window: None,
            decision: Decision::Permit,
            at: NOW + n,
        };
        assert_eq!(event.content, content(OWNER, &entry));
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
    data.break_glass(GRANTEE, NOW, CARE, OWNER, [0; 32]).unwrap();
    let check = |event: assent_events::consent::AccessDecided, options: &[u8], decision: &[u8]| {
        let mut bytes = vec![];
        bytes.extend([1; 32]);
        bytes.extend([2; 32]);
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
    let by_grant = data.request_access(NOW, CARE, request()).unwrap();
    check(by_grant, &[&[1][..], &one[..], &[0]].concat(), &[0]);
    data.revoke(OWNER, NOW, 1).unwrap();
    let by_window = data.request_access(NOW, CARE, request()).unwrap();
    check(by_window, &[&[0, 1][..], &one[..]].concat(), &[0]);
    let refused = data.request_access(NOW, BOTH, request()).unwrap();
    let revoked = DenyReason::Revoked as u8;
    check(refused, &[&[1][..], &one[..], &[0]].concat(), &[1, revoked]);
}

#[ink::test]
fn whoever_knows_a_head_can_check_a_later_one() {
    let mut data = logged(0);
    let mut heads = vec![data.log().head(OWNER)];
    for n in 0..300 {
        data.request_access(NOW + n, BOTH, request()).unwrap();
        heads.push(data.log().head(OWNER));
    }
    let latest = heads[300].hash;
    for known in [0usize, 1, 44, 150, 299, 300] {
        // As a client does: page by page until nothing is left.
        let mut head = heads[known].clone();
        loop {
            let digests = data.log().digests(OWNER, head.sequence + 1, u32::MAX);
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
    let digests = data.log().digests(OWNER, 51, 250);
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
    let digests: Vec<_> = entries.iter().map(|entry| content(OWNER, entry)).collect();
    assert_eq!(data.log().digests(OWNER, 1, 5), digests);
    assert!(entries.iter().all(|entry| content(OTHER, entry) != content(OWNER, entry)));
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
        grant: Some(1),
        window: Some(1),
        decision,
        ..entry
    });
    let full: Vec<_> = full.collect();
    assert!(full[0].encode().len() < 1024);
    assert!(full.encode().len() < 16 * 1024);
    let digests = log.digests(OWNER, 0, u32::MAX);
    assert_eq!(digests.len(), MAX_DIGESTS as usize);
    assert!(digests.encode().len() < 16 * 1024);

    assert_eq!(log.page(OWNER, 293, 32).len(), 8);
    assert_eq!(log.page(OWNER, 299, 1).len(), 1);
    assert!(log.page(OWNER, 301, 32).is_empty());
    assert!(log.page(OWNER, u64::MAX, 32).is_empty());
    assert!(log.page(OWNER, 1, 0).is_empty());
    assert!(log.page(OTHER, 1, 32).is_empty());
    assert_eq!(log.digests(OWNER, 45, 256).len(), 256);
    assert_eq!(log.digests(OWNER, 46, 256).len(), 255);
    assert!(log.digests(OWNER, 301, 1).is_empty());
    assert!(log.digests(OWNER, u64::MAX, 256).is_empty());
    assert!(log.digests(OWNER, 1, 0).is_empty());
}

#[ink::test]
fn a_log_without_numbers_left_takes_no_entry() {
    let mut data = data();
    granted(&mut data, Terms { max_uses: Some(1), ..terms() });
    let full = LogHead { sequence: u64::MAX, hash: [1; 32] };
    data.log.set_ends(0, OWNER, &full);
    assert_eq!(data.request_access(NOW, BOTH, request()), Err(Error::TooMany));
    data.log.set_ends(u64::MAX, OWNER, &LogHead::default());
    assert_eq!(data.request_access(NOW, BOTH, request()), Err(Error::TooMany));
    assert_eq!(data.grant_of(1).unwrap().uses, 0, "nothing was written");
    data.log.set_ends(u64::MAX - 1, OWNER, &LogHead::default());
    assert_eq!(data.request_access(NOW, BOTH, request()).unwrap().access, u64::MAX);
}
