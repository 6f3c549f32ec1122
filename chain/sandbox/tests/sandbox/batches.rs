//! Batches and pages at their bounds: the most that a message takes or gives works, and fits into
//! the 16 KiB that a call may pass; one more is refused, or left for the next page.

use assent_interface::{carbon, consent, market, participants, reports};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    Decision, DenyReason, FACTORY, Grant, HOSPITAL, Hash, Holding, INSTITUTE, Item, Ledger,
    LogEntry, LogHead, NewVersion, ORDER_TIME, Order, OrderStatus, PATIENT, Participant, RELATIVE,
    STRANGER, TRADER, Terms, Version, report, terms,
};
use parity_scale_codec::Encode;
use polkadot_sdk::sp_io::hashing::blake2_256;

/// The most that a batch holds.
const BATCH: usize = 16;
/// The most entries that a caller can ask for.
const ALL: u32 = u32::MAX;

/// `count` versions of one series of the hospital, each the next of the one before.
fn versions(ledger: &Ledger, count: usize) -> Vec<NewVersion> {
    let next = |version: &NewVersion| Some(ledger.following(HOSPITAL, version));
    std::iter::successors(Some(report()), next).take(count).collect()
}

#[test]
fn sixteen_grants_are_made_at_once_and_seventeen_are_not() {
    let mut ledger = Ledger::new();
    // A pair has room for eight.
    let to = |n: usize| if n > BATCH / 2 { HOSPITAL } else { INSTITUTE };
    let distinct = |n: usize| Terms { max_uses: u32::try_from(n).ok(), grantee: to(n), ..terms() };
    let batch: Vec<_> = (1..=BATCH).map(distinct).collect();
    let more = vec![terms(); BATCH + 1];
    ledger.refused(PATIENT, "consent", consent::GRANT_BATCH, &more, "BatchSize");
    ledger.refused(PATIENT, "consent", consent::GRANT_BATCH, &Vec::<Terms>::new(), "BatchSize");

    let granted = ledger.done(PATIENT, "consent", consent::GRANT_BATCH, &batch);
    assert_eq!(granted.value::<Vec<u64>>(), (1..=16).collect::<Vec<_>>());
    assert_eq!(ledger.event_names(&granted), ["Granted"; BATCH]);
    assert_eq!(ledger.view::<u64>("consent", consent::GRANT_COUNT, &PATIENT), 16);
    let latest: Option<u64> = ledger.view("consent", consent::LATEST_GRANT, &(PATIENT, HOSPITAL));
    assert_eq!(latest, Some(16));
    for (number, terms) in (1u64..).zip(batch) {
        let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &number);
        assert_eq!(grant, Some(terms.into()));
    }
}

#[test]
fn a_batch_of_grants_whose_last_is_not_sound_grants_nothing() {
    let mut ledger = Ledger::new();
    let mut batch = vec![terms(); BATCH];
    batch[..BATCH / 2].iter_mut().for_each(|terms| terms.grantee = INSTITUTE);
    batch[BATCH - 1].max_uses = Some(0);
    ledger.refused(PATIENT, "consent", consent::GRANT_BATCH, &batch, "ZeroUses");
    assert_eq!(ledger.view::<u64>("consent", consent::GRANT_COUNT, &PATIENT), 0);
    batch[BATCH - 1].max_uses = Some(1);
    ledger.done(PATIENT, "consent", consent::GRANT_BATCH, &batch);
}

#[test]
fn sixteen_versions_are_anchored_at_once_and_seventeen_are_not() {
    let mut ledger = Ledger::new();
    for count in [0, BATCH + 1] {
        let batch = versions(&ledger, count);
        ledger.refused(HOSPITAL, "reports", reports::ANCHOR_BATCH, &(HOSPITAL, batch), "BatchSize");
    }

    let batch = versions(&ledger, BATCH);
    let asked = (HOSPITAL, batch.clone());
    let anchored = ledger.done(HOSPITAL, "reports", reports::ANCHOR_BATCH, &asked);
    assert_eq!(ledger.event_names(&anchored), ["Anchored"; BATCH]);
    for new in &batch {
        let version: Option<Version> =
            ledger.view("reports", reports::VERSION, &(HOSPITAL, new.series, new.sequence));
        let version = version.expect("it was anchored");
        assert_eq!((version.owner, version.head), (HOSPITAL, ledger.head(HOSPITAL, new)));
        let link = (HOSPITAL, new.series, new.sequence, new.previous, version.head);
        assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link));
    }
    let head: Option<Version> = ledger.view("reports", reports::HEAD, &(HOSPITAL, report().series));
    let last = batch.last().map(|last| ledger.head(HOSPITAL, last));
    assert_eq!(head.map(|head| head.head), last);
}

