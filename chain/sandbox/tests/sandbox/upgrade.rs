//! A contract gets another code: announced, waited for, applied, migrated. What it stored stays.

use std::sync::Arc;

use assent_interface::{agreements, carbon, consent, governance, market, participants, token};
use assent_sandbox::ledger::{
    APPLICANT, AUDITOR, COLLECTOR, Counts, DELAY, Decision, EMITTER, Ending, ErasureRequest,
    FACTORY, GRACE, Grant, HOSPITAL, Hash, Holding, INSTITUTE, ISSUER, Ledger, Order, PATIENT,
    Participant, Proposal, REGULATOR, RELATIVE, STRANGER, SUSPENDED, Settings, Standing, TRADER,
    role, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Outcome};

const EVERYONE: [Account; 8] =
    [REGULATOR, PATIENT, HOSPITAL, INSTITUTE, AUDITOR, RELATIVE, APPLICANT, STRANGER];

/// What the view `governance` answers: administrator, paused, delay, handover, upgrade.
type Governance = (Account, bool, u64, Option<(Account, u64, u64)>, Option<(Hash, u64, u64)>);

/// A deployment with participants in every state, and the next version of their contract.
fn deployment() -> (Ledger, Bundle) {
    let mut ledger = Ledger::new();
    ledger.set_roles(RELATIVE, role::TRADER);
    ledger.suspend(RELATIVE);
    ledger.set_roles(AUDITOR, role::ALL);
    ledger.done(INSTITUTE, "participants", participants::LEAVE, &());
    (ledger, Bundle::committed("fixtures/successor"))
}

/// The announced code, and from when and until when it may be applied.
fn announced(ledger: &mut Ledger) -> Option<(Hash, u64, u64)> {
    ledger.view::<Governance>("participants", governance::GOVERNANCE, &()).4
}

fn participants(ledger: &mut Ledger, contract: &Contract) -> Vec<Option<Participant>> {
    let ask = |account: &Account| ledger.sandbox.view(contract, participants::PARTICIPANT, account);
    EVERYONE.iter().map(ask).collect()
}

#[test]
fn the_new_code_runs_after_the_delay_on_what_the_old_one_stored() {
    let (mut ledger, successor) = deployment();
    let code = ledger.sandbox.upload(REGULATOR, &successor);
    let old = ledger.participants.clone();
    let (old_code, stored) = (ledger.sandbox.code_hash(&old), ledger.sandbox.entries(&old));
    let before = participants(&mut ledger, &old);
    assert_eq!(before[5].map(|relative| relative.suspended), Some(SUSPENDED));
    assert_eq!(ledger.view::<u32>("participants", governance::SCHEMA_VERSION, &()), 1);
    assert_ne!(code, old_code);

    let not_before = ledger.sandbox.now() + DELAY;
    let announcement = ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    assert_eq!(ledger.event_names(&announcement), ["UpgradeAnnounced"]);
    assert_eq!(announced(&mut ledger), Some((code, not_before, not_before + GRACE)));
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "TooEarly");
    ledger.sandbox.advance(DELAY - 1);
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "TooEarly");
    assert_eq!(ledger.sandbox.code_hash(&old), old_code);
    ledger.sandbox.advance(1);
    ledger.refused(PATIENT, "participants", governance::APPLY_UPGRADE, &(), "NotAdministrator");
    let applied = ledger.done(REGULATOR, "participants", governance::APPLY_UPGRADE, &());
    assert_eq!(ledger.event_names(&applied), ["Upgraded"]);
    assert_eq!(ledger.sandbox.code_hash(&old), code);

    let new = Contract { address: old.address, bundle: Arc::new(successor) };
    assert_eq!(participants(&mut ledger, &new), before);
    assert_eq!(without_governance(ledger.sandbox.entries(&new)), without_governance(stored));
    for (account, known) in EVERYONE.iter().zip(&before) {
        for roles in [role::ALL, role::DATA_OWNER] {
            let expected = known
                .is_some_and(|participant| participant.roles & !participant.suspended & roles != 0);
            let has: bool = ledger.sandbox.view(&new, participants::HAS_ROLE, &(account, roles));
            assert_eq!(has, expected, "{roles:#x} of {}", account[0]);
        }
    }

    assert_eq!(ledger.sandbox.view::<u32>(&new, "schema_version", &()), 1);
    let migrated = ledger.sandbox.call(STRANGER, &new, "migrate", &());
    assert_eq!(migrated.outcome, Outcome::Returned(vec![]));
    assert_eq!(ledger.sandbox.view::<u32>(&new, "schema_version", &()), 2);
    let root = ledger.sandbox.root(&new);
    let again = ledger.sandbox.call(STRANGER, &new, "migrate", &());
    assert_eq!(again.outcome, Outcome::Refused("AlreadyMigrated".to_owned()));
    assert_eq!(ledger.sandbox.root(&new), root);
    assert_eq!(participants(&mut ledger, &new), before);
}

