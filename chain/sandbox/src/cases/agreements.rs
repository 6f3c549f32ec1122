//! The messages of the agreements contract.

mod answers;
mod erasures;
mod guardians;
mod proposals;

use assent_interface::{agreements, consent};

use super::{Case, Prepare};
use crate::ledger::{EXPIRES, HOSPITAL, Hash, Ledger, PATIENT, STRANGER, terms};

/// Commitment to why an owner declines.
const REASON: Option<Hash> = Some([0x52; 32]);
/// `Lazy<u64>`: number of the latest proposal.
const LAST_PROPOSAL: u32 = 0x6167_0101;
/// `Lazy<u64>`: number of the latest request for erasure.
const LAST_ERASURE: u32 = 0x6167_0201;

pub(super) fn cases() -> Vec<Case> {
    [proposals::cases(), answers::cases(), erasures::cases(), guardians::cases()].concat()
}

fn case(message: &'static str, error: Option<&'static str>, prepare: Prepare) -> Case {
    Case { contract: "agreements", message, error, prepare }
}

/// Replaces the contract by one that asks an account where there is no participants contract.
fn lose_participants(ledger: &mut Ledger) {
    let consent = ledger.consent.address;
    ledger.replace_agreements(STRANGER, consent);
}

/// The same of the consent contract.
fn lose_consent(ledger: &mut Ledger) {
    let participants = ledger.participants.address;
    ledger.replace_agreements(participants, STRANGER);
}

/// Replaces the contract by one that asks a contract for grants which knows of none.
fn mistake_consent(ledger: &mut Ledger) {
    let (participants, carbon) = (ledger.participants.address, ledger.carbon.address);
    ledger.replace_agreements(participants, carbon);
}

/// The hospital has proposed [`terms`] to the patient.
fn proposed(ledger: &mut Ledger) {
    assert_eq!(ledger.propose(terms()), 1);
}

/// A proposal that the hospital took back.
fn withdrawn(ledger: &mut Ledger, contract: &str) {
    proposed(ledger);
    ledger.done(HOSPITAL, contract, agreements::WITHDRAW, &1u64);
}

/// A proposal that the patient declined.
fn declined(ledger: &mut Ledger, contract: &str) {
    proposed(ledger);
    ledger.done(PATIENT, contract, agreements::DECLINE, &(1u64, REASON));
}

/// A proposal that the patient accepted; the grant lives.
fn accepted(ledger: &mut Ledger, contract: &str) {
    proposed(ledger);
    ledger.done(PATIENT, "consent", consent::GRANT, &terms());
    ledger.done(PATIENT, contract, agreements::ACCEPT, &(1u64, None::<u64>));
}

/// A proposal that nobody answered in its time.
fn expired(ledger: &mut Ledger) {
    proposed(ledger);
    ledger.sandbox.advance(EXPIRES - ledger.sandbox.now());
}
