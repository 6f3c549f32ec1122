//! Proposals and requests for erasure on the real runtime: the grant and its acceptance in one batch, what
//! the events say and the views show, and that no decision reads any of it.

use assent_events::agreements as events;
use assent_events::agreements::Event;
use assent_interface::{agreements, consent, participants, power};
use assent_runtime::{Runtime, RuntimeCall};
use assent_sandbox::ledger::{
    ANSWER, CARDIOLOGY, Decision, DenyReason, EVIDENCE, EXPIRES, Ending, ErasureAnswer,
    ErasureRequest, Grant, HOSPITAL, Hash, Ledger, PATIENT, PURPOSES, Proposal, RELATIVE, STRANGER,
    TREATMENT, Terms, UNNAMED, UNTIL, terms,
};
use assent_sandbox::{Applied, Emitted};
use polkadot_sdk::sp_runtime::DispatchError;
use polkadot_sdk::{pallet_contracts, pallet_utility};

/// The mandate of [`Ledger::admit_member`] is of this person.
const PERSON: Hash = [0x33; 32];
/// Commitment to why somebody declines.
const REASON: Hash = [0x52; 32];

/// What the agreements contract says in these events, in order.
#[track_caller]
fn said(ledger: &Ledger, emitted: &[Emitted]) -> Vec<Event> {
    let own = emitted.iter().filter(|event| event.contract == ledger.agreements.address);
    own.map(|event| Event::decode(&event.topic, &event.data).expect("it is its event")).collect()
}

fn proposal(ledger: &mut Ledger, number: u64) -> Option<Proposal> {
    ledger.view("agreements", agreements::PROPOSAL, &number)
}

fn erasure(ledger: &mut Ledger, number: u64) -> Option<ErasureRequest> {
    ledger.view("agreements", agreements::ERASURE, &number)
}

fn latest_erasure(ledger: &mut Ledger) -> Option<u64> {
    ledger.view("agreements", agreements::LATEST_ERASURE, &(PATIENT, HOSPITAL))
}

fn grants(ledger: &mut Ledger) -> u64 {
    ledger.view("consent", consent::GRANT_COUNT, &PATIENT)
}

fn granting(ledger: &Ledger, terms: Terms) -> RuntimeCall {
    ledger.consent.transaction(consent::GRANT, &terms)
}

fn accepting(ledger: &Ledger, proposal: u64) -> RuntimeCall {
    ledger.agreements.transaction(agreements::ACCEPT, &(proposal, None::<u64>))
}

/// The patient sends these calls, all or none.
#[track_caller]
fn all_at_once(ledger: &mut Ledger, calls: Vec<RuntimeCall>) -> Applied {
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
    ledger.sandbox.transact(PATIENT, batch)
}

/// What the pallet says when a contract refuses.
fn reverted() -> DispatchError {
    pallet_contracts::Error::<Runtime>::ContractReverted.into()
}

/// The batch is refused, and nothing of it is left: neither a grant nor an acceptance.
#[track_caller]
fn refuses_all(ledger: &mut Ledger, calls: Vec<RuntimeCall>) {
    let before = ledger.root();
    let applied = all_at_once(ledger, calls);
    assert_eq!(applied.result, Err(reverted()));
    assert!(applied.events.is_empty(), "{:?}", applied.events);
    assert_eq!(ledger.root(), before);
}

