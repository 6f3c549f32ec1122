//! A contract gets another code: announced, waited for, applied, migrated. What it stored stays.

use std::sync::Arc;

use assent_sandbox::health::{
    APPLICANT, AUDITOR, DELAY, Decision, HOSPITAL, Hash, Health, INSTITUTE, PATIENT, Participant,
    REGULATOR, RELATIVE, STRANGER, Status, role, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Outcome};

const ANNOUNCE: &str = "Governed::announce_upgrade";
const CANCEL: &str = "Governed::cancel_upgrade";
const APPLY: &str = "Governed::apply_upgrade";

const EVERYONE: [Account; 8] =
    [REGULATOR, PATIENT, HOSPITAL, INSTITUTE, AUDITOR, RELATIVE, APPLICANT, STRANGER];

/// What the view `governance` answers: administrator, paused, delay, handover, upgrade.
type Governance = (Account, bool, u64, Option<(Account, u64)>, Option<(Hash, u64)>);

/// A deployment with participants in every state, and the next version of their contract.
fn deployment() -> (Health, Bundle) {
    let mut health = Health::new();
    health.suspend(RELATIVE);
    health.set_roles(AUDITOR, role::ALL);
    health.done(INSTITUTE, "participants", "leave", &());
    (health, Bundle::committed("fixtures/successor"))
}

/// The announced code, and from when on it may be applied.
fn announced(health: &mut Health) -> Option<(Hash, u64)> {
    health.view::<Governance>("participants", "Governed::governance", &()).4
}

fn participants(health: &mut Health, contract: &Contract) -> Vec<Option<Participant>> {
    let ask = |account: &Account| health.sandbox.view(contract, "participant", account);
    EVERYONE.iter().map(ask).collect()
}

#[test]
fn the_new_code_runs_after_the_delay_on_what_the_old_one_stored() {
    let (mut health, successor) = deployment();
    let code = health.sandbox.upload(REGULATOR, &successor);
    let old = health.participants.clone();
    let (old_code, stored) = (health.sandbox.code_hash(&old), health.sandbox.entries(&old));
    let before = participants(&mut health, &old);
    assert_eq!(before[5].map(|relative| relative.status), Some(Status::Suspended));
    assert_eq!(health.view::<u32>("participants", "Governed::schema_version", &()), 1);
    assert_ne!(code, old_code);

    let not_before = health.sandbox.now() + DELAY;
    let announcement = health.done(REGULATOR, "participants", ANNOUNCE, &code);
    assert_eq!(health.event_names(&announcement), ["UpgradeAnnounced"]);
    assert_eq!(announced(&mut health), Some((code, not_before)));
    health.refused(REGULATOR, "participants", APPLY, &(), "TooEarly");
    health.sandbox.advance(DELAY - 1);
    health.refused(REGULATOR, "participants", APPLY, &(), "TooEarly");
    assert_eq!(health.sandbox.code_hash(&old), old_code);
    health.sandbox.advance(1);
    health.refused(PATIENT, "participants", APPLY, &(), "NotAdministrator");
    let applied = health.done(REGULATOR, "participants", APPLY, &());
    assert_eq!(health.event_names(&applied), ["Upgraded"]);
    assert_eq!(health.sandbox.code_hash(&old), code);

    let new = Contract { address: old.address, bundle: Arc::new(successor) };
    assert_eq!(participants(&mut health, &new), before);
    assert_eq!(without_governance(health.sandbox.entries(&new)), without_governance(stored));
    for (account, known) in EVERYONE.iter().zip(&before) {
        for roles in [role::ALL, role::DATA_OWNER] {
            let expected = known.is_some_and(|participant| {
                participant.status == Status::Active && participant.roles & roles != 0
            });
            let has: bool = health.sandbox.view(&new, "has_role", &(account, roles));
            assert_eq!(has, expected, "{roles:#x} of {}", account[0]);
        }
    }

    assert_eq!(health.sandbox.view::<u32>(&new, "schema_version", &()), 1);
    let migrated = health.sandbox.call(STRANGER, &new, "migrate", &());
    assert_eq!(migrated.outcome, Outcome::Returned(vec![]));
    assert_eq!(health.sandbox.view::<u32>(&new, "schema_version", &()), 2);
    let root = health.sandbox.root(&new);
    let again = health.sandbox.call(STRANGER, &new, "migrate", &());
    assert_eq!(again.outcome, Outcome::Refused("AlreadyMigrated".to_owned()));
    assert_eq!(health.sandbox.root(&new), root);
    assert_eq!(participants(&mut health, &new), before);
}

