//! What the contracts store: no value grows with its contract, and a message adds the same whether
//! it is the second or the five hundredth.

mod agreements;
mod carbon;

use std::collections::BTreeSet;

use assent_interface::{consent, governance, participants, power, reports, rewards, token};
use assent_sandbox::ledger::{
    APPLICANT, AUDITOR, Amendment, DELAY, Decision, DenyReason, EARNING, GOVERNED, HOSPITAL,
    INSTITUTE, KEY, Ledger, NEXT_KEY, NewVersion, PATIENT, REGULATOR, RELATIVE, REVIEW, Review,
    STRANGER, TREATMENT, Tariff, Terms, UNNAMED, amendment, report, role, terms,
};
use assent_sandbox::{Account, Executed, Weight};
use polkadot_sdk::sp_io::hashing::sha2_256;
use serde_json::Value;

/// A value is smaller than this.
const MAX_VALUE: usize = 1_024;

const FULL: [u8; 32] = [0xff; 32];

#[test]
fn no_value_is_as_large_as_a_kibibyte() {
    let mut ledger = Ledger::new();
    // Before there is as much money as can be.
    carbon::fill(&mut ledger);
    fill_rewards(&mut ledger);
    fill_participants(&mut ledger);
    fill_consent(&mut ledger);
    agreements::fill(&mut ledger);
    fill_reports(&mut ledger);
    for contract in GOVERNED {
        let other = if contract == "token" { "market" } else { "token" };
        let other = ledger.contract(other).clone();
        let code = ledger.sandbox.code_hash(&other);
        ledger.done(REGULATOR, contract, governance::ANNOUNCE_UPGRADE, &code);
        ledger.done(REGULATOR, contract, governance::PROPOSE_HANDOVER, &HOSPITAL);
        ledger.pause(contract);
    }
    for contract in ledger.contracts().map(Clone::clone) {
        let name = &contract.bundle.name;
        let entries = ledger.sandbox.entries(&contract);
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

fn fill_participants(ledger: &mut Ledger) {
    ledger.done(APPLICANT, "participants", participants::UPDATE_PROFILE, &FULL);
    ledger.done(REGULATOR, "participants", participants::APPROVE, &(APPLICANT, role::ALL, FULL));
    ledger.suspend(APPLICANT);
    ledger.done(APPLICANT, "participants", participants::UPDATE_PROFILE, &[0x3fu8; 32]);
    // His key was replaced, and shall be again: it objects, and another regulator confirms it.
    ledger.replace_key(APPLICANT);
    ledger.set_roles(AUDITOR, role::AUDITOR | role::REGULATOR);
    let replacement = (APPLICANT, NEXT_KEY, FULL);
    ledger.done(REGULATOR, "participants", participants::REPLACE_KEY, &replacement);
    ledger.done(KEY, "participants", participants::CANCEL_SUCCESSION, &());
    let ruling = (APPLICANT, NEXT_KEY, true);
    ledger.done(AUDITOR, "participants", participants::DECIDE_REPLACEMENT, &ruling);
}

fn fill_consent(ledger: &mut Ledger) {
    let most = Terms {
        purposes: u32::MAX,
        categories: u32::MAX,
        from: u64::MAX - 1,
        until: u64::MAX,
        max_uses: Some(u32::MAX),
        record: Some(FULL),
        policy: FULL,
        ..terms()
    };
    // As many as a pair may have, half of them by a delegate, the others by a guardian but for one, which was
    // given for the rewards.
    let delegation = (RELATIVE, u32::MAX, u32::MAX, u64::MAX);
    ledger.done(PATIENT, "consent", consent::SET_DELEGATE, &delegation);
    ledger.appoint_guardian(PATIENT, STRANGER);
    let guarded = Terms { from: 0, until: ledger.sandbox.now() + DELAY, ..most };
    let batch = ledger.done(STRANGER, "consent", consent::GRANT_BATCH, &vec![guarded; 3]);
    let number = batch.value::<Vec<u64>>()[0];
    ledger.done(RELATIVE, "consent", consent::GRANT_BATCH, &vec![most; 4]);
    let Terms { purposes, categories, from, until, max_uses, policy, .. } = most;
    let amendment = Amendment { purposes, categories, from, until, max_uses, policy };
    ledger.done(PATIENT, "consent", consent::AMEND, &(number, 1u32, amendment));
    ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    // By one of the staff: what is stored names a person, too.
    ledger.admit_member(HOSPITAL, RELATIVE, power::ALL);
    let asked = (HOSPITAL, PATIENT, Some(number), Some(FULL), 31u8, 31u8);
    let refused = ledger.done(RELATIVE, "consent", consent::REQUEST_ACCESS, &asked);
    assert_eq!(refused.value::<Decision>(), Decision::Deny(DenyReason::Revoked));
    let opened = (HOSPITAL, PATIENT, FULL);
    let window: u64 = ledger.done(RELATIVE, "consent", consent::BREAK_GLASS, &opened).value();
    let asked = (PATIENT, UNNAMED, TREATMENT, 31u8);
    let permitted = ledger.done(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, asked));
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    ledger.done(HOSPITAL, "consent", consent::CLOSE_BREAK_GLASS, &window);
    ledger.sandbox.advance(REVIEW);
    ledger.done(STRANGER, "consent", consent::SANCTION_OVERDUE, &window);
    let review = (window, Review::Unjustified);
    ledger.done(AUDITOR, "consent", consent::REVIEW_BREAK_GLASS, &review);
    for by in [PATIENT, STRANGER] {
        ledger.done(by, "consent", consent::DENY, &(PATIENT, HOSPITAL, u32::MAX, u32::MAX));
    }
    let asked = (PATIENT, Some(number), Some(FULL), 31u8, 31u8);
    let refused = ledger.done(STRANGER, "consent", consent::REQUEST_ACCESS, &(STRANGER, asked));
    assert_eq!(ledger.event_names(&refused), ["OutsiderRefused"]);
    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    ledger.done(PATIENT, "consent", consent::SET_DELEGATE, &delegation);
    ledger.done(PATIENT, "consent", consent::REMOVE_DELEGATE, &(PATIENT, RELATIVE, true));
    ledger.done(PATIENT, "consent", consent::SET_DELEGATE, &delegation);
}

/// With the longest labels on the token, and as much money as there is.
fn fill_rewards(ledger: &mut Ledger) {
    let label = Some("x".repeat(64));
    let asked = ledger.participants.address;
    let token = (asked, label.clone(), label, u8::MAX, Some(u128::MAX), DELAY);
    ledger.token = ledger.another("token", &token);
    let rewards = (asked, ledger.token.address, (DELAY, EARNING));
    ledger.rewards = ledger.another("rewards", &rewards);
    ledger.replace_consent(ledger.participants.address, ledger.rewards.address);
    let consent = ledger.consent.address;
    ledger.done(REGULATOR, "rewards", rewards::SET_CONSENT, &consent);
    for purpose in 0u8..32 {
        let tariff = Tariff { amount: u128::MAX, required: purpose != TREATMENT };
        ledger.done(REGULATOR, "rewards", rewards::SET_TARIFF, &(purpose, tariff));
    }
    ledger.fund(u128::MAX / 2, u128::MAX / 4);
    ledger.sponsor(u128::MAX / 2, u128::MAX);
    ledger.grant(terms());
    for _ in 0..2 {
        ledger.request(HOSPITAL, PATIENT);
        ledger.sandbox.advance(DELAY);
    }
    ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &());
    let spender = (HOSPITAL, u128::MAX);
    ledger.done(PATIENT, "token", token::APPROVE, &spender);
    // He holds nearly all units.
    ledger.done(REGULATOR, "token", token::FREEZE, &(PATIENT, FULL));
}

