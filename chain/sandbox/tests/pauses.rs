//! What a pause stops, and what it does not.

use std::collections::BTreeSet;

use assent_sandbox::cases;
use assent_sandbox::ledger::{
    CARDIOLOGY, Chained as _, Decision, DenyReason, EMITTER, FACTORY, GOVERNED, HOSPITAL, Holding,
    INSTITUTE, ISSUER, Ledger, ORDER_TIME, PATIENT, Quote, REGULATOR, STRANGER, TRADER, TREATMENT,
    Totals, report, terms,
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
    (
        "carbon",
        &["seal_batch", "retire", "cancel", "release", "surrender", "pay_penalty", "freeze"],
    ),
    ("market", &["cancel", "prune_expired"]),
];

/// Open in a pause only with the arguments that their cases in a pause have: those that withdraw.
const PARTLY_OPEN: [(&str, &str); 2] = [("token", "PSP22::approve"), ("carbon", "approve")];

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
        let (mut ledger, before, executed) = case.run_after(|ledger| {
            if is_paused(ledger, case.contract) {
                open |= PARTLY_OPEN.contains(&(case.contract, case.message));
            } else {
                ledger.pause(case.contract);
            }
        });
        let name = format!("{}.{}", case.contract, case.message);
        match executed.outcome {
            Outcome::Returned(_) if open => {}
            Outcome::Refused(error) if !open && REFUSALS.contains(&&*error) => {
                if ledger.root() != before || !executed.events.is_empty() {
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

fn is_paused(ledger: &mut Ledger, contract: &str) -> bool {
    // Administrator, paused, delay, handover, upgrade.
    type Governance = (Account, bool, u64, Option<(Account, u64)>, Option<([u8; 32], u64)>);
    ledger.view::<Governance>(contract, "Governed::governance", &()).1
}

#[test]
fn a_pause_stops_no_view() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.anchor(&report());
    let order = ledger.offer(TRADER, 100, 1_000);
    for contract in GOVERNED {
        ledger.pause(contract);
    }
    let question = (HOSPITAL, PATIENT, None::<u64>, TREATMENT, CARDIOLOGY);
    let permitted: Decision = ledger.view("consent", "is_permitted", &question);
    assert_eq!(permitted, Decision::Permit);
    assert!(ledger.view::<bool>("participants", "is_admitted", &PATIENT));
    let link = (report().series, 1u32, [0u8; 32], report().head());
    assert!(ledger.view::<bool>("reports", "verify_link", &link));
    assert_eq!(ledger.view::<u128>("rewards", "remainder", &()), 0);
    assert_eq!(ledger.view::<u128>("token", "PSP22::total_supply", &()), 0);
    assert_eq!(ledger.view::<u16>("carbon", "rating", &EMITTER), 500);
    let quote: Quote = ledger.view("market", "quote", &(order, 10u128));
    assert_eq!(quote, Quote { payment: 10, fee: 0, proceeds: 10 });
    assert_eq!(ledger.view::<u128>("market", "limit_of", &EMITTER), 550_000);
}

#[test]
fn a_pause_of_the_rewards_stops_no_access_and_pays_for_none() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.pause("rewards");
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&permitted), ["AccessDecided", "Unfunded"]);
    let totals: Totals = ledger.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 100, owed: 0, paid: 0 });
    ledger.done(REGULATOR, "rewards", "Governed::unpause", &());
    ledger.request(HOSPITAL, PATIENT);
    let totals: Totals = ledger.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 90, owed: 10, paid: 0 });
}

#[test]
fn a_pause_of_the_participants_stops_no_access() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.pause("participants");
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.anchor(&report());
    // And a suspension has its effect at once.
    ledger.suspend(HOSPITAL);
    let denied = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(denied, Decision::Deny(DenyReason::RequesterNotAdmitted));
}

#[test]
fn a_pause_of_the_token_stops_payments_and_nothing_else() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    ledger.allow(5);
    ledger.pause("token");
    ledger.refused(INSTITUTE, "rewards", "fund", &5u128, "TokenFailed");
    ledger.refused(PATIENT, "rewards", "withdraw", &(), "TokenFailed");

    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(ledger.event_names(&permitted), ["AccessDecided", "Accrued"]);
    let totals: Totals = ledger.view("rewards", "totals", &());
    assert_eq!(totals, Totals { unspent: 80, owed: 20, paid: 0 });

    ledger.done(REGULATOR, "token", "Governed::unpause", &());
    assert_eq!(ledger.done(PATIENT, "rewards", "withdraw", &()).value::<u128>(), 20);
    ledger.done(INSTITUTE, "rewards", "fund", &5u128);
}

/// [`TRADER`] offers units at a token base unit each, and [`EMITTER`] has the money for them; gives
/// the number of the order.
fn offer(ledger: &mut Ledger) -> u64 {
    let market = ledger.market.address;
    ledger.money(EMITTER, 1_000, market);
    ledger.offer(TRADER, 100, 1_000)
}

