//! What the shell adds to the rules.

use super::*;
use crate::agreements::Agreements;
use crate::data::SCHEMA_VERSION;
use assent_events::{
    agreements::{ErasureAnswered, ProposalDeclined, ProposalWithdrawn},
    governance::{HandoverAccepted, HandoverProposed, Paused, Unpaused},
};
use assent_governance::{GovernanceError, Governed, GRACE, MAX_DELAY, MIN_DELAY};
use ink::{
    env::{test, DefaultEnvironment},
    scale::Decode,
};

const PARTICIPANTS: AccountId = AccountId([0x21; 32]);
const CONSENT: AccountId = AccountId([0x22; 32]);
const ADMIN: AccountId = AccountId([0x23; 32]);

/// A contract of [`ADMIN`].
fn contract() -> Agreements {
    call_as(ADMIN);
    Agreements::new(PARTICIPANTS, CONSENT, TIMES).unwrap()
}

fn call_as(caller: AccountId) {
    test::set_caller::<DefaultEnvironment>(caller);
}

fn set_time(now: u64) {
    test::set_block_timestamp::<DefaultEnvironment>(now);
}

/// The event that was emitted last.
fn last_event<E: Decode>() -> E {
    let event = test::recorded_events().last().expect("an event");
    E::decode(&mut &event.data[..]).unwrap()
}

/// What `propose` and `request_erasure` would write, into the same storage: unit tests cannot ask other
/// contracts.
fn in_place() {
    let mut data = data();
    for _ in 0..2 {
        data.propose(HOSPITAL, NOW, PARTIES, terms(), NOW + 50).unwrap();
    }
    let own = Admission { for_subject: Agency::OWN, ..PARTIES };
    data.request_erasure(OWNER, NOW, own, || Ok(false), OWNER, HOSPITAL).unwrap();
}

#[ink::test]
fn the_shell_starts_empty() {
    let contract = contract();
    assert_eq!((contract.participants(), contract.consent()), (PARTICIPANTS, CONSENT));
    assert_eq!(contract.times(), TIMES);
    assert_eq!(contract.proposal(1), None);
    assert_eq!(contract.erasure(1), None);
    assert_eq!(contract.latest_erasure(OWNER, HOSPITAL), None);
    assert_eq!(contract.schema_version(), SCHEMA_VERSION);
    let state = contract.governance();
    assert_eq!((state.administrator, state.delay, state.paused), (ADMIN, TIMES.delay, false));
    let wrong = [
        Times { delay: MIN_DELAY - 1, ..TIMES },
        Times { delay: MAX_DELAY + 1, ..TIMES },
        Times { answer: 0, ..TIMES },
    ];
    for times in wrong {
        let refused = Agreements::new(PARTICIPANTS, CONSENT, times).err();
        assert_eq!(refused, Some(Error::InvalidTimes));
    }
}

#[ink::test]
fn a_pause_stops_proposing_and_accepting_alone() {
    let mut contract = contract();
    in_place();
    set_time(NOW);
    contract.pause().unwrap();
    assert_eq!(last_event::<Paused>(), Paused { by: ADMIN });
    call_as(OWNER);
    assert_eq!(contract.propose(terms(), 0), Err(Error::Paused));
    assert_eq!(contract.accept(7, None), Err(Error::Paused));
    contract.decline(1, None).unwrap();
    let (owner, requester) = (OWNER, HOSPITAL);
    let declined = ProposalDeclined { proposal: 1, owner, requester, reason: None, at: NOW };
    assert_eq!(last_event::<ProposalDeclined>(), declined);
    assert_eq!(contract.request_erasure(OWNER, OWNER), Err(Error::SelfErasure));
    assert_eq!(contract.request_erasure(HOSPITAL, OWNER), Err(Error::SelfErasure));
    call_as(HOSPITAL);
    contract.withdraw(2).unwrap();
    let withdrawn = ProposalWithdrawn { proposal: 2, owner, requester, by: HOSPITAL, at: NOW };
    assert_eq!(last_event::<ProposalWithdrawn>(), withdrawn);
    contract.answer_erasure(1, Some(NOW + 1), EVIDENCE).unwrap();
    let answered = last_event::<ErasureAnswered>();
    assert_eq!((answered.retained_until, answered.evidence), (Some(NOW + 1), EVIDENCE));
    assert_eq!(contract.unpause(), Err(GovernanceError::NotAdministrator));

    call_as(ADMIN);
    contract.unpause().unwrap();
    assert_eq!(last_event::<Unpaused>(), Unpaused { by: ADMIN });
    // Before anybody is asked.
    let own = Terms { owner: HOSPITAL, ..terms() };
    assert_eq!(contract.propose(own, NOW + 1), Err(Error::SelfProposal));
    assert_eq!(contract.accept(7, None), Err(Error::UnknownProposal));
    assert_eq!(contract.withdraw(7), Err(Error::UnknownProposal));
    assert_eq!(contract.answer_erasure(7, None, EVIDENCE), Err(Error::UnknownErasure));
}

#[ink::test]
fn the_office_is_handed_over_after_the_delay() {
    let mut contract = contract();
    set_time(NOW);
    contract.propose_handover(OTHER).unwrap();
    let not_before = NOW + TIMES.delay;
    let proposed =
        HandoverProposed { from: ADMIN, to: OTHER, not_before, until: not_before + GRACE };
    assert_eq!(last_event::<HandoverProposed>(), proposed);
    call_as(OTHER);
    set_time(not_before - 1);
    assert_eq!(contract.accept_handover(), Err(GovernanceError::TooEarly));
    set_time(not_before);
    contract.accept_handover().unwrap();
    let accepted = HandoverAccepted { from: ADMIN, to: OTHER };
    assert_eq!(last_event::<HandoverAccepted>(), accepted);
    assert_eq!(contract.governance().administrator, OTHER);
}