/// All entries but the state of the government, which says that nothing is announced any more.
fn without_governance(mut entries: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<(Vec<u8>, Vec<u8>)> {
    entries.retain(|(key, _)| *key != 0x676f_0001u32.to_le_bytes());
    entries
}

#[test]
fn the_contracts_that_ask_it_do_not_notice() {
    let (mut ledger, successor) = deployment();
    ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);

    let code = ledger.sandbox.upload(REGULATOR, &successor);
    ledger.upgrade("participants", code);
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    let refused = ledger.request(HOSPITAL, RELATIVE).value::<Decision>();
    assert_ne!(refused, Decision::Permit, "the owner is none any more");
}

#[test]
fn only_what_is_announced_and_not_cancelled_is_applied() {
    let (mut ledger, successor) = deployment();
    let old = ledger.participants.clone();
    let old_code = ledger.sandbox.code_hash(&old);
    let code = ledger.sandbox.upload(REGULATOR, &successor);

    for caller in [PATIENT, HOSPITAL, AUDITOR, STRANGER] {
        ledger.refused(
            caller,
            "participants",
            governance::ANNOUNCE_UPGRADE,
            &code,
            "NotAdministrator",
        );
    }
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "NoUpgrade");

    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    ledger.refused(AUDITOR, "participants", governance::CANCEL_UPGRADE, &(), "NotAdministrator");
    let cancelled = ledger.done(REGULATOR, "participants", governance::CANCEL_UPGRADE, &());
    assert_eq!(ledger.event_names(&cancelled), ["UpgradeCancelled"]);
    assert_eq!(announced(&mut ledger), None);
    ledger.sandbox.advance(DELAY);
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "NoUpgrade");

    // Another announcement starts the delay anew.
    let token = ledger.token.clone();
    let others = ledger.sandbox.code_hash(&token);
    ledger.refused(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &old_code, "SameCode");
    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &others);
    ledger.sandbox.advance(DELAY - 1);
    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    ledger.sandbox.advance(1);
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "TooEarly");
    ledger.sandbox.advance(DELAY - 1);
    // Also in a pause: that may be why it is needed.
    ledger.pause("participants");
    ledger.done(REGULATOR, "participants", governance::APPLY_UPGRADE, &());
    assert_eq!(ledger.sandbox.code_hash(&old), code);
}

#[test]
fn an_announced_code_is_on_the_chain_and_stays_there() {
    let (mut ledger, successor) = deployment();
    ledger.sandbox.begin();
    let code = ledger.sandbox.upload(REGULATOR, &successor);
    ledger.sandbox.rollback();
    let before = ledger.root();
    let unknown = ledger.call(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    assert_eq!(unknown.outcome, Outcome::Failed("CodeNotFound".to_owned()));
    assert_eq!(ledger.root(), before);

    // Whoever stored it cannot take it away while it is announced.
    assert_eq!(ledger.sandbox.upload(REGULATOR, &successor), code);
    let announced = ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    assert!(announced.deposit > 0, "a lock costs a deposit");
    assert!(!ledger.sandbox.remove_code(REGULATOR, code));
    // Another announcement of the same one starts the delay anew, and needs no other lock.
    ledger.sandbox.advance(DELAY);
    let again = ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    assert_eq!(again.deposit, 0);
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "TooEarly");
    let cancelled = ledger.done(REGULATOR, "participants", governance::CANCEL_UPGRADE, &());
    // To the last unit, which is lost to rounding.
    assert!((cancelled.deposit + announced.deposit).abs() <= 1, "and gives it back");
    assert!(ledger.sandbox.remove_code(REGULATOR, code));

    // One that is replaced is free, too, and one that is applied is held by who runs it.
    assert_eq!(ledger.sandbox.upload(REGULATOR, &successor), code);
    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    let token = ledger.token.clone();
    let others = ledger.sandbox.code_hash(&token);
    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &others);
    assert!(ledger.sandbox.remove_code(REGULATOR, code));
    assert_eq!(ledger.sandbox.upload(REGULATOR, &successor), code);
    ledger.upgrade("participants", code);
    assert!(!ledger.sandbox.remove_code(REGULATOR, code));
}