#[test]
fn a_pause_of_carbon_stops_trade_and_not_what_meets_a_duty() {
    let mut ledger = Ledger::new();
    let (kept, withdrawn) = (offer(&mut ledger), ledger.offer(TRADER, 100, 1_000));
    let batch = ledger.credits(TRADER, 100);
    let market = ledger.market.address;
    ledger.entrust(TRADER, market, batch, 100);
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    ledger.end_period();
    ledger.pause("carbon");

    let sale = (batch, 100u128, 1_000u128, ledger.sandbox.now() + 1);
    ledger.refused(TRADER, "market", "place", &sale, "CarbonPaused");
    ledger.refused(EMITTER, "market", "fill", &(kept, 10u128, 10u128), "CarbonPaused");
    let larger = (kept, 101u128, 1_000u128, ledger.sandbox.now() + 1);
    ledger.entrust(TRADER, market, batch, 0);
    ledger.refused(TRADER, "market", "update", &larger, "CarbonPaused");
    // What is offered less comes back, as does what is withdrawn.
    let smaller = (kept, 90u128, 1_000u128, ledger.sandbox.now() + ORDER_TIME);
    let updated = ledger.done(TRADER, "market", "update", &smaller);
    assert_eq!(ledger.event_names(&updated), ["OrderUpdated", "Released"]);
    let cancelled = ledger.done(TRADER, "market", "cancel", &withdrawn);
    assert_eq!(ledger.event_names(&cancelled), ["OrderCancelled", "Released"]);

    ledger.refused(TRADER, "carbon", "transfer", &(batch, FACTORY, 1u128), "Paused");
    ledger.refused(ISSUER, "carbon", "issue", &(batch, FACTORY, 1u128), "Paused");
    ledger.done(TRADER, "carbon", "retire", &(batch, 50u128, [1u8; 32], TRADER));
    ledger.surrender(period, EMITTER, 100);
    ledger.settle_time();
    let settled = (period, EMITTER);
    ledger.refused(STRANGER, "carbon", "settle_period", &settled, "Paused");

    ledger.done(REGULATOR, "carbon", "Governed::unpause", &());
    ledger.report(period, EMITTER, 100);
    assert_eq!(ledger.settle(period, EMITTER), 0);
    ledger.done(EMITTER, "market", "fill", &(kept, 90u128, 90u128));
}

#[test]
fn a_pause_of_the_market_keeps_no_units() {
    let mut ledger = Ledger::new();
    let (withdrawn, over) = (offer(&mut ledger), ledger.offer(FACTORY, 100, 1_000));
    let batch = ledger.credits(TRADER, 100);
    ledger.pause("market");
    ledger.refused(EMITTER, "market", "fill", &(withdrawn, 10u128, 10u128), "Paused");
    ledger.done(TRADER, "market", "cancel", &withdrawn);
    ledger.sandbox.advance(ORDER_TIME);
    let pruned = ledger.done(STRANGER, "market", "prune_expired", &vec![over]);
    assert_eq!(pruned.value::<u32>(), 1);
    // Nor does it stop the other contracts.
    ledger.done(TRADER, "carbon", "transfer", &(batch, FACTORY, 100u128));
}

#[test]
fn a_pause_of_the_token_stops_sales_and_penalties_and_nothing_else_of_carbon() {
    let mut ledger = Ledger::new();
    let order = offer(&mut ledger);
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    ledger.end_period();
    ledger.report(period, EMITTER, 107);
    ledger.surrender(period, EMITTER, 100);
    ledger.settle_time();
    ledger.pause("token");

    assert_eq!(ledger.settle(period, EMITTER), 7);
    let penalty = (period, EMITTER);
    ledger.refused(EMITTER, "carbon", "pay_penalty", &penalty, "TokenFailed");
    ledger.refused(EMITTER, "market", "fill", &(order, 10u128, 10u128), "TokenFailed");
    let bought: Holding = ledger.view("carbon", "balance_of", &(1u64, EMITTER));
    assert_eq!(bought, Holding::default(), "no units without their payment");
    ledger.done(TRADER, "market", "cancel", &order);

    ledger.done(REGULATOR, "token", "Governed::unpause", &());
    let carbon = ledger.carbon.address;
    ledger.money(EMITTER, 7, carbon);
    ledger.done(EMITTER, "carbon", "pay_penalty", &penalty);
}

#[test]
fn a_pause_of_the_participants_stops_no_trade() {
    let mut ledger = Ledger::new();
    let order = offer(&mut ledger);
    ledger.pause("participants");
    ledger.done(EMITTER, "market", "fill", &(order, 10u128, 10u128));
    // And a suspension has its effect at once.
    ledger.suspend(EMITTER);
    ledger.refused(EMITTER, "market", "fill", &(order, 10u128, 10u128), "NotAdmitted");
    let batch = ledger.credits(TRADER, 100);
    ledger.refused(TRADER, "carbon", "transfer", &(batch, EMITTER, 1u128), "NotAdmitted");
}
