//! What a pause stops, and what it does not.

use std::collections::BTreeSet;

use assent_interface::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};
use assent_sandbox::cases;
use assent_sandbox::ledger::{
    CARDIOLOGY, Decision, DenyReason, EARNING, EMITTER, FACTORY, GOVERNED, Grant, HOSPITAL,
    Holding, INSTITUTE, ISSUER, Ledger, ORDER_TIME, PATIENT, Proposal, Quote, REGULATOR, STRANGER,
    TRADER, TREATMENT, Totals, UNNAMED, report, terms,
};
use assent_sandbox::{Account, Bundle, Outcome};

/// What a pause does not stop, by contract: what withdraws, what cannot wait, the wiring. Besides
/// these nothing but the government.
const OPEN: &[(&str, &[&str])] = &[
    (
        "participants",
        &[
            participants::SUSPEND,
            participants::LEAVE,
            participants::END_MANDATE,
            participants::CANCEL_SUCCESSION,
            participants::DECIDE_REPLACEMENT,
        ],
    ),
    (
        "consent",
        &[
            consent::REVOKE,
            consent::REVOKE_ALL,
            consent::REVOKE_ALL_FOR,
            consent::ERASE_LINK,
            consent::DENY,
            consent::RESTRICT,
            consent::REFUSE_EMERGENCIES,
            consent::REMOVE_DELEGATE,
            consent::REQUEST_ACCESS,
            consent::BREAK_GLASS,
            consent::CLOSE_BREAK_GLASS,
            consent::REVIEW_BREAK_GLASS,
            consent::LIFT_BAR,
            consent::SANCTION_OVERDUE,
        ],
    ),
    (
        "agreements",
        &[
            agreements::WITHDRAW,
            agreements::DECLINE,
            agreements::REQUEST_ERASURE,
            agreements::ANSWER_ERASURE,
        ],
    ),
    (
        "rewards",
        &[
            rewards::SET_CONSENT,
            rewards::ACCRUE,
            rewards::WITHDRAW,
            rewards::WITHDRAW_TO,
            rewards::WITHDRAW_BUDGET,
            rewards::WITHDRAW_POT,
        ],
    ),
    ("reports", &[reports::REVOKE, reports::RECORD_AUDIT]),
    ("token", &[token::SET_TREASURY, token::FREEZE, token::DECREASE_ALLOWANCE]),
    (
        "carbon",
        &[
            carbon::SEAL_BATCH,
            carbon::RETIRE,
            carbon::CANCEL,
            carbon::RELEASE,
            carbon::SURRENDER,
            carbon::PAY_PENALTY,
            carbon::FREEZE,
        ],
    ),
    ("market", &[market::CANCEL, market::PRUNE_EXPIRED]),
];

/// Open in a pause only with the arguments that their cases in a pause have: those that withdraw.
const PARTLY_OPEN: [(&str, &str); 2] = [("token", token::APPROVE), ("carbon", carbon::APPROVE)];

/// What a message says that a pause stops: its contract's own error, or the standard's.
const REFUSALS: [&str; 2] = ["Paused", "Custom(\"Paused\")"];

