//! What the shell adds to the rules.

use super::*;
use crate::data::SCHEMA_VERSION;
use crate::reports::Reports;
use assent_events::{
    governance::{HandoverAccepted, HandoverProposed, Paused, Unpaused},
    reports::{AuditRecorded, Revoked},
};
use assent_governance::{GovernanceError, Governed, GRACE, MAX_DELAY, MIN_DELAY};
use ink::{
    env::{test, DefaultEnvironment},
    scale::Decode,
};

const DELAY: u64 = MIN_DELAY;
const GENESIS: Hash = [0x9e; 32];

/// A contract of [`OWNER`].
fn contract() -> Reports {
    call_as(OWNER);
    Reports::new(OTHER, DELAY, GENESIS).unwrap()
}

fn call_as(caller: AccountId) {
    test::set_caller::<DefaultEnvironment>(caller);
}

/// The event that was emitted last.
fn last_event<E: Decode>() -> E {
    let event = test::recorded_events().last().expect("an event");
    E::decode(&mut &event.data[..]).unwrap()
}

#[ink::test]
fn the_shell_starts_empty() {
    let contract = contract();
    assert_eq!(contract.participants(), OTHER);
    let account = test::callee::<DefaultEnvironment>();
    assert_eq!(contract.domain(), assent_traits::domain(GENESIS, account));
    assert_eq!(contract.head(OWNER, SERIES), None);
    assert_eq!(contract.version(OWNER, SERIES, 1), None);
    assert_eq!(contract.history(OWNER, SERIES, 1, 32), []);
    assert!(!contract.verify_chunk(OWNER, SERIES, 1, 0, [0; 32], Vec::new()));
    assert!(!contract.verify_link(OWNER, SERIES, 1, [0; 32], [0; 32]));
    assert_eq!(contract.audit(1), None);
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let state = contract.governance();
    assert_eq!((state.administrator, state.delay, state.paused), (OWNER, DELAY, false));
    for delay in [MIN_DELAY - 1, MAX_DELAY + 1] {
        let refused = Reports::new(OTHER, delay, GENESIS).err();
        assert_eq!(refused, Some(GovernanceError::InvalidDelay));
    }
}