#[test]
fn an_owner_grants_what_was_proposed_and_accepts_it_in_one_batch() {
    let mut ledger = Ledger::new();
    let at = ledger.sandbox.now();
    ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
    let terms = Terms { max_uses: Some(3), ..terms() };
    let proposed = ledger.done(STRANGER, "agreements", agreements::PROPOSE, &(terms, EXPIRES));
    assert_eq!(proposed.value::<u64>(), 1);
    let event = events::Proposed {
        proposal: 1,
        owner: PATIENT.into(),
        requester: HOSPITAL.into(),
        by: STRANGER.into(),
        person: Some(PERSON),
        purposes: terms.purposes,
        categories: terms.categories,
        from: terms.from,
        until: terms.until,
        max_uses: Some(3),
        record: None,
        policy: terms.policy,
        expires: EXPIRES,
        at,
    };
    assert_eq!(said(&ledger, &proposed.events), [Event::Proposed(event)]);
    let open =
        Proposal { terms, by: STRANGER, person: Some(PERSON), at, expires: EXPIRES, ending: None };
    assert_eq!(proposal(&mut ledger, 1), Some(open));
    // What is proposed permits nothing.
    let refused = ledger.request(HOSPITAL, PATIENT).value::<Decision>();
    assert_eq!(refused, Decision::Deny(DenyReason::NoGrant));

    ledger.sandbox.advance(5);
    let both = vec![granting(&ledger, terms), accepting(&ledger, 1)];
    let applied = all_at_once(&mut ledger, both);
    assert_eq!(applied.result, Ok(()));
    assert_eq!(ledger.names(&applied.events), ["Granted", "ProposalAccepted"]);
    let event = events::ProposalAccepted {
        proposal: 1,
        owner: PATIENT.into(),
        requester: HOSPITAL.into(),
        grant: 1,
        policy: terms.policy,
        at: at + 5,
    };
    assert_eq!(said(&ledger, &applied.events), [Event::ProposalAccepted(event)]);
    let accepted = Proposal { ending: Some(Ending::Accepted(1)), ..open };
    assert_eq!(proposal(&mut ledger, 1), Some(accepted));
    let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &1u64);
    assert_eq!(grant, Some(terms.into()));
    assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), Decision::Permit);
}

#[test]
fn a_batch_whose_grant_says_something_else_leaves_neither() {
    let mut ledger = Ledger::new();
    let number = ledger.propose(terms());
    for other in [
        Terms { purposes: PURPOSES | 1 << 31, ..terms() },
        Terms { categories: terms().categories << 1, ..terms() },
        Terms { from: terms().from + 1, ..terms() },
        Terms { until: UNTIL + 1, ..terms() },
        Terms { max_uses: Some(1), ..terms() },
        Terms { record: Some([7; 32]), ..terms() },
        Terms { policy: [0x13; 32], ..terms() },
    ] {
        let calls = vec![granting(&ledger, other), accepting(&ledger, number)];
        refuses_all(&mut ledger, calls);
    }
    // Nor does it help that the right one comes first: what is accepted is the newest.
    let other = Terms { max_uses: Some(1), ..terms() };
    let calls =
        vec![granting(&ledger, terms()), granting(&ledger, other), accepting(&ledger, number)];
    refuses_all(&mut ledger, calls);
    // Nor is accepted what is granted afterwards.
    let calls = vec![accepting(&ledger, number), granting(&ledger, terms())];
    refuses_all(&mut ledger, calls);
    assert_eq!(grants(&mut ledger), 0);
    let open = proposal(&mut ledger, number).expect("it was made");
    assert_eq!(open.ending, None);

    // The same batch succeeds with the proposed terms, once.
    let calls = || vec![granting(&ledger, terms()), accepting(&ledger, number)];
    let (first, second) = (calls(), calls());
    assert_eq!(all_at_once(&mut ledger, first).result, Ok(()));
    refuses_all(&mut ledger, second);
    assert_eq!(grants(&mut ledger), 1);
}

#[test]
fn a_batch_that_comes_too_late_grants_nothing() {
    let mut ledger = Ledger::new();
    let [late, withdrawn] = [(); 2].map(|()| ledger.propose(terms()));
    ledger.done(HOSPITAL, "agreements", agreements::WITHDRAW, &withdrawn);
    let calls = vec![granting(&ledger, terms()), accepting(&ledger, withdrawn)];
    refuses_all(&mut ledger, calls);
    ledger.sandbox.advance(EXPIRES - ledger.sandbox.now());
    let calls = vec![granting(&ledger, terms()), accepting(&ledger, late)];
    refuses_all(&mut ledger, calls);
    assert_eq!(grants(&mut ledger), 0);
}