#[test]
fn a_pause_stops_all_messages_but_those_documented_as_open() {
    let mut seen = BTreeSet::new();
    let mut failures = Vec::new();
    for case in cases::all() {
        // It succeeds while there is no pause; `pause` itself cannot in one.
        if case.error.is_some() || case.message == governance::PAUSE {
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
    let state: governance::State<Account> = ledger.view(contract, governance::GOVERNANCE, &());
    state.paused
}

#[test]
fn a_pause_stops_no_view() {
    let mut ledger = Ledger::new();
    let grant = ledger.grant(terms());
    let proposal = ledger.propose(terms());
    ledger.anchor(&report());
    let order = ledger.offer(TRADER, 100, 1_000);
    for contract in GOVERNED {
        ledger.pause(contract);
    }
    let question = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let permitted: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
    assert_eq!(permitted, Decision::Deny(DenyReason::Paused));
    let live: Vec<(u64, Grant)> =
        ledger.view("consent", consent::LIVE_GRANTS, &(PATIENT, HOSPITAL));
    assert_eq!(live, [(grant, terms().into())]);
    let shown: Option<Proposal> = ledger.view("agreements", agreements::PROPOSAL, &proposal);
    assert_eq!(shown.map(|proposal| (proposal.terms, proposal.ending)), Some((terms(), None)));
    assert!(ledger.view::<bool>("participants", participants::IS_ADMITTED, &PATIENT));
    let link = (HOSPITAL, report().series, 1u32, [0u8; 32], ledger.head(HOSPITAL, &report()));
    assert!(ledger.view::<bool>("reports", reports::VERIFY_LINK, &link));
    assert_eq!(ledger.view::<u128>("rewards", rewards::REMAINDER, &()), 0);
    assert_eq!(ledger.view::<u128>("token", token::TOTAL_SUPPLY, &()), 0);
    assert_eq!(ledger.view::<u16>("carbon", carbon::RATING, &EMITTER), 500);
    let quote: Quote = ledger.view("market", market::QUOTE, &(order, 10u128));
    assert_eq!(quote, Quote { payment: 10, fee: 0, proceeds: 10 });
    assert_eq!(ledger.view::<u128>("market", market::LIMIT_OF, &EMITTER), 550_000);
}

#[test]
fn a_pause_of_the_rewards_stops_no_access_and_pays_for_none() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.pause("rewards");
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(permitted.value::<Decision>(), Decision::Permit);
    assert_eq!(ledger.event_names(&permitted), ["Unfunded", "AccessDecided"]);
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    assert_eq!(totals, Totals { budgets: 100, ..Totals::default() });
    ledger.done(REGULATOR, "rewards", governance::UNPAUSE, &());
    ledger.request(HOSPITAL, PATIENT);
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    assert_eq!(totals, Totals { budgets: 90, owed: 10, ..Totals::default() });
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
fn a_pause_of_consent_or_participants_stops_no_agreement() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    for contract in ["participants", "consent"] {
        ledger.pause(contract);
    }
    let proposal = ledger.propose(terms());
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(proposal, None::<u64>));
    // A pause ends no grant.
    let label = agreements::REQUEST_ERASURE;
    ledger.refused(PATIENT, "agreements", label, &(PATIENT, HOSPITAL), "GrantLive");
    ledger.done(PATIENT, "consent", consent::REVOKE, &1u64);
    let erasure = ledger.request_erasure(PATIENT, HOSPITAL);
    ledger.answer_erasure(HOSPITAL, erasure, None);
}

