//! Keys that are lost, stolen and replaced: everything stays the account's.

use assent_interface::{consent, market, participants, power, rewards, token};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    AUDITOR, CARDIOLOGY, CATEGORIES, DELAY, Decision, DenyReason, EMITTER, HOSPITAL, INSTITUTE,
    KEY, Ledger, LogEntry, NEXT_KEY, PATIENT, PURPOSES, REGULATOR, RELATIVE, STRANGER, TRADER,
    TREATMENT, UNNAMED, role, terms,
};

fn key_of(ledger: &mut Ledger, account: Account) -> Option<Account> {
    ledger.view("participants", participants::KEY_OF, &account)
}

fn subject_of(ledger: &mut Ledger, key: Account) -> Option<Account> {
    ledger.view("participants", participants::SUBJECT_OF, &key)
}

fn balance(ledger: &mut Ledger, account: Account) -> u128 {
    ledger.view("token", token::BALANCE_OF, &account)
}

#[test]
fn a_patient_who_lost_his_key_goes_on_with_another() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    let grant = ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);

    ledger.propose_replacement(PATIENT);
    ledger.sandbox.advance(DELAY);
    let accepted = ledger.done(KEY, "participants", participants::ACCEPT_SUCCESSION, &PATIENT);
    assert_eq!(ledger.event_names(&accepted), ["KeyReplaced"]);
    assert_eq!((key_of(&mut ledger, PATIENT), key_of(&mut ledger, KEY)), (Some(KEY), None));
    assert_eq!(subject_of(&mut ledger, KEY), Some(PATIENT));
    assert_eq!(subject_of(&mut ledger, PATIENT), None);

    // What he granted goes on, and what he is owed the new key gets. Whoever has the old one gets nothing.
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    ledger.refused(PATIENT, "rewards", rewards::WITHDRAW, &(), "Replaced");
    ledger.refused(PATIENT, "consent", consent::REVOKE, &grant, "NotAuthorized");
    assert_eq!(ledger.done(KEY, "rewards", rewards::WITHDRAW, &()).value::<u128>(), 20);
    assert_eq!(balance(&mut ledger, KEY), 20);
    ledger.done(KEY, "consent", consent::REVOKE, &grant);
    let decided = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(decided, Decision::Deny(DenyReason::Revoked));
}

#[test]
fn a_thief_objects_and_a_second_regulator_decides() {
    let mut ledger = Ledger::new();
    ledger.set_roles(AUDITOR, role::AUDITOR | role::REGULATOR);
    // The thief names a key of his own, which a regulator's word replaces.
    ledger.done(PATIENT, "participants", participants::NAME_SUCCESSOR, &NEXT_KEY);
    ledger.propose_replacement(PATIENT);
    let name = participants::NAME_SUCCESSOR;
    ledger.refused(PATIENT, "participants", name, &NEXT_KEY, "ReplacementPending");
    ledger.done(PATIENT, "participants", participants::CANCEL_SUCCESSION, &());
    ledger.sandbox.advance(DELAY);
    let accept = participants::ACCEPT_SUCCESSION;
    ledger.refused(NEXT_KEY, "participants", accept, &PATIENT, "NotSuccessor");
    ledger.refused(KEY, "participants", accept, &PATIENT, "Objected");
    let ruling = (PATIENT, KEY, true);
    let decide = participants::DECIDE_REPLACEMENT;
    ledger.refused(REGULATOR, "participants", decide, &ruling, "OwnReplacement");
    ledger.done(AUDITOR, "participants", decide, &ruling);
    ledger.done(KEY, "participants", accept, &PATIENT);
    assert_eq!(key_of(&mut ledger, PATIENT), Some(KEY));
}

