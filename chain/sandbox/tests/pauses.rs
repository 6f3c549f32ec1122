//! What a pause stops, and what it does not.

use std::collections::BTreeSet;

use assent_sandbox::cases;
use assent_sandbox::health::{
    CARDIOLOGY, Decision, DenyReason, GOVERNED, HOSPITAL, Health, INSTITUTE, PATIENT, REGULATOR,
    TREATMENT, Totals, report, terms,
};
use assent_sandbox::{Account, Bundle, Outcome};

/// What a pause does not stop, by contract: what withdraws, what cannot wait, the wiring. Besides
/// these nothing but the government.
const OPEN: &[(&str, &[&str])] = &[
    ("participants", &["suspend", "leave"]),
    (
        "consent",
        &[
            "revoke",
            "revoke_all",
            "erase_link",
            "deny",
            "remove_delegate",
            "break_glass",
            "close_break_glass",
            "review_break_glass",
            "sanction_overdue",
        ],
    ),
    ("rewards", &["set_consent", "accrue", "withdraw", "withdraw_to", "refund_unused"]),
    ("reports", &["revoke"]),
    ("token", &["set_treasury", "freeze", "PSP22::decrease_allowance"]),
];

/// Open in a pause only with the arguments that its cases in a pause have: those that withdraw.
const PARTLY_OPEN: (&str, &str) = ("token", "PSP22::approve");

/// What a message says that a pause stops: its contract's own error, or the standard's.
const REFUSALS: [&str; 2] = ["Paused", "Custom(\"Paused\")"];

#[test]
fn a_pause_stops_all_messages_but_those_documented_as_open() {
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    for case in cases::all() {
        // It succeeds while there is no pause; `pause` itself cannot in one.
        if case.error.is_some() || case.message == "Governed::pause" {
            continue;
        }
        let (_, open) =
            OPEN.iter().find(|(name, _)| *name == case.contract).expect("all are in it");
        let mut open = open.contains(&case.message) || case.message.starts_with("Governed::");
        let (mut health, before, executed) = case.run_after(|health| {
            if is_paused(health, case.contract) {
                open |= (case.contract, case.message) == PARTLY_OPEN;
            } else {
                health.pause(case.contract);
            }
        });
        let name = format!("{}.{}", case.contract, case.message);
        match executed.outcome {
            Outcome::Returned(_) if open => {}
            Outcome::Refused(error) if !open && REFUSALS.contains(&&*error) => {
                if health.root() != before || !executed.events.is_empty() {
                    failures.push(format!("{name}: left something"));
                }
            }
            outcome => failures.push(format!("{name}: {outcome:?}")),
        }
        seen.insert((case.contract, case.message));
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));

    let messages: usize = OPEN
        .iter()
        .map(|(name, _)| Bundle::committed(name))
        .map(|bundle| bundle.messages.values().filter(|message| message.mutates).count())
        .sum();
    assert_eq!(seen.len() + OPEN.len(), messages, "all but `pause`, once in each");
}

fn is_paused(health: &mut Health, contract: &str) -> bool {
    // Administrator, paused, delay, handover, upgrade.
    type Governance = (Account, bool, u64, Option<(Account, u64)>, Option<([u8; 32], u64)>);
    health.view::<Governance>(contract, "Governed::governance", &()).1
}

#[test]
fn a_pause_stops_no_view() {
    let mut health = Health::new();
    health.grant(terms());
    health.anchor(&report());
    for contract in GOVERNED {
        health.pause(contract);
    }
    let question = (HOSPITAL, PATIENT, None::<u64>, TREATMENT, CARDIOLOGY);
    let permitted: Decision = health.view("consent", "is_permitted", &question);
    assert_eq!(permitted, Decision::Permit);
    assert!(health.view::<bool>("participants", "is_admitted", &PATIENT));
    let link = (report().series, 1u32, [0u8; 32], report().head());
    assert!(health.view::<bool>("reports", "verify_link", &link));
    assert_eq!(health.view::<u128>("rewards", "remainder", &()), 0);
    assert_eq!(health.view::<u128>("token", "PSP22::total_supply", &()), 0);
}

#[test]
fn a_pause_of_the_rewards_stops_no_access_and_pays_for_none() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.grant(terms());
    health.pause("rewards");
    let permitted = health.request(HOSPITAL, PATIENT);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(health.event_names(&permitted), ["AccessDecided", "Unfunded"]);
    let totals: Totals = health.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 100, owed: 0, paid: 0 });
    health.done(REGULATOR, "rewards", "Governed::unpause", &());
    health.request(HOSPITAL, PATIENT);
    let totals: Totals = health.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 90, owed: 10, paid: 0 });
}

#[test]
fn a_pause_of_the_participants_stops_no_access() {
    let mut health = Health::new();
    health.grant(terms());
    health.pause("participants");
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    health.anchor(&report());
    // And a suspension has its effect at once.
    health.suspend(HOSPITAL);
    let denied = health.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::RequesterNotAdmitted));
}

#[test]
fn a_pause_of_the_token_stops_payments_and_nothing_else() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.grant(terms());
    health.request(HOSPITAL, PATIENT);
    health.allow(5);
    health.pause("token");
    health.refused(INSTITUTE, "rewards", "fund", &5u128, "TokenFailed");
    health.refused(PATIENT, "rewards", "withdraw", &(), "TokenFailed");

    let permitted = health.request(HOSPITAL, PATIENT);
    assert_eq!(health.event_names(&permitted), ["AccessDecided", "Accrued"]);
    let totals: Totals = health.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 80, owed: 20, paid: 0 });

    health.done(REGULATOR, "token", "Governed::unpause", &());
    assert_eq!(health.done(PATIENT, "rewards", "withdraw", &()).value::<u128>(), 20);
    health.done(INSTITUTE, "rewards", "fund", &5u128);
}