/// All entries but the state of the government, which says that nothing is announced any more.
fn without_governance(mut entries: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<(Vec<u8>, Vec<u8>)> {
    entries.retain(|(key, _)| *key != 0x676f_0001u32.to_le_bytes());
    entries
}

#[test]
fn the_contracts_that_ask_it_do_not_notice() {
    let (mut health, successor) = deployment();
    health.grant(terms());
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);

    let code = health.sandbox.upload(REGULATOR, &successor);
    health.done(REGULATOR, "participants", ANNOUNCE, &code);
    health.sandbox.advance(DELAY);
    health.done(REGULATOR, "participants", APPLY, &());
    assert_eq!(health.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
    let refused = health.request(HOSPITAL, RELATIVE).value::<Decision>();
    assert_ne!(refused, Decision::Permit, "the owner is still suspended");
}

#[test]
fn only_what_is_announced_and_not_cancelled_is_applied() {
    let (mut health, successor) = deployment();
    let old = health.participants.clone();
    let old_code = health.sandbox.code_hash(&old);
    let code = health.sandbox.upload(REGULATOR, &successor);

    for caller in [PATIENT, HOSPITAL, AUDITOR, STRANGER] {
        health.refused(caller, "participants", ANNOUNCE, &code, "NotAdministrator");
    }
    health.refused(REGULATOR, "participants", APPLY, &(), "NoUpgrade");

    health.done(REGULATOR, "participants", ANNOUNCE, &code);
    health.refused(AUDITOR, "participants", CANCEL, &(), "NotAdministrator");
    let cancelled = health.done(REGULATOR, "participants", CANCEL, &());
    assert_eq!(health.event_names(&cancelled), ["UpgradeCancelled"]);
    assert_eq!(announced(&mut health), None);
    health.sandbox.advance(DELAY);
    health.refused(REGULATOR, "participants", APPLY, &(), "NoUpgrade");

    // Another announcement starts the delay anew.
    health.done(REGULATOR, "participants", ANNOUNCE, &old_code);
    health.sandbox.advance(DELAY - 1);
    health.done(REGULATOR, "participants", ANNOUNCE, &code);
    health.sandbox.advance(1);
    health.refused(REGULATOR, "participants", APPLY, &(), "TooEarly");
    health.sandbox.advance(DELAY - 1);
    // Also in a pause: that may be why it is needed.
    health.pause("participants");
    health.done(REGULATOR, "participants", APPLY, &());
    assert_eq!(health.sandbox.code_hash(&old), code);
}

#[test]
fn a_code_has_to_be_on_the_chain_only_when_it_is_applied() {
    let (mut health, successor) = deployment();
    health.sandbox.begin();
    let code = health.sandbox.upload(REGULATOR, &successor);
    health.sandbox.rollback();

    health.done(REGULATOR, "participants", ANNOUNCE, &code);
    health.sandbox.advance(DELAY);
    health.refused(REGULATOR, "participants", APPLY, &(), "UnknownCode");
    assert_eq!(health.sandbox.upload(REGULATOR, &successor), code);
    health.done(REGULATOR, "participants", APPLY, &());
}

#[test]
fn the_token_keeps_what_it_stores_while_it_has_another_code() {
    let mut health = Health::new();
    health.fund(100, 10);
    health.done(REGULATOR, "token", "freeze", &(STRANGER, [1u8; 32]));
    let token = health.token.clone();
    let own = health.sandbox.code_hash(&token);
    let stored = without_governance(health.sandbox.entries(&token));
    let participants = health.participants.clone();
    // Their code knows the same messages of the government, and it keeps its state at the same key.
    let others = health.sandbox.code_hash(&participants);

    for code in [others, own] {
        health.refused(HOSPITAL, "token", ANNOUNCE, &code, "NotAdministrator");
        health.done(REGULATOR, "token", ANNOUNCE, &code);
        health.sandbox.advance(DELAY - 1);
        health.refused(REGULATOR, "token", APPLY, &(), "TooEarly");
        health.sandbox.advance(1);
        let applied = health.done(REGULATOR, "token", APPLY, &());
        assert_eq!(health.event_names(&applied), ["Upgraded"]);
        assert_eq!(health.sandbox.code_hash(&token), code);
        assert_eq!(without_governance(health.sandbox.entries(&token)), stored);
    }
    assert_eq!(health.view::<u128>("token", "PSP22::total_supply", &()), 100);
    assert!(health.view::<bool>("token", "is_frozen", &STRANGER));
    health.fund(5, 10);
}
