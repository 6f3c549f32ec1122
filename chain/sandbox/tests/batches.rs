//! Batches and pages at their bounds: the most that a message takes or gives works, and fits into
//! the 16 KiB that a call may pass; one more is refused, or left for the next page.

use assent_sandbox::Account;
use assent_sandbox::health::{
    Decision, DenyReason, Grant, HOSPITAL, Hash, Health, LogEntry, LogHead, NewVersion, PATIENT,
    Participant, Status, Terms, Version, report, terms,
};
use parity_scale_codec::Encode;
use polkadot_sdk::sp_io::hashing::blake2_256;

/// The most that a batch holds.
const BATCH: usize = 16;
/// The most entries that a caller can ask for.
const ALL: u32 = u32::MAX;

/// `count` versions of one series, each the next of the one before.
fn versions(count: usize) -> Vec<NewVersion> {
    std::iter::successors(Some(report()), |version| Some(version.next())).take(count).collect()
}

#[test]
fn sixteen_grants_are_made_at_once_and_seventeen_are_not() {
    let mut health = Health::new();
    let distinct = |n: usize| Terms { max_uses: u32::try_from(n).ok(), ..terms() };
    let batch: Vec<_> = (1..=BATCH).map(distinct).collect();
    health.refused(PATIENT, "consent", "grant_batch", &[terms(); BATCH + 1].to_vec(), "BatchSize");
    health.refused(PATIENT, "consent", "grant_batch", &Vec::<Terms>::new(), "BatchSize");

    let granted = health.done(PATIENT, "consent", "grant_batch", &batch);
    assert_eq!(granted.value::<Vec<u64>>(), (1..=16).collect::<Vec<_>>());
    assert_eq!(health.event_names(&granted), ["Granted"; BATCH]);
    assert_eq!(health.view::<u64>("consent", "grant_count", &PATIENT), 16);
    let latest: Option<u64> = health.view("consent", "latest_grant", &(PATIENT, HOSPITAL));
    assert_eq!(latest, Some(16));
    for (number, terms) in (1u64..).zip(batch) {
        let grant: Option<Grant> = health.view("consent", "grant_of", &number);
        assert_eq!(grant, Some(terms.into()));
    }
}

#[test]
fn a_batch_of_grants_whose_last_is_not_sound_grants_nothing() {
    let mut health = Health::new();
    let mut batch = vec![terms(); BATCH];
    batch[BATCH - 1].max_uses = Some(0);
    health.refused(PATIENT, "consent", "grant_batch", &batch, "ZeroUses");
    assert_eq!(health.view::<u64>("consent", "grant_count", &PATIENT), 0);
    batch[BATCH - 1].max_uses = Some(1);
    health.done(PATIENT, "consent", "grant_batch", &batch);
}

#[test]
fn sixteen_versions_are_anchored_at_once_and_seventeen_are_not() {
    let mut health = Health::new();
    health.refused(HOSPITAL, "reports", "anchor_batch", &versions(BATCH + 1), "BatchSize");
    health.refused(HOSPITAL, "reports", "anchor_batch", &versions(0), "BatchSize");

    let batch = versions(BATCH);
    let anchored = health.done(HOSPITAL, "reports", "anchor_batch", &batch);
    assert_eq!(health.event_names(&anchored), ["Anchored"; BATCH]);
    for new in &batch {
        let version: Option<Version> =
            health.view("reports", "version", &(new.series, new.sequence));
        let version = version.expect("it was anchored");
        assert_eq!((version.owner, version.head), (HOSPITAL, new.head()));
        let link = (new.series, new.sequence, new.previous, new.head());
        assert!(health.view::<bool>("reports", "verify_link", &link));
    }
    let head: Option<Version> = health.view("reports", "head", &report().series);
    assert_eq!(head.map(|head| head.head), batch.last().map(NewVersion::head));
}