#[test]
fn another_regulator_ends_what_a_mistaken_one_said() {
    let mut ledger = Ledger::new();
    ledger.set_roles(AUDITOR, role::AUDITOR | role::REGULATOR);
    let (replace, decide) = (participants::REPLACE_KEY, participants::DECIDE_REPLACEMENT);
    ledger.done(AUDITOR, "participants", replace, &(PATIENT, NEXT_KEY, [1u8; 32]));
    // His word outlasts his office, and no other takes its place; the key objects to nothing.
    ledger.suspend(AUDITOR);
    let right = (PATIENT, KEY, [2u8; 32]);
    ledger.refused(REGULATOR, "participants", replace, &right, "ReplacementPending");
    let wrong = (PATIENT, NEXT_KEY);
    ledger.refused(AUDITOR, "participants", decide, &(wrong, false), "NotRegulator");
    ledger.refused(REGULATOR, "participants", decide, &(wrong, true), "NotObjected");
    let ended = ledger.done(REGULATOR, "participants", decide, &(wrong, false));
    assert_eq!(ledger.event_names(&ended), ["ReplacementRejected"]);
    ledger.sandbox.advance(DELAY);
    let accept = participants::ACCEPT_SUCCESSION;
    ledger.refused(NEXT_KEY, "participants", accept, &PATIENT, "NoSuccession");
    assert_eq!(subject_of(&mut ledger, PATIENT), Some(PATIENT));
    ledger.done(REGULATOR, "participants", replace, &right);
    ledger.sandbox.advance(DELAY);
    ledger.done(KEY, "participants", accept, &PATIENT);
    assert_eq!(key_of(&mut ledger, PATIENT), Some(KEY));
}

#[test]
fn a_guardian_who_is_a_regulator_does_not_become_his_ward() {
    let mut ledger = Ledger::new();
    ledger.set_roles(AUDITOR, role::AUDITOR | role::REGULATOR);
    let until = ledger.sandbox.now() + 2 * DELAY;
    ledger.appoint_guardian_until(PATIENT, AUDITOR, until);
    let (replace, decide) = (participants::REPLACE_KEY, participants::DECIDE_REPLACEMENT);
    let wanted = (PATIENT, NEXT_KEY, [1u8; 32]);
    ledger.refused(AUDITOR, "participants", replace, &wanted, "OwnKey");
    ledger.propose_replacement(PATIENT);
    ledger.done(PATIENT, "participants", participants::CANCEL_SUCCESSION, &());
    for confirmed in [true, false] {
        ledger.refused(AUDITOR, "participants", decide, &(PATIENT, KEY, confirmed), "OwnKey");
    }
    // His time is over.
    ledger.sandbox.advance(2 * DELAY);
    ledger.done(AUDITOR, "participants", decide, &(PATIENT, KEY, true));
}

#[test]
fn a_thief_keeps_no_key_away_by_a_mandate() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.propose_replacement(HOSPITAL);
    ledger.admit_member(HOSPITAL, KEY, power::ASK);
    ledger.sandbox.advance(DELAY);
    ledger.done(KEY, "participants", participants::ACCEPT_SUCCESSION, &HOSPITAL);
    // It asks as the hospital, whom the mandate does not name.
    let asked = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    ledger.done(KEY, "consent", consent::REQUEST_ACCESS, &asked);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 1u32));
    assert_eq!((log[0].requester, log[0].by, log[0].person), (HOSPITAL, KEY, None));
    ledger.done(KEY, "participants", participants::END_MANDATE, &(HOSPITAL, KEY));
}

#[test]
fn a_denial_of_the_key_that_the_log_names_counts() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.admit_member(HOSPITAL, RELATIVE, power::ASK);
    ledger.replace_key(RELATIVE);
    let asked = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let ask = |ledger: &mut Ledger, key| {
        ledger.done(key, "consent", consent::REQUEST_ACCESS, &asked).value::<Decision>()
    };
    let deny = |ledger: &mut Ledger, whom: Account| {
        let denied = (PATIENT, whom, PURPOSES, CATEGORIES);
        ledger.done(PATIENT, "consent", consent::DENY, &denied);
    };
    let denied = Decision::Deny(DenyReason::Denied);
    assert_eq!(ask(&mut ledger, KEY), Decision::Permit);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 1u32));
    assert_eq!(log[0].by, KEY);
    deny(&mut ledger, log[0].by);
    assert_eq!(ask(&mut ledger, KEY), denied);
    assert_eq!(ask(&mut ledger, HOSPITAL), Decision::Permit);

    // It is of that key; one of who acts by it is of all that he has.
    ledger.hand_over(RELATIVE, KEY, NEXT_KEY);
    assert_eq!(ask(&mut ledger, NEXT_KEY), Decision::Permit);
    deny(&mut ledger, RELATIVE);
    assert_eq!(ask(&mut ledger, NEXT_KEY), denied);
}