#[test]
fn a_batch_of_versions_whose_last_is_not_sound_anchors_nothing() {
    let mut ledger = Ledger::new();
    let mut batch = versions(&ledger, BATCH);
    batch[BATCH - 1].previous = [1; 32];
    ledger.refused(HOSPITAL, "reports", reports::ANCHOR_BATCH, &(HOSPITAL, batch), "WrongPrevious");
    let asked = (HOSPITAL, report().series);
    assert_eq!(ledger.view::<Option<Version>>("reports", reports::HEAD, &asked), None);
    let batch = versions(&ledger, BATCH);
    ledger.done(HOSPITAL, "reports", reports::ANCHOR_BATCH, &(HOSPITAL, batch));
}

#[test]
fn a_list_of_participants_has_at_most_64() {
    let mut ledger = Ledger::new();
    let accounts: Vec<Account> = (100..170).map(|byte| [byte; 32]).collect();
    ledger.sandbox.endow(&accounts);
    for account in &accounts {
        ledger.done(*account, "participants", participants::REGISTER, &[0xffu8; 32]);
    }
    let count: u64 = ledger.view("participants", participants::COUNT, &());
    assert_eq!(count, 82, "the regulator, eleven others, and these");

    let mut page = |from: u64, limit: u32| -> Vec<(u64, Account, Participant)> {
        ledger.view("participants", participants::LIST, &(from, limit))
    };
    let first = page(0, ALL);
    assert_eq!(indices(&first), (0..64).collect::<Vec<_>>());
    assert_eq!(page(0, 65), first);
    assert_eq!(page(0, 64), first);
    assert_eq!(indices(&page(0, 63)), (0..63).collect::<Vec<_>>());
    assert_eq!(indices(&page(64, ALL)), (64..82).collect::<Vec<_>>());
    for (from, limit) in [(0, 0), (82, ALL), (u64::MAX, ALL)] {
        assert_eq!(page(from, limit), []);
    }
    let last = page(81, 1);
    let profile = [0xff; 32];
    let (confirmed, guardianship, key) = (None, 0, None);
    let pending = Participant { roles: 0, suspended: 0, profile, confirmed, guardianship, key };
    assert_eq!(last, [(81, [169; 32], pending)]);
}

fn indices<T>(page: &[(u64, Account, T)]) -> Vec<u64> {
    page.iter().map(|(index, ..)| *index).collect()
}

#[test]
fn a_page_of_grants_has_at_most_32() {
    let mut ledger = Ledger::new();
    let largest = Terms { max_uses: Some(u32::MAX), until: u64::MAX, ..terms() };
    for _ in 0..6 {
        ledger.done(PATIENT, "consent", consent::GRANT_BATCH, &vec![largest; BATCH / 2]);
        ledger.done(PATIENT, "consent", consent::REVOKE_ALL_FOR, &(PATIENT, HOSPITAL));
    }
    let mut page = |from: u64, limit: u32| -> Vec<u64> {
        let grants: Vec<(u64, Grant)> =
            ledger.view("consent", consent::GRANTS, &(PATIENT, from, limit));
        grants.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(page(0, ALL), (1..=32).collect::<Vec<_>>());
    assert_eq!(page(0, 33), page(0, 32));
    assert_eq!(page(0, 31), (1..=31).collect::<Vec<_>>());
    assert_eq!(page(32, ALL), (33..=48).collect::<Vec<_>>());
    for (from, limit) in [(0, 0), (48, ALL), (u64::MAX, ALL)] {
        assert_eq!(page(from, limit), Vec::<u64>::new());
    }
    let nobodys: Vec<(u64, Grant)> =
        ledger.view("consent", consent::GRANTS, &(HOSPITAL, 0u64, ALL));
    assert_eq!(nobodys, []);
}

#[test]
fn at_most_eight_grants_of_a_pair_live_and_the_view_tells_which() {
    let mut ledger = Ledger::new();
    let now = ledger.sandbox.now();
    let largest = Terms { max_uses: Some(u32::MAX), record: Some([0xff; 32]), ..terms() };
    let lives = |ledger: &mut Ledger| -> Vec<(u64, Grant)> {
        ledger.view("consent", consent::LIVE_GRANTS, &(PATIENT, HOSPITAL))
    };
    assert_eq!(lives(&mut ledger), []);
    ledger.done(PATIENT, "consent", consent::GRANT_BATCH, &vec![largest; BATCH / 2]);
    ledger.grant(Terms { grantee: INSTITUTE, ..terms() });
    let all: Vec<(u64, Grant)> = (1..=8).map(|number| (number, largest.into())).collect();
    assert_eq!(lives(&mut ledger), all);
    ledger.refused(PATIENT, "consent", consent::GRANT, &terms(), "TooManyGrants");

    // Neither what is revoked, nor expired, nor used up; what is not valid yet is among them.
    for number in [2u64, 4, 5, 7] {
        ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    }
    let short = ledger.grant(Terms { until: now + 1, ..terms() });
    let once = ledger.grant(Terms { max_uses: Some(1), ..terms() });
    let later = Terms { from: now + 2, ..terms() };
    let later = (ledger.grant(later), later.into());
    let numbers = |ledger: &mut Ledger| -> Vec<u64> {
        lives(ledger).iter().map(|(number, _)| *number).collect()
    };
    assert_eq!(numbers(&mut ledger), [1, 3, 6, 8, short, once, later.0]);
    ledger.sandbox.advance(1);
    assert_eq!(numbers(&mut ledger), [1, 3, 6, 8, once, later.0]);
    let named = (PATIENT, Some(once), None::<Hash>, 0u8, 1u8);
    let permitted = ledger.done(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, named));
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(numbers(&mut ledger), [1, 3, 6, 8, later.0]);
    assert_eq!(lives(&mut ledger).last(), Some(&later));
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    assert_eq!(lives(&mut ledger), []);

    // What a delegate gave lives until it is revoked with him.
    ledger.delegate(PATIENT, RELATIVE);
    let own = ledger.grant(terms());
    let given: u64 = ledger.done(RELATIVE, "consent", consent::GRANT, &terms()).value();
    assert_eq!(numbers(&mut ledger), [own, given]);
    ledger.done(PATIENT, "consent", consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, true));
    assert_eq!(numbers(&mut ledger), [own]);
}

