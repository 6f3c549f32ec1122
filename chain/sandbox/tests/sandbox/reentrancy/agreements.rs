//! The agreements contract asks participants, and the consent contract, which calls nobody for what it
//! tells of grants.

use assent_interface::{agreements, consent, governance};
use assent_sandbox::Account;
use assent_sandbox::ledger::{
    EVIDENCE, EXPIRES, HOSPITAL, Hash, INSTITUTE, Ledger, PATIENT, REGULATOR, RELATIVE, STRANGER,
    Terms, terms,
};

use super::{arm, asking, besiege, deploy, feint, replace_both, strike, tempt};

#[test]
fn participants_do_not_call_back_the_agreements_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let consent = ledger.consent.address;
    ledger.replace_agreements(intruder.address, consent);
    // The hostile contract says that it is admitted, too: it is proposed to, and asked to erase.
    let to_it = ledger.propose(Terms { owner: intruder.address, ..terms() });
    let of_it = ledger.request_erasure(PATIENT, intruder.address);
    let proposal = ledger.propose(terms());
    tempt(&mut ledger, &intruder, "agreements");

    let failed = "ParticipantsFailed";
    let to_relative = Terms { owner: RELATIVE, ..terms() };
    let calls = [
        asking(HOSPITAL, agreements::PROPOSE, (to_relative, EXPIRES), failed),
        asking(RELATIVE, agreements::REQUEST_ERASURE, (RELATIVE, INSTITUTE), failed),
    ];
    let by_it = Terms { grantee: intruder.address, ..terms() };
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        feint(agreements::DECLINE, (to_it, None::<Hash>)),
        feint(agreements::ANSWER_ERASURE, (of_it, None::<u64>, EVIDENCE)),
        feint(agreements::PROPOSE, (by_it, EXPIRES)),
        feint(agreements::WITHDRAW, proposal),
        feint(agreements::ACCEPT, (to_it, None::<u64>)),
        feint(agreements::REQUEST_ERASURE, (intruder.address, HOSPITAL)),
        feint(agreements::PROPOSAL, proposal),
    ];
    besiege(&mut ledger, &intruder, "agreements", &calls, &strikes);

    // They are asked who acts, also when a proposal is withdrawn or answered, and when a request is.
    let erasure = ledger.request_erasure(RELATIVE, INSTITUTE);
    let agreements = ledger.agreements.clone();
    arm(&mut ledger, &intruder, &agreements, governance::ACCEPT_HANDOVER, vec![]);
    ledger.refused(STRANGER, "agreements", agreements::WITHDRAW, &proposal, failed);
    let declined = (proposal, None::<Hash>);
    ledger.refused(STRANGER, "agreements", agreements::DECLINE, &declined, failed);
    let answer = (erasure, None::<u64>, EVIDENCE);
    ledger.refused(STRANGER, "agreements", agreements::ANSWER_ERASURE, &answer, failed);
    ledger.refused(INSTITUTE, "agreements", agreements::ANSWER_ERASURE, &answer, failed);
    // What the requester's own account takes back waits for no answer, so that nobody can meddle with it.
    ledger.done(HOSPITAL, "agreements", agreements::WITHDRAW, &proposal);
}

/// Participants that the consent contract asks are not asked when it tells of grants.
#[test]
fn what_the_consent_contract_asks_cannot_meddle_with_an_acceptance() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    replace_both(&mut ledger, Some(intruder.address), None);
    let (participants, consent) = (ledger.participants.address, ledger.consent.address);
    ledger.replace_agreements(participants, consent);
    let proposal = ledger.propose(terms());
    ledger.done(PATIENT, "consent", consent::GRANT, &terms());
    tempt(&mut ledger, &intruder, "agreements");

    let agreements = ledger.agreements.clone();
    arm(&mut ledger, &intruder, &agreements, governance::ACCEPT_HANDOVER, vec![]);
    let accepted = ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(proposal, None::<u64>));
    assert_eq!(ledger.event_names(&accepted), ["ProposalAccepted"]);
    let state: governance::State<Account> = ledger.view("agreements", governance::GOVERNANCE, &());
    assert_eq!(state.administrator, REGULATOR);
    // Nor with a request for erasure, of which they stand in nobody's way.
    let request =
        ledger.call(PATIENT, "agreements", agreements::REQUEST_ERASURE, &(PATIENT, INSTITUTE));
    assert_eq!(ledger.event_names(&request), ["ErasureRequested"]);
}