fn fill_reports(ledger: &mut Ledger) {
    let new = NewVersion {
        series: FULL,
        root: FULL,
        chunks: u64::MAX,
        byte_length: u64::MAX,
        metadata: FULL,
        ..report()
    };
    ledger.anchor(&new);
    for party in [PATIENT, HOSPITAL] {
        let signature = (HOSPITAL, new.series, 1u32, ledger.head(HOSPITAL, &new));
        ledger.done(party, "reports", reports::COUNTERSIGN, &(party, signature));
    }
    let next = ledger.following(HOSPITAL, &new);
    ledger.done(HOSPITAL, "reports", reports::SUPERSEDE, &(HOSPITAL, next));
    let nonce = FULL;
    let audit = (HOSPITAL, new.series, 1u32, sha2_256(&nonce));
    ledger.done(AUDITOR, "reports", reports::OPEN_AUDIT, &audit);
    ledger.sandbox.next_block();
    ledger.sandbox.next_block();
    let record = (1u64, nonce, FULL, true, FULL);
    ledger.done(AUDITOR, "reports", reports::RECORD_AUDIT, &record);
    ledger.done(HOSPITAL, "reports", reports::REVOKE, &(HOSPITAL, new.series, 1u32, FULL));
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
fn size(ledger: &mut Ledger, contract: &str) -> (usize, usize) {
    let contract = ledger.contract(contract).clone();
    let entries = ledger.sandbox.entries(&contract);
    (entries.len(), entries.iter().map(|(key, value)| key.len() + value.len()).sum())
}

/// Does something 500 times and compares the second with the last.
#[track_caller]
fn grows_evenly(contract: &str, mut add: impl FnMut(&mut Ledger, u16) -> Executed) {
    const TIMES: u16 = 500;
    let mut ledger = Ledger::new();
    let mut second = None;
    for nth in 1..=TIMES {
        if nth != 2 && nth != TIMES {
            add(&mut ledger, nth);
            continue;
        }
        let before = size(&mut ledger, contract);
        let Executed { deposit, weight, .. } = add(&mut ledger, nth);
        let after = size(&mut ledger, contract);
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
    grows_evenly("participants", |ledger, nth| {
        ledger.sandbox.endow(&[account(nth)]);
        ledger.done(account(nth), "participants", participants::REGISTER, &FULL)
    });
}

#[test]
fn grants_add_the_same() {
    grows_evenly("consent", |ledger, nth| {
        // A pair has but a few live ones.
        if nth > 1 {
            ledger.done(PATIENT, "consent", consent::REVOKE, &u64::from(nth - 1));
        }
        ledger.done(PATIENT, "consent", consent::GRANT, &terms())
    });
}

#[test]
fn amendments_add_nothing() {
    grows_evenly("consent", |ledger, nth| {
        if nth == 1 {
            ledger.grant(terms());
        }
        let before = size(ledger, "consent");
        let amended =
            ledger.done(PATIENT, "consent", consent::AMEND, &(1u64, u32::from(nth), amendment()));
        assert_eq!(size(ledger, "consent"), before);
        amended
    });
}

#[test]
fn decisions_add_the_same() {
    grows_evenly("consent", |ledger, nth| {
        if nth == 1 {
            ledger.grant(terms());
            ledger.fund(1_000_000, 10);
        }
        ledger.request(HOSPITAL, PATIENT)
    });
}

#[test]
fn emergencies_add_the_same() {
    grows_evenly("consent", |ledger, _| {
        let broken =
            ledger.done(HOSPITAL, "consent", consent::BREAK_GLASS, &(HOSPITAL, PATIENT, FULL));
        ledger.sandbox.advance(DELAY);
        broken
    });
}

#[test]
fn denials_have_an_end_and_delegations_are_replaced() {
    grows_evenly("consent", |ledger, nth| {
        let mask = if nth == 1 { u32::MAX } else { nth.into() };
        ledger.done(PATIENT, "consent", consent::DENY, &(PATIENT, HOSPITAL, mask, mask));
        let delegation = (RELATIVE, mask, mask, u64::MAX);
        ledger.done(PATIENT, "consent", consent::SET_DELEGATE, &delegation)
    });
}

#[test]
fn versions_add_the_same() {
    let mut next = report();
    grows_evenly("reports", move |ledger, _| {
        let anchored = ledger.done(HOSPITAL, "reports", reports::ANCHOR, &(HOSPITAL, next));
        next = ledger.following(HOSPITAL, &next);
        anchored
    });
}

#[test]
fn payments_add_nothing() {
    grows_evenly("rewards", |ledger, nth| {
        if nth == 1 {
            ledger.allow(1_000_000);
        }
        ledger.done(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 1u128))
    });
}

#[test]
fn mints_add_the_same() {
    grows_evenly("token", |ledger, nth| {
        ledger.done(REGULATOR, "token", token::MINT, &(account(nth), 1u128, account(nth)))
    });
}

#[test]
fn holders_add_the_same() {
    grows_evenly("token", |ledger, nth| {
        if nth == 1 {
            ledger.done(REGULATOR, "token", token::MINT, &(INSTITUTE, 1_000_000u128, FULL));
        }
        let transfer = (account(nth), 1u128, Vec::<u8>::new());
        ledger.done(INSTITUTE, "token", token::TRANSFER, &transfer)
    });
}

#[test]
fn freezes_add_the_same() {
    grows_evenly("token", |ledger, nth| {
        ledger.done(REGULATOR, "token", token::FREEZE, &(account(nth), FULL))
    });
}