#[test]
fn a_code_that_does_not_fit_replaces_none() {
    let mut ledger = Ledger::new();
    for fixture in ["fixtures/twin", "fixtures/intruder"] {
        let code = ledger.sandbox.upload(REGULATOR, &Bundle::committed(fixture));
        ledger.done(REGULATOR, "consent", governance::ANNOUNCE_UPGRADE, &code);
        ledger.sandbox.advance(DELAY);
        ledger.refused(REGULATOR, "consent", governance::APPLY_UPGRADE, &(), "WrongSchema");
    }
    // Its root has other fields: it could not even be called.
    let market = ledger.market.clone();
    let code = ledger.sandbox.code_hash(&market);
    ledger.done(REGULATOR, "participants", governance::ANNOUNCE_UPGRADE, &code);
    ledger.sandbox.advance(DELAY);
    ledger.refused(REGULATOR, "participants", governance::APPLY_UPGRADE, &(), "WrongSchema");
    ledger.grant(terms());
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

/// Replaces the code of a contract by that of `other` and that by its own again. The other contract
/// knows the same messages of the government, and keeps its state at the same key; its root has the
/// same fields, without which it could not even be called. Of a contract to which none is like that it is
/// another code of its own.
#[track_caller]
fn keeps_what_it_stores(ledger: &mut Ledger, name: &str, other: &str) {
    let contract = ledger.contract(name).clone();
    let own = ledger.sandbox.code_hash(&contract);
    let stored = without_governance(ledger.sandbox.entries(&contract));
    let others = if other == name {
        ledger.sandbox.upload(REGULATOR, &contract.bundle.twin())
    } else {
        let other = ledger.contract(other).clone();
        ledger.sandbox.code_hash(&other)
    };

    for code in [others, own] {
        ledger.refused(HOSPITAL, name, governance::ANNOUNCE_UPGRADE, &code, "NotAdministrator");
        ledger.done(REGULATOR, name, governance::ANNOUNCE_UPGRADE, &code);
        ledger.sandbox.advance(DELAY - 1);
        ledger.refused(REGULATOR, name, governance::APPLY_UPGRADE, &(), "TooEarly");
        ledger.sandbox.advance(1);
        let applied = ledger.done(REGULATOR, name, governance::APPLY_UPGRADE, &());
        assert_eq!(ledger.event_names(&applied), ["Upgraded"]);
        assert_eq!(ledger.sandbox.code_hash(&contract), code);
        assert_eq!(without_governance(ledger.sandbox.entries(&contract)), stored);
    }
}

#[test]
fn the_token_keeps_what_it_stores_while_it_has_another_code() {
    let mut ledger = Ledger::new();
    ledger.fund(100, 10);
    ledger.done(REGULATOR, "token", token::FREEZE, &(STRANGER, [1u8; 32]));
    keeps_what_it_stores(&mut ledger, "token", "token");
    assert_eq!(ledger.view::<u128>("token", token::TOTAL_SUPPLY, &()), 100);
    assert!(ledger.view::<bool>("token", token::IS_FROZEN, &STRANGER));
    ledger.fund(5, 10);
}

#[test]
fn carbon_keeps_what_it_stores_while_it_has_another_code() {
    let mut ledger = Ledger::new();
    let batch = ledger.credits(TRADER, 100);
    ledger.entrust(TRADER, STRANGER, batch, 60);
    ledger.done(STRANGER, "carbon", carbon::ESCROW, &(TRADER, batch, 40u128));
    ledger.freeze_units(FACTORY);
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    ledger.end_period();
    ledger.report(period, EMITTER, 150);
    ledger.surrender(period, EMITTER, 100);
    ledger.settle_time();
    assert_eq!(ledger.settle(period, EMITTER), 50);
    let before = carbon(&mut ledger, batch);

    keeps_what_it_stores(&mut ledger, "carbon", "agreements");
    assert_eq!(carbon(&mut ledger, batch), before);
    assert!(ledger.view::<bool>("carbon", carbon::IS_FROZEN, &FACTORY));
    // It goes on where it was.
    ledger.done(STRANGER, "carbon", carbon::RELEASE, &(TRADER, batch, 40u128));
    ledger.done(STRANGER, "carbon", carbon::TRANSFER_FROM, &(TRADER, batch, ISSUER, 20u128));
    ledger.refused(
        STRANGER,
        "carbon",
        carbon::TRANSFER_FROM,
        &(TRADER, batch, ISSUER, 1u128),
        "NotApproved",
    );
    let next = ledger.period();
    assert_eq!(next, period + 1);
    ledger.settle_time();
    ledger.report(next, EMITTER, 1);
    assert_eq!(ledger.settle(next, EMITTER), 51);
}

/// What carbon shows of a batch of the trader's and of the emitter.
fn carbon(ledger: &mut Ledger, batch: u64) -> (Holding, u128, u128, Standing, u16, Counts) {
    (
        ledger.view("carbon", carbon::BALANCE_OF, &(batch, TRADER)),
        ledger.view("carbon", carbon::APPROVAL, &(TRADER, STRANGER, batch)),
        ledger.view("carbon", carbon::ESCROW_OF, &(STRANGER, TRADER, batch)),
        ledger.view("carbon", carbon::STANDING, &EMITTER),
        ledger.view("carbon", carbon::RATING, &EMITTER),
        ledger.view("carbon", carbon::COUNTS, &()),
    )
}

#[test]
fn the_market_keeps_what_it_stores_while_it_has_another_code() {
    let mut ledger = Ledger::new();
    ledger.fee(500u16, COLLECTOR);
    let market = ledger.market.address;
    ledger.money(EMITTER, 1_000, market);
    let (open, closed) = (ledger.offer(TRADER, 100, 1_000), ledger.offer(TRADER, 100, 1_000));
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, open, 40u128, 40u128));
    ledger.done(TRADER, "market", market::CANCEL, &closed);
    let orders = |ledger: &mut Ledger| -> Vec<(u64, Order)> {
        ledger.view("market", market::ORDERS, &(1u64, 32u32))
    };
    let before = orders(&mut ledger);

    keeps_what_it_stores(&mut ledger, "market", "consent");
    assert_eq!(orders(&mut ledger), before);
    let Settings { fee, .. } = ledger.view("market", market::SETTINGS, &());
    let next = fee.next.expect("it stays as it was set");
    assert_eq!((next.value.fee_bps, next.value.collector), (500, COLLECTOR));
    // It goes on where it was.
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, open, 60u128, 60u128));
    assert_eq!(ledger.view::<u128>("token", token::BALANCE_OF, &COLLECTOR), 5);
    ledger.refused(
        EMITTER,
        "market",
        market::FILL,
        &(EMITTER, closed, 1u128, 1u128),
        "OrderClosed",
    );
    assert_eq!(ledger.offer(TRADER, 100, 1_000), closed + 1);
}

