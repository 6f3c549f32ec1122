//! What a key that was replaced cannot get by a gas limit: that the participants contract has too little to
//! answer, and the message enough to go on without an answer, as it does for an owner's own account.

use assent_interface::{consent, reports};
use assent_sandbox::ledger::{HOSPITAL, Ledger, PATIENT, report};
use assent_sandbox::{Account, GAS_LIMIT, Outcome, Weight};
use parity_scale_codec::Encode;

/// How many limits are tried of each kind.
const STEPS: u64 = 40;

/// What a call that succeeds needs, which is undone.
#[track_caller]
fn needed(
    ledger: &mut Ledger,
    caller: Account,
    contract: &str,
    label: &str,
    arguments: &impl Encode,
) -> Weight {
    let contract = ledger.contract(contract).clone();
    ledger.sandbox.begin();
    let needs = ledger.sandbox.call(caller, &contract, label, arguments).weight_required;
    ledger.sandbox.rollback();
    ledger.sandbox.begin();
    let executed = ledger.sandbox.call_within(needs, caller, &contract, label, arguments);
    assert!(matches!(executed.outcome, Outcome::Returned(_)), "{label}: {:?}", executed.outcome);
    ledger.sandbox.rollback();
    needs
}

/// Calls with limits from nothing to `most`, of time, of proof and of both; none of the calls may succeed.
#[track_caller]
fn never(
    ledger: &mut Ledger,
    most: Weight,
    caller: Account,
    contract: &str,
    label: &str,
    arguments: &impl Encode,
) {
    let before = ledger.root();
    let contract = ledger.contract(contract).clone();
    let mut failed = 0;
    for step in 0..=STEPS {
        let (time, proof) = (most.ref_time() / STEPS * step, most.proof_size() / STEPS * step);
        for limit in [
            Weight::from_parts(time, GAS_LIMIT.proof_size()),
            Weight::from_parts(GAS_LIMIT.ref_time(), proof),
            Weight::from_parts(time, proof),
        ] {
            let executed = ledger.sandbox.call_within(limit, caller, &contract, label, arguments);
            match executed.outcome {
                Outcome::Returned(_) => panic!("{label} within {limit:?} succeeded"),
                Outcome::Refused(_) => {}
                Outcome::Failed(_) => failed += 1,
            }
        }
    }
    assert!(failed > STEPS, "most of {label} runs out of gas, not {failed}");
    assert_eq!(ledger.root(), before, "{label}");
}

#[test]
fn a_replaced_patient_refuses_no_emergencies() {
    let mut ledger = Ledger::new();
    let most = needed(&mut ledger, PATIENT, "consent", consent::REFUSE_EMERGENCIES, &());
    ledger.replace_key(PATIENT);
    ledger.refused(PATIENT, "consent", consent::REFUSE_EMERGENCIES, &(), "NotAuthorized");
    never(&mut ledger, most, PATIENT, "consent", consent::REFUSE_EMERGENCIES, &());
}

#[test]
fn a_replaced_hospital_revokes_no_report() {
    let mut ledger = Ledger::new();
    ledger.anchor(&report());
    let version = (HOSPITAL, report().series, 1u32, [1u8; 32]);
    let most = needed(&mut ledger, HOSPITAL, "reports", reports::REVOKE, &version);
    ledger.replace_key(HOSPITAL);
    ledger.refused(HOSPITAL, "reports", reports::REVOKE, &version, "NotAuthorized");
    never(&mut ledger, most, HOSPITAL, "reports", reports::REVOKE, &version);
}