#[test]
fn one_grant_carries_several_proposals_and_an_earlier_one_is_named() {
    let mut ledger = Ledger::new();
    let earlier = ledger.grant(terms());
    let newer = ledger.grant(Terms { policy: [0x13; 32], ..terms() });
    let [first, second] = [(); 2].map(|()| ledger.propose(terms()));
    for number in [first, second] {
        for grant in [None, Some(newer), Some(newer + 1)] {
            let acceptance = (number, grant);
            ledger.refused(PATIENT, "agreements", agreements::ACCEPT, &acceptance, "NotGranted");
        }
        let acceptance = (number, Some(earlier));
        let accepted = ledger.done(PATIENT, "agreements", agreements::ACCEPT, &acceptance);
        let [Event::ProposalAccepted(event)] = &said(&ledger, &accepted.events)[..] else {
            panic!("it is accepted, and nothing else")
        };
        assert_eq!((event.proposal, event.grant, event.policy), (number, earlier, terms().policy));
    }
    // It stays on record when the grant is revoked, which was asked only then.
    ledger.done(PATIENT, "consent", consent::REVOKE, &earlier);
    let accepted = proposal(&mut ledger, first).and_then(|proposal| proposal.ending);
    assert_eq!(accepted, Some(Ending::Accepted(earlier)));
}

#[test]
fn a_proposal_is_declined_or_withdrawn_and_says_by_whom() {
    let mut ledger = Ledger::new();
    let at = ledger.sandbox.now();
    let [one, two, three] = [(); 3].map(|()| ledger.propose(terms()));
    for (number, reason) in [(one, Some(REASON)), (two, None)] {
        let declined = ledger.done(PATIENT, "agreements", agreements::DECLINE, &(number, reason));
        let (owner, requester) = (PATIENT.into(), HOSPITAL.into());
        let event = events::ProposalDeclined { proposal: number, owner, requester, reason, at };
        assert_eq!(said(&ledger, &declined.events), [Event::ProposalDeclined(event)]);
        let ended = proposal(&mut ledger, number).and_then(|proposal| proposal.ending);
        assert_eq!(ended, Some(Ending::Declined));
    }
    ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
    let withdrawn = ledger.done(STRANGER, "agreements", agreements::WITHDRAW, &three);
    let event = events::ProposalWithdrawn {
        proposal: three,
        owner: PATIENT.into(),
        requester: HOSPITAL.into(),
        by: STRANGER.into(),
        at,
    };
    assert_eq!(said(&ledger, &withdrawn.events), [Event::ProposalWithdrawn(event)]);
    let ended = proposal(&mut ledger, three).and_then(|proposal| proposal.ending);
    assert_eq!(ended, Some(Ending::Withdrawn));
    for none in [0, three + 1] {
        assert_eq!(proposal(&mut ledger, none), None);
    }
}

#[test]
fn what_has_ended_does_not_tell_which_record_it_was_for() {
    let mut ledger = Ledger::new();
    let terms = Terms { record: Some([7; 32]), ..terms() };
    let [accepted, declined, withdrawn, expired] = [(); 4].map(|()| ledger.propose(terms));
    ledger.grant(terms);
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(accepted, None::<u64>));
    ledger.done(PATIENT, "agreements", agreements::DECLINE, &(declined, Some(REASON)));
    ledger.done(HOSPITAL, "agreements", agreements::WITHDRAW, &withdrawn);
    ledger.sandbox.advance(EXPIRES - ledger.sandbox.now());
    for number in [accepted, declined, withdrawn] {
        let ended = proposal(&mut ledger, number).expect("it stays on record");
        assert_eq!(ended.terms, Terms { record: None, ..terms });
    }
    // Nobody ends what nobody answered.
    let expired = proposal(&mut ledger, expired).expect("it stays on record");
    assert_eq!((expired.terms, expired.ending), (terms, None));
    // Nor is a record left anywhere else than in that one and in the grant, which is its owner's.
    let [agreements, consent] = [&ledger.agreements, &ledger.consent].map(Clone::clone);
    let mut mentions = |contract| {
        let entries = ledger.sandbox.entries(contract);
        entries.iter().filter(|(_, value)| value.windows(32).any(|at| at == [7; 32])).count()
    };
    assert_eq!((mentions(&agreements), mentions(&consent) > 0), (1, true));
}

