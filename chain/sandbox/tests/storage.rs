//! What the contracts store: no value grows with its contract, and a message adds the same whether
//! it is the second or the five hundredth.

use std::collections::BTreeSet;

use assent_sandbox::health::{
    APPLICANT, AUDITOR, Amendment, DELAY, Decision, DenyReason, GOVERNED, HOSPITAL, Health,
    INSTITUTE, NewVersion, PATIENT, REGULATOR, RELATIVE, REVIEW, Review, STRANGER, TREATMENT,
    Terms, amendment, report, role, terms,
};
use assent_sandbox::{Account, Executed, Weight};
use serde_json::Value;

/// A value is smaller than this.
const MAX_VALUE: usize = 1_024;

const FULL: [u8; 32] = [0xff; 32];

#[test]
fn no_value_is_as_large_as_a_kibibyte() {
    let mut health = Health::new();
    fill_rewards(&mut health);
    fill_participants(&mut health);
    fill_consent(&mut health);
    fill_reports(&mut health);
    for contract in GOVERNED {
        let announce = "Governed::announce_upgrade";
        health.done(REGULATOR, contract, announce, &FULL);
        health.done(REGULATOR, contract, "Governed::propose_handover", &HOSPITAL);
        health.pause(contract);
    }
    for contract in health.contracts().map(Clone::clone) {
        let name = &contract.bundle.name;
        let entries = health.sandbox.entries(&contract);
        for root in roots(name) {
            let is_filled = entries.iter().any(|(key, _)| key.starts_with(&root));
            assert!(is_filled, "nothing of {name} is stored at {root:x?}");
        }
        for (key, value) in entries {
            let length = value.len();
            assert!(length < MAX_VALUE, "{name} stores {length} bytes at {key:x?}");
        }
    }
}