#[test]
fn agreements_keep_what_they_store_while_they_have_another_code() {
    let mut ledger = Ledger::new();
    let [accepted, open] = [(); 2].map(|()| ledger.propose(terms()));
    ledger.grant(terms());
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(accepted, None::<u64>));
    let erasure = ledger.request_erasure(RELATIVE, HOSPITAL);
    let kept = |ledger: &mut Ledger| -> ([Option<Proposal>; 2], Option<ErasureRequest>) {
        (
            [accepted, open].map(|number| ledger.view("agreements", agreements::PROPOSAL, &number)),
            ledger.view("agreements", agreements::ERASURE, &erasure),
        )
    };
    let before = kept(&mut ledger);
    assert_eq!(before.0[0].and_then(|proposal| proposal.ending), Some(Ending::Accepted(1)));

    keeps_what_it_stores(&mut ledger, "agreements", "carbon");
    assert_eq!(kept(&mut ledger), before);
    // It goes on where it was.
    let again = (accepted, None::<u64>);
    ledger.refused(PATIENT, "agreements", agreements::ACCEPT, &again, "ProposalClosed");
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(open, None::<u64>));
    assert_eq!(ledger.propose(terms()), open + 1);
    let label = agreements::REQUEST_ERASURE;
    ledger.refused(RELATIVE, "agreements", label, &(RELATIVE, HOSPITAL), "AlreadyRequested");
    ledger.answer_erasure(HOSPITAL, erasure, None);
    assert_eq!(ledger.request_erasure(RELATIVE, HOSPITAL), erasure + 1);
}

#[test]
fn agreements_do_not_notice_another_code_of_what_they_ask() {
    let mut ledger = Ledger::new();
    let proposal = ledger.propose(terms());
    let grant = ledger.grant(terms());
    let consent = ledger.consent.clone();
    let code = ledger.sandbox.upload(REGULATOR, &consent.bundle.twin());
    ledger.upgrade("consent", code);
    assert_eq!(ledger.sandbox.code_hash(&consent), code);
    let live: Vec<(u64, Grant)> =
        ledger.view("consent", consent::LIVE_GRANTS, &(PATIENT, HOSPITAL));
    assert_eq!(live, [(grant, terms().into())]);
    let label = agreements::REQUEST_ERASURE;
    ledger.refused(PATIENT, "agreements", label, &(PATIENT, HOSPITAL), "GrantLive");
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(proposal, None::<u64>));
}