#[test]
fn a_batch_of_versions_whose_last_is_not_sound_anchors_nothing() {
    let mut health = Health::new();
    let mut batch = versions(BATCH);
    batch[BATCH - 1].previous = [1; 32];
    health.refused(HOSPITAL, "reports", "anchor_batch", &batch, "WrongPrevious");
    assert_eq!(health.view::<Option<Version>>("reports", "head", &report().series), None);
    health.done(HOSPITAL, "reports", "anchor_batch", &versions(BATCH));
}

#[test]
fn a_list_of_participants_has_at_most_64() {
    let mut health = Health::new();
    let accounts: Vec<Account> = (100..170).map(|byte| [byte; 32]).collect();
    health.sandbox.endow(&accounts);
    for account in &accounts {
        health.done(*account, "participants", "register", &[0xffu8; 32]);
    }
    let count: u64 = health.view("participants", "count", &());
    assert_eq!(count, 77, "the regulator, six others, and these");

    let mut page = |from: u64, limit: u32| -> Vec<(u64, Account, Participant)> {
        health.view("participants", "list", &(from, limit))
    };
    let first = page(0, ALL);
    assert_eq!(indices(&first), (0..64).collect::<Vec<_>>());
    assert_eq!(page(0, 65), first);
    assert_eq!(page(0, 64), first);
    assert_eq!(indices(&page(0, 63)), (0..63).collect::<Vec<_>>());
    assert_eq!(indices(&page(64, ALL)), (64..77).collect::<Vec<_>>());
    for (from, limit) in [(0, 0), (77, ALL), (u64::MAX, ALL)] {
        assert_eq!(page(from, limit), []);
    }
    let last = page(76, 1);
    let pending = Participant { roles: 0, status: Status::Pending, profile: [0xff; 32] };
    assert_eq!(last, [(76, [169; 32], pending)]);
}

fn indices<T>(page: &[(u64, Account, T)]) -> Vec<u64> {
    page.iter().map(|(index, ..)| *index).collect()
}