#[test]
fn a_page_of_the_log_has_at_most_32_entries_and_one_of_digests_256() {
    const ENTRIES: u64 = 300;
    let mut ledger = Ledger::new();
    // No entry is larger than a refusal under a grant.
    let number = ledger.grant(terms());
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    let mut heads = vec![LogHead { sequence: 0, hash: [0; 32] }];
    for _ in 0..ENTRIES {
        ledger.sandbox.advance(1);
        let asked = (PATIENT, Some(number), Some([7u8; 32]), 0u8, 0u8);
        let decided = ledger.done(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, asked));
        assert_eq!(decided.value::<Decision>(), Decision::Deny(DenyReason::Revoked));
        heads.push(ledger.view("consent", consent::LOG_HEAD, &PATIENT));
    }

    let domain: Hash = ledger.view("consent", consent::DOMAIN, &());
    let mut log = |from: u64, limit: u32| -> Vec<LogEntry> {
        ledger.view("consent", consent::LOG, &(PATIENT, from, limit))
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
        ledger.view("consent", consent::LOG_DIGESTS, &(PATIENT, from, limit))
    };
    // The entry's fields are what follows the domain and the owner in the hashed tuple.
    let content = |entry| blake2_256(&(domain, PATIENT, entry).encode());
    let contents: Vec<Hash> = entries.iter().map(content).collect();
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
    let mut ledger = Ledger::new();
    // Signed twice, superseded and revoked: no version is larger.
    for new in versions(&ledger, 40) {
        let label = if new.sequence == 1 { reports::ANCHOR } else { reports::SUPERSEDE };
        ledger.done(HOSPITAL, "reports", label, &(HOSPITAL, new));
        for party in [PATIENT, HOSPITAL] {
            let signature = (HOSPITAL, new.series, new.sequence, ledger.head(HOSPITAL, &new));
            ledger.done(party, "reports", reports::COUNTERSIGN, &(party, signature));
        }
        ledger.done(
            HOSPITAL,
            "reports",
            reports::REVOKE,
            &(HOSPITAL, new.series, new.sequence, [1u8; 32]),
        );
    }
    let mut page = |from: u32, limit: u32| -> Vec<u32> {
        let history: Vec<Version> =
            ledger.view("reports", reports::HISTORY, &(HOSPITAL, report().series, from, limit));
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
    let asked = (HOSPITAL, report().series, 1u32);
    let first: Option<Version> = ledger.view("reports", reports::VERSION, &asked);
    let first = first.expect("it was anchored");
    assert!(first.patient_signed.is_some() && first.doctor_signed.is_some());
    assert!(first.superseded_by == Some(2) && first.revoked.is_some());
}

/// The trader hands on one unit of the first batch, two of the second and so on.
fn items(batches: &[u64], count: usize) -> Vec<Item> {
    let item = |(amount, batch): (u128, &u64)| Item { batch: *batch, amount };
    (1..).zip(batches.iter().cycle()).take(count).map(item).collect()
}