#[test]
fn erasure_is_asked_for_when_nothing_is_granted_and_answered_even_when_it_is_late() {
    let mut ledger = Ledger::new();
    let grant = ledger.grant(terms());
    let label = agreements::REQUEST_ERASURE;
    ledger.refused(PATIENT, "agreements", label, &(PATIENT, HOSPITAL), "GrantLive");
    assert_eq!(latest_erasure(&mut ledger), None);
    ledger.done(PATIENT, "consent", consent::REVOKE, &grant);

    let at = ledger.sandbox.now();
    let asked = ledger.done(PATIENT, "agreements", label, &(PATIENT, HOSPITAL));
    assert_eq!(asked.value::<u64>(), 1);
    let (owner, requester) = (PATIENT.into(), HOSPITAL.into());
    let event = events::ErasureRequested { erasure: 1, owner, requester, due: at + ANSWER, at };
    assert_eq!(said(&ledger, &asked.events), [Event::ErasureRequested(event)]);
    let waiting =
        ErasureRequest { owner: PATIENT, requester: HOSPITAL, at, due: at + ANSWER, answer: None };
    assert_eq!(erasure(&mut ledger, 1), Some(waiting));
    assert_eq!(latest_erasure(&mut ledger), Some(1));
    // Once is enough, however late the answer is.
    ledger.sandbox.advance(ANSWER);
    ledger.refused(PATIENT, "agreements", label, &(PATIENT, HOSPITAL), "AlreadyRequested");

    let retained = ledger.sandbox.now() + 1_000;
    ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
    let answer = (1u64, Some(retained), EVIDENCE);
    let answered = ledger.done(STRANGER, "agreements", agreements::ANSWER_ERASURE, &answer);
    let event = events::ErasureAnswered {
        erasure: 1,
        owner,
        requester,
        retained_until: Some(retained),
        evidence: EVIDENCE,
        by: STRANGER.into(),
        person: Some(PERSON),
        at: at + ANSWER,
    };
    assert_eq!(said(&ledger, &answered.events), [Event::ErasureAnswered(event)]);
    let given = ErasureAnswer {
        retained_until: Some(retained),
        evidence: EVIDENCE,
        by: STRANGER,
        at: at + ANSWER,
    };
    assert_eq!(erasure(&mut ledger, 1), Some(ErasureRequest { answer: Some(given), ..waiting }));

    // An answer stands, and is of what there was then: he may ask anew at once.
    let other = (1u64, None::<u64>, EVIDENCE);
    let answering = agreements::ANSWER_ERASURE;
    ledger.refused(HOSPITAL, "agreements", answering, &other, "AlreadyAnswered");
    assert_eq!(ledger.request_erasure(PATIENT, HOSPITAL), 2);
    assert_eq!(latest_erasure(&mut ledger), Some(2));
    ledger.answer_erasure(HOSPITAL, 2, None);
    let erased = erasure(&mut ledger, 2).and_then(|erasure| erasure.answer);
    assert_eq!(erased.map(|answer| (answer.retained_until, answer.by)), Some((None, HOSPITAL)));
    assert_eq!(erasure(&mut ledger, 3), None);
}