#[test]
fn a_page_of_grants_has_at_most_32() {
    let mut health = Health::new();
    let largest = Terms { max_uses: Some(u32::MAX), until: u64::MAX, ..terms() };
    for _ in 0..3 {
        health.done(PATIENT, "consent", "grant_batch", &vec![largest; BATCH]);
    }
    let mut page = |from: u64, limit: u32| -> Vec<u64> {
        let grants: Vec<(u64, Grant)> = health.view("consent", "grants", &(PATIENT, from, limit));
        grants.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(page(0, ALL), (1..=32).collect::<Vec<_>>());
    assert_eq!(page(0, 33), page(0, 32));
    assert_eq!(page(0, 31), (1..=31).collect::<Vec<_>>());
    assert_eq!(page(32, ALL), (33..=48).collect::<Vec<_>>());
    for (from, limit) in [(0, 0), (48, ALL), (u64::MAX, ALL)] {
        assert_eq!(page(from, limit), Vec::<u64>::new());
    }
    let nobodys: Vec<(u64, Grant)> = health.view("consent", "grants", &(HOSPITAL, 0u64, ALL));
    assert_eq!(nobodys, []);
}

#[test]
fn a_page_of_the_log_has_at_most_32_entries_and_one_of_digests_256() {
    const ENTRIES: u64 = 300;
    let mut health = Health::new();
    // No entry is larger than a refusal under a grant.
    let number = health.grant(terms());
    health.done(PATIENT, "consent", "revoke", &number);
    let mut heads = vec![LogHead { sequence: 0, hash: [0; 32] }];
    for _ in 0..ENTRIES {
        health.sandbox.advance(1);
        let asked = (PATIENT, Some(number), 0u8, 0u8);
        let decided = health.done(HOSPITAL, "consent", "request_access", &asked);
        assert_eq!(decided.value::<Decision>(), Decision::Deny(DenyReason::Revoked));
        heads.push(health.view("consent", "log_head", &PATIENT));
    }

    let mut log = |from: u64, limit: u32| -> Vec<LogEntry> {
        health.view("consent", "log", &(PATIENT, from, limit))
    };
    assert_eq!(sequences(&log(1, ALL)), (1..=32).collect::<Vec<_>>());
    assert_eq!(log(1, 33), log(1, 32));
    assert_eq!(log(0, 32), log(1, 32), "there is no entry before the first");
    assert_eq!(sequences(&log(269, ALL)), (269..=300).collect::<Vec<_>>());
    assert_eq!(sequences(&log(270, ALL)), (270..=300).collect::<Vec<_>>());
    for (from, limit) in [(1, 0), (301, ALL), (u64::MAX, ALL)] {
        assert_eq!(log(from, limit), []);
    }
    let entries: Vec<_> = (0..10).flat_map(|page| log(page * 32 + 1, 32)).collect();
    assert_eq!(sequences(&entries), (1..=ENTRIES).collect::<Vec<_>>());

    let mut digests = |from: u64, limit: u32| -> Vec<Hash> {
        health.view("consent", "log_digests", &(PATIENT, from, limit))
    };
    // The entry's fields are what follows the owner in the hashed tuple.
    let contents: Vec<Hash> =
        entries.iter().map(|entry| blake2_256(&(PATIENT, entry).encode())).collect();
    assert_eq!(digests(1, ALL), contents[..256]);
    assert_eq!(digests(1, 257), contents[..256]);
    assert_eq!(digests(0, 256), contents[..256]);
    assert_eq!(digests(257, ALL), contents[256..]);
    for (from, limit) in [(1, 0), (301, ALL), (u64::MAX, ALL)] {
        assert_eq!(digests(from, limit), Vec::<Hash>::new());
    }

    // Whoever knows a head arrives at a later one by the digests between them, and by no others.
    let fold = |head: Hash, digests: &[Hash]| {
        digests.iter().fold(head, |head, digest| blake2_256(&[head, *digest].concat()))
    };
    let known = heads[100].hash;
    let since = [digests(101, 156), digests(257, ALL)].concat();
    assert_eq!(fold(known, &since), heads[300].hash);
    assert_ne!(fold(known, &since[1..]), heads[300].hash);
    assert_ne!(fold(heads[99].hash, &since), heads[300].hash);
}

fn sequences(entries: &[LogEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.sequence).collect()
}

#[test]
fn a_page_of_a_series_has_at_most_32_versions() {
    let mut health = Health::new();
    // Signed twice, superseded and revoked: no version is larger.
    for new in versions(40) {
        let label = if new.sequence == 1 { "anchor" } else { "supersede" };
        health.done(HOSPITAL, "reports", label, &new);
        for party in [PATIENT, HOSPITAL] {
            let signature = (new.series, new.sequence, new.head());
            health.done(party, "reports", "countersign", &signature);
        }
        health.done(HOSPITAL, "reports", "revoke", &(new.series, new.sequence, [1u8; 32]));
    }
    let mut page = |from: u32, limit: u32| -> Vec<u32> {
        let history: Vec<Version> =
            health.view("reports", "history", &(report().series, from, limit));
        history.into_iter().map(|version| version.sequence).collect()
    };
    assert_eq!(page(1, ALL), (1..=32).collect::<Vec<_>>());
    assert_eq!(page(1, 33), page(1, 32));
    assert_eq!(page(0, 32), page(1, 32), "there is no version before the first");
    assert_eq!(page(9, ALL), (9..=40).collect::<Vec<_>>());
    assert_eq!(page(10, ALL), (10..=40).collect::<Vec<_>>());
    for (from, limit) in [(1, 0), (41, ALL), (u32::MAX, ALL)] {
        assert_eq!(page(from, limit), Vec::<u32>::new());
    }
    let first: Option<Version> = health.view("reports", "version", &(report().series, 1u32));
    let first = first.expect("it was anchored");
    assert!(first.patient_signed.is_some() && first.doctor_signed.is_some());
    assert!(first.superseded_by == Some(2) && first.revoked.is_some());
}