#[test]
fn a_pause_of_agreements_stops_no_access_and_no_grant() {
    let mut ledger = Ledger::new();
    ledger.pause("agreements");
    ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn a_pause_of_the_token_stops_payments_and_nothing_else() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.grant(terms());
    ledger.request(HOSPITAL, PATIENT);
    ledger.allow(5);
    ledger.pause("token");
    ledger.refused(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 5u128), "TokenFailed");
    ledger.refused(PATIENT, "rewards", rewards::WITHDRAW, &(), "TokenFailed");

    ledger.sandbox.advance(EARNING);
    let permitted = ledger.request(HOSPITAL, PATIENT);
    assert_eq!(ledger.event_names(&permitted), ["Accrued", "AccessDecided"]);
    let totals: Totals = ledger.view("rewards", rewards::TOTALS, &());
    assert_eq!(totals, Totals { budgets: 80, owed: 20, ..Totals::default() });

    ledger.done(REGULATOR, "token", governance::UNPAUSE, &());
    assert_eq!(ledger.done(PATIENT, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 20);
    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(INSTITUTE, 5u128));
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
    ledger.refused(TRADER, "market", market::PLACE, &(TRADER, sale), "CarbonPaused");
    ledger.refused(
        EMITTER,
        "market",
        market::FILL,
        &(EMITTER, kept, 10u128, 10u128),
        "CarbonPaused",
    );
    let larger = (kept, 101u128, 1_000u128, ledger.sandbox.now() + 1);
    ledger.entrust(TRADER, market, batch, 0);
    ledger.refused(TRADER, "market", market::UPDATE, &larger, "CarbonPaused");
    // What is offered less comes back, as does what is withdrawn.
    let smaller = (kept, 90u128, 1_000u128, ledger.sandbox.now() + ORDER_TIME);
    let updated = ledger.done(TRADER, "market", market::UPDATE, &smaller);
    assert_eq!(ledger.event_names(&updated), ["OrderUpdated", "Released"]);
    let cancelled = ledger.done(TRADER, "market", market::CANCEL, &withdrawn);
    assert_eq!(ledger.event_names(&cancelled), ["OrderCancelled", "Released"]);

    ledger.refused(TRADER, "carbon", carbon::TRANSFER, &(batch, FACTORY, 1u128), "Paused");
    ledger.refused(ISSUER, "carbon", carbon::ISSUE, &(batch, FACTORY, 1u128), "Paused");
    ledger.done(TRADER, "carbon", carbon::RETIRE, &(batch, 50u128, [1u8; 32], TRADER));
    ledger.surrender(period, EMITTER, 100);
    ledger.settle_time();
    let settled = (period, EMITTER);
    ledger.refused(STRANGER, "carbon", carbon::SETTLE_PERIOD, &settled, "Paused");

    ledger.done(REGULATOR, "carbon", governance::UNPAUSE, &());
    ledger.report(period, EMITTER, 100);
    assert_eq!(ledger.settle(period, EMITTER), 0);
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, kept, 90u128, 90u128));
}

#[test]
fn a_pause_of_the_market_keeps_no_units() {
    let mut ledger = Ledger::new();
    let (withdrawn, over) = (offer(&mut ledger), ledger.offer(FACTORY, 100, 1_000));
    let batch = ledger.credits(TRADER, 100);
    ledger.pause("market");
    ledger.refused(
        EMITTER,
        "market",
        market::FILL,
        &(EMITTER, withdrawn, 10u128, 10u128),
        "Paused",
    );
    ledger.done(TRADER, "market", market::CANCEL, &withdrawn);
    ledger.sandbox.advance(ORDER_TIME);
    let pruned = ledger.done(STRANGER, "market", market::PRUNE_EXPIRED, &vec![over]);
    assert_eq!(pruned.value::<u32>(), 1);
    // Nor does it stop the other contracts.
    ledger.done(TRADER, "carbon", carbon::TRANSFER, &(batch, FACTORY, 100u128));
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
    ledger.refused(EMITTER, "carbon", carbon::PAY_PENALTY, &penalty, "TokenFailed");
    ledger.refused(
        EMITTER,
        "market",
        market::FILL,
        &(EMITTER, order, 10u128, 10u128),
        "TokenFailed",
    );
    let bought: Holding = ledger.view("carbon", carbon::BALANCE_OF, &(1u64, EMITTER));
    assert_eq!(bought, Holding::default(), "no units without their payment");
    ledger.done(TRADER, "market", market::CANCEL, &order);

    ledger.done(REGULATOR, "token", governance::UNPAUSE, &());
    let carbon = ledger.carbon.address;
    ledger.money(EMITTER, 7, carbon);
    ledger.done(EMITTER, "carbon", carbon::PAY_PENALTY, &penalty);
}

#[test]
fn a_pause_of_the_participants_stops_no_trade() {
    let mut ledger = Ledger::new();
    let order = offer(&mut ledger);
    ledger.pause("participants");
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, order, 10u128, 10u128));
    // And a suspension has its effect at once.
    ledger.suspend(EMITTER);
    ledger.refused(
        EMITTER,
        "market",
        market::FILL,
        &(EMITTER, order, 10u128, 10u128),
        "NotAdmitted",
    );
    let batch = ledger.credits(TRADER, 100);
    ledger.refused(TRADER, "carbon", carbon::TRANSFER, &(batch, EMITTER, 1u128), "NotAdmitted");
}