#[ink::test]
fn a_pause_stops_all_but_revoking_and_results() {
    let mut contract = contract();
    // Comes before the question to the participants contract.
    assert_eq!(contract.anchor_batch(OWNER, Vec::new()), Err(Error::BatchSize));
    contract.pause().unwrap();
    assert_eq!(last_event::<Paused>(), Paused { by: OWNER });

    call_as(OTHER);
    assert_eq!(contract.anchor(OWNER, all_wrong()), Err(Error::Paused));
    assert_eq!(contract.anchor_batch(OWNER, Vec::new()), Err(Error::Paused));
    assert_eq!(contract.supersede(OWNER, all_wrong()), Err(Error::Paused));
    assert_eq!(contract.countersign(PATIENT, OWNER, SERIES, 1, [0; 32]), Err(Error::Paused));
    assert_eq!(contract.open_audit(OWNER, SERIES, 1, [0; 32]), Err(Error::Paused));
    assert_eq!(contract.revoke(OTHER, SERIES, 1, REASON), Err(Error::UnknownVersion));
    let recorded = contract.record_audit(1, [0; 32], [0; 32], true, [0; 32]);
    assert_eq!(recorded, Err(Error::UnknownAudit));
    assert_eq!(contract.unpause(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.pause(), Err(GovernanceError::NotAdministrator));

    call_as(OWNER);
    assert_eq!(contract.pause(), Err(GovernanceError::AlreadyPaused));
    contract.unpause().unwrap();
    assert_eq!(last_event::<Unpaused>(), Unpaused { by: OWNER });
    assert_eq!(contract.anchor_batch(OWNER, Vec::new()), Err(Error::BatchSize));
}

#[ink::test]
fn the_shell_revokes_at_block_time() {
    let mut contract = contract();
    // What `anchor` would write, into the same storage: unit tests cannot ask the participants
    // contract.
    let (mut data, heads) = series(1);
    contract.pause().unwrap();
    test::set_block_timestamp::<DefaultEnvironment>(NOW + 5);
    call_as(OTHER);
    assert_eq!(contract.revoke(OTHER, SERIES, 1, REASON), Err(Error::UnknownVersion));
    call_as(OWNER);
    contract.revoke(OWNER, SERIES, 1, REASON).unwrap();
    let event = Revoked {
        owner: OWNER,
        series: SERIES,
        sequence: 1,
        reason: REASON,
        by: OWNER,
        at: NOW + 5,
    };
    assert_eq!(last_event::<Revoked>(), event);
    assert_eq!(data.revoke(OWNER, NOW, Agency::OWN, of(1), REASON), Err(Error::AlreadyRevoked));
    assert_eq!(contract.head(OWNER, SERIES), contract.version(OWNER, SERIES, 1));
    assert_eq!(contract.history(OWNER, SERIES, 1, 1)[0].head, heads[0]);

    // Heads begin with the contract's own domain.
    assert!(!contract.verify_link(OWNER, SERIES, 1, [0; 32], heads[0]));
    let mut data = Data::new(contract.domain());
    let head = data.anchor(OTHER, NOW, own(true), OTHER, &new(1, [0; 32])).unwrap().head;
    assert!(contract.verify_link(OTHER, SERIES, 1, [0; 32], head));
}

#[ink::test]
fn the_shell_records_at_block_time_and_after_the_audits_block() {
    let mut contract = contract();
    let (mut data, _) = series(1);
    let (nonce, block) = ([8; 32], 70);
    data.open_audit(OTHER, NOW, block, auditing(OTHER, true), of(1), Sha2::hash(&[&nonce]))
        .unwrap();
    contract.pause().unwrap();
    test::set_block_timestamp::<DefaultEnvironment>(NOW + 5);
    let mut record = |caller, block| {
        call_as(caller);
        test::set_block_number::<DefaultEnvironment>(block);
        contract.record_audit(1, nonce, [12; 32], false, [9; 32])
    };
    assert_eq!(record(OWNER, block + 2), Err(Error::NotAuditor));
    assert_eq!(record(OTHER, block + 1), Err(Error::TooEarly));
    record(OTHER, block + 2).unwrap();
    let event = AuditRecorded {
        audit: 1,
        auditor: OTHER,
        nonce,
        block_hash: [12; 32],
        passed: false,
        evidence: [9; 32],
        at: NOW + 5,
    };
    assert_eq!(last_event::<AuditRecorded>(), event);
    assert_eq!(contract.audit(1), data.audit(1));
    assert_eq!(contract.audit(1).unwrap().result.unwrap().at, NOW + 5);
}

#[ink::test]
fn the_office_is_handed_over_and_asked_about_the_code() {
    let mut contract = contract();
    test::set_block_timestamp::<DefaultEnvironment>(NOW);
    contract.propose_handover(OTHER).unwrap();
    let not_before = NOW + DELAY;
    let until = not_before + GRACE;
    let proposed = HandoverProposed { from: OWNER, to: OTHER, not_before, until };
    assert_eq!(last_event::<HandoverProposed>(), proposed);
    contract.cancel_handover().unwrap();
    assert_eq!(contract.cancel_handover(), Err(GovernanceError::NoHandover));
    contract.propose_handover(OTHER).unwrap();

    call_as(OTHER);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    test::set_block_timestamp::<DefaultEnvironment>(until);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::Expired));
    test::set_block_timestamp::<DefaultEnvironment>(not_before);
    contract.accept_handover().unwrap();
    assert_eq!(last_event::<HandoverAccepted>(), HandoverAccepted { from: OWNER, to: OTHER });

    // Only a chain knows codes.
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NoUpgrade));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NoUpgrade));
    call_as(OWNER);
    assert_eq!(contract.announce_upgrade([7; 32]), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.cancel_upgrade(), Err(GovernanceError::NotAdministrator));
    assert_eq!(contract.apply_upgrade(), Err(GovernanceError::NotAdministrator));
}