#[test]
fn a_denial_of_a_requesters_own_key_counts() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.replace_key(HOSPITAL);
    let denied = (PATIENT, KEY, PURPOSES, CATEGORIES);
    ledger.done(PATIENT, "consent", consent::DENY, &denied);
    let asked = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let decided = ledger.done(KEY, "consent", consent::REQUEST_ACCESS, &asked);
    assert_eq!(decided.value::<Decision>(), Decision::Deny(DenyReason::Denied));
}

#[test]
fn what_is_paid_in_for_a_key_is_not_lost() {
    let mut ledger = Ledger::new();
    ledger.replace_key(HOSPITAL);
    ledger.allow(100);
    ledger.refused(INSTITUTE, "rewards", rewards::FUND, &(KEY, 100u128), "NotAdmitted");
    ledger.done(INSTITUTE, "rewards", rewards::FUND, &(HOSPITAL, 100u128));
    ledger.done(KEY, "rewards", rewards::WITHDRAW_BUDGET, &100u128);
    assert_eq!(balance(&mut ledger, KEY), 100);
}

#[test]
fn the_log_names_the_key_of_whoever_asks() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    ledger.replace_key(HOSPITAL);
    let asked = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    ledger.refused(HOSPITAL, "consent", consent::REQUEST_ACCESS, &asked, "NotAuthorized");
    ledger.done(KEY, "consent", consent::REQUEST_ACCESS, &asked);
    let log: Vec<LogEntry> = ledger.view("consent", consent::LOG, &(PATIENT, 1u64, 1u32));
    assert_eq!((log[0].requester, log[0].by, log[0].person), (HOSPITAL, KEY, None));
}

#[test]
fn a_key_takes_over_units_and_their_freeze() {
    let mut ledger = Ledger::new();
    ledger.money(PATIENT, 100, STRANGER);
    ledger.done(REGULATOR, "token", token::FREEZE, &(PATIENT, [1u8; 32]));
    ledger.replace_key(PATIENT);
    let taken = ledger.done(STRANGER, "token", token::TAKE_OVER, &PATIENT);
    assert_eq!(ledger.event_names(&taken), ["Transfer", "TakenOver"]);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, KEY)), (0, 100));
    assert!(ledger.view::<bool>("token", token::IS_FROZEN, &KEY));
    ledger.done(REGULATOR, "token", token::UNFREEZE, &KEY);
    // What is sent to the account goes to its key, and to the next one then.
    let sent = (PATIENT, 40u128, Vec::<u8>::new());
    ledger.money(HOSPITAL, 40, STRANGER);
    ledger.done(HOSPITAL, "token", token::TRANSFER, &sent);
    assert_eq!((balance(&mut ledger, PATIENT), balance(&mut ledger, KEY)), (0, 140));
    ledger.hand_over(PATIENT, KEY, NEXT_KEY);
    let taken = ledger.done(NEXT_KEY, "token", token::TAKE_OVER, &PATIENT);
    assert_eq!(ledger.event_names(&taken), ["TakenOver", "Transfer", "TakenOver"]);
    assert_eq!((balance(&mut ledger, KEY), balance(&mut ledger, NEXT_KEY)), (0, 140));
}

#[test]
fn staff_trades_for_a_seller_and_a_buyer() {
    let mut ledger = Ledger::new();
    let market = ledger.market.address;
    let batch = ledger.credits(TRADER, 1_000);
    ledger.entrust(TRADER, market, batch, 1_000);
    ledger.admit_member(TRADER, STRANGER, power::TRADE);
    let sale = (TRADER, batch, 1_000u128, 1_000u128, ledger.sandbox.now() + 50_000);
    let placed = ledger.done(STRANGER, "market", market::PLACE, &sale);
    let names = ledger.event_names(&placed);
    assert_eq!(names.first().map(String::as_str), Some("OrderPlaced"));
    assert_eq!(names.get(1).map(String::as_str), Some("StaffActed"));
    let order: u64 = placed.value();

    // The buyer pays, from the account of his key.
    ledger.admit_member(EMITTER, HOSPITAL, power::TRADE);
    ledger.replace_key(EMITTER);
    ledger.money(KEY, 1_000, market);
    let fill = (EMITTER, order, 1_000u128, 1_000u128);
    ledger.refused(STRANGER, "market", market::FILL, &fill, "NotAuthorized");
    ledger.done(HOSPITAL, "market", market::FILL, &fill);
    assert_eq!((balance(&mut ledger, KEY), balance(&mut ledger, TRADER)), (0, 1_000));
}