#[test]
fn sixteen_transfers_are_made_at_once_and_seventeen_are_not() {
    let mut ledger = Ledger::new();
    let batches: Vec<u64> = (0..BATCH).map(|_| ledger.credits(TRADER, 100)).collect();
    for count in [0, BATCH + 1] {
        let batch = (FACTORY, items(&batches, count));
        ledger.refused(TRADER, "carbon", carbon::TRANSFER_BATCH, &batch, "BatchSize");
    }

    let batch = items(&batches, BATCH);
    let moved = ledger.done(TRADER, "carbon", carbon::TRANSFER_BATCH, &(FACTORY, &batch));
    assert_eq!(ledger.event_names(&moved), ["Transferred"; BATCH]);
    for Item { batch, amount } in batch {
        for (owner, tradable) in [(FACTORY, amount), (TRADER, 100 - amount)] {
            let holding: Holding = ledger.view("carbon", carbon::BALANCE_OF, &(batch, owner));
            assert_eq!(holding, Holding { tradable, ..Holding::default() });
        }
    }
}

#[test]
fn a_batch_of_transfers_whose_last_is_not_sound_moves_nothing() {
    let mut ledger = Ledger::new();
    let batches: Vec<u64> = (0..BATCH).map(|_| ledger.credits(TRADER, 100)).collect();
    let mut batch = items(&batches, BATCH);
    batch[BATCH - 1].amount = 101;
    let moves = (FACTORY, batch.clone());
    ledger.refused(TRADER, "carbon", carbon::TRANSFER_BATCH, &moves, "InsufficientBalance");
    batch[BATCH - 1].amount = 100;
    ledger.done(TRADER, "carbon", carbon::TRANSFER_BATCH, &(FACTORY, batch));
}

#[test]
fn sixteen_orders_are_pruned_at_once_and_seventeen_are_not() {
    let mut ledger = Ledger::new();
    let orders: Vec<u64> = (0..=BATCH).map(|_| ledger.offer(TRADER, 100, 1_000)).collect();
    ledger.sandbox.advance(ORDER_TIME);
    ledger.refused(STRANGER, "market", market::PRUNE_EXPIRED, &orders, "BatchSize");
    ledger.refused(STRANGER, "market", market::PRUNE_EXPIRED, &Vec::<u64>::new(), "BatchSize");

    let (last, batch) = orders.split_last().expect("there are seventeen");
    let pruned = ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &batch.to_vec());
    assert_eq!(pruned.value::<u32>(), 16);
    assert_eq!(ledger.event_names(&pruned), ["OrderExpired", "Released"].repeat(BATCH));
    for number in batch {
        let order: Option<Order> = ledger.view("market", market::ORDER, number);
        let order = order.expect("orders stay");
        assert_eq!((order.status, order.amount), (OrderStatus::Expired, 0));
        let holding: Holding = ledger.view("carbon", carbon::BALANCE_OF, &(order.batch, TRADER));
        assert_eq!(holding, Holding { tradable: 100, ..Holding::default() });
    }
    let open: Option<Order> = ledger.view("market", market::ORDER, last);
    assert_eq!(open.map(|order| order.status), Some(OrderStatus::Open));

    // What is closed is skipped.
    let again = ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &orders[1..].to_vec());
    assert_eq!(again.value::<u32>(), 1);
    assert_eq!(ledger.event_names(&again), ["OrderExpired", "Released"]);
}

#[test]
fn a_page_of_orders_has_at_most_32() {
    let mut ledger = Ledger::new();
    for _ in 0..40 {
        ledger.offer(TRADER, 100, 1_000);
    }
    assert_eq!(ledger.view::<u64>("market", market::ORDER_COUNT, &()), 40);
    let mut page = |from: u64, limit: u32| -> Vec<u64> {
        let orders: Vec<(u64, Order)> = ledger.view("market", market::ORDERS, &(from, limit));
        orders.into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(page(1, ALL), (1..=32).collect::<Vec<_>>());
    assert_eq!(page(1, 33), page(1, 32));
    assert_eq!(page(0, 32), page(1, 32), "there is no order before the first");
    assert_eq!(page(1, 31), (1..=31).collect::<Vec<_>>());
    assert_eq!(page(9, ALL), (9..=40).collect::<Vec<_>>());
    assert_eq!(page(10, ALL), (10..=40).collect::<Vec<_>>());
    for (from, limit) in [(1, 0), (41, ALL), (u64::MAX, ALL)] {
        assert_eq!(page(from, limit), Vec::<u64>::new());
    }
}