/// The keys below which a contract stores all that it does, by the layout in its metadata.
fn roots(name: &str) -> BTreeSet<Vec<u8>> {
    let path = format!("{}/../../contracts/artifacts/{name}.contract", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the bundle is committed");
    let bundle: Value = serde_json::from_str(&text).expect("it is JSON");
    let mut roots = BTreeSet::new();
    collect_roots(&bundle["storage"], &mut roots);
    assert!(roots.len() > 1, "{name} stores more than its root");
    roots
}

fn collect_roots(layout: &Value, roots: &mut BTreeSet<Vec<u8>>) {
    let key = layout["root_key"].as_str().and_then(|key| key.strip_prefix("0x"));
    roots.extend(key.map(|key| hex::decode(key).expect("it is hexadecimal")));
    match layout {
        Value::Object(fields) => fields.values().for_each(|inner| collect_roots(inner, roots)),
        Value::Array(items) => items.iter().for_each(|inner| collect_roots(inner, roots)),
        _ => {}
    }
}

fn fill_participants(health: &mut Health) {
    health.done(APPLICANT, "participants", "update_profile", &FULL);
    health.done(REGULATOR, "participants", "approve", &(APPLICANT, role::ALL));
    health.suspend(APPLICANT);
}

fn fill_consent(health: &mut Health) {
    let most = Terms {
        purposes: u32::MAX,
        categories: u32::MAX,
        from: u64::MAX - 1,
        until: u64::MAX,
        max_uses: Some(u32::MAX),
        record: FULL,
        policy: FULL,
        ..terms()
    };
    health.done(PATIENT, "consent", "grant_batch", &vec![most; 16]);
    let Terms { purposes, categories, from, until, max_uses, policy, .. } = most;
    let amendment = Amendment { purposes, categories, from, until, max_uses, policy };
    health.done(PATIENT, "consent", "amend", &(1u64, amendment));
    health.done(PATIENT, "consent", "revoke", &1u64);
    let delegation = (RELATIVE, u32::MAX, u32::MAX, u64::MAX);
    health.done(PATIENT, "consent", "set_delegate", &delegation);
    let asked = (PATIENT, Some(1u64), 31u8, 31u8);
    let refused = health.done(HOSPITAL, "consent", "request_access", &asked);
    assert_eq!(refused.value::<Decision>(), Decision::Deny(DenyReason::Revoked));
    let window: u64 = health.done(HOSPITAL, "consent", "break_glass", &(PATIENT, FULL)).value();
    let asked = (PATIENT, None::<u64>, TREATMENT, 31u8);
    let permitted = health.done(HOSPITAL, "consent", "request_access", &asked);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    health.done(HOSPITAL, "consent", "close_break_glass", &window);
    health.sandbox.advance(REVIEW);
    health.done(STRANGER, "consent", "sanction_overdue", &window);
    let review = (window, Review::Unjustified);
    health.done(AUDITOR, "consent", "review_break_glass", &review);
    health.done(PATIENT, "consent", "deny", &(HOSPITAL, u32::MAX, u32::MAX));
    health.done(PATIENT, "consent", "revoke_all", &());
}

/// With the longest labels on the token, and as much money as there is.
fn fill_rewards(health: &mut Health) {
    let label = Some("x".repeat(64));
    let token = (label.clone(), label, u8::MAX, Some(u128::MAX), DELAY);
    health.token = health.another("token", &token);
    health.rewards = health.another("rewards", &(health.token.address, DELAY));
    health.replace_consent(health.participants.address, health.rewards.address);
    let consent = health.consent.address;
    health.done(REGULATOR, "rewards", "set_consent", &consent);
    for purpose in 0u8..32 {
        health.done(REGULATOR, "rewards", "set_tariff", &(purpose, u128::MAX));
    }
    health.fund(u128::MAX, u128::MAX / 2);
    for _ in 0..2 {
        health.break_glass(HOSPITAL, PATIENT);
        health.request(HOSPITAL, PATIENT);
        health.sandbox.advance(DELAY);
    }
    health.done(PATIENT, "rewards", "withdraw", &());
    let spender = (HOSPITAL, u128::MAX);
    health.done(PATIENT, "token", "PSP22::approve", &spender);
    // He holds nearly all units.
    health.done(REGULATOR, "token", "freeze", &(PATIENT, FULL));
}

fn fill_reports(health: &mut Health) {
    let new = NewVersion {
        series: FULL,
        root: FULL,
        chunks: u64::MAX,
        byte_length: u64::MAX,
        metadata: FULL,
        ..report()
    };
    health.anchor(&new);
    for party in [PATIENT, HOSPITAL] {
        health.done(party, "reports", "countersign", &(new.series, 1u32, new.head()));
    }
    health.done(HOSPITAL, "reports", "supersede", &new.next());
    health.done(HOSPITAL, "reports", "revoke", &(new.series, 1u32, FULL));
}

/// What a call did to a contract's storage, and what it cost.
#[derive(Debug, PartialEq)]
struct Growth {
    entries: usize,
    bytes: usize,
    deposit: i128,
    weight: Weight,
}

/// Number of entries of a contract, and the bytes in them.
fn size(health: &mut Health, contract: &str) -> (usize, usize) {
    let contract = health.contract(contract).clone();
    let entries = health.sandbox.entries(&contract);
    (entries.len(), entries.iter().map(|(key, value)| key.len() + value.len()).sum())
}

/// Does something 500 times and compares the second with the last.
#[track_caller]
fn grows_evenly(contract: &str, mut add: impl FnMut(&mut Health, u16) -> Executed) {
    const TIMES: u16 = 500;
    let mut health = Health::new();
    let mut second = None;
    for nth in 1..=TIMES {
        if nth != 2 && nth != TIMES {
            add(&mut health, nth);
            continue;
        }
        let before = size(&mut health, contract);
        let Executed { deposit, weight, .. } = add(&mut health, nth);
        let after = size(&mut health, contract);
        let (entries, bytes) = (after.0 - before.0, after.1 - before.1);
        let growth = Growth { entries, bytes, deposit, weight };
        match &second {
            None => second = Some(growth),
            Some(second) => assert_eq!(growth, *second),
        }
    }
}

/// An account for each number.
fn account(nth: u16) -> Account {
    let mut account = [0xaa; 32];
    account[..2].copy_from_slice(&nth.to_le_bytes());
    account
}

#[test]
fn registrations_add_the_same() {
    grows_evenly("participants", |health, nth| {
        health.sandbox.endow(&[account(nth)]);
        health.done(account(nth), "participants", "register", &FULL)
    });
}

#[test]
fn grants_add_the_same() {
    grows_evenly("consent", |health, _| health.done(PATIENT, "consent", "grant", &terms()));
}

#[test]
fn amendments_add_nothing() {
    grows_evenly("consent", |health, nth| {
        if nth == 1 {
            health.grant(terms());
        }
        let before = size(health, "consent");
        let amended = health.done(PATIENT, "consent", "amend", &(1u64, amendment()));
        assert_eq!(size(health, "consent"), before);
        amended
    });
}

#[test]
fn decisions_add_the_same() {
    grows_evenly("consent", |health, nth| {
        if nth == 1 {
            health.grant(terms());
            health.fund(1_000_000, 10);
        }
        health.request(HOSPITAL, PATIENT)
    });
}

#[test]
fn emergencies_add_the_same() {
    grows_evenly("consent", |health, _| {
        let broken = health.done(HOSPITAL, "consent", "break_glass", &(PATIENT, FULL));
        health.sandbox.advance(DELAY);
        broken
    });
}

#[test]
fn denials_and_delegations_are_replaced() {
    grows_evenly("consent", |health, nth| {
        let mask = u32::from(nth);
        health.done(PATIENT, "consent", "deny", &(HOSPITAL, mask, mask));
        let delegation = (RELATIVE, mask, mask, u64::MAX);
        health.done(PATIENT, "consent", "set_delegate", &delegation)
    });
}

#[test]
fn versions_add_the_same() {
    let mut next = report();
    grows_evenly("reports", move |health, _| {
        let anchored = health.done(HOSPITAL, "reports", "anchor", &next);
        next = next.next();
        anchored
    });
}

#[test]
fn payments_add_nothing() {
    grows_evenly("rewards", |health, nth| {
        if nth == 1 {
            health.allow(1_000_000);
        }
        health.done(INSTITUTE, "rewards", "fund", &1u128)
    });
}

#[test]
fn mints_add_the_same() {
    grows_evenly("token", |health, nth| {
        health.done(REGULATOR, "token", "mint", &(account(nth), 1u128, account(nth)))
    });
}

#[test]
fn holders_add_the_same() {
    grows_evenly("token", |health, nth| {
        if nth == 1 {
            health.done(REGULATOR, "token", "mint", &(INSTITUTE, 1_000_000u128, FULL));
        }
        let transfer = (account(nth), 1u128, Vec::<u8>::new());
        health.done(INSTITUTE, "token", "PSP22::transfer", &transfer)
    });
}

#[test]
fn freezes_add_the_same() {
    grows_evenly("token", |health, nth| {
        health.done(REGULATOR, "token", "freeze", &(account(nth), FULL))
    });
}
