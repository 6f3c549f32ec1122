//! What agreements store, and whose deposits that costs: no entry is ever removed, and of a value nothing
//! but the record of a proposal that ends.

use assent_interface::{agreements, consent, power};
use assent_sandbox::ledger::{
    AUDITOR, EXPIRES, HOSPITAL, INSTITUTE, Ledger, PATIENT, RELATIVE, STRANGER, Terms, terms,
};

use super::{FULL, grows_evenly, size};

/// Every kind of entry, with the largest numbers; the contract asks the one that there is for grants.
pub fn fill(ledger: &mut Ledger) {
    let (participants, consent) = (ledger.participants.address, ledger.consent.address);
    ledger.replace_agreements(participants, consent);
    let most = Terms {
        owner: RELATIVE,
        grantee: INSTITUTE,
        purposes: u32::MAX,
        categories: u32::MAX,
        from: u64::MAX - 1,
        until: u64::MAX,
        max_uses: Some(u32::MAX),
        record: Some(FULL),
        policy: FULL,
    };
    // By one of the staff: what is stored names a person, too.
    ledger.admit_member(INSTITUTE, AUDITOR, power::SIGN);
    let proposal = ledger.done(AUDITOR, "agreements", agreements::PROPOSE, &(most, EXPIRES));
    let proposal: u64 = proposal.value();
    let grant: u64 = ledger.done(RELATIVE, "consent", consent::GRANT, &most).value();
    ledger.done(RELATIVE, "agreements", agreements::ACCEPT, &(proposal, Some(grant)));
    // What has ended names no record.
    ledger.done(AUDITOR, "agreements", agreements::PROPOSE, &(most, EXPIRES));
    ledger.done(RELATIVE, "consent", consent::REVOKE, &grant);
    let erasure = ledger.request_erasure(RELATIVE, INSTITUTE);
    let until = ledger.sandbox.now() + agreements::MAX_RETENTION;
    let answer = (erasure, Some(until), FULL);
    ledger.done(AUDITOR, "agreements", agreements::ANSWER_ERASURE, &answer);
}

#[test]
fn proposals_add_the_same() {
    grows_evenly("agreements", |ledger, _| {
        ledger.done(HOSPITAL, "agreements", agreements::PROPOSE, &(terms(), EXPIRES))
    });
}

#[test]
fn acceptances_add_the_same() {
    grows_evenly("agreements", |ledger, nth| {
        if nth == 1 {
            ledger.grant(terms());
        }
        let number = ledger.propose(terms());
        ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(number, None::<u64>))
    });
}

#[test]
fn requests_for_erasure_add_the_same() {
    grows_evenly("agreements", |ledger, nth| {
        if nth > 1 {
            ledger.answer_erasure(HOSPITAL, u64::from(nth - 1), None);
        }
        ledger.done(PATIENT, "agreements", agreements::REQUEST_ERASURE, &(PATIENT, HOSPITAL))
    });
}

#[test]
fn whoever_ends_a_proposal_or_answers_pays_for_what_that_adds() {
    let mut ledger = Ledger::new();
    ledger.grant(terms());
    let [accepted, declined, withdrawn] = [(); 3].map(|()| ledger.propose(terms()));
    let before = size(&mut ledger, "agreements");
    let ends = [
        ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(accepted, None::<u64>)),
        ledger.done(PATIENT, "agreements", agreements::DECLINE, &(declined, Some(FULL))),
        ledger.done(HOSPITAL, "agreements", agreements::WITHDRAW, &withdrawn),
    ];
    for ended in ends {
        assert!(ended.deposit > 0, "it adds how the proposal ended: {}", ended.deposit);
    }
    // Nothing is removed, and nothing else is added.
    let (entries, bytes) = size(&mut ledger, "agreements");
    assert_eq!(entries, before.0);
    assert_eq!(bytes - before.1, 9 + 1 + 1, "a byte for each, and the number of the grant");

    // That of a record comes back to whoever has it forgotten, and is less than what was paid for it.
    let of_one = (Terms { record: Some(FULL), ..terms() }, EXPIRES);
    let proposed = ledger.done(HOSPITAL, "agreements", agreements::PROPOSE, &of_one);
    let number: u64 = proposed.value();
    let ended =
        ledger.done(PATIENT, "agreements", agreements::DECLINE, &(number, None::<[u8; 32]>));
    assert!(ended.deposit < 0 && proposed.deposit + ended.deposit > 0, "{}", ended.deposit);

    ledger.done(PATIENT, "consent", consent::REVOKE_ALL, &PATIENT);
    let asked =
        ledger.done(PATIENT, "agreements", agreements::REQUEST_ERASURE, &(PATIENT, HOSPITAL));
    assert!(asked.deposit > 0);
    ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
    let answer = (1u64, None::<u64>, FULL);
    let answered = ledger.done(STRANGER, "agreements", agreements::ANSWER_ERASURE, &answer);
    assert!(answered.deposit > 0, "the key that answers pays for the answer");
}