#[test]
fn a_batch_ends_all_grants_to_a_requester_and_asks_it_for_erasure() {
    let mut ledger = Ledger::new();
    let both = |ledger: &Ledger| {
        vec![
            ledger.consent.transaction(consent::REVOKE_ALL_FOR, &(PATIENT, HOSPITAL)),
            ledger.agreements.transaction(agreements::REQUEST_ERASURE, &(PATIENT, HOSPITAL)),
        ]
    };
    ledger.grant(terms());
    ledger.grant(Terms { max_uses: Some(1), ..terms() });
    let mut backwards = both(&ledger);
    backwards.reverse();
    refuses_all(&mut ledger, backwards);
    let calls = both(&ledger);
    let applied = all_at_once(&mut ledger, calls);
    assert_eq!(applied.result, Ok(()));
    assert_eq!(ledger.names(&applied.events), ["Revoked", "Revoked", "ErasureRequested"]);
    // Where none lives, only the second is of use.
    ledger.answer_erasure(HOSPITAL, 1, None);
    let calls = both(&ledger);
    refuses_all(&mut ledger, calls);
    assert_eq!(ledger.request_erasure(PATIENT, HOSPITAL), 2);
}

#[test]
fn no_decision_reads_what_was_agreed() {
    let mut ledger = Ledger::new();
    let question = (HOSPITAL, PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let decides = |ledger: &mut Ledger, expected: Decision| {
        let decided: Decision = ledger.view("consent", consent::IS_PERMITTED, &question);
        assert_eq!(decided, expected);
        assert_eq!(ledger.request(HOSPITAL, PATIENT).value::<Decision>(), expected);
    };
    let nothing = Decision::Deny(DenyReason::NoGrant);
    let erasure = ledger.request_erasure(PATIENT, HOSPITAL);
    let declined = ledger.propose(terms());
    decides(&mut ledger, nothing);

    // Neither does a request for erasure stop an access, nor a proposal that was declined.
    ledger.grant(terms());
    ledger.done(PATIENT, "agreements", agreements::DECLINE, &(declined, None::<Hash>));
    decides(&mut ledger, Decision::Permit);
    ledger.answer_erasure(HOSPITAL, erasure, None);
    decides(&mut ledger, Decision::Permit);
    // Nor does one that was accepted permit what is no longer granted.
    let accepted = ledger.propose(terms());
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(accepted, None::<u64>));
    ledger.done(PATIENT, "consent", consent::REVOKE, &1u64);
    decides(&mut ledger, Decision::Deny(DenyReason::Revoked));
}

#[test]
fn who_is_suspended_or_left_proposes_nothing_and_can_still_take_back_and_answer() {
    let mut ledger = Ledger::new();
    let [one, two] = [(); 2].map(|()| ledger.propose(terms()));
    let erasure = ledger.request_erasure(RELATIVE, HOSPITAL);
    ledger.admit_member(HOSPITAL, STRANGER, power::SIGN);
    ledger.suspend(HOSPITAL);
    ledger.leave(PATIENT);

    let offer = (terms(), EXPIRES);
    for caller in [HOSPITAL, STRANGER] {
        let label = agreements::PROPOSE;
        ledger.refused(caller, "agreements", label, &offer, "RequesterNotAdmitted");
    }
    ledger.done(HOSPITAL, "agreements", agreements::WITHDRAW, &one);
    ledger.done(PATIENT, "agreements", agreements::DECLINE, &(two, None::<Hash>));
    ledger.request_erasure(PATIENT, HOSPITAL);
    ledger.answer_erasure(HOSPITAL, erasure, None);

    ledger.reinstate(HOSPITAL);
    ledger.refused(HOSPITAL, "agreements", agreements::PROPOSE, &offer, "OwnerNotAdmitted");
    // Nor does a key act any more whose mandate was ended.
    let mandate = (HOSPITAL, STRANGER);
    ledger.done(HOSPITAL, "participants", participants::END_MANDATE, &mandate);
    let label = agreements::ANSWER_ERASURE;
    ledger.refused(STRANGER, "agreements", label, &(2u64, None::<u64>, EVIDENCE), "NotAuthorized");
}
